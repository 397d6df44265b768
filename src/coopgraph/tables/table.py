"""A table: named columns and rows of text, each with the place where people find it, and its text for passages."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import UsageError
from coopgraph.reading.workbook import letters

if TYPE_CHECKING:
    from collections.abc import Sequence


MEDIA_TYPES = frozenset({
    "text/csv", "text/tab-separated-values", "application/jsonl", "application/vnd.apache.parquet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
})  # fmt: skip
"""Of the files that tables are read from."""


class Fault(NamedTuple):
    """What is wrong with a table at a place, and the number of the row that it spoils, 0 where it is not one row."""

    place: str
    message: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as a spreadsheet counts, from 1, and as many cells as the table has columns.

    Cells are text in NFC on one line, without white space around it, and with single blanks inside.
    """

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read: what it holds, what was noticed and decided about it, and what is wrong with it.

    `columns` are unique; `rows` has those that show something; `sha256` is of the file's bytes.
    """

    name: str
    sheet: str | None
    media_type: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    noticed: tuple[str, ...]
    faults: tuple[Fault, ...]
    sha256: str

    def place(self, row: int, column: int) -> str:
        """Return where a cell is, by the number of its row and of its column, which counts from 0.

        >>> Table("projects.csv", None, "text/csv", ("id", "status"), (), (), (), "").place(12, 1)
        'projects.csv:12, column "status"'
        """
        return place(self.name, self.sheet, row, column, self.columns)


def place(name: str, sheet: str | None, row: int, column: int, columns: Sequence[str]) -> str:
    """Return where a cell is: as a spreadsheet says it where there is a sheet, else by the name of the column."""
    if sheet is not None:
        return f"{sheet}!{letters(column)}{row}"
    return f'{name}:{row}, column "{columns[column] if column < len(columns) else letters(column)}"'


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said of a table beforehand; it goes before what is noticed. Raises `UsageError` for what cannot be.

    `sheet` is a name; `encoding` one that Python knows; `delimiter` one character; `quote` one too, or "" for none;
    `header_row` the number of the row with the names of columns, or of several that make them, above which nothing is
    read; `merged` is "fill" where each of the cells that are merged has the value of the first; `fill` are columns of
    which an empty cell has the value above.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_row: int | tuple[int, ...] | None = None
    merged: str | None = None
    fill: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '\r\n\0" '):
            raise UsageError(f"delimiter {self.delimiter!r} is none; write one character, such as , or ; or a tab")
        if self.quote is not None and (len(self.quote) > 1 or self.quote in {"\r", "\n", "\0", " ", self.delimiter}):
            raise UsageError(f"quote {self.quote!r} is none; write one character, or nothing where there are none")
        rows = self.header_rows
        if (rows or self.header_row is not None) and (min(rows, default=0) < 1 or [*rows] != sorted({*rows})):
            raise UsageError(f"header_row {[*rows]} is none; rows count from 1, and several go downwards")
        if self.merged not in {None, "fill"}:
            raise UsageError(f'merged {self.merged!r} is not known; write "fill", or leave it out')
        if self.encoding is not None and not _is_known(self.encoding):
            raise UsageError(f"encoding {self.encoding!r} is not known; write one such as utf-8, cp1252 or gb18030")

    @property
    def header_rows(self) -> tuple[int, ...]:
        """The rows that make the names of columns, none where that is to be noticed."""
        if self.header_row is None:
            return ()
        return (self.header_row,) if isinstance(self.header_row, int) else self.header_row


NOTHING_SET = Settings()
"""What is said of a table of which all is to be noticed."""


def _is_known(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding) is not None and isinstance(b"a".decode(encoding, "replace"), str)
    except (LookupError, ValueError):
        return False


def text(table: Table) -> str:
    """Return the text of a table: one row a line, the header first, cells parted by tabs."""
    lines = ["\t".join(table.columns), *("\t".join(row.cells) for row in table.rows)]
    return "\n".join(lines) + "\n"


def bounds(table: Table) -> list[tuple[int, int]]:
    """Return for each row where its line begins and ends in the text of the table, in code points.

    The first row is paragraph 2 of that text, the second paragraph 3, and so on.
    """
    tabs = len(table.columns) - 1
    start = sum(map(len, table.columns)) + tabs + 1
    found = []
    for row in table.rows:
        end = start + sum(map(len, row.cells)) + tabs
        found.append((start, end))
        start = end + 1
    return found
