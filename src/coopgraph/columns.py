"""Many things read at once: their properties as columns, one scan of the store each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from coopgraph.terms import NamedNode, value
from coopgraph.vocab import RDF, TYPE, coop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.store import Store

_OF_FEW = (TYPE, RDF + "predicate", coop("status"), coop("field"))
"""Properties with few values in all: reading the things that have each of them spares reading the value each time."""
_RECORDS = frozenset(NamedNode(coop(name)) for name in ("Claim", "Observation", "Passage"))
"""Classes of what is numerous, whose members are found otherwise."""
_MOST = 8
"""Describing a thing costs about as much as reading past this number of things."""
_FEW = 100
"""So few things are described without asking how many there are."""


class Table:
    """What is said of some things: for each property a column, thing -> its values."""

    def __init__(self, store: Store, iris: Iterable[str], predicates: Iterable[str], typical: str) -> None:
        """Read the properties; where most of what has the `typical` one is wanted, one at a time, in one scan each."""
        self.iris = sorted(iris)
        self._columns: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
        if len(self.iris) < _FEW or len(self.iris) * _MOST < _count(store, typical):
            for quad in store.described(self.iris):
                _put(self._columns[quad.predicate.value], value(quad.subject), (quad.object,))
            return
        for predicate in predicates:
            column = self._columns[predicate]
            if predicate not in _OF_FEW:
                for thing, target in store.select(f"SELECT ?thing ?value {{ ?thing <{predicate}> ?value }}"):
                    _put(column, thing.value, (target,))
                continue
            for row in list(store.select(f"SELECT DISTINCT ?value {{ ?thing <{predicate}> ?value }}")):
                if isinstance(row[0], NamedNode) and row[0] not in _RECORDS:
                    for iri in having(store, predicate, row[0]):
                        _put(column, iri, tuple(row))

    def terms(self, predicate: str) -> list[tuple[Any, ...]]:
        """Return the values of each thing, sorted."""
        column = self._columns[predicate]
        found = [column.get(iri, ()) for iri in self.iris]
        return [terms if len(terms) < 2 else tuple(sorted(terms, key=str)) for terms in found]

    def texts(self, predicate: str) -> list[tuple[str, ...]]:
        """Return the values of each thing as texts, sorted."""
        column = self._columns[predicate]
        found = [column.get(iri, ()) for iri in self.iris]
        return [tuple(sorted({value(term) for term in terms})) if terms else () for terms in found]

    def text(self, predicate: str) -> list[str | None]:
        """Return the value of each thing as text, None where it has none; the first one where it has several."""
        column = self._columns[predicate]
        found = [column.get(iri, ()) for iri in self.iris]
        return [None if not terms else terms[0].value if len(terms) == 1 else min(map(value, terms)) for terms in found]


def _put(column: dict[str, tuple[Any, ...]], thing: str, values: tuple[Any, ...]) -> None:
    column[thing] = column[thing] + values if thing in column else values


def _count(store: Store, predicate: str) -> int:
    """Return how many things have a property, about."""
    ((number,),) = store.select(f"SELECT (COUNT(*) AS ?number) {{ ?thing <{predicate}> ?value }}")
    return int(value(number))


def having(store: Store, predicate: str, target: NamedNode) -> Iterator[str]:
    """Yield what has a property with a value."""
    return (thing.value for (thing,) in store.select(f"SELECT ?thing {{ ?thing <{predicate}> {target} }}"))
