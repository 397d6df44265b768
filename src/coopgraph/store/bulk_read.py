"""Many things read at once: their properties as columns, out of the store's sheets or one scan of the store each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.rdf.terms import NamedNode, value
from coopgraph.rdf.vocab import RDF, TYPE, coop
from coopgraph.store.claim_columns import entry, put

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.rdf.terms import Literal
    from coopgraph.store.claim_columns import Cell, Column, Merged
    from coopgraph.store.interface import Store

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
        """Read the properties; where most of what has the `typical` one is wanted, each as a whole."""
        self.iris = sorted(iris)
        self._columns: dict[str, Column] = {name: {} for name in predicates}
        self._merged: dict[str, Merged] = {}
        if len(self.iris) < _FEW or len(self.iris) * _MOST < _count(store, typical):
            for quad in store.described(self.iris):
                if (column := self._columns.get(quad.predicate.value)) is not None:
                    put(column, value(quad.subject), entry(quad.object))
            return
        self._merged = store.columns(self._columns)
        self._rows = {merged: merged.rows(self.iris) for merged in set(self._merged.values())}
        for name, column in self._columns.items():
            if name not in self._merged:
                _scan(store, name, column)

    def cells(self, predicate: str) -> list[Cell]:
        """Return what each thing has of a property."""
        if merged := self._merged.get(predicate):
            return merged.cells(predicate, self._rows[merged])
        return list(map(self._columns[predicate].get, self.iris))

    def values(self, predicate: str) -> list[tuple[str | Literal, ...]]:
        """Return the values of each thing, sorted: IRIs as texts, and literals."""
        return [
            () if cell is None else tuple(sorted(cell, key=str)) if isinstance(cell, tuple) else (cell,)
            for cell in self.cells(predicate)
        ]

    def texts(self, predicate: str) -> list[tuple[str, ...]]:
        """Return the values of each thing as texts, sorted."""
        return [
            () if cell is None else (cell,) if type(cell) is str else _texts(cell) for cell in self.cells(predicate)
        ]

    def text(self, predicate: str) -> list[str | None]:
        """Return the value of each thing as text, None where it has none; the first one where it has several."""
        return [cell if cell is None or type(cell) is str else _texts(cell)[0] for cell in self.cells(predicate)]


def _texts(cell: str | Literal | tuple[str | Literal, ...]) -> tuple[str, ...]:
    """Return the values in a cell as texts, sorted."""
    several = cell if isinstance(cell, tuple) else (cell,)
    return tuple(sorted({one if isinstance(one, str) else one.value for one in several}))


def _scan(store: Store, predicate: str, column: Column) -> None:
    """Read a property of all things."""
    if predicate not in _OF_FEW:
        for thing, one in store.select(f"SELECT ?thing ?value {{ ?thing <{predicate}> ?value }}"):
            put(column, value(thing), entry(one))
        return
    for (one,) in list(store.select(f"SELECT DISTINCT ?value {{ ?thing <{predicate}> ?value }}")):
        if isinstance(one, NamedNode) and one not in _RECORDS:
            for iri in having(store, predicate, one):
                put(column, iri, one.value)


def _count(store: Store, predicate: str) -> int:
    """Return how many things have a property, about."""
    ((number,),) = store.select(f"SELECT (COUNT(*) AS ?number) {{ ?thing <{predicate}> ?value }}")
    return int(value(number))


def having(store: Store, predicate: str, target: NamedNode) -> Iterator[str]:
    """Yield what has a property with a value."""
    return (thing.value for (thing,) in store.select(f"SELECT ?thing {{ ?thing <{predicate}> {target} }}"))
