"""How much there is in a graph: triples by graph, things by class, claims by status and relation group."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coopgraph.rdf.terms import curie, value
from coopgraph.rdf.vocab import STATUSES, coop, local_name
from coopgraph.store import class_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.store.interface import Store

_QUERIES = {
    "graphs": "SELECT ?name (COUNT(*) AS ?number) WHERE { GRAPH ?name { ?s ?p ?o } } GROUP BY ?name",
    "classes": """PREFIX graph: <https://w3id.org/coopgraph/id/graph/>
        SELECT ?name (COUNT(*) AS ?number)
        WHERE { GRAPH ?graph { ?thing a ?name } FILTER(?graph != graph:inferred) } GROUP BY ?name""",
    "statuses": """PREFIX coop: <https://w3id.org/coopgraph/ontology#>
        SELECT ?name (COUNT(*) AS ?number) WHERE { ?claim coop:status ?name } GROUP BY ?name""",
    "relations": """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?name (COUNT(*) AS ?number) WHERE { ?claim rdf:predicate ?name } GROUP BY ?name""",
}


def counts(store: Store) -> Iterator[tuple[str, str, int]]:
    """Yield (what, name, number): triples by graph, things by class, claims by status and by relation group."""
    numbers = store.manifest.get("counts") or counted(store)
    graphs = {name: numbers["graphs"].get(name, 0) for name in store.graphs()}  # and none of a server's
    yield from (("triples in graph", name, number) for name, number in _short(graphs, store).items())
    kinds = class_tree.classes(store, "Entity", "Source", "Passage", "Claim", "Observation")
    of_kinds = {name: number for name, number in numbers["classes"].items() if name in kinds}
    yield from (("things of class", name, number) for name, number in _short(of_kinds, store).items())
    statuses = {local_name(name): number for name, number in numbers["statuses"].items()}
    yield from (("claims with status", name, statuses[name]) for name in sorted(statuses, key=_status_order))
    group_of = {value(quad.subject): value(quad.object) for quad in store.quads(predicate=coop("relationGroup"))}
    groups: Counter[str] = Counter()
    for relation, number in numbers["relations"].items():
        groups[local_name(group_of.get(relation, ""))] += number
    yield from (("claims in relation group", name, groups[name]) for name in sorted(groups))


def counted(store: Store) -> dict[str, dict[str, int]]:
    """Return number by IRI of `graphs` (triples), `classes` (things), `statuses` and `relations` (claims).

    What a build stores in the manifest under `counts` has the same form; here a store counts that has none.
    """
    return {
        what: {value(name): int(value(number)) for name, number in store.select(text)}
        for what, text in _QUERIES.items()
    }


def _short(numbers: Mapping[str, int], store: Store) -> dict[str, int]:
    return {curie(name, store.prefixes) or name: number for name, number in sorted(numbers.items())}


def _status_order(name: str) -> tuple[int, str]:
    return (STATUSES.index(name) if name in STATUSES else len(STATUSES), name)
