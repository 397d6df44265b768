"""The command group, the options that commands share, and how they open the graph and speak to people."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coopgraph import __version__
from coopgraph.errors import UsageError, near, unknown

if TYPE_CHECKING:
    from coopgraph.store import Store
    from coopgraph.workspace import Workspace

SOURCES = "COOPGRAPH_SOURCES"
F = TypeVar("F", bound=Callable[..., Any])


def tell(message: str) -> None:
    """Write one line to standard error, whatever names and texts the message holds."""
    from coopgraph.results import one_line

    click.echo(f"coopgraph: {one_line(message)}", err=True)


def typed(text: str) -> str:
    """Return an argument as UTF-8, whatever the locale took it for. Raises `UsageError` where it is none."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{text!r} is not UTF-8; type it anew") from error


ORDER = ("build", "check", "questions", "query", "show", "path", "stats", "view", "export", "cut", "format")
"""The commands along the way of the data, then those for people who write graph files."""


class Halt(Exception):  # noqa: N818 - it is none
    """Carries a broken pipe or Ctrl-C past click, which would end with codes and blank lines of its own."""


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "claim"), count(2, "claim"), count(0, "entity", "entities")
    ('1 claim', '2 claims', '0 entities')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


class Group(click.Group):
    """Commands in the order of the data's way, with near matches for a misspelt one."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, KeyboardInterrupt) as reason:
            raise Halt from reason

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in their order."""
        return sorted(self.commands, key=ORDER.index)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that is meant, or say what comes near."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            listed = near(args[0], self.commands) or f"; commands are {', '.join(self.list_commands(ctx))}"
            raise UsageError(f"no command is called {args[0]!r}{listed}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Group,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("-w", "--workspace", "folder", metavar="DIR", help="Workspace: a folder with coopgraph.toml and graphs/.")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: str | None) -> None:
    """Ask, see and reuse a graph of cooperation links in which every link opens the passage that states it.

    Without --workspace, the workspace is the current folder or one above it that has a coopgraph.toml, or else the
    graph that coopgraph brings.
    """
    ctx.obj = folder
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def the_workspace() -> Workspace:
    """Return the workspace that the command line names or that we stand in."""
    from coopgraph import workspace

    return workspace.find(click.get_current_context().find_root().obj)


@contextmanager
def the_store() -> Iterator[Store]:
    """Open the store of the workspace, brought up to date first."""
    from coopgraph.build import current_store

    texts = os.environ.get(SOURCES)
    with current_store(the_workspace(), sources=Path(texts) if texts else None, tell=tell) as store:
        yield store


def require(noun: str, name: str, candidates: Collection[str]) -> None:
    """Raise `UsageError` where a name is none of the candidates."""
    if name not in candidates:
        raise UsageError(unknown(noun, name, candidates))


def sources_option(command: F) -> F:
    """Add `--sources`."""
    option = click.option(
        "--sources",
        metavar="DIR",
        type=click.Path(path_type=Path),
        envvar=SOURCES,
        help=f"Folder of source texts [env: {SOURCES}].",
    )
    return option(command)


def strict_option(command: F) -> F:
    """Add `--strict`."""
    return click.option("--strict", is_flag=True, help="Fail on warnings too.")(command)


def output_option(command: F) -> F:
    """Add `-o`."""
    return click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output (-).")(command)


@dataclass(frozen=True)
class Form:
    """How rows are to be written: format, file, rows at most (0 for all), columns (none named: all)."""

    format_: str | None = None
    output: str | None = None
    limit: int = 0
    columns: tuple[str, ...] = ()

    @property
    def row_format(self) -> str:
        """The format asked for; without one a table on a terminal, and otherwise JSON."""
        on_terminal = self.output in (None, "-") and sys.stdout.isatty()
        return self.format_ or ("table" if on_terminal else "json")


def write_rows(columns: Sequence[str], rows: Any, form: Form, prefixes: dict[str, str]) -> None:
    """Write rows, and say where the row limit cut any off."""
    from coopgraph import results
    from coopgraph.files import text_to

    write = results.row_writer(form.row_format)
    capped = results.Capped(rows, form.limit)
    chosen = results.choose(columns, capped, form.columns) if form.columns else capped
    with text_to(form.output) as out:
        write(form.columns or columns, chosen, out, prefixes)
    if capped.cut:
        tell(f"cut after {form.limit} rows, there are more; raise --limit, or give 0 for all")


def print_lines(lines: Iterable[str]) -> None:
    """Write lines of text to standard output, what a terminal would obey made visible."""
    from coopgraph.files import text_to
    from coopgraph.results import one_line

    with text_to(None) as out:
        for line in lines:
            out.write(one_line(line) + "\n")
