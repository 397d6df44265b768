"""Passages: words are found, cut and verified by code points, and found again where a text was edited."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coopgraph.claims import matching, passages
from coopgraph.claims.model import Passage
from coopgraph.errors import DataError, UsageError
from hostile import texts

TEXT = "First line, of two sentences. The second one!\n\nThird: “quoted”, it’s so. 香港说。辽宁听。\nLast 🚢 line\n"

_words = st.lists(st.text('abcdeé香🚢.’"', min_size=1, max_size=5), min_size=1, max_size=12)
_sources = st.lists(_words.map(" ".join), min_size=1, max_size=6).map("\n".join).map(passages.normalise)


def passage(piece: passages.Cut, **other: object) -> Passage:
    """Return a passage as a graph file describes it."""
    given_ = {"paragraph": piece.paragraph, "start": piece.start, "end": piece.end, "sha256": piece.sha256}
    return Passage("p", "s", **(given_ | other))  # type: ignore[arg-type]


def problems(text: str, described: Passage) -> list[str]:
    """Return the rules that a passage breaks."""
    return [problem.rule for problem in passages.verify(text, {"p": described})]


@given(_sources, st.data())
def test_what_is_cut_is_verified(text: str, data: st.DataObject) -> None:
    """Every stretch of a text, once cut, is verified against that text."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    piece = passages.cut(text, start, end)
    assert piece.text == text[start:end]
    assert problems(text, passage(piece)) == []


@given(_sources, texts.map(passages.normalise))
def test_a_passage_is_found_again_behind_what_was_put_before_it(text: str, before: str) -> None:
    """Text put before a passage moves it: the finding says the old and the new place."""
    words = text.rsplit("\n", maxsplit=1)[-1].strip()
    assume(words and before and before + "\n" + text == passages.normalise(before + "\n" + text))
    at = text.rindex(words)
    piece = passages.cut(text, at, at + len(words))
    edited = before + "\n" + text
    found = list(passages.verify(edited, {"p": passage(piece)}))
    if edited[piece.start : piece.end] == words:  # the text repeats itself
        return
    assert [problem.rule for problem in found] == ["passage-moved"]
    assert f"at {piece.start}-{piece.end} " in found[0].message
    places = [i for i in range(len(edited)) if edited.startswith(words, i)]
    assert any(f"at {place}-{place + len(words)} " in found[0].message for place in places)


