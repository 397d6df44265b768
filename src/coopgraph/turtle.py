"""Turtle read with exact error positions, and written sorted so that one changed claim is one hunk in a diff."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize

from coopgraph import files
from coopgraph.errors import DataError
from coopgraph.terms import BlankNode, Literal, NamedNode, Quad, Term, Triple, curie
from coopgraph.vocab import STANDARD, TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_ONTOLOGY = STANDARD["owl"] + "Ontology"
_BARE = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
_OPAQUE = re.compile(
    r"""<[^<>\s]*>|'{3}.*?'{3}|"{3}.*?"{3}|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\#[^\n]*""", re.DOTALL
)
"""IRIs, strings and comments: within the first two a hash begins no comment."""
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f\x7f\x85\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]')
"""What is escaped: what Turtle demands, and what an editor would hide, break a line at or reorder."""


def read(path: Path, name: str | None = None) -> Iterator[Triple]:
    """Yield the triples of a Turtle file in the order in which they stand.

    Raises `DataError`, with file:line:column, where the file cannot be read, is not UTF-8, is not Turtle or is empty.
    `name` is how the file is called in that message.
    """
    name = name or str(path)
    return triples(files.read(path, name), name)


def triples(text: bytes, name: str) -> Iterator[Triple]:
    """Yield the triples of Turtle text; errors as `read` has them."""
    empty = True
    try:
        for quad in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True):  # two files may both have _:x
            empty = False
            if isinstance(quad.object, Triple):
                raise DataError(f"{name}: has a triple term of RDF 1.2, <<( ... )>>; write a claim instead")
            if isinstance(quad.object, Literal) and quad.object.direction:
                raise DataError(f"{name}: has a text with a direction of RDF 1.2, @ar--rtl; leave out what follows @ar")
            yield quad.triple
    except SyntaxError as error:
        raise DataError(syntax_message(name, error)) from error
    if empty:
        raise DataError(f"{name}:1:1: holds no triples; write at least one or delete the file")


def syntax_message(name: str, error: SyntaxError) -> str:
    """Return one line that says where a file stops being Turtle and what to do."""
    what = re.sub(
        r"^Parser error at line \d+ (?:column \d+|between .*? and (?:line \d+ )?(?:column )?\d+): ", "", str(error.msg)
    )
    advice = "save it as UTF-8" if "UTF-8" in what else "mend the Turtle there"
    return f"{name}:{error.lineno or 1}:{error.offset or 1}: {' '.join(what.split())}; {advice}"


