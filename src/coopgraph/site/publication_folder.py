"""The folder of a published site: whether it is ours, what is written aside for it, and how that is put in place."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from coopgraph.errors import DataError, UsageError
from coopgraph.files import umask
from coopgraph.sandbox import limits
from coopgraph.site import note
from coopgraph.site.addresses import place
from coopgraph.site.checksums import digest
from coopgraph.site.note import Former
from coopgraph.store import locks

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONG_NAME = 200
"""Bytes of a name beside which there is no room for more."""
MARK = "-/published.json"
"""Says whose folder this is, what is in each file, and what it was made of."""


def published_before(folder: Path) -> Former:
    """Return what was published in a folder before. Raises `UsageError` where something else is in it."""
    if not folder.exists() and not folder.is_symlink():
        if not folder.parent.is_dir():
            raise UsageError(f"{folder}: the folder {folder.parent} does not exist; create it first")
        return Former()
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name a new or an empty one")
    held = _held(folder)
    if not held:
        return Former()
    try:
        if former := note.read((folder / MARK).read_bytes()):
            return former
    except OSError:
        pass
    raise UsageError(f"{folder}: holds something else (it has {min(held)}); name a new or an empty folder")


def _held(folder: Path) -> list[str]:
    """Return the names of what is in a folder, without what publishing and the file system keep there."""
    names = [entry.name for entry in folder.iterdir()]
    own = (_start(folder), _SYSTEMS_OWN)
    return [name for name in names if not name.startswith(own)] if folder.is_mount() else names


_SYSTEMS_OWN = "lost+found"
"""What there is at the root of a file system that is otherwise empty."""


def _start(folder: Path) -> str:
    """Return how the names of what is written aside for a folder begin."""
    name = folder.name if len(os.fsencode(folder.name)) <= _LONG_NAME else digest(os.fsencode(folder.name))
    return f".{name}.publishing-"


@contextmanager
def written_aside(folder: Path) -> Iterator[Path]:
    """Give a folder to write to, beside or, where files cannot be moved from there, within; it is gone in the end.

    One that a publication was killed at has left goes too. Raises `DataError`, in one line, where nothing can be
    written, and where another is at the same folder.
    """
    where, start = folder if folder.is_mount() else folder.parent, _start(folder)
    try:
        with locks.held(where / f"{start}lock"):
            for left in where.glob(f"{glob.escape(start)}????????"):
                shutil.rmtree(left, ignore_errors=True)
            aside = Path(tempfile.mkdtemp(dir=where, prefix=start))
            limits.note_unfinished(aside)
            try:
                yield aside
            finally:
                shutil.rmtree(aside, ignore_errors=True)
                limits.note_finished(aside)
    except BlockingIOError as error:
        raise DataError(f"{folder}: another coopgraph publish is at it; wait until it has ended") from error
    except OSError as error:
        where = error.filename or folder
        raise DataError(
            f"{where}: cannot be written ({error.strerror or error}); make room or mend the permissions"
        ) from error


def put(path: Path, body: bytes) -> None:
    """Write a file, into folders that are made where they are not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def put_in_place(aside: Path, folder: Path, gone: set[str]) -> None:
    """Put what has been written in its place, what was there before away, and the mark last.

    In a folder that has none yet and that no other can replace the mark comes first, and says that the folder is ours.
    """
    if not folder.is_mount() and not (folder.exists() and any(folder.iterdir())):
        aside.chmod(0o777 & ~umask())
        aside.replace(folder)
        return
    is_marked = (folder / MARK).exists()
    names = [path.relative_to(aside) for path in aside.rglob("*") if path.is_file()]
    for name in sorted(names, key=lambda each: (each.as_posix() == MARK) == is_marked):
        if name.as_posix() == MARK:
            _take_away(folder, gone)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (aside / name).replace(folder / name)


def _take_away(folder: Path, gone: set[str]) -> None:
    """Remove files of a former publication, and the folders that are then empty; nothing that a mark makes up."""
    for path in gone:
        target = folder / path
        if place(path) is None or ".." in Path(path).parts or Path(path).is_absolute():
            continue
        target.unlink(missing_ok=True)
        for parent in target.parents:
            if parent == folder or any(parent.iterdir()):
                break
            parent.rmdir()
