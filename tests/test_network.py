"""NetworkX: an edge a claim, counts as SPARQL has them, and a collapsed view of one edge a pair."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest

from coopgraph import collapse, to_networkx
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.store.extracts import ROOTS

LINKS = (
    "SELECT ?claim ?s ?o { ?claim a coop:Claim ; rdf:subject ?s ; rdf:object ?o ; coop:status ?status ;"
    " rdf:predicate/coop:relationGroup ?group . FILTER(isIRI(?o)) "
)
SELECTIONS = [
    ({}, ""),
    ({"status": "realised"}, "FILTER(?status = status:realised)"),
    ({"status": ["planned", "potential"]}, "FILTER(?status IN (status:planned, status:potential))"),
    ({"group": "cooperation"}, "FILTER(?group = relation:cooperation)"),
    ({"source": "bulletin-2021"}, "FILTER EXISTS { ?claim prov:wasDerivedFrom/oa:hasSource source:bulletin-2021 }"),
    ({"group": "event", "status": "realised"}, "FILTER(?group = relation:event && ?status = status:realised)"),
]


@pytest.mark.parametrize(("selection", "pattern"), SELECTIONS)
def test_edges_are_the_claims_that_sparql_finds(tiny_graph: CoopGraph, selection: dict[str, str], pattern: str) -> None:
    """The keys of the edges are the IRIs of the claims between things, from subject to object."""
    graph = tiny_graph.to_networkx(**selection)
    rows = tiny_graph.query(f"{LINKS} {pattern} }}").to_dicts()
    assert {(s, o, key) for s, o, key in graph.edges(keys=True)} == {(row["s"], row["o"], row["claim"]) for row in rows}
    assert graph.number_of_edges() == len(rows) > 0
    assert graph.number_of_nodes() == len({row[end] for row in rows for end in ("s", "o")})
    assert nx.utils.graphs_equal(to_networkx(tiny_graph, **selection), graph)


def test_an_edge_carries_its_evidence(tiny_graph: CoopGraph) -> None:
    """An edge has predicate, label, group, status, fields, years, sources, passages, paragraphs and gist."""
    graph = tiny_graph.to_networkx()
    base = "https://example.org/id/"
    edge = graph.edges[f"{base}place/northport", f"{base}place/coast-province", f"{base}claim/gazette-2020-001"]
    assert edge["predicate"].endswith("#cooperatesWith")
    assert edge["label"] == "cooperates with"
    assert (edge["group"], edge["status"]) == ("cooperation", "realised")
    assert edge["fields"] == ("Talent", "Trade")
    assert (edge["valid_from"], edge["first_year"]) == ("2014-01-01", 2014)
    assert "valid_to" not in edge
    assert edge["sources"] == (f"{base}source/gazette-2020",)
    assert edge["passages"] == (f"{base}passage/gazette-2020-p01-1",)
    assert edge["paragraphs"] == (1,)
    assert edge["gist"]
    node = graph.nodes[f"{base}place/northport"]
    assert (node["label"], node["root"]) == ("Northport", "Place")


def test_collapse_counts_claims_sources_and_years(tiny_graph: CoopGraph) -> None:
    """Each pair is one edge whose counts are SPARQL's over both directions."""
    collapsed = collapse(tiny_graph.to_networkx())
    query = (
        "SELECT ?a ?b (COUNT(DISTINCT ?claim) AS ?claims) (COUNT(DISTINCT ?source) AS ?sources) "
        "(MIN(YEAR(?from)) AS ?first) { ?claim a coop:Claim ; rdf:subject ?s ; rdf:object ?o ; "
        "prov:wasDerivedFrom/oa:hasSource ?source . OPTIONAL { ?claim coop:validFrom ?from } FILTER(isIRI(?o)) "
        "BIND(IF(STR(?s) <= STR(?o), ?s, ?o) AS ?a) BIND(IF(STR(?s) <= STR(?o), ?o, ?s) AS ?b) } GROUP BY ?a ?b"
    )
    rows = tiny_graph.query(query).to_dicts()
    assert collapsed.number_of_edges() == len(rows)
    for row in rows:
        edge = collapsed.edges[row["a"], row["b"]]
        assert (edge["n_claims"], edge["n_sources"]) == (row["claims"], row["sources"])
        assert edge["weight"] == edge["n_claims"]
        if row["first"] is not None:
            first = int(row["first"])  # a decade or century begins up to a hundred years before its date
            assert first - 100 < edge["first_year"] <= first
    counted = [edge["n_claims"] for *_, edge in collapsed.edges(data=True)]
    assert sum(counted) == tiny_graph.to_networkx().number_of_edges()


