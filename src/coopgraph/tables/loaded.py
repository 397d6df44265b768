"""What a table gives once its names are linked and its rows are mapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.tables import look_alikes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from coopgraph.tables.gate import Gate
    from coopgraph.tables.linking import Link
    from coopgraph.tables.mapping import EntityEntry
    from coopgraph.tables.naming import Name
    from coopgraph.tables.part import Part
    from coopgraph.tables.plan import Plan


class Named(NamedTuple):
    """A name with the entity of the mapping that it is one of, the rows that need it, and the cells of the first.

    `labels` are its further names, each with its language.
    """

    entity: EntityEntry
    rows: list[int]
    cells: Mapping[str, str]
    first: str
    labels: dict[tuple[str, str], None]


@dataclass(frozen=True)
class Loaded:
    """What a table gives: the parts of its graph file, what its names mean, and what keeps rows out.

    `decided` are names on which somebody has; `coordinates` are those of new things; `publisher` is an IRI; `rows` were
    asked for, `passed_over` were not; `digests` are those of what rows were mapped with, by key (see `former_rows`).
    """

    plan: Plan
    parts: list[Part]
    names: Mapping[Name, Named]
    links: Mapping[Name, Link]
    decided: Collection[Name]
    coordinates: Mapping[Name, tuple[str, ...]]
    publisher: str | None
    gate: Gate
    rows: int
    passed_over: int
    digests: Mapping[str, str]

    @property
    def claims(self) -> int:
        """How many claims there are."""
        return sum(each.claims for each in self.parts)

    @property
    def silent(self) -> int:
        """How many rows claim nothing though nothing is wrong with them."""
        return self.rows - len(self.gate.rows) - sum(each.rows for each in self.parts)

    @cached_property
    def alike(self) -> list[tuple[Name, Name]]:
        """New names that look alike, in pairs, as far as the table does not say itself that they are several things."""
        compared = {
            name: each
            for name, each in self.names.items()
            if self.links[name].how == "new" and each.entity.match and name not in self.decided
        }
        pairs = look_alikes.pairs({name: [text for _, text in each.labels] for name, each in compared.items()})
        at = self.coordinates
        return [(one, other) for one, other in pairs if not (one in at and other in at and at[one] != at[other])]

    @property
    def new(self) -> dict[Name, str]:
        """The things (IRI) that the table brings, as far as its claims name them."""
        named = {self.publisher}.union(*(each.named for each in self.parts))
        return {
            name: link.iri for name, link in self.links.items() if link.how == "new" and link.iri and link.iri in named
        }
