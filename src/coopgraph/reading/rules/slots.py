"""A sentence with its names taken out: each is one character, a slot, so that a pattern sees what stands between."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

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
_PLACE = re.compile(r"(?<!\?P)<(\w+)(\+\+|\+)?(?::([\w/!]+))?>|<\.\.\.(\d*)>")
_GAP = 50


class Stretch(NamedTuple):
    """A stretch of a text that stands for one name or, as "the two places" does, for several."""

    start: int
    end: int
    mentions: tuple[Mention, ...]


class Slotted(NamedTuple):
    """A sentence with slots, the names that stand for them, and where each of its characters stands in the text."""

    text: str
    mentions: tuple[Mention, ...]
    places: tuple[int, ...]

    def names(self, stretch: str) -> list[Mention]:
        """Return the names in a stretch of it."""
        return [self.mentions[ord(letter) - _FIRST] for letter in stretch if _FIRST <= ord(letter) < _FIRST + _MOST]


def slotted(text: str, start: int, end: int, stretches: Sequence[Stretch]) -> Slotted:
    """Return a sentence with a slot for each name that a stretch of it stands for; several are joined by commas."""
    pieces: list[str] = []
    places: list[int] = []
    mentions: list[Mention] = []
    at = start
    for stretch in stretches[:_MOST]:
        slots = ",".join(chr(_FIRST + len(mentions) + number) for number in range(len(stretch.mentions)))
        pieces += [text[at : stretch.start], slots]
        places += [*range(at, stretch.start), *[stretch.start] * len(slots)]
        mentions += stretch.mentions
        at = stretch.end
    pieces.append(text[at:end])
    places += [*range(at, end), end]
    return Slotted("".join(pieces), tuple(mentions), tuple(places))


def compiled(pattern: str) -> tuple[re.Pattern[str], dict[str, str]]:
    r"""Return a pattern of a rule as a pattern over slots, and the class that each of its names must have.

    `<s:Place>` is a name, `<s:Place/Person>` one of either class, `<s:Place!City>` one but for a class, `<s+:Place>` a
    list, `<s++:Place>` a list with other names among it, and `<...>` what may stand between: up to fifty characters
    without a name.

    >>> pattern, kinds = compiled("<s:Place> hosted <o>")
    >>> kinds, bool(pattern.search("\ue000 hosted \ue001"))
    ({'s': 'Place', 'o': ''}, True)
    """
    kinds: dict[str, str] = {}

    def replaced(match: re.Match[str]) -> str:
        name, many, kind, gap = match.groups()
        if name is None:
            return rf"(?:[^.;。；\ue000-\uefff]|\.(?=\d)){{0,{gap or _GAP}}}?"
        kinds[name] = kind or ""
        return f"(?P<{name}>{ {None: SLOT, '+': LIST, '++': SERIES}[many] })"

    return re.compile(_PLACE.sub(replaced, pattern), re.IGNORECASE), kinds
