"""Dates as exact as they are known: ISO days with the precision that a claim gives beside them."""

from __future__ import annotations

import re
from datetime import date, timedelta

_DAY = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)", re.ASCII)
_SPANS = {"decade": 10, "century": 100}


def period(day: str | None, precision: str | None) -> str:
    """Return a date as exactly as it is known.

    >>> period("2014-01-01", "year"), period("2023-09-01", "month"), period("1801-01-01", "century"), period(None, None)
    ('2014', '2023-09', '19th century', '')
    >>> period("1990-01-01", "decade"), period("-0044-03-15", "day"), period("-0044-01-01", "century")
    ('1990s', '-0044-03-15', '1st century BC')
    """
    parts = _DAY.match(day or "")
    if parts is None:
        return day or ""
    year, month, _ = parts.groups()
    if precision == "century":
        number = abs(int(year)) // 100 + 1
        return f"{number}{_ordinal(number)} century{' BC' if year.startswith('-') else ''}"
    return {"year": year, "month": f"{year}-{month}", "decade": f"{year[:-1]}0s"}.get(precision or "", day or "")


def _ordinal(number: int) -> str:
    return "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def in_words(day: str | None, precision: str | None) -> str:
    """Return a date as it stands in a sentence, where a decade or century takes an article.

    >>> in_words("1990-01-01", "decade"), in_words("2014-01-01", "year")
    ('the 1990s', '2014')
    """
    text = period(day, precision)
    return f"the {text}" if text and precision in _SPANS else text


def span(first: str, last: str) -> str:
    """Return the days from a first to a last as short as they can be told: a year, months or days.

    >>> span("2019-01-01", "2019-12-31"), span("2023-01-01", "2023-08-31"), span("2023-02-01", "2023-02-28")
    ('2019', '2023-01 to 2023-08', '2023-02')
    >>> span("2023-02-05", "2023-02-28"), span("2018-01-01", "2019-12-31"), span("2019-05-04", "2019-05-04")
    ('2023-02-05 to 2023-02-28', '2018 to 2019', '2019-05-04')
    """
    years, months = (first[5:], last[5:]) == ("01-01", "12-31"), first.endswith("-01") and _ends_month(last)
    kept = 4 if years else 7 if months else 10
    return first[:kept] if first[:kept] == last[:kept] else f"{first[:kept]} to {last[:kept]}"


def _ends_month(day: str) -> bool:
    try:
        return (date.fromisoformat(day) + timedelta(days=1)).day == 1
    except (ValueError, OverflowError):
        return False


def may_be_by(start: str, precision: str | None, day: str) -> bool:
    """Say whether what began on a date, as exactly as is known, may have begun by a day.

    >>> may_be_by("2017-06-30", "month", "2017-06-01"), may_be_by("2018-01-01", "year", "2017-06-01")
    (True, False)
    """
    sure = _SURE.get(precision or "day", 10)
    return start[:sure] <= day[:sure]


_SURE = {"century": 2, "decade": 3, "year": 4, "month": 7}
"""Precision -> how many letters of an ISO day are known."""


def year_of(day: str | None, precision: str | None, *, last: bool = False) -> int | None:
    """Return the year of a day, or the first or last of the decade or century that it stands for; None without one.

    >>> year_of("1998-05-02", "decade"), year_of("1998-05-02", "decade", last=True), year_of("-0044-03-15", "day")
    (1990, 1999, -44)
    """
    parts = _DAY.match(day or "")
    if parts is None:
        return None
    year = int(parts[1])
    span = _SPANS.get(precision or "", 1)
    return year // span * span + (span - 1 if last else 0)
