"""Things with names that file systems, addresses and readers stumble over are served each at its own address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from conftest import write_small
from serving import serving

LONG = "港" * 100
NAMES = ["con", "Con", "index", "a_b", "aB", "ab", LONG, LONG + "1", "a.b", "x~y", "42"]
"""Slugs: devices of Windows, names that are only case apart, 300 bytes of Chinese, what addresses have signs for."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a served graph with a place of each name."""
    root = write_small(tmp_path_factory.mktemp("names") / "small")
    places = root / "graphs" / "places.ttl"
    blocks = [
        f"""
<https://example.org/id/place/{name}> a coop:City ;
    dcterms:source "Invented for the tests"@en ;
    skos:definition "A town."@en ;
    skos:prefLabel "Town {number}"@en, "城{number}"@zh-Hans, "城{number}"@zh-Hant .
"""
        for number, name in enumerate(NAMES)
    ]
    places.write_text(places.read_text("utf-8") + "".join(blocks), "utf-8")
    with serving("-w", root, "--workers", "1", "--quiet", home=root.parent) as served, served.client() as opened:
        yield opened


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_each_name_leads_to_its_own_page(client: httpx.Client, number: int) -> None:
    """The address that is the end of a thing's IRI leads to the page that tells of that thing and no other."""
    response = client.get(f"/id/place/{quote(NAMES[number])}", headers={"Accept": "text/html"})
    assert response.status_code == 303, response.text
    location = response.headers["location"]
    assert location.isascii()
    page = client.get(location)
    assert page.status_code == 200
    assert f"Town {number}</h1>" in page.text.replace("\n", ""), location
    turtle = client.get(f"/id/place/{quote(NAMES[number])}?format=ttl", follow_redirects=True)
    assert f'"Town {number}"@en' in turtle.text


def test_all_addresses_differ(client: httpx.Client) -> None:
    """No two things share an address, also where a file system does not tell small letters from capitals."""
    locations = [client.get(f"/id/place/{quote(name)}").headers["location"].lower() for name in NAMES]
    assert len(set(locations)) == len(NAMES)


def test_a_name_that_nothing_has_is_no_other_thing(client: httpx.Client) -> None:
    """Names that come near those that there are lead nowhere."""
    for name in ("CON", "AB", "A_B", LONG[:-1], LONG + "2", "Index", "a%2Eb%20", "con.", "x~", "con~"):
        assert client.get(f"/id/place/{quote(name)}").status_code == 404, name


def test_what_was_found_leads_to_its_page(client: httpx.Client) -> None:
    """Searches and answers link each thing to the page that there is."""
    page = client.get("/search?q=Town 6", headers={"Accept": "text/html"})
    link = re.search(r'<td[^>]*><a href="([^"]*)"', page.text)
    assert link
    assert client.get(f"/{link[1]}").status_code == 200


def test_the_folder_of_the_workspace_is_not_served(client: httpx.Client, tmp_path: Path) -> None:
    """Files of the workspace have no address, whatever way leads to them."""
    del tmp_path
    for path in (
        "coopgraph.toml",
        "graphs/places.ttl",
        "sources/note.txt",
        ".coopgraph/current",
        "id/../coopgraph.toml",
    ):
        assert client.get(f"/{path}").status_code == 404, path
