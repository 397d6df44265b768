"""The network page seen otherwise in a real browser: on paper, in time, as a matrix, in a frame, as files."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pypdfium2
import pytest

from browser import Browser, Visit, expect, launched, links, saved, visited
from coopgraph.ask.graph import CoopGraph
from coopgraph.claims.model import Extract
from coopgraph.page import html_page
from extracts import hostile, synthetic


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    yield from visited(browser)


# --- paper ---------------------------------------------------------------------------------------------------------


def test_the_first_article_prints_on_less_than_eight_pages(
    visit: Visit, article_page: str, article_graph: CoopGraph
) -> None:
    """In print each page repeats the head, each passage stands once, each claim below one, and no word is broken."""
    printed = visit.open(article_page).pdf(format="A4")
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(printed)]
    assert len(pages) < 8
    for text in pages:
        assert re.search(r"Claim\s+Status\s+Years\s+Fields", text)
    whole = re.sub(r"\s+", " ", " ".join(pages))
    extract = article_graph.extract(source="hktdc-2023")
    for passage in extract.passages.values():
        assert whole.count(passage.gist["en"]) == 1, passage
    words = {word for entity in extract.terms.values() for word in entity.label.split()}
    assert words & set(whole.split()) >= {"Heilongjiang", "Symposium", "Comprehensive"}


def test_print_holds_what_the_filters_leave(visit: Visit, article_page: str, article_graph: CoopGraph) -> None:
    """Every claim that is shown stands on paper once, under its passage; the screen is as before afterwards."""
    page = visit.open(f"{article_page}#no-groups=structure&view=table")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    names = [row.get_attribute("data-claim") or "" for row in page.locator("#paper tr[data-claim]").all()]
    kept = links(article_graph.extract(source="hktdc-2023"), lambda claim: claim.group != "structure")
    assert Counter(names) == Counter(kept)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#paper > *").count() == 0
    assert page.locator("#table").is_visible()


# --- time ----------------------------------------------------------------------------------------------------------

_DATES = {
    "s-00000": ("2014-01-01", "year", None, None),
    "s-00001": ("2001-01-01", "century", "2013-06-30", "day"),
    "s-00002": (None, None, "2020-01-01", "decade"),
    "s-00003": ("2016-03-01", "month", "2017-05-01", "month"),
}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of sixteen links of which four are dated, the first ended, the second planned."""
    full = synthetic(16, 8)
    names = ("valid_from", "valid_from_precision", "valid_to", "valid_to_precision")
    plain = dict.fromkeys(names)
    claims = []
    for claim in full.claims:
        number = claim.iri.rpartition("/")[2]
        if isinstance(claim.object, str):
            dates = dict(zip(names, _DATES[number], strict=True)) if number in _DATES else plain
            claims.append(replace(claim, status={"s-00001": "planned"}.get(number, "realised"), **dates))
    path = tmp_path_factory.mktemp("dated") / "network.html"
    path.write_bytes(html_page.page(replace(full, claims=tuple(claims))).encode("utf-8"))
    return path.as_uri()


def corners(path: str) -> list[float]:
    """Return where a bar begins, is whole, is whole no more, and ends."""
    drawn = re.match(r"M([\d.]+) 7L([\d.]+) 1H([\d.]+)L([\d.]+) 7", path)
    assert drawn, path
    return [float(number) for number in drawn.groups()]


