"""The command line: a verb for each arrow of the data's way; opens, calls, prints."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from coopgraph import __version__
from coopgraph.errors import CheckError, CoopgraphError, DataError, UsageError, near

if TYPE_CHECKING:
    from coopgraph.build import Report
    from coopgraph.questions import Question
    from coopgraph.store import Store
    from coopgraph.terms import Term
    from coopgraph.workspace import Workspace

SOURCES = "COOPGRAPH_SOURCES"
F = TypeVar("F", bound=Callable[..., Any])


def tell(message: str) -> None:
    """Write one line to standard error."""
    click.echo(f"coopgraph: {message}", err=True)


class Group(click.Group):
    """Commands in the order in which they are written, with near matches for a misspelt one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            listed = near(args[0], self.commands) or f"; commands are {', '.join(self.commands)}"
            raise UsageError(f"no command is called {args[0]!r}{listed}")
        return super().resolve_command(ctx, args)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-w", "--workspace", "folder", metavar="DIR", help="Workspace: a folder with coopgraph.toml and graphs/.")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: str | None) -> None:
    """Ask, see and reuse a graph of cooperation links in which every link opens the passage that states it.

    Without --workspace, the workspace is the current folder or one above it that has a coopgraph.toml, or else the
    graph that coopgraph brings.
    """
    ctx.obj = folder


def _workspace() -> Workspace:
    from coopgraph import workspace

    return workspace.find(click.get_current_context().obj)


@contextmanager
def _store() -> Iterator[Store]:
    """Open the store of the workspace, brought up to date first."""
    from coopgraph.build import current_store

    texts = os.environ.get(SOURCES)
    with current_store(_workspace(), sources=Path(texts) if texts else None, tell=tell) as store:
        yield store


def _sources_option(command: F) -> F:
    option = click.option(
        "--sources", metavar="DIR", type=click.Path(path_type=Path), envvar=SOURCES, help=f"Folder of source texts [env: {SOURCES}]."
    )
    return option(command)


def _strict_option(command: F) -> F:
    return click.option("--strict", is_flag=True, help="Fail on warnings too.")(command)


def _output_option(command: F) -> F:
    return click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output (-).")(command)


@cli.command("build")
@_sources_option
@_strict_option
def build_command(sources: Path | None, strict: bool) -> None:  # noqa: FBT001
    """Read, check, derive and load the graph files; keep the former store where a check fails."""
    from coopgraph.build import build

    with _progress() as progress:
        report = build(_workspace(), sources=sources, strict=strict, progress=progress)
    for finding in report.findings:
        click.echo(str(finding), err=True)
    _summarise(report)
    _fail_on(report, strict)


@cli.command("check")
@_sources_option
@_strict_option
@click.option("--format", "format_", default="text", metavar="text|json", help="How findings are written.")
def check_command(sources: Path | None, strict: bool, format_: str) -> None:  # noqa: FBT001
    """Check the graph files against shapes, rules and source texts, and save nothing."""
    from dataclasses import asdict

    from coopgraph.build import check

    if format_ not in ("text", "json"):
        raise UsageError(f"no format is called {format_!r}{near(format_, ('text', 'json'))}; formats are text, json")
    with _progress() as progress:
        report = check(_workspace(), sources=sources, progress=progress)
    if format_ == "json":
        click.echo(json.dumps([asdict(finding) for finding in report.findings], ensure_ascii=False, indent=1))
    else:
        for finding in report.findings:
            click.echo(str(finding))
    _summarise(report)
    _fail_on(report, strict)


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading")
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=name)


def _summarise(report: Report) -> None:
    claims = ", ".join(f"{number} {status}" for status, number in report.claims.items())
    tell(f"{report.files} files, {report.triples} triples, {report.entities} entities")
    tell(f"{sum(report.claims.values())} claims: {claims or 'none'}")
    if report.saved:
        tell(f"derived {report.derived['direct']} direct and {report.derived['inferred']} inferred triples")
    tell(f"{report.verified} passages verified against their texts")
    if report.absent:
        tell(f"texts not at hand, so passages not verified: {', '.join(report.absent)} (name their folder with --sources)")
    outcome = "; store saved" if report.saved else ""
    tell(f"{report.violations} violations, {report.warnings} warnings; {report.seconds:.2f} s{outcome}")


