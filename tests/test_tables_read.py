"""Tables are read as rows of text: as they are written where that can be told, and with one line where it cannot."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from pyarrow import parquet

from coopgraph.claims import passages
from coopgraph.errors import DataError, UsageError
from coopgraph.tables import delimited, raised_marks, records
from coopgraph.tables import table as tables
from coopgraph.tables.cells import tidy
from coopgraph.tables.files import read
from coopgraph.tables.table import Settings, Table


def at(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # noqa: DTZ001 - spreadsheets know no time zones


DELIMITERS = ",;\t|"


def made(folder: Path, content: str | bytes, settings: Settings = tables.NOTHING_SET, name: str = "t.csv") -> Table:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read(path, settings)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_delimiter_and_line_ends_are_noticed(tmp_path: Path, delimiter: str, end: str) -> None:
    """Each delimiter is noticed and said, with any line ends; a quoted cell may hold it and a line end."""
    text = end.join(["id|name", '1|"a | b"', f'2|"c{end}d"', ""]).replace("|", delimiter)
    table = made(tmp_path, text)
    assert table.columns == ("id", "name")
    assert cells(table) == [("1", tidy(f"a {delimiter} b")), ("2", "c d")]
    assert [row.number for row in table.rows] == [2, 3]
    assert any(line.startswith("delimiter ") for line in table.noticed)
    assert table.place(3, 1) == 't.csv:3, column "name"'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \r\n\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"id,name\n", "a header and no rows"),
        (b'id,name\n1,a\n2,"b\n3,c\n', "opens a quote in line 3 that never closes"),
        (b'id,name\n1,"a\n2,b\n3,"c"\n', "opens a quote in line 2 that closes in line 4 before the end of its cell"),
        (b"id,name;note\n1,a;b\n2,c;d\n", r"may be parted by a comma \(2 columns\) or a semicolon \(2 columns\)"),
        (b"id,name\n1,\0\0\0a\n", "NUL bytes, the first in line 2"),
        (b"\xd0\xcf\x11\xe0 old", r"old workbook \(XLS\)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "with a password"),
        (b"<!DOCTYPE html><table><tr><td>a,b", "is a page of HTML"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x1f\x8b\x08", "unpack it"),
        (b"1,2,3\n4,5,6\n", "has figures and no names in row 1"),
        (
            b"Projects of 2020\nid,name,year\n1,a,2001\n2,b,2002\n",
            "has one name above rows of 3 cells",
        ),
        ("é,b\n".encode() + b"\xe9,x\n" * 20, "mixes encodings: 1 of 21 lines"),
        (b"Table 1: Projects,,,\nid,name,year,state\n1,a,2001,x\n", "set header_row in "),
        ("miasto;kraj\nŁódź;Polska\nGdańsk;Polska\nŚwięciany;Litwa\n".encode("cp1250"), "may be in .*cp1252.*Łódź"),
        (
            "a,b\nMünchen,é\n".encode() + "x,Köln\ny,Genève\nz,Besançon\n".encode("cp1252"),
            "mixes encodings: 1 of 4 lines",
        ),
    ],
)
def test_what_is_no_table_is_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    """A file that is no table, or may be read in two ways, is refused in one line that names it."""
    with pytest.raises(DataError, match=words) as caught:
        made(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path / 't.csv'}: ")
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_one_line(tmp_path: Path) -> None:
    """A folder, a pipe, a link that leads nowhere and a file that is too large are refused before they are read."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "link.csv").symlink_to("nowhere.csv")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(2 << 30)
    for name, words in (
        (".", "is a folder"),
        ("pipe.csv", "is a pipe"),
        ("link.csv", "cannot be read"),
        ("large.csv", "is larger than 256 MB"),
    ):
        with pytest.raises(DataError, match=words):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "ville,pays\nOrléans,France\n"),
        ("utf-16", "ville,pays\nOrléans,France\n"),
        ("utf-16-le", "ville,pays\nOrléans,France\n"),
        ("cp1252", "ville;pays;état\nAlès;France;achevé\nNîmes;France;signé\nMünster;Germany;prêt\n"),
        ("cp1251", "город;страна\nМосква;Россия\nСанкт-Петербург;Россия\nКазань;Россия\n"),
        ("koi8-r", "город;страна\nМосква;Россия\nСанкт-Петербург;Россия\nКазань;Россия\n"),
        ("gb18030", "项目,国家,状态\n雅万高铁,印度尼西亚,已完成\n中老铁路,老挝,已完成\n瓜达尔港,巴基斯坦,实施中\n"),
        ("big5", "項目,國家,狀態\n雅萬高鐵,印度尼西亞,已完成\n中寮鐵路,寮國,已完成\n"),
        ("cp932", "都市,国\n東京,日本\n大阪,日本\nパリ,フランス\nロンドン,イギリス\n"),
    ],
)
def test_an_encoding_is_noticed_and_said(tmp_path: Path, encoding: str, text: str) -> None:
    """A table in another encoding is read in it, and what it was read in is said."""
    table = made(tmp_path, text.encode(encoding))
    rows = [tuple(re.split("[,;]", line)) for line in text.splitlines()]
    assert [table.columns, *cells(table)] == rows
    assert any(line.startswith("encoding ") for line in table.noticed)
    assert not table.faults


