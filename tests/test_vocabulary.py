"""The page of names is true: each column, attribute and property in its table is there."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from coopgraph.ask.graph import CoopGraph
from coopgraph.claims.model import Claim, Passage, Quantity
from coopgraph.network.network import collapse, to_networkx
from coopgraph.rdf.terms import expand

ROOT = Path(__file__).parents[1]
ROWS = re.findall(r"(?m)^\| (`.*?) \| (`.*?) \| (`.*?) \|", (ROOT / "docs" / "vocabulary.md").read_text("utf-8"))


def names(cell: str) -> list[str]:
    return re.findall(r"`(.*?)`", cell)


def test_columns_are_those_of_questions(tiny_graph: CoopGraph) -> None:
    """Each column that the page names stands in the answer of some question."""
    lines = [path.read_text("utf-8").partition("\n")[0] for path in (ROOT / "tests" / "answers").glob("*.csv")]
    columns = {name for line in lines for name in line.split(",")}
    assert len(ROWS) > 10
    assert {name for row in ROWS for name in names(row[0])} <= columns
    for alike in ("hopedFor", "relayedBy", "statedAt", "statedBy"):
        assert alike not in columns


def test_attributes_are_those_of_claims_and_edges(tiny_graph: CoopGraph) -> None:
    """Each name in Python is one of a claim, a figure or a passage, or of an edge of the network."""
    attributes = {field.name for kind in (Claim, Quantity, Passage) for field in fields(kind)}
    network = to_networkx(tiny_graph.extract())
    edges = {name for each in (network, collapse(network)) for *_, data in each.edges(data=True) for name in data}
    assert {name for row in ROWS for name in names(row[1])} <= attributes | edges


def test_properties_are_those_of_the_graph(tiny_graph: CoopGraph, article_graph: CoopGraph) -> None:
    """Each property that the page names has values in a graph with one of everything, or in the bundled one."""
    for name in (name for row in ROWS for name in names(row[2])):
        iri = expand(name, article_graph.store.prefixes)
        assert iri is not None
        assert any(next(graph.store.quads(predicate=iri), None) for graph in (tiny_graph, article_graph)), name
