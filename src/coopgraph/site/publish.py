"""The site as files: written aside and put in place when all of them are there, only what has changed anew."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import DataError, UsageError
from coopgraph.site import whole
from coopgraph.site.addresses import PACKED, place
from coopgraph.site.fingerprints import Fingerprints, digest, joined, renderer
from coopgraph.store.fingerprints import checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from coopgraph.site.content import Content
    from coopgraph.site.renderer import Site
    from coopgraph.store.fingerprints import Stamps

MARK = "-/published.json"
"""Says whose folder this is, what is in each file, and what it was made of."""
_BY = "coopgraph publish"


class Published(NamedTuple):
    """How many files a publication wrote, left as they were and took away, and how many bytes there are in all."""

    written: int
    kept: int
    removed: int
    size: int


class _Former(NamedTuple):
    """What a former publication noted: path -> checksum of the file, what each was made of, and of which graph."""

    files: Mapping[str, str]
    sources: Mapping[str, str]
    graph: str = ""


def publish(
    site: Site, folder: Path, *, again: bool = False, progress: Callable[[int, int, str], None] | None = None
) -> Published:
    """Write every page of a site into a folder that is new, empty, or was published before.

    A file whose page tells the same as before, and that is as it was written, is left alone, unless it is written
    `again`. `progress` is told the number of files that are done, that of all, and the path of the last. Raises
    `UsageError` where the folder holds something else, and `DataError` where it cannot be written; in both cases what
    is there stays as it is.
    """
    former = _former(folder)
    graph = _graph(site)
    with _written(folder) as aside:
        if graph and graph == former.graph and not again:
            made_of = former.sources
            if all(_unchanged(folder, path, former) for path in made_of):
                return Published(0, len(made_of), 0, sum((folder / path).stat().st_size for path in made_of))
        with whole.read(site.content.store, PACKED, aside) as read:
            site.content.whole = read
            try:
                return _published(site, folder, aside, former, again=again, progress=progress)
            finally:
                site.content.whole = None


def _graph(site: Site) -> str:
    """Return the checksum of all that a site is made of: files of the store's graph and of the program.

    It is nothing where the graph may change unseen, on a server.
    """
    content = site.content
    folder: Path | None = getattr(content.store, "folder", None)
    if folder is None:
        return ""
    root = str(content.workspace.root)
    made_from: Mapping[str, Stamps] = json.loads((folder / "inputs.json").read_bytes())
    inputs = [
        f"{name.removeprefix(root)} {checksum(stamp)}" for each in made_from.values() for name, stamp in each.items()
    ]
    questions = [question.sparql + question.summary + question.description for question in content.questions.values()]
    return joined([_shared(site), *inputs, *questions])


def _shared(site: Site) -> str:
    """Return the checksum of what all pages are made of beside the graph."""
    content = site.content
    space = content.workspace
    told = [renderer(), space.title, space.description or "", space.license or "", content.address, *content.languages]
    return joined([*told, *(f".{form}" for form in content.forms), f"records: {site.every_record}"])


def _published(
    site: Site,
    folder: Path,
    aside: Path,
    former: _Former,
    *,
    again: bool,
    progress: Callable[[int, int, str], None] | None,
) -> Published:
    paths = list(site.paths())
    made_of = _made_of(site, paths)
    digests: dict[str, str] = {}
    size = 0
    for number, path in enumerate(paths, 1):
        kept = None if again or former.sources.get(path) != made_of[path] else _unchanged(folder, path, former)
        if kept is None:
            kept = _write(site, path, aside)
        digests[path], length = kept
        size += length
        if progress:
            progress(number, len(paths), path)
    written = sum(1 for path in paths if (aside / path).exists())
    note = {"by": _BY, "graph": _graph(site), "files": digests, "sources": made_of}
    _put(aside / MARK, (json.dumps(note, ensure_ascii=False, indent=0) + "\n").encode())
    gone = former.files.keys() - digests.keys()
    _put_in_place(aside, folder, gone)
    return Published(written, len(paths) - written, len(gone), size)


def _write(site: Site, path: str, aside: Path) -> tuple[str, int]:
    page = site.render(path)
    if page is None:
        raise DataError(f"{path}: is listed and not there; please report it")
    _put(aside / path, page.body)
    return digest(page.body), len(page.body)


def _made_of(site: Site, paths: list[str]) -> dict[str, str]:
    """Return path -> checksum of all that its bytes follow from."""
    content = site.content
    prints = Fingerprints(content)
    shared = _shared(site)
    about = site.stems()
    of_stem: dict[str, str] = {}
    made_of: dict[str, str] = {}
    for path in paths:
        where = place(path)
        stem = where.stem if where else ""
        if stem not in of_stem:
            of_stem[stem] = digest(shared.encode(), _told(stem, about.get(stem, ""), content, prints).encode())
        made_of[path] = of_stem[stem]
    return made_of


_FORMS = ("questions/", "search", "sparql", "network")
"""Beginnings of the stems of pages that tell nothing of the graph but what can be asked of it."""


def _told(stem: str, about: str, content: Content, prints: Fingerprints) -> str:
    """Return the checksum of all of the graph that the pages at a stem tell."""
    if about in content:
        return prints.of(about)
    return prints.library if stem.startswith(_FORMS) else prints.whole


def _unchanged(folder: Path, path: str, former: _Former) -> tuple[str, int] | None:
    """Return checksum and length of a file that is as it was written, None for another."""
    try:
        body = (folder / path).read_bytes()
    except OSError:
        return None
    found = digest(body)
    return (found, len(body)) if found == former.files.get(path) else None


def _former(folder: Path) -> _Former:
    """Return what was published in a folder before. Raises `UsageError` where something else is in it."""
    if not folder.exists() and not folder.is_symlink():
        if not folder.parent.is_dir():
            raise UsageError(f"{folder}: the folder {folder.parent} does not exist; create it first")
        return _Former({}, {})
    if not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name a new or an empty one")
    try:
        if not any(folder.iterdir()):
            return _Former({}, {})
        note = json.loads((folder / MARK).read_bytes())
        if note["by"] == _BY:
            return _Former(note["files"], note["sources"], note.get("graph", ""))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    first = min((entry.name for entry in folder.iterdir()), default="")
    raise UsageError(f"{folder}: holds something else (it has {first}); name a new or an empty folder")


@contextmanager
def _written(folder: Path) -> Iterator[Path]:
    """Give a folder beside to write to, which is gone in the end whatever happens; errors are one line."""
    try:
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name[:40]}."))
        try:
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        where = error.filename or folder
        raise DataError(
            f"{where}: cannot be written ({error.strerror or error}); make room or mend the permissions"
        ) from error


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _put_in_place(aside: Path, folder: Path, gone: set[str]) -> None:
    """Put what has been written in its place, what was there before away, and the mark last."""
    if not folder.exists() or not any(folder.iterdir()):
        aside.chmod(0o777 & ~_umask())
        aside.replace(folder)
        return
    names = [path.relative_to(aside) for path in aside.rglob("*") if path.is_file()]
    for name in sorted(names, key=lambda each: each.as_posix() == MARK):
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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