def test_the_timeline_draws_what_the_dates_mean(visit: Visit, dated: str) -> None:
    """Rows go from the earliest to the latest; vague ends taper, exact ones are sharp, missing ones fade."""
    page = visit.open(f"{dated}#view=time")
    rows = page.locator(".timeline tbody tr")
    assert [row.get_attribute("data-claim") for row in rows.all()] == [
        "claim:s-00001", "claim:s-00000", "claim:s-00003", "claim:s-00002"
    ]  # fmt: skip
    bars = {row.get_attribute("data-claim"): row.locator(".bar path").first for row in rows.all()}
    a, b, c, d = corners(bars["claim:s-00001"].get_attribute("d") or "")
    assert a < b <= c == d or a < b == c < d  # it tapers over the century; the day at its end lies in that
    a, b, c, d = corners(bars["claim:s-00003"].get_attribute("d") or "")
    assert a == b < c == d
    a, b, c, d = corners(bars["claim:s-00000"].get_attribute("d") or "")
    assert a < b < c == d == 1000
    assert bars["claim:s-00000"].get_attribute("mask") == "url(#runs-on)"
    assert bars["claim:s-00002"].get_attribute("mask") == "url(#runs-up)"
    assert bars["claim:s-00001"].get_attribute("stroke-dasharray")
    assert bars["claim:s-00003"].get_attribute("stroke-dasharray") is None
    assert "March 2016" in rows.nth(2).inner_text()
    assert "13 claims without a date" in page.locator(".timeline caption").inner_text()


def test_filters_govern_the_timeline_and_rows_open_evidence(visit: Visit, dated: str) -> None:
    """What a filter hides is not in time either; a row opens its claim, is marked, and stands in the address."""
    page = visit.open(f"{dated}#view=time&no-statuses=planned")
    assert page.locator(".timeline tbody tr").count() == 3
    page.locator(".timeline tbody button").first.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    assert "view=time" in page.url
    assert "sel=claim:s-00000" in page.url
    assert page.locator(".timeline tr[aria-current]").get_attribute("data-claim") == "claim:s-00000"


# --- matrix --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dense_graph() -> Extract:
    return synthetic(140, 40)


@pytest.fixture(scope="module")
def dense(dense_graph: Extract, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("dense") / "network.html"
    path.write_bytes(html_page.page(dense_graph).encode("utf-8"))
    return path.as_uri()


def test_the_matrix_counts_pairs_and_opens_their_evidence(visit: Visit, dense: str, dense_graph: Extract) -> None:
    """Thirty entities; cells count what is realised and what not; one Tab stop, arrows walk, Enter opens the pair."""
    page = visit.open(f"{dense}#view=matrix&show=all")
    assert page.locator(".matrix tbody tr").count() == page.locator(".matrix thead th").count() == 30
    pairs: dict[frozenset[str], list[str]] = {}
    for claim in dense_graph.claims:
        if isinstance(claim.object, str) and claim.subject != claim.object:
            ends = frozenset(dense_graph.terms[iri].label for iri in (claim.subject, claim.object))
            pairs.setdefault(ends, []).append(claim.status)
    heads = page.locator(".matrix tbody th").all_inner_texts()
    table = page.locator(".matrix tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(c => c.innerText))"
    )
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells[1:]):
            statuses = pairs.get(frozenset((heads[row], heads[column])), []) if row != column else []
            realised = statuses.count("realised")
            wanted = f"{realised or ''}" + (f"+{len(statuses) - realised}" if len(statuses) > realised else "")
            assert cell == wanted, (heads[row], heads[column])
    assert page.locator(".matrix button[tabindex='0']").count() == 1
    first = page.locator(".matrix button[tabindex='0']")
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    stop = page.locator(".matrix button[tabindex='0']")
    expect(stop).to_be_focused()
    name = stop.get_attribute("aria-label") or ""
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_be_focused()
    assert {part.strip() for part in name.rpartition(":")[0].split(" – ")} == set(
        page.locator("#panel h2 button").all_inner_texts()
    )
    assert page.locator(".matrix button[aria-current]").count() == 2
    assert page.locator("#panel .claim").count() == sum(map(int, re.findall(r"\d+", name.rpartition(":")[2])))


# --- to share ------------------------------------------------------------------------------------------------------


