"""The command line: a verb for each arrow of the data's way; opens, calls, prints."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from coopgraph.cli import ask, give, make
from coopgraph.cli.group import Halt, cli, tell
from coopgraph.errors import CoopgraphError, DataError, UsageError

__all__ = ["ask", "cli", "give", "main", "make"]


def main() -> NoReturn:
    """Run the command line; every error is one line, and its kind is the exit code."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - closed by the caller
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    try:
        _run()
    except CoopgraphError as error:
        _exit(str(error), error.exit_code)
    except click.UsageError as error:
        context = error.ctx.command_path if error.ctx else "coopgraph"
        _exit(f"{' '.join(error.format_message().split())} Try '{context} --help'.", UsageError.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _exit("interrupted", 130)
    except BrokenPipeError:
        _silence()
        sys.exit(0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _exit(f"{where}{error.strerror or error}; check the path, its permissions and free space", DataError.exit_code)
    sys.exit(0)


def _run() -> None:
    try:
        cli.main(standalone_mode=False, prog_name="coopgraph")
        sys.stdout.flush()
    except Halt as halt:
        raise halt.__cause__ or halt from None


def _exit(message: str, code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    tell(message)
    sys.exit(code)


def _silence() -> None:
    """Let go of a pipe that nobody reads any more, so that Python does not complain of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
