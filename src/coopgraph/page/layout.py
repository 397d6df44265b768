"""Where the points of a picture stand: deterministic coordinates, labels kept apart, wider than high.

Up to `STRESS_LIMIT` points, distances on paper follow distances in the graph (stress majorisation); beyond, springs
pull and a mesh of charges pushes (FFT), which takes time proportional to the links. No random number is drawn.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np

from coopgraph.page.large_layout import GOLDEN_ANGLE, Floats, Ints, spread, turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


STRESS_LIMIT: Final = 200
"""Points up to which all pairs are looked at; the work grows with the square of it."""

ASPECT: Final = 1.6
"""Width to height of a window, roughly."""

SPACING: Final = 64
"""Pixels between neighbours in a large graph, in which only some labels are shown at a time."""


def positions(boxes: Mapping[str, tuple[float, float]], links: Iterable[tuple[str, str]]) -> dict[str, tuple[int, int]]:
    """Return x and y, in whole pixels around 0, of the middle of each box; `boxes` gives widths and heights."""
    names = list(boxes)
    number = {name: index for index, name in enumerate(names)}
    ends = Counter(
        (min(number[a], number[b]), max(number[a], number[b]))
        for a, b in links
        if a != b and a in number and b in number
    )
    pairs = np.array([(*pair, ends[pair]) for pair in sorted(ends)], dtype=np.int64).reshape(-1, 3)
    sizes = np.array([boxes[name] for name in names], dtype=np.float64).reshape(-1, 2)
    parts = _components(len(names), pairs)
    placed = [_place(part, pairs, sizes) for part in parts]
    xy = _pack(parts, placed, sizes)
    if names:
        xy -= (xy.min(axis=0) + xy.max(axis=0)) / 2
    return {name: (round(float(x)), round(float(y))) for name, (x, y) in zip(names, xy, strict=True)}


def _components(count: int, pairs: Ints) -> list[Ints]:
    """Return the connected parts as sorted indexes, the largest first."""
    parent = list(range(count))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, second, _ in pairs.tolist():
        parent[root(first)] = root(second)
    gathered: dict[int, list[int]] = {}
    for index in range(count):
        gathered.setdefault(root(index), []).append(index)
    return [
        np.array(part, dtype=np.int64) for part in sorted(gathered.values(), key=lambda part: (-len(part), part[0]))
    ]


def _place(part: Ints, pairs: Ints, sizes: Floats) -> Floats:
    """Return coordinates of one connected part."""
    if len(part) == 1:
        return np.zeros((1, 2))
    local = np.full(len(sizes), -1, dtype=np.int64)
    local[part] = np.arange(len(part))
    inside = pairs[local[pairs[:, 0]] >= 0]
    own = np.stack([local[inside[:, 0]], local[inside[:, 1]], inside[:, 2]], axis=1)
    if len(part) > STRESS_LIMIT:
        return np.asarray(spread(len(part), own) * np.array([SPACING * ASPECT**0.5, SPACING / ASPECT**0.5]))
    heavy = own[own[:, 2] > 2]
    xy = _stress(*_distances(len(part), own))
    xy = _fill(turn(xy, xy if not len(heavy) else xy[heavy[heavy[:, 2].argmax(), :2]]), sizes[part])
    return _push_apart(xy, sizes[part], heavy[:, :2])


def _distances(count: int, pairs: Ints) -> tuple[Floats, Floats]:
    """Return wanted distances and how much each counts.

    They are lengths of shortest ways, a link being the longer, the fewer neighbours its ends share. Ends with several
    lines between them are wanted further apart, and this the more urgently, so that the lines can be told apart.
    """
    linked = np.zeros((count, count), dtype=bool)
    linked[pairs[:, 0], pairs[:, 1]] = linked[pairs[:, 1], pairs[:, 0]] = True
    length = np.full((count, count), np.inf)
    for first, second, _ in pairs.tolist():
        unshared = int((linked[first] ^ linked[second]).sum())
        length[first, second] = length[second, first] = 95 + 17 * np.sqrt(unshared)
    np.fill_diagonal(length, 0)
    for via in range(count):
        np.minimum(length, length[:, via, None] + length[None, via, :], out=length)
    weight = np.where(length > 0, np.maximum(length, 1.0) ** -2.0, 0.0)
    for first, second, lines in pairs.tolist():
        length[first, second] = length[second, first] = length[first, second] + 60 * min(lines - 1, 5)
        weight[first, second] = weight[second, first] = weight[first, second] * lines
    return length, weight


def _stress(wanted: Floats, weight: Floats, rounds: int = 180) -> Floats:
    """Return coordinates whose distances come near the wanted ones (majorisation, after Gansner, Koren and North)."""
    count = len(wanted)
    total = weight.sum(axis=1)
    xy = _spiral(wanted)
    for _ in range(rounds if count > 2 else 1):
        delta = xy[:, None, :] - xy[None, :, :]
        distance = np.sqrt((delta**2).sum(axis=2))
        np.fill_diagonal(distance, 1)
        pull = weight * wanted / np.maximum(distance, 1e-6)
        moved = ((weight[:, :, None] * xy[None, :, :]) + pull[:, :, None] * delta).sum(axis=1) / total[:, None]
        xy = 0.5 * (xy + moved) if count < 4 else moved
    return np.asarray(xy)


def _spiral(wanted: Floats) -> Floats:
    """Return a start: central points inside, the others around them in the order of their distance."""
    rank = np.argsort(np.argsort(wanted.sum(axis=1), kind="stable"), kind="stable")
    radius = np.sqrt(rank + 0.3) * wanted.mean() / np.sqrt(len(wanted))
    return np.stack([radius * np.cos(rank * GOLDEN_ANGLE), radius * np.sin(rank * GOLDEN_ANGLE)], axis=1)


def _fill(xy: Floats, sizes: Floats) -> Floats:
    """Return the points stretched to a sheet that is as large as their boxes need, and as wide as a window."""
    area = float(sizes.prod(axis=1).sum()) * (2.3 + 22 / len(xy))
    sheet = np.array([np.sqrt(area * ASPECT), np.sqrt(area / ASPECT)])
    span = np.maximum(xy.max(axis=0) - xy.min(axis=0), 1e-6)
    stretch = np.minimum(sheet / span, 2 * (sheet / span).min())  # a row of points stays a row
    return np.asarray((xy - xy.min(axis=0)) * stretch)


def _push_apart(xy: Floats, sizes: Floats, heavy: Ints, rounds: int = 600) -> Floats:
    """Return the points moved until no two boxes overlap, each pair along the way that is shorter.

    The middle of `heavy` links, which carry many lines, is kept free too.
    """
    count = len(xy)
    boxes = np.concatenate([sizes, np.full((3 * len(heavy), 2), 56.0)])
    need = (boxes[:, None, :] + boxes[None, :, :]) / 2
    may = ~np.eye(len(boxes), dtype=bool)
    may[count:, count:] = False
    for row, link in enumerate(heavy.tolist() * 3):
        may[count + row, link] = may[link, count + row] = False
    xy = xy + np.stack([np.arange(count) % 7, np.arange(count) % 5], axis=1) * 1e-3
    for _ in range(rounds):
        spots = [xy[heavy[:, 0]] * (1 - at) + xy[heavy[:, 1]] * at for at in (0.32, 0.5, 0.68)]
        all_xy = np.concatenate([xy, *spots])
        delta = all_xy[:, None, :] - all_xy[None, :, :]
        over = need - np.abs(delta)
        clash = (over > 0).all(axis=2) & may
        if not clash.any():
            break
        sideways = over[:, :, 0] < over[:, :, 1] * ASPECT
        axis = np.stack([clash & sideways, clash & ~sideways], axis=2)
        push = np.where(axis, np.sign(delta) * (over * 0.5 + 0.5), 0.0)
        xy = xy + (push.sum(axis=1) / np.maximum(axis.sum(axis=1), 1) ** 0.5)[:count]
    return xy


def _pack(parts: Sequence[Ints], placed: Sequence[Floats], sizes: Floats) -> Floats:
    """Return all parts on one sheet: the largest first, the others in rows below it."""
    xy = np.zeros((len(sizes), 2))
    low = [own.min(axis=0) - sizes[part].max(axis=0) / 2 for part, own in zip(parts, placed, strict=True)]
    size = [
        own.max(axis=0) + sizes[part].max(axis=0) / 2 - start
        for part, own, start in zip(parts, placed, low, strict=True)
    ]
    area = sum(float(extent[0] * extent[1]) for extent in size)
    breadth = max([float(size[0][0]), np.sqrt(area * ASPECT)]) if size else 0.0
    x = y = row = 0.0
    for part, own, start, extent in zip(parts, placed, low, size, strict=True):
        if x and x + extent[0] > breadth:
            x, y, row = 0.0, y + row + 20, 0.0
        xy[part] = own - start + np.array([x, y])
        x, row = x + float(extent[0]) + 20, max(row, float(extent[1]))
    return xy
