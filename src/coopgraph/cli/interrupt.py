"""Ctrl-C always ends the program: what swallows it, as some imports and callbacks do, only puts the end off."""

from __future__ import annotations

import os
import signal
import sys
import time
from threading import Event, Thread
from typing import NoReturn

from coopgraph import files
from coopgraph.sandbox import limits

_GRACE = 3.0
"""Seconds in which what runs may clean up after itself."""


told = Event()
"""Is set when the end of the command is told, which then ends at once: no interruption is told beside."""


def listen() -> None:
    """End the program at Ctrl-C, unless whoever started it had Ctrl-C ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)


def _interrupt(*_: object) -> NoReturn:
    limits.note_interrupt()
    signal.signal(signal.SIGINT, _end)  # whoever presses it twice does not want to wait
    Thread(target=_end_later, daemon=True).start()
    raise KeyboardInterrupt


def _end_later() -> None:
    time.sleep(_GRACE)
    _end()


def _end(*_: object) -> None:
    if told.is_set():
        return
    files.abandon()
    os.write(sys.stderr.fileno(), b"coopgraph: interrupted\n")
    os._exit(130)
