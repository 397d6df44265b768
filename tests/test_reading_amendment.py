"""Accepting again: what a later decision no longer wants leaves the graph files, and what people wrote there stays."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import reviewing
from conftest import Run
from coopgraph.ask.graph import load
from coopgraph.reading import acceptance
from coopgraph.reading.model import Draft
from coopgraph.reading.review import Session
from coopgraph.reading.vocabulary import Vocabulary
from layers import examples


@pytest.fixture(scope="module")
def prepared(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with proposals, which is copied."""
    folder = shutil.copytree(tiny_space, tmp_path_factory.mktemp("prepared") / "tiny")
    reviewing.prepare(folder)
    return folder


@pytest.fixture(scope="module")
def done(prepared: Path) -> Path:
    """A workspace in which all proposals were accepted, and stand in its graph files; it is copied."""
    folder = shutil.copytree(prepared, prepared.parent / "done")
    reviewing.decide_all(reviewing.session(folder))
    reviewing.accept(folder)
    load(folder).close()
    return folder


@pytest.fixture
def accepted(done: Path, tmp_path: Path) -> Path:
    """A workspace in which all proposals were accepted, to be changed."""
    return shutil.copytree(done, tmp_path / "tiny")


def graphs(folder: Path) -> dict[str, str]:
    """Return the graph files of a workspace."""
    return {path.name: path.read_text() for path in (folder / "graphs").iterdir()}


def claims(folder: Path) -> list[str]:
    """Return the names of the claims of the document."""
    text = graphs(folder).get("release.ttl", "")
    return [block.split()[0][-3:] for block in text.split("\n\n") if " a coop:Claim" in block or "Observation" in block]


def reject(folder: Path, *numbers: int) -> None:
    """Change the decision on some claims to reject."""
    one = reviewing.session(folder)
    for number in numbers:
        one.act("reject", one.review.items[number], reason="not said")


def test_what_is_rejected_later_goes_with_its_passage_and_its_things(accepted: Path, run: Run) -> None:
    """A claim that was accepted and then rejected leaves its file, as do a passage and a thing that only it named."""
    before = graphs(accepted)
    reject(accepted, 1)
    shown = run("accept", "release", "--dry-run", "-w", accepted)
    assert (shown.code, graphs(accepted)) == (0, before)
    assert "# no longer:" in shown.out
    assert "# claim:release-002 a coop:Claim ;" in shown.out
    assert "# organisation:harbour-association a coop:Organisation ;" in shown.out
    done = run("accept", "release", "-w", accepted)
    assert "0 new claims, 1 taken out, 0 new entities: graphs/organisations.ttl, graphs/release.ttl" in done.err
    now = graphs(accepted)
    assert claims(accepted) == ["001", "003", "004"]
    assert "harbour-association" not in "".join(now.values())
    assert "passage:release-p02-2" not in now["release.ttl"]
    assert "organisation:the-gazette a " in now["organisations.ttl"]
    assert "nothing is new" in run("accept", "release", "-w", accepted).err
    one = reviewing.session(accepted)
    one.undo()
    reviewing.accept(accepted)
    assert graphs(accepted) == before


def test_what_is_edited_later_changes_in_place(accepted: Path) -> None:
    """A claim that is edited after it was accepted keeps its name and changes only in what was edited."""
    before = graphs(accepted)["release.ttl"].splitlines()
    one = reviewing.session(accepted)
    item = one.review.items[2]
    one.act("edit", item, claim=replace(item.claim, status="planned", speakers=()))
    done = reviewing.accept(accepted)
    assert (done.claims, done.changed, done.gone) == (0, 1, 0)
    now = graphs(accepted)["release.ttl"].splitlines()
    gone, new = [line for line in before if line not in now], [line for line in now if line not in before]
    assert [line.split()[0] for line in gone] == ["@prefix", "coop:statedBy", "coop:status", "coop:gist"]
    assert [line.split()[0] for line in new] == ["coop:status", "coop:gist"]


def test_all_rejected_leaves_the_files_as_they_were_before_accepting(accepted: Path, prepared: Path) -> None:
    """With the last claim the source and what published it go too, and its file."""
    before = graphs(prepared)
    reject(accepted, 0, 1, 2, 3)
    reviewing.accept(accepted)
    assert graphs(accepted) == before


