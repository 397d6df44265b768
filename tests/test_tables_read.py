"""Tables are read as rows of text: as they are written where that can be told, and with one line where it cannot."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.claims import passages
from coopgraph.errors import DataError, UsageError
from coopgraph.tables import table as tables
from coopgraph.tables.cells import tidy
from coopgraph.tables.files import read
from coopgraph.tables.table import Settings, Table

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
    table = made(tmp_path, ",".join(f"c{at}" for at in range(500)) + "\n" + "x" * 300_000 + "," * 499 + "\n")
    assert len(table.columns) == 500
    assert not table.faults
    table = made(tmp_path, f"a,b\n1,{'x' * 1_000_001}\n")
    assert table.faults[0].message.startswith("has 1,000,001 characters")
    assert csv.field_size_limit() == 131_072


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


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [("aiddata-china-eap-projects.csv", 443, 59), ("twincities-hekman-wikipedia.csv", 25_917, 8)],
)
def test_real_tables_are_read_whole(table_files: Path, name: str, rows: int, columns: int) -> None:
    """The real tables are read with all of their rows and without a fault, and each row is a paragraph of the text."""
    table = read(table_files / name)
    assert (len(table.rows), len(table.columns), table.faults) == (rows, columns, ())
    assert list(passages.paragraphs(tables.text(table)))[1:] == tables.bounds(table)
