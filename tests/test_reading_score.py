"""Proposals for a workspace: each word stands in the text, scores count what they say, and the graph stays as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import coopgraph
from conftest import Run
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import UsageError
from coopgraph.reading import propose, records, score
from coopgraph.reading.model import Document, Mention, Proposal
from coopgraph.reading.page import Page
from coopgraph.reading.rules.status import status_of
from papers import CHINESE, page


@pytest.fixture(scope="module")
def read(small_graph: CoopGraph) -> tuple[Page, list[Proposal]]:
    document = records.load(small_graph.workspace, "note")
    document = replace(document, origin=replace(document.origin, language="en"))
    a_page = propose.page_of(document, small_graph.store)
    return a_page, propose.propose(a_page, propose.extractors(["rules"])).proposals


def test_every_word_of_a_proposal_stands_in_the_text(read: tuple[Page, list[Proposal]]) -> None:
    """Quotation, names and cue are stretches of the text."""
    a_page, proposals = read
    assert proposals
    for proposal in proposals:
        ends = [
            proposal,
            proposal.subject,
            proposal.object,
            *([proposal.cue] if proposal.cue else []),
            *proposal.fields,
        ]
        for each in ends:
            words = each.quotation if isinstance(each, Proposal) else each.text
            assert a_page.text[each.start : each.end] == words


def test_scores_count_what_is_right_missed_and_wrong(read: tuple[Page, list[Proposal]], small_graph: CoopGraph) -> None:
    """A turned symmetric link is right, another status is wrong, and what is missed is listed."""
    a_page, proposals = read
    graph = small_graph.extract(source="note")
    (first,) = [each for each in proposals if each.predicate.endswith("cooperatesWith")]
    assert isinstance(first.object, Mention)
    turned = replace(first, subject=first.object, object=first.subject, status="planned")
    levels = {each.level: each for each in score.score(a_page, [turned], graph)}
    assert (levels["pair"].right, levels["pair"].given, levels["predicate"].right) == (1, 1, 1)
    assert (levels["predicate"].wanted, levels["predicate"].precision, levels["predicate"].recall) == (2, 1.0, 0.5)
    assert (levels["status"].right, levels["status"].precision) == (0, 0.0)
    assert levels["status"].wrong == (("1", "eastport", "westport", "cooperatesWith", "planned"),)
    assert ("2", "eastport", "westport", "tradesWith") in levels["predicate"].missed
    assert levels["entity"].recall == 0.5
    with pytest.raises(UsageError, match="has no claims"):
        score.score(a_page, [], replace(graph, claims=()))


def test_an_unlinked_name_counts_as_the_thing_that_has_it(
    read: tuple[Page, list[Proposal]], small_graph: CoopGraph
) -> None:
    """A name that was found and not linked is compared by the names of the graph."""
    a_page, proposals = read
    graph = small_graph.extract(source="note")
    bare = [replace(each, subject=replace(each.subject, entity=None)) for each in proposals]
    assert score.score(a_page, bare, graph)[2].right == score.score(a_page, proposals, graph)[2].right == 1


def test_a_text_that_has_moved_is_scored_without_paragraphs(
    small_graph: CoopGraph, read: tuple[Page, list[Proposal]]
) -> None:
    """Where passages do not stand as they are cited, links are compared and paragraphs left out."""
    document = read[0].document
    moved = Document("note", "A head.\n" + document.text, document.origin)
    a_page = propose.page_of(moved, small_graph.store)
    proposals = propose.propose(a_page, propose.extractors(["rules"])).proposals
    assert score.score(a_page, proposals, small_graph.extract(source="note"))[2].right == 1


@pytest.mark.parametrize(
    ("sentence", "act", "status"),
    [
        ("\ue000 supports \ue001", True, "realised"),
        ("\ue000 will support \ue001", True, "planned"),
        ("\ue000 could support \ue001", True, "potential"),
        ("\ue000 is not supporting \ue001", True, "denied"),
        ("\ue000 no longer supports \ue001", True, "ended"),
        ("\ue000 has never planned to support \ue001", True, "denied"),
        ("\ue000 will be part of \ue001", False, "realised"),
        ("\ue002 said it could help, and \ue000 supports \ue001", True, "realised"),
        ("\ue000 said that it had close links with \ue001", True, "realised"),
        ("\ue000 helps potential investors and supports \ue001", True, "realised"),
        ("cooperation of \ue000 with \ue001 has great potential", True, "potential"),
        ("\ue002拟设立办事处，\ue000支持\ue001", True, "realised"),
        ("\ue000将支持\ue001", True, "planned"),
        ("\ue000可支持\ue001", True, "potential"),
        ("\ue000尚未支持\ue001", True, "denied"),
        ("\ue000曾支持\ue001", True, "ended"),
        ("\ue000不再支持\ue001", True, "ended"),
        ("\ue000可见支持\ue001", True, "realised"),
        ("\ue000将军支持\ue001", True, "realised"),
        ("\ue000应用科技支持\ue001", True, "realised"),
        ("\ue000应邀支持\ue001", True, "realised"),
        ("\ue000已支持\ue001", True, "realised"),
    ],
)
def test_words_say_how_a_link_stands(sentence: str, act: bool, status: str) -> None:
    """Denied goes before ended before planned and potential; these move acts alone, and look-alikes move nothing."""
    start = sentence.index("\ue000")
    assert status_of(sentence, start, len(sentence), act).status == status


def test_proposals_leave_the_store_as_it_is(run: Run, small_built: Path) -> None:
    """Reading, proposing and deciding change no byte of what is exported: nothing undecided is in the graph."""
    before = run("export", "--format", "nquads", cwd=small_built).out
    (small_built / "ports.html").write_text(page(CHINESE, lang="zh-Hans"), "utf-8")
    done = run("read", "ports.html", cwd=small_built)
    assert done.code == 0, done.err
    assert (small_built / "proposals" / "ports.jsonl").read_text("utf-8")
    assert run("export", "--format", "nquads", cwd=small_built).out == before
    assert run("check", cwd=small_built).code == 0


def test_reading_again_recognises_compares_and_refuses(run: Run, small_built: Path) -> None:
    """The same document is recognised and keeps what was given; a changed one is compared; another one is refused."""
    path = small_built / "ports.html"
    path.write_text(page(), "utf-8")
    assert (
        "does not give its publisher, issued; add --publisher, --issued"
        in run("read", "ports.html", cwd=small_built).err
    )
    run("read", "ports.html", "--issued", "2020-05", "--publisher", "Gazette", cwd=small_built)
    again = run("read", "ports.html", cwd=small_built)
    assert "ports.txt: is as it was read before" in again.err
    assert "does not give" not in again.err
    assert json.loads((small_built / "sources" / "ports.origin.json").read_text("utf-8"))["issued"] == "2020-05-01"
    path.write_text(page(["A new one, about the ports and their harbours.", *page_paragraphs()[1:]]), "utf-8")
    assert "has changed: 1 paragraph new, 1 gone, 4 as before" in run("read", "ports.html", cwd=small_built).err
    path.write_text(page(CHINESE), "utf-8")
    other = run("read", "ports.html", cwd=small_built)
    assert (other.code, other.error.rpartition(": ")[2]) == (
        3,
        "is the text of another document; name this one with --source",
    )


def page_paragraphs() -> list[str]:
    from papers import PARAGRAPHS

    return list(PARAGRAPHS)


def test_a_language_without_rules_is_told(run: Run, small_built: Path) -> None:
    """A French text is read, nothing is proposed, and why is said."""
    french = [
        "Le port de l’Est et le port de l’Ouest coopèrent dans le commerce depuis des années, et avec la ville."
    ] * 2
    (small_built / "fr.html").write_text(page(french, lang="fr"), "utf-8")
    done = run("read", "fr.html", cwd=small_built)
    assert done.code == 0
    assert "fr: 0 proposed" in done.err
    assert "there are rules for English and Chinese, and the text is in fr" in done.err


def test_a_text_of_names_that_nobody_knows_is_told_how_they_become_known(run: Run, small_built: Path) -> None:
    """Where rules find nothing, the way on is told: a claim that is added with new names makes them known."""
    text = "The Elm Council opened an office in Tessin.\nElm supports Tessin."
    (small_built / "own.txt").write_text(text, "utf-8")
    done = run(
        "read", "own.txt", "--issued", "2025", "--publisher", "Harbour Press", "--language", "en", cwd=small_built
    )
    assert done.err.splitlines()[-1].startswith("coopgraph: rules link names that the graph knows; add claims")
    row = "id,subject,predicate,object,status,quotation,decision\n"
    row += ",Elm (new City),supports,Tessin (new City),realised,Elm supports Tessin.,accept\n"
    (small_built / "own.csv").write_text(row, "utf-8")
    assert run("sheet", "own", "--import", "own.csv", cwd=small_built).code == 0
    assert run("accept", "own", "--partial", cwd=small_built).code == 0
    again = run("propose", "own", cwd=small_built)
    assert "own: 2 proposed" in again.err, again.err


@pytest.mark.parametrize("licence", ["", "https://creativecommons.org/licenses/by/4.0/"])
def test_passages_keep_their_words_where_the_document_has_a_licence(run: Run, small_built: Path, licence: str) -> None:
    """With `--license` the source has it and each passage its words, and the words may be the gist; else neither."""
    sentence = "Elm supports Tessin."
    (small_built / "own.txt").write_text(f"{sentence}\n", "utf-8")
    wrong = run("read", "own.txt", "--license", "CC BY", cwd=small_built)
    assert (wrong.code, "'CC BY' is no address of a licence" in wrong.err) == (2, True)
    facts = ("--issued", "2025", "--publisher", "Harbour Press", "--language", "en")
    assert run("read", "own.txt", *facts, *(["--license", licence] if licence else []), cwd=small_built).code == 0
    row = "id,subject,predicate,object,status,quotation,decision,gist\n"
    row += f",Elm (new City),supports,Tessin (new City),realised,{sentence},accept,{sentence}\n"
    (small_built / "own.csv").write_text(row, "utf-8")
    taken = run("sheet", "own", "--import", "own.csv", cwd=small_built)
    assert taken.code == (0 if licence else 1), taken.err
    if not licence:
        (small_built / "own.csv").write_text(row.removesuffix(f"{sentence}\n") + "\n", "utf-8")
        assert run("sheet", "own", "--import", "own.csv", cwd=small_built).code == 0
    assert run("accept", "own", "--partial", cwd=small_built).code == 0
    graph = (small_built / "graphs" / "own.ttl").read_text("utf-8")
    assert (f'oa:exact "{sentence}"' in graph) is (f"dcterms:license <{licence}>" in graph) is bool(licence)
    assert run("check", cwd=small_built).code == 0


def test_the_bundled_graph_takes_no_documents(run: Run, tmp_path: Path) -> None:
    """Outside a workspace there is nowhere to put a document."""
    (tmp_path / "a.txt").write_text("Text.", "utf-8")
    done = run("read", "a.txt", cwd=tmp_path)
    assert (done.code, "takes no documents; coopgraph init DIR" in done.err) == (2, True)


def test_score_prints_levels_and_misses(run: Run, small_built: Path) -> None:
    """Scores are rows, misses are rows, and a wrong level or file is told."""
    run("propose", "note", cwd=small_built)
    csv = ("--format", "csv", "--against", "graphs/note.ttl")
    done = run("score", "note", *csv, cwd=small_built)
    assert done.out.splitlines()[0] == "level,wanted,proposed,right,precision,recall"
    assert "pair,2,1,1,1.00,0.50" in done.out.splitlines()
    misses = run("score", "note", "--misses", "--level", "predicate", *csv, cwd=small_built)
    assert "predicate,missed,2,eastport | westport | tradesWith" in misses.out
    assert (
        run("score", "note", "--level", "piar", *csv, cwd=small_built).error
        == "no level is called 'piar'; did you mean pair?"
    )
    assert "has no passages" in run("score", "note", "--against", "graphs/places.ttl", cwd=small_built).error


def test_python_reads_and_proposes(small_built: Path) -> None:
    """From Python a document is read and claims are proposed, as plain values that a notebook shows with their text."""
    path = small_built / "ports.html"
    path.write_text(page(["Eastport has worked with Westport <b>since</b> 2014.", "Both ports will grow."]), "utf-8")
    document = coopgraph.read(path, issued="2020")
    assert (document.source, document.origin.issued_precision) == ("ports", "year")
    with load(small_built) as graph:
        outcome = graph.propose(document)
    assert [each.object.text for each in outcome.proposals] == ["Westport"]
    shown = outcome._repr_html_()
    assert "<mark>Eastport</mark> has worked with <mark>Westport</mark> &lt;b&gt;since&lt;/b&gt; 2014." in shown
    for wrong in ({"issued": "soon"}, {"extent": "half"}):
        with pytest.raises(UsageError):
            coopgraph.read(path, **wrong)
