"""A store made from all files: read and checked in parallel, loaded in bulk, judged, and all that follows derived."""

from __future__ import annotations

from collections import Counter
from itertools import chain, repeat
from mmap import ACCESS_READ, mmap
from typing import TYPE_CHECKING

from coopgraph.build import batches, derive, shown
from coopgraph.build.known import Known
from coopgraph.build.tallies import Tallies
from coopgraph.check import source_texts
from coopgraph.check.findings import VIOLATION
from coopgraph.rdf import vocab
from coopgraph.store import fingerprints, local, name_index, written_forms
from coopgraph.store.name_index import TextIndex
from coopgraph.store.sheet_file import SheetFile

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from coopgraph.build.batches import Part
    from coopgraph.build.context import BuildContext
    from coopgraph.check.findings import Finding
    from coopgraph.check.source_texts import Outcome
    from coopgraph.rdf.terms import Triple
    from coopgraph.store.generations import Generation


_LOADED = 50_000_000
"""Bytes of N-Quads that are loaded at a time: some 250,000, which keeps memory low and the database in few files."""
_FEW = 100_000
"""Subjects that Python itself counts."""
_LARGE = 50_000
"""Triples from which on it pays to write the database anew for reading."""


class FullBuild:
    """A store in the making from all graph files."""

    def __init__(self, generation: Generation, context: BuildContext, steps: batches.Steps) -> None:
        self.state = Known(texts=fingerprints.key(context.texts.folder) if context.texts else None)
        self._generation, self.context, self._workspace, self._steps = generation, context, context.workspace, steps
        self.draft = generation.start()
        self._outcomes: list[tuple[str, str, Outcome]] = []
        self._subjects: list[array[int]] = []
        self._direct: set[Triple] = set()
        self._tallies = Tallies()
        self._labels = 0
        self._derived = False

    def fill(self, paths: Sequence[Path]) -> None:
        """Read, check and load all files. Raises `DataError` where one cannot be read."""
        self._steps.expect(2 * len(paths) + 1)
        self.state.renewed = len(paths)
        parts = batches.batched(paths)
        with batches.in_parallel(self.context, paths) as run:
            nquads = [self._generation.path / f"{number}.nq" for number in range(len(parts))]
            self._load(nquads, run.over(batches.read, parts, nquads))
            self.draft.load(written_forms.recorded(local.nquads(vocab.ONTOLOGY_GRAPH, self.context.ontology)))
            self.state.graphs[vocab.ONTOLOGY_GRAPH] = len(set(self.context.ontology))
            self._label_ontology()
            self._compare()
            self._judge(run, parts, nquads)
        batches.check_relations(self.context, self.draft, self.state, None)

    def _load(self, nquads: Sequence[Path], read: Iterable[Part]) -> None:
        """Load what has been read of each part, and note what is known of its files and what they give."""
        waiting = bytearray()
        index = TextIndex.create(self._generation.path / local.TEXTS)
        kept = SheetFile.create(self._generation.path / local.SHEETS)
        for path, part in zip(nquads, read, strict=True):
            for piece in _pieces(path):
                waiting += piece
                if len(waiting) > _LOADED:
                    self.draft.load(bytes(waiting))
                    waiting.clear()
            self._direct |= part.direct
            self._tallies.add(part.tallies)
            for reading in part.readings:
                waiting += reading.labels
                self._labels += reading.labels.count(b"\n")
                self.state.alone[reading.name] = reading.findings
                self.state.counts += reading.counts
                self.state.graphs[reading.graph] = reading.counts["triples"]
                index.replace(reading.graph, reading.texts)
                kept.replace(reading.graph, reading.sheets)
                self._outcomes.append((reading.name, reading.graph, reading.outcome))
                self._subjects.append(reading.subjects)
                self._steps(reading.name)
        self.draft.load(bytes(waiting))
        index.replace(vocab.ONTOLOGY_GRAPH, name_index.rows(self.context.ontology))
        index.commit()
        kept.commit()
        index.close()
        kept.close()

    def _label_ontology(self) -> None:
        labels = [*shown.shown(self.context.ontology), *shown.defined(self.context.ontology)]
        self.draft.add_many(vocab.LABELS, labels)
        self._labels += len(labels)

    def _compare(self) -> None:
        """Note what the source texts say of passages, now that all sources are there."""
        for name, graph, outcome in self._outcomes:
            self.state.compared(
                name, source_texts.located(outcome, graph, self.draft, self.context.places(), self.context.texts)
            )

    def _judge(self, run: batches.Run, parts: Sequence[Sequence[Path]], nquads: Sequence[Path]) -> None:
        """Judge all graphs beside the whole store; what follows is derived meanwhile, unless there may be no store."""
        whole = self.draft if run.alone else self._generation.snapshot()
        judged: Iterable[set[Finding]] = run.over(
            batches.check_rules, ([path] for path in nquads), repeat(whole), repeat(self._twice())
        )
        if not run.alone and not any(finding.severity == VIOLATION for finding in self.state.findings()):
            self.derive()
        for part, path, findings in zip(parts, nquads, judged, strict=True):
            names = [self._workspace.name_of(each) for each in part]
            self.state.judged(names, findings)
            path.unlink()
            for name in names:
                self._steps(name)

    def _twice(self) -> frozenset[int]:
        """Return the checksums of what several files may describe."""
        if sum(map(len, self._subjects)) < _FEW:
            return frozenset(each for each, number in Counter(chain(*self._subjects)).items() if number > 1)
        import numpy as np  # to import it takes a third of a small build, to do without it memory in a large one

        checksums, counts = np.unique(np.concatenate([np.empty(0, np.uint32), *self._subjects]), return_counts=True)
        return frozenset(checksums[counts > 1].tolist())

    def derive(self) -> None:
        """Put into the store what follows from it, if it is not there yet."""
        if self._derived:
            return
        self._derived = True
        self.draft.add_many(vocab.DIRECT, self._direct)
        inferred = derive.infer(self.draft, self.context.scratch_store(), self.context.inferred)
        tallies = list(self._tallies.triples())
        self.draft.add_many(vocab.TALLIES, tallies)
        self.state.derive(len(self._direct), len(inferred), len(tallies), self._labels)
        self.state.record(written_forms.number(self.draft))
        if sum(self.state.graphs.values()) >= _LARGE:
            self.draft.optimize()
        self._steps("derived triples")


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces of whole lines, one with blank nodes whole: each load gives these other names."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file:
        with mmap(file.fileno(), 0, access=ACCESS_READ) as text:
            if text.find(b"_:") >= 0:
                yield text[:]
                return
        while piece := b"".join(file.readlines(_LOADED // 4)):
            yield piece
