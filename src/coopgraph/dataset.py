"""The store as an rdflib `Dataset` in which plain strings, FROM and read-only hold as rdflib's own users expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

from coopgraph import sparql
from coopgraph.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.query import Result

_STRING = XSD + "string"


def over(database: ox.Store, prefixes: Mapping[str, str], keep: object = None) -> Dataset:
    """Return a read-only `Dataset` over an Oxigraph database; its default graph is the union of the named graphs.

    `keep` is what must live as long as the dataset does, such as the lock on the database.
    """
    store = _ReadOnlyStore(store=database)
    store.keep = keep
    dataset = Dataset(store=store, default_union=True)
    for prefix, namespace in prefixes.items():
        dataset.store.bind(prefix, URIRef(namespace))
    return dataset


class _ReadOnlyStore(OxigraphStore):
    """oxrdflib's store, with its terms made rdflib's, FROM honoured, and nothing written."""

    keep: object = None

    def triples(self, triple_pattern: Any, context: Graph | None = None) -> Iterator[Any]:
        for triple, contexts in super().triples(triple_pattern, context):
            subject, predicate, found = triple
            yield (subject, predicate, _plain(found)), contexts

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: str, **kwargs: object) -> Result:  # noqa: N803
        if not isinstance(query, str):
            # rdflib would run a prepared query in its own engine, 65 times slower and with SERVICE and FROM <file:...>
            query, prepared, _ = query._original_args  # noqa: SLF001 - the text is kept nowhere else
            initNs = {**prepared, **initNs}  # noqa: N806
        if sparql.guard(query):
            queryGraph = ""  # noqa: N806 - with FROM the query itself says what its default graph is, not the union
        result = super().query(query, initNs, initBindings, queryGraph, **kwargs)
        if result.type == "SELECT":
            result.bindings = [{name: _plain(term) for name, term in row.items()} for row in result.bindings]
        elif result.type == "CONSTRUCT" and result.graph is not None:
            result.graph = _graph((s, p, _plain(o)) for s, p, o in result.graph)
        return result

    def add(self, *args: object, **kwargs: object) -> NoReturn:
        _refuse()

    def addN(self, *args: object, **kwargs: object) -> NoReturn:  # noqa: N802
        _refuse()

    def remove(self, *args: object, **kwargs: object) -> NoReturn:
        _refuse()

    def update(self, *args: object, **kwargs: object) -> NoReturn:
        _refuse()

    def add_graph(self, graph: Graph) -> None:
        # rdflib's Dataset announces its default graph when it is made, which changes nothing
        if graph.identifier != DATASET_DEFAULT_GRAPH_ID:
            self._inner.contains_named_graph(ox.NamedNode(str(graph.identifier))) or _refuse()

    def remove_graph(self, graph: Graph) -> NoReturn:
        _refuse()


def _refuse() -> NoReturn:
    message = "this Dataset is read-only; copy what you need into a Dataset of your own, or edit the graph files"
    raise TypeError(message)


def _plain(term: Any) -> Any:
    """Turn an `xsd:string` literal into the plain literal that rdflib's users write, equal to `Literal("x")`."""
    if isinstance(term, Literal) and term.datatype is not None and str(term.datatype) == _STRING:
        return Literal(str(term))
    return term


def term(value: Any) -> Any:
    """Return a term of the store as rdflib's own."""
    if isinstance(value, ox.NamedNode):
        return URIRef(value.value)
    if isinstance(value, ox.BlankNode):
        return BNode(value.value)
    if isinstance(value, ox.Literal):
        kind = None if value.language or value.datatype.value == _STRING else URIRef(value.datatype.value)
        return Literal(value.value, lang=value.language, datatype=kind)
    return value


def _graph(triples: Any) -> Graph:
    graph = Graph()
    graph += triples
    return graph
