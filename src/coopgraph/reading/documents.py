"""From a document of any kind to its text: what it is, what is read from it, and what has to be asked."""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from coopgraph import files
from coopgraph.claims import matching, passages
from coopgraph.errors import DataError, UsageError, install, unknown
from coopgraph.rdf.terms import is_web_address
from coopgraph.reading.content import LARGEST, Content, Facts, as_text
from coopgraph.reading.dates import Date, written_date
from coopgraph.reading.languages import tag_of
from coopgraph.reading.model import EXTRACT, WHOLE, Document, Origin

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM", b"\0\0\1\0")
_OTHERS = (
    (b"{\\rtf", "is RTF; open it in a word processor, and save it as DOCX"),
    (b"\xd0\xcf\x11\xe0", "is an old or an encrypted Word document; open it, and save it as DOCX without a password"),
    (b"\x1f\x8b", "is a compressed file; unpack it first"),
    (b"Rar!", "is a compressed file; unpack it first"),
    (b"7z\xbc\xaf", "is a compressed file; unpack it first"),
    (b"From: ", "is a page saved as one web archive; save it as HTML"),
    (b"MIME-Version:", "is a page saved as one web archive; save it as HTML"),
    (b"%!PS", "is PostScript; turn it into a PDF"),
    (b"<?xml version", "is XML; give HTML, PDF, DOCX or text"),
)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|meta|title)[\s>]", re.IGNORECASE)
_HOMES = {"html": "html_text", "pdf": "pdf_text", "docx": "docx_text", "text": "plain_text"}
EXTRA = install("read")


def read(
    path: str | Path,
    source: str | None = None,
    *,
    title: str | None = None,
    publisher: str | None = None,
    issued: str | None = None,
    language: str | None = None,
    address: str | None = None,
    license: str | None = None,  # noqa: A002 - the name of the term
    extent: str = WHOLE,
) -> Document:
    """Return the document in a file: HTML, PDF with a text layer, DOCX or text, by what is in it, not by its name.

    `source` is its slug, by default from the name of the file; `-` is standard input. What is given goes before what
    the document says of itself: `issued` is a date as `2023`, `2023-10` or `2023-10-18`, `extent` is `whole` or
    `extract`, and `license` the address of a licence that allows to quote the text: passages then keep their words.

    Raises `DataError` where the file holds no such document, or no text, and `UsageError` where slug, date, licence or
    extent are none.
    """
    path, date = Path(path), _date(issued)
    day, precision = (date.day, date.precision) if date else (None, None)
    facts = Facts(title, publisher, day, precision, language, address, _licence(license))
    if extent not in (WHOLE, EXTRACT):
        raise UsageError(unknown("extent", extent, (WHOLE, EXTRACT)))
    data = _bytes(path)
    try:
        content = _content(data, path.suffix.lower())
        text, repaired, kinds, pages = _text(content)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except ImportError as error:
        raise DataError(f"{path}: reading it takes {error.name or 'a library'} that is not here; {EXTRA}") from error
    stated = Facts(*(given or own for given, own in zip(facts, content.facts, strict=True)))
    origin = Origin(
        file=_name(path),
        sha256=sha256(data).hexdigest(),
        media_type=content.media_type,
        extractor=content.extractor,
        text_sha256=passages.digest(text),
        extent=extent,
        repaired=repaired,
        kinds=kinds,
        pages=pages,
        **stated._replace(language=facts.language or tag_of(stated.language, text))._asdict(),
    )
    return Document(source or slug(Path(_name(path)).stem), text, origin)


def _name(path: Path) -> str:
    return "standard-input" if str(path) == "-" else unicodedata.normalize("NFC", path.name)


def _date(issued: str | None) -> Date | None:
    date = written_date(issued) if issued else None
    if issued and (date is None or date.words != issued.strip()):
        raise UsageError(f"{issued!r} is no date of issue; write 2023, 2023-10 or 2023-10-18")
    return date


