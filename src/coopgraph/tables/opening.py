"""A mapping opened with its table: the file that it names, read as it says, with all the columns that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import DataError, UsageError, near, short
from coopgraph.tables import files as table_files
from coopgraph.tables import mapping_file
from coopgraph.tables.mapping import listed
from coopgraph.tables.table import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from coopgraph.tables.mapping import TableEntry, TableMapping
    from coopgraph.tables.table import Table


def opened(path: Path) -> tuple[TableMapping, Table]:
    """Return the mapping in a file, and the table that it names, which lies beside it or below.

    Raises `DataError` where either cannot be read, or the table lacks a column.
    """
    read = mapping_file.read(path)
    table = table_of(path, read.table)
    for column, place in read.columns.items():
        if column not in table.columns:
            there = near(column, table.columns) or f"; columns are {', '.join(table.columns[:40])}"
            raise DataError(f"{path}: {place}: {table.name} has no column {short(column)!r}{there}")
    return read, table


def table_of(path: Path, entry: TableEntry) -> Table:
    """Return the table that a mapping (its path) names. Raises `DataError` where it cannot be read."""
    table_path = path.parent / entry.file
    if files.leads_out(table_path, path.parent):
        raise DataError(f"{path}: table.file {entry.file!r} leads out of its folder; put the table beside the mapping")
    try:
        kept = (entry.sheet, entry.encoding, entry.delimiter, entry.quote, entry.header_row, entry.merged)
        settings = Settings(*kept, fill=listed(entry.fill))
    except UsageError as error:
        raise DataError(f"{path}: table.{error}") from error
    return table_files.read(table_path, settings)
