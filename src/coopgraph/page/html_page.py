"""A network as one HTML file that works offline; pyvis carries it, our template, style and script show it."""

from __future__ import annotations

import base64
import hashlib
import html as markup
import json
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from pyvis.network import Network

from coopgraph.claims.model import best_label
from coopgraph.page import scene
from coopgraph.page.data import encode, term_numbers
from coopgraph.page.style import style
from coopgraph.rdf.vocab import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgraph.claims.fate import Fate
    from coopgraph.claims.model import Extract
    from coopgraph.page.story import Step

SCRIPTS: Final = (
    "text.js",
    "graph.js",
    "state.js",
    "address.js",
    "geometry.js",
    "paint.js",
    "labels.js",
    "badges.js",
    "canvas.js",
    "sight.js",
    "places.js",
    "words.js",
    "filters.js",
    "years.js",
    "fates.js",
    "claim.js",
    "series.js",
    "evidence.js",
    "search.js",
    "sizes.js",
    "timeline.js",
    "matrix.js",
    "table.js",
    "paper.js",
    "story.js",
    "drawing.js",
    "save.js",
    "gexf.js",
    "embed.js",
    "frame.js",
    "main.js",
)
"""The page's own script, in the order in which its files are joined."""

STYLES: Final = ("base.css", "network.css", "views.css", "print.css")
"""Its style sheets, joined in this order."""

OPTIONS: Final[dict[str, Any]] = {
    "autoResize": True,
    "edges": {"smooth": False},
    "interaction": {"hover": True, "keyboard": False, "multiselect": False, "tooltipDelay": 300},
    "layout": {"improvedLayout": False},
    "nodes": {"shape": "custom"},
    "physics": {"enabled": False},
}
"""What vis-network is told; nothing moves unless a hand moves it."""


def page(
    extract: Extract,
    *,
    story: Sequence[Step] = (),
    language: str = "en",
    message: str = "",
    fates: Mapping[str, Fate] = MappingProxyType({}),
    part: tuple[int, int] | None = None,
) -> str:
    """Return the whole HTML text of a network page; the same extract gives the same text.

    `story` are the steps of a guided tour; `message` tells the reader what was left out of a large graph, and `part`
    how many links are drawn of how many; `fates` tell what became of planned and hoped-for claims.
    """
    network = _network(extract, language)
    steps = [step.plain() for step in story]
    data = encode(extract, fates) | {"story": steps, "language": language, "message": message, "part": part}
    network.templateEnv.globals.update(data=data, **_inlined())
    return str(network.generate_html())


def notebook(html: str, *, picture: str = "", height: int = 640) -> str:
    """Return an iframe that shows a page inside a notebook, shut off from the notebook itself.

    `picture` is the text of an SVG that stands in where scripts are stripped or off.
    """
    style = f"width:100%;height:{height}px;border:1px solid #c9ced4;border-radius:6px"
    frame = (
        f'<iframe sandbox="allow-scripts allow-downloads" title="Network" style="{style}" '
        f'srcdoc="{markup.escape(html)}"></iframe>'
    )
    if not picture:
        return frame
    coded = base64.b64encode(picture.encode("utf-8")).decode("ascii")
    image = f'<img alt="Network" style="max-width:100%" src="data:image/svg+xml;base64,{coded}">'
    return f"{frame}<noscript>{image}</noscript>"


def _network(extract: Extract, language: str) -> Network:
    """Return a pyvis network that carries points and lines by position, which is compact, and our template."""
    points, lines = scene.points(extract), scene.lines(extract)
    wide, tall = scene.both_places(points, lines)
    first, first_tall = scene.opening_places(points, lines)
    number = term_numbers(extract)
    heading = best_label(extract.titles, extract.title, language)
    network = Network(directed=True, cdn_resources="in_line", heading=heading)
    places = {"wide": wide, "tall": tall, "first": first, "firstTall": first_tall}
    network.nodes = [_node(point, number, places) for point in points]
    network.edges = [_edge(line, number) for line in lines]
    network.options = OPTIONS
    network.templateEnv = _environment()
    network.path = "network.html.j2"
    return network


def _node(
    point: scene.Point, number: Mapping[str, int], places: Mapping[str, Mapping[str, scene.Stand]]
) -> dict[str, Any]:
    iri = point.entity.iri
    x, y, slot = places["wide"][iri]
    others = {name: list(stands[iri]) for name, stands in places.items() if name != "wide" and iri in stands}
    return {"id": number[iri], "x": x, "y": y, "size": point.radius} | ({"slot": slot} if slot else {}) | others


def _edge(line: scene.Line, number: Mapping[str, int]) -> dict[str, Any]:
    edge: dict[str, Any] = {"from": number[line.start], "to": number[line.end], "cg": list(line.claims)}
    if line.bend:
        edge["bend"] = line.bend
    if line.marks != (False, True):
        edge["marks"] = sum(1 << end for end, marked in enumerate(line.marks) if marked)
    return edge


def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("coopgraph", "page"), autoescape=True)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": False}
    return environment


@cache
def _inlined() -> dict[str, Any]:
    """Return scripts, style, texts and the hashes of the scripts, all of which are the same for every page."""
    renderer = files("pyvis").joinpath("templates", "lib", "vis-9.1.2", "vis-network.min.js").read_text("utf-8")
    renderer = renderer.partition("//# sourceMappingURL=")[0].rstrip() + "\n"
    script = "(() => {\n'use strict';\n" + "\n".join(_own("js", name) for name in SCRIPTS) + "})();\n"
    return {
        "hashes": " ".join(f"'sha256-{_sha256(text)}'" for text in (renderer, script)),
        "renderer": Markup(renderer),
        "script": Markup(script),
        "css": Markup("\n".join(map(_own, STYLES))),
        "style": style(),
        "texts": {name: json.loads(_own("texts", f"{name}.json")) for name in LANGUAGES},
    }


def _own(*path: str) -> str:
    return files("coopgraph").joinpath("page", *path).read_text("utf-8")


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
