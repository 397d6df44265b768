"""What can be told of a few graph files at a time: read, checked and counted, in worker processes where there are many.

A part of a workspace is some 40,000 triples. Parts are worked on in two steps: `read` looks at each file by itself;
`judge`, when all is loaded, at graphs beside what the rest of the store says of the things that they name.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from zlib import crc32

from coopgraph import files
from coopgraph.build import derive, shown, tallies, workers
from coopgraph.check import rules, shapes, source_texts
from coopgraph.check.findings import WARNING, Finding
from coopgraph.check.places import Places
from coopgraph.rdf import turtle, vocab
from coopgraph.rdf.terms import Triple, value
from coopgraph.store import claim_columns, local, name_index, written_forms
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from coopgraph.build.known import Known
    from coopgraph.build.tallies import Tallies
    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.claim_columns import Sheets
    from coopgraph.store.local import LocalStore

_BYTES = 1_500_000
"""Turtle in a part: more would cost memory, less time."""
_FILES = 500
_SEVERAL = 4 * _BYTES
"""From how much Turtle on other processes bring more than their start costs."""

Map: TypeAlias = Callable[..., Iterator[Any]]


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
def in_parallel(paths: Sequence[Path]) -> Iterator[Map]:
    """Give what maps a function over arguments, results in order: in several processes where there is much to do."""
    if sum(path.stat().st_size for path in paths if path.is_file()) < _SEVERAL:
        yield map
        return
    with workers.started(workers.cores()) as many:
        yield many


def read(workspace: Workspace, paths: Sequence[Path], out: Path, texts: Path | None) -> Part:
    """Read and check graph files by themselves, their passages against `texts`, and write all as N-Quads to `out`.

    Raises `DataError` where one cannot be read as Turtle, or a text not at all.
    """
    documents: list[shapes.Document] = []
    for path in paths:
        name = workspace.name_of(path)
        documents.append((path, list(turtle.triples(files.read(path, name), name))))
    readings = []
    with out.open("wb") as file:
        for number, (path, findings) in enumerate(shapes.files(documents, workspace, _rules(workspace))):
            reading = _reading(workspace, path, documents[number][1], findings, texts)
            file.write(written_forms.recorded(local.nquads(reading.graph, documents[number][1])))
            documents[number] = path, ()  # a large file's triples must not stand beside a store of them
            readings.append(reading)
    return Part(readings, *derive_batch(workspace, scratch_store(workspace, out)))


def _reading(
    workspace: Workspace, path: Path, triples: Sequence[Triple], findings: list[Finding], texts: Path | None
) -> Reading:
    columns = claim_columns.gathered(triples)
    return Reading(
        workspace.name_of(path),
        workspace.graph_iri(path),
        findings,
        counts(triples, entity_classes(workspace)),
        list(name_index.rows(triples)),
        local.nquads(vocab.LABELS, shown.shown(triples)),
        claim_columns.packed(columns),
        source_texts.against_texts(columns, texts),
        array("I", {checksum(value(triple.subject)) for triple in triples}),
    )


def checksum(iri: str) -> int:
    """Return the checksum of an IRI, the same in each process."""
    return crc32(iri.encode("utf-8", "surrogatepass"))


_rules = lru_cache(1)(shapes.rules)


@lru_cache(1)
def entity_classes(workspace: Workspace) -> frozenset[str]:
    """Return the IRIs of the classes of entities."""
    from coopgraph.store import extracts

    ontology = scratch_store(workspace, b"")
    return frozenset(extracts.entity_classes(ontology))


_COUNTED = {vocab.TYPE: "class", vocab.coop("status"): "status", vocab.RDF + "predicate": "relation"}


def counts(triples: Iterable[Triple], classes: frozenset[str]) -> Counter[str]:
    """Return how many triples, entities, things by class and claims by status and relation a graph has."""
    distinct = set(triples)
    found = Counter(
        f"{_COUNTED[t.predicate.value]} {value(t.object)}" for t in distinct if t.predicate.value in _COUNTED
    )
    found["triples"] = len(distinct)
    found["entities"] = len(
        {t.subject for t in distinct if t.predicate.value == vocab.TYPE and value(t.object) in classes}
    )
    return found


def scratch_store(workspace: Workspace, *nquads: bytes | Path) -> Draft:
    """Return a store in memory with the ontology and some graphs, given as N-Quads or files of these."""
    part = Draft.in_memory(workspace.prefixes)
    for path in workspace.ontology_files():
        part.load_turtle(path, vocab.ONTOLOGY_GRAPH)
    for each in nquads:
        part.load(each)
    return part


def forget() -> None:
    """Forget the rules and classes that other builds in this process have read."""
    for known in (_rules, entity_classes, _derive, _across, rules.types_of):
        known.cache_clear()


def derive_batch(workspace: Workspace, part: Draft) -> tuple[set[Triple], Tallies]:
    """Return the direct triples and the tallies of the graphs of a part."""
    rules = {graph: _derive(workspace, graph) for graph in ("direct", "tallies")}
    return derive.direct(part, rules["direct"]), tallies.counted(part, rules["tallies"])


_derive = lru_cache(2)(derive.rules)
_across = lru_cache(1)(rules.rules)


def check_rules(
    workspace: Workspace,
    nquads: Sequence[bytes | Path],
    whole: Path | LocalStore,
    twice: Container[int] | None,
) -> set[Finding]:
    """Return what is wrong with the graphs of some files beside a whole store, given open or as its database's folder.

    The graphs are given as N-Quads or files of these; `twice` has the checksums of what several files may describe, by
    default of all.
    """
    store = _opened(whole, workspace) if isinstance(whole, Path) else whole
    part = scratch_store(workspace, *nquads)
    part.remove(vocab.WRITTEN, [quad.triple for quad in part.quads(graph=vocab.WRITTEN)])
    graphs = set(part.graphs()) - {vocab.ONTOLOGY_GRAPH}
    rules.surround(part, store, lambda iri: twice is None or checksum(iri) in twice)
    chosen = [rule for rule in _across(workspace) if rule.of_graph]
    return rules.broken(part, store, chosen, Places(workspace), graphs)


@lru_cache(1)
def _opened(folder: Path, workspace: Workspace) -> LocalStore:
    return local.read_only(folder, workspace.prefixes, {})


def compare(given: Sequence[Sheets], texts: Path | None) -> list[source_texts.Outcome]:
    """Verify the passages of graphs, given their sheets, against the source texts in a folder."""
    return [source_texts.against_texts(claim_columns.positions(each), texts) for each in given]


def check_relations(workspace: Workspace, draft: Draft, known: Known, changed: Container[str] | None) -> None:
    """Run the rules on claims with some predicates, unless no claim has changed that has one of these."""
    for rule in _across(workspace):
        if rule.relations and (changed is None or any(each in changed for each in rule.relations)):
            claims = rules.related(draft, scratch_store(workspace), rule.relations)
            known.across[rule.name] = sorted(rules.broken(claims, draft, [rule], Places(workspace), None))


def have_overall_rules(workspace: Workspace) -> bool:
    """Say whether a workspace has rules that look at a whole store."""
    return any(not rule.of_graph and not rule.relations for rule in _across(workspace))


def check_whole_store(workspace: Workspace, draft: Draft, known: Known) -> None:
    """Run the rules that look at a whole store, what is derived included."""
    for rule in _across(workspace):
        if not rule.of_graph and not rule.relations:
            known.across[rule.name] = sorted(rules.broken(draft, draft, [rule], Places(workspace), None))


_PASSED_OVER = "passed-over"


def warn_of_others(workspace: Workspace, known: Known) -> None:
    """Note which files below `graphs/` hold RDF that is not read."""
    message = "is RDF in a form that is not read here; save it as Turtle (.ttl) or N-Triples (.nt), or move it away"
    names = [workspace.name_of(path) for path in workspace.passed_over()]
    known.across[_PASSED_OVER] = [Finding(name, 0, "this file", _PASSED_OVER, WARNING, message) for name in names]
