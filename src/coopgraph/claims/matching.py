"""Texts compared for finding: the one measure of what counts as the same words, with positions in the text as it is.

White space, invisible characters, the width and the ligatures of letters, and the kinds of quotation marks and dashes
do not matter; between Chinese characters, and between one and a mark, a blank does not count. Everything else does.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROLS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
INVISIBLE = (
    f"{_CONTROLS}\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""The characters that show nothing, not even a blank, as the inside of a class of a pattern: controls and those that
Unicode ignores by default."""
HAN = "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Chinese characters, as the inside of a class of a pattern."""
WIDE = f"{HAN}\u2e80-\u2fdf\u3000-\u30ff\u31f0-\u31ff\ufe30-\ufe4f\uff00-\uff9f"
"""Characters between which text has no blanks: Chinese and Japanese ones and their punctuation."""

_TOKEN = re.compile(
    r"(?P<plain>[!-~\u3400-\u9fff\uac00-\ud7a3]+)|\xad(?P<hyphenated>\s+)|(?P<blank>\s+)|(?P<other>.)", re.DOTALL
)
_VISIBLE = re.compile(rf"[^\s{INVISIBLE}]")
VISIBLE_LINE = re.compile(rf"^[^\n]*?{_VISIBLE.pattern}[^\n]*", re.MULTILINE)
"""A line that is not blank; a whole text is gone through at once, for it may have a million lines."""
_CHINESE = f"{HAN}\u3040-\u30ff"
_NO_BLANK = re.compile(rf"[{_CHINESE}](?:[{_CHINESE}]|[^\w\s])|[^\w\s][{_CHINESE}]")
"""What no blank stands between, as letters of a key: so that the width of a mark makes no difference."""
_IS_INVISIBLE = re.compile(rf"[{INVISIBLE}]")
WIDE_LETTER = re.compile(rf"[{WIDE}]")
_DOUBLE = "“”„‟«»″〝〞〟「」﹁﹂｢｣"
_SINGLE = "‘’‚‛‹›′ʼ『』﹃﹄"
_DASHES = "‐‑‒–—―−﹘﹣⁃"
ALIKE = dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DASHES, "-")
"""Kinds of quotation marks and dashes, and the one that each counts as."""
_DISTINCT = ("<super>", "<sub>", "<fraction>", "<circle>", "<square>")
"""Compatibility forms that mean something of their own: 10² is not 102."""


class Key(NamedTuple):
    """What is compared of a text: its letters, each with the position in the text that it stands for.

    A ligature gives several letters of one position; blanks are single, and there is none at either end.
    """

    letters: str
    places: array[int]


def is_blank(line: str) -> bool:
    r"""Say whether a line shows nothing.

    >>> is_blank(" \u200b\xa0"), is_blank("x")
    (True, False)
    """
    return _VISIBLE.search(line) is None


def key(text: str) -> Key:
    r"""Return the key of a text in NFC.

    >>> key("The \ufb01rst\xa0 co\xadoperation").letters
    'The first cooperation'
    """
    return _kept_key(text) if len(text) > _LONG else _key(text)


_LONG = 2_000
"""Length from which a text is one in which much is looked for, so that its key is kept."""


@lru_cache(maxsize=2)
def _kept_key(text: str) -> Key:
    return _key(text)


def _key(text: str) -> Key:
    pieces: list[str] = []
    places = array("q")
    gap = False
    for at, end, letters in _pieces(text):
        if not letters:
            gap = True
            continue
        if gap and places and not _NO_BLANK.fullmatch(pieces[-1][-1] + letters[0]):
            pieces.append(" ")
            places.append(places[-1] + 1)
        gap = False
        pieces.append(letters)
        places.extend(range(at, end) if len(letters) == end - at else [at] * len(letters))
    return Key("".join(pieces), places)


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of a text with their letters, none for a blank; what is invisible is left out."""
    for token in _TOKEN.finditer(text):
        kind, (at, end) = token.lastgroup, token.span()
        if kind == "plain":
            yield at, end, token.group()
        elif kind == "blank":
            yield at, end, ""
        elif kind == "other" and not _IS_INVISIBLE.match(letter := token.group()):
            yield at, end, _alike(letter)


@lru_cache(maxsize=4096)
def _alike(letter: str) -> str:
    """Return the letters that a character counts as."""
    if letter in ALIKE:
        return ALIKE[letter]
    form = unicodedata.decomposition(letter).partition(" ")[0]
    if not form.startswith("<") or form in _DISTINCT:
        return letter
    letters = unicodedata.normalize("NFKC", letter)
    # a spacing accent stands for itself: its parts are a blank and a mark
    return letter if " " in letters else "".join(ALIKE.get(each, each) for each in letters)


def same(one: str, other: str) -> bool:
    """Say whether two texts are the same words.

    >>> same("“naïve‑harbour”", '"naïve-harbour"'), same("10²", "102")
    (True, False)
    """
    return one == other or key(one).letters == key(other).letters


def places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of each place of a text in NFC where words stand, places that overlap too.

    >>> list(places("合作合作合作", "合 作合作"))
    [(0, 4), (2, 6)]
    """
    wanted = key(words).letters
    letters, positions = key(text)
    at = letters.find(wanted) if wanted else -1
    while at >= 0:
        last = at + len(wanted) - 1
        if _is_edge(positions, at) and _is_edge(positions, last + 1):
            yield positions[at], positions[last] + 1
        at = letters.find(wanted, at + 1)


def _is_edge(positions: array[int], at: int) -> bool:
    """Say whether the letter there is the first of a character, not one inside a ligature."""
    return at in (0, len(positions)) or positions[at] != positions[at - 1]
