"""Numbers and dates as cells write them; what can be read in two ways is refused, never guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from coopgraph.errors import short
from coopgraph.reading.dates import written_date
from coopgraph.tables import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGITS = r"[+\-−]?\d+"
_GROUPED = r"[+\-−]?[1-9]\d{{0,2}}(?:{mark}\d{{3}})+|[+\-−]?[1-9]\d?(?:{mark}\d\d)+{mark}\d{{3}}"
"""Groups of three digits, or as in India of two before the last three."""
_BLANKS = " '’"
"""What parts groups of three digits whatever the decimal mark is: canonical text has one kind of blank."""
_SERIAL = "serial"
"""The form of dates as spreadsheets count them: days since the end of 1899."""
_FIRST_SERIAL: Final = date(1899, 12, 30)
_SERIAL_DAYS = (61, 2_958_465)
"""From 1 March 1900, before which spreadsheets disagree, to the end of the year 9999."""
_TIME = re.compile(r"[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_ISO_DAY = 10


_SCALES = {
    "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "千": 3, "万": 4, "萬": 4, "百万": 6, "百萬": 6,
    "千万": 7, "千萬": 7, "亿": 8, "億": 8, "万亿": 12, "萬億": 12,
}  # fmt: skip
_SCALED = re.compile(rf"(.*?\d)\s*({'|'.join(_SCALES)})", re.IGNORECASE)
"""A number with a word behind it by which it is multiplied."""
_WIDE = {ord(wide): narrow for wide, narrow in zip("０１２３４５６７８９．，－", "0123456789.,-", strict=True)}
"""Digits and marks as wide as Chinese characters are."""
_SHORTENED = re.compile(r"[+\-]?\d[.,]\d+E\+\d+")
"""A large number as spreadsheets write it into text."""
_BRACKETS = re.compile(r"\(([^()+\-−]+)\)")


class Number(NamedTuple):
    """The forms of a number of one decimal mark: `whole` without a fraction, and with one."""

    plain: re.Pattern[str]
    grouped: re.Pattern[str]
    other: str


def _forms(decimal: str) -> Number:
    other = "," if decimal == "." else "."
    fraction = rf"(?:{re.escape(decimal)}\d+)?"
    groups = "|".join(_GROUPED.format(mark=re.escape(mark)) for mark in (other, *_BLANKS))
    return Number(re.compile(rf"{_DIGITS}{fraction}"), re.compile(rf"(?:{groups}){fraction}"), other)


_NUMBERS = {decimal: _forms(decimal) for decimal in (".", ",")}
_EITHER = re.compile(r"[+\-−]?[1-9]\d{0,2}[.,]\d{3}")
"""A number that one person reads as thousands and another with a fraction."""


def decimal_mark(texts: Iterable[str]) -> str | None:
    """Return the decimal mark of a column of numbers, as far as these leave no doubt; None where they do.

    >>> decimal_mark(["1,234", "12,345.50"]), decimal_mark(["1,234"]), decimal_mark(["1234", "0,5"])
    ('.', None, ',')
    """
    marks = set[str]()
    for text in texts:
        bare = text.rstrip("%％ ").strip("()")
        readable = [mark for mark in _NUMBERS if number(bare, mark) is not None]
        if len(readable) == 1:
            marks.update(readable)
    return marks.pop() if len(marks) == 1 else None


def decimal_marks(numbers: Iterable[tuple[str, str, set[str]]]) -> dict[str, str]:
    """Return the decimal marks of columns, empty where one is in doubt; each is given with its group and its cells.

    Columns of one group are written alike.
    """
    groups: dict[str, set[str]] = defaultdict(set)
    columns: dict[str, list[str]] = defaultdict(list)
    for group, column, texts in numbers:
        groups[group] |= texts
        columns[column].append(group)
    return {
        column: decimal_mark(set().union(*(groups[each] for each in of)) - {""}) or "" for column, of in columns.items()
    }


def figure(text: str, decimal: str, *, in_brackets: bool = False) -> str:
    """Return a number as a decimal literal has it, given the decimal mark of its column, empty where it is in doubt.

    `in_brackets` says that such numbers are negative. Raises `ValueError` where the text is no number, or one that can
    be read in two ways.
    """
    if inner := _BRACKETS.fullmatch(text):
        if not in_brackets:
            raise ValueError('stands in brackets; if that is less than nothing, say negative = "brackets" in [table]')
        text = f"-{inner[1]}"
    if not decimal and _EITHER.fullmatch(_scaled(text)[0]):
        raise ValueError('can be read in two ways; say decimal = "." or "," in [table]')
    found = number(text, decimal or ".")
    if found is None:
        raise ValueError(_no_number(text))
    return found


def _no_number(text: str) -> str:
    if not re.search(r"\d", text):
        return f'is no number; if it says nothing, say empty = ["{short(text)}"] in [table]'
    if _SHORTENED.fullmatch(text):
        return "has lost digits in a spreadsheet; show its column as numbers there, and save it again"
    return "is no number; say which part of it is one with value = { column = ..., extract = ... }, or mend the cell"


def is_percent(text: str) -> bool:
    """Say whether a number is written with the sign for percent."""
    return text[-1:] in ("%", "％")


def multiplied(number: str, times: int) -> str:
    """Return a number, as a literal has it, so many times.

    >>> multiplied("1.25", 1_000_000), multiplied("-3", 10), multiplied("0.50", 1)
    ('1250000', '-30', '0.50')
    """
    if times == 1:
        return number
    with localcontext(prec=len(number) + len(str(times))):  # no digit is rounded
        return cells.number(f"{Decimal(number) * times:f}")


def number(text: str, decimal: str) -> str | None:
    """Return a number as a decimal literal has it, given its decimal mark; None where the text is none.

    >>> number("1,234.50", "."), number("1 234,5", ","), number("12,34", "."), number("−7", ".")
    ('1234.50', '1234.5', None, '-7')
    >>> number("1.2 million", "."), number("3.5亿", "."), number("１，２００", ".")
    ('1200000', '350000000', '1200')
    """
    forms = _NUMBERS[decimal]
    text, scale = _scaled(text)
    if not (forms.plain.fullmatch(text) or forms.grouped.fullmatch(text)) or (not text.isascii() and _strange(text)):
        return None
    digits = re.sub(rf"[{re.escape(forms.other)}{_BLANKS}]", "", text)
    return multiplied(digits.replace(decimal, ".").replace("−", "-").removeprefix("+"), 10**scale)


def _scaled(text: str) -> tuple[str, int]:
    """Return a number without the word behind it, and how many zeros that means."""
    text = text.translate(_WIDE)
    found = _SCALED.fullmatch(text)
    return (found[1], _SCALES[found[2].lower()]) if found else (text, 0)


def _strange(text: str) -> bool:
    """Say whether a text has digits of another script, which a literal cannot have."""
    return any(letter.isdigit() and not letter.isascii() for letter in text)


_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")
_NO_DATES = (
    (
        re.compile(r"[12]\d{3}\s*[-–—/至~]\s*(?:[12]\d)?\d{2}年?"),
        'is a span; take its ends with extract = "^([0-9]{4})" and extract = "([0-9]{4})$"',
    ),
    (
        re.compile(r".*(?:\b[QHS][1-4]\b|季度|半年).*"),
        'is a part of a year; take the year with extract = "([0-9]{4})", or say its month in values',
    ),
    (
        re.compile(r"\d{5}(?:\.\d+)?"),
        'is a number; if it counts days as spreadsheets do, say format = "serial"',
    ),
    (
        re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}"),
        'can be read as day and month in two ways; say format = "%d/%m/%Y" or "%m/%d/%Y", or as it is',
    ),
)
"""Forms of what is no date, and what to do about each."""
_ABOUT = re.compile(
    r"^(?:c\.?|ca\.?|circa|about|around|approx\.?|approximately|~|约|約|大约|大約|um|vers)(?![a-z])|左右|前后|前後|\?$",
    re.IGNORECASE,
)
"""How people write that a date is not sure."""


class Day(NamedTuple):
    """A day as ISO has it, the first one of what it stands for, and its precision: `day`, `month` or `year`."""

    first: str
    precision: str

    @property
    def last(self) -> str:
        """The last day of what it stands for.

        >>> Day("2012-02-01", "month").last
        '2012-02-29'
        """
        if self.precision == "day":
            return self.first
        year, month = int(self.first[:4]), 12 if self.precision == "year" else int(self.first[5:7])
        following = date(year + month // 12, month % 12 + 1, 1) if year < date.max.year else None
        return (following - timedelta(days=1)).isoformat() if following else f"{year}-12-31"


@lru_cache(maxsize=1 << 14)
def day(text: str, formats: Sequence[str] = (), precision: str | None = None) -> Day:
    """Return the day that a text writes in one of some forms, or as ISO and people write it beyond doubt.

    Raises `ValueError` where it writes none, with what to do.

    >>> day("15-Sep-12", ("%d-%b-%y",)), day("2012")
    (Day(first='2012-09-15', precision='day'), Day(first='2012-01-01', precision='year'))
    """
    formed = [(each, of) for of in formats if (each := _formed(text, of))]
    if len({each.first for each, of in formed if of != _SERIAL}) > 1:
        raise ValueError(f"is another day as {' than as '.join(of for _, of in formed)} has it; leave one form")
    found = formed[0][0] if formed else _written(text)
    if found is None:
        raise ValueError(_advice(text, formats))
    if precision in ("year", "month") and found.precision != "year":
        kept = 4 if precision == "year" else 7
        found = Day(f"{found.first[:kept]}{'-01-01' if precision == 'year' else '-01'}", precision)
    return found


def _formed(text: str, form: str) -> Day | None:
    if form == _SERIAL:
        return _serial(text)
    try:
        read = datetime.strptime(text, form)  # noqa: DTZ007 - a day has no zone
    except (ValueError, re.error):
        return None
    has_day, has_month = (any(f"%{each}" in form for each in letters) for letters in ("djxcD", "mbBxcjD"))
    return Day(read.date().isoformat(), "day" if has_day else "month" if has_month else "year")


def _serial(text: str) -> Day | None:
    whole = text.partition(".")[0]
    if not (whole.isascii() and whole.isdecimal()) or not _SERIAL_DAYS[0] <= int(whole[:8]) <= _SERIAL_DAYS[1]:
        return None
    return Day((_FIRST_SERIAL + timedelta(days=int(whole))).isoformat(), "day")


def _written(text: str) -> Day | None:
    time = _TIME.fullmatch(text, _ISO_DAY)
    written = written_date(text[:_ISO_DAY] if time else text)
    if written is None or written.words != (text[:_ISO_DAY] if time else text):
        return None
    return Day(written.day, written.precision)


def _advice(text: str, formats: Sequence[str]) -> str:
    """Say what to do about a text that is no date."""
    if (year := _YEAR.search(text)) and _ABOUT.search(text):
        what = f'{{ column = ..., values = {{ "{short(text)}" = "{year[0]}" }} }}'
        return f"is not sure of its date, which no claim says; write {what}, or an empty text for no date"
    if not re.search(r"\d", text):
        return f'is no date; if it says nothing, say empty = ["{short(text)}"] in [table]'
    for form, advice in _NO_DATES:
        if form.fullmatch(text) and not (formats and advice.startswith("can be")):
            return advice
    if formats:
        return f"is no date as {' or '.join(formats)} has it; add its form, or mend the cell"
    return 'is no date that is beyond doubt; say its form, such as format = "%d-%b-%y", or what it is in values'
