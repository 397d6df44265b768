"""New names of a table that look alike: a person is told of them, for nobody else knows whether they are one thing."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from coopgraph.claims.matching import WIDE_LETTER
from coopgraph.tables.linking import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgraph.tables.naming import Name

_LEAST_LETTERS = 7
"""Letters of a name of which one may be a mistake; of fewer, it is likely another name, such as Hunan and Henan."""
_MOST_OF_A_KIND = 20
"""Names that share what is compared; where more do, it is no mistake."""
_ARTICLE = re.compile(r"^the\s+")
_NO_LETTER = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


def pairs(names: Mapping[Name, Iterable[str]]) -> list[tuple[Name, Name]]:
    """Return the names, given each with its further names, that may be one thing: of one kind, and in one place.

    They differ in blanks, marks, accents or one letter, or share a further name; those that differ in a number are two.
    """
    alike: dict[tuple[str, str, str], list[Name]] = defaultdict(list)
    letters = {name: _letters(name.text) for name in names}
    for name, further in names.items():
        around = key_of(name.within.text) if name.within else ""
        numbers = " ".join(_NUMBER.findall(name.text))
        for sign in {
            *(f"{numbers} {each}" for each in _signs(letters[name])),
            *(f"={key_of(each)}" for each in further),
        }:
            alike[name.kind, around, sign].append(name)
    found: set[tuple[Name, Name]] = set()
    for (_, _, sign), several in alike.items():
        if len(several) <= _MOST_OF_A_KIND:
            pairs = combinations(sorted(several, key=repr), 2)
            is_shared = sign.startswith("=")
            found |= {pair for pair in pairs if is_shared or _differ_little(*(letters[name] for name in pair))}
    return sorted((pair for pair in found if not _is_told_apart(*pair)), key=repr)


def _is_told_apart(one: Name, other: Name) -> bool:
    return any(one.apart) and any(other.apart) and one.apart != other.apart


def _differ_little(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=1) <= 1


def _letters(text: str) -> str:
    """Return the letters of a name alone.

    >>> _letters("The São-Tomé & Co."), _letters("Sao Tome and Co")
    ('saotomeandco', 'saotomeandco')
    """
    plain = unicodedata.normalize("NFKD", _ARTICLE.sub("", key_of(text)).replace("&", " and "))
    return _NO_LETTER.sub("", "".join(each for each in plain if not unicodedata.combining(each))) or text


def _signs(letters: str) -> Iterator[str]:
    """Yield what two names share of which one letter differs: all letters, or these with one left out.

    >>> set(_signs("comerce")) & set(_signs("commerce"))
    {'comerce'}
    """
    yield letters
    if len(letters) >= _LEAST_LETTERS and not WIDE_LETTER.search(letters):
        yield from (letters[:at] + letters[at + 1 :] for at in range(len(letters)))
