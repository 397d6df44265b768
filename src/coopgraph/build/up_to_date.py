"""The store of a workspace, brought up to date before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.errors import CheckError, CoopgraphError, DamagedStoreError, DataError
from coopgraph.sandbox import limits
from coopgraph.store import current, fingerprints

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
    former = _usable(current.manifest(folder))
    trouble = (
        _trouble(workspace, sources, wait=0 if former else _PATIENCE) if not _is_current(workspace, former) else None
    )
    if trouble is not None:
        if former is None:
            raise trouble
        if tell is not None:
            tell(f"{trouble}; answering from the store of {former.get('built')}")
    try:
        return current.open_store(folder, workspace.prefixes)
    except DamagedStoreError as damage:
        trouble = _trouble(workspace, sources, wait=_PATIENCE, full=True)
        if trouble is not None:
            raise trouble from damage
        return current.open_store(folder, workspace.prefixes)


def is_current(workspace: Workspace) -> bool:
    """Say whether there is a store, and whether it is what the files of the workspace say."""
    return _is_current(workspace, _usable(current.manifest(workspace.store_folder)))


def _usable(manifest: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the manifest of a store that this version made or one that makes the same."""
    return manifest if manifest and manifest.get("format") == fingerprints.FORMAT else None


def _is_current(workspace: Workspace, manifest: Mapping[str, Any] | None) -> bool:
    if manifest is None:
        return False
    former = current.state(workspace.store_folder, "inputs.json")
    try:
        now = fingerprints.of(workspace, former)
    except DataError:  # a build says what is wrong
        return False
    return all(fingerprints.are_same(now[kind], former.get(kind, {})) for kind in now)


def _trouble(workspace: Workspace, sources: Path | None, wait: float, *, full: bool = False) -> CoopgraphError | None:
    """Build, and return what kept it from giving a store, if anything did."""
    if workspace.has_own_rules():
        return _trouble_apart(workspace, sources, wait, full=full)
    from coopgraph.build import build

    try:
        report = build.build(workspace, sources=sources, wait=wait, full=full)
    except DataError as error:
        return error
    return CheckError(report.summary()) if report.violations else None


def _trouble_apart(workspace: Workspace, sources: Path | None, wait: float, *, full: bool) -> CoopgraphError | None:
    """Build in a process of its own, which is ended where a rule takes too much: rules may be a stranger's."""
    import subprocess
    import sys

    allowed = limits.limits()
    command = [sys.executable, "-P", "-m", "coopgraph", "--workspace", str(workspace.root), "build", "--quiet"]
    command += ["--wait", str(wait), "--timeout", str(allowed.seconds), "--memory", str(allowed.memory / (1 << 30))]
    command += [*(["--full"] if full else []), *(["--sources", str(sources)] if sources else [])]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - ourselves
    if not done.returncode:
        return None
    message = done.stderr.decode("utf-8", "replace").strip().rpartition("coopgraph: ")[2]
    if done.returncode == 130:
        raise KeyboardInterrupt
    return CheckError(message) if done.returncode == CheckError.exit_code else DataError(message)
