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
    for each, line in new.items():
        if each not in old:
            continue
        moved += places[each] != number
        number += 1
        if line == old[each] and old_columns == new_columns:
            continue
        earlier, cells = _cells(old_columns, old[each]), _cells(new_columns, line)
        differing = [name for name in kept if cells.get(name, "") != earlier.get(name, "")]
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


def _rows(text: str, key: Sequence[str]) -> tuple[list[str], dict[tuple[str, ...], str]]:
    """Return the columns of a table, and its lines by their keys."""
    lines = text.split("\n")
    columns = lines[0].split("\t")
    places = [columns.index(name) if name in columns else len(columns) for name in key]
    rows: dict[tuple[str, ...], str] = {}
    for line in filter(None, lines[1:]):
        cells = line.split("\t")
        rows.setdefault(tuple("".join(cells[at : at + 1]) for at in places) or tuple(cells), line)
    return columns, rows


def _cells(columns: Sequence[str], line: str) -> dict[str, str]:
    return dict(zip(columns, line.split("\t"), strict=False))
