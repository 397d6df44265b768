"""Parts of a table, each mapped and checked by itself: in this process, in another one, or on another machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph.check import shapes
from coopgraph.check.findings import VIOLATION
from coopgraph.export import turtle
from coopgraph.export.turtle_writer import Turtle
from coopgraph.rdf.terms import NamedNode, curie, value
from coopgraph.rdf.vocab import RDF
from coopgraph.tables.row_claims import Fault, Placed, RowReader

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from coopgraph.check.shapes import ShapesGraph
    from coopgraph.rdf.terms import Triple
    from coopgraph.tables.former_rows import FormerRows, RowDigests
    from coopgraph.tables.gate import Gate
    from coopgraph.tables.naming import Name, Namer
    from coopgraph.tables.plan import Plan
    from coopgraph.tables.row_claims import Once

    Function: TypeAlias = Callable[["PartContext", Sequence[Placed]], "Part"]
    Run: TypeAlias = Callable[[Function, Iterable[Sequence[Placed]]], Iterable["Part"]]
    Workers: TypeAlias = Callable[["PartContext", int], AbstractContextManager[Run]]
    """Given what parts need and how many there are, gives what maps a function over them."""

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


class Read(NamedTuple):
    """The parts of a table, and by key the digests of what its rows were mapped with."""

    parts: list[Part]
    digests: Mapping[str, str]


def read_all(
    context: PartContext, rows: Sequence[Placed], gate: Gate, workers: Workers, former: FormerRows, digests: RowDigests
) -> Read:
    """Return the parts of all rows but those that a gate keeps out; it is told what turns out to be at fault.

    Rows that give what they gave before are not read, and are a part of their own. What a row at fault would have
    claimed once for several is claimed by another one, which is read again with its part.
    """
    kept_out = gate.rows
    rows = [row for row in rows if row.number not in kept_out]
    claimed = {row.number: once for row in rows if (once := list(context.reader.made_once(row)))}
    first = _first(claimed, kept_out)
    kept = {row.number: row for row in rows if former.have(row, digests.of(row, _own(row, claimed, first)))}
    left = [row for row in rows if row.number not in kept]
    chunks = [left[at : at + ROWS] for at in range(0, len(left), ROWS)]
    parts: dict[int, Part] = {}
    while stale := [number for number in range(len(chunks)) if number not in parts]:
        kept_out = gate.rows
        first = _first(claimed, kept_out)
        waiting = [[row for row in chunks[number] if row.number not in kept_out] for number in stale]
        with workers(replace(context, first=first), len(stale)) as run:
            parts |= zip(stale, run(read, waiting), strict=True)
        gate.add(fault for number in stale for fault in parts[number].faults)
        moved = {by[0] for once, by in _first(claimed, gate.rows).items() if by != first.get(once)}
        for number, chunk in enumerate(chunks):
            if any(row.number in moved for row in chunk):
                del parts[number]
        if again := [kept.pop(number) for number in sorted(moved & kept.keys())]:
            chunks.append(again)
    several = [parts[number] for number in range(len(chunks))]
    kept_out = gate.rows
    first = _first(claimed, kept_out)
    return Read(
        [*several, _kept(context, list(kept.values()), former)] if kept else several,
        {row.key: digests.of(row, _own(row, claimed, first)) for row in rows if row.number not in kept_out},
    )


def _own(
    row: Placed, claimed: Mapping[int, Sequence[tuple[Once, str]]], first: Mapping[Once, tuple[int, str]]
) -> list[tuple[Once, str]]:
    """Return what a row claims of that which is claimed once."""
    return [(once, claim) for once, claim in claimed.get(row.number, ()) if first.get(once) == (row.number, claim)]


def _kept(context: PartContext, rows: Sequence[Placed], former: FormerRows) -> Part:
    """Return the part of rows that give what they gave before."""
    text, claims, names = former.given(rows, context.plan.prefixes)
    name = Turtle(context.plan.prefixes).name
    named = frozenset(iri for iri in {*context.links.values()} if name(f"<{iri}>") in names)
    return Part(text, claims, len(rows), [], named)


def _first(claimed: Mapping[int, Sequence[tuple[Once, str]]], without: Container[int]) -> dict[Once, tuple[int, str]]:
    """Return the row, and the claim of the mapping, that makes each claim that is made once."""
    first: dict[Once, tuple[int, str]] = {}
    for row, several in claimed.items():
        for once, claim in several if row not in without else ():
            first.setdefault(once, (row, claim))
    return first


def read(context: PartContext, rows: Sequence[Placed]) -> Part:
    """Return the graph file that those rows of a table make with which nothing is wrong, and what is with others."""
    reader = context.reader
    reader.faults = []
    made = {row.number: triples for row in rows if (triples := reader.triples(row))}
    faults = [*reader.faults, *_broken(context, made)]
    for row in {fault.row for fault in faults} & made.keys():
        del made[row]
    triples = [triple for each in made.values() for triple in each]
    claims = sum(value(each.predicate) == f"{RDF}subject" for each in triples)
    text = turtle.write(triples, context.plan.prefixes) if triples else ""
    things = frozenset(context.links.values())
    named = frozenset(value(each.object) for each in triples if isinstance(each.object, NamedNode)) & things
    return Part(text, claims, len(made), faults, named)


def _broken(context: PartContext, made: Mapping[int, list[Triple]]) -> list[Fault]:
    """Return the rows whose claims, given as triples by row, break a shape that must hold."""
    owners = {value(each.subject): row for row, triples in made.items() for each in triples}
    (broken,) = shapes.broken([[triple for each in made.values() for triple in each]], context.rules)
    return [
        Fault(owners.get(node, 0), "", curie(node, context.plan.prefixes) or node, message)
        for node, _, severity, message in sorted(broken)
        if severity == VIOLATION
    ]
