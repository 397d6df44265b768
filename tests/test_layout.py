"""Where things stand: the same places each time, no label upon another, in time proportional to the links."""

from __future__ import annotations

from time import perf_counter

import pytest

from coopgraph.claims.model import Extract
from coopgraph.page import layout, scene
from extracts import extract, synthetic


def placed(graph: Extract) -> tuple[dict[str, tuple[float, float]], dict[str, tuple[int, int]]]:
    """Return boxes and positions of a graph's points."""
    boxes = {point.entity.iri: point.box for point in scene.points(graph)}
    return boxes, layout.positions(boxes, [(line.start, line.end) for line in scene.lines(graph)])


@pytest.mark.parametrize("entities", [2, 3, 5, 12, 30, 60])
@pytest.mark.parametrize("long_names", [False, True])
def test_no_two_labels_overlap(entities: int, long_names: bool) -> None:
    """Up to sixty entities, with names of any length, no box lies on another."""
    boxes, places = placed(synthetic(entities * 2, entities, long_names=long_names))
    names = sorted(boxes)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            apart_x = abs(places[first][0] - places[second][0]) - (boxes[first][0] + boxes[second][0]) / 2
            apart_y = abs(places[first][1] - places[second][1]) - (boxes[first][1] + boxes[second][1]) / 2
            assert max(apart_x, apart_y) >= -2, (first, second)  # places are whole pixels


@pytest.mark.parametrize("links", [0, 1, 40, 600, 3000])
def test_the_same_graph_gives_the_same_places(links: int) -> None:
    """Nothing is left to chance."""
    graph = synthetic(links, 8 if links < 50 else None) if links else extract([], [], {}, {})
    assert placed(graph) == placed(graph)


def test_the_order_of_links_does_not_matter() -> None:
    """Only which links there are decides, not how they are listed."""
    boxes = dict.fromkeys("abcdef", (60.0, 30.0))
    links = [("a", "b"), ("b", "c"), ("c", "d"), ("a", "e")]
    assert layout.positions(boxes, links) == layout.positions(boxes, [(b, a) for a, b in reversed(links)])


def test_a_picture_is_wider_than_high() -> None:
    """The points fill the shape of a window."""
    _, places = placed(synthetic(100, 40))
    across = max(x for x, _ in places.values()) - min(x for x, _ in places.values())
    down = max(y for _, y in places.values()) - min(y for _, y in places.values())
    assert 1.1 < across / down < 2.2


def test_what_is_linked_stands_together() -> None:
    """Linked points are on average much nearer to each other than others are."""
    for links in (60, 1500):
        graph = synthetic(links, links // 3)
        _, places = placed(graph)
        joined = {frozenset((line.start, line.end)) for line in scene.lines(graph) if line.start != line.end}
        names = sorted(places)[:200]

        def far(first: str, second: str, places: dict[str, tuple[int, int]] = places) -> float:
            return (
                float((places[first][0] - places[second][0]) ** 2 + (places[first][1] - places[second][1]) ** 2) ** 0.5
            )

        near = [far(*sorted(pair)) for pair in joined]
        every = [far(a, b) for a in names for b in names if a < b]
        assert sum(near) / len(near) < 0.75 * sum(every) / len(every)


def test_separate_parts_do_not_mix() -> None:
    """Unconnected parts stand beside each other."""
    boxes = {f"{part}{index}": (80.0, 40.0) for part in "xyz" for index in range(4)}
    links = [(f"{part}0", f"{part}{index}") for part in "xyz" for index in range(1, 4)]
    places = layout.positions(boxes, links)
    frames = []
    for part in "xyz":
        own = [places[name] for name in places if name.startswith(part)]
        frames.append((min(x for x, _ in own), max(x for x, _ in own), min(y for _, y in own), max(y for _, y in own)))
    for index, one in enumerate(frames):
        for other in frames[index + 1 :]:
            assert one[1] < other[0] or other[1] < one[0] or one[3] < other[2] or other[3] < one[2]


def test_twenty_thousand_links_take_seconds() -> None:
    """A large graph is laid out in less than the time in which its page must be made."""
    graph = synthetic(20_000)
    start = perf_counter()
    placed(graph)
    assert perf_counter() - start < 6


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
    assert scene.wrap(text) == rows


@pytest.mark.parametrize("text", ["x" * 500, "词" * 300, "word " * 200, "a\u202eb" * 80])
def test_long_labels_are_cut_with_an_ellipsis(text: str) -> None:
    """Never more than three rows, none much wider than the column."""
    rows = scene.wrap(text)
    assert len(rows) == scene.LABEL_ROWS
    assert all(scene.width(row) <= scene.ROW_COLUMNS + 1 for row in rows)
    assert rows[-1].endswith("…")
