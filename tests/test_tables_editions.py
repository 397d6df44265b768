"""A new edition of a table renews what has changed, and no more than that is checked again where that is sure."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conftest import Run
from coopgraph import load
from coopgraph.build import build, part_check
from coopgraph.claims.workspace import find
from coopgraph.errors import CheckError
from coopgraph.export import turtle
from coopgraph.tables import distribution, former_rows, loading, part, renewal, writing
from coopgraph.tables.row_claims import Placed
from layers import examples
from test_tables import COLUMNS, MAPPING, ROWS, changed, decide, edit, graph, opened, table, workspace, write

__all__ = ["workspace"]


def renew(root: Path) -> bool | None:
    """Write what a table gives, and say whether only what has changed was checked; None where it is not all right."""
    prepared, at = opened(root)
    loaded = prepared.run(distribution.on_this_machine, writing.former(at))
    if loaded.gate.faults:  # such as a name that somebody has to decide on
        return None
    space = find(root)
    texts = writing.texts(
        loaded, writing.document(prepared.mapping, prepared.table, loaded.plan.issued), at, prepared.around.words
    )
    checked = writing.is_checked(texts, at, space)
    writing.save_sheets(loaded, prepared.decisions, prepared.around.words, at)
    writing.save(texts, at, space)
    writing.save_rows(loaded, at)
    return checked


def built(run: Run, root: Path) -> None:
    """Write the first edition, and build."""
    edit(root, '[claims.lies]\nsubject = "city"\npredicate = "partOf"\nobject = "country"\nonce = true\n', "")
    assert table(run, root).code == 0
    assert run("build", cwd=root).code == 0


def test_a_changed_row_is_checked_alone(run: Run, workspace: Path) -> None:
    """Where a row has changed the claims of other rows are not checked again, though these stand elsewhere now."""
    built(run, workspace)
    write(workspace, changed(0, project="Harbour railway, second track", cost="1,500,000"))
    before = "".join(graph(workspace).values())
    assert renew(workspace)
    change = renewal.change(before, "".join(graph(workspace).values()))
    assert change
    assert "claim:projects-2020-p1-cost" in change.part
    assert "claim:projects-2020-p2-cost" not in change.part
    assert change.gone == {"initiative:harbour-railway"}
    assert run("check", cwd=workspace).code == 0


def test_what_is_said_of_the_source_has_all_checked(run: Run, workspace: Path) -> None:
    """Where the source is said to be otherwise, which bears on every claim, all is checked; and where a class is."""
    built(run, workspace)
    edit(workspace, "2020-03", "2019-03")
    text = "".join(graph(workspace).values())
    assert not renew(workspace)
    assert renewal.change(text, text.replace("place:elma a coop:City", "place:elma a coop:Region")) is None
    assert renewal.change(text, text.replace("\nplace:elma a coop:City", "\nplace:alma a coop:City")) is None


def test_nothing_goes_that_others_name(run: Run, workspace: Path) -> None:
    """Where a thing would go with its row that another file names, nothing is written, and that file is told."""
    built(run, workspace)
    records = ("@prefix", "claim:", "passage:", "source:")
    blocks = [each for each in "".join(graph(workspace).values()).split("\n\n") if each.startswith(records)]
    other = "\n\n".join(blocks).replace("projects-2020", "others")
    (workspace / "graphs" / "other.ttl").write_text(other, "utf-8")
    assert run("build", cwd=workspace).code == 0
    before = graph(workspace)
    write(workspace, changed(2, donor="Eastland"))
    with pytest.raises(CheckError, match=r"other\.ttl.*northland"):
        renew(workspace)
    assert graph(workspace) == before
    (workspace / "graphs" / "other.ttl").unlink()
    write(workspace)
    renew(workspace)
    assert run("build", cwd=workspace).code == 0
    write(workspace, changed(2, donor="Eastland"))
    assert renew(workspace)


def part_of(before: str, after: str) -> str:
    change = renewal.change(before, after)
    assert change
    return change.part


def test_a_part_that_breaks_a_rule_does_not_pass(run: Run, workspace: Path) -> None:
    """What is broken in the part that has changed is found, be it a shape or a rule that looks at other files."""
    built(run, workspace)
    space = find(workspace)
    path = workspace / "graphs" / "projects-2020" / "table.ttl"
    text = path.read_text("utf-8")
    right = part_of(text, text.replace("Harbour", "Harbor"))
    assert part_check.passes(space, path, right)
    whole = part_of(text, text.replace("claim:projects-2020-p1-place", "claim:projects-2020-p1-site"))
    assert "claim:projects-2020-p1-site a coop:Claim" in whole
    for broken in (
        whole.replace("rdf:object place:elma", "rdf:object place:atlantis"),
        whole.replace("rdf:predicate coop:locatedIn", "rdf:predicate coop:holds"),
        whole.replace("coop:status status:realised", "coop:status status:lost"),
        whole.replace("    coop:status status:realised ;\n", ""),
    ):
        assert broken != whole
        assert not part_check.passes(space, path, broken)
    (workspace / "graphs" / "other.ttl").write_text("@prefix : <urn:x#> . :a :b :c .\n", "utf-8")
    assert not part_check.passes(space, path, right), "the store is not that of the files as they are"


def test_a_thing_that_is_called_otherwise_keeps_its_identifier(run: Run, workspace: Path) -> None:
    """What has an identifier of its own in the table is the same thing in a new edition, whatever it is called."""
    edit(workspace, "match = false\n", 'match = false\nid = "{id}"\n')
    built(run, workspace)
    write(workspace, changed(0, project="Railway to the harbour"))
    assert table(run, workspace).code == 0
    with load(workspace) as asked:
        assert asked.entity("Railway to the harbour").iri == "https://w3id.org/coopgraph/id/initiative/projects-2020-p1"
    write(workspace, changed(0, project="Railway to the harbour", id="P9"))
    assert table(run, workspace).code == 0
    assert "initiative:projects-2020-p9 a coop:Project" in "".join(graph(workspace).values()), (
        "another thing, of that name"
    )


def test_what_a_faulty_row_would_claim_for_several_another_claims(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that several rows make is made by the next one, in whichever part, where the first turns out at fault."""
    assert table(run, workspace).code == 0
    assert run("build", cwd=workspace).code == 0
    monkeypatch.setattr("coopgraph.tables.part.ROWS", 1)
    read = []
    monkeypatch.setattr(
        part, "read", lambda context, rows, read_part=part.read: read.append(len(rows)) or read_part(context, rows)
    )
    write(workspace, [*changed(0, due="soon"), ("P5", "Pier", *ROWS[1][2:])])
    loaded = opened(workspace)[0].run(lambda context, parts: distribution.on_this_machine(context, 1 + 0 * parts))
    texts = [each.text for each in loaded.parts]
    assert len(read) == 6, "five parts, and that of the second row again"
    assert [("rdf:subject place:elma" in text, "coop:partOf" in text) for text in texts[:2]] == [
        (False, False),
        (True, True),
    ]
    assert "prov:wasDerivedFrom passage:projects-2020-p2" in texts[1]


