"""The passages of graphs against the texts of their sources, as far as these are at hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph.check.findings import VIOLATION, WARNING, Finding
from coopgraph.claims import passages, properties
from coopgraph.claims.texts import stamp
from coopgraph.rdf.terms import value
from coopgraph.store import claim_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from coopgraph.check.places import Places
    from coopgraph.claims.texts import Texts
    from coopgraph.store.claim_columns import Column
    from coopgraph.store.interface import Store

Columns: TypeAlias = "Mapping[str, Column]"
"""What is stated of passages and sources, by property; see `sheets`."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How many passages stand where they say, what is wrong with others, and the sources that were not at hand.

    `texts` are those of the `Outcome`.
    """

    passages: int
    findings: list[Finding]
    absent: list[str]
    texts: dict[str, list[int]] = field(default_factory=dict)


class Fault(NamedTuple):
    """What is wrong with a passage or a source, named by IRI."""

    iri: str
    rule: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many passages stand, what is wrong with others, and the sources (IRIs) whose texts are not at hand.

    `texts` has the names of the text files that were looked for, with the stamps of those that were there: as long as
    these stay, so does the outcome. `elsewhere` has, by source, the passages of sources whose text the statements do
    not name.
    """

    passages: int = 0
    faults: list[Fault] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    texts: dict[str, list[int]] = field(default_factory=dict)
    elsewhere: dict[str, list[str]] = field(default_factory=dict)


def against_texts(stated: Columns, texts: Texts | None) -> Outcome:
    """Verify the passages of a graph against the `texts` that the same graph names, as far as they are at hand.

    Raises `DataError` where a text cannot be read.
    """
    outcome, standing = Outcome(), 0
    for source, iris in sorted(_listed(stated).items()):
        file = _first(stated, properties.FILE, source)
        if file is None:
            outcome.elsewhere[source] = iris
        else:
            path = texts.find(file) if texts else None
            outcome.texts[file] = stamp(path)
            if path is None:
                outcome.absent.append(source)
                continue
            text = passages.read(path)
            problems = list(passages.verify(text, _cited(iris, stated)))
            standing += len(iris) - len(problems)
            outcome.faults.extend(Fault(each.passage, each.rule, VIOLATION, each.message) for each in problems)
            if not problems:
                outcome.faults.extend(_changed(source, text, _first(stated, properties.SHA256, source), path.name))
    return replace(outcome, passages=standing)


def whole(outcome: Outcome, store: Store, texts: Texts | None) -> Outcome:
    """Return an outcome with the passages verified whose sources are described elsewhere in the store."""
    if not outcome.elsewhere:
        return outcome
    named = chain(outcome.elsewhere, *outcome.elsewhere.values())
    other = against_texts(claim_columns.gathered(store.described(sorted(named))), texts)
    absent = sorted({*outcome.absent, *other.absent, *other.elsewhere})
    return Outcome(
        outcome.passages + other.passages, outcome.faults + other.faults, absent, outcome.texts | other.texts
    )


def located(outcome: Outcome, graph: str, store: Store, places: Places, texts: Texts | None) -> Verified | None:
    """Return the `whole` outcome for a graph with the files and lines of what is wrong, and sources by short names.

    None where the graph has no passages.
    """
    outcome = whole(outcome, store, texts)
    if outcome == Outcome():
        return None
    findings = [places.finding(_graph_of(fault, graph, store), *fault) for fault in outcome.faults]
    absent = [places.short(source) for source in outcome.absent]
    return Verified(outcome.passages, sorted(findings), sorted(absent), outcome.texts)


def _graph_of(fault: Fault, graph: str, store: Store) -> str:
    """Return the graph where what is at fault is described: a source may stand in another one than its passages."""
    if fault.rule != _CHANGED:
        return graph
    described = store.quads(subject=fault.iri, predicate=properties.SHA256)
    return min((value(quad.graph_name) for quad in described), default=graph)


def _listed(stated: Columns) -> dict[str, list[str]]:
    """Return the passages of each source."""
    listed: dict[str, list[str]] = defaultdict(list)
    for passage, cell in stated[properties.HAS_SOURCE].items():
        for source in cell if isinstance(cell, tuple) else (cell,):
            if isinstance(source, str):
                listed[source].append(passage)
    return listed


def _first(stated: Columns, predicate: str, thing: str) -> str | None:
    """Return the value of a thing; where it has several, which the shapes report, the first in order."""
    cell = stated[predicate].get(thing)
    return min(map(str, cell)) if isinstance(cell, tuple) else None if cell is None else str(cell)


def _cited(iris: Sequence[str], stated: Columns) -> dict[str, passages.Cited]:
    """Return what is stated of some passages: a column at a time, for there are many."""
    whole = (_numbers(_firsts(stated, name, iris)) for name in (properties.START, properties.END, properties.PARAGRAPH))
    texts = (_firsts(stated, name, iris) for name in (properties.SHA256, properties.EXACT))
    return dict(zip(iris, map(passages.Cited, *whole, *texts), strict=True))


def _firsts(stated: Columns, predicate: str, things: Sequence[str]) -> list[str | None]:
    """Return what `_first` does, for many things."""
    cells = list(map(stated[predicate].get, things))
    if set(map(type, cells)) <= {str, NoneType}:
        return cells  # type: ignore[return-value]  # just shown
    return [_first(stated, predicate, thing) for thing in things]


def _numbers(texts: Sequence[str | None]) -> list[int | None]:
    try:
        return list(map(int, texts))  # type: ignore[arg-type]  # None is told by the error
    except (TypeError, ValueError):
        return [_whole(text) for text in texts]


def _whole(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


_CHANGED = "source-changed"


def _changed(source: str, text: str, digest: str | None, name: str) -> Iterator[Fault]:
    """Yield that a text is not the one that was read, where every passage stands all the same."""
    if digest is not None and digest != passages.digest(text):
        message = "is not the text that was read, though every passage stands; read it again, set coop:textSha256"
        yield Fault(source, _CHANGED, WARNING, f"{name} {message}")