def _fail_on(report: Report, strict: bool) -> None:  # noqa: FBT001
    if report.violations:
        raise CheckError(f"{report.violations} violations; mend what is listed above (a former store, if any, stays)")
    if strict and report.warnings:
        raise CheckError(f"{report.warnings} warnings, and --strict was given; mend what is listed above")


@cli.command("questions")
@click.argument("name", required=False)
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def questions_command(name: str | None, format_: str | None) -> None:
    """List the named questions, or say what one of them asks and takes."""
    from coopgraph import questions
    from coopgraph.terms import Literal

    if name:
        _explain(questions.find(_workspace(), name))
        return
    rows = (
        [Literal(q.name), Literal(" ".join(p.name + ("?" if p.optional else "") for p in q.parameters)), Literal(q.summary)]
        for q in questions.library(_workspace())
    )
    _write_rows(("question", "parameters", "summary"), rows, format_, None, {})


def _explain(question: Question) -> None:
    click.echo(f"{question.name}: {question.summary}\n")
    click.echo(question.description)
    for parameter in question.parameters:
        optional = ", optional" if parameter.optional else ""
        click.echo(f"  -p {parameter.name}=...  {parameter.text} ({parameter.kind}{optional})")


@cli.command("query")
@click.argument("query", metavar="NAME|FILE.rq|-")
@click.option("-p", "--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Bind a variable; may be repeated.")
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md; turtle or ntriples.")
@_output_option
@click.option("--timeout", type=click.FloatRange(min=0.001), default=60, show_default=True, help="Seconds until it is stopped.")
@click.option("--limit", type=click.IntRange(min=0), default=100_000, show_default=True, help="Rows at most; 0 for all.")
def query_command(
    query: str, parameters: tuple[str, ...], format_: str | None, output: str | None, timeout: float, limit: int
) -> None:
    """Answer a named question, or run SPARQL from a file or from standard input (-).

    An entity is given as IRI, prefixed name, slug or label in any language: -p place=Liaoning, -p place=辽宁.
    The format is a table on a terminal, and otherwise JSON (Turtle for CONSTRUCT).
    """
    from coopgraph import questions, sparql
    from coopgraph.watch import watched

    values = _pairs(parameters)
    question = _question(query)
    with _store() as store, watched(timeout):
        if question.parameters or question.header:
            bindings = questions.bind(question, values, store)
        else:
            bindings = questions.free_bindings(values, store, sparql.variables(question.sparql))
        _answer(store.query(question.sparql, bindings), store, format_, output, limit)


def _question(text: str) -> Question:
    from coopgraph import questions

    if text == "-":
        return questions.parse(click.get_text_stream("stdin", encoding="utf-8").read(), "standard input")
    if text.endswith(".rq") or "/" in text:
        return questions.read(Path(text))
    if "{" in text:
        raise UsageError("SPARQL text is read from a file or standard input: echo '...' | coopgraph query -")
    return questions.find(_workspace(), text)


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {text}: is not name=value; write -p place=Liaoning")
        if name in values:
            raise UsageError(f"-p {name} is given twice; give it once")
        values[name] = value
    return values


def _answer(answer: Any, store: Store, format_: str | None, output: str | None, limit: int) -> None:
    """Write what a query gave: rows, triples or yes and no."""
    from coopgraph import results
    from coopgraph.output import text_to

    if hasattr(answer, "variables"):
        columns = [variable.value for variable in answer.variables]
        _write_rows(columns, answer, format_, output, store.prefixes, limit)
    elif hasattr(answer, "__next__"):
        results.check_triple_format(format_ or "turtle")
        with text_to(output) as out:
            results.write_triples(answer, out, store.prefixes, format_ or "turtle")
    else:
        results.row_writer(format_ or "json")
        with text_to(output) as out:
            results.write_boolean(bool(answer), out, format_ or ("table" if _on_terminal(output) else "json"))


