"""Queries are answered as the SPARQL 1.1 Protocol demands: the W3C's tests, and what these leave out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pyoxigraph as ox
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from conftest import write_small
from coopgraph.claims import workspace
from coopgraph.rdf.vocab import TYPE
from coopgraph.site.served.app import App
from coopgraph.site.served.gate import Gate
from coopgraph.site.served.live import LiveGraph
from coopgraph.site.served.pool import Pool, QueryLimits
from coopgraph.store import generations
from test_w3c import root  # noqa: F401 - the fixture of the folder of the W3C's tests
from w3c import MF, RDF

HT, CNT = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"
DATA = "http://kasei.us/2009/09/sparql/data/"
SD = "http://www.w3.org/ns/sparql-service-description#"
Client = httpx.AsyncClient


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveGraph:
    """A graph whose queries are answered from a store that has the three graphs of the W3C's tests."""
    folder = tmp_path_factory.mktemp("protocol")
    space = workspace.find(write_small(folder / "small"))
    with generations.building(folder / "store", {}) as generation:
        draft = generation.start()
        for number in (1, 2, 3):
            name = NamedNode(f"{DATA}data{number}.rdf")
            draft.extend([Quad(name, NamedNode(TYPE), NamedNode("http://xmlns.com/foaf/0.1/Document"), name)])
        generation.finish({})
    graph = LiveGraph(space, "/", QueryLimits(1))
    graph.open(lambda _: None)
    graph.pool = Pool({"folder": str(folder / "store"), "prefixes": {}, "address": None}, graph.limits)
    return graph


def asking(live: LiveGraph, work: Callable[[Client], Awaitable[None]]) -> None:
    """Run what asks the graph through a client."""

    async def run() -> None:
        live.pool = Pool(live_place(live), live.limits)
        await live.pool.start()
        try:
            transport = httpx.ASGITransport(Gate(App([live]), ["www.example"], None))
            async with Client(transport=transport, base_url="http://www.example") as client:
                await work(client)
        finally:
            await live.pool.close()

    asyncio.run(run())


def live_place(live: LiveGraph) -> dict[str, Any]:
    """Return where the store of the pool lies."""
    import json

    return cast("dict[str, Any]", json.loads(live.pool._place[8:]))


# ---------------------------------------------------------------- the W3C's tests


class Manifest:
    """A manifest of the W3C's tests of the protocol, in which requests are told in RDF."""

    def __init__(self, path: Path) -> None:
        self._store = ox.Store()
        self._store.extend(ox.parse(path=path, format=RdfFormat.TURTLE, base_iri="http://www.w3.org/manifest"))

    def objects(self, subject: Any, name: str) -> list[Any]:
        return [quad.object for quad in self._store.quads_for_pattern(subject, NamedNode(name), None)]

    def one(self, subject: Any, name: str) -> Any:
        return next(iter(self.objects(subject, name)), None)

    def items(self, head: Any) -> Iterator[Any]:
        while head is not None and (first := self.one(head, f"{RDF}first")) is not None:
            yield first
            head = self.one(head, f"{RDF}rest")

    def tests(self) -> Iterator[tuple[str, Any]]:
        """Yield the name and the requests of each test."""
        head = self._store.quads_for_pattern(None, NamedNode(f"{MF}entries"), None)
        for entry in self.items(next(iter(head)).object):
            action = self.one(entry, f"{MF}action")
            yield entry.value.rpartition("#")[2], self.one(action, f"{HT}requests") if action else None

    def request(self, node: Any) -> httpx.Request:
        """Return a request as it is to be sent."""
        path = re.sub("^/sparql/", "/sparql", self.one(node, f"{HT}absolutePath").value)
        headers = {
            self.one(each, f"{HT}fieldName").value: self.one(each, f"{HT}fieldValue").value
            for each in self.items(self.one(node, f"{HT}headers"))
        }
        body = self.one(node, f"{HT}body")
        content = None
        if body is not None:
            encoding = self.one(body, f"{CNT}characterEncoding").value
            content = self.one(body, f"{CNT}chars").value.encode(encoding)
        method = self.one(node, f"{HT}methodName").value
        return httpx.Request(method, f"http://www.example{path}", headers=headers, content=content)

    def wrong(self, node: Any, response: httpx.Response) -> str:
        """Return what is wrong with a response, nothing where it is as expected."""
        wanted = self.one(node, f"{HT}resp")
        classes = {each.value.rpartition("StatusCode")[2][0] for each in self.objects(wanted, f"{MF}expectedStatus")}
        if str(response.status_code)[0] not in classes:
            return f"{response.status_code}: {response.text}"
        truth, form = self.one(wanted, f"{MF}expectedBoolean"), self.one(wanted, f"{MF}expectedFormat")
        if truth is not None and response.json()["boolean"] != (truth.value == "true"):
            return f"not {truth.value}"
        return "" if form is None or _form(response) == form.value else f"{response.headers['content-type']}"


