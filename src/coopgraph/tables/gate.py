"""The gate of a table: what keeps a row out is listed with its cell and counted; nothing is dropped silently."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgraph.errors import short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from coopgraph.tables.row_claims import Fault

_CELLS = 60
"""Letters of a cell that are shown."""


@dataclass(slots=True)
class Gate:
    """Faults of rows, in the order of their rows; those of no row, such as of a decision, keep all rows out."""

    place: Callable[[int, str], str]
    faults: list[Fault] = field(default_factory=list)

    def add(self, faults: Iterable[Fault]) -> None:
        """Take in faults."""
        self.faults += faults

    @property
    def rows(self) -> frozenset[int]:
        """The rows that are kept out."""
        return frozenset(fault.row for fault in self.faults if fault.row)

    @property
    def general(self) -> list[Fault]:
        """What is wrong beside the rows."""
        return [fault for fault in self.faults if not fault.row]

    def cell(self, fault: Fault) -> str:
        """Return where a fault is."""
        return fault.place or (self.place(fault.row, fault.column) if fault.row else fault.column)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind of fault, with its first cell and the number of rows that have it."""
        grouped: dict[tuple[str, str, str], dict[int, Fault]] = defaultdict(dict)
        for fault in sorted(self.faults):
            grouped[fault.column, fault.cell, fault.message].setdefault(fault.row, fault)
        for (_, cell, message), of in sorted(grouped.items(), key=lambda each: (-len(each[1]), min(each[1]))):
            place = self.cell(of[min(of)])
            what = f"{short(cell, _CELLS)!r} " if cell else ""
            more = f" ({len(of)} rows)" if len(of) > 1 else ""
            yield f"{place}: {what}{message}{more}"
