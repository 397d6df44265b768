"""The RDF forms that the graph is written in: `FORMS` has a `Form` for each name."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, cast

from pyoxigraph import RdfFormat, parse, serialize

from coopgraph.errors import UsageError
from coopgraph.export import turtle
from coopgraph.export.sorted_rdf import Form, Subjects
from coopgraph.rdf.printable import NOT_XML
from coopgraph.rdf.terms import Literal, NamedNode, Triple, curie, language_tag, value
from coopgraph.rdf.vocab import TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


_PARTED = "\x01"
"""Parts graph and subject in a sorting key; it sorts before what can be in an IRI."""


class NTriples(Form):
    """N-Triples, sorted."""

    keeps_graphs = False

    def record(self, graph: str, subject: str, stated: list[str]) -> str:
        """Return the subject, and what follows it in each line."""
        end = f" <{graph}> ." if graph else " ."
        between = f"{end}\t"
        return f"{subject}\t{between.join(stated)}{end}"

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write a line a statement."""
        for subject, stated in subjects:
            between = f"\n{subject} "
            out.write(f"{subject} {between.join(stated)}\n")


class NQuads(NTriples):
    """N-Quads, sorted."""

    keeps_graphs = True


class RdfXml(Form):
    """RDF/XML; a carriage return needs a reference to survive, and what XML 1.0 cannot hold becomes U+FFFD."""

    keeps_graphs = False

    def __init__(self, prefixes: Mapping[str, str], heads: frozenset[tuple[str, str]]) -> None:
        super().__init__(prefixes, heads)
        self._predicates: set[str] = set()

    def record(self, graph: str, subject: str, stated: list[str]) -> str:
        """Return the subject, and predicate and object of each statement."""
        self._predicates.update(statement[: statement.index(" ")] for statement in stated)
        return "\t".join((subject, *stated))

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write a description a subject. Raises `UsageError` for a property whose IRI has no end that XML can name."""
        for predicate in sorted(self._predicates):
            if not re.search(r"[^\W\d][\w.-]*>$", predicate):
                raise UsageError(f"RDF/XML has no way to write the property {predicate}; choose another format")
        lines = _Lines(out, _as_xml)
        serialize(_triples(subjects), cast("IO[bytes]", lines), format=RdfFormat.RDF_XML, prefixes=dict(self.prefixes))
        lines.finish()


def _triples(subjects: Subjects) -> Iterator[Triple]:
    return (triple for subject, stated in subjects for triple in _read(subject, stated))


def _read(subject: str, stated: Iterable[str]) -> Iterator[Triple]:
    text = "".join([f"{subject} {statement} .\n" for statement in stated])
    return (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))


def _as_xml(text: str) -> str:
    text = re.sub(r'(?<=xml:lang=")[A-Za-z0-9-]+(?=")', lambda m: language_tag(m.group()), text.replace("\r", "&#13;"))
    return NOT_XML.sub("\ufffd", text)


class _Lines:
    """A file for bytes that gives whole lines on as text, each changed before."""

    def __init__(self, out: IO[str], change: Callable[[str], str]) -> None:
        self._out, self._change, self._rest = out, change, b""

    def write(self, data: bytes) -> int:
        """Take bytes, give the whole lines on."""
        whole, feed, rest = data.rpartition(b"\n")
        if feed:
            self._out.write(self._change((self._rest + whole + feed).decode()))
            self._rest = b""
        self._rest += rest
        return len(data)

    def flush(self) -> None:
        """Do nothing: a line is not whole before its end."""

    def finish(self) -> None:
        """Give on what is left."""
        self._out.write(self._change(self._rest.decode()))


class JsonLd(Form):
    """JSON-LD: a context of the prefixes, the default graph's nodes, and each named graph with its nodes."""

    keeps_graphs = True

    def __init__(self, prefixes: Mapping[str, str], heads: frozenset[tuple[str, str]]) -> None:
        super().__init__(prefixes, heads)
        self._schemes: set[str] = set()

    def record(self, graph: str, subject: str, stated: list[str]) -> str:
        """Return graph and subject, and predicate and object of each statement."""
        iris = [
            graph,
            subject.strip("<>"),
            *(part[1:] for text in stated for part in text.split(" ", 1) if part[0] == "<"),
        ]
        self._schemes.update(iri.partition(":")[0] for iri in iris)
        return "\t".join((f"{graph}{_PARTED}{subject}", *stated))

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write one JSON object, a node at a time.

        Prefixes that IRIs have as their scheme are left out: `geo:41.8,123.4` would be taken for a prefixed name.
        """
        known = {prefix: namespace for prefix, namespace in self.prefixes.items() if prefix not in self._schemes}
        context = _indented(json.dumps(known, ensure_ascii=False, indent=1), 1)
        out.write(f'{{\n "@context": {context},\n "@graph": [')
        comma = ""
        for graph, group in groupby(subjects, key=lambda subject: subject[0].partition(_PARTED)[0]):
            depth = 4 if graph else 2
            if graph:
                name = json.dumps(_iri(graph, known), ensure_ascii=False)
                out.write(f'{comma}\n  {{\n   "@id": {name},\n   "@graph": [')
                comma = ""
            for key, stated in group:
                node = json.dumps(_node(_read(key.partition(_PARTED)[2], stated), known), ensure_ascii=False, indent=1)
                out.write(f"{comma}\n{' ' * depth}{_indented(node, depth)}")
                comma = ","
            out.write("\n   ]\n  }" if graph else "")
        out.write("\n ]\n}\n" if comma else "]\n}\n")


def _indented(text: str, depth: int) -> str:
    return text.replace("\n", "\n" + " " * depth)


def _node(triples: Iterator[Triple], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return one subject with its properties as JSON-LD has them."""
    node: dict[str, Any] = {}
    for triple in triples:
        node.setdefault("@id", _id(triple.subject, prefixes))
        if triple.predicate.value == TYPE:
            node.setdefault("@type", []).append(_id(triple.object, prefixes))
        else:
            node.setdefault(_id(triple.predicate, prefixes), []).append(_value(triple.object, prefixes))
    return node


def _iri(iri: str, prefixes: Mapping[str, str]) -> str:
    return curie(iri, prefixes) or iri


def _id(term: Any, prefixes: Mapping[str, str]) -> str:
    return _iri(value(term), prefixes) if isinstance(term, NamedNode) else str(term)


def _value(term: Any, prefixes: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _id(term, prefixes)}
    if term.language:
        return {"@value": value(term), "@language": language_tag(term.language)}
    if term.datatype.value == XSD + "string":
        return {"@value": value(term)}
    return {"@value": value(term), "@type": _iri(term.datatype.value, prefixes)}


FORMATS: Mapping[str, type[Form]] = {
    "turtle": turtle.Turtle,
    "trig": turtle.Trig,
    "nquads": NQuads,
    "ntriples": NTriples,
    "jsonld": JsonLd,
    "rdfxml": RdfXml,
}
