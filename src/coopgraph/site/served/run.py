"""The server: listens, answers until Ctrl-C or SIGTERM, lets what is being answered finish, and ends."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from coopgraph.errors import DataError
from coopgraph.sandbox import limits
from coopgraph.site.served.app import App
from coopgraph.site.served.connection import HEAD_SECONDS, BoundedConnection
from coopgraph.site.served.gate import Gate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from coopgraph.site.served.live import LiveGraph

_GRACE = 3
"""Seconds in which queries that run when the server is stopped may still be answered."""
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class _Server(uvicorn.Server):
    """uvicorn's server, stopped by a signal without being ended by it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Have signals stop the server until the block ends."""
        former = {number: signal.getsignal(number) for number in _SIGNALS}
        for number, handler in former.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._stop)
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _stop(self, *_: object) -> None:
        limits.note_interrupt()
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises `DataError` where the address is taken or is not ours."""
    try:
        (family, kind, number, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listening = socket.socket(family, kind, number)
        if sys.platform != "win32":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(512)
    except (OSError, UnicodeError) as error:
        advice = "choose another --port, or 0 for any that is free" if _is_taken(error) else "choose another"
        what = "somebody listens there already" if _is_taken(error) else getattr(error, "strerror", None) or error
        raise DataError(f"cannot listen on {host} port {port}: {what}; {advice}") from error
    return listening


def _is_taken(error: Exception) -> bool:
    import errno

    return isinstance(error, OSError) and error.errno == errno.EADDRINUSE


def run(
    graphs: Sequence[LiveGraph],
    listening: socket.socket,
    names: Collection[str],
    tell: Callable[[str], None],
    *,
    log: bool,
) -> None:
    """Serve graphs until a signal says to stop. Raises `DataError` where a store cannot be opened."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_run(graphs, listening, names, tell, log=log))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the fastest loop that there is."""
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return None
    return uvloop.new_event_loop


async def _run(
    graphs: Sequence[LiveGraph],
    listening: socket.socket,
    names: Collection[str],
    tell: Callable[[str], None],
    *,
    log: bool,
) -> None:
    asyncio.get_running_loop().set_exception_handler(_overheard)
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what goes wrong there is the other end's doing
    server = _Server(_config(Gate(App(graphs), names, tell if log else None)))
    try:
        with server.capture_signals():
            for live in graphs:
                await live.start(tell)
            if not server.should_exit:
                tell(f"serving {_names(graphs)} at {_address(listening)}; stop with Ctrl-C")
                await server._serve([listening])  # noqa: SLF001 - serve() sends the signal again that has stopped it
                await asyncio.gather(*server.server_state.tasks, return_exceptions=True)  # those that are cut short
        tell("stopped")
    finally:
        listening.close()
        for live in graphs:
            await live.close()


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=BoundedConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_keep_alive=int(HEAD_SECONDS),
        timeout_graceful_shutdown=_GRACE,
    )


def _overheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Pass over what a connection that breaks leaves behind."""
    del loop, context


def _names(graphs: Sequence[LiveGraph]) -> str:
    return graphs[0].space.title if len(graphs) == 1 else f"{len(graphs)} graphs"


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
