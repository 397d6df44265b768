"""Files of typed columns, for SQL and data frames: Parquet, and Arrow's own."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from coopgraph.export.column_tables import ColumnTable, arrow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgraph.claims.model import Extract


def _parquet(table: ColumnTable, out: IO[bytes]) -> None:
    from pyarrow import parquet

    with parquet.ParquetWriter(out, table.schema, compression="zstd") as writer:
        for batch in table.batches():
            writer.write_batch(batch)


def _arrow(table: ColumnTable, out: IO[bytes]) -> None:
    """Write what Arrow calls a file, not compressed, so that programs can map it into memory as it is."""
    with arrow("arrow").ipc.new_file(out, table.schema) as writer:
        for batch in table.batches():
            writer.write_batch(batch)


WRITERS: Mapping[str, Callable[[ColumnTable, IO[bytes]], None]] = {"parquet": _parquet, "arrow": _arrow}
"""Format -> what writes a table in it; the same table gives the same bytes with the same version of pyarrow."""


def write_claims(extracted: Extract, format_: str, out: IO[bytes], about: Mapping[str, str]) -> None:
    """Write a row a claim, with the columns of CSV, in one of `WRITERS`. Raises errors as `ColumnTable` does."""
    from coopgraph.export import claim_columns

    arrow(format_)
    with ColumnTable(claim_columns.FIELDS, claim_columns.rows(extracted), about) as table:
        WRITERS[format_](table, out)
