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

    They differ in blanks, marks, accents or one letter, or share a further name; what differs in a number does not.
    """
    alike: dict[tuple[object, ...], list[Name]] = defaultdict(list)
    for name, further in names.items():
        around = key_of(name.within.text) if name.within else ""
        for sign in {*_signs(name.text), *(f"={key_of(each)}" for each in further)}:
            alike[name.kind, around, tuple(_NUMBER.findall(name.text)), sign].append(name)
    found = {
        pair
        for several in alike.values()
        if len(several) <= _MOST_OF_A_KIND
        for pair in combinations(sorted(several, key=repr), 2)
        if not _is_told_apart(*pair)
    }
    return sorted(found, key=repr)


def _is_told_apart(one: Name, other: Name) -> bool:
    return any(one.apart) and any(other.apart) and one.apart != other.apart


def _signs(text: str) -> Iterator[str]:
    """Yield what two names share that are alike: their letters alone, and these with each one left out.

    >>> set(_signs("The São Tomé")) >= {"saotome"}, set(_signs("Comerce")) & set(_signs("Commerce"))
    (True, {'comerce'})
    """
    plain = unicodedata.normalize("NFKD", _ARTICLE.sub("", key_of(text)).replace("&", " and "))
    letters = _NO_LETTER.sub("", "".join(each for each in plain if not unicodedata.combining(each)))
    yield letters or text
    if len(letters) >= _LEAST_LETTERS and not WIDE_LETTER.search(letters):
        yield from (letters[:at] + letters[at + 1 :] for at in range(len(letters)))
