"""What everything above asks of a store, wherever it is kept: SPARQL text, patterns of quads, and names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, runtime_checkable

import pyoxigraph as ox

from coopgraph.errors import QueryError
from coopgraph.rdf.terms import NamedNode, Node, Quad, Term, Triple

if TYPE_CHECKING:
    from rdflib import Dataset

    from coopgraph.store.claim_columns import Merged
    from coopgraph.store.name_index import Hit

Bindings = Mapping[str, Term]


class Graphs(NamedTuple):
    """The graphs that a query is asked of, in place of those that its text names: `default` together, and `named`.

    One that the store does not have is an empty one, as https://www.w3.org/TR/sparql11-protocol/#dataset has it.
    """

    default: tuple[str, ...]
    named: tuple[str, ...]


@runtime_checkable
class Solutions(Protocol):
    """The rows of a SELECT, to be read once, and the variables that are its columns."""

    @property
    def variables(self) -> list[ox.Variable]:
        """Return the variables that the query selects, in their order."""
        ...

    def __iter__(self) -> Iterator[Any]: ...

    def __next__(self) -> Any: ...


class Triples:
    """The triples of a CONSTRUCT or DESCRIBE, to be read once."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = iter(triples)

    def __iter__(self) -> Iterator[Triple]:
        return self

    def __next__(self) -> Triple:
        return next(self._triples)


Answer = Solutions | Triples | ox.QueryBoolean
"""What a query gives: rows, triples, or yes or no."""


class Store(ABC):
    """A graph that can be read. Close it, or use it in a `with` statement.

    `prefixes` is the table of prefixes that queries may use; `manifest` says what the graph is: `title`, `description`,
    `license`, `base`, `built`, `claims` (number by status). `seconds` is how long a query may take, where a store can
    be told so.
    """

    seconds: float | None = None
    address: str | None = None
    """Where the store answers, for one on a server."""

    def __init__(self, prefixes: Mapping[str, str], manifest: Mapping[str, Any]) -> None:
        self.prefixes = dict(prefixes)
        self._manifest = dict(manifest)

    @property
    def manifest(self) -> dict[str, Any]:
        """What the graph is."""
        return self._manifest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of what the store holds."""

    @abstractmethod
    def query(
        self,
        text: str,
        bindings: Bindings | None = None,
        *,
        graph: str | None = None,
        graphs: Graphs | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run SPARQL text over the union of all named graphs, one `graph` or `graphs`, with variables bound to terms.

        `prefixes` are those that need not be declared, by default the store's. Raises `QueryError` (one line) where the
        text is not SPARQL, reaches out, names a graph that is not there, or binds what it does not select.
        """

    def select(self, text: str, bindings: Bindings | None = None) -> Solutions:
        """Yield the solutions of a SELECT query."""
        answer = self.query(text, bindings)
        if not isinstance(answer, Solutions):
            raise QueryError("the query is no SELECT; this place needs rows")
        return answer

    def quads(
        self,
        *,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern of IRIs, and of an object where `target` is given."""
        s, p, g = (NamedNode(iri) if iri else None for iri in (subject, predicate, graph))
        return self.matching(s, p, target, g)

    def nquads(self, graph: str) -> bytes:
        """Return a named graph as N-Quads."""
        return ox.serialize(self.quads(graph=graph), format=ox.RdfFormat.N_QUADS) or b""

    @abstractmethod
    def matching(
        self, subject: Node | None, predicate: NamedNode | None, target: Term | None, graph: NamedNode | None
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern of terms."""

    def described(self, subjects: Iterable[str], predicate: str | None = None) -> Iterator[Quad]:
        """Yield all quads of each of many subjects (IRIs), or those with one predicate, those of a subject together."""
        for subject in subjects:
            yield from self.quads(subject=subject, predicate=predicate)

    def columns(self, predicates: Iterable[str]) -> dict[str, Merged]:
        """Return those of some properties (IRIs) that the store has at hand as columns; by default none."""
        del predicates
        return {}

    @abstractmethod
    def labelled(self, text: str) -> list[str]:
        """Return the IRIs of the things that have exactly this name, as `textindex.fold` compares names; sorted."""

    @abstractmethod
    def search(self, text: str, limit: int) -> list[Hit]:
        """Return the things that have a text in a name or gist, each once, as `textindex.ranked` has them."""

    def similar(self, text: str, limit: int) -> list[Hit]:
        """Return names that a misspelt one may stand for: one slip leaves one half of a name as it is."""
        from coopgraph.store.name_index import GIST

        half = (len(text) + 1) // 2
        hits = [hit for part in (text[:half], text[half:]) for hit in self.search(part.strip(), limit)]
        return [hit for hit in hits if hit.kind != GIST]

    @abstractmethod
    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""

    @abstractmethod
    def dataset(self) -> Dataset:
        """Return a read-only rdflib `Dataset` over this store, its default graph the union of the named graphs."""


def parse_rows(answer: bytes) -> Solutions:
    """Return the rows of an answer in the SPARQL 1.1 results JSON format."""
    rows = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    if not isinstance(rows, Solutions):
        raise QueryError("the query gives no rows; ask CONSTRUCT, DESCRIBE and ASK through dataset().query")
    return rows
