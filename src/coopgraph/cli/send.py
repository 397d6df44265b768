"""The command that brings the graph to a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopgraph.claims.workspace import STORE
from coopgraph.cli.group import cli, the_server, the_workspace
from coopgraph.cli.output import count, print_lines, progress_bar, tell
from coopgraph.errors import CheckError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.server.push import Plan

_SHOWN = 5


@cli.command("push")
@click.option("--dry-run", is_flag=True, help="Write what would be sent and taken away to standard output; do neither.")
@click.option("--prune", is_flag=True, help="Take away what was pushed and is in the workspace no more.")
@click.option("--full", is_flag=True, help="Send all graphs, not only those that have changed since the last push.")
def push_command(dry_run: bool, prune: bool, full: bool) -> None:
    """Bring the graph to a SPARQL server.

    --store names where it answers queries. Each source is one named graph, and only what has changed is sent. A push
    that breaks off is gone on with by the next one. Graphs that were never pushed are left alone.
    """
    from coopgraph.build import up_to_date
    from coopgraph.cli.prompt import asker
    from coopgraph.server.push import Push
    from coopgraph.server.remote import server_of

    space = the_workspace()
    address = the_server()
    if not space.server_address(address):
        raise UsageError(f"push needs a server; name it with --store URL, or set {STORE}")
    with up_to_date.current_store(space, tell=tell) as store, server_of(space, address, asker()) as server:
        if not up_to_date.is_current(space):
            raise CheckError("nothing is pushed, as the store is not what the graph files say; run coopgraph check")
        push = Push(space, store, server, full=full, prune=prune)
        if dry_run:
            print_lines(_listed(push.plan))
            return
        push.begin()  # before there is a bar on the terminal, which a question would be lost in
        with progress_bar("sending") as progress:
            push.run(progress)
    _summarise(push.plan)


def _listed(plan: Plan) -> Iterator[str]:
    yield from (f"send {graph} {count(size, 'triple')}" for graph, size in plan.send.items())
    yield from (f"remove {graph}" for graph in plan.remove)
    yield from (f"keep {graph} (not in the workspace; --prune removes it)" for graph in plan.gone)
    yield from (f"keep {graph} (never pushed)" for graph in plan.foreign)


def _summarise(plan: Plan) -> None:
    tell(f"sent {count(len(plan.send), 'graph')} of {count(plan.triples, 'triple')}; {plan.same} unchanged")
    if plan.remove:
        tell(f"removed {_some(plan.remove)}")
    if plan.gone:
        tell(f"on the server and not in the workspace: {_some(plan.gone)}; --prune removes them")
    if plan.foreign:
        tell(f"on the server and never pushed, left alone: {_some(plan.foreign)}")


def _some(graphs: tuple[str, ...]) -> str:
    more = f" and {len(graphs) - _SHOWN} more" if len(graphs) > _SHOWN else ""
    return f"{', '.join(graphs[:_SHOWN])}{more}"
