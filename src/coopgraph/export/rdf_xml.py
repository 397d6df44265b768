"""RDF/XML, sorted: a description a subject, each property an element whose name XML's own parser takes."""

from __future__ import annotations

import re
from functools import cache
from typing import IO, TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from coopgraph.errors import UsageError
from coopgraph.export.rdf_writer import RdfWriter, unescaped
from coopgraph.rdf.printable import NOT_XML
from coopgraph.rdf.vocab import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.export.rdf_writer import Subjects

_OTHERS = "write turtle, trig, ntriples, nquads or jsonld instead"
_SPOKEN_FOR = frozenset(
    RDF + name
    for name in (
        "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "aboutEach",
        "aboutEachPrefix", "bagID", "li",
    )
)  # fmt: skip
"""Names that mean something else as an element in RDF/XML, so that no property can be written with them."""
_MAY_NOT_BE_XML = re.compile("[\\\\\ufffe\uffff]")


class RdfXml(RdfWriter):
    """RDF/XML, in one graph.

    Raises `UsageError` for a property that no element can be named after, and for a text that XML cannot hold.
    """

    keeps_graphs = False

    def __init__(self, prefixes: Mapping[str, str], heads: frozenset[tuple[str, str]] = frozenset()) -> None:
        super().__init__(prefixes, heads)
        self._prefix_of = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._namespaces = {RDF: "rdf"}
        self._names: dict[str, str] = {}

    def record(self, graph: str, subject: str, statements: list[str]) -> str:
        """Return the subject, and predicate and object of each statement."""
        for statement in statements:
            predicate = statement[: statement.index(" ")]
            if predicate not in self._names:
                self._names[predicate] = self._name(predicate[1:-1])
            if _MAY_NOT_BE_XML.search(statement):
                _check_text(subject, statement)
        return "\t".join((subject, *statements))

    def _name(self, predicate: str) -> str:
        """Return the element's name for a property, and remember its namespace."""
        namespace, local = _parted(predicate)
        if namespace not in self._namespaces:
            prefix = self._prefix_of.get(namespace, "")
            free = _is_name(prefix) and not prefix.lower().startswith("xml") and prefix not in self._namespaces.values()
            self._namespaces[namespace] = prefix if free else self._new_prefix()
        return f"{self._namespaces[namespace]}:{local}"

    def _new_prefix(self) -> str:
        taken = {*self.prefixes, *self._namespaces.values()}
        return next(name for number in range(1, len(taken) + 2) if (name := f"ns{number}") not in taken)

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write a description a subject."""
        declared = sorted((prefix, namespace) for namespace, prefix in self._namespaces.items())
        spaces = "".join(f"\n\txmlns:{prefix}={quoteattr(namespace)}" for prefix, namespace in declared)
        out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n')
        for subject, statements in subjects:
            out.write(f"\t<rdf:Description {_node('about', subject)}>\n")
            out.writelines(map(self._property, statements))
            out.write("\t</rdf:Description>\n")
        out.write("</rdf:RDF>\n")

    def _property(self, statement: str) -> str:
        """Return a statement as an element."""
        predicate, target = statement.split(" ", 1)
        name = self._names[predicate]
        if target[0] != '"':
            return f"\t\t<{name} {_node('resource', target)}/>\n"
        end = target.rindex('"')
        text = escape(unescaped(target[1:end])).replace("\r", "&#13;")
        return f"\t\t<{name}{_kind(target[end + 1 :])}>{text}</{name}>\n"


def _node(role: str, term: str) -> str:
    """Return the attribute that names a node, as a subject (`about`) or an object (`resource`)."""
    return f"rdf:nodeID={quoteattr(term[2:])}" if term[0] == "_" else f"rdf:{role}={quoteattr(term[1:-1])}"


def _kind(mark: str) -> str:
    """Return the attribute for language or datatype, given what follows the text of a literal."""
    if mark.startswith("@"):
        return f" xml:lang={quoteattr(mark[1:])}"
    kind = mark[3:-1]
    return f" rdf:datatype={quoteattr(kind)}" if kind and kind != XSD + "string" else ""


def _parted(predicate: str) -> tuple[str, str]:
    """Return namespace and local name of a property, the longest that there is."""
    start = max(predicate.rfind("/"), predicate.rfind("#")) + 1
    for cut in range(start, len(predicate)):
        namespace, local = predicate[:cut], predicate[cut:]
        if predicate not in _SPOKEN_FOR and namespace.isascii() and namespace not in _XML and _is_name(local):
            return namespace, local
    raise UsageError(f"RDF/XML has no way to write the property <{predicate}>; {_OTHERS}")


_XML = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")
"""Namespaces that XML has for itself. A namespace with other letters than those of ASCII is none to some readers."""


@cache
def _is_name(text: str) -> bool:
    """Say whether a text is a name without a colon, as XML's own parser has it.

    >>> _is_name("km2"), _is_name("km²"), _is_name("2km")
    (True, False, False)
    """
    if not text or not (text[0].isalpha() or text[0] == "_") or not _NO_MARK.fullmatch(text):
        return False
    try:
        expat.ParserCreate().Parse(f"<{text}/>", True)
    except expat.ExpatError:
        return False
    return True


_NO_MARK = re.compile(r"[^\s<>/:=\"'&]+")


def _check_text(subject: str, statement: str) -> None:
    """Raise `UsageError` where a text has a character that XML cannot hold."""
    if character := re.search(NOT_XML, unescaped(statement)):
        code = f"U+{ord(character.group()):04X}"
        what = f"{statement[: statement.index(' ')]} of {subject}"
        raise UsageError(f"RDF/XML cannot hold the character {code} that {what} has; {_OTHERS}")
