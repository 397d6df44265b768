"""Who says what a sentence states: the person or body to whose words the text gives it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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


class Speakers:
    """Follows who is speaking, from sentence to sentence of a document."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._last: Mention | None = None

    def of(self, sentence: Slotted) -> Mention | None:
        """Return who says what a sentence states: one named in it, or where it says `he`, the last one."""
        named = next(self._named(sentence), None)
        if named is not None:
            self._last = named if named.kind == "Person" else self._last
            return named
        return self._last if _PRONOUN.search(sentence.text) else None

    def _named(self, sentence: Slotted) -> Iterator[Mention]:
        for pattern in (_ENGLISH, _CHINESE):
            for match in pattern.finditer(sentence.text):
                stretch = next(filter(None, match.groupdict().values()), "")
                for mention in reversed(sentence.names(stretch)):
                    if any(self._vocabulary.is_a(mention.kind or "?", kind) for kind in _SPEAKERS):
                        yield mention
                        break
