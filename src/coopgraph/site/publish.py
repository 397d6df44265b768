"""The site as files: written aside and put in place when all of them are there, only what has changed anew."""

from __future__ import annotations

import json
import os
import zlib
from contextlib import ExitStack, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims.collector import without_collector
from coopgraph.site import note, parallel, runs, whole
from coopgraph.site.addresses import place
from coopgraph.site.assets import ASSETS
from coopgraph.site.checksums import digest, joined
from coopgraph.site.downloads import STORE, Downloads
from coopgraph.site.files_of_the_whole import drawn
from coopgraph.site.fingerprints import Fingerprints, renderer
from coopgraph.site.note import Former, Made
from coopgraph.site.parallel import Written
from coopgraph.site.publication_folder import MARK, published_before, put, put_in_place, written_aside
from coopgraph.site.runs import Run, Runs
from coopgraph.store.fingerprints import checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coopgraph.site.content import Content
    from coopgraph.site.renderer import Site
    from coopgraph.store.fingerprints import Stamps


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
    former = published_before(folder)
    folder = folder.resolve()  # of a link, what it leads to is published
    graph = _graph(site)
    with written_aside(folder) as aside:
        if (
            graph
            and graph == former.graph
            and not again
            and all(_unchanged(folder, path, former) for path in former.files)
        ):
            return Published(0, len(former.files), 0, sum((folder / path).stat().st_size for path in former.files))
        made = _published(site, folder, aside, Former() if again else former, progress)
        put(aside / MARK, note.written(graph, made))
        gone = former.files.keys() - made.files.keys()
        put_in_place(aside, folder, gone)
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
    texts = {"title": space.titles, "description": space.descriptions}
    told = [renderer(), space.title, space.description or "", space.license or "", content.address, *content.languages]
    told += [f"{key} {tag}: {text}" for key, each in texts.items() for tag, text in each.items()]
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


_FORMS = ("questions/", "search", "sparql", "-/questions.json.gz")
"""Beginnings of the stems of pages that tell nothing of the graph but what can be asked of it."""
_DRAWN = ("network", "-/network.html", "-/network.svg")


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
