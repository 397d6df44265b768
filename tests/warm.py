"""A process that has imported the command line and forks for each command: starting Python anew is most of a command.

What a fork runs is `coopgraph.cli.main` with its own arguments, folder, environment and streams, as a started process
would. What matters at a start (what is imported, which encoding, `python -m`) is tested with started processes.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

_IMPORTED = (
    "coopgraph", "coopgraph.cli.ask", "coopgraph.cli.check", "coopgraph.cli.group", "coopgraph.cli.output",
    "coopgraph.cli.share", "coopgraph.cli.show", "coopgraph.cli.write", "coopgraph.build.build",
    "coopgraph.export.export", "coopgraph.network.network", "coopgraph.page.html_page", "networkx", "numpy", "oxrdflib",
    "pyshacl", "pyvis.network", "rdflib", "rich.progress", "rich.table", "rustworkx",
)  # fmt: skip
AT_START = ("PYTHON", "LANG", "MALLOC", "LD_", "COVERAGE")
"""How variables begin that count when Python starts, and not later."""


class WarmCommands:
    """The command line, run by forks of one process; one command at a time."""

    def __init__(self) -> None:
        self._here, there = socket.socketpair()
        self._process = subprocess.Popen([sys.executable, __file__, str(there.fileno())], pass_fds=[there.fileno()])
        there.close()
        self._lines = self._here.makefile("r", encoding="utf-8")
        self._free = threading.Lock()

    def run(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes, timeout: float
    ) -> subprocess.CompletedProcess[bytes] | None:
        """Run a command and return how it ended, or nothing where another one runs just now."""
        if not self._free.acquire(blocking=False):
            return None
        try:
            asked = json.dumps({"arguments": list(arguments), "cwd": os.fspath(cwd), "env": dict(env)}) + "\n"
            pipes = [os.pipe() for _ in range(3)]
            theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
            socket.send_fds(self._here, [asked.encode()], theirs)
            for end in theirs:
                os.close(end)
            pid = int(self._lines.readline())
            late = threading.Timer(timeout, os.kill, (pid, signal.SIGKILL))
            late.start()
            try:
                out, err = _exchange(stdin, pipes[0][1], pipes[1][0], pipes[2][0])
                code = int(self._lines.readline())
            finally:
                in_time = late.is_alive()
                late.cancel()
            if not in_time:
                raise subprocess.TimeoutExpired(list(arguments), timeout, out, err)
            return subprocess.CompletedProcess(list(arguments), code, out, err)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the process."""
        self._here.shutdown(socket.SHUT_RDWR)
        self._process.wait()
        self._lines.close()
        self._here.close()


def _exchange(stdin: bytes, to: int, out: int, err: int) -> tuple[bytes, bytes]:
    """Write what a command reads while reading what it writes."""
    read: dict[int, bytes] = {}

    def write() -> None:
        with os.fdopen(to, "wb", buffering=0) as pipe:
            rest = memoryview(stdin)
            try:
                while rest:
                    rest = rest[pipe.write(rest) :]
            except BrokenPipeError:
                pass

    def drain(end: int) -> None:
        with os.fdopen(end, "rb") as pipe:
            read[end] = pipe.read()

    threads = [threading.Thread(target=write), *(threading.Thread(target=drain, args=(end,)) for end in (out, err))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return read[out], read[err]


def _serve(asked: socket.socket) -> None:
    """Fork for each command that is asked for, until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the tests is theirs
    while True:
        text, streams, _, _ = socket.recv_fds(asked, 1 << 20, 3)
        while text and not text.endswith(b"\n"):
            text += asked.recv(1 << 20)
        if not text:
            return
        pid = os.fork()
        if not pid:
            _become(json.loads(text), streams, asked)
        for stream in streams:
            os.close(stream)
        asked.sendall(f"{pid}\n".encode())
        asked.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())


def _become(command: dict[str, object], streams: list[int], asked: socket.socket) -> NoReturn:
    """Be the command: its streams, folder, environment and arguments, and nothing of the process that was forked."""
    from coopgraph.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    asked.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (  # those of the process that was forked know its own pipes
        open(number, mode, encoding=was.encoding, errors=was.errors, closefd=False, buffering=1 if number == 2 else -1)  # noqa: SIM115
        for number, (mode, was) in enumerate((("r", sys.stdin), ("w", sys.stdout), ("w", sys.stderr)))
    )
    os.environ.clear()
    os.environ.update(command["env"])  # type: ignore[call-overload]
    sys.argv = ["coopgraph", *command["arguments"]]  # type: ignore[misc]
    try:
        os.chdir(str(command["cwd"]))
        main()
    finally:
        os._exit(125)


if __name__ == "__main__":
    import gc
    import importlib

    for _name in _IMPORTED:
        importlib.import_module(_name)
    gc.collect()
    gc.freeze()  # a fork that looks through what is imported would copy it
    _serve(socket.socket(fileno=int(sys.argv[1])))
