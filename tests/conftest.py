"""What the tests share: workspaces to break, graphs to ask, the real command line, source texts and a browser."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

import layers
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.build.workers import cores
from coopgraph.claims import passages
from warm import AT_START, WarmCommands

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A suite that is started in the background ignores Ctrl-C, and so would each command that a test sends it to."""

SLOW = {
    "test_benchmarks", "test_changes", "test_difference", "test_docs", "test_mcp", "test_package", "test_page",
    "test_page_views", "test_prompt", "test_publish", "test_push", "test_quality", "test_reading_accept",
    "test_reading_terminal", "test_remote", "test_serve", "test_serve_browser", "test_serve_clients",
    "test_serve_names", "test_serve_pool", "test_store", "test_tls", "test_view", "test_w3c", "test_workers",
}  # fmt: skip
"""Test files that start servers, browsers, builds of packages or many processes: left out by `make test-fast`."""

LONG = ("test_types_hold", "test_remote", "test_push", "test_page", "test_docs", "test_export", "test_questions",
        "test_publish", "test_store", "test_view")  # fmt: skip
"""Tests, and files of tests, that take longest: begun first, so that short ones are left to share at the end."""

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests" / "tiny"

_SETTINGS = """\
title = "Small"
license = "https://creativecommons.org/licenses/by/4.0/"
base = "https://example.org/id/"
sources = "sources"
"""

_TEXT = "Eastport and Westport have worked together since 2014.\nThey hope to trade in tea one day.\n"

_PREFIXES = """\
@prefix claim: <https://example.org/id/claim/> .
@prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix field: <https://w3id.org/coopgraph/id/field/> .
@prefix language: <https://w3id.org/coopgraph/id/language/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix passage: <https://example.org/id/passage/> .
@prefix place: <https://example.org/id/place/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://example.org/id/source/> .
@prefix status: <https://w3id.org/coopgraph/id/status/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_PLACES = """
place:eastport a coop:City ;
    dc:source "Invented for the tests"@en ;
    skos:definition "A port in the east."@en ;
    skos:prefLabel "Eastport"@en, "东港"@zh-Hans, "東港"@zh-Hant .

place:westport a coop:City ;
    dc:source "Invented for the tests"@en ;
    skos:definition "A port in the west."@en ;
    skos:prefLabel "Westport"@en, "西港"@zh-Hans, "西港"@zh-Hant .
"""

_NOTE = """
claim:note-1 a coop:Claim ;
    coop:status status:realised ;
    coop:validFrom "2014-01-01"^^xsd:date ;
    coop:validFromPrecision "year" ;
    prov:wasDerivedFrom passage:note-p1 ;
    rdf:object place:westport ;
    rdf:predicate coop:cooperatesWith ;
    rdf:subject place:eastport .

claim:note-2 a coop:Claim ;
    coop:status status:potential ;
    prov:wasDerivedFrom passage:note-p2 ;
    rdf:object place:westport ;
    rdf:predicate coop:tradesWith ;
    rdf:subject place:eastport .

source:note a coop:Source ;
    coop:issuedPrecision "year" ;
    coop:textFile "note.txt" ;
    coop:textSha256 "{digest}" ;
    dcterms:bibliographicCitation "A note, 2020 (invented for the tests)."@en ;
    dcterms:issued "2020-01-01"^^xsd:date ;
    dcterms:language language:en ;
    dcterms:publisher place:eastport ;
    dcterms:title "A note"@en .
"""

_PASSAGE = """
passage:note-p{number} a coop:Passage ;
    coop:gist "Sentence {number}."@en ;
    coop:paragraph {cut.paragraph} ;
    coop:textSha256 "{cut.sha256}" ;
    oa:end {cut.end} ;
    oa:hasSource source:note ;
    oa:start {cut.start} .
