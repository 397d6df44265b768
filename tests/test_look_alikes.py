"""What is meant by a name that nothing has: names that look the same are told with what they differ in."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Run
from coopgraph.check.look_alikes import Names, difference, looks
from test_bad_input import edit

BASE = "https://example.org/id/place/"
PAIRS = [
    ("m\u00fcnster", "mu\u0308nster", "its Unicode normalisation (has U+0075 U+0308 where this has U+00FC)"),
    ("m\u00fcnster", "m%C3%BCnster", "%-escapes"),
    ("munster", "munst%65r", "%-escapes"),
    ("eastport", "Eastport", "capitals"),
    ("eastport", "e\u0430stport", "look alike or are not seen (has U+0430 where this has U+0061)"),
    ("eastport", "east\u200bport", "not seen (has U+200B where this has nothing)"),
    ("east-port", "east\u2010port", "look alike or are not seen (has U+2010 where this has U+002D)"),
    ("\uac00", "\u1100\u1161", "its Unicode normalisation"),
    ("\u9999\u6e2f", "\u9999\uf9ff\u6e2f".replace("\uf9ff", "\ufe00"), "not seen"),
    ("port-1", "port-\uff11", "look alike"),
]  # fmt: skip


@pytest.mark.parametrize(("described", "named", "what"), PAIRS)
def test_a_name_that_looks_the_same_is_told_with_the_difference(described: str, named: str, what: str) -> None:
    """Either way round, the one that is described is suggested and what tells the two apart is said."""
    for one, other in ((described, named), (named, described)):
        suggestion = Names({BASE + one}, {"place": BASE}).suggestion(BASE + other)
        assert suggestion.startswith("; did you mean ")
        assert one in suggestion
        assert "differs only in " in suggestion
    assert what in difference(BASE + described, BASE + named)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("described", "named", "what"), PAIRS[:6])
def test_check_tells_which_like_name_is_meant(described: str, named: str, what: str, small: Path, run: Run) -> None:
    """A claim about what is described under a name that looks the same is a violation that says so."""
    edit(small, "place:eastport a", f"<{BASE}{described}> a", "places")
    path = small / "graphs/note.ttl"
    path.write_text(path.read_text("utf-8").replace("place:eastport", f"<{BASE}{named}>"), "utf-8")
    outcome = run("check", cwd=small)
    assert outcome.code == 1
    assert "[unknown-entity]" in outcome.out
    assert "differs only in " in outcome.out


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("property_", "wrong", "right"),
    [("coop:status", "coop:statsu", "coop:status"), ("skos:prefLabel", "skos:prefLable", "skos:prefLabel"),
     ("rdf:object", "rdf:objekt", "rdf:object"), ("prov:wasDerivedFrom", "prov:wasDerivedForm", "prov:wasDerivedFrom"),
     ("coop:Claim", "coop:Clame", "coop:Claim"), ("dcterms:title", "dcterms:tilte", "dcterms:title")],
)  # fmt: skip
def test_a_mistyped_term_suggests_the_right_one(property_: str, wrong: str, right: str, small: Path, run: Run) -> None:
    """A property or class with letters swapped is told with the one that is meant."""
    edit(small, property_, wrong, "places" if property_.startswith("skos") else "note")
    assert f"{wrong}; did you mean {right}" in run("check", cwd=small).out


@given(st.text(max_size=20))
def test_forms_of_one_text_look_the_same(text: str) -> None:
    """Whatever the normalisation, a text looks the same as itself."""
    forms = {looks(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFC", "NFKC", "NFKD")}
    assert len(forms) == 1


@given(st.text(max_size=12), st.text(max_size=12))
def test_any_two_names_have_a_difference(one: str, other: str) -> None:
    """What is said of two names is one line, whatever they hold."""
    assert "\n" not in difference(one, other)
    Names({one}, {}).suggestion(other)


def test_many_unknown_names_are_not_all_compared() -> None:
    """Near names are looked for a bounded number of times, like ones always."""
    names = Names({f"{BASE}a{number}" for number in range(10)}, {"place": BASE})
    suggestions = [names.suggestion(f"{BASE}a{number}x") for number in range(200)]
    assert suggestions[0]
    assert not suggestions[-1]
    assert "capitals" in names.suggestion(f"{BASE}A1")
