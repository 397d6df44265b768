"""The network page as it is served: in its frame and alone, a browser draws it and has nothing to complain of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser, Page, launched, visited
from serving import Served, serving


@pytest.fixture(scope="module")
def served(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving("-w", tiny_space, "--workers", "1", home=tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    for visit in visited(browser):
        yield visit.page


@pytest.mark.sampled(1)
@pytest.mark.parametrize("path", ["network", "network.zh-Hant.html"])
def test_the_served_network_is_drawn_in_its_frame(served: Served, page: Page, path: str) -> None:
    """The policy that the server sends lets the page have its frame, and what is in it draw itself."""
    page.goto(served.address + path)
    page.frame_locator("#frame").locator("html[data-ready]").wait_for(state="attached")


def test_the_served_network_is_drawn_alone(served: Served, browser: Browser) -> None:
    """The network in one file says itself what it may do: the server's policy does not forbid its scripts."""
    for visit in visited(browser):
        visit.open(served.address + "-/network.html")
