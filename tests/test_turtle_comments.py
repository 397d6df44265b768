"""Formatting Turtle loses nothing: comments stay with what they are about, and prefixes of a file's own stay in use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from conftest import Run
from coopgraph.errors import DataError
from coopgraph.export import turtle
from coopgraph.rdf import vocab

PREFIXES = vocab.prefixes("https://example.org/id/")


def formatted(folder: Path, text: str, prefixes: dict[str, str] | None = None) -> str:
    """Return Turtle text as it is formatted."""
    path = folder / "f.ttl"
    path.write_text(text, "utf-8", newline="")
    return turtle.formatted(path, PREFIXES if prefixes is None else prefixes, "f.ttl")


def meaning(text: str) -> Dataset:
    """Return what Turtle text says, blank nodes named by RDFC-1.0."""
    found = Dataset(parse(text, format=RdfFormat.TURTLE))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


E = "@prefix e: <http://e/> .\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('e:s e:p """a\\"""" . # keep: "Ann"', '# keep: "Ann"\ne:s e:p "a\\"" .\n'),
        ("e:O\\'Brien e:p 'x' . # don't lose\n", "# don't lose\n<http://e/O'Brien> e:p \"x\" .\n"),
        ("e:s e:p '''it\\'s ''quoted'' \\''''  . # kept", "# kept\ne:s e:p \"it's ''quoted'' '\" .\n"),
        ('e:s e:p """he said \\""" # no comment""" .', 'e:s e:p "he said \\"\\"\\" # no comment" .\n'),
        ("e:C\\#guild e:p e:o .", "<http://e/C#guild> e:p e:o .\n"),
        ("e:a e:p <http://x/a#b>, '#', \"#\\\\\" .#c", '#c\ne:a e:p "#", "#\\\\", <http://x/a#b> .\n'),
        ("e:a e:p e:b#end of a name\n.", "#end of a name\ne:a e:p e:b .\n"),
        ("e:b e:p 1 . # one\n# two\ne:a e:p 2 .", "# two\ne:a e:p 2 .\n\n# one\ne:b e:p 1 .\n"),
        ("e:a\n  # q\n  e:q 1 ; # p\n  e:p 2 # two\n .", "# two\ne:a e:p 2 ;\n    # q\n    # p\n    e:q 1 .\n"),
        ("e:a e:q 1 ;\n # after\n e:r 2 ; e:p 3 .", "e:a e:p 3 ;\n    e:q 1 ;\n    # after\n    e:r 2 .\n"),
        ("e:a e:p [ e:q 1 # in\n ] .", "_:c14n0 e:q 1 .\n\n# in\ne:a e:p _:c14n0 .\n"),
        ("e:a e:p 1 .\n# foot\n\n# foot too", "e:a e:p 1 .\n\n# foot\n# foot too\n"),
        ("e:a e:p 1 .\nPREFIX f: <http://f/> # late\ne:b f:p 2 .", None),
        ("e:a e:p ( 1 # first\n 2 ), e:b ; # last\n .", None),
    ],
)  # fmt: skip
def test_comments_stay_with_what_they_are_about(tmp_path: Path, text: str, wanted: str | None) -> None:
    """What follows something in its line belongs to that, all else to what comes next; hashes elsewhere are none."""
    found = formatted(tmp_path, E + text)
    if wanted is not None:
        assert found.removeprefix(E + "\n") == wanted
    assert formatted(tmp_path, found) == found
    assert meaning(found) == meaning(E + text)


def test_the_head_of_a_file_stays_its_head(tmp_path: Path) -> None:
    """Comments before and among the prefixes stand above them."""
    text = "# A title\n# and a licence\n@prefix e: <http://e/> . # mine\n\n# of b\ne:b e:p 1 .\ne:a e:p 2 .\n"
    text = text.replace("\n", "\r\n")
    found = formatted(tmp_path, text)
    assert found == f"# A title\n# and a licence\n# mine\n{E}\ne:a e:p 2 .\n\n# of b\ne:b e:p 1 .\n"
    assert formatted(tmp_path, found) == found


def test_a_head_before_a_subject_without_a_name_stays_the_head(tmp_path: Path) -> None:
    """Where the first subject of a file has no name, what stands before it is the head of the file."""
    for text in ("# head\n_:x <http://x/p> 1 .", f"{E}# head\n[ e:p 1 ] .\ne:a e:p 2 ."):
        found = formatted(tmp_path, text)
        assert found.startswith("# head\n")
        assert formatted(tmp_path, found) == found


