"""What can be told of a few graph files at a time: read, checked and counted, in worker processes where there are many.

A part of a workspace is some 40,000 triples. Parts are worked on in two steps: `read` looks at each file by itself;
`check_rules`, when all is loaded, at graphs beside what the rest of the store says of the things that they name.
"""

from __future__ import annotations

from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from zlib import crc32

from coopgraph import files
from coopgraph.build import counts, derive, shown, tallies, workers
from coopgraph.check import rules, shapes, source_texts
from coopgraph.rdf import turtle, vocab
from coopgraph.rdf.terms import Triple, value
from coopgraph.store import claim_columns, local, name_index, written_forms

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from coopgraph.build.context import BuildContext
    from coopgraph.build.tallies import Tallies
    from coopgraph.check.findings import Finding
    from coopgraph.claims.workspace import GraphFile
    from coopgraph.store.claim_columns import Sheets
    from coopgraph.store.local import Draft, LocalStore

_BYTES = 1_500_000
"""Turtle in a part: more would cost memory, less time."""
_FILES = 500
_SEVERAL = 4 * _BYTES
"""From how much Turtle on other processes bring more than their start costs."""


class Run(NamedTuple):
    """What runs a function over arguments; where it is `alone`, in this process, which has the whole store open."""

    map: Callable[..., Iterator[Any]]
    alone: bool


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


def batched(files: Iterable[GraphFile]) -> list[list[GraphFile]]:
    """Return graph files in parts, in order."""
    parts: list[list[GraphFile]] = []
    size = 0
    for file in files:
        length = _size(file)
        if not parts or size + length > _BYTES or len(parts[-1]) >= _FILES:
            parts.append([])
            size = 0
        parts[-1].append(file)
        size += length
    return parts


def _size(file: GraphFile) -> int:
    return file.path.stat().st_size if file.path.is_file() else 0


class Pool:
    """Runs steps over graph files: in worker processes from the first on that has much to do, until it is closed."""

    def __init__(self, context: BuildContext) -> None:
        self._context = context
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def over(self, files: Iterable[GraphFile]) -> Run:
        """Return what runs a function over arguments that tell of these files, results in order.

        The function is given the context first.
        """
        if sum(map(_size, files)) < _SEVERAL:
            return Run(lambda function, *arguments: map(partial(function, self._context), *arguments), alone=True)
        return Run(self._workers, alone=False)

    @cached_property
    def _workers(self) -> Callable[..., Iterator[Any]]:
        return self._opened.enter_context(workers.started(workers.cores(), self._context))


def read(context: BuildContext, graph_files: Sequence[GraphFile], out: Path) -> Part:
    """Read and check graph files by themselves, their passages against the texts, and write all as N-Quads to `out`.

    Raises `DataError` where one cannot be read as Turtle, or a text not at all.
    """
    documents: list[shapes.Document] = []
    for path, name, _ in graph_files:
        documents.append((path, list(turtle.triples(files.read(path, name), name))))
    readings = []
    with out.open("wb") as quads:
        for number, (_, findings) in enumerate(shapes.files(documents, context.places(), context.shapes)):
            file, (path, triples) = graph_files[number], documents[number]
            readings.append(_reading(context, file, triples, findings))
            quads.write(written_forms.recorded(local.nquads(file.graph, triples)))
            documents[number] = path, ()  # a large file's triples must not stand beside a store of them
    return Part(readings, *derive_batch(context, context.scratch_store(out)))


def _reading(context: BuildContext, file: GraphFile, triples: Sequence[Triple], findings: list[Finding]) -> Reading:
    columns = claim_columns.gathered(triples)
    return Reading(
        file.name,
        file.graph,
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
