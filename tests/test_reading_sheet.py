"""Proposals as a spreadsheet and back: what was written is taken, and a fault keeps the whole sheet out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reviewing
from conftest import Run
from coopgraph.ask.graph import load
from coopgraph.claims import workspace
from coopgraph.errors import DataError
from coopgraph.reading import records, sheet_files, sheet_gate, sheet_reader, sheet_rows, vocabulary
from coopgraph.reading.model import Decision

Row = dict[str, str]


def decisions(folder: Path) -> list[Decision]:
    return records.read(Decision, records.paths(workspace.find(folder), "release").decisions)


@pytest.fixture
def ready(tiny: Path) -> Path:
    """A workspace with proposals."""
    reviewing.prepare(tiny)
    return tiny


@pytest.fixture
def sheet(ready: Path, run: Run, tmp_path: Path) -> Callable[..., Path]:
    """Write the sheet of the proposals with changes: `sheet({0: {"status": "planned"}}, "csv", [a row more])`."""
    rows = list(csv.DictReader(io.StringIO(run("sheet", "release", "-w", ready).out.removeprefix("\ufeff"))))

    def write(changes: dict[int, Row], ending: str = "csv", more: tuple[Row, ...] = ()) -> Path:
        table = [{**row, **changes.get(number, {})} for number, row in enumerate(rows)]
        names = list(rows[0])
        cells = [names, *([row.get(name, "") for name in names] for row in (*table, *more))]
        path = tmp_path / f"claims.{ending}"
        sheet_files.write(cells, path)
        return path

    return write


@pytest.mark.sampled(1)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_that_was_filled_in_gives_what_a_review_gives(
    ending: str, ready: Path, sheet: Callable[..., Path], run: Run
) -> None:
    """Accept, change, reject and add in a sheet become decisions, and taking it again decides nothing new."""
    text = "Northport cooperates with Coast Province."
    added = {"subject": "Coast Province", "predicate": "supports", "object": "Sea Lodge (new Company)",
             "status": "denied", "quotation": text.replace(" with", "  with"), "fields": "Finance; Trade",
             "decision": "accept"}  # fmt: skip
    changes = {
        0: {"decision": "accept"},
        1: {"decision": "accept", "subject": "Northport Trade Council", "from": "2014-05"},
        2: {"decision": "Accept", "status": "计划中", "gist": "A hope."},
        3: {"decision": "reject: not said"},
    }
    path = sheet(changes, ending, (added,))
    taken = run("sheet", "release", "--import", path, "-w", ready)
    assert taken.code == 0, taken.err
    log = decisions(ready)
    assert [each.act for each in log] == ["accept", "edit", "edit", "reject", "add"]
    assert log[1].claim.subject.entity.endswith("/organisation/trade-council")
    assert (log[1].claim.period.valid_from, log[1].claim.period.valid_from_precision) == ("2014-05-01", "month")
    assert (log[2].claim.status, log[2].gist, log[3].reason) == ("planned", "A hope.", "not said")
    assert log[2].claim.speakers[0].entity.endswith("/person/ada-lin")
    assert (log[4].claim.quotation, log[4].claim.object.kind, len(log[4].claim.fields)) == (text, "Company", 2)
    assert run("accept", "release", "-w", ready).code == 0
    again = run("sheet", "release", "-o", path, "-w", ready)
    assert again.code == 0
    assert "nothing new" in run("sheet", "release", "--import", path, "-w", ready).err
    assert decisions(ready) == log


@pytest.fixture(scope="module")
def gate(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., sheet_gate.Gate]:
    """Take a sheet of the proposals with changes and rows more, and return what came of it."""
    folder = shutil.copytree(tiny_space, tmp_path_factory.mktemp("sheet") / "tiny")
    reviewing.prepare(folder)
    state = reviewing.session(folder).review
    with load(folder) as graph:
        words, statuses = vocabulary.vocabulary(graph.store), vocabulary.statuses(graph.store)
    header, *rows = sheet_rows.rows(state, words)

    def take(changes: dict[int, Row], *more: Row) -> sheet_gate.Gate:
        table = [dict(zip(header, row, strict=True)) | changes.get(at, {}) for at, row in enumerate(rows)]
        cells = [header, *([row.get(name, "") for name in header] for row in (*table, *more))]
        one = sheet_gate.Gate(sheet_reader.Context(state, words, statuses))
        letters = [sheet_files.letters(at) for at in range(len(header))]
        one.take([[sheet_files.Cell(text, f"{letters[at]}{n}") for at, text in enumerate(row)]
                  for n, row in enumerate(cells, 1)])  # fmt: skip
        return one

    return take


WORDS = "Northport cooperates with Coast Province."
FAULTS = (
    ({0: {"subject": "Northprot"}}, "B2: no thing is called 'Northprot'; did you mean Northport"),
    (
        {0: {"subject": "Sea Lodge"}},
        "B2: no thing is called 'Sea Lodge'; a new one is written with its class, as in Sea",
    ),
    ({0: {"subject": ""}}, "B2: there is no subject"),
    ({0: {"subject": "Harbour Association (new Actor)"}}, "B2: no class is called 'Actor'"),
    ({0: {"fields": "Finance; Fun"}}, "H2: no thing is called 'Fun'"),
    ({0: {"said by": "Nobody"}}, "I2: no thing is called 'Nobody'"),
    (
        {0: {"quotation": "Northport loves Coast Province."}},
        "F2: the quotation 'Northport loves Coast Pro",
    ),
    ({0: {"quotation": ""}}, "F2: the quotation '' is not in the text"),
    ({0: {"quotation": "Northport"}}, "F2: the quotation 'Northport' stands in several places"),
    ({0: {"status": "done"}}, "E2: no status is called 'done'"),
    ({0: {"predicate": "likes"}}, "C2: no relation is called 'likes'"),
    ({0: {"predicate": "takes part in"}}, "D2: 'Coast Province' is a Province, where"),
    ({0: {"object": "Northport"}}, "D2: 'Northport' would be linked to itself"),
    ({0: {"from": "soon"}}, "K2: 'soon' is no date"),
    ({0: {"decision": "yes"}}, "P2: no decision is called 'yes'"),
    ({0: {"status": "planned", "decision": ""}}, "P2: the row is changed (status) and not decided"),
    ({0: {"id": "nonsense"}}, "A2: no claim has the id 'nonsense'"),
    ({0: {"id": "", "decision": "reject"}}, "P2: only what is proposed can be decided so"),
    ({0: {"gist": WORDS}}, "O2: paragraph 2: the gist is the quotation"),
    ({3: {"value": "1,5", "decision": "accept"}}, "M5: '1,5' is no number"),
    ({3: {"object": "8 million people", "decision": "accept"}}, "D5: the quotation has no figure '8 million people'"),
)


@pytest.mark.parametrize(("changes", "told"), FAULTS)
def test_a_fault_is_told_with_its_cell(
    changes: dict[int, Row], told: str, gate: Callable[..., sheet_gate.Gate]
) -> None:
    """What makes no sense is told where it stands, and a row beside it is no reason to say nothing."""
    decided = {number: {"decision": "accept", **row} for number, row in changes.items()}
    (fault,) = gate({2: {"decision": "accept"}, **decided}).faults
    assert str(fault).startswith(told)


STATUSES = {
    "realised": "realised", "PLANNED": "planned", "已結束": "ended", "已结束": "ended", "期望中": "potential",
    "Denied": "denied",
}  # fmt: skip


@pytest.mark.parametrize(("word", "status"), STATUSES.items())
def test_a_status_is_written_in_any_of_three_languages(
    word: str, status: str, gate: Callable[..., sheet_gate.Gate]
) -> None:
    """Statuses are taken by name and by their labels."""
    taken = gate({0: {"status": word, "decision": "accept"}})
    assert (taken.faults, taken.decisions[0][1].status) == ([], status)


def test_equal_rows_are_refused(gate: Callable[..., sheet_gate.Gate]) -> None:
    """The same claim twice is told with both rows."""
    row = {"subject": "Northport", "predicate": "supports", "object": "Eastland", "status": "realised",
           "quotation": WORDS, "decision": "accept"}  # fmt: skip
    assert list(map(str, gate({}, row, row).faults)) == ["P7: says the same as the row of P6; leave one of them"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_one_fault_keeps_the_whole_sheet_out(ending: str, ready: Path, sheet: Callable[..., Path], run: Run) -> None:
    """Faults of several cells are told together, and no row is taken, those without a fault neither."""
    path = sheet({0: {"subject": "X", "status": "Y", "decision": "accept"}, 2: {"decision": "accept"},
                  3: {"decision": "yes"}}, ending)  # fmt: skip
    refused = run("sheet", "release", "--import", path, "-w", ready)
    assert refused.code == 1
    assert [place in refused.err for place in ("!B2:", "!E2:", "!P5:")] == [True] * 3
    assert refused.error == f"claims.{ending}: 3 faults; nothing was taken, mend the sheet"
    assert decisions(ready) == []


_cells = st.text(max_size=12) | st.sampled_from(
    ["Northport", "Eastland", "supports", "population", WORDS, "accept", "reject: x", "7.5 million people", "2014", "—",
     "X (new City)", "; ;", "(new )", "1e5", "2", "https://example.org/id/place/northport", "planned", "\x00"]
)  # fmt: skip


@given(st.dictionaries(st.integers(0, 3), st.dictionaries(st.sampled_from(sheet_rows.COLUMNS), _cells)),
       st.lists(st.dictionaries(st.sampled_from(sheet_rows.COLUMNS), _cells), max_size=3))  # fmt: skip
def test_any_cells_are_decisions_or_faults(
    gate: Callable[..., sheet_gate.Gate], changes: dict[int, Row], more: list[Row]
) -> None:
    """Whatever is written into a sheet, each fault is one line with a cell, and a claim that is taken has its words."""
    taken = gate(changes, *more)
    for fault in taken.faults:
        assert fault.place
        assert "\n" not in str(fault)
    for act, claim, _, _ in taken.decisions:
        assert act in ("accept", "edit", "reject", "unsure", "add")
        assert reviewing.TEXT[claim.start : claim.end] == claim.quotation


def test_columns_are_named_and_in_any_order(ready: Path, run: Run, tmp_path: Path) -> None:
    """An unknown, a missing and a doubled column are told; order, case and separator do not matter."""
    path = tmp_path / "c.csv"
    for header, told in (
        ("id,subjct", "c.csv!B1: no column is called 'subjct'; did you mean subject"),
        ("id,id", "c.csv!B1: the column 'id' is there twice, in c.csv!A1 too"),
        ("id", "there is no column 'quotation'"),
        ("", "there is no column 'subject'"),
    ):
        path.write_text(header)
        refused = run("sheet", "release", "--import", path, "-w", ready)
        assert (refused.code, told in refused.err) == (1, True), refused.err
    cells = ("accept", "REALISED", "Eastland", "supports", "Northport", "Northport cooperates with Coast Province.")
    path.write_text("\ufeffDecision;Status;Object;Predicate;Subject;Quotation\r\n" + ";".join(cells) + "\r\n;;;;;\r\n")
    assert run("sheet", "release", "--import", path, "-w", ready).code == 0
    assert [each.act for each in decisions(ready)] == ["add"]


def test_what_a_spreadsheet_made_of_a_name_is_told(ready: Path, sheet: Callable[..., Path], run: Run) -> None:
    """A formula, a date, a time or a truth value in place of a name is a fault, also where the row is not decided."""
    path = sheet({}, "xlsx")
    book = openpyxl.load_workbook(path)
    book.active["B2"], book.active["D3"] = "=A2", dt.date(2020, 4, 3)
    book.active["B4"], book.active["B5"] = True, dt.time(3, 4)
    book.save(path)
    refused = run("sheet", "release", "--import", path, "-w", ready)
    assert refused.code == 1
    for told in ("B2: is a formula", "D3: is a date, where object has words", "B4: is no text", "B5: is no text"):
        assert f"claims!{told}" in refused.err


def test_days_and_numbers_of_a_spreadsheet_are_taken(ready: Path, sheet: Callable[..., Path], run: Run) -> None:
    """A date cell in a column of dates, and number cells, are what they show."""
    path = sheet({0: {"decision": "accept"}}, "xlsx")
    book = openpyxl.load_workbook(path)
    book.active["K2"], book.active["L2"], book.active["G2"] = dt.date(2014, 5, 1), 2016, 2
    book.save(path)
    assert run("sheet", "release", "--import", path, "-w", ready).code == 0
    period = decisions(ready)[0].claim.period
    assert (period.valid_from, period.valid_to, period.valid_to_precision) == ("2014-05-01", "2016-01-01", "year")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@x", "-x", "＝1", "'=x", "plain", "港口", "a\nb", '"q"'])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_cells_are_text_whatever_they_begin_with(text: str, ending: str, tmp_path: Path) -> None:
    """What a spreadsheet would run is written as text and read back as it was."""
    path = tmp_path / f"s.{ending}"
    sheet_files.write([["a"], [text]], path)
    assert sheet_files.read(path)[1][0][:1] == (text,)
    if ending == "xlsx":
        assert openpyxl.load_workbook(path).active["A2"].data_type == "s"
    else:
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_files_that_are_no_sheets_are_told(ready: Path, run: Run, tmp_path: Path) -> None:
    """Another ending, a broken file, one that is not there, two sheets: one line each, and nothing is taken."""
    (tmp_path / "a.ods").write_text("x")
    (tmp_path / "b.xlsx").write_text("x")
    (tmp_path / "c.csv").write_bytes(b"\xff\xfe,\x00")
    book = openpyxl.Workbook()
    book.create_sheet("more")
    book.save(tmp_path / "d.xlsx")
    for name, code, told in (
        ("a.ods", 2, "ends neither in .csv nor in .xlsx"), ("b.xlsx", 3, "is no XLSX that can be read"),
        ("c.csv", 3, "is not UTF-8"), ("d.xlsx", 3, "has 2 sheets"), ("e.csv", 3, "cannot be read"),
    ):  # fmt: skip
        refused = run("sheet", "release", "--import", tmp_path / name, "-w", ready)
        assert (refused.code, told in refused.error) == (code, True), refused.err
    assert run("sheet", "release", "-o", tmp_path / "a.ods", "-w", ready).code == 2
    assert run("sheet", "release", "-o", tmp_path / "no" / "a.xlsx", "-w", ready).code == 3


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV needs nothing; XLSX says what it needs."""
    import sys

    sheet_files.write([["a"]], tmp_path / "a.xlsx")
    for module in ("openpyxl", "python_calamine"):
        monkeypatch.setitem(sys.modules, module, None)
    sheet_files.write([["a"]], tmp_path / "a.csv")
    assert [cell.text for cell in sheet_files.read(tmp_path / "a.csv")[0]] == ["a"]
    with pytest.raises(DataError, match=r'pip install "\.\[read\]" in the folder of coopgraph, or write .csv'):
        sheet_files.write([["a"]], tmp_path / "a.xlsx")
    with pytest.raises(DataError, match=r'pip install "\.\[read\]" in the folder of coopgraph, or save it as .csv'):
        sheet_files.read(tmp_path / "a.xlsx")


