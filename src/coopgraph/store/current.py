"""The current generation of a store folder, pinned and opened to read once it is known to be what was built.

Layout of a store folder::

    coopgraph-store    the marker that says whose folder this is
    current            the generation that readers open and the checksum of its manifest, replaced in one step
    lock               held by the process that builds
    <generation>/      manifest.json (what the graph is, and the checksums of all files), stamps.json, in-use (locked by
                       readers), db/ (the Oxigraph database), texts.db (the index of names and gists), sheets.db
                       (claims and passages as columns), and what the next build wants to know of this one

A reader never sees half a store: a generation is complete before `current` names it, and is not changed afterwards.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from coopgraph.errors import DamagedStoreError, DataError
from coopgraph.store import folder as store_folder
from coopgraph.store import integrity, local, locks
from coopgraph.store.integrity import MANIFEST, STAMPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coopgraph.store.local import LocalStore

_TRIES = 5
"""A build may swap and sweep between our reading the name of a generation and our pinning it."""


def open_store(folder: Path, prefixes: Mapping[str, str]) -> LocalStore:
    """Open the current generation to read.

    Raises `DataError` where there is none, and of these `DamagedStoreError` where it is not what was built.
    """
    for _ in range(_TRIES):
        now = store_folder.current(folder)
        if now is None:
            raise DataError(f"{folder}: there is no store yet; run coopgraph build")
        try:
            return _opened(folder / now.name, now.checksum, prefixes)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RuntimeError) as error:
            raise _damaged(folder, " ".join(str(error).split())) from error
    raise _damaged(folder, "files are missing")


def _damaged(folder: Path, what: str) -> DamagedStoreError:
    return DamagedStoreError(f"{folder}: the store is damaged ({what}); run coopgraph build --full")


def _opened(generation: Path, checksum: str, prefixes: Mapping[str, str]) -> LocalStore:
    """Lock a generation against removal, look whether it is whole, then open it."""
    with pinned(generation) as pin:
        manifest = _manifest(generation, checksum)
        files = manifest.get("files", {})
        if not integrity.verify(generation, files):
            with suppress(OSError):  # who may not write here makes the checksums each time
                write_aside(generation / STAMPS, integrity.stamp(generation, files))
        return local.read_only(generation / "db", prefixes, manifest, os.dup(pin))


def open_generation(generation: Path, prefixes: Mapping[str, str], manifest: dict[str, Any]) -> LocalStore:
    """Open a generation that need not be the current one, as it is. Raises `OSError` or `RuntimeError`."""
    with pinned(generation) as pin:
        return local.read_only(generation / "db", prefixes, manifest, os.dup(pin))


def _manifest(generation: Path, checksum: str) -> dict[str, Any]:
    content = (generation / MANIFEST).read_bytes()
    manifest = json.loads(content)
    if integrity.checksum(content) != checksum or not isinstance(manifest, dict):
        raise ValueError(f"{MANIFEST} is not what was built")
    return manifest


@contextmanager
def pinned(generation: Path) -> Iterator[int]:
    """Lock a generation against removal, and give the open file that holds the lock."""
    with store_folder.OpenFolder(generation) as opened:
        pin = opened.open(store_folder.IN_USE)
    try:
        locks.share(pin)
        yield pin
    finally:
        os.close(pin)


def generation(folder: Path) -> Path:
    """Return the folder of the current generation. Raises `DataError` where there is none."""
    now = store_folder.current(folder)
    if now is None:
        raise DataError(f"{folder}: there is no store yet; run coopgraph build")
    return folder / now.name


def manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of the current generation, or None where there is none or it is damaged."""
    now = store_folder.current(folder)
    try:
        return _manifest(folder / now.name, now.checksum) if now else None
    except (OSError, ValueError):
        return None


def state(folder: Path, name: str) -> dict[str, Any]:
    """Return the JSON object in a file of the current generation, an empty one where there is none or it is damaged."""
    now = store_folder.current(folder)
    try:
        loaded = json.loads((folder / now.name / name).read_text(encoding="utf-8")) if now else {}
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def write_aside(path: Path, text: str) -> None:
    """Write a file aside, to the disk, and rename it."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    aside.unlink(missing_ok=True)  # what lies there may be a link that leads elsewhere
    with aside.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