def _form(response: httpx.Response) -> str:
    """Return what the W3C calls the form of a response, having read it."""
    kind = response.headers["content-type"].partition(";")[0]
    if kind.startswith("application/sparql-results"):
        results = ox.parse_query_results(response.content, format=ox.QueryResultsFormat.from_media_type(kind))
        return "boolean" if isinstance(results, ox.QueryBoolean) else "tabular"
    list(ox.parse(response.content, format=RdfFormat.from_media_type(kind)))
    return "RDF"


def test_the_w3c_tests_of_the_protocol_pass(root: Path, live: LiveGraph) -> None:  # noqa: F811
    """All tests of the query operation pass, and all of the update operation are refused with 4xx, as read-only is."""
    manifest = Manifest(root / "sparql/sparql11/protocol/manifest.ttl")
    wrong: dict[str, str] = {}
    number = 0

    async def work(client: Client) -> None:
        nonlocal number
        for name, requests in manifest.tests():
            for node in manifest.items(requests):
                response = await client.send(manifest.request(node))
                if "update" not in name or "bad" in name:
                    number += "update" not in name
                    what = manifest.wrong(node, response)
                else:
                    refused = "query=" not in str(response.request.url) and _is_update(response.request)
                    what = "" if not refused or response.status_code == 403 else f"{response.status_code}"
                if what:
                    wrong[name] = what

    asking(live, work)
    assert not wrong
    assert number == 20


def _is_update(request: httpx.Request) -> bool:
    kind = request.headers.get("content-type", "")
    return "sparql-update" in kind or request.content.startswith(b"update=")


def test_the_w3c_tests_of_the_service_description_pass(root: Path, live: LiveGraph) -> None:  # noqa: F811
    """The endpoint by itself gives RDF, in which it says that it is an endpoint, in terms of the standard's schema."""
    manifest = Manifest(root / "sparql/sparql11/service-description/manifest.ttl")
    assert {name for name, _ in manifest.tests()} == {"returns-rdf", "has-endpoint-triple", "conforms-to-schema"}

    async def work(client: Client) -> None:
        for kind in ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"):
            response = await client.get("/sparql", headers={"Accept": kind})
            assert response.headers["content-type"].startswith(kind)
            triples = {quad.triple for quad in ox.parse(response.content, format=RdfFormat.from_media_type(kind))}
            address = NamedNode("http://www.example/sparql")
            assert ox.Triple(address, NamedNode(f"{SD}endpoint"), address) in triples
            assert {t.predicate.value for t in triples if t.predicate.value.startswith(SD)} <= _PROPERTIES
            types = {t.object.value for t in triples if t.predicate.value == TYPE}
            assert types == {f"{SD}{name}" for name in ("Service", "Dataset", "Graph", "NamedGraph")}
            assert not any(isinstance(t.object, Literal) for t in triples)

    asking(live, work)


_PROPERTIES = {
    f"{SD}{name}"
    for name in (
        "endpoint", "feature", "defaultEntailmentRegime", "supportedLanguage", "resultFormat", "inputFormat",
        "defaultDataset", "defaultGraph", "namedGraph", "name", "graph", "availableGraphs",
    )
}  # fmt: skip


# ---------------------------------------------------------------- beyond them

