"""A watch on a running query, which sees neither Ctrl-C nor a time limit by itself: the engine runs outside Python."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from coopgraph import files
from coopgraph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRACE = 0.2
"""Seconds in which Python itself may act on Ctrl-C before the process is ended."""
_FOREVER = 1e7
"""Seconds that stand for no limit, or for what is no number: the system's clock takes neither."""
_DONE, _PAUSE, _GO_ON = 0, 254, 255
"""What the watch is told, beside the numbers of signals, which are smaller."""
_told: list[socket.socket] = []
"""Where the watches that are kept are told so, the innermost last."""


@contextmanager
def watched(seconds: float) -> Iterator[None]:
    """End this process with one line on standard error when the block runs too long (exit code 4) or at Ctrl-C (130).

    For the main thread of the command line alone: a query cannot be stopped, only the process that runs it. Files that
    were being written aside are removed.
    """
    reading, writing = socket.socketpair()  # Windows waits for sockets alone
    writing.setblocking(False)
    former = _wake(writing.fileno())
    thread = threading.Thread(target=_watch, args=(reading, seconds), daemon=True)
    thread.start()
    _told.append(writing)
    try:
        yield
    finally:
        _told.remove(writing)
        _wake(former)
        writing.send(bytes([_DONE]))
        thread.join()
        reading.close()
        writing.close()


def _wake(descriptor: int) -> int:
    """Have the numbers of signals written to a file, and return the former one; not every system can."""
    return signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False) if hasattr(signal, "set_wakeup_fd") else -1


@contextmanager
def paused() -> Iterator[None]:
    """Stop the clock of a watched block while it waits for somebody; Ctrl-C still ends it."""
    told = _told[-1:]
    for writing in told:
        writing.send(bytes([_PAUSE]))
    try:
        yield
    finally:
        for writing in told:
            writing.send(bytes([_GO_ON]))


def _watch(reading: socket.socket, seconds: float) -> None:
    deadline = time.monotonic() + min(_FOREVER, seconds)
    left = 0.0
    while True:
        ready, _, _ = select.select([reading], [], [], max(deadline - time.monotonic(), 0))
        if not ready:
            _end(
                f"the query ran longer than {seconds:g} s and was stopped; narrow it or raise --timeout",
                QueryError.exit_code,
            )
        received = reading.recv(64)
        if _DONE in received:
            return
        for word in received:
            if word == _PAUSE:
                left, deadline = deadline - time.monotonic(), time.monotonic() + _FOREVER
            elif word == _GO_ON:
                deadline = time.monotonic() + left
        if signal.SIGINT in received:
            time.sleep(_GRACE)
            if not select.select([reading], [], [], 0)[0]:
                _end("interrupted", 130)


def _end(message: str, code: int) -> NoReturn:
    files.abandon()
    sys.stderr.write(f"coopgraph: {message}\n")
    sys.stderr.flush()
    os._exit(code)
