"""What a way to write RDF has to be able to do, and how it takes apart the statements that it is given."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import IO, TYPE_CHECKING, ClassVar, TypeAlias

from pyoxigraph import RdfFormat, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgraph.rdf.terms import Triple

Subjects: TypeAlias = "Iterable[tuple[str, list[str]]]"
"""Sorting key of a subject -> what is stated of it, sorted, each once."""


class RdfWriter(ABC):
    """A way to write statements. `keeps_graphs` says whether it tells in which graph each stands; else that is "".

    `heads` are the ontology nodes, each as (graph, N-Triples text): what has an order of its own puts them first.
    """

    keeps_graphs: ClassVar[bool]

    def __init__(self, prefixes: Mapping[str, str], heads: frozenset[tuple[str, str]] = frozenset()) -> None:
        self.prefixes, self.heads = prefixes, heads

    @abstractmethod
    def record(self, graph: str, subject: str, statements: list[str]) -> str:
        """Return the sorting key of a subject and what is stated of it, each after a tab, without a line feed.

        The subject, and each predicate with its object, are given as N-Triples has them.
        """

    @abstractmethod
    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write all that has been recorded."""


def statements_of(subject: str, statements: Iterable[str]) -> Iterator[Triple]:
    """Yield the triples of a subject and what is stated of it."""
    text = "".join([f"{subject} {statement} .\n" for statement in statements])
    return (quad.triple for quad in parse(text, format=RdfFormat.N_TRIPLES))


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def unescaped(text: str) -> str:
    r"""Return the text of a literal, given what N-Triples has between the quotes.

    >>> unescaped(r"a\u00e9\"b")
    'aé"b'
    """
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), text)


def parts(term: str) -> list[str]:
    """Return subject, predicate and object of an N-Triples triple term."""
    return term.removeprefix("<<( ").removesuffix(" )>>").split(" ", 2)
