"""Rules: each finds what its examples say, and nothing in the examples of what it must not find."""

from __future__ import annotations

import re

import pytest

from coopgraph.ask.graph import CoopGraph
from coopgraph.reading.mentions import Names
from coopgraph.reading.model import Document, Draft, Mention, Origin
from coopgraph.reading.page import Page
from coopgraph.reading.rules import rules as rules_module
from coopgraph.reading.rules.rules import LANGUAGES, Rule, propose, rules
from coopgraph.reading.vocabulary import Vocabulary, vocabulary

_NAME = re.compile(r"\[([^|\]]+)\|(\w+)\]")
RULES = [(language, rule) for language in LANGUAGES for rule in rules(language)]


@pytest.fixture(scope="module")
def words(tiny_graph: CoopGraph) -> Vocabulary:
    return vocabulary(tiny_graph.store)


class Marked(Page):
    """A text whose names are marked, `[name|Class]`."""

    def __init__(self, marked: str, language: str, words: Vocabulary) -> None:
        text, names, at = "", [], 0
        for match in _NAME.finditer(marked):
            text += marked[at : match.start()]
            names.append(Mention(match[1], len(text), len(text) + len(match[1]), kind=match[2]))
            text += match[1]
            at = match.end()
        text += marked[at:]
        super().__init__(Document("s", text, Origin("s", "", "", "", "", language=language)), Names(words))
        self.__dict__["mentions"] = names


def drafts(marked: str, language: str, words: Vocabulary) -> list[Draft]:
    return list(propose(Marked(marked, language, words)))


def told(draft: Draft) -> str:
    status = "" if draft.status == "realised" else f" {draft.status}"
    return f"{draft.subject} {draft.predicate} {draft.object}{status}"


@pytest.mark.parametrize(("language", "rule"), RULES, ids=[rule.name for _, rule in RULES])
def test_a_rule_finds_what_its_examples_say(
    language: str, rule: Rule, words: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone, each rule finds in each of its examples the links given there, with their status, and no other."""
    assert rule.examples
    monkeypatch.setattr(rules_module, "rules", lambda _: (rule,))
    for text, expected in rule.examples:
        found = [
            told(draft) for draft in drafts(text, language, words) if not draft.proposed_by.startswith("rules:name")
        ]
        assert sorted(found) == sorted(expected), text
