"""The network page in a real browser: nothing is requested, nothing hostile runs, everything can be reached."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from browser import Browser, Visit, box, expect, launched, links, rows, saved, visited
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.claims.model import Claim, Extract
from coopgraph.page import html_page, scene, svg
from coopgraph.page.story import Step
from coopgraph.rdf.vocab import LANGUAGES
from extracts import HOSTILE, extract, hostile, synthetic

STORY = (
    Step({"en": "First stop"}, {"en": "Only cooperation."}, ("place:n0",), ("cooperation",)),
    Step({"en": "Last stop"}, {"en": "Only hopes."}, (), (), ("planned", "potential")),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture(scope="module")
def graph() -> Extract:
    return synthetic(60, 24)


@pytest.fixture(scope="module")
def address(graph: Extract, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "network.html"
    path.write_bytes(html_page.page(graph, story=STORY).encode("utf-8"))
    return path.as_uri()


@pytest.fixture(scope="module")
def article(article_graph: CoopGraph) -> Extract:
    return article_graph.extract(source="hktdc-2023")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    yield from visited(browser)


# --- safe ----------------------------------------------------------------------------------------------------------


def test_the_page_asks_for_nothing(browser: Browser, address: str) -> None:
    """Opening and using the page makes no request besides the file itself, and works with all network blocked."""
    visit = Visit(browser, offline=True)
    page = visit.open(address)
    page.locator("#canvas").press("ArrowRight")
    page.locator("#canvas").press("Enter")
    assert [url for url in visit.requests if not url.startswith(("data:", "blob:"))] == [address]
    assert visit.complaints == []
    visit.leave()


def test_the_policy_forbids_what_it_does_not_name(visit: Visit, address: str) -> None:
    """Neither an inline script nor an image from elsewhere gets through the content security policy."""
    page = visit.open(address)
    page.evaluate("""() => {
        window.violations = [];
        const note = (event) => window.violations.push(event.effectiveDirective);
        document.addEventListener("securitypolicyviolation", note);
        const script = document.createElement("script");
        script.textContent = "window.hurt = 1";
        document.body.append(script);
        const image = new Image();
        image.src = "https://example.org/x.png";
    }""")
    page.wait_for_function("window.violations.length > 1")
    assert page.evaluate("window.hurt") is None
    assert sorted(page.evaluate("window.violations")) == ["img-src", "script-src-elem"]
    assert visit.refused == {"https://example.org/x.png": "csp"}
    visit.complaints.clear()  # the browser reports both refusals, as it should


_ADDED = """async (states) => {
  const found = [];
  for (const state of states) {
    location.hash = state;
    await new Promise((done) => addEventListener("hashchange", done, { once: true }));
    document.querySelectorAll("details").forEach((part) => (part.open = true));
    const isShut = (part) => part.childElementCount < 2;
    while ([...document.querySelectorAll(".technical")].some(isShut)) await new Promise((done) => setTimeout(done));
    found.push([
      window.hurt ?? null,
      document.querySelectorAll("img, iframe, object, embed, base").length,
      document.querySelectorAll("script:not([type])").length,
      [...new Set([...document.querySelectorAll("a")].map((link) => link.getAttribute("href")))].sort(),
    ]);
  }
  return found;
}"""
"""Reads in each state what hostile texts would change: what they run, elements, scripts, and where links lead."""


def test_hostile_texts_stay_texts(visit: Visit, tmp_path: Path) -> None:
    """A hostile text in every field runs nothing, adds no element and links nowhere but to the web."""
    path = tmp_path / "hostile.html"
    path.write_bytes(html_page.page(hostile(), message="<img src=x onerror=alert(1)>").encode("utf-8"))
    page = visit.open(path.as_uri())
    states = [*(f"#sel=claim:h{number:02}" for number in range(10)), f"#{HOSTILE[0]}=1&sel={HOSTILE[3]}"]
    rows(page)
    assert page.evaluate(_ADDED, states) == [[None, 0, 2, ["#canvas", "#search"]]] * len(states)
    assert HOSTILE[3] in page.locator("#message").inner_text()


def test_web_addresses_open_apart(visit: Visit, address: str) -> None:
    """A source with a web address is linked, without handing over who asks."""
    page = visit.open(f"{address}#sel=claim:s-00001")
    link = page.locator(".cite a").first
    assert (link.get_attribute("href") or "").startswith("https://example.org/")
    assert link.get_attribute("rel") == "noopener noreferrer"


# --- filters -------------------------------------------------------------------------------------------------------


def test_the_table_shows_every_claim(visit: Visit, address: str, graph: Extract) -> None:
    """Without filters the table holds each link and each fact once."""
    shown = rows(visit.open(address))
    assert sorted(shown) == sorted(links(graph))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("section", "name", "kept"),
    [
        ("Relations", "^Cooperation", lambda claim: claim.group != "cooperation"),
        ("Status", "^Potential", lambda claim: claim.status != "potential"),
        ("Sources", "Report 1", lambda claim: not claim.sources[0].endswith("s1")),
        ("Only in these fields", "^Talent", lambda claim: any(field.endswith("talent") for field in claim.fields)),
        ("Entities", "^People", lambda claim: "/person/" not in claim.subject and "/person/" not in str(claim.object)),
    ],
)
def test_a_filter_leaves_the_right_links(
    visit: Visit, address: str, graph: Extract, section: str, name: str, kept: object
) -> None:
    """Each filter hides links, not only nodes; the address keeps it, and reset takes it back."""
    page = visit.open(address)
    box(page, section, name)
    expected = links(graph, kept)
    assert set(rows(page)) == expected
    assert set(rows(visit.open(page.url))) == expected
    page.locator("#as-table").click()
    page.locator("#chips").get_by_role("button", name="Reset").click()
    assert set(rows(page)) == links(graph)


def test_counts_say_what_a_choice_would_show(visit: Visit, address: str, graph: Extract) -> None:
    """The count beside a status counts the claims that all other filters let through."""
    page = visit.open(address)
    box(page, "Relations", "^Structure")
    label = page.locator("fieldset", has=page.locator("legend", has_text=re.compile("^Status$"))).locator(
        "li", has_text="Realised"
    )
    wanted = len(links(graph, lambda claim: claim.status == "realised" and claim.group != "structure"))
    assert label.locator(".count").inner_text() == str(wanted)


def test_years_narrow_to_what_was_in_force(visit: Visit, address: str, graph: Extract) -> None:
    """The upper handle hides what began later; without the undated, only dated claims are left."""
    page = visit.open(address)
    page.get_by_label("Last year").evaluate(
        "(slider) => { slider.value = 2014; slider.dispatchEvent(new Event('input')); }"
    )
    page.get_by_label("undated too").uncheck()
    wanted = links(graph, lambda claim: claim.years[0] is not None and claim.years[0] <= 2014)
    assert wanted
    assert set(rows(page)) == wanted


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("first", "last"), [(1800, 1800), (1999, 1999), (2009, 2013), (2010, 2011)])
def test_vague_years_are_those_of_the_model(visit: Visit, tmp_path: Path, first: int, last: int) -> None:
    """A date that is exact to a decade or century counts for all its years, as it does for the model."""
    full = synthetic(6, 4)
    dates = [
        ("1801-01-01", "century", "1901-01-01", "century"),
        ("2015-01-01", "decade", None, None),
        (None, None, "2005-01-01", "decade"),
        ("2012-05-01", "month", "2014-01-01", "year"),
    ]
    names = ("valid_from", "valid_from_precision", "valid_to", "valid_to_precision")
    dated = [
        replace(claim, **dict(zip(names, values, strict=True)))
        for claim, values in zip(full.claims, dates, strict=False)
    ]
    graph = replace(full, claims=tuple(dated))
    path = tmp_path / "vague.html"
    path.write_bytes(html_page.page(graph).encode("utf-8"))
    page = visit.open(f"{path.as_uri()}#undated=no&years={first}-{last}")

    def holds(claim: Claim) -> bool:
        begins, ends = claim.years
        return (begins is None or begins <= last) and (ends is None or ends >= first)

    assert set(rows(page)) == links(graph, holds)
    assert page.locator("#years .scale span").first.inner_text() == "1800"


def test_at_least_two_sources(visit: Visit, address: str, graph: Extract) -> None:
    """Asking for more sources leaves the claims that as many sources make."""
    triples: dict[tuple[object, ...], set[str]] = {}
    for claim in graph.claims:
        triples.setdefault((claim.subject, claim.predicate, claim.object), set()).update(claim.sources)
    page = visit.open(address)
    page.locator(".at-least select").select_option("2")
    wanted = links(graph, lambda claim: len(triples[claim.subject, claim.predicate, claim.object]) > 1)
    assert set(rows(page)) == wanted


def test_neighbourhood_and_path(visit: Visit, address: str, graph: Extract) -> None:
    """A neighbourhood hides what is further away; a path lists its chain of claims."""
    page = visit.open(f"{address}#near=place:n0,1")
    near = {claim.subject for claim in graph.claims if str(claim.object).endswith("/n0")} | {
        str(claim.object) for claim in graph.claims if claim.subject.endswith("/n0") and isinstance(claim.object, str)
    }
    for name in rows(page):
        claim = next(claim for claim in graph.claims if claim.iri.endswith(name.partition(":")[2]))
        assert claim.subject in near or claim.subject.endswith("/n0")
    page = visit.open(f"{address}#path=place:n0,person:n13")
    assert page.locator(".chain .claim").count() >= 1
    assert page.locator(".chain .stop").last.inner_text().endswith("13")


def test_a_path_is_picked_by_search(visit: Visit, address: str, graph: Extract) -> None:
    """From the evidence of one entity, the other end of a path can be searched for by keyboard."""
    page = visit.open(f"{address}#sel=place:n0")
    page.get_by_role("button", name="Path to").click()
    page.keyboard.type("n13")
    expect(page.locator("#found [id^=hit]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("path=place:n0,person:n13"))
    assert page.locator(".chain .stop").count() >= 2


def test_unknown_names_in_the_address_are_told(visit: Visit, address: str, graph: Extract) -> None:
    """An address from another graph, or a broken one, opens the whole picture and says what it could not find."""
    page = visit.open(
        f"{address}#sel=claim:none&near=place:none,9&path=a,b&years=9-x&step=99x&no-sources=zzz&fields=q&min-sources=x"
    )
    assert page.locator("#panel").is_hidden()
    told = page.locator("#message").inner_text()
    assert all(name in told for name in ("claim:none", "place:none", "zzz", "99x"))
    assert set(rows(page)) == links(graph)


def test_back_walks_through_what_was_looked_at(visit: Visit, address: str) -> None:
    """Selections, neighbourhoods, views and steps are steps of the history; sliders and boxes are not."""
    page = visit.open(address)
    page.evaluate("location.hash = '#sel=place:n0'")
    expect(page.locator("#panel h2")).to_be_visible()
    page.locator(".actions .step").first.click()
    box(page, "Status", "^Potential")
    page.locator("#as-table").click()
    assert "view=table" in page.url
    page.go_back()
    expect(page.locator("#table")).to_be_hidden()
    assert "near=place:n0,1" in page.url
    page.go_back()
    expect(page.locator("#chips .whither")).to_have_count(0)
    assert "sel=place:n0" in page.url
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    page.go_forward()
    expect(page.locator("#panel")).to_be_visible()


def test_a_step_and_a_filter_outlast_a_reload(visit: Visit, address: str) -> None:
    """What the reader filters within a step of the story stands in the address beside the step."""
    page = visit.open(f"{address}#step=1")
    box(page, "Status", "^Realised")
    before = page.locator("#summary").inner_text()
    page = visit.open(page.url)
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator("#tour").is_visible()
    assert page.locator("#summary").inner_text() == before


def test_a_path_prefers_what_is_realised(visit: Visit, tmp_path: Path) -> None:
    """Of two ways the realised one is taken; where there is none, the path names what it must hope for."""
    full = synthetic(12, 5)
    iris = sorted(iri for iri in full.terms if re.search(r"/n\d$", iri))
    pairs = [(0, 1, "realised"), (1, 2, "realised"), (0, 2, "potential"), (2, 3, "potential")]
    drawn = [claim for claim in full.claims if full.is_link(claim)]
    made = [
        replace(claim, subject=iris[a], object=iris[b], status=status, group="cooperation")
        for claim, (a, b, status) in zip(drawn, pairs, strict=False)
    ]
    graph = replace(full, claims=tuple(made))
    path = tmp_path / "path.html"
    path.write_bytes(html_page.page(graph).encode("utf-8"))
    names = [f"{iri.rsplit('/', 2)[1]}:{iri.rsplit('/', 1)[1]}" for iri in iris]
    page = visit.open(f"{path.as_uri()}#path={names[0]},{names[2]}")
    assert page.locator(".chain .stop").count() == 3
    assert page.locator(".hopes").count() == 0
    page = visit.open(f"{path.as_uri()}#path={names[0]},{names[3]}")
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert "One of them is not realised" in page.locator(".hopes").inner_text()
    page.locator("#chips .chip", has_text="Back to the map").click()
    assert page.locator("#panel").is_hidden()


def test_the_panel_stands_beside_the_table(visit: Visit, address: str) -> None:
    """Evidence opened from the table covers none of it."""
    page = visit.open(f"{address}#view=table&sel=claim:s-00001")
    sheet, panel = page.locator("#sheet").bounding_box(), page.locator("#panel").bounding_box()
    assert sheet
    assert panel
    assert sheet["x"] + sheet["width"] <= panel["x"] + 1


def test_a_low_screen_keeps_most_of_it_for_the_picture(browser: Browser, address: str) -> None:
    """At 400 % zoom the page scrolls, and the picture takes at least 60 % of the height."""
    opened = Visit(browser, viewport={"width": 360, "height": 225})
    page = opened.open(address)
    assert page.evaluate("document.getElementById('canvas').clientHeight") >= 0.6 * 225
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page = opened.open(f"{address}#sel=claim:s-00001")
    page.locator("#panel .claim").first.scroll_into_view_if_needed()
    opened.leave()
    assert opened.complaints == []


def test_the_first_stop_of_the_keyboard_leads_to_the_picture(visit: Visit, address: str) -> None:
    """One Tab and Enter go past search and legend; Escape takes back neighbourhood and story."""
    page = visit.open(f"{address}#step=1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "canvas"
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_be_hidden()
    assert page.evaluate("document.querySelectorAll('.vis-network[tabindex]').length") == 0


def test_the_picture_is_fitted_again_until_it_is_moved(visit: Visit, address: str) -> None:
    """A smaller window shows the whole picture anew; one that the reader has zoomed is left alone."""
    visit.page.add_init_script(WATCH_LABELS)
    page = visit.open(address)
    page.set_viewport_size({"width": 1000, "height": 640})
    page.wait_for_timeout(400)
    frame = page.locator("#canvas").bounding_box()
    assert frame
    shown = page.evaluate("window.spans")
    assert shown
    assert all(left >= -2 and right <= frame["width"] + 2 for left, right in shown)


def test_a_dense_graph_opens_on_cooperation(visit: Visit, tmp_path: Path) -> None:
    """Above 300 links only cooperation is shown at first; a chip says so and shows all, which the address keeps."""
    graph = synthetic(310, 12)
    path = tmp_path / "dense.html"
    path.write_bytes(html_page.page(graph).encode("utf-8"))
    page = visit.open(path.as_uri())
    chip = page.locator("#chips .chip", has_text="Cooperation only")
    assert "310" in chip.inner_text()
    before = page.locator("#summary").inner_text()
    chip.click()
    assert page.locator("#summary").inner_text() != before
    assert "show=all" in page.url
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert page.locator("#chips .chip").count() == 0


@pytest.mark.thorough
def test_a_dense_graph_opens_on_a_map_of_its_own(visit: Visit, tmp_path: Path) -> None:
    """What it opens on stands where cooperation alone puts it, the whole where all links do."""
    graph = synthetic(330, 60)
    points, lines = scene.points(graph), scene.lines(graph)
    path = tmp_path / "network.html"
    path.write_bytes(html_page.page(graph).encode("utf-8"))
    visit.page.emulate_media(reduced_motion="reduce")
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    page = visit.open(path.as_uri())

    def apart() -> float:
        """Return the share of two distances on the page, which no stretch changes along one axis."""
        spots = {
            node.get("id", ""): float(spot.get("x", ""))
            for node in ET.fromstring(saved(page, "GEXF")).iter("{http://gexf.net/1.3}node")
            for spot in node.iter("{http://gexf.net/1.3/viz}position")
        }
        return (spots[one] - spots[two]) / (spots[one] - spots[three])

    first, _ = scene.opening_places(points, lines)
    whole = scene.places(points, lines)
    one, two, three = list(first)[:3]
    wanted = [(places[one].x - places[two].x) / (places[one].x - places[three].x) for places in (first, whole)]
    assert apart() == pytest.approx(wanted[0], abs=0.02)
    page.locator("#chips button").click()
    assert apart() == pytest.approx(wanted[1], abs=0.02)


def test_moved_nodes_stand_in_the_address(visit: Visit, address: str) -> None:
    """A node dragged elsewhere is there again when the address is opened, and can be taken back."""
    page = visit.open(f"{address}#at=place:n0,700,-450")
    assert "at=place:n0,700,-450" in page.evaluate("location.hash.replaceAll('%3B', ';')")
    page.locator("#chips .chip", has_text="1 entity moved").click()
    assert "at=" not in page.url


def test_an_embedded_page_is_the_picture_alone(visit: Visit, address: str) -> None:
    """Within a frame of another page neither head, legend nor foot are shown."""
    page = visit.open(f"{address}#embed=1")
    assert page.locator(".masthead").is_hidden()
    assert page.locator("#rail").is_hidden()
    assert page.locator("#canvas").is_visible()


def test_what_is_shown_opens_in_gephi(visit: Visit, address: str, graph: Extract) -> None:
    """The GEXF holds the visible entities with their places, and an edge for each visible link."""
    page = visit.open(address)
    box(page, "Relations", "^Cooperation")
    root = ET.fromstring(saved(page, "GEXF"))
    space = "{http://gexf.net/1.3}"
    wanted = [claim for claim in graph.claims if graph.is_link(claim) and claim.group != "cooperation"]
    assert root.get("version") == "1.3"
    assert len(root.findall(f".//{space}edge")) == len(wanted)
    assert len(root.findall(f".//{space}node/{{http://gexf.net/1.3/viz}}position")) > 1


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "1 link away"), ("zh-Hans", "周围 1 步"), ("zh-Hant", "周圍 1 步")]
)
def test_words_and_plurals_follow_the_language(visit: Visit, article_page: str, language: str, wanted: str) -> None:
    """One thing is counted as one in every language, and the title is in it too."""
    page = visit.open(f"{article_page}#near=place:hong-kong,1&lang={language}")
    assert wanted in page.locator("#chips").inner_text()
    title = {"en": "Hong Kong", "zh-Hans": "香港与中国东北", "zh-Hant": "香港與中國東北"}[language]
    assert title in page.title()
    assert title in page.locator("h1").inner_text()


def test_the_histogram_plays(visit: Visit, address: str) -> None:
    """Play moves the upper handle on from the first year."""
    page = visit.open(address)
    page.get_by_role("button", name="Play the years").click()
    expect(page.get_by_label("Last year")).to_have_value("1998")
    expect(page.get_by_label("Last year")).not_to_have_value("1998")
    page.get_by_role("button", name="Pause").click()


# --- labels --------------------------------------------------------------------------------------------------------

WATCH_LABELS = """(() => {
  window.rows = [];
  window.spans = [];
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...given) {
    if (this.canvas.isConnected) window.rows = [];
    if (this.canvas.isConnected) window.spans = [];
    return clearRect.apply(this, given);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const width = this.measureText(text).width;
    const left = x - width * { left: 0, center: 0.5, right: 1 }[this.textAlign];
    const size = parseFloat(this.font.split(" ")[1]);
    if (this.canvas.isConnected && !text.startsWith("×")) window.rows.push([text, left, y, width, size]);
    const { a, e } = this.getTransform();
    if (this.canvas.isConnected) window.spans.push([left * a + e, (left + width) * a + e]);
    return fillText.call(this, text, x, y);
  };
})();"""
"""Notes the rows of labels of the latest frame: text, left end, middle, width and size; and both ends on the screen."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(1280, 800), (1440, 900)])
def test_every_label_of_the_first_article_is_shown(
    visit: Visit, article: Extract, article_page: str, size: tuple[int, int]
) -> None:
    """On a common screen each entity bears its name, and no name lies upon another."""
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.page.add_init_script(WATCH_LABELS)
    page = visit.open(article_page)
    page.wait_for_function("window.rows.length > 0")
    shown = page.evaluate("window.rows")
    wanted = [row for point in scene.points(article) for row in point.rows]
    assert sorted(row[0] for row in shown) == sorted(wanted)
    for index, (one, left, middle, width, height) in enumerate(shown):
        for other, other_left, other_middle, other_width, _ in shown[index + 1 :]:
            apart = max(left - other_left - other_width, other_left - left - width, abs(middle - other_middle) - height)
            assert apart > -0.01, (one, other)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("size", "state"),
    [
        ((390, 844), ""),
        ((360, 640), "#near=place:hong-kong,1"),
        ((1024, 768), "#sel=place:liaoning"),
        ((1280, 800), "#sel=place:liaoning&lang=zh-Hant"),
        ((1280, 800), "#path=person:john-lee,place:dalian"),
        ((700, 500), "#embed=1"),
        ((320, 256), ""),
    ],
)
def test_names_stand_whole_in_what_is_free(visit: Visit, article_page: str, size: tuple[int, int], state: str) -> None:
    """No name is cut by the edge of the canvas, nor by the panel beside it."""
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.page.add_init_script(WATCH_LABELS)
    page = visit.open(article_page + state)
    page.wait_for_timeout(700)
    left, right = page.evaluate("""() => {
      const canvas = document.getElementById("canvas").getBoundingClientRect();
      const panel = document.getElementById("panel").getBoundingClientRect();
      return [0, panel.width && panel.left > canvas.left ? panel.left - canvas.left : canvas.width];
    }""")
    spans = page.evaluate("window.spans")
    assert len(spans) > 3
    assert min(start for start, _ in spans) >= left
    assert max(end for _, end in spans) <= right


