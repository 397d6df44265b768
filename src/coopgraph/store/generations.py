"""Generations of the store: each made aside, whole or from its predecessor, and swapped in when it is complete."""

from __future__ import annotations

import json
import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from coopgraph import files
from coopgraph.errors import DataError
from coopgraph.store import current, integrity, locks
from coopgraph.store import folder as store_folder
from coopgraph.store.folder import CURRENT, IN_USE, LOCK
from coopgraph.store.integrity import MANIFEST, STAMPS
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.store.folder import OpenFolder
    from coopgraph.store.integrity import Seals
    from coopgraph.store.local import LocalStore


class Generation:
    """A store in the making, in a folder of its own beside the current one."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str]) -> None:
        self.finished = False
        self.draft: Draft | None = None
        self._former: LocalStore | None = None
        self._files: Seals = {}
        self._folder, self._prefixes = folder, prefixes
        self._held = ExitStack()
        self.path = self._claimed()

    def _claimed(self) -> Path:
        """Make the folder and lock it, so that a build which runs meanwhile does not take it for a leftover."""
        while True:
            path = self._folder / f"{time.time_ns():016x}"
            path.mkdir(parents=True)
            try:
                (path / IN_USE).touch(exist_ok=False)
                pin = self._held.enter_context(current.pinned(path))
                if os.path.samestat(os.fstat(pin), (path / IN_USE).stat()):
                    return path
            except FileNotFoundError:
                continue

    def start(self, former: LocalStore | None = None) -> Draft:
        """Open the database to write: an empty one, or that of the former generation, whose files are shared."""
        if former is not None:
            self._former = former
            former.snapshot(self.path / "db")
        self.draft = Draft.at(self.path / "db", self._prefixes)
        return self.draft

    def snapshot(self) -> Path:
        """Return the folder of a copy of the database as it is now, which other processes can read meanwhile."""
        copy = self.path / "snapshot"
        if self.draft is not None:
            self.draft.snapshot(copy)
        return copy

    def write(self, name: str, content: Mapping[str, Any]) -> None:
        """Write what the next build wants to know of this one."""
        current.write_aside(self.path / name, json.dumps(content, ensure_ascii=False))

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Make the generation complete and the current one, once all of it is on the disk."""
        self._let_go()
        shutil.rmtree(self.path / "snapshot", ignore_errors=True)
        former = self._former
        seals = former.manifest["files"] if former else {}
        files = integrity.sealed(self.path, former.folder if former else None, seals)
        self._files = files
        text = json.dumps({**manifest, "files": files}, ensure_ascii=False)
        current.write_aside(self.path / MANIFEST, text)
        current.write_aside(self._folder / CURRENT, f"{self.path.name} {integrity.checksum(text.encode())}\n")
        integrity.sync_folder(self._folder)
        self.finished = True

    def stamp(self) -> None:
        """Note by what the files are known again, once the former generation shares no more of them."""
        current.write_aside(self.path / STAMPS, integrity.stamp(self.path, self._files))

    def discard(self) -> None:
        """Throw the generation away; the former one stays as it was."""
        try:
            self._let_go()
        finally:
            shutil.rmtree(self.path, ignore_errors=True)

    def _let_go(self) -> None:
        self._held.close()
        if self.draft is not None:
            self.draft.close()


@contextmanager
def building(folder: Path, prefixes: Mapping[str, str], wait: float = 0) -> Iterator[Generation]:
    """Give a `Generation` and hold the build lock of the folder; what is not finished is thrown away.

    Raises `DataError` where another build holds the lock for longer than `wait` seconds, or the disk cannot be written.
    """
    with _as_one_line(folder), store_folder.opened(folder) as opened, _locked(opened, wait):
        _sweep(opened)
        with _made(folder, prefixes) as generation:
            yield generation
        _sweep(opened)
        if generation.finished:
            generation.stamp()


def _sweep(opened: OpenFolder) -> None:
    now = store_folder.current(opened.path)
    store_folder.sweep(opened, now.name if now else None)


@contextmanager
def trying(folder: Path, prefixes: Mapping[str, str]) -> Iterator[Generation]:
    """Give a `Generation` that is thrown away in the end, and that disturbs no build.

    It is made beside the store where there is one, for it may share files with that, and else among temporary files.
    """
    with _as_one_line(folder), ExitStack() as opened:
        if store_folder.current(folder) is None or not os.access(folder, os.W_OK):
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="coopgraph-")))
        yield opened.enter_context(_made(folder, prefixes))


@contextmanager
def _made(folder: Path, prefixes: Mapping[str, str]) -> Iterator[Generation]:
    generation = Generation(folder, prefixes)
    try:
        yield generation
    finally:
        if not generation.finished:
            generation.discard()


@contextmanager
def _as_one_line(folder: Path) -> Iterator[None]:
    """Say in one line what keeps a store from being written."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        what = getattr(error, "strerror", None) or " ".join(str(error).split())
        name = getattr(error, "filename2", None) or getattr(error, "filename", None)
        where = folder / name if isinstance(name, str) else folder
        raise DataError(
            f"{where}: the store cannot be written ({what}); {files.remedy(error)}, then build again"
        ) from error


@contextmanager
def _locked(folder: OpenFolder, wait: float) -> Iterator[None]:
    deadline = time.monotonic() + wait
    with open(folder.open(LOCK, os.O_RDWR | os.O_CREAT), "r+b") as file:  # noqa: PTH123 - a descriptor has no path
        while True:
            try:
                locks.take(file.fileno())
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DataError(
                        f"{folder.path}: another build is running; wait until it ends, then try again"
                    ) from None
                time.sleep(0.05)
        yield
