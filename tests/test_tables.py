"""Tables become claims by a mapping: each row a passage, names linked without a doubt, all or nothing written."""

from __future__ import annotations

import csv
import random
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Outcome, Run
from coopgraph import load
from coopgraph.claims import passages
from coopgraph.claims.workspace import find
from coopgraph.errors import DataError
from coopgraph.reading import sheet_files
from coopgraph.store import current
from coopgraph.tables import (
    distribution,
    editions,
    loading,
    mapping_file,
    names_sheet,
    opening,
    surroundings,
    values,
    writing,
)
from coopgraph.tables.values import Day

COLUMNS = ("id", "project", "city", "country", "donor", "status", "start", "end", "due", "cost")
ROWS = (
    (
        "P1",
        "Harbour railway",
        "Elma",
        "Eastland",
        "Westland",
        "completed",
        "2012-05-01",
        "2014-03",
        "2013",
        "1,200,000",
    ),
    ("P2", "Coast road", "Elma", "Eastland", "Westland", "pledged", "", "", "2016-06", "800,000.50"),
    ("P3", "Bay bridge", "Seaton", "Westland", "Eastland; Northland", "completed", "2014", "", "", "2,450,000"),
    ("P4", "Ferry", "Elma", "Westland", "Eastland", "suspended", "", "", "", ""),
)
MAPPING = """
[table]
file = "projects.csv"
key = "id"

[source]
id = "projects-2020"
title = "Projects of the coast"
publisher = "Coast Office"
issued = "2020-03"

[entities.project]
kind = "Project"
name = "project"
match = false

[entities.country]
kind = "Country"
name = "country"
new = true

[entities.city]
kind = "City"
name = "city"
within = "country"
new = true

[entities.donor]
kind = "Country"
name = "donor"
split = ";"
new = true

[claims.place]
subject = "project"
predicate = "locatedIn"
object = "city"
status = { column = "status", values = { completed = "realised", pledged = "planned", suspended = "" } }

[claims.funding]
subject = "project"
predicate = "fundedBy"
object = "donor"
status = { column = "status", values = { completed = "realised", pledged = "planned" }, otherwise = "ended" }
valid_from = "start"
valid_to = "end"
due_by = "due"

[claims.lies]
subject = "city"
predicate = "partOf"
object = "country"
once = true

[claims.cost]
subject = "project"
predicate = "figure"
measure = "project-value"
value = "cost"
unit = "USD"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """An empty workspace with a table and its mapping."""
    for folder in ("graphs", "texts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "coopgraph.toml").write_text('title = "Projects"\nsources = "texts"\n', "utf-8")
    write(tmp_path)
    (tmp_path / "projects.toml").write_text(MAPPING, "utf-8")
    return tmp_path


def write(root: Path, rows: object = ROWS, columns: object = COLUMNS) -> None:
    with (root / "projects.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])  # type: ignore[misc, arg-type]


def edit(root: Path, old: str, new: str) -> None:
    """Change the mapping, in which the old words stand."""
    text = (root / "projects.toml").read_text("utf-8")
    assert old in text
    (root / "projects.toml").write_text(text.replace(old, new), "utf-8")


def changed(number: int, **cells: str) -> list[list[str]]:
    rows = [list(row) for row in ROWS]
    for name, cell in cells.items():
        rows[number][COLUMNS.index(name)] = cell
    return rows


def table(run: Run, root: Path, *options: str) -> Outcome:
    return run("table", "projects.toml", *options, cwd=root, timeout=120)


def graph(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((root / "graphs" / "projects-2020").glob("*"))}


def names(root: Path) -> list[dict[str, str]]:
    header, *rows = sheet_files.read(root / "proposals" / "projects-2020.names.csv")
    return [dict(zip((cell.text for cell in header), (cell.text for cell in row), strict=True)) for row in rows]


def know(root: Path, things: str) -> None:
    """Let the graph know some things already, given as Turtle."""
    path = root / "graphs" / "known.ttl"
    path.write_text(
        "@prefix coop: <https://w3id.org/coopgraph/ontology#> .\n"
        "@prefix organisation: <https://w3id.org/coopgraph/id/organisation/> .\n"
        "@prefix place: <https://w3id.org/coopgraph/id/place/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n" + things,
        "utf-8",
    )


def decide(root: Path, name: str, decision: str) -> None:
    """Write a decision on a name into the sheet, as people do."""
    path = root / "proposals" / "projects-2020.names.csv"
    rows = [[cell.text for cell in row] for row in sheet_files.read(path)]
    at = next(row for row in rows if row[2] == name)
    at[0] = decision
    sheet_files.write(rows, path)


def test_each_row_becomes_claims_that_open_it(run: Run, workspace: Path) -> None:
    """Claims have status, dates, figures and units of their row, and a passage whose place in the text is that row."""
    done = table(run, workspace)
    assert done.code == 0, done.err
    assert "4 of 4 rows give 14 claims" in done.err
    with load(workspace) as asked:
        claims = {claim.iri.rpartition("/")[2]: claim for claim in asked.extract().claims}
        found = asked.extract()
    funding = claims["projects-2020-p1-funding"]
    assert (funding.status, funding.valid_from, funding.valid_from_precision) == ("realised", "2012-05-01", "day")
    assert (funding.valid_to, funding.valid_to_precision) == ("2014-03-01", "month")
    assert (funding.due_by, funding.due_by_precision) == ("2013-12-31", "year")
    assert claims["projects-2020-p2-funding"].due_by == "2016-06-30"
    assert claims["projects-2020-p4-funding"].status == "ended"
    assert "projects-2020-p4-place" not in claims, "an empty meaning makes no claim"
    assert {claims[f"projects-2020-p3-funding{end}"].object for end in ("", "-2")} == {
        f"https://w3id.org/coopgraph/id/place/{name}" for name in ("eastland", "northland")
    }
    cost = claims["projects-2020-p2-cost"]
    assert (cost.object.value, cost.object.unit.rpartition("/")[2], cost.object.as_of) == (
        "800000.50",
        "USD",
        "2020-03-31",
    )  # type: ignore[union-attr]
    text = passages.read(workspace / "texts" / "projects-2020.txt")
    for passage in found.passages.values():
        row = text[passage.start : passage.end]
        number = int(passage.iri.rpartition("-p")[2])
        assert row == "\t".join(ROWS[number - 1]), passage
        assert (passage.paragraph, passage.sha256) == (number + 1, passages.digest(row))
    checked = run("check", cwd=workspace)
    assert (checked.code, "0 violations" in checked.err) == (0, True), checked.err
    assert "4 passages" in checked.err, "every passage was verified against the text"


def test_what_several_rows_say_is_claimed_once(run: Run, workspace: Path) -> None:
    """Elma of Eastland lies there by one claim, and Elma of Westland is another city."""
    assert table(run, workspace).code == 0
    lies = re.findall(r"claim:(projects-2020-partOf-\w+) a", "".join(graph(workspace).values()))
    assert len(lies) == 3
    cities = sorted(each["thing"] for each in names(workspace) if each["kind"] == "City")
    assert cities == ["place:elma-eastland", "place:elma-westland", "place:seaton"]


FAULTS = {
    "unmapped": (
        {"status": "complted"},
        "'complted' claims.place.status does not say what it means; did you mean completed?",
    ),
    "not named": (
        {"status": "realised"},
        "'realised' claims.place.status does not say what it means; add it to the values there",
    ),
    "no date": ({"start": "30 February 2012"}, "'30 February 2012' is no date"),
    "two ways": ({"start": "01/02/2012"}, "can be read as day and month in two ways; say format"),
    "serial": ({"start": "41030"}, 'say format = "serial"'),
    "before": ({"end": "2011"}, "is before the beginning, 2012-05-01"),
    "no number": ({"cost": "12,34"}, "'12,34' is no number"),
    "key": ({"id": "P2"}, 'projects.csv:2, column "id": has the key of another row; name more key columns (rows 2, 3)'),
    "itself": ({"city": "Eastland", "country": "Eastland"}, None),
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [name for name, (_, message) in FAULTS.items() if message])
def test_what_is_wrong_is_told_with_its_cell_and_nothing_is_written(run: Run, workspace: Path, name: str) -> None:
    """A fault is a line with row and column, the exit code is 1, and no graph file is there."""
    cells, message = FAULTS[name]
    write(workspace, changed(0, **cells))
    done = table(run, workspace)
    assert done.code == 1
    assert str(message) in done.err
    assert "projects.csv:2, column" in done.err
    assert "cannot be taken and nothing was written" in done.error
    assert not (workspace / "graphs" / "projects-2020").exists()
    listed = sheet_files.read(workspace / "proposals" / "projects-2020.faults.csv")
    assert any("projects.csv:2" in row[0].text for row in listed)


def test_partial_leaves_faulty_rows_out_and_says_how_many(run: Run, workspace: Path) -> None:
    """With --partial the other rows are taken; when the row is mended it comes in, and the list of faults goes."""
    write(workspace, changed(0, start="soon"))
    done = table(run, workspace, "--partial")
    assert done.code == 0, done.err
    assert "3 of 4 rows give" in done.err
    assert "1 left out" in done.err
    whole = "".join(graph(workspace).values())
    assert "p1" not in whole
    assert "harbour-railway" not in whole, "nothing of the row is there, not even what it alone names"
    write(workspace)
    assert "4 of 4 rows give" in table(run, workspace).err
    assert not (workspace / "proposals" / "projects-2020.faults.csv").exists()


def test_check_writes_nothing(run: Run, workspace: Path) -> None:
    """--check says what would be, and writes neither graph files nor sheets."""
    done = table(run, workspace, "--check")
    assert (done.code, "nothing was written" in done.err) == (0, True), done.err
    assert not (workspace / "graphs" / "projects-2020").exists()
    assert not (workspace / "proposals").exists()
    assert not list((workspace / "texts").iterdir())


def test_names_that_nobody_knows_are_decided_once(run: Run, workspace: Path) -> None:
    """A name is asked for in the sheet; new, leave out and a thing by name are taken, and stay for the next run."""
    edit(workspace, 'name = "donor"\nsplit = ";"\nnew = true', 'name = "donor"\nsplit = ";"')
    asked = table(run, workspace)
    assert asked.code == 1
    assert "'Northland' is not known; decide it in the sheet of names" in asked.err
    assert {each["name"] for each in names(workspace) if each["how"] == "asked"} >= {"Northland"}
    for name in ("Eastland", "Westland"):
        decide(workspace, name, "new") if any(
            each["name"] == name and each["how"] == "asked" for each in names(workspace)
        ) else None
    decide(workspace, "Northland", "nowhere at all")
    wrong = table(run, workspace)
    assert "names.csv!A" in wrong.err
    assert "no thing is called 'nowhere at all'; write a thing, new or leave out" in wrong.err
    decide(workspace, "Northland", "leave out")
    done = table(run, workspace)
    assert done.code == 0, done.err
    assert "northland" not in "".join(graph(workspace).values()).lower()
    assert "place:seaton" in "".join(graph(workspace).values())
    before = graph(workspace)
    assert "nothing is new" in table(run, workspace).err
    assert graph(workspace) == before


def test_what_a_name_lies_within_can_be_decided(run: Run, workspace: Path) -> None:
    """A decision on a country holds for its cities: one that the graph knows there is linked then."""
    assert table(run, workspace).code == 0
    write(workspace, [[cell.replace("Westland", "The West") for cell in row] for row in ROWS])
    edit(workspace, 'id = "projects-2020"', 'id = "projects-2021"')
    edit(workspace, 'name = "country"\nnew = true', 'name = "country"')
    sheet = workspace / "proposals" / "projects-2021.names.csv"
    assert table(run, workspace).code == 1
    rows = [[cell.text for cell in row] for row in sheet_files.read(sheet)]
    for row in rows:
        row[0] = "place:westland" if row[2] == "The West" else row[0]
    sheet_files.write(rows, sheet)
    done = table(run, workspace)
    assert done.code == 0, done.err
    (found,) = (row for row in sheet_files.read(sheet) if row[2].text == "Seaton")
    assert [cell.text for cell in found[7:9]] == ["label", "place:seaton"]


def test_only_what_is_claimed_of_becomes_a_thing(run: Run, workspace: Path) -> None:
    """What only rows without a claim on it name is not in the graph."""
    edit(workspace, "[claims.lies]\n", '[claims.lies]\nwhen = { status = ["completed"] }\n')
    assert table(run, workspace).code == 0
    source = graph(workspace)["table.ttl"]
    assert "place:elma a" in source
    assert "place:elma-" not in source, "the Elma of the last row, of which nothing is claimed"


def test_a_known_name_is_asked_for_though_all_others_are_new(run: Run, workspace: Path) -> None:
    """With new = "all" no second thing is made of a name that a thing has of which nobody knows where it lies."""
    know(
        workspace,
        'place:sea a coop:City ; skos:prefLabel "Seaton"@en ; skos:definition "A city, nobody says where."@en .\n'
        'place:elm a coop:City ; skos:prefLabel "Elmas"@en ; skos:definition "A city."@en .\n',
    )
    edit(workspace, "new = true", 'new = "all"')
    done = table(run, workspace)
    assert "'Seaton, Westland' may be place:sea; decide it in the sheet of names" in done.err
    assert done.code == 1
    hows = {each["name"]: each["how"] for each in names(workspace)}
    assert (hows["Seaton"], hows["Elma"], hows["Northland"]) == ("asked", "new", "new")
    decide(workspace, "Seaton", "place:sea")
    assert table(run, workspace).code == 0


def test_a_name_is_linked_only_where_class_and_place_fit(run: Run, workspace: Path) -> None:
    """A thing of the class is linked by its label; one whose place is unknown, or that comes near, is asked for."""
    know(
        workspace,
        'place:east a coop:Country ; skos:prefLabel "Eastland"@en ; skos:definition "A country."@en .\n'
        'place:sea a coop:City ; skos:prefLabel "SEATON"@en ; skos:definition "A city, nobody says where."@en .\n'
        'organisation:inland a coop:Company ; skos:prefLabel "Inland"@en ; skos:definition "A company."@en .\n'
        'place:north a coop:Country ; skos:prefLabel "Northlands"@en ; skos:definition "A country."@en .\n',
    )
    write(workspace, changed(1, donor="Inland"))
    done = table(run, workspace)
    found = {(each["kind"], each["name"], each["within"]): each for each in names(workspace)}
    assert (found["Country", "Eastland", ""]["how"], found["Country", "Eastland", ""]["thing"]) == (
        "label",
        "place:east",
    )
    assert found["Country", "Inland", ""]["how"] == "new", "a company is no country"
    assert found["Country", "Westland", ""]["candidates"] == "Eastland (Country) place:east", "it comes near"
    assert found["City", "Seaton", "Westland"]["how"] == "asked"
    assert "place:sea" in found["City", "Seaton", "Westland"]["candidates"]
    assert found["Country", "Northland", ""]["how"] == "asked"
    assert "Northlands (Country) place:north" in found["Country", "Northland", ""]["candidates"]
    assert done.code == 1
    decide(workspace, "Seaton", "place:sea")
    decide(workspace, "Northland", "Northlands")
    decide(workspace, "Westland", "new")
    done = table(run, workspace)
    assert done.code == 0, done.err
    text = "".join(graph(workspace).values())
    assert 'coop:nameInSource "Northland"@en' in text, "what the row calls it is kept"
    assert '"Northland"' in (workspace / "proposals" / "judgements.jsonl").read_text("utf-8"), "for other documents too"
    assert '"Seaton"' not in (workspace / "proposals" / "judgements.jsonl").read_text("utf-8"), (
        "it is said of one place"
    )


def test_claims_keep_their_identifiers_over_editions(run: Run, workspace: Path) -> None:
    """Moved rows keep their claims, a changed one changes, and what changed is told row by row and by column."""
    assert table(run, workspace).code == 0
    before = "".join(graph(workspace).values())
    rows = changed(1, status="completed")
    rows = [rows[2], rows[1], rows[3], ("P5", "Pier", *rows[0][2:])]
    write(workspace, rows)
    done = table(run, workspace)
    assert done.code == 0, done.err
    assert "rows: 1 new, 1 gone, 1 changed, 2 moved, 2 as they were; changed in status (1)" in done.err
    after = "".join(graph(workspace).values())
    ids = [set(re.findall(r"claim:(projects-2020-p\w+-\w+)", text)) for text in (before, after)]
    assert ids[0] - ids[1] == {f"projects-2020-p1-{name}" for name in ("place", "funding", "cost")}
    assert ids[1] - ids[0] == {f"projects-2020-p5-{name}" for name in ("place", "funding", "cost")}
    assert run("check", cwd=workspace).code == 0


def test_a_renamed_column_is_told_and_nothing_is_lost(run: Run, workspace: Path) -> None:
    """A column that a new edition calls otherwise is told with what comes near; the former files stay."""
    assert table(run, workspace).code == 0
    before = graph(workspace)
    write(workspace, columns=[name.replace("status", "Status ") for name in COLUMNS])
    done = table(run, workspace)
    assert (done.code, graph(workspace) == before) == (3, True)
    assert "projects.csv has no column 'status'; did you mean Status" in done.error


def test_a_file_that_was_changed_by_hand_is_not_overwritten(run: Run, workspace: Path) -> None:
    """What people wrote into a graph file of a table is told, and stays."""
    assert table(run, workspace).code == 0
    path = workspace / "graphs" / "projects-2020" / "table.ttl"
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    write(workspace, ROWS[:2])
    done = table(run, workspace)
    assert done.code == 3
    assert "graphs/projects-2020/table.ttl: was changed by hand; put what is yours" in done.error
    assert path.read_text("utf-8").endswith("# mine\n")


WRONG = {  # what stands in the mapping, what is written in its place, and what is said of it
    "file": ('"projects.csv"', '"../projects.csv"', "leads out of its folder"),
    "key": ('kind = "Project"', 'knd = "Project"', "entities.project.knd is unknown; did you mean kind?"),
    "class": ('"Project"', '"Projct"', "entities.project.kind: no class is called 'Projct'; did you mean Project?"),
    "relation": (
        '"fundedBy"',
        '"fundedBi"',
        "funding.predicate: no relation is called 'fundedBi'; did you mean fundedBy",
    ),
    "ends": (
        '"fundedBy"',
        '"holdsPost"',
        "'project' is of the class Project, where 'holds the post' wants Person; from 'project' to",
    ),
    "status": ('"ended"', '"finished"', "claims.funding.status: no status is called 'finished'"),
    "entity": (
        'object = "donor"',
        'object = "doner"',
        "no entity of the mapping is called 'doner'; did you mean donor?",
    ),
    "both": ('object = "donor"', 'object = "donor"\nvalue = "cost"', "needs either object (an entity) or value"),
    "figure": ('"figure"\nmeasure', '"fundedBy"\nmeasure', "'is funded by' needs object, an entity of the mapping"),
    "circle": ('name = "country"', 'name = "country"\nwithin = "city"', "lies within itself"),
    "column": ('valid_from = "start"', 'valid_from = "begun"', "projects.csv has no column 'begun'"),
    "pattern": ('split = ";"', 'extract = "("', "entities.donor.extract is no pattern"),
    "issued": ('issued = "2020-03"', 'issued = "lately"', "source.issued 'lately' is no date"),
    "slug": ('id = "projects-2020"', 'id = "../evil"', "is no slug"),
    "toml": ("[table]", "[table", "is not TOML"),
    "kind of value": ("once = true", 'once = "yes"', "claims.lies.once is not true or false"),
    "unit": ('unit = "USD"', 'unit = "US $"', "no unit is called 'US $'; did you mean USD?"),
}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_mapping_is_told_in_one_line(run: Run, workspace: Path, name: str) -> None:
    """The key that is wrong is named with what comes near, and nothing is written."""
    old, new, message = WRONG[name]
    edit(workspace, old, new)
    done = table(run, workspace)
    assert done.code in (2, 3)
    assert message in done.error
    assert not list((workspace / "graphs").iterdir())


def test_a_draft_shows_what_a_column_says(run: Run, workspace: Path) -> None:
    """Of a table without a mapping, each column is told with its most frequent values, as TOML that can be read."""
    done = run("table", "projects.csv", cwd=workspace)
    assert done.code == 0
    assert '#   "city": 4: Elma (3); Seaton (1)' in done.out
    assert 'key = "id"' in done.out
    (workspace / "draft.toml").write_text(done.out, "utf-8")
    assert (
        "entities.subject.name: projects.csv has no column 'COLUMN'" in run("table", "draft.toml", cwd=workspace).error
    )


def test_cells_of_a_stranger_run_nothing(run: Run, workspace: Path) -> None:
    """Scripts and formulas in cells are text: in Turtle, in sheets and on the page."""
    evil = '=cmd|calc <script>alert(1)</script> "quoted" \\u0041'
    write(workspace, changed(0, project=evil, donor="=HYPERLINK(1)"))
    assert table(run, workspace).code == 0
    sheet = (workspace / "proposals" / "projects-2020.names.csv").read_text("utf-8-sig")
    cells = [cell for row in csv.reader(sheet.splitlines()) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    assert run("view", "-o", "page.html", cwd=workspace, timeout=60).code == 0
    assert "<script>alert(1)" not in (workspace / "page.html").read_text("utf-8")
    assert evil in run("show", evil, cwd=workspace).out


def test_rows_that_are_not_asked_for_are_counted(run: Run, workspace: Path) -> None:
    """`only` and `without` choose rows; what is wrong with others does not matter."""
    write(workspace, changed(3, start="never", id="P3"))
    edit(workspace, "[entities.project]", '[rows]\nwithout = { status = ["suspended"] }\n\n[entities.project]')
    done = table(run, workspace)
    assert (done.code, "3 of 3 rows" in done.err, "1 not asked for" in done.err) == (0, True, True), done.err


def opened(root: Path) -> tuple[loading.Loading, writing.TablePaths]:
    workspace = find(root)
    with current.open_store(workspace.store_folder, workspace.prefixes) as store:
        around = surroundings.read(store, workspace)
    read, content = opening.opened(root / "projects.toml")
    at = writing.paths(workspace, read.source.id)
    return loading.Loading(read, content, around, names_sheet.read(at.names, around.prefixes)), at


def many(root: Path, rows: int) -> None:
    """Write a table of many rows, which give several parts."""
    edit(
        root,
        "[claims.lies]",
        '[claims.road]\nsubject = "project"\npredicate = "promotes"\nobject = "field"\n\n[claims.lies]',
    )
    edit(root, "[entities.country]", '[entities.field]\nthing = "field:trade"\n\n[entities.country]')
    rest = ("Eastland", "Westland", "completed", "", "", "")
    write(root, [(f"N{at}", f"Project {at}", f"City {at % 50}", *rest, f"{at}.5") for at in range(rows)])


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Dask's own sockets and ports
def test_processes_and_a_cluster_give_the_same_files(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one process, in several and on a Dask cluster the parts of a table are the same to the byte."""
    from distributed import LocalCluster

    assert table(run, workspace).code == 0
    assert run("build", cwd=workspace).code == 0
    many(workspace, 450)
    monkeypatch.setattr("coopgraph.tables.part.ROWS", 100)
    alone = opened(workspace)[0].run(lambda context, parts: distribution.on_this_machine(context, 1 + 0 * parts))
    several = opened(workspace)[0].run(distribution.on_this_machine)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    ) as cluster:  # type: ignore[no-untyped-call]
        spread = opened(workspace)[0].run(distribution.on_cluster(cluster.scheduler_address))
        done = table(run, workspace, "--workers", cluster.scheduler_address)
    assert len(alone.parts) == 5
    assert alone.parts == several.parts == spread.parts
    assert (done.code, "450 of 450 rows give" in done.err) == (0, True), done.err
    spread_by_command = graph(workspace)
    (workspace / "proposals" / "projects-2020.table.json").unlink()
    shutil.rmtree(workspace / "graphs" / "projects-2020")
    assert table(run, workspace).code == 0
    assert graph(workspace) == spread_by_command


