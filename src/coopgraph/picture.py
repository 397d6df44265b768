"""A network as a static SVG picture, for papers and for places that strip scripts; it looks like the page."""

from __future__ import annotations

from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from coopgraph import drawing
from coopgraph.vocab import ID, STATUSES, status_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.drawing import Line, Point
    from coopgraph.model import Extract

FAN: Final = 20
"""Pixels between parallel lines half way; the page's script uses the same."""

GAP: Final = 2.5
MARGIN: Final = 36
LEGEND: Final = 190
HEAD: Final = 84
FOOT: Final = 40

SANS: Final = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
SERIF: Final = "Georgia, 'Noto Serif', 'Noto Serif CJK SC', serif"

Curve: TypeAlias = tuple[float, float, float, float, float, float]
"""A quadratic curve: start, control point, end."""

_CLASSES: Final = {
    "Place": "Places",
    "Organisation": "Organisations",
    "Initiative": "Initiatives",
    "Event": "Events",
    "Person": "People",
    "Post": "Posts",
    "Agreement": "Agreements",
}


def svg(extract: Extract, *, dark: bool = False) -> str:
    """Return the whole SVG text: title, lines, signs, labels, legend and sources; the same extract gives the same text."""
    points, lines = drawing.points(extract), drawing.lines(extract)
    place = drawing.places(points, lines)
    pen = _Pen("dark" if dark else "light")
    left, top, right, bottom = _frame(points, place)
    legend, legend_height = pen.legend(extract, points, lines)
    width = round(right - left + LEGEND + 3 * MARGIN)
    height = round(max(bottom - top, legend_height) + HEAD + FOOT)
    content = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'font-family="{SANS}" role="img" aria-label={quoteattr(_clean(extract.title))}>'
        ),
        f"<title>{_text(extract.title)}</title>",
        f'<rect width="100%" height="100%" fill="{pen.paper}"/>',
        pen.text(extract.title, MARGIN, 42, 24, weight=700, family=SERIF),
        pen.text(_counts(points, lines), MARGIN, 64, 13, soft=True),
        f'<g transform="translate({MARGIN - round(left)} {HEAD - round(top)})">',
        *pen.lines(_stacked(lines), {point.entity.iri: point for point in points}, place),
        *(pen.sign(point, place[point.entity.iri]) for point in points),
        *pen.labels(points, place),
        "</g>",
        f'<g transform="translate({width - LEGEND - MARGIN} {HEAD})">',
        *legend,
        "</g>",
        pen.text(_source_line(extract), MARGIN, height - 20, 11, soft=True),
        "</svg>",
    ]
    return "\n".join(content) + "\n"