def test_what_is_set_goes_before_what_is_noticed(tmp_path: Path) -> None:
    """A mapping's encoding, delimiter, quote and header are taken as they are set."""
    text = "Cities\n\nid;'name'\n1;'Łódź; Kraj'\n".encode("cp1250")
    table = made(tmp_path, text, Settings(encoding="cp1250", delimiter=";", quote="'", header_row=3))
    assert (table.columns, cells(table), table.rows[0].number) == (("id", "name"), [("1", "Łódź; Kraj")], 4)
    assert {"encoding cp1250, as set", "delimiter a semicolon, as set", "quoted with '"} <= set(table.noticed)
    bare = made(tmp_path, 'id,name\n1,5" pipe\n2,"x\n', Settings(quote=""))
    assert cells(bare) == [("1", '5" pipe'), ("2", '"x')]
    for bad in ({"delimiter": "ab"}, {"delimiter": '"'}, {"quote": "''"}, {"header_row": 0}, {"encoding": "zlib"}):
        with pytest.raises(UsageError):
            Settings(**bad)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="has no row 9"):
        made(tmp_path, "a,b\n1,2\n", Settings(header_row=9))


def test_headers_are_made_unique_and_named(tmp_path: Path) -> None:
    """A second column of a name gets a number, one without a name its letter, and both are said."""
    table = made(tmp_path, "a, a ,a (2),,b,\n1,2,3,4,5,\n")
    assert table.columns == ("a", "a (3)", "a (2)", "column D", "b")
    assert cells(table) == [("1", "2", "3", "4", "5")]
    assert [line for line in table.noticed if "called" in line] == [
        "columns without a name are called by their letter: D",
        "another column is called 'a' too; it is called 'a (3)'",
    ]


def test_faults_have_their_place(tmp_path: Path) -> None:
    """Ragged rows, damaged cells and a mark in the middle are faults at their place; blank rows are counted."""
    content = (
        b"id,name,note\n1,a\n\n2,b,c,d\n3,b\xe9,\n4,\xef\xbb\xbfx,\xc3\xa9\n5,\xc3\xa9,a\0b\n6,y,z,,\n ,\xc2\xa0,\n"
    )
    table = made(tmp_path, content)
    assert [(fault.row, fault.place, fault.message.partition(";")[0]) for fault in table.faults] == [
        (2, 't.csv:2, column "name"', "ends a row of 2 cells under 3 columns"),
        (4, 't.csv:4, column "note"', "has 'd' behind the last column"),
        (5, 't.csv:5, column "name"', "holds letters that its encoding does not have"),
        (6, 't.csv:6, column "name"', "holds a byte order mark, as files do that were joined"),
        (7, 't.csv:7, column "note"', "holds a NUL character, which is left out"),
    ]
    assert [row.number for row in table.rows] == [2, 4, 5, 6, 7, 8]
    assert all(len(row.cells) == 3 for row in table.rows)
    assert "2 blank rows left out: 3, 9" in table.noticed
    assert "encoding utf-8, but for 1 of 4 lines beyond ASCII, the first line 5" in table.noticed


