"""What can be told of a few graph files at a time: read, checked and counted, in worker processes where there are many.

A part of a workspace is some 40,000 triples. Parts are worked on in two steps: `read` looks at each file by itself;
`judge`, when all is loaded, at graphs beside what the rest of the store says of the things that they name.
"""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from zlib import crc32

from coopgraph import files
from coopgraph.build import counts, derive, shown, tallies, workers
from coopgraph.check import rules, shapes, source_texts
from coopgraph.check.findings import WARNING, Finding
from coopgraph.rdf import turtle, vocab
from coopgraph.rdf.terms import Triple, value
from coopgraph.store import claim_columns, local, name_index, written_forms

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from coopgraph.build.context import BuildContext
    from coopgraph.build.known import Known
    from coopgraph.build.tallies import Tallies
    from coopgraph.store.claim_columns import Sheets
    from coopgraph.store.local import Draft, LocalStore

_BYTES = 1_500_000
"""Turtle in a part: more would cost memory, less time."""
_FILES = 500
_SEVERAL = 4 * _BYTES
"""From how much Turtle on other processes bring more than their start costs."""


class Run(NamedTuple):
    """What runs a function over arguments; where it is `alone`, in this process, which has the whole store open."""

    over: Callable[..., Iterator[Any]]
    alone: bool


class Steps(Protocol):
    """Is called with the name of each file that is read, and again when it is judged, and once when all is derived."""

    def __call__(self, name: str) -> None:
        """Count a step that is done."""

    def expect(self, number: int) -> None:
        """Add steps to come to the total."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A graph file: what is wrong with it by itself, what it holds of each kind, and the texts of things in it.

    `labels` are, as N-Quads, the texts that things in it are shown as (see `shown`).
    `outcome` is what its passages are beside the source texts.
    `subjects` are checksums of the IRIs that it describes: two files with one in common may describe the same thing.
    """

    name: str
    graph: str
    findings: list[Finding]
    counts: Counter[str]
    texts: list[name_index.Row]
    labels: bytes
    sheets: Sheets
    outcome: source_texts.Outcome
    subjects: array[int]


@dataclass(frozen=True, slots=True)
class Part:
    """Graph files that were read together, and the direct triples and tallies that they give."""

    readings: list[Reading]
    direct: set[Triple]
    tallies: Tallies


def batched(paths: Iterable[Path]) -> list[list[Path]]:
    """Return paths in parts, in order."""
    parts: list[list[Path]] = []
    size = 0
    for path in paths:
        length = path.stat().st_size if path.is_file() else 0
        if not parts or size + length > _BYTES or len(parts[-1]) >= _FILES:
            parts.append([])
            size = 0
        parts[-1].append(path)
        size += length
    return parts


@contextmanager
def in_parallel(context: BuildContext, paths: Sequence[Path]) -> Iterator[Run]:
    """Give what runs a function over arguments, results in order: in several processes where there is much to do.

    The function is given the context first.
    """
    if sum(path.stat().st_size for path in paths if path.is_file()) < _SEVERAL:
        yield Run(lambda function, *arguments: map(partial(function, context), *arguments), alone=True)
        return
    with workers.started(workers.cores(), context) as run:
        yield Run(run, alone=False)


def read(context: BuildContext, paths: Sequence[Path], out: Path) -> Part:
    """Read and check graph files by themselves, their passages against the texts, and write all as N-Quads to `out`.

    Raises `DataError` where one cannot be read as Turtle, or a text not at all.
    """
    documents: list[shapes.Document] = []
    for path in paths:
        name = context.workspace.name_of(path)
        documents.append((path, list(turtle.triples(files.read(path, name), name))))
    readings = []
    with out.open("wb") as file:
        for number, (path, findings) in enumerate(shapes.files(documents, context.places(), context.shapes)):
            reading = _reading(context, path, documents[number][1], findings)
            file.write(written_forms.recorded(local.nquads(reading.graph, documents[number][1])))
            documents[number] = path, ()  # a large file's triples must not stand beside a store of them
            readings.append(reading)
    return Part(readings, *derive_batch(context, context.scratch_store(out)))


