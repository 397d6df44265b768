"""`coopgraph serve`: the real command on a real port, as readers, programs and attackers meet it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from conftest import Run, write_small
from coopgraph.claims import query_file, workspace
from layers import examples
from serving import Served, open_files, serving

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def served(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The workspace with one of everything, served."""
    with serving("-w", tiny_space, "--workers", "2", home=tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[httpx.Client]:
    """A client of it."""
    with served.client() as opened:
        yield opened


# ---------------------------------------------------------------- pages


def test_a_thing_is_told_in_the_form_that_is_accepted(client: httpx.Client) -> None:
    """The name of a thing leads by 303 to a page in the reader's language; what comes varies by what was accepted."""
    response = client.get("/id/place/north-cape", headers={"Accept": "text/html"})
    name = next(iter(things(client)))
    response = client.get(f"/{name}", headers={"Accept": "text/html", "Accept-Language": "zh-HK"})
    assert (response.status_code, response.headers["location"]) == (303, f"/{name}.zh-Hant.html")
    assert response.headers["vary"] == "Accept, Accept-Language"
    page = client.get(response.headers["location"])
    assert page.status_code == 200
    assert '<html lang="zh-Hant">' in page.text
    assert client.get(f"/{name}?format=html", headers={"Accept": "text/turtle;q=0.1"}).headers["location"]
    assert client.get(f"/{name}", headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"/{name}?format=docx").status_code == 400


def test_a_folder_and_the_ontology_are_found_by_their_names(client: httpx.Client) -> None:
    """A folder without its slash leads to its list; the ontology comes as the form that is accepted, as things do."""
    assert client.get("/id/place").headers["location"] == "/id/place/"
    assert client.get("/id/place/").status_code == 200
    for kind, ending in (("text/turtle", "ttl"), ("text/html", "html"), ("application/rdf+xml", "rdf")):
        response = client.get("/ontology", headers={"Accept": kind})
        assert (response.status_code, response.headers["location"]) == (303, f"/ontology/index.{ending}")
        assert client.get(response.headers["location"]).headers["content-type"].startswith(kind)
    void = client.get("/.well-known/void")
    assert (void.status_code, void.headers["content-type"]) == (200, "text/turtle; charset=utf-8")
    assert 'rel="service-desc"' in client.get("/sparql.html").headers["link"]


def things(client: httpx.Client) -> list[str]:
    """Return the names of some things, as addresses without a slash before."""
    answer = client.get("/questions/entities.json").json()
    iris = [row["entity"]["value"] for row in answer["results"]["bindings"]]
    return [iri.removeprefix("https://example.org/") for iri in iris if iri.startswith("https://example.org/id/")]


def test_a_page_that_the_reader_has_is_not_sent_again(client: httpx.Client) -> None:
    """With the tag of a page comes 304 without a body; a tag of another form, or another store, is no such tag."""
    page = client.get("/")
    tag = page.headers["etag"]
    assert page.headers["cache-control"] == "no-cache"
    for header in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get("/", headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert "content-security-policy" not in again.headers  # a browser would take it for that of the page it keeps
    several = client.get("/", headers=[("If-None-Match", '"other"'), ("If-None-Match", tag)])
    assert several.status_code == 304
    for header in ('"other"', tag.strip('"'), client.get("/index.zh-Hans.html").headers["etag"]):
        assert client.get("/", headers={"If-None-Match": header}).status_code == 200
    for header in (tag, "*"):
        assert client.get("/nothing.港", headers={"If-None-Match": header}).status_code == 404


OF_THE_ADDRESS = {"void.ttl", ".well-known/void", "robots.txt"}
"""What tells where it is served."""


def test_machines_are_told_this_address(served: Served, client: httpx.Client) -> None:
    """The description of the data names the address that answers SPARQL here; no site map of elsewhere is named."""
    for path in ("/void.ttl", "/.well-known/void"):
        response = client.get(path)
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        assert f"void:sparqlEndpoint <{served.address}sparql>" in response.text
        assert "dcat:distribution" in response.text
    robots = client.get("/robots.txt").text
    assert "Disallow: /*?" in robots
    assert "Sitemap" not in robots


def test_a_reader_who_goes_astray_is_led_on(client: httpx.Client) -> None:
    """Where nothing is, a browser gets a page in its language with a search and what is called so, JSON gets JSON."""
    for accept_language, heading in (("en", "There is nothing"), ("zh-TW", "沒有內容"), ("zh", "没有内容")):
        response = client.get(
            "/id/plaice/northport.html",
            headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": accept_language},
        )
        assert response.status_code == 404
        assert response.headers["cache-control"] == "no-store"
        assert heading in response.text
        ending = {"en": "", "zh-TW": ".zh-Hant", "zh": ".zh-Hans"}[accept_language]
        assert f"<a href=../../id/place/northport{ending}.html" in response.text
        assert f'action="../../search{ending}.html"' in response.text
        assert 'value="northport"' in response.text
    told = client.get("/id/place/nowhere", headers={"Accept": "application/json"})
    assert told.status_code == told.json()["status"] == 404
    assert "/search?q=" in told.json()["detail"]
    turtle = client.get("/id/place/nowhere.ttl", headers={"Accept": "text/turtle"})
    assert (turtle.status_code, turtle.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_every_page_is_the_one_that_is_published(tiny_space: Path, client: httpx.Client) -> None:
    """What is answered at each path is, to the byte, what the renderer gives for it."""
    from coopgraph.ask.graph import load
    from coopgraph.site.renderer import Site

    with load(tiny_space) as graph:
        site = Site(graph)
        for path in [each for each in site.paths() if each not in OF_THE_ADDRESS][::7]:
            page = site.render(path)
            assert page
            response = client.get(f"/{quote(path)}")
            assert (response.status_code, response.content) == (200, page.body), path
            assert response.headers["content-type"] == page.media_type


NOWHERE = [
    "id/place/nowhere", "id/place/nowhere.html", "id", "nothing/at/all.ttl", "-/secret", "coopgraph.toml",
    "graphs/places.ttl", "../coopgraph.toml", "%2e%2e/coopgraph.toml", "..%2f..%2f..%2fetc/passwd", "//etc/passwd",
    "id/place/..%2f..%2fcoopgraph.toml", "-/style.css/../../../etc/passwd",
    "%00", "a%00b", "id/place/%FF%FE", "a%0d%0ab",
    "index.html/", ".", "..", "~root", "C:%5Cwindows%5Cwin.ini", "index.HTML", "INDEX.html", "id/place/" + "a" * 3000,
    "id/place/" + quote("港" * 100), "%F0%9F%9A%A2", "-/", "questions/nothing", "questions/..%2fchecks%2fx.json",
    "questions/partners.docx", ".well-known/nothing", "index.9999999999.html", "id/other/x~0",
]  # fmt: skip


def test_there_is_nothing_where_nothing_is(served: Served) -> None:
    """Whatever else is asked for is answered by 404 and one line, and no file of the machine is ever sent."""
    for path in NOWHERE:
        status, headers, body = raw(served, f"GET /{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert status in (404, 400), (path, status, body)
        assert body.count(b"\n") == 1, (path, body)
        assert b"root:" not in body, path
        assert headers["content-type"] == "text/plain; charset=utf-8"


def raw(served: Served, request: str | bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes and return status, headers and body of the answer."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(request.encode("latin-1") if isinstance(request, str) else request)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(first.split()[1]), headers, body


def test_line_ends_of_a_request_make_no_header(served: Served, client: httpx.Client) -> None:
    """What somebody writes into an address stands in no header, redirections included."""
    for path in ("/a%0d%0aSet-Cookie:%20x=1", "/id/place/x%0d%0aX-Bad:%201", "/search?q=x%0d%0aX-Bad:1",
                 "/sparql?query=ASK%7B%7D&format=x%0d%0aX-Bad:1", "/questions/x%0d%0aX-Bad:1"):  # fmt: skip
        response = client.get(path)
        assert not {"set-cookie", "x-bad"} & set(response.headers)
    assert served.process.poll() is None


# ---------------------------------------------------------------- whom it is for


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("localhost:1234", 200), ("LOCALHOST", 200), ("127.0.0.1", 200), ("[::1]:80", 200),
        ("192.168.1.7", 200), ("localhost.", 200), ("evil.example", 421), ("localhost.evil.example", 421),
        ("evil.example:80", 421), ("127.0.0.1.evil.example", 421), ("localhost@evil.example", 400), ("", 400),
        ("a b", 400), ("localhost/..", 400), ("xn--e1afmkfd.example", 421), ("0x7f.1", 421),
    ],
)  # fmt: skip
def test_only_its_own_names_are_answered(served: Served, host: str, status: int) -> None:
    """A page elsewhere whose name is made to lead here (DNS rebinding) gets nothing; numbers have no such names."""
    request = f"GET /-/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    assert raw(served, request)[0] == status


def test_a_request_with_two_hosts_or_none_is_refused(served: Served) -> None:
    """Where it is not clear who is asked, nobody answers."""
    for hosts in ("", "Host: localhost\r\nHost: evil.example\r\n"):
        assert raw(served, f"GET / HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n")[0] == 400


def test_every_answer_says_what_pages_may_do(client: httpx.Client) -> None:
    """Pages, data, refusals and redirections are under a policy without inline scripts, and set no cookie."""
    for path in ("/", "/sparql", "/nothing", "/search?q=a", "/-/health", "/questions/partners"):
        headers = client.get(path).headers
        assert "'unsafe" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
        assert headers["server"] == "coopgraph"


def test_the_picture_may_be_framed_by_its_page_alone(client: httpx.Client) -> None:
    """A page has the policy that stands in it, so that the page of the network shows the picture; others may not."""
    page, picture = client.get("/network.html"), client.get("/-/network.html")
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert "'sha256-" in picture.headers["content-security-policy"]
    assert all("frame-ancestors 'self'" in each.headers["content-security-policy"] for each in (page, picture))


def test_what_is_read_is_not_written(client: httpx.Client) -> None:
    """Any other method than those of reading is refused, and says which there are."""
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        for path in ("/", "/search", "/questions/partners.json", "/-/health"):
            response = client.request(method, path)
            assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_log_has_nothing_of_anybody(served: Served, client: httpx.Client) -> None:
    """A line a request, with its path and without its query, its sender or what it typed."""
    client.get("/search?q=secretive", headers={"User-Agent": "Agent Smith", "Referer": "http://private/"})
    client.get("/sparql?query=ASK%20%7B%20%3Chttp%3A%2F%2Fsecretive%2F%3E%20%3Fp%20%3Fo%7D")
    client.get("/a%0Acoopgraph: GET /faked 200")
    deadline = time.monotonic() + 10
    while "faked" not in served.lines[-1] and time.monotonic() < deadline:
        time.sleep(0.02)
    log = "".join(served.lines[-3:])
    assert re.search(r"^coopgraph: GET /search 200 \d+ bytes [\d.]+ ms$", log, re.MULTILINE)
    assert not re.search("secretive|Smith|private|127.0.0.1|^coopgraph: GET /faked", log, re.MULTILINE)


# ---------------------------------------------------------------- questions and search


def test_a_question_answers_programs_in_each_form(client: httpx.Client) -> None:
    """A question with its parameters gives its rows in the form that its address ends in."""
    name = things(client)[0]
    answer = client.get(f"/questions/claims-about.json?entity=https://example.org/{name}")
    assert answer.status_code == 200, answer.text
    for suffix, kind in (("csv", "text/csv"), ("tsv", "text/tab-separated-values"), ("xml", "application/sparql")):
        other = client.get(f"/questions/claims-about.{suffix}?entity=https://example.org/{name}")
        assert other.headers["content-type"].startswith(kind)
    rows = len(answer.json()["results"]["bindings"])
    table = client.get(f"/questions/claims-about.csv?entity=https://example.org/{name}").text
    assert table.count("\r\n") == rows + 1 > 1


WRONG = [
    ("partners.json", "partners needs place=..."),
    ("partners.json?place=", "partners needs place=..."),
    ("partners.json?place=%20", "partners needs place=..."),
    ("partners.json?place=Atlantis", "no entity is called 'Atlantis'"),
    ("partners.json?plce=x", "partners has no parameter 'plce'; did you mean place?"),
    ("partners.json?place=a&place=b", "place is given 2 times; give it once"),
    ("partners.json?place=%FF", "not UTF-8"),
    ("partners.json?place=a%0Ab", "no entity is called"),
    ("corroborated.json?status=hopeful", "no status is called 'hopeful'"),
    ("partners.json?place=x&timeout=0", "timeout=0 is no number of seconds"),
    ("counts-by-year.json?since=soon", "counts-by-year"),
    ("classes.json?x=1", "it takes none"),
]
NO_QUESTION = ["partnres", "partnres.html", "partnres.json", "partnres?place=x"]


@pytest.mark.parametrize(("path", "line"), WRONG)
def test_a_wrong_parameter_is_told_in_one_line(client: httpx.Client, path: str, line: str) -> None:
    """What a question cannot take is 400, with the one line that the command line tells."""
    response = client.get(f"/questions/{path}")
    assert (response.status_code, response.text.count("\n")) == (400, 1), response.text
    assert line in response.text


@pytest.mark.parametrize("path", NO_QUESTION)
def test_a_question_that_there_is_not_is_told_with_what_is_meant(client: httpx.Client, path: str) -> None:
    response = client.get(f"/questions/{path}")
    line = "no question is called 'partnres'; did you mean partners or parts?\n"
    assert (response.status_code, response.text) == (404, line)


def test_a_form_is_shown_empty_and_answered_filled_in(client: httpx.Client) -> None:
    """An empty form is a page that runs nothing; filled in, it has the answer, the query to change, and the data."""
    name = things(client)[0].rpartition("/")[2]
    empty = client.get("/questions/partners")
    assert (empty.status_code, "<table>" in empty.text) == (200, False)
    filled = client.get("/questions/claims-about", params={"entity": name})
    assert (filled.status_code, "<table>" in filled.text) == (200, True)
    assert f"claims-about.csv?entity={name}" in filled.text
    assert "sparql.html?query=" in filled.text
    assert ["source</th>" in filled.text, "sourceTitle</th>" in filled.text] == [True, False]
    partners = client.get("/questions/partners", params={"place": "Northport"}).text
    assert [each in partners for each in ('class="number">claims</th>', '<td class="number">')] == [True, True]
    assert 'scope="col">partner</th>' in partners
    assert 'scope="col">partnerLabel</th>' not in partners
    assert re.search(r'<td[^>]*><a href="../id/place/coast-province.html">Coast Province</a>', partners)
    assert "curl &#39;http://127.0.0.1:" in filled.text
    wrong = client.get("/questions/partners?place=Atlantis")
    assert wrong.status_code == 400
    assert "no entity is called &#39;Atlantis&#39;" in wrong.text
    assert "<script>" not in client.get("/questions/partners?place=<script>alert(1)</script>").text
    assert '<html lang="zh-Hans">' in client.get("/questions/partners.zh-Hans.html").text
    listed = client.get("/questions/fates", params={"outcome": "fell short"}).text
    assert '<select name="outcome">' in listed
    assert "<option selected>fell short</option>" in listed
    unlisted = client.get("/questions/fates", params={"outcome": "realized"})
    assert (unlisted.status_code, "did you mean realised?" in unlisted.text) == (400, True)
    assert "<option selected>realized</option>" in unlisted.text


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own reader makes one
def test_a_question_that_gives_a_graph_answers_as_rdf(client: httpx.Client) -> None:
    """Its page shows the graph and leads to it in every form of RDF, as its description for programs says."""
    page = client.get("/questions/describe", params={"entity": "Northport"}, headers={"Accept": "text/html"})
    assert (page.status_code, "&lt;https://example.org/" in page.text or "coop:" in page.text) == (200, True)
    described = client.get("/-/openapi.json").json()["paths"]
    for ending, kind in (("ttl", "turtle"), ("nt", "nt"), ("jsonld", "json-ld"), ("rdf", "xml")):
        path = f"/questions/describe.{ending}"
        assert f"describe.{ending}?entity=Northport" in page.text
        response = client.get(path, params={"entity": "Northport"})
        (listed,) = described[path]["get"]["responses"]["200"]["content"]
        assert response.headers["content-type"].startswith(listed)
        graph = rdflib.Graph().parse(data=response.content, format=kind)
        assert (rdflib.URIRef("https://example.org/id/place/northport"), None, None) in graph
    assert "/questions/describe.csv" not in described
    assert "/questions/partners.ttl" not in described
    assert client.get("/questions/describe.csv?entity=Northport").status_code == 406


def test_queries_are_written_and_answered_without_script(client: httpx.Client) -> None:
    """The page shows the query of its address; its form gets the answer, or what is wrong, in the page's language."""
    query = "SELECT ?p { ?p a coop:Place } # <b>"
    for path, heading in (("/sparql.html", "As data"), ("/sparql.zh-Hant.html", "資料格式")):
        page = client.get(path, params={"query": query})
        assert [each in page.text for each in ("# &lt;b&gt;", 'name="format" value="html"')] == [True, True]
        assert 'id="ask"' in page.text
        action = re.search(r'<form id="ask" method="get" action="([^"]+)"', page.text)
        assert action
        answer = client.get(f"/{action[1]}", params={"query": query, "format": "html"})
        assert (answer.status_code, heading in answer.text) == (200, True)
        assert "northport" in answer.text
        assert f'action="{action[1]}"' in answer.text
        assert 'name="format" value="html"' in answer.text
        wrong = client.get(path, params={"query": "ASK {", "format": "html"})
        assert (wrong.status_code, "1:5: { is not closed" in wrong.text, "ASK {" in wrong.text) == (400, True, True)
    many = {"query": "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }", "format": "html"}
    assert "只列前 10,000 列，其後還有。" in client.get("/sparql.zh-Hant.html", params=many).text


def test_what_was_found_is_told_in_words(client: httpx.Client) -> None:
    """The page of a search has headings and kinds in the reader's language, and no names of columns or terms."""
    found = client.get("/search.zh-Hant.html", params={"q": "Northport"}, headers={"Accept": "text/html"}).text
    assert [each in found for each in ('<th scope="col">名稱</th>', '<th scope="col">類別</th>')] == [True, True]
    assert "coop:" not in found.partition("<tbody>")[2].partition("</tbody>")[0]


@pytest.mark.parametrize(
    "path", ["search.zh-Hant.html?q=place of heavy", "questions/claims-about.zh-Hans.html?entity=South Bay"]
)
def test_gists_are_told_in_the_readers_language(client: httpx.Client, path: str) -> None:
    """An answer or a find on a Chinese page has the Chinese gist of a passage, on an English page the English one."""
    told = client.get(path, headers={"Accept": "text/html"}).text
    assert ["南湾成为重工业之地。" in told, "South Bay became" in told] == [True, False]
    assert "South Bay became" in client.get(re.sub(r"\.zh-\w+", "", path), headers={"Accept": "text/html"}).text


def test_names_in_answers_are_those_of_the_readers_language(client: httpx.Client) -> None:
    """Lists of classes or fields, and words such as stated, are told on a Chinese page as everything else is."""
    header = {"Accept": "text/html"}
    told = client.get("/questions/parts.zh-Hans.html?region=Northern Region", headers=header).text.partition("<tbody>")[
        2
    ]
    assert [f">{word}</td>" in told for word in ("省", "推得", "Province", "inferred")] == [True, True, False, False]
    told = client.get("/questions/parts?region=Northern Region", headers=header).text
    assert all(f">{word}</td>" in told for word in ("Province", "inferred"))


@pytest.mark.parametrize("path", ["questions/relations{}?timeout=10", "ontology/index{}", "ontology/invests_in{}"])
def test_definitions_are_told_in_the_readers_language(client: httpx.Client, path: str) -> None:
    """What a term means is told on a page in Chinese in its script alone; an answer as data has the English text."""
    english, simplified, traditional = "Puts capital into.", "向某个行动者投入资本。", "向某個行動者投入資本。"
    told = {".html": english, ".zh-Hans.html": simplified, ".zh-Hant.html": traditional}
    if path.startswith("questions"):
        told[".csv"] = english
    for ending, one in told.items():
        page = client.get(f"/{path.format(ending)}", headers={"Accept": "text/html, text/csv"}).text
        assert [text in page for text in told.values()] == [text == one for text in told.values()], ending


def test_search_finds_names_and_gists(client: httpx.Client) -> None:
    """What has a text is found as a page and as data; hostile texts are texts, and an empty one is told."""
    name = things(client)[0].rpartition("/")[2]
    label = client.get("/questions/entities.json").json()["results"]["bindings"][0]["entityLabel"]["value"]
    data = client.get("/search", params={"q": label})
    assert data.headers["content-type"] == "application/sparql-results+json"
    assert data.json()["results"]["bindings"]
    page = client.get("/search", params={"q": label}, headers={"Accept": "text/html"})
    assert "<table>" in page.text
    assert "<table>" not in client.get("/search", headers={"Accept": "text/html"}).text
    assert client.get("/search", params={"q": "<b>%_*\"'\\"}).status_code == 200
    assert "<i>" not in client.get("/search?q=<i>", headers={"Accept": "text/html"}).text
    for path, line in (("?q=", "q: the text is empty"), ("", "q: the text is empty"), ("?q=a&q=b", "given 2 times"),
                       ("?q=a&limit=0", "limit=0 is no number"), ("?q=a&limit=1e9", "limit=1e9"),
                       ("?q=a&qq=b", "no parameter is called 'qq'"), ("?q=a&format=pdf", "no format")):  # fmt: skip
        response = client.get(f"/search{path}")
        assert (response.status_code, line in response.text) == (400, True), response.text
    one = client.get("/search?q=a&limit=1&format=csv")
    assert one.text.count("\r\n") == 2
    assert one.headers["coopgraph-cut"] == "after 1 rows; there is more"
    assert name


def test_the_interface_is_described(tiny_space: Path, client: httpx.Client) -> None:
    """The OpenAPI document is valid, has each question with its parameters, and what it describes is there."""
    described = client.get("/-/openapi.json").json()
    validate(described)
    space = workspace.find(tiny_space)
    library = [query_file.read(path) for path in space.query_files()]
    for question in library:
        ending = "ttl" if question.name == "describe" else "json"
        operation = described["paths"][f"/questions/{question.name}.{ending}"]["get"]
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names == [*(parameter.name for parameter in question.parameters), "timeout"]
        enums = [parameter["schema"].get("enum", []) for parameter in operation["parameters"]]
        assert enums == [*(list(parameter.choices) for parameter in question.parameters), []]
    config = client.get("/-/config.json").json()
    assert (config["title"], config["base"]) == ("Tiny", "https://example.org/id/")
    health = client.get("/-/health").json()
    assert (health["status"], health["queries"]["workers"]) == ("ok", 2)


# ---------------------------------------------------------------- slow, large and many


def test_a_large_query_is_refused_where_it_is_too_large(served: Served, client: httpx.Client) -> None:
    """A long query goes by POST; an address, headers or a body beyond all need are refused by their length."""
    values = " ".join(f'"{number}"' for number in range(100_000))
    answer = client.post("/sparql", data={"query": f"SELECT (COUNT(?x) AS ?n) {{ VALUES ?x {{ {values} }} }}"})
    assert (answer.status_code, '"100000"' in answer.text) == (200, True)
    assert raw(served, f"GET /?x={'y' * 70_000} HTTP/1.1\r\nHost: localhost\r\n")[0] == 431
    assert raw(served, f"GET / HTTP/1.1\r\nHost: localhost\r\nX: {'y' * 300_000}")[0] == 431
    assert raw(served, f"GET /{'y' * 70_000} HTTP/1.1\r\nHost: localhost\r\n\r\n")[0] == 431
    head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    status, _, body = raw(served, f"{head}Content-Length: 99999999\r\nConnection: close\r\n\r\n")
    assert (status, b"more than" in body) == (413, True)
    nested = "SELECT * {" + "{" * 5000 + "}" * 5000 + "}"
    assert client.post("/sparql", data={"query": nested}).status_code == 400


NONSENSE = [
    b"\x16\x03\x01\x02\x00\x01",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x00" * 100,
    b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX\x01: y\r\n\r\n",
]


def test_who_sends_nonsense_gets_400_or_nothing(served: Served) -> None:
    """Bytes that are no HTTP are answered by 400, and the server goes on."""
    for request in NONSENSE:
        status, _, body = raw(served, request)
        assert status == 400
        assert body == b"this is no request of HTTP/1.1, or of no method that is known; send GET, HEAD or POST\n"
    assert served.process.poll() is None


BEGINNINGS = [
    "",
    "sparql",
    "search",
    "questions/partners",
    "id/place/",
    "-/",
    "index.html",
    ".well-known/void",
    "ontology",
]
FIELDS = ["query", "q", "format", "limit", "timeout", "default-graph-uri", "named-graph-uri", "place", "update"]
HEADERS = ["Accept: text/html", "Accept: ;q=,", "If-None-Match: *", "If-None-Match: W/", "Accept-Language: zh;q=,;"]


@settings(max_examples=examples(80))
@given(
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT"]),
    st.sampled_from(BEGINNINGS),
    st.text(max_size=12),
    st.lists(
        st.tuples(st.sampled_from(FIELDS), st.one_of(st.text(max_size=12), st.just("ASK { ?s ?p ?o }"))), max_size=3
    ),
    st.sampled_from(HEADERS),
)
def test_nothing_that_is_sent_is_unforeseen(
    served: Served, method: str, start: str, path: str, fields: list[tuple[str, str]], header: str
) -> None:
    """Whatever stands in a path, parameters and headers, the answer is one of those that were thought of."""
    query = urlencode([(name, text.encode("utf-8", "surrogatepass")) for name, text in fields])
    target = f"/{start}{quote(path.encode('utf-8', 'surrogatepass'))}?{query}"
    status, _, _ = raw(
        served, f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"
    )
    assert status < 500


def test_whoever_goes_frees_what_ran_for_them(served: Served, client: httpx.Client) -> None:
    """Where both processes run queries of clients that go, the next query does not wait for these queries."""
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            query = quote(ENDLESS)
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.2)
    assert client.get("/sparql", params={"query": "ASK {}", "timeout": 5}).json() == {"head": {}, "boolean": True}
    late = client.get("/sparql", params={"query": ENDLESS, "timeout": 0.2})
    assert (late.status_code, "longer than 0.2 s" in late.text) == (400, True)


# ---------------------------------------------------------------- beginning and end


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_told_to(small_built: Path, tmp_path: Path, number: int) -> None:
    """At Ctrl-C and SIGTERM it says one line and ends with 0, also while a query runs; no process is left."""
    with serving("-w", small_built, "--workers", "1", home=tmp_path) as running:
        workers = running.workers()
        assert len(workers) == 1
        with socket.create_connection(("127.0.0.1", running.port)) as connection:
            query = quote(ENDLESS if number == signal.SIGINT else "ASK {}")
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            time.sleep(0.3)
            begin = time.monotonic()
            assert running.stop(number) == 0
            assert time.monotonic() - begin < 10
            answer = connection.recv(4096).decode()
            if number == signal.SIGINT:
                assert answer.startswith("HTTP/1.1 503 ")
                assert answer.endswith("the server is stopping; ask again when it is back\n")
        assert not any(worker.is_running() for worker in workers)
    assert running.lines[-1] == "coopgraph: stopped\n"
    assert sum("stop" in line for line in running.lines) == 2


def test_processes_end_with_the_server(small_built: Path, tmp_path: Path) -> None:
    """Where the server is killed without a word, the processes that answered its queries end too."""
    with serving("-w", small_built, "--workers", "1", home=tmp_path) as running:
        workers = running.workers()
        running.server().kill()
        running.process.wait(10)
        deadline = time.monotonic() + 10
        while any(worker.is_running() for worker in workers) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(worker.is_running() for worker in workers)


@pytest.mark.thorough
def test_a_store_is_swapped_in_under_a_thousand_requests(small_built: Path, tmp_path: Path) -> None:
    """While requests run, builds change the graph: every answer is whole, from one state or the other, and follows."""
    places = small_built / "graphs" / "places.ttl"
    text = places.read_text("utf-8")
    with serving("-w", small_built, "--workers", "2", "--quiet", home=tmp_path) as running, running.client() as client:
        seen: set[str] = set()
        tags: set[str] = set()
        query = {"query": "SELECT ?name { place:eastport skos:prefLabel ?name FILTER(LANG(?name) = 'en') }"}
        for turn in range(2):
            places.write_text(text.replace('"Eastport"@en', f'"Eastport {turn}"@en'), "utf-8")
            build = subprocess.Popen([sys.executable, "-m", "coopgraph", "-w", small_built, "build", "--quiet"])
            deadline = time.monotonic() + 60
            while f"Eastport {turn}" not in seen and time.monotonic() < deadline:
                for _ in range(100):
                    answer = client.get("/sparql", params=query)
                    page = client.get("/id/place/eastport.html")
                    assert (answer.status_code, page.status_code) == (200, 200), (answer.text, page.text)
                    (row,) = answer.json()["results"]["bindings"]
                    seen.add(row["name"]["value"])
                    tags.add(page.headers["etag"])
            assert build.wait(30) == 0
        assert {f"Eastport {turn}" for turn in range(2)} <= seen
        assert len(tags) >= 2
        time.sleep(0.5)
        assert len([p for p in (small_built / ".coopgraph").iterdir() if p.is_dir()]) <= 3
        assert len(running.workers()) == 2
        assert open_files(running.server()) < 100


def test_what_cannot_be_served_is_told_in_one_line(run: Run, served: Served, small_built: Path, tmp_path: Path) -> None:
    """A port that is taken, an address that is not ours, folders and names that are none: one line, and no server."""
    taken = run("serve", "-w", small_built, "--port", served.port)
    assert taken.code == 3
    assert taken.error.startswith(f"cannot listen on 127.0.0.1 port {served.port}: somebody listens there already")
    cases: list[tuple[list[str | Path], int, str]] = [
        (["--host", "203.0.113.7", "--port", "0"], 3, "cannot listen on 203.0.113.7 port 0"),
        (["--host", "no such host", "--port", "0"], 3, "cannot listen on no such host"),
        (["--port", "70000"], 2, "--port 70000: is no port"),
        (["--port", "x"], 2, "is no whole number"),
        (["--workers", "0"], 2, "from 1 on"),
        (["x"], 2, "x: is not NAME=DIR"),
        (["X=."], 2, "X=.: is not NAME=DIR"),
        (["../x=."], 2, "is not NAME=DIR"),
        ([f"a={small_built}", f"a={small_built}"], 2, "a is given twice"),
        (["a=nowhere"], 2, "nowhere: is no folder"),
        ([f"a={small_built}", "--store", "http://localhost:1/"], 2, "--store is the server of one graph"),
    ]
    for arguments, code, line in cases:
        outcome = run("serve", *arguments, cwd=small_built)
        assert (outcome.code, line in outcome.error, outcome.out) == (code, True, ""), outcome
    broken = tmp_path / "broken"
    write_small(broken)
    (broken / "graphs" / "places.ttl").write_text("place:x a", "utf-8")
    assert run("serve", "-w", broken, "--port", "0").code in (1, 3)


def test_without_the_extra_it_says_what_to_install(small_built: Path, tmp_path: Path) -> None:
    """Where Starlette is not there, one line says how to get it."""
    hidden = tmp_path / "hidden" / "starlette"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError('gone', name='starlette')", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "coopgraph", "-w", small_built, "serve", "--port", "0"],
        capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(hidden.parent)}, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert (
        done.stderr.decode() == 'coopgraph: serve needs starlette; pip install ".[serve]" in the folder of coopgraph\n'
    )


def test_several_graphs_each_have_their_path(small_built: Path, tiny: Path, tmp_path: Path) -> None:
    """Each graph is below its own name with all that belongs to it; a thing of one is not found in the other."""
    places = small_built / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8").replace("A port in the east", "A \\u0007 port"), "utf-8")
    with (
        serving(f"one={small_built}", f"two={tiny}", "--workers", "1", home=tmp_path) as running,
        running.client() as client,
    ):
        listed = client.get("/")
        assert 'href="/one/"' in listed.text
        assert client.get("/one").headers["location"] == "/one/"
        assert client.get("/one/").status_code == client.get("/two/").status_code == 200
        assert client.get("/one/id/place/eastport").headers["location"] == "/one/id/place/eastport.html"
        missing = client.get("/two/id/place/eastport")
        assert missing.status_code == 404
        assert "/two/search?q= finds things" in missing.text
        held = client.get("/one/id/place/eastport.rdf")
        assert (held.status_code, held.text.count("\n")) == (406, 1)
        assert "U+0007" in held.text
        assert client.get("/three/").status_code == client.get("/sparql").status_code == 404
        counts = [
            client.get(f"/{name}/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).text
            for name in ("one", "two")
        ]
        assert counts[0] != counts[1]
        validate(json.loads(client.get("/two/-/openapi.json").text))
