"""Measures of the network are those of NetworkX, whatever the graph, and brokers are those who join regions."""

from __future__ import annotations

import json
from itertools import combinations
from math import isclose
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run
from coopgraph.ask import statistics
from coopgraph.ask.graph import CoopGraph
from coopgraph.claims import selection
from coopgraph.network import measures
from coopgraph.network.network import collapse
from coopgraph.store import extracts

_ends = st.integers(0, 9)
_links = st.lists(st.tuples(_ends, _ends), max_size=25)
_kinds = st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
_regions = st.lists(st.sampled_from(["north", "south", "west", None]), min_size=10, max_size=10)


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph:
    """Draw small graphs of all kinds: empty, of single nodes, in parts, with loops and parallel links."""
    graph = draw(_kinds)()
    graph.add_nodes_from(draw(st.lists(_ends)))
    graph.add_edges_from(draw(_links))
    for node, region in enumerate(draw(_regions)):
        if node in graph and region:
            graph.nodes[node]["region"] = region
    return graph


def plain(graph: nx.Graph) -> nx.Graph:
    """Return a graph with one link for each pair, weighted, and no loops."""
    found = nx.Graph()
    found.add_nodes_from(graph.nodes(data=True))
    for one, other in graph.edges():
        if one != other:
            weight = found.get_edge_data(one, other, {"weight": 0})["weight"]
            found.add_edge(one, other, weight=weight + 1)
    return found


def close(found: dict, wanted: dict) -> bool:
    return found.keys() == wanted.keys() and all(
        isclose(found[node], wanted[node], rel_tol=1e-6, abs_tol=1e-9) for node in wanted
    )


def ranks(graph: nx.Graph) -> dict:
    """Return PageRank by solving its equation, which NetworkX can only do with SciPy."""
    import numpy as np

    nodes, size = list(graph), len(graph)
    weights = nx.to_numpy_array(graph, nodes)
    sums = weights.sum(axis=1)
    steps = np.array(
        [row / total if total else np.full(size, 1 / size) for row, total in zip(weights, sums, strict=True)]
    )
    solved = np.linalg.solve(np.eye(size) - 0.85 * steps.T, np.full(size, 0.15 / size))
    return dict(zip(nodes, solved.tolist(), strict=True))


@given(graphs())
def test_measures_are_those_of_networkx(graph: nx.Graph) -> None:
    """Degree, PageRank, betweenness and components equal NetworkX's own; communities part each component."""
    found, alone = measures.measure(graph), plain(graph)
    assert tuple(found) == measures.NAMES
    assert all(list(each) == list(graph) for each in found.values())
    assert found["degree"] == dict(alone.degree())
    assert found["claims"] == dict(alone.degree(weight="weight"))
    assert close(found["betweenness"], nx.betweenness_centrality(alone))
    if len(graph):
        assert close(found["pagerank"], ranks(alone))
    for one, other in combinations(graph, 2):
        assert (found["component"][one] == found["component"][other]) == nx.has_path(alone, one, other)
        if found["community"][one] == found["community"][other]:
            assert found["component"][one] == found["component"][other]
    for name in ("component", "community"):
        sizes = [list(found[name].values()).count(number + 1) for number in range(len(set(found[name].values())))]
        assert sizes == sorted(sizes, reverse=True)
        assert sum(sizes) == len(graph)


@given(graphs())
def test_brokers_join_pairs_of_other_regions_that_nothing_else_links(graph: nx.Graph) -> None:
    """Brokerage counts the pairs of neighbours in two regions without a link of their own, regions those regions."""
    found, alone = measures.measure(graph), plain(graph)
    where = nx.get_node_attributes(alone, "region")
    for node in alone:
        near = [other for other in alone[node] if other in where]
        pairs = [(one, other) for one, other in combinations(near, 2) if where[one] != where[other]]
        assert found["brokerage"][node] == sum(not alone.has_edge(*pair) for pair in pairs)
        assert found["regions"][node] == len({where[other] for other in near})


@given(graphs())
def test_measures_do_not_depend_on_the_run(graph: nx.Graph) -> None:
    """Measured again, and written, all is the same."""
    nx.set_node_attributes(graph, {node: {"label": f"n{node}", "kind": "City", "kind_iri": "x:City"} for node in graph})
    named = nx.relabel_nodes(graph, {node: f"https://example.org/{node}" for node in graph})
    first, second = measures.measure(named), measures.measure(named)
    assert first == second
    for by in measures.NAMES:
        assert measures.rows(named, first, by) == measures.rows(named, second, by)


