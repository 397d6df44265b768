"""Building: files in, one store out, no more done than needed, whatever the folders and files are called."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path
from unicodedata import is_normalized

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import Run, write_small
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.build import build, up_to_date
from coopgraph.claims import workspace
from coopgraph.errors import DataError
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import NamedNode
from coopgraph.store import current, fingerprints

CLAIMS = "SELECT ?claim { ?claim a coop:Claim }"


def graphs(root: Path) -> set[str]:
    """Return the names of the graphs of a workspace's files, built anew where need be."""
    with load(root) as graph:
        base = "https://example.org/id/graph/"
        return {iri.removeprefix(base) for iri in graph.store.graphs() if iri.startswith(base)}


def test_a_build_says_what_it_did(small: Path) -> None:
    """The report counts files, triples, claims by status, entities, derived triples and verified passages."""
    report = build.build(workspace.find(small))
    assert report.saved
    assert (report.files, report.entities, report.verified) == (2, 2, 2)
    assert report.claims == {"realised": 1, "potential": 1}
    labels = report.derived.pop("labels")
    assert report.derived == {"direct": 1, "inferred": 9, "tallies": 69}
    with load(small) as graph:
        assert labels == len(list(graph.store.quads(graph=vocab.LABELS)))
    assert (report.findings, report.absent) == ((), ())
    assert report.seconds > 0


def test_derived_triples_stand_in_one_graph_each(tiny_graph: CoopGraph) -> None:
    """No triple stands in two graphs, and only realised claims give direct ones."""
    twice = tiny_graph.query(
        "SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(STR(?g) < STR(?h)) }"
    )
    assert twice.to_dicts() == []
    direct = "SELECT ?s ?p ?o { GRAPH <https://w3id.org/coopgraph/id/graph/direct> { ?s ?p ?o } }"
    claimed = (
        "SELECT DISTINCT ?s ?p ?o { ?c a coop:Claim ; coop:status status:realised ; "
        "rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o FILTER(ISIRI(?o)) }"
    )
    assert {tuple(row.values()) for row in tiny_graph.query(direct)} == {
        tuple(row.values()) for row in tiny_graph.query(claimed)
    }


def test_a_question_builds_only_when_files_have_changed(small: Path, run: Run) -> None:
    """A reading command builds where there is no store and where content has changed, and not where only times have."""
    ask = ("query", "-", "--format", "csv")
    first = run(*ask, cwd=small, stdin=CLAIMS)
    assert (first.code, first.err) == (0, "")
    current = small / ".coopgraph" / "current"
    built = current.read_text()
    for path in (*small.rglob("*.ttl"), small / "coopgraph.toml"):
        path.touch()
    assert run(*ask, cwd=small, stdin=CLAIMS).out == first.out
    assert current.read_text() == built
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-3"), "utf-8")
    assert "note-3" in run(*ask, cwd=small, stdin=CLAIMS).out
    assert current.read_text() != built


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "graphs" / "note.ttl").rename(root / "graphs" / "other.ttl"),
        lambda root: (
            shutil.copytree(root / "graphs", root / "more") and (root / "graphs" / "places.ttl").write_text("x")
        ),
        lambda root: (root / "coopgraph.toml").write_text('title = "Other"\nbase = "https://example.org/id/"\n'),
        lambda root: (
            (root / "queries" / "checks").mkdir(parents=True)
            or (root / "queries" / "checks" / "own.rq").write_text("SELECT ?graph ?focus { FILTER(false) }")
        ),
    ],
)
def test_every_input_counts(small: Path, change: object) -> None:
    """A renamed or edited file, other settings and an own rule each make the store out of date."""
    space = workspace.find(small)
    load(small).close()
    assert up_to_date.is_current(space)
    change(small)  # type: ignore[operator]
    assert not up_to_date.is_current(workspace.find(small))


def test_only_changed_files_are_read_again(small: Path, run: Run) -> None:
    """A build says how many files it read anew: all at first and with --full, later those that have changed."""
    assert "2 files, " in run("build", cwd=small).err
    assert "2 files (0 read anew), " in run("build", cwd=small).err
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-3"), "utf-8")
    assert "2 files (1 read anew), " in run("check", cwd=small).err
    assert "2 files (1 read anew), " in run("build", cwd=small).err
    assert "2 files, " in run("build", "--full", cwd=small).err
    (small / "coopgraph.toml").write_text('title = "Other"\nbase = "https://example.org/id/"\n')
    assert "2 files, " in run("build", cwd=small).err


