"""The whole graph as packed files: RDF graph by graph, claims as a table, and the content of the store for browsers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from io import StringIO
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.export import claim_formats, graph_parts
from coopgraph.export.counts import Counted
from coopgraph.export.description import description
from coopgraph.export.sorted_rdf import prefixes
from coopgraph.export.turtle_writer import Turtle
from coopgraph.rdf.vocab import PRECOMPUTED
from coopgraph.site.checksums import digest
from coopgraph.site.runs import Run, Runs, run
from coopgraph.store import written_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgraph.claims.model import Claim, Extract
    from coopgraph.export.sorted_rdf import Statements
    from coopgraph.rdf.terms import Quad
    from coopgraph.site.whole import Whole
    from coopgraph.store.interface import Store

STORE = "-/store.nq.gz"
"""The content of the store as a browser loads it: all graphs, those that questions read too."""
_RDF = {"download/graph.trig.gz": attrgetter("trig"), "download/graph.ttl.gz": attrgetter("turtle")}
"""Path -> how the graphs stand there."""
_CLAIMS = "download/claims.csv.gz"


class Noted(NamedTuple):
    """What has to be known of graphs that are written already: prefixes in use there, and what is counted."""

    prefixes: frozenset[str]
    counted: Counted


class Downloads:
    """The packed files of a graph that has been read.

    Runs of a former publication that say the same are taken over; `noted` is what is known of its RDF, by their keys,
    and `print_of` tells claims of which the table says something else.
    """

    def __init__(
        self,
        store: Store,
        extract: Extract,
        read: Whole,
        runs: Runs | None = None,
        noted: Mapping[str, Noted] | None = None,
        print_of: Callable[[Sequence[Claim]], str] = lambda _: "",
    ) -> None:
        self.runs = runs or Runs()
        self.noted: dict[str, Noted] = {}
        self._store, self._extract, self._whole = store, extract, read
        self._former, self._print_of = noted or {}, print_of
        self._prefixes, self._forms = prefixes(store), written_forms.of(store)

    def file(self, path: str) -> bytes:
        """Return what stands at the path of one of the files."""
        if path in _RDF:
            return self.runs.file(path, self._rdf(path))
        return self.runs.file(path, self._quads() if path == STORE else self._claims())

    @property
    def description(self) -> Sequence[Quad]:
        """What VoID and DCAT say of the graph."""
        return self._described[1]

    def _quads(self) -> Iterator[Run]:
        for graph, checksum in self._whole.digests.items():
            yield self.runs.known(STORE, checksum) or run(checksum, self._whole.graph(graph))

    def _claims(self) -> Iterator[Run]:
        """Yield the table; where a run of it ends is told by the names of claims, so that one claim changes one run."""
        first = True
        some: list[Claim] = []
        for claim in self._extract.claims:
            some.append(claim)
            if blake2b(claim.iri.encode(), digest_size=1).digest() == b"\0":
                yield self._rows(some, first=first)
                first, some = False, []
        yield self._rows(some, first=first)

    def _rows(self, claims: Sequence[Claim], *, first: bool) -> Run:
        """Return rows of the table, the first ones with what stands above them."""
        told = self._print_of(claims)
        key = f"{told}^" if told and first else told
        if known := self.runs.known(_CLAIMS, key):
            return known
        out = StringIO(newline="")
        claim_formats.safe_csv(replace(self._extract, claims=tuple(claims)), out)
        head, end, rows = out.getvalue().partition("\r\n")
        return run(key, f"{head}{end}{rows}".encode() if first else rows.encode())

    def _rdf(self, path: str) -> Iterator[Run]:
        """Yield the graph as RDF: prefixes, the description of itself, then its graphs."""
        graphs, about = self._described
        own = graph_parts.written([("", about)], self._prefixes)
        used = own.prefixes.union(*(noted.prefixes for noted in self.noted.values()))
        yield run("", f"{Turtle(self._prefixes).head(used)}{own.turtle}".encode())
        yield from (graph[path] for graph in graphs)
        yield run("", b"\n")

    @cached_property
    def _described(self) -> tuple[Sequence[Mapping[str, Run]], Sequence[Quad]]:
        """All named graphs as RDF, by path, and what is said of them."""
        return [self._written(graphs) for graphs in self._together()], description(self._store, self._counted())

    def _written(self, graphs: Sequence[str]) -> Mapping[str, Run]:
        """Return graphs as each file has them, and note what has to be known of them."""
        key = self._key(graphs)
        known = {path: had for path in _RDF if (had := self.runs.known(path, key))}
        if len(known) == len(_RDF) and key in self._former:
            self.noted[key] = self._former[key]
            return known
        part = graph_parts.written([(graph, self._statements(graph)) for graph in graphs], self._prefixes)
        self.noted[key] = Noted(part.prefixes, part.counted)
        return {path: run(key, text(part).encode()) for path, text in _RDF.items()}

    def _together(self) -> Iterator[list[str]]:
        """Yield the graphs that are written together: all with blank nodes, whose names follow from all of them."""
        graphs = [graph for graph in self._whole.digests if graph not in PRECOMPUTED]
        blank = [graph for graph in graphs if self._whole.has_blank_nodes(graph)]
        if blank:
            yield blank
        yield from ([graph] for graph in graphs if graph not in blank)

    def _key(self, graphs: Sequence[str]) -> str:
        """Return a checksum of all that the text of graphs follows from."""
        told = [repr(sorted(self._prefixes.items()))]
        for graph in graphs:
            told += [graph, self._whole.digests[graph], *sorted(map(str, self._forms.get(graph, {}).items()))]
        return digest(*map(str.encode, told))

    def _statements(self, graph: str) -> Statements:
        """Return what a graph states, literals as they are written."""
        forms = self._forms.get(graph)
        if forms:
            return written_forms.restored(self._store.quads(graph=graph), forms)
        return self._whole.graph(graph).decode()

    def _counted(self) -> Counted:
        """Return what is counted of all graphs."""
        parts = [noted.counted for noted in self.noted.values()]
        classes: Counter[str] = Counter()
        for part in parts:
            classes.update(part.classes)
        return Counted(
            sum(part.triples for part in parts),
            sum(1 for _ in self._whole.subjects(PRECOMPUTED)) + sum(part.subjects for part in parts),
            frozenset[str]().union(*(part.predicates for part in parts)),
            classes,
            frozenset[str]().union(*(part.sources for part in parts)),
        )
