"""Where things stand: the same places each time, signs and labels free of each other, lines out of their way."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from coopgraph.claims.model import Extract
from coopgraph.page import layout, scene
from coopgraph.page.label_text import LABEL_ROWS, ROW_COLUMNS, width, wrap
from coopgraph.page.plan import SLOTS, Plan, label_middles, polylines
from coopgraph.page.separation import near_pairs, separate
from extracts import extract, synthetic


def plan_of(graph: Extract) -> Plan:
    """Return what the layout of a graph's picture is told."""
    return scene.plan(scene.points(graph), scene.lines(graph))


def bare(pairs: list[tuple[int, int]], count: int) -> Plan:
    """Return a plan of equal signs with such links."""
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Plan(np.full(count, 10.0), np.tile([70.0, 16.8], (count, 1)), ends, np.zeros(len(ends)), 20, 2.5)


def boxes(plan: Plan, places: layout.Places) -> np.ndarray:
    """Return left, top, right and bottom of each label."""
    middle = label_middles(places.xy, plan.radius, plan.label, SLOTS[places.slots])
    return np.concatenate([middle - plan.label / 2, middle + plan.label / 2], axis=1)


def overlapping(plan: Plan, places: layout.Places) -> int:
    """Return how many pairs of labels lie upon each other."""
    return sum(
        bool((np.maximum(a[:2], b[:2]) < np.minimum(a[2:], b[2:]) - 1).all())
        for a, b in combinations(boxes(plan, places), 2)
    )


def signs_overlapping(plan: Plan, places: layout.Places) -> int:
    """Return how many pairs of signs lie upon each other."""
    distance = np.hypot(*(places.xy[:, None] - places.xy[None]).transpose(2, 0, 1))
    need = (plan.radius[:, None] + plan.radius[None]) * 0.98
    return int(np.triu(distance < need, 1).sum())


@pytest.mark.sampled(3)
@pytest.mark.parametrize("entities", [2, 3, 12, 40])
@pytest.mark.parametrize("long_names", [False, True])
def test_no_two_labels_overlap(entities: int, long_names: bool) -> None:
    """Up to forty entities, with names of any length, no name lies on another, as a window or upright."""
    plan = plan_of(synthetic(entities * 2, entities, long_names=long_names))
    wide = layout.places(plan)
    assert overlapping(plan, wide) == 0
    assert signs_overlapping(plan, wide) == 0
    assert overlapping(plan, layout.upright(plan, wide)) <= 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("links", [0, 1, 40, 600, 3000])
def test_the_same_graph_gives_the_same_places(links: int) -> None:
    """Nothing is left to chance."""
    plan = plan_of(synthetic(links, 8 if links < 50 else None) if links else extract([], [], {}, {}))
    one, other = layout.places(plan), layout.places(plan)
    assert one.xy.tolist() == other.xy.tolist()
    assert one.slots.tolist() == other.slots.tolist()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("places", [layout.places, lambda plan: layout.upright(plan, layout.places(plan))])
def test_the_picture_has_the_shape_of_its_screen(places: object) -> None:
    """A window gets a picture wider than high, a phone held upright one higher than wide."""
    laid = places(plan_of(synthetic(100, 40)))  # type: ignore[operator]
    across, down = np.ptp(laid.xy, axis=0)
    assert 1.2 < across / down < 2.3 if places is layout.places else 0.4 < across / down < 0.85


def test_annealing_leaves_fewer_crossings_and_free_labels() -> None:
    """Of a grid drawn as stress has it few lines cross, and none runs over a sign that it does not link."""
    pairs = [(4 * y + x, 4 * y + x + 1) for y in range(4) for x in range(3)]
    pairs += [(4 * y + x, 4 * y + x + 4) for y in range(3) for x in range(4)]
    plan = bare(pairs, 16)
    laid = layout.places(plan)
    a, b = (laid.xy[plan.ends[:, end]] for end in (0, 1))
    ways = polylines(
        a, b, (plan.radius[plan.ends[:, 0]], plan.radius[plan.ends[:, 1]]), plan.bend, 20, 2.5, (0, 0.5, 1)
    )
    middles = ways[:, 1]
    for sign in range(16):
        foreign = (plan.ends != sign).all(axis=1)
        assert (np.hypot(*(middles[foreign] - laid.xy[sign]).T) > 10).all()
    assert overlapping(plan, laid) == 0


