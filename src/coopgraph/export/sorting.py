"""Any number of lines in order: sorted in memory while they are few, in temporary files when they are many."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Self

from coopgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

IN_MEMORY = 8_000_000
"""Characters that a `Sorter` holds before it writes them out as a sorted run."""
_LEAST_READ = 1 << 17


class Sorter:
    """Lines (texts without line feeds) that come in any order and are read in the order of their code points.

    Its runs stand in one nameless file in the folder for temporary files, which is gone with the process, however that
    ends. Close it, or use it in a `with` statement. Raises `DataError` where the folder cannot take the runs.
    """

    def __init__(self, in_memory: int | None = None) -> None:
        self._most = IN_MEMORY if in_memory is None else in_memory
        self._lines: list[str] = []
        self._size = 0
        self._runs: list[tuple[int, int]] = []
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the lines, in memory and on disk."""
        self._lines, self._runs = [], []
        if self._file:
            self._file.close()

    def add(self, line: str) -> None:
        """Take a line."""
        self._lines.append(line)
        self._size += len(line)
        if self._size > self._most:
            self._spill()

    def __iter__(self) -> Iterator[str]:
        """Yield the lines in order, repeated ones as often as they came."""
        if self._runs and self._lines:
            self._spill()
        self._lines.sort()
        for batch in self._merged() if self._runs else (self._lines,):
            yield from batch

    def _spill(self) -> None:
        import tempfile

        self._lines.sort()
        with _room():
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by `close`
            start = self._file.seek(0, 2)
            for at in range(0, len(self._lines), _PIECE):
                _write(self._file, "".join(f"{line}\n" for line in self._lines[at : at + _PIECE]).encode())
            self._runs.append((start, self._file.tell()))
        self._lines, self._size = [], 0

    def _merged(self) -> Iterator[list[str]]:
        """Yield batches: what no run's unread part can precede, put in order (which is quick for sorted stretches)."""
        at_once = max(_LEAST_READ, self._most // (2 * len(self._runs)))
        runs = [_Run(self._file, start, end, at_once) for start, end in self._runs if self._file]
        while runs := [run for run in runs if run.filled()]:
            bound = min(run.lines[-1] for run in runs)
            batch = [line for run in runs for line in run.taken(bound)]
            batch.sort()
            yield batch


_PIECE = 10_000
"""Lines that are made one text when a run is written."""


class _Run:
    """A sorted stretch of the file, of which some lines are in memory."""

    def __init__(self, file: IO[bytes], start: int, end: int, at_once: int) -> None:
        self.lines: list[str] = []
        self._file, self._at, self._end, self._at_once = file, start, end, at_once

    def filled(self) -> bool:
        """Read on where no line is in memory; say whether there is one."""
        wanted = self._at_once
        while not self.lines and self._at < self._end:
            self._file.seek(self._at)
            data = self._file.read(min(wanted, self._end - self._at))
            whole = data.rfind(b"\n") + 1
            self._at += whole
            self.lines = data[:whole].decode().split("\n")[:-1]
            wanted *= 2  # for a line longer than that
        return bool(self.lines)

    def taken(self, bound: str) -> list[str]:
        """Return the lines in memory up to a bound, which are then gone from it."""
        cut = bisect_right(self.lines, bound)
        taken, self.lines = self.lines[:cut], self.lines[cut:]
        return taken


def _write(file: IO[bytes], data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        import tempfile

        where = tempfile.tempdir or "the folder for temporary files"
        raise DataError(
            f"{where}: what is sorted cannot be put aside there ({error.strerror or error}); "
            "make room, or name another folder in TMPDIR"
        ) from error
