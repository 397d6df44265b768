"""Bad input, each kind as people meet it: a clear line or finding, the right exit code, the former store unharmed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from conftest import Run
from coopgraph.ask.graph import load
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.errors import CoopgraphError

CLAIMS = "SELECT ?claim { ?claim a coop:Claim }"


def edit(root: Path, old: str, new: str, file: str = "note") -> None:
    """Replace a text in a graph file, which has it."""
    path = root / "graphs" / f"{file}.ttl"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def add(root: Path, text: str, file: str = "note") -> None:
    """Add a text to a graph file."""
    with (root / "graphs" / f"{file}.ttl").open("a", encoding="utf-8") as out:
        out.write(text)


THIRD = """
claim:note-3 a coop:Claim ; coop:status status:realised ; prov:wasDerivedFrom passage:note-p1 ;
    rdf:subject place:eastport ; rdf:predicate coop:cooperatesWith ; rdf:object place:westport"""
BACKWARDS = """ ;
    coop:validFrom "2014-01-01"^^xsd:date ; coop:validFromPrecision "year" ;
    coop:validTo "2013-01-01"^^xsd:date ; coop:validToPrecision "year" ."""
ELSEWHERE = "\n@prefix claim: <https://example.org/id/claim/> .\nclaim:note-1 a coop:Claim ."
TRADES = "rdf:object place:westport ;\n    rdf:predicate coop:tradesWith"
AT_0 = "oa:hasSource source:note ;\n    oa:start 0"

REPLACED = [
    ("prov:wasDerivedFrom passage:note-p2 ;", "", "claim:note-2", "claim-passage"),
    ("status:potential", "status:potential, status:planned", "claim:note-2", "claim-status"),
    ("status:potential", "status:maybe", "claim:note-2", "unknown-status"),
    ("coop:tradesWith", "coop:spokeAt", "claim:note-2", "object-of-wrong-class"),
    ("coop:tradesWith", "coop:spokeAt", "claim:note-2", "subject-of-wrong-class"),
    ("coop:tradesWith", "coop:tradesWiht", "claim:note-2", "unknown-predicate"),
    (TRADES, TRADES.replace("westport", "nowhere"), "claim:note-2", "unknown-entity"),
    (TRADES, TRADES.replace("place:westport", '"Westport"'), "claim:note-2", "claim-object"),
    (TRADES, TRADES.replace("westport", "eastport"), "claim:note-2", "link-to-itself"),
    ('"2014-01-01"^^xsd:date', '"2014-02-30"^^xsd:date', "claim:note-1", "valid-from"),
    ('"2014-01-01"^^xsd:date', '"2014"', "claim:note-1", "valid-from"),
    ('coop:validFromPrecision "year"', 'coop:validFromPrecision "about"', "claim:note-1", "precision"),
    (AT_0, AT_0.replace("source:note", "source:nowhere"), "passage:note-p1", "unknown-source"),
    ("prov:wasDerivedFrom passage:note-p2", "prov:wasDerivedFrom passage:nowhere", "claim:note-2", "unknown-passage"),
]
ADDED = [
    ("note", THIRD + BACKWARDS, "claim:note-3", "dates-reversed"),
    ("note", THIRD.replace("note-3", "note-1") + " .", "claim:note-1", "described-twice"),
    ("places", ELSEWHERE, "claim:note-1", "claim-in-two-files"),
    ("places", "\nplace:eastport coop:tradesWith place:westport .", "place:eastport", "direct-triple"),
]


def expect(root: Path, focus: str, rule: str) -> None:
    """Demand a finding that names file, line, what is at fault and the rule, and that no store is saved."""
    report = build.build(workspace.find(root))
    assert not report.saved
    hits = [finding for finding in report.findings if finding.focus == focus and rule in finding.rule]
    assert hits, report.findings
    assert all(finding.file.startswith("graphs/") and finding.line > 0 for finding in report.findings)
    assert not (root / ".coopgraph" / "current").exists()


@pytest.mark.sampled(5)
@pytest.mark.parametrize(("old", "new", "focus", "rule"), REPLACED)
def test_what_breaks_a_rule_is_a_finding(small: Path, old: str, new: str, focus: str, rule: str) -> None:
    """A claim or passage that breaks a rule is found, and nothing is saved."""
    edit(small, old, new)
    expect(small, focus, rule)


@pytest.mark.parametrize(("file", "text", "focus", "rule"), ADDED)
def test_what_must_not_be_added_is_a_finding(small: Path, file: str, text: str, focus: str, rule: str) -> None:
    """A claim with turned dates or told twice, and a link without a claim, is found, and nothing is saved."""
    add(small, text, file)
    expect(small, focus, rule)


def test_the_command_line_lists_findings_and_exits_with_1(small_built: Path, run: Run) -> None:
    """A build that finds violations lists them on standard error, ends with 1 and keeps the former store."""
    current = (small_built / ".coopgraph" / "current").read_text()
    edit(small_built, "status:potential", "status:maybe")
    refused = run("build", cwd=small_built)
    assert (refused.code, refused.out) == (1, "")
    assert re.search(
        r"^graphs/note\.ttl:\d+: violation: claim:note-2: .+ \[unknown-status\]$", refused.err, re.MULTILINE
    )
    assert refused.err.splitlines()[-1].startswith("coopgraph: 1 violation; mend what is listed above")
    assert (small_built / ".coopgraph" / "current").read_text() == current
    checked = run("check", "--format", "json", cwd=small_built)
    assert checked.code == 1
    assert '"rule": "unknown-status"' in checked.out
    asked = run("query", "-", "--format", "csv", cwd=small_built, stdin=CLAIMS)
    assert asked.code == 0
    assert "note-2" in asked.out
    (line,) = asked.err.splitlines()
    assert re.match(r"coopgraph: graphs/note\.ttl:\d+: violation: claim:note-2: ", line)
    assert "answering from the store of" in line


def test_without_a_former_store_a_question_says_what_is_wrong(small: Path, run: Run) -> None:
    """Where there is nothing to answer from, the first violation is the error."""
    edit(small, "status:potential", "status:maybe")
    refused = run("query", "-", cwd=small, stdin=CLAIMS)
    assert (refused.code, refused.out) == (1, "")
    assert re.match(r"graphs/note\.ttl:\d+: violation: claim:note-2: ", refused.error)


def test_moved_and_changed_passages_are_told_with_old_and_new_place(small: Path, run: Run) -> None:
    """A text that was edited moves one passage and changes another; both are told with both places."""
    text = small / "sources" / "note.txt"
    text.write_text("A heading.\n" + text.read_text().replace("hope", "intend"))
    checked = run("check", cwd=small)
    assert checked.code == 1
    lines = dict(re.findall(r"^graphs/note\.ttl:\d+: violation: (\S+): (.+)$", checked.out, re.MULTILINE))
    assert "no longer stands at 0-54 (paragraph 1) but at 11-65 (paragraph 2)" in lines["passage:note-p1"]
    assert (
        "the text at 55-89 (paragraph 2) has changed; nearest text is at 66-102 (paragraph 3)"
        in lines["passage:note-p2"]
    )


def test_texts_that_are_not_at_hand_are_told(small: Path, run: Run) -> None:
    """Where a text is missing the build says which sources were not verified; a wrong folder is refused."""
    (small / "sources" / "note.txt").unlink()
    built = run("build", cwd=small)
    assert built.code == 0
    assert "not verified anew, as the texts are not here: source:note" in built.err
    for arguments, env in ((("--sources", "nowhere"), {}), ((), {"COOPGRAPH_SOURCES": "nowhere"})):
        refused = run("check", *arguments, cwd=small, env=env)
        assert refused.code == 3
        assert "nowhere: there is no such folder of source texts" in refused.error


def test_a_source_text_in_another_encoding_is_told(small: Path, run: Run) -> None:
    """A source text that is not UTF-8 is told with the byte, and nothing is saved."""
    (small / "sources" / "note.txt").write_bytes("香港".encode("gb18030"))
    refused = run("build", cwd=small)
    assert refused.code == 3
    assert "note.txt: is not UTF-8 at byte 0; save it as UTF-8" in refused.error


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"@prefix x: <http://x/> .\nx:a x:b ;;; .\n", r"graphs/x\.ttl:2:\d+: .+; mend the Turtle there"),
        ("x香".encode("utf-16"), r"graphs/x\.ttl:1:1: .+; save it as UTF-8"),
        (b"", r"graphs/x\.ttl:1:1: holds no triples; write at least one or delete the file"),
    ],
)
def test_a_file_that_is_no_turtle_changes_nothing(small_built: Path, content: bytes, said: str) -> None:
    """A file that is no Turtle ends a build with its place; the former store stays and answers."""
    (small_built / "graphs" / "x.ttl").write_bytes(content)
    with pytest.raises(CoopgraphError) as caught:
        build.build(workspace.find(small_built))
    assert caught.value.exit_code == 3
    assert re.fullmatch(said, str(caught.value))
    told: list[str] = []
    with load(small_built, tell=told.append) as graph:
        assert len(graph.query(CLAIMS)) == 2
    assert re.match(said, told[0])


def test_a_folder_that_is_called_as_a_file_is_told(small_built: Path, run: Run) -> None:
    """On the command line a folder named as a Turtle file ends a build with 3, one line and the former store."""
    current = (small_built / ".coopgraph" / "current").read_text()
    (small_built / "graphs" / "x.ttl").mkdir()
    refused = run("build", cwd=small_built)
    assert (refused.code, refused.out) == (3, "")
    assert refused.error == "graphs/x.ttl: is a folder, not a file; name a file, or move it away"
    assert (small_built / ".coopgraph" / "current").read_text() == current


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda w: (w / "coopgraph.toml").write_text("title = "), "coopgraph.toml: is not TOML"),
        (lambda w: (w / "coopgraph.toml").write_bytes(b"title = '\xff'"), "coopgraph.toml: is not UTF-8"),
        (lambda w: (w / "coopgraph.toml").write_text("tittle = 'x'"), "unknown key 'tittle'; did you mean title"),
        (lambda w: (w / "coopgraph.toml").write_text("title = 1"), "title must be text in quotes"),
        (lambda w: (w / "coopgraph.toml").write_text('sources = "a\\u0000"'), "sources must be text in quotes"),
        (lambda w: (w / "queries").write_text(""), "queries/checks: cannot be read"),
        (lambda w: (w / "ontology").symlink_to("/nowhere"), "ontology: is a link that leads out"),
        (lambda w: (w / "coopgraph.toml").write_text("base = 'https://exa mple/'"), "base 'https://exa mple/' is no"),
        (lambda w: (w / "coopgraph.toml").write_text("base = 'https://[x/'"), "is no http"),
        (lambda w: (w / "coopgraph.toml").write_text("base = 'urn:x:'"), "is no http"),
        (lambda w: (w / "coopgraph.toml").write_text("base = 'https://x/%zz/'"), "is no http"),
        (lambda w: (w / "coopgraph.toml").write_text("license = 'CC BY'"), "license 'CC BY' is no http"),
        (lambda w: (w / "graphs").rename(w / "graph"), "graphs: there is no such folder; make it"),
        (lambda w: [p.unlink() for p in (w / "graphs").iterdir()], "graphs: holds no .ttl"),
        (lambda w: (w / "graphs" / "l.ttl").symlink_to("nowhere"), "graphs/l.ttl: cannot be read"),
        (lambda w: os.mkfifo(w / "graphs" / "p.ttl"), "graphs/p.ttl: is a pipe"),
        (lambda w: own(w, "ontology/own.ttl", "x"), "ontology/own.ttl:1:"),
        (lambda w: own(w, "ontology/shapes.ttl", "[] a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#path>"
                       " 1 ; <http://www.w3.org/ns/shacl#targetClass> <http://x/c> ."), "the shapes cannot be used: "),
        (lambda w: own(w, "queries/checks/own.rq", "SELECT ?x {"), r"queries/checks/own.rq:1:\d+: "),
        (lambda w: own(w, "queries/checks/own.rq", "ASK {}"), "queries/checks/own.rq"),
        (lambda w: own(w, "queries/checks/own.rq", "SELECT ?x { ?x a ?y }"), "gives a row without"),
        (lambda w: own(w, "queries/derive/own.rq", "#+ graph: inferred\nSELECT * {}"), "make it a CONSTRUCT query"),
        (lambda w: own(w, "queries/derive/own.rq", "#+ graph: inferred\nCONSTR"), r"own.rq:2:\d+: "),
        (lambda w: own(w, "queries/derive/own.rq", "#+ graph: tallies\n#+ least: few\nCONSTRUCT {} {}"), "no number"),
        (lambda w: own(w, "queries/checks/own.rq", "#+ no header\nSELECT * {}"), "own.rq:1:1: is no header line"),
    ],
)  # fmt: skip
def test_a_broken_workspace_is_told_in_one_line(small: Path, change: object, said: str) -> None:
    """Settings, folders, and an own ontology, own shapes and rules that cannot be used are told on one line."""
    change(small)  # type: ignore[operator]
    with pytest.raises(CoopgraphError) as caught:
        build.build(workspace.find(small))
    assert re.search(said, str(caught.value))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


def own(root: Path, name: str, text: str) -> None:
    """Write an own file of a workspace."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)


def test_a_broken_rule_leaves_the_former_store(small_built: Path) -> None:
    """An own rule that is no SPARQL fails the build, and the former store answers."""
    own(small_built, "queries/checks/own.rq", "SELECT")
    told: list[str] = []
    with load(small_built, tell=told.append) as graph:
        assert len(graph.query(CLAIMS)) == 2
    assert "own.rq:1:" in told[0]


def test_findings_obey_no_control_character(small: Path, run: Run) -> None:
    """A label with line breaks and terminal codes is shown in a finding as text on one line."""
    edit(small, '"Westport"@en', '"East\\nport \\u001B[31m"@en', "places")
    edit(small, '"Eastport"@en', '"East\\nport \\u001B[31m"@en', "places")
    checked = run("check", cwd=small)
    assert "\x1b" not in checked.out
    assert all(line.startswith("graphs/") for line in checked.out.splitlines())
    assert "\\x1b[31m" in checked.out
