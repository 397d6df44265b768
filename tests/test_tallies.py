"""Tallies: numbers that add up over graphs, of which those stand that count enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgraph.build import derive_rules, tallies
from coopgraph.build.tallies import Row, Tallies
from coopgraph.claims import workspace
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Triple, value
from coopgraph.store.local import Draft
from layers import examples
from random_graphs import ONTOLOGY, PREFIXES, stated

RULES = derive_rules.read(workspace.Workspace(root=workspace.bundled(), title="t"))["tallies"]


def draft_of(quads: Iterable[ox.Quad]) -> Draft:
    """Return a store of the ontology and some quads."""
    draft = Draft.in_memory(PREFIXES)
    draft.extend(ONTOLOGY)
    draft.extend(quads)
    return draft


def by_graph(quads: Iterable[ox.Quad]) -> list[list[ox.Quad]]:
    """Return quads in lists, one for each of their graphs."""
    graphs: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        graphs.setdefault(value(quad.graph_name), []).append(quad)
    return list(graphs.values())


@settings(max_examples=examples(15))
@given(stated())
def test_tallies_of_graphs_add_up_to_those_of_all(quads: list[ox.Quad]) -> None:
    """Counted graph by graph and added, in any order, tallies are what the rules count over all graphs at once."""
    at_once = tallies.counted(draft_of(quads), RULES)
    for graphs in (by_graph(quads), by_graph(quads)[::-1]):
        added = Tallies()
        for graph in graphs:
            added.add(tallies.counted(draft_of(graph), RULES))
        assert added.rows == at_once.rows
        assert set(added.triples()) == set(at_once.triples())


@settings(max_examples=examples(10))
@given(stated(), st.randoms(use_true_random=False))
def test_tallies_are_brought_up_to_date(quads: list[ox.Quad], chance: st.DataObject) -> None:
    """When a graph loses claims, the tallies in a store become those of what is left, and come back with them."""
    graphs = by_graph(quads)
    graph = chance.choice(graphs)  # type: ignore[attr-defined]
    others = [quad for each in graphs if each is not graph for quad in each]
    claims = {quad.subject for quad in graph if quad.predicate.value == vocab.RDF + "predicate"}
    lost = {claim for claim in sorted(claims, key=str) if chance.random() < 0.5}  # type: ignore[attr-defined]
    left = [quad for quad in graph if quad.subject not in lost]
    draft = draft_of([*others, *left])
    whole, rest = (tallies.counted(draft_of([*others, *part]), RULES) for part in (graph, left))
    draft.add(vocab.TALLIES, whole.triples())
    before, after = tallies.counted(draft_of(graph), RULES), tallies.counted(draft_of(left), RULES)
    for one, other, total, size in ((before, after, rest, -1), (after, before, whole, 1)):
        former = set(triples_in(draft))
        grown = tallies.renew(draft, one, other, lambda _, total=total: total)
        assert set(triples_in(draft)) == set(total.triples())
        assert grown == len(set(total.triples())) - len(former)
        assert size * grown >= 0


def triples_in(draft: Draft) -> Iterable[Triple]:
    """Return the tallies in a store."""
    return [quad.triple for quad in draft.quads(graph=vocab.TALLIES)]


def test_a_row_stands_when_one_of_its_numbers_is_enough() -> None:
    """Of a rule that asks for two, a row stands from two on; numbers add up, and what is nought is not named."""
    one, none = Row(2, (("claims", 1), ("realised", 1))), Row(2, ())
    assert (one.stands, none.stands) == (False, False)
    both = one.plus(Row(2, (("claims", 1), ("planned", 1))))
    assert both == Row(2, (("claims", 2), ("planned", 1), ("realised", 1)))
    assert both.stands
    assert both.plus(one, -1) == Row(2, (("claims", 1), ("planned", 1)))
    assert both.plus(both, -1) == none


def test_a_rule_that_asks_for_one_claim_names_what_is_nought() -> None:
    """A tally that a single claim makes keeps the numbers that are nought: questions read them."""
    row = Row(1, (("claims", 1), ("planned", 0)))
    assert row.plus(Row(1, (("planned", 0),))) == row
    assert row.plus(row, -1) == Row(1, (("claims", 0), ("planned", 0)))
    assert not row.plus(row, -1).stands


@settings(max_examples=examples(10))
@given(stated())
def test_tallies_by_status_count_the_claims(quads: list[ox.Quad]) -> None:
    """How many claims there are of each status is what one counts by hand."""
    counted: Counter[str] = Counter(
        value(quad.object) for quad in quads if quad.predicate.value == vocab.coop("status")
    )
    draft = draft_of(quads)
    draft.add(vocab.TALLIES, tallies.counted(draft, RULES).triples())
    rows = draft.select('SELECT ?s ?n { ?t coop:tallyBy "status" ; coop:tallyStatus ?s ; coop:tallyClaims ?n }')
    assert {value(row["s"]): int(value(row["n"])) for row in rows} == counted
