"""The graph as a DuckDB file: one database with tables, comments on each of their columns, and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import DataError, UsageError, install
from coopgraph.export.column_tables import ColumnTable, arrow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb

    from coopgraph.claims.model import Extract
    from coopgraph.export.relations import Relation

NAME = "duckdb"
_SETTINGS: Mapping[str, str | bool] = {
    "storage_compatibility_version": "v1.2.0",  # so that every DuckDB since 1.2 reads the file
    "default_block_size": "16384",  # a column of a small table takes a block at least, and a block is 256 kB otherwise
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write(extracted: Extract, target: str | Path, about: Mapping[str, str]) -> None:
    """Write an extract to a file, of which `about` is said.

    Raises `UsageError` where a library is missing, and `DataError` where the file cannot be written.
    """
    try:
        import duckdb
    except ImportError:
        raise UsageError(f"duckdb needs duckdb; {install('tables')}") from None
    from coopgraph.export.relations import relations

    arrow(NAME)
    with files.file_to(target, ".wal") as path:
        try:
            with duckdb.connect(path, config=dict(_SETTINGS)) as database:
                for relation in relations(about):
                    _fill(database, relation, extracted, about)
        except duckdb.Error as error:
            reason = str(error).partition("\n")[0]
            raise DataError(f"{target}: cannot be written ({reason}); {files.remedy(error)}") from error


def _fill(
    database: duckdb.DuckDBPyConnection, relation: Relation, extracted: Extract, about: Mapping[str, str]
) -> None:
    import pyarrow as pa

    with ColumnTable(relation.fields, relation.rows(extracted), about) as table:
        database.register("rows", pa.RecordBatchReader.from_batches(table.schema, table.batches()))
        database.execute(f"CREATE TABLE {relation.name} AS SELECT * FROM rows")  # noqa: S608 - names are our own
        database.unregister("rows")
    if relation.key:
        database.execute(f"ALTER TABLE {relation.name} ADD PRIMARY KEY ({', '.join(relation.key)})")
    database.execute(f"COMMENT ON TABLE {relation.name} IS {_quoted(relation.description)}")
    for field in relation.fields:
        database.execute(f'COMMENT ON COLUMN {relation.name}."{field.name}" IS {_quoted(field.description)}')


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
