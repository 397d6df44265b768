"""A part of a table, mapped and checked by itself: in this process, in another one, or on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.check import shapes
from coopgraph.check.findings import VIOLATION
from coopgraph.export import turtle
from coopgraph.rdf.terms import NamedNode, curie, value
from coopgraph.rdf.vocab import RDF
from coopgraph.tables.row_claims import Fault, Placed, RowReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgraph.check.shapes import ShapesGraph
    from coopgraph.rdf.terms import Triple
    from coopgraph.tables.naming import Name, Namer
    from coopgraph.tables.plan import Plan
    from coopgraph.tables.row_claims import Once

ROWS = 1_000
"""Rows of a part: few enough for a change to renew little, enough for a file to be worth opening."""


@dataclass
class PartContext:
    """What every part of a table is mapped and checked with; it is sent to each worker once."""

    plan: Plan
    namers: Mapping[str, Namer]
    links: Mapping[Name, str]
    renamed: frozenset[Name]
    first: Mapping[Once, tuple[int, str]]
    rules: ShapesGraph = field(repr=False)

    def __getstate__(self) -> dict[str, object]:
        return {name: each for name, each in self.__dict__.items() if name != "reader"}

    @cached_property
    def reader(self) -> RowReader:
        """What reads the rows."""
        return RowReader(self.plan, self.namers, self.links, self.renamed, self.first)


class Part(NamedTuple):
    """Rows that were read: their graph file, numbers of claims and of rows that make any, and what is wrong.

    `named` are the things (IRIs) that the claims name.
    """

    text: str
    claims: int
    rows: int
    faults: list[Fault]
    named: frozenset[str]


def read(context: PartContext, rows: Sequence[Placed]) -> Part:
    """Return the graph file that some rows of a table make, and what is wrong with it."""
    reader = context.reader
    reader.faults = []
    triples: list[Triple] = []
    owners: dict[str, int] = {}
    speaking = 0
    for row in rows:
        said = reader.triples(row)
        speaking += bool(said)
        triples += said
        owners |= dict.fromkeys((value(each.subject) for each in said), row.number)
    faults = [*reader.faults, *_broken(context, triples, owners)]
    claims = sum(value(each.predicate) == f"{RDF}subject" for each in triples)
    text = turtle.write(triples, context.plan.prefixes) if triples else ""
    things = frozenset(context.links.values())
    named = frozenset(value(each.object) for each in triples if isinstance(each.object, NamedNode)) & things
    return Part(text, claims, speaking, faults, named)


def _broken(context: PartContext, triples: list[Triple], owners: Mapping[str, int]) -> list[Fault]:
    """Return the rows whose claims break a shape that must hold."""
    (broken,) = shapes.broken([triples], context.rules)
    return [
        Fault(owners.get(node, 0), "", curie(node, context.plan.prefixes) or node, message)
        for node, _, severity, message in sorted(broken)
        if severity == VIOLATION
    ]
