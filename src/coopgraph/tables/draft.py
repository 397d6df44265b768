"""A mapping drafted for a table: what can be seen in its columns, for a person to go on with."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import fields
from typing import TYPE_CHECKING

from coopgraph.errors import UsageError
from coopgraph.reading import documents
from coopgraph.tables.mapping import TableEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.tables.table import Table

_SHOWN = 5
_LETTERS = 40
_SILENT = "n/a n.a. na nil none - – — -- .. ... … tbc tbd unknown 无 無"
"""What people write into cells that say nothing."""
_DAYS = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}")


def mapping(table: Table, entry: TableEntry | None = None) -> str:
    """Return the draft of a mapping as TOML: what is to be written stands in capital letters.

    Columns are told with how many rows say something in them and with their most frequent values. `entry` is what a
    mapping says of the table already.
    """
    return "\n".join(_lines(table, entry or TableEntry(table.name))) + "\n"


def _lines(table: Table, entry: TableEntry) -> Iterator[str]:
    yield f"# A mapping for {table.name}; docs/tables.md explains each key. Write what stands in CAPITALS."
    yield ""
    yield "[table]"
    yield f"file = {_quoted(entry.file)}"
    keys = [entry.key] if entry.key else _keys(table)
    yield f"key = {_quoted(keys[0]) if keys else '[]'}  # the column, or columns, that tell rows apart"
    given = {each.name: getattr(entry, each.name) for each in fields(entry) if each.name not in ("file", "key")}
    for name, value in (given | {"sheet": table.sheet}).items():
        if value not in (None, ()):
            yield f"{name} = {_quoted(value)}"
    if (silent := _silent(table)) and not entry.empty:
        yield f"# empty = {_quoted(silent)}  # cells that say nothing"
    if (column := _with_days(table)) and not entry.dates:
        yield f'# dates = "%d/%m/%Y"  # or "%m/%d/%Y": which of day and month stands first in {_quoted(column)}'
    yield ""
    yield "[source]"
    yield f"id = {_quoted(_slug(table.name))}"
    yield 'title = "TITLE"'
    yield 'publisher = "PUBLISHER"'
    yield 'issued = "YEAR"'
    yield '# license = "https://creativecommons.org/licenses/by/4.0/"'
    yield '# address = "https://..."'
    yield ""
    yield f"# The columns, with how many of the {len(table.rows):,} rows say something, and what they say most often:"
    for number, name in enumerate(table.columns):
        yield f"#   {_quoted(name)}: {_summary(table, number)}"
    yield ""
    yield "[entities.subject]"
    yield 'kind = "Initiative"  # City, Country, Organisation, Company, Person, Event ...'
    yield 'name = "COLUMN"  # or a text such as "{COLUMN}, {OTHER}"'
    yield "# new = true  # make things of names that nothing in the graph comes near to, without asking"
    yield ""
    yield "[entities.object]"
    yield 'kind = "Organisation"'
    yield 'name = "COLUMN"'
    yield ""
    yield "[claims.link]"
    yield 'subject = "subject"'
    yield 'predicate = "fundedBy"  # coopgraph query relations lists them'
    yield 'object = "object"'
    yield 'status = "realised"  # or { column = "COLUMN", values = { "VALUE" = "planned" } }'
    yield '# valid_from = "COLUMN"  # or { column = "COLUMN", format = "%d-%b-%y" }'


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _slug(name: str) -> str:
    try:
        return documents.slug(name.rpartition(".")[0] or name)
    except UsageError:
        return "table"


def _keys(table: Table) -> list[str]:
    """Return the columns whose cells are full and tell all rows apart."""
    found = []
    for number, name in enumerate(table.columns):
        cells = {row.cells[number] for row in table.rows}
        if len(cells) == len(table.rows) and "" not in cells:
            found.append(name)
    return found


def _silent(table: Table) -> list[str]:
    """Return the cells that likely say nothing."""
    words = frozenset(_SILENT.split())
    return sorted({cell for row in table.rows for cell in row.cells if cell.casefold() in words})


def _with_days(table: Table) -> str:
    """Return the first column of dates of which nobody can know whether the day or the month stands first."""
    for number, name in enumerate(table.columns):
        cells = [cell for row in table.rows if (cell := row.cells[number])]
        if cells and sum(map(bool, map(_DAYS.fullmatch, cells))) * 2 > len(cells):
            return name
    return ""


def _summary(table: Table, number: int) -> str:
    counted = Counter(row.cells[number] for row in table.rows)
    full = len(table.rows) - counted.pop("", 0)
    shown = [f"{_short(cell)} ({times:,})" for cell, times in counted.most_common(_SHOWN)]
    others = len(counted) - len(shown)
    told = "; ".join(shown) + (f"; and {others:,} others" if others > 0 else "")
    return f"{full:,}: {told}" if full else "nothing"


def _short(cell: str) -> str:
    return cell if len(cell) <= _LETTERS else f"{cell[: _LETTERS - 3]}..."
