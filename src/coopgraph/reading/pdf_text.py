"""The text layer of a PDF: characters with their places, put together to lines, columns and paragraphs."""

from __future__ import annotations

import ctypes
import math
from contextlib import closing
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from coopgraph.errors import DataError
from coopgraph.reading.content import Content, Facts
from coopgraph.reading.pdf_layout import Character, Page, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.reading.content import Block

_MOST_PAGES = 5_000
_GARBLED = 0.2
"""Share of characters without a meaning from which a text layer is of no use."""
_TOGETHER = 20
"""Pages that are read of a document that was opened once."""
_FILE_ENDINGS = (".doc", ".docx", ".indd", ".pdf", ".html", ".tex", ".dvi")
_NO_PASSWORD = 4


def read(data: bytes) -> Content:
    """Return the content of a PDF. Raises `DataError` where it is broken, encrypted, or has no text layer."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DataError(_why(error)) from error
    with closing(document):
        number, facts = len(document), Facts(title=_title(document))
    if number > _MOST_PAGES:
        raise DataError(f"has {number:,} pages; take the {_MOST_PAGES:,} or fewer that matter")
    paragraphs = blocks(_pages(data, number))
    _refuse_unreadable(paragraphs, number)
    return Content("application/pdf", f"pypdfium2 {version('pypdfium2')}", paragraphs, facts)


def _why(error: Exception) -> str:
    code = getattr(error, "err_code", None)
    if code == _NO_PASSWORD or "password" in str(error).lower():
        return "is an encrypted PDF; open it with its password, and save it without"
    return "is a broken PDF; get it again, or open it in a viewer and print it to a new PDF"


def _title(document: Any) -> str | None:
    title = " ".join(document.get_metadata_dict().get("Title", "").split()).removeprefix("Microsoft Word - ")
    is_name = title.lower().endswith(_FILE_ENDINGS) or title.lower().startswith(("about:", "http:", "https:", "file:"))
    return title if title and not is_name else None


def _pages(data: bytes, number: int) -> Iterator[Page]:
    """Yield the pages; now and then the document is opened anew, as the reader keeps the fonts of all pages it saw."""
    import pypdfium2

    for first in range(0, number, _TOGETHER):
        with closing(pypdfium2.PdfDocument(data)) as document:
            for index in range(first, min(first + _TOGETHER, number)):
                try:
                    yield _page(document, index)
                except pypdfium2.PdfiumError as error:
                    broken = f"is a PDF whose page {index + 1} is broken; print it to a new PDF from a viewer"
                    raise DataError(broken) from error


def _page(document: Any, index: int) -> Page:
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        width, height = page.get_size()
        return Page(index + 1, width, height, list(_characters(text)))


def _characters(text: Any) -> Iterator[Character]:
    """Yield the characters of a page in the order in which it draws them."""
    from pypdfium2 import raw

    left, right, low, top, x, base = (ctypes.c_double() for _ in range(6))
    box = [ctypes.byref(each) for each in (left, right, low, top)]
    origin = [ctypes.byref(each) for each in (x, base)]
    matrix = raw.FS_MATRIX()
    high = ""
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        letter = (high + chr(code)).encode("utf-16", "surrogatepass").decode("utf-16", "replace") if high else chr(code)
        high = ""
        if raw.FPDFText_IsGenerated(text, index) == 1 or not raw.FPDFText_GetCharBox(text, index, *box):
            yield Character("\n" if letter in "\r\n" else letter, 0, 0, 0, 0)
            continue
        raw.FPDFText_GetCharOrigin(text, index, *origin)
        raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
        size = raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        yield Character(letter, left.value, right.value, base.value, size or 1)


def _refuse_unreadable(paragraphs: list[Block], pages: int) -> None:
    letters = [letter for block in paragraphs for letter in block.text if not letter.isspace()]
    if not letters:
        counted = f"{pages} page{'s' if pages != 1 else ''}"
        raise DataError(
            f"is a PDF without a text layer ({counted} of pictures); run text recognition (OCR) on it first"
        )
    if sum(map(_is_meaningless, letters)) > _GARBLED * len(letters):
        raise DataError(
            "is a PDF whose text layer means nothing (its fonts say no letters); run text recognition (OCR)"
        )


def _is_meaningless(letter: str) -> bool:
    return letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or letter < " "
