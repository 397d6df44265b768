"""What follows from direct triples: closures of any shape, kept up to date as what they follow from comes and goes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgraph.build import derive, derive_rules
from coopgraph.claims import workspace
from coopgraph.claims.query_file import QueryFile
from coopgraph.errors import DataError
from coopgraph.rdf import turtle, vocab
from coopgraph.rdf.patterns import bound
from coopgraph.rdf.terms import Literal, NamedNode, Triple, value
from coopgraph.store.local import Draft
from layers import examples
from random_graphs import ONTOLOGY, PREFIXES

SPACE = workspace.Workspace(root=workspace.bundled(), title="t")
RULES = derive_rules.read(SPACE)["inferred"]
PART_OF, HAS_PART, FOLLOWS, PRECEDES, COOPERATES, TRADES = (
    NamedNode(vocab.coop(name)) for name in ("partOf", "hasPart", "follows", "precedes", "cooperatesWith", "tradesWith")
)
Pairs = Iterable[tuple[int, int]]
pairs = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=9)


def node(number: int) -> NamedNode:
    """Return a place by its number."""
    return NamedNode(f"https://example.org/id/place/{number}")


def linked(links: Pairs, predicate: NamedNode = PART_OF) -> set[Triple]:
    """Return pairs of numbers as direct triples."""
    return {Triple(node(one), predicate, node(other)) for one, other in links}


def store_of(direct: Iterable[Triple]) -> Draft:
    """Return a store of the ontology, of direct triples and of all that follows from them."""
    draft = Draft.in_memory(PREFIXES)
    draft.extend(ONTOLOGY)
    draft.add(vocab.DIRECT, direct)
    scratch = Draft.in_memory(PREFIXES)
    scratch.extend(ONTOLOGY)
    derive.infer(draft, scratch, RULES)
    return draft


def pairs_of(draft: Draft, predicate: NamedNode) -> set[tuple[str, str]]:
    """Return what a property links in a store, stated or inferred."""
    return {(value(quad.subject), value(quad.object)) for quad in draft.quads(predicate=predicate.value)}


@settings(max_examples=examples(25))
@given(pairs)
def test_chains_are_closed_whatever_their_shape(links: set[tuple[int, int]]) -> None:
    """What is part of a part is part of the whole, in circles too; nothing becomes part of itself; inverses hold."""
    draft = store_of(linked(links))
    graph = nx.DiGraph([(node(one).value, node(other).value) for one, other in links])
    loops = {(node(one).value, node(other).value) for one, other in links if one == other}
    closed = {(one, other) for one in graph for other in nx.descendants(graph, one)} | loops
    assert pairs_of(draft, PART_OF) == closed
    assert pairs_of(draft, HAS_PART) == {(other, one) for one, other in closed}


@settings(max_examples=examples(25))
@given(pairs, pairs, pairs, st.sampled_from([PART_OF, PRECEDES, COOPERATES, TRADES]))
def test_what_follows_is_kept_up_to_date(
    kept: set[tuple[int, int]], gone: set[tuple[int, int]], come: set[tuple[int, int]], predicate: NamedNode
) -> None:
    """When direct triples go and others come, what follows is what it would be had it been derived anew."""
    before, after = linked(kept | gone, predicate), linked(kept | come, predicate)
    former, draft, fresh = store_of(before), store_of(before), store_of(after)
    draft.remove(vocab.DIRECT, before - after)
    new = {each for each in after - before if not draft.has(vocab.DIRECT, each)}
    draft.add(vocab.DIRECT, new)
    grown = derive.reinfer(former, draft, RULES, before - after, new)
    inferred = {quad.triple for quad in draft.quads(graph=vocab.INFERRED)}
    assert inferred == {quad.triple for quad in fresh.quads(graph=vocab.INFERRED)}
    assert grown == len(inferred) - len(list(former.quads(graph=vocab.INFERRED)))


@settings(max_examples=examples(15))
@given(pairs, pairs)
def test_where_there_are_many_reasons_all_is_derived_anew(
    before: set[tuple[int, int]], after: set[tuple[int, int]]
) -> None:
    """Where each of many reasons would have to be looked at, all is derived anew, with the same outcome."""
    former, draft, fresh = (store_of(linked(links)) for links in (before, before, after))
    gone, come = linked(before) - linked(after), linked(after) - linked(before)
    draft.remove(vocab.DIRECT, gone)
    new = {each for each in come if not draft.has(vocab.DIRECT, each)}
    draft.add(vocab.DIRECT, new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derive, "_MANY", 2)
        grown = derive.reinfer(former, draft, RULES, gone, new)
    inferred = {quad.triple for quad in draft.quads(graph=vocab.INFERRED)}
    assert inferred == {quad.triple for quad in fresh.quads(graph=vocab.INFERRED)}
    assert grown == len(inferred) - len(list(former.quads(graph=vocab.INFERRED)))


def test_what_follows_from_many_is_what_follows_from_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules give the same of many new triples at once as of one after the other, in two graphs or in many."""
    links = linked([(number, number + 1) for number in range(5)] + [(3, 1)]) | linked([(6, 7), (7, 8)], FOLLOWS)
    expected = set(store_of(links).quads(graph=vocab.INFERRED))
    monkeypatch.setattr(derive, "_FEW", 0)
    assert set(store_of(links).quads(graph=vocab.INFERRED)) == expected
    monkeypatch.setattr(derive, "_GRAPHS", 0)
    assert set(store_of(links).quads(graph=vocab.INFERRED)) == expected


