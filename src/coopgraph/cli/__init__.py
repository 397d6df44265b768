"""The command line: a verb for each arrow of the data's way; opens, calls, prints."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

from coopgraph.errors import CoopgraphError, DataError, UsageError

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line; every error is one line, and its kind is the exit code."""
    gc.disable()  # until all is imported: modules are no garbage, and looking for it takes a tenth of a short answer
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by the caller
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    try:
        _run(sys.argv[1:])
        sys.stdout.flush()
    except CoopgraphError as error:
        _exit(str(error), error.exit_code)
    except KeyboardInterrupt:
        _exit("interrupted", 130)
    except BrokenPipeError:
        _silence()
        sys.exit(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _exit(f"{where}{error.strerror or error}; check the path, its permissions and free space", DataError.exit_code)
    sys.exit(0)


def _run(arguments: list[str]) -> None:
    """Run a plain query straight away, and all else through click, which takes as long to import as the query."""
    if "query" in arguments:
        from coopgraph.cli import query

        asked = query.plain(arguments)
        if asked is not None:
            query.run(*asked)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)  # nothing is left to be done, and taking modules and store down takes a tenth of the time
    _run_with_click()


def _run_with_click() -> None:
    import click

    from coopgraph.cli.group import Halt, cli

    gc.enable()
    try:
        cli.main(standalone_mode=False, prog_name="coopgraph")
    except click.UsageError as error:
        context = error.ctx.command_path if error.ctx else "coopgraph"
        message = f"{' '.join(error.format_message().split())} Try '{context} --help'."
        raise UsageError(message) from error
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        raise KeyboardInterrupt from None
    except Halt as halt:
        raise halt.__cause__ or halt from None


def _exit(message: str, code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    from coopgraph.cli.output import tell

    tell(message)
    sys.exit(code)


def _silence() -> None:
    """Let go of a pipe that nobody reads any more, so that Python does not complain of it when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
