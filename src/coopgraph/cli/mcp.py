"""The command that lets an assistant ask the graph."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from coopgraph.cli.group import cli, the_server, the_store, the_workspace
from coopgraph.cli.options import Amount, Number
from coopgraph.errors import UsageError, install

if TYPE_CHECKING:
    from coopgraph.claims.workspace import Workspace


@cli.command("mcp")
@click.option("--workers", metavar="N", type=Number(1), default=1, show_default=True,
              help="Processes that answer queries.")  # fmt: skip
@click.option("--timeout", metavar="SECONDS", type=Amount(min=0.001), default=10, show_default=True,
              help="Seconds that a query may take.")  # fmt: skip
@click.option("--memory", metavar="GB", type=Amount(min=0.001), default=1.5, show_default=True,
              help="Gigabytes of memory that a query may take.")  # fmt: skip
def mcp_command(workers: int, timeout: float, memory: float) -> None:
    """Let an assistant ask the graph (Model Context Protocol).

    It speaks on standard input and output: name it in the assistant's settings. Tools are the named questions, search,
    show, path and sparql; every answer has the claims that it rests on, with status, source and paragraph.
    """
    try:
        from coopgraph.site.assistant import server
        from coopgraph.site.served.pool import QueryLimits
    except ImportError as error:
        if error.name not in ("mcp", "mcp_types", "anyio"):
            raise
        raise UsageError(f"mcp needs {error.name}; {install('mcp')}") from None
    limits = QueryLimits(workers, seconds=timeout, memory=int(min(memory, 1e6) * (1 << 30)))
    space = the_workspace()
    with the_store() as store:
        asyncio.run(server.serve(store, space, _place(space), limits))


def _place(space: Workspace) -> dict[str, Any]:
    address = space.server_address(the_server())
    place: dict[str, Any] = {"address": address, "root": str(space.root)}
    return place if address else {**place, "folder": str(space.store_folder), "prefixes": space.prefixes}
