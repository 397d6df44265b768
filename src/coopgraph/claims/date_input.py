"""Dates as people type them: years, months and days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from coopgraph.errors import UsageError, short

_YEAR = re.compile(r"(-?\d{4,6})-(?:0[1-9]|1[0-2])(?:-\d\d)?|(-?\d{1,6})|(\d{1,3})(X{1,2})", re.ASCII)


def last_day(text: str) -> str:
    """Return the last day of the year, month or day that a person types. Raises `UsageError` where it is none.

    >>> last_day("2017"), last_day("2017-06"), last_day("2016-02"), last_day("2017-06-05")
    ('2017-12-31', '2017-06-30', '2016-02-29', '2017-06-05')
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text.strip(), re.ASCII)
    try:
        year, month, day = (int(part) if part else None for part in match.groups()) if match else (0, 0, 0)
        last = monthrange(year, month or 12)[1] if year and day is None else day
        return date(year or 0, 12 if month is None else month, last or 0).isoformat()
    except ValueError as error:
        raise UsageError(f"{short(text)!r} is no date; write one as 2017, 2017-06 or 2017-06-05") from error


def year(text: str, *, last: bool = False) -> int:
    """Return the year that a person types as answers write dates; of a decade or century the first or the last.

    Raises `UsageError` where it is none.

    >>> year("2014"), year("2014-05-01"), year("199X"), year("18XX", last=True), year("-44")
    (2014, 2014, 1990, 1899, -44)
    """
    match = _YEAR.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"{short(text)!r} is no year; write one as 2014")
    return int(match[1] or match[2] or match[3] + ("9" if last else "0") * len(match[4]))
