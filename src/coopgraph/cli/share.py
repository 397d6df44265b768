"""Commands that share the graph: its other forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coopgraph.cli.group import cli, the_store
from coopgraph.cli.options import OneOf, output_option, safe_cells_option, selection_options
from coopgraph.cli.output import bytes_to, data_to
from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence


def _formats() -> Sequence[str]:
    from coopgraph.export import export

    return export.ALL


def _parts() -> Sequence[str]:
    from coopgraph.export import export

    return export.PARTS


@cli.command("export")
@click.option(
    "--format", "format_", default="turtle", show_default=True, metavar="FORMAT", type=OneOf("format", _formats),
    help="turtle, trig, nquads, ntriples, jsonld, jsonld-graphs or rdfxml; turtle-1.2, trig-1.2 or ntriples-1.2 with "
    "claims as reifiers; nanopub; csv, excel-csv, parquet, arrow, graphml, gexf or node-link; duckdb (-o FILE); or a "
    "folder of files (-o DIR): datapackage, csvw, croissant or ro-crate.",
)  # fmt: skip
@click.option(
    "--only", metavar="PART", type=OneOf("part", _parts),
    help="claims, direct, inferred, entities, ontology or tallies (RDF formats).",
)  # fmt: skip
@selection_options
@safe_cells_option
@output_option
def export_command(format_: str, only: str | None, safe_cells: bool, output: str | None, **selection: Any) -> None:
    """Write the graph as Turtle, JSON-LD, CSV, Parquet, GraphML ...

    The same graph gives the same bytes. Forms of claims (all but RDF) take a selection.
    """
    from coopgraph.ask import selections
    from coopgraph.export import export

    if format_ in export.FOLDERS and output in (None, "-"):
        raise UsageError(f"{format_} is a folder of several files; name it with -o DIR")
    if format_ == export.DUCKDB and output in (None, "-"):
        raise UsageError(f"{format_} is a file and no stream; name it with -o FILE")
    export.require(format_, only, safe_cells=safe_cells)
    with the_store() as store:
        chosen = selections.select(store, **{name: value or None for name, value in selection.items()})
        export.require(format_, only, safe_cells=safe_cells, selection=chosen)
        if format_ in (*export.FOLDERS, export.DUCKDB):
            export.export_to(store, format_, str(output), chosen)
            return
        if format_ in export.COLUMNS:
            with bytes_to(output, format_) as binary:
                export.export_bytes(store, format_, binary, chosen)
            return
        with data_to(output) as out:
            export.export(store, format_, out, only, safe_cells=safe_cells, selection=chosen)