def test_a_comment_without_a_place_is_refused_and_the_file_stays(tmp_path: Path, run: Run) -> None:
    """Beside a subject without a name, whose block has no place of its own, a comment is told with its place."""
    path = tmp_path / "f.ttl"
    text = f"{E}\n[] e:p 1 . # whose?\n"
    path.write_text(text)
    done = run("format", str(path))
    assert done.code == 3
    assert re.search(r"f\.ttl:3:12: has a comment beside a subject without a name", done.error)
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("@prefix ex: <http://ex.org/> .\nex:s ex:p ex:o .", "@prefix ex: <http://ex.org/> .\n\nex:s ex:p ex:o .\n"),
        ("PREFIX : <http://ex.org/#>\n:s :p :o .", "@prefix : <http://ex.org/#> .\n\n:s :p :o .\n"),
        ("@prefix x_: <http://ex.org/a_> . x_:1 x_:p x_:o .", "@prefix x_: <http://ex.org/a_> .\n\nx_:1 x_:p x_:o .\n"),
        ("@prefix u: <urn:x:> . u:s u:p u:o .", "@prefix u: <urn:x:> .\n\nu:s u:p u:o .\n"),
        (
            "@prefix k: <http://www.w3.org/2004/02/skos/core#> . @prefix n: <http://n/> . k:a k:b k:c .",
            "@prefix k: <http://www.w3.org/2004/02/skos/core#> .\n\nk:a k:b k:c .\n",
        ),
        (
            "@prefix skos: <http://mine/> . <http://www.w3.org/2004/02/skos/core#note> skos:p skos:o .",
            "@prefix skos: <http://mine/> .\n\n<http://www.w3.org/2004/02/skos/core#note> skos:p skos:o .\n",
        ),
        (
            "@prefix e: <http://e/> . e:a e:a e:a . @prefix e: <http://f/> . e:b e:b e:b .",
            "@prefix e: <http://f/> .\n\n<http://e/a> <http://e/a> <http://e/a> .\n\ne:b e:b e:b .\n",
        ),
    ],
)
def test_prefixes_of_the_file_are_kept(tmp_path: Path, text: str, wanted: str) -> None:
    """A file's own prefixes come before those of the table, whatever their namespaces end with; unused ones go."""
    assert formatted(tmp_path, text) == wanted
    assert formatted(tmp_path, wanted) == wanted


_NOTES = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=8).map("#{}".format)
_GAPS = st.one_of(
    st.just(" "), st.just("\n"), st.just(" \t\r\n "), _NOTES.map(" {}\n".format), _NOTES.map("\n  {}\n".format)
)
_NAMES = ["e:a", "e:b.c", "<http://x/#y>", "e:x\\#y", "e:O\\'B", "<http://x/'>", "skos:note", "e:%23", "e:a\\~b"]
_VALUES = [
    '"# \\" #"', "'#\\''", '"""#\n"" # \\""""', "'''#\n'' # '''", '"#"@en-x-yy', '"#"^^e:t', "1.5",
    "+7", "1.e5", "true", "[ e:p 1 ; e:q ( 2 3 ) ]", "()", "_:n.1", *_NAMES,
]  # fmt: skip
_WORDS = re.compile(r"""\"{3}.*?(?<!\\)\"{3}|'{3}.*?'{3}|"(?:[^"\\]|\\.)*"[^ ]*|'(?:[^'\\]|\\.)*'|\S+""", re.DOTALL)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Return Turtle text, put together from tokens with comments between them, and those comments."""
    words = ["@prefix", "e:", "<http://e/>", ".", "PREFIX", ":", "<http://e/c#>", "PREFIX", "skos:", "<http://k/>"]
    for _ in range(draw(st.integers(1, 4))):
        words.append(draw(st.sampled_from(_NAMES)))
        for number in range(draw(st.integers(1, 3))):
            words += [";"] if number else []
            words.append(draw(st.sampled_from(["a", *_NAMES])))
            for place in range(draw(st.integers(1, 2))):
                words += [","] if place else []
                words += _WORDS.findall(draw(st.sampled_from(_VALUES)))
        words += draw(st.sampled_from([["."], [";", "."]]))
    text, notes = draw(st.sampled_from(["", "#head\n"])), []
    notes += ["#head"] if text else []
    for word in words:
        gap = draw(_GAPS)
        text += word + gap
        notes += [gap.strip("\n ")] if "#" in gap else []
    return text, [note.rstrip() for note in notes]


@given(documents())
def test_formatting_any_file_loses_nothing(tmp_path: Path, given_: tuple[str, list[str]]) -> None:
    """What is formatted says the same with the same comments, and formatting it again changes nothing."""
    text, notes = given_
    found = formatted(tmp_path, text, {"skos": "http://www.w3.org/2004/02/skos/core#"})
    assert meaning(found) == meaning(text)
    # what is no comment has no hash of its own, so that these can be counted
    lines = [line.strip() for line in found.split("\n") if line.lstrip().startswith("#")]
    assert sorted(lines) == sorted(note.strip() for note in notes)
    assert formatted(tmp_path, found, {}) == found


def test_what_formatting_would_lose_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a comment not come out again, whatever the cause, the file is refused."""
    monkeypatch.setattr(turtle.turtle_comments, "read", lambda text, name: turtle.Comments())
    with pytest.raises(DataError, match=r"^f\.ttl:1:1: has comments that formatting would lose"):
        formatted(tmp_path, "<http://x/a> <http://x/b> 1 . # c")
