"""What the command line says and writes: messages to standard error, data to standard output or a file."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from io import TextIOBase
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from coopgraph import files
from coopgraph.errors import UsageError
from coopgraph.files import text_to
from coopgraph.rdf.printable import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path


def tell(message: str) -> None:
    """Write one line to standard error, whatever names and texts the message holds."""
    line = one_line(re.sub("[\udc80-\udcff]+", _as_utf8, message))
    sys.stderr.flush()
    sys.stderr.buffer.write(f"coopgraph: {line}\n".encode())  # UTF-8 whatever the locale says
    sys.stderr.flush()


def _as_utf8(match: re.Match[str]) -> str:
    """Return the bytes of an argument, which the locale did not take for characters, as the UTF-8 that they are."""
    return match.group().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None] | None]:
    """Give what shows how many steps are done, of how many, and what the last was about; None off a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, total, name: bar.update(task, completed=done, total=total, description=one_line(name))


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> count(1, "claim"), count(2, "claim"), count(0, "entity", "entities")
    ('1 claim', '2 claims', '0 entities')
    """
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


class OutputOptions(NamedTuple):
    """How rows are to be written: format, file, rows at most (0 for all), columns (all where none is named).

    `shown` are the columns that a terminal shows where none is named, and `more` says how to see the others.
    """

    format: str | None = None
    target: str | None = None
    limit: int = 0
    columns: tuple[str, ...] = ()
    safe_cells: bool = False
    shown: tuple[str, ...] = ()
    more: str = "--format table shows all"

    @property
    def row_format(self) -> str:
        """The format asked for; without one a table on a terminal, and otherwise JSON."""
        on_terminal = self.target in (None, "-") and sys.stdout.isatty()
        return self.format or ("table" if on_terminal else "json")


def write_rows(
    columns: Sequence[str],
    rows: Any,
    options: OutputOptions,
    prefixes: dict[str, str],
    about: Mapping[str, str] | None = None,
) -> bool:
    """Write rows, and say where the row limit cut any off; return whether there were any.

    `about` is what is said of them in formats that have a place for it.
    """
    from coopgraph.ask import results, row_formats

    capped = results.Capped(rows, options.limit)
    form = options.row_format
    for_people = not options.format and form == "table"
    names = options.columns or (_for_people(columns, options.shown) if for_people else columns)
    is_short = bool(for_people and options.shown and not options.columns)
    if form in row_formats.COLUMN_FORMATS:
        with bytes_to(options.target, form) as binary:
            write_columns = row_formats.column_writer(form, safe_cells=options.safe_cells)
            write_columns(names, results.choose(columns, capped, names), binary, about or {})
    else:
        write = row_formats.row_writer(form, safe_cells=options.safe_cells)
        write = row_formats.write_short_table if is_short else write
        opened = text_to if form == "table" else data_to  # a table has its own colours, and shows its cells
        with opened(options.target) as out:
            write(names, results.choose(columns, capped, names), out, prefixes)
    if capped.cut:
        tell(f"cut after {options.limit} rows, there are more; raise --limit, or give 0 for all")
    if is_short and not capped.empty:
        tell(f"there are {len(columns)} columns; {options.more}")
    return not capped.empty


def _for_people(columns: Sequence[str], shown: Sequence[str]) -> list[str]:
    """Return the columns that a terminal shows; by default those of IRIs are left out that have a label beside.

    What a row is about stays, whatever it is.
    """
    if shown:
        return [name for name in shown if name in columns]
    return [name for place, name in enumerate(columns) if not place or f"{name}Label" not in columns]


@contextmanager
def data_to(target: str | Path | None) -> Iterator[IO[str]]:
    """Give a text stream to standard output (None or `-`) or to a file; a terminal is not given what it would obey."""
    with text_to(target) as out:
        yield cast("IO[str]", _Terminal(out)) if out.isatty() else out


@contextmanager
def bytes_to(target: str | Path | None, form: str) -> Iterator[IO[bytes]]:
    """Give a stream of bytes to standard output (None or `-`) or to a file. Raises `UsageError` for a terminal."""
    with files.bytes_to(target) as out:
        if out.isatty():
            raise UsageError(f"{form} is no text for a terminal; name a file with -o FILE, or send it on with |")
        yield out


class _Terminal(TextIOBase):
    """A text stream to a terminal, on which all is made visible."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        """Write text with all that is hidden in it written as escapes."""
        return self._out.write(visible(text.replace("\r\n", "\n")))  # the line ends of CSV


def print_lines(lines: Iterable[str]) -> None:
    """Write lines of text to standard output, what a terminal would obey made visible.

    On a terminal long lines go on below where their text begins; a command stays one line, to be pasted.
    """
    with text_to(None) as out:
        for line in map(one_line, lines):
            parts = _wrapped(line) if out.isatty() and not line.startswith("  coopgraph ") else [line]
            out.writelines(f"{part}\n" for part in parts)


_MARGIN = r"\s*(?:\S.{0,30}?\s{2,})?"
"""What stands before the text of a line: blanks, and a name that blanks part from it."""


def _wrapped(line: str) -> list[str]:
    """Return a line in as many as the terminal needs for it, parted between words."""
    from rich.cells import cell_len
    from rich.console import Console
    from rich.text import Text

    console = Console()
    if cell_len(line) <= console.width:
        return [line]
    margin = re.match(_MARGIN, line)
    lead = margin.group() if margin else ""
    more = len(lead) if lead.strip() or not lead else len(lead) + 2
    room = max(console.width - more, _LEAST_ROOM)
    parts = Text(line[len(lead) :]).wrap(console, room)
    return [f"{' ' * more if number else lead}{part.plain.rstrip()}" for number, part in enumerate(parts)]


_LEAST_ROOM = 20
