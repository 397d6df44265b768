"""Passages against texts: what a graph's own statements say, what stands elsewhere, and what is not at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopgraph import verify, workspace
from coopgraph.current import current_store
from coopgraph.errors import DataError
from coopgraph.turtle import read

NOTE = "https://example.org/id/source/note"


def test_the_statements_of_a_graph_are_enough(small: Path) -> None:
    """From the triples of a source's graph its passages are verified, and the text read is told with size and time."""
    texts = small / "sources"
    outcome = verify.source_against_text(read(small / "graphs/note.ttl"), texts)
    stamp = (texts / "note.txt").stat()
    assert outcome == verify.Outcome(passages=2, texts={"note.txt": [stamp.st_size, stamp.st_mtime_ns]})
    (texts / "note.txt").write_text((texts / "note.txt").read_text().replace("tea", "tin"), encoding="utf-8")
    outcome = verify.source_against_text(read(small / "graphs/note.ttl"), texts)
    assert outcome.passages == 1
    assert [(fault.iri, fault.rule, fault.severity) for fault in outcome.faults] == [
        ("https://example.org/id/passage/note-p2", "passage-changed", "violation")
    ]


def test_a_text_that_changed_between_its_passages_is_told_once(small: Path) -> None:
    """Where every passage stands and the text is another one, the source is warned about."""
    text = small / "sources/note.txt"
    text.write_text(text.read_text(encoding="utf-8") + "More.\n", encoding="utf-8")
    outcome = verify.source_against_text(read(small / "graphs/note.ttl"), small / "sources")
    assert outcome.passages == 2
    assert [(fault.iri, fault.rule, fault.severity) for fault in outcome.faults] == [
        (NOTE, "source-changed", "warning")
    ]


def test_what_is_not_at_hand_is_told(small: Path) -> None:
    """Without a folder, or without the file in it, the source is absent; a folder that is not there is an error."""
    triples = list(read(small / "graphs/note.ttl"))
    assert verify.source_against_text(triples, None) == verify.Outcome(absent=[NOTE])
    assert verify.source_against_text(triples, small) == verify.Outcome(absent=[NOTE], texts={"note.txt": []})
    space = workspace.find(small)
    with current_store(space) as store:
        assert verify.against_texts(store, space, small) == verify.Verified(0, [], ["source:note"])
        with pytest.raises(DataError, match="no such folder of source texts"):
            verify.against_texts(store, space, small / "nowhere")


def test_sources_that_stand_in_other_graphs_are_found_in_the_store(small: Path) -> None:
    """Passages whose source is described in another graph are left to the store, which finds the text all the same."""
    parted = [triple for triple in read(small / "graphs/note.ttl") if triple.subject.value != NOTE]
    space = workspace.find(small)
    with current_store(space) as store:
        outcome = verify.source_against_text(parted, small / "sources")
        assert outcome.passages == 0
        assert list(outcome.elsewhere) == [NOTE]
        assert verify.whole(outcome, store, small / "sources").passages == 2


def test_the_store_and_the_statements_say_the_same(tiny: Path) -> None:
    """For each graph of a workspace, the store's answer is that of the triples in the graph's file."""
    space = workspace.find(tiny)
    texts = space.texts_at_hand()
    with current_store(space) as store:
        found = verify.by_graph(store, space, texts)
        for path in space.graph_files():
            outcome = verify.source_against_text(read(path), texts)
            known = found.get(space.graph_iri(path))
            assert (known.passages if known else 0) == outcome.passages
            assert len(known.absent if known else ()) == len(outcome.absent)
            assert len(known.findings if known else ()) == len(outcome.faults)
        whole = verify.against_texts(store, space, texts)
        assert whole.passages == sum(each.passages for each in found.values()) > 0
        chosen = space.graph_iri(space.graph_files()[0])
        assert verify.against_texts(store, space, texts, [chosen]).passages == (
            found[chosen].passages if chosen in found else 0
        )