def test_sources_that_repeat_one_another_count_once(tiny: Path) -> None:
    """Of two sources that say the same, one of which repeats the other, the network counts one independent voice."""
    path = next(tiny.glob("graphs/bulletin-2021.ttl"))
    said = '    prov:hadPrimarySource source:gazette-2020 ;\n    dcterms:title "Harbour Bulletin"'
    path.write_text(path.read_text("utf-8").replace('    dcterms:title "Harbour Bulletin"', said), "utf-8")
    ends = ("https://example.org/id/place/coast-province", "https://example.org/id/place/northport")
    with load(tiny) as graph:
        edge = collapse(graph.to_networkx()).edges[ends]
    assert (edge["n_sources"], edge["n_independent"]) == (3, 2)


def test_collapse_can_keep_directions(tiny_graph: CoopGraph) -> None:
    """Directed, each pair has an edge for each direction that claims have."""
    graph = tiny_graph.to_networkx()
    collapsed = collapse(graph, directed=True)
    assert isinstance(collapsed, nx.DiGraph)
    assert set(collapsed.edges()) == set(graph.edges())
    assert set(collapsed.nodes()) == set(graph.nodes())


def test_a_selection_that_finds_nothing_gives_an_empty_network(tiny_graph: CoopGraph) -> None:
    """No claims are no edges and no nodes, collapsed or not."""
    graph = tiny_graph.to_networkx(status="denied", group="event")
    assert (len(graph), graph.number_of_edges()) == (0, 0)
    assert len(collapse(graph)) == 0


def test_the_network_is_the_same_every_time(tiny_graph: CoopGraph) -> None:
    """Nodes and edges come in one order."""
    one, two = tiny_graph.to_networkx(), tiny_graph.to_networkx()
    assert list(one.nodes(data=True)) == list(two.nodes(data=True))
    assert list(one.edges(keys=True, data=True)) == list(two.edges(keys=True, data=True))
    assert list(collapse(one).edges(data=True)) == list(collapse(two).edges(data=True))


def test_paths_are_the_shortest_first_and_rest_on_claims(tiny_graph: CoopGraph) -> None:
    """A path goes from the one to the other by claims, each step joining its two ends; shorter ones come first."""
    found = tiny_graph.paths("Ada Lin", "hill-province", most=4)
    assert 0 < len(found) <= 4
    assert [len(steps) for steps in found] == sorted(len(steps) for steps in found)
    for steps in found:
        assert steps[0][0].endswith("ada-lin")
        assert steps[-1][1].endswith("hill-province")
        for (_, goal, _), (start, _, _) in pairwise(steps):
            assert goal == start
        for start, goal, claims in steps:
            assert claims
            assert all({claim.subject, claim.object} == {start, goal} for claim in claims)


def test_the_length_of_a_shortest_path_is_that_of_networkx(tiny_graph: CoopGraph) -> None:
    """The first path is as short as any in the network without concepts."""
    graph = tiny_graph.to_networkx()
    things = [iri for iri, data in graph.nodes(data=True) if data["root"] in ROOTS]
    plain = nx.Graph(graph.subgraph(things).to_undirected())
    base = "https://example.org/id/"
    for start, goal in (("place/northport", "place/westland"), ("person/bo-chen", "place/south-bay")):
        (steps,) = tiny_graph.paths(base + start, base + goal, most=1)
        assert len(steps) == nx.shortest_path_length(plain, base + start, base + goal)
