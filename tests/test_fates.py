"""What became of plans, and what contradicts what: small graphs of two or three documents, each case a line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from random_graphs import ONTOLOGY

ROOT = Path(__file__).parents[1]
HEAD = """
@prefix change: <https://w3id.org/coopgraph/id/change/> . @prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix field: <https://w3id.org/coopgraph/id/field/> .
@prefix measure: <https://w3id.org/coopgraph/id/measure/> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix status: <https://w3id.org/coopgraph/id/status/> . @prefix unit: <http://qudt.org/vocab/unit/> .
@prefix x: <http://x/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Document = tuple[str, str]
"""When a document came out, and what it claims: `subject property object status` and more of Turtle, by semicolons."""


def dated(name: str, date: str) -> str:
    """Return a date as Turtle has it: `2017`, `2017-06`, `2017-06-05` or `201X`."""
    precision = "decade" if "X" in date else ("year", "month", "day")[date.count("-")]
    day = f"{date.replace('X', '0')}-01-01"[: 4 if precision == "decade" else None][:10]
    day = {"decade": f"{date[:3]}0-01-01", "year": f"{date}-01-01", "month": f"{date}-01"}.get(precision, day[:10])
    return f'coop:{name} "{day}"^^xsd:date ; coop:{name}Precision "{precision}"'


def store(*documents: Document, more: str = "") -> ox.Store:
    """Return a store of the ontology and of documents, each a graph, and of more Turtle."""
    made = ox.Store()
    made.extend(ONTOLOGY)
    made.load((HEAD + more).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("http://x/things"))
    for number, (out, claims) in enumerate(documents):
        issued, _, copied = out.partition(" of ")
        origin = f" ; prov:hadPrimarySource x:source{copied}" if copied else ""
        lines = [f"x:source{number} a coop:Source ; {dated('issued', issued)}{origin} ."]
        lines[0] = lines[0].replace("coop:issued ", "dcterms:issued ")
        lines.append(f"x:passage{number} oa:hasSource x:source{number} ; coop:paragraph 1 .")
        for place, claim in enumerate(filter(None, map(str.strip, claims.split("|")))):
            subject, relation, target, status, *more = claim.split(" ", 4)
            value = target if target.lstrip("-").replace(".", "").isdigit() else f"x:{target}"
            lines.append(
                f"x:claim{number}-{place} a coop:Claim ; rdf:subject x:{subject} ; rdf:predicate coop:{relation} ; "
                f"rdf:object {value} ; coop:status status:{status} ; prov:wasDerivedFrom x:passage{number} "
                f"{'; ' + more[0] if more else ''} ."
            )
        made.load(
            (HEAD + "\n".join(lines)).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(f"http://x/g{number}")
        )
    return made


@cache
def question(name: str) -> str:
    return (ROOT / "queries" / f"{name}.rq").read_text("utf-8")


def asked(name: str, *documents: Document, more: str = "", **values: str | int) -> list[dict[str, str | None]]:
    """Return the rows of a question, each cell as text, of the things, and in the years, that parameters name."""
    things = {
        ox.Variable(each): ox.Literal(thing) if isinstance(thing, int) else ox.NamedNode(f"http://x/{thing}")
        for each, thing in values.items()
    }
    answer = store(*documents, more=more).query(question(name), use_default_graph_as_union=True, substitutions=things)
    assert isinstance(answer, ox.QuerySolutions)
    columns = [variable.value for variable in answer.variables]
    return [
        {name: None if cell is None else str(cell.value) for name, cell in zip(columns, row, strict=True)}
        for row in answer
    ]