FIGURE = {"subject": "Northport", "predicate": "figure", "object": "7.5 million people", "status": "realised",
          "quotation": "Northport had 7.5 million people in 2019.", "decision": "accept"}  # fmt: skip
LINK = {"subject": "Northport", "predicate": "supports", "object": "Eastland", "status": "realised",
        "quotation": WORDS, "decision": "accept"}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "column", "cells"),
    [
        (FIGURE, "measure", ("offices", "investment", "")), (FIGURE, "counterpart", ("Eastland", "X (new City)", "")),
        (FIGURE, "approximation", ("about", "over", "")), (FIGURE, "share of", ("Eastland", "Coast Province", "")),
        (FIGURE, "as of", ("2018", "2019-02", "")), (LINK, "as of", ("2018", "2019-02", "")),
        (LINK, "due by", ("2018", "2019-02", "")), (LINK, "change", ("start", "continue", "")),
        (LINK, "reported", ("true", "false", "")), (LINK, "relayed by", ("Ada Lin", "Northport Trade Council", "")),
        (LINK, "name in source", ("the port", "the harbour", "")),
    ],
)  # fmt: skip
def test_rows_that_differ_in_one_column_are_claims_of_their_own(
    row: Row, column: str, cells: tuple[str, ...], gate: Callable[..., sheet_gate.Gate]
) -> None:
    """What a row says beside its ends makes it another claim, and the same row twice is refused."""
    rows = [row | {column: cell} for cell in cells]
    taken = gate({}, *rows)
    assert list(map(str, taken.faults)) == []
    claims = [claim for _, claim, _, _ in taken.decisions]
    assert len({claim.id for claim in claims}) == len(cells)
    assert ["says the same as" in str(each) for each in gate({}, rows[0], rows[0]).faults] == [True]


