"""The site as files: written aside and put in place when all of them are there, only what has changed anew."""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
import zlib
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims.collector import without_collector
from coopgraph.errors import DataError, UsageError
from coopgraph.files import umask
from coopgraph.sandbox import limits
from coopgraph.site import note, parallel, runs, whole
from coopgraph.site.addresses import place
from coopgraph.site.assets import ASSETS
from coopgraph.site.checksums import digest, joined
from coopgraph.site.downloads import STORE, Downloads
from coopgraph.site.files_of_the_whole import drawn
from coopgraph.site.fingerprints import Fingerprints, renderer
from coopgraph.site.note import Former, Made
from coopgraph.site.parallel import Written
from coopgraph.site.runs import Run, Runs
from coopgraph.store import locks
from coopgraph.store.fingerprints import checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgraph.site.content import Content
    from coopgraph.site.renderer import Site
    from coopgraph.store.fingerprints import Stamps

_LONG_NAME = 200
"""Bytes of a name beside which there is no room for more."""
MARK = "-/published.json"
"""Says whose folder this is, what is in each file, and what it was made of."""


class Published(NamedTuple):
    """How many files a publication wrote, left as they were and took away, and how many bytes there are in all."""

    written: int
    kept: int
    removed: int
    size: int


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
    folder = folder.resolve()  # of a link, what it leads to is published
    graph = _graph(site)
    with _written(folder) as aside:
        if (
            graph
            and graph == former.graph
            and not again
            and all(_unchanged(folder, path, former) for path in former.files)
        ):
            return Published(0, len(former.files), 0, sum((folder / path).stat().st_size for path in former.files))
        made = _published(site, folder, aside, Former() if again else former, progress)
        _put(aside / MARK, note.written(graph, made))
        gone = former.files.keys() - made.files.keys()
        _put_in_place(aside, folder, gone)
        size = sum(file.length for file in made.files.values())
        return Published(made.number, len(made.files) - made.number, len(gone), size)


def _graph(site: Site) -> str:
    """Return the checksum of all that a site is made of: files of the store's graph and of the program.

    It is nothing where the graph may change unseen, on a server.
    """
    content = site.content
    folder: Path | None = getattr(content.store, "folder", None)
    if folder is None:
        return ""
    made_from: Mapping[str, Stamps] = json.loads((folder / "inputs.json").read_bytes())
    inputs = [f"{name} {checksum(stamp)}" for each in made_from.values() for name, stamp in each.items()]
    questions = [question.sparql + question.summary + question.description for question in content.questions.values()]
    return joined([_shared(site), *inputs, *questions])


def _read(site: Site) -> Mapping[str, str]:
    """Return graph -> checksum of the file that it was read from, and of what bears on how files are read.

    A graph that is made by the build is not among them, nor is any of a server.
    """
    folder: Path | None = getattr(site.content.store, "folder", None)
    if folder is None:
        return {}
    made_from: Mapping[str, Stamps] = json.loads((folder / "inputs.json").read_bytes())
    shared = joined([renderer(), *(f"{name} {checksum(stamp)}" for name, stamp in made_from["shared"].items())])
    space = site.content.workspace
    return {
        space.graph_iri(space.root / name): digest(shared.encode(), checksum(stamp).encode())
        for name, stamp in made_from["graphs"].items()
        if checksum(stamp) and "\\" not in name
    }


def _shared(site: Site) -> str:
    """Return the checksum of what all pages are made of beside the graph."""
    content = site.content
    space = content.workspace
    told = [renderer(), space.title, space.description or "", space.license or "", content.address, *content.languages]
    return joined([*told, *(f".{form}" for form in content.forms), f"records: {site.every_record}"])


def _published(
    site: Site, folder: Path, aside: Path, former: Former, progress: Callable[[int, int, str], None] | None
) -> Made:
    """Write what has changed."""
    paths = list(site.paths())
    read = _read(site)
    made_of: Mapping[str, str] = {}
    kept: dict[str, Written] = {}
    with ExitStack() as opened:
        if former.files:
            downloads, prints = opened.enter_context(_whole(site, aside, _runs(folder, former), former, read))
            made_of = _made_of(site, paths, prints)
            same = (path for path in paths if former.made_of(path) == made_of[path])
            kept = {file.path: file for file in (_unchanged(folder, path, former) for path in same) if file}
        left = [path for path in paths if path not in kept]
        shared = sorted((path for path in left if path.endswith(_SHARED)), key=_order)
        rest = opened.enter_context(parallel.writing(site, shared, aside))
        if not made_of:  # other processes have begun meanwhile
            downloads, prints = opened.enter_context(_whole(site, aside, {}, former, read))
        own = (parallel.write(site, path, aside) for path in left if not path.endswith(_SHARED))
        files = dict(kept)
        for number, file in enumerate(chain(own, rest()), len(kept) + 1):
            files[file.path] = file
            if progress:
                progress(number, len(paths), file.path)
        made_of = made_of or _made_of(site, paths, prints)
        graphs = {graph: read.get(graph, "") for graph in site.content.store.graphs()}
        return Made(
            {path: files[path] for path in paths}, made_of, len(left), graphs,
            {path: several for path, several in former.runs.items() if path in kept} | downloads.runs.notes(),
            downloads.noted or former.rdf,
        )  # fmt: skip


