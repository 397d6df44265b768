"""Tables as Parquet: columns with types, whose values are written as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import DataError, short
from coopgraph.tables.cells import tidy
from coopgraph.tables.nested import as_text
from coopgraph.tables.records import Found, Record, refuse_long

if TYPE_CHECKING:
    import pyarrow as pa

    from coopgraph.tables.table import Settings

_MOST_BYTES = 1 << 30
"""Bytes of the columns at most, unpacked."""
_DEEPEST = 20
_TOLD = 300
"""Characters of what is told of types."""


def found(data: bytes, settings: Settings) -> Found:
    """Return what a file of columns holds, rows counted from 1. Raises `DataError` where it is broken or too large."""
    import pyarrow as pa

    try:
        table = _read(data)
        columns = [_texts(column) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        said = str(error).partition("\n")[0]
        raise DataError(f"is no Parquet file that can be read ({said}); write it again") from error
    types = short(tidy(", ".join(f"{each.name} {each.type}" for each in table.schema)), _TOLD)
    records: list[Record] = list(enumerate(zip(*columns, strict=True), 1))
    noticed = ["form Parquet", f"types {types}"]
    return Found("application/vnd.apache.parquet", records, columns=table.column_names, noticed=noticed)


def _read(data: bytes) -> pa.Table:
    """Return what is in a file, each field of what has fields a column of its own, `a.b`."""
    import pyarrow as pa
    from pyarrow import parquet

    file = parquet.ParquetFile(pa.BufferReader(data))
    about = file.metadata
    refuse_long(about.num_rows, about.num_columns)
    size = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    if size > _MOST_BYTES:
        raise DataError(f"unfolds to more than {_MOST_BYTES >> 20} MB; make several files of it")
    table = file.read(use_threads=False)
    for _ in range(_DEEPEST):
        if not any(pa.types.is_struct(each.type) for each in table.schema):
            break
        table = table.flatten()
    return table


def _texts(column: pa.ChunkedArray) -> list[str]:
    """Return the values of a column as text."""
    import numpy as np
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):  # what is finer, Python has no type for
        column = column.cast(pa.timestamp("us", kind.tz), safe=False)
    values = column.to_pylist()
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        values = [None if value is None else float(str(np.float32(value))) for value in values]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        values = [None if value is None else value.decode("utf-8", "replace") for value in values]
    return [as_text(value) for value in values]
