"""What a layout is told of a picture: signs, labels and lines as arrays, by position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coopgraph.page.style import MEASURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgraph.page.large_layout import Floats, Ints

SLOTS: Final[Floats] = np.array(MEASURES["slots"], dtype=np.float64)
"""Where a label may stand beside its sign, as steps right and down, the most readable place first."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Radii of signs (n), widths and heights of labels (n, 2), ends of lines (m, 2) and their bends (m)."""

    radius: Floats
    label: Floats
    ends: Ints
    bend: Floats
    fan: float
    gap: float

    @property
    def boxes(self) -> Floats:
        """Width and height of each sign with its label below, with some air."""
        width = np.maximum(2 * self.radius, self.label[:, 0]) + 12
        return np.stack([width, 2 * self.radius + self.label[:, 1] + 14], axis=1)

    def part(self, members: Ints) -> Plan:
        """Return the plan of some of the signs and the lines between them."""
        place = np.full(len(self.radius), -1, dtype=np.int64)
        place[members] = np.arange(len(members))
        inside = (place[self.ends] >= 0).all(axis=1)
        return Plan(
            self.radius[members],
            self.label[members],
            place[self.ends[inside]],
            self.bend[inside],
            self.fan,
            self.gap,
        )

    def pairs(self) -> Ints:
        """Return rows of two different ends, the lower first, and the number of lines between them."""
        ends = np.sort(self.ends[self.ends[:, 0] != self.ends[:, 1]], axis=1)
        if not len(ends):
            return np.zeros((0, 3), dtype=np.int64)
        pairs, counts = np.unique(ends, axis=0, return_counts=True)
        return np.concatenate([pairs, counts[:, None]], axis=1).astype(np.int64)


def label_middles(xy: Floats, radius: Floats, label: Floats, slots: Floats) -> Floats:
    """Return the middles of labels in slots; `xy`, `radius` and `label` are broadcast against the slots."""
    corner = (slots != 0).all(axis=-1)
    away = (
        np.asarray(radius)[..., None] * np.where(corner, MEASURES["corner"], MEASURES["side"])[..., None]
        + MEASURES["air"]
    )
    return np.asarray(xy + slots * (away + label / 2))


def polylines(
    a: Floats, b: Floats, radii: tuple[Floats, Floats], bend: Floats, fan: float, gap: float, at: Sequence[float]
) -> Floats:
    """Return points on the curves from a to b, cut at the rims of their signs; the last axes are points and x, y."""
    span = b - a
    length = np.maximum(np.sqrt((span**2).sum(axis=-1)), 1e-6)
    lift = bend * fan * 2 * np.minimum(1, length / 90) / length
    control = (a + b) / 2 + np.stack([-span[..., 1] * lift, span[..., 0] * lift], axis=-1)
    start, stop = (
        end + (way := control - end) * (np.minimum(radius * 1.06 + gap, length * 0.45) / _size(way))[..., None]
        for end, radius in zip((a, b), radii, strict=True)
    )
    share = np.array(at)[:, None]
    start, control, stop = start[..., None, :], control[..., None, :], stop[..., None, :]
    return np.asarray(start * (1 - share) ** 2 + control * 2 * share * (1 - share) + stop * share**2)


def _size(vectors: Floats) -> Floats:
    return np.asarray(np.maximum(np.sqrt((vectors**2).sum(axis=-1)), 1e-6))
