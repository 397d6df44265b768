"""The processes that answer queries: so many at a time, each ended where a query takes too long or too much memory.

A query that finds all of them at work waits, and where too many wait it is refused at once. When another generation of
the store has been swapped in, new processes open it and those that answer from the former one finish first.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from coopgraph.errors import CoopgraphError, DataError, QueryError
from coopgraph.sandbox.limits import WATCH, memory_of
from coopgraph.site.served import frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LOOK = 0.05
"""Seconds between two looks at the processes that run a query."""
_MOST_CORES = 4
_LONG = 1.0
"""Seconds after which the process of a query gives way to all others; it cannot take that back, so it ends then."""
_GIVES_WAY = 10


def cores() -> int:
    """Return how many processes answer queries unless told otherwise."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(_MOST_CORES, there)


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What queries may take: processes, queries that wait for one, seconds, rows, bytes of an answer, bytes of memory.

    Memory is counted beside what a process has before the query.
    """

    workers: int = field(default_factory=cores)
    waiting: int = 16
    seconds: float = 10
    rows: int = 10_000
    bytes: int = 32 << 20
    memory: int = 1536 << 20


class BusyError(CoopgraphError):
    """All processes are at work, and as many queries as may wait for one already do."""


class Answer(NamedTuple):
    """What a worker gave: the head of the frame, its body, and the generation of the store that it is from."""

    head: dict[str, Any]
    body: bytes
    generation: str


@dataclass(slots=True, eq=False)
class _Run:
    """A query on its way: since when, how long it may take, and the bytes that its process may have in memory.

    These are known from the first look on, which most queries do not live to see.
    """

    begin: float
    seconds: float
    most_memory: int = 0
    excess: str = ""


class _Worker:
    """A process with a store that it has opened."""

    def __init__(self, process: asyncio.subprocess.Process, generation: str, epoch: int) -> None:
        self.process, self.generation, self.epoch = process, generation, epoch
        self.gives_way = False

    async def exchange(self, job: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a job and return the answer. Raises `OSError` or `EOFError` where the process has ended."""
        stdin = cast("asyncio.StreamWriter", self.process.stdin)
        stdin.write(job)
        await stdin.drain()
        return await _frame(cast("asyncio.StreamReader", self.process.stdout))

    def kill(self) -> None:
        """End the process, whatever it does."""
        with suppress(ProcessLookupError):
            self.process.kill()

    def give_way(self) -> None:
        """Have the process wait for all others that want the processor."""
        self.gives_way = True
        if hasattr(os, "setpriority"):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.process.pid, _GIVES_WAY)

    async def end(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        await self.process.wait()


async def _frame(stream: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    head, body = frames.LENGTHS.unpack(await stream.readexactly(frames.LENGTHS.size))
    content = await stream.readexactly(head + body)
    return json.loads(content[:head]), content[head:]


class Pool:
    """The processes of one store; `place` says where that is: `folder` and `prefixes`, or `root` and `address`."""

    def __init__(self, place: Mapping[str, Any], limits: QueryLimits) -> None:
        self.limits = limits
        self._place = frames.frame(place)
        self._idle: asyncio.Queue[_Worker | DataError] = asyncio.Queue()
        self._runs: dict[_Worker, _Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = self._epoch = 0
        self._watching: asyncio.Task[None] | None = None
        self.is_closed = False

    async def start(self) -> None:
        """Start the processes, and the watch over them. Raises `DataError` where the store cannot be opened."""
        self._idle.put_nowait(await self._started())
        self._watching = asyncio.get_running_loop().create_task(self._watch())
        for _ in range(self.limits.workers - 1):
            self._keep(self._refill())

    def written(self, job: Mapping[str, Any], seconds: float | None = None) -> bytes:
        """Return a job as a process reads it, with its limits."""
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        return frames.frame({**job, "seconds": allowed, "rows": self.limits.rows, "bytes": self.limits.bytes})

    async def run(self, job: Mapping[str, Any] | bytes, seconds: float | None = None) -> Answer:
        """Return the answer to a job, as it is or as it is written, whole.

        Raises `BusyError` where too many wait, `QueryError` where it takes too much, and `DataError` where no process
        can be started. Where the caller is cancelled, the process is ended.
        """
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        content = job if isinstance(job, bytes) else self.written(job, seconds)
        worker = await self._take()
        try:
            answer = await self._run(worker, content, allowed)
        except BaseException:
            self._replace(worker)
            raise
        if self._is_usable(worker):
            self._idle.put_nowait(worker)
        else:
            self._replace(worker)
        return answer

    async def _take(self) -> _Worker:
        """Return a process that is idle, or wait for one."""
        if self._waiting >= self.limits.waiting or self.is_closed:
            raise BusyError("too many queries are being answered; try again in a moment")
        while True:
            self._waiting += 1
            try:
                worker = await self._idle.get()
            finally:
                self._waiting -= 1
            if isinstance(worker, DataError):
                self._keep(self._refill())
                raise worker
            if self._is_usable(worker):
                return worker
            self._replace(worker)

    def _is_usable(self, worker: _Worker) -> bool:
        is_there = worker.process.returncode is None and not worker.gives_way
        return is_there and worker.epoch == self._epoch and not self.is_closed

    def _replace(self, worker: _Worker) -> None:
        """End a process, and start another in its place."""
        self._keep(worker.end())
        if not self.is_closed:
            self._keep(self._refill())

    async def _run(self, worker: _Worker, content: bytes, seconds: float) -> Answer:
        run = self._runs[worker] = _Run(time.monotonic(), seconds)
        try:
            head, body = await worker.exchange(content)
        except (OSError, EOFError) as error:
            raise QueryError(run.excess or "the query broke the engine; ask in smaller parts") from error
        finally:
            del self._runs[worker]
        return Answer(head, body, worker.generation)

    async def _started(self) -> _Worker:
        epoch = self._epoch
        environment = {name: value for name, value in os.environ.items() if name != WATCH}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "coopgraph.site.served.worker",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment,
        )  # fmt: skip
        worker = _Worker(process, "", epoch)
        try:
            head, _ = await worker.exchange(self._place)
        except (OSError, EOFError) as error:
            await worker.end()
            raise DataError("a process that answers queries does not start; try again with more memory free") from error
        if "error" in head:
            await worker.end()
            raise DataError(head["error"])
        worker.generation = head["generation"]
        return worker

    async def _refill(self) -> None:
        """Start a process; where that fails, whoever would have got it is told."""
        try:
            self._idle.put_nowait(await self._started())
        except DataError as error:
            self._idle.put_nowait(error)

    async def _watch(self) -> None:
        """End processes whose query takes too long or too much memory; whoever waits for the answer is told why."""
        while True:
            await asyncio.sleep(_LOOK)
            for worker, run in list(self._runs.items()):
                lasted = time.monotonic() - run.begin
                run.excess = self._excess(worker, run, lasted)
                if run.excess:
                    worker.kill()
                elif lasted > _LONG and not worker.gives_way:
                    worker.give_way()

    def _excess(self, worker: _Worker, run: _Run, lasted: float) -> str:
        """Return what is told of a query that takes more than it may, nothing where it does not."""
        if lasted >= run.seconds:
            return f"the query ran longer than {run.seconds:g} s and was stopped; narrow it"
        memory = memory_of(worker.process.pid)
        run.most_memory = run.most_memory or memory + self.limits.memory
        if memory > run.most_memory:
            gigabytes = self.limits.memory / (1 << 30)
            return f"the query took more than {gigabytes:g} GB of memory and was stopped; narrow it"
        return run.excess

    def renew(self) -> None:
        """Have the store opened anew: idle processes end, and those at work when they have answered."""
        self._epoch += 1
        for worker in self._drained():
            self._replace(worker)

    def _drained(self) -> Iterator[_Worker]:
        """Yield the idle processes, which are nobody's then."""
        for _ in range(self._idle.qsize()):
            worker = self._idle.get_nowait()
            if isinstance(worker, DataError):
                self._idle.put_nowait(worker)
            else:
                yield worker

    def state(self) -> dict[str, int]:
        """Return how many processes there are for queries, how many are at work, and how many queries wait."""
        return {"workers": self.limits.workers, "running": len(self._runs), "waiting": self._waiting}

    async def close(self) -> None:
        """End all processes; queries that run are told that the query was stopped."""
        self.is_closed = True
        if self._watching is not None:
            self._watching.cancel()
        for worker, run in list(self._runs.items()):
            run.excess = "the server stops; ask again later"
            await worker.end()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._drained():
            await worker.end()

    def _keep(self, work: Any) -> None:
        """Run a coroutine beside, held until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