def test_what_people_wrote_by_hand_stays(accepted: Path) -> None:
    """A claim written by hand, a status mended by hand and a thing that somebody added to are left as they are."""
    path = accepted / "graphs" / "release.ttl"
    text = path.read_text().replace("status:potential", "status:ended")
    block = next(each for each in text.split("\n\n") if each.startswith("claim:release-001 "))
    by_hand = block.replace("claim:release-001", "claim:by-hand").replace("cooperatesWith", "supports")
    path.write_text(f"{text}\n{by_hand}\n")
    things = accepted / "graphs" / "organisations.ttl"
    known = "organisation:harbour-association a coop:Organisation ;"
    things.write_text(things.read_text().replace(known, f'{known}\n    skos:altLabel "THA"@en ;'))
    one = reviewing.session(accepted)
    one.act("edit", one.review.items[2], claim=replace(one.review.items[2].claim, status="planned"))
    reject(accepted, 0, 1)
    done = reviewing.accept(accepted)
    assert done.notes == ["claim:release-003: status was changed in the file and in the review; that of the file stays"]
    now = graphs(accepted)
    assert "claim:by-hand a coop:Claim" in now["release.ttl"]
    assert "passage:release-p02-1 a coop:Passage" in now["release.ttl"]
    assert "status:ended" in now["release.ttl"]
    assert 'skos:altLabel "THA"@en' in now["organisations.ttl"]
    assert claims(accepted) == ["and", "003", "004"]


def test_a_rejected_claim_that_was_written_by_hand_is_told(accepted: Path) -> None:
    """Where a file states by itself what was rejected, that is said and the claim stays."""
    (accepted / "proposals" / "release.written.jsonl").unlink()
    reject(accepted, 0)
    done = reviewing.accept(accepted)
    assert done.notes == ["claim:release-001 was rejected, and was not written by accept; take it out by hand"]
    assert claims(accepted) == ["001", "002", "003", "004"]


def test_what_is_rejected_for_an_equal_claim_of_ones_own_is_not_told(prepared: Path, tmp_path: Path) -> None:
    """Rejecting a proposal and adding the same oneself leaves one claim: at once, again, and by hand."""
    folder = shutil.copytree(prepared, tmp_path / "tiny")
    one = reviewing.session(folder)
    first = one.review.items[0]
    one.act("reject", first, reason="other words")
    one.add(replace(first.claim, id="mine", status="planned"))
    for _ in range(2):
        assert reviewing.accept(folder).notes == []
        assert claims(folder) == ["001"]
    (folder / "proposals" / "release.written.jsonl").unlink()
    assert reviewing.accept(folder).notes == []
    assert claims(folder) == ["001"]


def test_passages_that_begin_together_have_names_of_their_own(prepared: Path, run: Run, tmp_path: Path) -> None:
    """The second of two passages that begin at one place is named by its end too, and `cut` names both as they are."""
    folder = shutil.copytree(prepared, tmp_path / "tiny")
    one = reviewing.session(folder)
    claim = one.review.items[3].claim
    for at, words in enumerate(("Northport had 7.5 million", "Northport had 7.5 million people")):
        end = claim.start + len(words)
        one.add(replace(claim, id=f"mine{at}", end=end, quotation=words, source="release"))
    reviewing.accept(folder)
    names = re.findall(r"^passage:(\S+) a", graphs(folder)["release.ttl"], re.MULTILINE)
    assert names == [f"release-p03-2-{claim.start}", f"release-p03-2-{claim.start}-{end}"]
    text = folder / "sources" / "release.txt"
    for name, words in zip(names, ("had 7.5 million", "had 7.5 million people"), strict=True):
        assert run("cut", text, f"Northport {words}", "-w", folder).out.split()[0] == f"passage:{name}"


