"""Signs kept off each other: neighbours are found by a grid, so that the work grows with the signs alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from coopgraph.page.large_layout import Floats, Ints


def separate(xy: Floats, radius: Floats, gap: float = 3.0, rounds: int = 60) -> Floats:
    """Return the points moved until no two signs overlap, as far as so many rounds lead."""
    xy = xy + np.stack([np.arange(len(xy)) % 7, np.arange(len(xy)) % 5], axis=1) * 1e-3
    reach = 2 * float(radius.max(initial=0)) + gap
    for _ in range(rounds):
        first, second = near_pairs(xy, reach)
        delta = xy[first] - xy[second]
        distance = np.maximum(np.sqrt((delta**2).sum(axis=1)), 1e-6)
        over = radius[first] + radius[second] + gap - distance
        clash = over > 0.05
        if not clash.any():
            break
        first, second = first[clash], second[clash]
        push = delta[clash] / distance[clash, None] * (over[clash, None] * 0.55)
        for axis in (0, 1):
            xy[:, axis] += np.bincount(first, push[:, axis], len(xy)) - np.bincount(second, push[:, axis], len(xy))
    return xy


def near_pairs(xy: Floats, reach: float) -> tuple[Ints, Ints]:
    """Return the pairs of points in the same cell of a grid or in neighbouring ones, each pair once."""
    cells = np.floor((xy - xy.min(axis=0)) / reach).astype(np.int64) + 1
    rows = int(cells[:, 1].max()) + 2
    keys = cells[:, 0] * rows + cells[:, 1]
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    firsts, seconds = [], []
    for step in (0, 1, rows - 1, rows, rows + 1):
        start, stop = (np.searchsorted(ordered, ordered + step, side=side) for side in ("left", "right"))
        if step == 0:
            start = np.arange(len(ordered)) + 1
        counts = np.maximum(stop - start, 0)
        firsts.append(np.repeat(np.arange(len(ordered)), counts))
        seconds.append(np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - start, counts))
    return order[np.concatenate(firsts)], order[np.concatenate(seconds)]


def even_out(xy: Floats, share: float) -> Floats:
    """Return the points drawn part of the way to an even spread along each axis, their order kept."""
    even = np.empty_like(xy)
    for axis in (0, 1):
        low, high = xy[:, axis].min(), xy[:, axis].max()
        even[np.argsort(xy[:, axis], kind="stable"), axis] = np.linspace(low, high, len(xy))
    return (1 - share) * xy + share * even
