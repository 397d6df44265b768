"""Commands that ask: named questions, SPARQL, and names of things."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coopgraph import files
from coopgraph.claims import query_file
from coopgraph.cli.group import cli, the_store, the_workspace
from coopgraph.cli.options import (
    TEXT,
    OneOf,
    Text,
    as_of_option,
    format_option,
    limit_option,
    limits_options,
    output_option,
    safe_cells_option,
)
from coopgraph.cli.output import OutputOptions, data_to, print_lines, tell, write_rows
from coopgraph.errors import QueryError, UsageError, short
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from click.shell_completion import CompletionItem

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Term
    from coopgraph.store.interface import Store


class QuestionName(Text):
    """The name of a question, which the shell completes."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names of questions that begin as what is typed, and then files."""
        from click.shell_completion import CompletionItem

        with ctx.scope(cleanup=False):
            names = [path.stem for path in the_workspace().query_files()]
        items = [CompletionItem(name) for name in names if name.startswith(incomplete)]
        return items or [CompletionItem(incomplete, type="file")]


@cli.command("questions", local=True)
@click.argument("name", required=False, type=QuestionName())
@format_option
@safe_cells_option
def questions_command(name: str | None, format_: str | None, safe_cells: bool) -> None:
    """List the named questions, or explain one.

    With NAME, say what that question asks, which parameters it takes and which columns it gives.
    """
    from coopgraph.ask import questions

    options = OutputOptions(format_, safe_cells=safe_cells)
    if name is None:
        library = questions.library(the_workspace())
        rows = ((q.name, " ".join(map(_signature, q.parameters)), q.summary) for q in library)
        _write_texts(("question", "parameters", "summary"), rows, options)
        return
    question = questions.find(the_workspace(), name)
    if options.format is None:
        print_lines(_explanation(question))
    else:
        parameters = ((p.name, p.kind, "" if p.optional else "yes", p.text) for p in question.parameters)
        _write_texts(("parameter", "kind", "needed", "text"), parameters, options)


def _signature(parameter: Parameter) -> str:
    return parameter.name + ("?" if parameter.optional else "")


def _write_texts(columns: Sequence[str], rows: Iterable[tuple[str, ...]], options: OutputOptions) -> None:
    from coopgraph.rdf.terms import Literal

    terms: Iterable[list[Term]] = ([Literal(text) for text in row] for row in rows)
    write_rows(columns, terms, options, {})


def _explanation(question: QueryFile) -> Iterator[str]:
    from coopgraph.ask import columns

    yield f"{question.name}: {question.summary}"
    yield ""
    yield question.description
    if question.parameters:
        yield from ("", "Parameters")
        yield from _aligned((f"-p {p.name}=...", _parameter(p)) for p in question.parameters)
    if there := columns.of(question):
        starred = " (* on a terminal; elsewhere, and with --all-columns, all)" if question.columns else ""
        yield from ("", f"Columns{starred}")
        yield from _aligned(_column(question, name, there) for name in there if not _is_label(name, there))
    yield from ("", "Example", f"  {_example(question)}")


def _parameter(parameter: Parameter) -> str:
    listed = f": {', '.join(parameter.choices)}" if parameter.choices else ""
    return f"{parameter.text} ({parameter.kind}{', optional' if parameter.optional else ''}){listed}"


def _is_label(name: str, columns: Sequence[str]) -> bool:
    """Say whether a column only names what another column has."""
    return name.endswith("Label") and name.removesuffix("Label") in columns


def _column(question: QueryFile, name: str, there: Sequence[str]) -> tuple[str, str]:
    """Return a column, with that of its names where there is one, and what it has."""
    from coopgraph.ask import columns

    both = [name, *(each for each in (f"{name}Label",) if each in there)]
    mark = "* " if set(both) & set(question.columns) else "  "
    return mark + ", ".join(both), columns.meaning(question, name)


def _example(question: QueryFile) -> str:
    """Return a command that asks a question: with the values that its header gives, or else with what to fill in."""
    import shlex

    values = shlex.split(question.header.get("example", ""))
    needed = [f"{parameter.name}=..." for parameter in question.parameters if not parameter.optional]
    given = [f"-p {name}={shlex.quote(text)}" for name, _, text in (each.partition("=") for each in values or needed)]
    return " ".join(["coopgraph query", shlex.quote(question.name), *given])


