"""JSON-LD, sorted: a context of the prefixes, then a node a subject, in one graph or in its named graphs."""

from __future__ import annotations

import json
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

from coopgraph.export.rdf_writer import RdfWriter, statements_of
from coopgraph.rdf.terms import Literal, NamedNode, curie, language_tag, value
from coopgraph.rdf.vocab import TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.export.rdf_writer import Subjects
    from coopgraph.rdf.terms import Triple

_PARTED = "\x01"
"""Parts graph and subject in a sorting key; it sorts before what can be in an IRI."""


class JsonLd(RdfWriter):
    """JSON-LD in one graph, which every reader finds where it looks first."""

    keeps_graphs = False

    def __init__(self, prefixes: Mapping[str, str], heads: frozenset[tuple[str, str]] = frozenset()) -> None:
        super().__init__(prefixes, heads)
        self._schemes: set[str] = set()

    def record(self, graph: str, subject: str, statements: list[str]) -> str:
        """Return graph and subject, and predicate and object of each statement."""
        parts = (part[1:] for text in statements for part in text.split(" ", 1) if part[0] == "<")
        self._schemes.update(iri.partition(":")[0] for iri in (graph, subject.strip("<>"), *parts))
        return "\t".join((f"{graph}{_PARTED}{subject}", *statements))

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write one JSON object, a node at a time.

        The empty prefix is no term of a context, and prefixes that IRIs have as their scheme are left out too:
        `geo:41.8,123.4` would be taken for a prefixed name.
        """
        prefixes = {name: namespace for name, namespace in self.prefixes.items() if name and name not in self._schemes}
        context = _indented(json.dumps(prefixes, ensure_ascii=False, indent=1), 1)
        out.write(f'{{\n "@context": {context},\n "@graph": [')
        comma = ""
        for graph, group in groupby(subjects, key=lambda subject: subject[0].partition(_PARTED)[0]):
            if graph:
                name = json.dumps(_iri(graph, prefixes), ensure_ascii=False)
                out.write(f'{comma}\n  {{\n   "@id": {name},\n   "@graph": [')
                comma = ""
            for key, statements in group:
                node = _node(statements_of(key.partition(_PARTED)[2], statements), prefixes)
                text = _indented(json.dumps(node, ensure_ascii=False, indent=1), 4 if graph else 2)
                out.write(f"{comma}\n{'    ' if graph else '  '}{text}")
                comma = ","
            out.write("\n   ]\n  }" if graph else "")
        out.write("\n ]\n}\n" if comma else "]\n}\n")


class JsonLdGraphs(JsonLd):
    """JSON-LD with its named graphs, each with its nodes, and what is in none of them beside these."""

    keeps_graphs = True


def _indented(text: str, depth: int) -> str:
    return text.replace("\n", "\n" + " " * depth)


def _node(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> dict[str, Any]:
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
