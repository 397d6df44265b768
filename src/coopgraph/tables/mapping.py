"""What a mapping says of a table: which columns name what, and which claims a row makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class TableEntry:
    """Where the table is, how it is read, and the columns that tell its rows apart.

    `empty` are the cells that say nothing, such as n/a; `negative` is "brackets" where numbers in them are; `fill` are
    columns of which an empty cell has the value above.
    """

    file: str
    key: str | tuple[str, ...] = ()
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_row: int | tuple[int, ...] | None = None
    merged: Literal["fill"] | None = None
    decimal: Literal[".", ","] | None = None
    negative: Literal["brackets"] | None = None
    empty: str | tuple[str, ...] = ()
    fill: str | tuple[str, ...] = ()
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

    `name` is a column or a text with `{column}` in it; `thing` is one thing for all rows instead, which the graph has,
    or where `kind` says its class, by a name as others are. `extract` is a pattern whose first group is the name in the
    cell, `names` say what a cell stands for, one name or several, `split` parts a cell of several. `labels` have by
    language the columns of further names. `within` is the entity that it lies in, `identifier` a column with an
    identifier of it, `apart` columns that tell things of one name apart. `id` is what a new thing's identifier ends in,
    `definition` what it is, in a text with `{column}`. A name that the graph does not know is asked for, unless `new`
    is true; with `new = "all"` not even names that come near to known ones are asked for, and `match = false` looks for
    none.
    """

    kind: str = ""
    name: str | None = None
    thing: str | None = None
    extract: str | None = None
    names: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    split: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
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

    Without `values` the cells themselves are looked up. `otherwise` is what all other values mean; `split` parts a
    cell of several.
    """

    column: str
    values: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    otherwise: str | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A column of dates, how they are written (as in Python's strptime, or `serial`), and how exact they are.

    Instead of a column, `date` is the same for all rows, and `heading` takes what the column of a figure is called.
    `values` has what cells stand for, an empty text for no date; `extract` is a pattern whose first group is the date.
    """

    column: str = ""
    date: str | None = None
    heading: bool = False
    format: str | tuple[str, ...] = ()
    precision: Literal["year", "month", "day"] | None = None
    extract: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A column of figures, or several of which each makes a claim, and what its numbers are to be multiplied by.

    `values` has what cells stand for, an empty text for no figure; `extract` is a pattern whose first group is one.
    """

    column: str | tuple[str, ...]
    times: int = 1
    extract: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim that each row makes: its ends are entities of the mapping, or `value` is a column of figures.

    Days are columns. `when` has the columns that must say something for the claim to be made, or their values; `once`
    makes the same claim of several rows one, with the passage of the first.
    """

    subject: str
    predicate: str | Lookup
    object: str | None = None
    value: str | tuple[str, ...] | FigureEntry | None = None
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
    def figure(self) -> FigureEntry | None:
        """The columns of its figures."""
        return FigureEntry(self.value) if isinstance(self.value, str | tuple) else self.value

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


@dataclass(frozen=True, slots=True)
class Begun:
    """A mapping that says nothing yet but how its table is read."""

    table: TableEntry


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
        yield from (("rows.only", each) for each in self.rows.only)
        yield from (("rows.without", each) for each in self.rows.without)
        yield from (("rows.gist", each) for each in columns_of(self.rows.gist, plain=False))
        yield from (("rows.origins", each) for each in listed(self.rows.origins or ()))
        for name, entity in self.entities.items():
            for key in ("name", "id"):
                yield from ((f"entities.{name}.{key}", each) for each in columns_of(getattr(entity, key)))
            for tag, text in entity.labels.items():
                yield from ((f"entities.{name}.labels.{tag}", each) for each in columns_of(text))
            yield from ((f"entities.{name}.definition", each) for each in columns_of(entity.definition, plain=False))
            for key in ("identifier", "apart", "latitude", "longitude"):
                yield from ((f"entities.{name}.{key}", each) for each in listed(getattr(entity, key) or ()))
        for name, claim in self.claims.items():
            named: dict[str, DayEntry | Lookup] = {**claim.days, **claim.lookups}
            yield from ((f"claims.{name}.{key}", of.column) for key, of in named.items() if of.column)
            yield from ((f"claims.{name}.when", each) for each in claim.conditions)
            if claim.figure:
                yield from ((f"claims.{name}.value", each) for each in listed(claim.figure.column))


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