def test_long_cells_and_many_columns_are_read(tmp_path: Path) -> None:
    """A cell of 300,000 characters and a table of 500 columns are read; one of over a million characters is a fault."""
    limit = csv.field_size_limit()  # another library may have raised it
    table = made(tmp_path, ",".join(f"c{at}" for at in range(500)) + "\n" + "x" * 300_000 + "," * 499 + "\n")
    assert len(table.columns) == 500
    assert not table.faults
    table = made(tmp_path, f"a,b\n1,{'x' * 1_000_001}\n")
    assert table.faults[0].message.startswith("has 1,000,001 characters")
    assert csv.field_size_limit() == limit


def test_a_table_has_its_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of too many rows or cells is refused, in each form."""
    monkeypatch.setattr(delimited, "MOST_ROWS", 10)
    monkeypatch.setattr(records, "MOST_ROWS", 10)
    monkeypatch.setattr(records, "_MOST_CELLS", 10)
    for content in ("a,b\n" + "1,2\n" * 11, '{"a": 1}\n' * 12):
        with pytest.raises(DataError, match="has more than 10 rows; make several files of it"):
            made(tmp_path, content)
    with pytest.raises(DataError, match="has 6 rows of 2 columns; make several files of it"):
        made(tmp_path, "a,b\n" + "1,2\n" * 6)


def test_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    """A table of one column is read as one, whatever marks are in its cells, and that is said."""
    table = made(tmp_path, "title\nBerat, Albania\nFermo\nA; b | c, d\n")
    assert cells(table) == [("Berat, Albania",), ("Fermo",), ("A; b | c, d",)]
    assert "no delimiter: one column" in table.noticed


def test_a_formula_is_text(tmp_path: Path) -> None:
    """What a spreadsheet would run is read as it stands."""
    assert cells(made(tmp_path, "a,b\n=cmd|' /C calc'!A0,@x\n", Settings(delimiter=",")))[0] == (
        "=cmd|' /C calc'!A0",
        "@x",
    )


texts = st.text(max_size=12).map(lambda text: text.replace("\0", "").replace("\ufeff", "").replace("\ufffd", ""))
written = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(written, st.sampled_from(DELIMITERS))
def test_any_table_reads_back(tmp_path: Path, rows: Sequence[Sequence[str]], delimiter: str) -> None:
    """A table that Python writes reads back to the same cells, and each row is a paragraph of its text."""
    out = io.StringIO()
    names = [f"name {at}" for at in range(len(rows[0]))]
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([names, *rows, ["end"] * len(names)])
    table = made(tmp_path, out.getvalue().encode("utf-8", "replace"), Settings(delimiter=delimiter))
    wanted = [tuple(tidy(cell.encode("utf-8", "replace").decode()) for cell in row) for row in rows]
    assert cells(table) == [*filter(any, wanted), ("end",) * len(names)]
    assert not table.faults
    text = tables.text(table)
    assert passages.normalise(text) == text
    assert list(passages.paragraphs(text))[1:] == tables.bounds(table)
    assert [text[slice(*bounds)].split("\t") for bounds in tables.bounds(table)] == [
        list(row.cells) for row in table.rows
    ]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever is in a file, it is read as a table or refused, and never breaks."""
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n" + content)
    with suppress(DataError):
        table = read(path)
        assert list(passages.paragraphs(tables.text(table)))[1:] == tables.bounds(table)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("aiddata-china-eap-projects.csv", 443, 59),
        ("twincities-hekman-wikipedia.csv", 25_917, 8),
        ("aiddata-global-chinese-official-finance-v1.xlsx", 5_466, 54),
    ],
)
def test_real_tables_are_read_whole(table_files: Path, name: str, rows: int, columns: int) -> None:
    """The real tables are read with all of their rows and without a fault, and each row is a paragraph of the text."""
    table = read(table_files / name)
    assert (len(table.rows), len(table.columns), table.faults) == (rows, columns, ())
    assert list(passages.paragraphs(tables.text(table)))[1:] == tables.bounds(table)


def workbook(folder: Path, fill: Callable[[openpyxl.Workbook], None], edit: Callable[[str], str] = str) -> Path:
    """A workbook, and the XML of its first sheet as edited afterwards."""
    book = openpyxl.Workbook()
    fill(book)
    book.save(folder / "made.xlsx")
    path = folder / "t.xlsx"
    with zipfile.ZipFile(folder / "made.xlsx") as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in made.namelist():
            part = made.read(name)
            is_sheet = name.endswith("sheet1.xml")
            out.writestr(name, edit(part.decode()).encode() if is_sheet else part)
    return path


