"""A workbook (XLSX) that may come from a stranger: unpacked within bounds, and what the reader of cells leaves out.

The reader is given parts that were unpacked here, so that no package can unfold to more there. What it does not tell,
formulas, errors, formats and what is hidden, is looked up in the XML of the sheet.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import contextmanager
from io import BytesIO
from string import ascii_letters, digits
from typing import TYPE_CHECKING

from coopgraph.errors import DataError, short
from coopgraph.rdf.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from python_calamine import CalamineSheet, CalamineWorkbook

LARGEST = 256 << 20
"""Bytes that the parts of a workbook may have together, unpacked."""
_MOST_PARTS = 10_000
_MOST_CELLS = 10_000_000
"""Cells of the rectangle that the cells of a sheet span: what lies far off makes it wide and long."""
_WANTED = re.compile(r"(?i)\[Content_Types\]\.xml|_rels/.*|xl/(?:[^/]*|_rels/.*|worksheets/(?:_rels/)?[^/]*)")
"""The parts that cells are in: no pictures, no scripts."""
_PLACE = re.compile(rb"\br=[\"']([A-Za-z]+)([0-9]+)[\"']")
_PLACE_NAME = re.compile(rb"\br=[\"']([A-Za-z]+[0-9]+)[\"']")
_LETTERS, _DIGITS = ascii_letters.encode(), digits.encode()
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_FORMULA = rb"<(?:\w+:)?c (?P<head>[^<>]*)>\s*<(?:\w+:)?f\b"
_SHOWS = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")


class Workbook:
    """An open workbook: its parts by name, and the sheets that a reader of cells finds in them."""

    def __init__(self, parts: Mapping[str, bytes], book: CalamineWorkbook) -> None:
        self._parts = parts
        self._book = book
        self._paths = _paths(parts)

    @property
    def names(self) -> list[str]:
        """The names of the sheets with cells, in their order."""
        return [name for name in self._book.sheet_names if name in self._paths]

    @property
    def hidden(self) -> list[str]:
        """The names of the sheets that are hidden."""
        return [each.name for each in self._book.sheets_metadata if not str(each.visible).endswith(".Visible")]

    def shows(self, sheet: str) -> bool:
        """Say whether a sheet has a cell with anything in it."""
        return _SHOWS.search(self.part(self._paths[sheet])) is not None

    def part(self, name: str) -> bytes:
        """Return a part by its path in the package, nothing where there is none."""
        return self._parts.get(name, b"")

    def xml(self, sheet: str) -> bytes:
        """Return the XML of a sheet. Raises `DataError` where its cells span more than can be kept."""
        xml = self.part(self._paths[sheet])
        places = b" ".join(_PLACE_NAME.findall(xml))  # a workbook has millions: all are taken apart at once
        numbers = {int(number[:9]) for number in set(places.translate(None, _LETTERS).split())}
        rows = max(len(_ROW.findall(xml)) if b":row" in xml else xml.count(b"<row"), max(numbers, default=0))
        columns = max(map(column_number, set(places.translate(None, _DIGITS).split())), default=1)
        if rows * columns > _MOST_CELLS:
            raise DataError(
                f"has a sheet {sheet!r} whose cells span {rows:,} rows and {columns:,} columns; "
                "delete what lies far off, or make several files of it"
            )
        return xml

    def cells(self, sheet: str) -> CalamineSheet:
        """Return the cells of a sheet."""
        return self._book.get_sheet_by_name(sheet)


@contextmanager
def opened(content: bytes) -> Iterator[Workbook]:
    """Give the workbook in bytes. Raises `DataError` where it is none, broken, protected or too large.

    What is found to be broken while it is open is told so too.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    parts = _unpacked(content)
    try:
        yield Workbook(parts, CalamineWorkbook.from_filelike(_packed(parts)))
    except CalamineError as error:
        raise _broken(error) from error


def _broken(error: BaseException) -> DataError:
    return DataError(f"is no XLSX that can be read ({short(one_line(str(error)))}); save it again as XLSX")


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            entries = [each for each in package.infolist() if _WANTED.fullmatch(each.filename)]
            if sum(each.file_size for each in entries) > LARGEST or len(entries) > _MOST_PARTS:
                raise DataError(f"unfolds to more than {LARGEST >> 20} MB; make several files of it")
            return {each.filename: package.read(each) for each in entries}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _broken(error) from error


def _packed(parts: Mapping[str, bytes]) -> BytesIO:
    """Return parts as a package that is not compressed."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part)
    packed.seek(0)
    return packed


def _paths(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the path of the part of each sheet by its name."""
    book, links = parts.get("xl/workbook.xml", b""), parts.get("xl/_rels/workbook.xml.rels", b"")
    targets = {each.get("Id"): each.get("Target", "") for each in elements(links, ".//{*}Relationship")}
    paths = {}
    for sheet in elements(book, ".//{*}sheet"):
        target = targets.get(next((value for name, value in sheet.items() if name.endswith("}id")), None), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in parts and "worksheets/" in path:
            paths[sheet.get("name", "")] = path
    return paths


def elements(xml: bytes, path: str) -> list[dict[str, str]]:
    """Return the attributes of the elements that a path finds in XML; no entity in it is followed."""
    from lxml import etree

    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.LxmlError as error:
        raise _broken(error) from error
    return [dict(each.attrib) for each in root.iterfind(path)]


def letters(column: int) -> str:
    """Return how a spreadsheet calls a column, counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    return ("" if column < 26 else letters(column // 26 - 1)) + chr(ord("A") + column % 26)


def column_number(name: bytes) -> int:
    """Return the number of a column, from 1, that a spreadsheet calls by letters.

    >>> column_number(b"A"), column_number(b"AB")
    (1, 28)
    """
    number = 0
    for letter in name.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def cells_like(xml: bytes, pattern: bytes) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    """Yield row (from 1) and column (from 0) of each cell that a pattern finds, whose group `head` has its attributes.

    The row is 0 where the file does not say where a cell is.
    """
    for match in re.finditer(pattern, xml):
        place = _PLACE.search(match["head"])
        yield (int(place[2]), column_number(place[1]) - 1, match) if place else (0, 0, match)


def formulas(xml: bytes) -> list[tuple[int, int]]:
    """Return row and column of the cells with formulas, which are read as what they gave last, or as nothing."""
    if b"<f" not in xml and b":f" not in xml:
        return []
    return [(row, column) for row, column, _ in cells_like(xml, _FORMULA)]
