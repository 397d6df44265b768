"""The folder that a workspace's store is kept in: told from any other by a marker, and cleared of nothing but our own.

A workspace may come from a stranger. So a folder that is a link, or that holds what no store does, is refused; names in
it are looked up in the folder as it was opened, whatever is put in its place meanwhile; and no link is followed.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING, NamedTuple, Self

from coopgraph import files
from coopgraph.errors import DataError
from coopgraph.store import locks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER, IGNORE, LOCK, CURRENT, IN_USE = "coopgraph-store", ".gitignore", "lock", "current", "in-use"
_MARK = "Here coopgraph keeps a store that it makes from the graph files. It may be deleted, and is then made anew.\n"
_GENERATION = r"[0-9a-f]{16}"
_ASIDE = r".+\.[0-9]+\.new"
_PARTS = r"in-use|(manifest|stamps|inputs|state)\.json|(texts|sheets)\.db(-journal)?|[0-9]+\.nq"
"""What a generation consists of, beside the folders of its databases."""
_DATABASES = ("db", "snapshot")
_JUNCTION = 0xA0000003
"""The tag of what Windows has as links to folders, beside those that it calls so."""

_BY_DESCRIPTOR = {os.open, os.stat, os.unlink, os.rmdir} <= os.supports_dir_fd and os.scandir in os.supports_fd
"""Whether the system looks names up in an open folder."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class Current(NamedTuple):
    """What the file `current` says: the name of the generation that readers open, and the checksum of its manifest."""

    name: str
    checksum: str


class OpenFolder:
    """A folder that is no link, opened, so that names in it keep their meaning. Raises `OSError`."""

    def __init__(self, path: Path, parent: OpenFolder | None = None, name: str | None = None) -> None:
        self.path = path
        self.descriptor: int | None = None
        if not S_ISDIR(parent.mode(name) if parent and name else _mode(os.lstat(path))):
            raise NotADirectoryError(path)
        if _BY_DESCRIPTOR:
            at = parent.descriptor if parent else None
            self.descriptor = os.open(name if parent and name else path, os.O_RDONLY | _NO_LINK, dir_fd=at)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)

    def folder(self, name: str) -> OpenFolder:
        """Open a folder in this one."""
        return OpenFolder(self.path / name, self, name)

    def names(self) -> list[str]:
        """Return the names in the folder."""
        with os.scandir(self.path if self.descriptor is None else self.descriptor) as entries:
            return [entry.name for entry in entries]

    def mode(self, name: str) -> int:
        """Return what kind of thing has a name, 0 where nothing has it."""
        try:
            return _mode(os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False))
        except (FileNotFoundError, NotADirectoryError):
            return 0

    def open(self, name: str, flags: int = os.O_RDONLY) -> int:
        """Open a file that is no link, pipe or device."""
        if self.mode(name) and not S_ISREG(self.mode(name)):
            raise OSError(None, f"{name} is no file; remove it")
        return os.open(self._at(name), flags | _NO_LINK, 0o666, dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove what has a name, if it can be removed; of a link the link."""
        with suppress(OSError):
            if S_ISDIR(self.mode(name)):
                import shutil  # questions need no such thing

                shutil.rmtree(self._at(name), ignore_errors=True, dir_fd=self.descriptor)
            else:
                os.unlink(self._at(name), dir_fd=self.descriptor)

    def remove_empty(self, name: str) -> None:
        """Remove a folder if there is nothing in it."""
        with suppress(OSError):
            os.rmdir(self._at(name), dir_fd=self.descriptor)

    def _at(self, name: str) -> str:
        return name if self.descriptor is not None else os.path.join(self.path, name)  # noqa: PTH118 - either is text


def _mode(status: os.stat_result) -> int:
    """Return the mode of a file, 1, which is of no kind, for a junction of Windows."""
    return 1 if getattr(status, "st_reparse_tag", 0) == _JUNCTION else status.st_mode


@contextmanager
def opened(path: Path) -> Iterator[OpenFolder]:
    """Open the folder of a store to build in it, and make it where there is none.

    Raises `DataError` where it is a link or another's folder, `OSError` where it cannot be made or opened.
    """
    if not os.path.lexists(path):
        path.mkdir(parents=True, exist_ok=True)  # another build may make it at the same time
    if not S_ISDIR(_mode(path.lstat())):
        kind = "link" if path.is_symlink() else "file"
        raise DataError(f"{path}: is a {kind}, and a store is kept in a folder of its own; remove it, then build again")
    with OpenFolder(path) as folder:
        if not _is_ours(folder):
            if not all(map(_may_be_ours, folder.names())):
                raise DataError(f"{path}: holds what is no store of coopgraph; move it away, then build again")
            _write(folder, MARKER, _MARK)
            _write(folder, IGNORE, "*\n")
        for name in (LOCK, CURRENT):
            if mode := folder.mode(name):
                files.refuse_other_kinds(mode, str(path / name), "move it away, then build again")
        yield folder


def _is_ours(folder: OpenFolder) -> bool:
    return S_ISREG(folder.mode(MARKER))


def _may_be_ours(name: str) -> bool:
    """Say whether a name is one that a store has: it may be one that was made before there were markers."""
    return name in (IGNORE, LOCK, CURRENT) or bool(re.fullmatch(_GENERATION, name) or re.fullmatch(_ASIDE, name))


def _write(folder: OpenFolder, name: str, text: str) -> None:
    """Write a small file where there is none of that name."""
    with suppress(FileExistsError):
        descriptor = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a file descriptor has no path
            file.write(text)


def current(path: Path) -> Current | None:
    """Return what the folder of a store says of its current generation, None where it has none or is not ours."""
    try:
        with OpenFolder(path) as folder:
            if not _is_ours(folder):
                return None
            with open(folder.open(CURRENT), "rb") as file:  # noqa: PTH123 - a file descriptor has no path
                name, _, checksum = file.read(200).decode("ascii").strip().partition(" ")
            is_there = re.fullmatch(_GENERATION, name) and S_ISDIR(folder.mode(name))
            return Current(name, checksum) if is_there else None
    except (OSError, UnicodeDecodeError):
        return None


def sweep(folder: OpenFolder, keep: str | None) -> None:
    """Remove generations that nobody reads, former ones and what an interrupted build left, and nothing else."""
    for name in folder.names():
        if re.fullmatch(_ASIDE, name):
            folder.remove(name)
        elif re.fullmatch(_GENERATION, name) and name != keep and S_ISDIR(folder.mode(name)):
            remove_unread(folder, name)


def remove_unread(folder: OpenFolder, name: str) -> None:
    """Remove a generation unless a reader holds it; the lock is kept meanwhile, so that none can come in."""
    with suppress(OSError), folder.folder(name) as generation:
        lock = generation.open(IN_USE) if generation.mode(IN_USE) else None
        try:
            if lock is not None:
                locks.take(lock)
            _clear(generation)
        finally:
            if lock is not None:
                os.close(lock)
        generation.remove(IN_USE)  # Windows removes no file that is open
    folder.remove_empty(name)


def _clear(generation: OpenFolder) -> None:
    """Remove what builds put into a generation, the file that locks it last."""
    for name in sorted(generation.names(), key=lambda name: name == IN_USE):
        if name in _DATABASES or re.fullmatch(_PARTS, name) or re.fullmatch(_ASIDE, name):
            generation.remove(name)
