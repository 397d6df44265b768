"""Literals as graph files write them, beside a store whose engine keeps their values: of 49.60 it keeps 49.6.

Each statement that the engine would change has a record in a graph of its own, `vocab.WRITTEN`: its subject has as
`coop:asWritten` the rest of the statement as N-Quads has it. A claim about a quantity has that as `coop:valueAsWritten`
too, for questions to read, with a datatype that the engine leaves alone and that is the right one again in each answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Quad, Triple, value
from coopgraph.rdf.vocab import RDF, XSD, coop
from coopgraph.store.interface import Solutions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from coopgraph.store.interface import Answer, Store

Forms: TypeAlias = "dict[tuple[object, NamedNode], dict[Literal, list[Literal]]]"
"""Subject and predicate -> a literal as the engine has it -> all forms in which a graph writes it."""

AS_WRITTEN, VALUE_AS_WRITTEN = NamedNode(coop("asWritten")), NamedNode(coop("valueAsWritten"))
_DATATYPE = f"{vocab.BASE}written#"
"""Where the datatypes begin that stand for those of XML Schema."""


@cache
def _changeable() -> re.Pattern[bytes]:
    """Return what a line of N-Quads is whose literal the engine may change, but for most that it never does."""
    return re.compile(
        rb'^(\S+) (\S+) ("(?!(?:0|-?[1-9][0-9]{0,17})"\^\^<[^>]*#integer>'
        rb'|[0-9]{4}-[0-9]{2}-[0-9]{2}"\^\^<[^>]*#date>|(?:true|false)")'
        rb'[^"\\\n]*"\^\^<%b(?!string>)\w+>) <([^>]*)> \.\n' % re.escape(XSD.encode()),
        re.MULTILINE,
    )


def recorded(nquads: bytes) -> bytes:
    r"""Return N-Quads with the literals as the engine keeps them, and with the records of those that it changes.

    >>> quad = b'<http://x/s> <http://x/p> "07"^^<http://www.w3.org/2001/XMLSchema#integer> <http://x/g> .\n'
    >>> recorded(quad).decode().count("http://x/s"), recorded(recorded(quad)) == recorded(quad)
    (2, True)
    """
    changed = _changed(match[3] for match in _changeable().finditer(nquads))
    if not changed:
        return nquads
    lines = frozenset(nquads.splitlines(keepends=True))

    def both(match: re.Match[bytes]) -> bytes:
        subject, predicate, written, graph = match.groups()
        if written not in changed:
            return match.group()
        kept = b"%b %b %b <%b> .\n" % (subject, predicate, changed[written], graph)
        forms = {written, changed[written]} if kept in lines else {written}
        return kept + b"".join(_record(subject, predicate, form, graph) for form in sorted(forms))

    return _changeable().sub(both, nquads)


def _changed(literals: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return literal -> what the engine makes of it, for those that it changes."""
    written = sorted(set(literals))
    lines = b"".join(b"<x:%d> <x:p> %b .\n" % numbered for numbered in enumerate(written))
    kept = _kept([quad.object for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)])
    return {
        one: other for one, other in zip(written, (str(term).encode() for term in kept), strict=True) if one != other
    }


def _kept(literals: Collection[object]) -> list[Literal]:
    """Return literals as the engine keeps them."""
    store = ox.Store()
    nodes = [NamedNode(f"x:{number}") for number in range(len(literals))]
    store.bulk_extend(Quad(node, AS_WRITTEN, term) for node, term in zip(nodes, literals, strict=True))  # type: ignore[arg-type]
    kept = {quad.subject: quad.object for quad in store}
    return [kept[node] for node in nodes]


def _record(subject: bytes, predicate: bytes, literal: bytes, graph: bytes) -> bytes:
    """Return the record of a statement as N-Quads."""
    rest = Literal(f"{predicate.decode()} {literal.decode()} <{graph.decode()}>")
    line = f"{subject.decode()} {AS_WRITTEN} {rest} <{vocab.WRITTEN}> .\n"
    if predicate.decode() == f"<{RDF}object>":
        stand_in = literal.decode().replace(XSD, _DATATYPE)
        line += f"{subject.decode()} {VALUE_AS_WRITTEN} {stand_in} <{vocab.WRITTEN}> .\n"
    return line.encode()


