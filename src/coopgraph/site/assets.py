"""The files of the site that are the same for every graph: style and scripts."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OWN = ("style.css",)


@cache
def _read(name: str) -> bytes:
    return files("coopgraph").joinpath("site", "assets", name).read_bytes()


ASSETS: Mapping[str, Callable[[], bytes]] = {f"-/{name}": partial(_read, name) for name in _OWN}
"""Path -> what gives its bytes."""
