"""Commands that show: what is known of a thing or between two, how much there is, and the picture."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from coopgraph.cli.group import cli, the_store, the_workspace
from coopgraph.cli.options import (
    TEXT,
    Number,
    OneOf,
    format_option,
    group_option,
    output_option,
    safe_cells_option,
    selection_options,
    status_option,
)
from coopgraph.cli.output import OutputOptions, count, data_to, print_lines, tell, write_rows
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgraph.rdf.terms import Term


@cli.command("show")
@click.argument("words", metavar="ENTITY", nargs=-1, required=True, type=TEXT)
@click.option("--all", "all_", is_flag=True, help="Every claim, on a terminal too.")
def show_command(words: tuple[str, ...], all_: bool) -> None:
    """Say what is known of a thing, and who says so.

    ENTITY is an IRI, prefixed name, slug or label in any language. Each claim is a line that ends with source and
    paragraph. On a terminal, of a thing with many claims those links are told that most claims state.
    """
    from coopgraph.ask import names, sentences
    from coopgraph.store import extracts

    with the_store() as store:
        iri = names.resolve(store, " ".join(words), "any")
        extracted = extracts.extract(store, about=iri)
        if all_ or len(extracted.claims) <= _FEW or not sys.stdout.isatty():
            print_lines(sentences.about(iri, extracted))
            return
        print_lines(sentences.in_short(iri, extracted))
        tell(f"all {len(extracted.claims)} claims: coopgraph show {shlex.quote(' '.join(words))} --all")


_FEW = 12
"""Claims of a thing that a terminal is shown all of."""


@cli.command("path")
@click.argument("start", metavar="A", type=TEXT)
@click.argument("goal", metavar="B", type=TEXT)
@status_option
@click.option("--most", metavar="N", type=Number(1), default=3, show_default=True, help="How many chains at most.")
def path_command(start: str, goal: str, status: tuple[str, ...], most: int) -> None:
    """Say how two things are linked.

    Chains of claims are given, the shortest first, each claim with its source and paragraph.
    """
    from coopgraph.ask.graph import CoopGraph
    from coopgraph.ask.sentences import chain

    with the_store() as store:
        graph = CoopGraph(store, the_workspace())
        extracted = graph.extract(status=status or None)
        chains = graph.paths(start, goal, most=most, within=extracted)
        if not chains:
            which = f" by claims that are {' or '.join(status)}" if status else ""
            tell(f"nothing links {start!r} and {goal!r}{which}")
        for number, steps in enumerate(chains, 1):
            print_lines(chain(number, steps, extracted))


def _measures() -> Sequence[str]:
    from coopgraph.network import measures

    return measures.NAMES


@cli.command("stats")
@click.option("--measures", is_flag=True, help="Measure the network instead: a row for each entity that claims link.")
@click.option(
    "--by", metavar="MEASURE", type=OneOf("measure", _measures),
    help="Measure that rows are sorted by, the highest first [default: pagerank].",
)  # fmt: skip
@click.option("--top", metavar="N", type=Number(0), help="Rows at most; 0 for all [default: 20].")
@status_option
@group_option
@format_option
@safe_cells_option
def stats_command(
    measures: bool, by: str | None, top: int | None, status: tuple[str, ...], group: tuple[str, ...],
    format_: str | None, safe_cells: bool,
) -> None:  # fmt: skip
    """Count what there is, or measure the network.

    Counted are graphs, classes, claims by status and relation group. With --measures, say of each entity how central it
    is, what it hangs together with, and between how many regions it stands: degree, claims, pagerank, betweenness,
    component, community, regions, brokerage.
    """
    options = OutputOptions(format_, safe_cells=safe_cells)
    if measures:
        _measure(by or "pagerank", 20 if top is None else top, status, group, options)
    elif by or top is not None or status or group:
        raise UsageError("--by, --top, --status and --group go with --measures; add it")
    else:
        _count(options)


def _count(options: OutputOptions) -> None:
    from coopgraph.ask.statistics import counts
    from coopgraph.rdf.terms import Literal, NamedNode
    from coopgraph.rdf.vocab import XSD

    whole = NamedNode(XSD + "integer")
    with the_store() as store:
        rows: list[list[Term]] = [
            [Literal(kind), Literal(name), Literal(str(number), datatype=whole)] for kind, name, number in counts(store)
        ]
        write_rows(("what", "name", "number"), rows, options, store.prefixes)


def _measure(by: str, top: int, status: tuple[str, ...], group: tuple[str, ...], options: OutputOptions) -> None:
    """Write the measures of the entities that come first by one of them, and say what the network is like."""
    from coopgraph.ask.selections import select
    from coopgraph.network import measures

    with the_store() as store:
        network = measures.network(store, select(store, status or None, group or None))
        values = measures.measure(network)
        rows = measures.rows(network, values, by)
        columns = tuple(dict.fromkeys(("label", by, *measures.NAMES)))
        write_rows(measures.COLUMNS, rows[: top or None], options._replace(shown=columns), store.prefixes)
        size = measures.summary(network, values)
    parts = (
        count(int(size["nodes"]), "entity", "entities"),
        count(int(size["links"]), "link"),
        count(int(size["components"]), "component"),
        count(int(size["communities"]), "community", "communities"),
    )
    shown = f"; {top} shown, --top 0 gives all" if 0 < top < len(rows) else ""
    tell(f"{', '.join(parts)} (modularity {size['modularity']}){shown}")


@cli.command("view")
@click.option(
    "--format", "format_", default="html", show_default=True, metavar="html|svg",
    type=OneOf("format", ("html", "svg")), help="A page, or a still picture.",
)  # fmt: skip
@click.option("--focus", metavar="ENTITY", type=TEXT, help="Only what lies around this entity.")
@click.option(
    "--hops", metavar="N", type=Number(0), default=1, show_default=True, help="Links to follow from the focus."
)
@click.option("--top", metavar="N", type=Number(1), help="Only the strongest pairs, up to about N links.")
@selection_options
@click.option("--story", metavar="FILE", help="Steps of a guided tour; by default story.toml of the workspace.")
@click.option(
    "--language", default="en", show_default=True, metavar="en|zh-Hans|zh-Hant", type=OneOf("language", LANGUAGES),
    help="Language of the page.",
)  # fmt: skip
@output_option
def view_command(format_: str, output: str | None, language: str, **selection: Any) -> None:
    """Draw the network: one HTML file that works offline.

    Every link in it opens the passage that states it.
    """
    from coopgraph.ask.graph import CoopGraph

    if output is None and sys.stdout.isatty():
        raise UsageError(f"a picture is not for a terminal; name a file, as in -o network.{format_}")
    options = {name: value for name, value in selection.items() if value not in (None, ())}
    with the_store() as store:
        view = CoopGraph(store, the_workspace()).view(language=language, **options)
        drawing = view.html() if format_ == "html" else view.svg()
        if view.message:
            tell(view.message)
    with data_to(output) as out:
        out.write(drawing)
