"""The store as an rdflib `Dataset` in which plain strings, FROM and read-only hold as rdflib's own users expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, cast

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import BNode, Dataset, Graph, Literal, URIRef, Variable
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from coopgraph.rdf.vocab import MANIFEST, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.rdf.terms import Quad
    from coopgraph.store.interface import Store

_NUMBER = "SELECT (COUNT(*) AS ?number) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
_NUMBER_OF_ALL = f"""\
SELECT (COUNT(*) AS ?number) {{ SELECT DISTINCT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{MANIFEST}>) }} }}"""
_STRING = XSD + "string"


def over(store: Store) -> Dataset:
    """Return a read-only `Dataset` over a store; its default graph is the union of the named graphs."""
    return ReadOnlyDataset(store=_ReadOnlyStore(store), default_union=True)


class _Patterns:
    """A store as oxrdflib asks one of Oxigraph's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def quads_for_pattern(self, subject: Any, predicate: Any, target: Any, graph: Any = None) -> Iterator[Quad]:
        """Yield the quads that match terms; all of them stand in named graphs."""
        if isinstance(graph, ox.DefaultGraph):
            return iter(())
        return self._store.matching(subject, predicate, target, graph)

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""
        return map(ox.NamedNode, self._store.graphs())


class _ReadOnlyStore(OxigraphStore):
    """oxrdflib's store over one of ours, with its terms made rdflib's, FROM honoured, and nothing written."""

    def __init__(self, store: Store) -> None:
        super().__init__(store=cast("ox.Store", _Patterns(store)))
        self.asked = store
        for prefix, namespace in store.prefixes.items():
            self.bind(prefix, URIRef(namespace))

    def triples(self, triple_pattern: Any, context: Graph | None = None) -> Iterator[Any]:
        for triple, contexts in super().triples(triple_pattern, context):
            subject, predicate, target = triple
            yield (subject, predicate, _plain(target)), contexts

    def contexts(self, triple: Any = None) -> Any:
        return (ReadOnlyGraph(self, context.identifier) for context in super().contexts(triple))

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: Any, **kwargs: object) -> Result:  # noqa: N803
        for name in kwargs:
            message = f"the argument {name} is not known to this Dataset; leave it out"
            raise TypeError(message)
        text, prepared = _text_of(query)
        prefixes = {name: str(iri) for name, iri in {**self._namespace_for_prefix, **prepared, **initNs}.items()}
        bindings = {str(name): _named(bound) for name, bound in initBindings.items()}
        graph = None if queryGraph == "__UNION__" else str(queryGraph)
        return _result(self.asked.query(text, bindings, graph=graph, prefixes=prefixes))

    def __len__(self, context: Graph | None = None) -> int:
        text, graph = (_NUMBER_OF_ALL, "__UNION__") if context is None else (_NUMBER, context.identifier)
        (row,) = self.query(text, {}, {}, graph).bindings
        return int(str(next(iter(row.values()))))

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
        if graph.identifier != DATASET_DEFAULT_GRAPH_ID and str(graph.identifier) not in self.asked.graphs():
            _refuse()

    def remove_graph(self, graph: Graph) -> NoReturn:
        _refuse()


class _AskedByStore:
    """What a graph does of which the store answers each query: rdflib's own engine asks other servers too."""

    def query(
        self,
        query_object: Any,
        processor: Any = "sparql",
        result: Any = "sparql",
        initNs: Any = None,  # noqa: N803
        initBindings: Any = None,  # noqa: N803
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> Any:
        if not use_store_provided:
            message = "queries are answered by the store of this Dataset alone; leave out use_store_provided"
            raise TypeError(message)
        asked = (query_object, processor, result, initNs, initBindings)
        return super().query(*asked, **kwargs)  # type: ignore[misc]  # it is Graph's

    def update(self, *args: object, **kwargs: object) -> NoReturn:
        _refuse()

    def parse(self, *args: object, **kwargs: object) -> NoReturn:
        _refuse()


class ReadOnlyGraph(_AskedByStore, Graph):
    """A named graph of the dataset."""

    def __reduce__(self) -> Any:
        return type(self), (self.store, self.identifier)


class ReadOnlyDataset(_AskedByStore, Dataset):
    """The union of the named graphs of a store."""

    def __init__(self, store: Any, default_union: bool = True) -> None:
        super().__init__(store=store, default_union=default_union)
        self.default_graph = ReadOnlyGraph(store, DATASET_DEFAULT_GRAPH_ID)

    def get_context(self, identifier: Any, quoted: bool = False, base: str | None = None) -> Graph:
        """Return the graph of a name."""
        del quoted
        return ReadOnlyGraph(self.store, identifier, self.namespace_manager, base)


def _text_of(query: Any) -> tuple[str, Mapping[str, Any]]:
    """Return the text of a query and the prefixes that it was prepared with: a store reads no other form of it."""
    if isinstance(query, str):
        return query, {}
    if not isinstance(query, Query) or not hasattr(query, "_original_args"):
        message = f"a query is a text, or what prepareQuery makes of one; this is a {type(query).__name__}"
        raise TypeError(message)
    text, prefixes, base = query._original_args  # noqa: SLF001 - the text is kept nowhere else
    return f"BASE <{base}> {text}" if base else text, prefixes


def _result(answer: Any) -> Result:
    """Return what a query gave as rdflib has it."""
    if hasattr(answer, "variables"):
        result = Result("SELECT")
        result.vars = [Variable(variable.value) for variable in answer.variables]
        result.bindings = [
            {name: term(cell) for name, cell in zip(result.vars, row, strict=True) if cell is not None}
            for row in answer
        ]
    elif isinstance(answer, ox.QueryBoolean):
        result = Result("ASK")
        result.askAnswer = bool(answer)
    else:
        result = Result("CONSTRUCT")
        result.graph = Graph()
        result.graph += ((term(t.subject), term(t.predicate), term(t.object)) for t in answer)
    return result


def _named(value: Any) -> Any:
    """Return an rdflib term as pyoxigraph's own."""
    if not isinstance(value, Node):
        message = f"{value!r} is no RDF term; bind a variable to a URIRef, a BNode or a Literal"
        raise TypeError(message)
    if isinstance(value, Literal):
        datatype = ox.NamedNode(str(value.datatype)) if value.datatype else None
        return ox.Literal(str(value), language=value.language, datatype=datatype)
    return ox.BlankNode(str(value)) if isinstance(value, BNode) else ox.NamedNode(str(value))


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