def filled(rows: Iterable[Sequence[object]], **formats: str) -> Callable[[openpyxl.Workbook], None]:
    def fill(book: openpyxl.Workbook) -> None:
        for row in rows:
            book.active.append(row)
        for cell, code in formats.items():
            book.active[cell].number_format = code

    return fill


def test_a_workbook_reads_as_it_shows(tmp_path: Path) -> None:
    """Numbers have their shortest form, days, times, shares and years are told by their format, and so it is said."""
    rows = [
        ["n", "day", "share", "year", "ok", "text"],
        [150000.0, at(2020, 1, 2), 0.07, at(2010, 1, 1), True, " a\u00a0\n b "],
        [100000.0 * 10**9, at(2020, 1, 2, 3, 4, 5), 1.5, at(2011, 5, 1), False, "1,000.50"],
        [0.00001, dt.time(12, 30), 0.5, at(2012, 5, 3), None, "N/A"],
        [12345678901234567890, dt.timedelta(hours=30), -0.25, None, None, None],
    ]
    formats = {f"C{n}": "0.00%" for n in (2, 3)} | {"D2": "yyyy", "D3": 'mmm "in" yyyy', "D4": "yyyy-mm-dd"}
    table = read(workbook(tmp_path, filled(rows, **formats)))
    assert cells(table) == [
        ("150000", "2020-01-02", "7%", "2010", "TRUE", "a b"),
        ("100000000000000", "2020-01-02T03:04:05", "150%", "2011-05", "FALSE", "1,000.50"),
        ("0.00001", "12:30:00", "0.5", "2012-05-03", "", "N/A"),
        ("12345678901234570000", "30:00:00", "-0.25", "", "", ""),
    ]
    assert not table.faults
    assert {"2 cells shown as percent", "1 cell shown as year", "1 cell shown as month"} <= set(table.noticed)
    assert "1 number of over 15 digits, of which the last are lost" in table.noticed
    assert (table.sheet, table.place(3, 27)) == ("Sheet", "Sheet!AB3")


