"""Literals of a server that keeps their values in forms of its own, as the engine on this machine has them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from coopgraph.rdf.terms import Literal, NamedNode, Triple
from coopgraph.rdf.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

_INTEGER, _DECIMAL = NamedNode(XSD + "integer"), NamedNode(XSD + "decimal")
_REWRITTEN = {NamedNode(XSD + name) for name in ("boolean", "double", "float")}
_NARROW = range(-(2**31), 2**31)
"""Integers that Virtuoso keeps as such; those beyond it gives as decimals, and decimals like these really are some."""


def usual(term: Any) -> Any:
    """Return a literal in the form that the engine on this machine gives it, and all else as it is.

    >>> print(usual(Literal("1", datatype=NamedNode(XSD + "boolean"))))
    "true"^^<http://www.w3.org/2001/XMLSchema#boolean>
    >>> print(usual(Literal("3000000000", datatype=_DECIMAL)))
    "3000000000"^^<http://www.w3.org/2001/XMLSchema#integer>
    """
    if not isinstance(term, Literal):
        return term
    kind = term.datatype
    if kind == _DECIMAL and term.value.removeprefix("-").isdecimal() and int(term.value) not in _NARROW:
        return Literal(term.value, datatype=_INTEGER)
    return _kept(term) if kind in _REWRITTEN else term


def is_value(term: Any) -> bool:
    """Say whether a term is a number or boolean, which is matched by its value whatever its datatype."""
    return isinstance(term, Literal) and term.datatype in {_INTEGER, _DECIMAL, *_REWRITTEN}


@lru_cache(maxsize=10_000)
def _kept(literal: Literal) -> Literal:
    store, node = ox.Store(), NamedNode("x:s")
    store.add(ox.Quad(node, node, literal))
    kept: Literal = next(iter(store)).object
    return kept


def rows(solutions: Iterator[Any]) -> Iterator[Any]:
    """Yield rows with their literals as usual."""
    return (tuple(map(usual, row)) for row in solutions)


def triples(some: Iterator[Triple]) -> Iterator[Triple]:
    """Yield triples with their literals as usual."""
    return (Triple(triple.subject, triple.predicate, usual(triple.object)) for triple in some)