def test_an_own_rule_without_scope_sees_the_whole_store(small: Path, run: Run) -> None:
    """A rule whose header says nothing of what it sees is run in every build, on all graphs, derived ones included."""
    checks = small / "queries" / "checks"
    checks.mkdir(parents=True)
    (checks / "own.rq").write_text(
        "#+ summary: A link that is inferred\n#+ severity: warning\n"
        "SELECT ?graph ?focus { GRAPH <https://w3id.org/coopgraph/id/graph/inferred> "
        "{ ?focus coop:cooperatesWith ?other } BIND(<https://example.org/id/graph/note> AS ?graph) }"
    )
    for command in (("build",), ("check",), ("build",)):
        told = run(*command, cwd=small)
        assert "A link that is inferred" in told.out + told.err
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("status:realised", "status:planned"), "utf-8")
    for command in (("check",), ("build",)):
        told = run(*command, cwd=small)
        assert "A link that is inferred" not in told.out + told.err


def test_checking_saves_nothing(small: Path, run: Run) -> None:
    """A check writes no file, and finds what a build finds."""
    before = sorted(small.rglob("*"))
    checked = run("check", cwd=small)
    assert (checked.code, checked.out) == (0, "")
    assert sorted(small.rglob("*")) == before


def test_warnings_fail_only_when_told_to(small: Path, run: Run) -> None:
    """Advice is shown and the store is saved; with --strict it fails and nothing is saved."""
    places = small / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8").replace('skos:definition "A port in the east."@en ;', ""), "utf-8")
    strict = run("build", "--strict", cwd=small)
    assert strict.code == 1
    assert "1 warning, and --strict was given" in strict.err
    quiet = run("build", "--strict", "--quiet", cwd=small)
    assert quiet.code == 1
    assert "graphs/places.ttl:17: warning: place:eastport: " in quiet.error
    assert not (small / ".coopgraph" / "current").exists()
    lenient = run("build", cwd=small)
    assert lenient.code == 0
    assert "graphs/places.ttl:17: warning: place:eastport: " in lenient.err
    assert run("check", "--strict", cwd=small).code == 1


@pytest.mark.thorough
@pytest.mark.slow
def test_three_thousand_small_files_are_one_graph_each(small: Path) -> None:
    """A folder of thousands of files, nested ones too, is built, each file a graph of its path."""
    head = (
        "@prefix coop: <https://w3id.org/coopgraph/ontology#> .\n"
        "@prefix dc: <http://purl.org/dc/elements/1.1/> .\n"
        "@prefix place: <https://example.org/id/place/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    )
    for number in range(3000):
        folder = small / "graphs" / f"{number % 7}" / f"{number % 5}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f'place:p{number} a coop:City ;\n    dc:source "x"@en ;\n    skos:definition "{number}"@en ;\n'
        text += f'    skos:prefLabel "P{number}"@en .\n'
        (folder / f"p{number}.ttl").write_text(head + text)
    space = workspace.find(small)
    report = build.build(space)
    assert report.saved
    assert report.files == 3002
    assert report.entities == 3002
    with load(small) as graph:
        assert "https://example.org/id/graph/3/1/p1571" in graph.store.graphs()
        assert graph.entity("P2999").iri.endswith("p2999")


NAMES = {
    "a b.ttl": "a%20b",
    "港.ttl": "港",
    'q"<{x}>|^`\\.ttl': "q%22%3C%7Bx%7D%3E%7C%5E%60%5C",
    "a#b?c%41.ttl": "a%23b%3Fc%2541",
    "v1.2.ttl": "v1.2",
    "a/b/c.ttl": "a/b/c",
    "direct.ttl": "direct",
    "-o.ttl": "-o",
    "new\nline.ttl": "new%0Aline",
    os.fsdecode(b"bad\xff.ttl"): "bad%FF",
    "places[1].ttl": "places%5B1%5D",
    "caf\u00e9.ttl": "café",
    "cafe\u0301.ttl": "cafe%CC%81",
    "\u202egpj.ttl": "%E2%80%AEgpj",
    "x.ttl": "x",
    "x.TTL": "x.TTL",
    "x.Turtle": "x.Turtle",
    "x.TTL.ttl": "x.TTL.ttl",
}


def test_a_file_may_have_any_name(small: Path) -> None:
    """A graph is called as its file, what an IRI cannot hold as an escape, be the name UTF-8 or not."""
    head, places = (small / "graphs" / "places.ttl").read_text("utf-8").split("\n\n", 1)
    for number, name in enumerate(NAMES):
        path = small / "graphs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = places.split("\n\n")[0].replace("eastport", f"place-{number}").replace("Eastport", f"Place {number}")
        path.write_text(f"{head}\n\n{text}", "utf-8")
    assert graphs(small) == {"note", "places", *NAMES.values()}


_NAME = st.binary(min_size=1, max_size=12).filter(lambda name: not set(name) & {0, ord("/")} and name[0] != ord("."))
_TEXT = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), max_size=9)
_ENDING = st.sampled_from([".ttl", ".TTL", ".nt", ".nt.ttl", ".ttl.ttl", ".Turtle"])


