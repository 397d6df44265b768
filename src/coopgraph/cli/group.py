"""The commands along the way of the data, the options that all of them take, and how they open the graph."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from coopgraph import __version__
from coopgraph.cli.options import SOURCES, TEXT
from coopgraph.cli.output import tell
from coopgraph.errors import UsageError, near, short
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgraph.claims.workspace import Workspace
    from coopgraph.server.credentials import Credentials
    from coopgraph.store.interface import Store

SECTIONS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "Read documents": {
        "read": ("read", "Read a document into the workspace, and propose claims from it."),
        "text": ("read", "Print the text of a document, one paragraph a line."),
        "propose": ("read", "Propose claims from a text, each word of which stands in it."),
        "review": ("review", "Decide on proposals, one key each, the text beside."),
        "sheet": ("sheet", "Write proposals as a spreadsheet, or take decisions from one."),
        "accept": ("review", "Put the claims that were accepted into the graph files."),
        "table": ("table", "Turn a table into claims, each row its passage."),
        "score": ("read", "Measure proposals against the claims of a graph file."),
    },
    "Write graph files": {
        "init": ("write", "Make a workspace with an example of every kind of claim."),
        "cut": ("write", "Print words of a source text as a passage in Turtle."),
        "format": ("write", "Sort graph files, so that one change shows as one."),
    },
    "Check them": {
        "check": ("check", "Check graph files against rules and source texts."),
        "build": ("check", "Check graph files, and make the store from them."),
    },
    "Ask": {
        "questions": ("ask", "List the named questions, or explain one."),
        "query": ("ask", "Answer a named question, or any SPARQL."),
        "search": ("ask", "Find things by name, and passages by their gist."),
    },
    "Show": {
        "show": ("show", "Say what is known of a thing, and who says so."),
        "path": ("show", "Say how two things are linked."),
        "diff": ("difference", "Say what differs between two graphs, claim by claim."),
        "stats": ("show", "Count what there is, or measure the network."),
        "view": ("show", "Draw the network: one HTML file that works offline."),
    },
    "Share": {
        "export": ("share", "Write the graph as Turtle, JSON-LD, CSV, Parquet, GraphML ..."),
        "publish": ("publish", "Write the graph as a site: pages, data, search and SPARQL as files for any web host."),
        "push": ("send", "Bring the graph to a SPARQL server."),
        "mcp": ("mcp", "Let an assistant ask the graph (Model Context Protocol)."),
        "serve": ("serve", "Put the graph on the web: pages, data, SPARQL."),
    },
}
"""The commands as help lists them: module, and the sentence that a command's own help begins with.