def _reading(context: BuildContext, path: Path, triples: Sequence[Triple], findings: list[Finding]) -> Reading:
    columns = claim_columns.gathered(triples)
    return Reading(
        context.workspace.name_of(path),
        context.workspace.graph_iri(path),
        findings,
        counts.of_graph(triples, context.entity_classes),
        list(name_index.rows(triples)),
        local.nquads(vocab.LABELS, shown.shown(triples)),
        claim_columns.packed(columns),
        source_texts.against_texts(columns, context.texts),
        array("I", {checksum(value(triple.subject)) for triple in triples}),
    )


def checksum(iri: str) -> int:
    """Return the checksum of an IRI, the same in each process."""
    return crc32(iri.encode("utf-8", "surrogatepass"))


def derive_batch(context: BuildContext, store: Draft) -> tuple[set[Triple], Tallies]:
    """Return the direct triples and the tallies of the graphs of a batch."""
    return derive.direct(store, context.direct), tallies.counted(store, context.tallies)


def check_rules(
    context: BuildContext,
    nquads: Sequence[bytes | Path],
    whole: Path | LocalStore,
    twice: Container[int] | None,
    *,
    advice: bool = True,
) -> set[Finding]:
    """Return what is wrong with the graphs of some files beside a whole store, given open or as its database's folder.

    The graphs are given as N-Quads or files of these; `twice` has the checksums of what several files may describe, by
    default of all. Without `advice` only the rules are run that forbid a store.
    """
    store = context.snapshot(whole) if isinstance(whole, Path) else whole
    batch = context.scratch_store(*nquads)
    batch.remove(vocab.WRITTEN, [quad.triple for quad in batch.quads(graph=vocab.WRITTEN)])
    graphs = set(batch.graphs()) - {vocab.ONTOLOGY_GRAPH}
    rules.surround(batch, store, lambda iri: twice is None or checksum(iri) in twice, context.types)
    chosen = [each for each in context.checks if rules.looks_at_graphs(each) and (advice or rules.must_hold(each))]
    return rules.run(batch, store, chosen, context.places(), graphs)


def compare(context: BuildContext, sheets: Sequence[Sheets]) -> list[source_texts.Outcome]:
    """Verify the passages of graphs, given their sheets, against the source texts."""
    return [source_texts.against_texts(claim_columns.positions(each), context.texts) for each in sheets]


def check_relations(context: BuildContext, draft: Draft, state: Known, changed: Container[str] | None) -> None:
    """Run the rules on claims with some predicates, unless no claim has changed that has one of these."""
    for rule in context.checks:
        if rule.relations and (changed is None or any(each in changed for each in rule.relations)):
            claims = rules.related(draft, context.scratch_store(), rule.relations)
            state.across[rule.name] = sorted(rules.run(claims, draft, [rule], context.places(), None))


def have_overall_rules(context: BuildContext) -> bool:
    """Say whether a workspace has rules that look at a whole store."""
    return any(map(rules.looks_at_store, context.checks))


def check_whole_store(context: BuildContext, draft: Draft, state: Known) -> None:
    """Run the rules that look at a whole store, what is derived included."""
    for rule in context.checks:
        if rules.looks_at_store(rule):
            state.across[rule.name] = sorted(rules.run(draft, draft, [rule], context.places(), None))


_PASSED_OVER = "passed-over"


def warn_of_others(context: BuildContext, state: Known) -> None:
    """Note which files below `graphs/` hold RDF that is not read."""
    message = "is RDF in a form that is not read here; save it as Turtle (.ttl) or N-Triples (.nt), or move it away"
    names = [context.workspace.name_of(path) for path in context.workspace.passed_over()]
    state.across[_PASSED_OVER] = [Finding(name, 0, "this file", _PASSED_OVER, WARNING, message) for name in names]
