"""The files that a store is made from: by what they are known again, their checksums, and whether they have changed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from coopgraph import files
from coopgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace

FORMAT = 9
"""Raised whenever stores built by an earlier version cannot be used, so that they are built anew."""

Stamps: TypeAlias = dict[str, list[int | str]]
"""File (`name`) -> size in bytes, times of the last change of content and of state (ns), its number, SHA-256."""
Signature: TypeAlias = dict[str, Stamps]
"""`graphs`: the stamps of graph files; `shared`: of those that bear on all, settings, ontology, shapes and rules."""


_TICK = 50_000_000
"""Nanoseconds within which two changes of a file may have the same time: a file that young is read again."""


def of(workspace: Workspace, former: Mapping[str, Stamps]) -> Signature:
    """Return the signature of a workspace; a file is read only where it is not known again from `former`."""
    shared = [
        workspace.root / "coopgraph.toml",
        *workspace.ontology_files(),
        *workspace.shapes_files("shapes.ttl"),
        *workspace.shapes_files("advice.ttl"),
        *workspace.query_files("checks"),
        *workspace.query_files("derive"),
    ]
    return {
        "graphs": _stamps(workspace.graph_paths(), workspace.root, former.get("graphs", {})),
        "shared": _stamps(shared, workspace.root, former.get("shared", {})),
    }


def are_same(one: Stamps, other: Stamps) -> bool:
    """Say whether the same files have the same contents."""
    return one.keys() == other.keys() and not changed(one, other)


def changed(now: Stamps, former: Stamps) -> set[str]:
    """Return the files of `now` that are new or have other contents than before."""
    return {
        name
        for name, stamp in now.items()
        if name not in former or checksum(former[name]) != checksum(stamp) or not checksum(stamp)
    }


def checksum(stamp: list[int | str]) -> str:
    """Return the SHA-256 in a stamp, an empty text where the file could not be read."""
    return str(stamp[-1])


def key(path: Path | str) -> str:
    """Return a path as JSON can hold it, the same in every locale."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def name(path: Path | str, root: Path) -> str:
    """Return how a store calls a file: its path below the workspace, which may be moved and copied with its store."""
    return key(os.fspath(path).removeprefix(f"{root}{os.sep}"))


def _stamps(paths: Iterable[Path | str], root: Path, former: Stamps) -> Stamps:
    stamps: Stamps = {}
    for path in paths:
        called = name(path, root)
        before = former.get(called, _NONE)
        try:
            status = os.stat(path)  # noqa: PTH116 - ten thousand files are looked at before each question
        except FileNotFoundError:
            continue
        except OSError:  # reading it says what is wrong
            stamps[called] = _NONE
            continue
        stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        stamps[called] = before if before[:-1] == stamp else [*_settled(stamp), _digest(path)]
    return stamps


_NONE: list[int | str] = [0, 0, 0, 0, ""]


def _settled(stamp: list[int]) -> list[int]:
    """Return a stamp; of a file that may still change within a tick of the clock one that matches no file."""
    from time import time_ns

    return stamp if max(stamp[1:3]) < time_ns() - _TICK else [0, 0, 0, 0]


def _digest(path: Path | str) -> str:
    from hashlib import sha256
    from pathlib import Path

    try:
        return sha256(files.read(Path(path))).hexdigest()
    except DataError:  # reading it to build says what is wrong
        return ""
