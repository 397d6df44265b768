"""Locks on open files, which the system takes back when a process ends, however it ends.

POSIX has locks that many share. Windows has locks on stretches of a file: there each who shares takes one byte of its
own, and who wants the file alone takes all of them.
"""

from __future__ import annotations

import os
from contextlib import closing, contextmanager, suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]
try:
    import msvcrt
except ImportError:
    msvcrt = None  # type: ignore[assignment]

_BYTES = 0x7FFFFFFF
"""As many as may share a lock on Windows; a lock may reach beyond the end of a file."""


def share(file: int) -> None:
    """Take a lock that others can share; wait for it."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_SH)
    elif msvcrt:
        _take_bytes(file, int.from_bytes(os.urandom(4), "big") % _BYTES, 1, wait=True)


def take(file: int) -> None:
    """Take a lock for oneself. Raises `BlockingIOError` where another process has one."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    elif msvcrt:
        _take_bytes(file, 0, _BYTES, wait=False)


def wait(file: int) -> None:
    """Take a lock for oneself; wait for it."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX)
    elif msvcrt:
        _take_bytes(file, 0, _BYTES, wait=True)


def held(path: Path) -> AbstractContextManager[None]:
    """Take the lock of a file that is there as long as it is held.

    Raises `BlockingIOError` where another process has it, and `OSError` where the file cannot be made.
    """
    while True:
        file = path.open("ab")
        try:
            take(file.fileno())
            if _is_there(path, file):
                return _until_left(path, file)
        except BaseException:
            file.close()
            raise
        file.close()


@contextmanager
def _until_left(path: Path, file: IO[bytes]) -> Iterator[None]:
    with closing(file):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no file that is open
                path.unlink(missing_ok=True)


def _is_there(path: Path, file: IO[bytes]) -> bool:
    """Say whether the file is the one at the path: whoever had it before may have removed it meanwhile."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _take_bytes(file: int, first: int, number: int, *, wait: bool) -> None:
    os.lseek(file, first, os.SEEK_SET)
    while True:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, number)  # type: ignore[attr-defined,unused-ignore]
        except OSError as error:
            if not wait:
                raise BlockingIOError from error
            import time

            time.sleep(0.05)
        else:
            return
