"""What SPARQL may do to the process that runs it: so much time, so much memory, and no network.

A running query hears nothing: the engine works outside Python. So a process says what it begins and ends to one that
watches it, the command line's own parent (`supervisor`), which ends it where that takes too long or too much.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

WATCH = "COOPGRAPH_WATCH"
"""The variable of the environment with the file descriptor on which the watching process listens."""


_MOST = 1e6
"""Gigabytes; no machine has more."""


class Limits(NamedTuple):
    """What one query or one rule may take: seconds, and bytes of memory beside what its process had."""

    seconds: float = 60
    memory: int = 2 << 30


_limits = Limits()
_running: list[str] = []
_is_closed = False


def limits() -> Limits:
    """Return what a query or rule may take in this process."""
    return _limits


def set_limits(seconds: float | None = None, gigabytes: float | None = None) -> None:
    """Let queries and rules of this process, and of those that it starts, take so much; None leaves what there is."""
    global _limits  # noqa: PLW0603 - the limits of a process are of the process
    memory = _limits.memory if gigabytes is None else int(min(_MOST, gigabytes) * (1 << 30))
    _limits = Limits(_limits.seconds if seconds is None else seconds, memory)


def is_watched() -> bool:
    """Say whether a process listens that will end this one where a query takes too much."""
    return WATCH in os.environ


@contextmanager
def limited(what: str) -> Iterator[None]:
    """Let the block, which runs `what`, take no more than the limits, where a process watches this one."""
    _running.append(what)
    _say(run=what, seconds=_limits.seconds, memory=_limits.memory)
    try:
        yield
    finally:
        _running.pop()
        _say(end=what)


@contextmanager
def paused() -> Iterator[None]:
    """Stop the clock while somebody is asked; it begins anew afterwards."""
    what = _running[-1] if _running else None
    if what is not None:
        _say(end=what)
    try:
        yield
    finally:
        if what is not None:
            _say(run=what, seconds=_limits.seconds, memory=_limits.memory)


def note_unfinished(path: Path) -> None:
    """Say that a file is being written aside, so that it is removed where the process is ended."""
    _say(aside=os.fsencode(path).hex())


def note_finished(path: Path) -> None:
    """Say that a file is no longer being written aside."""
    _say(done=os.fsencode(path).hex())


def started(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a process that is asked and answers through pipes, and that is watched where this one is."""
    import subprocess

    watch = os.environ.get(WATCH)
    passed = (int(watch),) if watch else ()
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=passed)  # noqa: S603 - ourselves


def note_interrupt() -> None:
    """Say that Ctrl-C has been heard here."""
    _say(interrupted=True)


def _say(**what: Any) -> None:
    watch = os.environ.get(WATCH)
    if watch is None:
        return
    line = json.dumps({"pid": os.getpid(), **what}) + "\n"
    try:
        os.write(int(watch), line.encode())
    except OSError:  # nobody listens any more
        os.environ.pop(WATCH, None)


def close_network() -> bool:
    """Forbid this process, where it is a watched one, and those that it starts to open sockets; say whether it did.

    On Linux it is a seccomp filter, https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html. What no
    query text should reach (`rdf.sparql_guard`) is then out of reach even where a text gets past.
    """
    global _is_closed  # noqa: PLW0603 - what a process may do is of the process
    if not _is_closed and is_watched() and sys.platform == "linux":  # it is for good: only in a process of our own
        from coopgraph.sandbox import seccomp

        _is_closed = seccomp.forbid_sockets()
    return _is_closed


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds in memory, 0 where the system does not say."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:  # noqa: PTH123 - twenty times a second
            return int(file.read().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