ASK = "ASK {}"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    ("GET", {"url": "/sparql?query=ASK%7B%7D&query=ASK%7B%7D"}, 400, "query is given 2 times; give it once"),
    ("POST", {"url": "/sparql?query=ASK%7B%7D", "content": b"query=ASK%7B%7D", "headers": FORM}, 400, "2 times"),
    ("POST", {"url": "/sparql", "content": b"", "headers": FORM}, 400, "there is no query; send query=..."),
    ("GET", {"url": "/sparql?query="}, 400, "the query is empty"),
    ("GET", {"url": "/sparql?query=%23%20note"}, 400, "the query is empty"),
    ("GET", {"url": "/sparql?query=%FF"}, 400, "not UTF-8"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&format=docx"}, 400, "no format is called 'docx'; there are json"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&timeout=soon"}, 400, "timeout=soon is no number of seconds above 0"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&timeout=-1"}, 400, "timeout=-1"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&timeout=nan"}, 400, "timeout=nan"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&timeout=1&timeout=2"}, 400, "timeout is given 2 times"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&default-graph-uri=a%20b"}, 400, "the name of a graph is no IRI"),
    ("GET", {"url": "/sparql?update=CLEAR%20ALL"}, 403, "the graph is read here and not changed"),
    ("POST", {"url": "/sparql", "content": b"update=CLEAR%20ALL", "headers": FORM}, 403, "not changed"),
    ("POST", {"url": "/sparql", "content": b"LOAD <http://x/>",
              "headers": {"Content-Type": "application/sparql-update"}}, 403, "not changed"),
    ("GET", {"url": "/sparql?query=INSERT%20DATA%20%7B%7D"}, 400, "the store is not changed by queries"),
    ("GET", {"url": "/sparql?query=ASK%20%7B%20SERVICE%20%3Chttp%3A%2F%2Fx%2F%3E%20%7B%7D%7D"}, 400, "another server"),
    ("GET", {"url": "/sparql?query=ASK%20FROM%20%3Cfile%3A%2F%2F%2Fetc%2Fpasswd%3E%20%7B%7D"}, 400, "no such graph"),
    ("GET", {"url": "/sparql?query=ASK%20%7B"}, 400, "1:5: { is not closed"),
    ("POST", {"url": "/sparql", "content": b"ASK {}", "headers": {"Content-Type": "text/plain"}}, 415, "text/plain is"),
    ("POST", {"url": "/sparql", "content": b"ASK {}"}, 415, "a body without a Content-Type is not read here"),
    ("POST", {"url": "/sparql", "content": "ASK {}".encode("utf-16"),
              "headers": {"Content-Type": "application/sparql-query; charset=UTF-16"}}, 415, "send UTF-8"),
    ("POST", {"url": "/sparql", "content": b"ASK {} # \xff",
              "headers": {"Content-Type": "application/sparql-query"}}, 400, "not UTF-8 at byte 9"),
    ("POST", {"url": "/sparql", "content": b"query=ASK%7B%7D",
              "headers": {"Content-Type": "application/x-www-form-urlencoded; charset=latin1"}}, 415, "send UTF-8"),
    ("POST", {"url": "/sparql", "content": b"ASK {}", "headers": {"Content-Type": "application/sparql-query",
              "Content-Encoding": "gzip"}}, 415, "a body packed as gzip is not read here; send it plain"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&format=" + 30_000 * "x"}, 400, "x..."),
    ("GET", {"url": "/sparql?query=ASK%7B%3Fs%20%3Fp%20%22%5CuD800%22%7D"}, 400,
     r"\u and what follows is no character; write the character itself"),
    ("PUT", {"url": "/sparql?query=ASK%7B%7D"}, 405, "PUT is not done here"),
    ("DELETE", {"url": "/sparql"}, 405, "DELETE is not done here"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D", "headers": {"Accept": "text/csv"}}, 406,
     "the answer is yes or no, which there is as application/sparql-results+json"),
    ("GET", {"url": "/sparql?query=ASK%7B%7D&format=csv"}, 406, "yes or no"),
    ("GET", {"url": "/sparql?query=SELECT*%7B%7D", "headers": {"Accept": "text/turtle"}}, 406, "the answer is rows"),
    ("GET", {"url": "/sparql?query=CONSTRUCT%7B%7DWHERE%7B%7D&format=csv"}, 406, "the answer is RDF"),
    ("GET", {"url": "/sparql", "headers": {"Accept": "image/png"}}, 406, "text/turtle"),
]  # fmt: skip


