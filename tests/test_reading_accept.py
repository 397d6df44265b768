"""Accepting: what was decided becomes graph files that check accepts, and what is there stays as it is."""

from __future__ import annotations

import resource
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import reviewing
from conftest import Run
from coopgraph.claims import workspace
from coopgraph.errors import DataError, UsageError
from coopgraph.reading import acceptance, graph_files, records
from coopgraph.reading.model import Candidate, Draft, Judgement, Mention, Proposal


def contents(folder: Path, below: str = "graphs") -> dict[str, bytes]:
    """Return the files below a folder."""
    files = (path for path in (folder / below).rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture
def decided(tiny: Path) -> Path:
    """A workspace in which all proposals of a document are accepted."""
    reviewing.prepare(tiny)
    reviewing.decide_all(reviewing.session(tiny))
    return tiny


def test_what_was_accepted_is_canonical_and_checked(decided: Path, run: Run) -> None:
    """Accept writes claims, figures, speakers, passages, source and new things, as check and format want them."""
    done = run("accept", "release", "-w", decided)
    assert (done.code, done.out) == (0, "")
    assert "4 new claims, 2 new entities: graphs/release.ttl, graphs/organisations.ttl" in done.err
    checked = run("check", "-w", decided)
    assert (checked.code, "release.ttl" in checked.out) == (0, False)
    assert run("format", "--check", decided / "graphs" / "release.ttl", "-w", decided).code == 0
    text = (decided / "graphs" / "release.ttl").read_text()
    blocks = [block for block in text.split("\n\n") if block.startswith("claim:")]
    assert blocks[0].splitlines()[1:] == [
        "    coop:status status:realised ;",
        "    prov:wasDerivedFrom passage:release-p02-1 ;",
        "    rdf:object place:coast-province ;",
        "    rdf:predicate coop:cooperatesWith ;",
        "    rdf:subject place:northport .",
    ]
    assert "rdf:subject organisation:harbour-association ." in blocks[1]
    assert "coop:statedBy person:ada-lin ;\n    coop:status status:potential ;" in blocks[2]
    assert 'coop:asOf "2019-01-01"^^xsd:date ;\n    coop:asOfPrecision "year" ;' in blocks[3]
    assert "rdf:object 7500000 ;" in blocks[3]
    assert "dcterms:publisher organisation:the-gazette ;" in text


def test_accepting_again_changes_nothing(decided: Path, run: Run) -> None:
    """What is in the graph is not written twice: no claim, no passage, no thing, no judgement."""
    run("accept", "release", "-w", decided)
    before = contents(decided), contents(decided, "proposals")
    again = run("accept", "release", "-w", decided)
    assert (again.code, (contents(decided), contents(decided, "proposals"))) == (0, before)
    assert "0 new claims, 0 new entities: nothing is new" in again.err


def test_dry_run_prints_what_is_new_and_writes_nothing(decided: Path, run: Run) -> None:
    """With --dry-run the new Turtle goes to standard output, and no file of the graph changes."""
    before = contents(decided)
    done = run("accept", "release", "--dry-run", "-w", decided)
    assert (done.code, contents(decided)) == (0, before)
    assert done.out.count(" a coop:Claim ;") == 3
    assert "organisation:harbour-association a coop:" in done.out


def test_what_is_undecided_fails_unless_partial(tiny: Path, run: Run) -> None:
    """Accept exits with 1 and writes nothing while something is open; --partial takes what is decided."""
    reviewing.prepare(tiny)
    before = contents(tiny)
    assert run("accept", "release", "--partial", "-w", tiny).code == 0
    assert contents(tiny) == before  # no claim was taken, and so no source either
    one = reviewing.session(tiny)
    one.act("accept", one.review.open[0])
    refused = run("accept", "release", "-w", tiny)
    assert (refused.code, refused.error) == (1, "3 proposals undecided; go on with coopgraph review, or give --partial")
    assert "1 accepted, 0 rejected, 3 open; 0 of 3 paragraphs complete" in refused.err
    assert contents(tiny) == before
    assert run("accept", "release", "--partial", "-w", tiny).code == 0
    assert (tiny / "graphs" / "release.ttl").read_text().count(" a coop:Claim ;") == 1


def test_comments_and_claims_that_are_there_stay(decided: Path) -> None:
    """A graph file keeps its comments and what people changed in it; new claims go on with its numbers."""
    reviewing.accept(decided)
    path = decided / "graphs" / "release.ttl"
    text = path.read_text().replace("claim:release-002 a", "# seen by Bo\nclaim:release-002 a", 1)
    text = text.replace("coop:status status:potential ;", "coop:status status:planned ;")
    path.write_text(text)
    one = reviewing.session(decided)
    again = replace(one.review.items[0].claim, id="x", predicate=one.review.items[1].claim.predicate)
    one.add(again)
    assert reviewing.accept(decided).claims == 1
    now = path.read_text()
    assert "# seen by Bo\nclaim:release-002 a" in now
    assert "status:potential" not in now
    assert "claim:release-005 a coop:Claim" in now
    assert now.count("a coop:Passage") == 4


def test_a_source_that_stands_in_another_file_is_added_to_there(small: Path) -> None:
    """Claims go to the file that describes their source, with the passages that it has, whatever these are called."""
    (small / "graphs" / "note.ttl").rename(small / "graphs" / "all.ttl")
    text = (small / "sources" / "note.txt").read_text()
    drafts = (Draft("rules:t", text.splitlines()[0], "Eastport", "supports", "Westport"),)
    reviewing.prepare(small, reviewing.document(text, "note"), drafts)
    one = reviewing.session(small, source="note")
    reviewing.decide_all(one)
    accepted = acceptance.acceptance(one.workspace, one.review, reviewing.words_of(small))
    graph_files.save(accepted.files, one.workspace)
    assert [path.name for path in accepted.files] == ["all.ttl", "note.written.jsonl"]
    now = (small / "graphs" / "all.ttl").read_text()
    assert "claim:note-003 a coop:Claim" in now
    assert now.count("a coop:Passage") == 2
    assert now.count("a coop:Source") == 1


def test_a_source_that_repeats_another_keeps_its_own_claims(decided: Path, run: Run) -> None:
    """What the file of another source states, which says that it repeats this one, gets none of its passages."""
    run("accept", "release", "-w", decided)
    own = decided / "graphs" / "release.ttl"
    text = own.read_text().replace(":release", ":copy").replace('"release.txt"', '"copy.txt"')
    copy = decided / "graphs" / "copy.ttl"
    copy.write_text(text.replace("a coop:Source ;", "a coop:Source ;\n    prov:hadPrimarySource source:release ;"))
    shutil.copy(decided / "sources" / "release.txt", decided / "sources" / "copy.txt")
    before = copy.read_bytes()
    own.unlink()
    shutil.rmtree(decided / "proposals")
    reviewing.prepare(decided)
    reviewing.decide_all(reviewing.session(decided))
    done = run("accept", "release", "-w", decided)
    assert (done.code, "4 new claims" in done.err) == (0, True)
    assert (own.exists(), copy.read_bytes()) == (True, before)


def test_a_changed_text_moves_passages_and_their_checksum(decided: Path, run: Run) -> None:
    """After a text has changed, accept mends checksum and places, and check is content."""
    reviewing.accept(decided)
    text = reviewing.TEXT.replace("Two offices\n", "Two offices\nA new paragraph with Ada Lin.\n")
    records.save(reviewing.document(text), workspace.find(decided))
    assert run("check", "-w", decided).code == 1
    one = reviewing.session(decided)
    assert len(one.review.taken) == 4
    start = text.index("A new paragraph with Ada Lin.")
    mentions = (
        Mention(name, start, start + 1, f"https://example.org/id/{name}")
        for name in ("person/ada-lin", "place/northport")
    )
    subject, target = mentions
    bounds = (start, start + len("A new paragraph with Ada Lin."), "A new paragraph with Ada Lin.")
    supports = one.review.items[1].claim.predicate
    one.add(Proposal("new", "release", 2, *bounds, subject, supports, target, "realised", ("person",)))
    reviewing.accept(decided)
    assert run("check", "-w", decided).code == 0
    now = (decided / "graphs" / "release.ttl").read_text()
    assert now.count("a coop:Passage") == 5
    assert now.count("a coop:Claim") == 4


def test_a_claim_that_is_stated_twice_stands_once(tiny: Path, run: Run) -> None:
    """Passages that state the same give one claim that names them all, also where one was accepted before."""
    text = "Offices\nNTC supports Eastland.\nOnce more, NTC supports Eastland.\n"
    one, two = "NTC supports Eastland.", "Once more, NTC supports Eastland."
    drafts = (Draft("r", one, "NTC", "supports", "Eastland", 2), Draft("r", two, "NTC", "supports", "Eastland"))
    reviewing.prepare(tiny, reviewing.document(text), drafts)
    ann = reviewing.session(tiny)
    for _ in range(2):
        ann.act("accept", ann.review.open[0])
        assert run("accept", "release", "--partial", "-w", tiny).code == 0
    now = (tiny / "graphs" / "release.ttl").read_text()
    assert now.count("a coop:Claim") == 1
    assert "prov:wasDerivedFrom passage:release-p02-1, passage:release-p03-1 ;" in now
    assert "nothing is new" in run("accept", "release", "-w", tiny).err
    assert "repeated-claim" not in run("check", "-w", tiny).out


KINDS = {
    "City": ("place", "places"), "Company": ("organisation", "organisations"), "Person": ("person", "people"),
    "Conference": ("event", "events"), "Initiative": ("initiative", "initiatives"), "Post": ("post", "people"),
    "Agreement": ("agreement", "initiatives"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_thing_of_each_kind_has_its_file(kind: str, tiny: Path) -> None:
    """New things get a name of their own, a label, a type and the source that names them, in the file of their kind."""
    reviewing.prepare(tiny)
    one = reviewing.session(tiny)
    claim = one.review.items[1].claim
    new = replace(claim.subject, text="Bo Chen's Thing", entity=None, kind=kind, candidates=())
    related = next(each.iri for each in reviewing.words_of(tiny).properties.values() if each.name == "cooperatesWith")
    one.act("edit", one.review.items[1], claim=replace(claim, subject=new, predicate=related))
    accepted = acceptance.acceptance(one.workspace, one.review, reviewing.words_of(tiny))
    prefix, file = KINDS[kind]
    assert f"{prefix}:bo-chen-s-thing a coop:{kind} ;" in accepted.files[tiny / "graphs" / f"{file}.ttl"]
    assert 'skos:prefLabel "Bo Chen\'s Thing"@en' in accepted.new


def test_a_namesake_is_a_new_thing_only_where_it_was_offered(tiny: Path) -> None:
    """A name that the graph got since is that thing; one that was offered and not chosen is another, and remembered."""
    reviewing.prepare(tiny)
    one, words = reviewing.session(tiny), reviewing.words_of(tiny)
    offered = Candidate("https://example.org/id/organisation/coast-gazette", "Coast Gazette", "Organisation")
    for candidates, told in (
        ((), "rdf:subject organisation:coast-gazette ."),
        ((offered,), "organisation:coast-gazette-2 a "),
    ):
        item = one.review.items[1]
        subject = replace(item.claim.subject, text="Coast Gazette", candidates=candidates, entity=None)
        one.act("edit", item, claim=replace(item.claim, subject=subject))
        accepted = acceptance.acceptance(one.workspace, one.review, words)
        assert told in accepted.new
    now = one.review.items[1]
    assert now.decision
    assert acceptance.judgements(one.review, words, []) == [
        Judgement(
            "Coast Gazette",
            offered.entity,
            same=False,
            at=now.decision.at,
            by="ann",
            kind=now.claim.subject.kind,
        )
    ]


def test_a_name_that_was_linked_is_remembered_once(tiny: Path, run: Run) -> None:
    """What a person says of a name holds for texts to come, and is written once."""
    reviewing.prepare(tiny)
    one = reviewing.session(tiny)
    item = one.review.items[1]
    chosen = replace(item.claim.subject, entity="https://example.org/id/organisation/trade-council")
    one.act("edit", item, claim=replace(item.claim, subject=chosen))
    reviewing.decide_all(one)
    for _ in range(2):
        assert run("accept", "release", "-w", tiny).code == 0
    (kept,) = records.read(Judgement, one.paths.judgements)
    assert (kept.name, kept.entity, kept.same, kept.by) == ("Harbour Association", chosen.entity, True, "ann")
    other = reviewing.document("Heading\nThe Harbour Association supports Eastland.\n", "other")
    (proposal,) = reviewing.prepare(
        tiny,
        other,
        (Draft("r", "The Harbour Association supports Eastland.", "Harbour Association", "supports", "Eastland"),),
    )
    assert proposal.subject.entity == chosen.entity


def test_violations_leave_everything_as_it_was(decided: Path, run: Run) -> None:
    """Where check finds a violation in what would be written, it is told and no file changes."""
    before = contents(decided)
    one = reviewing.session(decided)
    item = one.review.items[0]
    one.act("edit", item, claim=replace(item.claim, predicate="https://w3id.org/coopgraph/ontology#nonsense"))
    done = run("accept", "release", "-w", decided)
    assert (done.code, contents(decided)) == (1, before)
    assert done.error.startswith("nothing was written, for then graphs/release.ttl:")


def test_a_full_disk_leaves_everything_as_it_was(decided: Path) -> None:
    """Where the second of two files cannot be written, the first is as before."""
    before = contents(decided)
    one = reviewing.session(decided)
    accepted = acceptance.acceptance(one.workspace, one.review, reviewing.words_of(decided))
    first, second, *_ = accepted.files
    assert (first.name, second.name) == ("release.ttl", "organisations.ttl")
    long = {second: accepted.files[second], first: accepted.files[first] + "# long\n" * 20_000}
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(DataError, match="cannot be written"):
            graph_files.save(long, one.workspace)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(decided) == before


def test_a_gist_that_is_the_quotation_is_refused(decided: Path) -> None:
    """A gist is in words of one's own, or the claim in words where nobody wrote one; never the quotation."""
    one = reviewing.session(decided)
    words = reviewing.words_of(decided)
    new = acceptance.acceptance(one.workspace, one.review, words).new
    assert 'coop:gist "Northport: cooperates with, Coast Province."@en' in new
    item = one.review.items[0]
    one.act("edit", item, claim=item.claim, gist="Northport cooperates  with Coast Province.")
    with pytest.raises(UsageError, match="paragraph 2: the gist is the quotation; say it in words of your own"):
        acceptance.acceptance(one.workspace, one.review, words)
    one.act("edit", one.review.items[0], claim=item.claim, gist="北港与海省合作。")
    assert 'coop:gist "北港与海省合作。"@zh' in acceptance.acceptance(one.workspace, one.review, words).new


def test_a_chinese_text_gives_chinese_labels(tiny: Path, run: Run) -> None:
    """Names, title and source of a Chinese text have its language, and what is accepted is checked."""
    text = "两个办事处\n港湾商会支持北港。NTC支持北港。\n"
    drafts = (
        Draft("r", "港湾商会支持北港。", "港湾商会", "supports", "北港"),
        Draft("r", "NTC支持北港。", "NTC", "supports", "北港"),
    )
    of = reviewing.document(
        text, title="两个办事处", publisher="Harbour Press", language="zh-Hans", issued="2020-06-01"
    )
    reviewing.prepare(tiny, of, drafts)
    reviewing.decide_all(reviewing.session(tiny))
    assert run("accept", "release", "-w", tiny).code == 0
    everything = "".join(path.read_text() for path in (tiny / "graphs").iterdir())
    assert 'skos:prefLabel "港湾商会"@zh-Hans' in everything
    assert 'skos:prefLabel "Harbour Press"@en' in everything
    assert 'dcterms:title "两个办事处"@zh-Hans' in everything
    assert run("check", "-w", tiny).code == 0


def test_who_published_and_when_is_asked_for(tiny: Path, run: Run) -> None:
    """Without the date of issue nothing is written, and one line says what to give."""
    reviewing.prepare(tiny, reviewing.document(issued=None))
    reviewing.decide_all(reviewing.session(tiny))
    done = run("accept", "release", "-w", tiny)
    assert (done.code, "read the document again with --issued DATE" in done.error) == (2, True)


def test_a_store_does_not_know_of_proposals(decided: Path, run: Run, tmp_path: Path) -> None:
    """What is exported is the same with proposals and without, byte for byte."""
    bare = Path(shutil.copytree(decided, tmp_path / "bare", ignore=shutil.ignore_patterns("proposals", ".coopgraph")))
    exports = []
    for folder in (decided, bare):
        done = run("export", "--format", "nquads", "-w", folder)
        assert done.code == 0, done.err
        exports.append(done.out)
    assert exports[0] == exports[1]


def test_a_source_that_is_not_there_is_told(tiny: Path, run: Run) -> None:
    """A misspelt slug is told in one line with what comes near, by accept and review."""
    reviewing.prepare(tiny)
    for command in ("accept", "review"):
        done = run(command, "relase", "-w", tiny)
        assert (done.code, "did you mean release" in done.error or "at a terminal" in done.error) == (2, True)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("mainInvestorIn", ("coop:counterpart place:eastland ;", 'coop:approximation "among" ;', "rdf:object 1 ;",
                            "coop:measure measure:investment ;", "rdf:predicate coop:rank ;")),
        ("largestEconomyIn", ("coop:shareOf place:eastland ;", "coop:measure measure:gross-domestic-product ;")),
    ],
)  # fmt: skip
def test_a_relation_that_is_deprecated_is_said_as_it_is_now(
    name: str, told: tuple[str, ...], tiny: Path, run: Run
) -> None:
    """What rules propose in words of before is written in those of now, and check has nothing to say."""
    text = "Heading\nNTC and Northport are first in Eastland.\n"
    draft = Draft("r", text.splitlines()[1], "Northport", name, "Eastland")
    reviewing.prepare(tiny, reviewing.document(text), (draft,))
    reviewing.decide_all(reviewing.session(tiny))
    new = reviewing.accept(tiny).new
    assert [line for line in told if line not in new] == []
    checked = run("check", "-w", tiny)
    assert "release.ttl" not in checked.out
    assert reviewing.accept(tiny).claims == 0