A module is imported when one of its commands is run, so that help and a question do not pay for the others.
"""
COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}

_FOLDER, _SERVER = f"{__name__}.folder", f"{__name__}.server"
_COMPLETE = "_COOPGRAPH_COMPLETE"


def _note(key: str) -> Callable[[click.Context, click.Option, tuple[str, ...]], None]:
    """Return what notes the value of an option that may stand before the command and after it."""

    def note(context: click.Context, option: click.Option, values: tuple[str, ...]) -> None:
        for value in values:
            former = context.meta.setdefault(key, value)
            if not value or value != former:
                what = f"is given as {former!r} and as {value!r}; give it once" if value else "is empty; leave it out"
                raise UsageError(f"{option.opts[-1]} {what}")

    return note


def _shared_options(hidden: bool = False) -> list[click.Parameter]:
    """Return the options that are taken before a command and after it."""
    return [
        click.Option(
            ["-w", "--workspace"], metavar="DIR", multiple=True, expose_value=False, callback=_note(_FOLDER),
            help="Workspace: a folder with coopgraph.toml and graphs/.",
        ),
        click.Option(
            ["--store"], metavar="URL", multiple=True, expose_value=False, callback=_note(_SERVER), type=TEXT,
            hidden=hidden, help="Ask the SPARQL server that answers here [env: COOPGRAPH_STORE].",
        ),
    ]  # fmt: skip


class Command(click.Command):
    """A command, which takes the shared options as the group does; a local one works on files and asks no store."""

    def __init__(self, *arguments: Any, local: bool = False, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._local = local
        self.params += _shared_options(hidden=local)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        if self._local and ctx.meta.get(_SERVER):
            what = "works on the files of the workspace and asks no server; leave --store out"
            raise UsageError(f"{self.name} {what}")
        return super().invoke(ctx)


class Group(click.Group):
    """Commands in the order of the data's way, imported when they are run, with near matches for a misspelt one."""

    command_class = Command

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
        """Write the names and sentences of the commands, section by section."""
        width = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), sentence) for name, (_, sentence) in commands.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that is meant, or say what comes near."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            listed = near(args[0], COMMANDS) or f"; commands are {', '.join(COMMANDS)}"
            raise UsageError(f"no command is called {args[0]!r}{listed}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Group,
    params=_shared_options(),
    invoke_without_command=True,
    subcommand_metavar="COMMAND [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Ask, see and reuse a graph of cooperation links in which every link opens the passage that states it.

    Without --workspace, the workspace is the current folder or one above it that has a coopgraph.toml, or else the
    graph that coopgraph brings. --workspace and --store are taken before the command and after it.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: list[str]) -> None:
    """Run the command that the arguments name. Raises `UsageError` where click cannot read them."""
    if instruction := os.environ.get(_COMPLETE):
        _complete(instruction)
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:], "--help"]
    try:
        with cli.make_context("coopgraph", arguments) as context:
            cli.invoke(context)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "coopgraph"
        raise UsageError(f"{_with_hint(error.format_message())} Try '{path} --help'.") from error
    except click.exceptions.Exit:  # help and version have been printed
        return


def _with_hint(message: str) -> str:
    """Return what click says on one line, and how to give what it takes for an argument too many."""
    line = short(" ".join(message.split()), 300)
    if "unexpected extra argument" not in line:
        return line
    hint = "give parameters by -p" if "=" in line else "put a name of several words in quotes"
    return f"{line.rstrip('.')}; {hint}."


def _complete(instruction: str) -> NoReturn:
    """Answer the shell, which wants to know how words may go on."""
    from click.shell_completion import shell_complete

    sys.exit(shell_complete(cli, {}, "coopgraph", _COMPLETE, instruction))


def the_workspace() -> Workspace:
    """Return the workspace that the command line names or that we stand in."""
    from coopgraph.claims import workspace

    return workspace.find(click.get_current_context().meta.get(_FOLDER))


def the_own_workspace(what: str) -> Workspace:
    """Return the workspace that a command puts new sources into. Raises `UsageError` where that is coopgraph's own.

    `what` is what it takes, such as `documents`. Who stands in a checkout, whose graph that is, may write there.
    """
    from coopgraph.claims.workspace import bundled

    space = the_workspace()
    if space.root == bundled() and not Path.cwd().is_relative_to(space.root):
        raise UsageError(
            f"coopgraph's own graph takes no {what}; coopgraph init DIR makes a workspace, --workspace names it"
        )
    return space


def the_server() -> str | None:
    """Return the address of the server that the command line names, if it names one."""
    address: str | None = click.get_current_context().meta.get(_SERVER)
    return address


def the_store(space: Workspace | None = None, *, with_network: bool = False) -> Store:
    """Open the store on a server, where one is named, else that of the workspace, brought up to date first.

    A command that has read the workspace already hands it on.

    The process may open no sockets afterwards, unless it has to ask others too: then it runs no SPARQL but our own.
    """
    from coopgraph.ask.opening import open_store

    space, texts = space or the_workspace(), os.environ.get(SOURCES)
    if not with_network and not space.server_address(the_server()):
        limits.close_network()
    return open_store(space, the_server(), ask=_asker, sources=Path(texts) if texts else None, tell=tell)


def _asker() -> Callable[[str], Credentials] | None:
    from coopgraph.cli.prompt import asker

    return asker()
