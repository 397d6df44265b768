"""The process that runs a command, from its first line to its exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

from coopgraph import files
from coopgraph.cli import interrupt
from coopgraph.errors import CoopgraphError, DataError, short

TRACEBACK = "COOPGRAPH_TRACEBACK"
"""The variable of the environment that asks for the traceback of an error that nobody foresaw."""


def run() -> NoReturn:
    """Run the command line; every error is one line, and its kind is the exit code."""
    interrupt.listen()
    _open_closed_streams()
    try:
        code, message = outcome(sys.argv[1:])
        if message:
            from coopgraph.cli.output import tell

            interrupt.told.set()
            tell(message)
    except KeyboardInterrupt:  # a second one, while the first is told
        code = 130
    except OSError:  # nobody reads what is told
        pass
    with suppress(OSError):  # a second time for what an error has left there
        sys.stdout.flush()
    os._exit(code)  # taking modules and store down is a tenth of a question's time, and for nothing


def outcome(arguments: list[str]) -> tuple[int, str]:
    """Return the exit code of the command line, and what is to be told where something went wrong."""
    try:
        from coopgraph.cli import group

        group.run(arguments)
        sys.stdout.flush()
    except CoopgraphError as error:
        return error.exit_code, str(error)
    except KeyboardInterrupt:
        return 130, "interrupted"
    except BrokenPipeError:
        return 0, ""
    except OSError as error:
        where = error.filename or ("the current folder" if isinstance(error, FileNotFoundError) else "output")
        return DataError.exit_code, f"{where}: {error.strerror or error}; {files.remedy(error)}"
    except BaseException as error:
        return DataError.exit_code, _unforeseen(error)
    return 0, ""


def _unforeseen(error: BaseException) -> str:
    """Return what is to be told of an error that nobody thought of."""
    if isinstance(error, MemoryError):
        return "there is not enough memory; ask for less, or free some"
    from coopgraph.store import integrity

    if integrity.is_damage(error):
        return str(integrity.damaged(error))
    if os.environ.get(TRACEBACK):
        raise error
    what = f"{type(error).__name__}: {short(str(error), 300)}"
    return f"unforeseen {what}; please report it, with what {TRACEBACK}=1 shows"


def _open_closed_streams() -> None:
    """Put something in the place of standard streams that the caller has closed."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
