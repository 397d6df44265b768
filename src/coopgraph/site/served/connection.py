"""One connection: how long a client may take to say what it wants, and to take what it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    import asyncio

HEAD_SECONDS = 10.0
"""Seconds until a request's head is there, also on a connection that is kept open for the next one."""
HEAD_BYTES = 64 << 10
MOST_CONNECTIONS = 500
_LEAST = 64 << 10
"""Bytes that a client has to take of an answer within `HEAD_SECONDS`, or else the rest of it."""


def _refusal(status: bytes, line: bytes) -> bytes:
    """Return the answer to what is not read on, which says one line."""
    head = b"content-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close" % len(line)
    return b"HTTP/1.1 %b\r\n%b\r\n\r\n%b" % (status, head, line)


_NO_REQUEST = _refusal(
    b"400 Bad Request", b"this is no request of HTTP/1.1, or of no method that is known; send GET, HEAD or POST\n"
)
_TOO_LONG = _refusal(
    b"431 Request Header Fields Too Large", b"the address and headers are too long; send the query by POST\n"
)


class _JoinedWrites:
    """A transport that sends what is written in one go together: head and body of an answer are one system call."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Take bytes to send."""
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(data)

    def _flush(self) -> None:
        if self._pieces and not self._transport.is_closing():
            self._transport.write(b"".join(self._pieces))
        self._pieces.clear()

    def get_write_buffer_size(self) -> int:
        """Return how many bytes are still to be sent."""
        return self._transport.get_write_buffer_size() + sum(map(len, self._pieces))

    def write_eof(self) -> None:
        """Send all, and say that it was all."""
        self._flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Send all, then close the connection."""
        self._flush()
        self._transport.close()


class BoundedConnection(HttpToolsProtocol):
    """A connection that is closed where its client is slow, at whichever end of a request."""

    timer: asyncio.TimerHandle | None = None
    since = 0.0
    _waits_for_head = True
    _is_refused = False
    _head_bytes = 0
    _unsent = 0

    def connection_made(self, transport: Any) -> None:
        """Take a connection; where there are too many, that which has asked nothing for longest makes room for it."""
        super().connection_made(cast("asyncio.Transport", _JoinedWrites(transport, self.loop)))
        if len(self.connections) > MOST_CONNECTIONS and not self._make_room():
            transport.abort()
            return
        self._wait()

    def _make_room(self) -> bool:
        """Close the connection that waits for a request for longest. Says whether there was one."""
        idle = (each for each in self.connections if isinstance(each, BoundedConnection) and each.is_idle())
        oldest = min(idle, key=lambda each: each.since, default=None)
        if oldest is None:
            return False
        oldest.rest()
        oldest.transport.abort()
        return True

    def is_idle(self) -> bool:
        """Say whether a request is waited for, and nothing of an answer is still to be taken."""
        return self.timer is not None and not self.transport.get_write_buffer_size()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.rest()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the client sends; a head that does not end is too long."""
        if self._is_refused:
            return
        if self._waits_for_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._waits_for_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self._is_refused = True  # what is still sent is passed over: closing now would take the answer back
            self.transport.write(_TOO_LONG)
            self.transport.write_eof()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or one that the parser takes for none since it is too long."""
        self.transport.write(_TOO_LONG if self._head_bytes > HEAD_BYTES else _NO_REQUEST)
        self.transport.close()

    def on_headers_complete(self) -> None:
        """Have a request answered; as long as that lasts, the client need not send anything."""
        self._waits_for_head = False
        self.rest()
        super().on_headers_complete()
        self._head_bytes = 0

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the client to take this answer."""
        super().on_response_complete()
        if self.cycle is None or self.cycle.response_complete:
            self._waits_for_head = True
            self._wait()

    def _wait(self) -> None:
        self.rest()
        self._unsent = self.transport.get_write_buffer_size()
        self.since = self.loop.time()
        self.timer = self.loop.call_later(HEAD_SECONDS, self._expire)

    def rest(self) -> None:
        """Have no clock run."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def _expire(self) -> None:
        """Close the connection, unless the client is on its way through a long answer."""
        unsent = self.transport.get_write_buffer_size()
        if unsent and unsent <= self._unsent - _LEAST:
            self._wait()
        elif unsent or self._head_bytes or self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.close()