def _runs(folder: Path, former: Former) -> Mapping[str, Sequence[Run]]:
    """Return the runs of the packed files of a former publication that are as they were written."""
    as_written = (path for path in former.runs if _unchanged(folder, path, former))
    try:
        return {path: runs.noted((folder / path).read_bytes(), former.runs[path]) for path in as_written}
    except (ValueError, TypeError):  # somebody has changed the note
        return {}


def _known(store: Sequence[Run], former: Former, read: Mapping[str, str]) -> Mapping[str, bytes]:
    """Return graph -> its quads, of those whose files are as they were: those that the packed store has."""
    try:
        return {
            graph: run.content()
            for run, (graph, file) in zip(store, former.graphs.items(), strict=True)
            if file and file == read.get(graph)
        }
    except (ValueError, zlib.error):  # somebody has changed the note
        return {}


_SHARED = (".html", ".svg", ".json.gz")
"""Endings of what any process may write: it does not follow from all quads of the store at once."""


def _order(path: str) -> tuple[bool, str, str]:
    """Return by what shared pages are ordered: the network, which takes longest, then all pages of a language."""
    where = place(path)
    return not path.startswith("-/"), where.language if where else "", path


@contextmanager
def _whole(
    site: Site, aside: Path, packed: Mapping[str, Sequence[Run]], former: Former, read: Mapping[str, str]
) -> Iterator[tuple[Downloads, Fingerprints]]:
    """Read all quads of the graph at once, until the block ends; what is packed and has not changed is known."""
    content = site.content
    known = _known(packed.get(STORE, ()), former, read)
    with whole.read(content.store, aside, known) as quads:
        content.whole = quads
        with without_collector():
            prints = Fingerprints(content)
        content.downloads = downloads = Downloads(
            content.store, content.extract, quads, Runs(packed), former.rdf, prints.claims
        )
        try:
            yield downloads, prints
        finally:
            content.whole = content.downloads = None


def _made_of(site: Site, paths: list[str], prints: Fingerprints) -> dict[str, str]:
    """Return path -> checksum of all that its bytes follow from."""
    shared = _shared(site)
    about = site.stems()
    of_stem: dict[str, str] = {}
    made_of: dict[str, str] = {}
    with without_collector():
        for path in paths:
            where = place(path)
            stem = path if where is None or path.startswith("-/") else where.stem
            if stem not in of_stem:
                of_stem[stem] = digest(shared.encode(), _told(stem, about.get(stem, ""), site.content, prints).encode())
            made_of[path] = of_stem[stem]
    return made_of


_FORMS = ("questions/", "search", "sparql", "network", "-/questions.json.gz")
"""Beginnings of the stems of pages that tell nothing of the graph but what can be asked of it."""
_DRAWN = ("-/network.html", "-/network.svg")


def _told(stem: str, about: str, content: Content, prints: Fingerprints) -> str:
    """Return the checksum of all of the graph that what stands at a stem tells."""
    if about in content:
        return prints.of(about)
    kind = stem.removeprefix("id/").removesuffix("/index")
    if stem == f"id/{kind}/index":
        return prints.kind(kind)
    of: dict[str, Callable[[], str]] = {
        "timeline": prints.timeline, "map": prints.map, "entities": prints.kinds, "ontology/index": prints.ontology,
        **dict.fromkeys(_DRAWN, lambda: prints.network(drawn(content))), **dict.fromkeys(_FIXED, str),
        STORE: lambda: prints.store,
    }  # fmt: skip
    if stem in of:
        return of[stem]()
    return prints.library if stem.startswith(_FORMS) else prints.whole + prints.library


_FIXED = (*ASSETS, "download/index", ".nojekyll")
"""What tells nothing of the graph."""


def _unchanged(folder: Path, path: str, former: Former) -> Written | None:
    """Return a file that is as it was written, None for another."""
    try:
        with open(os.path.join(folder, path), "rb") as file:  # noqa: PTH118, PTH123 - thousands of them
            body = file.read()
    except OSError:
        return None
    found = digest(body)
    return Written(path, found, len(body)) if path in former.files and found == former.files[path].digest else None


def _former(folder: Path) -> Former:
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
        former = note.read((folder / MARK).read_bytes())
        if former:
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
def _written(folder: Path) -> Iterator[Path]:
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


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _put_in_place(aside: Path, folder: Path, gone: set[str]) -> None:
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
