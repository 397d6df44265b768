"""Commands that share the graph: its other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_store
from coopgraph.cli.options import OneOf, output_option, safe_cells_option
from coopgraph.cli.output import data_to

if TYPE_CHECKING:
    from collections.abc import Sequence


def _formats() -> Sequence[str]:
    from coopgraph.export import export

    return export.FORMATS


def _parts() -> Sequence[str]:
    from coopgraph.export import export

    return export.PARTS


@cli.command("export")
@click.option(
    "--format", "format_", default="turtle", show_default=True, metavar="FORMAT", type=OneOf("format", _formats),
    help="turtle, trig, nquads, ntriples, jsonld, jsonld-graphs, rdfxml, graphml, gexf, csv, excel-csv or node-link.",
)  # fmt: skip
@click.option(
    "--only", metavar="PART", type=OneOf("part", _parts),
    help="claims, direct, inferred, entities, ontology or tallies (RDF formats).",
)  # fmt: skip
@safe_cells_option
@output_option
def export_command(format_: str, only: str | None, safe_cells: bool, output: str | None) -> None:
    """Write the graph as Turtle, JSON-LD, CSV, GraphML ...

    The same graph gives the same bytes.
    """
    from coopgraph.export import export

    export.require(format_, only, safe_cells=safe_cells)
    with the_store() as store, data_to(output) as out:
        export.export(store, format_, out, only, safe_cells=safe_cells)