@pytest.mark.sampled(1)
@pytest.mark.parametrize("size", [(768, 1024), (1440, 900), (1920, 1080)])
def test_the_picture_takes_the_shape_of_the_screen(visit: Visit, article_page: str, size: tuple[int, int]) -> None:
    """From the leftmost name to the rightmost it is at least four fifths as wide as the canvas."""
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.page.add_init_script(WATCH_LABELS)
    page = visit.open(article_page)
    page.wait_for_timeout(300)
    spans = page.evaluate("window.spans")
    width = page.evaluate("document.getElementById('canvas').clientWidth")
    assert max(end for _, end in spans) - min(start for start, _ in spans) > width * 0.8


def test_labels_stay_where_they_are(visit: Visit, article_page: str) -> None:
    """Choosing an entity dims others, but moves no name."""
    visit.page.add_init_script(WATCH_LABELS)
    page = visit.open(article_page)
    page.wait_for_function("window.rows.length > 0")
    before = page.evaluate("window.rows")
    page.locator("#search").fill("Exporters")
    page.locator("#search").press("Enter")
    page.wait_for_timeout(900)
    assert page.locator("#panel").is_visible()
    after = page.evaluate("window.rows")
    assert len(after) > len(before) * 0.5  # what the panel covers bears no name
    assert [row for row in after if row not in before] == []


