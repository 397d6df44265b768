"""What is said of one thing in triples, as accept wrote it or is to write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgraph.rdf.terms import Term

PASSAGE = STANDARD["prov"] + "wasDerivedFrom"
"""Leads from a claim to its passages."""
Terms = list[tuple[str, "Term"]]
"""What is said of one thing: predicates (IRIs) and objects."""


@dataclass(slots=True)
class Entry:
    """What is said of one thing, for which proposals (ids) it stands where it is a claim, and a new thing's name."""

    terms: Terms = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all of the thing is said here, and not only something beside what a file says of it."""
        return any(predicate == TYPE for predicate, _ in self.terms)

    @property
    def key(self) -> frozenset[tuple[str, str]]:
        """What a claim says, its passages aside."""
        return frozenset((predicate, value(term)) for predicate, term in self.terms if predicate != PASSAGE)


class StatedClaim(NamedTuple):
    """A claim as it is to be said: who proposed it (id), what it says, and one of its passages (IRI).

    `qualifiers` are what a person said beside its ends, `more` what its figure says itself, as predicates and values.
    """

    proposal: str
    entry: Entry
    passage: str
    qualifiers: frozenset[tuple[str, str]] = frozenset()
    more: frozenset[tuple[str, str]] = frozenset()


def statements_of(of: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield what a claim of a graph file says with each passage; its status may have been mended there."""
    stated = dict(of)
    ends = tuple(stated.get(RDF + name, "") for name in ("subject", "predicate", "object"))
    yield from ((*ends, target) for predicate, target in of if predicate == PASSAGE)


def without_passages(of: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return what is said of a claim but for its passages."""
    return frozenset(each for each in of if each[0] != PASSAGE)


def kind_of(iri: str, prefixes: Mapping[str, str]) -> str:
    """Return the kind of entity that an IRI is one of, empty for none."""
    return next((kind for kind in vocab.ENTITY_KINDS if iri.startswith(prefixes[kind])), "")
