"""Claims out of the store: each with all that it mentions, and chosen as SPARQL would choose them."""

from __future__ import annotations

import gc

import pytest

from coopgraph.ask import statistics
from coopgraph.ask.graph import CoopGraph
from coopgraph.claims.model import Claim, Quantity
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import STATUSES
from coopgraph.store import bulk_read, extracts

TYPES = "VALUES ?type { coop:Claim coop:Observation } ?claim a ?type . "


def sparql(graph: CoopGraph, pattern: str) -> set[str]:
    """Return the claims that a pattern finds."""
    return {str(row["claim"]) for row in graph.query(f"SELECT DISTINCT ?claim {{ {TYPES} {pattern} }}")}


def chosen(graph: CoopGraph, **selection: object) -> set[str]:
    """Return the claims of a selection."""
    return {claim.iri for claim in graph.claims(**selection)}


def test_all_claims_are_there_in_order(tiny_graph: CoopGraph) -> None:
    """Without a choice all claims come, observations too, sorted by IRI."""
    claims = tiny_graph.claims()
    assert {claim.iri for claim in claims} == sparql(tiny_graph, "")
    assert [claim.iri for claim in claims] == sorted(claim.iri for claim in claims)


@pytest.mark.parametrize("status", STATUSES)
def test_status_chooses_as_sparql_does(tiny_graph: CoopGraph, status: str) -> None:
    """The claims of a status are those that SPARQL finds, and there are some of each."""
    found = chosen(tiny_graph, status=status)
    assert found == sparql(tiny_graph, f"?claim coop:status status:{status}")
    assert found


def test_group_source_and_field_choose_as_sparql_does(tiny_graph: CoopGraph) -> None:
    """Relation group, source and field, by any of their names, choose the claims that SPARQL finds."""
    group = "?claim rdf:predicate/coop:relationGroup relation:cooperation"
    source = "?claim prov:wasDerivedFrom/oa:hasSource source:gazette-2020"
    assert chosen(tiny_graph, group="Cooperation") == sparql(tiny_graph, group) != set()
    assert chosen(tiny_graph, source="gazette-2020") == sparql(tiny_graph, source) != set()
    assert chosen(tiny_graph, field="贸易") == sparql(tiny_graph, "?claim coop:field field:trade") != set()
    both = {"group": ["cooperation", "event"], "status": ("realised", "planned"), "source": "gazette-2020"}
    pattern = (
        f"{source} . VALUES ?group {{ relation:cooperation relation:event }} "
        "?claim rdf:predicate/coop:relationGroup ?group . "
        "VALUES ?status { status:realised status:planned } ?claim coop:status ?status"
    )
    assert chosen(tiny_graph, **both) == sparql(tiny_graph, pattern) != set()


@pytest.mark.parametrize(("since", "until"), [(2014, None), (None, 2014), (2013, 2016), (1880, 1905), (3000, None)])
def test_years_choose_what_overlaps_them(tiny_graph: CoopGraph, since: int | None, until: int | None) -> None:
    """A claim is chosen where its time overlaps the years asked for; what has no date is in no years."""
    dated = "OPTIONAL { ?claim coop:validFrom ?f } OPTIONAL { ?claim coop:validTo ?t } OPTIONAL { ?claim coop:asOf ?d }"
    first, last = "YEAR(COALESCE(?d, ?f, '0001-01-01'^^xsd:date))", "YEAR(COALESCE(?d, ?t, '9999-01-01'^^xsd:date))"
    pattern = f"{dated} FILTER(BOUND(?f) || BOUND(?t) || BOUND(?d))"
    pattern += f" FILTER({last} >= {since})" if since else ""
    pattern += f" FILTER({first} <= {until})" if until else ""
    assert chosen(tiny_graph, since=since, until=until) == sparql(tiny_graph, pattern)


@pytest.mark.parametrize("selection", [{}, {"source": "gazette-2020"}, {"source": ["gazette-2020", "bulletin-2021"]}])
def test_reading_by_property_and_by_thing_is_the_same(
    tiny_graph: CoopGraph, monkeypatch: pytest.MonkeyPatch, selection: dict[str, object]
) -> None:
    """Whether things are read one after the other or a property at a time, the extract is the same, in one order."""
    described = tiny_graph.extract(**selection)
    monkeypatch.setattr(bulk_read, "_FEW", 0)
    monkeypatch.setattr(bulk_read, "_MOST", 1_000_000)
    scanned = tiny_graph.extract(**selection)
    assert scanned == described
    for name in ("terms", "passages", "sources"):
        assert list(getattr(scanned, name)) == list(getattr(described, name)) == sorted(getattr(scanned, name))


