"""From a file to its table: what form it has is seen by what is in it, not by its name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import DataError, install
from coopgraph.rdf.printable import one_line
from coopgraph.reading.docx_text import entry_names
from coopgraph.tables.records import table
from coopgraph.tables.table import NOTHING_SET

if TYPE_CHECKING:
    from coopgraph.tables.records import Found
    from coopgraph.tables.table import Settings, Table

_OTHERS = (
    (b"%PDF-", "is a PDF; give the table as CSV or XLSX"),
    (b"\x1f\x8b", "is a compressed file; unpack it first"),
    (b"BZh", "is a compressed file; unpack it first"),
    (b"\xfd7zXZ", "is a compressed file; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "is a compressed file; unpack it first"),
    (b"Rar!", "is a compressed file; unpack it first"),
    (b"7z\xbc\xaf", "is a compressed file; unpack it first"),
    (b"{\\rtf", "is RTF; save its table as CSV or XLSX"),
    (b"SQLite format 3", "is a database; export its table as CSV"),
    (b"<?xml", "is XML; save it as CSV or XLSX"),
)
_TAKES = {
    "delimited": ("text with delimiters", ("encoding", "delimiter", "quote", "header_row")),
    "xlsx": ("a workbook", ("sheet", "header_row", "merged")),
    "json_lines": ("JSON Lines", ("encoding",)),
    "parquet": ("Parquet", ()),
}
"""What each module reads, and which settings it has a use for."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|div|meta|script)[\s>]", re.IGNORECASE)
_JSON_LINE = re.compile(rb'\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})')
_JSON_ARRAY = re.compile(rb"\[\s*[\[{]")
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read(path: str | Path, settings: Settings = NOTHING_SET) -> Table:
    """Return the table in a file: text with delimiters, XLSX, JSON Lines or Parquet.

    Raises `DataError` where it holds none, has more than 256 MB, or can be read in more than one way.
    """
    path = Path(path)
    data = files.read_whole(path)
    try:
        found = _found(data, settings)
        name = one_line(unicodedata.normalize("NFC", path.name))
        return table(found, name, sha256(data).hexdigest(), settings)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    except ImportError as error:
        raise DataError(
            f"{path}: reading it takes {error.name or 'a library'} that is not here; {install('tables')}"
        ) from error


def _found(data: bytes, settings: Settings) -> Found:
    name = _home(data)
    kind, taken = _TAKES[name]
    for key in fields(settings):
        if getattr(settings, key.name) not in (None, ()) and key.name not in (*taken, "fill"):
            raise DataError(f"is {kind}, of which {key.name} says nothing; take {key.name} out of [table]")
    found: Found = import_module(f"coopgraph.tables.{name}").found(data, settings)
    return found


def _home(data: bytes) -> str:
    """Return what reads a table, by its first bytes. Raises `DataError` where nothing does."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise DataError("is empty; give the table itself")
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_OLE):
        raise DataError(
            "is a workbook with a password; save it without one"
            if _ENCRYPTED in data
            else "is an old workbook (XLS); open it, and save it as XLSX"
        )
    for mark, message in _OTHERS:
        if start.startswith(mark):
            raise DataError(message)
    start = start.lstrip(b"\xff\xfe").replace(b"\0", b"").lstrip()
    if _HTML.match(start):
        raise DataError("is a page of HTML, whatever its name; give the table as CSV or XLSX")
    if data.startswith(b"PAR1"):
        return "parquet"
    if data.startswith(b"PK"):
        return _package(data)
    if _JSON_ARRAY.match(start):
        raise DataError("is one JSON array; write it as JSON Lines, one object a line")
    return "json_lines" if _JSON_LINE.match(start) else "delimited"


def _package(data: bytes) -> str:
    """Return what reads a zipped package."""
    names = set(entry_names(data))
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        raise DataError("is a binary workbook (XLSB); save it as XLSX")
    if "content.xml" in names:
        raise DataError("is an OpenDocument; save it as XLSX")
    raise DataError("is a package of files, not one table; unpack it, and give the table in it")
