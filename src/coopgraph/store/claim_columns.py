"""Claims and passages of each graph as columns, so that many are read without asking the engine for each property.

A sheet is a table of one graph: a row for each claim, or for each passage and source, and a column for each property.
A build writes those of each graph file as it reads it; all stand in one SQLite file beside the database.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from coopgraph.claims.properties import CLAIMS, FILE, GIST, OBJECT, POSITIONS
from coopgraph.errors import DamagedStoreError
from coopgraph.rdf.terms import Literal, NamedNode, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.rdf.terms import Quad, Term, Triple

Cell: TypeAlias = "str | Literal | tuple[str | Literal, ...] | None"
"""What a thing has of a property: nothing, the IRI or text of its one value or a literal, or several of these."""
Column: TypeAlias = "dict[str, Cell]"
"""IRI of a thing -> what it has of a property."""
Sheets: TypeAlias = "dict[str, bytes]"
"""The sheets of one graph by kind, as they are kept."""

KINDS = {"claims": CLAIMS, "positions": (*POSITIONS, FILE), "gists": (GIST,)}
"""Kind of sheet -> the properties that are its columns; that of positions has sources too, with their texts."""

_LITERALS = frozenset((OBJECT, GIST))
"""The properties of whose literals language and datatype matter; of all others the text is kept alone."""


def entry(term: Term) -> str | Literal:
    """Return a term as it stands in a cell."""
    return term if isinstance(term, Literal) else value(term)


def put(column: Column, thing: str, one: str | Literal) -> None:
    """Let a thing have one more value of a property."""
    cell = column.get(thing)
    if cell is None:
        column[thing] = one
    elif isinstance(cell, tuple):
        column[thing] = cell if one in cell else (*cell, one)
    elif cell != one:
        column[thing] = (cell, one)


def gathered(statements: Iterable[Triple | Quad]) -> dict[str, Column]:
    """Return the columns of all sheets out of what is stated, by property."""
    columns: dict[str, Column] = {name: {} for names in KINDS.values() for name in names}
    wanted = {NamedNode(name): (column, name in _LITERALS) for name, column in columns.items()}.get
    for statement in statements:
        wanted_column = wanted(statement.predicate)
        if wanted_column is not None:
            column, whole = wanted_column
            one = entry(statement.object) if whole else value(statement.object)
            thing = value(statement.subject)
            if thing in column:
                put(column, thing, one)
            else:
                column[thing] = one
    return columns


def packed(columns: Mapping[str, Column]) -> Sheets:
    """Return columns as the sheets of a graph; the same triples in any order give the same bytes."""
    sheets = {}
    for kind, names in KINDS.items():
        kept = {name: columns[name] for name in names if columns[name]}
        if kept:
            sheets[kind] = _packed(kept)
    return sheets


def _packed(columns: Mapping[str, Column]) -> bytes:
    """Return JSON: things, different cells, and for each column the number of each thing's cell, from 1, 0 for none."""
    things = sorted(set().union(*columns.values()))
    numbers: dict[Cell, int] = {None: 0}
    rows = {
        name: [numbers.setdefault(_sorted(cell), len(numbers)) for cell in map(column.get, things)]
        for name, column in columns.items()
    }
    cells = [_plain(cell) for cell in numbers if cell is not None]
    return json.dumps([things, cells, rows], ensure_ascii=False, separators=(",", ":")).encode()


def _sorted(cell: Cell) -> Cell:
    return tuple(sorted(cell, key=str)) if isinstance(cell, tuple) else cell


def _plain(cell: Cell) -> Any:
    """Return a cell as JSON has it: a text, an object for a literal, a list of several."""
    if isinstance(cell, tuple):
        return [_plain(one) for one in cell]
    if isinstance(cell, Literal):
        return {"v": cell.value, "l": cell.language} if cell.language else {"v": cell.value, "t": cell.datatype.value}
    return cell


def _cell(plain: Any) -> Any:
    """Return the cell that `_plain` gave."""
    if isinstance(plain, list):
        return tuple([_cell(one) for one in plain])
    if isinstance(plain, str):
        return plain
    if "l" in plain:
        return Literal(plain["v"], language=plain["l"])
    return Literal(plain["v"], datatype=NamedNode(plain["t"]))


def rows(sheet: bytes, wanted: Iterable[str], texts: dict[str, str] | None) -> tuple[list[str], dict[str, list[Cell]]]:
    """Return the things of a sheet, and their cells in some of its columns; equal texts become one, in `known`."""
    try:
        things, cells, rows = json.loads(sheet)
    except ValueError as error:
        raise DamagedStoreError(f"sheets.db: holds what is no sheet ({error}); run coopgraph build --full") from error
    if texts is not None:
        same = texts.setdefault
        cells = [same(cell, cell) if type(cell) is str else cell for cell in cells]
    number = [None, *[cell if type(cell) is str else _cell(cell) for cell in cells]].__getitem__
    return things, {name: list(map(number, rows[name])) for name in wanted if name in rows}


def unpacked(sheet: bytes, wanted: Iterable[str]) -> dict[str, Column]:
    """Return columns of a sheet, empty ones where it has none."""
    things, columns = rows(sheet, wanted, None)
    return {name: dict(zip(things, columns[name], strict=True)) if name in columns else {} for name in wanted}


def positions(sheets: Sheets) -> dict[str, Column]:
    """Return the columns that say where passages stand, out of the sheets of a graph."""
    kind = "positions"
    return unpacked(sheets[kind], KINDS[kind]) if kind in sheets else {name: {} for name in KINDS[kind]}


class Merged:
    """Sheets of one kind from all graphs as one. Its columns are lists, so that reading a whole one is quick."""

    def __init__(self, names: Iterable[str], sheets: Iterable[tuple[list[str], dict[str, list[Cell]]]]) -> None:
        things: list[str] = []
        self._columns: dict[str, list[Cell]] = {name: [] for name in names}
        for more, columns in sheets:
            things += more
            for name, whole in self._columns.items():
                whole.extend(columns.get(name) or [None] * len(more))
        self._row_of = {thing: row for row, thing in enumerate(things)}
        if len(self._row_of) < len(things):  # several graphs describe a thing: it has the values of all
            for row, thing in enumerate(things):
                if row != self._row_of[thing]:
                    for name, column in self._columns.items():
                        self._put(name, thing, column[row])

    def _put(self, name: str, thing: str, cell: Cell) -> None:
        column, row = self._columns[name], self._row_of[thing]
        values = {thing: column[row]}
        for one in cell if isinstance(cell, tuple) else () if cell is None else (cell,):
            put(values, thing, one)
        column[row] = values[thing]

    def put(self, name: str, thing: str, one: str | Literal) -> None:
        """Let a thing have one more value of a property."""
        if thing not in self._row_of:
            self._row_of[thing] = len(next(iter(self._columns.values())))
            for column in self._columns.values():
                column.append(None)
        self._put(name, thing, one)

    def rows(self, things: Iterable[str]) -> list[int]:
        """Return where the things stand in each column, one behind its end where they do not."""
        row, none = self._row_of.get, len(next(iter(self._columns.values())))
        return [row(thing, none) for thing in things]

    def cells(self, name: str, rows: Iterable[int]) -> list[Cell]:
        """Return what stands in some rows of a column."""
        return list(map([*self._columns[name], None].__getitem__, rows))
