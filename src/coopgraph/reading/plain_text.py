"""Plain text in any encoding, and the decoding that pages of HTML need too."""

from __future__ import annotations

import codecs
import re
from functools import reduce
from itertools import chain
from statistics import median
from typing import NamedTuple

from coopgraph.claims import matching
from coopgraph.claims.passages import normalise
from coopgraph.errors import DataError
from coopgraph.reading.content import LONGEST, NOTHING, Content
from coopgraph.reading.joining import joined, words_of

WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
}
"""Encodings that pages name, and the wider ones that they mean."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and the encodings that they mean."""
_FEW = 0.05
"""Share of bytes beyond ASCII up to which a text is taken for a Western one: others have more of them."""
_SAMPLE = 200_000
_NARROW, _WIDE = 50, 100
"""How long the lines of a text are that was broken to a width."""


class Decoded(NamedTuple):
    """A text, and the encoding that it was read in."""

    text: str
    encoding: str


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of bytes: by their byte order mark, as UTF-8, as declared, or in the likeliest encoding.

    Raises `DataError` where they are no text in any.
    """
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None) or without_mark(data)
    if marked:
        return _try(data, marked) or _failed()
    if b"\0" in data and (data.count(0) > 0.01 * len(data) or _try(data, "utf-8") is None):
        raise DataError("is no text and no document that can be read; give HTML, PDF, DOCX or text")
    name = _name(declared)
    escaped = name if name and name.startswith("iso2022") else None  # all of its bytes are ASCII
    western = "cp1252" if sum(byte > 127 for byte in data[:_SAMPLE]) < _FEW * len(data[:_SAMPLE]) else None
    for encoding in (escaped, "utf-8", name, western, _likeliest(data)):
        if encoding and (decoded := _try(data, encoding)):
            return decoded
    return _failed()


def _failed() -> Decoded:
    raise DataError("is text in no encoding that is known; save it as UTF-8")


def _name(declared: str | None) -> str | None:
    try:
        name = codecs.lookup(declared).name if declared else None
    except (LookupError, ValueError):
        return None
    return WIDER.get(name, name) if name else None


def _try(data: bytes, encoding: str) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    return Decoded(text, encoding.removesuffix("-sig")) if isinstance(text, str) else None


def without_mark(data: bytes) -> str | None:
    """Return the UTF-16 that a text without a mark is in: each blank and line end has a zero byte."""
    sample = data[:_SAMPLE]
    for encoding, blanks in (("utf-16-le", (b"\n\0", b" \0")), ("utf-16-be", (b"\0\n", b"\0 "))):
        if len(data) % 2 == 0 and any(sample.find(blank) % 2 == 0 for blank in blanks if blank in sample):
            return encoding
    return None


def _likeliest(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE].rpartition(b"\n")[0] or data[:_SAMPLE]).best()
    return WIDER.get(best.encoding, best.encoding) if best else None


def read(data: bytes) -> Content:
    """Return the content of a text: as it is, or where its lines were broken to a width, a paragraph a line."""
    text, encoding = decode(data)
    text = normalise(text)
    if len(text) > LONGEST:
        raise DataError(f"has more than {LONGEST // 1_000_000} million characters; take a part of it")
    if matching.is_blank(text):
        raise DataError("has no text; give the document itself")
    return Content("text/plain", f"text ({encoding})", [], NOTHING, _unwrapped(text) or text)


def _unwrapped(text: str) -> str | None:
    """Return a text whose lines were broken to a width, with its paragraphs joined; None where they were not."""
    parts = [part.split("\n") for part in re.split(r"\n(?:[^\S\n]*\n)+", text.strip("\n"))]
    full = [len(line) for lines in parts for line in lines[:-1]]
    longest = max(map(len, chain.from_iterable(parts)))
    if len(parts) < 2 or len(full) < len(parts) or not _NARROW <= median(full) <= longest <= _WIDE:
        return None
    words = words_of(text)
    return "".join(f"{reduce(lambda one, line: joined(one, line, words), map(str.strip, part))}\n" for part in parts)
