"""What a network picture consists of, before any place is given to it: its points, its lines and its style."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

from coopgraph.page import layout
from coopgraph.rdf.vocab import HOPED_FOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from coopgraph.claims.model import Entity, Extract

SYMMETRIC: Final = "SymmetricProperty"
"""The kind of relations that run both ways, so that their lines bear no mark of direction."""

BUNDLED_ABOVE: Final = 4
"""Pairs with more claims than this get one line for each relation group and kind of status."""

ROW_COLUMNS: Final = 19
LABEL_ROWS: Final = 3
COLUMN_WIDTH: Final = 7.8
ROW_HEIGHT: Final = 17.5
"""The measures of labels, in pixels at the scale 1; a Latin letter takes one column, a Chinese one two."""


@dataclass(frozen=True, slots=True)
class Point:
    """An entity in the picture: its radius in pixels and its label, wrapped."""

    entity: Entity
    radius: float
    rows: tuple[str, ...]

    @property
    def box(self) -> tuple[float, float]:
        """Width and height of the sign with its label below."""
        columns = max(map(width, self.rows), default=0)
        return max(2 * self.radius, columns * COLUMN_WIDTH) + 12, 2 * self.radius + len(self.rows) * ROW_HEIGHT + 14

    @property
    def lift(self) -> float:
        """How far above the middle of its box the sign stands."""
        return len(self.rows) * ROW_HEIGHT / 2


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


@cache
def style() -> dict[str, Any]:
    """Return the colours, shapes, widths and dashes that page and picture share."""
    loaded: dict[str, Any] = json.loads(files("coopgraph").joinpath("page", "style.json").read_text("utf-8"))
    return loaded


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
        if claim.group == "cooperation":
            cooperation.update(str(end) for end in ends)
    order = sorted(weight, key=lambda iri: (-cooperation[iri], -weight[iri], iri))
    named = [(extract.term(iri), min(8 + 3.4 * sqrt(cooperation[iri]), 30)) for iri in order]
    return [Point(entity, round(radius, 1), tuple(wrap(entity.label))) for entity, radius in named]


def lines(extract: Extract) -> list[Line]:
    """Return the lines of the picture; parallel ones are fanned, and bundled above `BUNDLED_ABOVE`."""
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, claim in enumerate(extract.claims):
        if extract.is_link(claim):
            first, second = sorted((claim.subject, str(claim.object)))
            pairs[first, second].append(index)
    return [line for pair in sorted(pairs) for line in _pair_lines(extract, pair, pairs[pair])]


def places(points: Iterable[Point], lines: Iterable[Line]) -> dict[str, tuple[int, int]]:
    """Return where each entity's sign stands, x and y in pixels around 0."""
    listed = list(points)
    middles = layout.positions(
        {point.entity.iri: point.box for point in listed}, [(line.start, line.end) for line in lines]
    )
    return {
        point.entity.iri: (middles[point.entity.iri][0], round(middles[point.entity.iri][1] - point.lift))
        for point in listed
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


def width(text: str) -> int:
    """Return how many columns a text takes, Chinese characters counting two.

    >>> width("Dalian"), width("大连")
    (6, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap(text: str, columns: int = ROW_COLUMNS, rows: int = LABEL_ROWS) -> list[str]:
    """Return a text as at most `rows` rows of about `columns` columns, an ellipsis where it was cut.

    >>> wrap("Hong Kong Trade Development Council")
    ['Hong Kong Trade', 'Development Council']
    """
    wrapped: list[str] = [""]
    for word in _words(text):
        if width(wrapped[-1] + word.rstrip()) > columns and wrapped[-1].strip():
            wrapped.append("")
        wrapped[-1] += word if wrapped[-1] else word.lstrip()
        if len(wrapped) > rows:
            break
    wrapped = [row.strip() for row in wrapped]
    if len(wrapped) > rows:
        wrapped = wrapped[:rows]
        wrapped[-1] = clip(wrapped[-1] + "…" * 2, columns)
    return wrapped


def clip(text: str, columns: int) -> str:
    """Return a text cut to a number of columns, with an ellipsis at its end."""
    text = text.rstrip("…")
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _words(text: str) -> list[str]:
    """Return the pieces between which a row may end: words with the space behind them, single Chinese characters."""
    pieces = [""]
    for letter in " ".join(text.split())[:200]:
        if unicodedata.east_asian_width(letter) in "WF" or len(pieces[-1]) >= ROW_COLUMNS - 1:
            pieces.append(letter)
        elif letter == " ":
            pieces[-1] += letter
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece for piece in pieces if piece]