@example(["\x0c\u0327.ttl", "\udccc\u0327.ttl"])
@given(st.lists(st.tuples(_NAME.map(os.fsdecode) | _TEXT, _ENDING).map("".join), min_size=2, max_size=2, unique=True))
def test_names_of_graphs_are_valid_and_differ_as_files_do(names: list[str]) -> None:
    """Two files with different names have different graphs, and each is an IRI that SPARQL and RDF take."""
    space = workspace.Workspace(root=Path("/w"), title="w", base="https://example.org/id/")
    iris = {space.graph_iri(Path("/w/graphs", name)) for name in names}
    assert len(iris) == 2
    for iri in iris:
        assert NamedNode(iri).value == iri
        assert is_normalized("NFC", iri)
        ox.Store().query(f"SELECT * {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")


def test_rdf_that_is_not_read_is_warned_of(small: Path, run: Run) -> None:
    """N-Triples are read, and endings in capitals; each other file with RDF is a warning with its name, each time."""
    (small / "graphs" / "places.ttl").rename(small / "graphs" / "PLACES.TTL")
    (small / "graphs" / "more.nt").write_text(
        "<https://example.org/id/place/northport> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://w3id.org/coopgraph/ontology#City> .\n"
        '<https://example.org/id/place/northport> <http://www.w3.org/2004/02/skos/core#prefLabel> "Northport"@en .\n'
    )
    others = ["a.nq", "b.trig", "c.JSONLD", "d.rdf", "deep/g.ttl.gz", "e.xml", "f.n3", "h.ttl.txt"]
    for name in others:
        (small / "graphs" / name).parent.mkdir(exist_ok=True)
        (small / "graphs" / name).write_text("whatever")
    (small / "graphs" / "notes.txt").write_text("whatever")
    for work in (build.check, build.build, build.build):
        report = work(workspace.find(small))
        passed = [finding.file for finding in report.findings if finding.rule == "passed-over"]
        assert passed == [f"graphs/{name}" for name in others]
        assert report.violations == 0
    assert "graphs/a.nq: warning: this file: is RDF in a form that is not read" in run("build", cwd=small).err
    assert "Northport" in run("search", "northport", "--format", "csv", cwd=small).out
    assert run("build", "--strict", cwd=small).code == 1


def test_names_that_are_kept_for_derived_graphs_are_refused(tmp_path: Path) -> None:
    """In a workspace without its own base, a file may not take the name of a derived graph."""
    root = write_small(tmp_path / "w")
    settings = root / "coopgraph.toml"
    settings.write_text(settings.read_text().replace('base = "https://example.org/id/"\n', ""))
    for name in ("direct", "inferred", "ontology"):
        path = (root / "graphs" / "places.ttl").rename(root / "graphs" / f"{name}.ttl")
        with pytest.raises(DataError, match=f"graphs/{name}.ttl: this name is kept"):
            build.check(workspace.find(root))
        path.rename(root / "graphs" / "places.ttl")


def test_hidden_and_other_files_are_left_alone(small: Path) -> None:
    """An editor's own files and files of other kinds are no graph files."""
    for name in (".#note.ttl", ".hidden.ttl", "note.ttl~", "note.ttl.bak", "readme.md", "note.TTL.swp"):
        (small / "graphs" / name).write_text("no Turtle")
    assert graphs(small) == {"note", "places"}


