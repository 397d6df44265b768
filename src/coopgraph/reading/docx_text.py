"""The text of a Word document: paragraphs and tables in their order, as they read with all changes accepted."""

from __future__ import annotations

import zipfile
from importlib.metadata import version
from io import BytesIO
from typing import TYPE_CHECKING, Any

from coopgraph.errors import DataError
from coopgraph.reading.content import LARGEST, Block, Content, Facts

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SKIPPED = frozenset(_W + name for name in ("del", "moveFrom", "instrText", "delText", "txbxContent", "rPr", "pPr"))
"""What is no text: what a tracked change took out, the codes of fields, and boxes that stand beside the text."""
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GROUPS = frozenset(_W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_MOST_FILES = 10_000
_NOT_TITLES = ("word document", "microsoft word", "untitled", "document1")


def read(data: bytes) -> Content:
    """Return the content of a DOCX. Raises `DataError` where it is broken, too large, or no such document."""
    _refuse_bombs(data)
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        document = docx.Document(BytesIO(data))
        blocks = list(_blocks(document.element.body, document))
        facts = _facts(document.core_properties)
    except ValueError as error:
        kind = "a Word document with macros" if "macroEnabled" in str(error) else "no Word document"
        raise DataError(f"is {kind}; save it as DOCX without macros") from error
    except (PackageNotFoundError, KeyError, LxmlError, zipfile.BadZipFile, EOFError, OSError, AttributeError) as error:
        raise DataError("is a broken DOCX; open it in a word processor, and save it anew") from error
    if not any(block.text.strip() for block in blocks):
        raise DataError("is a DOCX without text; if it holds pictures of pages, run text recognition (OCR) on them")
    media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return Content(media, f"python-docx {version('python-docx')}", blocks, facts)


def entry_names(data: bytes) -> list[str]:
    """Return the names of the files in a package. Raises `DataError` where it is none."""
    return [entry.filename for entry in _entries(data)]


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        return zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise DataError("is a broken DOCX or other package; get it again, or save it anew") from error


def _refuse_bombs(data: bytes) -> None:
    """Raise `DataError` where a package would unfold to more than a document is."""
    entries = _entries(data)
    size = sum(entry.file_size for entry in entries)
    if size > LARGEST or len(entries) > _MOST_FILES:
        raise DataError(f"is a DOCX that unfolds to {size // 1_000_000:,} MB; save its text alone as a new document")
    if any(entry.flag_bits & 1 for entry in entries):
        raise DataError("is an encrypted DOCX; open it with its password, and save it without")


def _blocks(parent: Any, document: Any) -> Iterator[Block]:
    """Yield paragraphs and the rows of tables, those within content controls and tracked insertions too."""
    for child in parent:
        if child.tag == _W + "p":
            yield Block(_text(child), _kind(child, document))
        elif child.tag == _W + "tbl":
            yield from (Block(row, "table") for row in _rows(child))
        elif child.tag in _GROUPS:
            yield from _blocks(child, document)


def _rows(table: Any) -> Iterator[str]:
    """Yield the text of each row, its cells parted by bars; a cell merged with the one above it is empty."""
    for row in table.iter(_W + "tr"):
        if next(row.iterancestors(_W + "tbl")) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = [cell for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tr")) is row]
        yield " | ".join(" ".join(_text(line) for line in cell.iter(_W + "p")).strip() for cell in cells)


def _text(element: Any) -> str:
    """Return the text of a paragraph; what stands in it as a whole is walked without recursion of its own."""
    pieces: list[str] = []
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag == _W + "t":
            pieces.append(child.text or "")
        elif child.tag in (_W + "tab", _W + "br", _W + "cr"):
            pieces.append(" ")
        elif child.tag == _W + "noBreakHyphen":
            pieces.append("\u2011")
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag != _FALLBACK:
            waiting.extend(reversed(child))
    return "".join(pieces)


def _kind(paragraph: Any, document: Any) -> str:
    properties = paragraph.find(_W + "pPr")
    if properties is None:
        return "text"
    style = properties.find(_W + "pStyle")
    identifier = style.get(_W + "val") if style is not None else None
    names = {each.style_id: (each.name or "").lower() for each in document.styles} if identifier else {}
    name = names.get(identifier, "")
    if name.startswith(("heading", "title", "subtitle")) or properties.find(_W + "outlineLvl") is not None:
        return "heading"
    if name.startswith("caption"):
        return "caption"
    return "list" if name.startswith("list") or properties.find(_W + "numPr") is not None else "text"


def _facts(properties: Any) -> Facts:
    title = " ".join((properties.title or "").split())
    return Facts(title=title if title and title.lower() not in _NOT_TITLES else None)
