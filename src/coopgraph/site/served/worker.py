"""A process that answers the queries of a site, one after another: it can be ended, which a query cannot.

It opens the store, says which generation that is, and then reads jobs from standard input until that is closed. On
Linux it can open no sockets where the store is on this machine, and it ends with the server, however that ends.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coopgraph.errors import CoopgraphError
from coopgraph.site.served import frames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.store.interface import Store


def main() -> None:
    """Answer jobs until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, which ends this process
    if sys.platform == "linux":
        from coopgraph.sandbox import seccomp

        seccomp.end_with_parent(signal.SIGKILL)
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")  # before the server
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes to standard error
    with suppress(BrokenPipeError):
        _work(jobs, answers)
    os._exit(0)


def _work(jobs: IO[bytes], answers: IO[bytes]) -> None:
    place = frames.read(jobs)
    if place is None:
        return
    try:
        store = _opened(place)
    except CoopgraphError as error:
        _send(answers, {"error": str(error)})
        return
    _send(answers, {"generation": generation(store)})
    from coopgraph.site.served import answering

    while job := frames.read(jobs):
        _send(answers, *answering.answer(store, job))


def _opened(place: Mapping[str, Any]) -> Store:
    """Open the store on a server, where an address is given, else that of a folder, and close the network."""
    if place["address"]:
        from coopgraph.claims import workspace
        from coopgraph.server import remote

        return remote.open_store(workspace.find(place["root"]), place["address"])
    from coopgraph.store import current

    if sys.platform == "linux":
        from coopgraph.sandbox import seccomp

        seccomp.forbid_sockets()
    return current.open_store(Path(place["folder"]), place["prefixes"])


def generation(store: Store) -> str:
    """Return the name of the generation that a store is, nothing for one on a server."""
    folder: Path | None = getattr(store, "folder", None)
    return folder.name if folder else ""


def _send(answers: IO[bytes], head: Mapping[str, Any], body: bytes = b"") -> None:
    answers.write(frames.frame(head, body))
    answers.flush()


if __name__ == "__main__":
    main()
