"""The review in a terminal: a scripted person at a real one, who ends with the same graph as the state machine."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

import reviewing
from conftest import Run, environment
from coopgraph.claims import workspace
from coopgraph.reading import records
from coopgraph.reading.model import Decision

Talk = Callable[..., pexpect.spawn]


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    """Sit down at a terminal in which a document is reviewed."""
    children: list[pexpect.spawn] = []

    def start(folder: Path, source: str = reviewing.SOURCE) -> pexpect.spawn:
        command = ["-m", "coopgraph", "review", source, "-w", str(folder)]
        env = {**environment(tmp_path), "TERM": "dumb", "COLUMNS": "200"}
        child = pexpect.spawn(sys.executable, command, env=env, encoding="utf-8", timeout=30, dimensions=(50, 200))
        children.append(child)
        return child

    yield start
    for child in children:
        child.close(force=True)


def press(child: pexpect.spawn, expected: str, key: str) -> None:
    """Wait until something is shown, and the keys below it, and press one."""
    child.expect_exact(expected)
    child.expect_exact("? help")
    child.send(key)


def answer(child: pexpect.spawn, question: str, words: str) -> None:
    """Answer a question in words."""
    child.expect_exact(question)
    child.sendline(words)


def acts(folder: Path) -> list[str]:
    """Return what was decided so far."""
    return [each.act for each in records.read(Decision, records.paths(workspace.find(folder), "release").decisions)]


def edit_the_third(child: pexpect.spawn) -> None:
    """Change status and gist of a claim, with a slip each."""
    press(child, "Northport trades with Eastland - potential - could", "e")
    for key, question, words, told in (
        ("s", "denied", "nonsense", "no status is called 'nonsense'"),
        ("s", "denied", "planned", "- planned"),
        (
            "g",
            "in words of your own",
            "Northport could trade with Eastland, Ada Lin said.",
            "the gist is the quotation",
        ),
        ("g", "in words of your own", "A hope for trade.", "- planned"),
    ):
        child.expect_exact("c cancel")
        child.send(key)
        answer(child, question, words)
        child.expect_exact(told)
    child.expect_exact("c cancel")
    child.send("d")


def test_a_scripted_person_and_the_state_machine_end_with_the_same_graph(
    tiny_space: Path, tmp_path: Path, talk: Talk, run: Run
) -> None:
    """Accept, edit, reject, unsure, undo and add in a terminal give the graph files that the same acts give."""
    folders = [shutil.copytree(tiny_space, tmp_path / name) for name in ("typed", "called")]
    for folder in folders:
        reviewing.prepare(folder)
    typed, called = folders
    child = talk(typed)
    press(child, "Northport cooperates with Coast Province - realised", "u")
    press(child, "Harbour Association supports Northport - realised", "y")
    answer(child, "empty for 2 alone", "")
    answer(child, "said by", "Ada Lin")
    child.expect_exact("That goes for 2 claims")
    press(child, "said by Ada Lin", "a")
    answer(child, "empty for `new Organisation`", "")
    press(child, "Is anything missing", "b")
    press(child, "Harbour Association supports Northport - realised", "a")
    answer(child, "empty for `new Organisation`", "")
    press(child, "Is anything missing", "+")
    answer(child, "the words that say it", "The Harbour Association  supports Northport.")
    answer(child, "subject", "Northport")
    answer(child, "object", "Eastland")
    answer(child, "relation", "cooperates with")
    answer(child, "denied", "denied")
    press(child, "has: Northport cooperates with Eastland - denied", "n")
    edit_the_third(child)
    press(child, "Northport population 7.5 million people", "r")
    child.expect_exact("s not said")
    child.send("s")
    press(child, "Is anything missing", "n")
    press(child, "Is anything missing", "n")
    child.expect_exact("Nothing is left to decide")
    child.expect_exact("3 accepted, 1 rejected, 1 open; 3 of 3 paragraphs complete")
    child.expect(pexpect.EOF)
    child = talk(typed)
    press(child, "Northport cooperates with Coast Province - realised", "a")
    child.expect_exact("4 accepted, 1 rejected, 0 open")
    reviewing.decide_by_hand(reviewing.session(called))
    for folder in folders:
        assert run("accept", "release", "-w", folder).code == 0
    files = [{path.name: path.read_text() for path in (folder / "graphs").iterdir()} for folder in folders]
    assert files[0] == files[1]
    assert files[0]["release.ttl"].count("a coop:Claim ;") == 4


def test_ctrl_c_keeps_every_decision(tiny: Path, talk: Talk) -> None:
    """What was decided before Ctrl-C, while a key or words are asked for, stands, and the next review goes on there."""
    reviewing.prepare(tiny)
    child = talk(tiny)
    press(child, "Northport cooperates with Coast Province - realised", "a")
    press(child, "Harbour Association supports", "\x03")
    child.expect_exact("interrupted")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, acts(tiny)) == (130, ["accept"])
    child = talk(tiny)
    press(child, "Harbour Association supports", "a")
    child.expect_exact("empty for `new Organisation`")
    child.sendintr()
    child.expect_exact("interrupted")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, acts(tiny)) == (130, ["accept"])


def test_leaving_help_and_keys_that_do_nothing(tiny: Path, talk: Talk) -> None:
    """? explains each key, an unknown key too, several at once do nothing, and q and the end of input leave."""
    reviewing.prepare(tiny)
    child = talk(tiny)
    press(child, "Coast Province - realised", "?")
    child.expect_exact("u  unsure: Ask again later.")
    press(child, "Coast Province - realised", "\x1b[A")
    child.expect_exact("u  unsure: Ask again later.")
    press(child, "Coast Province - realised", "aa")
    child.expect_exact("u  unsure: Ask again later.")
    press(child, "Coast Province - realised", "r")
    child.expect_exact("why?")
    child.send("?")
    child.expect_exact("nothing was decided")
    press(child, "Coast Province - realised", "b")
    child.expect_exact("nothing to take back")
    press(child, "Coast Province - realised", "s")
    press(child, "Harbour Association supports", "a")
    answer(child, "empty for `new Organisation`", "Nobody at all")
    child.expect_exact("no thing is called 'Nobody at all'")
    press(child, "Harbour Association supports", "a")
    answer(child, "empty for `new Organisation`", "new Actor")
    child.expect_exact("no class is called 'Actor'")
    press(child, "Harbour Association supports", "a")
    answer(child, "empty for `new Organisation`", "-")
    child.expect_exact("Nothing was decided")
    press(child, "Harbour Association supports", "\x04")
    child.expect_exact("0 accepted, 0 rejected, 4 open")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, acts(tiny)) == (0, [])


def test_a_name_is_chosen_from_what_is_offered(tiny: Path, talk: Talk) -> None:
    """Ends can be swapped and be other things, by number or by name; what does not fit the relation is refused."""
    reviewing.prepare(tiny)
    child = talk(tiny)
    press(child, "Coast Province - realised", "e")
    for key in ("x", "2"):
        child.expect_exact("c cancel")
        child.send(key)
    answer(child, "Northport' is", "Ada Lin")
    child.expect_exact("Coast Province cooperates with Ada Lin")
    child.expect_exact("c cancel")
    child.send("p")
    answer(child, "relation", "has an office")
    child.expect_exact("c cancel")
    child.send("d")
    child.expect_exact("wants a")
    press(child, "Northport cooperates with Coast Province - realised", "q")
    child.expect(pexpect.EOF)
    assert acts(tiny) == []


def test_control_characters_of_a_text_are_shown_not_obeyed(tiny: Path, talk: Talk) -> None:
    """A text that contains commands for a terminal does not reach it."""
    text = reviewing.TEXT.replace("Nothing is linked here.", "Nothing \x1b[31mis\u202e linked here.")
    reviewing.prepare(tiny, reviewing.document(text), drafts=())
    child = talk(tiny)
    press(child, "Is anything missing", "n")
    press(child, "Is anything missing", "n")
    child.expect_exact("Nothing ")
    child.expect_exact("Is anything missing")
    assert "\x1b[31m" not in child.before
    assert "\u202e" not in child.before
    child.send("q")
    child.expect(pexpect.EOF)


def test_review_wants_a_person(tiny: Path, run: Run) -> None:
    """Without a terminal one line says so."""
    reviewing.prepare(tiny)
    done = run("review", "release", "-w", tiny)
    assert (done.code, done.error) == (2, "review asks a person, at a terminal; --web asks in a browser")
