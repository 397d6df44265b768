"""The gate of sheets: all rows are taken, or every fault is told with its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import near, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgraph.reading.sheet_files import Cell

from coopgraph.reading import qualifiers
from coopgraph.reading.sheet_reader import DAYS, Context, Decided, Fault, RowReader
from coopgraph.reading.sheet_rows import COLUMNS

_NEEDED = ("subject", "predicate", "object", "status", "quotation", "decision")
"""The columns that a sheet has; one of claims that stand in a graph file needs no decision."""


class Gate:
    """Takes the rows of a sheet one after the other: `decisions` and `faults` are what came of them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._places: dict[str, str] = {}
        self.decisions: list[Decided] = []
        self.faults: list[Fault] = []

    def take(self, table: Sequence[Sequence[Cell]]) -> None:
        """Take the rows of a sheet, whose first one has the names of the columns in any order."""
        header = [cell._replace(text=" ".join(cell.text.casefold().split())) for cell in table[0]] if table else []
        self.faults += _header_faults(header, _NEEDED[:-1] if self.context.stand else _NEEDED)
        if self.faults:
            return
        for cells in table[1:]:
            row = {name.text: cell for name, cell in zip(header, cells, strict=False) if name.text}
            beyond = [cell for cell in cells[len(header) :] if cell.text]
            self.faults += [Fault(cell.place, "stands in a column without a name") for cell in beyond]
            if any(cell.text for cell in row.values()):
                self._take_row(row)

    def _take_row(self, row: dict[str, Cell]) -> None:
        faults = [Fault(cell.place, cell.fault) for cell in row.values() if cell.fault]
        faults += [
            Fault(cell.place, f"is a date, where {name} has words; format the cell as text and write it again")
            for name, cell in row.items()
            if cell.is_day and name not in DAYS
        ]
        faults += [
            Fault(cell.place, "is no text; format the cell as text and write it again")
            for name, cell in row.items()
            if cell.is_truth and name != "reported"
        ]
        self.faults += faults
        if not faults:
            reader = RowReader(self.context, row)
            decided = reader.decided()
            self.faults += reader.faults
            if decided and not reader.faults:
                self._add(decided, (row.get("decision") or next(iter(row.values()))).place)

    def _add(self, decided: Sequence[Decided], place: str) -> None:
        for _, claim, *_ in decided:
            ends = (claim.quotation, claim.subject.text, claim.predicate, claim.object.text)
            says = "\n".join((*ends, *qualifiers.says(qualifiers.of(claim))))
            for key in (claim.id, says):
                if self._places.setdefault(key, place) != place:
                    what = f"says the same as the row of {self._places[key]}; leave one of them"
                    self.faults.append(Fault(place, what))
                    return
        self.decisions += decided


def _header_faults(header: Iterable[Cell], needed: Iterable[str]) -> Iterator[Fault]:
    """Yield what is wrong with the names of columns."""
    seen: dict[str, str] = {}
    place = "the sheet"
    for cell in header:
        place = cell.place
        if cell.text and cell.text not in COLUMNS:
            yield Fault(cell.place, f"no column is called {short(cell.text)!r}{near(cell.text, COLUMNS) or _listed()}")
        if cell.text and cell.text in seen:
            yield Fault(cell.place, f"the column {cell.text!r} is there twice, in {seen[cell.text]} too; leave one")
        seen.setdefault(cell.text, cell.place)
    for name in needed:
        if name not in seen:
            yield Fault(place, f"there is no column {name!r}; take the sheet that coopgraph sheet writes")


def _listed() -> str:
    return f"; columns are {', '.join(COLUMNS)}"
