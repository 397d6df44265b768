"""Tallies: numbers of claims that have something in common, as rules under `queries/derive/` count them.

A tally is the subject of some triples. Those whose objects are integers are its numbers, which add up over graphs; all
others follow from its IRI. Where a rule's header says `least: 2`, only those of its tallies stand in a store that have
a number of two or more, and without the numbers that are nought.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.build.derive_rules import least as least_of
from coopgraph.build.derive_rules import run
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Triple
from coopgraph.store import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coopgraph.claims.query_file import QueryFile
    from coopgraph.store.local import Draft, LocalStore

_INTEGER = NamedNode(vocab.XSD + "integer")


class Row(NamedTuple):
    """The numbers of a tally by property, and how high one of them must be for the tally to stand in the store."""

    least: int
    numbers: tuple[tuple[str, int], ...]

    @property
    def stands(self) -> bool:
        """Whether enough is counted."""
        return any(number >= self.least for _, number in self.numbers)

    def plus(self, other: Row, times: int = 1) -> Row:
        """Return the sums with the numbers of another row, taken so many times."""
        sums = dict(self.numbers)
        for predicate, number in other.numbers:
            sums[predicate] = sums.get(predicate, 0) + times * number
        return _one_of(self.least, sums)


def _one_of(least: int, numbers: Mapping[str, int]) -> Row:
    """Return a row; what a rule that asks for more than one claim has counted none of, it does not name."""
    return _same(Row(least, tuple(sorted((name, number) for name, number in numbers.items() if number or least == 1))))


@lru_cache(10_000)
def _same(row: Row) -> Row:
    """Return the first of equal rows: nearly all pairs have one of a few, which is held and sent once."""
    return row


@dataclass(slots=True)
class Tallies:
    """The rows of tallies by their IRIs, which add up over graphs, and as N-Triples what else is said of each."""

    rows: dict[str, Row] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    def add(self, other: Tallies) -> None:
        """Add the tallies of another graph; what is said of one that does not stand yet, the next graph says again."""
        for cell, row in other.rows.items():
            before = self.rows.get(cell)
            self.rows[cell] = total = before.plus(row) if before else _same(row)
            if total.stands:
                self.facts[cell] = other.facts[cell]

    def triples(self) -> Iterator[Triple]:
        """Yield those that stand as triples."""
        for cell, row in self.rows.items():
            if row.stands:
                yield from self.facts_of(cell)
                yield from _numbers(cell, row)

    def facts_of(self, cell: str) -> list[Triple]:
        """Return what is said of a tally but for its numbers."""
        return [quad.triple for quad in local.parsed(self.facts[cell].encode())]


def _numbers(cell: str, row: Row) -> Iterator[Triple]:
    for predicate, number in row.numbers:
        yield Triple(NamedNode(cell), NamedNode(predicate), Literal(str(number), datatype=_INTEGER))


def counted(store: LocalStore, chosen: Iterable[QueryFile]) -> Tallies:
    """Return the tallies of a graph, and what is said of those too that do not stand by themselves."""
    numbers: dict[str, dict[str, int]] = defaultdict(dict)
    facts: dict[str, str] = defaultdict(str)
    least: dict[str, int] = {}
    names: dict[NamedNode, str | None] = {}  # the name of a property of numbers: to ask each object takes longer
    for triple, asked in ((triple, least_of(rule)) for rule in chosen for triple in run(rule, store)):
        cell = triple.subject.value  # type: ignore[union-attr]
        if triple.predicate not in names:
            names[triple.predicate] = triple.predicate.value if _is_number(triple) else None
        if name := names[triple.predicate]:
            row = numbers[cell]
            row[name] = row.get(name, 0) + int(triple.object.value)  # type: ignore[union-attr]
            least[cell] = asked
        else:
            facts[cell] += f"{triple} .\n"
    return Tallies({cell: _one_of(least[cell], row) for cell, row in numbers.items()}, facts)


def renew(draft: Draft, former: Tallies, now: Tallies, count: Callable[[Iterable[list[Triple]]], Tallies]) -> int:
    """Bring the tallies of a store up to date, given those of the changed graphs as they were and as they are.

    Where a tally did not stand, other graphs may have counted too little for it; then `count` is given what is said of
    such tallies, and returns them as all graphs give them. Returns by how many triples the tallies have grown.
    """
    changed = [cell for cell in former.rows | now.rows if former.rows.get(cell) != now.rows.get(cell)]
    stored = {cell: [quad.triple for quad in draft.quads(subject=cell, graph=vocab.TALLIES)] for cell in changed}
    unknown = {cell for cell in changed if not stored[cell] and cell in now.rows and now.rows[cell].least > 1}
    counted = count(map(now.facts_of, unknown)).rows if unknown else {}
    gone: list[Triple] = []
    come: list[Triple] = []
    for cell, triples in stored.items():
        is_known = cell not in unknown
        row = _renewed(triples, former.rows.get(cell), now.rows.get(cell)) if is_known else counted[cell]
        gone += (triple for triple in triples if _is_number(triple) or not row.stands)
        if row.stands:
            come += [*_numbers(cell, row), *(() if triples else now.facts_of(cell))]
    draft.remove(vocab.TALLIES, gone)
    draft.add(vocab.TALLIES, come)
    return len(come) - len(gone)


def _renewed(stored: Iterable[Triple], before: Row | None, after: Row | None) -> Row:
    """Return the row that a store holds, brought up to date given what some graphs gave to it and what they give."""
    none = Row((before or after or Row(1, ())).least, ())
    numbers = {t.predicate.value: int(t.object.value) for t in stored if _is_number(t)}  # type: ignore[union-attr]
    return _one_of(none.least, numbers).plus(after or none).plus(before or none, -1)


def _is_number(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) and triple.object.datatype == _INTEGER