@given(_sources, st.data())
def test_no_edit_goes_unnoticed(text: str, data: st.DataObject) -> None:
    """A passage whose text was edited in any letter is reported, and what is reported names a place in the text."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = data.draw(st.integers(start, end - 1))
    letter = data.draw(st.sampled_from(["", "x", "é", "\n", "🚢"]))
    edited = text[:at] + letter + text[at + 1 :]
    assume(edited[start:end] != text[start:end] or len(edited) < end)
    found = list(passages.verify(edited, {"p": passage(passages.cut(text, start, end))}))
    assert len(found) == 1
    assert found[0].rule in ("passage-moved", "passage-changed")
    assert f"{start}-{end}" in found[0].message


@given(_sources, st.data())
def test_words_are_found_in_any_layout(text: str, data: st.DataObject) -> None:
    """The words of a line are found with other white space and other quotation marks, unless they stand twice."""
    line = data.draw(st.sampled_from(text.split("\n")))
    words = "\n\t ".join(line.split()).replace("’", "'").replace('"', "“")
    try:
        piece = passages.find(text, words)
    except UsageError as error:
        assert "stands at" in str(error)  # noqa: PT017 - both outcomes are right
    else:
        assert piece.text.split() == line.split()
        assert piece == passages.cut(text, piece.start, piece.end)


_LOOKS = {
    "a": ["a", "\uff41", "a\u200b", "\xada"],
    "fi": ["fi", "\ufb01", "f\u2060i", "f\xad\ni"],
    '"': ['"', "“", "”", "„", "「", "»", "\uff02"],
    "'": ["'", "’", "‘", "‚", "ʼ"],
    "-": ["-", "‑", "–", "—", "\uff0d"],
    " ": [" ", "\xa0", "\u3000", "\n", " \u200b \t"],
    "合作": ["合作", "合 作", "合\n作", "合\u200b作", "\u2061合作"],
    "，": ["，", ","],
}
_pieces = st.lists(st.sampled_from(sorted(_LOOKS)), min_size=1, max_size=8)


def _dress(data: st.DataObject, pieces: list[str]) -> str:
    """Return pieces of text, each in one of its looks."""
    return "".join(data.draw(st.sampled_from(_LOOKS[piece])) for piece in pieces)


@given(st.data(), _pieces, _pieces, _pieces)
def test_letters_that_look_alike_are_found(
    data: st.DataObject, before: list[str], wanted: list[str], after: list[str]
) -> None:
    """Words are found whatever invisible signs, widths, ligatures, quotation marks, dashes and blanks a text has."""
    text = passages.normalise(_dress(data, before) + "|" + _dress(data, wanted) + "|" + _dress(data, after))
    words = "|" + _dress(data, wanted) + "|"
    piece = passages.find(text, words)
    assert matching.same(piece.text, passages.normalise(words))


@given(st.text('a合 \xad\u200bfi\ufb01“"-,，\n\x07', max_size=12), st.text("a合 \xadfi“,", max_size=4))
def test_every_place_is_in_the_text_as_it_is(text: str, words: str) -> None:
    """Each place, cut from the text, is the words; and no place of the very words is missed, overlapping or not."""
    places = list(matching.places(text, words))
    for start, end in places:
        assert matching.same(text[start:end], words)
    if words.strip() == words and not matching.is_blank(words) and "\xad" not in (words[0], words[-1]):
        starts = [i for i in range(len(text)) if text.startswith(words, i)]
        assert {(i, i + len(words)) for i in starts} <= set(places)


def test_what_means_something_else_is_not_found() -> None:
    """Half a ligature, a power for a digit, another letter or case, a blank in Latin words: all these differ."""
    for text, words in (
        ("ﬁrst", "irst"),
        ("oﬀer", "of"),
        ("10² m", "102"),
        ("for give", "forgive"),
        ("Hong Kong", "hong kong"),
        ("5½", "51"),
        ("香港 HKTDC", "香港HKTDC"),
    ):
        with pytest.raises(UsageError, match="the text has no"):
            passages.find(text, words)


@pytest.mark.parametrize(
    ("text", "words", "starts"),
    [
        ("合作合作合作很好。", "合作合作", (0, 2)),
        ("port to port to port trade.", "port to port", (0, 8)),
        ("aaaa", "aa", (0, 1, 2)),
        ("x\xadx\u200bx", "xx", (0, 2)),
        ("合作 合作\n合作", "合作合作", (0, 3)),
    ],
)
def test_words_that_stand_in_places_that_overlap_are_refused_with_all_of_them(
    text: str, words: str, starts: tuple[int, ...]
) -> None:
    """Each place is told, also where one begins before the other has ended."""
    with pytest.raises(UsageError) as error:
        passages.find(text, words)
    assert ", ".join(f"{at} (paragraph" for at in starts[:1]) in str(error.value)
    assert [f" {at} (paragraph" in str(error.value) for at in starts] == [True] * len(starts)


def test_so_many_places_are_told_that_a_line_can_be_read() -> None:
    """Of many places the first ones are told, and how many more there are."""
    with pytest.raises(UsageError, match=r"stands at 0 .*; give more") as error:
        passages.find("of " * 1000, "of")
    assert "and 980 places more" in str(error.value)
    assert len(str(error.value)) < 1000


@pytest.mark.parametrize(
    "blank", ["\u200b", "\xa0", "\xad", "\ufeff", "\u3000 \u2060", "\x07", "\u200e\u202c", "\ufe0f", "\u3164"]
)
def test_a_line_that_shows_nothing_is_no_paragraph(blank: str) -> None:
    """Only lines that show something are counted, whatever invisible characters others hold."""
    text = f"First line.\n{blank}\n\n{blank}{blank}\nLast line.\n"
    assert passages.find(text, "Last line").paragraph == 2


def test_passages_of_chinese_are_named_by_sentence() -> None:
    """A Chinese paragraph has sentences: the second is named so, and a part of it by its position too."""
    text = "香港说：“好！”辽宁听。沈阳、大连合作。\n"
    named = [passages.as_turtle(text, passages.find(text, words), "s").split()[0] for words in ("辽宁听。", "大连")]
    assert named == ["passage:s-p01-2", "passage:s-p01-3-15"]


def test_passages_that_begin_at_one_place_have_names_of_their_own() -> None:
    """The later one of two that begin together has its end in its name; what is named already keeps its name."""
    text = "First. Hong Kong trades with Jilin and Liaoning.\n"
    short, long = (passages.find(text, words) for words in ("Hong Kong trades", "Hong Kong trades with Jilin"))
    name = passages.name_of(text, short, "s")
    assert name == "s-p01-2-7"
    assert passages.name_of(text, long, "s", {name: (short.start, short.end)}) == "s-p01-2-7-34"
    assert passages.name_of(text, long, "s", {"s-old": (long.start, long.end)}) == "s-old"
    assert passages.name_of(text, short, "s", {name: (short.start, short.end)}) == name


def test_a_quotation_may_leave_out_what_is_not_seen() -> None:
    """A quotation that looks like the passage is one, though a viewer dropped a soft hyphen."""
    piece = passages.find("The “co\xadoperation” holds.", '"cooperation"')
    assert problems("The “co\xadoperation” holds.", passage(piece, quotation='"cooperation"')) == []


@given(texts)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    """A normalised text is NFC with line feeds alone, and stays as it is when normalised again."""
    once = passages.normalise(text)
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)
    assert passages.normalise(once) == once or once.startswith("\ufeff")


def test_positions_are_code_points_and_paragraphs_lines_that_are_not_blank() -> None:
    """An emoji counts as one, and blank lines are no paragraphs."""
    piece = passages.find(TEXT, "🚢 line")
    assert TEXT[piece.start : piece.end] == "🚢 line"
    assert piece.paragraph == 3
    assert passages.find(TEXT, "辽宁听。").paragraph == 2


def test_words_that_stand_nowhere_or_twice_are_told() -> None:
    """Words that are not there, that are there twice, or none at all, are refused with what to do."""
    for words, said in (
        ("nowhere", "the text has no 'nowhere'"),
        ("line", r"'line' stands at 6 \(paragraph 1\), "),
        (" \n", "no words"),
    ):
        with pytest.raises(UsageError, match=said):
            passages.find(TEXT, words)


def test_moved_and_changed_are_told_with_old_and_new_place() -> None:
    """A moved passage is told with both places; a changed one with the nearest text, by quotation where it has one."""
    piece = passages.find(TEXT, "The second one!")
    (moved,) = passages.verify("A new line.\n" + TEXT, {"p": passage(piece)})
    assert (moved.rule, moved.passage) == ("passage-moved", "p")
    assert "no longer stands at 30-45 (paragraph 1) but at 42-57 (paragraph 2)" in moved.message
    edited = TEXT.replace("The second one!", "The sixth one!") + "The second other!\n"
    (changed,) = passages.verify(edited, {"p": passage(piece)})
    assert changed.rule == "passage-changed"
    assert "at 30-45 (paragraph 1) has changed; nearest text is at 30-44 (paragraph 1)" in changed.message
    quoted = passage(passages.find(TEXT, "Last 🚢 line"), quotation="Last 🚢 line")
    (changed,) = passages.verify("Last 🚢 lime\n" + TEXT.replace("Last 🚢 line", "Gone"), {"p": quoted})
    assert "nearest text is at 0-11 (paragraph 1)" in changed.message


def test_a_wrong_paragraph_is_told() -> None:
    """A passage that stands where it says, in another paragraph than it says, is reported as that."""
    piece = passages.find(TEXT, "Third:")
    assert problems(TEXT, passage(piece, paragraph=1)) == ["passage-paragraph"]


@pytest.mark.parametrize(("start", "end"), [(-5, -1), (10, 5), (0, 10**9), (10**9, 10**9 + 5), (0, 0)])
def test_senseless_bounds_are_a_problem_and_no_error(start: int, end: int) -> None:
    """Bounds that are negative, turned round, or beyond the text are reported like any other change."""
    assert problems(TEXT, Passage("p", "s", 1, start, end, "0" * 64)) == ["passage-changed"]
    assert problems("", Passage("p", "s", 1, start, end, "0" * 64)) == ["passage-changed"]


def test_a_quotation_that_is_not_the_passage_is_told() -> None:
    """A quotation that says something else than the passage says is reported, though the passage stands."""
    piece = passages.find(TEXT, "The second one!")
    assert problems(TEXT, passage(piece, quotation="The second one!")) == []
    assert problems(TEXT, passage(piece, quotation="The other one!")) == ["passage-quotation"]


def test_source_texts_are_read_normalised_or_refused(tmp_path: Path) -> None:
    """A text with a byte order mark, CRLF and decomposed letters is normalised; one that is not UTF-8 is refused."""
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbfe\xcc\x81\r\nb\r")
    assert passages.read(path) == "é\nb\n"
    path.write_bytes("香港".encode("gb18030"))
    with pytest.raises(DataError, match=r"text\.txt: is not UTF-8 at byte 0"):
        passages.read(path)
    with pytest.raises(DataError, match="is a folder, not a file"):
        passages.read(tmp_path)


def test_what_an_edit_moved_is_found_however_much_it_is() -> None:
    """One letter at the beginning, and text put in here and there, move thousands of passages; each is found again."""
    lines = [f"Line {number} says something of its own, number {number * 7}." for number in range(3_000)]
    text = "\n".join(lines)
    listed = {
        f"p{number:04}": passages.Cited(*bounds(passages.cut(text, at, at + len(line))))
        for number, (line, at) in enumerate(zip(lines, starts(lines), strict=True))
    }
    assert list(passages.verify(text, listed)) == []
    pieces = [text[at : at + 10_000] for at in range(0, len(text), 10_000)]
    for edited in ("x" + text, "put in ".join(pieces)):
        found = {problem.passage: problem for problem in passages.verify(edited, listed)}
        for line, (iri, passage) in zip(lines, listed.items(), strict=True):
            at = edited.find(line)
            if at == passage.start:
                assert iri not in found
            else:
                assert found[iri].rule == ("passage-changed" if at < 0 else "passage-moved")
                assert at < 0 or f" but at {at}-{at + len(line)} " in found[iri].message


def bounds(piece: passages.Cut) -> tuple[int, int, int, str]:
    return piece.start, piece.end, piece.paragraph, piece.sha256


def starts(lines: list[str]) -> list[int]:
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found


def test_the_search_for_lost_passages_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many passages are lost, no more is read than the effort allows, and each is reported all the same."""
    read = []
    digest = passages.digest
    monkeypatch.setattr(passages, "_EFFORT", 1_000_000)
    monkeypatch.setattr(passages, "digest", lambda piece: read.append(len(piece)) or digest(piece))
    text = "Nothing here is, as it was. " * 4_000
    listed = {f"p{at}": passages.Cited(at, at + 30, 1, "0" * 64, "Once it was so.") for at in range(0, 100_000, 50)}
    assert [problem.rule for problem in passages.verify(text, listed)] == ["passage-changed"] * len(listed)
    assert sum(read) < 1_000_000
    assert len(read) < 3 * len(listed) + 1_000_000 // 300


@given(st.lists(st.sampled_from(["a", " ", "\n", "\t", "\u3000", "\x0b", "香"]), max_size=30).map("".join))
def test_paragraphs_are_the_lines_that_have_letters(text: str) -> None:
    """The number of a paragraph is that of the lines with anything but white space up to there."""
    for position in range(len(text)):
        before = text[: text.find("\n", position) if "\n" in text[position:] else len(text)]
        lines = [line for line in before.split("\n") if line.strip()]
        assert passages.paragraph_at(text, position) == max(len(lines), 1)
