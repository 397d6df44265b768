"""How much there is in graph files, added up as they are read and kept in the manifest, where `statistics` reads it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.rdf.terms import Triple

_KINDS = {vocab.TYPE: "class", vocab.coop("status"): "status", vocab.RDF + "predicate": "relation"}


def of_graph(triples: Iterable[Triple], entity_classes: frozenset[str]) -> Counter[str]:
    """Return how many triples, entities, things by class and claims by status and relation a graph has.

    >>> of_graph([], frozenset())["triples"]
    0
    """
    distinct = set(triples)
    counts = Counter(f"{_KINDS[t.predicate.value]} {value(t.object)}" for t in distinct if t.predicate.value in _KINDS)
    counts["triples"] = len(distinct)
    entities = (t for t in distinct if t.predicate.value == vocab.TYPE and value(t.object) in entity_classes)
    counts["entities"] = len({triple.subject for triple in entities})
    return counts


def claims(counts: Mapping[str, int]) -> dict[str, int]:
    """Return status -> number of claims, in the order of the statuses."""
    numbers = {vocab.local_name(name): number for name, number in _of_kind(counts, "status").items()}
    order = {name: place for place, name in enumerate(vocab.STATUSES)}
    return dict(sorted(numbers.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0])))


def for_manifest(counts: Mapping[str, int], graphs: Mapping[str, int]) -> dict[str, Mapping[str, int]]:
    """Return number by IRI of `graphs` (triples, as given), `classes` (things), `statuses` and `relations` (claims)."""
    kinds = {"classes": "class", "statuses": "status", "relations": "relation"}
    return {"graphs": graphs, **{name: _of_kind(counts, kind) for name, kind in kinds.items()}}


def _of_kind(counts: Mapping[str, int], kind: str) -> dict[str, int]:
    """Return IRI -> number, for a kind that is counted by IRI."""
    return {name.removeprefix(f"{kind} "): n for name, n in sorted(counts.items()) if name.startswith(f"{kind} ") and n}
