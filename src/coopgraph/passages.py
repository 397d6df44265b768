"""Passages against the texts of their sources: find, cut and verify them.

Positions are code points in the normalised text: Unicode NFC, line feeds as line ends, no byte order mark.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import UsageError, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coopgraph.model import Passage

_SENTENCE = re.compile(r"\S[^\n]*?(?:[.!?。！？](?=\s|$)|(?=\n)|$)")


_CLAUSE = re.compile(r"""[.!?,;:…、，。！？；：“”"()（）]+\s*|\s*\n\s*""")
"""What parts clauses: a passage begins after it."""
_CLOSE = 500
"""Code points around its old place in which a passage is looked for at every position."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch of a text: its bounds in code points, its paragraph (from 1), its text and its SHA-256."""

    start: int
    end: int
    paragraph: int
    text: str
    sha256: str


def normalise(text: str) -> str:
    r"""Return a text as passages count it.

    >>> normalise("e\u0301\r\nb")
    'é\nb'
    """
    return unicodedata.normalize("NFC", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))


def digest(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, in hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()


def read(path: Path) -> str:
    """Return the normalised text of a source file. Raises `DataError` where it is unreadable or not UTF-8."""
    return normalise(files.read_text(path))


def cut(text: str, start: int, end: int) -> Cut:
    r"""Return a stretch of a normalised text.

    >>> cut("One.\n\nTwo and three.", 6, 9).paragraph
    2
    """
    piece = text[start:end]
    return Cut(start, end, paragraph_at(text, start), piece, digest(piece))


def paragraph_at(text: str, position: int) -> int:
    """Return the number of the paragraph, from 1, that a position lies in: lines that are not blank are counted."""
    return max(bisect_right(_paragraph_starts(text), position), 1)


@lru_cache(maxsize=1)
def _paragraph_starts(text: str) -> tuple[int, ...]:
    """Return where the lines that are not blank begin; kept for one text, whose passages come one after another."""
    return tuple(match.start() for match in re.finditer(r"[^\n]*\S[^\n]*", text))


def find(text: str, words: str) -> Cut:
    """Return where words stand in a normalised text, with any white space and either kind of quotation marks.

    Raises `UsageError` where they stand nowhere or in more than one place.
    """
    found = [cut(text, match.start(), match.end()) for match in _pattern(words).finditer(text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(f"the text has no {short(words, 60)!r}; copy the words from the text")
    places = ", ".join(f"{piece.start} (paragraph {piece.paragraph})" for piece in found)
    raise UsageError(f"{short(words, 60)!r} stands at {places}; give more words so that one place is left")


def _pattern(words: str) -> re.Pattern[str]:
    """Return a pattern for words in which white space and the shape of quotation marks do not matter."""
    escaped = [re.escape(word) for word in normalise(words).split()]
    if not escaped:
        raise UsageError("there are no words to find; give some")
    loose = (re.sub(r"['’‘]", "['’‘]", re.sub(r"[\"“”]", '["“”]', word)) for word in escaped)
    return re.compile(r"\s+".join(loose))


def as_turtle(text: str, piece: Cut, source: str) -> str:
    """Return a passage of a source (by slug) as Turtle, the gist left empty.

    It is named by paragraph and sentence, and a part of a sentence by its position too, so that two parts differ.
    """
    line_start = text.rfind("\n", 0, piece.start) + 1
    sentences = [match.span() for match in _SENTENCE.finditer(text, line_start)]
    before = sum(end <= piece.start for _, end in sentences)
    part = "" if (piece.start, piece.end) in sentences else f"-{piece.start}"
    name = f"{source}-p{piece.paragraph:02}-{before + 1}{part}"
    return (
        f"passage:{name} a coop:Passage ;\n"
        '    coop:gist ""@en ;\n'
        f"    coop:paragraph {piece.paragraph} ;\n"
        f'    coop:textSha256 "{piece.sha256}" ;\n'
        f"    oa:end {piece.end} ;\n"
        f"    oa:hasSource source:{source} ;\n"
        f"    oa:start {piece.start} .\n"
    )


def source_as_turtle(text: str, name: str, source: str) -> str:
    """Return a source (by slug) as Turtle, with the name of its text file; date and title are left to be written."""
    return (
        f"source:{source} a coop:Source ;\n"
        '    coop:issuedPrecision "year" ;\n'
        f"    coop:textFile {json.dumps(name, ensure_ascii=False)} ;\n"
        f'    coop:textSha256 "{digest(text)}" ;\n'
        '    dcterms:issued "YYYY-01-01"^^xsd:date ;\n'
        '    dcterms:title ""@en .\n'
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a passage, by `rule` and in words.

    Rules are `passage-moved`, `passage-changed`, `passage-paragraph` and `passage-quotation`.
    """

    passage: str
    rule: str
    message: str


def verify(text: str, listed: Mapping[str, Passage]) -> Iterator[Problem]:
    """Yield what is wrong with the passages (by IRI) of one source, whose normalised text this is.

    A passage whose words still stand, elsewhere, is reported as moved with old and new place; else it has changed, and
    the nearest text that is like it (known where the passage is quoted) is named.
    """
    for iri, passage in listed.items():
        if passage.start is None or passage.end is None or passage.sha256 is None:
            continue  # the shapes report what is missing
        piece = cut(text, passage.start, passage.end)
        if piece.sha256 != passage.sha256 or passage.end > len(text):
            yield _lost(text, iri, passage)
        elif passage.paragraph != piece.paragraph:
            told = (
                f"says paragraph {passage.paragraph}, but stands in paragraph {piece.paragraph}; correct coop:paragraph"
            )
            yield Problem(iri, "passage-paragraph", told)
        elif passage.quotation is not None and normalise(passage.quotation) != piece.text:
            yield Problem(iri, "passage-quotation", "has a quotation that is not what stands there; correct oa:exact")


def _lost(text: str, iri: str, passage: Passage) -> Problem:
    """Say where the words of a passage stand now, found by their checksum, which needs no quotation."""
    start, end = passage.start or 0, passage.end or 0
    old = f"{start}-{end} (paragraph {passage.paragraph})"
    moved = _same(text, end - start, passage.sha256 or "", start)
    if moved is not None:
        piece = cut(text, moved, moved + end - start)
        new = f"{piece.start}-{piece.end} (paragraph {piece.paragraph})"
        return Problem(
            iri, "passage-moved", f"no longer stands at {old} but at {new}; correct oa:start, oa:end, coop:paragraph"
        )
    near = _nearest(text, start, end, passage.quotation)
    place = f"{near.start}-{near.end} (paragraph {near.paragraph})"
    return Problem(
        iri,
        "passage-changed",
        f"the text at {old} has changed; nearest text is at {place}: read it and cut the passage anew",
    )


def _same(text: str, length: int, wanted: str, around: int) -> int | None:
    """Return the start nearest to `around` of a stretch with that length and checksum.

    Looked for at the beginnings of clauses anywhere, and at every position near the old one: to try every position of a
    long text for every passage would take minutes.
    """
    last = len(text) - length
    clauses = {match.end() for match in _CLAUSE.finditer(text)} | {0}
    close = range(max(around - _CLOSE, 0), around + _CLOSE)
    starts: list[int] = sorted({*clauses, *close}, key=lambda position: (abs(position - around), position))
    for start in starts:
        if length > 0 and start <= last and digest(text[start : start + length]) == wanted:
            return start
    return None


def _nearest(text: str, start: int, end: int, quotation: str | None) -> Cut:
    """Return the sentence most like the quotation, or without one, nearest to where the passage stood."""
    spans = [match.span() for match in _SENTENCE.finditer(text)] or [(0, len(text))]
    if quotation:
        matcher = SequenceMatcher(b=normalise(quotation), autojunk=False)

        def likeness(span: tuple[int, int]) -> float:
            matcher.set_seq1(text[slice(*span)])
            return matcher.ratio()

        return cut(text, *max(spans, key=likeness))
    middle = (start + end) // 2
    return cut(text, *min(spans, key=lambda span: (max(span[0] - middle, middle - span[1], 0), span)))
