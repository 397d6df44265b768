"""Bad tables, mappings of strangers and runs that are cut off: each ends in one line, and nothing is lost."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Outcome, Run
from coopgraph.claims.workspace import find
from coopgraph.errors import DataError, UsageError
from coopgraph.store import locks
from coopgraph.tables import delimited, mapping_file, names_sheet, writing
from coopgraph.tables.slugs import keys_of
from coopgraph.tables.table import NOTHING_SET

HEADER = "id,project,country,since,cost\n"
TABLE = f'{HEADER}P1,Harbour railway,Eastland,2012,1200\nP2,Coast road,Westland,2013-02,"1,000.50"\n'
MAPPING = """
[table]
file = "t.csv"
key = "id"
[source]
id = "projects"
title = "Projects"
issued = "2020"
[entities.project]
kind = "Project"
name = "project"
match = false
[entities.country]
kind = "Country"
name = "country"
new = true
[claims.funding]
subject = "project"
predicate = "fundedBy"
object = "country"
valid_from = "since"
[claims.cost]
subject = "project"
predicate = "figure"
measure = "project-value"
value = "cost"
unit = "USD"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with nothing but a small table and its mapping."""
    (tmp_path / "graphs").mkdir()
    (tmp_path / "coopgraph.toml").write_text('title = "Projects"\n', "utf-8")
    put(tmp_path)
    return tmp_path


def put(root: Path, *edits: tuple[str, str], table: str = TABLE) -> None:
    text = MAPPING
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (root / "m.toml").write_text(text, "utf-8")
    (root / "t.csv").write_text(table, "utf-8")


def load(run: Run, root: Path, *words: str) -> Outcome:
    return run("table", "m.toml", *words, cwd=root)


def refused(run: Run, root: Path, edit: tuple[str, str], message: str) -> None:
    """Assert that a mapping with an edit is told to be wrong by a message, and that nothing is written."""
    put(root, edit)
    done = load(run, root)
    assert done.code in (2, 3)
    assert message in done.error
    assert "unforeseen" not in done.error
    assert not graph(root)


def graph(root: Path) -> str:
    return "".join(path.read_text("utf-8") for path in sorted((root / "graphs/projects").glob("*.ttl")))


REFUSED = {
    "licence": (('title = "Projects"', 'title = "Projects"\nlicense = "CC BY 4.0"'), "source.license 'CC BY 4.0'"),
    "address": (('title = "Projects"', 'title = "Projects"\naddress = "here"'), "source.address 'here'"),
    "language": (('title = "Projects"', 'title = "P"\nlanguage = "no tag"'), "source.language 'no tag' is no tag"),
    "its language": (("match = false", 'match = false\nlanguage = "??"'), "entities.project.language '??' is no tag"),
    "no title": (('title = "Projects"', 'title = " "'), "source.title is empty"),
    "latitude": (("new = true", 'latitude = "{cost}"\nlongitude = "cost"'), "entities.country.latitude"),
    "identifier": (("new = true", 'identifier = "{cost}"'), "entities.country.identifier: t.csv has no"),
    "no year": (('valid_from = "since"', 'valid_from = { column = "since", format = "%d.%m." }'), "has no year"),
    "dates": (('key = "id"', 'key = "id"\ndates = "%d %b"'), "table.dates: '%d %b' has no year"),
    "claims": (("[claims.cost]", "[claims.funding-2]"), "claims.funding-2 is what the further claims"),
    "class": (("[entities.country]", "[entities.__class__]"), "entities.__class__ is no name"),
    "braces": (('name = "project"', 'name = "{} x"'), "has no column '{} x'"),
    "slug": (('id = "projects"', 'id = "../projects"'), "source.id '../projects' is no slug"),
    "a date without quotes": (('issued = "2020"', "issued = 2020-03-01"), "source.issued is no text in quotes"),
    "a field": (('valid_from = "since"', 'valid_from = "since"\nfields = "Fng"'), "no field of cooperation is called"),
    "one thing": (('kind = "Country"\nname = "country"\nnew = true', 'thing = "Eastland"'), "write one"),
    "nothing that parts": (("new = true", 'new = true\nsplit = ""'), "entities.country.split is empty"),
    "rows": (("[source]", '[rows]\nonly = { country = ["Eastlnd"] }\n[source]'), "no 'country' is 'Eastlnd'"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_mapping_that_cannot_be_is_told_in_one_line(run: Run, workspace: Path, name: str) -> None:
    """What a mapping says wrongly is named by its key, and nothing is written."""
    refused(run, workspace, *REFUSED[name])


def test_a_table_is_not_written_into_the_graph_that_coopgraph_brings(
    run: Run, workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Who stands in no workspace and names none is told so, and nothing is written."""
    done = run("table", str(workspace / "m.toml"), "--check", cwd=tmp_path_factory.mktemp("nowhere"))
    assert done.code == 2
    assert "coopgraph's own graph takes no tables; coopgraph init DIR makes a workspace" in done.error


