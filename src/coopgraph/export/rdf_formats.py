"""The RDF forms that the graph is written in: `WRITERS` has an `RdfWriter` for each name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.export import reifiers, turtle_writer
from coopgraph.export.json_ld import JsonLd, JsonLdGraphs
from coopgraph.export.n_triples import NQuads, NTriples
from coopgraph.export.rdf_xml import RdfXml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.export.rdf_writer import RdfWriter

WRITERS: Mapping[str, type[RdfWriter]] = {
    "turtle": turtle_writer.Turtle,
    "trig": turtle_writer.Trig,
    "nquads": NQuads,
    "ntriples": NTriples,
    "jsonld": JsonLd,
    "jsonld-graphs": JsonLdGraphs,
    "rdfxml": RdfXml,
    "turtle-1.2": reifiers.ReifiedTurtle,
    "trig-1.2": reifiers.ReifiedTrig,
    "ntriples-1.2": reifiers.ReifiedNTriples,
}