def records_of(store: Store, graphs: Collection[str]) -> Iterator[Triple]:
    """Yield the records of the statements of some graphs."""
    for triple in _records(store):
        graph, predicate, _ = _rest(triple)
        if graph in graphs:
            yield triple
            if predicate == RDF + "object":
                claim = value(triple.subject)
                yield from (q.triple for q in store.quads(subject=claim, predicate=VALUE_AS_WRITTEN.value))


def number(store: Store) -> int:
    """Return how many triples the records of a store are."""
    return sum(1 for _ in store.quads(graph=vocab.WRITTEN))


def _records(store: Store) -> Iterator[Triple]:
    return (quad.triple for quad in store.quads(predicate=AS_WRITTEN.value, graph=vocab.WRITTEN))


def _rest(record: Triple) -> tuple[str, str, str]:
    """Return graph, predicate and literal of a record; the literal as N-Triples has it."""
    predicate, rest = value(record.object).split(" ", 1)
    literal, graph = rest.rsplit(" ", 1)
    return graph[1:-1], predicate[1:-1], literal


def forms(records: Iterable[Triple]) -> dict[str, Forms]:
    """Return graph -> how its literals are written, out of records."""
    listed = list(records)
    lines = "".join(f"{record.subject} {value(record.object)} .\n" for record in listed)
    quads = list(ox.parse(lines, format=ox.RdfFormat.N_QUADS, lenient=True))
    of_graph: dict[str, Forms] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for quad, kept in zip(quads, _kept([quad.object for quad in quads]), strict=True):
        of_graph[value(quad.graph_name)][quad.subject, quad.predicate][kept].append(quad.object)
    return of_graph


def of(store: Store) -> dict[str, Forms]:
    """Return graph -> how its literals are written."""
    return forms(_records(store))


def restored(quads: Iterable[Quad], written: Forms | None) -> Iterator[Quad]:
    """Yield the quads of a graph with their literals as they are written."""
    return _restored(quads, written) if written else iter(quads)


def _restored(quads: Iterable[Quad], written: Forms) -> Iterator[Quad]:
    for quad in quads:
        here = written.get((quad.subject, quad.predicate))
        for term in _forms_of(quad.object, here) if here else (quad.object,):
            yield Quad(quad.subject, quad.predicate, term, quad.graph_name)


def _forms_of(term: object, written: dict[Literal, list[Literal]]) -> list[Literal]:
    """Return the forms of a literal; a server may have changed it in another way than the engine here."""
    several = written.get(term) or written.get(_kept([term])[0])  # type: ignore[call-overload]
    return several or [term]


def restored_triples(triples: Iterable[Triple]) -> list[Triple]:
    """Return triples with their literals as the records among them say that they are written, without these records."""
    listed = list(triples)
    written: Forms = {}
    for several in forms(t for t in listed if t.predicate == AS_WRITTEN).values():
        written |= several
    plain = (
        Quad(t.subject, t.predicate, t.object) for t in listed if t.predicate not in (AS_WRITTEN, VALUE_AS_WRITTEN)
    )
    return [quad.triple for quad in restored(plain, written)]


def as_written(term: Any) -> Any:
    """Return a literal that stands in for another as that other one, and all else as it is.

    >>> as_written(Literal("49.60", datatype=NamedNode(_DATATYPE + "decimal")))
    <Literal value=49.60 datatype=<NamedNode value=http://www.w3.org/2001/XMLSchema#decimal>>
    """
    if isinstance(term, Literal) and term.datatype.value.startswith(_DATATYPE):
        return Literal(term.value, datatype=NamedNode(XSD + term.datatype.value.removeprefix(_DATATYPE)))
    return term


class _Rows:
    """Rows in which literals are as they are written."""

    def __init__(self, rows: Solutions) -> None:
        self._rows, self.variables = rows, rows.variables

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> tuple[Any, ...]:
        return tuple(map(as_written, next(self._rows)))


def rows_of(answer: Answer, query: str) -> Answer:
    """Return the answer of a query; in the rows of one that asks for them, what stands in for literals is replaced."""
    return _Rows(answer) if "AsWritten" in query and isinstance(answer, Solutions) else answer