def test_the_page_and_the_file_show_the_same_picture(visit: Visit, article: Extract, article_page: str) -> None:
    """Lines of both stand in the same places, and labels too, but for the few that letters of other widths move."""
    page = visit.open(article_page)
    pictures = [ET.fromstring(saved(page, "SVG")), ET.fromstring(svg.svg(article))]
    space = "{http://www.w3.org/2000/svg}"

    def curves(root: ET.Element) -> list[list[float]]:
        drawn = [each.get("d", "") for each in root.iter(f"{space}path") if "Q" in each.get("d", "")]
        return sorted([float(number) for number in re.findall(r"-?[\d.]+", each)] for each in drawn)

    def labels(root: ET.Element) -> list[tuple[str, str]]:
        texts = [each for each in root.iter(f"{space}text") if each.find(f"{space}tspan") is not None]
        return sorted(("".join(each.itertext()), each.get("text-anchor", "")) for each in texts)

    one, other = (curves(root) for root in pictures)
    assert len(one) == len(other) == len(scene.lines(article))
    assert max(abs(a - b) for pair in zip(one, other, strict=True) for a, b in zip(*pair, strict=True)) < 0.15
    assert len(labels(pictures[0])) == len(labels(pictures[1]))
    assert len(set(labels(pictures[0])) - set(labels(pictures[1]))) <= 2


