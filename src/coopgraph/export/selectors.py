"""Where passages stand, in the form in which Web Annotation has it: a selector beside the positions of graph files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.rdf.terms import NamedNode, Quad
from coopgraph.rdf.vocab import STANDARD, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OA = STANDARD["oa"]
_SOURCE, _SELECTOR, _TEXT = (NamedNode(_OA + word) for word in ("hasSource", "hasSelector", "TextPositionSelector"))
_BOUNDS = frozenset(NamedNode(_OA + word) for word in ("start", "end"))
_TYPE = NamedNode(TYPE)


def added(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield quads, and for each passage the selector that its source and its bounds make."""
    for quad in quads:
        yield quad
        if quad.predicate != _SOURCE and quad.predicate not in _BOUNDS:
            continue
        if isinstance(quad.subject, NamedNode) and not quad.subject.value.endswith("#position"):
            selector = NamedNode(name(quad.subject.value))
            if quad.predicate in _BOUNDS:
                yield Quad(selector, quad.predicate, quad.object, quad.graph_name)
            else:
                yield Quad(quad.subject, _SELECTOR, selector, quad.graph_name)
                yield Quad(selector, _TYPE, _TEXT, quad.graph_name)


def name(passage: str) -> str:
    """Return the IRI of a passage's selector; an IRI has one # at the most, and the base may have it."""
    return f"{passage}{'-' if '#' in passage else '#'}position"
