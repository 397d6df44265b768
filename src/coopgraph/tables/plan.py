"""A mapping held against a vocabulary and a table: every word of it looked up, so that rows are read without asking."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from coopgraph.errors import UsageError, near, short
from coopgraph.rdf.terms import expand
from coopgraph.rdf.vocab import local_name
from coopgraph.reading import lookup
from coopgraph.tables import units, values, written_cells
from coopgraph.tables.mapping import Lookup, columns_of, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coopgraph.reading.vocabulary import Property, Vocabulary
    from coopgraph.tables.mapping import ClaimEntry, DayEntry, FigureEntry, TableMapping

T = TypeVar("T")
_MOST_TOLD = 12
_MEASURED = ("figure", "growth", "rank", "share")
"""Relations to a number that do not say themselves what it counts."""
_APPROXIMATIONS = ("about", "over", "under", "among")


@dataclass(frozen=True, slots=True)
class Choice:
    """What a claim says of one thing: the same for all rows, or by the value of a column.

    `meanings` has it by value, under an empty text where there is no column; what is empty says nothing. `unknown` has
    the values that have no meaning, and why.
    """

    column: str | None
    meanings: Mapping[str, tuple[str, ...]]
    split: str | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)

    def of(self, cells: Mapping[str, str]) -> tuple[str, ...]:
        """Return what it is in a row. Raises `ValueError` where a value has no meaning."""
        if self.column is None:
            return self.meanings[""]
        found: dict[str, None] = {}
        for part in parts(cells[self.column], self.split):
            if part in self.unknown:
                raise ValueError(self.unknown[part])
            found |= dict.fromkeys(self.meanings[part])
        return tuple(found)

    def is_silent(self, cells: Mapping[str, str]) -> bool:
        """Say whether what a row says of it means nothing, which is not that it has no meaning."""
        if self.column is None:
            return not self.meanings[""]
        return not any(part in self.unknown or self.meanings[part] for part in parts(cells[self.column], self.split))


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """A claim of the mapping with all that it says looked up, by what it says: `predicate`, `status` ...

    `place` is where it stands in the mapping, `name` what its claims are called by.
    `conditions` are columns that must say something, each with the values that will do, none for any. `days` are dates
    that are the same for all rows, None for none; `written` has what cells of dates and figures stand for.
    """

    place: str
    name: str
    entry: ClaimEntry
    choices: Mapping[str, Choice]
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    days: Mapping[str, values.Day | None]
    written: Mapping[str, Mapping[str, str]]

    @property
    def column(self) -> str:
        """The column of its figure, of which there is one here."""
        return str(self.entry.figure.column) if self.entry.figure else ""

    def figures(self, cells: Iterable[str]) -> set[str]:
        """Return the figures that cells of its column write."""
        return {self.written["value"][cell] for cell in cells} if "value" in self.written else set(cells)

    def cell(self, key: str, column: str, cells: Mapping[str, str]) -> str:
        """Return what the cell of a column says, given the key of the claim that it is for."""
        cell = cells[column]
        return self.written[key][cell] if key in self.written else cell


@dataclass(frozen=True, slots=True)
class Plan:
    """What every row is read by.

    `constants` are the things (IRI and label) of entities that are the same in all rows, `decimals` the decimal mark
    of each column of figures, empty where that is in doubt, `labels` what properties and measures (IRI) are called, and
    `states` those that are no acts.
    """

    mapping: TableMapping
    claims: tuple[ClaimPlan, ...]
    constants: Mapping[str, tuple[str, str]]
    decimals: Mapping[str, str]
    labels: Mapping[str, str]
    states: frozenset[str]
    issued: values.Day
    prefixes: Mapping[str, str]

    @property
    def formats(self) -> tuple[str, ...]:
        """How the dates of the table are written."""
        return listed(self.mapping.table.dates)


def parts(cell: str, split: str | None) -> Iterator[str]:
    """Yield what a cell names: its text, or the parts of it."""
    yield from (part.strip() for part in cell.split(split)) if split else (cell,)


@dataclass(slots=True)
class Planner:
    """Looks up what a mapping names."""

    mapping: TableMapping
    words: Vocabulary
    statuses: Mapping[str, str]
    prefixes: Mapping[str, str]

    def plan(self, columns: Mapping[str, Iterable[str]]) -> Plan:
        """Return the plan for a table, given the values of its columns.

        Raises `UsageError` where the mapping names what is not there, with its key.
        """
        constants = dict(self._constants())
        claims = tuple(
            self._claim(f"claims.{of}", name, entry, columns)
            for of, whole in self.mapping.claims.items()
            for name, entry in written_cells.apart(of, whole)
        )
        written_cells.refuse_same_names((claim.name, claim.place) for claim in claims)
        properties = self.words.properties.values()
        return Plan(
            self.mapping,
            claims,
            constants,
            self._decimals(claims, columns),
            {each.iri: each.label for each in properties} | {iri: of.label for iri, of in self.words.terms.items()},
            frozenset(each.iri for each in properties if not each.act),
            self._issued(),
            self.prefixes,
        )

    def _issued(self) -> values.Day:
        issued = self.mapping.source.issued
        try:
            return values.day(issued)
        except ValueError as error:
            what = f"source.issued {short(issued)!r} is no date"
            raise UsageError(f"{what}; write 2018, 2018-06 or 2018-06-30") from error

    def _constants(self) -> Iterator[tuple[str, tuple[str, str]]]:
        for name, entity in self.mapping.entities.items():
            if entity.thing is not None and not entity.kind:
                iri = self._named(f"entities.{name}.thing", entity.thing, self._thing)
                yield name, (iri, self.words.things[iri].label)
            elif not self.words.new_kind(entity.kind):
                self._named(f"entities.{name}.kind", entity.kind, lambda word: lookup.new_class(word, self.words))

    def _thing(self, word: str) -> str:
        iri = expand(word, self.prefixes) if ":" in word else None
        if iri and iri in self.words.things:
            return iri
        try:
            return lookup.thing(word, self.words)
        except UsageError as error:
            raise UsageError(
                f"{error}; write one that the graph has, or its class as kind, and it is asked for or made"
            ) from error

    def _named(self, place: str, word: T, look_up: Callable[[T], str]) -> str:
        try:
            return look_up(word)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from error

    def _claim(self, place: str, name: str, entry: ClaimEntry, columns: Mapping[str, Iterable[str]]) -> ClaimPlan:
        look_ups: dict[str, Callable[[str], str]] = {
            "predicate": lambda word: self._relation(word, entry).iri,
            "status": lambda word: lookup.status(word, self.statuses),
            "fields": self._field,
            "measure": self._measure,
            "change": lambda word: lookup.term(word, self.words, "Change"),
            "unit": self._unit,
            "approximation": _approximation,
        }
        choices = {}
        for key, look_up in look_ups.items():
            given = getattr(entry, key)
            if given:
                choices[key] = self._choice(f"{place}.{key}", given, look_up, columns)
        if entry.figure:
            self._refuse_unmeasured(place, choices)
            if "unit" not in choices:
                relations = {local_name(iri) for several in choices["predicate"].meanings.values() for iri in several}
                choices["unit"] = Choice(None, {"": (self._named(f"{place}.unit", relations, units.usual),)})
        days = {key: self._day(f"{place}.{key}", day) for key, day in entry.days.items() if not day.column}
        written: dict[str, DayEntry | FigureEntry] = {key: day for key, day in entry.days.items() if day.column}
        written |= {"value": entry.figure} if entry.figure else {}
        cells = {
            key: written_cells.meanings(each, columns[str(each.column)], f"{place}.{key}")
            for key, each in written.items()
            if each.extract is not None or each.values
        }
        return ClaimPlan(place, name, entry, choices, tuple(entry.conditions.items()), days, cells)

    def _day(self, place: str, day: DayEntry) -> values.Day | None:
        text = str(day.date)
        try:
            return (
                values.day(text, listed(day.format) or listed(self.mapping.table.dates), day.precision)
                if text
                else None
            )
        except ValueError as error:
            what = "write one such as 2018-06, say its form with format, or which part is one with extract"
            raise UsageError(f"{place}: {short(text)!r} is no date; {what}") from error

    def _decimals(self, claims: Iterable[ClaimPlan], columns: Mapping[str, Iterable[str]]) -> dict[str, str]:
        """Return the decimal mark of each column of numbers, empty where that is in doubt."""
        numbers = [(each.place, each.column, each.figures(columns[each.column])) for each in claims if each.column]
        for name, entity in self.mapping.entities.items():
            several = (*columns_of(entity.latitude), *columns_of(entity.longitude))
            numbers += [(f"{name} {column}", column, set(columns[column])) for column in several]
        said = self.mapping.table.decimal
        return {column: said or mark for column, mark in values.decimal_marks(numbers).items()}

    def _refuse_unmeasured(self, place: str, choices: Mapping[str, Choice]) -> None:
        """Raise `UsageError` where nobody could say what a figure counts."""
        named = {local_name(iri) for several in choices["predicate"].meanings.values() for iri in several}
        if "measure" not in choices and named.intersection(_MEASURED):
            raise UsageError(f"{place}.measure is missing; write what the figure counts: {', '.join(self._measures())}")

    def _measures(self) -> list[str]:
        return sorted(local_name(iri) for iri, each in self.words.terms.items() if each.kind == "Measure")

    def _measure(self, word: str) -> str:
        try:
            return lookup.term(word, self.words, "Measure")
        except UsageError as error:
            there = near(word, self._measures()) or f"; there are {', '.join(self._measures())}"
            what = f"no measure is called {short(word)!r}{there}"
            raise UsageError(f"{what}; docs/tables.md says how a workspace adds its own") from error

    def _choice(
        self,
        place: str,
        given: str | tuple[str, ...] | Lookup,
        look_up: Callable[[str], str],
        columns: Mapping[str, Iterable[str]],
    ) -> Choice:
        meaning = partial(self._meaning, place, look_up)
        if not isinstance(given, Lookup):
            return Choice(None, {"": meaning(given)})
        meanings = {cell: meaning(words) for cell, words in given.values.items()}
        meanings.setdefault("", ())
        otherwise = None if given.otherwise is None else meaning(given.otherwise)
        unknown: dict[str, str] = {}
        cells = dict.fromkeys(part for cell in columns[given.column] for part in parts(cell, given.split))
        for cell in cells:
            if cell in meanings:
                continue
            if otherwise is not None:
                meanings[cell] = otherwise
            elif given.values and look_up != self._unit:  # a unit is the same word in each table
                advice = near(cell, given.values) or "; add it to the values there"
                unknown[cell] = f"{place} does not say what it means{advice}"
            else:
                try:
                    meanings[cell] = (look_up(cell),)
                except UsageError as error:
                    unknown[cell] = f"{place}: {error}; or say in values what it means"
        return Choice(given.column, meanings, given.split, unknown)

    def _meaning(self, place: str, look_up: Callable[[str], str], words: str | tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self._named(place, word, look_up) for word in listed(words) if word)

    def _relation(self, word: str, entry: ClaimEntry) -> Property:
        """Return the property that a word means, where the ends of a claim are such as it links."""
        of = lookup.relation(word, self.words)
        if of.figure != (entry.value is not None):
            needed = "value, the column of its figure" if of.figure else "object, an entity of the mapping"
            raise UsageError(f"{of.label!r} needs {needed}")
        for end, wanted in ((entry.subject, of.domain), (entry.object, of.range)):
            kind = self._kind(end) if end else ""
            if not self.words.is_a(kind, wanted):
                what = f"{end!r} is of the class {kind}, where {of.label!r} wants {wanted}"
                raise UsageError(f"{what}{self._fitting(entry)}")
        return of

    def _fitting(self, entry: ClaimEntry) -> str:
        """Say which relations link the ends of a claim, as the end of an error line."""
        if entry.object is None:
            return ""
        one, other = self._kind(entry.subject), self._kind(entry.object)
        ways = (("from", one, other, entry.subject, entry.object), ("from", other, one, entry.object, entry.subject))
        told = []
        for word, subject, target, near_end, far_end in ways:
            names = [
                each.name
                for each in self.words.properties.values()
                if not each.figure and self.words.is_a(subject, each.domain) and self.words.is_a(target, each.range)
            ]
            if names:
                told.append(f"{word} {near_end!r} to {far_end!r} there are {', '.join(sorted(names)[:_MOST_TOLD])}")
        return f"; {'; '.join(told)}" if told else ""

    def _kind(self, name: str) -> str:
        entity = self.mapping.entities[name]
        if entity.thing is None or entity.kind:
            return entity.kind
        thing = self.words.things.get(self._named(f"entities.{name}.thing", entity.thing, self._thing))
        return thing.kind if thing else ""

    def _field(self, word: str) -> str:
        iri = self.prefixes["field"] + word
        try:
            iri = iri if iri in self.words.things else lookup.thing(word, self.words)
        except UsageError as error:
            raise UsageError(self._no_field(word)) from error
        if self.words.things[iri].root != "Field":
            raise UsageError(self._no_field(word))
        return iri

    def _no_field(self, word: str) -> str:
        """Say that a word is no field of cooperation, and which come near or are there."""
        fields = sorted(each.label for each in self.words.things.values() if each.root == "Field")
        there = near(word, fields) or (f"; there are {', '.join(fields)}" if fields else "")
        return f"no field of cooperation is called {short(word)!r}{there}"

    def _unit(self, word: str) -> str:
        iri = expand(word, self.prefixes) if ":" in word else None
        return iri or units.unit(word)


def _approximation(word: str) -> str:
    if word not in _APPROXIMATIONS:
        raise UsageError(f"{short(word)!r} is no approximation; write {', '.join(_APPROXIMATIONS)}")
    return word