def test_linked_neighbours_stand_beside_each_other(visit: Visit, address: str, graph: Extract) -> None:
    """Around an entity, no two neighbours could change places so that lines among them became shorter."""
    page = visit.open(f"{address}#near=place:n0,1")
    spots = {
        node.get("id", ""): (float(spot.get("x", "")), float(spot.get("y", "")))
        for node in ET.fromstring(saved(page, "GEXF")).iter("{http://gexf.net/1.3}node")
        for spot in node.iter("{http://gexf.net/1.3/viz}position")
    }
    ring = sorted((iri for iri in spots if spots[iri] != (0, 0)), key=lambda iri: math.atan2(*spots[iri]))
    pairs = [(line.start, line.end) for line in scene.lines(graph) if {line.start, line.end} <= set(ring)]
    assert len(ring) > 8 < len(pairs)

    def length(order: list[str]) -> float:
        apart = [abs(order.index(a) - order.index(b)) for a, b in pairs if a != b]
        shortest = [min(steps, len(order) - steps) for steps in apart]
        over = sum(2 for steps in shortest if len(order) / 2 - steps < 0.75)  # lines over the middle
        return over + sum(math.sin(math.pi * steps / len(order)) for steps in shortest)

    for i, j in combinations(range(len(ring)), 2):
        swapped = ring.copy()
        swapped[i], swapped[j] = ring[j], ring[i]
        assert length(swapped) > length(ring) - 1e-6


