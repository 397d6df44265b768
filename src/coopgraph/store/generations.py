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

from coopgraph.errors import DataError
from coopgraph.store import local, locks
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.store.local import LocalStore


class Generation:
    """A store in the making, in a folder of its own beside the current one."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str]) -> None:
        self.finished = False
        self.draft: Draft | None = None
        self._folder, self._prefixes = folder, prefixes
        self._held = ExitStack()
        self.path = self._claimed()

    def _claimed(self) -> Path:
        """Make the folder and lock it, so that a build which runs meanwhile does not take it for a leftover."""
        while True:
            path = self._folder / f"{time.time_ns():x}"
            path.mkdir(parents=True)
            try:
                (path / "in-use").touch()
                self._held.enter_context(local.pinned(path))
            except FileNotFoundError:
                continue
            if path.is_dir():
                return path

    def start(self, former: LocalStore | None = None) -> Draft:
        """Open the database to write: an empty one, or that of the former generation, whose files are shared."""
        if former is not None:
            former.snapshot(self.path / "db")
        self.draft = Draft.at(self.path / "db", self._prefixes)
        return self.draft

    def snapshot(self) -> Path:
        """Return the folder of a copy of the database as it is now, which other processes can read meanwhile."""
        copy = self.path / "snapshot"
        if self.draft is not None:
            self.draft.snapshot(copy)
        return copy

    def write(self, name: str, held: Mapping[str, Any]) -> None:
        """Write what the next build wants to know of this one."""
        write_aside(self.path / name, json.dumps(held, ensure_ascii=False))

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Make the generation complete and the current one."""
        self._let_go()
        shutil.rmtree(self.path / "snapshot", ignore_errors=True)
        self.write("manifest.json", manifest)
        write_aside(self._folder / "current", self.path.name)
        self.finished = True
        _sweep(self._folder, keep=self.path.name)

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
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "lock", wait):
            if not (folder / ".gitignore").exists():
                write_aside(folder / ".gitignore", "*\n")
            _sweep(folder, keep=local.current(folder))
            with _made(folder, prefixes) as generation:
                yield generation


@contextmanager
def trying(folder: Path, prefixes: Mapping[str, str]) -> Iterator[Generation]:
    """Give a `Generation` that is thrown away in the end, and that disturbs no build.

    It is made beside the store where there is one, for it may share files with that, and else among temporary files.
    """
    with _told(folder), ExitStack() as held:
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            folder = Path(held.enter_context(TemporaryDirectory(prefix="coopgraph-")))
        yield held.enter_context(_made(folder, prefixes))


@contextmanager
def _made(folder: Path, prefixes: Mapping[str, str]) -> Iterator[Generation]:
    generation = Generation(folder, prefixes)
    try:
        yield generation
    finally:
        if not generation.finished:
            generation.discard()


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say in one line what keeps a store from being written."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        what = getattr(error, "strerror", None) or " ".join(str(error).split())
        raise DataError(
            f"{folder}: the store cannot be written ({what}); make room or mend the permissions, then build again"
        ) from error


def write_aside(path: Path, text: str) -> None:
    """Write a file aside, to the disk, and rename it."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


@contextmanager
def _locked(path: Path, wait: float) -> Iterator[None]:
    deadline = time.monotonic() + wait
    with path.open("a") as file:
        while True:
            try:
                locks.take(file.fileno())
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DataError(
                        f"{path.parent}: another build is running; wait until it ends, then try again"
                    ) from None
                time.sleep(0.05)
        yield


def _sweep(folder: Path, keep: str) -> None:
    """Remove generations that nobody reads: former ones, and what an interrupted build left."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            _remove_unread(path)
        elif path.suffix == ".new":
            path.unlink(missing_ok=True)


def _remove_unread(generation: Path) -> None:
    """Remove a generation unless a reader holds it; the lock is kept meanwhile, so that none can come in."""
    try:
        with (generation / "in-use").open() as file:
            locks.take(file.fileno())
            shutil.rmtree(generation, ignore_errors=True)
    except FileNotFoundError:
        shutil.rmtree(generation, ignore_errors=True)
    except BlockingIOError:
        return
