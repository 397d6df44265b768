"""Tables as JSON Lines: an object a line, whose keys are columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from coopgraph.errors import DataError
from coopgraph.tables.cells import number
from coopgraph.tables.encodings import decode
from coopgraph.tables.nested import Columns
from coopgraph.tables.records import Found, Record, refuse_long

if TYPE_CHECKING:
    from coopgraph.tables.table import Settings

_ADVICE = "write one JSON object a line"


def found(data: bytes, settings: Settings) -> Found:
    """Return what the lines hold, each the row of its number. Raises `DataError` at a line that is no JSON object."""
    text, noticed = decode(data, settings.encoding)
    refuse_long(text.count("\n"))
    columns = Columns()
    records: list[tuple[int, dict[int, str]]] = []
    for at, line in enumerate(text.rstrip().split("\n"), 1):
        if line.strip():
            try:
                records.append((at, columns.cells(_object(line))))
            except (ValueError, RecursionError) as error:
                said = "has too many values in others" if isinstance(error, RecursionError) else error
                raise DataError(f"line {at} {said}; {_ADVICE}") from error
        else:
            records.append((at, {}))
    width = len(columns.names)
    refuse_long(len(records), width)
    names, rows = _without_hollow(columns.names, [[cells.get(at, "") for at in range(width)] for _, cells in records])
    numbered: list[Record] = [(at, cells) for (at, _), cells in zip(records, rows, strict=True)]
    return Found("application/jsonl", numbered, columns=names, noticed=["form JSON Lines", *noticed])


def _without_hollow(names: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Leave out columns that have nothing but what is in columns of their own, `a` beside `a.b`."""
    begun = {name[:at] for name in names for at, letter in enumerate(name) if letter == "."}
    hollow = {at for at, name in enumerate(names) if name in begun and not any(row[at] for row in rows)}
    if not hollow:
        return names, rows
    kept = [at for at in range(len(names)) if at not in hollow]
    return [names[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _object(line: str) -> dict[str, object]:
    try:
        value = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"is no JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(value, dict):
        raise ValueError("is no JSON object")  # noqa: TRY004 - the line is wrong, not the program
    return value


def _no_number(name: str) -> str:
    raise ValueError(f"has {name}, which is no number")


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    record = dict(pairs)
    if len(record) < len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
        raise ValueError(f"has the key {twice!r} twice")
    return record


_DECODER = json.JSONDecoder(
    parse_float=number, parse_int=str, parse_constant=_no_number, object_pairs_hook=_no_key_twice
)