"""


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: a test often waits, for a browser, a server or a clock."""
    return min(cores(), psutil.cpu_count(logical=False) or cores()) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` and `make test-fast` leave out, and put first what takes long."""
    layers.assign(items)
    items.sort(key=lambda item: min(LONG.index(name) if name in LONG else len(LONG) for name in _names(item)))
    for item in items:
        if item.path.stem in SLOW:
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every search for garbage: it stays to the end."""
    gc.collect()
    gc.freeze()


def _names(item: pytest.Item) -> tuple[str, str]:
    return item.name.partition("[")[0], item.path.stem


@pytest.fixture(scope="session", autouse=True)
def _no_child_is_left() -> Iterator[None]:
    """End what a test has started and not ended, and say so: it would go on when the tests are over."""
    yield
    left = [child for child in psutil.Process().children(recursive=True) if child.status() != psutil.STATUS_ZOMBIE]
    names = [" ".join(child.cmdline()) for child in left]
    for child in left:
        child.kill()
    assert not names, f"still running: {names}"


def write_small(root: Path) -> Path:
    """Write the smallest workspace in which all is well: two places, one source with its text, two claims."""
    cuts = [passages.find(_TEXT, words) for words in _TEXT.splitlines()]
    note = _NOTE.replace("{digest}", passages.digest(_TEXT))
    note += "".join(_PASSAGE.format(number=number, cut=piece) for number, piece in enumerate(cuts, 1))
    files = {
        "coopgraph.toml": _SETTINGS,
        "sources/note.txt": _TEXT,
        "graphs/places.ttl": _PREFIXES + _PLACES,
        "graphs/note.ttl": _PREFIXES + note,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def write_tiny(root: Path) -> Path:
    """Copy the workspace with one of everything, without the store that somebody may have built in it."""
    shutil.copytree(TINY, root, ignore=shutil.ignore_patterns(".coopgraph"))
    return root


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the stores of read-only workspaces out of the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def tiny(tmp_path: Path, tiny_space: Path) -> Path:
    """A fresh copy of the workspace with one of everything, with its store."""
    return shutil.copytree(tiny_space, tmp_path / "tiny")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A fresh workspace of two places, one source with its text, and two claims: one realised, one hoped for."""
    return write_small(tmp_path / "small")


@pytest.fixture(scope="session")
def tiny_space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with one of everything, with its store, to be read and not changed."""
    root = write_tiny(tmp_path_factory.mktemp("graph") / "tiny")
    load(root).close()
    return root


@pytest.fixture(scope="session")
def tiny_graph(tiny_space: Path) -> Iterator[CoopGraph]:
    """The graph of the workspace with one of everything, to be read and not changed."""
    with load(tiny_space) as graph:
        yield graph


@pytest.fixture(scope="session")
def small_space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest workspace, with its store, to be read and not changed."""
    root = write_small(tmp_path_factory.mktemp("graph") / "small")
    load(root).close()
    return root


@pytest.fixture
def small_built(tmp_path: Path, small_space: Path) -> Path:
    """A fresh copy of the smallest workspace, with its store."""
    return shutil.copytree(small_space, tmp_path / "small")


@pytest.fixture(scope="session")
def small_graph(small_space: Path) -> Iterator[CoopGraph]:
    """The graph of the smallest workspace, to be read and not changed."""
    with load(small_space) as graph:
        yield graph


@pytest.fixture(scope="session")
def article_graph() -> Iterator[CoopGraph]:
    """The bundled graph, to be read and not changed."""
    with load(ROOT) as graph:
        yield graph


@pytest.fixture(scope="session")
def article_page(article_graph: CoopGraph, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of the first article."""
    path = tmp_path_factory.mktemp("article") / "network.html"
    path.write_bytes(article_graph.view(source="hktdc-2023").html().encode("utf-8"))
    return path.as_uri()


@dataclass(frozen=True)
class Outcome:
    """What a command wrote and how it ended."""

    out: str
    err: str
    code: int

    @property
    def error(self) -> str:
        """The one line that an error is, without the program's name."""
        assert self.code != 0, self
        lines = [line for line in self.err.splitlines() if line.startswith("coopgraph: ")]
        assert lines, self.err
        return lines[-1].removeprefix("coopgraph: ")


Run = Callable[..., Outcome]


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a reader who has set nothing up."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COOPGRAPH_", "LC_", "PYTEST_"))}
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config")}
    return {**kept, **own, **(extra or {})}


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmCommands | None]:
    """The process whose forks are the commands, where the system can fork."""
    commands = WarmCommands() if hasattr(os, "fork") else None
    yield commands
    if commands:
        commands.close()


@pytest.fixture
def run(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, warm: WarmCommands | None) -> Run:
    """Run the real command line: `run("query", "partners", cwd=workspace, env={...}, stdin="...", timeout=30)`."""
    home = tmp_path_factory.mktemp("home")

    def command(
        *arguments: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str | bytes = b"",
        timeout: float = 30,
    ) -> Outcome:
        words, folder, variables = [*map(str, arguments)], cwd or tmp_path, environment(home, env)
        given = stdin.encode() if isinstance(stdin, str) else stdin
        at_start = any(name.startswith(AT_START) for name in env or ())
        if warm and not at_start:
            done = warm.run(words, folder, variables, given, timeout)
        else:
            done = subprocess.run(
                [sys.executable, "-m", "coopgraph", *words],
                cwd=folder, env=variables, input=given, capture_output=True, timeout=timeout, check=False,
            )  # fmt: skip
        outcome = Outcome(done.stdout.decode("utf-8"), done.stderr.decode("utf-8"), done.returncode)
        assert "Traceback" not in outcome.err, outcome.err
        return outcome

    return command


def _needed(what: str) -> None:
    """Skip what a reader's machine may lack, but not where all tests are demanded."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder of source texts, which are not committed."""
    folder = os.environ.get("COOPGRAPH_SOURCES")
    if not folder:
        _needed("COOPGRAPH_SOURCES does not name the folder of source texts")
    return Path(str(folder))


@pytest.fixture(scope="session")
def table_files() -> Path:
    """The folder of real tables, which are not committed."""
    folder = os.environ.get("COOPGRAPH_TABLES")
    if not folder:
        _needed("COOPGRAPH_TABLES does not name the folder of real tables")
    return Path(str(folder))


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The browser that pages are opened in."""
    found = shutil.which("chromium") or shutil.which("/usr/bin/chromium")
    if not found:
        _needed("there is no chromium")
    return str(found)
