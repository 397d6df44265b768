"""A store made from all files: read and checked in parallel, loaded in bulk, checked, and all that follows derived."""

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
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from coopgraph.build.batches import Part, Pool
    from coopgraph.build.inputs import Inputs
    from coopgraph.build.progress import Steps
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

    changed_relations: Collection[str] | None = None
    """The predicates of the claims that have changed: None, for all are new."""

    def __init__(self, generation: Generation, given: Inputs, pool: Pool, steps: Steps) -> None:
        self.known = Known(texts=fingerprints.key(given.context.texts.folder) if given.context.texts else None)
        self.draft = generation.start()
        self._generation = generation
        self._context = given.context
        self._files = given.files
        self._parts = batches.batched(given.files)
        self._nquads = [generation.path / f"{number}.nq" for number in range(len(self._parts))]
        self._pool = pool
        self._steps = steps
        self._outcomes: list[tuple[str, str, Outcome]] = []
        self._subjects: list[array[int]] = []
        self._direct: set[Triple] = set()
        self._tallies = Tallies()
        self._labels = 0
        self._derived = False

    def read(self) -> None:
        """Read all files, check each by itself, and load them. Raises `DataError` where one cannot be read."""
        self._steps.expect(2 * len(self._files) + 1)
        self.known.renewed = len(self._files)
        self._load(self._pool.over(self._files).map(batches.read, self._parts, self._nquads))
        self.draft.load(written_forms.recorded(local.nquads(vocab.ONTOLOGY_GRAPH, self._context.ontology)))
        self.known.graphs[vocab.ONTOLOGY_GRAPH] = len(set(self._context.ontology))
        self._label_ontology()

    def _load(self, read: Iterable[Part]) -> None:
        """Load what has been read of each part, and note what is known of its files and what they give."""
        waiting = bytearray()
        index = TextIndex.create(self._generation.path / local.TEXTS)
        kept = SheetFile.create(self._generation.path / local.SHEETS)
        for path, part in zip(self._nquads, read, strict=True):
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
                self.known.alone[reading.name] = reading.findings
                self.known.counts += reading.counts
                self.known.graphs[reading.graph] = reading.counts["triples"]
                index.replace(reading.graph, reading.texts)
                kept.replace(reading.graph, reading.sheets)
                self._outcomes.append((reading.name, reading.graph, reading.outcome))
                self._subjects.append(reading.subjects)
                self._steps(reading.name)
        self.draft.load(bytes(waiting))
        index.replace(vocab.ONTOLOGY_GRAPH, name_index.rows(self._context.ontology))
        index.commit()
        kept.commit()
        index.close()
        kept.close()

    def _label_ontology(self) -> None:
        labels = [*shown.shown(self._context.ontology), *shown.defined(self._context.ontology)]
        self.draft.add_many(vocab.LABELS, labels)
        self._labels += len(labels)

    def compare(self) -> None:
        """Note what the source texts say of passages, now that all sources are there."""
        for name, graph, outcome in self._outcomes:
            self.known.note_texts(
                name, source_texts.located(outcome, graph, self.draft, self._context.places(), self._context.texts)
            )

    def check(self) -> None:
        """Check all graphs beside the whole store; what follows is derived meanwhile, unless there may be no store."""
        run = self._pool.over(self._files)
        whole = self.draft if run.alone else self._generation.snapshot()
        checked: Iterable[set[Finding]] = run.map(
            batches.check_rules, ([path] for path in self._nquads), repeat(whole), repeat(self._twice())
        )
        if not run.alone and not any(finding.severity == VIOLATION for finding in self.known.findings()):
            self.derive()
        for part, path, findings in zip(self._parts, self._nquads, checked, strict=True):
            self.known.note_rules([file.name for file in part], findings)
            path.unlink()
            for file in part:
                self._steps(file.name)

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
        inferred = derive.infer(self.draft, self._context.scratch_store(), self._context.inferred)
        tallies = list(self._tallies.triples())
        self.draft.add_many(vocab.TALLIES, tallies)
        self.known.note_derived(len(self._direct), len(inferred), len(tallies), self._labels)
        self.known.note_written(written_forms.number(self.draft))
        if sum(self.known.graphs.values()) >= _LARGE:
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
