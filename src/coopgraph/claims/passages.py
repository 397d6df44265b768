"""Passages against the texts of their sources: find, cut and verify them.

Positions are code points in the normalised text: Unicode NFC, line feeds as line ends, no byte order mark.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph import files
from coopgraph.claims import matching
from coopgraph.claims.sentences import sentences
from coopgraph.errors import UsageError, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from coopgraph.claims.model import Passage

Bounds: TypeAlias = tuple[int, int]
"""Where a passage begins and ends."""
_CLAUSE = re.compile(r"""[.!?,;:…、，。！？；：“”"()（）]+\s*|\s*\n\s*""")
"""What parts clauses: a passage begins after it."""
_PLACES_SHOWN = 20
_CLOSE = 500
"""Code points around its old place in which a passage is looked for at every position."""
_EFFORT = 500_000_000
"""Code points read for all lost passages of one text together; each may take a part of what is left."""
_PART = 32
_TRIAL = 300
"""Code points that a trial costs beside those it reads."""


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
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


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
    """Return the number of the paragraph, from 1, that a position lies in: lines that show something are counted."""
    return max(bisect_right(_paragraph_starts(text), position), 1)


@lru_cache(maxsize=1)
def _paragraph_starts(text: str) -> array[int]:
    """Return where paragraphs begin; kept for one text, whose passages come one after another."""
    return array("q", [match.start() for match in matching.VISIBLE_LINE.finditer(text)])


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield the bounds of the paragraphs of a normalised text: its lines that show something.

    >>> list(paragraphs("One.\n\u200b\nTwo."))
    [(0, 4), (7, 11)]
    """
    return (match.span() for match in matching.VISIBLE_LINE.finditer(text))


def find(text: str, words: str) -> Cut:
    """Return where words stand in a normalised text, compared as `matching` does.

    Raises `UsageError` where they stand nowhere or in more than one place.
    """
    if matching.is_blank(words):
        raise UsageError("there are no words to find; give some")
    cuts = [cut(text, start, end) for start, end in matching.places(text, normalise(words))]
    if len(cuts) == 1:
        return cuts[0]
    if not cuts:
        raise UsageError(f"the text has no {short(words, 60)!r}; copy the words from the text")
    places = ", ".join(f"{piece.start} (paragraph {piece.paragraph})" for piece in cuts[:_PLACES_SHOWN])
    more = f" and {len(cuts) - _PLACES_SHOWN} places more" if len(cuts) > _PLACES_SHOWN else ""
    raise UsageError(f"{short(words, 60)!r} stands at {places}{more}; give more words so that one place is left")


def as_turtle(text: str, piece: Cut, source: str, named: Mapping[str, Bounds] = MappingProxyType({})) -> str:
    """Return a passage of a source (by slug) as Turtle, the gist left empty; some passages are `named` already."""
    return (
        f"passage:{name_of(text, piece, source, named)} a coop:Passage ;\n"
        '    coop:gist ""@en ;\n'
        f"    coop:paragraph {piece.paragraph} ;\n"
        f'    coop:textSha256 "{piece.sha256}" ;\n'
        f"    oa:end {piece.end} ;\n"
        f"    oa:hasSource source:{source} ;\n"
        f"    oa:start {piece.start} .\n"
    )


def name_of(text: str, piece: Cut, source: str, named: Mapping[str, Bounds] = MappingProxyType({})) -> str:
    """Return the slug of a passage: paragraph and sentence, of a part of a sentence its position too.

    A passage that is `named` already keeps its name; where another one has it, which begins at the same place, the end
    stands behind it.
    """
    bounds = piece.start, piece.end
    for name, others in named.items():
        if others == bounds:
            return name
    line_start = text.rfind("\n", 0, piece.start) + 1
    line_end = text.find("\n", piece.end)
    spans = list(sentences(text, line_start, line_end if line_end >= 0 else len(text)))
    before = sum(end <= piece.start for _, end in spans)
    part = "" if bounds in spans else f"-{piece.start}"
    name = f"{source}-p{piece.paragraph:02}-{before + 1}{part}"
    return f"{name}-{piece.end}" if name in named else name


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


class Cited(NamedTuple):
    """What a graph says of a passage: its bounds, paragraph and checksum, and its words where it is quoted."""

    start: int | None
    end: int | None
    paragraph: int | None
    sha256: str | None
    quotation: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a passage, by `rule` and in words.

    Rules are `passage-moved`, `passage-changed`, `passage-paragraph` and `passage-quotation`.
    """

    passage: str
    rule: str
    message: str


