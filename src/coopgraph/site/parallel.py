"""Pages of a published site written by several processes: each opens the store, and writes some of the pages."""

from __future__ import annotations

import json
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.build import workers
from coopgraph.errors import DataError
from coopgraph.site.checksums import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.site.renderer import Site

_WORTH = 800
"""Pages from which on other processes help: they need a second to begin."""
_BATCH = 40
"""Pages that a process is given at a time."""


class Written(NamedTuple):
    """A file that has been written: its path, and checksum and length of its bytes."""

    path: str
    digest: str
    length: int


class _Same(NamedTuple):
    """What another process needs to make the same site, and the folder that it writes to."""

    folder: Path
    prefixes: tuple[tuple[str, str], ...]
    manifest: str
    workspace: Workspace
    address: str
    languages: tuple[str, ...]
    forms: tuple[str, ...]
    every_record: bool
    aside: Path


@contextmanager
def writing(site: Site, paths: Sequence[str], aside: Path) -> Iterator[Callable[[], Iterator[Written]]]:
    """Give what yields the files that stand at the paths as they are written, partly by other processes meanwhile.

    Whoever calls it writes those that the others have not come to yet. The order of the paths is that of the work:
    others take from its beginning, and this process from its end. Raises `DataError` where a process ends.
    """
    batches = deque(paths[at : at + _BATCH] for at in range(0, len(paths), _BATCH))
    folder: Path | None = getattr(site.content.store, "folder", None)
    helpers = min(workers.cores() - 1, len(batches)) if folder and len(paths) >= _WORTH else 0
    if not folder or helpers < 1:
        yield lambda: _own_share(site, batches, aside)
        return
    content = site.content
    same = _Same(
        folder, tuple(content.store.prefixes.items()), json.dumps(content.store.manifest), content.workspace,
        content.address, content.languages, content.forms, site.every_record, aside,
    )  # fmt: skip
    with workers.started(helpers, same) as run, ThreadPoolExecutor(helpers) as threads:
        done = [threads.submit(_drained, batches, run) for _ in range(helpers)]

        def written() -> Iterator[Written]:
            yield from _own_share(site, batches, aside)
            for each in done:
                yield from each.result()

        try:
            yield written
        finally:
            batches.clear()


def _drained(batches: deque[Sequence[str]], run: Callable[..., Iterator[list[Written]]]) -> list[Written]:
    """Have one process write batches until there are no more, and return what it has written."""
    done: list[Written] = []
    while batches:
        try:
            batch = batches.popleft()
        except IndexError:
            break
        for written in run(_batch_written, [batch]):
            done += written
    return done


def _own_share(site: Site, batches: deque[Sequence[str]], aside: Path) -> Iterator[Written]:
    while batches:
        try:
            batch = batches.pop()
        except IndexError:
            break
        yield from (write(site, path, aside) for path in reversed(batch))


def _batch_written(same: _Same, paths: Sequence[str]) -> list[Written]:
    """Write pages in another process."""
    site = _site(same)
    return [write(site, path, same.aside) for path in paths]


@cache
def _site(same: _Same) -> Site:
    """Return the site, made once in each process."""
    from coopgraph.ask.graph import CoopGraph
    from coopgraph.site.renderer import Site
    from coopgraph.store import current

    store = current.open_generation(same.folder, dict(same.prefixes), json.loads(same.manifest))
    return Site(
        CoopGraph(store, same.workspace), address=same.address, languages=same.languages, forms=same.forms,
        every_record=same.every_record,
    )  # fmt: skip


def write(site: Site, path: str, aside: Path) -> Written:
    """Write what stands at a path into a folder. Raises `DataError` where nothing does."""
    page = site.render(path)
    if page is None:
        raise DataError(f"{path}: is listed and not there; please report it")
    target = aside / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(page.body)
    return Written(path, digest(page.body), len(page.body))
