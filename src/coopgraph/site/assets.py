"""The files of the site that are the same for every graph: style and scripts."""

from __future__ import annotations

from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SCRIPTS = ("search.js", "answer.js", "sparql.js", "question.js", "frame.js", "worker.js", "packed.js", "map.js")
_VENDOR = ("editor.js", "oxigraph.js", "oxigraph_bg.wasm.gz", "LICENSES.txt")


@cache
def _read(*path: str) -> bytes:
    return files("coopgraph").joinpath(*path).read_bytes()


def _style() -> bytes:
    """Return the style sheet: what the network page has too, then the site's own."""
    return _read("page", "base.css") + _read("site", "assets", "style.css")


ASSETS: Mapping[str, Callable[[], bytes]] = {
    "-/style.css": _style,
    **{f"-/{name}": partial(_read, "site", "assets", name) for name in _SCRIPTS},
    **{f"-/{name}": partial(_read, "site", "vendor", name) for name in _VENDOR},
}
"""Path -> what gives its bytes."""