def _ends(_: object, rows: object) -> object:
    raise ConnectionResetError(str(rows))


@pytest.mark.slow
def test_a_cluster_whose_workers_end_is_told() -> None:
    """Where a worker ends with what it was given, that is one line."""
    from distributed import LocalCluster

    how = {"processes": False, "protocol": "tcp", "dashboard_address": None}
    with (
        LocalCluster(n_workers=1, **how) as cluster,  # type: ignore[no-untyped-call]
        distribution.on_cluster(cluster.scheduler_address)(None, 1) as work,  # type: ignore[arg-type]
        pytest.raises(DataError, match="its workers have failed"),
    ):
        work(_ends, [()])  # type: ignore[arg-type]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("address", ["nowhere", "tcp://127.0.0.1:1"])  # who does not answer is waited for
def test_a_cluster_that_is_not_there_is_told(run: Run, workspace: Path, address: str) -> None:
    """--workers with no scheduler, or with words that are no address, ends in one line."""
    done = table(run, workspace, "--workers", address)
    assert done.code == 3, done.err
    assert f"--workers {address}: no scheduler of Dask answers" in done.error


@given(st.randoms(use_true_random=False))
def test_identifiers_do_not_depend_on_the_order_of_rows(order: random.Random) -> None:
    """New things are named alike however the rows are ordered."""
    from coopgraph.rdf.vocab import prefixes
    from coopgraph.tables.minting import minted
    from coopgraph.tables.naming import Name
    from coopgraph.tables.slugs import slug_of

    class Words:
        def new_kind(self, _: str) -> str:
            return "place"

    within = [None, Name("Country", "Eastland"), Name("Country", "Westland")]
    several = [
        Name("City", text, around, apart)
        for text in ("Elma", "ELMA", "香港")
        for around in within
        for apart in ((), ("1",))
    ]
    table_prefixes = prefixes("https://example.org/")
    in_use = {f"{table_prefixes['place']}elma"}
    slugs = [{name: slug_of(name.text) for name in order.sample(several, len(several))} for _ in range(2)]
    made = [minted(each, Words(), table_prefixes, in_use) for each in slugs]  # type: ignore[arg-type]
    assert made[0] == made[1]
    assert len({iri.casefold() for iri in made[0].values()}) == len(several)


