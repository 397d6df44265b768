"""A client that is slow is let go, at whichever end of a request, and one that takes a long answer is not."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response

from coopgraph.site.served import connection, requests, run
from coopgraph.site.served.gate import Gate

LIMIT = 0.4
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _app(scope: Any, receive: Any, send: Any) -> None:
    request = Request(scope, receive)
    if request.method == "POST":
        await requests.body(request)
    size = int(request.query_params.get("size", "2"))
    await Response(b"x" * size)(scope, receive, send)


def talking(monkeypatch: pytest.MonkeyPatch, talk: Talk) -> None:
    """Run what talks to a server whose limits are short."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", LIMIT)
    monkeypatch.setattr(requests, "BODY_SECONDS", LIMIT)

    async def work() -> None:
        listening = run.listen("127.0.0.1", 0)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        config = run._config(Gate(_app, [], None))
        assert isinstance(config, uvicorn.Config)
        server = uvicorn.Server(config)
        task = asyncio.ensure_future(server._serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listening.getsockname(), limit=1 << 16)
        try:
            async with asyncio.timeout(20):
                await talk(reader, writer)
        finally:
            writer.close()
            server.should_exit = True
            await task

    asyncio.run(work())


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, piece: bytes) -> bytes:
    """Send a piece now and then until the server closes the connection, and return what it has said."""

    async def send() -> None:
        while True:
            writer.write(piece)
            await asyncio.sleep(LIMIT / 8)

    task = asyncio.ensure_future(send())
    said = b""
    try:
        while more := await reader.read(1 << 16):
            said += more
    except ConnectionError:
        pass  # it is closed while something is on its way
    finally:
        task.cancel()
    return said


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("start", "piece", "said"),
    [
        (b"", b"\r\n", b""),
        (b"", b"", b""),
        (b"GET /", b"x", b""),
        (REQUEST, b"X", b""),
        (REQUEST, b"X: y\r\n", b""),
        (REQUEST + b"\r\n", b"\r\n", b"HTTP/1.1 200 OK"),
        (REQUEST + b"\r\n" + REQUEST, b"X", b"HTTP/1.1 200 OK"),
        (POST, b"x", b"HTTP/1.1 200 OK"),
        (POST.replace(b" 3\r", b" 999\r"), b"x", b"HTTP/1.1 408 Request Timeout"),
        (POST.replace(b"POST", b"GET").replace(b" 3\r", b" 999\r"), b"x", b"HTTP/1.1 200 OK"),
    ],
)
def test_a_byte_now_and_then_is_too_slow(
    monkeypatch: pytest.MonkeyPatch, start: bytes, piece: bytes, said: bytes
) -> None:
    """Headers, a body or a second request that come byte by byte end with the connection closed."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        answer = await drip(reader, writer, piece)
        assert answer.startswith(said)
        assert bool(answer) == bool(said)

    talking(monkeypatch, talk)


def test_an_answer_that_nobody_takes_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that asks for a long answer and does not read it is let go of."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(REQUEST.replace(b"/ ", b"/?size=30000000 ") + b"\r\n")
        await asyncio.sleep(LIMIT * 8)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(30_000_000)

    talking(monkeypatch, talk)


def test_an_answer_that_is_taken_slowly_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes a long answer piece by piece, for longer than the limit, gets all of it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(REQUEST.replace(b"/ ", b"/?size=30000000 ") + b"Connection: close\r\n\r\n")
        size = 0
        while piece := await reader.read(1 << 20):
            size += len(piece)
            if size % 10 == 0:
                await asyncio.sleep(LIMIT / 20)
        assert size > 30_000_000

    talking(monkeypatch, talk)


def test_too_many_connections_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many connections that are being answered another is closed at once, and those are answered."""
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 1)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(POST)
        await asyncio.sleep(LIMIT / 8)
        other, sender = await asyncio.open_connection(*writer.get_extra_info("peername"))
        sender.write(REQUEST + b"\r\n")
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await other.readexactly(1)
        sender.close()
        writer.write(b"abc")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")

    talking(monkeypatch, talk)


def test_connections_that_ask_nothing_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are too many connections, who has asked nothing for longest goes, and who comes is answered."""
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 3)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("peername")
        idle = [await asyncio.open_connection(*address) for _ in range(20)]
        other, sender = await asyncio.open_connection(*address)
        sender.write(REQUEST + b"\r\n")
        assert (await other.readline()).startswith(b"HTTP/1.1 200")
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        for _, each in (*idle, (other, sender)):
            each.close()

    talking(monkeypatch, talk)
