"""What a mapping says of a table: which columns name what, and which claims a row makes; read from one TOML file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from coopgraph import files
from coopgraph.errors import DataError, UsageError, near, short
from coopgraph.reading import records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PLACE = re.compile(r"\{([^{}]+)\}")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
"""What entities and claims of a mapping are called; claims carry it in their identifiers."""


@dataclass(frozen=True, slots=True)
class TableEntry:
    """Where the table is, how it is read, and the columns that tell its rows apart."""

    file: str
    key: str | tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_row: int | None = None
    merged: Literal["fill"] | None = None
    decimal: Literal[".", ","] | None = None
    dates: str | tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """The document that the table is, as it is cited. `id` is its slug."""

    id: str
    title: str
    issued: str
    publisher: str | None = None
    license: str | None = None
    address: str | None = None
    language: str = "en"
    extract: bool = False


@dataclass(frozen=True, slots=True)
class RowsEntry:
    """Which rows are taken, and what their passages say: by column, the values that are taken or left out.

    `gist` is a text with `{column}` in it; `quote` keeps the row itself in the graph, where the licence allows; the
    column `origins` has the web addresses of what a row was made from.
    """

    only: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    without: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    gist: str | None = None
    quote: bool = False
    origins: str | None = None


@dataclass(frozen=True, slots=True)
class EntityEntry:
    """How a row names an entity.

    `name` is a column or a text with `{column}` in it; `thing` is one thing for all rows instead. `extract` is a
    pattern whose first group is the name in the cell, `names` say what a cell stands for, `split` parts a cell of
    several. `within` is the entity that it lies in, `identifier` a column with an identifier of it, `apart` columns
    that tell things of one name apart. `id` is what a new thing's identifier ends in, `definition` what it is, in a
    text with `{column}`. A name that the graph does not know is asked for, unless `new` is true; with
    `new = "all"` not even names that come near to known ones are asked for, and `match = false` looks for none.
    """

    kind: str = ""
    name: str | None = None
    thing: str | None = None
    extract: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    split: str | None = None
    within: str | None = None
    identifier: str | None = None
    apart: str | tuple[str, ...] = ()
    id: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    definition: str | None = None
    language: str | None = None
    new: bool | Literal["all"] = False
    match: bool = True


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the values of a column mean: `values` has each, an empty one meaning that it says nothing here.

    `otherwise` is what all other values mean; `split` parts a cell of several.
    """

    column: str
    values: Mapping[str, str | tuple[str, ...]]
    otherwise: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A column of dates, how they are written (as in Python's strptime, or `serial`), and how exact they are."""

    column: str
    format: str | tuple[str, ...] = ()
    precision: Literal["year", "month", "day"] | None = None


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim that each row makes: its ends are entities of the mapping, or `value` is the column of a figure.

    Days are columns. `when` has the columns that must say something for the claim to be made, or their values; `once`
    makes the same claim of several rows one, with the passage of the first.
    """

    subject: str
    predicate: str | Lookup
    object: str | None = None
    value: str | None = None
    status: str | Lookup = "realised"
    valid_from: str | DayEntry | None = None
    valid_to: str | DayEntry | None = None
    due_by: str | DayEntry | None = None
    as_of: str | DayEntry | None = None
    period: str | DayEntry | None = None
    fields: str | tuple[str, ...] | Lookup = ()
    stated_by: str | None = None
    stated_at: str | None = None
    measure: str | Lookup | None = None
    unit: str | Lookup | None = None
    approximation: str | Lookup | None = None
    share_of: str | None = None
    counterpart: str | None = None
    change: str | Lookup | None = None
    when: str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]] = ()
    once: bool = False

    @property
    def entities(self) -> tuple[str, ...]:
        """The entities of the mapping that it names."""
        named = (self.subject, self.object, self.stated_by, self.stated_at, self.share_of, self.counterpart)
        return tuple(name for name in named if name)

    @property
    def days(self) -> dict[str, DayEntry]:
        """The columns of its dates, by what they date."""
        named = {name: getattr(self, name) for name in ("valid_from", "valid_to", "due_by", "as_of", "period")}
        return {name: DayEntry(each) if isinstance(each, str) else each for name, each in named.items() if each}

    @property
    def lookups(self) -> dict[str, Lookup]:
        """What is looked up in columns, by what it says of the claim."""
        named = ("predicate", "status", "fields", "measure", "unit", "approximation", "change")
        return {name: each for name in named if isinstance(each := getattr(self, name), Lookup)}

    @property
    def conditions(self) -> dict[str, tuple[str, ...]]:
        """The columns that must say something, with the values that will do, none for any."""
        return taken(self.when) if isinstance(self.when, Mapping) else dict.fromkeys(listed(self.when), ())


@dataclass(frozen=True)
class TableMapping:
    """A whole mapping: the table, the source that it is, its rows, and the entities and claims of a row by name."""

    table: TableEntry
    source: SourceEntry
    entities: Mapping[str, EntityEntry]
    claims: Mapping[str, ClaimEntry]
    rows: RowsEntry = field(default_factory=RowsEntry)

    @cached_property
    def columns(self) -> dict[str, str]:
        """The columns that it names, each with the key that names it first."""
        named: dict[str, str] = {}
        for place, column in self._named():
            named.setdefault(column, place)
        return named

    def _named(self) -> Iterator[tuple[str, str]]:
        yield from (("table.key", each) for each in listed(self.table.key))
        yield from (("rows", each) for each in (*self.rows.only, *self.rows.without))
        yield from (("rows.gist", each) for each in columns_of(self.rows.gist, plain=False))
        yield from (("rows.origins", each) for each in listed(self.rows.origins or ()))
        for name, entity in self.entities.items():
            texts = (entity.name, entity.id, entity.definition, entity.identifier, entity.latitude, entity.longitude)
            yield from ((f"entities.{name}", each) for text in texts for each in columns_of(text))
            yield from ((f"entities.{name}.apart", each) for each in listed(entity.apart))
        for name, claim in self.claims.items():
            columns = (*(each.column for each in claim.days.values()), *(of.column for of in claim.lookups.values()))
            columns += (*claim.conditions, *listed(claim.value or ()))
            yield from ((f"claims.{name}", each) for each in columns)


def columns_of(text: str | None, *, plain: bool = True) -> tuple[str, ...]:
    """Return the columns that a text names: those in braces, or where it has none the text itself.

    >>> columns_of("{city}, {country}"), columns_of("city"), columns_of("a constant", plain=False)
    (('city', 'country'), ('city',), ())
    """
    if not text:
        return ()
    return tuple(_PLACE.findall(text)) or ((text,) if plain else ())


def filled(text: str, cells: Mapping[str, str]) -> str:
    """Return a text with the cells of a row for its columns; where it names none in braces, it is a column itself."""
    if "{" not in text:
        return cells[text]
    return " ".join(_PLACE.sub(lambda match: cells[match[1]], text).split())


def listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return one text or several as several."""
    return (value,) if isinstance(value, str) else value


def taken(values: Mapping[str, str | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return columns with the values that will do."""
    return {column: listed(each) for column, each in values.items()}


def read(path: Path) -> TableMapping:
    """Return the mapping that a TOML file holds. Raises `DataError` with the key that is wrong."""
    try:
        content = tomllib.loads(files.read_text(path, most=_LARGEST))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: is not TOML: {error}; mend it there") from error
    try:
        mapping = records.typed(TableMapping, content)
        _refuse_names(mapping)
    except (ValueError, UsageError) as error:
        raise DataError(f"{path}: {error}; mend the mapping") from error
    return mapping


_LARGEST = 10_000_000


def _refuse_names(mapping: TableMapping) -> None:
    """Raise `ValueError` where the parts of a mapping do not fit each other."""
    if not mapping.claims:
        raise ValueError("[claims] has none; a row has to claim something")
    for part in ("entities", "claims"):
        for name in getattr(mapping, part):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{part}.{short(name)} is no name of small letters, digits and hyphens")
    for name in mapping.entities:
        _refuse_entity(name, mapping)
    for name, claim in mapping.claims.items():
        for each in claim.entities:
            _refuse_unknown(each, mapping, f"claims.{name}")
        if (claim.object is None) == (claim.value is None):
            raise ValueError(f"claims.{name} needs either object (an entity) or value (the column of a figure)")


def _refuse_entity(name: str, mapping: TableMapping) -> None:
    entity = mapping.entities[name]
    if (entity.name is None) == (entity.thing is None):
        raise ValueError(f"entities.{name} needs either name (a column) or thing (one thing for all rows)")
    if entity.name is not None and not entity.kind:
        raise ValueError(f"entities.{name}.kind is missing")
    if (entity.latitude is None) != (entity.longitude is None):
        raise ValueError(f"entities.{name} needs both latitude and longitude, or neither")
    if entity.extract is not None:
        _refuse_pattern(entity.extract, f"entities.{name}.extract")
    _refuse_unknown(entity.within, mapping, f"entities.{name}.within")
    _refuse_circle(name, mapping)


def _refuse_pattern(pattern: str, place: str) -> None:
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError) as error:
        raise ValueError(f"{place} is no pattern: {error}") from error
    if groups < 1:
        raise ValueError(f"{place} has no group in brackets for the name")


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
