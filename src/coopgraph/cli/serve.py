"""The command that puts the graph on the web, alive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from coopgraph.claims import workspace
from coopgraph.cli.group import cli, the_server, the_workspace
from coopgraph.cli.options import TEXT, Amount, Number
from coopgraph.cli.output import tell
from coopgraph.errors import UsageError, install, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.workspace import Workspace

_NAME = r"[a-z0-9][a-z0-9._-]*"
"""What a graph may be called in addresses."""


@cli.command("serve")
@click.argument("graphs", metavar="[NAME=DIR]...", nargs=-1, type=TEXT)
@click.option("--host", metavar="HOST", default="127.0.0.1", show_default=True, type=TEXT, help="Where to listen.")
@click.option("--port", metavar="N", default=8000, show_default=True, type=Number(0), help="Port; 0 for any.")
@click.option(
    "--name", "names", metavar="HOST", multiple=True, type=TEXT,
    help="A name under which people reach the server; may be repeated.",
)  # fmt: skip
@click.option(
    "--workers", metavar="N", type=Number(1), help="Processes that answer queries [default: cores, at most 4]."
)
@click.option("--timeout", metavar="SECONDS", type=Amount(min=0.001), default=10, show_default=True,
              help="Seconds that a query may take.")  # fmt: skip
@click.option("--memory", metavar="GB", type=Amount(min=0.001), default=1.5, show_default=True,
              help="Gigabytes of memory that a query may take.")  # fmt: skip
@click.option("--limit", metavar="N", type=Number(1), default=10_000, show_default=True, help="Rows of an answer.")
@click.option("--quiet", is_flag=True, help="No line for each request.")
def serve_command(
    graphs: tuple[str, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    workers: int | None,
    timeout: float,
    memory: float,
    limit: int,
    quiet: bool,
) -> None:
    """Put the graph on the web: pages, data, SPARQL.

    Only this machine is let in, unless --host says otherwise. With NAME=DIR, each workspace has its own path.
    """
    try:
        from coopgraph.site.served import run
        from coopgraph.site.served.live import LiveGraph
        from coopgraph.site.served.pool import QueryLimits, cores
    except ImportError as error:
        raise _missing(error) from None

    allowed = QueryLimits(workers or cores(), seconds=timeout, rows=limit, memory=int(min(memory, 1e6) * (1 << 30)))
    live = [LiveGraph(space, path, allowed, address) for path, space, address in _spaces(graphs)]
    listening = run.listen(host, _port(port))
    for each in live:
        each.open(tell)
    run.run(live, listening, [host, *names], tell, log=not quiet)


def _missing(error: ImportError) -> UsageError:
    if error.name not in ("starlette", "uvicorn", "httptools"):
        raise error
    return UsageError(f"serve needs {error.name}; {install('serve')}")


def _port(port: int) -> int:
    if port > _LAST_PORT:
        raise UsageError(f"--port {port}: is no port; give a number up to {_LAST_PORT}")
    return port


_LAST_PORT = 65_535


def _spaces(graphs: tuple[str, ...]) -> Iterator[tuple[str, Workspace, str | None]]:
    """Yield path, workspace and server of each graph that is served."""
    if not graphs:
        yield "/", the_workspace(), the_server()
        return
    if the_server():
        raise UsageError("--store is the server of one graph; leave it out where several are named")
    seen: set[str] = set()
    for text in graphs:
        name, equals, folder = text.partition("=")
        if not equals or not re.fullmatch(_NAME, name):
            raise UsageError(f"{short(text)}: is not NAME=DIR; write liaoning=./liaoning, in small letters")
        if name in seen:
            raise UsageError(f"{name} is given twice; give each graph a name of its own")
        seen.add(name)
        yield f"/{name}/", workspace.find(folder), None
