"""The process that watches another one: it ends it where a query takes too long or too much memory, or at Ctrl-C.

The watched process is a fork of the command line and runs the command; this one does nothing but listen. What it hears
(`limits`) comes as a line of JSON each, from the watched process and from those that it has started.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from coopgraph.sandbox.limits import WATCH, memory_of

if TYPE_CHECKING:
    from collections.abc import Callable

_POLL = 0.05
"""Seconds between two looks at the memory of a process that runs a query."""
_DEAF, _GRACE = 0.3, 4.0
"""Seconds that are left to a process at Ctrl-C: one that runs a query hears nothing, another may clean up."""
_HEARD = 10.0
"""Seconds more for one that says that it has heard: a server first lets its answers finish."""
_BOTH = 0.1
"""Seconds in which a process says that it has heard a signal itself."""
_TOO_LONG, _INTERRUPTED, _TERMINATED = 4, 130, 143
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGCHLD")


def supervise(work: Callable[[], NoReturn]) -> NoReturn:
    """Run the command in a process of its own and watch it, where the system can fork; else run it here, unwatched."""
    if not hasattr(os, "fork"):
        work()
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    reader, writer = os.pipe()
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    if WATCH in os.environ:  # whoever started this process may be ended without a word
        _end_with_parent()
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for name in _SIGNALS[deaf:]:
        signal.signal(getattr(signal, name), _note)
    child = os.fork()
    if not child:
        signal.set_wakeup_fd(-1)
        for name in _SIGNALS[deaf:]:
            signal.signal(getattr(signal, name), signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
        for descriptor in (reader, awake, wake):
            os.close(descriptor)
        os.set_inheritable(writer, True)
        os.environ[WATCH] = str(writer)
        _end_with_parent()
        work()
    os.close(writer)
    os._exit(_Watch(child, reader, awake).code())


def _note(*_: object) -> None:
    """Do nothing: a signal that has a handler writes its number where `_Watch` reads it."""


def _end_with_parent() -> None:
    if sys.platform == "linux":
        from coopgraph.sandbox import seccomp

        seccomp.end_with_parent(signal.SIGKILL)


class _Run(NamedTuple):
    """A query or rule that runs in a process: what it is called, until when, and how much memory may be used."""

    what: str
    seconds: float
    deadline: float
    memory: int
    most: int


class _Watch:
    """What is known of a process and of those that it has started."""

    def __init__(self, child: int, reader: int, awake: int) -> None:
        self._child, self._reader, self._awake = child, reader, awake
        self._rest = b""
        self._runs: dict[int, _Run] = {}
        self._unfinished: set[bytes] = set()
        self._ends_at: float | None = None
        self._ending = 0
        self._hand_on: tuple[float, int] | None = None
        self._has_heard = False

    def code(self) -> int:
        """Return the exit code of the process, having waited for its end or brought it about."""
        listening = [self._reader, self._awake]
        while True:
            ready, _, _ = select.select(listening, [], [], self._patience())
            if self._reader in ready and not self._hear():
                listening.remove(self._reader)
            if self._awake in ready:
                for number in os.read(self._awake, 64):
                    self._take(number)
            pid, status = os.waitpid(self._child, os.WNOHANG)
            if pid:
                return self._ended(os.waitstatus_to_exitcode(status))
            self._pass_on()
            if excess := self._excess():
                return self._stop(excess, _TOO_LONG)
            if self._left() == 0:
                return self._stop("interrupted" if self._ending == _INTERRUPTED else "", self._ending)

    def _patience(self) -> float | None:
        if self._runs or self._hand_on:
            return _POLL
        return self._left()

    def _left(self) -> float | None:
        """Return the seconds until the process is ended, None where no signal has said that it should end."""
        if self._ends_at is None:
            return None
        more = _HEARD if self._has_heard and not self._runs else 0
        return max(0.0, self._ends_at + more - time.monotonic())

    def _hear(self) -> bool:
        """Take in what processes say; False when nobody can say anything any more."""
        data = os.read(self._reader, 65536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._note(json.loads(line))
        return bool(data)

    def _note(self, message: dict[str, Any]) -> None:
        if "run" in message:
            allowed = memory_of(message["pid"]) + message["memory"]
            deadline = time.monotonic() + min(message["seconds"], 1e7)
            self._runs[message["pid"]] = _Run(message["run"], message["seconds"], deadline, message["memory"], allowed)
        elif "end" in message:
            self._runs.pop(message["pid"], None)
        elif "aside" in message:
            self._unfinished.add(bytes.fromhex(message["aside"]))
        elif "interrupted" in message:
            self._has_heard, self._hand_on = True, None
        elif "done" in message:
            self._unfinished.discard(bytes.fromhex(message["done"]))

    def _take(self, number: int) -> None:
        """Begin to end the process where a signal says so."""
        if number == signal.SIGCHLD or self._ending:
            return
        self._ending = _INTERRUPTED if number == signal.SIGINT else _TERMINATED
        now = time.monotonic()
        self._ends_at = now + (_DEAF if self._runs else _GRACE)
        self._hand_on = (now + _BOTH, number)

    def _pass_on(self) -> None:
        """Send a signal on that came to this process alone; from a terminal it comes to both."""
        if self._hand_on and time.monotonic() >= self._hand_on[0]:
            os.kill(self._child, self._hand_on[1])
            self._hand_on = None

    def _excess(self) -> str:
        """Return what is told of a run that takes more than it may, nothing where none does."""
        now = time.monotonic()
        for pid, run in self._runs.items():
            if now >= run.deadline:
                return f"{run.what} ran longer than {run.seconds:g} s and was stopped; narrow it or raise --timeout"
            if memory_of(pid) > run.most:
                gigabytes = run.memory / (1 << 30)
                return (
                    f"{run.what} took more than {gigabytes:g} GB of memory and was stopped; narrow it or raise --memory"
                )
        return ""

    def _stop(self, message: str, code: int) -> int:
        """End the process, and those that run something for it, and clean up after it."""
        for pid in {self._child, *self._runs}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        os.waitpid(self._child, 0)
        self._clean(message)
        return code

    def _ended(self, code: int) -> int:
        """Return the exit code of a process that has ended; what the system or the engine ended has said nothing."""
        if code >= 0:
            self._clean("")  # at the second Ctrl-C it ends at once
            return code
        if self._ending:
            self._clean("interrupted" if self._ending == _INTERRUPTED else "")
            return self._ending
        run = next((run.what for run in self._runs.values()), None)
        what = f"{run} broke the engine" if run else "ended unexpectedly"
        advice = "ask in smaller parts, with more memory free" if run else "try again with more memory free"
        self._clean(f"{what} ({signal.Signals(-code).name}); {advice}")
        return _TOO_LONG if run else 3

    def _clean(self, message: str) -> None:
        for path in self._unfinished:
            _remove(path)
        if message:
            sys.stderr.write(f"coopgraph: {message}\n")
            sys.stderr.flush()


def _remove(path: bytes) -> None:
    """Remove a file or folder that was being written aside."""
    try:
        os.unlink(path)  # noqa: PTH108 - pathlib would be imported by every command for it
    except FileNotFoundError:
        pass
    except OSError:
        import shutil

        shutil.rmtree(path, ignore_errors=True)
