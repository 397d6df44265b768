"""The curves along which the lines of a picture run, cut at the rims of the signs that they link."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, TypeAlias

from coopgraph.page.style import MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.page.scene import Line, Point, Stand

Curve: TypeAlias = tuple[float, float, float, float, float, float]
"""A quadratic curve: start, control point, end."""


def curve(line: Line, points: Mapping[str, Point], place: Mapping[str, Stand]) -> Curve:
    """Return the curve of a line; a loop above the sign where both ends are the same."""
    (ax, ay, _), (bx, by, _) = place[line.start], place[line.end]
    fan = MEASURES["fan"]
    start, end = points[line.start].radius, points[line.end].radius
    if line.start == line.end:
        reach = start + 26 + abs(line.bend) * fan
        return ax - start * 0.7, ay - start * 0.8, ax, ay - reach * 2, ax + start * 0.7, ay - start * 0.8
    length = hypot(bx - ax, by - ay) or 1
    lift = line.bend * fan * 2 * min(1, length / 90)
    cx, cy = (ax + bx) / 2 - (by - ay) / length * lift, (ay + by) / 2 + (bx - ax) / length * lift
    return *_rim(ax, ay, start, cx, cy, length), cx, cy, *_rim(bx, by, end, cx, cy, length)


def along(curve: Curve, at: float) -> tuple[float, float]:
    """Return the point at a share of the way, 0 to 1.

    >>> along((0, 0, 5, 10, 10, 0), 0.5)
    (5.0, 5.0)
    """
    x1, y1, cx, cy, x2, y2 = curve
    back = 1 - at
    return back * back * x1 + 2 * back * at * cx + at * at * x2, back * back * y1 + 2 * back * at * cy + at * at * y2


def badge(line: Line, curve: Curve, aside: float = 0) -> tuple[float, float]:
    """Return where the number of a bundle stands; those of parallel bundles are shifted along them."""
    x1, y1, _, _, x2, y2 = curve
    room = MEASURES["badgeApart"] / (hypot(x2 - x1, y2 - y1) or 1)
    shift = max(MEASURES["badgeShift"], room) * line.bend * (1 if line.start < line.end else -1)
    return along(curve, min(max(0.5 + aside + shift, 0.2), 0.8))


def _rim(x: float, y: float, radius: float, cx: float, cy: float, length: float) -> tuple[float, float]:
    far = hypot(cx - x, cy - y) or 1
    reach = min(radius * 1.06 + MEASURES["gap"], length * 0.45)
    return x + (cx - x) / far * reach, y + (cy - y) / far * reach