@given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from([(".", ","), (",", "."), (".", " "), (",", "'")]))
def test_numbers_of_every_style_are_read_as_they_are_meant(number: object, style: tuple[str, str]) -> None:
    """Written with groups of thousands in any of the usual ways, a number is read back the same."""
    decimal, group = style
    text = f"{number:,.2f}".translate(str.maketrans({",": group, ".": decimal}))
    assert float(values.figure(text, decimal)) == float(f"{number:.2f}")
    assert values.decimal_mark([text, f"0{decimal}5"]) == decimal


@given(st.dates(), st.sampled_from(["%d-%b-%Y", "%Y/%m/%d", "%d.%m.%Y", "%B %d, %Y", "%Y%m%d"]))
def test_dates_are_read_as_their_form_says(date: object, form: str) -> None:
    """A date written in a form is read back by it, whatever other forms are said beside."""
    year = f"{date:%Y}".zfill(4)
    text = f"{date:{form.replace('%Y', 'YEAR')}}".replace("YEAR", year)
    assert values.day(text, ("%d %q", form)) == Day(date.isoformat(), "day")  # type: ignore[attr-defined]


def test_editions_are_compared_without_a_key_by_all_that_rows_say() -> None:
    """Without key columns a changed row is one that is gone and one that is new."""
    change = editions.change("a\tb\n1\t2\n3\t4\n", "a\tb\n3\t4\n1\t5\n", ())
    assert (change.new, change.gone, change.same, change.changed) == (1, 1, 1, 0)


