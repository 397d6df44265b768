"""Commands that give the graph away: other forms, and the picture."""

from __future__ import annotations

from typing import Any

import click

from coopgraph.cli.group import cli, output_option, require, the_store, the_workspace
from coopgraph.cli.output import tell
from coopgraph.rdf.vocab import LANGUAGES


@cli.command("export")
@click.option("--format", "format_", default="turtle", show_default=True, metavar="FORMAT",
              help="turtle, trig, nquads, ntriples, jsonld, rdfxml, graphml, gexf, csv or node-link.")  # fmt: skip
@click.option("--only", metavar="PART", help="claims, direct, inferred, entities, ontology or tallies (RDF formats).")
@output_option
def export_command(format_: str, only: str | None, output: str | None) -> None:
    """Write the graph in another form, always the same bytes for the same graph."""
    from coopgraph.export import export
    from coopgraph.files import text_to

    export.require(format_, only)
    with the_store() as store, text_to(output) as out:
        export.export(store, format_, out, only)


@cli.command("view")
@click.option(
    "--format", "format_", default="html", show_default=True, metavar="html|svg", help="A page, or a still picture."
)
@click.option("--focus", metavar="ENTITY", help="Only what lies around this entity.")
@click.option(
    "--hops", type=click.IntRange(min=0), default=1, show_default=True, help="Links to follow from the focus."
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the strongest pairs, up to about N links.")
@click.option("--status", multiple=True, metavar="STATUS", help="Only claims of this status; may be repeated.")
@click.option("--group", multiple=True, metavar="GROUP", help="Only this relation group; may be repeated.")
@click.option("--field", multiple=True, metavar="FIELD", help="Only claims that name this field; may be repeated.")
@click.option("--source", multiple=True, metavar="SOURCE", help="Only claims of this source; may be repeated.")
@click.option("--since", type=int, metavar="YEAR", help="Only dated claims that hold in this year or later.")
@click.option("--until", type=int, metavar="YEAR", help="Only dated claims that hold in this year or earlier.")
@click.option("--story", metavar="FILE", help="Steps of a guided tour; by default story.toml of the workspace.")
@click.option("--language", default="en", show_default=True, metavar="en|zh-Hans|zh-Hant", help="Language of the page.")
@output_option
def view_command(format_: str, output: str | None, language: str, **chosen: Any) -> None:
    """Draw the graph as one HTML file that works offline, every link opening the passage that states it."""
    from coopgraph.ask.graph import CoopGraph
    from coopgraph.files import text_to

    require("format", format_, ("html", "svg"))
    require("language", language, LANGUAGES)
    options = {name: value for name, value in chosen.items() if value not in (None, ())}
    with the_store() as store:
        view = CoopGraph(store, the_workspace()).view(language=language, **options)
        drawn = view.html() if format_ == "html" else view.svg()
        if view.message:
            tell(view.message)
    with text_to(output) as out:
        out.write(drawn)
