"""Processes that work in parallel, and end with the one that started them, however that ends.

Python's own pools fork a process that has threads or run the user's script again, and leave their processes behind when
they are killed; here a worker is a fresh interpreter that reads tasks from a pipe until that is closed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

from coopgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@contextmanager
def started(number: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Give what maps a function over arguments in that many processes, results in order, as `map` does.

    Functions, arguments and results are pickled. What a function raises is raised; `DataError` where a process ends.
    """
    code = f"import sys; sys.path[:] = {sys.path!r}; from coopgraph.build import workers; workers.work()"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
        for _ in range(number)
    ]
    idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
    for process in processes:
        idle.put(process)

    def call(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        process = idle.get()
        try:
            return _answer(process, function, arguments)
        finally:
            idle.put(process)

    def parallel_map(function: Callable[..., Any], *arguments: Iterable[Any]) -> Iterator[Any]:
        return threads.map(lambda each: call(function, each), zip(*arguments, strict=False))

    threads = ThreadPoolExecutor(number)  # each waits for a process
    try:
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
        pickle.dump((function, arguments), process.stdin, pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
        process.stdin.flush()  # type: ignore[union-attr]
        raised, answer = pickle.load(process.stdout)  # type: ignore[arg-type]  # noqa: S301 - from our own process
    except (EOFError, OSError, pickle.UnpicklingError) as error:
        message = (
            "a process that checks graph files has ended (killed, or out of memory); try again with more memory free"
        )
        raise DataError(message) from error
    if raised:
        raise answer
    return answer


def work() -> None:
    """Do tasks from standard input until that is closed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the process that started this one, which ends this one
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes to standard error
    _work(tasks, answers)


def _work(tasks: IO[bytes], answers: IO[bytes]) -> None:
    while True:
        try:
            function, arguments = pickle.load(tasks)  # noqa: S301 - from our own process
        except EOFError:
            return
        try:
            done = (False, function(*arguments))
        except Exception as error:
            done = (True, error)
        try:
            pickle.dump(done, answers, pickle.HIGHEST_PROTOCOL)
            answers.flush()
        except BrokenPipeError:
            return
