"""Raised marks at the end of cells of a workbook, as of footnotes: a reader of cells takes 1200² for 12002."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from coopgraph.reading.workbook import cells_like

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = rb"<(?:\w+:)?"
_STRING = re.compile(_NAME + rb"si\b")
_RUN = re.compile(_NAME + rb"r\b")
_TEXT = re.compile(_NAME + rb"t\b[^<>]*>([^<]*)")
_RAISED = b"superscript"
_SHARED = _NAME + rb"c (?P<head>(?=[^<>]*\bt=[\"']s[\"'])[^<>]*)>\s*" + _NAME + rb"v>(?P<number>\d+)<"
_CELL = _NAME + rb"c (?P<head>[^<>]*)>"
_MARK = re.compile(r"[\d*†‡§¶,;/ ()\[\]]+|[a-z]")
_POWER = re.compile(r"m[23]$")
"""What stands raised and belongs to a unit."""


def without(xml: bytes, strings: bytes) -> Iterator[tuple[int, int, str]]:
    """Yield row (from 1), column (from 0) and the text without its mark of the cells of a sheet that end in one.

    `strings` is the part of the workbook with the texts that cells share.
    """
    if _RAISED in strings:
        shared = enumerate(_STRING.split(strings)[1:])
        texts = {at: text for at, runs in shared if (text := _unmarked(runs))}
        for row, column, match in cells_like(xml, _SHARED):
            if int(match["number"]) in texts:
                yield row, column, texts[int(match["number"])]
    if _RAISED in xml:
        cells = list(cells_like(xml, _CELL))
        ends = [*(match.start() for _, _, match in cells[1:]), len(xml)]
        for (row, column, match), end in zip(cells, ends, strict=False):
            if unmarked := _unmarked(xml[match.end() : end]):
                yield row, column, unmarked


def _unmarked(runs: bytes) -> str:
    """Return the text of runs without the raised mark at its end; nothing where there is none."""
    if _RAISED not in runs:
        return ""
    parts = [(_RAISED in run, _text(run)) for run in _RUN.split(runs)[1:]]
    whole = "".join(text for _, text in parts)
    while parts and (not parts[-1][1].strip() or (parts[-1][0] and _MARK.fullmatch(parts[-1][1]))):
        parts.pop()
    kept = "".join(text for _, text in parts)
    return "" if kept == whole or _POWER.search(f"{kept}{whole[len(kept) :].strip()}") else kept


def _text(run: bytes) -> str:
    found = _TEXT.search(run)
    return unescape(found[1].decode("utf-8", "replace")) if found else ""
