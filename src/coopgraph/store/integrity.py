"""Whether a finished generation still is what was built: each file's size and checksum stand in the manifest.

The manifest's own checksum stands in the file `current`, so that every file is vouched for. A question reads no file
for that: it compares size, number and times with those in `stamps.json`, and only where these differ, as after a copy
or damage, is the checksum made anew. Tables of a database (`.sst`), which generations share by hard links, have a
checksum of each block besides, which the engine compares.
"""

from __future__ import annotations

import json
import os
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

from coopgraph.errors import DamagedStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MANIFEST, STAMPS = "manifest.json", "stamps.json"
_ADVICE = "run coopgraph build --full"
_UNREAD = ("LOG", "LOCK", "OPTIONS")
"""Beginnings of names in a database's folder that nobody reads."""
_PIECE = 1 << 20
_ENGINE = "Corruption: "
"""How the engine's messages of damage begin."""

Seals: TypeAlias = "dict[str, list[int | str]]"
"""Name of a file of a generation -> its size in bytes and its checksum."""


def is_damage(error: BaseException) -> bool:
    """Say whether an error, or what it comes from, tells that a store is not what was built."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DamagedStoreError) or _ENGINE in str(cause):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def damaged(error: BaseException) -> DamagedStoreError:
    """Return in one line what the engine says of damage, and what mends it."""
    return DamagedStoreError(f"the store is damaged ({' '.join(str(error).split())}); {_ADVICE}")


def sealed(generation: Path, former: Path | None, inherited: Mapping[str, Any]) -> Seals:
    """Write a finished generation to the disk for good, and return its files with their checksums.

    Those of tables that are the very files of the generation `former` are taken from its seals, `inherited`.
    """
    seals: Seals = {}
    for name in _names(generation):
        path = generation / name
        status = path.stat()
        if former and _is_table(name) and name in inherited and _is_same(former / name, status):
            seals[name] = inherited[name]
        else:
            seals[name] = [status.st_size, _written(path)]
    _sync_folders(generation)
    return seals


def stamp(generation: Path, names: Iterable[str]) -> str:
    """Return, as the text of `stamps.json`, by what the files of a generation are known again."""
    return json.dumps({name: _stamp(generation, name) for name in names})


def checksum(content: bytes) -> str:
    """Return the checksum of a small file's content."""
    return f"{crc32(content):08x}"


def verify(generation: Path, seals: Mapping[str, Any]) -> bool:
    """Say whether the stamps are right; where they are not, the checksums are.

    Raises `DamagedStoreError` where a file is missing, or is not what it was.
    """
    stamps = _read_stamps(generation)
    try:
        changed = [name for name in seals if stamps.get(name) != _stamp(generation, name)]
        damaged = next((name for name in changed if not _holds(generation / name, seals[name])), None)
    except (OSError, TypeError, LookupError) as error:
        raise DamagedStoreError(f"{generation}: the store is damaged ({error}); {_ADVICE}") from error
    if damaged is not None:
        raise DamagedStoreError(f"{generation / damaged}: is not what was built; {_ADVICE}")
    return not changed


def _names(generation: Path) -> Iterator[str]:
    """Yield the files of a generation that readers and the next build read, but for those about them."""
    for entry in sorted(os.scandir(generation), key=lambda entry: entry.name):
        if entry.name.endswith((".db", ".json")) and entry.name not in (MANIFEST, STAMPS):
            yield entry.name
    for entry in sorted(os.scandir(generation / "db"), key=lambda entry: entry.name):
        if not entry.name.startswith(_UNREAD):
            yield f"db/{entry.name}"


def _is_table(name: str) -> bool:
    return name.endswith(".sst")


def _is_same(path: Path, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(path.stat(), status)
    except OSError:
        return False


def _stamp(generation: Path, name: str) -> list[int]:
    """Return by what a file is known again without being read. Raises `OSError` where it is no file any more."""
    status = os.lstat(f"{generation}{os.sep}{name}")
    if not S_ISREG(status.st_mode):
        raise OSError(None, f"{name} is no file")
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _read_stamps(generation: Path) -> dict[str, Any]:
    try:
        stamps = json.loads((generation / STAMPS).read_bytes())
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _written(path: Path) -> str:
    """Return the checksum of a file, and have the system write it to the disk."""
    with path.open("r+b" if os.name == "nt" else "rb") as file:  # Windows writes out only what is open to write
        total = _total(iter(lambda: file.read(_PIECE), b""))
        os.fsync(file.fileno())
    return total


def _holds(path: Path, seal: list[int | str]) -> bool:
    with path.open("rb") as file:
        return [os.fstat(file.fileno()).st_size, _total(iter(lambda: file.read(_PIECE), b""))] == seal


def _total(pieces: Iterable[bytes]) -> str:
    total = 0
    for piece in pieces:
        total = crc32(piece, total)
    return f"{total:08x}"


def _sync_folders(generation: Path) -> None:
    """Have the system write down which files there are, where it knows such a thing."""
    for folder in (generation / "db", generation, generation.parent):
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Have the system write down what is in a folder, where it knows such a thing."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
