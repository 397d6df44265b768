"""Processes that work in parallel, and end with the one that started them, however that ends.

Python's own pools fork a process that has threads or run the user's script again, and leave their processes behind when
they are killed; here a worker is a fresh interpreter that reads tasks from a pipe until that is closed.
"""

from __future__ import annotations

import os
import pickle
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from coopgraph.errors import DataError
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Iterator


_ENDED = "a process that helps this one has ended (killed, or out of memory); try again with more memory free"


@contextmanager
def started(number: int, context: Any) -> Iterator[Callable[..., Iterator[Any]]]:
    """Give what maps a function over arguments in that many processes, results in order, as `map` does.

    The function is given the context first, which each process is sent once. Functions, arguments and results are
    pickled. What a function raises is raised; `DataError` where a process ends.
    """
    allowed = tuple(limits.limits())
    code = f"import sys; sys.path[:] = {sys.path!r}; from coopgraph.build import workers; workers.work({allowed!r})"
    processes: list[subprocess.Popen[bytes]] = []
    idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    threads = ThreadPoolExecutor(number)  # each waits for a process

    def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        process = idle.get()
        try:
            return _answer(process, function, arguments)
        finally:
            idle.put(process)

    def parallel_map(function: Callable[..., Any], *arguments: Iterable[Any]) -> Iterator[Any]:
        return threads.map(lambda each: call(function, each), zip(*arguments, strict=False))

    try:
        for _ in range(number):
            command = [sys.executable, "-c", code]
            processes.append(limits.started(command))
            _send(processes[-1], context)
            idle.put(processes[-1])
        yield parallel_map
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        threads.shutdown()
        for process in processes:
            process.communicate()


def cores() -> int:
    """Return how many processes can work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _answer(process: subprocess.Popen[bytes], function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Return what a process gives for a task."""
    try:
        _send(process, (function, arguments))
        raised, answer = pickle.load(process.stdout)  # type: ignore[arg-type]  # noqa: S301 - from our own process
    except (EOFError, OSError, pickle.UnpicklingError) as error:
        raise DataError(_ENDED) from error
    if raised:
        raise answer
    return answer


def _send(process: subprocess.Popen[bytes], what: Any) -> None:
    try:
        pickle.dump(what, process.stdin, pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
        process.stdin.flush()  # type: ignore[union-attr]
    except OSError as error:
        raise DataError(_ENDED) from error


def work(allowed: tuple[float, int]) -> None:
    """Do tasks from standard input until that is closed; each rule may take so many seconds and bytes."""
    import signal

    limits.set_limits(allowed[0], allowed[1] / (1 << 30))

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the process that started this one, which ends this one
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes to standard error
    _work(tasks, answers)


def _work(tasks: IO[bytes], answers: IO[bytes]) -> None:
    context = pickle.load(tasks)  # noqa: S301 - from our own process
    while True:
        try:
            function, arguments = pickle.load(tasks)  # noqa: S301 - from our own process
        except EOFError:
            return
        try:
            done = (False, function(context, *arguments))
        except Exception as error:
            done = (True, error)
        try:
            pickle.dump(done, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
        except BrokenPipeError:
            return
