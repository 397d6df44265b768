"""The store of a workspace, brought up to date before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.errors import CheckError, CoopgraphError, DataError
from coopgraph.store import fingerprints, local

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.interface import Store

_PATIENCE = 600
"""Seconds to wait for another build where there is no former store to answer from."""


def current_store(
    workspace: Workspace, *, sources: Path | None = None, tell: Callable[[str], None] | None = None
) -> Store:
    """Open the store of a workspace, brought up to date first.

    Where that fails, the former store answers and `tell` is told why. Raises `CheckError` or `DataError` where there is
    none.
    """
    folder = workspace.store_folder
    former = local.manifest(folder)
    if not _is_current(workspace, former):
        trouble = _trouble(workspace, sources, wait=0 if former else _PATIENCE)
        if trouble is not None:
            if former is None:
                raise trouble
            if tell is not None:
                tell(f"{trouble}; answering from the store of {former.get('built')}")
    return local.open_store(folder, workspace.prefixes)


def is_current(workspace: Workspace) -> bool:
    """Say whether there is a store, and whether it is what the files of the workspace say."""
    return _is_current(workspace, local.manifest(workspace.store_folder))


def _is_current(workspace: Workspace, manifest: Mapping[str, Any] | None) -> bool:
    if manifest is None or manifest.get("format") != fingerprints.FORMAT:
        return False
    former = local.state(workspace.store_folder, "inputs.json")
    now = fingerprints.of(workspace, former)
    return all(fingerprints.are_same(now[kind], former.get(kind, {})) for kind in now)


def _trouble(workspace: Workspace, sources: Path | None, wait: float) -> CoopgraphError | None:
    """Build, and return what kept it from giving a store, if anything did."""
    from coopgraph.build import build

    try:
        report = build.build(workspace, sources=sources, wait=wait)
    except DataError as error:
        return error
    return CheckError(report.summary()) if report.violations else None
