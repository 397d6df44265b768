"""The text of a cell, however it was written: on one line, in one form, nothing in it that is not seen."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coopgraph.rdf.printable import shown

if TYPE_CHECKING:
    from collections.abc import Callable

EXACT = 10**15
"""Numbers from here on are kept by spreadsheets without their last digits."""
_MOST_ZEROS = 30
"""Digits that a number is written out with; beyond, it keeps its exponent."""
LONGEST = 1_000_000
"""Characters of a cell from which it is looked at as one that has swallowed others."""


def tidy(text: str) -> str:
    r"""Return the text of a cell: in NFC, white space as single blanks, without what cannot be seen.

    >>> tidy(" two\u00a0\n lines\u200b ")
    'two lines'
    """
    text = " ".join(text.split())
    if text.isascii() and text.isprintable():
        return text
    seen = shown(text)
    return unicodedata.normalize("NFC", seen if seen == text else " ".join(seen.split()))


def damage(text: str) -> str:
    """Return what is wrong with the text of a cell as it was written, or nothing."""
    if "\ufffd" in text:
        return "holds letters that its encoding does not have; correct them, or set encoding in [table]"
    if "\0" in text:
        return "holds a NUL character, which is left out; correct the cell"
    if "\ufeff" in text:
        return "holds a byte order mark, as files do that were joined; take it out"
    if len(text) > LONGEST:
        return f"has {len(text):,} characters; look for a quote that closes too late"
    return ""


def number(value: float | str) -> str:
    """Return a number in its shortest form without an exponent.

    >>> number(150000.0), number(1e20), number(0.1), number("1.5E-3"), number(-0.0)
    ('150000', '100000000000000000000', '0.1', '0.0015', '0')
    """
    try:
        decimal = Decimal(repr(value) if isinstance(value, float) else value)
    except ArithmeticError:
        return str(value)
    if not decimal.is_finite() or abs(decimal.adjusted()) > _MOST_ZEROS:
        return str(value)
    plain = f"{decimal:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def plain(value: object) -> str:
    """Return a value as text: numbers in their shortest form, days and times as ISO has them.

    >>> plain(None), plain(True), plain(2010.0), plain(dt.datetime(2010, 5, 1)), plain(dt.timedelta(hours=30))
    ('', 'TRUE', '2010', '2010-05-01', '30:00:00')
    """
    return _WRITERS.get(type(value), str)(value)


def _float(value: float) -> str:
    return str(int(value)) if abs(value) < EXACT and value.is_integer() else number(value)


def _moment(value: dt.datetime) -> str:
    return value.date().isoformat() if value.timetz() == dt.time() else value.isoformat(timespec="seconds")


def _span(value: dt.timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    type(None): lambda _: "",
    bool: lambda value: str(value).upper(),
    float: _float,
    Decimal: lambda value: number(str(value)),
    dt.datetime: _moment,
    dt.time: lambda value: value.isoformat(timespec="seconds"),
    dt.timedelta: _span,
}
