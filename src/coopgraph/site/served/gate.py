"""What every request passes: whose name it was sent to, what every answer says of itself, and one line in the log."""

from __future__ import annotations

import os
import re
import sys
import time
import traceback
from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote

from coopgraph.errors import CoopgraphError, ServerError, short
from coopgraph.rdf.printable import one_line
from coopgraph.site.served.endpoint import CUT, MOST_ROWS, RETRY_AFTER
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TRACEBACK = "COOPGRAPH_TRACEBACK"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = [
    (b"server", b"coopgraph"),
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", f"ETag, Link, Location, Retry-After, {CUT}, {MOST_ROWS}".encode()),
]
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Cache-Control",
    "Access-Control-Max-Age": "86400",
}
_BEHIND = "the server that keeps the graph does not answer as it should; try again later"
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")


class Gate:
    """An ASGI application before another: it lets requests in that were sent to one of its names.

    A number is always one: a page of another site that has its name lead here (DNS rebinding) has no number.
    """

    def __init__(self, app: ASGIApp, names: Collection[str], log: Callable[[str], None] | None) -> None:
        self._app, self._log = app, log
        self._names = {"localhost", *(name.lower() for name in names)}
        self._overheard = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.monotonic()
        sent = [0, 0]
        complete = _completed(send, sent)
        try:
            await self._answer(scope, receive, complete)
        except Problem as problem:
            await self._tell(problem, sent, scope, receive, complete)
        except ServerError as error:
            self._overhear(str(error))
            await self._tell(Problem(502, _BEHIND, RETRY_AFTER), sent, scope, receive, complete)
        except CoopgraphError as error:
            await self._tell(Problem(500, str(error)), sent, scope, receive, complete)
        except Exception as error:
            _report(error)
            unforeseen = Problem(500, "something unforeseen went wrong here; please report it")
            await self._tell(unforeseen, sent, scope, receive, complete)
        if self._log is not None:
            milliseconds = (time.monotonic() - begin) * 1000
            path = short(quote(scope["path"], safe="/.~@:!$&'()*+,;=-_"), 200)
            self._log(f"{scope['method']} {path} {sent[0]} {sent[1]} bytes {milliseconds:.1f} ms")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        self._check(hosts)
        if scope["method"] == "OPTIONS":
            from starlette.responses import Response

            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, hosts: list[bytes]) -> None:
        name = _name(hosts[0]) if len(hosts) == 1 else ""
        if not name:
            raise Problem(400, "the request says no Host that can be read; send one")
        if name not in self._names and not _is_number(name.strip("[]")):
            raise Problem(421, f"nothing is served here as {short(name)}; coopgraph serve --name {short(name)} would")

    def _overhear(self, line: str) -> None:
        """Tell whoever runs the server what is wrong with the one behind, once; clients need not know where that is."""
        if line != self._overheard:
            self._overheard = line
            sys.stderr.write(f"coopgraph: {one_line(line)}\n")

    async def _tell(self, problem: Problem, sent: list[int], scope: Scope, receive: Receive, send: Send) -> None:
        if not sent[0]:
            await problem.response()(scope, receive, send)


@lru_cache(256)
def _name(host: bytes) -> str:
    """Return the name in a Host header, nothing where it is none."""
    match = _HOST.fullmatch(host.decode("latin-1"))
    return match["name"].rstrip(".").lower() if match else ""


@lru_cache(256)
def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _completed(send: Send, sent: list[int]) -> Send:
    """Return what sends a response with the headers that all have, and notes its status and bytes."""

    async def complete(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent[0] = message["status"]
            own = {name for name, _ in message["headers"]}
            if message["status"] == 304:  # a browser would put it in the place of the policy that the kept page has
                own.add(b"content-security-policy")
            message["headers"] = [*message["headers"], *(each for each in _HEADERS if each[0] not in own)]
        else:
            sent[1] += len(message.get("body", b""))
        await send(message)

    return complete


def _report(error: Exception) -> None:
    """Tell whoever runs the server what nobody thought of."""
    if os.environ.get(_TRACEBACK):
        traceback.print_exception(error)
    what = one_line(short(f"{type(error).__name__}: {error}", 300))
    sys.stderr.write(f"coopgraph: unforeseen {what}; please report it, with what {_TRACEBACK}=1 shows\n")