def test_days_that_count_from_1904_are_the_same_days(tmp_path: Path) -> None:
    """A workbook of the other date system has its own days, and that it is one is said."""

    def fill(book: openpyxl.Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        filled([["day"], [at(2020, 1, 2)]])(book)

    table = read(workbook(tmp_path, fill))
    assert cells(table) == [("2020-01-02",)]
    assert "dates count from 1904" in table.noticed


def test_what_a_workbook_hides_is_said(tmp_path: Path) -> None:
    """Errors and formulas without a value are faults at their cell; formulas, hidden rows and columns are said."""

    def fill(book: openpyxl.Workbook) -> None:
        filled([["a", "b", "c"], ["=1+1", "x", "=2*2"], [1, "#REF!", 3], [4, 5, 6]])(book)
        book.active["B3"].data_type = "e"
        book.active.row_dimensions[4].hidden = True
        book.active.column_dimensions["B"].hidden = True

    gave = re.compile(r"(<f>2\*2</f>)<v ?(?:/>|></v>)")
    table = read(workbook(tmp_path, fill, lambda xml: gave.sub(r"\1<v>4</v>", xml)))
    assert cells(table) == [("", "x", "4"), ("1", "#REF!", "3"), ("4", "5", "6")]
    assert [(fault.place, fault.row, fault.message.partition(";")[0]) for fault in table.faults] == [
        ("Sheet!A2", 2, "is a formula that gave nothing yet"),
        ("Sheet!B3", 3, "shows the error #REF!"),
    ]
    assert {
        "2 cells with formulas, read as what they gave last: A2, C2",
        "1 row hidden in the sheet, and read all the same",
        "columns hidden in the sheet, and read all the same: B",
    } <= set(table.noticed)


def test_raised_marks_are_no_part_of_a_number(tmp_path: Path) -> None:
    """The mark of a footnote behind a number or a name is left out and told, wherever the text of a cell is kept."""
    raised = InlineFont(vertAlign="superscript")

    def fill(book: openpyxl.Workbook) -> None:
        marked = [
            CellRichText(*each) for each in (("Japan", TextBlock(raised, "a")), ("1200", TextBlock(raised, "2)")))
        ]
        kept = [CellRichText("19", TextBlock(raised, "th"), " Fair"), CellRichText("km", TextBlock(raised, "2"))]
        filled([["name", "sum"], marked, kept])(book)

    table = read(workbook(tmp_path, fill))
    assert cells(table) == [("Japan", "1200"), ("19th Fair", "km2")]
    assert "2 cells with a raised mark, which is left out: A2, B2" in table.noticed
    shared = (
        b'<sst><si><t>x</t></si><si><r><t>5</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>3</t></r></si></sst>'
    )
    assert [*raised_marks.without(b'<c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>0</v></c>', shared)] == [(2, 1, "5")]


def test_a_currency_that_only_a_format_shows_is_told(tmp_path: Path) -> None:
    """Figures of two currencies in one column are not taken in silence for figures of one."""
    fill = filled([["sum"], [1200], [1300], [1400]], A2="[$€-2] #,##0", A3='"$"#,##0', A4="#,##0")
    noticed = read(workbook(tmp_path, fill)).noticed
    assert {"1 cell shown as €, which is not read", "1 cell shown as $, which is not read"} <= set(noticed)


def test_merged_cells_are_faults_or_filled(tmp_path: Path) -> None:
    """Merged cells are a fault of each of their rows with the range, unless the mapping says to repeat the value."""

    def fill(book: openpyxl.Workbook) -> None:
        filled([["a", "b"], ["x", 1], [None, 2], ["y", 3]])(book)
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("A4:A5")

    path = workbook(tmp_path, fill)
    assert [(fault.place, fault.row) for fault in read(path).faults] == [
        ("Sheet!A2:A3", 2), ("Sheet!A2:A3", 3), ("Sheet!A4:A5", 4), ("Sheet!A4:A5", 5),
    ]  # fmt: skip
    table = read(path, Settings(merged="fill"))
    assert (cells(table), table.faults) == ([("x", "1"), ("x", "2"), ("y", "3"), ("y", "")], ())


def test_a_sheet_is_chosen_or_asked_for(tmp_path: Path) -> None:
    """The one sheet that shows something is read, hidden ones are not; of several, one has to be named."""

    def fill(book: openpyxl.Workbook) -> None:
        filled([["a"], ["1"]])(book)
        for name in ("empty", "secret", "more"):
            book.create_sheet(name)
        book["secret"].append(["b"])
        book["secret"].append(["2"])
        book["secret"].sheet_state = "hidden"

    path = workbook(tmp_path, fill)
    table = read(path)
    assert (cells(table), table.sheet) == ([("1",)], "Sheet")
    assert "sheet 'Sheet'; not read: 'empty' (empty), 'secret' (hidden), 'more' (empty)" in table.noticed
    assert cells(read(path, Settings(sheet="secret"))) == [("2",)]
    with pytest.raises(DataError, match="no sheet is called 'secrt'; did you mean secret"):
        read(path, Settings(sheet="secrt"))

    def fill_two(book: openpyxl.Workbook) -> None:
        fill(book)
        book["more"].append(["c"])

    with pytest.raises(DataError, match=r"has 2 sheets, 'Sheet', 'more'; set sheet in \[table\]"):
        read(workbook(tmp_path, fill_two))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda xml: xml.replace('r="A2"', 'r="XFD1048576"'), "cells span 1,048,576 rows and 16,384 columns"),
        (lambda xml: xml.replace('r="A2"', 'r="ZZZZZZZZ99999999999"'), "cells span"),
        (lambda xml: xml.replace("<v>1</v>", "<v>one</v>"), "is no XLSX that can be read"),
        (lambda xml: xml[:300], "is no XLSX that can be read|rows"),
        (lambda xml: xml + " " * (9 << 20), "unfolds to more than 8 MB"),
        (lambda xml: re.sub("<sheetData>.*</sheetData>", "<sheetData/>", xml), "is empty"),
    ],
)
def test_a_workbook_that_is_broken_or_a_bomb_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, edit: Callable[[str], str], words: str
) -> None:
    """A workbook that is broken, or would fill the memory, is refused in one line."""
    monkeypatch.setattr("coopgraph.reading.workbook.LARGEST", 8 << 20)
    path = workbook(tmp_path, filled([["a"], [1]]), edit)
    with pytest.raises(DataError, match=words) as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_packages_that_are_no_workbook_are_named(tmp_path: Path) -> None:
    """Other packages are refused in one line, with what to do."""
    for name, words in (("content.xml", "OpenDocument"), ("xl/workbook.bin", "XLSB"), ("a.csv", "unpack it")):
        with zipfile.ZipFile(tmp_path / "t.csv", "w") as package:
            package.writestr(name, "x")
        with pytest.raises(DataError, match=words):
            read(tmp_path / "t.csv")
    whole = workbook(tmp_path, filled([["a"], [1]])).read_bytes()
    for length in (10, len(whole) // 2, len(whole) - 5):
        with pytest.raises(DataError):
            made(tmp_path, whole[:length])


def test_json_lines_are_laid_out(tmp_path: Path) -> None:
    """Keys are columns as they are first seen, values in values have names with dots, lists are joined."""
    lines = [
        '{"id": 1, "place": null, "ok": true, "tags": ["a", "b"], "usd": 1.50}',
        '{"id": 2, "place": {"city": "Berat", "at": {"lat": 40.7}}, "parts": [{"who": "x"}], "usd": 1e5}',
        "",
        '{"id": "003", "note": "two\\nlines"}',
    ]
    table = made(tmp_path, "\n".join(lines))
    assert table.columns == ("id", "ok", "tags", "usd", "place.city", "place.at.lat", "parts", "note")
    assert cells(table) == [
        ("1", "TRUE", "a; b", "1.5", "", "", "", ""),
        ("2", "", "", "100000", "Berat", "40.7", '{"who": "x"}', ""),
        ("003", "", "", "", "", "", "", "two lines"),
    ]
    assert [row.number for row in table.rows] == [1, 2, 4]
    assert table.media_type == "application/jsonl"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"a": 1', "line 2 is no JSON"),
        ("[1]", "line 2 is no JSON object"),
        ('{"a": 1, "a": 2}', "line 2 has the key 'a' twice"),
        ('{"a": NaN}', "line 2 has NaN, which is no number"),
        ('{"b": {"c": 1}, "b.c": 2}', "line 2 has two values of 'b.c'"),
        ('{"a": ' * 50 + "1" + "}" * 50, "line 2 has values in more than 20 others"),
        ('{"a": ' + "[" * 200_000 + "]" * 200_000 + "}", "line 2 has"),
    ],
)
def test_a_broken_line_has_its_number(tmp_path: Path, line: str, words: str) -> None:
    """A line of JSON Lines that is none is refused with its number."""
    with pytest.raises(DataError, match=words) as caught:
        made(tmp_path, f'{{"a": 1}}\n{line}\n')
    assert "\n" not in str(caught.value)
    with pytest.raises(DataError, match="one JSON array"):
        made(tmp_path, '[{"a": 1}]')


