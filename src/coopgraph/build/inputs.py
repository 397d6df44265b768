"""What a store is made from: the files of a workspace as they are, which of them have changed, and the former store."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgraph.build.context import BuildContext
from coopgraph.build.known import Known
from coopgraph.errors import DataError
from coopgraph.store import current, fingerprints

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from coopgraph.claims.workspace import GraphFile, Workspace
    from coopgraph.store.fingerprints import Signature, Stamps
    from coopgraph.store.local import LocalStore

_MANY = 4
"""A store is made anew when more than one file in this many has changed."""
_LARGE = 4 << 20
"""Bytes of changed files from which it is also made anew where these are most of all: replacing them costs more."""


@dataclass(frozen=True, slots=True)
class PreviousStore:
    """The store that a new one is made from, and what is known of it."""

    store: LocalStore
    known: Known


@dataclass(frozen=True, slots=True)
class Inputs:
    """The graph files, those that have changed since the former store, and what all files are known again by.

    `passed_over` are the names of files with RDF in a form that is not read; `context` is what all steps work with;
    `previous` is the former store where it can be brought up to date, sooner than a new one can be made.
    """

    files: Sequence[GraphFile]
    changed: Sequence[GraphFile]
    passed_over: Sequence[str]
    signature: Signature
    context: BuildContext
    previous: PreviousStore | None


@contextmanager
def opened(workspace: Workspace, sources: Path | None, *, full: bool) -> Iterator[Inputs]:
    """Give what a store is made from, the former one open meanwhile, unless all is made anew in `full`.

    Raises `DataError` where there are no graph files yet, or no folder `sources` of source texts.
    """
    if sources is not None and not sources.is_dir():
        raise DataError(f"{sources}: there is no such folder of source texts; name the folder with --sources")
    context = BuildContext(workspace, workspace.texts(sources))
    files = workspace.graph_files()
    if not files and not workspace.awaits_claims():
        raise _nothing_yet(workspace)
    former = {} if full else current.state(workspace.store_folder, "inputs.json")
    signature = fingerprints.of(workspace, former)
    stale = fingerprints.changed(signature["graphs"], former.get("graphs", {}))
    changed = [file for file in files if fingerprints.name(file.path, workspace.root) in stale]
    passed_over = [workspace.name_of(path) for path in workspace.passed_over()]
    few = (
        not full and len(changed) * _MANY <= len(files) + _MANY and _are_alike(signature, former, stale, workspace.root)
    )
    with _previous(workspace) if few else nullcontext() as previous:
        yield Inputs(files, changed, passed_over, signature, context, previous)


def _nothing_yet(workspace: Workspace) -> DataError:
    others = "".join(f" ({path.name} is not read)" for path in workspace.passed_over()[:1])
    advice = "put at least one there, or begin with a document: coopgraph read"
    return DataError(f"{workspace.root / 'graphs'}: holds no .ttl or .nt files{others}; {advice}")


def _are_alike(now: Signature, former: Signature, stale: Collection[str], root: Path) -> bool:
    """Say whether what bears on all files is as it was, and most of their text too."""
    are_most = _are_most(stale, root, now["graphs"], former.get("graphs", {}))
    return not are_most and fingerprints.are_same(now["shared"], former.get("shared", {}))


def _are_most(stale: Collection[str], root: Path, now: Stamps, former: Stamps) -> bool:
    """Say whether graph files that have changed or gone are large, and most of what there is."""
    gone = sum(int(stamp[0]) for name, stamp in former.items() if name not in now)
    paths = {name: os.path.join(root, name) for name in now}  # noqa: PTH118 - text
    sizes = {name: os.path.getsize(path) if os.path.isfile(path) else 0 for name, path in paths.items()}  # noqa: PTH113, PTH202
    size = gone + sum(sizes[name] for name in stale)
    return size > _LARGE and size * 2 > gone + sum(sizes.values())


@contextmanager
def _previous(workspace: Workspace) -> Iterator[PreviousStore | None]:
    """Give the former store with what is known of it, where it can be used."""
    folder = workspace.store_folder
    if (current.manifest(folder) or {}).get("format") != fingerprints.FORMAT:
        yield None
        return
    with ExitStack() as held:
        try:
            store = held.enter_context(current.open_store(folder, workspace.prefixes))
            previous = PreviousStore(store, Known.from_json(current.state(folder, "state.json")))
        except (DataError, LookupError, TypeError, ValueError):
            previous = None
        yield previous
