"""Places that no list has, by the word for what they are: Velmar Province, Port Calder, City of Tessin, 北岭省.

Each is offered with the class that this word shows; what it is, a person says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.reading.model import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NO_NAME = (
    "The|This|That|In|At|Of|On|To|From|For|With|And|But|Both|Each|Every|When|While|Under|Since|Its|Our|Their|New|Old|"
    "Inner|Smart|Sister|Twin|Capital|Host|Home"
)
_NAME = rf"(?!(?:{_NO_NAME})\b)[A-Z][a-z’'-]+(?: [A-Z][a-z’'-]+)?"
_NO_PORT = "Authority|Office|Group|Company|Council|Services|Development|Terminal|Area|Park|Community|Alliance"
_ENGLISH = (
    ("Province", re.compile(rf"\b(?:{_NAME} (?:Province|Prefecture)|Province of {_NAME})\b")),
    ("City", re.compile(rf"\b(?:{_NAME} (?:City|Municipality)|City of {_NAME}|Port (?!{_NO_PORT})[A-Z][a-z]+)\b")),
)
_HAN = "\u3400-\u9fff"
_CHINESE = (
    ("Province", re.compile(f"[{_HAN}]{{2}}(?<![全本各外我三两兩该該跨邻鄰关關的])(?<!代表)省(?![会會级級])")),
    ("City", re.compile(f"[{_HAN}]{{2}}(?<![全本各外我该該城上超股都门門关關的省])市(?![场場民值级級区區])")),
)


def find(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the places in a text that a word shows and that are no part of a known name or around one."""
    known = {at for each in mentions for at in range(each.start, each.end)}
    for patterns, extended in ((_ENGLISH, False), (_CHINESE, True)):
        for kind, pattern in patterns:
            for match in pattern.finditer(text):
                start = _beginning(text, *match.span()) if extended else match.start()
                if known.isdisjoint(range(start, match.end())):
                    yield Mention(text[start : match.end()], start, match.end(), kind=kind)


def _beginning(text: str, start: int, end: int) -> int:
    """Return where a Chinese name of two characters or more begins: one that always stands before it belongs to it."""
    before = {text[at.start() - 1 : at.start()] for at in re.finditer(re.escape(text[start:end]), text)}
    is_longer = len(before) == 1 and text.count(text[start:end]) > 1 and bool(re.match(f"[{_HAN}]", before.pop()))
    return start - 1 if is_longer else start
