"""From the characters of a page, each with its place, to paragraphs in reading order.

1. Characters side by side make pieces of lines. 2. Headers, footers and page numbers go. 3. Where a gutter parts a
page, the left column comes first. 4. Lines that follow one another as a paragraph's do are joined, over pages too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims.matching import WIDE
from coopgraph.reading.content import Block
from coopgraph.reading.joining import FALSE_BLANK, GUESSED, HYPHEN, joined, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_IS_WIDE = re.compile(f"[{WIDE}]")
_FIRST_WORD = re.compile(rf"[{WIDE}][,.;:!?”’)，。！？；：、」』）》]*|\S+\s?")
"""What would have to fit into the line before: a Chinese character takes the marks with it that begin no line."""
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|第)?\s*\d{1,4}\s*(?:(?:/|of|共|頁|页)\s*\d{0,4}\s*(?:頁|页)?)?\W*", re.IGNORECASE
)
_BULLET = re.compile(r"\s*(?:[•·●▪◦‣–—*]|\(?[0-9a-z]{1,2}[.)]|[（(][一二三四五六七八九十]+[）)])\s")
_CLOSED = re.compile(r"[.!?。！？:：;；…]['\"’”」』）)\]]*$")
_MARGIN = 0.12
"""Share of a page's height at either end in which headers and footers stand."""
_LARGER = 1.12
"""How many times larger than the text a heading is."""


class Character(NamedTuple):
    """A character, where it begins and ends, the base of its line and its size, in points from the lower left.

    What is no sign on the page, such as a blank that the reader guessed, has size 0.
    """

    letter: str
    left: float
    right: float
    base: float
    size: float


class Page(NamedTuple):
    """A page: its number from 1, its size in points, and its characters in the order in which they are drawn."""

    number: int
    width: float
    height: float
    characters: list[Character]


class Line(NamedTuple):
    """A line of text in a column of a page, or a piece of one; `edges` are those of its column."""

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    column: int = 0
    edges: tuple[float, float] = (0, 0)


def blocks(pages: Iterable[Page]) -> list[Block]:
    """Return the paragraphs of pages in reading order; the characters of one page are held at a time."""
    heights, pieces = {}, []
    for page in pages:
        heights[page.number] = page.height
        pieces.append(list(_pieces(page)))
    size = _usual_size([piece for several in pieces for piece in several])
    running = _running(pieces, heights)
    lines = [
        line
        for several in pieces
        for line in _in_columns([each for each in several if not _is_running(each, running, heights[each.page], size)])
    ]
    if not lines:
        return []
    measure = _Measure(lines, size)
    words = words_of(" ".join(line.text for line in lines))
    return [measure.block(paragraph, words) for paragraph in measure.paragraphs(lines)]


def _usual_size(lines: list[Line]) -> float:
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=1)


def _pieces(page: Page) -> Iterator[Line]:
    """Yield the pieces of lines of a page, as they are drawn."""
    piece: list[Character] = []
    for character in page.characters:
        if character.letter == "\n" or (piece and _breaks(piece, character)):
            yield from _line(piece, page.number)
            piece = []
        if character.letter != "\n":
            piece.append(character)
    yield from _line(piece, page.number)


def _breaks(piece: list[Character], after: Character) -> bool:
    """Say whether a character stands elsewhere than behind a piece of a line."""
    last = next((each for each in reversed(piece) if each.size), None)
    if last is None or not after.size:
        return False
    size = max(last.size, after.size, 1)
    return (
        abs(last.base - after.base) > 0.5 * size or after.left - last.right > 2 * size or after.right < last.left - size
    )


def _line(piece: list[Character], page: int) -> Iterator[Line]:
    placed = [each for each in piece if each.size and not each.letter.isspace()]
    if placed:
        letters = (GUESSED if each.letter == " " and not each.size else each.letter for each in piece)
        text = FALSE_BLANK.sub("", "".join(letters)).replace(GUESSED, " ")
        left, right = min(each.left for each in placed), max(each.right for each in placed)
        # a comma hangs below and a dash above the line: the middle of what all have in common
        yield Line(text, page, left, right, median(each.base for each in placed), median(each.size for each in placed))


def _in_columns(pieces: list[Line]) -> list[Line]:
    """Return the lines of a page in reading order, each with the edges of its column."""
    gutter = _gutter(pieces)
    lines = list(_whole_lines(pieces, gutter))
    if gutter is None:
        return _with_edges(lines, 0)
    ordered: list[Line] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: -line.base):
        if line.left < gutter < line.right:
            ordered += [*_columns(band, gutter), *_with_edges([line], 0)]
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, gutter)


def _whole_lines(pieces: list[Line], gutter: float | None) -> Iterator[Line]:
    """Join pieces that are drawn one after another at one height, on one side of a gutter: a line with wide gaps."""
    line: Line | None = None
    for piece in pieces:
        if line is not None and _goes_on(line, piece, gutter):
            line = line._replace(text=f"{line.text.rstrip()} {piece.text}", right=piece.right)
            continue
        if line is not None:
            yield line
        line = piece
    if line is not None:
        yield line


def _goes_on(line: Line, piece: Line, gutter: float | None) -> bool:
    parted = gutter is not None and line.right <= gutter <= piece.left
    return abs(piece.base - line.base) < 0.3 * line.size and piece.left >= line.right and not parted


