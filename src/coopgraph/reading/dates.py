"""Dates as English and Chinese texts write them, as ISO days with the precision that they have."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_YEAR = r"(?P<year>1[0-9]{3}|20[0-9]{2})"
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])"
_DIGITS = {digit: str(number) for number, digit in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<separator>[-/.])(?P<month>1[0-2]|0?[1-9])(?P=separator){_DAY}(?!\d)",
        rf"{_YEAR}\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月\s*{_DAY}\s*[日号號]",
        rf"{_YEAR}\s*年\s*(?P<month>1[0-2]|0?[1-9])\s*月",
        rf"\b{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}\b",
        rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b",
        rf"(?<!\d){_YEAR}-(?P<month>1[0-2]|0[1-9])(?![-\d])",
        rf"(?<![\d.,]){_YEAR}(?P<day8>(?P<m8>1[0-2]|0[1-9])(?:3[01]|[12][0-9]|0[1-9]))(?!\d)",
        rf"(?<![\d.,$€£]){_YEAR}\s*年?(?![\d,]|\.\d|%)",
    )
)
_CHINESE_YEAR = re.compile(r"[一二][零〇○一二三四五六七八九]{3}(?=年)")


class Date(NamedTuple):
    """A day (ISO), its precision (`day`, `month` or `year`) and the words that say it."""

    day: str
    precision: str
    words: str


def written_date(text: str) -> Date | None:
    """Return the date that a text begins to write first, the most exact form of it; None where it writes none.

    >>> written_date("on 26 April 2017")
    Date(day='2017-04-26', precision='day', words='26 April 2017')
    >>> written_date("二零一四年設立")
    Date(day='2014-01-01', precision='year', words='二零一四年')
    """
    digits = _CHINESE_YEAR.sub(lambda match: "".join(_DIGITS[each] for each in match.group()), text)
    dates = [(match.start(), number, match) for number, form in enumerate(_FORMS) if (match := form.search(digits))]
    for _, _, match in sorted(dates, key=lambda each: each[:2]):
        if (day := _day(match)) is not None:
            return Date(*day, text[slice(*match.span())].strip())
    return None


def _day(match: re.Match[str]) -> tuple[str, str] | None:
    parts = {key: value for key, value in match.groupdict().items() if value}
    if "day8" in parts:
        parts |= {"month": parts["m8"], "day": parts["day8"][2:]}
    if "name" in parts:
        parts["month"] = str(_MONTHS.index(parts["name"][:3].lower()) + 1)
    precision = "day" if "day" in parts else "month" if "month" in parts else "year"
    try:
        day = date(int(parts["year"]), int(parts.get("month", 1)), int(parts.get("day", 1)))
    except ValueError:
        return None
    return day.isoformat(), precision
