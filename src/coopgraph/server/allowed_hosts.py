"""Which servers may be asked and told who we are: what the person names, or allows in settings outside any workspace.

A workspace may be somebody else's. The servers that its settings name are asked only where the same scheme, host and
port are named on the command line, in the environment or in `allowed_hosts` of the user's own settings.
"""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from coopgraph import files
from coopgraph.errors import DataError, UsageError, unknown
from coopgraph.server.credentials import refuse_in, shown

if TYPE_CHECKING:
    from pathlib import Path

KEY = "allowed_hosts"
_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """What a server is told apart by; two spellings of one origin are equal."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS.get(self.scheme) else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def origin(address: str) -> Origin:
    """Return the origin of an address as the client of HTTP itself reads it. Raises `UsageError` where it has none.

    >>> str(origin("HTTP://Example.ORG:80/sparql"))
    'http://example.org'
    >>> origin("http://b\u00fccher.example/") == origin("http://xn--bcher-kva.example:80/")
    True
    """
    try:
        url = httpx.URL(address)
        host, port = _canonical(url.raw_host.decode("ascii")), urlsplit(address).port  # httpx takes any number for one
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError(f"{shown(address)}: is no address that a host can have; check the address") from error
    return Origin(url.scheme, host, port or _PORTS.get(url.scheme, 0))


def _canonical(host: str) -> str:
    """Return a host in the one way that it is compared in. Raises `ValueError` where it is neither name nor number."""
    return host.lower() if re.fullmatch(r"[\w.~-]+", host, re.ASCII) else ip_address(host).compressed


def settings_file() -> Path:
    """Return where the user's own settings are, whether or not they are there."""
    from platformdirs import user_config_path

    return user_config_path("coopgraph") / "config.toml"


def configured() -> frozenset[Origin]:
    """Return the origins that the user's own settings allow. Raises `DataError` where they cannot be used."""
    path = settings_file()
    if not path.is_absolute() or not path.exists():  # relative, it would be in whatever folder we stand in
        return frozenset()
    try:
        settings = tomllib.loads(files.read_text(path))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: is not TOML: {error}; mend it there") from error
    for key in settings:
        if key != KEY:
            raise DataError(f"{path}: {unknown('setting', key, [KEY])}")
    return frozenset(_allowed(entry, path) for entry in _listed(settings.get(KEY, []), path))


def _listed(value: Any, path: Path) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise DataError(f'{path}: {KEY} is no list of texts; write {KEY} = ["https://example.org"]')
    return value


def _allowed(entry: str, path: Path) -> Origin:
    """Return the origin that an entry of the list allows; a host alone is meant over https."""
    if "*" in entry:
        raise DataError(f"{path}: {KEY}: {entry!r} stands for many hosts; name each of them")
    try:
        return origin(refuse_in(entry if "://" in entry else f"https://{entry}", "the entry"))
    except UsageError as error:
        raise DataError(f"{path}: {KEY}: {entry!r}: {error}") from error


def refusal(address: str) -> str:
    """Return what to say where a server is not asked because nobody but a workspace names it."""
    return (
        f"{shown(address)}: nothing is sent to this server, as only the workspace names it; where you trust it, "
        f"add {str(origin(address))!r} to {KEY} in {settings_file()}"
    )
