"""A browser shows served pages without asking anybody else, and their scripts ask the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, sync_playwright

from serving import Served, serving

PAGES = [
    "", "sparql.html", "questions/partners.html", "questions/partners.html?place=Northport", "search.html?q=port",
    "network.html", "timeline.html", "map.html", "sparql?query=ASK%20%7B%7D", "questions/partners.zh-Hans.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def served(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The workspace with one of everything, served."""
    with serving("-w", tiny_space, "--workers", "1", home=tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def page(browser_path: str) -> Iterator[Page]:
    """A tab of a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path)
        yield browser.new_page()
        browser.close()


def test_pages_are_shown_as_they_are_meant(served: Served, page: Page) -> None:
    """No page breaks the policy that goes with it, says an error, asks another host, or is wider than a phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith((served.address, "data:")) else wrong.append(request.url),
    )
    for path in PAGES:
        page.goto(served.address + path)
        page.wait_for_load_state("networkidle")
        assert not wrong, (path, wrong)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.goto(served.address + "search.html?q=coast")
    assert page.evaluate("(it => it.scrollWidth - it.clientWidth)(document.querySelector('.scroll'))") == 0
    page.set_viewport_size({"width": 1280, "height": 720})


def test_scripts_ask_the_server(served: Served, page: Page) -> None:
    """A query and a question that are asked by script are answered by the server, and shown in the page."""
    page.goto(f"{served.address}sparql.html")
    page.locator("#ask button.solid").click()
    page.locator("#answer table").wait_for()
    page.goto(f"{served.address}questions/partners.html")
    page.locator("input[name=place]").fill("Northport")
    page.locator("#ask button.solid").click()
    page.locator("#answer table").wait_for()
    assert sum("POST /sparql 200" in line for line in served.lines) >= 2
    page.reload()
    assert page.locator("main table").count() == 1


def test_scripts_say_that_an_answer_was_cut(served: Served, page: Page) -> None:
    """Rows or triples beyond the server's limit are not passed over in silence."""
    for query, told in (
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000", "Cut after 10,000 rows; there is more."),
        ("CONSTRUCT { ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f } LIMIT 200000", "triples; there is more."),
    ):
        page.goto(f"{served.address}sparql.html?{urlencode({'query': query})}")
        page.locator("#answer .note", has_text=told).wait_for()
