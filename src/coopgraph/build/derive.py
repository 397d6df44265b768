"""What follows from the claims: the rules under `queries/derive/`, run on a whole graph or on what has changed in it.

A rule's header names the graph that its triples go to. Rules for `direct` and `tallies` are run on each graph file by
itself, with the ontology: direct triples are united, the numbers of tallies added up (see `tallies`). Rules for
`inferred` are run until nothing new comes. Where a rule's header lists its `premises`, the patterns of direct, inferred
and type triples that it reads beside the ontology, its triples are kept up to date in proportion to what has changed,
by the delete-and-rederive method (Gupta, Mumick and Subrahmanian 1993); otherwise it is run anew on the whole graph.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coopgraph.build.derive_rules import closes_chains, is_local, run
from coopgraph.errors import DataError
from coopgraph.rdf import vocab
from coopgraph.rdf.patterns import bound
from coopgraph.rdf.terms import NamedNode, Triple, curie
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from coopgraph.claims.query_file import QueryFile
    from coopgraph.store.local import LocalStore

_ROUNDS = 100
"""Rounds after which rules that still give new triples are taken to give them for ever."""
_FEW = 2_000
"""New triples up to which what follows from each of them is found sooner than what follows from all."""
_MANY = 20_000
"""Reasons from which on it is sooner done to derive all anew than to look at each."""
_GRAPHS = 8
"""Graphs up to which each is asked for a triple: in memory, all graphs at once look at each link of a thing."""
_LONG = 250_000
"""Links that may close the chains of a relation, however few links the chains have: those of 700 in a row."""
_PROPORTION = 50
"""More than these may close them where there are so many for each link: no thing has as many wholes one in another."""
_STATED = "urn:stated"
"""The graph of a scratch store that holds the types which the graph files state."""
_READ = {
    vocab.DIRECT: f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{vocab.DIRECT}> {{ ?s ?p ?o }} }}",
    _STATED: f"CONSTRUCT {{ ?s a ?c }} WHERE {{ GRAPH ?g {{ ?s a ?c }} FILTER(?g != <{vocab.ONTOLOGY_GRAPH}>) }}",
}


def direct(store: LocalStore, chosen: Iterable[QueryFile]) -> set[Triple]:
    """Return the plain triples that the claims of a graph give."""
    return {triple for rule in chosen for triple in run(rule, store)}


def infer(draft: Draft, scratch: Draft, chosen: Collection[QueryFile]) -> set[Triple]:
    """Return what follows from the direct triples and types of a whole store, and put it there.

    It is worked out on what the rules read, in a `scratch` store in memory that has the ontology, unless one of them
    does not say what it reads.
    """
    if not all(is_local(rule) for rule in chosen):
        return implied(draft, chosen)
    for graph in (vocab.DIRECT, _STATED):
        scratch.load_triples(graph, draft.constructed(_READ[graph]))
    inferred = implied(scratch, chosen)
    draft.add_many(vocab.INFERRED, inferred)
    return inferred


def implied(draft: Draft, chosen: Collection[QueryFile]) -> set[Triple]:
    """Run rules on a store until nothing new comes, and put it there. Raises `DataError` where they never end.

    What a rule that closes chains gives is worked out at once: n links have n * n / 2 pairs, and n * n * n / 6
    ways to find them in two steps.
    """
    implied: set[Triple] = set()
    new: Collection[Triple] = ()
    closing = {relation: rule for rule in chosen if closes_chains(rule) for relation in _closable(draft, rule)}
    others = [rule for rule in chosen if not closes_chains(rule)]
    for number in range(_ROUNDS):
        if not number:
            triples = {triple for rule in others for triple in run(rule, draft, new=True)}
        elif len(new) < _FEW and all(is_local(rule) for rule in chosen):
            triples = {each for triple in new for each in _from(draft, others, triple)}
        else:
            triples = _from_many(draft, others, new)
        grown = closing.keys() & {triple.predicate for triple in new} if number else closing.keys()
        for relation in grown:
            triples.update(_closed(draft, relation, closing[relation]))
        new = _new(draft, triples)
        if not new:
            return implied
        draft.add_many(vocab.INFERRED, new)
        implied.update(new)
    raise DataError("queries/derive: the rules give new triples without end; let none make blank nodes")


def _new(draft: Draft, triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples that stand in no graph of a store."""
    graphs = draft.graphs()
    if len(graphs) > _GRAPHS:
        return [triple for triple in triples if not stands(draft, triple)]
    return [triple for triple in triples if not any(draft.has(graph, triple) for graph in graphs)]


def _from_many(draft: Draft, chosen: Iterable[QueryFile], new: Collection[Triple]) -> set[Triple]:
    """Return what rules give from many new triples, each with what a store holds; some may stand there already.

    A rule with one premise needs nothing else, and so is run on the new triples beside the ontology.
    """
    alone = Draft.in_memory(draft.prefixes)
    alone.extend(draft.quads(graph=vocab.ONTOLOGY_GRAPH))
    alone.add_many(vocab.INFERRED, new)
    triples: set[Triple] = set()
    for rule in chosen:
        if is_local(rule) and len(rule.premises) == 1:
            triples.update(run(rule, alone))
        else:
            triples.update(run(rule, draft, new=True))
    return triples


