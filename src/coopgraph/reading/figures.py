"""Figures as texts write them, as the number, the unit and the date that a claim needs."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from coopgraph.rdf.vocab import STANDARD

_NUMBER = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\d)\s*"
    r"(?P<scale>million|billion|trillion|万亿|萬億|亿|億|万|萬)?"
)
_SCALES = {"million": 6, "billion": 9, "trillion": 12, "万": 4, "萬": 4, "亿": 8, "億": 8, "万亿": 12, "萬億": 12}
_UNITS = (
    (r"square kilomet|sq\.? ?km|km2|km²|平方公里|平方千米", "KiloM2"),
    (r"square miles?|平方英里", "MI2"),
    (r"hectares?|公顷|公頃", "HA"),
    (r"kilomet(?:re|er)s?|\bkm\b|公里|千米", "KiloM"),
    (r"\bmiles?\b|英里", "MI"),
    (r"%|per ?cent|percent", "PERCENT"),
)
_USUAL = {"population": "PERSON", "officeCount": "NUM", "shareOfGdp": "PERCENT"}
"""The unit of a property whose figures are written without one."""


class Number(NamedTuple):
    """A number as a decimal literal, and its unit (IRI) where the words name one."""

    value: str
    unit: str | None


def number_in(words: str, predicate: str) -> Number | None:
    """Return the number that words write, scaled, with its unit; None where they write none, or more than one.

    >>> number_in("42.29 million", "population").value, number_in("148,000 square kilometres", "area").value
    ('42290000', '148000')
    """
    matches = list(_NUMBER.finditer(words))
    if len(matches) != 1:
        return None
    match = matches[0]
    number = Decimal(match["number"].replace(",", "")).scaleb(_SCALES.get(match["scale"] or "", 0))
    unit = next((name for pattern, name in _UNITS if re.search(pattern, words, re.IGNORECASE)), _USUAL.get(predicate))
    return Number(f"{number:f}", STANDARD["unit"] + unit if unit else None)
