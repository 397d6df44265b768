"""Records as a form of file has them, made into a table: its header, its rows, and what does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate, islice, zip_longest
from typing import TYPE_CHECKING

from coopgraph.errors import DataError, near, short
from coopgraph.rdf.printable import shown
from coopgraph.reading.workbook import letters
from coopgraph.tables.cells import LONGEST, damage, tidy
from coopgraph.tables.table import NOTHING_SET, Fault, Row, Table, place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgraph.tables.table import Settings

MOST_COLUMNS = 16_384
"""Columns that a spreadsheet has at most."""
MOST_ROWS = 2_000_000
"""Rows of a table at most, twice as many as a spreadsheet has."""
_MOST_CELLS = 50_000_000
"""Cells of a table at most."""
_SHOWN = 20
"""Characters of a cell that a fault quotes."""

_MOST_LISTED = 5
_DAMAGED = re.compile("[\0\ufeff\ufffd]")
Record = tuple[int, "Sequence[str]"]
"""The number of a row as a spreadsheet counts, and the text of its cells as it was written."""


@dataclass(slots=True)
class Found:
    """What a form of file gives: its records, with the header in front unless `columns` has the names.

    `faults` are by row and column from 0; `notes` are places of no single cell, with the row that they spoil.
    """

    media_type: str
    records: list[Record]
    sheet: str | None = None
    columns: list[str] | None = None
    noticed: list[str] = field(default_factory=list)
    faults: list[tuple[int, int, str]] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)


def table(found: Found, name: str, sha256: str, settings: Settings = NOTHING_SET) -> Table:
    """Return the table that records make. Raises `DataError` where there is no header, or no row below it."""
    noticed = list(found.noticed)
    at, header, below = _header(found, settings.header_rows)
    headers = [
        header,
        *([tidy(cell) for cell in cells] for row, cells in found.records[:at] if row in settings.header_rows),
    ]
    if found.columns is None and not settings.header_rows and at > 1:
        noticed.append(f"what is above row {at} is blank; row {at} is the header")
    read = [(number, [tidy(cell) if cell else "" for cell in cells]) for number, cells in below]
    columns = _columns(header, [cells for _, cells in read], noticed)
    refuse_long(len(read), len(columns))
    again = [number for number, cells in read if any(_repeats(each, cells) for each in headers)]
    noticed += [f"what repeats the header is left out: row {_listed([*map(str, again)])}"] if again else []
    left_out = frozenset(again)
    read = [each for each in read if each[0] not in left_out]
    rows = tuple(Row(number, _fitted(cells, len(columns))) for number, cells in read if any(cells))
    rows = _filled(rows, columns, settings.fill, noticed)
    if not rows:
        raise DataError("has a header and no rows; give the table with its rows")
    noticed += _blanks(number for number, cells in read if not any(cells))
    faults = [each for each in found.faults if each[0] >= at]
    faults += [(number, *each) for number, cells in below for each in _damages(cells)]
    faults += [(number, *each) for number, cells in read for each in _ragged(cells, len(columns))]
    noticed += _invisible(below)
    told = [Fault(place(name, found.sheet, row, column, columns), what, row) for row, column, what in sorted(faults)]
    told += [each for each in found.notes if each.row >= at]
    told.sort(key=lambda fault: fault.row)
    return Table(name, found.sheet, found.media_type, columns, rows, tuple(noticed), tuple(told), sha256)


def _header(found: Found, rows: tuple[int, ...]) -> tuple[int, list[str], list[Record]]:
    """Return the number of the header, its names, and the records below it; `rows` are those that make it."""
    if found.columns is not None:
        return 0, [tidy(name) for name in found.columns], found.records
    tidied = ((number, [tidy(cell) for cell in cells]) for number, cells in found.records)
    if rows:
        parts = {number: names for number, names in islice(tidied, rows[-1]) if number in rows}
        if missing := [number for number in rows if number not in parts]:
            what = "set header_row in [table] to the row with the names of columns"
            raise DataError(f"has no row {missing[0]}; {what}")
        number, names = rows[-1], _joined([*parts.values()])
    else:
        number, names = next((each for each in tidied if any(each[1])), (0, []))
    if not number:
        raise DataError("is empty; give the table itself")
    if all(map(_is_figure, names)):
        what = "figures and no names" if any(names) else "nothing"
        raise DataError(f"has {what} in row {number}; set header_row in [table] to the row with the names")
    return number, names, [each for each in found.records if each[0] > number]


def _joined(rows: list[list[str]]) -> list[str]:
    """Return the names that several rows make: what is above stands for all columns up to the next that says something.

    >>> _joined([["", "Exports", "", "Imports", ""], ["Partner", "2019", "2020", "2019", "2020"]])
    ['Partner', 'Exports 2019', 'Exports 2020', 'Imports 2019', 'Imports 2020']
    """
    *above, last = rows
    filled = [list(accumulate(row, _above)) for row in above]
    parts = zip_longest(*filled, last, fillvalue="")
    return [" ".join(dict.fromkeys(filter(None, each))) for each in parts]


def _above(before: str, cell: str) -> str:
    return cell or before


def _repeats(header: list[str], cells: list[str]) -> bool:
    """Say whether a row is one of the header once more, as on each page of what was printed."""
    return sum(map(bool, cells)) > 1 and cells[: len(header)] == header[: len(cells)]


def _filled(
    rows: tuple[Row, ...], columns: tuple[str, ...], fill: Sequence[str], noticed: list[str]
) -> tuple[Row, ...]:
    """Return rows with the value above in the empty cells of some columns, and say of how many."""
    for name in fill:
        if name not in columns:
            raise DataError(f"has no column {short(name)!r}, which fill in [table] names{near(name, columns)}")
        at, above, number, done = columns.index(name), "", 0, list[Row]()
        for row in rows:
            is_empty = not row.cells[at]
            above = row.cells[at] or above
            number += is_empty and bool(above)
            done.append(Row(row.number, (*row.cells[:at], above, *row.cells[at + 1 :])) if is_empty else row)
        rows = tuple(done)
        noticed.append(f"{many(number, 'empty cell')} of {name!r} filled with the value above")
    return rows


def _is_figure(name: str) -> bool:
    """Say whether what should be a name is a number or nothing."""
    return not re.search(r"[^\d.,%+\s-]", name)


def _columns(header: list[str], rows: list[list[str]], noticed: list[str]) -> tuple[str, ...]:
    """Return a name for each column: as the header has it, made unique, or by the letter of the column."""
    used = min(max((_width(cells) for cells in rows), default=0), len(header))
    names = header[: max(_width(header), used)]
    if len(names) > MOST_COLUMNS:
        raise DataError(f"has {len(names):,} columns; a table has {MOST_COLUMNS:,} at most")
    if sum(map(bool, names)) * 2 < len(names):
        raise DataError(
            f"has a first row that names {sum(map(bool, names))} of {len(names)} columns; "
            "set header_row in [table] to the row with the names"
        )
    unnamed = [letters(at) for at, name in enumerate(names) if not name]
    if unnamed:
        noticed.append(f"columns without a name are called by their letter: {_listed(unnamed)}")
    return tuple(_unique([name or f"column {letters(at)}" for at, name in enumerate(names)], noticed))


def _width(cells: Sequence[str]) -> int:
    """Return the number of cells up to the last one that shows something."""
    return next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0)


def _unique(names: list[str], noticed: list[str]) -> list[str]:
    taken, found, said = set(names), [], []
    last: dict[str, int] = {}
    for name in names:
        number, unique = last.get(name, 0) + 1, name
        while number > 1 and (unique := f"{name} ({number})") in taken:
            number += 1
        if number > 1:
            said.append(f"another column is called {name!r} too; it is called {unique!r}")
        last[name] = number
        found.append(unique)
    noticed += said[:_MOST_LISTED]
    if len(said) > _MOST_LISTED:
        noticed.append(f"{len(said) - _MOST_LISTED} columns more have a name that another one has, and got a number")
    return found


def _fitted(cells: list[str], width: int) -> tuple[str, ...]:
    return tuple(cells[:width]) if len(cells) >= width else (*cells, *[""] * (width - len(cells)))


def _ragged(cells: list[str], width: int) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with the number of cells of a row, with the column where that shows."""
    if len(cells) < width and any(cells):
        missing = "its last ones are taken as empty; look for a delimiter that is missing"
        yield len(cells) - 1, f"ends a row of {len(cells)} cells under {width} columns; {missing}"
    elif len(cells) > width and any(cells[width:]):
        more = next(cell for cell in cells[width:] if cell)
        yield width - 1, f"has {short(more, _SHOWN)!r} behind the last column; look for a delimiter without quotes"


