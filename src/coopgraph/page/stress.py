"""Coordinates whose distances on paper follow distances in the graph (stress majorisation), for graphs of some size."""

from __future__ import annotations

import numpy as np

from coopgraph.page.large_layout import GOLDEN_ANGLE, Floats, Ints


def stress(count: int, pairs: Ints) -> Floats:
    """Return coordinates of a connected graph; `pairs` are rows of two ends and the number of lines between them."""
    return _majorise(*_distances(count, pairs), rounds=180 if count <= 200 else 90)


def _distances(count: int, pairs: Ints) -> tuple[Floats, Floats]:
    """Return wanted distances and how much each counts.

    They are lengths of shortest ways, a link being the longer, the fewer neighbours its ends share. Ends with several
    lines between them are wanted further apart, and this the more urgently, so that the lines can be told apart.
    """
    linked = np.zeros((count, count), dtype=bool)
    linked[pairs[:, 0], pairs[:, 1]] = linked[pairs[:, 1], pairs[:, 0]] = True
    length = np.full((count, count), np.inf)
    unshared = (linked[pairs[:, 0]] ^ linked[pairs[:, 1]]).sum(axis=1)
    length[pairs[:, 0], pairs[:, 1]] = length[pairs[:, 1], pairs[:, 0]] = 95 + 17 * np.sqrt(unshared)
    np.fill_diagonal(length, 0)
    for via in range(count):
        np.minimum(length, length[:, via, None] + length[None, via, :], out=length)
    weight = np.where(length > 0, np.maximum(length, 1.0) ** -2.0, 0.0)
    for ends in (pairs[:, 0], pairs[:, 1]), (pairs[:, 1], pairs[:, 0]):
        length[ends] += 60 * np.minimum(pairs[:, 2] - 1, 5)
        weight[ends] *= pairs[:, 2]
    return length, weight


def _majorise(wanted: Floats, weight: Floats, rounds: int) -> Floats:
    """Return coordinates whose distances come near the wanted ones (after Gansner, Koren and North)."""
    count = len(wanted)
    total = weight.sum(axis=1)[:, None]
    xy = _spiral(wanted)
    for _ in range(rounds if count > 2 else 1):
        delta = xy.T[:, :, None] - xy.T[:, None, :]
        distance = np.sqrt(delta[0] ** 2 + delta[1] ** 2)
        np.fill_diagonal(distance, 1)
        pull = weight * wanted / np.maximum(distance, 1e-6)
        # sums and no product of matrices, which would give other last digits on other processors
        weighted = np.stack([(weight * axis).sum(axis=1) for axis in xy.T], axis=1)
        moved = (weighted + (pull * delta).sum(axis=2).T) / total
        xy = 0.5 * (xy + moved) if count < 4 else moved
    return xy


def _spiral(wanted: Floats) -> Floats:
    """Return a start: central points inside, the others around them in the order of their distance."""
    rank = np.argsort(np.argsort(wanted.sum(axis=1), kind="stable"), kind="stable")
    radius = np.sqrt(rank + 0.3) * wanted.mean() / np.sqrt(len(wanted))
    return np.stack([radius * np.cos(rank * GOLDEN_ANGLE), radius * np.sin(rank * GOLDEN_ANGLE)], axis=1)
