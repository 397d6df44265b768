"""A file of a workspace that is spoilt, whatever its kind, ends as findings or as one line, never as a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Run, write_small
from coopgraph.build import batches, build, derive
from coopgraph.build.context import BuildContext
from coopgraph.check import rules, shapes, source_texts
from coopgraph.check.places import Places
from coopgraph.claims import query_file, workspace
from coopgraph.claims.texts import Texts
from coopgraph.claims.workspace import Workspace
from coopgraph.errors import CoopgraphError
from coopgraph.rdf import turtle
from coopgraph.store.claim_columns import gathered
from coopgraph.store.local import Draft
from mutations import mutated

NUMBER = 300
OWN_ONTOLOGY = """\
@prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix field: <https://w3id.org/coopgraph/id/field/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix relation: <https://w3id.org/coopgraph/id/relation/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix x: <https://example.org/ontology#> .

x:Harbour a owl:Class ; rdfs:label "harbour"@en ; rdfs:subClassOf coop:City ; skos:definition "A place with ships."@en .

x:gridLinkTo a owl:ObjectProperty, owl:SymmetricProperty, owl:TransitiveProperty ; rdfs:label "has a grid link to"@en ;
    rdfs:domain coop:Place ; rdfs:range coop:Place ; rdfs:subPropertyOf coop:cooperatesWith ;
    owl:inverseOf x:linkedFrom ; coop:relationGroup relation:cooperation .

field:ships a coop:Field ; skos:broader field:economy ; skos:inScheme <https://w3id.org/coopgraph/id/field> ;
    skos:prefLabel "Ships"@en .
"""


class Bench:
    """The smallest workspace, of which one file at a time is spoilt, with the steps of a check that read that file."""

    def __init__(self, root: Path) -> None:
        self.root = write_small(root)
        self.space = workspace.find(self.root)
        self.nquads = self.root / "note.nq"
        self.read()
        self.whole = self.context.scratch_store(self.nquads)

    @property
    def context(self) -> BuildContext:
        """The workspace as a new build sees it."""
        return BuildContext(self.space, Texts(self.root / "sources"))

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the workspace."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def read(self) -> None:
        """Read and check the graph files by themselves."""
        batches.read(self.context, self.space.graph_files(), self.nquads)

    def check(self) -> None:
        """Check the graphs beside each other."""
        for finding in batches.check_rules(self.context, [self.nquads], self.whole, None):
            assert "\n" not in str(finding)

    def derive(self) -> None:
        """Read the rules that derive, and run them on the graphs."""
        store = self.context.scratch_store(self.nquads)
        batches.derive_batch(self.context, store)
        derive.implied(store, self.context.inferred)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A workspace to spoil."""
    return Bench(tmp_path_factory.mktemp("bench") / "small")


def spoil(step: Callable[[bytes], None], originals: list[bytes], number: int = NUMBER) -> None:
    """Demand that a step takes each spoilt file, or says in one line that it does not."""
    refused = 0
    for seed in range(number):
        try:
            step(mutated(originals[seed % len(originals)], seed))
        except CoopgraphError as error:
            if "\n" in str(error):
                pytest.fail(f"seed {seed}: {error}")
            refused += 1
        except Exception as error:
            raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
    assert 0 < refused < number


@pytest.mark.thorough
def test_spoilt_graph_files(bench: Bench) -> None:
    """Graph files: by themselves, and those that are Turtle beside others."""
    good = (bench.root / "graphs/note.ttl").read_bytes()

    def step(content: bytes) -> None:
        bench.write("graphs/note.ttl", content)
        bench.read()
        if content[-1] % 4 == 0:
            bench.check()

    spoil(step, [good])
    bench.write("graphs/note.ttl", good)


def test_spoilt_ontologies(bench: Bench) -> None:
    """An ontology of the workspace's own."""

    def step(content: bytes) -> None:
        bench.write("ontology/own.ttl", content)
        list(turtle.read(bench.root / "ontology/own.ttl", "ontology/own.ttl"))
        bench.context.scratch_store()
        if content[-1] % 4 == 0:
            bench.check()

    spoil(step, [OWN_ONTOLOGY.encode()])
    (bench.root / "ontology/own.ttl").unlink()