PLAN = "unit establishedBy city planned"
FATES = [
    ("realised", "2017-01", PLAN, "2018", "unit establishedBy city realised"),
    ("realised", "2017-01", PLAN, "2018", f"unit activeIn hill realised {dated('validFrom', '2017-04-17')}"),
    ("realised", "2017-01", PLAN, "2018", "unit openedBy ann realised"),
    ("realised", "2017", PLAN, "2017-06", "unit establishedBy city realised"),
    ("realised", "2017-01", PLAN, "2018", "city established unit realised"),
    ("realised", "2017-01", PLAN, "2018", "unit establishedBy city ended"),
    ("denied", "2017-01", PLAN, "2018", "unit establishedBy city denied"),
    ("contradicted", "2017-01", PLAN, "2018", "unit establishedBy city denied | unit openedBy ann realised"),
    ("open", "2017-01", PLAN, "2016", "unit establishedBy city realised"),
    ("open", "2017-01", PLAN, "2018", f"unit establishedBy city realised {dated('validFrom', '2014')}"),
    ("open", "2017-01", PLAN, "2018", "other establishedBy city realised"),
    ("open", "2017-01", PLAN, "2018", "unit establishedBy city planned"),
    ("open", "2017-01", PLAN, "2018 of 0", "unit establishedBy city realised"),
    ("open", "201X", PLAN, "2018", "unit establishedBy city realised"),
    ("open", "2017-01", PLAN, "201X", "unit establishedBy city realised"),
    ("realised", "2017-01", PLAN, "201X", f"unit establishedBy city realised {dated('validFrom', '2018-05')}"),
    ("realised", "2017-01", "port cooperatesWith hill potential", "2018", "hill cooperatesWith port realised"),
    ("realised", "2017-01", "port participatesIn road potential", "2018", "port contributesTo road realised"),
    ("open", "2017-01", "port contributesTo road potential", "2018", "port participatesIn road realised"),
    ("open", "2017-01", "port tradesWith hill planned coop:change change:strengthen", "2018",
     "port tradesWith hill realised"),
    ("realised", "2017-01", "port tradesWith hill planned coop:change change:strengthen", "2018",
     "port tradesWith hill realised coop:change change:strengthen"),
    ("realised", "2017-01", "port tradesWith hill planned coop:change change:continue", "2018",
     "port tradesWith hill realised"),
    ("open", "2017-01", "port cooperatesWith hill planned coop:field field:finance", "2018",
     "port cooperatesWith hill realised coop:field field:youth"),
    ("realised", "2017-01", "port cooperatesWith hill planned coop:field field:finance", "2018",
     "port cooperatesWith hill realised coop:field field:capital-markets"),
    ("open", "2017-01", "port cooperatesWith hill planned coop:field field:finance", "2018",
     "port cooperatesWith hill realised"),
    ("realised", "2017-01", 'fair figure 5000 potential coop:measure measure:attendance ; coop:approximation "over"',
     "2018",
     'fair figure 6000 realised coop:measure measure:attendance ; coop:approximation "about"'),
    ("fell short", "2017-01", "fair figure 5000 potential coop:measure measure:attendance", "2018",
     "fair figure 4000 realised coop:measure measure:attendance"),
    ("realised", "2017-01", 'fair figure 20 planned coop:measure measure:agreements ; coop:approximation "under"',
     "2018",
     "fair figure 17 realised coop:measure measure:agreements"),
    ("open", "2017-01", "fair figure 20 planned coop:measure measure:agreements", "2018",
     "fair figure 170 realised coop:measure measure:attendance"),
    ("open", "2017-01", "fair figure 5000 potential coop:measure measure:attendance", "2018",
     f"fair figure 6000 realised coop:measure measure:attendance ; {dated('asOf', '2016')}"),
    ("realised", "2017-01", "fair figure 5000 potential coop:measure measure:attendance", "2018",
     f"fair figure 6000 realised coop:measure measure:attendance ; {dated('asOf', '2017-01-20')}"),
    ("open", "2017-01", "port figure 20 planned coop:measure measure:trade ; coop:counterpart x:hill", "2018",
     "port figure 30 realised coop:measure measure:trade ; coop:counterpart x:bay"),
]  # fmt: skip


@pytest.mark.sampled(10)
@pytest.mark.parametrize(("fate", "announced", "plan", "issued", "report"), FATES)
def test_what_became_of_a_plan(fate: str, announced: str, plan: str, issued: str, report: str) -> None:
    """A plan has the fate that later documents tell, by the same link, by what shows it, or by a figure."""
    (row,) = [
        row
        for row in asked("fates", (announced, plan), (issued, report))
        if str(row["claim"]).startswith("http://x/claim0")
    ]
    assert row["fate"] == fate


