"""What a network picture consists of, before any place is given to it: its points, its lines and its style."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from coopgraph.page import layout
from coopgraph.page.label_text import width, wrap
from coopgraph.page.plan import Plan
from coopgraph.page.style import MEASURES, style
from coopgraph.rdf.vocab import HOPED_FOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from coopgraph.claims.model import Entity, Extract

SYMMETRIC: Final = "SymmetricProperty"
"""The kind of relations that run both ways, so that their lines bear no mark of direction."""

COOPERATION: Final = "cooperation"
"""The relation group that counts for the size of signs, and on which a dense graph opens."""

BUNDLED_ABOVE: Final = 4
"""Pairs with more claims than this get one line for each relation group and kind of status."""


@dataclass(frozen=True, slots=True)
class Point:
    """An entity in the picture: its radius in pixels and its label, wrapped."""

    entity: Entity
    radius: float
    rows: tuple[str, ...]

    @property
    def label_size(self) -> tuple[float, float]:
        """Width and height of the label."""
        return max(map(width, self.rows), default=0) * MEASURES["column"], len(self.rows) * MEASURES["row"]


class Stand(NamedTuple):
    """Where a sign stands, x and y in whole pixels, and in which slot (see `plan.SLOTS`) its label does."""

    x: int
    y: int
    slot: int


@dataclass(frozen=True, slots=True)
class Line:
    """One claim, or a bundle of claims of one kind, between two entities.

    `claims` are positions in `Extract.claims`; `stroke` is their status, or `hoped` where planned and potential ones
    are bundled; `bend` says how many steps the line keeps from the straight one; `marks` at which ends it has a mark.
    """

    start: str
    end: str
    claims: tuple[int, ...]
    group: str
    stroke: str
    bend: float
    marks: tuple[bool, bool]


def kind(status: str) -> str:
    """Return what a status comes down to: planned and potential links are both hoped for.

    >>> kind("potential")
    'hoped'
    """
    return "hoped" if status in HOPED_FOR else stroke([status])


def stroke(statuses: Collection[str]) -> str:
    """Return how the line of claims of one kind is dashed: by their status, or as hoped for where they differ."""
    (status,) = set(statuses) if len(set(statuses)) == 1 else ("hoped",)
    return status if status in style()["strokes"] else "realised"


def points(extract: Extract) -> list[Point]:
    """Return the entities that claims link or describe, the most important first."""
    weight: Counter[str] = Counter()
    cooperation: Counter[str] = Counter()
    for claim in extract.claims:
        ends = [claim.subject, claim.object] if extract.is_link(claim) else [claim.subject]
        weight.update(str(end) for end in ends)
        if claim.group == COOPERATION:
            cooperation.update(str(end) for end in ends)
    order = sorted(weight, key=lambda iri: (-cooperation[iri], -weight[iri], iri))
    largest = MEASURES["largest"][len(order) > MEASURES["many"]]
    sizes = [(extract.term(iri), min(8 + 3.4 * sqrt(cooperation[iri]), largest)) for iri in order]
    return [Point(entity, round(radius, 1), tuple(wrap(entity.label))) for entity, radius in sizes]


def lines(extract: Extract) -> list[Line]:
    """Return the lines of the picture; parallel ones are fanned, and bundled above `BUNDLED_ABOVE`."""
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, claim in enumerate(extract.claims):
        if extract.is_link(claim):
            first, second = sorted((claim.subject, str(claim.object)))
            pairs[first, second].append(index)
    return [line for pair in sorted(pairs) for line in _pair_lines(extract, pair, pairs[pair])]


def plan(points: Sequence[Point], lines: Sequence[Line]) -> Plan:
    """Return what a layout is told: sizes of signs and labels, ends and bends of lines; loops are left out."""
    number = {point.entity.iri: index for index, point in enumerate(points)}
    drawn = [line for line in lines if line.start != line.end]
    return Plan(
        np.array([point.radius for point in points], dtype=np.float64),
        np.array([point.label_size for point in points], dtype=np.float64).reshape(-1, 2),
        np.array([(number[line.start], number[line.end]) for line in drawn], dtype=np.int64).reshape(-1, 2),
        np.array([line.bend for line in drawn], dtype=np.float64),
        MEASURES["fan"],
        MEASURES["gap"],
    )


def places(points: Sequence[Point], lines: Sequence[Line]) -> dict[str, Stand]:
    """Return where each entity's sign and label stand, x and y in pixels around 0."""
    return _stands(points, layout.places(plan(points, lines)))


def both_places(points: Sequence[Point], lines: Sequence[Line]) -> tuple[dict[str, Stand], dict[str, Stand]]:
    """Return the places on a sheet as wide as a window, and on one for a phone held upright, if the graph is small."""
    sizes = plan(points, lines)
    wide = layout.places(sizes)
    tall = layout.upright(sizes, wide) if len(points) <= layout.ANNEAL_LIMIT else None
    return _stands(points, wide), _stands(points, tall) if tall else {}


def opening_places(points: Sequence[Point], lines: Sequence[Line]) -> tuple[dict[str, Stand], dict[str, Stand]]:
    """Return both places of what a dense graph opens on, its cooperation alone; none where it opens on the whole."""
    first = [line for line in lines if line.group == COOPERATION]
    ends = {iri for line in first for iri in (line.start, line.end)}
    if sum(len(line.claims) for line in lines) <= MEASURES["dense"] or not 0 < len(ends) <= layout.STRESS_LIMIT:
        return {}, {}
    return both_places([point for point in points if point.entity.iri in ends], first)


def _stands(points: Sequence[Point], laid: layout.Places) -> dict[str, Stand]:
    return {
        point.entity.iri: Stand(int(x), int(y), int(slot))
        for point, (x, y), slot in zip(points, laid.xy.tolist(), laid.slots.tolist(), strict=True)
    }


def _pair_lines(extract: Extract, pair: tuple[str, str], indexes: list[int]) -> list[Line]:
    claims = extract.claims
    bundles = _bundles(extract, indexes)
    middle = (len(bundles) - 1) / 2
    drawn = []
    for position, bundle in enumerate(bundles):
        start = claims[bundle[0]].subject
        end = pair[1] if start == pair[0] else pair[0]
        bend = position - middle if start == pair[0] else middle - position
        marks = _marks(extract, bundle, start)
        group = Counter(claims[index].group for index in bundle).most_common(1)[0][0]
        drawn.append(
            Line(
                start, end, tuple(bundle), group, stroke([claims[index].status for index in bundle]), bend + 0.0, marks
            )
        )
    return drawn


def _bundles(extract: Extract, indexes: list[int]) -> list[list[int]]:
    """Return single claims, or claims by group and stroke, or, where that is still too much, by stroke alone."""
    bundles = [[index] for index in indexes]
    for by_group in (True, False):
        if len(bundles) > BUNDLED_ABOVE:
            gathered: dict[tuple[str, str], list[int]] = defaultdict(list)
            for index in indexes:
                claim = extract.claims[index]
                gathered[kind(claim.status), claim.group if by_group else ""].append(index)
            bundles = [gathered[key] for key in sorted(gathered)]
    return bundles


def _marks(extract: Extract, bundle: Iterable[int], start: str) -> tuple[bool, bool]:
    claims = (extract.claims[index] for index in bundle)
    directed = [claim.subject == start for claim in claims if extract.term(claim.predicate).kind != SYMMETRIC]
    return False in directed, True in directed
