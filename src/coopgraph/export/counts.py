"""What is counted of the statements that are exported, for what is said of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.rdf.vocab import STANDARD, TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.export.sorted_lines import SortedLines

_HAS_SOURCE = f"<{STANDARD['oa']}hasSource> "
_A = f"<{TYPE}> "


class Counted(NamedTuple):
    """What is counted of statements: themselves and their subjects; predicates, classes and sources, as N-Triples."""

    triples: int
    subjects: int
    predicates: frozenset[str]
    classes: Mapping[str, int]
    sources: frozenset[str]


class Counts:
    """Counts the statements that are exported, terms as N-Triples has them."""

    def __init__(self, subjects: SortedLines) -> None:
        self._triples = 0
        self._predicates: set[str] = set()
        self._classes: Counter[str] = Counter()
        self._sources: set[str] = set()
        self._subjects = subjects

    def add(self, subject: str, statements: list[str]) -> None:
        """Count a subject and what is stated of it."""
        self._subjects.add(subject)
        self._triples += len(statements)
        self._predicates.update([statement[: statement.index(" ")] for statement in statements])
        for statement in statements:
            if statement.startswith(_A):
                self._classes[statement[len(_A) :]] += 1
            elif statement.startswith(_HAS_SOURCE):
                self._sources.add(statement[len(_HAS_SOURCE) :])

    def counted(self) -> Counted:
        """Return what has been counted."""
        return Counted(
            self._triples, self._subjects.different(), frozenset(self._predicates), self._classes,
            frozenset(self._sources),
        )  # fmt: skip
