"""Sorted Turtle and TriG, a subject at a time."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import IO, TYPE_CHECKING

from coopgraph.export.rdf_writer import RdfWriter, Subjects, parts
from coopgraph.rdf.terms import NamedNode, is_local_name
from coopgraph.rdf.turtle_comments import Comments
from coopgraph.rdf.vocab import STANDARD, TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ONTOLOGY = NamedNode(STANDARD["owl"] + "Ontology")
_A = f"<{TYPE}>"
_IS_ONTOLOGY = f"{_A} {ONTOLOGY}"
_BARE = {
    f"<{XSD}integer>": re.compile(r"[+-]?[0-9]+"),
    f"<{XSD}decimal>": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}
_TO_ESCAPE = re.compile(
    r"\\(?:u[0-9A-F]{4}|U[0-9A-F]{8}|.)|[\x00-\x1f\x7f\x85\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]"
)
"""What N-Triples has escaped, and what is escaped beside: what an editor would hide, break a line at or reorder."""


_FIRST = " "
"""Heads the sorting key of a subject that comes before all others."""
PARTED = "\x01"
"""Parts verb and object, or graph and subject; it sorts before what can be in a name."""
_NAMES = 1 << 16
"""IRIs whose names are remembered: a graph of any size uses few of them at a time."""


class Turtle(RdfWriter):
    """Sorted Turtle: used prefixes, ontology nodes, then subjects by name, `a` first."""

    keeps_graphs = False

    def __init__(
        self,
        prefixes: Mapping[str, str],
        heads: frozenset[tuple[str, str]] = frozenset(),
        comments: Comments | None = None,
    ) -> None:
        super().__init__(prefixes, heads)
        self._comments = comments or Comments()
        self._prefix_of = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._unusual = sorted((n for n in self._prefix_of if n[-1:] not in ("/", "#")), key=len, reverse=True)
        self.used: set[str] = set()
        self.verbs: dict[str, str] = {}
        self.name = lru_cache(_NAMES)(self._name)

    def record(self, graph: str, subject: str, statements: list[str]) -> str:
        """Return the name of a subject and each verb with an object; the verb `a` is empty, and so the first."""
        first = (graph, subject) in self.heads or _IS_ONTOLOGY in statements
        name = f"{_FIRST}{self.term(subject)}" if first else self.term(subject)
        if graph:
            self.name(f"<{graph}>")
        made = [f"{graph}{PARTED}{name}" if self.keeps_graphs else name]
        for statement in statements:
            predicate, target = statement.split(" ", 1)
            verb = self.verbs.get(predicate)
            if verb is None:
                verb = self._verb(predicate)
            made.append(f"{verb}{PARTED}{self.term(target)}")
        return "\t".join(made)

    def _verb(self, predicate: str) -> str:
        name = self.name(predicate)
        verb = self.verbs[predicate] = "" if predicate == _A else name
        return verb

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write the prefixes, then a block a subject, those of a named graph in its braces."""
        comments = self._comments_by_name()
        out.writelines(f"{comment}\n" for comment in self._comments.head)
        head = self.head(self.used)
        out.write(head)
        before = "\n\n" if head else ""
        current = ""
        for key, statements in subjects:
            graph, _, name = key.rpartition(PARTED)
            if graph != current:
                out.write("\n}" if current else "")
                out.write(f"{before}{self.name(f'<{graph}>')} {{\n")
                current, before = graph, ""
            name = name.removeprefix(_FIRST)
            out.write(before)
            out.write(
                _commented_block(name, statements, comments[name]) if name in comments else _block(name, statements)
            )
            before = "\n\n"
        out.write("\n}\n" if current else "\n")
        if self._comments.foot:
            out.write("\n" + "\n".join(self._comments.foot) + "\n")

    def head(self, used: Iterable[str]) -> str:
        """Return the declarations of prefixes."""
        return "\n".join(f"@prefix {prefix}: <{self.prefixes[prefix]}> ." for prefix in sorted(used))

    def _comments_by_name(self) -> dict[str, dict[str, list[str]]]:
        """Return the comments by subject and verb as they are written; those above a subject are `_ABOVE`."""
        return {
            self.term(subject): {self.verbs[verb] if verb else _ABOVE: lines for verb, lines in of.items()}
            for subject, of in self._comments.of.items()
        }

    def term(self, text: str) -> str:
        """Return a term of N-Triples as Turtle."""
        if text[0] == '"':
            return self._literal(text)
        if text.startswith("<<("):
            return f"<<( {' '.join(map(self.term, parts(text)))} )>>"
        return self.name(text) if text[0] == "<" else text

    def _name(self, text: str) -> str:
        """Return an IRI as a prefixed name where that is possible, and remember the prefix."""
        iri = text[1:-1]
        usual = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        for namespace in (*filter(iri.startswith, self._unusual), usual):
            prefix = self._prefix_of.get(namespace)
            local = iri[len(namespace) :]
            if prefix is not None and is_local_name(local):
                self.used.add(prefix)
                return f"{prefix}:{local}"
        return text

    def _literal(self, text: str) -> str:
        """Return a literal, bare where Turtle has a short form for exactly this text."""
        end = text.rindex('"')
        inner, kind = text[1:end], text[end + 3 :]
        mark = text[end + 1 : end + 2]
        if mark == "^":
            if kind in _BARE and _BARE[kind].fullmatch(inner):
                return inner
            mark = f"^^{self.name(kind)}"
        elif mark:
            mark = text[end + 1 :]
        if "\\" in inner or not inner.isascii():
            inner = _TO_ESCAPE.sub(_escape, inner)
        return f'"{inner}"{mark}'


class Trig(Turtle):
    """Sorted TriG: the default graph, then the named graphs by IRI, each as Turtle has it."""

    keeps_graphs = True


def block(key: str, statements: list[str]) -> str:
    """Return a recorded subject with its properties, as it stands among others, whatever graph it is in."""
    return _block(key.rpartition(PARTED)[2].removeprefix(_FIRST), statements)


def _block(name: str, statements: list[str]) -> str:
    """Return one subject with its properties, one predicate a line."""
    return f"{name} " + " ;\n    ".join([line for _, line in _properties(statements)]) + " ."


def _properties(statements: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each verb and the line that it stands in with its objects."""
    for verb, several in groupby(statements, key=lambda statement: statement[: statement.index(PARTED)]):
        targets = ", ".join(statement[len(verb) + 1 :] for statement in several)
        yield verb, f"{verb or 'a'} {targets}"


_ABOVE = " "
"""Stands for no verb: what is said of the subject."""


def _commented_block(name: str, statements: list[str], comments: Mapping[str, list[str]]) -> str:
    """Return one subject with its properties, comments above the lines that they belong to."""
    (first, line), *others = _properties(statements)
    above = [*comments.get(_ABOVE, ()), *comments.get(first, ())]
    lines = [*above, f"{name} {line}"]
    for verb, line in others:
        lines[-1] += " ;"
        lines += [f"    {text}" for text in (*comments.get(verb, ()), line)]
    return "\n".join(lines) + " ."


def _escape(match: re.Match[str]) -> str:
    text = match.group()
    if text[0] != "\\":
        return f"\\u{ord(text):04X}"
    character = chr(int(text.lstrip("\\uU"), 16)) if text[1] in "uU" else ""
    return text if not character or _TO_ESCAPE.match(character) else character
