"""HTTP as a store needs it: repeated where that is safe, who we are told to one host alone, each failure one line."""

from __future__ import annotations

import random
import re
import time
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpx

from coopgraph.errors import DataError, ServerError, short
from coopgraph.server.credentials import PASSWORD, TOKEN, USER, Credentials, at_hand, shown
from coopgraph.server.failures import UNSENT, known_signers, passes, told

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

_DELAYS = (0.25, 0.75, 2.0)
"""Seconds before each repetition, and up to half as much again, so that many readers do not come back together."""
_LONGEST_WAIT = 60
"""Seconds that a server may ask us to wait; beyond, we say so instead."""
_BUSY = (429, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)
_SAME_AGAIN = (307, 308)
"""Those of them that say that the same request is to be sent there."""
_MOST_MOVES = 5
_EXPLANATION = 4_096
"""Bytes of an error's body that are read."""


class Transport:
    """Sends requests to one server. `trusted` are the addresses whose hosts may be told who we are.

    `ask` gives credentials when the server wants them and neither environment nor netrc has any; `timeout` is how many
    seconds may pass without a byte.
    """

    def __init__(
        self,
        trusted: Iterable[str],
        credentials: Credentials | None = None,
        ask: Callable[[str], Credentials | None] | None = None,
        timeout: float = 300,
    ) -> None:
        addresses = list(trusted)
        self._trusted = {_origin(address) for address in addresses}
        self._credentials = credentials or at_hand(addresses[0])
        self._ask = ask
        self._signatures: dict[str, httpx.Auth] = {}
        self._timeout = httpx.Timeout(timeout, connect=min(timeout, 10))
        self._clients: dict[str, httpx.Client] = {}

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            client.close()

    def send(
        self, method: str, address: str, *, again: bool = False, reads: bool = False, **content: Any
    ) -> httpx.Response:
        """Return the answer to a request, its body not yet read.

        `again` says that it may be sent more than once, and `reads` that it changes nothing and may go where the server
        sends it. `content` is what httpx takes: `params`, `headers`, `content`. Raises `ServerError` for anything but
        success.
        """
        again = again or reads
        delays = iter(_DELAYS)
        while True:
            delay, wait = next(delays, None), 0.0
            try:
                response = self._followed(method, address, reads=reads, **content)
            except httpx.TransportError as error:
                if delay is None or not passes(error) or not (again or isinstance(error, UNSENT)):
                    raise ServerError(f"{shown(address)}: {told(error)}") from error
            else:
                if response.is_success:
                    return response
                wait = _wait_asked_for(response)
                if delay is None or not again or response.status_code not in _BUSY or wait > _LONGEST_WAIT:
                    raise self._refused(response, address)
                response.close()
            time.sleep(max(wait, (delay or 0) * random.uniform(1, 1.5)))  # noqa: S311 - no secret

    def knock(self, address: str) -> None:
        """Learn how an endpoint wants to be told who we are, before much is sent to it."""
        if self._credentials and _place(address) not in self._signatures:
            try:
                response = self._once("GET", address)
            except httpx.TransportError:
                return  # what is to be sent will meet the same, and has its own tries
            if response.status_code == 401:
                self._sign(address, response)
            response.close()

    def _followed(self, method: str, address: str, *, reads: bool, **content: Any) -> httpx.Response:
        """Send a request, say who we are where that is wanted, and go where the server sends us."""
        here = address
        for _ in range(_MOST_MOVES):
            trusted = _origin(here) in self._trusted
            response = self._once(method, here, self._signature(address) if trusted else None, **content)
            if response.status_code == 401 and trusted and self._sign(address, response):
                response.close()
                response = self._once(method, here, self._signatures[_place(address)], **content)
            if response.status_code not in _MOVED or "Location" not in response.headers:
                return response
            response.close()
            there = _named(response)
            self._check_move(here, there, reads=reads, same=response.status_code in _SAME_AGAIN)
            here = there
            if response.status_code == 303:
                method = "GET"
                content.pop("content", None)
            if urlsplit(there).query:
                content.pop("params", None)  # the new address holds them
        raise ServerError(f"{shown(address)}: is sent from one address to the next without end; check the address")

    def _once(self, method: str, address: str, signature: httpx.Auth | None = None, **content: Any) -> httpx.Response:
        """Send one request. Raises `ServerError` where the address, or how the server answers, makes no sense."""
        try:
            client = self._client(address)
            return client.send(client.build_request(method, address, **content), stream=True, auth=signature)
        except (httpx.InvalidURL, ValueError, KeyError, NotImplementedError) as error:  # of httpx, about what it reads
            raise ServerError(
                f"{shown(address)}: no request can be made of it, or of what it answers; check the address"
            ) from error

    def _client(self, address: str) -> httpx.Client:
        """Return the client for an address; a host of this machine is reached directly, whatever proxies there are."""
        parts = urlsplit(address)
        key = f"{parts.scheme} {_is_loopback(parts.hostname or '')}"
        if key not in self._clients:
            signers = known_signers() if parts.scheme == "https" else False
            try:
                self._clients[key] = httpx.Client(
                    timeout=self._timeout,
                    trust_env=not _is_loopback(parts.hostname or ""),
                    verify=signers,
                    headers={"Accept-Encoding": "gzip", "User-Agent": "coopgraph"},
                )
            except (ImportError, ValueError, httpx.InvalidURL):  # whose text may hold the proxy's password
                raise DataError(
                    "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names no proxy that speaks HTTP; mend or unset it"
                ) from None
        return self._clients[key]

    def _signature(self, address: str) -> httpx.Auth | None:
        place = _place(address)
        if place not in self._signatures and self._credentials and self._credentials.token:
            self._signatures[place] = _Bearer(self._credentials.token)
        return self._signatures.get(place)

    def _sign(self, address: str, response: httpx.Response) -> bool:
        """Choose how to say who we are as a 401 answer wants it; False where there is nothing new to say."""
        if _place(address) in self._signatures:
            return False
        if not self._credentials and self._ask:
            self._credentials = self._ask(shown(address))
        if not self._credentials or self._credentials.token:
            return False
        user, password = self._credentials.user, self._credentials.password
        schemes = ", ".join(response.headers.get_list("WWW-Authenticate")).lower()
        signature: httpx.Auth | None = _digest(user, password, response) if re.search(r"\bdigest\b", schemes) else None
        if signature is None and (re.search(r"\bbasic\b", schemes) or "digest" not in schemes):
            signature = httpx.BasicAuth(user, password)
        if signature is None:
            return False
        self._signatures[_place(address)] = signature
        return True

    @staticmethod
    def _check_move(here: str, there: str, *, reads: bool, same: bool) -> None:
        """Raise `ServerError` where going on would leave encryption, or change what is perhaps not meant.

        Where the answer does not say that the `same` is to be asked there, as it does not of a page to log in, a change
        would be taken for done.
        """
        if urlsplit(there).scheme not in ("http", "https"):
            raise ServerError(f"{shown(here)}: sends on to what is no address of the web; check the address")
        if urlsplit(here).scheme == "https" and urlsplit(there).scheme == "http":
            raise ServerError(f"{shown(here)}: sends on to {shown(there)}, which is not encrypted; check the address")
        if not reads and not (same and _origin(here) == _origin(there)):
            raise ServerError(
                f"{shown(here)}: sends changes on to {shown(there)}; give that address where it is the one you mean"
            )

    def _refused(self, response: httpx.Response, address: str) -> ServerError:
        status, said = response.status_code, _explanation(response)
        because = f" ({said})" if said else ""
        if status == 401 and _origin(str(response.url)) not in self._trusted:
            what = (
                f"sends on to {shown(str(response.url))}, which asks who you are and is not told; "
                "give that address where it is the one you mean"
            )
        elif status == 401:
            known = (
                f"does not accept who you say you are{because}; mend" if self._credentials else "asks who you are; set"
            )
            what = f"{known} {USER} and {PASSWORD}, or {TOKEN}, or netrc"
        elif status == 403:
            what = f"does not let you do this{because}; ask whoever runs it"
        elif status in (404, 405, 410):
            what = f"nothing here does this ({status}{': ' + said if said else ''}); check the address"
        elif status in _BUSY:
            what = f"is busy or away ({status}{': ' + said if said else ''}); try again later"
        elif status < 500:
            what = f"refuses the request ({status}{': ' + said if said else ''}); mend what it names"
        else:
            what = f"fails ({status}{': ' + said if said else ''}); look at the server's log, or try again later"
        return ServerError(f"{shown(address)}: {what}", status, said, response.headers.get("Server", ""))


