"""The store as an rdflib `Dataset` in which plain strings, FROM and read-only hold as rdflib's own users expect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import BNode, Dataset, Graph, Literal, URIRef, Variable
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.query import Result
from rdflib.term import Node

from coopgraph.rdf import sparql_guard
from coopgraph.rdf.vocab import MANIFEST, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NUMBER = "SELECT (COUNT(*) AS ?number) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
_NUMBER_OF_ALL = f"""\
SELECT (COUNT(*) AS ?number) {{ SELECT DISTINCT ?s ?p ?o {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{MANIFEST}>) }} }}"""
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


def over_server(patterns: Patterns, prefixes: Mapping[str, str]) -> Dataset:
    """Return a read-only `Dataset` over a store on a server; its default graph is the union of the named graphs."""
    return over(cast("ox.Store", patterns), prefixes, keep=patterns)


class Patterns(Protocol):
    """What the dataset asks of a store, as pyoxigraph's own store has it."""

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> Iterator[Any]:  # noqa: A002
        """Yield the quads that match terms, in all named graphs where no graph is given."""

    def query(
        self,
        query: str,
        *,
        use_default_graph_as_union: bool,
        default_graph: Any,
        prefixes: dict[str, str],
        substitutions: dict[ox.Variable, Any],
    ) -> Any:
        """Run a query."""

    def named_graphs(self) -> Iterator[ox.NamedNode]:
        """Yield the names of the graphs."""

    def contains_named_graph(self, name: ox.NamedNode) -> bool:
        """Say whether there is a graph of that name."""


class _ReadOnlyStore(OxigraphStore):
    """oxrdflib's store, with its terms made rdflib's, FROM honoured, and nothing written."""

    keep: object = None

    def triples(self, triple_pattern: Any, context: Graph | None = None) -> Iterator[Any]:
        for triple, contexts in super().triples(triple_pattern, context):
            subject, predicate, target = triple
            yield (subject, predicate, _plain(target)), contexts

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: str, **kwargs: object) -> Result:  # noqa: N803
        if not isinstance(query, str):
            # rdflib would run a prepared query in its own engine, 65 times slower and with SERVICE and FROM <file:...>
            query, prepared, _ = query._original_args  # noqa: SLF001 - the text is kept nowhere else
            initNs = {**prepared, **initNs}  # noqa: N806
        prefixes = {name: str(iri) for name, iri in {**self._namespace_for_prefix, **initNs}.items()}
        admitted = sparql_guard.admitted(query, prefixes)
        if admitted.graphs:
            queryGraph = ""  # noqa: N806 - with FROM the query itself says what its default graph is, not the union
        for name in kwargs:
            message = f"the argument {name} is not known to this Dataset; leave it out"
            raise TypeError(message)
        return _result(
            self._inner.query(
                admitted.text,
                use_default_graph_as_union=queryGraph == "__UNION__",
                default_graph=_named(queryGraph) if isinstance(queryGraph, Node) else None,
                prefixes={} if admitted.places else prefixes,
                substitutions={ox.Variable(name): _named(bound) for name, bound in initBindings.items()},
            )
        )

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
        if graph.identifier != DATASET_DEFAULT_GRAPH_ID:
            self._inner.contains_named_graph(ox.NamedNode(str(graph.identifier))) or _refuse()

    def remove_graph(self, graph: Graph) -> NoReturn:
        _refuse()


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
