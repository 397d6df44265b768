"""Commands that give the graph away: other forms, and the picture."""

from __future__ import annotations

import click

from coopgraph.cli.group import cli, output_option, the_store, the_workspace


@cli.command("export")
@click.option("--format", "format_", default="turtle", show_default=True, metavar="FORMAT",
              help="turtle, trig, nquads, ntriples, jsonld, rdfxml, graphml, gexf, csv or node-link.")  # fmt: skip
@click.option("--only", metavar="PART", help="claims, direct, inferred, entities or ontology (RDF formats).")
@output_option
def export_command(format_: str, only: str | None, output: str | None) -> None:
    """Write the graph in another form, always the same bytes for the same graph."""
    from coopgraph.export import export, require
    from coopgraph.output import text_to

    require(format_, only)
    with the_store() as store, text_to(output) as out:
        export(store, format_, out, only)


@cli.command("view")
@click.option(
    "--format", "format_", default="html", show_default=True, metavar="html|svg", help="A page, or a still picture."
)
@click.option("--status", multiple=True, metavar="STATUS", help="Only claims of this status; may be repeated.")
@click.option("--group", multiple=True, metavar="GROUP", help="Only this relation group; may be repeated.")
@click.option("--source", multiple=True, metavar="SOURCE", help="Only claims of this source; may be repeated.")
@click.option("--since", type=int, metavar="YEAR", help="Only claims that hold in this year or later.")
@click.option("--until", type=int, metavar="YEAR", help="Only claims that hold in this year or earlier.")
@output_option
def view_command(
    format_: str, output: str | None, since: int | None, until: int | None, **chosen: tuple[str, ...]
) -> None:
    """Draw the graph as one HTML file that works offline, every link opening the passage that states it."""
    from coopgraph import view
    from coopgraph.graph import CoopGraph
    from coopgraph.output import text_to

    with the_store() as store:
        graph = CoopGraph(store, the_workspace())
        selection = {name: values or None for name, values in chosen.items()}
        extracted = graph.extract(since=since, until=until, **selection)
        with text_to(output) as out:
            out.write(view.page(extracted))
