"""Queries run in processes that are ended where these take too much, and of which nothing is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from coopgraph.ask.graph import CoopGraph
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.errors import DataError, QueryError
from coopgraph.sandbox import limits as sandbox
from coopgraph.site.served.pool import Answer, BusyError, Pool, QueryLimits

FORMS = {"rows": "json", "boolean": "json", "triples": "turtle"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"
Work = Callable[[Pool], Awaitable[None]]


def place_of(space: workspace.Workspace) -> dict[str, Any]:
    """Return where the store of a workspace is."""
    return {"folder": str(space.store_folder), "prefixes": space.prefixes, "address": None}


def with_pool(graph: CoopGraph | workspace.Workspace, limits: QueryLimits, work: Work) -> None:
    """Run what uses a pool of processes, and see that none is left."""
    space = graph.workspace if isinstance(graph, CoopGraph) else graph

    async def run() -> None:
        pool = Pool(place_of(space), limits)
        await pool.start()
        try:
            await work(pool)
        finally:
            await pool.close()

    asyncio.run(run())
    assert not children()


def children() -> list[psutil.Process]:
    """Return the processes that this one has started, also those that are dead and not buried."""
    found = psutil.Process().children(recursive=True)
    return [each for each in found if each.status() == psutil.STATUS_ZOMBIE or "served.worker" in str(each.cmdline())]


async def ask(pool: Pool, text: str, **settings: Any) -> Answer:
    """Ask a query."""
    return await pool.run({"text": text, "forms": FORMS}, **settings)


def test_a_query_over_its_time_is_stopped_and_the_next_is_answered(tiny_graph: CoopGraph) -> None:
    """A query that would take forever is ended, and told; the next one is answered by another process."""

    async def work(pool: Pool) -> None:
        with pytest.raises(QueryError, match=r"the query ran longer than 0\.3 s and was stopped; narrow it"):
            await ask(pool, ENDLESS)
        assert (await ask(pool, "ASK {}")).body == b'{"head":{},"boolean":true}\n'
        with pytest.raises(QueryError, match=r"longer than 0\.1 s"):
            await ask(pool, ENDLESS, seconds=0.1)
        with pytest.raises(QueryError, match=r"longer than 0\.3 s"):
            await ask(pool, ENDLESS, seconds=100)

    with_pool(tiny_graph, QueryLimits(1, seconds=0.3), work)


@pytest.mark.skipif(not sandbox.memory_of(os.getpid()), reason="the system does not say how much memory a process has")
def test_a_query_over_its_memory_is_stopped(tiny_graph: CoopGraph) -> None:
    """A query whose answer grows without end is ended where it has taken what it may."""

    async def work(pool: Pool) -> None:
        with pytest.raises(QueryError, match=r"took more than 0\.03125 GB of memory"):
            await ask(pool, BOMB)
        assert (await ask(pool, "ASK {}")).head["kind"] == "boolean"

    with_pool(tiny_graph, QueryLimits(1, seconds=60, memory=32 << 20), work)


def test_too_many_queries_are_refused_at_once(tiny_graph: CoopGraph) -> None:
    """While one query runs and as many wait as may, another is refused; those that waited are answered in the end."""

    async def work(pool: Pool) -> None:
        long = asyncio.ensure_future(ask(pool, ENDLESS))
        await asyncio.sleep(0.1)
        waiting = [asyncio.ensure_future(ask(pool, "ASK {}")) for _ in range(3)]
        await asyncio.sleep(0)
        assert pool.state() == {"workers": 1, "running": 1, "waiting": 3}
        with pytest.raises(BusyError):
            await ask(pool, "ASK {}")
        with pytest.raises(QueryError):
            await long
        assert len(await asyncio.gather(*waiting)) == 3

    with_pool(tiny_graph, QueryLimits(1, waiting=3, seconds=0.5), work)


def test_who_goes_frees_the_process(tiny_graph: CoopGraph) -> None:
    """Where nobody waits for an answer any more, its process is ended, and the next query is answered at once."""

    async def work(pool: Pool) -> None:
        task = asyncio.ensure_future(ask(pool, ENDLESS))
        await asyncio.sleep(0.2)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert (await ask(pool, "ASK {}")).head["kind"] == "boolean"
        waits = asyncio.ensure_future(ask(pool, ENDLESS))
        await asyncio.sleep(0.05)
        gone = asyncio.ensure_future(ask(pool, ENDLESS))
        await asyncio.sleep(0.05)
        gone.cancel()
        waits.cancel()
        await asyncio.gather(waits, gone, return_exceptions=True)
        assert pool.state()["waiting"] == pool.state()["running"] == 0

    with_pool(tiny_graph, QueryLimits(1, seconds=60), work)


def test_a_process_that_dies_is_told_and_replaced(tiny_graph: CoopGraph) -> None:
    """Where the engine breaks, or something ends an idle process, one answer says so at most, and all others come."""

    async def work(pool: Pool) -> None:
        task = asyncio.ensure_future(ask(pool, ENDLESS))
        await asyncio.sleep(0.1)
        for process in children():
            process.kill()
        with pytest.raises(QueryError, match="the query broke the engine; ask in smaller parts"):
            await task
        assert (await ask(pool, "ASK {}")).head["kind"] == "boolean"
        for process in children():
            process.kill()
            process.wait()
        await asyncio.sleep(0.1)
        assert (await ask(pool, "ASK {}")).head["kind"] == "boolean"

    with_pool(tiny_graph, QueryLimits(1, seconds=60), work)


def test_queries_are_stopped_and_nothing_is_left(tiny_graph: CoopGraph) -> None:
    """After 16 queries over their time there are as many processes and open files as before."""

    async def work(pool: Pool) -> None:
        await ask(pool, "ASK {}")
        await asyncio.sleep(0.5)
        before = psutil.Process().num_fds(), len(children())
        for _ in range(8):
            both = await asyncio.gather(*(ask(pool, ENDLESS, seconds=0.001) for _ in range(2)), return_exceptions=True)
            assert all(isinstance(each, QueryError) for each in both)
        deadline = time.monotonic() + 10
        while (psutil.Process().num_fds(), len(children())) != before and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        assert (psutil.Process().num_fds(), len(children())) == before

    with_pool(tiny_graph, QueryLimits(2), work)


def test_answers_are_cut_and_say_so(tiny_graph: CoopGraph) -> None:
    """Rows, triples and bytes over the limits are left out of a whole answer, and one row over them is told."""
    every, triples = "SELECT * { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o }"

    async def few(pool: Pool) -> None:
        for text, noun in ((every, "5 rows"), (triples, "5 triples")):
            assert (await ask(pool, text)).head["cut"] == noun
        assert (await ask(pool, f"{every} LIMIT 5")).head["cut"] == ""
        assert (await ask(pool, f"{triples} LIMIT 5")).head["cut"] == ""
        assert (await ask(pool, f"{every} LIMIT 6")).head["cut"] == "5 rows"

    async def short(pool: Pool) -> None:
        for text in (every, triples):
            answer = await ask(pool, text)
            assert answer.head["cut"]
            assert 1000 <= len(answer.body) <= 6000
        told = await ask(pool, "SELECT (GROUP_CONCAT(STR(?o)) AS ?all) { ?s ?p ?o }")
        assert "one row or triple has" in told.head["error"]

    with_pool(tiny_graph, QueryLimits(1, rows=5), few)
    with_pool(tiny_graph, QueryLimits(1, bytes=4000), short)


def test_a_store_that_is_swapped_in_is_opened_by_new_processes(small_built: Path) -> None:
    """A query that runs while another generation is swapped in is answered from its own, later ones from the new."""
    space = workspace.find(small_built)
    assert build.build(space).saved
    names = "SELECT (COUNT(*) AS ?n) { ?s skos:prefLabel 'Northport'@en }"
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?s skos:prefLabel 'Northport'@en }"

    async def work(pool: Pool) -> None:
        former = (await ask(pool, names)).generation
        running = asyncio.ensure_future(ask(pool, slow))
        await asyncio.sleep(0.05)
        places = small_built / "graphs" / "places.ttl"
        places.write_text(places.read_text("utf-8").replace('"Eastport"@en', '"Northport"@en'), "utf-8")
        assert (await asyncio.to_thread(build.build, space)).saved
        pool.renew()
        assert (await running).generation == former
        now = await ask(pool, names)
        assert now.generation != former
        assert b'"1"' in now.body

    with_pool(space, QueryLimits(2, seconds=60), work)


def test_processes_open_no_sockets_and_have_no_say_over_the_machine(tiny_graph: CoopGraph) -> None:
    """Where the system can forbid it, a process that answers queries is under a filter of system calls."""

    async def work(pool: Pool) -> None:
        await ask(pool, "ASK {}")
        (process,) = children()
        status = Path(f"/proc/{process.pid}/status")
        if status.exists():
            assert "Seccomp:\t2" in status.read_text()
            assert "NoNewPrivs:\t1" in status.read_text()

    with_pool(tiny_graph, QueryLimits(1), work)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Where the store cannot be opened, that is the error, and no process is left."""
    with pytest.raises(DataError, match="there is no store yet"):
        asyncio.run(Pool({"folder": str(tmp_path), "prefixes": {}, "address": None}, QueryLimits(1)).start())
    assert not children()