CELLS = {
    "project": st.sampled_from(["Harbour railway", "Pier", 'Quay "A"\tB', "港口铁路"]),
    "city": st.sampled_from(["Elma", "Seaton", "Newport"]),
    "status": st.sampled_from(["completed", "pledged", "suspended"]),
    "cost": st.sampled_from(["", "5", "1,000.5"]),
    "start": st.sampled_from(["", "2012-05-01", "2014"]),
}


@settings(max_examples=examples(6))
@given(st.data())
def test_a_renewed_file_is_that_of_a_run_from_nothing(run: Run, workspace: Path, data: st.DataObject) -> None:
    """Whatever changes from one edition to the next, the graph file is right, and as a check of all would have it."""
    if not (workspace / "graphs" / "projects-2020").exists():
        built(run, workspace)
    rows = [list(row) for row in ROWS[: data.draw(st.integers(2, 4))]]
    for row in rows:
        for name in data.draw(st.lists(st.sampled_from(list(CELLS)), max_size=2, unique=True)):
            row[COLUMNS.index(name)] = data.draw(CELLS[name])
    write(workspace, data.draw(st.permutations(rows)))
    assume(renew(workspace) is not None)
    assert not build.check(find(workspace), sources=workspace / "texts").violations
    assert run("build", cwd=workspace).code == 0
    before = graph(workspace)
    (workspace / "proposals" / "projects-2020.rows.json").unlink()
    renew(workspace)
    assert graph(workspace) == before, "with all rows mapped anew the file is the same"


@contextmanager
def rows_read() -> Iterator[list[int]]:
    """Give the numbers of the rows that are mapped meanwhile."""
    numbers: list[int] = []

    def read(context: part.PartContext, rows: Sequence[Placed]) -> part.Part:
        numbers.extend(row.number for row in rows)
        return read_part(context, rows)

    with pytest.MonkeyPatch.context() as patch:
        read_part = part.read
        patch.setattr(part, "read", read)
        yield numbers


def test_only_a_row_that_changed_is_mapped(run: Run, workspace: Path) -> None:
    """Of an edition with one changed row that row is mapped; the others keep what they gave, wherever they stand."""
    assert table(run, workspace).code == 0
    write(workspace, changed(1, project="Coast road, dual carriageway"))
    with rows_read() as numbers:
        assert renew(workspace) is not None
    assert numbers == [3]
    with rows_read() as numbers:
        renew(workspace)
    assert numbers == []
    assert verified(run, workspace)


def verified(run: Run, root: Path) -> bool:
    """Say whether each passage stands where it says."""
    return run("check", "--sources", "texts", cwd=root).code == 0


MAPPINGS = (
    ('title = "Projects of the coast"', 'title = "Projects of all coasts"'),
    ('pledged = "planned"', 'pledged = "potential"'),
    ('unit = "USD"', 'unit = "EUR"'),
    ('otherwise = "ended"', 'otherwise = "denied"'),
    ('issued = "2020-03"', 'issued = "2020-03"\nlanguage = "de"'),
    ("[entities.country]", "[rows]\nquote = true\n\n[entities.country]"),
    ("once = true", ""),
)