def write(statements: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples as sorted Turtle: used prefixes, ontology node, then subjects by name, `a` first.

    The same set of triples always gives the same text, blank nodes included (they are named by RDF canonicalisation).
    """
    writer = _Writer(prefixes)
    blocks = writer.blocks(quad.triple for quad in stable(Quad(t.subject, t.predicate, t.object) for t in statements))
    return _document(writer, blocks)


def formatted(path: Path, prefixes: Mapping[str, str], name: str) -> str:
    """Return a Turtle file's text in canonical form. Raises `DataError` where it has comments, which would be lost."""
    text = files.read(path, name).decode("utf-8", "replace")
    for match in _OPAQUE.finditer(text):
        if match.group().startswith("#"):
            line = text.count("\n", 0, match.start()) + 1
            raise DataError(
                f"{name}:{line}: has a comment, which formatting would lose; move it to skos:note or take it out"
            )
    return write(read(path, name), prefixes)


def write_trig(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> str:
    """Return quads as sorted TriG: the default graph, then the named graphs by name, each as `write` has it."""
    graphs: dict[str, list[Triple]] = defaultdict(list)
    for quad in stable(quads):
        graphs[getattr(quad.graph_name, "value", "")].append(quad.triple)
    writer = _Writer(prefixes)
    blocks = writer.blocks(graphs.pop("", []))
    for name in sorted(graphs):
        inner = "\n\n".join(writer.blocks(graphs[name]))
        blocks.append(f"{writer.iri(name)} {{\n{inner}\n}}")
    return _document(writer, blocks)


def _document(writer: _Writer, blocks: list[str]) -> str:
    head = "\n".join(f"@prefix {prefix}: <{writer.prefixes[prefix]}> ." for prefix in sorted(writer.used))
    return "\n\n".join([head, *blocks] if head else blocks) + "\n"


def stable(quads: Iterable[Quad]) -> list[Quad]:
    """Give blank nodes names that depend on the data alone; without blank nodes the quads stay as they are."""
    listed = list(quads)
    if not any(isinstance(term, BlankNode) for quad in listed for term in (quad.subject, quad.object)):
        return listed
    dataset = Dataset(listed)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def line(quad: Quad) -> str:
    """Return one N-Quads statement, an N-Triples one where the quad is in the default graph.

    >>> line(Quad(NamedNode("http://x/s"), NamedNode("http://x/p"), Literal("香", language="zh-hant")))
    '<http://x/s> <http://x/p> "香"@zh-Hant .'
    """
    name = getattr(quad.graph_name, "value", None)
    terms = [*(_full(term) for term in (quad.subject, quad.predicate, quad.object)), *([f"<{name}>"] if name else [])]
    return " ".join([*terms, "."])


def _full(term: Term) -> str:
    if isinstance(term, Literal) and term.language:
        text, _, tag = str(term).rpartition("@")
        return f"{text}@{language_tag(tag)}"
    return f"<<( {' '.join(map(_full, term))} )>>" if isinstance(term, Triple) else str(term)


def rdfxml(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples as RDF/XML, in the order given."""
    written = serialize(triples, format=RdfFormat.RDF_XML, prefixes=dict(prefixes))
    return (written or b"").decode("utf-8")


def language_tag(tag: str) -> str:
    """Return a language tag in the customary case, which carries no meaning but is what people expect to read.

    >>> language_tag("zh-hans"), language_tag("en-gb")
    ('zh-Hans', 'en-GB')
    """
    first, *rest = tag.split("-")
    return "-".join(
        [first.lower(), *({2: part.upper(), 4: part.title()}.get(len(part), part.lower()) for part in rest)]
    )


class _Writer:
    """Terms to Turtle text, remembering which prefixes were used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.used: set[str] = set()
        self._names: dict[str, str] = {}

    def blocks(self, statements: Iterable[Triple]) -> list[str]:
        """Return the triples as one block a subject, in order."""
        subjects: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for triple in statements:
            subjects[triple.subject][triple.predicate].add(triple.object)
        return [self.block(node, subjects[node]) for node in sorted(subjects, key=lambda s: self.rank(s, subjects[s]))]

    def block(self, subject: Term, properties: Mapping[NamedNode, set[Term]]) -> str:
        """Return one subject with its properties, one predicate a line."""
        lines = []
        for predicate in sorted(properties, key=lambda p: (p.value != TYPE, self.iri(p.value))):
            verb = "a" if predicate.value == TYPE else self.iri(predicate.value)
            objects = sorted(self.term(term) for term in properties[predicate])
            lines.append(f"{verb} {', '.join(objects)}")
        return f"{self.term(subject)} " + " ;\n    ".join(lines) + " ."

    def rank(self, subject: Term, properties: Mapping[NamedNode, set[Term]]) -> tuple[bool, str]:
        """Return the sorting key of a subject: the ontology node first, then by name."""
        types = properties.get(NamedNode(TYPE), set())
        return (NamedNode(_ONTOLOGY) not in types, self.term(subject))

    def term(self, term: Term) -> str:
        """Return any term as Turtle."""
        if isinstance(term, NamedNode):
            return self.iri(term.value)
        if isinstance(term, Triple):
            return f"<<( {' '.join(map(self.term, term))} )>>"
        return self.literal(term) if isinstance(term, Literal) else str(term)

    def iri(self, iri: str) -> str:
        """Return an IRI as a prefixed name where that is possible."""
        name = self._names.get(iri)
        if name is None:
            short = curie(iri, self.prefixes)
            if short:
                self.used.add(short.partition(":")[0])
            name = self._names[iri] = short or f"<{iri}>"
        return name

    def literal(self, literal: Literal) -> str:
        """Return a literal, bare where Turtle has a short form for exactly this text."""
        text, kind = literal.value, literal.datatype.value
        if kind in _BARE and _BARE[kind].fullmatch(text):
            return text
        quoted = f'"{_TO_ESCAPE.sub(_escape, text)}"'
        if literal.language:
            return f"{quoted}@{language_tag(str(literal).rpartition('@')[2])}"
        return quoted if kind == XSD + "string" else f"{quoted}^^{self.iri(kind)}"


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