# --- evidence ------------------------------------------------------------------------------------------------------


def test_a_permalink_opens_the_evidence(visit: Visit, address: str, graph: Extract) -> None:
    """The address of a claim opens sentence, status, gist, source, paragraph and date."""
    claim = next(claim for claim in graph.claims if claim.iri.endswith("s-00001"))
    page = visit.open(f"{address}#sel=claim:s-00001")
    text = page.locator("#panel .claim").first.inner_text()
    passage = graph.passages[claim.passages[0]]
    for wanted in (
        graph.terms[claim.subject].label,
        claim.status.title(),
        passage.gist["en"],
        graph.sources[passage.source].title,
        f"paragraph {passage.paragraph}",
        "October 202",
    ):
        assert wanted in text


_PANELS = """async ([language, names]) => {
  const read = {};
  for (const name of names) {
    location.hash = `#sel=${encodeURIComponent(name)}&lang=${language}`;
    await new Promise((done) => addEventListener("hashchange", done, { once: true }));
    const panel = document.getElementById("panel");
    while (!panel.querySelector(".claim.current")) await new Promise((done) => setTimeout(done));
    const card = panel.querySelector(".claim.current"), closed = card.textContent;
    panel.querySelectorAll("details").forEach((part) => (part.open = true));
    while (!card.querySelector("pre")) await new Promise((done) => setTimeout(done));
    read[name] = [closed, panel.textContent, card.querySelectorAll("pre")[1].textContent];
  }
  return read;
}"""
"""Reads the card of each claim, the whole panel with all that can be opened in it, and the claim's Turtle."""


