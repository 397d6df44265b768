"""Names as labels: a few short rows, an ellipsis where they were cut, at the end at which the script ends."""

from __future__ import annotations

import unicodedata
from typing import Final

from coopgraph.page.style import MEASURES

ROW_COLUMNS: Final[int] = MEASURES["columns"]
LABEL_ROWS: Final[int] = MEASURES["rows"]
"""Columns of a row and rows of a label; a Latin letter takes one column, a Chinese one two."""

_RIGHT_TO_LEFT_MARK: Final = "\u200f"


def width(text: str) -> int:
    """Return how many columns a text takes, Chinese characters counting two.

    >>> width("Dalian"), width("大连")
    (6, 4)
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def wrap(text: str, columns: int = ROW_COLUMNS, rows: int = LABEL_ROWS) -> list[str]:
    """Return a text as at most `rows` rows of about `columns` columns, an ellipsis where it was cut.

    >>> wrap("Hong Kong Trade Development Council")
    ['Hong Kong Trade', 'Development Council']
    """
    wrapped: list[str] = [""]
    for word in _words(text):
        if width(wrapped[-1] + word.rstrip()) > columns and wrapped[-1].strip():
            wrapped.append("")
        wrapped[-1] += word if wrapped[-1] else word.lstrip()
        if len(wrapped) > rows:
            break
    wrapped = [row.strip() for row in wrapped]
    if len(wrapped) > rows:
        wrapped = wrapped[:rows]
        wrapped[-1] = clip(wrapped[-1] + "…" * 2, columns)
    return wrapped


def clip(text: str, columns: int) -> str:
    """Return a text cut to a number of columns, with an ellipsis at its end, which is left in Arabic and Hebrew."""
    text = text.rstrip("…")
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text.rstrip() + "…" + (_RIGHT_TO_LEFT_MARK if runs_left(text) else "")


def runs_left(text: str) -> bool:
    """Return whether the first letter with a direction runs from right to left.

    >>> runs_left("12 دبي"), runs_left("Dubai دبي")
    (True, False)
    """
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((one for one in directions if one in {"L", "R", "AL"}), "L") != "L"


def _words(text: str) -> list[str]:
    """Return the pieces between which a row may end: words with the space behind them, single Chinese characters."""
    pieces = [""]
    for letter in " ".join(text.split())[:200]:
        if unicodedata.east_asian_width(letter) in "WF" or len(pieces[-1]) >= ROW_COLUMNS - 1:
            pieces.append(letter)
        elif letter == " ":
            pieces[-1] += letter
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece for piece in pieces if piece]
