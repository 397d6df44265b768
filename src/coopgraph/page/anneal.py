"""A picture made readable: each sign with its label tries other places, and what is in its way there decides.

Simulated annealing (after Davidson and Harel) with costs of one sign at a time: lines that cross, run through labels or
over signs, labels upon each other, and lines too short to carry their numbers. The chances are drawn from a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from coopgraph.page.crossings import crossing, depth, over, through
from coopgraph.page.plan import SLOTS, label_middles, polylines

if TYPE_CHECKING:
    from coopgraph.page.large_layout import Floats, Ints
    from coopgraph.page.plan import Plan

CROSSING: Final = 2.5
THROUGH_LABEL: Final = 3.5
OVER_SIGN: Final = 40.0
OVERLAP: Final = 4.0
OVERLAP_PIXEL: Final = 0.3
SHORT: Final = 0.5
LONG: Final = 0.006
RANK: Final = 0.05
"""Costs: of a crossing, of a line through a label or over a sign, of boxes upon each other and each pixel of it, of
each pixel that a line is too short or too long, and of each place further down the list of a label's places."""

MAIN_LENGTH: Final = 240.0
SHORTEST: Final = 70.0
LONGEST: Final = 260.0
"""Pixels that pairs with three lines or more should be apart, that any pair should, and above which a line is long."""

SEED: Final = 4

HEAT: Final = 0.5
EASE: Final = 0.9
"""How much chance counts at first, in the measure of the costs, and by how much labels and signs count less then."""

LIKELY: Final = 6
"""Of the places tried, how many are good enough for the label's places to be looked at."""

ROUNDS: Final = 24
WORK: Final = 6.0e7
"""Rounds at most, and how many pairs of segments are looked at in all: larger graphs get fewer rounds."""

BENDS: Final = (0.0, 0.5, 1.0)
"""The points of a curve between which it is taken as straight."""


@dataclass(slots=True, eq=False)
class _Table:
    """The picture as it stands: places of signs, slots of labels, segments of lines (m, 2, 4)."""

    xy: Floats
    slots: Ints
    labels: Floats
    segments: Floats


def anneal(plan: Plan, xy: Floats, sheet: Floats, *, warm: float = 1.0, candidates: int = 14) -> tuple[Floats, Ints]:
    """Return better places on the sheet (its width and height, from 0), and the slot of each label.

    `warm` says how far from a good picture the places given are: 1 for not arranged at all, near 0 for nearly well.
    """
    chance = np.random.default_rng(SEED)
    table = _start(plan, xy)
    count = len(xy)
    pairs = plan.pairs()
    rounds = int(np.clip(WORK / (count * candidates * 8 * (2 * len(plan.ends) + count)), 2, ROUNDS) * warm) + 1
    order = np.argsort(-np.bincount(plan.ends.ravel(), minlength=count), kind="stable")
    for turn in range(rounds):
        calm = warm * (1 - turn / rounds)
        reach = sheet * (0.08 + 0.4 * calm**1.5)
        for sign in order.tolist():
            around = chance.uniform(-1, 1, (candidates - 1, 2)) * reach * chance.uniform(0.1, 1, (candidates - 1, 1))
            tried = np.concatenate([table.xy[sign : sign + 1], table.xy[sign] + around])
            noise = HEAT * calm**2 * chance.gumbel(size=candidates)
            strict = 1 - EASE * calm
            _settle(plan, table, pairs, sign, _inside(plan, sign, tried, sheet), sheet, noise, strict)
    for _ in SLOTS:
        if not sum(_relabel(plan, table, sign, sheet) for sign in order.tolist()):
            break
    return table.xy, table.slots