def test_parquet_is_read_by_its_types(tmp_path: Path) -> None:
    """Values of each type are text as in any other form, and fields of fields are columns of their own."""
    table = pa.table(
        {
            "id": [1, 2],
            "small": pa.array([0.1, None], pa.float32()),
            "sum": [Decimal("1500.50"), None],
            "day": [dt.date(2020, 1, 2), None],
            "at": pa.array([1_577_934_245_000_000_001, 1_577_923_200_000_000_000], pa.timestamp("ns")),
            "ok": [True, False],
            "tags": [["a", "b"], []],
            "place": [{"city": "Berat", "at": {"lat": 40.0}}, None],
            "kind": pa.array(["x", "x"]).dictionary_encode(),
            "raw": [b"\xc3\xa9", b"\xff"],
        }
    )
    parquet.write_table(table, tmp_path / "t.parquet")
    found = read(tmp_path / "t.parquet")
    assert found.columns == (
        "id",
        "small",
        "sum",
        "day",
        "at",
        "ok",
        "tags",
        "place.city",
        "place.at.lat",
        "kind",
        "raw",
    )
    assert cells(found) == [
        ("1", "0.1", "1500.5", "2020-01-02", "2020-01-02T03:04:05", "TRUE", "a; b", "Berat", "40", "x", "é"),
        ("2", "", "", "", "2020-01-02", "FALSE", "", "", "", "x", "\ufffd"),
    ]
    assert [fault.place for fault in found.faults] == ['t.parquet:2, column "raw"']
    whole = (tmp_path / "t.parquet").read_bytes()
    for content in (whole[:100], b"PAR1" + whole[50:-1], whole[:-4]):
        with pytest.raises(DataError, match="no Parquet file"):
            made(tmp_path, content)
