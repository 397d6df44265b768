"""Claims of a graph file as a spreadsheet and back: what was changed changes in the file, and all else stays."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import reviewing
from conftest import Run
from coopgraph.ask.graph import load
from coopgraph.claims import workspace
from coopgraph.reading import graph_files, sheet_files, sheet_gate, sheet_reader, sheet_rows, vocabulary
from coopgraph.reading.graph_claims import GraphClaims
from coopgraph.reading.model import Draft

Row = dict[str, str]
TEXT = "Offices\nNTC supports Eastland.\nOnce more, NTC supports Eastland.\nNorthport had 7.5 million people in 2019.\n"
DRAFTS = (
    Draft("r", "NTC supports Eastland.", "NTC", "supports", "Eastland", 2),
    Draft("r", "Once more, NTC supports Eastland.", "NTC", "supports", "Eastland"),
    Draft("r", "Northport had 7.5 million people in 2019.", "Northport", "population", "7.5 million people"),
)


@pytest.fixture(scope="module")
def made(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a graph file of two claims, one of which two passages state, and a note that no column has."""
    tiny = shutil.copytree(tiny_space, tmp_path_factory.mktemp("claims") / "tiny")
    reviewing.prepare(tiny, reviewing.document(TEXT), DRAFTS)
    reviewing.decide_all(reviewing.session(tiny))
    reviewing.accept(tiny)
    path = tiny / "graphs" / "release.ttl"
    path.write_text(path.read_text().replace("claim:release-001 a", "# seen by Bo\nclaim:release-001 a"))
    load(tiny).close()
    return tiny


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """The workspace, to be changed."""
    return shutil.copytree(made, tmp_path / "tiny")


@pytest.fixture
def taken(folder: Path) -> Callable[..., sheet_gate.Gate]:
    """Write the sheet with changes, take it and save what it makes of the file: `taken({0: {"status": "denied"}})`."""

    def take(changes: dict[int, Row], *more: Row) -> sheet_gate.Gate:
        with load(folder) as graph:
            words, statuses = vocabulary.vocabulary(graph.store), vocabulary.statuses(graph.store)
        space = workspace.find(folder)
        claims = GraphClaims(space, folder / "graphs" / "release.ttl", words)
        header, *rows = sheet_rows.rows(claims.review, words)
        table = [dict(zip(header, row, strict=True)) | changes.get(at, {}) for at, row in enumerate(rows)]
        cells = [header, *([row.get(name, "") for name in header] for row in (*table, *more))]
        gate = sheet_gate.Gate(sheet_reader.Context(claims.review, words, statuses, stand=True))
        gate.take([[sheet_files.Cell(text, f"{sheet_files.letters(at)}{n}") for at, text in enumerate(row)]
                   for n, row in enumerate(cells, 1)])  # fmt: skip
        if not gate.faults:
            graph_files.save(claims.change(gate).files, space)
        return gate

    return take


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    old, new = (Counter(line.strip() for line in text.splitlines()) for text in (before, after))
    return [*(old - new)], [*(new - old)]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_goes_out_and_comes_back(ending: str, folder: Path, run: Run, tmp_path: Path) -> None:
    """Claims have their quotations; an unchanged sheet changes nothing, and a changed cell its claim alone."""
    path, file = tmp_path / f"c.{ending}", folder / "graphs" / "release.ttl"
    before = file.read_text()
    assert "2 claims written" in run("sheet", "graphs/release.ttl", "-o", path, "-w", folder).err
    rows = [[cell.text for cell in row] for row in sheet_files.read(path)]
    assert rows[1][:6] == [
        "release-001", "Northport Trade Council", "supports", "Eastland", "realised",
        "NTC supports Eastland.\nOnce more, NTC supports Eastland.",
    ]  # fmt: skip
    assert "nothing is new" in run("sheet", file, "--import", path, "-w", folder).err
    assert file.read_text() == before
    rows[1][4] = "已结束"
    sheet_files.write(rows, path)
    done = run("sheet", file, "--import", path, "-w", folder)
    assert "0 new claims, 1 changed, 0 new entities: graphs/release.ttl" in done.err
    assert changed(before, file.read_text()) == (["coop:status status:realised ;"], ["coop:status status:ended ;"])
    rows[1][1], rows[2][12] = "NCT", "many"
    sheet_files.write(rows, path)
    refused = run("sheet", file, "--import", path, "-w", folder)
    assert (refused.code, refused.error) == (1, f"c.{ending}: 2 faults; nothing was taken, mend the sheet")
    assert "!B2: no thing is called 'NCT'" in refused.err
    assert "!M3: 'many' is no number" in refused.err


