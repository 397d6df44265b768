"""One edition of a table beside the one before, row by row: rows are the same whose key columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import near

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class EditionChange(NamedTuple):
    """How many rows are new, gone, changed, moved and as they were, and in how many rows which columns changed."""

    new: int
    gone: int
    changed: int
    moved: int
    same: int
    columns: Mapping[str, int]
    columns_gone: tuple[str, ...]
    columns_new: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.changed or self.moved or self.columns_gone or self.columns_new)

    def __str__(self) -> str:
        counts = ((self.new, "new"), (self.gone, "gone"), (self.changed, "changed"), (self.moved, "moved"))
        told = [f"{number:,} {what}" for number, what in counts if number]
        told.append(f"{self.same:,} as they were")
        text = f"rows: {', '.join(told)}"
        if self.columns:
            most = sorted(self.columns.items(), key=lambda each: (-each[1], each[0]))
            text += f"; changed in {', '.join(f'{name} ({number:,})' for name, number in most[:5])}"
        for name in self.columns_gone:
            text += f"; the column {name!r} is gone{near(name, self.columns_new)}"
        if self.columns_new:
            text += f"; new columns: {', '.join(self.columns_new)}"
        return text


def change(before: str, after: str, key: Sequence[str]) -> EditionChange:
    """Return how a table, given its texts, has changed; without key columns rows are known by all that they say."""
    (old_columns, old), (new_columns, new) = (_rows(text, key) for text in (before, after))
    kept = [name for name in new_columns if name in old_columns]
    places = {each: number for number, each in enumerate(each for each in old if each in new)}
    columns: dict[str, int] = {}
    changed = moved = number = 0
    for each, cells in new.items():
        if each not in old:
            continue
        moved += places[each] != number
        number += 1
        differing = [name for name in kept if cells.get(name, "") != old[each].get(name, "")]
        changed += bool(differing)
        for name in differing:
            columns[name] = columns.get(name, 0) + 1
    return EditionChange(
        new=len(new.keys() - old.keys()),
        gone=len(old.keys() - new.keys()),
        changed=changed,
        moved=moved,
        same=len(new.keys() & old.keys()) - changed,
        columns=columns,
        columns_gone=tuple(name for name in old_columns if name not in new_columns),
        columns_new=tuple(name for name in new_columns if name not in old_columns),
    )


def _rows(text: str, key: Sequence[str]) -> tuple[list[str], dict[tuple[str, ...], dict[str, str]]]:
    lines = text.split("\n")
    columns = lines[0].split("\t")
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for line in filter(None, lines[1:]):
        cells = dict(zip(columns, line.split("\t"), strict=False))
        rows.setdefault(tuple(cells.get(name, "") for name in key) or tuple(cells.values()), cells)
    return columns, rows
