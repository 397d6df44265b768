"""The network page tells what became of plans, chooses those that are open, and plots figures over time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from browser import Browser, Visit, expect, launched, visited
from conftest import write_small
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.claims.model import Quantity
from coopgraph.page import html_page

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    yield from visited(browser)


_NEW_PLAN = """
claim:yearbook-2021-900 a coop:Claim ;
    coop:status status:planned ;
    prov:wasDerivedFrom passage:yearbook-2021-p01-1 ;
    rdf:object place:coast-province ;
    rdf:predicate coop:cooperatesWith ;
    rdf:subject place:northport .
"""
"""What the latest document plans: it is open, since no day."""


@pytest.fixture(scope="module")
def decade(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """Documents of several years that plan, report and contradict."""
    copy = tmp_path_factory.mktemp("decade") / "decade"
    shutil.copytree(ROOT / "tests" / "decade", copy, ignore=shutil.ignore_patterns(".coopgraph"))
    path = copy / "graphs" / "yearbook-2021.ttl"
    path.write_text(path.read_text("utf-8") + _NEW_PLAN, "utf-8")
    with load(copy) as graph:
        yield graph


@pytest.fixture(scope="module")
def address(decade: CoopGraph, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("fates") / "network.html"
    path.write_bytes(decade.view().html().encode("utf-8"))
    return path.as_uri()


def test_a_plan_leads_to_what_became_of_it(visit: Visit, address: str) -> None:
    """The panel of a plan says what came of it and when, and opens the passage that tells of it."""
    page = visit.open(f"{address}#sel=claim:address-2016-001")
    fate = page.locator(".claim.current .fate")
    assert "came true 17 April 2017, 15 months after it was announced" in fate.inner_text()
    assert "Notice of April 2017" in fate.inner_text()
    assert "5 more claims tell of it" in fate.inner_text()
    assert "due by June 2017" in page.locator(".claim.current .chips").inner_text()
    fate.get_by_role("button").click()
    assert "sel=claim:notice-2017-001" in page.evaluate("location.hash")
    assert "begins its work" in page.locator("#panel .claim.current").inner_text()


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("claim", "told"),
    [("address-2016-003", "was denied by February 2020"), ("address-2016-004", "open for 5 years")],
)
def test_a_plan_that_did_not_come_true_says_so(visit: Visit, address: str, claim: str, told: str) -> None:
    """A plan that was denied, or of which nobody tells any more, says that, and for how long."""
    page = visit.open(f"{address}#sel=claim:{claim}")
    assert told in page.locator("#panel .claim.current .fate").inner_text()


def test_the_page_tells_fates_as_the_question_does(visit: Visit, address: str, decade: CoopGraph) -> None:
    """Each plan in the page has the outcome, and only open plans are counted, that the question gives."""
    page = visit.open(address)
    rows = decade.ask("fates").to_dicts()
    held = page.evaluate("JSON.parse(document.getElementById('data').textContent).fates.length")
    assert held == len(rows)
    still = [row for row in rows if row["fate"] == "open"]
    assert page.locator(".open-plans .count").inner_text() == str(len(still))


def test_the_first_claim_and_the_first_term_are_told_like_all_others(visit: Visit, tmp_path: Path) -> None:
    """A plan that no claim stands before, and a figure towards the first of all terms, are there in full."""
    root = write_small(tmp_path / "first")
    note = root / "graphs" / "note.ttl"
    plan = note.read_text("utf-8").replace("realised", "planned").replace("2014-01-01", "2021-01-01")
    figure = (
        "claim:note-3 a coop:Observation ; coop:status status:realised ; prov:wasDerivedFrom passage:note-p2 ; "
        'coop:asOf "2020-01-01"^^xsd:date ; coop:asOfPrecision "year" ; coop:counterpart place:eastport ; '
        "rdf:subject place:westport ; rdf:predicate coop:figure ; rdf:object 7 ; "
        "coop:unit <http://qudt.org/vocab/unit/NUM> .\n"
    )
    note.write_text(plan + figure, "utf-8")
    path = tmp_path / "network.html"
    with load(root) as graph:
        path.write_text(graph.view().html(), "utf-8")
    page = visit.open(f"{path.as_uri()}#sel=claim:note-1")
    assert page.locator("#panel .claim.current .fate").inner_text() == "no later source tells of it"
    page = visit.open(f"{path.as_uri()}#sel=place:westport")
    assert "Westport → Eastport figure: 7" in page.locator("#panel").inner_text()


def test_open_plans_are_a_filter(visit: Visit, address: str) -> None:
    """Only open plans stay, by keyboard, with other filters, in the address and in each language."""
    page = visit.open(address)
    box = page.locator("#open-plans")
    box.focus()
    page.keyboard.press("Space")
    assert "plans=open" in page.evaluate("location.hash")
    count = int(page.locator(".open-plans .count").inner_text())
    assert page.locator(".choices li:has-text('Realised') .count").first.inner_text() == "0"
    again = visit.open(f"{address}#plans=open&no-statuses=potential")
    assert again.locator("#open-plans").is_checked()
    assert 0 < int(again.locator(".open-plans .count").inner_text()) < count
    again.locator("#tongue").select_option("zh-Hant")
    assert again.locator("#open-plans").is_checked()
    expect(again.locator(".open-plans")).to_contain_text("僅未了的計劃")
    assert "plans=open" in again.evaluate("location.hash")
    again.locator("#chips button").last.click()
    assert not again.locator("#open-plans").is_checked()


def test_a_series_is_plotted_with_its_exact_values(visit: Visit, decade: CoopGraph, tmp_path: Path) -> None:
    """Figures of one measure over time are a plot with a name, expectations told from reports, and a table."""
    whole = decade.extract()
    claims = [
        replace(claim, object=replace(claim.object, as_of="2018-05-01"))
        if claim.iri.endswith("preview-2019-002") and isinstance(claim.object, Quantity)
        else claim
        for claim in whole.claims
    ]
    path = tmp_path / "series.html"
    path.write_bytes(html_page.page(replace(whole, claims=tuple(claims))).encode("utf-8"))
    page = visit.open(f"{path.as_uri()}#sel=event:harbour-summit-2019")
    plot = page.locator("#panel .series svg")
    assert plot.get_attribute("role") == "img"
    assert (plot.get_attribute("aria-label") or "").startswith("Plot: Harbour Summit 2019: ")
    page.locator("#panel .series summary").click()
    table = page.locator("#panel .series table")
    assert table.locator("tbody th").all_inner_texts() == ["May 2018", "May 2019"]
    assert table.locator("tbody td").all_inner_texts() == ["> 5,000", "Potential", "≈ 6,000", "Realised"]
    assert plot.locator("circle.expected").count() == plot.locator("circle.told").count() == 1
