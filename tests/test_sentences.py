"""Claims in words: what is about the thing itself comes first, and time is told as the status has it."""

from __future__ import annotations

import pytest

from coopgraph.ask import sentences
from coopgraph.ask.graph import CoopGraph
from coopgraph.claims import date_input
from coopgraph.claims.model import Claim, Entity, Extract, Passage, Quantity
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import coop, relation_iri
from coopgraph.store import extracts

BASE = "https://example.org/id/"


def claim(number: int, subject: str, target: str | Quantity, status: str = "realised", **more: str) -> Claim:
    return Claim(f"{BASE}claim/s-{number}", subject, "x:p", target, status, "cooperation", passages=("x:1",), **more)


def extract(*claims: Claim, **labels: str) -> Extract:
    names = {"x:p": "works with", relation_iri("cooperation"): "Cooperation", **labels}
    terms = {
        iri: Entity(iri, "City", "Place", {"en": label}, kind_labels={"en": "City"}) for iri, label in names.items()
    }
    passages = {"x:1": Passage("x:1", f"{BASE}source/s", 4)}
    return Extract("Test", claims, terms, passages, {}, {"source": f"{BASE}source/"})


def test_what_is_about_the_thing_itself_comes_first() -> None:
    """A thing's own claims come before those of others about it, however alike the names: IRIs tell them apart."""
    labels = {"x:hk": "Hong Kong", "x:firms": "Hong Kong enterprises", "x:a": "Aachen", "x:twin": "Hong Kong"}
    claims = [
        claim(1, "x:firms", "x:hk"), claim(2, "x:hk", "x:a"), claim(3, "x:a", "x:hk"),
        claim(4, "x:twin", "x:hk"), claim(5, "x:hk", "x:firms"),
    ]  # fmt: skip
    lines = list(sentences.about("x:hk", extract(*claims, **labels)))
    assert lines[:4] == ["Hong Kong (City) x:hk", "  5 realised claims; 1 source", "", "Cooperation"]
    assert [line.partition(" (")[0].strip() for line in lines[4:]] == [
        "Hong Kong works with Aachen",
        "Hong Kong works with Hong Kong enterprises",
        "Aachen works with Hong Kong",
        "Hong Kong enterprises works with Hong Kong",
        "Hong Kong works with Hong Kong",
    ]


def test_groups_come_in_the_order_of_reading(tiny_graph: CoopGraph) -> None:
    """What is known of a thing comes by relation group, cooperation first, each under its label."""
    iri = tiny_graph.entity("Northport").iri
    lines = list(sentences.about(iri, extracts.extract(tiny_graph.store, about=iri)))
    titles = [line for place, line in enumerate(lines) if place and not lines[place - 1]]
    assert titles[0] == "Cooperation"
    assert len(titles) == len(set(titles)) > 2


@pytest.mark.parametrize(
    ("status", "first", "last", "words"),
    [
        ("realised", "2014", None, "since 2014"),
        ("realised", None, "2001", "until 2001"),
        ("realised", "1990", "2001", "from 1990 to 2001"),
        ("realised", "2014", "2014", "2014"),
        ("planned", "2027", None, "to begin in 2027"),
        ("planned", "2027", "2030", "from 2027 to 2030"),
        ("planned", "2027", "2027", "in 2027"),
        ("planned", None, "2030", "to last until 2030"),
        ("potential", "2027", None, "to begin in 2027"),
        ("ended", "1990", None, "begun in 1990"),
        ("ended", None, "2001", "until 2001"),
        ("denied", "2014", None, "for the time since 2014"),
        ("denied", "2014", "2014", "for 2014"),
        ("planned", None, None, ""),
    ],
)
def test_time_is_told_as_the_status_has_it(status: str, first: str | None, last: str | None, words: str) -> None:
    """What is planned begins in a year and holds since none; what was denied is told for its time."""
    bounds = {"valid_from": first, "valid_to": last}
    dated = {name: f"{year}-01-01" for name, year in bounds.items() if year}
    dated |= {f"{name}_precision": "year" for name in dated}
    assert sentences.times(claim(1, "x:a", "x:b", status, **dated)) == words


