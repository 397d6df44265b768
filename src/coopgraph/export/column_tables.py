"""Tables of typed columns, as Arrow has them: rows are put aside until it is known what their columns are."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self, cast

from coopgraph.errors import DataError, UsageError, install
from coopgraph.export.found_types import READERS, TEXT, ColumnType, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    import pyarrow as pa


class Field(NamedTuple):
    """A column: its name, what it says, and its type, or None where that is as its cells are found to be.

    Cells of a typed column are Python values, in lists tuples of them; cells of the others are RDF terms, and `empty`
    is the type of such a column where no cell has anything.
    """

    name: str
    description: str = ""
    type: ColumnType | None = None
    empty: ColumnType = TEXT


_ROWS, _CHARACTERS = 1 << 15, 1 << 24
"""Rows, and characters or so, that are in memory at once: what is a batch of Arrow and a row group of Parquet."""
_IN_MEMORY = 1 << 24
"""Bytes that are put aside in memory; what is more goes to a file without a name."""


def arrow(what: str) -> ModuleType:
    """Return pyarrow. Raises `UsageError` where it is not installed, saying what needs it."""
    try:
        import pyarrow as pa
        import pyarrow.parquet  # a part that some packages of pyarrow leave out
    except ImportError:
        raise UsageError(f"{what} needs pyarrow; {install('tables')}") from None
    return cast("ModuleType", pa)


class ColumnTable:
    """Rows as batches of Arrow, in their order, and their `schema`. Close it, or use it in a `with` statement.

    Raises `UsageError` where pyarrow is missing or two columns have one name, and `DataError` where the folder for
    temporary files is full.
    """

    def __init__(self, fields: Sequence[Field], rows: Iterable[Sequence[Any]], about: Mapping[str, str]) -> None:
        self._pa = arrow("a table of columns")
        _refuse_twice([field.name for field in fields])
        self.fields, self._about = fields, about
        self._seen = [Seen() if field.type is None else None for field in fields]
        self._aside: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `close` closes it
        try:
            self._put_aside(rows)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the rows."""
        self._aside.close()

    def _put_aside(self, rows: Iterable[Sequence[Any]]) -> None:
        schema = self._pa.schema([(field.name, self._arrow_type(field.type or TEXT)) for field in self.fields])
        with _as_data_error(), self._pa.ipc.new_stream(self._aside, schema) as out:
            for cells in self._taken(rows):
                columns = zip(cells, schema, strict=True)
                out.write_batch(
                    self._pa.record_batch([self._pa.array(column, of.type) for column, of in columns], schema=schema)
                )

    def _taken(self, rows: Iterable[Sequence[Any]]) -> Iterator[list[list[Any]]]:
        """Yield the cells of some rows at once, column by column, terms as their texts."""
        takers = [None if seen is None else seen.take for seen in self._seen]
        cells: list[list[Any]] = [[] for _ in takers]
        number = size = 0
        for row in rows:
            for column, take, cell in zip(cells, takers, row, strict=True):
                column.append(text := cell if take is None else take(cell))
                size += len(text) if isinstance(text, str) else 8
            number += 1
            if number >= _ROWS or size >= _CHARACTERS:
                yield cells
                cells, number, size = [[] for _ in takers], 0, 0
        if number:
            yield cells

    @property
    def schema(self) -> pa.Schema:
        """The columns with their types and descriptions, and what is said about the whole."""
        fields = [self._described(field, kind) for field, kind in zip(self.fields, self.types, strict=True)]
        return self._pa.schema(fields, metadata=dict(self._about) or None)

    def _described(self, field: Field, kind: ColumnType) -> pa.Field:
        metadata = {"description": field.description} if field.description else None
        return self._pa.field(field.name, self._arrow_type(kind), metadata=metadata)

    @property
    def types(self) -> list[ColumnType]:
        """The types of the columns."""
        pairs = zip(self.fields, self._seen, strict=True)
        return [field.type or (TEXT if seen is None else seen.type(field.empty)) for field, seen in pairs]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows, a batch after the other."""
        schema, types = self.schema, self.types
        self._aside.seek(0)
        with _as_data_error(), self._pa.ipc.open_stream(self._aside) as batches:
            for batch in batches:
                columns = zip(batch.columns, self._seen, types, schema, strict=True)
                typed = [
                    column if seen is None else self._read(column, kind, field.type)
                    for column, seen, kind, field in columns
                ]
                yield self._pa.record_batch(typed, schema=schema)

    def _read(self, texts: pa.Array, kind: ColumnType, to: pa.DataType) -> pa.Array:
        """Return the values that texts stand for."""
        read = READERS.get(kind.name)
        if read is None:
            return texts
        return self._pa.array([None if text is None else read(text) for text in texts.to_pylist()], to)

    def _arrow_type(self, kind: ColumnType) -> pa.DataType:
        pa = self._pa
        if kind.name == "decimal":
            return pa.decimal128(kind.digits, kind.scale)
        makers = {
            "text": pa.string, "boolean": pa.bool_, "integer": pa.int64, "double": pa.float64, "date": pa.date32,
            "texts": lambda: pa.list_(pa.string()), "integers": lambda: pa.list_(pa.int64())
        }  # fmt: skip
        return makers[kind.name]()


def _refuse_twice(names: Sequence[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"the column {twice} is there twice; name it once")


@contextmanager
def _as_data_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DataError(
            f"rows cannot be put aside ({error.strerror or error}); make room in the folder for temporary files, "
            "or name another in TMPDIR"
        ) from error