def _licence(address: str | None) -> str | None:
    if address and not is_web_address(address):
        raise UsageError(f"{address!r} is no address of a licence; write one, such as https://example.org/x")
    return address


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(LARGEST)
    if path.is_file() and path.stat().st_size > LARGEST:
        raise DataError(f"{path}: has more than {LARGEST // 1_000_000} MB; take a part of it")
    if path.exists() and not path.is_file() and not path.is_dir():
        raise DataError(f"{path}: is no regular file; give a document")
    data = files.read(path)
    if not data.strip(b" \t\r\n\0"):
        raise DataError(f"{path}: is empty; give the document itself")
    return data


def _content(data: bytes, ending: str) -> Content:
    home = import_module(f"coopgraph.reading.{_HOMES[_kind(data, ending)]}")
    content: Content = home.read(data)
    return content


def _kind(data: bytes, ending: str) -> str:
    """Return what reads a document, by its first bytes. Raises `DataError` where nothing does."""
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return _package(data)
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP" or data[4:8] == b"ftyp":
        raise DataError("is a picture; run text recognition (OCR) on it, and give the text")
    if _HTML.search(start.replace(b"\0", b"")) or (ending in (".html", ".htm", ".xhtml") and b"<" in start):
        return "html"
    for mark, message in _OTHERS:
        if start.startswith(mark):
            raise DataError(message)
    return "text"


def _package(data: bytes) -> str:
    """Return what reads a zipped package."""
    from coopgraph.reading.docx_text import entry_names

    names = entry_names(data)
    if any(name.startswith("word/") for name in names):
        return "docx"
    if "content.xml" in names:
        raise DataError("is an OpenDocument; open it in a word processor, and save it as DOCX")
    raise DataError("is a package of files, not one document; unpack it, and give the document in it")


def _text(content: Content) -> tuple[str, int, tuple[str, ...], tuple[int, ...]]:
    """Return the text of what was found, the number of characters repaired, and kind and page of each paragraph."""
    if content.text is not None:
        return content.text, 0, ("text",) * sum(1 for _ in passages.paragraphs(content.text)), ()
    text, blocks, repaired = as_text(content.blocks)
    if matching.is_blank(text):
        raise DataError("has no text; give the document itself")
    pages = tuple(block.page for block in blocks)
    return text, repaired, tuple(block.kind for block in blocks), pages if any(pages) else ()


def slug(name: str) -> str:
    """Return a name as the last part of an identifier: letters, digits and hyphens.

    >>> slug("Press Release (final) 2023"), slug("新闻 稿")
    ('press-release-final-2023', '新闻-稿')
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())
    if not words:
        raise UsageError(f"{name!r} gives no slug; name the source with --source, in letters, digits and hyphens")
    return "-".join(words)


_LEAST_SAME = 0.3
"""Share of the paragraphs of a text that a changed one still has; with fewer it is another document."""


class Change(NamedTuple):
    """How a document differs from one that was read before: paragraphs that are new, gone, and as they were."""

    new: int
    gone: int
    same: int

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)

    @property
    def is_other(self) -> bool:
        """Whether so little is as it was that this is another document."""
        return self.same < _LEAST_SAME * min(self.same + self.gone, self.same + self.new)


def change(before: Document, after: Document) -> Change:
    """Return how the paragraphs of a document differ from those of the one read before, wherever they stand."""
    one, other = ([matching.key(each.text).letters for each in document.paragraphs] for document in (before, after))
    old, new = set(one), set(other)
    return Change(len(new - old), len(old - new), len(new & old))


def completed(document: Document, before: Document) -> Document:
    """Return a document that was read again, with what was known of it before and it does not say."""
    former = {name: getattr(before.origin, name) for name in Facts._fields if not getattr(document.origin, name)}
    return replace(document, origin=replace(document.origin, **former))