def test_an_embedded_page_is_picture_key_and_evidence(
    visit: Visit, article_page: str, article_graph: CoopGraph
) -> None:
    """In a frame there is neither head nor filters, but a key, evidence, and a link to the whole page as it is seen."""
    page = visit.open(f"{article_page}#embed=1&sel=place:liaoning")
    for hidden in (".masthead", "#rail", "#imprint", "#years"):
        assert page.locator(hidden).is_hidden(), hidden
    assert page.locator("#panel h2").inner_text() == "Liaoning"
    assert "Cooperation" in page.locator("#key").inner_text()
    link = page.locator("#key a")
    assert link.get_attribute("href") == f"{article_page}#sel=place:liaoning"
    page.keyboard.press("Escape")
    expect(link).to_have_attribute("href", article_page)
    assert "embed=1" in page.url


def test_gexf_holds_what_is_shown_as_the_export_does(visit: Visit, article_page: str, article_graph: CoopGraph) -> None:
    """NetworkX reads the file; each visible link has the attributes that `export` writes, each node a place."""
    page = visit.open(f"{article_page}#no-groups=structure")
    ours = nx.read_gexf(io.BytesIO(saved(page, "GEXF")))
    theirs = nx.read_gexf(io.BytesIO(article_graph.export("gexf").encode()))
    rows = {data["claim"]: (ends, data) for *ends, data in theirs.edges(data=True)}
    drawn = {data["claim"] for *_, data in ours.edges(data=True)}
    nodes = set(ours)
    assert drawn == {
        claim
        for claim, (ends, data) in rows.items()
        if data["group"] != "structure" and "/hktdc-2023-" in claim and nodes >= set(ends)
    }
    for *ends, data in ours.edges(data=True):
        wanted_ends, wanted = rows[data["claim"]]
        assert ends == wanted_ends
        names = wanted.keys() - {"id", "networkx_key"}
        assert {name: data.get(name, "") for name in names} == {name: wanted[name] for name in names}
    for iri, data in ours.nodes(data=True):
        assert data.keys() >= {"label", "kind", "root", "names", "viz"}
        assert (data["label"], data["root"]) == (theirs.nodes[iri]["label"], theirs.nodes[iri]["root"])
        assert set(data["names"].split(" | ")) == set(theirs.nodes[iri]["names"].split(" | "))
        assert data["viz"]["position"].keys() == {"x", "y", "z"}


def test_hostile_names_make_a_gexf_that_can_be_read(visit: Visit, tmp_path: Path) -> None:
    """Quotes, tags, line separators and letters that XML cannot hold break nothing."""
    path = tmp_path / "hostile.html"
    path.write_bytes(html_page.page(hostile()).encode("utf-8"))
    graph = nx.read_gexf(io.BytesIO(saved(visit.open(path.as_uri()), "GEXF")))
    assert {label for _, label in graph.nodes(data="label")} <= {entity.label for entity in hostile().terms.values()}


def test_moved_entities_and_sizes_stand_in_the_address(visit: Visit, article_page: str) -> None:
    """Where an entity was put, and what the size of signs tells, is there again when its address is opened."""
    page = visit.open(article_page)
    page.locator("#views summary").click()
    page.get_by_role("button", name="Linked entities").click()
    assert "size=degree" in page.url
    assert "Size: Linked entities" in page.locator("#rail").inner_text()
    page = visit.open(f"{article_page}?moved#at=place:liaoning,-300,40;place:hong-kong,200,-90&size=degree")
    expect(page.locator("#chips")).to_contain_text("2 entities moved")
    graph = nx.read_gexf(io.BytesIO(saved(page, "GEXF")))
    spots = {iri.rpartition("/")[2]: data["viz"] for iri, data in graph.nodes(data=True)}
    assert (spots["liaoning"]["position"]["x"], spots["liaoning"]["position"]["y"]) == (-300, -40)
    degrees = {iri.rpartition("/")[2]: len(set(nx.all_neighbors(graph, iri))) for iri in graph}
    sizes = {name: viz["size"] for name, viz in spots.items()}
    ranked = sorted(degrees, key=lambda name: degrees[name])
    assert [sizes[name] for name in ranked] == sorted(sizes.values())