def test_a_main_pair_gets_length() -> None:
    """Between two entities with many claims the lines are long enough to be told apart."""
    plan = bare([(0, 1)] * 4 + [(0, 2), (1, 3), (2, 3), (3, 4)], 5)
    laid = layout.places(plan)
    assert np.hypot(*(laid.xy[0] - laid.xy[1])) > 200


@pytest.mark.parametrize(("links", "entities"), [(700, 200), (2139, 325)])
def test_signs_of_a_dense_graph_stand_apart(links: int, entities: int) -> None:
    """With hundreds of entities hardly a sign lies on another, and the middle half has room."""
    plan = plan_of(synthetic(links, entities))
    laid = layout.places(plan)
    assert signs_overlapping(plan, laid) <= 3
    quarters = np.percentile(laid.xy, (25, 75), axis=0)
    assert np.prod(quarters[1] - quarters[0]) > 0.1 * np.prod(np.ptp(laid.xy, axis=0))


def test_what_is_linked_stands_together() -> None:
    """Linked points are on average much nearer to each other than others are."""
    for links in (60, 1500):
        plan = plan_of(synthetic(links, links // 3))
        xy = layout.places(plan).xy
        near = np.hypot(*(xy[plan.ends[:, 0]] - xy[plan.ends[:, 1]]).T).mean()
        every = np.hypot(*(xy[:200, None] - xy[None, :200]).transpose(2, 0, 1)).mean()
        assert near < 0.8 * every


def test_separate_parts_do_not_mix() -> None:
    """Unconnected parts stand beside each other."""
    plan = bare([(part * 4, part * 4 + index) for part in range(3) for index in range(1, 4)], 12)
    laid = layout.places(plan)
    frames = [(own[:, :2].min(axis=0), own[:, 2:].max(axis=0)) for own in np.split(boxes(plan, laid), 3)]
    for (low, high), (other_low, other_high) in combinations(frames, 2):
        assert ((high <= other_low + 1) | (other_high <= low + 1)).any()


def test_near_pairs_are_all_pairs_that_are_near() -> None:
    """The grid misses no pair, and names none twice."""
    xy = np.random.default_rng(1).uniform(0, 100, (80, 2))
    first, second = near_pairs(xy, 12)
    named = {frozenset(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)}
    assert len(named) == len(first)
    near = {frozenset((a, b)) for a, b in combinations(range(80), 2) if np.hypot(*(xy[a] - xy[b])) < 12}
    assert near <= named


def test_signs_on_one_spot_are_taken_apart() -> None:
    """Points with the same place end with room for their signs."""
    xy = separate(np.zeros((9, 2)), np.full(9, 10.0), rounds=300)
    first, second = np.triu_indices(9, 1)
    assert np.hypot(*(xy[first] - xy[second]).T).min() > 20


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Dalian", ["Dalian"]),
        ("Hong Kong Trade Development Council", ["Hong Kong Trade", "Development Council"]),
        ("香港特别行政区政府驻辽宁联络处", ["香港特别行政区政府", "驻辽宁联络处"]),
        ("", [""]),
        ("   spaced \n out  ", ["spaced out"]),
    ],
)
def test_labels_are_wrapped(text: str, rows: list[str]) -> None:
    """Between words in Latin script, anywhere in Chinese."""
    assert wrap(text) == rows


@pytest.mark.parametrize("text", ["x" * 500, "词" * 300, "word " * 200, "a\u202eb" * 80])
def test_long_labels_are_cut_with_an_ellipsis(text: str) -> None:
    """Never more than three rows, none much wider than the column."""
    rows = wrap(text)
    assert len(rows) == LABEL_ROWS
    assert all(width(row) <= ROW_COLUMNS + 1 for row in rows)
    assert rows[-1].endswith("…")


@pytest.mark.parametrize("text", ["غرفة التجارة والصناعة " * 5, "לשכת המסחר והתעשייה " * 5])
def test_a_cut_name_that_runs_left_ends_left(text: str) -> None:
    """The ellipsis of a cut Arabic or Hebrew name belongs to its script, so it stands where the name ends."""
    assert wrap(text)[-1].endswith("…\u200f")
