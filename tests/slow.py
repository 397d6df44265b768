"""How graphs are written sorted, the plain way: all of it in memory, term by term. What is fast has to equal it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import CanonicalizationAlgorithm, Dataset

from coopgraph.rdf import blank_nodes
from coopgraph.rdf.terms import Literal, NamedNode, Quad, Term, Triple, curie, language_tag
from coopgraph.rdf.vocab import STANDARD, TYPE, XSD

_BARE = {"integer": r"[+-]?[0-9]+", "decimal": r"[+-]?[0-9]*\.[0-9]+", "boolean": r"true|false"}
_NAMED = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\b": r"\b", "\f": r"\f"}
_HIDDEN = re.compile(r'["\\\x00-\x1f\x7f\x85\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]')


def merged(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads without their graphs."""
    return [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with blank nodes named as RDFC-1.0 says, the same for all quads that mean the same."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def lines(quads: Iterable[Quad]) -> str:
    """Return sorted N-Quads."""
    return "".join(sorted({f"{_line(quad)}\n" for quad in blank_nodes.named(quads)}))


def _line(quad: Quad) -> str:
    target = quad.object
    text = str(target)
    if isinstance(target, Literal) and target.language:
        text = f"{text.rpartition('@')[0]}@{language_tag(target.language)}"
    graph = [str(quad.graph_name)] if isinstance(quad.graph_name, NamedNode) else []
    return " ".join([str(quad.subject), str(quad.predicate), text, *graph, "."])


def trig(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> str:
    """Return sorted TriG, or Turtle where all is in the default graph."""
    graphs: dict[str, list[Quad]] = defaultdict(list)
    for quad in blank_nodes.named(quads):
        graphs[getattr(quad.graph_name, "value", "")].append(quad)
    used: set[str] = set()
    blocks = _blocks(graphs.pop("", []), prefixes, used)
    for name in sorted(graphs):
        inner = "\n\n".join(_blocks(graphs[name], prefixes, used))
        blocks.append(f"{_term(NamedNode(name), prefixes, used)} {{\n{inner}\n}}")
    head = "\n".join(f"@prefix {prefix}: <{prefixes[prefix]}> ." for prefix in sorted(used))
    return "\n\n".join([head, *blocks] if head else blocks) + "\n"


def _blocks(quads: Iterable[Quad], prefixes: Mapping[str, str], used: set[str]) -> list[str]:
    subjects: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        subjects[quad.subject][quad.predicate].add(quad.object)
    ontology, a = NamedNode(STANDARD["owl"] + "Ontology"), NamedNode(TYPE)

    def rank(subject: Term) -> tuple[bool, str]:
        return ontology not in subjects[subject].get(a, ()), _term(subject, prefixes, used)

    blocks = []
    for subject in sorted(subjects, key=rank):
        stated = []
        for verb in sorted(subjects[subject], key=lambda verb: (verb != a, _term(verb, prefixes, used))):
            targets = sorted(_term(target, prefixes, used) for target in subjects[subject][verb])
            stated.append(f"{'a' if verb == a else _term(verb, prefixes, used)} {', '.join(targets)}")
        blocks.append(f"{_term(subject, prefixes, used)} " + " ;\n    ".join(stated) + " .")
    return blocks


def _term(term: Term, prefixes: Mapping[str, str], used: set[str]) -> str:
    if isinstance(term, NamedNode):
        short = curie(term.value, prefixes)
        if short:
            used.add(short.partition(":")[0])
        return short or str(term)
    if isinstance(term, Triple):
        return f"<<( {' '.join(_term(part, prefixes, used) for part in term)} )>>"
    if not isinstance(term, Literal):
        return str(term)
    kind = term.datatype.value
    if kind.startswith(XSD) and re.fullmatch(_BARE.get(kind.removeprefix(XSD), "(?!)"), term.value):
        return term.value
    quoted = f'"{_HIDDEN.sub(lambda found: _escape(found.group()), term.value)}"'
    if term.language:
        return f"{quoted}@{language_tag(term.language)}"
    return quoted if kind == XSD + "string" else f"{quoted}^^{_term(term.datatype, prefixes, used)}"


def _escape(character: str) -> str:
    return _NAMED.get(character) or f"\\u{ord(character):04X}"
