"""Files: read with errors of one line, and written whole or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from coopgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(path: Path, name: str | None = None) -> bytes:
    """Return the bytes of a file without a byte order mark, which editors add and no format here wants.

    Raises `DataError` where it cannot be read; `name` is how the file is called in that message.
    """
    name = name or str(path)
    if path.exists() and not (path.is_file() or path.is_dir()):  # reading may wait for ever, or go on for ever
        raise DataError(f"{name}: is a {'pipe' if path.is_fifo() else 'device'}, not a file; give a file in its place")
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except IsADirectoryError as error:
        raise DataError(f"{name}: is a folder, not a file; rename it or move it away") from error
    except OSError as error:
        what = error.strerror or error
        raise DataError(f"{name}: cannot be read ({what}); check that it exists and its permissions") from error


def read_text(path: Path, name: str | None = None) -> str:
    """Return the text of a UTF-8 file; errors as `read` has them, and where it is not UTF-8."""
    try:
        return read(path, name).decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{name or path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error


@contextmanager
def text_to(target: str | Path | None) -> Iterator[IO[str]]:
    """Give a UTF-8 text stream to standard output (None or `-`) or to a file, written aside and renamed.

    Raises `DataError` where the file cannot be written; what was there before then stays.
    """
    if target is None or str(target) == "-":
        if hasattr(sys.stdout, "reconfigure"):  # data is UTF-8 whatever the locale says
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield sys.stdout
        sys.stdout.flush()
        return
    path = Path(target)
    path = path.resolve() if path.is_symlink() else path  # what a link leads to is written, and the link stays
    if not path.parent.is_dir():
        raise DataError(f"{path}: the folder {path.parent} does not exist; create it first")
    if path.is_dir():
        raise DataError(f"{path}: is a folder; name a file in it")
    if path.exists() and not path.is_file():  # a device or a pipe is written as it is
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    try:
        with _aside(path) as file:
            yield file
    except OSError as error:
        raise DataError(
            f"{path}: cannot be written ({error.strerror or error}); make room or mend the permissions"
        ) from error


_unfinished: set[Path] = set()
"""Files being written aside in this process, for `abandon`."""


def abandon() -> None:
    """Remove what is being written aside, for a process that is about to end without unwinding."""
    for path in _unfinished:
        path.unlink(missing_ok=True)


@contextmanager
def _aside(path: Path) -> Iterator[IO[str]]:
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    aside = Path(name)
    _unfinished.add(aside)
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - a file descriptor has no path
            yield file
        aside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
        _unfinished.discard(aside)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
