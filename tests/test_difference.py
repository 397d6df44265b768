"""What differs between two graphs is told claim by claim, and as a patch that makes one of the other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from conftest import Run, write_small
from coopgraph.ask import difference, states
from coopgraph.export import export
from coopgraph.rdf.vocab import local_name

Edit = Callable[[str], str]


def edited(text: str) -> Edit:
    """Return what replaces `a => b` in a text."""
    before, _, after = text.partition(" => ")
    return lambda content: content.replace(before, after)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest workspace, built."""
    root = write_small(tmp_path_factory.mktemp("before") / "small")
    states.opened(str(root)).close()
    return root


@pytest.fixture
def pair(before: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The smallest workspace, twice."""
    return before, Path(shutil.copytree(before, tmp_path / "after"))


def change(root: Path, *edits: str) -> None:
    """Change the graph file of a workspace."""
    path = root / "graphs" / "note.ttl"
    text = path.read_text("utf-8")
    for each in edits:
        assert each.partition(" => ")[0] in text
        text = edited(each)(text)
    path.write_text(text, "utf-8")


Row = tuple[str, str, str, str, str]


def rows(before: Path, after: Path) -> list[Row]:
    """Return what differs, without the ends of the claims."""
    with states.opened(str(before)) as old, states.opened(str(after)) as new:
        found = difference.differences(old, new)
    return [(each.change, local_name(each.claim.iri), each.what, each.before, each.after) for each in found]


def test_the_same_graph_does_not_differ(run: Run, pair: tuple[Path, Path]) -> None:
    """Two copies of a workspace differ in no claim, and their patch is empty."""
    done = run("diff", *pair, "--format", "csv")
    assert (done.out.count("\n"), done.err) == (1, "coopgraph: no claim differs\n")
    patch = run("diff", *pair, "--format", "patch").out.splitlines()
    assert [line.split()[0] for line in patch] == ["H", "TX", "TC"]


CASES = [
    (["coop:status status:potential => coop:status status:planned"], [
        ("changed", "note-2", "status", "potential", "planned")]),
    (["claim:note-2 a => claim:note-3 a"], [("renamed", "note-3", "claim", "note-2", "note-3")]),
    (["claim:note-2 a => claim:note-3 a", "status:potential => status:planned"], [
        ("gone", "note-2", "status", "potential", ""), ("new", "note-3", "status", "", "planned")]),
    (['"2014-01-01" => "2015-01-01"'], [("changed", "note-1", "since", "2014", "2015")]),
    (["prov:wasDerivedFrom passage:note-p2 => prov:wasDerivedFrom passage:note-p1"], [
        ("changed", "note-2", "passage", "note paragraph 2", "note paragraph 1"),
        ("changed", "note-2", "gist", "Sentence 2.", "Sentence 1.")]),
    (["Sentence 1. => Another gist."], [("changed", "note-1", "gist", "Sentence 1.", "Another gist.")]),
    (["coop:tradesWith => coop:cooperatesWith"], [
        ("changed", "note-2", "relation", "ontology#tradesWith", "ontology#cooperatesWith")]),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "wanted"), CASES)
def test_each_change_of_a_claim_is_told(pair: tuple[Path, Path], edits: list[str], wanted: list[Row]) -> None:
    """A claim that is new, gone, renamed or changed has a row for all that differs, with what was and what is."""
    change(pair[1], *edits)
    found = rows(*pair)
    assert [each[:3] for each in found] == [each[:3] for each in wanted]
    for (*_, before, after), (*_, was, now) in zip(found, wanted, strict=True):
        assert was in before
        assert now in after


def test_the_command_writes_rows_and_a_patch(run: Run, pair: tuple[Path, Path]) -> None:
    """Rows come in the forms that rows have, their number is told, and a patch has what was and what is."""
    change(pair[1], "status:potential => status:planned")
    done = run("diff", *pair, "--format", "csv")
    assert done.out.splitlines()[1].endswith(",status,potential,planned")
    assert done.err == "coopgraph: claims: 0 new, 0 gone, 0 renamed, 1 changed\n"
    patch = run("diff", *pair, "--format", "patch").out.splitlines()
    assert [line[0] for line in patch if "ontology#status" in line] == ["D", "A"]


def test_a_patch_makes_one_graph_of_the_other(pair: tuple[Path, Path]) -> None:
    """What the patch deletes stands in the first export alone, what it adds in the second, and nothing else differs."""
    change(
        pair[1], "status:potential => status:planned", "claim:note-2 => claim:note-5", '"2014-01-01" => "2013-01-01"'
    )
    with states.opened(str(pair[0])) as old, states.opened(str(pair[1])) as new:
        dumps = [set(export.text(store, "nquads").splitlines()) for store in (old, new)]
        patches = []
        for _ in range(2):
            out = StringIO()
            difference.write_patch(old, new, out)
            patches.append(out.getvalue().splitlines())
    patch = patches[0]
    assert patch == patches[1]
    assert patch[0].startswith("H id <urn:uuid:")
    deleted = {line[2:] for line in patch if line.startswith("D ")}
    added = {line[2:] for line in patch if line.startswith("A ")}
    assert (deleted <= dumps[0], added <= dumps[1], bool(deleted), bool(added)) == (True, True, True, True)
    counted = {line for each in dumps for line in each if "/dataset" in line.partition(" ")[0]}
    assert (dumps[0] - deleted) | added | counted == dumps[1] | counted


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with dumps of the smallest workspace in all forms."""
    folder = tmp_path_factory.mktemp("dumps")
    from coopgraph.ask.graph import load

    with load(write_small(folder / "small")) as graph:
        for ending, name in (("nq", "nquads"), ("trig", "trig"), ("nt", "ntriples"), ("ttl", "turtle"),
                             ("jsonld", "jsonld"), ("rdf", "rdfxml")):  # fmt: skip
            (folder / f"dump.{ending}").write_text(graph.export(name), "utf-8")
    return folder


@pytest.mark.parametrize("ending", ["nq", "trig", "nt", "ttl", "jsonld", "rdf"])
def test_a_dump_is_compared_like_a_workspace(dumps: Path, ending: str) -> None:
    """A dump in any form has the claims of the workspace that it is from, and in an RDF form the same triples."""
    with states.opened(str(dumps / "small")) as here, states.opened(str(dumps / f"dump.{ending}")) as there:
        assert difference.differences(here, there) == []
        out = StringIO()
        difference.write_patch(here, there, out)
        assert [line.split()[0] for line in out.getvalue().splitlines()] == ["H", "TX", "TC"]


def test_a_generation_of_the_store_is_compared(pair: tuple[Path, Path]) -> None:
    """What a store was is compared with what the graph files say now."""
    (generation,) = [path for path in (pair[0] / ".coopgraph").iterdir() if path.is_dir()]
    change(pair[1], "status:potential => status:denied")
    assert rows(generation, pair[1]) == [("changed", "note-2", "status", "potential", "denied")]


def test_what_cannot_be_compared_is_told_in_one_line(run: Run, small: Path, tmp_path: Path) -> None:
    """Names of nothing, files that are no RDF, damaged generations and unknown formats: one line, and the exit code."""
    (tmp_path / "bad.ttl").write_text("no turtle", "utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "half" / "db").mkdir(parents=True)
    (tmp_path / "half" / "manifest.json").write_text("{}", "utf-8")
    cases: list[tuple[list[str | Path], int, str]] = [
        (["nowhere", small], 2, "nowhere: is no workspace"),
        (["empty", small], 2, "empty: is no workspace"),
        (["bad.ttl", small], 3, "bad.ttl: cannot be read as RDF"),
        (["half", small], 3, "half: this generation cannot be read"),
        ([small], 2, "Missing argument 'B'"),
        ([small, small, "--format", "docx"], 2, "no format is called 'docx'"),
        ([small, small, "--format", "patch", "--safe-cells"], 2, "leave out --safe-cells"),
        ([small, small, "--store", "http://localhost:1/"], 2, "diff works on the files"),
        (["http://127.0.0.1:9/", small], 3, "127.0.0.1:9"),
    ]
    for arguments, code, line in cases:
        done = run("diff", *arguments, cwd=tmp_path)
        assert (done.code, line in done.error) == (code, True), done


def test_a_base_that_ends_in_a_number_sign_is_exported_and_compared(tmp_path: Path) -> None:
    """Identifiers may be fragments of one address: what is exported of them is read again as the same claims."""
    root = write_small(tmp_path / "fragments")
    for path in (root / "coopgraph.toml", *(root / "graphs").iterdir()):
        path.write_text(path.read_text("utf-8").replace("https://example.org/id/", "https://example.org/id#"), "utf-8")
    with states.opened(str(root)) as store:
        (tmp_path / "dump.nq").write_text(export.text(store, "nquads"), "utf-8")
        with states.opened(str(tmp_path / "dump.nq")) as dump:
            assert difference.differences(store, dump) == []