@pytest.mark.sampled(1)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_of_every_claim_says_what_the_graph_says(
    visit: Visit, article: Extract, article_page: str, language: str
) -> None:
    """The claims of the first article open to speakers, occasions and passage, a third of them in each language."""
    claims = article.claims[LANGUAGES.index(language) :: len(LANGUAGES)]
    names = {claim.iri: f"claim:{claim.iri.rpartition('/')[2]}" for claim in claims}
    read = visit.open(article_page).evaluate(_PANELS, [language, list(names.values())])
    for claim in claims:
        card, panel, _ = read[names[claim.iri]]
        people = (*claim.speakers, *claim.occasions, *claim.relayers, claim.subject)
        for iri in people:
            entity = article.terms[iri]
            assert {*entity.labels.values(), entity.label} & {
                label for label in entity.labels.values() if label in card
            }
        for passage in claim.passages:
            assert str(article.passages[passage].paragraph) in card
            assert any(gist in card for gist in article.passages[passage].gist.values()), (claim.iri, card)
        assert not re.search(r"\[object|undefined|\bnull\b|NaN", panel), (claim.iri, panel)


def test_turtle_and_sparql_are_what_the_graph_says(visit: Visit, address: str, graph: Extract) -> None:
    """The Turtle parses to the claim and its passage, and the SPARQL finds the claim in it."""
    from pyoxigraph import RdfFormat, Store

    page = visit.open(f"{address}#sel=claim:s-00001")
    page.locator(".technical summary").first.click()
    iri, turtle, sparql = (page.locator(".technical pre").nth(index).inner_text() for index in range(3))
    store = Store()
    store.load(turtle.encode("utf-8"), format=RdfFormat.TURTLE)
    found = list(store.query(sparql))  # type: ignore[arg-type]
    assert [str(row["claim"]) for row in found] == [f"<{iri.strip()}>"]
    claim = next(claim for claim in graph.claims if claim.iri == iri.strip())
    assert str(found[0]["passage"]) == f"<{claim.passages[0]}>"


def test_hostile_turtle_parses(visit: Visit, tmp_path: Path) -> None:
    """Quotes, line separators and bidirectional marks are escaped so that the Turtle gives back the same text."""
    from pyoxigraph import RdfFormat, parse

    graph = hostile()
    path = tmp_path / "hostile.html"
    path.write_bytes(html_page.page(graph).encode("utf-8"))
    names = [f"claim:h{index:02}" for index in range(len(graph.passages))]
    read = visit.open(path.as_uri()).evaluate(_PANELS, ["en", names])
    for name, passage in zip(names, graph.passages.values(), strict=True):
        _, _, turtle = read[name]
        texts = {
            quad.object.value
            for quad in parse(turtle.encode("utf-8"), format=RdfFormat.TURTLE)
            if quad.predicate.value.endswith("gist")
        }
        assert texts == {passage.gist["en"]}


def test_a_click_on_a_line_opens_its_claims(visit: Visit, address: str) -> None:
    """Somewhere on the picture lies a line; clicking it opens evidence and puts it into the address."""
    page = visit.open(address)
    frame = page.locator("#canvas").bounding_box()
    assert frame
    for step in range(40, int(frame["height"]) - 120, 11):
        page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + step)
        if page.locator("#panel .claim").count() and "claim" in page.url:
            break
    assert "#sel=claim:" in page.url
    assert page.locator("#panel blockquote").count() >= 1


# --- keyboard, languages, looks --------------------------------------------------------------------------------------