@pytest.mark.parametrize(
    ("due", "begun", "timing"),
    [
        ("2017-06", "2017-04-17", "in time"), ("2017-06", "2017-06-30", "in time"), ("2017-06", "2017-07-01", "late"),
        ("2017", "2017-12", "in time"), ("2017", "2018-01", "late"), ("2017-06-05", "2017", "in time"), ("2017-06",
         None, None),
        (None, "2017-04-17", None),
    ],
)  # fmt: skip
def test_a_plan_is_in_time_or_late(due: str | None, begun: str | None, timing: str | None) -> None:
    """Whether it came in time is told as far as both dates are exact, and not where only a later date is known."""
    plan = PLAN + (f" {dated('dueBy', due)}" if due else "")
    report = "unit activeIn hill realised" + (f" {dated('validFrom', begun)}" if begun else "")
    (row,) = asked("fates", ("2017-01", plan), ("2018-09", report))
    assert (row["fate"], row["timing"]) == ("realised", timing)
    assert row["known"] == ("then" if begun else "by then")


def test_all_happenings_of_an_office_are_told() -> None:
    """That an office was set up, started and was opened are three happenings, the first of which is the evidence."""
    documents = [
        ("2016-01", PLAN),
        ("2017-05", f"unit openedBy ann realised {dated('validFrom', '2017-04-26')}"),
        ("2017-04", f"unit activeIn hill realised {dated('validFrom', '2017-04-17')}"),
        ("2018", f"unit establishedBy city realised {dated('validFrom', '2017')}"),
    ]
    (row,) = asked("fates", *documents)
    assert (row["happened"], row["months"], row["evidence"]) == ("2017-04-17", "15", "http://x/claim2-0")
    assert row["happenings"] is not None
    assert row["happenings"].count("(") == 3
    assert row["further"] == "2"


def test_a_plan_has_one_row_however_many_tell_of_it() -> None:
    """Several claims and several passages that tell of a plan give it one row, and their number."""
    reports = [("2018-0" + str(month), "unit establishedBy city realised coop:field field:finance, field:youth")
               for month in (1, 2, 3)]  # fmt: skip
    (row,) = asked("fates", ("2017-01", PLAN), *reports)
    assert (row["happened"], row["evidence"], row["further"]) == ("2018-01", "http://x/claim1-0", "2")


def test_plans_are_chosen_by_when_they_were_announced() -> None:
    """Since and until are years of the announcement; a decade begins with its first year."""
    documents = [("2016-05", PLAN), ("2017-01", PLAN), ("2018-09-01", PLAN), ("201X", PLAN)]
    announced = {"2016-05", "2017-01", "2018-09-01", "201X"}
    assert {row["announced"] for row in asked("fates", *documents)} == announced
    assert {row["announced"] for row in asked("fates", *documents, since=2017)} == {"2017-01", "2018-09-01"}
    assert {row["announced"] for row in asked("fates", *documents, until=2016)} == {"2016-05", "201X"}


def test_a_journey_has_its_days() -> None:
    """A stop has its own days, and else those that another stop of the same journey has."""
    dates = f"{dated('validFrom', '2017-07-03')} ; {dated('validTo', '2017-07-08')}"
    documents = [
        ("2017-07", f"tour visited hill realised {dates} | tour visited bay realised | ann visited bay realised"),
        ("2017-08", "tour visited hill realised"),
    ]
    kinds = "x:tour a coop:Visit ."
    rows = asked("meetings", *documents, more=kinds)
    days = {(row["claim"], row["date"], row["to"]) for row in rows}
    own = ("2017-07-03", "2017-07-08")
    claims = [f"http://x/claim{each}" for each in ("0-0", "0-1", "1-0")]
    assert days == {*((claim, *own) for claim in claims), ("http://x/claim0-2", None, None)}


INVESTED = "coop:measure measure:investment ; coop:counterpart x:hill ; coop:unit unit:NUM"