def _closed(draft: Draft, relation: NamedNode, rule: QueryFile) -> Iterator[Triple]:
    """Yield what closes the chains of a relation, nothing of which becomes a link to itself.

    Raises `DataError` where the chains are so long that this is out of proportion to them.
    """
    links: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for graph in (vocab.DIRECT, vocab.INFERRED):
        for quad in draft.quads(predicate=relation.value, graph=graph):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                links[quad.subject].add(quad.object)
    stated, given = sum(map(len, links.values())), 0
    for start, reached in _reached(links):
        ends = reached - links[start] - {start}
        given += len(ends)
        if given > _LONG and given > stated * _PROPORTION:
            name = curie(relation.value, draft.prefixes) or relation.value
            what = f"{name} has {stated:,} links in chains so long that more than {given:,} others follow from them"
            raise DataError(f"{rule.file}: {what}; link things to what they belong to, not each to the next")
        yield from (Triple(start, relation, end) for end in ends)


def _closable(draft: Draft, rule: QueryFile) -> set[NamedNode]:
    """Return the relations whose chains a rule closes: it is tried on a chain of each, beside the ontology."""
    grouped = draft.quads(predicate=vocab.coop("relationGroup"), graph=vocab.ONTOLOGY_GRAPH)
    relations = [quad.subject for quad in grouped if isinstance(quad.subject, NamedNode)]
    tried = Draft.in_memory(draft.prefixes)
    tried.extend(draft.quads(graph=vocab.ONTOLOGY_GRAPH))
    for number, relation in enumerate(relations):
        first, middle, last = (NamedNode(f"urn:chain:{number}:{place}") for place in range(3))
        tried.add(vocab.DIRECT, [Triple(first, relation, middle), Triple(middle, relation, last)])
    return {triple.predicate for triple in run(rule, tried) if isinstance(triple.predicate, NamedNode)}


def _reached(links: Mapping[NamedNode, set[NamedNode]]) -> Iterator[tuple[NamedNode, set[NamedNode]]]:
    """Yield what begins a link with all that links lead to from there, in time in proportion to all of that."""
    complete: dict[NamedNode, set[NamedNode]] = {}
    for start in _ends_first(links):
        reached: set[NamedNode] = set()
        waiting = [*links[start]]
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                if node in complete:
                    reached |= complete[node]
                else:
                    waiting += links.get(node, ())
        complete[start] = reached
        yield start, reached


def _ends_first(links: Mapping[NamedNode, set[NamedNode]]) -> Iterator[NamedNode]:
    """Yield what begins a link after all that links lead to from there, but for circles."""
    seen: set[NamedNode] = set()
    for root in links:
        path = [] if root in seen else [(root, iter(links[root]))]
        seen.add(root)
        while path:
            node, others = path[-1]
            further = next((other for other in others if other in links and other not in seen), None)
            if further is None:
                yield node
                path.pop()
            else:
                seen.add(further)
                path.append((further, iter(links[further])))


def stands(store: LocalStore, triple: Triple) -> bool:
    """Say whether any graph has a triple: it stands in one graph alone."""
    return next(store.having(triple), None) is not None


def reinfer(
    former: LocalStore, draft: Draft, chosen: Collection[QueryFile], gone: Collection[Triple], come: Collection[Triple]
) -> int:
    """Bring the inferred triples of a store up to date, given which direct and type triples are gone and have come.

    Returns by how many triples they have grown.
    """
    stale = _consequences(former, chosen, gone) if all(is_local(rule) for rule in chosen) else None
    if stale is None:
        return _implied_anew(draft, chosen, 0)
    stale.update(triple for triple in come if draft.has(vocab.INFERRED, triple))
    draft.remove(vocab.INFERRED, stale)
    again = [each for each in {*stale, *gone} if not stands(draft, each) and _follows(draft, chosen, each)]
    draft.add(vocab.INFERRED, again)
    waiting = [*come, *again]
    grown = len(again) - len(stale)
    reasons = 0
    while waiting:
        consequences = _from(draft, chosen, waiting.pop())
        reasons += len(consequences)
        if reasons > _MANY:
            return _implied_anew(draft, chosen, grown)
        new = [each for each in consequences if not stands(draft, each)]
        draft.add(vocab.INFERRED, new)
        waiting += new
        grown += len(new)
    return grown


def _implied_anew(draft: Draft, chosen: Collection[QueryFile], grown: int) -> int:
    """Derive all anew, and return by how many triples there are more than before they had `grown` by some."""
    inferred = [quad.triple for quad in draft.quads(graph=vocab.INFERRED)]
    draft.remove(vocab.INFERRED, inferred)
    return len(implied(draft, chosen)) - len(inferred) + grown


def _consequences(former: LocalStore, chosen: Collection[QueryFile], gone: Iterable[Triple]) -> set[Triple] | None:
    """Return the inferred triples for which one that is gone may have been a reason, directly or not.

    None where there are so many reasons, as in a long chain, that all is sooner derived anew.
    """
    doubtful: set[Triple] = set()
    waiting = list(gone)
    reasons = 0
    while waiting:
        consequences = _from(former, chosen, waiting.pop())
        reasons += len(consequences)
        if reasons > _MANY:
            return None
        for each in consequences:
            if each not in doubtful and former.has(vocab.INFERRED, each):
                doubtful.add(each)
                waiting.append(each)
    return doubtful


def _from(store: LocalStore, chosen: Collection[QueryFile], triple: Triple) -> set[Triple]:
    """Return what the rules give from a triple together with what a store holds."""
    triples: set[Triple] = set()
    for rule in chosen:
        for premise in rule.premises:
            bindings = bound(premise, triple)
            if bindings is not None:
                triples.update(run(rule, store, bindings))
    return triples


def _follows(store: LocalStore, chosen: Collection[QueryFile], triple: Triple) -> bool:
    """Say whether a rule gives a triple from what a store holds."""
    for rule in chosen:
        bindings = bound(rule.head, triple) if rule.head else None
        if bindings is not None and next(run(rule, store, bindings), None) is not None:
            return True
    return False