@pytest.mark.parametrize(
    ("day", "precision", "words"),
    [
        ("2027-03-05", "day", "to begin on 2027-03-05"),
        ("2027-03-01", "month", "to begin in 2027-03"),
        ("2030-01-01", "decade", "to begin in the 2030s"),
        ("2101-01-01", "century", "to begin in the 22nd century"),
        ("12027-01-01", "month", "to begin in 12027-01"),
    ],
)
def test_time_is_as_exact_as_it_is_known(day: str, precision: str, words: str) -> None:
    """A day has its preposition, a decade and a century their article."""
    planned = claim(1, "x:a", "x:b", "planned", valid_from=day, valid_from_precision=precision)
    assert sentences.times(planned) == words


def test_a_figure_is_told_with_unit_whole_and_date() -> None:
    """A figure has its thousands parted, and its unit, its whole and the time that it holds for behind it."""
    share = Quantity("49.60", "x:d", "http://qudt.org/vocab/unit/PERCENT", "1990-01-01", "decade", "x:whole")
    extracted = extract(claim(1, "x:a", share), **{"x:a": "Aachen", "x:whole": "the land"})
    line = sentences.line(extracted.claims[0], extracted)
    assert line == "Aachen: works with 49.60% of the land (realised; as of the 1990s) [source:s ¶4]"


@pytest.mark.parametrize("typed", ["2014", " 2014 ", "2014-05", "2014-05-01"])
def test_a_year_is_typed_as_answers_write_it(typed: str) -> None:
    """A year, a month and a day stand for their year; a decade and a century for their first and last."""
    assert date_input.year(typed) == 2014
    assert (date_input.year("201X"), date_input.year("201X", last=True)) == (2010, 2019)
    assert (date_input.year("18XX"), date_input.year("-0044")) == (1800, -44)


@pytest.mark.parametrize("typed", ["", "soon", "2014-5", "20-14", "X", "２０１４", "2014-01-01-01", "1e3", "XXXX"])
def test_what_is_no_year_is_told(typed: str) -> None:
    """Anything else is refused in one line that shows how to write one."""
    with pytest.raises(UsageError, match="is no year; write one as 2014"):
        date_input.year(typed)


def test_a_figure_says_what_it_measures_and_how_nearly() -> None:
    """A figure is told with its measure, the other side, how near it is, and the period that it was counted over."""
    names = {"x:a": "Port", "x:b": "Hill", "x:m": "Capital invested", coop("figure"): "figure", coop("rank"): "rank"}
    amount = Quantity(
        "5000",
        "xsd:integer",
        "http://qudt.org/vocab/unit/NUM",
        "2023-08-31",
        "day",
        None,
        "x:m",
        "x:b",
        "over",
        "2023-01-01",
        "2023-08-31",
    )
    first = Quantity(
        "1", "xsd:integer", "http://qudt.org/vocab/unit/NUM", "2023-08-31", "day", None, "x:m", "x:b", "among"
    )
    claims = [
        Claim(f"x:{name}", "x:a", coop(name), target, "realised", "quantity", passages=("x:1",))
        for name, target in (("figure", amount), ("rank", first))
    ]
    lines = [sentences.line(claim, extract(*claims, **names)) for claim in claims]
    assert lines == [
        "Port → Hill: Capital invested over 5,000 (realised; for 2023-01 to 2023-08) [source:s ¶4]",
        "Port → Hill: rank, Capital invested among the first (realised; as of 2023-08-31) [source:s ¶4]",
    ]


def test_a_plan_says_its_term_and_what_changes() -> None:
    """By when something is due, what changes, whose words are not named and the name in the source are told."""
    plan = Claim(
        "x:c", "x:a", "x:p", "x:b", "planned", "cooperation", passages=("x:1",), as_of="2017-01-01",
        as_of_precision="year", due_by="2017-06-30", due_by_precision="month", change="x:more", reported="true",
        names=("the Hill",),
    )  # fmt: skip
    told = sentences.details(plan, extract(plan, **{"x:a": "Port", "x:b": "Hill", "x:more": "Strengthen"}))
    assert told == "planned; strengthen; as of 2017; due by 2017-06; reported; called the Hill"
