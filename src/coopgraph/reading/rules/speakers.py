"""Who says what a sentence states: the person or body to whose words the text gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.reading.rules.slots import SLOT, Slotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.reading.model import Mention
    from coopgraph.reading.vocabulary import Vocabulary

_SAYS = (
    "(?:said|says|say|told|added|adds|noted|notes|stressed|stresses|emphasi[sz]ed|emphasi[sz]es|believed?|believes|stated|"
    "states|pointed out|remarked|explained|announced|hopes?|hoped|expects?|expected|suggested|proposed|shows?|"
    "called (?:on|for))"
)
_ENGLISH = re.compile(
    rf"(?P<before>{SLOT})(?:\s*\([^)]*\))?(?: (?:also|further|then|today|yesterday|[a-z]+ly|research|data))* {_SAYS}\b"
    rf"|[,”\"] (?:{_SAYS} )(?:{SLOT} )?(?P<after>{SLOT})|[,”\"] (?P<last>{SLOT}) (?:said|added|noted|says)"
    rf"|(?:heard|according to) (?P<source>(?:{SLOT}|[^.;])*?{SLOT})(?= say|[,.])",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"(?P<before>{SLOT})(?:[（(][^）)]*[）)])?[^。；，,{chr(0xE000)}-{chr(0xEFFF)}]{{0,12}}?"
    r"(?:表示|指出|强调|強調|介绍|介紹|认为|認為|称|稱|说|說|透露|指|相信|期望|希望)(?![明法服])"
)
_PRONOUN = re.compile(
    r"^\W*(?:He|She|They|It)\b|, (?:he|she|they) (?:said|added|noted)"
    r"|^\W*[他她其](?:们|們)?[^。]{0,8}?(?:表示|指出|说|說|强调|強調|称|稱|认为|認為)"
)
_SPEAKERS = ("Person", "Organisation")


class Speech(NamedTuple):
    """Those who speak in a sentence, and from where in it (with slots) their words begin."""

    speakers: tuple[Mention, ...]
    start: int


class Speakers:
    """Follows who is speaking, from sentence to sentence of a document."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._last: tuple[Mention, ...] = ()

    def of(self, sentence: Slotted) -> Speech | None:
        """Return who says what a sentence states: one named in it, or where it says `he`, the last one."""
        named = next(self._named(sentence), None)
        if named is not None:
            self._last = named.speakers if named.speakers[0].kind == "Person" else self._last
            return named
        return Speech(self._last, 0) if self._last and _PRONOUN.search(sentence.text) else None

    def _named(self, sentence: Slotted) -> Iterator[Speech]:
        for pattern in (_ENGLISH, _CHINESE):
            for match in pattern.finditer(sentence.text):
                group, stretch = next((name, text) for name, text in match.groupdict().items() if text)
                able = [each for each in sentence.names(stretch) if self._can_speak(each)]
                people = [each for each in able if each.kind == "Person"]
                if able:
                    yield Speech(tuple(people or able[-1:]), match.end() if group in ("before", "source") else 0)

    def _can_speak(self, mention: Mention) -> bool:
        return any(self._vocabulary.is_a(mention.kind or "?", kind) for kind in _SPEAKERS)
