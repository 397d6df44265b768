"""The RDF forms that the graph is written in: `WRITERS` has an `RdfWriter` for each name."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from coopgraph.export import turtle
from coopgraph.export.json_ld import JsonLd, JsonLdGraphs
from coopgraph.export.rdf_xml import RdfXml
from coopgraph.export.sorted_rdf import RdfWriter, Subjects

if TYPE_CHECKING:
    from collections.abc import Mapping


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


WRITERS: Mapping[str, type[RdfWriter]] = {
    "turtle": turtle.Turtle,
    "trig": turtle.Trig,
    "nquads": NQuads,
    "ntriples": NTriples,
    "jsonld": JsonLd,
    "jsonld-graphs": JsonLdGraphs,
    "rdfxml": RdfXml,
}