def test_what_rows_change_add_and_take_out(folder: Path, taken: Callable[..., sheet_gate.Gate]) -> None:
    """Ends, times, numbers, gists and passages change, a row without id is a new claim, reject takes one out."""
    file = folder / "graphs" / "release.ttl"
    more = {"subject": "Sea Lodge (new Company)", "predicate": "supports", "object": "Eastland", "status": "planned",
            "quotation": "NTC supports Eastland.", "paragraph": "2", "said by": "Ada Lin"}  # fmt: skip
    changes = {
        0: {"quotation": "Once more, NTC supports Eastland.", "from": "2014", "gist": "It backs a country."},
        1: {"value": "8000000", "from": "2020-05"},
    }
    assert taken(changes, more).faults == []
    text = file.read_text()
    first, second, third = (block for block in text.split("\n\n") if "claim:release" in block.split(" a ")[0])
    assert "# seen by Bo" in first
    assert "wasDerivedFrom passage:release-p03-1 ;" in first
    assert 'coop:validFromPrecision "year"' in first
    assert "rdf:object 8000000" in second
    assert 'coop:asOfPrecision "month"' in second
    assert "coop:statedBy person:ada-lin" in third
    assert "wasDerivedFrom passage:release-p02-1 ;" in third
    assert 'coop:gist "It backs a country."@en' in text
    assert "organisation:sea-lodge a coop:Company" in (folder / "graphs" / "organisations.ttl").read_text()
    assert taken({2: {"decision": "reject"}}).faults == []
    assert "release-p02-1" not in file.read_text()
    assert reviewing.accept(folder).claims == 0


def test_what_was_taken_out_of_the_file_stays_out(folder: Path, taken: Callable[..., sheet_gate.Gate]) -> None:
    """A claim that a review accepted and a sheet took out is not written again, and that is told."""
    taken({1: {"decision": "reject: wrong"}})
    done = reviewing.accept(folder)
    told = "claim:release-002 was taken out of the file by hand and stays out; reject it in the review"
    assert (done.claims, done.notes) == (0, [told])


FAULTS = (
    ({0: {"subject": "NCT"}}, "B2: no thing is called 'NCT'"),
    ({0: {"quotation": "NTC supports Eastland.\nNTC hates it."}}, "F2: the quotation 'NTC hates it.' is not in"),
    ({0: {"decision": "unsure"}}, "P2: no decision is called 'unsure'; write accept, reject or nothing"),
    ({0: {"gist": "NTC supports Eastland."}}, "O2: paragraph 2: the gist is the quotation"),
    ({0: {"predicate": "population"}}, "M2: '' is no number"),
    ({1: {"value": "many"}}, "M3: 'many' is no number"),
    ({1: {"id": "release-009"}}, "A3: no claim has the id 'release-009'"),
    ({0: {"object": "Northport Trade Council"}}, "D2: 'Northport Trade Council' would be linked to itself"),
)


def test_a_fault_keeps_the_sheet_out(folder: Path, taken: Callable[..., sheet_gate.Gate]) -> None:
    """Each fault is told with its cell, and the file stays as it is, though another row is changed rightly."""
    before = (folder / "graphs" / "release.ttl").read_text()
    for changes, told in FAULTS:
        rows = {0: {"status": "denied"}, 1: {"status": "denied"}}
        faults = taken({number: row | changes.get(number, {}) for number, row in rows.items()}).faults
        assert any(str(fault).startswith(told) for fault in faults), (told, faults)
    assert (folder / "graphs" / "release.ttl").read_text() == before


def test_without_the_text_all_but_quotations_can_be_changed(
    folder: Path, taken: Callable[..., sheet_gate.Gate], run: Run
) -> None:
    """Where the text is not at hand that is said, a row can be changed, and one with a new quotation is a fault."""
    (folder / "sources" / "release.txt").unlink()
    out = run("sheet", "graphs/release.ttl", "-w", folder)
    assert "the text of release is not at hand" in out.err
    rows = list(csv.DictReader(io.StringIO(out.out.removeprefix("\ufeff"))))
    assert [row["quotation"] for row in rows] == ["", ""]
    assert taken({0: {"status": "denied"}}).faults == []
    assert "status:denied" in (folder / "graphs" / "release.ttl").read_text()
    assert "is not in the text" in str(taken({0: {"quotation": "NTC supports Eastland."}}).faults[0])


def test_a_file_that_is_no_graph_file_is_told(folder: Path, run: Run) -> None:
    """A file elsewhere, one of things, and one that is not there: one line each."""
    (folder / "other.ttl").write_text("")
    for name, code, told in (
        ("graphs/no.ttl", 3, "graphs/no.ttl: is no graph file of the workspace"),
        (folder / "other.ttl", 3, "is no graph file of the workspace"),
        ("graphs/organisations.ttl", 2, "graphs/organisations.ttl: has no passages; name a graph file"),
    ):
        refused = run("sheet", name, "-w", folder)
        assert (refused.code, told in refused.error) == (code, True), refused.err
