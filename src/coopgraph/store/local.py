"""The store on this machine: Oxigraph, opened to read or written to, asked in SPARQL."""

from __future__ import annotations

import os
import weakref
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from coopgraph.errors import QueryError
from coopgraph.rdf import sparql_guard, vocab
from coopgraph.rdf.terms import NamedNode, Node, Quad, Term, Triple, curie, value
from coopgraph.store import claim_columns, integrity, written_forms
from coopgraph.store.interface import Answer, Bindings, Graphs, Store, Triples

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from rdflib import Dataset

    from coopgraph.store.claim_columns import Merged
    from coopgraph.store.name_index import Hit, TextIndex
    from coopgraph.store.sheet_file import SheetFile

TEXTS, SHEETS = "texts.db", "sheets.db"
"""What stands beside the database of a generation."""


class LocalStore(Store):
    """A graph in an Oxigraph database, opened to read."""

    def __init__(
        self,
        database: ox.Store,
        prefixes: Mapping[str, str],
        manifest: dict[str, Any],
        pin: int | None = None,
        folder: Path | None = None,
    ):
        super().__init__(prefixes, manifest)
        self._database = database
        self.folder = folder
        self._release = weakref.finalize(self, os.close, pin) if pin is not None else None

    def close(self) -> None:
        """Let go of the generation, so that a later build may remove it."""
        for name in ("_texts", "_sheets"):
            if opened := self.__dict__.pop(name, None):
                opened.close()
        if self._release:
            self._release()

    def beside(self, name: str) -> Path:
        """Return where a file stands that a build has put beside the database."""
        if self.folder is None:
            raise ValueError(f"a store in memory has no {name}")
        return self.folder / name

    def query(
        self,
        text: str,
        bindings: Bindings | None = None,
        *,
        graph: str | None = None,
        graphs: Graphs | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run SPARQL text over the union of all named graphs, one `graph` or `graphs`, as `Store.query` has it."""
        prefixes = self.prefixes if prefixes is None else prefixes
        if graphs is None:
            self._check_graphs(sparql_guard.admitted(text, prefixes).graphs)
        return written_forms.rows_of(run(self._database, text, prefixes, bindings, graph, graphs), text)

    def has(self, graph: str, triple: Triple) -> bool:
        """Say whether a named graph has a triple."""
        return next(quads_of(graph, [triple])) in self._database

    def having(self, triple: Triple) -> Iterator[Quad]:
        """Yield a triple in each graph that has it."""
        return self._database.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)

    def constructed(self, text: str) -> bytes:
        """Return what a CONSTRUCT query gives, as N-Triples."""
        answer = self.query(text)
        return (ox.serialize(answer, format=ox.RdfFormat.N_TRIPLES) or b"") if isinstance(answer, Triples) else b""

    def snapshot(self, folder: Path) -> None:
        """Put a copy of the database as it is now into a new folder; files are shared, so it costs next to nothing."""
        self._database.backup(folder)

    def matching(
        self, subject: Node | None, predicate: NamedNode | None, target: Term | None, graph: NamedNode | None
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern of terms."""
        return self._database.quads_for_pattern(subject, predicate, target, graph)

    @cached_property
    def _texts(self) -> TextIndex:
        """The index of names and gists; what is in memory, and changed by nobody who searches it, has one made."""
        from coopgraph.store import name_index
        from coopgraph.store.name_index import TextIndex

        if self.folder is not None:
            return TextIndex(self.folder / TEXTS)
        index = TextIndex.create(None)
        index.replace(
            "", name_index.rows(quad.triple for kind in name_index.KINDS for quad in self.quads(predicate=kind))
        )
        return index

    @cached_property
    def _sheets(self) -> SheetFile | None:
        """The columns of the graph files; what is in memory, or in the making, has none."""
        from coopgraph.store.sheet_file import SheetFile

        return SheetFile(self.folder / SHEETS) if self.folder is not None else None

    def columns(self, predicates: Iterable[str]) -> dict[str, Merged]:
        """Return those of some properties that are columns of sheets; rules may have derived more of them."""
        merged = self._sheets.merged(predicates) if self._sheets else {}
        for predicate, graph in product(merged, (vocab.ONTOLOGY_GRAPH, *vocab.DERIVED)):
            for quad in self.quads(predicate=predicate, graph=graph):
                merged[predicate].put(predicate, value(quad.subject), claim_columns.entry(quad.object))
        return merged

    def labelled(self, text: str) -> list[str]:
        """Return the IRIs of the things that have exactly this name."""
        return self._texts.named(text)

    def search(self, text: str, limit: int) -> list[Hit]:
        """Return the things that have a text in a name or gist."""
        return self._texts.search(text, limit)

    def similar(self, text: str, limit: int) -> list[Hit]:
        """Return names that a misspelt one may stand for."""
        return self._texts.similar(text, limit)

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(node.value for node in self._database.named_graphs())

    def dataset(self) -> Dataset:
        """Return a read-only rdflib `Dataset` over this store, its default graph the union of the named graphs."""
        from coopgraph.store import rdflib_dataset

        return rdflib_dataset.over(self)

    def _check_graphs(self, named: Iterable[str]) -> None:
        for iri in named:
            if not self._database.contains_named_graph(NamedNode(iri)):
                raise QueryError(no_such_graph(iri, self.prefixes))


def no_such_graph(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return what is told where FROM names a graph that a store does not have."""
    name = curie(iri, prefixes) or f"<{iri}>"
    return f"FROM {name}: there is no such graph in the store; `coopgraph stats` lists the graphs"


def run(
    database: ox.Store,
    text: str,
    prefixes: Mapping[str, str],
    bindings: Bindings | None,
    graph: str | None = None,
    graphs: Graphs | None = None,
) -> Answer:
    """Run SPARQL text on an Oxigraph database, errors as one line.

    It is asked of `graphs`; else the default graph is that which FROM names, or else `graph`, or else the union of the
    named graphs.
    """
    query = sparql_guard.admitted(text, prefixes)
    try:
        answer = database.query(
            query.text,
            prefixes={} if query.places else dict(prefixes),
            **_dataset(graphs, graph, query.graphs),
            substitutions={ox.Variable(name): term for name, term in (bindings or {}).items()},
        )
    except (SyntaxError, *_FAILURES) as error:
        if integrity.is_damage(error):
            raise integrity.damaged(error) from error
        from coopgraph.rdf import sparql_errors

        raise QueryError(sparql_errors.explained(error, text, query, prefixes)) from error
    if isinstance(answer, ox.QueryTriples):
        return Triples(_read(answer))
    return _Rows(answer) if isinstance(answer, ox.QuerySolutions) else answer


def _dataset(graphs: Graphs | None, graph: str | None, named: Collection[str]) -> dict[str, Any]:
    """Return the graphs of a query as the engine is told them."""
    if graphs is not None:
        return {"default_graph": _nodes(graphs.default), "named_graphs": _nodes(graphs.named)}
    if graph is None or named:
        return {"use_default_graph_as_union": not named}
    return {"default_graph": NamedNode(graph)}


def _nodes(iris: Iterable[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryError(f"the name of a graph is no IRI ({error}); write it whole") from error


_FAILURES = (ValueError, OSError, RuntimeError, MemoryError)
"""What the engine raises when a query is read or answered."""


class _Rows:
    """The rows of a query; what goes wrong in the engine on the way to the last is one line too."""

    def __init__(self, rows: ox.QuerySolutions) -> None:
        self.variables, self._rows = rows.variables, _read(rows)

    def __iter__(self) -> Iterator[Any]:
        return self._rows

    def __next__(self) -> Any:
        return next(self._rows)


def _read(answer: Iterable[Any]) -> Iterator[Any]:
    try:
        yield from answer
    except _FAILURES as error:
        if integrity.is_damage(error):
            raise integrity.damaged(error) from error
        raise QueryError(f"the query cannot be answered to its end: {' '.join(str(error).split())}") from error


class Draft(LocalStore):
    """A graph in the making, in memory or on disk: read like any store, and written to."""

    @classmethod
    def in_memory(cls, prefixes: Mapping[str, str]) -> Draft:
        """Return an empty one in memory."""
        return cls(ox.Store(), prefixes, {})

    @classmethod
    def at(cls, folder: Path, prefixes: Mapping[str, str]) -> Draft:
        """Open the database in a folder to write, an empty one where there is none."""
        return cls(ox.Store(folder), prefixes, {})

    def load(self, nquads: bytes | Path) -> None:
        """Add N-Quads of our own making; fastest in pieces of some 250,000, whose memory is all that it takes."""
        given = {"path": nquads} if isinstance(nquads, os.PathLike) else {"input": nquads}
        self._database.bulk_load(**given, format=ox.RdfFormat.N_QUADS, lenient=True)

    def load_triples(self, graph: str, ntriples: bytes) -> None:
        """Add N-Triples of our own making to a named graph."""
        self._database.bulk_load(ntriples, format=ox.RdfFormat.N_TRIPLES, to_graph=NamedNode(graph), lenient=True)

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add few quads."""
        self._database.extend(quads)

    def add(self, graph: str, triples: Iterable[Triple]) -> None:
        """Add few triples to a named graph."""
        self._database.extend(quads_of(graph, triples))

    def add_many(self, graph: str, triples: Iterable[Triple]) -> None:
        """Add many triples to a named graph."""
        self._database.bulk_extend(quads_of(graph, triples))

    def remove(self, graph: str, triples: Iterable[Triple]) -> None:
        """Take triples out of a named graph, and the graph with its last."""
        for quad in quads_of(graph, triples):
            self._database.remove(quad)
        if next(self.quads(graph=graph), None) is None:
            self._database.remove_graph(NamedNode(graph))

    def optimize(self) -> None:
        """Write the files of the database anew for reading: joins then take three fifths of the time."""
        self._database.optimize()

    def close(self) -> None:
        """Write what is still in memory to the disk and let go of it."""
        self._database.flush()
        self._database = ox.Store()  # Oxigraph closes a database when nothing refers to it any more


def read_only(
    folder: Path, prefixes: Mapping[str, str], manifest: dict[str, Any], pin: int | None = None
) -> LocalStore:
    """Open the database in a folder that nobody writes to; `pin` is an open file that is closed with it."""
    try:
        return LocalStore(ox.Store.read_only(utf8(folder)), prefixes, manifest, pin, folder.parent)
    except BaseException:
        if pin is not None:
            os.close(pin)
        raise


def quads_of(graph: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    """Yield triples as quads of a named graph."""
    node = NamedNode(graph)
    return (Quad(t.subject, t.predicate, t.object, node) for t in triples)


def nquads(graph: str, triples: Iterable[Triple]) -> bytes:
    """Return triples as N-Quads of a named graph."""
    return ox.serialize(quads_of(graph, triples), format=ox.RdfFormat.N_QUADS) or b""


def parsed(nquads: bytes) -> Iterator[Quad]:
    """Yield the quads of N-Quads of our own making."""
    return ox.parse(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)


def utf8(path: Path) -> str:
    """Return a path as Oxigraph wants it, which is UTF-8 whatever the locale says."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")