def test_a_mapping_that_is_no_file_is_told(tmp_path: Path) -> None:
    """A folder and a missing file are told in one line."""
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(DataError, match=re.escape(str(path))):
            mapping_file.read(path)


@pytest.mark.thorough
def test_real_projects_become_claims(run: Run, table_files: Path, tmp_path: Path) -> None:
    """Of a real table every row is taken by a mapping of 60 lines, and each claim's passage is its row."""
    for folder in ("graphs", "texts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "coopgraph.toml").write_text('title = "Projects"\nsources = "texts"\n', "utf-8")
    (tmp_path / "real.csv").write_bytes((table_files / "aiddata-china-eap-projects.csv").read_bytes())
    (tmp_path / "projects.toml").write_text(REAL, "utf-8")
    done = table(run, tmp_path)
    assert done.code == 0, done.err
    assert "443 of 443 rows give" in done.err
    checked = run("check", cwd=tmp_path, timeout=60)
    assert (checked.code, "443 passages" in checked.err) == (0, True), checked.err


REAL = """
[table]
file = "real.csv"
key = "project_id"
dates = "%d-%b-%y"
[source]
id = "projects"
title = "Projects"
issued = "2017"
[rows]
origins = "sources"
[entities.project]
kind = "Project"
name = "title"
id = "{project_id}"
match = false
[entities.donor]
kind = "Country"
name = "donor"
new = true
[entities.recipient]
kind = "Country"
name = "recipient_condensed"
identifier = "recipient_iso2"
new = true
[claims.funding]
subject = "project"
predicate = "fundedBy"
object = "donor"
status = { column = "status", values = { "Pipeline: Commitment" = "planned" }, otherwise = "realised" }
valid_from = "start_actual"
valid_to = "end_actual"
due_by = "end_planned"
[claims.place]
subject = "project"
predicate = "locatedIn"
object = "recipient"
status = { column = "status", values = { "Pipeline: Commitment" = "planned" }, otherwise = "realised" }
[claims.amount]
subject = "project"
predicate = "figure"
value = "usd_current"
unit = "USD"
measure = "project-value"
period = "year"
"""
