"""A network as a static SVG picture, for papers and for places that strip scripts; it looks like the page."""

from __future__ import annotations

from math import atan2, degrees
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from coopgraph.page import curves, scene
from coopgraph.page.layout import ANNEAL_LIMIT
from coopgraph.page.plan import SLOTS, label_middles
from coopgraph.page.style import MEASURES, style
from coopgraph.rdf.printable import for_xml
from coopgraph.rdf.vocab import STATUSES, relation_iri, status_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.claims.model import Extract
    from coopgraph.page.curves import Curve
    from coopgraph.page.scene import Line, Point, Stand

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right and bottom."""

MARGIN: Final = 36
LEGEND: Final = 190
HEAD: Final = 84
FOOT: Final = 40

SANS: Final = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
SERIF: Final = "Georgia, 'Noto Serif', 'Noto Serif CJK SC', serif"

_CLASSES: Final = {"Person": "People"}


def svg(extract: Extract, *, dark: bool = False) -> str:
    """Return the whole SVG text, with title, legend and sources; the same extract gives the same text."""
    points, lines = scene.points(extract), scene.lines(extract)
    place = scene.places(points, lines)
    pen = _Pen("dark" if dark else "light")
    left, top, right, bottom = _frame(points, place)
    legend, legend_height = _legend(pen, extract, points, lines)
    width = round(right - left + LEGEND + 3 * MARGIN)
    height = round(max(bottom - top, legend_height) + HEAD + FOOT)
    signs = [pen.sign(point, place[point.entity.iri]) for point in points]
    by_iri = {point.entity.iri: point for point in points}
    badges = _badges(lines, by_iri, place)
    picture = [*_lines(pen, lines, by_iri, place, badges), *signs, *_labels(pen, points, place, badges.values())]
    content = [
        _element("title", {}, _text(extract.title)),
        _element("rect", {"width": "100%", "height": "100%", "fill": pen.paper}),
        pen.text(extract.title, MARGIN, 42, 24, font_weight=700, font_family=SERIF),
        pen.text(_counts(points, lines), MARGIN, 64, 13, fill=pen.soft),
        _element("g", {"transform": f"translate({MARGIN - round(left)} {HEAD - round(top)})"}, *picture),
        _element("g", {"transform": f"translate({width - LEGEND - MARGIN} {HEAD})"}, *legend),
        pen.text(_source_line(extract), MARGIN, height - 20, 11, fill=pen.soft),
    ]
    head = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": width, "height": height}
    return _element("svg", head | {"font-family": SANS, "role": "img", "aria-label": extract.title}, *content) + "\n"


class _Pen:
    """SVG elements in the colours of one theme."""

    def __init__(self, theme: str) -> None:
        self.theme = theme
        self.style = style()
        surface = self.style["surface"][theme]
        self.paper, self.ink, self.soft = surface["paper"], surface["ink"], surface["soft"]

    def look(self, table: str, name: str) -> Mapping[str, Any]:
        """Return the look of a class or relation group, or that of all others."""
        looks: Mapping[str, Mapping[str, Any]] = self.style[table]
        return looks.get(name, looks[""])

    def text(self, text: str, x: float, y: float, size: float, **more: Any) -> str:
        """Return one row of text, its baseline at y."""
        return _element("text", {"x": x, "y": y, "font-size": size, "fill": self.ink} | more, _text(text))

    def line(self, line: Line, curve: Curve) -> Iterator[str]:
        """Yield a line as a curve, and what marks its direction and a denial."""
        look = self.look("groups", line.group)
        colour, size = look[self.theme], min(max(look["width"] / 1.9, 0.75), 1.25)
        x1, y1, cx, cy, x2, y2 = curve
        path = f"M{_fix(x1)} {_fix(y1)}Q{_fix(cx)} {_fix(cy)} {_fix(x2)} {_fix(y2)}"
        width = look["width"] if len(line.claims) == 1 else min(look["width"] + 0.6 + len(line.claims) ** 0.5 * 0.5, 6)
        dash = self.dash(line.stroke)
        yield _element("path", {"d": path, "fill": "none", "stroke": colour, "stroke-width": width} | dash)
        for marked, x, y in ((line.marks[1], x2, y2), (line.marks[0], x1, y1)):
            if marked:
                turned = f"{_moved(x, y)} rotate({_fix(degrees(atan2(y - cy, x - cx)))}) scale({_fix(size)})"
                mark = self.style["marks"][look["mark"]]
                yield _element("path", {"d": mark, "fill": colour, "transform": turned})
        if line.stroke == "denied":
            yield self.cross(colour, *curves.along(curve, 0.5))

    def cross(self, colour: str, x: float, y: float) -> str:
        """Return what crosses a denied line."""
        return _element(
            "path", {"d": self.style["cross"], "stroke": colour, "stroke-width": 2, "transform": _moved(x, y)}
        )

    def dash(self, stroke: str) -> dict[str, str]:
        """Return the attributes that tell the kinds of status apart."""
        dashes = " ".join(map(str, self.style["strokes"][stroke]["dash"]))
        return ({"stroke-dasharray": dashes} if dashes else {}) | (
            {"stroke-linecap": "round"} if stroke == "ended" else {}
        )

    def badge(self, line: Line, box: Box) -> str:
        """Return the number of claims that a bundle stands for, in its box."""
        left, top, right, bottom = box
        colour = self.look("groups", line.group)[self.theme]
        frame = {"x": left, "y": top, "width": right - left, "height": bottom - top, "rx": (bottom - top) / 2}
        middle = {"font_weight": 600, "text_anchor": "middle"}
        return _element("rect", frame | {"fill": self.paper, "stroke": colour, "stroke-width": 1.3}) + self.text(
            _number(line), (left + right) / 2, (top + bottom) / 2 + 4, MEASURES["badge"], **middle
        )

    def sign(self, point: Point, place: Stand) -> str:
        """Return the sign of an entity, with its whole name as a tooltip."""
        look = self.look("classes", point.entity.root)
        halo = {"stroke": self.paper, "stroke-width": round(2.4 / point.radius, 3), "paint-order": "stroke"}
        where = f"{_moved(place.x, place.y)} scale({_fix(point.radius)})"
        shape = {"d": self.style["shapes"][look["shape"]], "transform": where, "fill": look[self.theme]}
        return _element("path", shape | halo, _element("title", {}, _text(point.entity.label)))

    def label(self, point: Point, stand: Stand, box: Box) -> str:
        """Return the rows of a label in its box, aligned to its sign."""
        left, top, right, _ = box
        anchor = ("end", "middle", "start")[int(SLOTS[stand.slot][0]) + 1]
        x = {"start": left, "middle": (left + right) / 2, "end": right}[anchor]
        look = {"text-anchor": anchor, "font-size": MEASURES["label"], "font-weight": 500, "fill": self.ink}
        halo = {"stroke": self.paper, "stroke-width": 4, "stroke-linejoin": "round", "paint-order": "stroke"}
        rows = (
            _element("tspan", {"x": _fix(x), "y": _fix(top + i * MEASURES["row"] + 13)}, _text(text))
            for i, text in enumerate(point.rows)
        )
        return _element("text", look | halo, *rows)

    def swatch(self, root: str) -> str:
        """Return the sign of a class as the legend shows it."""
        look = self.look("classes", root)
        shape = self.style["shapes"][look["shape"]]
        return _element("path", {"d": shape, "transform": "translate(18 0) scale(6.5)", "fill": look[self.theme]})

    def sample(self, group: str | None, stroke: str) -> str:
        """Return a short line as the legend shows it: of a relation group, or in ink for a status."""
        look = self.look("groups", group or "")
        colour, width = (look[self.theme], look["width"]) if group is not None else (self.ink, 1.8)
        path = {"d": "M1 0H33" if group is None else "M1 0H28", "stroke": colour, "stroke-width": width}
        line = _element("path", path | self.dash(stroke))
        if group is not None:
            mark = {"d": self.style["marks"][look["mark"]], "fill": colour, "transform": _moved(33, 0)}
            line += _element("path", mark)
        return line + self.cross(colour, 17, 0) if stroke == "denied" else line


def _lines(
    pen: _Pen,
    lines: Iterable[Line],
    by_iri: Mapping[str, Point],
    place: Mapping[str, Stand],
    badges: Mapping[Line, Box],
) -> Iterator[str]:
    """Yield lines, what comes first in the legend on top, then the badges of bundles above all lines."""
    rank = {name: index for index, name in enumerate(pen.style["groups"])}
    for line in sorted(lines, key=lambda line: -rank.get(line.group, len(rank))):
        yield from pen.line(line, curves.curve(line, by_iri, place))
    for line, box in badges.items():
        yield pen.badge(line, box)


def _badges(lines: Iterable[Line], by_iri: Mapping[str, Point], place: Mapping[str, Stand]) -> dict[Line, Box]:
    """Return the boxes of the numbers of bundles, out of the way of signs and of each other if there is room."""
    taken = _sign_boxes(by_iri.values(), place)
    boxes = {}
    for line in lines:
        if len(line.claims) < 2:
            continue
        curve = curves.curve(line, by_iri, place)
        places = [_badge_box(line, *curves.badge(line, curve, aside)) for aside in MEASURES["badgeAside"]]
        boxes[line] = next((box for box in places if _is_free(box, taken)), places[0])
        taken.append(boxes[line])
    return boxes


def _number(line: Line) -> str:
    return f"×{len(line.claims)}"


def _badge_box(line: Line, x: float, y: float) -> Box:
    half = MEASURES["badgePadding"] + MEASURES["badgeLetter"] * len(_number(line))
    return x - half, y - MEASURES["badgeHeight"] / 2, x + half, y + MEASURES["badgeHeight"] / 2


def _sign_boxes(points: Iterable[Point], place: Mapping[str, Stand]) -> list[Box]:
    stands = [(place[point.entity.iri], point.radius * 0.8) for point in points]
    return [(x - half, y - half, x + half, y + half) for (x, y, _), half in stands]


def _is_free(box: Box, taken: Iterable[Box]) -> bool:
    return not any(box[0] < own[2] and box[2] > own[0] and box[1] < own[3] and box[3] > own[1] for own in taken)


def _labels(pen: _Pen, points: Sequence[Point], place: Mapping[str, Stand], badges: Iterable[Box]) -> Iterator[str]:
    """Yield the labels that find room, the most important first; those of small graphs may stand in other slots."""
    small = len(points) <= ANNEAL_LIMIT
    below = [*badges, *_sign_boxes(points, place)] if small else []
    names: list[Box] = []
    for rank, point in enumerate(points[:2000]):
        stand = place[point.entity.iri]
        tried = [stand, *(stand._replace(slot=slot) for slot in range(len(SLOTS) if small else 0))]
        free = [one for one in tried if _is_free(_label_box(point, one), names)]
        whole = [one for one in free if _is_free(_label_box(point, one), below)]
        for chosen in (whole or (free if rank < MEASURES["main"] else []))[:1]:
            names.append(_label_box(point, chosen))
            yield pen.label(point, chosen, names[-1])


def _label_box(point: Point, stand: Stand) -> Box:
    """Return left, top, right and bottom of a label."""
    size = np.array(point.label_size)
    middle = label_middles(np.array(stand[:2]), np.array(point.radius), size, SLOTS[stand.slot])
    low, high = middle - size / 2, middle + size / 2
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _legend(pen: _Pen, extract: Extract, points: Iterable[Point], lines: Sequence[Line]) -> tuple[list[str], int]:
    """Return the legend of what is drawn, and its height."""
    roots = _ordered({point.entity.root for point in points}, pen.style["classes"])
    groups = _ordered({line.group for line in lines}, pen.style["groups"])
    drawn = {extract.claims[index].status for line in lines for index in line.claims}
    statuses = [name for name in STATUSES if name in drawn]
    rows: list[tuple[str, str]] = [
        ("", "Entities"),
        *((pen.swatch(name), _CLASSES.get(name, f"{name}s") if name else "Other") for name in roots),
        ("", "Relations"),
        *((pen.sample(name, "realised"), _name(extract, relation_iri(name), name)) for name in groups),
        ("", "Status"),
        *((pen.sample(None, scene.stroke([name])), _name(extract, status_iri(name), name)) for name in statuses),
    ]
    y, parts = 0, []
    for sample, text in rows:
        y += 22 if sample else 32
        if sample:
            parts.append(_element("g", {"transform": _moved(0, y)}, sample) + pen.text(text, 44, y + 4, 12.5))
        else:
            parts.append(pen.text(text, 0, y, 12, font_weight=700))
    return parts, y


def _frame(points: Sequence[Point], place: Mapping[str, Stand]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all signs with their labels."""
    if not points:
        return 0, 0, 300, 120
    signs = [(*place[point.entity.iri][:2], point.radius * 1.4) for point in points]
    boxes = [_label_box(point, place[point.entity.iri]) for point in points]
    boxes += [(x - half, y - half, x + half, y + half) for x, y, half in signs]
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _counts(points: Sequence[Point], lines: Sequence[Line]) -> str:
    links = sum(len(line.claims) for line in lines)
    return (
        f"{len(points):,} {'entity' if len(points) == 1 else 'entities'}, {links:,} {'link' if links == 1 else 'links'}"
    )


