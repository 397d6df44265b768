"""What differs between two graphs is told claim by claim, and as a patch that makes one of the other."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from conftest import Run, write_small
from coopgraph.ask import difference, states
from coopgraph.cli import difference as difference_command
from coopgraph.export import export
from coopgraph.rdf.vocab import local_name
from coopgraph.site import difference_page

Edit = Callable[[str], str]


def edited(text: str) -> Edit:
    """Return what replaces `a => b` in a text."""
    before, _, after = text.partition(" => ")
    return lambda content: content.replace(before, after)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest workspace, built."""
    root = write_small(tmp_path_factory.mktemp("before") / "small")
    states.opened(str(root)).close()
    return root


@pytest.fixture
def pair(before: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The smallest workspace, twice."""
    return before, Path(shutil.copytree(before, tmp_path / "after"))


def change(root: Path, *edits: str) -> None:
    """Change the graph file of a workspace."""
    path = root / "graphs" / "note.ttl"
    text = path.read_text("utf-8")
    for each in edits:
        assert each.partition(" => ")[0] in text
        text = edited(each)(text)
    path.write_text(text, "utf-8")


Row = tuple[str, str, str, str, str]


def rows(before: Path, after: Path) -> list[Row]:
    """Return what differs, without the ends of the claims."""
    with states.opened(str(before)) as old, states.opened(str(after)) as new:
        found = difference.differences(old, new)
    return [(each.change, local_name(each.claim.iri), each.what, each.before, each.after) for each in found]


def test_the_same_graph_does_not_differ(run: Run, pair: tuple[Path, Path]) -> None:
    """Two copies of a workspace differ in no claim, and their patch is empty."""
    done = run("diff", *pair, "--format", "csv")
    assert (done.out.count("\n"), done.err) == (1, "coopgraph: no claim differs\n")
    patch = run("diff", *pair, "--format", "patch").out.splitlines()
    assert [line.split()[0] for line in patch] == ["H", "TX", "TC"]


CASES = [
    (["coop:status status:potential => coop:status status:planned"], [
        ("changed", "note-2", "status", "potential", "planned")]),
    (["claim:note-2 a => claim:note-3 a"], [("renamed", "note-3", "claim", "note-2", "note-3")]),
    (["claim:note-2 a => claim:note-3 a", "status:potential => status:planned"], [
        ("gone", "note-2", "status", "potential", ""), ("new", "note-3", "status", "", "planned")]),
    (['"2014-01-01" => "2015-01-01"'], [("changed", "note-1", "since", "2014", "2015")]),
    (["prov:wasDerivedFrom passage:note-p2 => prov:wasDerivedFrom passage:note-p1"], [
        ("changed", "note-2", "passage", "note paragraph 2", "note paragraph 1"),
        ("changed", "note-2", "gist", "Sentence 2.", "Sentence 1.")]),
    (["Sentence 1. => Another gist."], [("changed", "note-1", "gist", "Sentence 1.", "Another gist.")]),
    (["coop:tradesWith => coop:cooperatesWith"], [
        ("changed", "note-2", "relation", "ontology#tradesWith", "ontology#cooperatesWith")]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "wanted"), CASES)
def test_each_change_of_a_claim_is_told(pair: tuple[Path, Path], edits: list[str], wanted: list[Row]) -> None:
    """A claim that is new, gone, renamed or changed has a row for all that differs, with what was and what is."""
    change(pair[1], *edits)
    found = rows(*pair)
    assert [each[:3] for each in found] == [each[:3] for each in wanted]
    for (*_, before, after), (*_, was, now) in zip(found, wanted, strict=True):
        assert was in before
        assert now in after


def test_the_command_writes_rows_and_a_patch(run: Run, pair: tuple[Path, Path]) -> None:
    """Rows come in the forms that rows have, their number is told, and a patch has what was and what is."""
    change(pair[1], "status:potential => status:planned")
    done = run("diff", *pair, "--format", "csv")
    assert done.out.splitlines()[1].endswith(",status,potential,planned")
    assert done.err == "coopgraph: claims: 0 new, 0 gone, 0 renamed, 1 changed\n"
    patch = run("diff", *pair, "--format", "patch").out.splitlines()
    assert [line[0] for line in patch if "ontology#status" in line] == ["D", "A"]


def test_a_patch_makes_one_graph_of_the_other(pair: tuple[Path, Path]) -> None:
    """What the patch deletes stands in the first export alone, what it adds in the second, and nothing else differs."""
    change(
        pair[1], "status:potential => status:planned", "claim:note-2 => claim:note-5", '"2014-01-01" => "2013-01-01"'
    )
    with states.opened(str(pair[0])) as old, states.opened(str(pair[1])) as new:
        dumps = [set(export.text(store, "nquads").splitlines()) for store in (old, new)]
        patches = []
        for _ in range(2):
            out = StringIO()
            difference.write_patch(old, new, out)
            patches.append(out.getvalue().splitlines())
    patch = patches[0]
    assert patch == patches[1]
    assert patch[0].startswith("H id <urn:uuid:")
    deleted = {line[2:] for line in patch if line.startswith("D ")}
    added = {line[2:] for line in patch if line.startswith("A ")}
    assert (deleted <= dumps[0], added <= dumps[1], bool(deleted), bool(added)) == (True, True, True, True)
    counted = {line for each in dumps for line in each if "/dataset" in line.partition(" ")[0]}
    assert (dumps[0] - deleted) | added | counted == dumps[1] | counted


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with dumps of the smallest workspace in all forms."""
    folder = tmp_path_factory.mktemp("dumps")
    from coopgraph.ask.graph import load

    with load(write_small(folder / "small")) as graph:
        for ending, name in (("nq", "nquads"), ("trig", "trig"), ("nt", "ntriples"), ("ttl", "turtle"),
                             ("jsonld", "jsonld"), ("rdf", "rdfxml")):  # fmt: skip
            (folder / f"dump.{ending}").write_text(graph.export(name), "utf-8")
    return folder


@pytest.mark.parametrize("ending", ["nq", "trig", "nt", "ttl", "jsonld", "rdf"])
def test_a_dump_is_compared_like_a_workspace(dumps: Path, ending: str) -> None:
    """A dump in any form has the claims of the workspace that it is from, and in an RDF form the same triples."""
    with states.opened(str(dumps / "small")) as here, states.opened(str(dumps / f"dump.{ending}")) as there:
        assert difference.differences(here, there) == []
        out = StringIO()
        difference.write_patch(here, there, out)
        assert [line.split()[0] for line in out.getvalue().splitlines()] == ["H", "TX", "TC"]


def test_a_packed_dump_is_compared_and_one_without_claims_is_told(dumps: Path, run: Run, tmp_path: Path) -> None:
    """What a site has for download is compared as it is; of other RDF it is said that no claims are in it."""
    packed = tmp_path / "graph.trig.gz"
    packed.write_bytes(gzip.compress((dumps / "dump.trig").read_bytes()))
    same = run("diff", packed, dumps / "small")
    assert (same.code, same.err) == (0, "coopgraph: no claim differs\n")
    other = tmp_path / "other.nt"
    other.write_text("<http://x/a> <http://x/b> <http://x/c> .\n", "utf-8")
    told = run("diff", other, packed, "--format", "csv")
    assert told.err.splitlines()[0] == f"coopgraph: {other}: has no claims"
    assert "2 new" in told.err


def test_a_generation_of_the_store_is_compared(pair: tuple[Path, Path]) -> None:
    """What a store was is compared with what the graph files say now."""
    (generation,) = [path for path in (pair[0] / ".coopgraph").iterdir() if path.is_dir()]
    change(pair[1], "status:potential => status:denied")
    assert rows(generation, pair[1]) == [("changed", "note-2", "status", "potential", "denied")]


def test_what_cannot_be_compared_is_told_in_one_line(run: Run, small: Path, tmp_path: Path) -> None:
    """Names of nothing, files that are no RDF, damaged generations and unknown formats: one line, and the exit code."""
    (tmp_path / "bad.ttl").write_text("no turtle", "utf-8")
    (tmp_path / "cut.nq.gz").write_bytes(gzip.compress(b"# nothing\n" * 1000)[:-12])
    (tmp_path / "other.nq.gz").write_text("# nothing\n", "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "half" / "db").mkdir(parents=True)
    (tmp_path / "half" / "manifest.json").write_text("{}", "utf-8")
    cases: list[tuple[list[str | Path], int, str]] = [
        (["nowhere", small], 2, "nowhere: is not there"),
        (["cut.nq.gz", small], 3, "cut.nq.gz: cannot be read as RDF"),
        (["other.nq.gz", small], 3, "other.nq.gz: cannot be read as RDF (Not a gzipped file"),
        (["empty", small], 2, "empty: is no workspace"),
        (["bad.ttl", small], 3, "bad.ttl: cannot be read as RDF"),
        (["half", small], 3, "half: this generation cannot be read"),
        ([small], 2, "Missing argument 'B'"),
        ([small, small, "--format", "docx"], 2, "no format is called 'docx'"),
        ([small, small, "--format", "patch", "--safe-cells"], 2, "leave out --safe-cells"),
        ([small, small, "--format", "html", "--safe-cells"], 2, "leave out --safe-cells"),
        ([small, small, "--format", "csv", "--language", "en"], 2, "leave out --language"),
        ([small, small, "--format", "html", "--language", "de"], 2, "no language is called 'de'"),
        ([small, small, "--store", "http://localhost:1/"], 2, "diff works on the files"),
        (["http://127.0.0.1:9/", small], 3, "127.0.0.1:9"),
    ]
    for arguments, code, line in cases:
        done = run("diff", *arguments, cwd=tmp_path)
        assert (done.code, line in done.error) == (code, True), done


def test_a_base_that_ends_in_a_number_sign_is_exported_and_compared(tmp_path: Path) -> None:
    """Identifiers may be fragments of one address: what is exported of them is read again as the same claims."""
    root = write_small(tmp_path / "fragments")
    for path in (root / "coopgraph.toml", *(root / "graphs").iterdir()):
        path.write_text(path.read_text("utf-8").replace("https://example.org/id/", "https://example.org/id#"), "utf-8")
    with states.opened(str(root)) as store:
        (tmp_path / "dump.nq").write_text(export.text(store, "nquads"), "utf-8")
        with states.opened(str(tmp_path / "dump.nq")) as dump:
            assert difference.differences(store, dump) == []


HOSTILE = "</style></b><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }}"


@pytest.fixture(scope="module")
def changed(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest workspace with a claim of each kind of change, and names that try to be markup."""
    root = Path(shutil.copytree(before, tmp_path_factory.mktemp("changed") / "small"))
    path = root / "graphs" / "note.ttl"
    text = path.read_text("utf-8")
    claims = text.split("\n\n")
    (first,) = [block for block in claims if block.startswith("claim:note-1 ")]
    (second,) = [block for block in claims if block.startswith("claim:note-2 ")]
    planned = edited("status:potential => status:planned")(second)
    more = edited("claim:note-1 => claim:note-7")(first)
    path.write_text(f"{text.replace(second, planned)}\n{more}\n", "utf-8")
    places = root / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8").replace('Eastport"@en', f'{HOSTILE}"@en'), "utf-8")
    return root


def test_a_page_tells_claims_in_sentences(run: Run, before: Path, changed: Path, tmp_path: Path) -> None:
    """The page has a claim of each kind in its part, with sentence, gist and IRI; names are no markup in it."""
    done = run("diff", before, changed, "--format", "html", "-o", tmp_path / "page.html")
    assert (done.code, done.err) == (0, "coopgraph: claims: 1 new, 0 gone, 0 renamed, 1 changed\n")
    page = (tmp_path / "page.html").read_text("utf-8")
    new, status = (re.search(f'aria-labelledby="{key}">.*?</section>', page, re.DOTALL) for key in ("new", "status"))
    assert new
    assert status
    assert "https://example.org/id/claim/note-7</code>" in new[0]
    assert "Sentence 1. <cite>" in new[0]
    assert "<del><b class=hoped>Potential</b></del> → <ins><b class=hoped>Planned</b></ins>" in status[0]
    assert 'aria-labelledby="gone"' not in page
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert not re.search(r'(?:src=|url\()"?https?:', page)
    assert page == run("diff", before, changed, "--format", "html").out


def test_a_page_says_that_nothing_differs_in_the_readers_language(run: Run, before: Path) -> None:
    """Where nothing differs the page says so, in three languages."""
    for language, words in (
        ("en", "No claim differs."),
        ("zh-Hans", "没有任何陈述不同。"),
        ("zh-Hant", "沒有任何陳述不同。"),
    ):
        done = run("diff", before, before, "--format", "html", "--language", language)
        assert f'<html lang="{language}">' in done.out
        assert f'<p role="status">{words}</p>' in done.out
        assert done.err == "coopgraph: no claim differs\n"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("edits", "wanted"), CASES)
def test_the_page_has_a_turn_for_each_change(pair: tuple[Path, Path], edits: list[str], wanted: list[Row]) -> None:
    """All that rows tell of a changed claim stands on the page, and each claim stands there once."""
    change(pair[1], *edits)
    with states.opened(str(pair[0])) as old, states.opened(str(pair[1])) as new:
        page = difference_page.page(difference.compare(old, new), ("A", "B"), "en")
    assert page.count("<dt>") == sum(each[0] in ("changed", "renamed") for each in wanted)
    for name in {each[1] for each in wanted}:
        assert page.count(f"claim/{name}</code>") == 1


def test_a_password_in_an_address_stays_out_of_the_page() -> None:
    """A page calls a graph by its folder, its file, or its address without user and query."""
    called = difference_command._called
    assert called("https://me:secret@links.example.org/sparql?key=secret") == "https://links.example.org/sparql"
    assert called("graphs/private/dump.nq") == "dump.nq"


def test_a_page_is_read_on_a_phone_by_day_and_night(
    run: Run, browser_path: str, before: Path, changed: Path, tmp_path: Path
) -> None:
    """At 320 px nothing scrolls sideways, axe finds nothing, nothing is asked for, and the style inside is taken."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    run("diff", before, changed, "--format", "html", "-o", tmp_path / "page.html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        for scheme in ("light", "dark"):
            context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("console", lambda message, asked=asked: asked.append(message.text))
            page.goto((tmp_path / "page.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= 320
            assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
            assert len([each for each in asked if not each.startswith("data:")]) == 1, asked
            options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}
            assert Axe().run(page, options=options).response["violations"] == []
        browser.close()