def _gutter(lines: list[Line]) -> float | None:
    """Return where a page is parted into two columns, if it is: lines stand on both sides over much of its height."""
    if len(lines) < 8:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    narrow = [line for line in lines if line.right - line.left < 0.6 * (right - left)]
    for at in sorted({line.left for line in narrow if 0.3 < (line.left - left) / max(right - left, 1) < 0.7}):
        one, other = [line for line in narrow if line.right < at], [line for line in narrow if line.left >= at - 1]
        wide = len(lines) - len(one) - len(other)
        if min(len(one), len(other)) >= 4 and wide <= 0.2 * len(lines) and _overlap(one, other) > 0.5:
            return (max(line.right for line in one) + at) / 2
    return None


def _overlap(one: list[Line], other: list[Line]) -> float:
    """Return the share of the lower column's height that both have."""
    spans = [(min(line.base for line in side), max(line.base for line in side)) for side in (one, other)]
    common = min(top for _, top in spans) - max(low for low, _ in spans)
    return common / max(min(top - low for low, top in spans), 1)


def _columns(band: list[Line], gutter: float) -> list[Line]:
    sides = ([line for line in band if line.right <= gutter], [line for line in band if line.right > gutter])
    return [line for number, side in enumerate(sides, 1) for line in _with_edges(side, number)]


def _with_edges(lines: list[Line], column: int) -> list[Line]:
    if not lines:
        return []
    edges = min(line.left for line in lines), max(line.right for line in lines)
    return [line._replace(column=column, edges=edges) for line in lines]


def _running(pages: list[list[Line]], heights: dict[int, float]) -> set[tuple[str, int]]:
    """Return what stands at the same place of most pages, numbers apart: headers and footers."""
    places: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        places.update({_place(line) for line in lines if _in_margin(line, heights[line.page])})
    return {place for place, number in places.items() if number >= max(2, 0.5 * len(pages))}


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", " ".join(line.text.split())), round(line.base / 4)


def _in_margin(line: Line, height: float) -> bool:
    return line.base < _MARGIN * height or line.base > (1 - _MARGIN) * height


def _is_running(line: Line, running: set[tuple[str, int]], height: float, size: float) -> bool:
    """Say whether a line is a header, a footer or the number of a page: repeated, or small at the very edge."""
    if not _in_margin(line, height):
        return False
    text, at = _place(line)
    at_edge = not 0.06 < line.base / height < 0.94
    if _PAGE_NUMBER.fullmatch(line.text.strip()) or (at_edge and line.size < 0.8 * size):
        return True
    return any((text, at + by) in running for by in (-1, 0, 1))


class _Measure:
    """The usual size and pitch of lines, by which paragraphs are told apart."""

    def __init__(self, lines: list[Line], size: float) -> None:
        self.size = size
        pitches = defaultdict(list)
        for one, other in pairwise(lines):
            if (one.page, one.column) == (other.page, other.column) and 0 < one.base - other.base < 4 * one.size:
                pitches[round(one.size)].append(one.base - other.base)
        self._pitches = {size: _lower_median(several) for size, several in pitches.items()}
        self._indents = sum(line.left - line.edges[0] > 0.8 * line.size for line in lines) > 0.1 * len(lines)

    def paragraphs(self, lines: list[Line]) -> Iterator[list[Line]]:
        """Yield the lines of each paragraph."""
        paragraph = [lines[0]]
        for line in lines[1:]:
            if self._begins(paragraph, line):
                yield paragraph
                paragraph = []
            paragraph.append(line)
        yield paragraph

    def _begins(self, paragraph: list[Line], line: Line) -> bool:
        """Say whether a line begins a paragraph of its own."""
        last = paragraph[-1]
        if max(last.size, line.size) > _LARGER * min(last.size, line.size) or _BULLET.match(line.text):
            return True
        indent = line.left - line.edges[0]
        indented = indent > 0.8 * line.size and last.left - last.edges[0] < indent - 0.5 * line.size
        ended = _would_fit(last, line) or indented
        if (last.page, last.column) != (line.page, line.column) or line.base > last.base:
            return bool(_CLOSED.search(last.text.rstrip())) and (ended or not self._indents)
        pitch = self._pitches.get(round(last.size), 1.5 * last.size)
        return last.base - line.base > 1.3 * pitch or ended

    def block(self, lines: list[Line], words: frozenset[str]) -> Block:
        """Return a paragraph of lines joined."""
        text = ""
        for line in lines:
            text = joined(text, line.text.strip(" \t\r\n"), words)
        larger = lines[0].size > _LARGER * self.size and len(text) < 200
        kind = "heading" if larger else "list" if _BULLET.match(lines[0].text) else "text"
        return Block(text.replace(HYPHEN, "-"), kind, lines[0].page)


def _lower_median(values: list[float]) -> float:
    """Return what half of the lower half is: lines within paragraphs are nearer than paragraphs are."""
    return sorted(values)[len(values) // 3]


def _would_fit(last: Line, line: Line) -> bool:
    """Say whether the first word of a line would have had room in the line before it, which so was ended on purpose."""
    if last.text.rstrip().endswith((HYPHEN, "-")):
        return False
    word = _FIRST_WORD.match(text := line.text.strip())
    width = (line.right - line.left) / max(len(text), 1)
    return last.right + len(word.group() if word else "") * width + 0.5 * last.size < last.edges[1]