def test_chains_out_of_proportion_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where far more links follow from a chain than it has, one line says of which property, and what to do."""
    monkeypatch.setattr(derive, "_LONG", 1000)
    with pytest.raises(
        DataError, match=r"^queries/derive/transitive\.rq: coop:partOf has 120 links in .*; link things"
    ):
        store_of(linked([(number, number + 1) for number in range(120)]))
    star = linked([(number, 0) for number in range(1, 1500)] + [(0, 1500)])
    assert len(pairs_of(store_of(star), PART_OF)) == 2 * 1499 + 1


def test_what_goes_both_ways_and_backwards_follows() -> None:
    """Symmetric properties hold both ways, inverse ones backwards, and each triple stands in one graph."""
    draft = store_of(linked([(1, 2)], COOPERATES) | linked([(3, 4)], FOLLOWS) | linked([(5, 6)], TRADES))
    one, two, three, four, five, six = (node(number).value for number in range(1, 7))
    assert pairs_of(draft, COOPERATES) == {(one, two), (two, one)}
    assert pairs_of(draft, TRADES) == {(five, six), (six, five)}
    assert pairs_of(draft, PRECEDES) == {(four, three)}
    assert len(list(draft.quads(subject=one, predicate=COOPERATES.value))) == 1


def test_the_direct_triples_of_a_graph_are_those_of_realised_claims(small: Path) -> None:
    """A claim that is realised gives its plain triple, one that is planned or hoped for none."""
    space = workspace.find(small)
    draft = Draft.in_memory(space.prefixes)
    draft.extend(ONTOLOGY)
    draft.add("https://example.org/id/graph/note", turtle.read(small / "graphs" / "note.ttl"))
    places = "https://example.org/id/place/"
    assert derive.direct(draft, derive_rules.read(space)["direct"]) == {
        Triple(NamedNode(f"{places}eastport"), COOPERATES, NamedNode(f"{places}westport"))
    }


def test_a_pattern_binds_what_it_matches() -> None:
    """A triple binds the variables of a pattern, the same to the same, and IRIs alone."""
    one, two = node(1), node(2)
    assert bound(("s", PART_OF, "o"), Triple(one, PART_OF, two)) == {"s": one, "o": two}
    assert bound(("s", PART_OF, "s"), Triple(one, PART_OF, one)) == {"s": one}
    assert bound(("s", PART_OF, "s"), Triple(one, PART_OF, two)) is None
    assert bound(("s", HAS_PART, "o"), Triple(one, PART_OF, two)) is None
    assert bound(("s", PART_OF, "o"), Triple(one, PART_OF, Literal("2"))) is None


def own_rule(root: Path, text: str) -> list[QueryFile]:
    """Return the rules for inferred triples of a workspace with one more."""
    path = root / "queries" / "derive" / "own.rq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return derive_rules.read(workspace.find(root))["inferred"]


def test_a_rule_that_says_what_it_reads_is_kept_up_to_date_by_that(small: Path) -> None:
    """A rule with one pattern in its head and premises that can be read is local; any other is run anew each time."""
    head = "#+ graph: inferred\n"
    premises = "#+ premises: ?a coop:partOf ?b\n"
    prefix = "PREFIX coop: <https://w3id.org/coopgraph/ontology#>\n"
    construct = f"{prefix}CONSTRUCT {{ ?b coop:hasPart ?a }} WHERE {{ ?a coop:partOf ?b }}"
    for text, local in (
        (head + premises + construct, True),
        (head + construct, False),
        (
            head + premises + construct.replace("{ ?b coop:hasPart ?a }", "{ ?b coop:hasPart ?a . ?a a coop:City }"),
            False,
        ),
        (head + "#+ premises: ?a coop:partOf\n" + construct, False),
        (head + "#+ premises: ?a coop:partOf 5\n" + construct, False),
    ):
        (rule,) = (each for each in own_rule(small, text) if each.name == "own")
        assert derive_rules.is_local(rule) is local, text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#+ graph: inferred\nSELECT * { ?s ?p ?o }", r"own\.rq.* gives no triples; make it a CONSTRUCT query"),
        ("#+ graph: inferred\nCONSTRUCT { ?s ?p ?o }", r"own\.rq:2"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", r"own\.rq: does not say of which graph"),
        ("#+ graph: infered\nCONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", r"own\.rq: does not say of which graph"),
        ("#+ graph: inferred\n#+ least: none\nCONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "'least: none' is no number"),
        ("#+ graph: inferred\n#+ least: 0\nCONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "'least: 0' is no number"),
    ],
)
def test_a_rule_that_cannot_be_run_is_told(small: Path, text: str, message: str) -> None:
    """A rule that gives no triples, is no SPARQL or whose header is wrong is one line with its name."""
    draft = Draft.in_memory(PREFIXES)
    draft.add(vocab.DIRECT, linked([(1, 2)]))
    with pytest.raises(DataError, match=message):
        derive.implied(draft, own_rule(small, text))


def test_rules_are_kept_by_graph(small: Path) -> None:
    """A rule belongs to the graph that its header names, an own one in place of the bundled one of its name."""
    assert {rule.header["graph"] for rule in RULES} == {"inferred"}
    (small / "queries" / "derive").mkdir(parents=True)
    (small / "queries" / "derive" / "symmetric.rq").write_text("#+ graph: direct\nCONSTRUCT { ?s ?p ?o } {}")
    names = {rule.name for rule in derive_rules.read(workspace.find(small))["inferred"]}
    assert names == {rule.name for rule in RULES} - {"symmetric"}
    assert os.listdir(small / "queries" / "derive") == ["symmetric.rq"]  # noqa: PTH208