def figure(value: str, asof: str, more: str = "", relation: str = "figure") -> str:
    return f"port {relation} {value} realised {INVESTED} ; {dated('asOf', asof)}{' ; ' + more if more else ''}"


CONTRADICTIONS = [
    ("different dates", "unit establishedBy city realised " + dated("validFrom", "2014"),
     "unit establishedBy city realised " + dated("validFrom", "2015-04-27")),
    (None, "unit establishedBy city realised " + dated("validFrom", "2014"),
     "unit establishedBy city realised " + dated("validFrom", "2014-12")),
    (None, "unit establishedBy city realised " + dated("validFrom", "2014"),
     "unit establishedBy city realised " + dated("validFrom", "201X")),
    (None, "unit establishedBy city realised " + dated("validFrom", "2014"),
     "unit establishedBy city planned " + dated("validFrom", "2015")),
    (None, "unit establishedBy city realised " + dated("validFrom", "2014"),
     "unit openedBy city realised " + dated("validFrom", "2015")),
    (None, "ann met bo realised " + dated("validFrom", "2014"), "ann met bo realised " + dated("validFrom", "2015")),
    ("realised and denied", "port tradesWith hill realised", "port tradesWith hill denied"),
    ("different figures", figure("1200", "2019-12-31"), figure("1500", "2019-12-31")),
    (None, figure("1200", "2019-12-31"), figure("1500", "2018-12-31")),
    (None, figure("1200", "2019-12-31"), figure("1150", "2019-12-31")),
    (None, figure("42290000", "2019"), figure("42300000", "2019")),
    ("different figures", figure("42.29", "2019"), figure("42.4", "2019")),
    (None, figure("5000", "2019", 'coop:approximation "over"'), figure("6000", "2019", 'coop:approximation "about"')),
    ("different figures", figure("5000", "2019", 'coop:approximation "under"'), figure("6000", "2019")),
    ("different figures", figure("5000", "2019"), figure("6000", "2019", 'coop:approximation "over"')),
    (None, figure("5000", "2019"), figure("6000", "2019").replace("realised", "planned")),
    (None, figure("5000", "2019"), figure("6000", "2019").replace("x:hill", "x:bay")),
    (None, figure("5000", "2019"), figure("6000", "2019").replace("measure:investment", "measure:trade")),
    (None, figure("5000", "2019"), figure("6000", "2019").replace("unit:NUM", "unit:PERCENT")),
    (None, figure("5000", "2019-08-31", 'coop:periodFrom "2019-01-01"^^xsd:date'), figure("6000", "2019-08-31")),
    ("different shares", figure("46.8", "2023-08", relation="share"),
     figure("50", "2024-08-29", 'coop:approximation "over"', relation="share")),
    (None, figure("46.8", "2015-08", relation="share"), figure("50", "2024-08-29", 'coop:approximation "over"',
     relation="share")),
    ("different ranks", figure("1", "2018-11", relation="rank"), figure("1", "2019-02", 'coop:approximation "among"',
     relation="rank")),
    (None, figure("1", "2018-11", relation="rank"), figure("1", "2024-02", 'coop:approximation "among"',
     relation="rank")),
    ("different figures", figure("1", "2018", relation="rank"), figure("3", "2018", relation="rank")),
]  # fmt: skip


def test_a_contradiction_is_found_from_either_end() -> None:
    """Figures of one towards another contradict each other for both."""
    documents = (("2024", figure("1200", "2019-12-31")), ("2025", figure("1500", "2019-12-31")))
    for entity, count in (("port", 1), ("hill", 1), ("bay", 0)):
        assert len(asked("contradictions", *documents, entity=entity)) == count


@pytest.mark.parametrize(("kind", "one", "other"), CONTRADICTIONS)
def test_what_contradicts_what(kind: str | None, one: str, other: str) -> None:
    """Two documents contradict each other where both cannot be right, as exactly as they speak, and nowhere else."""
    assert [row["kind"] for row in asked("contradictions", ("2024", one), ("2025", other))] == [kind] * (
        kind is not None
    )
    assert [row["kind"] for row in asked("contradictions", ("2024", other), ("2025", one))] == [kind] * (
        kind is not None
    )
