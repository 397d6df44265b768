"""The passages of graphs against the texts of their sources, as far as these are at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph import passages
from coopgraph.errors import DataError
from coopgraph.findings import VIOLATION, WARNING, Finding, Places
from coopgraph.terms import NamedNode, Quad, Triple, curie, value
from coopgraph.vocab import STANDARD, coop

if TYPE_CHECKING:
    from coopgraph.store import Store
    from coopgraph.workspace import Workspace

_SOURCE, _EXACT = STANDARD["oa"] + "hasSource", STANDARD["oa"] + "exact"
_START, _END = STANDARD["oa"] + "start", STANDARD["oa"] + "end"
_FILE, _SHA256, _PARAGRAPH = coop("textFile"), coop("textSha256"), coop("paragraph")
_READ = (_SOURCE, _FILE, _SHA256, _START, _END, _PARAGRAPH, _EXACT)

Statements: TypeAlias = Iterable[Triple | Quad]
_Stated: TypeAlias = Mapping[str, Mapping[str, str]]
"""Predicate -> subject -> object, as texts."""


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

    `texts` has the names of the text files that were looked for, with size and time of change (ns) of those that were
    there: as long as these stay, so does the outcome. `elsewhere` has, by source, the passages of sources whose text
    the statements do not name.
    """

    passages: int = 0
    faults: list[Fault] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    texts: dict[str, list[int]] = field(default_factory=dict)
    elsewhere: dict[str, list[str]] = field(default_factory=dict)


def against_texts(
    store: Store, workspace: Workspace, folder: Path | None, graphs: Collection[str] | None = None
) -> Verified:
    """Verify each passage's position and checksum against the source texts in `folder`, as far as they are there.

    `graphs` are the IRIs of the graphs whose passages are meant, by default all. Raises `DataError` where there is no
    such folder or a text cannot be read.
    """
    each = by_graph(store, workspace, folder, graphs).values()
    return Verified(
        sum(verified.passages for verified in each),
        sorted({finding for verified in each for finding in verified.findings}),
        sorted({name for verified in each for name in verified.absent}),
    )


def by_graph(
    store: Store, workspace: Workspace, folder: Path | None, graphs: Collection[str] | None = None
) -> dict[str, Verified]:
    """Return what `against_texts` does, for each graph that has passages."""
    if folder is not None and not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder of source texts; name the folder with --sources")
    found: dict[str, Verified] = {}
    for graph in store.graphs() if graphs is None else sorted(graphs):
        stated = (store.quads(predicate=predicate, graph=graph) for predicate in _read(folder))
        outcome = whole(source_against_text(chain.from_iterable(stated), folder), store, folder)
        if outcome != Outcome():
            found[graph] = located(outcome, graph, store, workspace)
    return found


def source_against_text(statements: Statements, folder: Path | None) -> Outcome:
    """Verify the passages that statements describe against the texts in `folder` that the same statements name.

    Raises `DataError` where a text cannot be read.
    """
    stated, listed = _gathered(statements, _read(folder))
    outcome, standing = Outcome(), 0
    for source, iris in sorted(listed.items()):
        file = stated[_FILE].get(source)
        if folder is None:
            outcome.absent.append(source)
        elif file is None:
            outcome.elsewhere[source] = iris
        else:
            path = folder / Path(file).name
            outcome.texts[path.name] = _stamp(path)
            if not outcome.texts[path.name]:
                outcome.absent.append(source)
                continue
            text = passages.read(path)
            problems = list(passages.verify(text, {iri: _cited(iri, stated) for iri in iris}))
            standing += len(iris) - len(problems)
            outcome.faults.extend(Fault(each.passage, each.rule, VIOLATION, each.message) for each in problems)
            if not problems:
                outcome.faults.extend(_changed(source, text, stated[_SHA256].get(source), path.name))
    return replace(outcome, passages=standing)


def stamps(folder: Path, names: Iterable[str]) -> dict[str, list[int]]:
    """Return the `Outcome.texts` of files in a folder as they are now."""
    return {name: _stamp(folder / name) for name in names}


def _stamp(path: Path) -> list[int]:
    """Return size and time of change of a file, nothing where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # ValueError: a name with a zero byte
        return []
    return [status.st_size, status.st_mtime_ns] if S_ISREG(status.st_mode) else []


def whole(outcome: Outcome, store: Store, folder: Path | None) -> Outcome:
    """Return an outcome with the passages verified whose sources are described elsewhere in the store."""
    if not outcome.elsewhere:
        return outcome
    named = chain(outcome.elsewhere, *outcome.elsewhere.values())
    other = source_against_text(store.described(sorted(named)), folder)
    absent = sorted({*outcome.absent, *other.absent, *other.elsewhere})
    return Outcome(
        outcome.passages + other.passages, outcome.faults + other.faults, absent, outcome.texts | other.texts
    )


def located(outcome: Outcome, graph: str, store: Store, workspace: Workspace) -> Verified:
    """Return the outcome for a graph with the files and lines of what is wrong, and sources by their short names."""
    places = Places(workspace)
    findings = [places.finding(_graph_of(fault, graph, store), *fault) for fault in outcome.faults]
    absent = [curie(source, workspace.prefixes) or source for source in outcome.absent]
    return Verified(outcome.passages, sorted(findings), sorted(absent), outcome.texts)


def _graph_of(fault: Fault, graph: str, store: Store) -> str:
    """Return the graph where what is at fault is described: a source may stand in another one than its passages."""
    if fault.rule != _CHANGED:
        return graph
    return min((value(quad.graph_name) for quad in store.quads(subject=fault.iri, predicate=_SHA256)), default=graph)


def _read(folder: Path | None) -> tuple[str, ...]:
    """Return the predicates that are read: without texts only what tells which sources there are."""
    return _READ if folder else (_SOURCE,)


def _gathered(statements: Statements, predicates: Iterable[str]) -> tuple[_Stated, dict[str, list[str]]]:
    """Return what statements say with some predicates, and the passages of each source.

    Where a thing that ought to have one value has several, which the shapes report, the first in order is taken.
    """
    stated: dict[str, dict[str, str]] = {predicate: {} for predicate in _READ}
    by_predicate = {NamedNode(predicate): stated[predicate] for predicate in predicates}
    listed: dict[str, list[str]] = defaultdict(list)
    is_source, wanted = stated[_SOURCE], by_predicate.get
    for statement in statements:
        found = wanted(statement.predicate)
        if found is None:
            continue
        subject, text = statement.subject.value, statement.object.value  # type: ignore[union-attr]  # no triple terms
        if found is is_source:
            listed[text].append(subject)
        elif found.setdefault(subject, text) > text:
            found[subject] = text
    return stated, listed


def _cited(iri: str, stated: _Stated) -> passages.Cited:
    start, end, paragraph = (_whole(stated[name].get(iri)) for name in (_START, _END, _PARAGRAPH))
    return passages.Cited(start, end, paragraph, stated[_SHA256].get(iri), stated[_EXACT].get(iri))


def _whole(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


_CHANGED = "source-changed"


def _changed(source: str, text: str, digest: str | None, name: str) -> Iterator[Fault]:
    """Yield that a text is not the one that was read, where every passage stands all the same."""
    if digest is not None and digest != passages.digest(text):
        told = "is not the text that was read, though every passage stands; read it again, set coop:textSha256"
        yield Fault(source, _CHANGED, WARNING, f"{name} {told}")
