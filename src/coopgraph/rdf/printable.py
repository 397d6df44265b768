"""Text as it can be shown: nothing in it that a terminal, an editor, a spreadsheet or XML would obey or hide."""

from __future__ import annotations

import re

NOT_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""The characters that XML 1.0 cannot hold, not even escaped."""


def for_xml(text: str, instead: str = "") -> str:
    r"""Return text with something instead of each character that XML 1.0 cannot hold.

    >>> for_xml("a\x07\tb"), for_xml("a\ufffe", "?")
    ('a\tb', 'a?')
    """
    return text if text.isprintable() else re.sub(NOT_XML, instead, text)


_JOINED = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
"""Letters of scripts that are written joined, from Arabic to Khmer and Mongolian."""
_PICTURE = "\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff"
_IDEOGRAPH = "\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_WANTED = (
    f"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])"
    f"|(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    f"|(?<=[{_PICTURE}{_IDEOGRAPH}])[{_SELECTOR}]"
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
"""What is not seen and yet needed: a joiner between what it joins, and one selector of a variant."""

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point: no glyph, as direction marks, zero-width characters, tags and fillers."""
_OTHERS = "\u2028\u2029\ud800-\udfff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
"""Separators of lines and paragraphs, halves of characters, marks of annotations, and what is no character."""
_HIDDEN = f"{_WANTED}|([{_CONTROLS}{_IGNORABLE}{_OTHERS}])"
"""All that a terminal is not given, in its first group: it would move the cursor, reorder a line or not be seen."""


def visible(text: str) -> str:
    r"""Return text with what a terminal would obey or not show written as escapes; tabs and line ends stay.

    >>> print(visible("a\x1b[31mb\u202ec\u200bd"))
    a\x1b[31mb\u202ec\u200bd
    """
    return text if text.isascii() and text.isprintable() else re.sub(_HIDDEN, _escape, text)


def _escape(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode() if match[1] else match.group()


def placed(text: str) -> str:
    r"""Return text in which each character that `visible` escapes is one mark, so that positions stay what they are.

    >>> placed("a\x1bb\u202ec")
    'a\ufffdb\ufffdc'
    """
    return text if text.isascii() and text.isprintable() else re.sub(_HIDDEN, _mark, text)


def shown(text: str) -> str:
    r"""Return text without the characters that `visible` escapes.

    >>> shown("a\u200bb\x07\ufeff")
    'ab'
    """
    return text if text.isascii() and text.isprintable() else re.sub(_HIDDEN, _wanted, text)


def _wanted(match: re.Match[str]) -> str:
    return "" if match[1] else match.group()


def _mark(match: re.Match[str]) -> str:
    return "\ufffd" if match[1] else match.group()


def one_line(text: str) -> str:
    r"""Return text on one line, its line ends and all that `visible` escapes written as escapes.

    >>> print(one_line("two\nlines"))
    two\nlines
    """
    return visible(text).replace("\n", "\\n")


def safe_cell(text: str) -> str:
    """Return the text of a cell so that a spreadsheet takes it for text: an apostrophe before what begins a formula.

    >>> safe_cell("=1+1"), safe_cell("-5.2"), safe_cell("a=b")
    ("'=1+1", '-5.2', 'a=b')
    """
    may_be_one = text and not text[0].isalnum()
    return f"'{text}" if may_be_one and re.match(_FORMULA, text) else text


_FORMULA = r"(?![+-]?\.?[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?\Z)[\s\x00]*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]"
"""What a spreadsheet may take for a formula, numbers left out; full-width signs are signs to some."""
