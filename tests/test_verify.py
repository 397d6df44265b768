"""Passages against texts: what a graph's own statements say, what stands elsewhere, and what is not at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopgraph.build import batches, build
from coopgraph.build.context import BuildContext
from coopgraph.build.up_to_date import current_store
from coopgraph.check import source_texts
from coopgraph.claims import workspace
from coopgraph.claims.texts import Texts
from coopgraph.errors import DataError
from coopgraph.rdf.turtle import read
from coopgraph.store import current, local
from coopgraph.store.claim_columns import gathered
from coopgraph.store.sheet_file import SheetFile

NOTE = "https://example.org/id/source/note"


def test_the_statements_of_a_graph_are_enough(small: Path) -> None:
    """From the triples of a source's graph its passages are verified, and the text read is told with size and time."""
    texts = Texts(small / "sources")
    path = texts.folder / "note.txt"
    outcome = source_texts.against_texts(gathered(read(small / "graphs/note.ttl")), texts)
    assert outcome == source_texts.Outcome(passages=2, texts={"note.txt": texts.stamp("note.txt")})
    assert texts.stamp("note.txt")[0] == path.stat().st_size
    path.write_text(path.read_text().replace("tea", "tin"), encoding="utf-8")
    outcome = source_texts.against_texts(gathered(read(small / "graphs/note.ttl")), texts)
    assert outcome.passages == 1
    assert [(fault.iri, fault.rule, fault.severity) for fault in outcome.faults] == [
        ("https://example.org/id/passage/note-p2", "passage-changed", "violation")
    ]


def test_a_text_that_changed_between_its_passages_is_told_once(small: Path) -> None:
    """Where every passage stands and the text is another one, the source is warned about."""
    text = small / "sources/note.txt"
    text.write_text(text.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    outcome = source_texts.against_texts(gathered(read(small / "graphs/note.ttl")), Texts(small / "sources"))
    assert outcome.passages == 2
    assert [(fault.iri, fault.rule, fault.severity) for fault in outcome.faults] == [
        (NOTE, "source-changed", "warning")
    ]


def test_what_is_not_at_hand_is_told(small: Path) -> None:
    """Without a folder, or without the file in it, the source is absent; a folder that is not there is an error."""
    stated = gathered(read(small / "graphs/note.ttl"))
    not_there = source_texts.Outcome(absent=[NOTE], texts={"note.txt": []})
    assert source_texts.against_texts(stated, None) == not_there
    assert source_texts.against_texts(stated, Texts(small)) == not_there
    space = workspace.find(small)
    report = build.check(space, sources=small)
    assert (report.verified, report.findings, report.absent) == (0, (), ("source:note",))
    with pytest.raises(DataError, match="no such folder of source texts"):
        build.check(space, sources=small / "nowhere")


def test_sources_that_stand_in_other_graphs_are_found_in_the_store(small: Path) -> None:
    """Passages whose source is described in another graph are left to the store, which finds the text all the same."""
    parted = [triple for triple in read(small / "graphs/note.ttl") if triple.subject.value != NOTE]
    space = workspace.find(small)
    with current_store(space) as store:
        outcome = source_texts.against_texts(gathered(parted), Texts(small / "sources"))
        assert outcome.passages == 0
        assert list(outcome.elsewhere) == [NOTE]
        assert source_texts.whole(outcome, store, Texts(small / "sources")).passages == 2


def test_what_is_kept_of_a_graph_is_what_its_file_says(tiny: Path) -> None:
    """For each graph of a workspace, its sheets in the store lead to the outcome of the triples in its file."""
    space = workspace.find(tiny)
    context = BuildContext(space, space.texts())
    current_store(space).close()
    kept = SheetFile(current.generation(space.store_folder) / local.SHEETS)
    outcomes = [source_texts.against_texts(gathered(read(file.path)), context.texts) for file in space.graph_files()]
    assert batches.compare(context, [kept.of(file.graph) for file in space.graph_files()]) == outcomes
    assert build.build(space, full=True).verified == sum(each.passages for each in outcomes) > 0


def test_only_texts_that_changed_are_asked_again(tiny: Path) -> None:
    """A text that changed, and no graph file, leads to the findings of a new build, and back when it is mended."""
    space = workspace.find(tiny)
    first = build.build(space)
    path = max(space.texts_at_hand().glob("*.txt"))  # type: ignore[union-attr]
    held = path.read_text(encoding="utf-8")
    path.write_text("Other words. " + held[20:], encoding="utf-8")
    changed = build.build(space)
    assert changed.renewed == 0
    assert changed.violations > 0
    assert changed.findings == build.check(space).findings == build.build(space, full=True).findings
    path.write_text(held, encoding="utf-8")
    again = build.build(space)
    assert (again.findings, again.verified) == (first.findings, first.verified)


def test_a_graph_that_changed_while_its_text_was_away_is_verified_when_that_is_back(small: Path) -> None:
    """What was built without the texts is compared with them by the next build that is told where they are."""
    texts = (small / "sources").rename(small / "elsewhere")
    space = workspace.find(small)
    assert build.build(space, sources=texts).verified == 2
    path = small / "graphs/note.ttl"
    path.write_text(path.read_text("utf-8").replace("A note", "The note"), "utf-8")
    assert build.build(space).absent == ("source:note",)
    report = build.build(space, sources=texts)
    assert (report.verified, report.absent) == (2, ())


def test_a_passage_with_two_values_is_verified_by_the_first(small: Path) -> None:
    """Where a file says two things of a passage, which the shapes report, the first in order counts."""
    path = small / "graphs/note.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("oa:start 0", "oa:start 0, 7, true"), encoding="utf-8")
    assert source_texts.against_texts(gathered(read(path)), Texts(small / "sources")).passages == 2
    assert "passage-start" in {finding.rule for finding in build.check(workspace.find(small)).findings}