@pytest.mark.parametrize(
    ("row", "more", "column", "told"),
    [
        (LINK, {"measure": "offices"}, "measure", "only a figure has this"),
        (LINK, {"counterpart": "Eastland"}, "counterpart", "only a figure has this"),
        (LINK, {"change": "growth"}, "change", "no change is called 'growth'"),
        (LINK, {"reported": "maybe"}, "reported", "'maybe' is neither true nor false"),
        (LINK, {"relayed by": "Nobody"}, "relayed by", "no thing is called 'Nobody'"),
        (LINK, {"due by": "soon"}, "due by", "'soon' is no date"),
        (FIGURE, {"measure": "ofices"}, "measure", "no measure is called 'ofices'; did you mean offices"),
        (FIGURE, {"approximation": "roughly"}, "approximation", "no approximation is called 'roughly'"),
        (FIGURE, {"counterpart": "Finance"}, "counterpart", "'Finance' is a Field, where 'counterpart' wants a Actor"),
        (FIGURE, {"period from": "2019"}, "period to", "a period has both ends"),
        (FIGURE, {"period from": "2019", "period to": "2018"}, "period to", "the period ends on 2018-12-31, before"),
        (FIGURE, {"from": "2019", "as of": "2018"}, "from", "a figure has one date"),
    ],
)
def test_what_makes_no_sense_beside_the_ends_is_told_in_its_column(
    row: Row, more: Row, column: str, told: str, gate: Callable[..., sheet_gate.Gate]
) -> None:
    """A qualifier of no sense is a fault of its cell."""
    place = sheet_files.letters(sheet_rows.COLUMNS.index(column))
    (fault,) = gate({}, row | more).faults
    assert str(fault).startswith(f"{place}6: {told}")