def _write_rows(
    columns: Any, rows: Any, format_: str | None, output: str | None, prefixes: dict[str, str], limit: int = 0
) -> None:
    from coopgraph import results
    from coopgraph.output import text_to

    capped = results.Capped(rows, limit)
    write = results.row_writer(format_ or ("table" if _on_terminal(output) else "json"))
    with text_to(output) as out:
        write(columns, capped, out, prefixes)
    if capped.cut:
        tell(f"cut after {limit} rows, there are more; raise --limit, or give 0 for all")


def _on_terminal(output: str | None) -> bool:
    return output in (None, "-") and sys.stdout.isatty()


@cli.command("show")
@click.argument("entity")
def show_command(entity: str) -> None:
    """Say what is known of an entity, each line with source and paragraph."""
    from coopgraph import names, records, wording

    with _store() as store:
        iri = names.resolve(store, entity, "any")
        _print(wording.about(iri, records.extract(store, about=iri)))


@cli.command("path")
@click.argument("start", metavar="A")
@click.argument("goal", metavar="B")
@click.option("--status", multiple=True, metavar="STATUS", help="Only claims of this status; may be repeated.")
@click.option("--most", type=click.IntRange(min=1), default=3, show_default=True, help="How many chains at most.")
def path_command(start: str, goal: str, status: tuple[str, ...], most: int) -> None:
    """Say how two entities are linked: chains of claims, the shortest first."""
    from coopgraph.graph import CoopGraph
    from coopgraph.wording import chain

    with _store() as store:
        graph = CoopGraph(store, _workspace())
        found = graph.paths(start, goal, most=most, status=status or None)
        extracted = graph.extract(status=status or None)
        if not found:
            tell(f"nothing links {start!r} and {goal!r}" + (f" by claims that are {' or '.join(status)}" if status else ""))
        for number, steps in enumerate(found, 1):
            _print(chain(number, steps, extracted))


def _print(lines: Iterator[str]) -> None:
    from coopgraph.output import text_to
    from coopgraph.results import visible

    with text_to(None) as out:
        for line in lines:
            out.write(visible(line) + "\n")


@cli.command("stats")
@click.option("--format", "format_", metavar="FORMAT", help="table, json, jsonl, csv, tsv, xml or md.")
def stats_command(format_: str | None) -> None:
    """Count what is in the graph: graphs, classes, claims by status and relation group."""
    from coopgraph import records
    from coopgraph.terms import Literal, NamedNode
    from coopgraph.vocab import XSD

    whole = NamedNode(XSD + "integer")
    with _store() as store:
        rows: list[list[Term]] = [
            [Literal(kind), Literal(name), Literal(str(number), datatype=whole)] for kind, name, number in records.counts(store)
        ]
        _write_rows(("what", "name", "number"), rows, format_, None, store.prefixes)


@cli.command("export")
@click.option("--format", "format_", default="turtle", show_default=True, metavar="FORMAT",
              help="turtle, trig, nquads, ntriples, jsonld, rdfxml, graphml, gexf, csv or node-link.")  # fmt: skip
@click.option("--only", metavar="PART", help="claims, direct, inferred, entities or ontology (RDF formats).")
@_output_option
def export_command(format_: str, only: str | None, output: str | None) -> None:
    """Write the graph in another form, always the same bytes for the same graph."""
    from coopgraph.export import export, require
    from coopgraph.output import text_to

    require(format_, only)
    with _store() as store, text_to(output) as out:
        export(store, format_, out, only)


def main() -> NoReturn:
    """Run the command line; every error is one line, and its kind is the exit code."""
    try:
        cli.main(standalone_mode=False, prog_name="coopgraph")
        sys.stdout.flush()
    except CoopgraphError as error:
        _exit(str(error), error.exit_code)
    except click.UsageError as error:
        context = error.ctx.command_path if error.ctx else "coopgraph"
        _exit(f"{' '.join(error.format_message().split())} Try '{context} --help'.", UsageError.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _exit("interrupted", 130)
    except BrokenPipeError:
        _silence()
        sys.exit(0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _exit(f"{where}{error.strerror or error}; check the path, its permissions and free space", DataError.exit_code)
    sys.exit(0)


def _exit(message: str, code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    tell(message)
    sys.exit(code)


def _silence() -> None:
    """Let go of a pipe that nobody reads any more, so that Python does not complain of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
