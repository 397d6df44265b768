"""Commands that ask: questions, SPARQL, and what is known of an entity or between two."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coopgraph.cli.group import Form, cli, output_option, print_lines, tell, the_store, the_workspace, typed, write_rows
from coopgraph.errors import DataError, QueryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgraph.questions import Question
    from coopgraph.terms import Term


@cli.command("questions")
@click.argument("name", required=False)
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def questions_command(name: str | None, format_: str | None) -> None:
    """List the named questions, or say what one of them asks and takes."""
    from coopgraph import questions
    from coopgraph.terms import Literal

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


def _explain(question: Question) -> None:
    click.echo(f"{question.name}: {question.summary}\n")
    click.echo(question.description)
    for parameter in question.parameters:
        optional = ", optional" if parameter.optional else ""
        click.echo(f"  -p {parameter.name}=...  {parameter.text} ({parameter.kind}{optional})")


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
    from coopgraph import questions, sparql
    from coopgraph.watch import watched

    values = _pairs(parameters)
    question = _question(query)
    with the_store() as store, watched(timeout):
        if question.parameters or question.header:
            bindings = questions.bind(question, values, store)
        else:
            bindings = questions.free_bindings(values, store, sparql.variables(question.sparql))
        form = Form(format_, output, limit, tuple(columns.split(",")) if columns else ())
        try:
            answer = store.query(question.sparql, bindings)
        except QueryError as error:
            raise QueryError(f"{query}: {error}") from error
        _answer(answer, form, store.prefixes, lambda names, rows: questions.asked(question, values, names, rows))


def _question(text: str) -> Question:
    from coopgraph import questions

    if text == "-":
        return questions.parse(_standard_input(), "standard input")
    if text.endswith(".rq") or "/" in text:
        return questions.read(Path(text))
    if "{" in text:
        raise UsageError("SPARQL text is read from a file or standard input: echo '...' | coopgraph query -")
    return questions.find(the_workspace(), typed(text))


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"standard input: is not UTF-8 at byte {error.start}; send UTF-8") from error


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in map(typed, parameters):
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {text}: is not name=value; write -p place=Liaoning")
        if name in values:
            raise UsageError(f"-p {name} is given twice; give it once")
        values[name] = value
    return values


def _answer(answer: Any, form: Form, prefixes: dict[str, str], asked: Callable[..., tuple[Any, Any]]) -> None:
    """Write what a query gave: rows (the columns that were asked for), triples or yes and no."""
    from coopgraph import results
    from coopgraph.files import text_to

    if hasattr(answer, "variables"):
        columns, rows = asked([variable.value for variable in answer.variables], answer)
        write_rows(columns, rows, form, prefixes)
    elif hasattr(answer, "__next__"):
        format_ = form.format_ or "turtle"
        results.check_triple_format(format_)
        with text_to(form.output) as out:
            results.write_triples(answer, out, prefixes, format_)
    else:
        results.row_writer(form.row_format)
        with text_to(form.output) as out:
            results.write_boolean(bool(answer), out, form.row_format)


@cli.command("show")
@click.argument("entity")
def show_command(entity: str) -> None:
    """Say what is known of an entity, each line with source and paragraph."""
    from coopgraph import names, records, wording

    with the_store() as store:
        iri = names.resolve(store, typed(entity), "any")
        print_lines(wording.about(iri, records.extract(store, about=iri)))


@cli.command("path")
@click.argument("start", metavar="A")
@click.argument("goal", metavar="B")
@click.option("--status", multiple=True, metavar="STATUS", help="Only claims of this status; may be repeated.")
@click.option("--most", type=click.IntRange(min=1), default=3, show_default=True, help="How many chains at most.")
def path_command(start: str, goal: str, status: tuple[str, ...], most: int) -> None:
    """Say how two entities are linked: chains of claims, the shortest first."""
    from coopgraph.graph import CoopGraph
    from coopgraph.wording import chain

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
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def stats_command(format_: str | None) -> None:
    """Count what is in the graph: graphs, classes, claims by status and relation group."""
    from coopgraph import records
    from coopgraph.terms import Literal, NamedNode
    from coopgraph.vocab import XSD

    whole = NamedNode(XSD + "integer")
    with the_store() as store:
        rows: list[list[Term]] = [
            [Literal(kind), Literal(name), Literal(str(number), datatype=whole)]
            for kind, name, number in records.counts(store)
        ]
        write_rows(("what", "name", "number"), rows, Form(format_), store.prefixes)