def test_all_that_a_row_says_stands_in_the_graph(ready: Path, sheet: Callable[..., Path], run: Run) -> None:
    """Two ranks of one passage are two claims; each column is written, comes back, and changes its claim again."""
    rank = FIGURE | {"predicate": "rank", "value": "1", "counterpart": "Eastland", "period from": "2019",
                     "period to": "2019", "as of": "2019-12-31", "approximation": "among", "share of": "Coast Province",
                     "unit": "NUM"}  # fmt: skip
    link = LINK | {"status": "planned", "due by": "2021-06", "change": "加强", "reported": "true",
                   "relayed by": "Ada Lin; Northport Trade Council", "name in source": "the port; 北港",
                   "as of": "2020"}  # fmt: skip
    path = sheet({}, "xlsx", (rank | {"measure": "investment"}, rank | {"measure": "offices"}, link))
    taken = run("sheet", "release", "--import", path, "-w", ready)
    assert taken.code == 0, taken.err
    assert run("accept", "release", "--partial", "-w", ready).code == 0
    file = ready / "graphs" / "release.ttl"
    text = file.read_text()
    assert text.count("a coop:Observation") == 2
    for line in (
        "coop:measure measure:investment", "coop:measure measure:offices", "coop:counterpart place:eastland",
        'coop:periodFrom "2019-01-01"^^xsd:date', 'coop:periodTo "2019-12-31"^^xsd:date', 'coop:approximation "among"',
        "coop:shareOf place:coast-province", 'coop:dueBy "2021-06-30"^^xsd:date', 'coop:dueByPrecision "month"',
        "coop:change change:strengthen", "coop:reported true", "coop:relayedBy organisation:trade-council, person:ada",
        '"the port"@en', '"北港"@zh', 'coop:asOf "2020-01-01"^^xsd:date',
    ):  # fmt: skip
        assert line in text, line
    assert "nothing is new" in run("accept", "release", "--partial", "-w", ready).err
    claims = path.with_name("graph.csv")
    assert run("sheet", file, "-o", claims, "-w", ready).code == 0
    assert "nothing is new" in run("sheet", file, "--import", claims, "-w", ready).err
    rows = [[cell.text for cell in row] for row in sheet_files.read(claims)]
    at, row = rows[0].index, next(row for row in rows if "supports" in row)
    assert (row[at("due by")], row[at("change")], row[at("reported")]) == ("2021-06", "strengthen", "true")
    row[at("due by")], row[at("change")], row[at("relayed by")] = "2022", "", "Ada Lin"
    sheet_files.write(rows, claims)
    assert "1 changed" in run("sheet", file, "--import", claims, "-w", ready).err
    text = file.read_text()
    assert 'coop:dueBy "2022-12-31"^^xsd:date' in text
    assert ("coop:change" in text, "relayedBy person:ada-lin ;" in text) == (False, True)


def test_a_sheet_without_the_further_columns_is_taken(ready: Path, run: Run, tmp_path: Path) -> None:
    """Columns that say what else a claim says may be missing, and the date of a figure stands under `from` then."""
    header, *rows = csv.reader(io.StringIO(run("sheet", "release", "-w", ready).out.removeprefix("\ufeff")))
    first = header.index("decision") + 1
    day = header.index("from"), header.index("as of")
    rows[3][day[0]] = rows[3][day[1]]
    rows[3][first - 1] = "accept"
    path = tmp_path / "old.csv"
    sheet_files.write([row[:first] for row in (header, *rows)], path)
    taken = run("sheet", "release", "--import", path, "-w", ready)
    assert "1 accept" in taken.err, taken.err
    assert decisions(ready)[0].claim.object.as_of == "2019-01-01"
