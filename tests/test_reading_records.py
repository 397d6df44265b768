"""Records of reading: what is written is read back, whole lines only, and what is wrong is told with its line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.claims import passages
from coopgraph.claims.workspace import find
from coopgraph.errors import DataError, UsageError
from coopgraph.reading import records
from coopgraph.reading.model import Decision, Document, Judgement, Origin, Proposal, Refusal, proposal_id

_kept = st.one_of(*map(st.builds, (Origin, Proposal, Refusal, Decision, Judgement)))


@given(_kept)
def test_a_record_is_read_back_as_it_was(record: records.Record) -> None:
    """Every record is one line, and reading the line gives the record."""
    line = records.as_json(record)
    assert "\n" not in line
    assert records.from_json(type(record), line) == record


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["id", "act", "at", "claim", "x"]), inner),
    )
)
def test_any_json_is_a_record_or_an_error_of_one_line(value: object) -> None:
    """JSON that is no record is refused with what is wrong and where."""
    import json

    for kind in (Proposal, Decision):
        try:
            record = records.from_json(kind, json.dumps(value))
        except ValueError as error:
            assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right
        else:
            assert isinstance(record, kind)


def test_faults_are_told_with_file_line_and_name(tmp_path: Path) -> None:
    """An unknown or missing name, a wrong type, and a line that is no JSON are told with their line."""
    path = tmp_path / "d.jsonl"
    good = records.as_json(Decision("accept", "2026-01-01"))
    for line, told in (
        ('{"act": "accept", "at": "x", "proposl": "1"}', ":2: proposl is unknown; did you mean proposal?"),
        ('{"act": "accept"}', ":2: at is missing"),
        ('{"act": "acept", "at": "x"}', ":2: act is none of accept, edit, reject"),
        ('{"act": "undo", "at": 1}', ":2: at is no text in quotes"),
        ('{"act": "add", "at": "x", "claim": {"id": "1", "fields": [3]}}', ":2: claim.fields[0] is no Mention"),
        ("[1]", ":2: the line is no Decision"),
        ("{", ":2: is not JSON in UTF-8"),
        ("[" * 100_000, ":2: "),
    ):
        path.write_text(f"{good}\n{line}\n")
        with pytest.raises(DataError) as error:
            records.read(Decision, path)
        assert told in str(error.value)


def test_a_decision_whose_writing_was_cut_off_is_no_decision(tmp_path: Path) -> None:
    """After a cut in the last line, what stood before is read, and what is added afterwards too."""
    path = tmp_path / "d.jsonl"
    decisions = [Decision("accept", f"2026-01-0{day}", proposal="é") for day in (1, 2, 3)]
    for decision in decisions[:2]:
        records.append(path, decision)
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        before = records.read(Decision, path)
        assert before == decisions[: whole[: length + 1].count(b"\n")]
        records.append(path, decisions[2])
        assert records.read(Decision, path) == [*before, decisions[2]]


def test_people_who_decide_at_once_lose_nothing(tmp_path: Path) -> None:
    """Records added to one file at the same time are all there, each whole."""
    path = tmp_path / "new" / "d.jsonl"
    decisions = [Decision("reject", str(number), reason="r" * 3000) for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda decision: records.append(path, decision), decisions))
    assert sorted(records.read(Decision, path), key=lambda each: int(each.at)) == decisions


def test_a_document_is_kept_and_loaded(small: Path) -> None:
    """A saved document is loaded as it was; a text without origin is a document too; unknown texts are named."""
    workspace = find(small)
    text = "Head\n\nOne.\u200b\n\u200b\nTwo."
    origin = Origin("a.html", "0" * 64, "text/html", "x 1", passages.digest(text), kinds=("heading", "text", "text"))
    document = Document("new-note", text, origin)
    records.save(document, workspace)
    assert records.load(workspace, "new-note") == document
    assert [(p.number, p.kind, p.text) for p in document.paragraphs] == [
        (1, "heading", "Head"), (2, "text", "One.\u200b"), (3, "text", "Two."),
    ]  # fmt: skip
    edited = replace(document, text="Head\n\nOne and two.")
    assert [p.kind for p in edited.paragraphs] == ["text", "text"]
    assert records.load(workspace, "note").origin.extractor == ""
    with pytest.raises(UsageError, match="did you mean new-note"):
        records.load(workspace, "nwe-note")
    for slug in ("../note", "a/b", "", "."):
        with pytest.raises(UsageError, match="is no slug"):
            records.load(workspace, slug)


def test_the_id_of_a_proposal_is_of_words_alone() -> None:
    """Blanks and marks that look alike change no id; other words do, and none can slip from one part into the next."""
    one = proposal_id("“A” backs B.", "A", "p", "B")
    assert one == proposal_id('"A"  backs\nB.', "A", "p", "B")
    others = [
        ("A backs B.", "A", "p", "B"),
        ("“A” backs B.", "A", "q", "B"),
        ("“A” backs B.", "B", "p", "A"),
        ("“A” backs B.", "", "p", "AB"),
    ]
    assert one not in [proposal_id(*other) for other in others]


def test_a_log_reads_on_and_notices_an_edit(tmp_path: Path) -> None:
    """A log gives what a whole reading gives, after additions, a cut line, an edit by hand, and when it is gone."""
    path = tmp_path / "d.jsonl"
    log = records.Log(Decision, path)
    acts = [Decision("accept", str(number), proposal="é" * number) for number in range(1, 6)]

    def agree() -> list[Decision]:
        assert log.read() == records.read(Decision, path)
        return log.read()

    assert agree() == []
    records.append(path, acts[0])
    assert agree() == acts[:1]
    records.append(path, *acts[1:3])
    assert agree() == acts[:3]
    with path.open("ab") as file:
        file.write(records.as_json(acts[3]).encode()[:-3])
    assert agree() == acts[:3]
    records.append(path, acts[4])
    assert agree() == [*acts[:3], acts[4]]
    path.write_text(records.as_json(acts[2]) + "\n")
    assert agree() == acts[2:3]
    path.write_text(path.read_text() + "{\n")
    with pytest.raises(DataError, match=r"d.jsonl:2: is not JSON"):
        log.read()
    path.unlink()
    assert agree() == []
