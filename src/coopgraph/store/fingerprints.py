"""The files that a store is made from: their size, time of change and checksum, and whether they have changed since."""

from __future__ import annotations

import os
from stat import S_ISREG
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace

FORMAT = 6
"""Raised whenever stores built by an earlier version cannot be used, so that they are built anew."""

Stamps: TypeAlias = dict[str, list[int | str]]
"""Path -> size in bytes, time of change in nanoseconds, SHA-256."""
Signature: TypeAlias = dict[str, Stamps]
"""`graphs`: the stamps of graph files; `shared`: of those that bear on all, settings, ontology, shapes and rules."""


def of(workspace: Workspace, former: Mapping[str, Stamps]) -> Signature:
    """Return the signature of a workspace; a file is read only where size or time differ from those in `former`."""
    shared = [
        workspace.root / "coopgraph.toml",
        *workspace.ontology_files(),
        *workspace.shapes_files("shapes.ttl"),
        *workspace.shapes_files("advice.ttl"),
        *workspace.query_files("checks"),
        *workspace.query_files("derive"),
    ]
    return {
        "graphs": _stamps(workspace.graph_paths(), former.get("graphs", {})),
        "shared": _stamps(shared, former.get("shared", {})),
    }


def are_same(one: Stamps, other: Stamps) -> bool:
    """Say whether the same files have the same contents."""
    return one.keys() == other.keys() and not changed(one, other)


def changed(now: Stamps, former: Stamps) -> set[str]:
    """Return the files of `now` that are new or have other contents than before."""
    return {name for name, stamp in now.items() if name not in former or former[name][2] != stamp[2] or not stamp[2]}


def key(path: Path | str) -> str:
    """Return a path as JSON can hold it, the same in every locale."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _stamps(paths: Iterable[Path | str], former: Stamps) -> Stamps:
    found: Stamps = {}
    for path in paths:
        name = key(path)
        known = former.get(name)
        try:
            status = os.stat(path)  # noqa: PTH116 - ten thousand files are looked at before each question
            stamp: list[int | str] = [status.st_size, status.st_mtime_ns]
            same = known is not None and known[:2] == stamp
            found[name] = known if known and same else [*stamp, _digest(path) if S_ISREG(status.st_mode) else ""]
        except FileNotFoundError:
            continue
        except OSError:  # reading it says what is wrong
            found[name] = [0, 0, ""]
    return found


def _digest(path: Path | str) -> str:
    from hashlib import sha256
    from pathlib import Path

    return sha256(Path(path).read_bytes()).hexdigest()