def verify(text: str, listed: Mapping[str, Cited | Passage]) -> Iterator[Problem]:
    """Yield what is wrong with the passages (by IRI) of one source, whose normalised text this is.

    A passage whose words still stand, elsewhere, is reported as moved with old and new place; else it has changed, and
    the nearest text that is like it (known where the passage is quoted) is named.
    """
    starts, length, hashed = _paragraph_starts(text), len(text), sha256
    lost: list[tuple[int, int, str]] = []
    for iri, passage in listed.items():
        start, end, wanted = passage.start, passage.end, passage.sha256
        if start is None or end is None or wanted is None:
            continue  # the shapes report what is missing
        piece = text[start:end]
        if end > length or hashed(piece.encode()).hexdigest() != wanted:
            lost.append((start, end, iri))
        elif passage.paragraph != (paragraph := bisect_right(starts, start) or 1):
            message = f"says paragraph {passage.paragraph}, but stands in paragraph {paragraph}; correct coop:paragraph"
            yield Problem(iri, "passage-paragraph", message)
        elif passage.quotation is not None and not matching.same(normalise(passage.quotation), piece):
            yield Problem(iri, "passage-quotation", "has a quotation that is not what stands there; correct oa:exact")
    if lost:
        search = _Search(text)
        yield from (search.problem(iri, listed[iri], start, end) for start, end, iri in sorted(lost))


class _Search:
    """Looks for lost passages of one text, given in the order of their old places, with an effort that is bounded.

    What one edit moved, it moved by the same distance; so each is looked for first where the last one was found to have
    gone. However many are lost in however long a text, the search ends: see `_EFFORT`.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._shift = 0
        self._left = _EFFORT

    def problem(self, iri: str, passage: Cited | Passage, start: int, end: int) -> Problem:
        """Say where the words of a passage stand now, found by their checksum, which needs no quotation."""
        old = f"{start}-{end} (paragraph {passage.paragraph})"
        moved = self._same(start, end - start, passage.sha256 or "")
        if moved is not None:
            self._shift = moved - start
            new = self._place(moved, moved + end - start)
            message = f"no longer stands at {old} but at {new}; correct oa:start, oa:end, coop:paragraph"
            return Problem(iri, "passage-moved", message)
        near = self._place(*self._nearest((start + end) // 2, passage.quotation))
        message = f"the text at {old} has changed; nearest text is at {near}: read it and cut the passage anew"
        return Problem(iri, "passage-changed", message)

    def _same(self, start: int, length: int, wanted: str) -> int | None:
        """Return the start of a stretch with that length and checksum, the nearest to where it is expected.

        Looked for at every position near where it is expected and near its old place, and at the beginnings of clauses
        anywhere: to try every position of a long text would take minutes.
        """
        last = len(self._text) - length
        if length <= 0:
            return None
        trials = max(self._left, 0) // _PART // (_TRIAL + length) + 1
        tried = 0
        for position in self._starts(start):
            if 0 <= position <= last:
                if digest(self._text[position : position + length]) == wanted:
                    return position
                tried += 1
                if tried == trials:
                    break
        self._left -= tried * (_TRIAL + length)
        return None

    def _starts(self, start: int) -> Iterator[int]:
        """Yield the positions to try: expected ones first, then clauses, from near to far."""
        expected = start + self._shift
        for middle in dict.fromkeys((expected, start)):
            for distance in range(_CLOSE):
                yield from (middle - distance, middle + distance) if distance else (middle,)
        clauses = _clauses(self._text)
        after = bisect_left(clauses, expected)
        before = after - 1
        while before >= 0 or after < len(clauses):
            if after == len(clauses) or (before >= 0 and expected - clauses[before] <= clauses[after] - expected):
                yield clauses[before]
                before -= 1
            else:
                yield clauses[after]
                after += 1

    def _nearest(self, middle: int, quotation: str | None) -> tuple[int, int]:
        """Return the sentence most like the quotation, or without one, nearest to where the passage stood."""
        starts, ends = _sentences(self._text)
        first = max(bisect_right(starts, middle) - 1, 0)
        around = [(starts[i], ends[i]) for i in range(first, min(first + 2, len(starts)))] or [(0, len(self._text))]
        nearest = min(around, key=lambda span: (max(span[0] - middle, middle - span[1], 0), span))
        liked = self._most_like(normalise(quotation), zip(starts, ends, strict=True)) if quotation else None
        return liked or nearest

    def _most_like(self, quotation: str, spans: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
        """Return the span most like a quotation, the first of several, as far as the effort goes."""
        matcher = SequenceMatcher(b=quotation, autojunk=False)
        best, most, allowed = None, -1.0, self._left // _PART
        for start, end in spans:
            if allowed < 0:
                break
            matcher.set_seq1(self._text[start:end])
            cost = _TRIAL + end - start
            if matcher.real_quick_ratio() > most and matcher.quick_ratio() > most:
                cost *= 100
                if (ratio := matcher.ratio()) > most:
                    best, most = (start, end), ratio
            allowed -= cost
            self._left -= cost
        return best

    def _place(self, start: int, end: int) -> str:
        return f"{start}-{end} (paragraph {paragraph_at(self._text, start)})"


@lru_cache(maxsize=1)
def _clauses(text: str) -> array[int]:
    """Return where clauses begin."""
    starts = array("q", [0])
    starts.extend(match.end() for match in _CLAUSE.finditer(text))
    return starts


@lru_cache(maxsize=1)
def _sentences(text: str) -> tuple[array[int], array[int]]:
    """Return where sentences begin and where they end."""
    starts, ends = array("q"), array("q")
    for start, end in sentences(text):
        starts.append(start)
        ends.append(end)
    return starts, ends
