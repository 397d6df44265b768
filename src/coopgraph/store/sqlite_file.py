"""An SQLite file that stands beside the database: open to read, changed by nobody, or in the making."""

from __future__ import annotations

import os
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from coopgraph.errors import DamagedStoreError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNSAFE = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN"
"""A generation is thrown away unless it is finished, so nothing in it needs to outlive a failure."""


class SqlFile:
    """The file, or a database in memory where there is no path. Close it when done.

    Raises `DataError` where the file is damaged or, in the making, cannot be written.
    """

    schema: str
    """The statements that make what is not there yet."""
    table: str
    """A table that is in a whole file."""
    what: str
    """What the file is, for messages."""

    def __init__(self, path: Path | None, *, make: bool = False) -> None:
        import sqlite3
        from urllib.parse import quote

        self._path, self._make = path, make
        options = "" if make else "?mode=ro&immutable=1"
        address = ":memory:" if path is None else f"file:{quote(os.fsencode(path))}{options}"
        with self._as_data_error():
            # SQLite itself lets threads take turns, and nobody writes what is open to read.
            self._connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
            self._release = weakref.finalize(self, self._connection.close)
            if make:
                self._connection.executescript(self.schema + _UNSAFE)
            self._connection.execute(f"SELECT 1 FROM {self.table} LIMIT 1")  # noqa: S608 - a name of ours

    @classmethod
    def create(cls, path: Path | None) -> Self:
        """Open a file to write, and make it where there is none; without a path it is in memory."""
        return cls(path, make=True)

    def commit(self) -> None:
        """Write what has been changed, and go on."""
        with self._as_data_error():
            self._connection.execute("COMMIT")
            self._connection.execute("BEGIN")

    def close(self) -> None:
        """Let go of the file; what has not been committed is lost."""
        self._release()

    @contextmanager
    def _as_data_error(self) -> Iterator[None]:
        """Turn what SQLite says into one line."""
        import sqlite3

        try:
            yield
        except sqlite3.Error as error:
            place = f"{self._path}: {self.what} cannot be"
            if self._make and isinstance(error, sqlite3.OperationalError):  # others tell of a damaged file
                advice = "make room or mend the permissions, then build again"
                raise DataError(f"{place} written ({error}); {advice}") from error
            raise DamagedStoreError(f"{place} used ({error}); run coopgraph build --full") from error
