"""A table as wide as a terminal: its columns share the width, and where a row would grow too high it is a block."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|")
_LEAST = 12
"""Cells that a column has at least, if its texts are as long; a shorter word of it is never broken."""
_LONGEST_WORD, _LONGEST_IRI = 40, 16
"""Cells of a word, and of an IRI, at most for which a column is made wider: a longer one may be broken."""
_HIGHEST = 4
"""Lines of a row at most; where one row in ten is higher, the rows are written as blocks."""


def write(columns: Sequence[str], texts: Sequence[Sequence[str]], out: IO[str], fewest: int | None = None) -> None:
    """Write rows of texts as a table: as wide as it needs into a pipe, else in the width of the terminal.

    On a terminal that is too narrow the last columns are left out, down to the fewest, by default none of them.
    """
    from rich.console import Console

    natural = [_widest(texts, place, name) for place, name in enumerate(columns)]
    console = Console(file=out, soft_wrap=True)
    if not console.is_terminal:
        Console(file=out, width=_width(natural)).print(_table(columns, texts, natural))
        return
    least = [_least(texts, place, name) for place, name in enumerate(columns)]
    for most in range(len(columns), min(fewest or len(columns), len(columns)) - 1, -1):
        widths = shared(natural[:most], least[:most], console.width)
        if widths and not _too_high(texts, widths):
            Console(file=out).print(_table(columns[:most], [row[:most] for row in texts], widths))
            return
    _write_blocks(columns, texts, out)


def shared(natural: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Return the widths of columns in a width: as many cells for each as fit, none where the least ones do not.

    >>> shared([40, 8, 30], [12, 8, 12], 60)
    [23, 8, 23]
    """
    room = width - _width([0] * len(natural))
    if sum(least) > room:
        return []
    cap = max(natural, default=0)
    while sum(widths := [max(low, min(most, cap)) for low, most in zip(least, natural, strict=True)]) > room:
        cap -= 1
    return widths


def _width(widths: Sequence[int]) -> int:
    """Return how wide a table is: its columns, and what stands between them."""
    return sum(widths) + _BETWEEN * len(widths)


_BETWEEN = 2
"""Cells of space before a column, or at both edges of the table."""


def _widest(texts: Sequence[Sequence[str]], place: int, name: str) -> int:
    from rich.cells import cell_len

    return max([cell_len(name), *(cell_len(line) for row in texts for line in row[place].split("\n"))])


def _least(texts: Sequence[Sequence[str]], place: int, name: str) -> int:
    """Return the least width of a column: its name, and its words as far as they are not broken."""
    from rich.cells import cell_len

    words = (word for row in texts for word in row[place].split() if word.isascii())
    longest = max((min(len(word), _LONGEST_IRI if ":" in word else _LONGEST_WORD) for word in words), default=0)
    return max(cell_len(name), longest, min(_LEAST, _widest(texts, place, name)))


def _too_high(texts: Sequence[Sequence[str]], widths: Sequence[int]) -> bool:
    from rich.cells import cell_len

    high = sum(
        any(cell_len(text) > _HIGHEST * width for text, width in zip(row, widths, strict=False)) for row in texts
    )
    return high * 10 > len(texts)


def _table(columns: Sequence[str], texts: Sequence[Sequence[str]], widths: Sequence[int]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for place, (name, width) in enumerate(zip(columns, widths, strict=True)):
        are_numbers = all(_NUMBER.fullmatch(row[place]) for row in texts)
        table.add_column(Text(name), overflow="fold", width=width, justify="right" if are_numbers else "left")
    for row in texts:
        table.add_row(*map(Text, row))
    return table


def _write_blocks(columns: Sequence[str], texts: Iterable[Sequence[str]], out: IO[str]) -> None:
    """Write each row as a block of `name: value` lines, without the values that are not there."""
    width = max(map(len, columns), default=0)
    for number, row in enumerate(texts, 1):
        out.write(f"{number}.\n")
        out.writelines(f"  {name:<{width}}  {text}\n" for name, text in zip(columns, row, strict=True) if text)
