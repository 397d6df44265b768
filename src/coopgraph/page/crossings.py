"""What meets what on paper: segments that cross, run through boxes and run over signs, many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from coopgraph.page.large_layout import Floats

Numbers: TypeAlias = NDArray[np.floating[Any]]
Hits: TypeAlias = NDArray[np.bool_]


def crossing(one: Numbers, two: Numbers) -> Hits:
    """Return which of `two` (t, 4) each of `one` (..., s, 4) crosses; segments are start and span."""
    x, y = two[:, 0] - one[..., 0:1], two[:, 1] - one[..., 1:2]
    dx, dy, ex, ey = one[..., 2:3], one[..., 3:4], two[:, 2], two[:, 3]
    area = dx * ey - dy * ex
    half = np.abs(area) * 0.5
    sign = np.where(area < 0, np.float32(-1), np.float32(1))
    along = np.abs((x * ey - y * ex) * sign - half) < half
    along &= np.abs((x * dy - y * dx) * sign - half) < half
    return along


def through(segments: Numbers, middle: Numbers, half: Numbers) -> Hits:
    """Return which segments, start and span, run through which boxes, all broadcast against each other."""
    ex, ey = segments[..., 2] * 0.5, segments[..., 3] * 0.5
    x, y = np.abs(segments[..., 0] + ex - middle[..., 0]), np.abs(segments[..., 1] + ey - middle[..., 1])
    cross = (segments[..., 0] + ex - middle[..., 0]) * ey - (segments[..., 1] + ey - middle[..., 1]) * ex
    ax, ay = np.abs(ex), np.abs(ey)
    hit = x < half[..., 0] + ax
    hit &= y < half[..., 1] + ay
    hit &= np.abs(cross) < half[..., 0] * ay + half[..., 1] * ax
    return np.asarray(hit)


def over(segments: Numbers, middle: Numbers, radius: Numbers) -> Hits:
    """Return which segments run over which discs, all broadcast against each other."""
    dx, dy = segments[..., 2], segments[..., 3]
    x, y = middle[..., 0] - segments[..., 0], middle[..., 1] - segments[..., 1]
    square = dx * dx + dy * dy
    share = np.minimum(np.maximum((x * dx + y * dy) / np.maximum(square, 1e-6), 0), 1)
    far: Numbers = (x - share * dx) ** 2 + (y - share * dy) ** 2
    return far < radius * radius


def depth(middle: Floats, half: Floats, others: Floats, others_half: Floats) -> Floats:
    """Return by how many pixels boxes lie upon others, 0 where they do not."""
    apart = half + others_half - np.abs(middle - others)
    return np.maximum(np.minimum(apart[..., 0], apart[..., 1]), 0)
