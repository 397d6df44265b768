"""Where the sentences of a text begin and end, in English and Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.claims.matching import INVISIBLE, WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSE = r"""["'”’»›」』）)\]】〕》〉｣﹂﹄]"""
_GAP = rf"[\s{INVISIBLE}]"
_END = re.compile(
    rf"(?P<wide>(?:[。！？；｡]|(?<=[{WIDE}])(?:…|[!?]|\.(?![A-Za-z0-9.])))+(?:[。！？；｡…!?]|{_CLOSE})*)"
    rf"|(?P<narrow>(?<![.!?…])[.!?…]++{_CLOSE}*+)(?={_GAP}|$)"
)
"""The end of a sentence: Chinese marks, after which no blank is needed, or others that a blank follows."""
_LEAD = re.compile(rf"{_GAP}*+")
_NEXT = re.compile(rf"(?:{_GAP}|[\"'“‘(\[«])*(\w+|.|$)", re.DOTALL)
_LAST = re.compile(r"[\w.&’'-]*$")
_LONGEST = 40
"""Characters of an abbreviation at most."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words("""
    mr mrs ms mx dr prof hon rev gen col capt lt sgt gov sen rep pres st ste mt ft messrs mme mlle rt vs cf eg ie viz al
    fig figs vol ed eds art arts sec secs ch para paras pp approx est dept univ
""")
"""Abbreviations that a name or number follows: no sentence ends there."""
_NUMBERED = _words("no nos p jan feb mar apr jun jul aug sep sept oct nov dec")
"""What is an abbreviation before a number only."""
_ENDINGS = _words("co ltd inc corp jr sr bros etc plc pty hq")
"""Abbreviations at which a sentence may end too: that shows in the word after."""
_STARTS = _words("""
    the a an this that these those it its he she his her they their we our i you in on at by for from with as to of and
    but or yet so however moreover meanwhile then there here when while after before since although if such both all
    some many most each every no not mr mrs ms dr
""")
"""Words that begin a sentence when they have a capital letter."""


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the sentences of a stretch of text, without the blanks around; a line end ends one.

    >>> text = "Mr. Lee met the U.S. envoy in No. 5. 香港说：“好！”辽宁听。"
    >>> [text[a:b] for a, b in sentences(text)]
    ['Mr. Lee met the U.S. envoy in No. 5.', '香港说：“好！”', '辽宁听。']
    """
    end = len(text) if end is None else end
    while start < end:
        line_end = text.find("\n", start, end)
        line_end = end if line_end < 0 else line_end
        yield from _of_line(text, start, line_end)
        start = line_end + 1


def _of_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for mark in _END.finditer(text, start, end):
        if mark.lastgroup == "wide" or _ends_here(text, begin, mark, end):
            yield from _trimmed(text, begin, mark.end())
            begin = mark.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lead = _LEAD.match(text, start, end)
    start = lead.end() if lead else start
    while end > start and _LEAD.fullmatch(text, end - 1, end):
        end -= 1
    if start < end:
        yield start, end


def _ends_here(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    """Say whether a mark that a blank follows ends a sentence: not after an abbreviation, nor before a small letter."""
    after = _NEXT.match(text, mark.end(), end)
    following = after.group(1) if after else ""
    if following[:1].islower():
        return False
    if mark.group()[0] != "." or mark.group().startswith(".."):
        return True
    return _full_stop_ends(text[begin : mark.start()].strip(), following)


def _full_stop_ends(before: str, following: str) -> bool:
    match = _LAST.search(before[-_LONGEST:])
    word = match.group().casefold() if match else ""
    if word == before.casefold() and (word.isdigit() or len(word) == 1):
        return False  # the number of a paragraph
    if word in _TITLES or (word in _NUMBERED and following[:1].isdigit()):
        return False
    if word in _ENDINGS or "." in word:  # U.S., p.m., e.g.
        return not following or following.casefold() in _STARTS
    return not (len(word) == 1 and word.isalpha() and word != "i")  # an initial