def _source_line(extract: Extract) -> str:
    sources = [source for _, source in sorted(extract.sources.items())]
    titles = [", ".join(filter(None, (source.title, (source.issued or "")[:4]))) for source in sources]
    more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
    cited = f"{'Source' if len(titles) == 1 else 'Sources'}: {'; '.join(titles[:3])}{more}" if titles else ""
    return " · ".join(filter(None, (cited, extract.license and f"Licence: {extract.license}")))


def _ordered(names: Iterable[str], order: Iterable[str]) -> list[str]:
    rank = {name: index for index, name in enumerate(order) if name}
    return sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


def _name(extract: Extract, iri: str, otherwise: str) -> str:
    return extract.terms[iri].label if iri in extract.terms else otherwise.capitalize()


def _element(name: str, attributes: Mapping[str, Any], *children: str) -> str:
    """Return an element; `_` in names of attributes stands for `-`, numbers get at most three decimal places."""
    written = "".join(f" {key.replace('_', '-')}={quoteattr(_value(value))}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def _value(value: Any) -> str:
    return f"{round(value, 3) + 0.0:g}" if isinstance(value, int | float) else for_xml(str(value))


def _fix(value: float) -> str:
    """Return a number with at most one decimal place."""
    return f"{round(value, 1) + 0.0:g}"


def _moved(x: float, y: float) -> str:
    return f"translate({_fix(x)} {_fix(y)})"


def _text(text: str) -> str:
    return escape(for_xml(text))