def test_of_two_passages_of_a_claim_the_rejected_one_goes(tiny: Path) -> None:
    """A claim that two passages state keeps the other one, and is parted where one of them is edited."""
    text = "Offices\nNTC supports Eastland.\nOnce more, NTC supports Eastland.\n"
    one, two = "NTC supports Eastland.", "Once more, NTC supports Eastland."
    drafts = (Draft("r", one, "NTC", "supports", "Eastland", 2), Draft("r", two, "NTC", "supports", "Eastland"))
    reviewing.prepare(tiny, reviewing.document(text), drafts)
    reviewing.decide_all(reviewing.session(tiny))
    reviewing.accept(tiny)
    assert "wasDerivedFrom passage:release-p02-1, passage:release-p03-1 ;" in graphs(tiny)["release.ttl"]
    ann = reviewing.session(tiny)
    ann.act("edit", ann.review.items[0], claim=replace(ann.review.items[0].claim, status="planned"))
    reviewing.accept(tiny)
    assert claims(tiny) == ["001", "002"]
    assert "claim:release-001 a coop:Claim ;\n    coop:status status:realised ;\n" in graphs(tiny)["release.ttl"]
    reject(tiny, 0)
    reviewing.accept(tiny)
    assert claims(tiny) == ["001"]


def test_a_thing_that_another_source_names_stays(accepted: Path) -> None:
    """What was new with one source and is named by another by now is left when the first one lets it go."""
    text = "Heading\nThe Harbour Association supports Eastland.\n"
    draft = Draft("r", text.splitlines()[1], "Harbour Association", "supports", "Eastland")
    reviewing.prepare(accepted, reviewing.document(text, "other"), (draft,))
    other = reviewing.session(accepted, source="other")
    reviewing.decide_all(other)
    reviewing.accept(accepted, "other")
    reject(accepted, 0, 1, 2, 3)
    reviewing.accept(accepted)
    assert "organisation:harbour-association a " in graphs(accepted)["organisations.ttl"]
    assert "release.ttl" in graphs(accepted)  # the source stays with what names it
    one = reviewing.session(accepted, source="other")
    one.act("reject", one.review.items[0], reason="not said")
    reviewing.accept(accepted, "other")
    reviewing.accept(accepted)
    assert "harbour-association" not in "".join(graphs(accepted).values())


def test_a_new_thing_can_be_of_another_class_later(accepted: Path) -> None:
    """Where a new thing is said to be something else, its class changes, or another thing takes its place."""
    for kind, told in (("Company", "organisation:harbour-association a coop:Company"), ("City", "place:harbour-ass")):
        one = reviewing.session(accepted)
        item = one.review.items[1]
        related = one.review.items[0].claim.predicate
        subject = replace(item.claim.subject, kind=kind)
        one.act("edit", item, claim=replace(item.claim, predicate=related, subject=subject))
        reviewing.accept(accepted)
        assert told in "".join(graphs(accepted).values())
    assert "organisation:harbour" not in "".join(graphs(accepted).values())


_ACTS = st.lists(st.tuples(st.sampled_from(["accept", "reject", "unsure", "edit", "write"]), st.integers(0, 3)))


@settings(max_examples=examples(12), phases=[Phase.generate])
@given(acts=_ACTS)
def test_any_acts_end_with_what_the_last_decisions_say(
    acts: list[tuple[str, int]], prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever was decided and accepted in between, the files say what accepting at the end alone would say."""
    words = _words(prepared)
    folders = [shutil.copytree(prepared, tmp_path_factory.mktemp("a") / "w") for _ in range(2)]
    for folder, is_stepwise in zip(folders, (True, False), strict=True):
        one = reviewing.session(folder)
        for act, number in (*acts, ("write", 0)):
            item = one.review.items[number]
            if act == "edit":
                other = "ended" if item.claim.status == "planned" else "planned"
                one.act("edit", item, claim=replace(item.claim, status=other))
            elif act != "write":
                one.act(act, item)  # type: ignore[arg-type]
            elif is_stepwise:
                _write(one, words)
        _write(one, words)
    stepwise, at_once = ({name: _unnumbered(text) for name, text in graphs(each).items()} for each in folders)
    assert stepwise == at_once


_words = cache(reviewing.words_of)


def _write(one: Session, words: Vocabulary) -> None:
    """Write what is accepted, unchecked, which is quicker."""
    for path, text in acceptance.acceptance(one.workspace, one.review, words).files.items():
        path.write_text(text) if text is not None else path.unlink()


def _unnumbered(text: str) -> list[str]:
    """Return the blocks of a file without the numbers of claims, which depend on what came first."""
    return sorted(re.sub(r"release-\d+", "release-N", text).split("\n\n"))
