"""The tools of a graph as it is now: when a build has swapped another store in, answers come from that."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from coopgraph.errors import CoopgraphError
from coopgraph.site.served.worker import generation
from coopgraph.store import current, folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgraph.claims.workspace import Workspace
    from coopgraph.site.assistant.tools import Tools
    from coopgraph.site.served.pool import Pool
    from coopgraph.store.interface import Store

_LOOK = 1.0
"""Seconds between two looks whether there is another generation."""


class LiveTools:
    """The tools of the current generation; the first store is closed by whoever opened it, the others here."""

    def __init__(self, store: Store, space: Workspace, pool: Pool, make: Callable[[Store], Tools]) -> None:
        self.tools, self._make = make(store), make
        self._space, self._pool = space, pool
        self._seen = generation(store)
        self._opened: list[tuple[Tools, Store]] = []
        self._readers: dict[Tools, int] = {}

    @contextmanager
    def reading(self) -> Iterator[Tools]:
        """Give the current tools, whose store stays open until the block ends."""
        tools = self.tools
        self._readers[tools] = self._readers.get(tools, 0) + 1
        try:
            yield tools
        finally:
            self._readers[tools] -= 1
            self._let_go()

    async def follow(self) -> None:
        """Open each generation that is swapped in; one that cannot be opened leaves the former one."""
        while True:
            await asyncio.sleep(_LOOK)
            now = folder.current(self._space.store_folder)
            if now is not None and now.name != self._seen:
                self._seen = now.name
                with suppress(CoopgraphError):
                    await self._swap()

    async def _swap(self) -> None:
        store = await asyncio.to_thread(current.open_store, self._space.store_folder, self._space.prefixes)
        self.tools = self._make(store)
        self._opened.append((self.tools, store))
        self._pool.renew()
        self._let_go()

    def _let_go(self) -> None:
        """Close the stores of former generations that nobody reads."""
        for tools, store in self._opened[:]:
            if tools is not self.tools and not self._readers.get(tools):
                self._opened.remove((tools, store))
                store.close()

    def close(self) -> None:
        """Close what was opened here."""
        for _, store in self._opened:
            store.close()
