"""A served graph for the tests: the real command, on a port of its own, ended at the end."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from conftest import environment


@dataclass
class Served:
    """A server that runs: its address, its process, and the lines that it has told so far."""

    address: str
    process: subprocess.Popen[bytes]
    lines: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.address.rstrip("/").rpartition(":")[2])

    def client(self, **settings: object) -> httpx.Client:
        """Return a client for it, which follows no redirections."""
        return httpx.Client(base_url=self.address, timeout=30, trust_env=False, **settings)  # type: ignore[arg-type]

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer queries, and what is left of those that did."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [each for each in below if _is_worker(each)]

    def server(self) -> psutil.Process:
        """Return the process that listens, which the one that was started watches."""
        (child,) = psutil.Process(self.process.pid).children()
        return child

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(20)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE or "coopgraph.site.served.worker" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@contextmanager
def serving(*arguments: str | Path, home: Path, env: dict[str, str] | None = None) -> Iterator[Served]:
    """Serve on a free port until the block ends; `home` is that of whoever serves."""
    command = [sys.executable, "-m", "coopgraph", "serve", "--port", "0", *map(str, arguments)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=home,
        env=environment(home, env),
    )  # fmt: skip
    lines: list[str] = []
    reader = threading.Thread(target=_listen, args=(process, lines), daemon=True)
    try:
        served = Served(_address(process, lines), process, lines)
        reader.start()
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)
        reader.join(10)
        if process.stderr is not None:
            process.stderr.close()


def _address(process: subprocess.Popen[bytes], lines: list[str]) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        lines.append(line.decode())
        if match := re.search(r"serving .* at (http://\S+/); stop with Ctrl-C", lines[-1]):
            return match[1]
    raise AssertionError(lines)


def _listen(process: subprocess.Popen[bytes], lines: list[str]) -> None:
    assert process.stderr is not None
    lines.extend(line.decode() for line in process.stderr)


def open_files(process: psutil.Process) -> int:
    """Return how many files and sockets a process has open."""
    return process.num_fds()
