"""Values of which a mapping says something and that no cell has: likely misspelt, and nothing else would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import near, short
from coopgraph.tables.mapping import columns_of, taken
from coopgraph.tables.plan import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from coopgraph.tables.mapping import TableMapping
    from coopgraph.tables.table import Table

_MOST_COMPARED = 2_000
"""Values of a column among which one that comes near is looked for."""


def lines(mapping: TableMapping, table: Table) -> Iterator[str]:
    """Yield for each such value where it stands and what comes near; of what changes a meaning only if something does.

    Rows that are left out and conditions are told in any case: a total that is not left out is counted.
    """
    for column, values in taken(mapping.rows.without).items():
        yield from _missing("rows.without", column, values, _cells(table, column))
    for name, claim in mapping.claims.items():
        for column, values in claim.conditions.items():
            yield from _missing(f"claims.{name}.when", column, values, _cells(table, column))
        for key, lookup in claim.lookups.items():
            if lookup.otherwise is not None:
                cells = {part for cell in _cells(table, lookup.column) for part in parts(cell, lookup.split)}
                yield from _near(f"claims.{name}.{key}", lookup.column, lookup.values, cells)
    for name, entity in mapping.entities.items():
        if entity.name and columns_of(entity.name) == (entity.name,) and not (entity.split or entity.extract):
            yield from _near(f"entities.{name}.names", entity.name, entity.names, _cells(table, entity.name))


def _cells(table: Table, column: str) -> set[str]:
    at = table.columns.index(column)
    return {row.cells[at] for row in table.rows}


def _missing(place: str, column: str, values: Iterable[str], cells: set[str]) -> Iterator[str]:
    for value in values:
        if value not in cells:
            there = near(value, sorted(cells)) if len(cells) <= _MOST_COMPARED else ""
            yield f"{place}: no {short(column)!r} is {short(value)!r}{there}"


def _near(place: str, column: str, values: Collection[str], cells: set[str]) -> Iterator[str]:
    others = cells.difference(values)
    unused = [value for value in values if value not in cells]
    yield from (line for line in _missing(place, column, unused, others) if "did you mean" in line)
