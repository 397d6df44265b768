"""The state of a review: what holds after some acts, in a text that changes, and for two people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import reviewing
from coopgraph.claims import passages, workspace
from coopgraph.errors import DataError, UsageError
from coopgraph.reading import records
from coopgraph.reading.bounds import moved
from coopgraph.reading.model import Decision, Mention, Proposal, proposal_id
from coopgraph.reading.review import ConflictError, Session, relocated, review, standing

TEXT = "Alpha backs Beta.\nGamma backs Delta.\nOmega rests.\n"


def claim(quotation: str, text: str = TEXT) -> Proposal:
    """Return a claim for words that stand in a text once."""
    start = text.index(quotation)
    subject, _, target = quotation.rstrip(".").split()
    ends = (
        Mention(name, at, at + len(name)) for name, at in ((subject, start), (target, start + quotation.index(target)))
    )
    first, second = ends
    name = proposal_id(quotation, subject, "supports", target)
    paragraph = passages.paragraph_at(text, start)
    bounds = (start, start + len(quotation), quotation)
    return Proposal(name, "release", paragraph, *bounds, first, "p:supports", second, "realised", ("t",))


ONE, TWO = claim("Alpha backs Beta."), claim("Gamma backs Delta.")
DOCUMENT = replace(reviewing.document(TEXT), origin=replace(reviewing.document(TEXT).origin, kinds=()))


def act(name: str, of: Proposal, **more: object) -> Decision:
    return Decision(name, "2026-01-01", "ann", proposal=of.id, **more)  # type: ignore[arg-type]


def completion(number: int, name: str = "complete") -> Decision:
    text = DOCUMENT.paragraphs[number - 1].text
    return Decision(name, "", "ann", paragraph=number, paragraph_sha256=passages.digest(text))  # type: ignore[arg-type]


def test_the_last_act_that_was_not_taken_back_holds() -> None:
    """Acts on the same claim follow each other, and each undo brings back the one before."""
    log = [act("accept", ONE, claim=ONE), act("reject", ONE, reason="not said")]
    assert [item.act for item in review(DOCUMENT, [ONE, TWO], log).items] == ["reject", ""]
    log.append(act("undo", ONE))
    assert review(DOCUMENT, [ONE, TWO], log).taken[0].claim == ONE
    log += [act("undo", ONE), act("undo", ONE)]
    assert len(review(DOCUMENT, [ONE, TWO], log).open) == 2


def test_unsure_is_open_and_an_edit_that_is_unsure_keeps_its_words() -> None:
    """What somebody is unsure of is asked again, as it was edited."""
    other = replace(ONE, status="planned")
    state = review(DOCUMENT, [ONE], [act("edit", ONE, claim=other), act("unsure", ONE)])
    assert state.open[0].claim.status == "planned"
    assert not state.taken


def test_an_added_claim_is_one_of_the_items_and_does_not_vanish() -> None:
    """A claim that nobody proposed is there once added, also when somebody is unsure of it, and goes when undone."""
    added = act("add", TWO, claim=TWO)
    assert review(DOCUMENT, [ONE], [added]).taken[0].claim == TWO
    assert review(DOCUMENT, [ONE], [added, act("unsure", TWO)]).open[1].claim == TWO
    assert review(DOCUMENT, [ONE], [added, act("reject", TWO)]).items[1].act == "reject"
    assert len(review(DOCUMENT, [ONE], [added, act("undo", TWO)]).items) == 1


def test_complete_holds_for_a_paragraph_as_long_as_it_reads_so() -> None:
    """A paragraph that was called complete stays so where the text before it grows, and not where it changes itself."""
    log = [completion(1), completion(3), completion(3, "undo")]
    assert review(DOCUMENT, [], log).incomplete == (2, 3)
    longer = replace(DOCUMENT, text=f"New.\n{TEXT}")
    assert review(longer, [], log).incomplete == (1, 3, 4)
    changed = replace(DOCUMENT, text=TEXT.replace("Alpha", "Alpa"))
    assert review(changed, [], log).incomplete == (1, 2, 3)


def test_decisions_follow_their_words() -> None:
    """In a changed text a claim is taken at its new place, one whose words are gone is open, rejections stay."""
    log = [act("accept", ONE, claim=ONE), act("accept", TWO, claim=TWO)]
    text = f"A new first line.\n{TEXT.replace('Gamma', 'Gama')}"
    state = review(replace(DOCUMENT, text=text), [], log)
    (taken,) = state.taken
    assert text[taken.claim.start : taken.claim.end] == ONE.quotation
    assert text[taken.claim.subject.start : taken.claim.subject.end] == "Alpha"
    assert taken.claim.paragraph == 2
    (lost,) = state.open
    assert (lost.claim.id, lost.is_lost, lost.act) == (TWO.id, True, "accept")
    rejected = [*log, act("reject", TWO), act("reject", ONE)]
    state = review(replace(DOCUMENT, text=text), [claim("Alpha backs Beta.", text)], rejected)
    assert not state.open
    assert not state.taken


def test_words_that_stand_twice_now_are_asked_again_unless_proposed_at_one_place() -> None:
    """A claim whose words stand in two places is open, but where a proposal says which it is."""
    text = f"Alpha backs  Beta.\n{TEXT}"
    assert relocated(replace(ONE, start=1, end=2), text) is None
    log = [act("accept", ONE, claim=replace(ONE, start=2, end=3))]
    assert review(replace(DOCUMENT, text=text), [], log).open[0].is_lost
    there = replace(ONE, start=19, end=36)
    assert review(replace(DOCUMENT, text=text), [there], log).taken[0].claim.start == 19


def test_sentences_without_a_claim_are_listed() -> None:
    """A sentence is bare where nothing is proposed in it, or all of that was rejected."""
    state = review(DOCUMENT, [ONE, TWO], [act("reject", TWO)])
    assert [span.text for span in state.bare_sentences()] == ["Gamma backs Delta.", "Omega rests."]


def test_lines_that_state_nothing_are_not_asked_about() -> None:
    """A date line and a byline count neither as complete nor as incomplete, and no sentence of theirs is bare."""
    paper = reviewing.document("18 June 2024\nBy Ada Lin, Gazette\nHome > News > Business\nGamma backs Delta.")
    state = review(replace(paper, origin=replace(paper.origin, kinds=())), [], [])
    assert ([each.number for each in state.paragraphs], state.incomplete) == ([4], (4,))
    assert [span.text for span in state.bare_sentences()] == ["Gamma backs Delta."]


_acts = st.lists(
    st.tuples(
        st.sampled_from(["accept", "edit", "reject", "unsure", "undo", "add", "complete", "complete-undo"]),
        st.sampled_from([ONE, TWO]),
    ),
    max_size=30,
)


@given(_acts)
def test_undone_one_by_one_a_review_is_as_it_began(acts: list[tuple[str, Proposal]]) -> None:
    """Every item is open, taken or rejected and none of them two; as many undos as acts bring the first state back."""
    log = []
    for name, of in acts:
        if name.startswith("complete"):
            log.append(completion(of.paragraph, "undo" if name.endswith("undo") else "complete"))
        else:
            log.append(act(name, of, claim=of if name in ("accept", "edit", "add") else None))
    first, state = review(DOCUMENT, [ONE], []), review(DOCUMENT, [ONE], log)
    rejected = [item for item in state.items if item.act == "reject"]
    assert len(state.open) + len(state.taken) + len(rejected) == len(state.items)
    log += [replace(decision, act="undo", claim=None) for decision in reversed(standing(log))]
    assert review(DOCUMENT, [ONE], log) == first


def test_two_people_at_once_lose_nothing_and_hear_of_each_other(tiny: Path) -> None:
    """Whoever decides on what somebody has decided on since is told; acts on other things go on."""
    reviewing.prepare(tiny)
    ann, bob = reviewing.session(tiny, "ann"), reviewing.session(tiny, "bob")
    first, second, *_ = bob.review.open
    ann.act("accept", ann.review.open[0])
    bob.act("reject", second, reason="not said")
    with pytest.raises(ConflictError, match="ann has decided meanwhile: accept; look at it again"):
        bob.act("reject", first)
    assert [item.act for item in bob.review.items] == ["accept", "reject", "", ""]
    bob.act("reject", bob.review.items[0])
    with pytest.raises(ConflictError, match="bob has decided meanwhile: reject"):
        ann.undo()
    ann.complete(2)
    bob.complete(2)
    added = replace(first.claim, id="x")
    ann.add(added)
    with pytest.raises(ConflictError, match="ann has decided meanwhile: add"):
        bob.add(added)
    assert ann.undo()
    state = reviewing.session(tiny).review
    assert [item.act for item in state.items] == ["reject", "reject", "", ""]
    assert 2 not in state.incomplete


def test_undo_takes_back_what_this_person_did_last_and_nobody_changed_since(tiny: Path) -> None:
    """Undo leaves what others did alone, also where they did it on the same claim."""
    reviewing.prepare(tiny)
    ann = reviewing.session(tiny, "ann")
    assert not ann.undo()
    ann.act("accept", ann.review.items[0])
    ann.act("accept", ann.review.items[1])
    bob = reviewing.session(tiny, "bob")
    assert not bob.undo()
    bob.act("reject", bob.review.items[1])
    ann = reviewing.session(tiny, "ann")
    assert ann.undo()
    assert [item.act for item in ann.review.items] == ["", "reject", "", ""]
    assert not ann.undo()
    ann.complete(2)
    assert ann.undo()
    assert ann.review.incomplete == (2, 3, 4)


def test_acts_of_many_at_once_are_all_kept(tiny: Path) -> None:
    """Each act stands in the file however many people act at the same time; of those on one claim one gets through."""
    reviewing.prepare(tiny)
    people = [reviewing.session(tiny, f"p{number}") for number in range(8)]

    def decide(one: Session) -> str:
        try:
            one.act("unsure", one.review.items[0])
        except ConflictError:
            return "conflict"
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(decide, people))
    assert outcomes.count("kept") == 1
    assert len(records.read(Decision, people[0].paths.decisions)) == 1


def test_an_act_that_nobody_knows_is_told_with_its_line(tiny: Path) -> None:
    """A log that somebody has edited is refused with file and line, and not taken for decided."""
    reviewing.prepare(tiny)
    path = records.paths(workspace.find(tiny), reviewing.SOURCE).decisions
    path.write_text('{"act": "acept", "at": "", "proposal": "1"}\n{"act": "accept", "at": ""}\n')
    with pytest.raises(DataError, match=r"decisions.jsonl:1: act is none of accept, edit"):
        reviewing.session(tiny)


LIN = Mention("Ada Lin", 0, 0, "https://example.org/id/person/ada-lin", implied=True)


def test_one_act_says_who_speaks_in_a_range_of_paragraphs(tiny: Path) -> None:
    """It goes for all claims there, decided or not, one undo takes it back, and what is decided later stays."""
    reviewing.prepare(tiny)
    ann = reviewing.session(tiny, "ann")
    ann.act("accept", ann.review.items[0])
    before = [item.claim.speakers for item in ann.review.items]
    assert ann.speak(2, 3, [LIN]) == 4
    assert [item.claim.speakers for item in ann.review.items] == [(LIN,)] * 4
    assert ann.review.taken[0].claim.speakers == (LIN,)
    assert ann.undo()
    assert [item.claim.speakers for item in ann.review.items] == before
    ann.speak(2, 2, [LIN])
    first = ann.review.items[0]
    ann.act("edit", first, claim=replace(first.claim, speakers=()))
    assert [item.claim.speakers for item in ann.review.items] == [(), (LIN,), *before[2:]]
    ann.speak(1, 99, [])
    assert not any(item.claim.speakers for item in reviewing.session(tiny).review.items)
    assert len([each for each in ann.paths.decisions.read_text().splitlines() if "speakers" in each]) >= 3
    with pytest.raises(UsageError, match="there are no paragraphs 9 to 9; the last is 4"):
        ann.speak(9, 9, [LIN])


def test_two_people_hear_of_speakers_that_the_other_set(tiny: Path) -> None:
    """Whoever decides on a claim whose speakers somebody has set since is told, and the other way round."""
    reviewing.prepare(tiny)
    ann, bob = reviewing.session(tiny, "ann"), reviewing.session(tiny, "bob")
    ann.speak(2, 2, [LIN])
    with pytest.raises(ConflictError, match="ann has decided meanwhile: speakers"):
        bob.act("accept", bob.review.items[0])
    bob.act("accept", bob.review.items[0])
    with pytest.raises(ConflictError, match="bob has decided meanwhile: accept"):
        ann.speak(2, 3, [LIN])
    ann.speak(2, 3, [LIN])
    with pytest.raises(ConflictError, match="ann has decided meanwhile: speakers"):
        bob.speak(3, 3, [])


@pytest.mark.parametrize(
    ("text", "words", "start", "by", "told"),
    [
        ("He said: A backs B.", "A backs B.", True, -1, ": A backs B."),
        ("He said: A backs B.", "A backs B.", True, 1, "backs B."),
        ("He said: A backs B.", "A backs B.", True, -9, "He said: A backs B."),
        ("He said: A backs B.", "A backs B.", False, -1, "A backs B"),
        ("He said: A backs B.", "A", False, -1, "A"),
        ("香港支持辽宁。", "支持", True, -2, "香港支持"),
        ("𠮷野支持辽宁。", "野支持", True, -1, "𠮷野支持"),
        ("Liaoning's co-operation grew", "grew", True, -1, "co-operation grew"),
    ],
)
def test_bounds_move_by_words(text: str, words: str, start: bool, by: int, told: str) -> None:
    """A bound moves by a word, a Chinese character or a mark, stays in its paragraph, and leaves something."""
    at = text.index(words)
    bounds = moved(text, (at, at + len(words)), (0, len(text)), start, by)
    assert text[slice(*bounds)] == told
