"""N-Triples and N-Quads, sorted: a line a statement."""

from __future__ import annotations

from typing import IO

from coopgraph.export.rdf_writer import RdfWriter, Subjects


class NTriples(RdfWriter):
    """N-Triples, sorted."""

    keeps_graphs = False

    def record(self, graph: str, subject: str, statements: list[str]) -> str:
        """Return the subject, and what follows it in each line."""
        end = f" <{graph}> ." if graph else " ."
        between = f"{end}\t"
        return f"{subject}\t{between.join(statements)}{end}"

    def write(self, subjects: Subjects, out: IO[str]) -> None:
        """Write a line a statement."""
        for subject, statements in subjects:
            between = f"\n{subject} "
            out.write(f"{subject} {between.join(statements)}\n")


class NQuads(NTriples):
    """N-Quads, sorted."""

    keeps_graphs = True