class _Pen:
    """SVG elements in the colours of one theme."""

    def __init__(self, theme: str) -> None:
        self.theme = theme
        self.style = drawing.style()
        surface = self.style["surface"][theme]
        self.paper, self.ink, self.soft = surface["paper"], surface["ink"], surface["soft"]

    def look(self, table: str, name: str) -> Mapping[str, Any]:
        """Return the look of a class or relation group, or that of all others."""
        looks: Mapping[str, Mapping[str, Any]] = self.style[table]
        return looks.get(name, looks[""])

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        *,
        weight: int = 400,
        family: str = "",
        soft: bool = False,
        anchor: str = "",
    ) -> str:
        """Return one row of text, its baseline at y."""
        more = (f' font-family="{family}"' if family else "") + (f' text-anchor="{anchor}"' if anchor else "")
        colour = self.soft if soft else self.ink
        return f'<text x="{_fix(x)}" y="{_fix(y)}" font-size="{size}" font-weight="{weight}" fill="{colour}"{more}>{_text(text)}</text>'

    def lines(
        self, lines: Iterable[Line], points: Mapping[str, Point], place: Mapping[str, tuple[int, int]]
    ) -> Iterator[str]:
        """Yield lines with their marks, then the badges of bundles, which must lie above all lines."""
        badges = []
        for line in lines:
            curve = _curve(line, points, place)
            yield from self.line(line, curve)
            if len(line.claims) > 1:
                badges.append(self.badge(line, curve))
        yield from badges

    def line(self, line: Line, curve: Curve) -> Iterator[str]:
        """Yield a line as a curve, and what marks its direction and a denial."""
        look = self.look("groups", line.group)
        colour, size = look[self.theme], min(max(look["width"] / 1.9, 0.75), 1.25)
        x1, y1, cx, cy, x2, y2 = curve
        path = f"M{_fix(x1)} {_fix(y1)}Q{_fix(cx)} {_fix(cy)} {_fix(x2)} {_fix(y2)}"
        width = look["width"] if len(line.claims) == 1 else min(look["width"] + 0.6 + len(line.claims) ** 0.5 * 0.5, 6)
        yield f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_fix(width)}"{self.dash(line.stroke)}/>'
        for marked, x, y in ((line.marks[1], x2, y2), (line.marks[0], x1, y1)):
            if marked:
                turn = _fix(degrees(atan2(y - cy, x - cx)))
                shape = self.style["marks"][look["mark"]]
                yield f'<path d="{shape}" fill="{colour}" transform="translate({_fix(x)} {_fix(y)}) rotate({turn}) scale({_fix(size)})"/>'
        if line.stroke == "denied":
            x, y = _on(curve, 0.5)
            yield f'<path d="{self.style["cross"]}" stroke="{colour}" stroke-width="2" transform="translate({_fix(x)} {_fix(y)})"/>'

    def dash(self, stroke: str) -> str:
        """Return the attributes that tell the kinds of status apart."""
        dashes = " ".join(map(str, self.style["strokes"][stroke]["dash"]))
        return (f' stroke-dasharray="{dashes}"' if dashes else "") + (
            ' stroke-linecap="round"' if stroke == "ended" else ""
        )

    def badge(self, line: Line, curve: Curve) -> str:
        """Return the number of claims that a bundle stands for."""
        x, y = _on(curve, min(max(0.5 + 0.11 * line.bend * (1 if line.start < line.end else -1), 0.25), 0.75))
        half = 9 + 3.5 * len(str(len(line.claims)))
        colour = self.look("groups", line.group)[self.theme]
        frame = f'<rect x="{_fix(x - half)}" y="{_fix(y - 9)}" width="{half * 2}" height="18" rx="9" fill="{self.paper}" stroke="{colour}" stroke-width="1.3"/>'
        return frame + self.text(f"×{len(line.claims)}", x, y + 4, 11.5, weight=600, anchor="middle")

    def sign(self, point: Point, place: tuple[int, int]) -> str:
        """Return the sign of an entity, with its whole name as a tooltip."""
        look = self.look("classes", point.entity.root)
        halo = f'stroke="{self.paper}" stroke-width="{round(2.4 / point.radius, 3)}" paint-order="stroke"'
        transform = f'transform="translate({place[0]} {place[1]}) scale({_fix(point.radius)})"'
        return f'<path d="{self.style["shapes"][look["shape"]]}" {transform} fill="{look[self.theme]}" {halo}><title>{_text(point.entity.label)}</title></path>'

    def labels(self, points: Sequence[Point], place: Mapping[str, tuple[int, int]]) -> Iterator[str]:
        """Yield the labels that find room, the most important first."""
        boxes: list[tuple[float, float, float, float]] = []
        for point in points[:2000]:
            x, y = place[point.entity.iri]
            top = y + point.radius * 1.1 + 3
            half = max(map(drawing.width, point.rows), default=0) * drawing.COLUMN_WIDTH / 2 - 2
            box = (x - half, top, x + half, top + len(point.rows) * 16.8)
            if any(box[0] < b[2] and box[2] > b[0] and box[1] < b[3] and box[3] > b[1] for b in boxes):
                continue
            boxes.append(box)
            rows = "".join(
                f'<tspan x="{x}" y="{_fix(top + i * 16.8 + 13)}">{_text(row)}</tspan>'
                for i, row in enumerate(point.rows)
            )
            halo = f'stroke="{self.paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
            yield f'<text text-anchor="middle" font-size="14" font-weight="500" fill="{self.ink}" {halo}>{rows}</text>'

    def legend(self, extract: Extract, points: Iterable[Point], lines: Sequence[Line]) -> tuple[list[str], int]:
        """Return the legend of what is drawn, and its height."""
        roots = {point.entity.root for point in points}
        groups = {line.group for line in lines}
        drawn = {extract.claims[index].status for line in lines for index in line.claims}
        rows: list[tuple[str, str]] = [("", "Entities")]
        rows += [
            (self._swatch(name), _CLASSES.get(name, name or "Other")) for name in _ordered(roots, self.style["classes"])
        ]
        rows += [("", "Relations")]
        rows += [
            (self._sample(name, "realised"), _name(extract, f"{ID}relation/{name}", name))
            for name in _ordered(groups, self.style["groups"])
        ]
        rows += [("", "Status")]
        rows += [
            (self._sample(None, drawing.stroke(name)), _name(extract, status_iri(name), name))
            for name in STATUSES
            if name in drawn
        ]
        y, parts = 0, []
        for sample, text in rows:
            y += 22 if sample else 32
            parts.append(f'<g transform="translate(0 {y})">{sample}</g>' if sample else "")
            parts.append(self.text(text, 44, y + 4, 12.5) if sample else self.text(text, 0, y, 12, weight=700))
        return [part for part in parts if part], y

    def _swatch(self, root: str) -> str:
        look = self.look("classes", root)
        return f'<path d="{self.style["shapes"][look["shape"]]}" transform="translate(18 0) scale(6.5)" fill="{look[self.theme]}"/>'

    def _sample(self, group: str | None, stroke: str) -> str:
        look = self.look("groups", group or "")
        colour, width = (look[self.theme], look["width"]) if group is not None else (self.ink, 1.8)
        line = f'<path d="M1 0H33" stroke="{colour}" stroke-width="{width}"{self.dash(stroke)}/>'
        if group is not None:
            line = (
                line.replace("H33", "H28")
                + f'<path d="{self.style["marks"][look["mark"]]}" fill="{colour}" transform="translate(33 0)"/>'
            )
        if stroke == "denied":
            line += (
                f'<path d="{self.style["cross"]}" stroke="{colour}" stroke-width="1.8" transform="translate(17 0)"/>'
            )
        return line