def test_spoilt_shapes(bench: Bench, capfd: pytest.CaptureFixture[str]) -> None:
    """Shapes of the workspace's own: what is no shape is told, and nothing else is written."""
    blocks = (ROOT / "ontology/shapes.ttl").read_text("utf-8").split("\n\n")
    parts = ["\n\n".join([blocks[0], *blocks[at : at + 3]]) for at in range(2, len(blocks), 3)]

    def step(content: bytes) -> None:
        bench.write("ontology/shapes.ttl", content)
        read = shapes.read(bench.space)
        shapes.file(bench.root / "graphs/note.ttl", bench.space, read)

    spoil(step, [part.encode() for part in parts])
    (bench.root / "ontology/shapes.ttl").unlink()
    assert capfd.readouterr() == ("", "")


def test_spoilt_settings(bench: Bench) -> None:
    """Settings: of those that are taken, a server's address too."""
    good = (bench.root / "coopgraph.toml").read_bytes()

    def step(content: bytes) -> None:
        bench.write("coopgraph.toml", content)
        space = workspace.find(bench.root)
        assert all(file.graph for file in space.graph_files())

    spoil(step, [good, good + b'store = "http://127.0.0.1:9/query"\nstore_rows = "10"\n'])
    bench.write("coopgraph.toml", good)


def _run_rules(space: Workspace, store: Draft, name: str) -> None:
    chosen = [rule for rule in rules.read(space) if rule.name == name]
    rules.run(store, store, chosen, Places(space), None)


def test_spoilt_rules(bench: Bench) -> None:
    """Rules of the workspace's own, run on a graph."""
    originals = [path.read_bytes() for path in sorted((ROOT / "queries/checks").glob("*.rq"))]

    def step(content: bytes) -> None:
        bench.write("queries/checks/own.rq", content)
        _run_rules(bench.space, bench.whole, "own")

    spoil(step, originals)
    (bench.root / "queries/checks/own.rq").unlink()


@pytest.mark.thorough
def test_spoilt_derivations(bench: Bench) -> None:
    """Rules of the workspace's own that derive."""
    originals = [path.read_bytes() for path in sorted((ROOT / "queries/derive").glob("*.rq"))]

    def step(content: bytes) -> None:
        bench.write("queries/derive/own.rq", content)
        bench.derive()

    spoil(step, originals)
    (bench.root / "queries/derive/own.rq").unlink()


def test_spoilt_questions(bench: Bench) -> None:
    """Questions of the workspace's own."""
    originals = [path.read_bytes() for path in sorted((ROOT / "queries").glob("*.rq"))]
    path = bench.root / "queries/own.rq"

    def step(content: bytes) -> None:
        bench.write("queries/own.rq", content)
        answer = bench.whole.query(query_file.read(path).sparql)
        for _ in answer if hasattr(answer, "__iter__") else ():
            pass

    spoil(step, originals)
    path.unlink()


def test_spoilt_texts(bench: Bench) -> None:
    """Source texts."""
    good = (bench.root / "sources/note.txt").read_bytes()
    stated = gathered(turtle.read(bench.root / "graphs/note.ttl"))

    def step(content: bytes) -> None:
        bench.write("sources/note.txt", content)
        source_texts.against_texts(stated, Texts(bench.root / "sources"))

    spoil(step, [good])
    bench.write("sources/note.txt", good)


@pytest.mark.parametrize("seed", range(12))
def test_a_whole_build_of_what_is_spoilt(seed: int, tmp_path: Path) -> None:
    """A build of a workspace with a spoilt file of some kind is refused in one line or tells its findings."""
    root = write_small(tmp_path / "small")
    name = ("graphs/note.ttl", "graphs/places.ttl", "coopgraph.toml", "sources/note.txt")[seed % 4]
    (root / name).write_bytes(mutated((root / name).read_bytes(), seed))
    try:
        report = build.build(workspace.find(root))
    except CoopgraphError:
        return
    assert report.saved == (not report.violations)


def test_terms_that_are_nested_deep_end_no_process(small: Path, run: Run) -> None:
    """Triple terms in triple terms, a hundred thousand deep, are refused in one line by whatever reads the file."""
    nested = f"@prefix : <http://x/> .\n:a :p {'<<( :a :p ' * 100_000}:b{' )>>' * 100_000} .\n"
    (small / "graphs/nested.ttl").write_text(nested, "utf-8")
    for command in ("check", "format"):
        outcome = run(command, cwd=small)
        assert (outcome.code, "graphs/nested.ttl: has triple terms of RDF 1.2" in outcome.error) == (3, True)


def test_the_same_seed_spoils_alike() -> None:
    """Another process spoils a file in the same places, so that a seed can be tried again."""
    script = "from mutations import mutated; print([mutated(b'a b <c> d 1', seed) for seed in range(50)])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT / "tests", capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode().strip() == str([mutated(b"a b <c> d 1", seed) for seed in range(50)])
