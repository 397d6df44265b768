"""Where the signs and labels of a picture stand: the same places each time, readable, as wide as a window or a phone.

Up to `ANNEAL_LIMIT` signs, distances on paper follow distances in the graph (stress), and then every sign looks for a
place where fewer lines cross and labels stay free (annealing). Up to `STRESS_LIMIT`, signs are kept off each other
after the stress; beyond, springs pull and a mesh of charges pushes (FFT), in time proportional to the links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coopgraph.page.anneal import anneal
from coopgraph.page.large_layout import Floats, Ints, spread, turn
from coopgraph.page.plan import SLOTS, Plan, label_middles
from coopgraph.page.separation import even_out, separate
from coopgraph.page.stress import stress

if TYPE_CHECKING:
    from collections.abc import Sequence

ANNEAL_LIMIT: Final = 120
"""Signs up to which each looks for a better place."""

STRESS_LIMIT: Final = 400
"""Signs up to which all pairs are looked at; the work grows with the square of it."""

WIDE: Final = 1.7
"""Width to height of a window, roughly."""

TALL: Final = 0.68
"""Width to height of a phone held upright, roughly."""

SPACING: Final = 64
"""Pixels between neighbours in a large graph, in which only some labels are shown at a time."""

AIR: Final = 20.0
"""Pixels between unconnected parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where signs stand, in pixels around 0 (n, 2), and in which slot each label stands (n)."""

    xy: Floats
    slots: Ints


def places(plan: Plan) -> Places:
    """Return the places of all signs on a sheet as wide as a window, and the slots of their labels."""
    parts = _components(len(plan.radius), plan.pairs())
    return _gathered(plan, parts, [_place(plan.part(part)) for part in parts], WIDE)


def upright(plan: Plan, wide: Places) -> Places:
    """Return the places of the same picture on a sheet for a phone held upright, turned and arranged anew."""
    parts = _components(len(plan.radius), plan.pairs())
    laid = [_turned(plan.part(part), wide.xy[part][:, ::-1]) for part in parts]
    return _gathered(plan, parts, laid, TALL)


def _turned(plan: Plan, xy: Floats) -> Places:
    if len(xy) <= 2:
        return Places(xy, np.zeros(len(xy), dtype=np.int64))
    sheet = _sheet(plan, TALL)
    return Places(*anneal(plan, _stretch(xy, sheet), sheet, warm=0.15))


def _gathered(plan: Plan, parts: Sequence[Ints], laid: Sequence[Places], aspect: float) -> Places:
    """Return all parts on one sheet, around 0 and in whole pixels."""
    xy = _pack(
        parts,
        [own.xy for own in laid],
        [_extent(plan.part(part), own) for part, own in zip(parts, laid, strict=True)],
        aspect,
    )
    slots = np.zeros(len(xy), dtype=np.int64)
    for part, own in zip(parts, laid, strict=True):
        slots[part] = own.slots
    if len(xy):
        low, high = _frame(plan, Places(xy, slots))
        xy = xy - (low + high) / 2
    return Places(np.round(xy), slots)


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


def _place(plan: Plan) -> Places:
    """Return the places of one connected part, from 0."""
    count, pairs = len(plan.radius), plan.pairs()
    below = np.zeros(count, dtype=np.int64)
    if count == 1:
        return Places(np.zeros((1, 2)), below)
    if count > STRESS_LIMIT:
        xy = spread(count, pairs) * np.array([SPACING * WIDE**0.5, SPACING / WIDE**0.5])
        return Places(separate(even_out(xy, 0.3), plan.radius, rounds=12), below)
    heavy = pairs[pairs[:, 2] > 2]
    xy = stress(count, pairs)
    xy = turn(xy, xy if not len(heavy) else xy[heavy[heavy[:, 2].argmax(), :2]])
    if count == 2:
        return Places(xy, below)  # level, as they have been turned
    if count > ANNEAL_LIMIT:
        xy = even_out(xy, 0.5)
        return Places(separate(_stretch(xy, _sheet(plan, WIDE)), plan.radius), below)
    sheet = _sheet(plan, WIDE)
    xy, slots = anneal(plan, _stretch(even_out(xy, 0.25), sheet), sheet)
    return Places(xy, slots)


def _sheet(plan: Plan, aspect: float) -> Floats:
    """Return width and height of a sheet that is as large as signs and labels, and lines where there are many, need."""
    crowd = max(len(plan.ends) / len(plan.radius) - 3, 0) if len(plan.radius) <= ANNEAL_LIMIT else 0
    area = float(plan.boxes.prod(axis=1).sum()) * (2.0 + 22 / len(plan.radius) + 0.5 * crowd)
    return np.array([np.sqrt(area * aspect), np.sqrt(area / aspect)])


def _stretch(xy: Floats, sheet: Floats) -> Floats:
    """Return the points stretched to a sheet, a row of points staying a row."""
    span = np.maximum(xy.max(axis=0) - xy.min(axis=0), 1e-6)
    room = sheet * 0.86
    stretch = np.minimum(room / span, 2 * (room / span).min())
    return np.asarray((xy - (xy.min(axis=0) + xy.max(axis=0)) / 2) * stretch + sheet / 2)


def _frame(plan: Plan, own: Places) -> tuple[Floats, Floats]:
    """Return the upper left and the lower right corner of the box around all signs and labels."""
    labels = label_middles(own.xy, plan.radius, plan.label, SLOTS[own.slots])
    low = np.minimum(own.xy - plan.radius[:, None] * 1.3, labels - plan.label / 2).min(axis=0)
    high = np.maximum(own.xy + plan.radius[:, None] * 1.3, labels + plan.label / 2).max(axis=0)
    return low, high


def _extent(plan: Plan, own: Places) -> tuple[Floats, Floats]:
    low, high = _frame(plan, own)
    return low, high - low


def _pack(
    parts: Sequence[Ints], placed: Sequence[Floats], extents: Sequence[tuple[Floats, Floats]], aspect: float
) -> Floats:
    """Return all parts on one sheet: the largest first, the others in rows below it."""
    xy = np.zeros((sum(map(len, parts)), 2))
    area = sum(float(size[0] * size[1]) for _, size in extents)
    breadth = max(float(extents[0][1][0]), np.sqrt(area * aspect)) if extents else 0.0
    x = y = row = 0.0
    for part, own, (low, size) in zip(parts, placed, extents, strict=True):
        if x and x + size[0] > breadth:
            x, y, row = 0.0, y + row + AIR, 0.0
        xy[part] = own - low + np.array([x, y])
        x, row = x + float(size[0]) + AIR, max(row, float(size[1]))
    return xy
