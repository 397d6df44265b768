"""Tables in spreadsheet files: rows of text cells written as CSV or XLSX, and read with each cell's place.

What a spreadsheet made of a cell, a formula or a date where words are wanted, is a fault and never guessed at.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.errors import DataError, UsageError
from coopgraph.rdf.printable import safe_cell
from coopgraph.reading.documents import EXTRA
from coopgraph.reading.workbook import formulas, letters, opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_FORMATS = (".csv", ".xlsx")


class Cell(NamedTuple):
    """The text of a cell with its place as people name it, such as `Sheet1!B3`, and what is wrong with it, if anything.

    `is_day` says that the file has it as a date, `is_truth` as a truth value.
    """

    text: str
    place: str
    fault: str = ""
    is_day: bool = False
    is_truth: bool = False


def write(rows: Sequence[Sequence[str]], path: Path) -> None:
    """Write rows, the first being the header, as the ending of a file says. Raises `UsageError` for another ending."""
    if path.suffix.lower() == ".csv":
        with files.text_to(path) as out:
            out.write(as_csv(rows))
    elif path.suffix.lower() == ".xlsx":
        _write_xlsx(rows, path)
    else:
        raise UsageError(f"{path}: ends neither in .csv nor in .xlsx; name it so")


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV with a byte order mark, for spreadsheets to know that it is UTF-8; formulas are text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [f"'{cell}" if _is_formula(cell) else cell for cell in row] for row in rows
    )
    return f"\ufeff{out.getvalue()}"


def _write_xlsx(rows: Sequence[Sequence[str]], path: Path) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    except ImportError as error:
        raise DataError(f"{path}: {error}; {EXTRA}, or write .csv") from error

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has a sheet
    sheet.title = "claims"
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column, ILLEGAL_CHARACTERS_RE.sub("", text))
            cell.data_type = "s"  # whatever it begins with, it is no formula
            cell.number_format = "@"
    sheet.freeze_panes = "A2"
    content = io.BytesIO()
    book.save(content)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content.getvalue())
        aside.replace(path)
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror}); make room or mend the permissions") from error
    finally:
        aside.unlink(missing_ok=True)


def read(path: Path) -> list[list[Cell]]:
    """Return the rows of a CSV or XLSX file. Raises `DataError` where it is none, or has more than one sheet."""
    if path.suffix.lower() not in _FORMATS:
        raise UsageError(f"{path}: ends neither in .csv nor in .xlsx; save it as one of these")
    return list(_csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path))


def _csv_rows(path: Path) -> Iterator[list[Cell]]:
    text = files.read_text(path)
    first = text.partition("\n")[0]
    delimiter, columns, name = max(",;\t", key=first.count), list[str](), path.name
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            columns += map(letters, range(len(columns), len(row)))
            yield [_csv_cell(cell, f"{name}!{columns[at]}{number}") for at, cell in enumerate(row)]
    except csv.Error as error:
        raise DataError(f"{path}: is no CSV ({error}); save it again as CSV") from error


def _csv_cell(text: str, place: str) -> Cell:
    if text.startswith("'") and _is_formula(text):
        return Cell(text[1:].strip(), place)
    is_run = _is_formula(text) and text.strip()[:1] != "-"
    return Cell(text.strip(), place, "is a formula; write the text itself" if is_run else "")


def _is_formula(text: str) -> bool:
    """Say whether a cell begins as a formula does, behind any apostrophes."""
    bare = text.lstrip("'")
    return safe_cell(bare) != bare


def _xlsx_rows(path: Path) -> Iterator[list[Cell]]:
    content = files.read(path)
    try:
        name, rows, run = _sheet(content)
    except ImportError as error:
        raise DataError(f"{path}: {error}; {EXTRA}, or save it as .csv") from error
    except DataError as error:
        raise DataError(f"{path}: {error}") from error
    for number, row in enumerate(rows, 1):
        yield [_xlsx_cell(value, f"{name}!{letters(at)}{number}", (number, at) in run) for at, value in enumerate(row)]


def _sheet(content: bytes) -> tuple[str, Sequence[Sequence[object]], set[tuple[int, int]]]:
    """Return the name of the one sheet of a workbook, its values, and row and column of its formulas."""
    with opened(content) as book:
        if len(book.names) != 1:
            raise DataError(f"has {len(book.names)} sheets; leave the one with the claims")
        name = book.names[0]
        run = set(formulas(book.xml(name)))
        return name, book.cells(name).to_python(skip_empty_area=False), run


def _xlsx_cell(value: object, place: str, is_formula: bool) -> Cell:
    if isinstance(value, (dt.datetime, dt.date)) and not is_formula:
        return Cell(value.isoformat()[:10], place, is_day=True)
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if is_formula:
        return Cell(text, place, "is a formula; write the text itself")
    fault = "is no text; format the cell as text and write it again"
    if isinstance(value, bool):
        return Cell(text.lower(), place, is_truth=True)
    return Cell(text, place, fault if isinstance(value, (dt.time, dt.timedelta)) else "")