def test_a_figure_has_one_counterpart(run: Run, workspace: Path) -> None:
    """A cell of several, where a figure takes one, is told with its column and what to do."""
    put(
        workspace, ("new = true", 'new = true\nsplit = "; "'),
        ('unit = "USD"', 'unit = "USD"\ncounterpart = "country"'),
        table=f"{HEADER}P1,Ferry,Eastland; Westland,2012,5\n",
    )  # fmt: skip
    done = load(run, workspace)
    assert done.code == 1
    assert "t.csv:2, column \"country\": 'Eastland; Westland' names 2 things" in done.err
    assert not graph(workspace)


def test_a_key_of_a_new_row_renames_no_other() -> None:
    """A row keeps its identifier whatever keys other rows have, as long as nobody could take one for the other."""
    before = keys_of([["P1"], ["P2"]])
    assert keys_of([["P1"], ["P2"], ["no plain key!"]])[:2] == before
    several = keys_of([["a"], ["a-b"], ["C"], ["c"], [""], ["x-1"]])
    assert several[0] == "a"
    assert several[5] == "x-1"
    assert not {"a-b", "c", ""} & set(several)
    assert len(set(several)) == len(several)


def test_relations_that_would_fit_are_told(run: Run, workspace: Path) -> None:
    """Where a relation does not link the classes of a mapping, those that do are listed."""
    put(workspace, ('predicate = "fundedBy"', 'predicate = "undertakenBy"'))
    error = load(run, workspace).error
    assert "from 'project' to 'country' there are" in error
    assert "fundedBy" in error


def test_what_stands_in_cells_is_looked_up_without_values(run: Run, workspace: Path) -> None:
    """A column that names units, statuses or relations themselves needs no table of values; others are told."""
    put(workspace, ('unit = "USD"', 'unit = { column = "since" }'), table=f"{HEADER}P1,Ferry,Eastland,EUR,5\n")
    (workspace / "m.toml").write_text((workspace / "m.toml").read_text("utf-8").replace('valid_from = "since"\n', ""))
    assert load(run, workspace).code == 0
    assert "currency:EUR" in graph(workspace)


def test_a_name_that_no_claim_needs_is_not_asked_for(run: Run, workspace: Path) -> None:
    """Where a status means that there is no claim, whom it would name does not matter."""
    status = 'object = "country"\nstatus = { column = "since", values = { yes = "realised", no = "" } }'
    put(
        workspace, ('object = "country"\nvalid_from = "since"', status), ("new = true\n", ""),
        table=f"{HEADER}P1,Ferry,Nobodyland,no,5\n",
    )  # fmt: skip
    done = load(run, workspace)
    assert done.code == 0, done.err
    assert "Nobodyland" not in graph(workspace)


