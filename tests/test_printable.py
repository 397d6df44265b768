"""What can be shown: a terminal is given nothing that it obeys or hides, a spreadsheet nothing that it would run."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.rdf.printable import one_line, safe_cell, visible

ESCAPED = [
    "\x00", "\x07", "\x0b", "\r", "\x1b", "\x7f", "\x85", "\x9b", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160",
    "\u180e", "\u200b", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2060", "\u2063", "\u2066",
    "\u2069", "\u206f", "\u3164", "\ufeff", "\uffa0", "\ufff9", "\uffff", "\ud800", "\udcff", "\U000e0001",
    "\U000e0041", "\U000e007f", "\U000e01f0", "\U0001d173",
]  # fmt: skip


@pytest.mark.parametrize("character", ESCAPED, ids=ascii)
def test_what_a_terminal_would_obey_or_hide_is_escaped(character: str) -> None:
    """Controls, direction marks, zero-width signs, tags, fillers and halves of characters are written as escapes."""
    for text in (character, f"a{character}b", f"港{character}", f"👩{character}👧", f"ا{character}ب"):
        assert character not in visible(text)
        assert visible(text).isprintable()
        assert "\\" in visible(text)


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",
        "क्‍ष",
        "👩‍👩‍👧",
        "🏳️‍🌈",
        "❤️",
        "1️⃣",
        "葛\U000e0100城",
        "©️",
        "two\nlines\tand a tab",
        "Ærøskøbing 香港 שלום مرحبا",
    ],
)
def test_what_writing_needs_is_left(text: str) -> None:
    """Joiners between letters or pictures that they join, and one selector of a variant, are left as they are."""
    assert visible(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "ad\u200dmin",
        "pay\u200cpal",
        "a\ufe0f",
        "\u200d",
        "👩\u200d",
        "👍\ufe0f\ufe0f",
        "香\U000e0100\U000e0101",
        "1\ufe0f2",
    ],
)
def test_the_same_where_nothing_needs_it_is_escaped(text: str) -> None:
    """A joiner among other letters, and a selector too many, which could hide a text, are written as escapes."""
    assert "\\" in visible(text)


@given(st.text(alphabet=st.characters(), max_size=30))
def test_no_text_gives_a_terminal_what_it_would_obey(text: str) -> None:
    """Whatever a text holds, no control, direction mark, separator of lines or half of a character is left in it."""
    for character in visible(text).replace("\n", "").replace("\t", ""):
        assert unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
        assert unicodedata.category(character) != "Cf" or character in "\u200c\u200d" or _is_seen(character)
    assert "\n" not in one_line(text)


def _is_seen(character: str) -> bool:
    """Say whether a format character has a glyph, as signs before Arabic and Kaithi numbers do."""
    return unicodedata.name(character).startswith(("ARABIC ", "SYRIAC ", "KAITHI ", "EGYPTIAN ", "SHORTHAND "))


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-A1", "@SUM(1)", "\t=1", "\rx", " =1", "\n=1", "＝1", "-1+cmd|' /C'!A0", "--1", "=", "-"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(text: str) -> None:
    """What begins as a formula, after white space too, gets an apostrophe in front."""
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "1", "-5", "+0.5", "-.5", "-1.5e-7", "+12345", "a=b", "2014-01-01", "x@y", "香港", "'=1"]
)
def test_other_cells_are_left(text: str) -> None:
    """Numbers with a sign, dates and words are left as they are."""
    assert safe_cell(text) == text
