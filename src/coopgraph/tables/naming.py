"""How the rows of a table name things: each name with what tells it apart, read from cells as the mapping says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Optional

from coopgraph.tables import countries
from coopgraph.tables.mapping import EntityEntry, columns_of, filled, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Name(NamedTuple):
    """What a row calls a thing: its class, the words, what it lies within, and what else tells it apart.

    Rows that give the same name mean the same thing.
    """

    kind: str
    text: str
    within: Optional[Name] = None  # noqa: UP045 - a union with a quoted name is no type at run time
    apart: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}, {self.within}" if self.within else self.text

    @property
    def told_apart(self) -> str:
        """What else tells the thing apart, in one line."""
        return " | ".join(filter(None, self.apart))


@dataclass(frozen=True)
class Namer:
    """Reads the names of one entity of a mapping from the cells of rows."""

    entity: EntityEntry
    within: Namer | None = None
    _pattern: re.Pattern[str] | None = field(init=False, default=None)
    _read: dict[tuple[str, ...], tuple[Name, ...]] = field(init=False, default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.entity.extract:
            object.__setattr__(self, "_pattern", re.compile(self.entity.extract))

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_read": {}}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that the names are read from."""
        return (*columns_of(self.entity.name), *self._apart, *(self.within.columns if self.within else ()))

    @cached_property
    def _apart(self) -> tuple[str, ...]:
        """The columns that tell things of one name apart; what their identifiers are made of does too."""
        own = (*listed(self.entity.identifier or ()), *listed(self.entity.apart), *columns_of(self.entity.id))
        return tuple(dict.fromkeys(own))

    def names(self, cells: Mapping[str, str]) -> tuple[Name, ...]:
        """Return the names of a row, each once; none where its cell is empty."""
        of = tuple([cells[column] for column in self.columns])
        if of not in self._read:  # many rows name the same
            self._read[of] = tuple(self._names(cells))
        return self._read[of]

    def _names(self, cells: Mapping[str, str]) -> Iterator[Name]:
        within = next(iter(self.within.names(cells)), None) if self.within else None
        if self.entity.name is None:
            if self.entity.thing and self.entity.kind:
                yield Name(self.entity.kind, " ".join(self.entity.thing.split()), within)
            return
        text = filled(self.entity.name, cells) if self._is_whole(self.entity.name, cells) else ""
        parts = text.split(self.entity.split) if self.entity.split else (text,)
        apart = tuple(cells[column] for column in self._apart)
        if self.entity.identifier and self.entity.kind == "Country":
            apart = (countries.in_two_letters(apart[0]), *apart[1:])
        texts = dict.fromkeys(text for part in parts for text in self._texts(part.strip()))
        yield from (Name(self.entity.kind, each, within, apart) for each in texts if each)

    @staticmethod
    def _is_whole(name: str, cells: Mapping[str, str]) -> bool:
        """Say whether a text of several columns is a name: where words part them, each has to say something."""
        columns = columns_of(name)
        words = name if "{" in name else ""
        for column in columns:
            words = words.replace(f"{{{column}}}", "")
        return not words.strip() or all(cells[column] for column in columns)

    def _texts(self, text: str) -> tuple[str, ...]:
        """Return the names that a cell, or a part of one, stands for."""
        found = self._pattern.search(text) if self._pattern and text else None
        text = (found[1] or "").strip() if found else text
        return listed(self.entity.names.get(text, text))


def namers(entities: Mapping[str, EntityEntry]) -> dict[str, Namer]:
    """Return what reads the names of each entity of a mapping."""
    made: dict[str, Namer] = {}

    def of(name: str) -> Namer:
        if name not in made:
            within = entities[name].within
            made[name] = Namer(entities[name], of(within) if within else None)
        return made[name]

    for name in entities:
        of(name)
    return made
