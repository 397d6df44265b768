"""Parts of a request, read strictly: parameters in UTF-8, each given once, and a body that ends in time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from coopgraph.errors import short
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Sequence

    from starlette.requests import Request

MOST_BYTES = 8 << 20
"""Bytes of a body; a query of more characters than the guard lets pass has fewer."""
BODY_SECONDS = 20.0
"""Seconds within which a body has to be there."""
_MOST_FIELDS = 1_000

Parameters = list[tuple[str, str]]


def parameters(text: bytes) -> Parameters:
    """Return names and values of a query string or form. Raises `Problem` (400) where it is not UTF-8, or too long."""
    try:
        return parse_qsl(
            text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS, separator="&"
        )
    except UnicodeDecodeError:
        raise Problem(400, "the parameters are not UTF-8; write them in UTF-8, then percent-encode them") from None
    except ValueError:
        raise Problem(400, f"there are more than {_MOST_FIELDS} parameters; give fewer") from None


def of(request: Request) -> Parameters:
    """Return the parameters of a request's address. Raises `Problem` (400)."""
    return parameters(request.scope["query_string"])


def once(given: Iterable[tuple[str, str]], name: str) -> str | None:
    """Return the value of a parameter, None where it is not given. Raises `Problem` (400) where it is given twice."""
    values = [value for key, value in given if key == name]
    if len(values) > 1:
        raise Problem(400, f"{name} is given {len(values)} times; give it once")
    return values[0] if values else None


def refuse_unknown(given: Iterable[tuple[str, str]], names: Sequence[str]) -> None:
    """Raise `Problem` (400) where there is a parameter that nothing reads."""
    from coopgraph.errors import unknown

    for name, _ in given:
        if name not in names:
            raise Problem(400, unknown("parameter", short(name), names))


def seconds(given: Parameters, most: float) -> float:
    """Return how long a query may take: `timeout`, where it is given and shorter than what all may take."""
    text = once(given, "timeout")
    if not text:
        return most
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not value > 0:
        raise Problem(400, f"timeout={short(text)} is no number of seconds above 0; give one")
    return min(value, most)


async def body(request: Request) -> bytes:
    """Return the body of a request. Raises `Problem` (413, 408, 400) where it is too long, too slow or breaks off."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise _too_long()
    return await _in_time(_read(request))


async def _in_time(reading: Awaitable[bytes]) -> bytes:
    from starlette.requests import ClientDisconnect

    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await reading
    except TimeoutError:
        line = f"the body was not there within {BODY_SECONDS:g} s; send it faster"
        raise Problem(408, line, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem(400, "the body broke off; send it anew") from None


async def _read(request: Request) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_BYTES:
            raise _too_long()
        pieces.append(piece)
    return b"".join(pieces)


def _too_long() -> Problem:
    return Problem(413, f"the body has more than {MOST_BYTES} bytes; ask in smaller parts", {"Connection": "close"})