@pytest.mark.sampled(1)
@pytest.mark.parametrize("script", ["en", "zh-hans", "abbreviation"])
def test_keyboard_alone_leads_from_search_to_evidence(visit: Visit, address: str, graph: Extract, script: str) -> None:
    """Slash, a name in any script, Enter, Tab: the evidence of a link is open and has the focus."""
    entity = next(entity for iri, entity in graph.terms.items() if iri.endswith("/n0"))
    typed = entity.labels.get(script, "n0").lower()
    page = visit.open(address)
    page.keyboard.press("/")
    page.keyboard.type(typed)
    page.wait_for_selector("#hit-0")
    page.keyboard.press("ArrowDown")
    assert page.locator("#search").get_attribute("aria-activedescendant") == "hit-0"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert page.locator("#panel h2").inner_text() == entity.label
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('row')"):
            break
    page.keyboard.press("Enter")
    assert page.locator("#panel .claim blockquote").count() >= 1
    assert page.locator("#announcer").inner_text() != ""
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()


def test_arrow_keys_go_from_node_to_node(visit: Visit, address: str) -> None:
    """The picture is one stop of the tab order; arrows move inside it and say where they are."""
    page = visit.open(address)
    canvas = page.locator("#canvas")
    canvas.press("ArrowRight")
    first = page.locator("#announcer").inner_text()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        canvas.press(key)
    canvas.press("Enter")
    assert first
    assert page.locator("#panel h2").inner_text() != ""


def test_the_page_speaks_three_languages(visit: Visit, address: str) -> None:
    """Switching the language changes interface, labels and the document's language; every text exists in each."""
    page = visit.open(address)
    for tag, word in (("zh-Hans", "筛选"), ("zh-Hant", "篩選")):
        page.locator("#tongue").select_option(tag)
        assert page.locator("html").get_attribute("lang") == tag
        assert word in page.content()
    texts = [
        json.loads(files("coopgraph").joinpath("page", "texts", f"{tag}.json").read_text("utf-8")) for tag in LANGUAGES
    ]
    for other in texts[1:]:
        plural_or_kind = {key for key in texts[0] if key.endswith("1") or key == "kinds"}
        assert texts[0].keys() - other.keys() <= plural_or_kind
        assert other.keys() <= texts[0].keys()
        for key in texts[0].keys() & other.keys():
            assert set(re.findall(r"\{\w+\}", str(texts[0][key]))) == set(re.findall(r"\{\w+\}", str(other[key]))), key


def test_a_single_thing_is_counted_in_the_chosen_language(visit: Visit, article_page: str) -> None:
    """A language without a singular uses its own words for a single source too, and not the English ones."""
    imprint = visit.open(f"{article_page}#lang=zh-Hant").locator("#imprint").inner_text()
    assert "來源: " in imprint
    assert "Source" not in imprint


