"""What the command line says and writes, free of click: importing that takes as long as answering a question."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


def tell(message: str) -> None:
    """Write one line to standard error, whatever names and texts the message holds."""
    from coopgraph.rdf.printable import one_line

    line = f"coopgraph: {one_line(message)}\n".encode("utf-8", "backslashreplace")
    sys.stderr.flush()
    sys.stderr.buffer.write(line)  # UTF-8 whatever the locale says
    sys.stderr.flush()


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """Give what shows how many steps are done, of how many, and what the last was about; None off a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=name)


def typed(text: str) -> str:
    """Return an argument as UTF-8, whatever the locale took it for. Raises `UsageError` where it is none."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{text!r} is not UTF-8; type it anew") from error


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "claim"), count(2, "claim"), count(0, "entity", "entities")
    ('1 claim', '2 claims', '0 entities')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


class Form(NamedTuple):
    """How rows are to be written: format, file, rows at most (0 for all), columns (none named: all)."""

    format_: str | None = None
    output: str | None = None
    limit: int = 0
    columns: tuple[str, ...] = ()

    @property
    def row_format(self) -> str:
        """The format asked for; without one a table on a terminal, and otherwise JSON."""
        on_terminal = self.output in (None, "-") and sys.stdout.isatty()
        return self.format_ or ("table" if on_terminal else "json")


def write_rows(columns: Sequence[str], rows: Any, form: Form, prefixes: dict[str, str]) -> None:
    """Write rows, and say where the row limit cut any off."""
    from coopgraph.ask import results
    from coopgraph.files import text_to

    write = results.row_writer(form.row_format)
    capped = results.Capped(rows, form.limit)
    chosen = results.choose(columns, capped, form.columns) if form.columns else capped
    with text_to(form.output) as out:
        write(form.columns or columns, chosen, out, prefixes)
    if capped.cut:
        tell(f"cut after {form.limit} rows, there are more; raise --limit, or give 0 for all")


def print_lines(lines: Iterable[str]) -> None:
    """Write lines of text to standard output, what a terminal would obey made visible."""
    from coopgraph.files import text_to
    from coopgraph.rdf.printable import one_line

    with text_to(None) as out:
        for line in lines:
            out.write(one_line(line) + "\n")
