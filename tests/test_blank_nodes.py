"""Blank nodes get the same names in all writings of a graph, or are told to be too alike, both in bounded time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset

from conftest import Run, write_small
from coopgraph.ask.graph import load
from coopgraph.build import full
from coopgraph.rdf import blank_nodes
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Quad

LINK = NamedNode("http://x/knows")
Edge = tuple[object, object]


def graph(edges: Iterable[Edge], random: Random) -> list[Quad]:
    """Return links between blank nodes whose names and order are random."""
    listed = list(edges)
    nodes = sorted({end for edge in listed for end in edge}, key=repr)
    names = random.sample(range(10 * len(nodes)), len(nodes))
    node = {each: BlankNode(f"b{name}") for each, name in zip(nodes, names, strict=True)}
    quads = [Quad(node[start], LINK, node[end]) for start, end in listed]
    random.shuffle(quads)
    return quads


def both_ways(edges: Iterable[Edge]) -> list[Edge]:
    return [pair for start, end in edges for pair in ((start, end), (end, start))]


def grid(size: int, *, closed: bool) -> list[Edge]:
    cells = [(x, y) for x in range(size) for y in range(size)]
    steps = [((x, y), (x + 1, y)) for x, y in cells] + [((x, y), (x, y + 1)) for x, y in cells]
    if closed:
        return both_ways((start, (end[0] % size, end[1] % size)) for start, end in steps)
    return both_ways((start, end) for start, end in steps if max(end) < size)


def paley(size: int) -> list[Edge]:
    """Return a strongly regular graph in which all nodes look the same."""
    squares = {number * number % size for number in range(1, size)}
    return [(one, two) for one in range(size) for two in range(size) if (one - two) % size in squares]


SMALL = {
    "clique": both_ways(combinations(range(10), 2)),
    "ring": both_ways((place, (place + 1) % 40) for place in range(40)),
    "ring of rings": both_ways(
        edge
        for ring in range(5)
        for edge in [*(((ring, at), (ring, (at + 1) % 5)) for at in range(5)), ((ring, 0), ((ring + 1) % 5, 0))]
    ),
    "grid": grid(8, closed=False),
    "torus": grid(5, closed=True),
    "strongly regular": paley(29),
    "star": [("middle", place) for place in range(20)],
    "list": [(place, place + 1) for place in range(300)],
    "many pairs": [((place, 0), (place, 1)) for place in range(3_000)],
    "many cliques": [
        ((clique, one), (clique, two)) for clique in range(30) for one, two in both_ways(combinations(range(6), 2))
    ],
}
LARGE = {
    "clique": both_ways(combinations(range(60), 2)),
    "ring": both_ways((place, (place + 1) % 400) for place in range(400)),
    "grid": grid(35, closed=False),
    "torus": grid(20, closed=True),
    "strongly regular": paley(101),
    "star": [("middle", place) for place in range(1_500)],
    "tree": [(place // 2, place) for place in range(2, 2_000)],
    "many cliques": [
        ((clique, one), (clique, two)) for clique in range(400) for one, two in both_ways(combinations(range(12), 2))
    ],
}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("edges", SMALL.values(), ids=SMALL)
def test_all_writings_of_a_graph_get_the_same_names(edges: list[Edge]) -> None:
    """However its blank nodes are called and its statements ordered, a graph comes out the same."""
    one, two = (blank_nodes.named(graph(edges, Random(seed))) for seed in (1, 2))
    assert len(set(one)) == len(set(edges))
    assert set(one) == set(two)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("edges", LARGE.values(), ids=LARGE)
def test_what_takes_too_long_is_refused(edges: list[Edge], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes that cannot be told apart within the bound are refused."""
    monkeypatch.setattr(blank_nodes, "_STEPS", 300_000)
    assert blank_nodes.are_too_alike(graph(edges, Random(1)))


_terms = st.one_of(
    st.integers(0, 4).map(lambda n: BlankNode(f"n{n}")), st.sampled_from([NamedNode("x:a"), NamedNode("x:b")])
)
_quads = st.builds(
    Quad,
    _terms,
    st.sampled_from([LINK, NamedNode("x:q")]),
    st.one_of(_terms, st.sampled_from([Literal("1"), Literal("_")])),
)


@given(st.lists(_quads, max_size=10), st.permutations(range(5)), st.randoms())
def test_names_depend_on_the_data_alone(quads: list[Quad], order: list[int], random: Random) -> None:
    """Two writings get the same names, and the graph stays the graph, as RDFC-1.0 tells."""
    other = {BlankNode(f"n{number}"): BlankNode(f"m{place}") for number, place in enumerate(order)}
    renamed = [Quad(*(other.get(term, term) for term in quad)) for quad in quads]  # type: ignore[call-overload, arg-type]
    random.shuffle(renamed)
    named = blank_nodes.named(quads)
    assert set(named) == set(blank_nodes.named(renamed))
    assert canonical(named) == canonical(quads)


def canonical(quads: Iterable[Quad]) -> Dataset:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def test_a_graph_that_is_loaded_in_pieces_keeps_its_blank_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little is loaded at a time, a blank node that is named in two places stays one."""
    root = write_small(tmp_path / "w")
    place = "<https://example.org/id/place/eastport>"
    links = [f"_:b{number} <http://x/next> _:b{number + 1} ." for number in range(30)]
    with (root / "graphs" / "places.ttl").open("a") as file:
        file.write(f"{place} <http://x/first> _:b0 .\n" + "\n".join(links))
    monkeypatch.setattr(full, "_LOADED", 400)
    with load(root) as graph:
        (row,) = graph.query("SELECT (COUNT(*) AS ?n) { ?s <http://x/first>/<http://x/next>+ ?o }").rows
    assert row[0].value == "30"  # type: ignore[union-attr]


def test_every_command_refuses_them_with_their_place(tmp_path: Path, run: Run) -> None:
    """`format` and `build` tell the file, line and column of the first blank node, and what to do."""
    root = write_small(tmp_path / "w")
    path = root / "graphs" / "alike.ttl"
    lines = "".join(f"_:b{start} <http://x/knows> _:b{end} .\n" for start, end in LARGE["clique"])
    path.write_text(f"# (these) know each other\n{lines}")
    for command in (("format", str(path)), ("build",)):
        done = run("-w", str(root), *command)
        assert done.code == 3
        assert re.search(
            r"alike\.ttl:2:1: has blank nodes that are too alike to be told apart; give them IRIs", done.error
        )
