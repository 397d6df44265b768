"""A graph that is served: the generation of its store that is current, as pages, and the processes that answer queries.

When a build has swapped another generation in, that is opened beside the former one, which is closed when nobody who
came before reads from it any more.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from coopgraph.ask.graph import CoopGraph
from coopgraph.ask.opening import open_store
from coopgraph.errors import CoopgraphError, ServerError
from coopgraph.site.checksums import digest
from coopgraph.site.fingerprints import renderer
from coopgraph.site.renderer import Site
from coopgraph.site.served.kept import KeptAnswers
from coopgraph.site.served.pool import Pool
from coopgraph.site.served.worker import generation
from coopgraph.store import current
from coopgraph.store import folder as store_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgraph.claims.workspace import Workspace
    from coopgraph.site.served.pool import QueryLimits
    from coopgraph.store.interface import Store

_LOOK = 1.0
"""Seconds between two looks whether there is another generation."""
_THREADS = 4
T = TypeVar("T")


class Generation:
    """A generation of the store, opened: the graph, and its pages."""

    def __init__(self, store: Store, space: Workspace) -> None:
        self.name = generation(store)
        self.graph = CoopGraph(store, space)
        self.site = Site(self.graph)
        self.readers = 0
        self.is_former = False

    def warm(self) -> None:
        """Work out what all pages need, so that the first one does not take longer."""
        self.site.render("index.html")

    def etag(self, path: str) -> str | None:
        """Return what says which bytes stand at a path, None where the graph may change unseen.

        It has the path, so that only who was given something there has it.
        """
        here = digest(path.encode("utf-8", "surrogatepass"))[:8]
        return f'"{self.name}-{renderer()}-{here}"' if self.name else None

    def retire(self) -> None:
        """Close the graph as soon as nobody reads it."""
        self.is_former = True
        if not self.readers:
            self.graph.close()


def _detached(work: Callable[[], T]) -> T:
    """Return what a function gives; what it raises leaves here what it held, which no other thread may let go of."""
    try:
        return work()
    except CoopgraphError as error:
        error.__cause__ = error.__context__ = None
        raise error.with_traceback(None)  # noqa: B904 - there is nothing that it comes from


class LiveGraph:
    """A workspace's graph as it is now; `path` is where the site has it, with a slash at both ends."""

    def __init__(self, space: Workspace, path: str, limits: QueryLimits, address: str | None = None) -> None:
        self.space, self.path, self.limits = space, path, limits
        self._address = space.server_address(address)
        self.pool, self.kept = Pool(self._place(), limits), KeptAnswers()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="pages")
        self._generation: Generation | None = None
        self._watch: asyncio.Task[None] | None = None

    def _place(self) -> dict[str, Any]:
        place: dict[str, Any] = {"address": self._address, "root": str(self.space.root)}
        if not self._address:
            place |= {"folder": str(self.space.store_folder), "prefixes": self.space.prefixes}
        return place

    def open(self, tell: Callable[[str], None]) -> None:
        """Bring the store up to date and open it. Raises `CoopgraphError` where that cannot be done."""
        store = open_store(self.space, self._address, tell=tell)
        self._generation = Generation(store, self.space)
        self._generation.warm()

    async def start(self, tell: Callable[[str], None]) -> None:
        """Start the processes that answer queries, and follow the store. Raises `DataError`."""
        await self.pool.start()
        if not self._address:
            self._watch = asyncio.get_running_loop().create_task(self._follow(tell))

    async def close(self) -> None:
        """Let go of the store, and end the processes that answer queries."""
        if self._watch is not None:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self.pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._generation is not None:
            self._generation.retire()

    async def in_thread(self, work: Callable[[], T]) -> T:
        """Return what a function gives that is run beside the loop.

        Raises `ServerError` where the graph is on a server and that takes longer than a query may.
        """
        waiting = asyncio.get_running_loop().run_in_executor(self._threads, _detached, work)
        try:
            async with asyncio.timeout(self.limits.seconds if self._address else None):
                return await waiting
        except TimeoutError:
            raise ServerError(f"{self._address}: takes longer than {self.limits.seconds:g} s") from None

    @property
    def generation(self) -> str:
        """The name of the current generation, nothing where the graph is on a server."""
        return self._generation.name if self._generation else ""

    @contextmanager
    def reading(self) -> Iterator[Generation]:
        """Give the current generation, which stays open until the block ends."""
        opened = self._generation
        if opened is None:
            raise CoopgraphError("the graph is not open yet; ask again in a moment")
        opened.readers += 1
        try:
            yield opened
        finally:
            opened.readers -= 1
            if opened.is_former and not opened.readers:
                opened.graph.close()

    async def _follow(self, tell: Callable[[str], None]) -> None:
        """Open each generation that is swapped in."""
        seen = self._generation.name if self._generation else ""
        while True:
            await asyncio.sleep(_LOOK)
            now = store_folder.current(self.space.store_folder)
            if now is None or now.name == seen:
                continue
            seen = now.name
            try:
                await self._swap()
            except CoopgraphError as error:
                tell(f"{error}; answering from the former store")

    async def _swap(self) -> None:
        store = await self.in_thread(lambda: current.open_store(self.space.store_folder, self.space.prefixes))
        opened = Generation(store, self.space)
        await self.in_thread(opened.warm)
        former, self._generation = self._generation, opened
        self.pool.renew()
        if former is not None:
            former.retire()
