"""HTTP as a store needs it: retries where they are safe, redirects, credentials, each failure one line."""

from __future__ import annotations

import random
import re
import time
import zlib
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx

from coopgraph.errors import DataError, ServerError, UsageError, short
from coopgraph.server.allowed_hosts import Origin, origin, refusal
from coopgraph.server.authentication import Authenticator
from coopgraph.server.credentials import PASSWORD, TOKEN, USER, Credentials, shown
from coopgraph.server.failures import BEFORE_SENDING, explain, is_transient, ssl_context
from coopgraph.server.gzip_stream import gunzip

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_DELAYS = (0.25, 0.75, 2.0)
"""Seconds before each retry, and up to half as much again, so that many readers do not come back together."""
_LONGEST_WAIT = 60
"""Seconds that a server may ask us to wait; beyond, we say so instead."""
_BUSY = (429, 502, 503, 504)
_REDIRECTS = (301, 302, 303, 307, 308)
_SAME_REQUEST = (307, 308)
"""Those of them that say that the same request is to be sent there."""
_MOST_REDIRECTS = 5
_EXPLANATION = 4_096
"""Bytes of an error's body that are read."""


class Transport:
    """Sends requests to the servers of some origins, and to no others but where these redirect a query.

    Only the servers of `allowed` are told who we are: by `credentials`, or else those that the environment or netrc
    has, or else those that `ask` gives when a server wants them. `timeout` is how many seconds may pass without a byte.
    """

    def __init__(
        self,
        allowed: Collection[Origin],
        credentials: Credentials | None = None,
        ask: Callable[[str], Credentials | None] | None = None,
        timeout: float = 300,
    ) -> None:
        self._authenticator = Authenticator(allowed, credentials, ask)
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10))
        self._clients: dict[str, httpx.Client] = {}

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()

    def send(
        self, method: str, address: str, *, is_idempotent: bool = False, is_safe: bool = False, **content: Any
    ) -> httpx.Response:
        """Return the answer to a request, its body not yet read.

        An `is_idempotent` request may be sent more than once; one that `is_safe` changes nothing, too, and follows
        redirects to other hosts. `content` is what httpx takes: `params`, `headers`, `content`. Raises `ServerError`
        for anything but success.
        """
        self._check_allowed(address)
        may_retry = is_idempotent or is_safe
        delays = iter(_DELAYS)
        while True:
            delay, wait = next(delays, None), 0.0
            try:
                response = self._follow(method, address, is_safe=is_safe, **content)
            except httpx.TransportError as error:
                if delay is None or not is_transient(error) or not (may_retry or isinstance(error, BEFORE_SENDING)):
                    raise ServerError(f"{shown(address)}: {explain(error)}") from error
            else:
                if response.is_success:
                    return response
                wait = _retry_after(response)
                if delay is None or not may_retry or response.status_code not in _BUSY or wait > _LONGEST_WAIT:
                    raise self._as_error(response, address)
                response.close()
            time.sleep(max(wait, (delay or 0) * random.uniform(1, 1.5)))  # noqa: S311 - no secret

    def probe_auth(self, address: str) -> None:
        """Learn how an endpoint wants to be told who we are, before much is sent to it."""
        self._check_allowed(address)
        if self._authenticator.is_settled(address):
            return
        try:
            response = self._request("GET", address)
        except httpx.TransportError:
            return  # what is to be sent will meet the same, and has its own retries
        if response.status_code == 401:
            self._authenticator.answer(address, response)
        response.close()

    def _check_allowed(self, address: str) -> None:
        if not self._authenticator.allows(address):
            raise ServerError(refusal(address))

    def _follow(self, method: str, address: str, *, is_safe: bool, **content: Any) -> httpx.Response:
        """Send a request, say who we are where that is wanted, and follow redirects.

        Behind a server that may not know who we are, none that may is told: the request is no more our own.
        """
        here, allowed = address, True
        for _ in range(_MOST_REDIRECTS):
            allowed = allowed and self._authenticator.allows(here)
            response = (
                self._authenticated(method, here, **content) if allowed else self._request(method, here, **content)
            )
            if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                return response
            response.close()
            there = _redirect_target(response)
            _check_redirect(here, there, is_safe=is_safe, same=response.status_code in _SAME_REQUEST)
            here = there
            if response.status_code == 303:
                method = "GET"
                content.pop("content", None)
            if urlsplit(there).query:
                content.pop("params", None)  # the new address holds them
        raise ServerError(f"{shown(address)}: is sent from one address to the next without end; check the address")

    def _authenticated(self, method: str, address: str, **content: Any) -> httpx.Response:
        """Send a request to a server that may know who we are, once more where it asks."""
        response = self._request(method, address, self._authenticator.auth(address), **content)
        if response.status_code == 401 and (auth := self._authenticator.answer(address, response)):
            response.close()
            return self._request(method, address, auth, **content)
        return response

    def _request(self, method: str, address: str, auth: httpx.Auth | None = None, **content: Any) -> httpx.Response:
        """Send one request. Raises `ServerError` where the address, or how the server answers, makes no sense."""
        try:
            client = self._client(address)
            return client.send(client.build_request(method, address, **content), stream=True, auth=auth)
        except (httpx.InvalidURL, ValueError, KeyError, NotImplementedError) as error:  # of httpx, about what it reads
            raise ServerError(
                f"{shown(address)}: no request can be made of it, or of what it answers; check the address"
            ) from error

    def _client(self, address: str) -> httpx.Client:
        """Return the client for an address; a host of this machine is reached directly, whatever proxies there are."""
        parts = urlsplit(address)
        key = f"{parts.scheme} {_is_loopback(parts.hostname or '')}"
        if key not in self._clients:
            verify = ssl_context() if parts.scheme == "https" else False
            try:
                self._clients[key] = httpx.Client(
                    timeout=self._timeout,
                    trust_env=not _is_loopback(parts.hostname or ""),
                    verify=verify,
                    headers={"Accept-Encoding": "gzip", "User-Agent": "coopgraph"},
                )
            except (ImportError, ValueError, httpx.InvalidURL):  # whose text may hold the proxy's password
                raise DataError(
                    "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names no proxy that speaks HTTP; mend or unset it"
                ) from None
        return self._clients[key]

    def _as_error(self, response: httpx.Response, address: str) -> ServerError:
        """Return the error that an answer other than success is."""
        status, explanation = response.status_code, _explanation(response)
        detail = f" ({explanation})" if explanation else ""
        numbered = f"{status}: {explanation}" if explanation else str(status)
        if status == 401:
            what = self._unauthorised(str(response.url), detail)
        elif status == 403:
            what = f"does not let you do this{detail}; ask whoever runs it"
        elif status in (404, 405, 410):
            what = f"nothing here does this ({numbered}); check the address"
        elif status in _BUSY:
            what = f"is busy or away ({numbered}); try again later"
        elif status < 500:
            what = f"refuses the request ({numbered}); mend what it names"
        else:
            what = f"fails ({numbered}); look at the server's log, or try again later"
        return ServerError(f"{shown(address)}: {what}", status, explanation, response.headers.get("Server", ""))

    def _unauthorised(self, address: str, detail: str) -> str:
        if not self._authenticator.allows(address):
            advice = "give that address where it is the one you mean"
            return f"sends on to {shown(address)}, which asks who you are and is not told; {advice}"
        who = self._authenticator.credentials(address)
        verdict = f"does not accept who you say you are{detail}; mend" if who else "asks who you are; set"
        return f"{verdict} {USER} and {PASSWORD}, or {TOKEN}, or netrc"


