"""RDF 1.2: each claim as a reifier, with a triple term in place of `rdf:subject`, `rdf:predicate` and `rdf:object`."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from coopgraph.export import turtle_writer
from coopgraph.export.n_triples import NTriples
from coopgraph.rdf.vocab import RDF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgraph.export.rdf_writer import Subjects

_PARTS = tuple(f"<{RDF}{name}>" for name in ("subject", "predicate", "object"))
_REIFIES = f"<{RDF}reifies>"


class ReifiedNTriples(NTriples):
    """N-Triples 1.2, sorted."""

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write a line a statement."""
        super().write(_reified(subjects, [f"{part} " for part in _PARTS], f"{_REIFIES} ", " ."), out)


class ReifiedTurtle(turtle_writer.Turtle):
    """Turtle 1.2, sorted as Turtle is."""

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write the prefixes, then a block a subject."""
        if all(part in self.verbs for part in _PARTS):
            verbs = [f"{self.verbs[part]}{turtle_writer.PARTED}" for part in _PARTS]
            subjects = _reified(subjects, verbs, f"{self.name(_REIFIES)}{turtle_writer.PARTED}")
        super().write(subjects, out)


class ReifiedTrig(ReifiedTurtle):
    """TriG 1.2, sorted as TriG is."""

    keeps_graphs = True


def _reified(subjects: Subjects, verbs: Sequence[str], reifies: str, end: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the subjects, those that have one of each part of a triple with the triple term instead.

    `verbs` are those of the parts, and `reifies` that of the triple term, each with what parts it from its object; a
    statement has `end` after its object.
    """
    for key, statements in subjects:
        parts = [[statement for statement in statements if statement.startswith(verb)] for verb in verbs]
        if all(len(several) == 1 for several in parts):
            pairs = zip(parts, verbs, strict=True)
            terms = " ".join(part.removeprefix(verb).removesuffix(end) for (part,), verb in pairs)
            left = {statement for statement in statements if not statement.startswith(tuple(verbs))}
            yield key, sorted({*left, f"{reifies}<<( {terms} )>>{end}"})
        else:
            yield key, statements