def test_what_is_wrong_is_told_in_one_line(live: LiveGraph) -> None:
    """A request that cannot be answered gets its status, and one line of text that says what is wrong."""

    async def work(client: Client) -> None:
        for method, request, status, line in REFUSED:
            response = await client.request(method, **request)
            assert (response.status_code, response.text.count("\n")) == (status, 1), (request, response.text)
            assert line in response.text, (request, response.text)
            assert len(response.text) < 500, request
            assert response.headers["content-type"] == "text/plain; charset=utf-8"

    asking(live, work)


MEDIA_TYPES = {
    "SELECT * { ?s ?p ?o }": (
        "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
        "application/json", "text/html",
    ),
    "ASK {}": ("application/sparql-results+json", "application/sparql-results+xml", "text/xml", "text/html"),
    "CONSTRUCT WHERE { ?s ?p ?o }": (
        "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml", "text/html",
    ),
    "DESCRIBE ?s { ?s ?p ?o }": ("text/turtle", "application/rdf+xml"),
}  # fmt: skip


def test_each_kind_of_answer_comes_in_each_of_its_forms(live: LiveGraph) -> None:
    """By GET, HEAD, a form and as the body itself, an answer is of the media type that is accepted, and parses."""

    async def work(client: Client) -> None:
        for query, kinds in MEDIA_TYPES.items():
            for kind in kinds:
                headers = {"Accept": f"{kind}, image/png"}
                got = await client.get("/sparql", params={"query": query}, headers=headers)
                sent = await client.post("/sparql", data={"query": query}, headers=headers)
                direct = {**headers, "Content-Type": 'application/sparql-query; charset="UTF-8"'}
                posted = await client.post("/sparql", content=query.encode(), headers=direct)
                assert got.status_code == 200, got.text
                assert got.content == sent.content == posted.content
                assert got.headers["content-type"].partition(";")[0] == kind
                assert got.headers["vary"] == "Accept"
                if kind not in ("text/html", "application/json", "text/xml", "text/csv", "text/tab-separated-values"):
                    _form(got)
                told = await client.head("/sparql", params={"query": query}, headers=headers)
                assert (told.status_code, told.content) == (200, b"")

    asking(live, work)


def test_graphs_named_beside_the_text_are_asked_and_no_others(live: LiveGraph) -> None:
    """Graphs of the protocol stand in place of those of the text; an unknown one, also a file, is an empty one."""
    known, unknown = f"{DATA}data1.rdf", "file:///etc/passwd"
    count, names = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    cases: list[tuple[str, dict[str, Any], str]] = [
        (count, {}, "3"),
        (names, {}, "3"),
        (count, {"default-graph-uri": known}, "1"),
        (names, {"default-graph-uri": known}, "0"),
        (count, {"default-graph-uri": [known, f"{DATA}data2.rdf"]}, "2"),
        (count, {"default-graph-uri": unknown}, "0"),
        (count, {"named-graph-uri": known}, "0"),
        (names, {"named-graph-uri": [known, unknown]}, "1"),
        (count.replace("{", f"FROM <{DATA}data2.rdf> {{", 1), {}, "1"),
        (count.replace("{", "FROM <http://nowhere/> {", 1), {"default-graph-uri": known}, "1"),
    ]

    async def work(client: Client) -> None:
        for query, graphs, number in cases:
            response = await client.get("/sparql", params={"query": query, **graphs}, headers={"Accept": "text/csv"})
            assert response.text.split() == ["n", number], (query, graphs, response.text)

    asking(live, work)


def test_pages_of_other_sites_may_read(live: LiveGraph) -> None:
    """A script of any page may ask, also by a POST of its own media type, and read what an answer says of itself."""

    async def work(client: Client) -> None:
        asked = {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "POST"}
        response = await client.options("/sparql", headers=asked)
        assert response.status_code == 204
        assert response.headers["access-control-allow-origin"] == "*"
        assert "POST" in response.headers["access-control-allow-methods"]
        assert "Content-Type" in response.headers["access-control-allow-headers"]
        answer = await client.get("/sparql", params={"query": ASK}, headers={"Origin": "http://elsewhere.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "Coopgraph-Cut" in answer.headers["access-control-expose-headers"]
        assert "set-cookie" not in answer.headers

    asking(live, work)
