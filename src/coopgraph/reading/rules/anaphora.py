"""Words that mean a name said before: the province, the two places, 該省, 兩地."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from coopgraph.reading.rules.slots import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coopgraph.reading.model import Mention
    from coopgraph.reading.vocabulary import Vocabulary

_ONE = (
    (r"\b[Tt]he province\b|[该該]省|全省", ("Province",)),
    (r"\b[Tt]he (?:city|municipality)\b|[该該]市|全市", ("City", "SpecialAdministrativeRegion")),
    (r"\b[Tt]he region\b|[该該]地[区區]", ("Region",)),
    (r"\b[Tt]he (?:country|nation)\b|[该該][国國]", ("Country",)),
    (r"\b[Tt]he (?:liaison |new |representative )?(unit|office)\b", ("Office",)),
    (r"[该該](联络处|聯絡處|办事处|辦事處|处|處)", ("Office",)),
    (r"(?<=[，,。；\s])(联络处|聯絡處|办事处|辦事處)(?=[将將位于於隶隸是亦也])", ("Office",)),
    (
        r"\b[Tt]he (?:Council|council|association|federation|chamber)\b|[该該](?:[会會局]|[协協商][会會])",
        ("Organisation",),
    ),
    (r"\b[Tt]he (?:[Gg]overnment|current-term Government)\b|\b[Ww]e\b", ("Government",)),
    (
        r"\b[Tt]he (?:conference|forum|summit|symposium|meeting|expo|fair)\b|[该該次](?:[会會][议議]|[论論][坛壇])",
        ("Event",),
    ),
    (r"\b[Tt]he initiative\b|[该該]倡[议議]", ("Initiative",)),
)
_TWO = re.compile(
    r"\b(?:[Tt]he )?(?:[Tt]wo|[Bb]oth) (?:places|sides|regions|cities|provinces)\b|\b[Bb]oth (?:sides|places)\b"
    r"|(?:两|兩)(?:地|省|市)(?!区|區)|(?:双|雙)方"
)
_SURNAME = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ([A-Z][a-z]+)\b")
_FAR = 200
"""Names back to which a word may mean one."""
_PATTERNS = tuple((re.compile(pattern), kinds) for pattern, kinds in _ONE)


def find(text: str, mentions: Sequence[Mention], vocabulary: Vocabulary) -> Iterator[Stretch]:
    """Yield the stretches of a text that stand for names before them."""
    starts = [each.start for each in mentions]
    for match, names in (*_meant(text, mentions, starts, vocabulary), *_by_surname(text, mentions)):
        at = bisect_left(starts, match.end())
        if names and (at == 0 or mentions[at - 1].end <= match.start()):
            yield Stretch(*match.span(), tuple(names))


Meant: TypeAlias = "tuple[re.Match[str], list[Mention]]"


def _meant(text: str, mentions: Sequence[Mention], starts: Sequence[int], vocabulary: Vocabulary) -> Iterator[Meant]:
    """Yield the words for a thing or for two places, with what they mean."""
    for pattern, kinds in _PATTERNS:
        for match in pattern.finditer(text):
            word = (match[1] or "") if match.lastindex else ""
            before = mentions[max(bisect_left(starts, match.start()) - _FAR, 0) : bisect_left(starts, match.start())]
            yield match, _before(before, match.start(), kinds, vocabulary, word)[:1]
    for match in _TWO.finditer(text):
        before = mentions[max(bisect_left(starts, match.start()) - _FAR, 0) : bisect_left(starts, match.start())]
        places = _before(before, match.start(), ("Place",), vocabulary)
        yield match, places[::-1] if len(places) > 1 else []


def _by_surname(text: str, mentions: Sequence[Mention]) -> Iterator[Meant]:
    """Yield people who are called by their surnames, with the last one before who has it."""
    people: dict[str, Mention] = {}
    named = iter([each for each in mentions if each.kind == "Person"])
    following = next(named, None)
    for match in _SURNAME.finditer(text):
        while following is not None and following.end <= match.start():
            people[following.text.split()[-1]] = replace(following, implied=True)
            following = next(named, None)
        yield match, [people[match[1]]] if match[1] in people else []


def _before(
    mentions: Sequence[Mention], at: int, kinds: Sequence[str], vocabulary: Vocabulary, word: str = ""
) -> list[Mention]:
    """Return the names of a kind before a position as implied ones, the nearest with a word first, each thing once."""
    mentions = [each for each in mentions if word.casefold() in each.text.casefold()] or mentions
    names: dict[str, Mention] = {}
    for mention in reversed(mentions):
        if mention.end <= at and any(vocabulary.is_a(mention.kind or "?", kind) for kind in kinds):
            names.setdefault(mention.entity or mention.text, replace(mention, implied=True))
            if len(names) == 2:
                break
    return list(names.values())
