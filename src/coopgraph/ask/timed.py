"""A query run by the command line in a process of its own: a query cannot be stopped, only the process that runs it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from coopgraph.errors import CoopgraphError, DataError, QueryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ERRORS: Mapping[int, type[CoopgraphError]] = {error.exit_code: error for error in (UsageError, QueryError, DataError)}


def answer(
    text: str, values: Mapping[str, str], *, root: Path, address: str | None, seconds: float, limit: int
) -> bytes:
    """Return the rows of a query as SPARQL 1.1 results JSON.

    `values` are its parameters as a person types them, `root` is the folder of the workspace and `address` that of the
    server, where the graph is on one. Raises the error that the command line tells.
    """
    command = [sys.executable, "-m", "coopgraph", "--workspace", str(root)]
    command += ["--store", address] if address else []
    command += ["query", "-", "--format", "json", "--timeout", str(seconds), "--limit", str(limit)]
    command += [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        message = (
            done.stderr.decode()
            .strip()
            .rpartition("coopgraph: ")[2]
            .removeprefix("-: ")
            .removeprefix("standard input:")
        )
        raise _ERRORS.get(done.returncode, QueryError)(message)
    return done.stdout
