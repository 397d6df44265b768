"""A real browser for the tests of the network page: launching it, visiting a page, reading what it shows."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from coopgraph.claims.model import Extract

__all__ = [
    "Browser",
    "Locator",
    "Page",
    "Route",
    "Visit",
    "box",
    "expect",
    "launched",
    "links",
    "rows",
    "saved",
    "visited",
]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a page begins in the process of one that is open, which has its scripts compiled
]


def _missing() -> str:
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    return "" if Path(CHROMIUM).exists() else f"{CHROMIUM} is not there"


if _missing():
    if os.environ.get("CI"):
        raise RuntimeError(f"the page must be tested in CI, but {_missing()}")
    pytest.skip(_missing(), allow_module_level=True)

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect, sync_playwright  # noqa: E402 - after the skip


def launched() -> Iterator[Browser]:
    """Yield a browser that is closed afterwards."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@cache
def _context(browser: Browser, options: str) -> BrowserContext:
    """Return what pages with the same options share, which keep nothing in it: to make one takes longer than a page."""
    return browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **json.loads(options)})


_FORMER: dict[BrowserContext, Page] = {}
"""The page that was left last of those that share a context: it stays open until the next one is left."""


class Visit:
    """An open page together with everything that it complained about or asked the network for."""

    def __init__(self, browser: Browser, **options: object) -> None:
        self._context = _context(browser, json.dumps(options, sort_keys=True))
        self.page: Page = self._context.new_page()
        self.requests: list[str] = []
        self.refused: dict[str, str | None] = {}
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.refused.update({request.url: request.failure}))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> Page:
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page

    def leave(self) -> None:
        """Be done with the page, which stays open for the next one to find its process."""
        if self._context in _FORMER:
            _FORMER[self._context].close()
        _FORMER[self._context] = self.page


def visited(browser: Browser) -> Iterator[Visit]:
    """Yield a visit that must end without complaints."""
    opened = Visit(browser)
    yield opened
    opened.leave()
    assert opened.complaints == []


def rows(page: Page) -> list[str]:
    """Return the claims of the table's rows, whether it is shown or not."""
    if page.locator("#sheet").is_hidden():
        page.locator("#as-table").click()
    while page.locator("button.more").count():
        page.locator("button.more").click()
    claims: list[str] = page.locator("#table tbody tr").evaluate_all("rows => rows.map(row => row.dataset.claim || '')")
    return claims


def links(graph: Extract, kept: object = lambda claim: True) -> set[str]:
    """Return the prefixed names of the claims that a filter should leave."""
    return {f"claim:{claim.iri.rpartition('/')[2]}" for claim in graph.claims if kept(claim)}  # type: ignore[operator]


def box(page: Page, section: str, name: str) -> None:
    """Switch one choice of the legend."""
    page.locator("fieldset", has=page.locator("legend", has_text=re.compile(f"^{section}$"))).get_by_role(
        "checkbox", name=re.compile(name)
    ).click()


def saved(page: Page, name: str) -> bytes:
    """Return the file that a choice of the menu saves."""
    page.locator("#save summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile(name)).click()
    return Path(download.value.path()).read_bytes()
