"""Any number of lines in order; SQLite holds those that are too many for memory in a file that nobody sees."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from coopgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 5_000
"""Lines that are handed to SQLite together."""
_SETTINGS = (
    "PRAGMA page_size = 16384; PRAGMA cache_size = -16000; "  # a line is a subject, and some are long
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE"
)


class SortedLines:
    """Lines that come in any order and are read in the order of their code points.

    More than a few stand in a file without a name in the folder for temporary files, which is gone with the process,
    however that ends. Close it, or use it in a `with` statement. Raises `DataError` where the folder cannot take the
    lines.
    """

    def __init__(self) -> None:
        self._lines: list[tuple[str]] = []
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the lines."""
        if self._database is not None:
            self._database.close()

    def add(self, line: str) -> None:
        """Take a line."""
        self._lines.append((line,))
        if len(self._lines) >= _AT_ONCE:
            self._hand_over()

    def __iter__(self) -> Iterator[str]:
        """Yield the lines in order, repeated ones as often as they came."""
        rows = sorted(self._lines) if self._database is None else self._rows("SELECT line FROM lines ORDER BY line")
        return (line for (line,) in rows)

    def different(self) -> int:
        """Return how many different lines there are."""
        if self._database is None:
            return len(set(self._lines))
        return sum(number for (number,) in self._rows("SELECT COUNT(DISTINCT line) FROM lines"))

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        database = self._hand_over()
        with _as_data_error():
            for row in database.execute(query):  # noqa: UP028 - `yield from` would close the cursor too late
                yield row

    def _hand_over(self) -> sqlite3.Connection:
        with _as_data_error():
            if self._database is None:
                self._database = sqlite3.connect("", isolation_level=None)
                self._database.executescript(f"{_SETTINGS}; CREATE TABLE lines (line TEXT NOT NULL); BEGIN")
            self._database.executemany("INSERT INTO lines VALUES (?)", self._lines)
        self._lines.clear()
        return self._database


@contextmanager
def _as_data_error() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DataError(
            f"what is sorted cannot be put aside ({error}); make room in the folder for temporary files, "
            "or name another in TMPDIR"
        ) from error
