"""The web server of the review page: one person, this machine alone, and nothing that another page could ask for."""

from __future__ import annotations

import json
import secrets
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from coopgraph.errors import CoopgraphError
from coopgraph.reading.review import ConflictError
from coopgraph.reading.web.faults import FaultsError

if TYPE_CHECKING:
    from coopgraph.reading.web.state import Json, PageState

_FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/text.js": ("text.js", "text/javascript; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/words.json": ("words.json", "application/json"),
}
_TOKEN = "X-Coopgraph-Token"  # noqa: S105 - the name of a header
_LARGEST = 1 << 20
"""Bytes of a request at most."""
_PATIENCE = 30
"""Seconds that a connection may say nothing."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class ReviewServer(ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1; only who knows `address`, which ends in a secret, sees and decides."""

    daemon_threads = True

    def __init__(self, state: PageState) -> None:
        self.token = secrets.token_urlsafe(24)
        super().__init__(("127.0.0.1", 0), partial(_Handler, state, self.token))

    @property
    def address(self) -> str:
        """The address of the page; what follows # never leaves the browser."""
        return f"http://127.0.0.1:{self.server_port}/#{self.token}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a browser that went away; all else is a mistake of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _RefusedError(Exception):
    """A request that is not answered, and the status that says so."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    server_version, sys_version = "coopgraph", ""

    def __init__(self, state: PageState, token: str, *arguments: Any) -> None:
        self._state, self._secret = state, token
        super().__init__(*arguments)

    def log_message(self, *_: object) -> None:
        """Keep quiet: the terminal is the person's."""

    def do_GET(self) -> None:
        """Give a file of the page, what it shows, or names that begin as was typed."""
        self._answer(self._got)

    def do_POST(self) -> None:
        """Do an act."""
        self._answer(self._posted)

    def _answer(self, respond: Any) -> None:
        try:
            self._refuse_strangers()
            status, kind, body = respond(urlsplit(self.path))
        except _RefusedError as refused:
            self.close_connection = True
            status, kind, body = refused.status, "text/plain", f"{refused}\n".encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **_HEADERS}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _refuse_strangers(self) -> None:
        """Refuse what another name or another page's script asks for: DNS may give this machine any name."""
        port = self.server.server_port  # type: ignore[attr-defined]
        own = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        origin = self.headers.get("Origin")
        if self.headers.get("Host", "").lower() not in own:
            raise _RefusedError(HTTPStatus.MISDIRECTED_REQUEST)
        if origin is not None and origin.lower() not in {f"http://{name}" for name in own}:
            raise _RefusedError(HTTPStatus.FORBIDDEN)

    def _refuse_without_token(self) -> None:
        given = self.headers.get(_TOKEN, "")
        if not secrets.compare_digest(given.encode("utf-8", "replace"), self._secret.encode()):
            raise _RefusedError(HTTPStatus.FORBIDDEN)

    def _got(self, url: Any) -> tuple[HTTPStatus, str, bytes]:
        if url.path in _FILES:
            name, kind = _FILES[url.path]
            return HTTPStatus.OK, kind, files("coopgraph.reading.web").joinpath(name).read_bytes()
        if url.path == "/api/state":
            self._refuse_without_token()
            return self._tried(self._state.whole)
        if url.path == "/api/names":
            self._refuse_without_token()
            return _json(HTTPStatus.OK, {"names": self._state.names(parse_qs(url.query).get("of", [""])[0])})
        raise _RefusedError(HTTPStatus.NOT_FOUND)

    def _posted(self, url: Any) -> tuple[HTTPStatus, str, bytes]:
        if url.path != "/api/act":
            raise _RefusedError(HTTPStatus.NOT_FOUND)
        self._refuse_without_token()
        return self._tried(partial(self._state.act, self._body()))

    def _body(self) -> Json:
        """Return the JSON that was sent."""
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json":
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if not length.isdecimal() or int(length) > _LARGEST:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise _RefusedError(HTTPStatus.BAD_REQUEST) from None
        if not isinstance(asked, dict):
            raise _RefusedError(HTTPStatus.BAD_REQUEST)
        return asked

    def _tried(self, do: Any) -> tuple[HTTPStatus, str, bytes]:
        """Return what something gives, or why it could not be done."""
        try:
            return _json(HTTPStatus.OK, do())
        except ConflictError as error:
            return _json(HTTPStatus.CONFLICT, {"error": str(error)})
        except FaultsError as error:
            return _json(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error), "faults": error.faults})
        except CoopgraphError as error:
            return _json(HTTPStatus.BAD_REQUEST, {"error": str(error)})


def _json(status: HTTPStatus, content: Json) -> tuple[HTTPStatus, str, bytes]:
    return status, "application/json", json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
