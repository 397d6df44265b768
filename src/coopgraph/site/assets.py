"""The files of the site that are the same for every graph: style and scripts."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OWN = ("style.css", "search.js", "answer.js", "sparql.js", "question.js", "frame.js", "worker.js")
_VENDOR = ("editor.js", "oxigraph.js", "oxigraph_bg.wasm", "LICENSES.txt")


@cache
def _read(folder: str, name: str) -> bytes:
    return files("coopgraph").joinpath("site", folder, name).read_bytes()


ASSETS: Mapping[str, Callable[[], bytes]] = {
    **{f"-/{name}": partial(_read, "assets", name) for name in _OWN},
    **{f"-/{name}": partial(_read, "vendor", name) for name in _VENDOR},
}
"""Path -> what gives its bytes."""