def test_names_that_are_alike_are_one_new_thing(run: Run, workspace: Path) -> None:
    """Case, width and the script of Chinese tell no new things apart, and running again changes nothing."""
    names = ("EASTLAND", "Ｅastland", "Eastland", "東海國", "东海国")
    put(workspace, table=HEADER + "".join(f"P{at},Road {at},{name},,\n" for at, name in enumerate(names)))
    done = load(run, workspace)
    assert done.code == 0, done.err
    text = graph(workspace)
    assert text.count("a coop:Country") == 2
    assert 'skos:prefLabel "Eastland"@en' in text
    assert 'coop:nameInSource "EASTLAND"@en' in text
    assert "nothing is new" in load(run, workspace).err
    assert graph(workspace) == text


def test_things_of_one_name_are_told_apart_by_what_their_identifiers_end_in(run: Run, workspace: Path) -> None:
    """Two projects of one title are two where the mapping makes their identifiers of their numbers."""
    put(
        workspace, ("match = false", 'match = false\nid = "{id}"'),
        table=f"{HEADER}P1,Medical team,Eastland,2012,\nP2,Medical team,Eastland,2013,\n",
    )  # fmt: skip
    assert load(run, workspace).code == 0
    assert graph(workspace).count("a coop:Project") == 2


def test_a_new_row_of_a_known_title_is_another_thing(run: Run, workspace: Path) -> None:
    """In a new edition too, a row whose identifier no thing has brings a new one, though one is called the same."""
    put(workspace, ("match = false", 'identifier = "id"\nid = "{id}"\nnew = "all"'))
    assert load(run, workspace).code == 0
    put(
        workspace, ("match = false", 'identifier = "id"\nid = "{id}"\nnew = "all"'),
        table=f"{TABLE}P3,Coast road,Eastland,2015,\n",
    )  # fmt: skip
    assert load(run, workspace).code == 0
    assert graph(workspace).count("a coop:Project") == 3
    assert "initiative:projects-p3 a coop:Project" in graph(workspace)


KNOWN = """
@prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix place: <https://w3id.org/coopgraph/id/place/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
place:congo a coop:Country ; coop:iso3166 "CG" ; skos:prefLabel "Congo"@en ; skos:definition "A country."@en .
"""


def test_a_country_of_another_code_is_another_country(run: Run, workspace: Path) -> None:
    """A name is not linked to a thing of this name whose ISO 3166 code is not that of the row."""
    (workspace / "graphs" / "known.ttl").write_text(KNOWN, "utf-8")
    put(
        workspace, ('name = "country"\nnew = true', 'name = "country"\nidentifier = "since"\nnew = "all"'),
        ('valid_from = "since"\n', ""), table=f"{HEADER}P1,Road,Congo,CG,\nP2,Dam,Congo,CD,\n",
    )  # fmt: skip
    done = load(run, workspace)
    assert done.code == 0, done.err
    assert graph(workspace).count("rdf:object place:congo ;") == 1
    assert 'coop:iso3166 "CD"' in graph(workspace)


def test_the_text_of_another_document_is_not_overwritten(run: Run, workspace: Path) -> None:
    """A table whose slug is that of a document is refused, by its graph file or its text."""
    (workspace / "texts").mkdir()
    text = workspace / "texts/projects.txt"
    text.write_text("A document.\n", "utf-8")
    done = load(run, workspace)
    assert done.code == 3
    assert "texts/projects.txt: is of another document called 'projects'" in done.error
    assert text.read_text("utf-8") == "A document.\n"
    text.unlink()
    (workspace / "graphs/projects.ttl").write_text("# mine\n", "utf-8")
    assert "graphs/projects.ttl: is of another document" in load(run, workspace).error


KILLED = """
import os
from coopgraph.reading import graph_files

def save(texts, workspace, checked):
    for path, text in list(texts.items())[:1]:
        path.write_text(text, "utf-8")
    os._exit(9)

graph_files.save = save
"""
IMPATIENT = "from coopgraph.sandbox import limits; limits.set_limits(0.5)\n"