def _check_redirect(here: str, there: str, *, is_safe: bool, same: bool) -> None:
    """Raise `ServerError` where a redirect leaves encryption, or takes a change where it is perhaps not meant to go.

    Where the answer does not say that the `same` is to be asked there, as it does not of a page to log in, a change
    would be taken for done.
    """
    if urlsplit(there).scheme not in ("http", "https"):
        raise ServerError(f"{shown(here)}: sends on to what is no address of the web; check the address")
    if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
        raise ServerError(f"{shown(here)}: sends on to {shown(there)}, which is not encrypted; check the address")
    if not is_safe and not (same and origin(here) == origin(there)):
        raise ServerError(
            f"{shown(here)}: sends changes on to {shown(there)}; give that address where it is the one you mean"
        )


def _redirect_target(response: httpx.Response) -> str:
    """Return the address that an answer sends on to, without a user's name; nothing where that is none."""
    try:
        there = urljoin(str(response.url), response.headers["Location"])
        origin(there)
        parts = urlsplit(there)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except (UsageError, ValueError):  # no port, or no number of the sixth version
        return ""


def _retry_after(response: httpx.Response) -> float:
    """Return how many seconds a server asks us to wait."""
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time()) if value else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _explanation(response: httpx.Response) -> str:
    """Return the first line that says something in the body of an error, without HTML."""
    pieces = (
        gunzip(response.iter_raw()) if "gzip" in response.headers.get("Content-Encoding", "") else response.iter_raw()
    )
    head = b""
    try:
        while len(head) < _EXPLANATION and (piece := next(pieces, b"")):
            head += piece
    except (httpx.HTTPError, httpx.StreamError, zlib.error, EOFError):
        pass  # what has come may still say something
    finally:
        response.close()
    text = head[:_EXPLANATION].decode("utf-8", "replace")
    if "html" in response.headers.get("Content-Type", "") or text.lstrip().startswith("<"):
        text = re.sub(r"(?is)<(style|script).*?</\1>|<[^>]*>", "\n", text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return short(next((line for line in lines if len(line) > 2), ""), 200)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
