"""The timeline: dated claims in the order of their beginnings, each with a bar on one axis of years."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.site import pieces
from coopgraph.site.claim_rows import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from coopgraph.claims.model import Claim
    from coopgraph.site.content import Content
    from coopgraph.site.view import View

PAGE = 100
"""Claims on a page."""
_COLUMNS = 60
"""Bars of the chart, at most: years, or spans of several."""


class Bar(NamedTuple):
    """A claim on the axis: where its time begins and how long it is, in hundredths, and how it is drawn."""

    start: float
    length: float
    mark: str
    is_open: bool
    years: str
    claim: Markup


class Column(NamedTuple):
    """How many claims begin in a span of years."""

    x: float
    height: float
    hoped: float
    label: str
    number: int


def pages(site: Content) -> int:
    """Return of how many pages the timeline consists."""
    return max(1, -(-len(site.dated) // PAGE))


def content(view: View) -> dict[str, Any]:
    """Return what the template of the timeline shows."""
    site = view.content
    claims = site.dated
    first = (view.place.page - 1) * PAGE
    shown = claims[first : first + PAGE]
    low, high = _span(shown)
    columns = _columns(claims, _span(claims)[0]) if view.place.page == 1 else []
    return {
        "title": view.words("timeline"),
        "bars": [_bar(claim, low, high, view) for claim in shown],
        "axis": (low, high),
        "columns": columns,
        "wide": round(min(40, 0.8 * 1080 / max(1, len(columns))), 1),
        "total": len(claims),
        "undated": len(site.extract.claims) - len(claims),
        "pages": pages(site),
        "page_of": lambda number: view.link(view.place.stem, number),
    }


def _span(claims: Sequence[Claim]) -> tuple[int, int]:
    """Return first and last year of the axis of a page."""
    ends = [year for claim in claims for year in claim.years if year is not None]
    return (min(ends), max(ends) + 1) if ends else (0, 1)


def _bar(claim: Claim, low: int, high: int, view: View) -> Bar:
    first, last = claim.years
    begin, end = first if first is not None else low, last + 1 if last is not None else high
    if first is not None and claim.years[1] is None and claim.status != "realised":
        end = begin + 1
    width = 100 / (high - low)
    years = f"{first if first is not None else ''}–{last if last is not None else ''}"
    is_open = last is None and claim.status == "realised"
    length = round(max((end - begin) * width, 1), 2)
    return Bar(
        round((begin - low) * width, 2), length, mark(claim.status), is_open,
        str(first) if first == last else years, pieces.brief(claim, view),
    )  # fmt: skip


def _columns(claims: Sequence[Claim], low: int) -> list[Column]:
    """Return how many claims begin when, as columns; years in which none does are left out."""
    step = -(-len({year for claim in claims for year in claim.years[:1]}) // _COLUMNS) or 1
    numbers: Counter[int] = Counter()
    hoped: Counter[int] = Counter()
    for claim in claims:
        year = next(year for year in claim.years if year is not None)
        place = (year - low) // step
        numbers[place] += 1
        hoped[place] += mark(claim.status) == "hoped"
    most = max(numbers.values(), default=1)
    return [
        Column(
            round(number * 1080 / len(numbers), 1), round(100 * numbers[at] / most, 1),
            round(100 * hoped[at] / most, 1),
            str(low + at * step) if step == 1 else f"{low + at * step}–{low + at * step + step - 1}", numbers[at],
        )
        for number, at in enumerate(sorted(numbers))
    ]  # fmt: skip