def _aligned(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield names with their texts, these below one another."""
    listed = list(pairs)
    width = max(len(name) for name, _ in listed)
    return (f"  {name:<{width}}  {text}".rstrip() for name, text in listed)


def _query_formats() -> Sequence[str]:
    from coopgraph.ask.row_formats import FORMATS

    return FORMATS


@cli.command("query")
@click.argument("query", metavar="NAME|FILE.rq|-", type=QuestionName())
@click.option(
    "-p", "--parameter", "parameters", metavar="NAME=VALUE", type=TEXT, multiple=True,
    help="Bind a variable; may be repeated.",
)  # fmt: skip
@click.option(
    "--format", "format_", metavar="FORMAT", type=OneOf("format", _query_formats),
    help="table, json, jsonl, csv, excel-csv, tsv, xml, md, parquet or arrow; turtle or ntriples.",
)  # fmt: skip
@as_of_option("Ask of this date, where the question takes one.")
@click.option("-c", "--columns", metavar="A,B,...", type=TEXT, multiple=True, help="Only these columns, in this order.")
@click.option("--all-columns", is_flag=True, help="All columns, on a terminal too.")
@safe_cells_option
@output_option
@limits_options
@limit_option(100_000)
def query_command(
    query: str,
    parameters: tuple[str, ...],
    format_: str | None,
    as_of: str | None,
    columns: tuple[str, ...],
    all_columns: bool,
    safe_cells: bool,
    output: str | None,
    limit: int,
) -> None:
    """Answer a named question, or any SPARQL.

    SPARQL is read from FILE.rq or from standard input (-). An entity is given as IRI, prefixed name, slug or label in
    any language: -p place=Liaoning, -p place=辽宁. The format is a table on a terminal, with the columns that the
    question names for it, and otherwise JSON with all columns (Turtle for CONSTRUCT); `coopgraph questions NAME`
    explains them.
    """
    from coopgraph.ask import questions
    from coopgraph.rdf import sparql

    values = _values(parameters)
    chosen = tuple(name.strip() for name in ",".join(columns).split(",")) if columns else ()
    if chosen and all_columns:
        raise UsageError("-c chooses columns, and --all-columns takes all; leave one out")
    space = the_workspace()
    question = _question(query, space)
    options = OutputOptions(format_, output, limit, chosen, safe_cells)
    if options.row_format == "table":
        options = (
            options._replace(format="table") if all_columns else options._replace(shown=question.columns, more=_MORE)
        )
    if as_of:
        values[questions.of_date(question)] = as_of
    with the_store(space) as store, limits.limited("the query"):
        store.seconds = limits.limits().seconds
        if question.parameters or question.header:
            bindings = questions.bind(question, values, store, option="-p ")
        else:
            bindings = questions.free_bindings(values, store, sparql.variables(question.sparql))
        try:
            answer = store.query(question.sparql, bindings)
        except QueryError as error:
            raise QueryError(f"{_place(query, str(error))}{error}") from error
        about = {"query": question.sparql, **({"parameters": " ".join(parameters)} if parameters else {})}
        _write(answer, options, store, about, lambda names, rows: questions.asked(question, values, names, rows))


_MORE = "--all-columns shows all, -c chooses"


def _place(query: str, message: str) -> str:
    """Return where a query is wrong: its file, and before the line and column that a message begins with."""
    name = "standard input" if query in ("-", "/dev/stdin") else query
    return f"{name}:" if re.match(r"\d+:\d+: ", message) else f"{name}: "


def _question(text: str, workspace: Workspace) -> QueryFile:
    """Return the query that a file, standard input or the library has."""
    from coopgraph.ask import questions

    if text in ("-", "/dev/stdin"):
        return query_file.parse(files.read_standard_input(), "standard input")
    if text.endswith(".rq") and not Path(text).exists() and workspace.query_file(text.removesuffix(".rq")):
        raise UsageError(f"{text}: there is no such file; the question is called {text.removesuffix('.rq')}")
    if text.endswith(".rq") or "/" in text:
        return query_file.read(Path(text))
    if "{" in text:
        raise UsageError("SPARQL text is read from a file or standard input: echo '...' | coopgraph query -")
    return questions.find(workspace, text)


def _values(parameters: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {short(text)}: is not name=value; write -p place=Liaoning")
        if name in values:
            raise UsageError(f"-p {name} is given twice; give it once")
        values[name] = value
    return values


def _write(
    answer: Any, options: OutputOptions, store: Store, asked_as: dict[str, str], asked: Callable[..., tuple[Any, Any]]
) -> None:
    """Write what a query gave: rows (the columns that were asked for), triples or yes and no."""
    from coopgraph.ask import row_formats

    if hasattr(answer, "variables"):
        columns, rows = asked([variable.value for variable in answer.variables], answer)
        about = _about(store, asked_as) if options.row_format in row_formats.COLUMN_FORMATS else {}
        if not write_rows(columns, rows, options, store.prefixes, about) and options.row_format == "table":
            tell("no row answers this")
    elif hasattr(answer, "__next__"):
        format_ = options.format or "turtle"
        row_formats.check_triple_format(format_)
        with data_to(options.target) as out:
            row_formats.write_triples(answer, out, store.prefixes, format_)
    else:
        with data_to(options.target) as out:
            row_formats.write_boolean(bool(answer), out, options.row_format)


def _about(store: Store, asked_as: dict[str, str]) -> dict[str, str]:
    """Return what is said of an answer where its form has a place for it."""
    from coopgraph.export import package  # what it needs takes longer to import than a question takes

    return {**package.about(store), **asked_as}


@cli.command("search")
@click.argument("words", metavar="TEXT", nargs=-1, required=True, type=TEXT)
@limit_option(20, "Things")
@format_option
@safe_cells_option
def search_command(words: tuple[str, ...], limit: int, format_: str | None, safe_cells: bool) -> None:
    """Find things by name, and passages by their gist.

    TEXT is a part of a name in any language, or words of a gist. Case and width do not matter, and nothing in it is a
    sign for something else. Names that begin with it come first.
    """
    from coopgraph.ask import names

    text = " ".join(words)
    with the_store() as store:
        rows = names.search(store, text, limit + 1 if limit else sys.maxsize)
        if not rows:
            tell(f"nothing has {short(text)!r} in a name or a gist")
        write_rows(names.FOUND, rows, OutputOptions(format_, limit=limit, safe_cells=safe_cells), store.prefixes)