def altered(root: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Load the table in a process in which some code has run before."""
    (root / "altered.py").write_text(f"{code}\nfrom coopgraph.cli import main\nmain()\n", "utf-8")
    command = [sys.executable, "altered.py", "table", "m.toml"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)


def test_a_run_that_was_killed_does_not_stop_the_next(run: Run, workspace: Path) -> None:
    """Files that a run half wrote before it was killed are no changes by hand, and are written anew."""
    assert load(run, workspace).code == 0
    whole = graph(workspace)
    put(workspace, table=TABLE.replace("Eastland", "Northland"))
    assert altered(workspace, KILLED).returncode == 9
    (workspace / "graphs/projects/.table.ttl.abc").write_text("left behind", "utf-8")
    assert graph(workspace) != whole
    done = load(run, workspace)
    assert done.code == 0, done.err
    assert "Northland" in graph(workspace)


KILLED_IN_CHECK = """
import os
from coopgraph.build import build

build.check = lambda workspace: os._exit(9)
"""


def test_what_a_killed_run_has_not_checked_the_next_checks(run: Run, workspace: Path) -> None:
    """Graph files of a run that was killed at its check are not taken for right, and nothing of it is left beside."""
    assert load(run, workspace).code == 0
    whole, other = graph(workspace), workspace / "graphs" / "other.ttl"
    others = re.sub(r"\b(claim|passage|source):projects", r"\1:others", whole)
    other.write_text(others.replace("claim:others-p1-funding ", "claim:projects-p4-funding "), "utf-8")
    put(workspace, table=f"{TABLE}P4,Pier,Westland,2015,\n")
    assert altered(workspace, KILLED_IN_CHECK).returncode == 9
    assert "claim:projects-p4-funding" in graph(workspace), "it was written, and not checked"
    assert load(run, workspace).code == 1
    assert graph(workspace) == whole, "what was there before the run that was killed"
    other.unlink()
    assert altered(workspace, KILLED_IN_CHECK).returncode == 9
    assert load(run, workspace).code == 0
    assert "claim:projects-p4-funding" in graph(workspace)
    assert [each.name for each in workspace.rglob(".*") if each.is_file() and ".coopgraph" not in each.parts] == []


INTERRUPTED = """
from coopgraph.reading import graph_files

def save(*arguments, save=graph_files.save, **options):
    save(*arguments, **options)
    raise KeyboardInterrupt

graph_files.save = save
"""


def test_a_run_that_is_interrupted_at_its_end_does_not_stop_the_next(run: Run, workspace: Path) -> None:
    """Graph files that stay at Ctrl-C are those of the table, and not taken for changes by hand."""
    assert load(run, workspace).code == 0
    put(workspace, table=TABLE.replace("Eastland", "Northland"))
    assert altered(workspace, INTERRUPTED).returncode == 130
    assert "Northland" in graph(workspace)
    assert load(run, workspace).code == 0


def test_two_runs_at_once_do_not_mix(workspace: Path) -> None:
    """While one run is at a table another is told to wait."""
    at = writing.paths(find(workspace), "projects")
    with writing.alone(at), pytest.raises(DataError, match="another coopgraph table is at it"), writing.alone(at):
        pass
    with writing.alone(at):
        assert fcntl  # the lock is free again


def test_a_lock_that_was_removed_meanwhile_is_none(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that locks a file which the one before has just removed takes the file that is there."""
    at = writing.paths(find(workspace), "projects")
    lock = at.written.with_name(".projects.table.json.lock")

    taken, real = [], locks.take

    def take(file: int) -> None:
        real(file)
        if not taken:
            lock.unlink()
        taken.append(file)

    monkeypatch.setattr(locks, "take", take)
    with writing.alone(at):
        assert lock.exists()
        assert len(taken) == 2
    assert not lock.exists()


def test_what_was_written_aside_goes_however_long_its_name(run: Run, workspace: Path) -> None:
    """What a killed run has written aside of a table with a long slug is gone after the next run."""
    slug = "projects-of-all-the-coasts-of-the-north-and-of-the-south"
    text = (workspace / "m.toml").read_text("utf-8")
    (workspace / "m.toml").write_text(text.replace('id = "projects"', f'id = "{slug}"'), "utf-8")
    killed = "import os\nfrom pathlib import Path\nPath.replace = lambda *_: os._exit(9)\n"
    assert altered(workspace, killed).returncode == 9
    assert [each for each in (workspace / "proposals").iterdir() if each.name.startswith(f".{slug}.")]
    assert load(run, workspace).code == 0
    assert not [each for each in (workspace / "proposals").iterdir() if each.name.startswith(".")]


def test_a_workspace_that_cannot_be_written_is_told(run: Run, workspace: Path) -> None:
    """Where a file has the name of the folder for sheets, that is one line, and nothing is written."""
    (workspace / "proposals").write_text("no folder", "utf-8")
    done = load(run, workspace)
    assert done.code == 3
    assert "cannot be written" in done.error
    assert not graph(workspace)


def test_claims_that_a_mapping_no_longer_makes_go(run: Run, workspace: Path) -> None:
    """A claim that is taken out of a mapping is out of the graph after the next run, and its table stays."""
    assert load(run, workspace).code == 0
    text = (workspace / "m.toml").read_text("utf-8")
    (workspace / "m.toml").write_text(text[: text.index("[claims.cost]")], "utf-8")
    assert load(run, workspace).code == 0
    assert "coop:figure" not in graph(workspace)
    assert "coop:fundedBy" in graph(workspace)


def test_the_sheet_of_names_is_read_as_spreadsheets_save_it(tmp_path: Path) -> None:
    """Semicolons, lines of nothing and short lines do not matter; two decisions on one name do."""
    path = tmp_path / "x.names.csv"
    header = ";".join(names_sheet.COLUMNS)
    path.write_text(
        f"\ufeff{header}\r\nnew;Country;Eastland\r\n;;;;;;;;;\r\n;Country;Eastland;;;1;;asked;;\r\n", "utf-8"
    )
    (entry,) = names_sheet.read(path, {}).values()
    assert entry.decision == "new"
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write("leave out;Country;Eastland\r\n")
    with pytest.raises(UsageError, match=r"x\.names\.csv!A5: 'Eastland' is decided as 'leave out', and as 'new'"):
        names_sheet.read(path, {})


def test_a_cell_of_a_megabyte_does_not_hide_the_delimiter() -> None:
    """Cells are as long as they are, the first ones too."""
    found = delimited.found(f"{HEADER}P1,{'x' * 300_000},Eastland,2012,1\n".encode(), NOTHING_SET)
    assert len(found.records[0][1]) == 5


def test_a_pattern_that_never_ends_is_ended(workspace: Path) -> None:
    """The pattern of a stranger that goes on for ever is ended as a query is, and named."""
    edit = ('name = "project"', 'name = "project"\nextract = "^(a+)+$"')
    put(workspace, edit, table=f"{HEADER}P1,{'a' * 60}b,Eastland,2012,1\n")
    done = altered(workspace, IMPATIENT)
    assert done.returncode == 4, done.stderr
    assert "entities.project.extract" in done.stderr
    assert not graph(workspace)


@pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "fifo"])
def test_a_mapping_leads_nowhere_else(run: Run, workspace: Path, target: str) -> None:
    """A link out of the folder, an absolute path and a pipe are refused, as a table and unread."""
    (workspace / "t.csv").unlink()
    if target == "fifo":
        os.mkfifo(workspace / "t.csv")
    else:
        (workspace / "t.csv").symlink_to(target)
    done = load(run, workspace)
    assert done.code == 3
    assert re.search("leads out of its folder|is a pipe, not a file", done.error)


def test_a_mapping_that_is_nested_without_end_is_told(tmp_path: Path) -> None:
    """Brackets in brackets, a NUL and letters of another encoding are told as what they are."""
    path = tmp_path / "m.toml"
    for content in (b"a=" + b"[" * 100_000, MAPPING.encode() + b"\0", MAPPING.encode() + b"# \xe9"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"is not TOML|is not UTF-8"):
            mapping_file.read(path)
