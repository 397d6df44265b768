"""Lines that were broken to a width, joined again: where a blank belongs between them, and where a hyphen stays."""

from __future__ import annotations

import re

from coopgraph.claims.matching import WIDE

HYPHEN = "\x02"
"""What the reader of PDF gives for a hyphen at the end of a line."""
_BEARING = "”’“‘…—"
"""Marks that fonts for Chinese draw with a gap beside them."""
_MARKS = f",.;:!?(){_BEARING}%"
GUESSED = "\x1f"
"""A blank that the reader guessed from a gap."""
FALSE_BLANK = re.compile(
    rf"(?:(?<=[{WIDE}])|(?<=[{WIDE}][{_BEARING}])){GUESSED}(?=[{WIDE}{_BEARING},.;:!?)])"
    rf"|(?<=[{WIDE}][,.;:!?(]){GUESSED}(?=[{_BEARING}])"
)
"""A guessed blank that is only the gap beside a mark."""
_FALSE_BREAK = re.compile(rf"(?:[{WIDE}]|[{WIDE}][{_MARKS}]){GUESSED}[{WIDE}{_MARKS}]|[{_MARKS}]{GUESSED}[{WIDE}]")
"""The end of a line at which no blank stands."""


def joined(text: str, line: str, words: frozenset[str]) -> str:
    """Return a text with a line added: no blank between Chinese characters, and a hyphen only where it is one."""
    if not text or not line:
        return text or line
    if text[-1] in f"-{HYPHEN}" and len(text) > 1 and text[-2].isalpha() and line[0].islower():
        return text[:-1] + ("" if _is_parted(text[:-1], line, words) else "-") + line
    if text[-1] in f"-{HYPHEN}" and text[-2:-1].isalnum() and line[0].isalnum():
        return text + line
    guessed = f"{text[-2:]}{GUESSED}{line[:1]}"
    return text + ("" if _FALSE_BREAK.search(guessed) else " ") + line


_COMPOUNDS = frozenset(
    """
    all best cross east ever far fast first five four free full go half high ill inward land large long low mid near
    new non north off old on one outward part post pre sea self semi seven short six small so south state ten third
    three top two under up well west wide world year
    """.split()  # noqa: SIM905 - a list of words reads as words
)
"""What stands before a hyphen in English more often than it is a part of a word that was broken."""


def _is_parted(text: str, line: str, words: frozenset[str]) -> bool:
    """Say whether the hyphen between two lines only parts a word: as far as the other words of the text tell."""
    first, second = re.findall(r"[^\W_]+$", text)[0].lower(), re.findall(r"^[^\W_]+", line)[0].lower()
    if first + second in words:
        return True
    return f"{first}-{second}" not in words and first not in words | _COMPOUNDS


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, those with hyphens whole."""
    return frozenset(re.findall(r"[\w-]+", text.lower()))
