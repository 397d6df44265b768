"""Locks on open files, which the system takes back when a process ends, however it ends."""

from __future__ import annotations

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: builds are not locked against each other there
    fcntl = None  # type: ignore[assignment]


def share(file: int) -> None:
    """Take a lock that others can share; wait for it."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_SH)


def take(file: int) -> None:
    """Take a lock for oneself. Raises `BlockingIOError` where another process has one."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def wait(file: int) -> None:
    """Take a lock for oneself; wait for it."""
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_EX)