def test_byte_order_marks_and_windows_line_ends_change_nothing(small: Path) -> None:
    """Files that an editor gave a byte order mark and CRLF, source texts included, build as before."""
    for path in (*(small / "graphs").iterdir(), *(small / "sources").iterdir(), small / "coopgraph.toml"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    report = build.build(workspace.find(small))
    assert report.saved
    assert (report.verified, report.findings) == (2, ())


@pytest.mark.parametrize("name", ["香港 与 辽宁", "-a'b\"c$d"])
def test_a_workspace_may_stand_anywhere(tmp_path: Path, run: Run, name: str) -> None:
    """A workspace in a folder with blanks, Chinese characters or quotation marks is built, asked and exported."""
    root = write_small(tmp_path / name)
    assert run("build", cwd=root).code == 0
    asked = run(f"--workspace={root}", "query", "-", "--format", "csv", stdin=CLAIMS)
    assert (asked.code, asked.err) == (0, "")
    assert run("export", "-o", "out 港.ttl", cwd=root).code == 0
    assert (root / "out 港.ttl").exists()


def test_links_that_stay_in_the_workspace_are_followed(small: Path, tmp_path: Path, run: Run) -> None:
    """A workspace, its graphs folder, a folder in that and a graph file are read where they are links within it."""
    (small / "graphs").rename(small / "elsewhere")
    (small / "graphs").symlink_to(small / "elsewhere")
    (small / "elsewhere" / "places.ttl").rename(small / "p")
    (small / "elsewhere" / "places.ttl").symlink_to(small / "p")
    (small / "notes").mkdir()
    (small / "elsewhere" / "note.ttl").rename(small / "notes" / "note.ttl")
    (small / "elsewhere" / "more").symlink_to(small / "notes")
    (small / "notes" / "round").symlink_to(small / "elsewhere")
    (small / "elsewhere" / "up").symlink_to(small)
    link = tmp_path / "link"
    link.symlink_to(small)
    asked = run("-w", link, "query", "-", "--format", "csv", stdin=CLAIMS)
    assert (asked.code, asked.err) == (0, "")
    assert "note-1" in asked.out
    assert run("build", cwd=link).code == 0
    assert graphs(small) == {"places", "more/note"}


def test_a_locale_that_is_not_utf8_changes_nothing(tmp_path: Path, run: Run) -> None:
    """Under the C locale a workspace with a Chinese name is built, and names, rows and files are the same as ever."""
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0"}
    root = write_small(tmp_path / "香港")
    (root / "graphs" / "places.ttl").rename(root / "graphs" / "地.ttl")
    assert run("build", cwd=root, env=locale).code == 0
    shown = run("show", "东港", cwd=root, env=locale)
    assert (shown.code, shown.err) == (0, "")
    assert "also: 东港, 東港" in shown.out
    query = "SELECT ?g ?x { GRAPH ?g { ?x skos:prefLabel '西港'@zh-Hans } }"
    for env in (locale, {}):
        asked = run("-w", root, "query", "-", "--format", "csv", stdin=query, env=env)
        assert asked.out.splitlines()[1] == "https://example.org/id/graph/地,https://example.org/id/place/westport"
        assert asked.err == ""
    assert run("export", "-o", "出.ttl", cwd=root, env=locale).code == 0
    assert '"东港"@zh-Hans' in (root / "出.ttl").read_text("utf-8")
    assert "'东冈'" in run("show", "东冈", cwd=root, env=locale).error


def test_the_workspace_is_the_folder_we_stand_in_or_one_above(small: Path, tmp_path: Path, run: Run) -> None:
    """Below a workspace its graph answers, elsewhere the bundled one, and --workspace chooses."""
    deep = small / "a" / "b"
    deep.mkdir(parents=True)
    query = "SELECT (COUNT(?c) AS ?n) { ?c a coop:Claim }"
    assert run("query", "-", "--format", "csv", cwd=deep, stdin=query).out == "n\r\n2\r\n"
    bundled = run("query", "-", "--format", "csv", cwd=tmp_path, stdin=query)
    assert int(bundled.out.splitlines()[1]) > 60
    assert run("-w", small, "query", "-", "--format", "csv", cwd=tmp_path, stdin=query).out == "n\r\n2\r\n"


def test_an_own_ontology_and_own_rules_stand_beside_the_bundled_ones(small: Path) -> None:
    """A workspace's own property, shape and rule work together with those that coopgraph brings."""
    (small / "ontology").mkdir()
    (small / "ontology" / "own.ttl").write_text(
        "@prefix coop: <https://w3id.org/coopgraph/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<https://example.org/own#ferryTo> a owl:ObjectProperty ; rdfs:label 'has a ferry to'@en ;\n"
        "    coop:relationGroup <https://w3id.org/coopgraph/id/relation/cooperation> ;\n"
        "    rdfs:domain coop:Place ; rdfs:range coop:Place .\n"
    )
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("coop:tradesWith", "<https://example.org/own#ferryTo>"), "utf-8")
    (small / "queries" / "checks").mkdir(parents=True)
    (small / "queries" / "checks" / "no-ferry.rq").write_text(
        "#+ summary: A ferry\n#+ description: There are none.\n#+ severity: warning\n"
        "SELECT ?graph ?focus ?detail { GRAPH ?graph { ?focus rdf:predicate <https://example.org/own#ferryTo> } }"
    )
    report = build.build(workspace.find(small))
    assert report.saved
    assert [(finding.rule, finding.focus, finding.severity) for finding in report.findings] == [
        ("no-ferry", "claim:note-2", "warning")
    ]
    with load(small) as graph:
        labels = {data["label"] for *_, data in graph.to_networkx().edges(data=True)}
        assert labels == {"cooperates with", "has a ferry to"}