def _damages(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    line = "".join(cells)
    if _DAMAGED.search(line) or len(line) > LONGEST:
        yield from ((at, what) for at, cell in enumerate(cells) if (what := damage(cell)))


def _blanks(numbers: Iterable[int]) -> list[str]:
    blank = [f"{number}" for number in numbers]
    return [f"{many(len(blank), 'blank row')} left out: {_listed(blank)}"] if blank else []


def _invisible(records: list[Record]) -> list[str]:
    """Return what to say of characters that are not seen and were left out, besides those that are faults."""
    number = sum(
        1
        for _, cells in records
        if not "".join(cells).isprintable()
        for cell in cells
        if not cell.isprintable() and not damage(cell) and shown(blanked := " ".join(cell.split())) != blanked
    )
    return [f"{many(number, 'cell')} with characters that are not seen, which are left out"] if number else []


def refuse_long(rows: int, columns: int = 1) -> None:
    """Raise `DataError` where a table has more rows or cells than are read."""
    if rows > MOST_ROWS:
        raise DataError(f"has more than {MOST_ROWS:,} rows; make several files of it")
    if rows * columns > _MOST_CELLS:
        raise DataError(f"has {rows:,} rows of {columns:,} columns; make several files of it")


def many(number: int, noun: str) -> str:
    """Return a number of things in words.

    >>> many(1, "row"), many(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(words: list[str]) -> str:
    more = f" and {len(words) - _MOST_LISTED} more" if len(words) > _MOST_LISTED else ""
    return f"{', '.join(words[:_MOST_LISTED])}{more}"
