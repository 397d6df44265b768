"""A sentence with its names taken out: each is one character, a slot, so that a pattern sees what stands between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coopgraph.reading.model import Mention

_FIRST = 0xE000
_MOST = 0x1000
SLOT = "[\ue000-\uefff]"
_JOINT = r"(?:\s*(?:,\s*and|,|、|，|and|&|as well as|以及|及|和|与|與|跟)\s*(?:the\s+|all\s+)?)"
_LOOSE = rf"(?:{SLOT}(?:'s|’s)?(?:\s*\({SLOT}\))?)"
LIST = rf"{SLOT}(?:{_JOINT}{SLOT})*"
"""Names side by side: A, B and C."""
SERIES = rf"{_LOOSE}(?:(?:{_JOINT}|\s+){_LOOSE})*"
"""The same with titles, posts and features among them."""
_PLACE = re.compile(r"<(\w+)(\+\+|\+)?(?::(\w+))?>|<\.\.\.(\d*)>")
_GAP = 50


class Slotted(NamedTuple):
    """A sentence with slots, the names that stand for them, and where each of its characters stands in the text."""

    text: str
    mentions: tuple[Mention, ...]
    places: tuple[int, ...]

    def names(self, stretch: str) -> list[Mention]:
        """Return the names in a stretch of it."""
        return [self.mentions[ord(letter) - _FIRST] for letter in stretch if _FIRST <= ord(letter) < _FIRST + _MOST]


def slotted(text: str, start: int, end: int, mentions: Sequence[tuple[int, int, Mention]]) -> Slotted:
    """Return a sentence with a slot for each stretch that names something; the stretch of an implied name is its own."""
    pieces: list[str] = []
    places: list[int] = []
    kept: list[Mention] = []
    at = start
    for first, last, mention in mentions[:_MOST]:
        pieces += [text[at:first], chr(_FIRST + len(kept))]
        places += [*range(at, first), first]
        kept.append(mention)
        at = last
    pieces.append(text[at:end])
    places += [*range(at, end), end]
    return Slotted("".join(pieces), tuple(kept), tuple(places))


def compiled(pattern: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern of a rule as a pattern over slots, and the class that each of its names must have.

    `<s:Place>` is a name, `<s+:Place>` a list of them, `<s++:Place>` a list with other names among it, and `<...>` what
    may stand between: up to fifty characters without a name.

    >>> pattern, kinds = compiled("<s:Place> hosted <o>")
    >>> kinds, bool(pattern.search("\\ue000 hosted \\ue001"))
    ({'s': 'Place', 'o': ''}, True)
    """
    kinds: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        name, many, kind, gap = match.groups()
        if name is None:
            return rf"[^.;。；\ue000-\uefff]{{0,{gap or _GAP}}}?"
        kinds[name] = kind or ""
        return f"(?P<{name}>{ {None: SLOT, '+': LIST, '++': SERIES}[many] })"

    return re.compile(_PLACE.sub(replaced, pattern), re.IGNORECASE), kinds