def test_reading_leaves_the_collector_as_it_was(tiny_graph: CoopGraph) -> None:
    """The garbage collector runs, or rests, after an extract as before it."""
    for switch in (gc.disable, gc.enable):
        switch()
        before = gc.isenabled()
        tiny_graph.extract()
        assert gc.isenabled() == before


def test_misspelt_choices_are_told(tiny_graph: CoopGraph) -> None:
    """A status, group, source or field that there is not is refused with what comes near."""
    for selection, said in (
        ({"status": "realized"}, "no status is called 'realized'; did you mean Realised"),
        ({"group": "cooperatoin"}, "did you mean"),
        ({"source": "gazete-2020"}, "did you mean gazette-2020"),
        ({"field": "nothing at all"}, "no field is called"),
    ):
        with pytest.raises(UsageError, match=said):
            tiny_graph.claims(**selection)


def test_an_extract_has_all_that_its_claims_mention(tiny_graph: CoopGraph) -> None:
    """Every IRI that a claim mentions is among the terms, with a label; its passages and their sources are there."""
    extracted = tiny_graph.extract()
    for claim in extracted.claims:
        mentioned = {claim.subject, claim.predicate, *claim.fields, *claim.speakers, *claim.occasions, *claim.relayers}
        if isinstance(claim.object, str):
            mentioned.add(claim.object)
        assert all(extracted.terms[iri].label for iri in mentioned)
        assert claim.passages
        assert (
            {extracted.passages[iri].source for iri in claim.passages} == set(claim.sources) <= set(extracted.sources)
        )
        assert claim.status in STATUSES
        assert claim.group


def test_a_claim_is_what_its_file_says(small_graph: CoopGraph) -> None:
    """Every part of a claim is read as it is written, and its years follow from its dates."""
    one, two = small_graph.claims()
    base = "https://example.org/id/"
    assert one == Claim(
        iri=f"{base}claim/note-1",
        subject=f"{base}place/eastport",
        predicate="https://w3id.org/coopgraph/ontology#cooperatesWith",
        object=f"{base}place/westport",
        status="realised",
        group="cooperation",
        valid_from="2014-01-01",
        valid_from_precision="year",
        passages=(f"{base}passage/note-p1",),
        sources=(f"{base}source/note",),
    )
    assert (one.years, two.years) == ((2014, None), (None, None))


def test_observations_have_quantities(tiny_graph: CoopGraph) -> None:
    """The object of an observation is a number with unit, date and precision."""
    found = {claim.iri.rpartition("/")[2]: claim.object for claim in tiny_graph.claims(group="quantity")}
    assert found["almanac-1998-005"] == Quantity(
        "310",
        "http://www.w3.org/2001/XMLSchema#integer",
        "http://qudt.org/vocab/unit/KiloM",
        "1998-01-01",
        "year",
    )
    assert all(isinstance(value, Quantity) for value in found.values())


def test_what_is_known_about_a_thing_is_where_it_is_mentioned(tiny_graph: CoopGraph) -> None:
    """An extract about a thing has the claims that name it in any place, and no others."""
    for name in ("northport", "ada-lin", "Trade", "coast-summit"):
        iri = tiny_graph.entity(name).iri
        got = {claim.iri for claim in extracts.extract(tiny_graph.store, about=iri).claims}
        wanted = sparql(tiny_graph, f"?claim ?any <{iri}>")
        assert got == wanted != set()


def test_counts_equal_what_sparql_counts(tiny_graph: CoopGraph) -> None:
    """The statistics are those of SPARQL: triples by graph, things by class, claims by status and group."""
    counted = {(what, name): number for what, name, number in statistics.counts(tiny_graph.store)}
    for row in tiny_graph.query("SELECT ?status (COUNT(*) AS ?n) { ?claim coop:status ?status } GROUP BY ?status"):
        assert counted["claims with status", str(row["status"]).rpartition("/")[2]] == row["n"]
    graphs = tiny_graph.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert sorted(n for (what, _), n in counted.items() if what == "triples in graph") == sorted(
        row["n"] for row in graphs
    )
    assert counted["things of class", "coop:Claim"] + counted["things of class", "coop:Observation"] == len(
        tiny_graph.claims()
    )
