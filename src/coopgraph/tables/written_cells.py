"""Columns of dates and figures as a mapping reads them: what cells stand for, and a column for each year."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from coopgraph.errors import UsageError
from coopgraph.sandbox import limits
from coopgraph.tables.mapping import listed
from coopgraph.tables.slugs import slug_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.tables.mapping import ClaimEntry, DayEntry, FigureEntry

_NUMBERED = re.compile(r"-\d+$")


def apart(name: str, entry: ClaimEntry) -> Iterator[tuple[str, ClaimEntry]]:
    """Yield a claim of a mapping, by its name, for each of its columns of figures, whose heading may be its date.

    Of several columns each has its heading behind the name. Raises `UsageError` where two of these would be the same.
    """
    figure = entry.figure
    if figure is None:
        yield name, entry
        return
    several = listed(figure.column)
    names = [name] if isinstance(figure.column, str) else [f"{name}-{slug_of(column)}" for column in several]
    for at, (one, column) in enumerate(zip(names, several, strict=True)):
        if one in names[:at]:
            other = several[names.index(one)]
            raise UsageError(
                f"claims.{name}.value: {other!r} and {column!r} are too alike; give each a claim of its own"
            )
        days = {key: _dated(day, column, f"claims.{name}.{key}") for key, day in entry.days.items()}
        yield one, replace(entry, value=replace(figure, column=column), **days)  # type: ignore[arg-type]  # days


def _dated(day: DayEntry, column: str, place: str) -> DayEntry:
    """Return a date with the heading of a column as its text, where it is that."""
    if not day.heading:
        return day
    return replace(day, heading=False, date=meanings(day, [column], place)[column], extract=None)


def meanings(entry: DayEntry | FigureEntry, cells: Iterable[str], place: str) -> dict[str, str]:
    """Return what each of some cells stands for; a pattern may take as long as a query may."""
    found = {cell: cell for cell in cells}
    if entry.extract is not None:
        pattern = re.compile(entry.extract)
        with limits.limited(f"{place}.extract"):  # it may go on for ever
            found = {cell: _extracted(pattern, cell) for cell in found}
    return {cell: entry.values.get(cell, entry.values.get(text, text)) for cell, text in found.items()}


def _extracted(pattern: re.Pattern[str], cell: str) -> str:
    match = pattern.search(cell)
    return (match[1] or "").strip() if match else cell


def refuse_same_names(claims: Iterable[tuple[str, str]]) -> None:
    """Raise `UsageError` where claims of columns would be called as others are, or as their further ones.

    Each is given by what its claims are called and where it stands in the mapping.
    """
    places: dict[str, str] = {}
    for name, place in claims:
        if name in places:
            raise UsageError(f"{place}: its claims would be called as those of {places[name]}; name it otherwise")
        places[name] = place
    for name, place in places.items():
        of = _NUMBERED.sub("", name)
        if of != name and of in places:
            raise UsageError(f"{place}: further claims of {of} would be called {name}; give its column a claim alone")
