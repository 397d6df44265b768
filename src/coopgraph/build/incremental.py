"""A store made from its predecessor: only changed graph files are read, and what they bear on is checked anew."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, permutations, repeat, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from coopgraph.build import batches, counts, derive, shown, tallies
from coopgraph.build.tallies import Tallies
from coopgraph.check import rules, source_texts
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import NamedNode, Quad, Triple, value
from coopgraph.rdf.vocab import RDF
from coopgraph.store import fingerprints, local, written_forms
from coopgraph.store.name_index import TextIndex
from coopgraph.store.sheet_file import SheetFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from coopgraph.build.batches import Part, Pool
    from coopgraph.build.inputs import Inputs, PreviousStore
    from coopgraph.build.progress import Steps
    from coopgraph.check.source_texts import Outcome
    from coopgraph.claims.workspace import GraphFile
    from coopgraph.rdf.terms import Term
    from coopgraph.store.generations import Generation


@dataclass(frozen=True)
class Change:
    """The triples of a graph as they were and as they are."""

    graph: str
    before: set[Triple]
    after: set[Triple]

    @cached_property
    def gone(self) -> set[Triple]:
        """What the graph has lost."""
        return self.before - self.after

    @cached_property
    def come(self) -> set[Triple]:
        """What the graph has gained."""
        return self.after - self.before


class IncrementalBuild:
    """A store in the making from the former one: what is known of that is brought up to date."""

    def __init__(self, generation: Generation, given: Inputs, former: PreviousStore, pool: Pool, steps: Steps) -> None:
        self.known = former.known
        self.draft = generation.start(former.store)
        self._generation = generation
        self._former = former.store
        self._context = given.context
        self._texts = given.context.texts
        self._files = given.files
        self._changed = given.changed
        self._pool = pool
        self._steps = steps
        self._index = TextIndex.create(self._copied(local.TEXTS))
        self._sheets = SheetFile.create(self._copied(local.SHEETS))
        self._outcomes: dict[GraphFile, Outcome] = {}
        self._changes: list[Change] = []
        self._labels = 0
        self._written: set[Triple] = set()

    def read(self) -> None:
        """Read the changed files, check each by itself, and load them; leave out those that are gone.

        Raises `DataError` where one cannot be read.
        """
        self._steps.expect(len(self._changed) + 1)
        self.known.renewed = len(self._changed)
        parts = batches.batched(self._changed)
        nquads = [self._generation.path / f"{number}.nq" for number in range(len(parts))]
        readings = self._pool.over(self._changed).map(batches.read, parts, nquads)
        for files, path, part in zip(parts, nquads, readings, strict=True):
            self._load(part, path)
            self._outcomes |= {file: reading.outcome for file, reading in zip(files, part.readings, strict=True)}
        self._leave_out()
        stale = written_forms.records_of(self.draft, {change.graph for change in self._changes})
        self.draft.remove(vocab.WRITTEN, list(stale))
        self.draft.add(vocab.WRITTEN, self._written)
        for made in (self._index, self._sheets):
            made.commit()
        self._index.close()

    def _load(self, part: Part, nquads: Path) -> None:
        """Let the graphs of a part be what was read of them."""
        graphs: dict[str, set[Triple]] = {reading.graph: set() for reading in part.readings}
        graphs[vocab.WRITTEN] = self._written
        for quad in local.parsed(nquads.read_bytes()):
            graphs[value(quad.graph_name)].add(quad.triple)
        nquads.unlink()
        for reading in part.readings:
            self._replace(reading.graph, graphs[reading.graph])
            self._index.replace(reading.graph, reading.texts)
            self._sheets.replace(reading.graph, reading.sheets)
            self.known.alone[reading.name] = reading.findings
            self._steps(reading.name)

    def _copied(self, name: str) -> Path:
        return Path(shutil.copyfile(self._former.beside(name), self._generation.path / name))

    def _leave_out(self) -> None:
        """Leave out the graphs of files that are there no more."""
        kept = {*(file.graph for file in self._files), *vocab.MADE}
        for graph in (graph for graph in self._former.graphs() if graph not in kept):
            self._replace(graph, set())
            self._index.remove(graph)
            self._sheets.remove(graph)
        self.known.keep(file.name for file in self._files)

    def compare(self) -> None:
        """Note what the source texts say of the passages of changed files, and of others that may have become wrong."""
        others = [file for file in self._files if file not in self._outcomes and self._may_read_otherwise(file)]
        sheets = ([self._sheets.of(file.graph) for file in part] for part in batches.batched(others))
        again = chain.from_iterable(self._pool.over(others).map(batches.compare, sheets))
        for file, outcome in chain(self._outcomes.items(), zip(others, again, strict=True)):
            verified = source_texts.located(outcome, file.graph, self.draft, self._context.places(), self._texts)
            self.known.note_texts(file.name, verified)
        self._sheets.close()
        self.known.texts = fingerprints.key(self._texts.folder) if self._texts else self.known.texts

    def _may_read_otherwise(self, file: GraphFile) -> bool:
        """Say whether a graph sees what has changed, or the texts that it was verified against are others now."""
        verified = self.known.verified.get(file.name)
        if file.graph in self._touched:
            return True
        if self._texts is None or verified is None:
            return False
        if self.known.texts != fingerprints.key(self._texts.folder):
            return True
        return verified.texts != {name: self._texts.stamp(name) for name in verified.texts}

    def _replace(self, graph: str, after: set[Triple]) -> None:
        """Let a graph have other triples, and note what has changed."""
        change = Change(graph, {quad.triple for quad in self._former.quads(graph=graph)}, after)
        self._changes.append(change)
        self.known.graphs.pop(graph, None)
        if after:
            self.known.graphs[graph] = len(after)
        self.draft.remove(graph, change.gone)
        self.draft.add(graph, change.come)
        self._relabel(change)
        classes = self._context.entity_classes
        self.known.counts.subtract(counts.of_graph(change.before, classes))
        self.known.counts.update(counts.of_graph(change.after, classes))

    def _relabel(self, change: Change) -> None:
        """Let things in a graph that has changed be shown as they are called now."""
        before, after = set(shown.shown(change.before)), set(shown.shown(change.after))
        self.draft.remove(vocab.LABELS, before - after)
        self.draft.add(vocab.LABELS, after - before)
        self._labels += len(after) - len(before)

    @cached_property
    def _touched(self) -> set[str]:
        """Return the graphs that have changed, and those that see what has changed in them."""
        touched = {change.graph for change in self._changes}
        for triple in (each for change in self._changes for each in change.gone | change.come):
            predicate = triple.predicate.value
            if predicate in rules.SEEN and isinstance(triple.subject, NamedNode):
                touched |= self._seeing(triple.subject)
            if predicate in rules.SHARED:
                touched |= _graphs(self.draft.quads(predicate=predicate, target=triple.object))
            if any(predicate == by for _, by in rules.USED) and isinstance(triple.object, NamedNode):
                touched |= _graphs(self.draft.quads(subject=triple.object.value))
        return touched

    def _seeing(self, thing: NamedNode) -> set[str]:
        """Return the graphs that name a thing, describe it, or say of another what they say of it."""
        seeing = _graphs(self.draft.quads(target=thing))
        for quad in self.draft.quads(subject=thing.value):
            seeing.add(value(quad.graph_name))
            if quad.predicate.value in rules.SHARED:
                seeing |= _graphs(self.draft.quads(predicate=quad.predicate.value, target=quad.object))
        return seeing

    def check(self) -> None:
        """Check graphs that have changed, or see what has changed, beside the whole store."""
        again = [file for file in self._files if file.graph in self._touched]
        self._steps.expect(len(again))
        parts = batches.batched(again)
        nquads = ([self.draft.nquads(file.graph) for file in part] for part in parts)
        run = self._pool.over(again)
        whole = self.draft if run.alone else self._generation.snapshot()
        checked = run.map(batches.check_rules, nquads, repeat(whole), repeat(None))
        for part, findings in zip(parts, checked, strict=True):
            self.known.note_rules([file.name for file in part], findings)
            for file in part:
                self._steps(file.name)

    @property
    def changed_relations(self) -> Collection[str]:
        """The predicates of the claims that have changed."""
        subjects = {triple.subject for change in self._changes for triple in change.gone | change.come}
        named = [subject.value for subject in subjects if isinstance(subject, NamedNode)]
        return {
            value(quad.object)
            for store in (self._former, self.draft)
            for subject in named
            for quad in store.quads(subject=subject, predicate=RDF + "predicate")
        }

    def derive(self) -> None:
        """Bring what follows from the graphs up to date."""
        before, counted_before = self._given([(change.graph, change.before) for change in self._changes])
        after, counted_after = self._given([(change.graph, change.after) for change in self._changes])
        gone = before - after - self._still_given(before - after)
        come = {triple for triple in after - before if not self.draft.has(vocab.DIRECT, triple)}
        self.draft.remove(vocab.DIRECT, gone)
        self.draft.add(vocab.DIRECT, come)
        types = self._types()
        rules = self._context.inferred
        grown = derive.reinfer(self._former, self.draft, rules, gone | types.gone, come | types.come)
        tallied = tallies.renew(self.draft, counted_before, counted_after, self._counted)
        self.known.note_derived(len(come) - len(gone), grown, tallied, self._labels)
        self.known.note_written(written_forms.number(self.draft))
        self._steps("derived triples")

    def _given(self, graphs: Iterable[tuple[str, set[Triple]]]) -> tuple[set[Triple], Tallies]:
        nquads = [local.nquads(graph, triples) for graph, triples in graphs]
        if not nquads:
            return set(), Tallies()
        part = self._context.scratch_store(*nquads)
        return batches.derive_batch(self._context, part)

    def _types(self) -> Change:
        """Return the types that things have lost and gained in all."""
        before, after = (
            {each for triples in kind for each in triples if each.predicate.value == vocab.TYPE}
            for kind in ((change.gone for change in self._changes), (change.come for change in self._changes))
        )
        return Change("", {each for each in before if not derive.stands(self.draft, each)}, after)

    def _still_given(self, lost: set[Triple]) -> set[Triple]:
        """Return which direct triples, and others, the claims give that link the ends of lost ones."""
        if not lost:
            return set()
        return self._given_between((triple.subject, triple.object) for triple in lost)[0]

    def _counted(self, unknown: Iterable[list[Triple]]) -> Tallies:
        """Return tallies, and others, as the claims give them that link two things of which all is facts of each."""
        things = ([each.object for each in facts if isinstance(each.object, NamedNode)] for facts in unknown)
        return self._given_between(pair for each in things for pair in permutations(each, 2))[1]

    def _given_between(self, ends: Iterable[tuple[Term, Term]]) -> tuple[set[Triple], Tallies]:
        """Return what the claims give that link one thing to another, for many such."""
        claims = {claim for subject, target in ends for claim in self._linking(subject, target)}
        part = self._context.scratch_store()
        part.extend(quad for claim in claims for quad in self.draft.quads(subject=value(claim)))
        return batches.derive_batch(self._context, part)

    def _linking(self, subject: Term, target: Term) -> Iterator[Term]:
        """Yield the claims that link a subject to an object, of all claims of the rarer of these."""
        ends = ((NamedNode(RDF + "subject"), subject), (NamedNode(RDF + "object"), target))
        rarer = _rarer(*(self.draft.quads(predicate=predicate.value, target=end) for predicate, end in ends))
        for claim in (quad.subject for quad in rarer):
            if all(derive.stands(self.draft, Triple(claim, predicate, end)) for predicate, end in ends):
                yield claim


def _graphs(quads: Iterable[Quad]) -> set[str]:
    return {value(quad.graph_name) for quad in quads}


def _rarer(*patterns: Iterator[Quad]) -> list[Quad]:
    """Return the quads of the pattern that has the fewest, having read no more of the others."""
    read: list[list[Quad]] = [[] for _ in patterns]
    for row in zip_longest(*patterns):
        for quads, quad in zip(read, row, strict=True):
            if quad is None:
                return quads
            quads.append(quad)
    return read[0]
