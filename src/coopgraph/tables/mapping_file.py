"""A mapping read from one TOML file, and refused where its parts do not fit each other."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import DataError, UsageError, near, short
from coopgraph.rdf.terms import Literal, curie, is_web_address
from coopgraph.reading import languages, records
from coopgraph.tables.mapping import Begun, TableMapping, listed

if TYPE_CHECKING:
    from pathlib import Path

    from coopgraph.tables.mapping import DayEntry, EntityEntry, FigureEntry, SourceEntry, TableEntry

_NAME = re.compile(r"[a-z][a-z0-9-]*")
"""What entities and claims of a mapping are called; claims carry it in their identifiers."""
_IDENTIFIER = re.compile(r"[A-Za-z][\w-]*:\S+")
_OF_ONE = ("identifier", "latitude", "longitude", "labels")
"""What a row says of one thing only."""
_OF_COLUMNS = ("extract", "names", "split", "apart", *_OF_ONE)
_NUMBERED = re.compile(r"-\d+$")


def read(path: Path) -> TableMapping:
    """Return the mapping that a TOML file holds. Raises `DataError` with the key that is wrong."""
    try:
        mapping = records.typed(TableMapping, _content(path))
        _refuse_names(mapping)
    except (ValueError, UsageError) as error:
        raise DataError(f"{path}: {error}; mend the mapping") from error
    return mapping


def table_alone(path: Path) -> TableEntry | None:
    """Return what a mapping says of its table where it says nothing else yet. Raises `DataError` as `read` does."""
    content = _content(path)
    if content.keys() != {"table"}:
        return None
    try:
        return records.typed(Begun, content).table
    except (ValueError, UsageError) as error:
        raise DataError(f"{path}: {error}; mend the mapping") from error


def _content(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(files.read_text(path, most=_LARGEST))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: is not TOML: {error}; mend it there") from error


_LARGEST = 10_000_000


def _refuse_names(mapping: TableMapping) -> None:
    """Raise `ValueError` where the parts of a mapping do not fit each other."""
    if not mapping.claims:
        raise ValueError("[claims] has none; a row has to claim something")
    _refuse_source(mapping.source)
    for part in ("entities", "claims"):
        for name in getattr(mapping, part):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{part}.{short(name)} is no name of small letters, digits and hyphens")
    for name in mapping.entities:
        _refuse_entity(name, mapping)
    for form in listed(mapping.table.dates):
        _refuse_form(form, "table.dates")
    for name in mapping.claims:
        _refuse_claim(name, mapping)


def _refuse_claim(name: str, mapping: TableMapping) -> None:
    claim = mapping.claims[name]
    if (of := _NUMBERED.sub("", name)) != name and of in mapping.claims:
        raise ValueError(f"claims.{name} is what the further claims of claims.{of} are called; name it otherwise")
    for key, day in claim.days.items():
        _refuse_day(day, f"claims.{name}.{key}", has_figure=claim.figure is not None)
    if claim.figure:
        _refuse_figure(claim.figure, f"claims.{name}.value")
    for each in claim.entities:
        _refuse_unknown(each, mapping, f"claims.{name}")
    if (claim.object is None) == (claim.value is None):
        raise ValueError(f"claims.{name} needs either object (an entity) or value (the column of a figure)")


def _refuse_day(day: DayEntry, place: str, *, has_figure: bool) -> None:
    if sum((bool(day.column), day.date is not None, day.heading)) != 1:
        raise ValueError(f"{place} needs one of column, date (the same for all rows) and heading")
    if day.heading and not has_figure:
        raise ValueError(
            f"{place}.heading is that of a figure's column; write column or date, or give the claim a value"
        )
    for form in listed(day.format):
        _refuse_form(form, place)
    if day.extract is not None:
        _refuse_pattern(day.extract, f"{place}.extract")


def _refuse_figure(figure: FigureEntry, place: str) -> None:
    if not figure.column:
        raise ValueError(f"{place} names no column")
    if figure.times < 1:
        raise ValueError(f"{place}.times {figure.times} is no whole number from 1")
    if figure.extract is not None:
        _refuse_pattern(figure.extract, f"{place}.extract")


def _refuse_source(source: SourceEntry) -> None:
    if curie(f"x/{source.id}", {"source": "x/"}) is None:
        raise ValueError(f"source.id {short(source.id)!r} is no slug of letters, digits and hyphens")
    if not source.title.strip():
        raise ValueError("source.title is empty")
    for name in ("license", "address"):
        text = getattr(source, name)
        if text is not None and not is_web_address(text):
            raise ValueError(f"source.{name} {short(text)!r} is no web address, such as https://example.org/x")
    _refuse_language(source.language, "source.language")


def _refuse_language(tag: str, place: str) -> None:
    try:
        Literal("", language=tag)
        languages.refuse_unknown(tag)
    except ValueError as error:
        raise ValueError(f"{place} {short(tag)!r} is no tag of a language; write one such as en or zh-Hans") from error


def _refuse_form(form: str, place: str) -> None:
    """Raise `ValueError` where a form of dates has no year, which Python would then make up."""
    if form != "serial" and not any(f"%{each}" in form for each in "YyGcx"):
        raise ValueError(f'{place}: {short(form)!r} has no year; write a form such as "%d/%m/%Y", or "serial"')


def _refuse_entity(name: str, mapping: TableMapping) -> None:
    entity = mapping.entities[name]
    if (entity.name is None) == (entity.thing is None):
        raise ValueError(f"entities.{name} needs either name (a column) or thing (one thing for all rows)")
    texts = {"name": entity.name, "thing": entity.thing, "id": entity.id}
    for key, text in (texts | {f"labels.{tag}": label for tag, label in entity.labels.items()}).items():
        if text is not None and not text.strip():
            raise ValueError(f"entities.{name}.{key} is empty; write it, or leave it out")
    if entity.name is not None and not entity.kind:
        raise ValueError(f"entities.{name}.kind is missing")
    if entity.thing is not None:
        _refuse_constant(name, entity)
    _refuse_parts(name, entity)
    for tag in entity.labels:
        _refuse_language(tag, f"entities.{name}.labels")
    if (entity.latitude is None) != (entity.longitude is None):
        raise ValueError(f"entities.{name} needs both latitude and longitude, or neither")
    if entity.language is not None:
        _refuse_language(entity.language, f"entities.{name}.language")
    if entity.extract is not None:
        _refuse_pattern(entity.extract, f"entities.{name}.extract")
    _refuse_unknown(entity.within, mapping, f"entities.{name}.within")
    _refuse_circle(name, mapping)


def _refuse_constant(name: str, entity: EntityEntry) -> None:
    """Raise `ValueError` where what is the same for all rows is said to depend on a row."""
    for key in _OF_COLUMNS:
        if getattr(entity, key):
            raise ValueError(f"entities.{name}.{key} is of names in columns; leave it out, or write name for thing")
    if "{" in str(entity.thing):
        raise ValueError(f"entities.{name}.thing is the same for all rows; write name for a text with columns")
    if entity.kind and _IDENTIFIER.fullmatch(str(entity.thing)):
        raise ValueError(f"entities.{name}.kind is of a thing by its name; leave it out beside an identifier")


def _refuse_parts(name: str, entity: EntityEntry) -> None:
    """Raise `ValueError` where a cell is parted by nothing, or what is of one thing is said of all its parts."""
    if entity.split == "":
        raise ValueError(f"entities.{name}.split is empty; write what stands between names, or leave it out")
    for key in _OF_ONE if entity.split else ():
        if getattr(entity, key):
            what = f"entities.{name}.{key} is of one thing, and split makes several of a cell"
            raise ValueError(f"{what}; give each a row or a column of its own, or leave {key} out")


def _refuse_pattern(pattern: str, place: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError) as error:
        raise ValueError(f"{place} is no pattern: {error}") from error
    if groups < 1:
        raise ValueError(f"{place} has no group in brackets, which is what is taken of a cell")


def _refuse_unknown(name: str | None, mapping: TableMapping, place: str) -> None:
    if name is not None and name not in mapping.entities:
        there = near(name, mapping.entities) or f"; there are {', '.join(mapping.entities) or 'none'}"
        raise ValueError(f"{place}: no entity of the mapping is called {short(name)!r}{there}")


def _refuse_circle(name: str, mapping: TableMapping) -> None:
    seen, at = {name}, mapping.entities[name].within
    while at is not None and at in mapping.entities:
        if at in seen:
            raise ValueError(f"entities.{name} lies within itself")
        seen.add(at)
        at = mapping.entities[at].within
