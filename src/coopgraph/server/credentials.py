"""Who we are to a server: from the environment or netrc, kept out of every line that is shown or logged."""

from __future__ import annotations

import netrc
import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from coopgraph.errors import DataError, UsageError

USER, PASSWORD, TOKEN = "COOPGRAPH_STORE_USER", "COOPGRAPH_STORE_PASSWORD", "COOPGRAPH_STORE_TOKEN"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a token; neither is shown. Raises `UsageError` where one cannot be sent as it is."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[!-~]*", self.token):
            raise UsageError(f"{TOKEN} holds what no token has, such as a space or the end of a line; mend it")
        if not self.user.isprintable():
            raise UsageError(f"{USER} holds what no name has, such as the end of a line; mend it")


def lookup(address: str) -> Credentials | None:
    """Return the credentials that the environment, or else netrc, has for the host of an address.

    Raises `DataError` where netrc cannot be read and `UsageError` where the environment gives a password and no user.
    """
    if token := os.environ.get(TOKEN):
        return Credentials(token=token)
    user, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if password and not user:
        raise UsageError(f"{PASSWORD} is set and {USER} is not; set both")
    if user:
        return Credentials(user, password)
    return _from_netrc(urlsplit(address).hostname or "")


def _from_netrc(host: str) -> Credentials | None:
    try:
        entry = netrc.netrc(os.environ.get("NETRC") or None).authenticators(host)
    except (FileNotFoundError, PermissionError, RuntimeError):  # there is none, or there is no home to have it in
        return None
    except netrc.NetrcParseError as error:
        place = f"{error.filename}:{error.lineno}" if error.lineno else "netrc"
        raise DataError(f"{place}: cannot be read as netrc; mend it, or set {USER} and {PASSWORD}") from None
    return Credentials(entry[0], entry[2] or "") if entry else None


def refuse_in(address: str, name: str = "the address") -> str:
    """Return an address, or raise `UsageError` where it is none of the web or holds a user's name or password."""
    try:
        parts = urlsplit(address)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole, parts = False, urlsplit("")
    if "@" in (parts.netloc or address.partition("?")[0]):
        raise UsageError(f"{name} holds a user's name; leave it out, and set {USER} and {PASSWORD} or use netrc")
    if not whole:
        raise UsageError(f"{name} {address!r} is no http(s) address; write one as https://example.org/sparql")
    return address


def shown(address: str) -> str:
    """Return an address as messages may show it: without user, password and parameters.

    >>> shown("https://me:secret@example.org:8443/sparql?token=secret#x")
    'https://example.org:8443/sparql'
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # no number of the sixth version, say
        return address.partition("?")[0].rpartition("@")[2]
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
