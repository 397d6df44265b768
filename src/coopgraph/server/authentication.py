"""How one server is told who we are: as it asks for it, and only where it may know (see `allowed_hosts`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx

from coopgraph.server.allowed_hosts import Origin, origin
from coopgraph.server.credentials import Credentials, lookup, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator


class Authenticator:
    """Keeps for each endpoint how it wants to be told who we are.

    `allowed` are the origins that may be told. Without `given` credentials each is told those that the environment or
    netrc has for it, or else what `ask` gives.
    """

    def __init__(
        self,
        allowed: Collection[Origin],
        given: Credentials | None,
        ask: Callable[[str], Credentials | None] | None,
    ) -> None:
        self._allowed, self._given, self._ask = allowed, given, ask
        self._credentials: dict[Origin, Credentials | None] = {}
        self._schemes: dict[str, httpx.Auth] = {}

    def allows(self, address: str) -> bool:
        """Say whether a server may be told who we are."""
        return origin(address) in self._allowed

    def credentials(self, address: str) -> Credentials | None:
        """Return who we are to the server of an address, where that may know and it is at hand."""
        if not self.allows(address):
            return None
        key = origin(address)
        if key not in self._credentials:
            self._credentials[key] = self._given or lookup(address)
        return self._credentials[key]

    def auth(self, address: str) -> httpx.Auth | None:
        """Return how an endpoint is told who we are unasked: as it has asked before, or by a token."""
        scheme, who = self._schemes.get(_resource(address)), self.credentials(address)
        return scheme or (_Bearer(who.token) if who and who.token else None)

    def answer(self, address: str, response: httpx.Response) -> httpx.Auth | None:
        """Return how to say who we are as a 401 answer wants it; None where there is nothing new to say."""
        if _resource(address) in self._schemes or not self.allows(address):
            return None
        who = self.credentials(address)
        if who is None and self._ask:
            who = self._credentials[origin(address)] = self._ask(shown(address))
        if who is None or who.token:
            return None
        scheme = _scheme(who, response)
        if scheme is not None:
            self._schemes[_resource(address)] = scheme
        return scheme

    def is_settled(self, address: str) -> bool:
        """Say whether nothing more can be learnt of how an endpoint wants to be told who we are."""
        return self.credentials(address) is None or self.auth(address) is not None


def _resource(address: str) -> str:
    """Return an address without what is asked there: who we are is told in the same way for all of it."""
    return address.partition("?")[0]


def _scheme(who: Credentials, response: httpx.Response) -> httpx.Auth | None:
    """Return the scheme that answers a challenge, digest before basic; None where none that is known does."""
    schemes = ", ".join(response.headers.get_list("WWW-Authenticate")).lower()
    digest = _digest(who, response) if re.search(r"\bdigest\b", schemes) else None
    if digest is None and (re.search(r"\bbasic\b", schemes) or "digest" not in schemes):
        return httpx.BasicAuth(who.user, who.password)
    return digest


def _digest(who: Credentials, response: httpx.Response) -> httpx.DigestAuth | None:
    """Return how digest says who we are, None where the server asks for it in a way that is not known."""
    digest = httpx.DigestAuth(who.user, who.password)
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