def _curve(line: Line, points: Mapping[str, Point], place: Mapping[str, tuple[int, int]]) -> Curve:
    """Return the curve of a line, cut at the rims of the signs; a loop where both ends are the same."""
    (ax, ay), (bx, by) = place[line.start], place[line.end]
    start, end = points[line.start].radius, points[line.end].radius
    if line.start == line.end:
        reach = start + 26 + abs(line.bend) * FAN
        return ax - start * 0.7, ay - start * 0.8, ax, ay - reach * 2, ax + start * 0.7, ay - start * 0.8
    length = hypot(bx - ax, by - ay) or 1
    lift = line.bend * FAN * 2 * min(1, length / 90)
    cx, cy = (ax + bx) / 2 - (by - ay) / length * lift, (ay + by) / 2 + (bx - ax) / length * lift
    return *_rim(ax, ay, start, cx, cy, length), cx, cy, *_rim(bx, by, end, cx, cy, length)


def _rim(x: float, y: float, radius: float, cx: float, cy: float, length: float) -> tuple[float, float]:
    far = hypot(cx - x, cy - y) or 1
    reach = min(radius * 1.06 + GAP, length * 0.45)
    return x + (cx - x) / far * reach, y + (cy - y) / far * reach


def _on(curve: Curve, at: float) -> tuple[float, float]:
    x1, y1, cx, cy, x2, y2 = curve
    back = 1 - at
    return back * back * x1 + 2 * back * at * cx + at * at * x2, back * back * y1 + 2 * back * at * cy + at * at * y2


def _frame(points: Sequence[Point], place: Mapping[str, tuple[int, int]]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all signs with their labels."""
    if not points:
        return 0, 0, 300, 120
    boxes = [(*place[point.entity.iri], point) for point in points]
    return (
        min(x - point.box[0] / 2 for x, _, point in boxes),
        min(y - point.radius * 1.4 for _, y, point in boxes),
        max(x + point.box[0] / 2 for x, _, point in boxes),
        max(y + point.box[1] - point.radius for _, y, point in boxes),
    )


def _counts(points: Sequence[Point], lines: Sequence[Line]) -> str:
    links = sum(len(line.claims) for line in lines)
    return (
        f"{len(points):,} {'entity' if len(points) == 1 else 'entities'}, {links:,} {'link' if links == 1 else 'links'}"
    )


def _source_line(extract: Extract) -> str:
    titles = [
        ", ".join(filter(None, (source.title, (source.issued or "")[:4])))
        for _, source in sorted(extract.sources.items())
    ]
    more = f" and {len(titles) - 3} more" if len(titles) > 3 else ""
    licence = f" · Licence: {extract.license}" if extract.license else ""
    return (
        f"{'Source' if len(titles) == 1 else 'Sources'}: {'; '.join(titles[:3])}{more}{licence}"
        if titles
        else licence.strip(" ·")
    )


def _ordered(names: Iterable[str], order: Iterable[str]) -> list[str]:
    rank = {name: index for index, name in enumerate(order) if name}
    return sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


def _stacked(lines: Iterable[Line]) -> list[Line]:
    """Return lines in the order of painting: what comes first in the legend lies on top."""
    rank = {name: index for index, name in enumerate(drawing.style()["groups"])}
    return sorted(lines, key=lambda line: -rank.get(line.group, len(rank)))


def _name(extract: Extract, iri: str, otherwise: str) -> str:
    return extract.terms[iri].label if iri in extract.terms else otherwise.capitalize()


def _fix(value: float) -> str:
    """Return a number with at most one decimal place."""
    return f"{round(value, 1) + 0.0:g}"


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """Return a text without what XML 1.0 cannot hold."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
    )