def _relabel(plan: Plan, table: _Table, sign: int, sheet: Floats) -> bool:
    """Give the label of a sign the best place beside it, now that all signs stand; return whether it is better."""
    own = np.flatnonzero((plan.ends == sign).any(axis=1))
    rest = np.flatnonzero((plan.ends != sign).all(axis=1))
    boxes = label_middles(table.xy[sign], plan.radius[sign], plan.label[sign], SLOTS)[None]
    others = table.segments[rest].reshape(-1, 4)
    cost = _cost_of_label(plan, table, sign, boxes, table.segments[own][None], others, sheet)[0]
    slot, before = int(cost.argmin()), int(table.slots[sign])
    table.slots[sign], table.labels[sign] = slot, boxes[0, slot]
    return bool(cost[slot] < cost[before] - 1e-6)


def _start(plan: Plan, xy: Floats) -> _Table:
    slots = np.zeros(len(xy), dtype=np.int64)
    labels = label_middles(xy, plan.radius, plan.label, SLOTS[slots])
    return _Table(
        xy.copy(), slots, labels, segments(plan, xy[plan.ends[:, 0]], xy[plan.ends[:, 1]], np.arange(len(plan.ends)))
    )


def segments(plan: Plan, a: Floats, b: Floats, lines: Ints) -> Floats:
    """Return start and span of the straight pieces (..., 2, 4) of lines from a to b."""
    radii = plan.radius[plan.ends[lines, 0]], plan.radius[plan.ends[lines, 1]]
    points = polylines(a, b, radii, plan.bend[lines], plan.fan, plan.gap, BENDS)
    return np.concatenate([points[..., :-1, :], np.diff(points, axis=-2)], axis=-1).astype(np.float32)


def _inside(plan: Plan, sign: int, tried: Floats, sheet: Floats) -> Floats:
    room = plan.radius[sign] * 1.3
    return np.clip(tried, room, np.maximum(sheet - room, room + 1))


def _settle(
    plan: Plan, table: _Table, pairs: Ints, sign: int, tried: Floats, sheet: Floats, noise: Floats, strict: float
) -> None:
    """Move a sign and its label to the best of the places tried, as far as the noise does not decide otherwise."""
    own = np.flatnonzero((plan.ends == sign).any(axis=1))
    rest = np.flatnonzero((plan.ends != sign).all(axis=1))
    a, b = (
        np.where((plan.ends[own, end] == sign)[:, None], tried[:, None], table.xy[plan.ends[own, end]])
        for end in (0, 1)
    )
    mine = segments(plan, a, b, own)
    others = table.segments[rest].reshape(-1, 4)
    lines = _cost_of_lines(plan, table, sign, own, mine, others, strict)
    place = _cost_of_place(plan, table, pairs, sign, tried, others, strict)
    cost = lines + place - noise
    likely = np.argsort(cost, kind="stable")[:LIKELY]
    boxes = label_middles(tried[likely, None], plan.radius[sign], plan.label[sign], SLOTS)
    label = _cost_of_label(plan, table, sign, boxes, mine[likely], others, sheet)
    rank, slot = divmod(int((cost[likely, None] + strict * label).argmin()), len(SLOTS))
    best = likely[rank]
    table.xy[sign] = tried[best]
    table.slots[sign] = slot
    table.labels[sign] = boxes[rank, slot]
    table.segments[own] = mine[best]


def _cost_of_lines(
    plan: Plan, table: _Table, sign: int, own: Ints, mine: Floats, others: Floats, strict: float
) -> Floats:
    """Return what the lines of a sign cost at each place: crossings, labels and signs in their way."""
    tried, lines = mine.shape[:2]
    flat = mine.reshape(tried, -1, 4)
    cost = CROSSING * crossing(flat, _around(flat, others)).sum(axis=(1, 2))
    elsewhere = np.arange(len(plan.radius)) != sign
    pieces = flat[:, :, None]
    hit = through(pieces, table.labels.astype(np.float32), (plan.label / 2).astype(np.float32)) & elsewhere
    cost = cost + strict * THROUGH_LABEL * hit.reshape(tried, lines, 2, -1).any(axis=2).sum(axis=(1, 2))
    foreign = (plan.ends[own][:, :, None] != np.arange(len(plan.radius))).all(axis=1)
    near = over(pieces, table.xy.astype(np.float32), (plan.radius * 1.15 + 3).astype(np.float32))
    near = near.reshape(tried, lines, 2, -1).any(axis=2) & foreign
    return np.asarray(cost + strict * OVER_SIGN * near.sum(axis=(1, 2)))


