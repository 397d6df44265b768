"""Each rule that spans files is seen to catch its example, and finds nothing in a good graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat
from pyoxigraph import Store as Engine

from coopgraph.check import rules
from coopgraph.check.findings import Finding
from coopgraph.check.places import Places
from coopgraph.claims import query_file
from coopgraph.claims.workspace import find
from coopgraph.rdf import vocab
from coopgraph.store.local import Draft, LocalStore

ROOT = Path(__file__).parents[1]
RULES = sorted((ROOT / "queries" / "checks").glob("*.rq"))
EXAMPLES = ROOT / "tests" / "checks"


@pytest.fixture(scope="module")
def ontology() -> bytes:
    engine = Engine()
    for path in find(ROOT).ontology_files():
        engine.load(path=path, format=RdfFormat.TURTLE, to_graph=NamedNode(vocab.ONTOLOGY_GRAPH))
    dumped = engine.dump(format=RdfFormat.N_QUADS)
    assert dumped is not None
    return dumped


def load(example: Path, ontology: bytes) -> LocalStore:
    engine = Engine()
    engine.load(ontology, format=RdfFormat.N_QUADS)
    engine.load(path=example, format=RdfFormat.TRIG)
    return LocalStore(engine, vocab.prefixes(), {})


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_catches_its_example(path: Path, ontology: bytes) -> None:
    """A rule gives exactly one row on its example, which names graph and thing at fault."""
    rule = query_file.read(path)
    (row,) = load(EXAMPLES / f"{rule.name}.trig", ontology).select(rule.sparql)
    assert row["graph"] is not None
    assert row["focus"] is not None


@pytest.mark.sampled(12)
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_finds_the_same_in_one_graph_at_a_time(path: Path, ontology: bytes) -> None:
    """A rule finds in single graphs, beside what others say of the things in them, what it finds in the whole store."""
    space = find(ROOT)
    (rule,) = [each for each in rules.read(space) if each.name == path.stem]
    whole = load(EXAMPLES / f"{rule.name}.trig", ontology)
    places = Places(space)
    found: set[Finding] = set()
    for graph in whole.graphs():
        part = Draft.in_memory(space.prefixes)
        part.load(ontology)
        if rule.relations:
            rules.related(whole, part, rule.relations)
        elif graph != vocab.ONTOLOGY_GRAPH:
            part.load(whole.nquads(graph))
            rules.surround(part, whole, lambda _: True, {})
        found |= rules.run(part, whole, [rule], places, {graph})
    assert found == rules.run(whole, whole, [rule], places, None)
    assert len(found) == 1


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rule_says_what_is_wrong_why_and_how_bad(path: Path) -> None:
    """A rule's header has a summary, a description and a severity."""
    rule = query_file.read(path)
    assert rule.summary
    assert rule.description
    assert rule.header["severity"] in ("violation", "warning")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.trig")), ids=lambda path: path.stem)
def test_example_belongs_to_a_rule(path: Path) -> None:
    """No example is left of a rule that is gone."""
    assert path.stem in {rule.stem for rule in RULES}