STATES = (
    "", "#sel=claim:s-00001", "#near=place:n0,1", "#path=place:n0,person:n13", "#view=table", "#view=time",
    "#view=matrix", "#step=1", "#embed=1", "#embed=1&sel=place:n0", "#sel=place:nowhere",
)  # fmt: skip
"""What the page can show, each by its address."""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", [*STATES, "views", "save", "about"])
def test_axe_finds_nothing_serious(browser: Browser, address: str, state: str, scheme: str) -> None:
    """axe-core reports no serious violation, contrast included, in any state of the page and with any menu open.

    In the dark only colours differ.
    """
    rules = "" if scheme == "light" else "runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }"
    axe = (
        import_module("axe_playwright_python") if os.environ.get("CI") else pytest.importorskip("axe_playwright_python")
    )
    opened = Visit(browser, color_scheme=scheme, reduced_motion="reduce")
    page = opened.open(address)
    page.evaluate(files(axe).joinpath("axe.min.js").read_text("utf-8"))
    if state.startswith("#") or not state:
        page.evaluate("hash => { location.hash = hash; }", state)
    else:
        page.locator(f"#{state} summary").click()
    page.wait_for_timeout(100)
    serious = [
        (v["id"], [node["html"][:120] for node in v["nodes"]][:3])
        for v in page.evaluate(f"axe.run(document, {{ resultTypes: ['violations'], {rules} }})")["violations"]
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []
    opened.leave()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", [360, 768, 1024, 1440])
def test_nothing_sticks_out(browser: Browser, address: str, width: int) -> None:
    """At any width the page does not scroll sideways, and filters and evidence can be reached."""
    opened = Visit(browser, viewport={"width": width, "height": 740}, has_touch=width < 800)
    page = opened.open(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if page.locator("#rail").is_hidden():
        page.locator("#rail-toggle").click()
    assert page.locator("#rail input").first.is_visible()
    page = opened.open(f"{address}#sel=claim:s-00001")
    panel = page.locator("#panel").bounding_box()
    opened.leave()
    assert panel
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width + 1
    assert opened.complaints == []


def test_the_theme_follows_the_system_and_the_switch(browser: Browser, address: str) -> None:
    """Dark where the system is dark, until the reader says otherwise."""
    opened = Visit(browser, color_scheme="dark")
    page = opened.open(address)
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("#views summary").click()
    page.get_by_role("button", name="Light").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    opened.leave()


def test_the_story_goes_on_and_back(visit: Visit, address: str, graph: Extract) -> None:
    """Each step tells its text and filters; leaving shows everything again."""
    page = visit.open(address)
    page.locator("#start-story").click()
    assert "Only cooperation." in page.locator("#tour").inner_text()
    page.locator("#tour").get_by_role("button", name="Next").click()
    assert "step=2" in page.url
    wanted = links(graph, lambda claim: claim.status in ("planned", "potential"))
    assert set(rows(page)) == wanted
    page.locator("#tour").get_by_role("button", name="Explore").click()
    assert page.locator("#tour").is_hidden()
    assert set(rows(page)) == links(graph)


# --- to take away ----------------------------------------------------------------------------------------------------


def test_png_svg_and_csv_can_be_taken_away(visit: Visit, address: str, graph: Extract) -> None:
    """The files hold what is shown: the PNG twice as large as the SVG, the CSV a row for each visible claim."""
    page = visit.open(address)
    box(page, "Relations", "^Cooperation")
    svg = ET.fromstring(saved(page, "SVG"))
    png = saved(page, "PNG")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (2 * int(svg.attrib["width"]), 2 * int(svg.attrib["height"]))
    text = "".join(svg.itertext())
    assert graph.title in text
    assert "Report 1" in text
    assert "Structure" in text
    table = list(csv.DictReader(io.StringIO(saved(page, "CSV").decode("utf-8-sig"))))
    wanted = {claim.iri for claim in graph.claims if claim.group != "cooperation"}
    assert {row["claim"] for row in table} == wanted


def test_print_holds_the_whole_table(visit: Visit, address: str, graph: Extract) -> None:
    """On paper every claim stands below the picture, each under its passage."""
    page = visit.open(address)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#paper tr[data-claim]").count() == len(graph.claims)
    assert page.locator("#paper table").is_visible()
    assert page.locator("#paper > svg").is_visible()


def test_without_canvas_the_table_takes_over(visit: Visit, address: str) -> None:
    """Where no canvas can be had, the page opens as a table."""
    visit.page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page = visit.open(address)
    assert page.locator("#table").is_visible()
    visit.complaints.clear()


# --- special graphs --------------------------------------------------------------------------------------------------


def test_an_empty_graph_says_so(visit: Visit, tmp_path: Path) -> None:
    """No claims: a sensible page."""
    path = tmp_path / "empty.html"
    path.write_bytes(html_page.page(extract([], [], {}, {})).encode("utf-8"))
    assert "holds no claims" in visit.open(path.as_uri()).locator("#nothing").inner_text()


def test_a_graph_of_one_node(visit: Visit, tmp_path: Path) -> None:
    """One entity with one fact: the node stands in the middle and its fact can be read."""
    full = synthetic(20, 2)
    fact = next(claim for claim in full.claims if "/t-" in claim.iri)
    one = Extract(full.title, (fact,), full.terms, full.passages, full.sources, full.prefixes)
    path = tmp_path / "one.html"
    path.write_bytes(html_page.page(one).encode("utf-8"))
    page = visit.open(path.as_uri())
    page.locator("#canvas").press("ArrowRight")
    page.locator("#canvas").press("Enter")
    page.locator(".fact summary").click()
    expect(page.locator(".fact blockquote")).to_be_visible()


def test_a_notebook_shows_it_in_a_sandbox(visit: Visit, address: str, graph: Extract, tmp_path: Path) -> None:
    """The iframe for notebooks runs the page, shut off from what is around it."""
    path = tmp_path / "notebook.html"
    path.write_bytes(f"<!DOCTYPE html><title>n</title>{html_page.notebook(html_page.page(graph))}".encode())
    visit.page.goto(path.as_uri())
    frame = visit.page.frame_locator("iframe")
    frame.locator("html[data-ready]").wait_for(state="attached")
    assert frame.locator("h1").inner_text() == graph.title
    assert visit.page.locator("iframe").get_attribute("sandbox") == "allow-scripts allow-downloads"


def test_the_page_shows_the_label_that_answers_show(visit: Visit, small: Path) -> None:
    """A narrower or regional tag stands for a language in the page as in answers, for each reader; own classes too."""
    places = small / "graphs" / "places.ttl"
    labels = '"Osthafen"@de, "Eastport Harbour"@en-GB, "東港"@zh-HK, "东港"@zh-CN'
    text = places.read_text("utf-8").replace('"Eastport"@en, "东港"@zh-Hans, "東港"@zh-Hant', labels)
    places.write_text(
        text.replace("place:eastport a coop:City", "place:eastport a <https://example.net/Quay>"), "utf-8"
    )
    (small / "ontology").mkdir()
    (small / "ontology" / "own.ttl").write_text(
        "@prefix coop: <https://w3id.org/coopgraph/ontology#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "<https://example.net/Quay> a <http://www.w3.org/2002/07/owl#Class> ; rdfs:subClassOf coop:Place ;\n"
        '    rdfs:label "Landing stage"@en, "码头"@zh-Hans .\n',
        "utf-8",
    )
    path = small / "network.html"
    with load(small) as graph:
        path.write_text(graph.view().html(), "utf-8")
    for tag, label, kind in (
        ("en", "Eastport Harbour", "Landing stage"), ("zh-Hans", "东港", "码头"), ("zh-Hant", "東港", "码头")
    ):  # fmt: skip
        page = visit.open(f"{path.as_uri()}?{tag}#lang={tag}&sel=place:eastport")
        assert page.locator("#panel h2").inner_text() == label
        assert kind.lower() in page.locator("#panel .kicker").first.inner_text().lower()
