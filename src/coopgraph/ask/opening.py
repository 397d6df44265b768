"""The store that a question is put to: the workspace's own, brought up to date first, or one on a SPARQL server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.build.up_to_date import current_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.server.credentials import Credentials
    from coopgraph.store.interface import Store


def open_store(
    workspace: Workspace,
    address: str | None = None,
    *,
    ask: Callable[[], Callable[[str], Credentials] | None] | None = None,
    sources: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Store:
    """Open the store on a server, where an address, the environment or the settings name one, else the `current_store`.

    `ask` returns what asks for credentials that are not at hand, or None where nobody can be asked.
    """
    if not workspace.server_address(address):
        return current_store(workspace, sources=sources, tell=tell)
    from coopgraph.server import remote

    return remote.open_store(workspace, address, ask() if ask else None)