def _named(response: httpx.Response) -> str:
    """Return the address that an answer sends on to; nothing where that is none."""
    try:
        there = urljoin(str(response.url), response.headers["Location"])
        return there if _origin(there) else ""
    except ValueError:  # no port, or no number of the sixth version
        return ""


def _place(address: str) -> str:
    """Return an address without what is asked there: who we are is told in the same way for all of it."""
    return address.partition("?")[0]


def _digest(user: str, password: str, response: httpx.Response) -> httpx.DigestAuth | None:
    """Return how digest says who we are, None where the server asks for it in a way that is not known."""
    digest = httpx.DigestAuth(user, password)
    flow = digest.auth_flow(response.request)  # shown the challenge, it need not ask for one of its own
    next(flow)
    try:
        flow.send(response)
    except (httpx.ProtocolError, ValueError, KeyError, NotImplementedError, StopIteration):
        return None
    return digest


class _Bearer(httpx.Auth):
    def __init__(self, token: str) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request


def _wait_asked_for(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time()) if said else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _explanation(response: httpx.Response) -> str:
    """Return the first line that says something in the body of an error, without HTML."""
    try:
        head = b""
        for piece in response.iter_bytes():
            head += piece
            if len(head) >= _EXPLANATION:
                break
    except (httpx.HTTPError, httpx.StreamError):
        head = b""
    finally:
        response.close()
    text = head[:_EXPLANATION].decode("utf-8", "replace")
    if "html" in response.headers.get("Content-Type", "") or text.lstrip().startswith("<"):
        text = re.sub(r"(?is)<(style|script).*?</\1>|<[^>]*>", "\n", text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    return short(next((line for line in lines if len(line) > 2), ""), 200)


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
