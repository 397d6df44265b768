"""A command that is run by the process that `warm` describes; as a program it is `coopgraph ADDRESS ARGUMENTS`.

It imports little, for it is started for each command.
"""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def asked(
    address: str, arguments: Sequence[str], cwd: str | os.PathLike[str], env: Mapping[str, str], streams: Sequence[int]
) -> Iterator[TextIO]:
    """Ask for a command, and give the lines of the answer: its process, and when it has ended its exit code."""
    command = json.dumps({"arguments": list(arguments), "cwd": os.fspath(cwd), "env": dict(env)})
    with socket.socket(socket.AF_UNIX) as connection, connection.makefile("r", encoding="utf-8") as answer:
        connection.connect(address)
        socket.send_fds(connection, [f"{command}\n".encode()], streams)
        yield answer


def main() -> int:
    """Run a command on the streams of this program, and return its exit code; signals are handed on to it."""
    with asked(sys.argv[1], sys.argv[2:], Path.cwd(), os.environ, [0, 1, 2]) as answer:
        pid = int(answer.readline())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: os.kill(pid, number))
        code = int(answer.readline())
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os._exit(main())
