"""Where the points of a picture stand: deterministic coordinates, labels kept apart, wider than high.

Up to `STRESS_LIMIT` points, distances on paper follow distances in the graph (stress majorisation); beyond, springs
pull and a mesh of charges pushes (FFT), which takes time proportional to the links. No random number is drawn.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

STRESS_LIMIT: Final = 200
"""Points up to which all pairs are looked at; the work grows with the square of it."""

ASPECT: Final = 1.6
"""Width to height of a window, roughly."""

SPACING: Final = 64
"""Pixels between neighbours in a large graph, in which only some labels are shown at a time."""

GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))


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
        return _mesh(len(part), own) * np.array([SPACING * ASPECT**0.5, SPACING / ASPECT**0.5])
    heavy = own[own[:, 2] > 2]
    xy = _stress(*_distances(len(part), own))
    xy = _fill(_turn(xy, xy if not len(heavy) else xy[heavy[heavy[:, 2].argmax(), :2]]), sizes[part])
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


def _turn(xy: Floats, guides: Floats) -> Floats:
    """Return the points turned so that the guides spread from left to right, the first (most important) point left."""
    own = guides - guides.mean(axis=0)
    xx, yy, xy_ = (own[:, 0] ** 2).sum(), (own[:, 1] ** 2).sum(), (own[:, 0] * own[:, 1]).sum()
    angle = 0.5 * np.arctan2(2 * xy_, xx - yy)
    cos, sin = np.cos(angle), np.sin(angle)
    centred = xy - xy.mean(axis=0)
    turned = np.stack([centred[:, 0] * cos + centred[:, 1] * sin, centred[:, 1] * cos - centred[:, 0] * sin], axis=1)
    return turned * np.where(turned[0] > 0, -1.0, 1.0)


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


def _mesh(count: int, pairs: Ints, rounds: int = 160, cells: int = 128) -> Floats:
    """Return coordinates, about one unit apart, by springs along links and charges spread on a mesh."""
    xy = _pivots(count, pairs)
    degree = np.bincount(pairs[:, :2].ravel(), minlength=count).astype(np.float64)
    side = np.sqrt(count)
    xy *= side / 2 / np.maximum(np.abs(xy).max(), 1e-9)
    for step in range(rounds):
        force = _charges(xy, cells)
        span = xy[pairs[:, 1]] - xy[pairs[:, 0]]
        pull = span * (0.35 + 0.2 * np.sqrt((span**2).sum(axis=1)))[:, None]
        for axis in (0, 1):
            force[:, axis] += np.bincount(pairs[:, 0], pull[:, axis], count) - np.bincount(
                pairs[:, 1], pull[:, axis], count
            )
        force -= 0.03 * xy
        force /= (1 + 0.5 * degree)[:, None]
        size = np.sqrt((force**2).sum(axis=1))[:, None]
        reach = 0.12 * side * (1 - step / rounds) ** 1.5 + 0.02
        xy = xy + force / np.maximum(size, 1e-9) * np.minimum(size, reach)
    return _turn(xy, xy)


def _charges(xy: Floats, cells: int) -> Floats:
    """Return the force with which all points push each: 1/distance, summed over a mesh by Fourier transform."""
    low = xy.min(axis=0) - 1e-6
    cell = float((xy.max(axis=0) - low).max()) / (cells - 1.001)
    place = (xy - low) / cell
    corner = place.astype(np.int64)
    part = place - corner
    shares = [
        ((1 - part[:, 0]) if not i else part[:, 0]) * ((1 - part[:, 1]) if not j else part[:, 1])
        for i in (0, 1)
        for j in (0, 1)
    ]
    spots = [(corner[:, 0] + i) * cells + corner[:, 1] + j for i in (0, 1) for j in (0, 1)]
    mass = sum(np.bincount(spot, share, cells * cells) for spot, share in zip(spots, shares, strict=True))
    field = np.fft.rfft2(np.reshape(mass, (cells, cells)), (2 * cells, 2 * cells))
    offsets = np.fft.fftfreq(2 * cells, 1 / (2 * cells)) * cell
    square = offsets[:, None] ** 2 + offsets[None, :] ** 2 + (0.7 * cell) ** 2
    force = np.empty_like(xy)
    for axis, along in enumerate((offsets[:, None], offsets[None, :])):
        pushed = np.fft.irfft2(field * np.fft.rfft2(along / square), (2 * cells, 2 * cells))[:cells, :cells].ravel()
        force[:, axis] = sum(share * pushed[spot] for spot, share in zip(spots, shares, strict=True))
    return force


def _pivots(count: int, pairs: Ints, pivots: int = 10) -> Floats:
    """Return a start from the ways to a few points far from each other (pivot scaling, after Brandes and Pich)."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for first, second, _ in pairs.tolist():
        neighbours[first].append(second)
        neighbours[second].append(first)
    columns = [_steps(neighbours, 0)]
    nearest = columns[0].copy()
    while len(columns) < min(pivots, count):
        columns.append(_steps(neighbours, int(nearest.argmax())))
        nearest = np.minimum(nearest, columns[-1])
    square = np.stack(columns, axis=1) ** 2
    centred = square - square.mean(axis=0) - square.mean(axis=1)[:, None] + square.mean()
    products = np.array([[float((a * b).sum()) for b in centred.T] for a in centred.T])
    vectors = np.linalg.eigh(products)[1][:, -2:]
    vectors = vectors * np.where(vectors[np.abs(vectors).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    start = np.stack([(centred * vector).sum(axis=1) for vector in vectors.T], axis=1)
    start /= np.maximum(np.abs(start).max(axis=0), 1e-9)
    turn = np.arange(count) * GOLDEN_ANGLE  # points with the same distances to all pivots must not coincide
    return start + 0.08 * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _steps(neighbours: Sequence[Sequence[int]], start: int) -> Floats:
    """Return the number of links from one point to each."""
    steps = [-1] * len(neighbours)
    steps[start] = 0
    front = [start]
    while front:
        reached = []
        for index in front:
            for other in neighbours[index]:
                if steps[other] < 0:
                    steps[other] = steps[index] + 1
                    reached.append(other)
        front = reached
    return np.array(steps, dtype=np.float64)


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
