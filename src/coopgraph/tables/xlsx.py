"""Tables in workbooks: what a cell shows is told by its value and its format, and what it hides is said."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from coopgraph.errors import DataError, unknown
from coopgraph.reading.workbook import cells_like, elements, formulas, letters, opened
from coopgraph.tables import raised_marks
from coopgraph.tables.cells import EXACT, number, plain, tidy
from coopgraph.tables.records import Found, many
from coopgraph.tables.table import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.reading.workbook import Workbook
    from coopgraph.tables.table import Settings

    _Range = tuple[tuple[int, int], tuple[int, int]]

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAME = rb"<(?:\w+:)?"
_RUN = rb"\s*" + _NAME + rb"f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)"
_ERROR = _NAME + rb"c (?P<head>(?=[^<>]*\bt=[\"']e[\"'])[^<>]*)>(?:" + _RUN + rb")?\s*" + _NAME + rb"v>(?P<value>[^<]*)"
_VOID = rb"\s*(?:" + _NAME + rb"v\s*/>|" + _NAME + rb"v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_EMPTY = (
    _NAME
    + rb"c (?P<head>[^<>]*)>"
    + _RUN
    + rb"\s*(?:"
    + _NAME
    + rb"v\s*/>|"
    + _NAME
    + rb"v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN = re.compile(_NAME + rb"(row|col)\b(?=[^<>]*\bhidden=[\"'](?:1|true)[\"'])([^<>]*)>")
_SPAN = re.compile(rb"\b(min|max)=[\"']([0-9]{1,5})")
_MOST_MERGED = 1_000_000
"""Cells that are merged at most."""
_BUILT_IN = {"9": "0%", "10": "0.00%", "17": "mmm-yy"}
_MONEY = re.compile(r"\[\$([^\]\-\s]+)|\"?([A-Z]{0,3}[$€£¥₩₽元])\"?")
"""The sign of a currency in a format."""
_LOCALE = re.compile(r"\[\$-[^\]]*\]")
_NO_PART = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
"""What stands in a format for itself."""
_LENGTHS = {"year": 4, "month": 7}
"""How much of an ISO day is left of one that is shown as a year or a month."""


def found(data: bytes, settings: Settings) -> Found:
    """Return what a sheet of a workbook holds. Raises `DataError` where there is none, or which one is not said."""
    with opened(data) as book:
        name, noticed = _sheet(book, settings.sheet)
        xml = book.xml(name)
        cells = book.cells(name)
        values = cells.to_python(skip_empty_area=False)
        merged = cells.merged_cell_ranges or []
        formats = _formats(book.part("xl/styles.xml"))
        is_1904 = _is_1904(book)
    result = Found(MEDIA_TYPE, [], tidy(name), noticed=noticed)
    rows = [[value if type(value) is str else plain(value) for value in row] for row in values]
    result.noticed += ["dates count from 1904"] if is_1904 else []
    result.noticed += _as_shown(values, rows, xml, formats)
    _take_marks(rows, xml, book.part("xl/sharedStrings.xml"), result)
    _take_errors(rows, xml, result)
    _take_formulas(xml, result)
    _take_merged(rows, merged, settings.merged == "fill", result)
    result.noticed += _hidden(xml)
    result.records = list(enumerate(rows, 1))
    return result


def _sheet(book: Workbook, wanted: str | None) -> tuple[str, list[str]]:
    """Return the name of the sheet to read and what to say of that."""
    if wanted is not None:
        if wanted not in book.names:
            raise DataError(unknown("sheet", wanted, book.names))
        return wanted, [f"sheet {wanted!r}, as set"]
    seen = [name for name in book.names if name not in book.hidden]
    full = [name for name in seen if book.shows(name)] if len(seen) > 1 else seen
    if not full:
        raise DataError("has no sheet that shows anything; give the table itself")
    if len(full) > 1:
        raise DataError(f"has {len(full)} sheets, {', '.join(map(repr, full))}; set sheet in [table] to one of them")
    others = [f"{name!r} ({'hidden' if name in book.hidden else 'empty'})" for name in book.names if name != full[0]]
    return full[0], [f"sheet {full[0]!r}; not read: {', '.join(others)}"] if others else []


def _formats(styles: bytes) -> dict[int, str]:
    """Return what formats show of a value, by their numbers: its `percent`, the `month` or the `year` of a day."""
    if not styles:
        return {}
    own = {each.get("numFmtId", ""): each.get("formatCode", "") for each in elements(styles, ".//{*}numFmts/{*}numFmt")}
    codes = {**_BUILT_IN, **own}
    kinds = [_kind(codes.get(each.get("numFmtId", ""), "")) for each in elements(styles, ".//{*}cellXfs/{*}xf")]
    return {at: kind for at, kind in enumerate(kinds) if kind}


def _kind(code: str) -> str:
    """Return what a format shows.

    >>> _kind("0.0%"), _kind('yyyy"年"m"月"'), _kind("yyyy"), _kind("d/m/yyyy"), _kind("General")
    ('percent', 'month', 'year', '', '')
    >>> _kind("[$€-2] #,##0"), _kind('"HK$"#,##0'), _kind("[$-409]d-mmm-yy")
    ('€', 'HK$', '')
    """
    if money := _MONEY.search(_LOCALE.sub("", code)):
        return money[1] or money[2]
    code = _NO_PART.sub("", code).partition(";")[0].lower()
    if "%" in code:
        return "percent"
    if "y" not in code or any(letter in code for letter in "dhs"):
        return ""
    return "month" if "m" in code else "year"


def _as_shown(
    values: Sequence[Sequence[object]], rows: list[list[str]], xml: bytes, formats: Mapping[int, str]
) -> Iterable[str]:
    """Write cells as their format shows them where that says something else than the value, and say so."""
    counts: Counter[str] = Counter()
    styles = b"|".join(b"%d" % style for style in formats)
    pattern = _NAME + rb"c (?P<head>(?=[^<>]*\bs=[\"'](?P<style>" + styles + rb")[\"'])[^<>]*)>"
    for row, column, match in cells_like(xml, pattern) if formats else ():
        if not 0 < row <= len(rows) or column >= len(rows[row - 1]):
            continue
        kind, value = formats[int(match["style"])], values[row - 1][column]
        if kind == "percent" and isinstance(value, float):
            rows[row - 1][column] = f"{number(str(Decimal(repr(value)) * 100))}%"
            counts[kind] += 1
        elif kind in _LENGTHS and isinstance(value, dt.date):
            rows[row - 1][column] = value.isoformat()[: _LENGTHS[kind]]
            counts[kind] += 1
        elif kind not in _LENGTHS and kind != "percent" and isinstance(value, float):
            counts[f"{kind}, which is not read"] += 1
    large = sum(1 for row in values for value in row if isinstance(value, float) and abs(value) >= EXACT)
    said = [f"{many(count, 'cell')} shown as {kind}" for kind, count in counts.items()]
    return said + ([f"{many(large, 'number')} of over 15 digits, of which the last are lost"] if large else [])


def _take_marks(rows: list[list[str]], xml: bytes, strings: bytes, result: Found) -> None:
    places = []
    for row, column, text in raised_marks.without(xml, strings):
        if 0 < row <= len(rows) and column < len(rows[row - 1]):
            rows[row - 1][column] = text
            places.append(f"{letters(column)}{row}")
    if places:
        first = ", ".join(places[:3])
        result.noticed.append(f"{many(len(places), 'cell')} with a raised mark, which is left out: {first}")


def _take_errors(rows: list[list[str]], xml: bytes, result: Found) -> None:
    has_errors = b't="e"' in xml or b"t='e'" in xml
    for row, column, match in cells_like(xml, _ERROR) if has_errors else ():
        error = tidy(match["value"].decode("utf-8", "replace"))
        if 0 < row <= len(rows) and column < len(rows[row - 1]):
            rows[row - 1][column] = error
        _note(result, row, column, f"shows the error {error}; correct it in the workbook")


def _take_formulas(xml: bytes, result: Found) -> None:
    cells = formulas(xml)
    if cells:
        first = ", ".join(f"{letters(column)}{row}" for row, column in cells[:3])
        result.noticed.append(f"{many(len(cells), 'cell')} with formulas, read as what they gave last: {first}")
        for row, column, match in cells_like(xml, _EMPTY):
            if not re.search(rb"\bt=[\"'](?:str|e)[\"']", match["head"]):
                _note(result, row, column, "is a formula that gave nothing yet; open the workbook, and save it")


def _note(result: Found, row: int, column: int, message: str) -> None:
    if row:
        result.faults.append((row, column, message))
    else:
        result.notes.append(Fault(str(result.sheet), f"has a cell whose place is not said that {message}"))


def _take_merged(rows: list[list[str]], merged: Iterable[_Range], is_filled: bool, result: Found) -> None:
    """Give each of some merged cells the value of the first, or say for each row that its cells are merged."""
    width = max(map(len, rows), default=0)
    left = _MOST_MERGED
    for (top, first), (end, last) in merged:
        name = f"{letters(first)}{top + 1}:{letters(last)}{end + 1}"
        left -= (end - top + 1) * (last - first + 1)
        if left < 0:
            raise DataError(f"has too many merged cells, {name} among them; part them, and save it again as XLSX")
        if is_filled:
            rows.extend([""] * width for _ in range(end + 1 - len(rows)))
            for row in rows[top : end + 1]:
                row[first : last + 1] = [rows[top][first]] * len(row[first : last + 1])
        else:
            what = 'are merged; part them, or set merged = "fill" in [table] to repeat the value'
            result.notes += [Fault(f"{result.sheet}!{name}", what, at + 1) for at in range(top, end + 1)]


def _hidden(xml: bytes) -> Iterator[str]:
    found = _HIDDEN.findall(xml) if b"hidden" in xml else ()
    rows = sum(1 for kind, _ in found if kind == b"row")
    if rows:
        yield f"{many(rows, 'row')} hidden in the sheet, and read all the same"
    spans = [dict(_SPAN.findall(head)) for kind, head in found if kind == b"col"]
    ends = [(int(span[b"min"]) - 1, int(span[b"max"]) - 1) for span in spans if len(span) == 2]
    columns = [letters(first) if first == last else f"{letters(first)}-{letters(last)}" for first, last in ends]
    if columns:
        yield f"columns hidden in the sheet, and read all the same: {', '.join(columns)}"


def _is_1904(book: Workbook) -> bool:
    properties = elements(book.part("xl/workbook.xml"), ".//{*}workbookPr")
    return any(each.get("date1904") in {"1", "true", "on"} for each in properties)