def mapped_again(root: Path) -> list[int]:
    """Return the numbers of the rows that a run would map."""
    prepared, at = opened(root)
    with rows_read() as numbers:
        prepared.run(distribution.on_this_machine, writing.former(at))
    return numbers


def test_rows_are_mapped_that_give_something_else(run: Run, workspace: Path) -> None:
    """By another mapping or with other shapes all rows are mapped, and where a name means another thing its rows."""
    assert table(run, workspace).code == 0
    assert mapped_again(workspace) == []
    for old, new in MAPPINGS:
        edit(workspace, old, new)
        assert mapped_again(workspace) == [2, 3, 4, 5], new
        (workspace / "projects.toml").write_text(MAPPING, "utf-8")
    decide(workspace, "Northland", "leave out")
    assert mapped_again(workspace) == [4]
    (workspace / "ontology").mkdir()
    shape = "<urn:x#shape> a <http://www.w3.org/ns/shacl#NodeShape> .\n"
    (workspace / "ontology" / "shapes.ttl").write_text(shape, "utf-8")
    assert mapped_again(workspace) == [2, 3, 4, 5]


def test_what_somebody_sends_is_mapped_anew(
    run: Run, workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A false claim in a graph file, with all checksums to fit it, does not outlast a run where it was sent to."""
    assert table(run, workspace).code == 0
    right = graph(workspace)
    at = opened(workspace)[1]
    path = at.graphs / "table.ttl"
    path.write_text(right["table.ttl"].replace("rdf:object 1200000", "rdf:object 9200000"), "utf-8")
    assert graph(workspace) != right
    at.written.write_text(json.dumps({"table.ttl": sha256(path.read_bytes()).hexdigest()}), "utf-8")
    former_rows.write(at.rows, path, json.loads(at.rows.read_text("utf-8"))["rows"])
    assert len(writing.former(at).digests) == 4, "where it was made nobody tells it from the true one"
    there = workspace / "sent"
    shutil.copytree(workspace, there)
    assert not writing.former(opened(there)[1]).digests
    assert table(run, there).code == 0
    assert graph(there) == right


def test_other_turtle_has_another_format(run: Run, workspace: Path) -> None:
    """A version of coopgraph that makes other Turtle of a row says so by its FORMAT, so that none keeps the former."""
    assert table(run, workspace).code == 0
    digest = sha256(graph(workspace)["table.ttl"].encode()).hexdigest()[:12]
    assert (former_rows.FORMAT, digest) == (2, "38d48bbf37c4"), "raise FORMAT, and write the digest here"


STATES = ("", "{", "[]", '{"graph": 1}', '{"graph": [], "rows": []}', "\0", '{"rows": {}}')


def test_a_broken_state_says_nothing(run: Run, workspace: Path) -> None:
    """Where the digests of rows are broken, gone or of another file all rows are mapped."""
    assert table(run, workspace).code == 0
    at = opened(workspace)[1]
    whole = json.loads(at.rows.read_text("utf-8"))
    for text in (*STATES, json.dumps(whole | {"rows": [1]}), json.dumps(whole | {"graph": whole["graph"][:-1]})):
        at.rows.write_text(text, "utf-8")
        assert not writing.former(at).digests, text
    at.rows.unlink()
    before = graph(workspace)
    assert table(run, workspace).code == 0
    assert graph(workspace) == before


def given_by(loaded: loading.Loaded) -> tuple[object, ...]:
    texts = [each.text for each in loaded.parts if each.text]
    text = turtle.merged(texts) if texts else ""
    return text, loaded.claims, loaded.silent, sorted(loaded.new.values()), list(loaded.gate.lines()), loaded.digests


@settings(max_examples=examples(60))
@given(st.data())
def test_kept_rows_give_what_mapped_ones_do(run: Run, workspace: Path, data: st.DataObject) -> None:
    """Whatever changes from edition to edition, with what it kept a table gives what it gives from nothing."""
    if not (workspace / "graphs" / "projects-2020").exists():
        assert table(run, workspace).code == 0
    rows = [list(row) for row in (*ROWS, *(("P5", "Pier", *ROWS[1][2:]), ("P6", "Lighthouse", *ROWS[2][2:])))]
    for row in rows:
        for name in data.draw(st.lists(st.sampled_from(list(CELLS)), max_size=1)):
            row[COLUMNS.index(name)] = data.draw(CELLS[name] | st.just("soon") if name == "start" else CELLS[name])
    write(workspace, data.draw(st.permutations(rows)))
    anew = given_by(opened(workspace)[0].run(distribution.on_this_machine))
    prepared, at = opened(workspace)
    loaded = prepared.run(distribution.on_this_machine, writing.former(at))
    assert given_by(loaded) == anew
    texts = writing.texts(
        loaded, writing.document(prepared.mapping, prepared.table, loaded.plan.issued), at, prepared.around.words
    )
    for path, text in texts.items():
        path.write_text(text or "", "utf-8")
    writing.save_rows(loaded, at)
