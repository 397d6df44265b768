"""What everything above asks of a store, wherever it is kept: SPARQL text, patterns of quads, and names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from coopgraph.errors import QueryError
from coopgraph.terms import Quad, Term

if TYPE_CHECKING:
    from rdflib import Dataset

Bindings = Mapping[str, Term]
Solutions = ox.QuerySolutions
Triples = ox.QueryTriples
Answer = ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean


class Store(ABC):
    """A graph that can be read. Close it, or use it in a `with` statement.

    `prefixes` is the table of prefixes that queries may use; `manifest` says what the graph is: `title`, `description`,
    `license`, `base`, `built`, `claims` (number by status).
    """

    def __init__(self, prefixes: Mapping[str, str], manifest: Mapping[str, Any]) -> None:
        self.prefixes = dict(prefixes)
        self.manifest = dict(manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of what the store holds."""

    @abstractmethod
    def query(self, text: str, bindings: Bindings | None = None) -> Answer:
        """Run SPARQL text over the union of all named graphs, with variables bound to terms.

        Raises `QueryError` (one line) where the text is not SPARQL, reaches out, or binds what it does not select.
        """

    def select(self, text: str, bindings: Bindings | None = None) -> Solutions:
        """Yield the solutions of a SELECT query."""
        answer = self.query(text, bindings)
        if not isinstance(answer, Solutions):
            raise QueryError("the query is no SELECT; this place needs rows")
        return answer

    @abstractmethod
    def quads(
        self,
        *,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern of IRIs, and of an object where `target` is given."""

    def described(self, subjects: Iterable[str]) -> Iterator[Quad]:
        """Yield all quads of each of many subjects (IRIs), those of one subject together."""
        for subject in subjects:
            yield from self.quads(subject=subject)

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