@pytest.mark.thorough
def test_betweenness_of_large_graphs_is_estimated_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a part of the nodes, the most central ones of a larger graph are found all the same."""
    graph = nx.barabasi_albert_graph(1_500, 3, seed=7)
    estimated = measures.measure(graph)["betweenness"]
    monkeypatch.setattr(measures, "PIVOTS", 1_500)
    exact = measures.measure(graph)["betweenness"]
    assert estimated != exact
    first, second = (sorted(each, key=each.__getitem__)[-10:] for each in (estimated, exact))
    assert len(set(first) & set(second)) >= 8
    assert isclose(sum(estimated.values()), sum(exact.values()), rel_tol=0.05)


def test_the_network_is_the_collapsed_one_of_the_entities(tiny_graph: CoopGraph) -> None:
    """Nodes and weights are those of the collapsed network, concepts left out, for all statuses and for some."""
    for status in (None, "realised", ["planned", "potential"]):
        graph = measures.network(tiny_graph.store, selection.select(status=status))
        whole = collapse(tiny_graph.to_networkx(status=status))
        whole.remove_nodes_from([node for node, root in whole.nodes(data="root") if root not in extracts.ROOTS])
        whole.remove_nodes_from(list(nx.isolates(whole)))
        assert set(graph) == set(whole)
        assert {frozenset(edge[:2]): edge[2] for edge in graph.edges(data="weight")} == {
            frozenset(edge[:2]): edge[2] for edge in whole.edges(data="weight")
        }
        assert measures.measure(graph)["claims"] == dict(whole.degree(weight="weight"))


def test_every_selection_gives_the_network_of_its_claims(tiny_graph: CoopGraph) -> None:
    """What is selected by group, source or year is measured as what is selected by status."""
    every = tiny_graph.measures()
    assert tiny_graph.measures(since=1, until=9999)["claims"].keys() <= every["claims"].keys()
    assert tiny_graph.measures(source=[claim.sources[0] for claim in tiny_graph.claims()]) == every
    assert tiny_graph.measures(status="realised") == tiny_graph.measures(status=["realised"])
    assert sum(tiny_graph.measures(group="cooperation")["claims"].values()) < sum(every["claims"].values())


def test_regions_are_provinces_or_the_places_themselves(article_graph: CoopGraph) -> None:
    """A city lies in its province, an office where its seat is, a country and a wider region in themselves."""
    graph = measures.network(article_graph.store)
    region = {node.rpartition("/")[2]: where.rpartition("/")[2] for node, where in graph.nodes(data="region") if where}
    assert region["liaoning"] == region["hksar-liaison-office-liaoning"] == "liaoning"
    assert region["hong-kong"] == "hong-kong"
    assert region["northeast-china"] == "northeast-china"
    assert "john-lee" not in region


def test_measures_on_the_command_line(run: Run, small_built: Path) -> None:
    """Rows come in the order asked for, as many as asked for, the network's size beside them; wrong words are told."""
    rows = list(map(json.loads, run("stats", "--measures", "--format", "jsonl", cwd=small_built).out.splitlines()))
    assert [row["label"] for row in rows] == ["Eastport", "Westport"]
    assert list(rows[0]) == list(measures.COLUMNS)
    assert rows[0]["claims"] == 2
    assert rows[0]["class"].endswith("#City")
    told = run(
        "stats",
        "--measures",
        "--status",
        "realised",
        "--top",
        "1",
        "--by",
        "degree",
        "--format",
        "csv",
        cwd=small_built,
    )
    assert len(told.out.splitlines()) == 2
    assert "2 entities, 1 link, 1 component, 1 community (modularity 0.0); 1 shown, --top 0 gives all" in told.err
    assert run("stats", "--measures", "--status", "denied", "--format", "csv", cwd=small_built).out.count("\n") == 1
    for arguments, said in (
        (("--measures", "--by", "pagrank"), "no measure is called 'pagrank'; did you mean pagerank"),
        (("--measures", "--status", "real"), "no status is called 'real'"),
        (("--measures", "--format", "tables"), "'tables'"),
        (("--by", "degree"), "--by, --top, --status and --group go with --measures"),
    ):
        assert said in run("stats", *arguments, cwd=small_built).error


def test_counts_of_a_build_and_of_a_query_have_one_form(tiny_graph: CoopGraph) -> None:
    """A store whose manifest holds the counts gives the same rows as one that has to count."""
    store = tiny_graph.store
    held = {name: value for name, value in store.manifest.items() if name != "counts"}
    asked = list(statistics.counts(_With(store, held)))
    assert asked == list(statistics.counts(_With(store, {**held, "counts": statistics.counted(store)})))
    assert asked == list(statistics.counts(store))


class _With:
    """A store with another manifest."""

    def __init__(self, store: object, manifest: dict) -> None:
        self._store, self.manifest = store, manifest

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)
