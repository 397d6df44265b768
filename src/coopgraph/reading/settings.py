"""Where a language model answers, as the environment says it: address, name, key, and whether text may go there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS, MODEL, KEY = "COOPGRAPH_LLM", "COOPGRAPH_LLM_MODEL", "COOPGRAPH_LLM_KEY"
"""The variables of the environment that name the server, its model, and the key that it wants, if any."""


class Settings(NamedTuple):
    """The address of an OpenAI-compatible server (up to /v1), the name of its model, and a key."""

    address: str
    model: str
    key: str | None = None

    @property
    def host(self) -> str:
        """The host of the server, with its port."""
        return urlsplit(self.address).netloc.rpartition("@")[2]


def from_environment() -> Settings:
    """Return the settings that the environment has. Raises `UsageError` where it has none, or no usable ones."""
    address, model = os.environ.get(ADDRESS, "").strip(), os.environ.get(MODEL, "").strip()
    if not address:
        raise UsageError(f"--with llm needs a server; set {ADDRESS} to its address, as http://localhost:11434/v1")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        raise UsageError(f"{ADDRESS} is no address; give one as http://localhost:11434/v1, without a password")
    if not model:
        raise UsageError(f"--with llm needs a model; set {MODEL} to its name, as the server calls it")
    return Settings(address.rstrip("/"), model, os.environ.get(KEY) or None)


def allowed(send: bool, tell: Callable[[str], None] = lambda _: None) -> Settings:
    """Return the settings that the environment has, and tell what goes where.

    Raises `UsageError` where text would leave the machine without having been allowed to.
    """
    settings = from_environment()
    what = f"the text and the graph's list of properties to {settings.host} (model {settings.model})"
    if not send:
        raise UsageError(f"--with llm sends {what}; add --send to allow it")
    tell(f"sending {what}")
    return settings
