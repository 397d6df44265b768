"""Names: what people type finds the one thing that is meant, or says what comes near."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from coopgraph.ask import names
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.claims import matching
from coopgraph.errors import UsageError
from coopgraph.store import name_index
from hostile import texts
from layers import examples

PLACE = "https://example.org/id/place/eastport"


@pytest.mark.parametrize(
    "typed",
    [PLACE, f"<{PLACE}>", "place:eastport", "eastport", "Eastport", " EASTPORT ", "ｅａｓｔｐｏｒｔ", "东港", "東港"],
)
def test_one_thing_has_many_names(small_graph: CoopGraph, typed: str) -> None:
    """IRI, prefixed name, slug and label, in any case, width and script, name the same place."""
    assert names.resolve(small_graph.store, typed) == PLACE


def test_abbreviations_are_names(tiny_graph: CoopGraph) -> None:
    """An alternative label names a thing as its label does."""
    assert names.resolve(tiny_graph.store, "ntc") == names.resolve(tiny_graph.store, "Northport Trade Council")


@pytest.mark.parametrize(
    ("typed", "kind", "end"),
    [
        ("Trade", "field", "id/field/trade"),
        ("贸易", "concept", "id/field/trade"),
        ("hoped for", "status", ""),
        ("realised", "status", "id/status/realised"),
        ("Cooperation", "group", "id/relation/cooperation"),
        ("cooperatesWith", "relation", "ontology#cooperatesWith"),
        ("cooperates with", "relation", "ontology#cooperatesWith"),
        ("A note", "source", "source/note"),
        ("note-p1", "passage", "passage/note-p1"),
        ("claim:note-1", "claim", "claim/note-1"),
        ("a NOTE", "any", "source/note"),
    ],
)
def test_each_kind_is_found_by_its_own_names(small_graph: CoopGraph, typed: str, kind: str, end: str) -> None:
    """Concepts, records and relations are found by slug and label where their kind is asked for."""
    if end:
        assert names.resolve(small_graph.store, typed, kind).endswith(end)
    else:
        with pytest.raises(UsageError, match=f"no {kind} is called"):
            names.resolve(small_graph.store, typed, kind)


@pytest.mark.parametrize("typed", ["trade", "realised", "claim:note-1", "coop:City", "source:note", "status:realised"])
def test_a_thing_of_another_kind_is_not_meant(small_graph: CoopGraph, typed: str) -> None:
    """What is no entity is not found where an entity is asked for."""
    with pytest.raises(UsageError, match="no entity is called"):
        names.resolve(small_graph.store, typed)


def test_a_misspelt_name_gets_near_matches(small_graph: CoopGraph) -> None:
    """A name with a slip gets the names that come near."""
    with pytest.raises(UsageError, match="no entity is called 'Westprot'; did you mean Westport"):
        names.resolve(small_graph.store, "Westprot")


@pytest.mark.parametrize(
    ("typed", "kind", "near"),
    [
        ("Cooperatoin", "group", "Cooperation"),
        ("plannd", "status", "Planned"),
        ("cooperates wit", "relation", "cooperates with"),
        ("cooperatesWit", "relation", "cooperatesWith"),
        ("A nota", "source", "A note"),
        ("ｗｅｓｔｐｏｒ", "any", "Westport"),
    ],
)
def test_each_kind_has_its_near_matches(small_graph: CoopGraph, typed: str, kind: str, near: str) -> None:
    """What comes near is of the kind that was asked for."""
    with pytest.raises(UsageError, match=f"; did you mean .*{near}"):
        names.resolve(small_graph.store, typed, kind)


def test_a_slug_that_is_the_name_is_not_offered_beside_it(tiny_graph: CoopGraph) -> None:
    """A thing is offered by its name, and not once more by a slug that says the same."""
    with pytest.raises(UsageError, match=r"; did you mean Coast Province\?$"):
        names.resolve(tiny_graph.store, "coast-provinc")


@pytest.mark.parametrize(("part", "whole"), [("Nor", "Northport"), ("rade", "Northport Trade Council"), ("港", "北港")])
def test_a_part_of_a_name_finds_whom_it_may_mean(tiny_graph: CoopGraph, part: str, whole: str) -> None:
    """Half a name, in any script, is answered with the names that have it in them."""
    with pytest.raises(UsageError, match=f"no entity is called '{part}'; did you mean .*{whole}"):
        names.resolve(tiny_graph.store, part)


def test_an_empty_name_of_anything_is_one_of_an_entity(small_graph: CoopGraph) -> None:
    """Where anything may be named, the message speaks of an entity."""
    with pytest.raises(UsageError, match="the entity is empty"):
        names.resolve(small_graph.store, " ", "any")


def test_what_nothing_comes_near_is_told_how_to_be_found(small_graph: CoopGraph) -> None:
    """Where no name comes near, the line lists the few there are or says how to search."""
    with pytest.raises(UsageError, match="search finds things by a part of a name"):
        names.resolve(small_graph.store, "zzzz")
    with pytest.raises(UsageError, match="; there are denied, ended, planned, potential, realised"):
        names.resolve(small_graph.store, "zzzz", "status")


def test_chinese_names_have_near_matches(article_graph: CoopGraph) -> None:
    """A Chinese name with one wrong sign, wherever it stands, is answered with the right one."""
    for label in ("香港贸易发展局", "粤港澳大湾区建设", "香港特別行政區政府"):
        for place in range(len(label)):
            wrong = label[:place] + "某" + label[place + 1 :]
            with pytest.raises(UsageError, match=f"did you mean.*{label}"):
                names.resolve(article_graph.store, wrong, "any")


def test_every_slip_is_answered_with_the_name(article_graph: CoopGraph) -> None:
    """A name with two letters swapped, in any place, is answered with the name itself."""
    for label in ("Liaoning", "Hong Kong Trade Development Council", "John Lee", "Belt and Road Initiative"):
        for place in range(len(label) - 1):
            wrong = label[:place] + label[place + 1] + label[place] + label[place + 2 :]
            if wrong.strip() == wrong and name_index.fold(wrong) != name_index.fold(label):
                with pytest.raises(UsageError, match=f"did you mean.*{label}"):
                    names.resolve(article_graph.store, wrong)


def test_an_ambiguous_name_lists_its_candidates(small: Path) -> None:
    """A label that several things share is refused with the prefixed names of each, and one of those is taken."""
    places = small / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8").replace('"Westport"@en', '"Eastport"@en'), "utf-8")
    with load(small) as graph:
        with pytest.raises(UsageError, match="names 2 things: place:eastport, place:westport; give one of these"):
            names.resolve(graph.store, "Eastport")
        assert names.resolve(graph.store, "place:westport").endswith("westport")


@settings(max_examples=examples(30))
@given(texts)
def test_whatever_is_typed_is_found_or_told_in_one_line(small_graph: CoopGraph, typed: str) -> None:
    """No text breaks the search for a name: it names a thing, or the answer is one line."""
    for kind in ("entity", "relation", "any"):
        try:
            assert names.resolve(small_graph.store, typed, kind)
        except UsageError as error:
            assert "\n" not in str(error)  # noqa: PT017 - both outcomes are right


@given(texts)
def test_folding_is_stable(text: str) -> None:
    """A label folded twice is a label folded once, and case does not matter."""
    assert name_index.fold(name_index.fold(text)) == name_index.fold(text)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sao Tome", "São Tomé"), ("Lodz", "Łódź"), ("Kobenhavn", "København"), ("Da Nang", "Đà Nẵng"),
        ("Istanbul", "İSTANBUL"), ("izmir", "IZMIR"), ("Αθηνα", "ΑΘΉΝΑ"), ("ＨＫ", "hk"), ("Strasse", "STRAẞE"),
        ("Aro", "A\u030aro"), ("Xi'an", "Xi’an"), ("Haerbin", "Hae\u00adrbin"), ("first", "ﬁrst"), ("oefter", "Œfter"),
    ],
)  # fmt: skip
def test_what_a_keyboard_lacks_does_not_matter(typed: str, name: str) -> None:
    """Accents, strokes, ligatures, widths, kinds of quotes and invisible signs do not matter to a name."""
    assert name_index.fold(typed) == name_index.fold(name)


def test_what_is_hidden_in_a_text_is_hidden_in_a_name() -> None:
    """Names and passages agree on what shows nothing, and on what is a blank."""
    hidden = re.compile(f"[{matching.INVISIBLE}]")
    for code in range(0x80, 0xF0000):
        letter = chr(code)
        if hidden.match(letter):
            assert name_index.fold(f"a{letter}b") == "ab", hex(code)
        elif letter.isspace():
            assert name_index.fold(f"a{letter}b") == "a b", hex(code)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("港", "湾"), ("東港", "东港"), ("हिन्दी", "हनद"), ("п", "n")])
def test_what_makes_another_word_matters(one: str, other: str) -> None:
    """Signs that are letters of their own are told apart, and so are simplified and traditional characters."""
    assert name_index.fold(one) != name_index.fold(other)


def test_case_matters_in_no_script_that_has_it(small_graph: CoopGraph) -> None:
    """Sharp s, dotted i and final sigma compare as people expect."""
    assert name_index.fold("STRASSE") == name_index.fold("straße")
    assert name_index.fold("ΟΔΟΣ") == name_index.fold("οδος")
