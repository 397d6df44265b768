"""Triple patterns: what a rule reads and gives, matched against the triples that come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from coopgraph.rdf.terms import NamedNode, Triple, expand
from coopgraph.rdf.vocab import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Pattern: TypeAlias = tuple[NamedNode | str, NamedNode | str, NamedNode | str]
"""A triple whose places hold an IRI, or a variable by its name."""


def patterns(tokens: Iterable[tuple[str, str, int]], prefixes: Mapping[str, str]) -> tuple[Pattern, ...]:
    """Return the triple patterns that tokens of SPARQL spell in full, none where some are of another kind."""
    terms: list[NamedNode | str] = []
    for kind, text, _ in tokens:
        if text == ".":
            continue
        iri = TYPE if text == "a" else expand(text, prefixes) if kind in ("iri", "name") else None
        if text[0] in "?$":
            terms.append(text[1:])
        elif iri is None:
            return ()
        else:
            terms.append(NamedNode(iri))
    if len(terms) % 3:
        return ()
    return tuple((terms[at], terms[at + 1], terms[at + 2]) for at in range(0, len(terms), 3))


def bound(pattern: Pattern, triple: Triple) -> dict[str, NamedNode] | None:
    """Return what a triple binds a pattern's variables to, None where it does not match."""
    bindings: dict[str, NamedNode] = {}
    for place, term in zip(pattern, triple, strict=True):
        if isinstance(place, NamedNode):
            if place != term:
                return None
        elif not isinstance(term, NamedNode) or bindings.setdefault(place, term) != term:
            return None
    return bindings
