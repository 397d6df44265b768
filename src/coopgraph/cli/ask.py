"""Commands that ask: questions, SPARQL, and what is known of an entity or between two."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, output_option, require, the_store, the_workspace
from coopgraph.cli.output import Form, count, print_lines, tell, typed, write_rows
from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from coopgraph.claims.query_file import QueryFile
    from coopgraph.rdf.terms import Term


@cli.command("questions")
@click.argument("name", required=False)
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def questions_command(name: str | None, format_: str | None) -> None:
    """List the named questions, or say what one of them asks and takes."""
    from coopgraph.ask import questions
    from coopgraph.rdf.terms import Literal

    if name:
        _explain(questions.find(the_workspace(), name))
        return
    rows = (
        [
            Literal(q.name),
            Literal(" ".join(p.name + ("?" if p.optional else "") for p in q.parameters)),
            Literal(q.summary),
        ]
        for q in questions.library(the_workspace())
    )
    write_rows(("question", "parameters", "summary"), rows, Form(format_), {})


def _explain(question: QueryFile) -> None:
    click.echo(f"{question.name}: {question.summary}\n")
    click.echo(question.description)
    for parameter in question.parameters:
        optional = ", optional" if parameter.optional else ""
        click.echo(f"  -p {parameter.name}=...  {parameter.text} ({parameter.kind}{optional})")


@cli.command("search")
@click.argument("text")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Things at most; 0 for all.")
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def search_command(text: str, limit: int, format_: str | None) -> None:
    """Find things by a part of a name in any language, and passages by words of their gists.

    Case and width do not matter, and nothing in TEXT is a sign for something else. Names that begin with it come first.
    """
    from coopgraph.ask import names

    with the_store() as store:
        rows = names.search(store, typed(text), limit + 1 if limit else sys.maxsize)
        if not rows:
            tell(f"nothing has {text!r} in a name or a gist")
        write_rows(names.FOUND, rows, Form(format_, limit=limit), store.prefixes)


@cli.command("query")
@click.argument("query", metavar="NAME|FILE.rq|-")
@click.option(
    "-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Bind a variable; may be repeated."
)
@click.option(
    "--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md; turtle or ntriples."
)
@click.option("-c", "--columns", metavar="A,B,...", help="Only these columns, in this order.")
@output_option
@click.option(
    "--timeout", type=click.FloatRange(min=0.001), default=60, show_default=True, help="Seconds until it is stopped."
)
@click.option(
    "--limit", type=click.IntRange(min=0), default=100_000, show_default=True, help="Rows at most; 0 for all."
)
def query_command(
    query: str,
    parameters: tuple[str, ...],
    format_: str | None,
    columns: str | None,
    output: str | None,
    timeout: float,
    limit: int,
) -> None:
    """Answer a named question, or run SPARQL from a file or from standard input (-).

    An entity is given as IRI, prefixed name, slug or label in any language: -p place=Liaoning, -p place=辽宁.
    The format is a table on a terminal, and otherwise JSON (Turtle for CONSTRUCT).
    """
    from coopgraph.cli.query import Asked, answer

    answer(Asked(query, parameters, format_, columns, output, timeout, limit), the_workspace(), the_store())


@cli.command("show")
@click.argument("entity")
def show_command(entity: str) -> None:
    """Say what is known of an entity, each line with source and paragraph."""
    from coopgraph.ask import names, sentences
    from coopgraph.store import extracts

    with the_store() as store:
        iri = names.resolve(store, typed(entity), "any")
        print_lines(sentences.about(iri, extracts.extract(store, about=iri)))


@cli.command("path")
@click.argument("start", metavar="A")
@click.argument("goal", metavar="B")
@click.option("--status", multiple=True, metavar="STATUS", help="Only claims of this status; may be repeated.")
@click.option("--most", type=click.IntRange(min=1), default=3, show_default=True, help="How many chains at most.")
def path_command(start: str, goal: str, status: tuple[str, ...], most: int) -> None:
    """Say how two entities are linked: chains of claims, the shortest first."""
    from coopgraph.ask.graph import CoopGraph
    from coopgraph.ask.sentences import chain

    with the_store() as store:
        graph = CoopGraph(store, the_workspace())
        start, goal = typed(start), typed(goal)
        extracted = graph.extract(status=status or None)
        found = graph.paths(start, goal, most=most, within=extracted)
        if not found:
            tell(
                f"nothing links {start!r} and {goal!r}"
                + (f" by claims that are {' or '.join(status)}" if status else "")
            )
        for number, steps in enumerate(found, 1):
            print_lines(chain(number, steps, extracted))


@cli.command("stats")
@click.option("--measures", is_flag=True, help="Measure the network instead: a row for each entity that claims link.")
@click.option("--by", metavar="MEASURE", help="Measure that rows are sorted by, the highest first [default: pagerank].")
@click.option("--top", type=click.IntRange(min=0), metavar="N", help="Rows at most; 0 for all [default: 20].")
@click.option("--status", multiple=True, metavar="STATUS", help="Only claims of this status; may be repeated.")
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def stats_command(
    measures: bool, by: str | None, top: int | None, status: tuple[str, ...], format_: str | None
) -> None:
    """Count what is in the graph: graphs, classes, claims by status and relation group.

    With --measures, say of each entity how central it is, what it hangs together with, and between how many regions it
    stands: degree, claims, pagerank, betweenness, component, community, regions, brokerage.
    """
    from coopgraph.ask.statistics import counts
    from coopgraph.rdf.terms import Literal, NamedNode
    from coopgraph.rdf.vocab import XSD

    if measures:
        _measure(by or "pagerank", 20 if top is None else top, status, Form(format_))
        return
    if by or top is not None or status:
        raise UsageError("--by, --top and --status go with --measures; add it")
    whole = NamedNode(XSD + "integer")
    with the_store() as store:
        rows: list[list[Term]] = [
            [Literal(kind), Literal(name), Literal(str(number), datatype=whole)] for kind, name, number in counts(store)
        ]
        write_rows(("what", "name", "number"), rows, Form(format_), store.prefixes)


def _measure(by: str, top: int, status: tuple[str, ...], form: Form) -> None:
    """Write the measures of the entities that come first by one of them, and say what the network is like."""
    from coopgraph.ask.results import row_writer
    from coopgraph.network import measures
    from coopgraph.store import extracts

    require("measure", by, measures.NAMES)
    row_writer(form.row_format)  # a wrong format is told before the work
    with the_store() as store:
        network = measures.network(store, extracts.select(status=status or None))
        found = measures.measure(network)
        rows = measures.rows(network, found, by)
        write_rows(measures.COLUMNS, rows[: top or None], form, store.prefixes)
        size = measures.summary(network, found)
        parts = (
            count(int(size["nodes"]), "entity", "entities"),
            count(int(size["links"]), "link"),
            count(int(size["components"]), "component"),
            count(int(size["communities"]), "community", "communities"),
        )
        shown = f"; {top} shown, --top 0 gives all" if 0 < top < len(rows) else ""
        tell(f"{', '.join(parts)} (modularity {size['modularity']}){shown}")