@pytest.mark.thorough
@pytest.mark.slow
def test_a_rule_that_never_ends_is_told(small: Path, run: Run) -> None:
    """An own rule that makes new triples for ever ends the build with one line, and no store is saved."""
    rule = small / "queries" / "derive" / "endless.rq"
    rule.parent.mkdir(parents=True)
    head = "#+ summary: s\n#+ description: d\n#+ graph: inferred\nPREFIX coop: <https://w3id.org/coopgraph/ontology#>\n"
    rule.write_text(head + "CONSTRUCT { ?x coop:partOf ?n } { ?x a coop:City BIND(BNODE() AS ?n) }", "utf-8")
    ended = run("build", cwd=small)
    assert (ended.code, ended.out) == (3, "")
    assert "without end" in ended.error


def test_a_rule_reaches_no_other_server(small: Path, run: Run) -> None:
    """An own derive rule that asks another server is refused with one line, and no store is saved."""
    rule = small / "queries" / "derive" / "outside.rq"
    rule.parent.mkdir(parents=True)
    head = "#+ summary: s\n#+ description: d\n#+ graph: inferred\n"
    rule.write_text(head + "CONSTRUCT { ?s ?p ?o } { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "utf-8")
    refused = run("build", cwd=small)
    assert (refused.code, refused.out) == (3, "")
    assert "outside.rq:4:26: SERVICE would ask another server" in refused.error


def test_a_full_build_believes_nothing_that_was_noted(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what was noted of a file is wrong, a full build notes its checksum anew; another one believes the note."""
    space = workspace.find(small)
    assert build.build(space).saved
    path = small / "graphs" / "note.ttl"
    noted = current.state(space.store_folder, "inputs.json")
    status = path.stat()
    wrong = "0" * 64
    noted["graphs"]["graphs/note.ttl"] = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, wrong]
    state = current.state
    monkeypatch.setattr(current, "state", lambda folder, name: noted if name == "inputs.json" else state(folder, name))
    for full, checksum in ((False, wrong), (True, sha256(path.read_bytes()).hexdigest())):
        assert build.build(space, full=full).saved
        assert state(space.store_folder, "inputs.json")["graphs"]["graphs/note.ttl"][-1] == checksum


def test_a_file_that_has_just_changed_is_looked_at_again(small: Path) -> None:
    """An edit within one tick of the clock, which leaves size and times as they were noted, is seen."""
    space = workspace.find(small)
    path = small / "graphs" / "note.ttl"
    path.touch()
    noted = fingerprints.of(space, {})["graphs"]["graphs/note.ttl"]
    status = path.stat()
    assert noted[:4] != [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    assert noted[4] == sha256(path.read_bytes()).hexdigest()
