"""An answer is kept for whoever asks the same of the same generation, as long as there is room."""

from __future__ import annotations

import pytest

from coopgraph.site.served import frames, kept
from coopgraph.site.served.kept import KeptAnswers
from coopgraph.site.served.pool import Answer


def answer(body: bytes = b"rows", generation: str = "g1") -> Answer:
    """Return an answer."""
    return Answer({"kind": "rows", "form": "json", "cut": ""}, body, generation)


def keep(answers: KeptAnswers, job: dict[str, object], given: Answer) -> None:
    answers.keep(frames.frame(job), str(job["text"]), given)


def find(answers: KeptAnswers, generation: str, job: dict[str, object]) -> Answer | None:
    return answers.get(generation, frames.frame(job))


def test_the_same_question_has_the_same_answer() -> None:
    """Text, graphs, form and values all count, and so does the generation."""
    answers = KeptAnswers()
    job: dict[str, object] = {"text": "SELECT * {}", "forms": {"rows": "json"}, "values": {"place": "x"}}
    keep(answers, job, answer())
    assert find(answers, "g1", dict(job)) == answer()
    assert find(answers, "g2", job) is None
    assert find(answers, "", job) is None
    for other in (
        {"text": "SELECT * { }"},
        {"forms": {"rows": "csv"}},
        {"values": {"place": "y"}},
        {"graphs": [[], []]},
    ):
        assert find(answers, "g1", {**job, **other}) is None


@pytest.mark.parametrize("text", ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT (StrUUID() AS ?x) {}"])
def test_what_differs_each_time_is_not_kept(text: str) -> None:
    """The time, chance, errors, large answers and those of a server, which may change, are asked for anew."""
    answers = KeptAnswers()
    job: dict[str, object] = {"text": "ASK {}"}
    keep(answers, {"text": text}, answer())
    keep(answers, job, answer(b"x" * (kept._LARGE + 1)))
    keep(answers, job, answer(generation=""))
    keep(answers, job, Answer({"error": "no"}, b"", "g1"))
    assert find(answers, "g1", {"text": text}) is find(answers, "g1", job) is find(answers, "", job) is None


def test_there_is_room_for_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many bytes the answers go that were not asked for longest."""
    monkeypatch.setattr(kept, "_MOST", 1000)
    answers = KeptAnswers()
    jobs: list[dict[str, object]] = [{"text": f"ASK {{}} # {number}"} for number in range(20)]
    for job in jobs:
        keep(answers, job, answer(b"x" * 100))
        keep(answers, job, answer(b"x" * 100))
        assert find(answers, "g1", jobs[0])
    there = [job for job in jobs if find(answers, "g1", job)]
    assert there[0] == jobs[0]
    assert there[1:] == jobs[-len(there) + 1 :]
    assert 3 <= len(there) <= 8
    assert answers._size == sum(100 + len(key[1]) for key in answers._answers)
