"""The command group, the options that commands share, and how they open the graph."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coopgraph import __version__
from coopgraph.errors import UsageError, near, unknown

if TYPE_CHECKING:
    from collections.abc import Collection

    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.interface import Store

SOURCES = "COOPGRAPH_SOURCES"
F = TypeVar("F", bound=Callable[..., Any])


COMMANDS = {
    "build": ("make", "Read, check, derive and load what has changed; keep the former store where a check fails."),
    "check": ("make", "Check the graph files against shapes, rules and source texts, and save nothing."),
    "questions": ("ask", "List the named questions, or say what one of them asks and takes."),
    "search": ("ask", "Find things by a part of a name in any language, and passages by words of their gists."),
    "query": ("ask", "Answer a named question, or run SPARQL from a file or from standard input (-)."),
    "show": ("ask", "Say what is known of an entity, each line with source and paragraph."),
    "path": ("ask", "Say how two entities are linked: chains of claims, the shortest first."),
    "stats": ("ask", "Count what is in the graph: graphs, classes, claims by status and relation group."),
    "view": (
        "give",
        "Draw the graph as one HTML file that works offline, every link opening the passage that states it.",
    ),
    "export": ("give", "Write the graph in another form, always the same bytes for the same graph."),
    "push": ("send", "Bring the graph to a SPARQL server: one named graph for each source, and only what has changed."),
    "cut": ("make", "Find WORDS in a source text and print the passage as Turtle; without WORDS, print the source."),
    "format": (
        "make",
        "Write graph files in canonical form: sorted, one predicate a line; by default all of the workspace.",
    ),
}
"""The commands along the way of the data, then those for people who write graph files: module and first sentence.

A module is imported when one of its commands is run, so that help and a question do not pay for the others.
"""


_OWN_FILES = ("build", "check", "questions", "cut", "format")
"""The commands that ask no store, or make the one on this machine."""


class Halt(Exception):  # noqa: N818 - it is none
    """Carries a broken pipe or Ctrl-C past click, which would end with codes and blank lines of its own."""


class Group(click.Group):
    """Commands in the order of the data's way, imported when they are run, with near matches for a misspelt one."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (BrokenPipeError, KeyboardInterrupt) as reason:
            raise Halt from reason

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, its module imported."""
        if cmd_name not in COMMANDS:
            return None
        import_module(f"coopgraph.cli.{COMMANDS[cmd_name][0]}")
        return self.commands[cmd_name]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the names and first sentences of the commands."""
        width = formatter.width - 6 - max(map(len, COMMANDS))
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, click.Command(name, help=sentence).get_short_help_str(width))
                    for name, (_, sentence) in COMMANDS.items()
                ]
            )

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that is meant, or say what comes near."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            listed = near(args[0], COMMANDS) or f"; commands are {', '.join(COMMANDS)}"
            raise UsageError(f"no command is called {args[0]!r}{listed}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Group,
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("-w", "--workspace", "folder", metavar="DIR", help="Workspace: a folder with coopgraph.toml and graphs/.")
@click.option("--store", metavar="URL", help="Ask the SPARQL server that answers here [env: COOPGRAPH_STORE].")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, folder: str | None, store: str | None) -> None:
    """Ask, see and reuse a graph of cooperation links in which every link opens the passage that states it.

    Without --workspace, the workspace is the current folder or one above it that has a coopgraph.toml, or else the
    graph that coopgraph brings.
    """
    ctx.obj = folder
    if store and ctx.invoked_subcommand in _OWN_FILES:
        what = "works on the files of the workspace and asks no server; leave --store out"
        raise UsageError(f"{ctx.invoked_subcommand} {what}")
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def the_workspace() -> Workspace:
    """Return the workspace that the command line names or that we stand in."""
    from coopgraph.claims import workspace

    return workspace.find(click.get_current_context().find_root().obj)


def the_store() -> Store:
    """Open the store on a server, where one is named, else that of the workspace, brought up to date first."""
    from coopgraph.cli.query import opened

    return opened(the_workspace(), click.get_current_context().find_root().params["store"])


def require(noun: str, name: str, candidates: Collection[str]) -> None:
    """Raise `UsageError` where a name is none of the candidates."""
    if name not in candidates:
        raise UsageError(unknown(noun, name, candidates))


def sources_option(command: F) -> F:
    """Add `--sources`."""
    from pathlib import Path

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
