"""A process that has imported the command line and forks for each command: starting Python anew is most of a command.

What a fork runs is `coopgraph.cli.main` with its own arguments, folder, environment and streams, as a started process
would. What matters at a start (what is imported, which encoding, `python -m`) is tested with started processes.
"""

from __future__ import annotations

import json
import os
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from warm_client import asked

_IMPORTED = (
    "duckdb", "httpx", "lxml.etree", "networkx", "numpy", "opencc", "oxrdflib", "pyarrow.parquet", "pyshacl",
    "pyvis.network", "rdflib", "rich.progress", "rich.table", "rustworkx", "tomllib",
)  # fmt: skip
"""What commands import when they come to need it, beside the package itself."""
_LEFT_OUT = ("coopgraph.__main__", "coopgraph.site.assistant.server")
"""What is not imported: the one is the command itself, and the other a quarter of the memory that each fork copies."""
AT_START = ("PYTHON", "LANG", "MALLOC", "LD_", "COVERAGE")
"""How variables begin that count when Python starts, and not later."""


class WarmCommands:
    """The command line, run by forks of one process, any number at a time.

    `folder` has a program `coopgraph` that is as good as the installed one, for the PATH of shells.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="warm"))
        self._address = str(self.folder / "socket")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self._address)
            listening.listen(64)
            command = [sys.executable, __file__, str(listening.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[listening.fileno()], stdin=subprocess.PIPE)
        program = self.folder / "coopgraph"
        client = Path(__file__).with_name("warm_client.py")
        words = shlex.join([sys.executable, "-IS", str(client), self._address])
        program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        program.chmod(0o755)

    def run(
        self, arguments: Sequence[str], cwd: Path, env: Mapping[str, str], stdin: bytes, timeout: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a command and return how it ended."""
        pipes = [os.pipe() for _ in range(3)]
        theirs = [pipes[0][0], pipes[1][1], pipes[2][1]]
        with asked(self._address, arguments, cwd, env, theirs) as answer:
            for end in theirs:
                os.close(end)
            pid = int(answer.readline())
            late = threading.Timer(timeout, os.kill, (pid, signal.SIGKILL))
            late.start()
            try:
                out, err = _exchange(stdin, pipes[0][1], pipes[1][0], pipes[2][0])
                code = int(answer.readline())
            finally:
                in_time = late.is_alive()
                late.cancel()
        if not in_time:
            raise subprocess.TimeoutExpired(list(arguments), timeout, out, err)
        return subprocess.CompletedProcess(list(arguments), code, out, err)

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        shutil.rmtree(self.folder)


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


def _serve(listening: socket.socket) -> None:
    """Fork for each command that is asked for, until nobody has the other end of standard input any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the tests is theirs
    awake, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    running: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([0, awake, listening], [], [])
        if 0 in ready:
            return
        if awake in ready:
            os.read(awake, 64)
            _tell_who_has_ended(running)
        if listening in ready:
            connection, _ = listening.accept()
            command, streams = _request(connection)
            pid = os.fork()
            if not pid:
                for end in (awake, wake, *(each.fileno() for each in (listening, connection, *running.values()))):
                    os.close(end)
                _become(command, streams)
            for stream in streams:
                os.close(stream)
            connection.sendall(f"{pid}\n".encode())
            running[pid] = connection


def _tell_who_has_ended(running: dict[int, socket.socket]) -> None:
    """Send the exit codes of commands that have ended to who asked for them."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as connection, suppress(BrokenPipeError):
            connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


def _request(connection: socket.socket) -> tuple[dict[str, object], list[int]]:
    """Return a command that is asked for, and its standard streams."""
    text, streams, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    while not text.endswith(b"\n"):
        text += connection.recv(1 << 20)
    return json.loads(text), streams


def _become(command: dict[str, object], streams: list[int]) -> NoReturn:
    """Be the command: its streams, folder, environment and arguments, and nothing of the process that was forked."""
    from coopgraph.cli import main

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
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
    import pkgutil

    import coopgraph

    for _name in _IMPORTED:
        importlib.import_module(_name)
    for _found in pkgutil.walk_packages(coopgraph.__path__, "coopgraph."):
        if _found.name not in _LEFT_OUT:
            importlib.import_module(_found.name)
    gc.collect()
    gc.freeze()  # a fork that looks through what is imported would copy it
    _serve(socket.socket(fileno=int(sys.argv[1])))