def _around(pieces: Floats, others: Floats) -> Floats:
    """Return those of other segments that any of the pieces can reach."""
    low, high = _bounds(pieces.reshape(-1, 4))
    start, stop = others[:, :2], others[:, :2] + others[:, 2:]
    return others[((np.maximum(start, stop) > low) & (np.minimum(start, stop) < high)).all(axis=1)]


def _bounds(pieces: Floats) -> tuple[Floats, Floats]:
    start, stop = pieces[:, :2], pieces[:, :2] + pieces[:, 2:]
    return np.minimum(start, stop).min(axis=0), np.maximum(start, stop).max(axis=0)


def _cost_of_place(
    plan: Plan, table: _Table, pairs: Ints, sign: int, tried: Floats, others: Floats, strict: float
) -> Floats:
    """Return what it costs that a sign stands at each place: upon lines, labels and signs, or too near to a partner."""
    radius = plan.radius[sign]
    lines = over(others, tried[:, None].astype(np.float32), np.array(radius * 1.15 + 3, dtype=np.float32))
    cost = strict * OVER_SIGN * lines.reshape(len(tried), -1, 2).any(axis=2).sum(axis=1)
    elsewhere = np.arange(len(plan.radius)) != sign
    half = np.full(2, radius * 1.1 + 3)
    upon = depth(tried[:, None], half, table.labels, plan.label / 2) * elsewhere
    signs = depth(tried[:, None], half + 3, table.xy, (plan.radius * 1.1)[:, None]) * elsewhere
    cost = cost + strict * OVER_SIGN * (signs > 0).sum(axis=1)
    cost = cost + strict * (OVERLAP * (upon > 0).sum(axis=1) + OVERLAP_PIXEL * (upon + signs).sum(axis=1))
    partners = pairs[(pairs[:, :2] == sign).any(axis=1)]
    far = table.xy[partners[:, :2].sum(axis=1) - sign]
    length = np.sqrt(((tried[:, None] - far) ** 2).sum(axis=2))
    wanted = np.where(partners[:, 2] > 2, MAIN_LENGTH, SHORTEST)
    long = np.maximum(length - LONGEST, 0).sum(axis=1)
    return np.asarray(cost + SHORT * np.maximum(wanted - length, 0).sum(axis=1) + LONG * long)


def _cost_of_label(
    plan: Plan, table: _Table, sign: int, boxes: Floats, mine: Floats, others: Floats, sheet: Floats
) -> Floats:
    """Return what the label of a sign costs in each slot at each place: lines through it, labels and signs below it."""
    half = plan.label[sign] / 2
    middles, narrow = boxes[:, :, None].astype(np.float32), half.astype(np.float32)
    lines = through(others, middles, narrow).reshape(*boxes.shape[:2], -1, 2).any(axis=3).sum(axis=2)
    flat = mine.reshape(len(mine), 1, -1, 4)
    lines = lines + through(flat, middles, narrow).reshape(*boxes.shape[:2], -1, 2).any(axis=3).sum(axis=2)
    elsewhere = np.arange(len(plan.radius)) != sign
    upon = depth(boxes[:, :, None], half + 2, table.labels, plan.label / 2) * elsewhere
    upon = upon + depth(boxes[:, :, None], half + 2, table.xy, (plan.radius * 1.1)[:, None]) * elsewhere
    outside = np.maximum(half - boxes, 0).sum(axis=2) + np.maximum(boxes + half - sheet, 0).sum(axis=2)
    return np.asarray(
        THROUGH_LABEL * lines
        + OVERLAP * (upon > 0).sum(axis=2)
        + OVERLAP_PIXEL * upon.sum(axis=2)
        + OVERLAP * (outside > 0)
        + OVERLAP_PIXEL * outside
        + RANK * np.arange(len(SLOTS))
    )
