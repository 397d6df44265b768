"""Coordinates for large graphs: springs along links, and charges that push each other over a mesh (FFT)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))


def spread(count: int, pairs: Ints, rounds: int = 160, cells: int = 128) -> Floats:
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
    return turn(xy, xy)


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


def turn(xy: Floats, guides: Floats) -> Floats:
    """Return the points turned so that the guides spread from left to right, the first (most important) point left."""
    own = guides - guides.mean(axis=0)
    xx, yy, xy_ = (own[:, 0] ** 2).sum(), (own[:, 1] ** 2).sum(), (own[:, 0] * own[:, 1]).sum()
    angle = 0.5 * np.arctan2(2 * xy_, xx - yy)
    cos, sin = np.cos(angle), np.sin(angle)
    centred = xy - xy.mean(axis=0)
    turned = np.stack([centred[:, 0] * cos + centred[:, 1] * sin, centred[:, 1] * cos - centred[:, 0] * sin], axis=1)
    return turned * np.where(turned[0] > 0, -1.0, 1.0)
