"""The network page seen otherwise in a real browser: on paper, in time, as a matrix, in a frame, as files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2
import pytest

from browser import Browser, Visit, launched, links, visited
from coopgraph.ask.graph import CoopGraph


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    yield from visited(browser)


@pytest.fixture(scope="module")
def article(article_graph: CoopGraph, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("article") / "network.html"
    path.write_bytes(article_graph.view(source="hktdc-2023").html().encode("utf-8"))
    return path.as_uri()


# --- paper ---------------------------------------------------------------------------------------------------------


def test_the_first_article_prints_on_less_than_eight_pages(
    visit: Visit, article: str, article_graph: CoopGraph
) -> None:
    """In print each page repeats the head, each passage stands once, each claim below one, and no word is broken."""
    printed = visit.open(article).pdf(format="A4")
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


def test_print_holds_what_the_filters_leave(visit: Visit, article: str, article_graph: CoopGraph) -> None:
    """Every claim that is shown stands on paper once, under its passage; the screen is as before afterwards."""
    page = visit.open(f"{article}#no-groups=structure&view=table")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    names = [row.get_attribute("data-claim") or "" for row in page.locator("#paper tr[data-claim]").all()]
    kept = links(article_graph.extract(source="hktdc-2023"), lambda claim: claim.group != "structure")
    assert Counter(names) == Counter(kept)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#paper > *").count() == 0
    assert page.locator("#table").is_visible()
