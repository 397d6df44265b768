"""Values with values in them, laid out as cells: `a.b` is the column of what is called b in a."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from coopgraph.tables.cells import plain
from coopgraph.tables.records import MOST_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 20


class Columns:
    """The columns of records, in the order in which they are first seen, and their cells."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        """The names of the columns seen so far."""
        return list(self._at)

    def cells(self, record: dict[str, object]) -> dict[int, str]:
        """Return the cells of a record by the numbers of their columns, from 0.

        Raises `ValueError` where two values are in one column, or values are too deep in others.
        """
        found: dict[int, str] = {}
        for name, text in _flat(record):
            at = self._at.setdefault(name, len(self._at))
            if at >= MOST_COLUMNS:
                raise ValueError(f"brings more than {MOST_COLUMNS:,} columns")
            if at in found:
                raise ValueError(f"has two values of {name!r}")
            found[at] = text
        return found


def _flat(record: dict[str, object], before: str = "", depth: int = 1) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        raise ValueError(f"has values in more than {_DEEPEST} others")
    for name, value in record.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", as_text(value)


def as_text(value: object) -> str:
    """Return a value as the text of a cell.

    >>> as_text(None), as_text(True), as_text([1, "b", {"c": 2.5}])
    ('', 'TRUE', '1; b; {"c": 2.5}')
    """
    if isinstance(value, (list, tuple)):
        return "; ".join(
            json.dumps(each, ensure_ascii=False, default=plain) if _is_deep(each) else as_text(each) for each in value
        )
    return "" if value == {} else plain(value)


def _is_deep(value: object) -> bool:
    return isinstance(value, (dict, list))
