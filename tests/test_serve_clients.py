"""What others write to ask SPARQL servers with, and our own client, get the graph's answers from a served graph."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rdflib import Dataset, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

from conftest import Run
from coopgraph.ask.graph import CoopGraph
from coopgraph.errors import QueryError
from coopgraph.rdf import vocab
from coopgraph.server.client import Server
from coopgraph.server.remote import RemoteStore
from serving import Served, serving
from test_questions import NAMES, PARAMETERS
from test_remote import SMALL, ask_both, ways

CLAIMS = "SELECT ?claim { ?claim a coop:Claim }"
PREFIX = f"PREFIX coop: <{vocab.COOP}> "


@pytest.fixture(scope="module")
def served(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The workspace with one of everything, served; an answer has few rows."""
    with serving("-w", tiny_space, "--limit", "100", "--quiet", home=tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def pair(served: Served, tiny_graph: CoopGraph) -> Iterator[tuple[CoopGraph, CoopGraph]]:
    """The graph on this machine, and as our own client sees it."""
    with Server(f"{served.address}sparql") as server:
        yield tiny_graph, CoopGraph(RemoteStore(server, tiny_graph.store.prefixes), tiny_graph.workspace)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
def test_each_question_has_the_same_answer(name: str, pair: tuple[CoopGraph, CoopGraph]) -> None:
    """Our own client gets each question's rows, with and without each parameter, though answers are cut at 100 rows."""
    question = next(each for each in pair[0].questions() if each.name == name)
    needed = {key: str(value) for key, value in PARAMETERS.get(name, {}).items()}
    for values in ways(question, needed, SMALL, "Northport"):
        ask_both(pair, name, values)


def test_names_networks_and_quads_are_the_same(pair: tuple[CoopGraph, CoopGraph]) -> None:
    """Searching, claims, graphs and patterns of quads are answered alike."""
    here, there = pair
    assert there.store.graphs() == here.store.graphs()
    assert there.search("port") == here.search("port")
    assert there.claims(status="planned") == here.claims(status="planned")
    assert set(there.store.quads(predicate=vocab.coop("status"))) == set(
        here.store.quads(predicate=vocab.coop("status"))
    )
    assert bool(there.store.query("ASK { ?c a coop:Claim }"))


def test_triples_that_are_cut_are_no_answer(pair: tuple[CoopGraph, CoopGraph]) -> None:
    """RDF comes in no pages, so where a part of it is left out, our client says so."""
    with pytest.raises(QueryError, match="stopped before it had all"):
        list(pair[1].store.query("CONSTRUCT WHERE { ?s ?p ?o }"))  # type: ignore[arg-type]


def test_the_command_line_asks_a_served_graph(served: Served, run: Run, tiny: Path) -> None:
    """`--store` names a served graph like any other server, and a served graph can serve another."""
    asked = ("query", "partners", "-p", "place=Northport")
    here = run("-w", tiny, *asked)
    there = run("-w", tiny, "--store", f"{served.address}sparql", *asked)
    assert json.loads(there.out) == json.loads(here.out)
    assert run("-w", tiny, "--store", f"{served.address}sparql", "push").code == 3


def test_a_graph_on_a_server_is_served(served: Served, tiny: Path, tmp_path: Path) -> None:
    """Pages, questions and queries come from the server behind, with a tag that is made of the bytes."""
    behind = ("-w", tiny, "--store", f"{served.address}sparql", "--workers", "1")
    with serving(*behind, home=tmp_path) as front, front.client() as client, served.client() as origin:
        for path in ("/questions/partners.csv?place=Northport", "/search?q=port&format=csv", "/index.html"):
            assert client.get(path).content == origin.get(path).content, path
        query = {"query": f"{PREFIX}SELECT (COUNT(*) AS ?n) {{ ?c a coop:Claim }}"}
        assert client.get("/sparql", params=query).json() == origin.get("/sparql", params=query).json()
        page = client.get("/")
        assert page.headers["etag"] != origin.get("/").headers["etag"]
        assert client.get("/", headers={"If-None-Match": page.headers["etag"]}).status_code == 304


class Broken(BaseHTTPRequestHandler):
    """Answers whatever is asked with what is no answer."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"junk")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_server_behind_that_fails_is_told_without_its_address(tiny: Path, tmp_path: Path) -> None:
    """Pages, searches and queries get 502, also where it is silent; where it is stands in the log, once."""
    with serving("-w", tiny, "--workers", "1", home=tmp_path) as behind:
        address = ("127.0.0.1", behind.port)
        options = ("-w", tiny, "--store", f"{behind.address}sparql", "--workers", "1", "--timeout", "2", "--quiet")
        with serving(*options, home=tmp_path) as front, front.client() as client:
            assert behind.stop() == 0
            with ThreadingHTTPServer(address, Broken) as junk:
                threading.Thread(target=junk.serve_forever, daemon=True).start()
                for path in ("/id/place/northport.ttl", "/search?q=port&format=csv", "/sparql?query=ASK%7B%7D"):
                    told = client.get(path)
                    assert (told.status_code, told.text) == (502, BEHIND), path
                junk.shutdown()
            with socket.create_server(address, reuse_port=True):
                begin = time.monotonic()
                told = client.get("/id/place/northport.ttl")
                assert (told.status_code, told.text) == (502, BEHIND)
                assert time.monotonic() - begin < 8
    faults = [line for line in front.lines if str(address[1]) in line]
    assert len(faults) == len(set(faults)) == len(front.lines) - 2, front.lines


BEHIND = "the server that keeps the graph does not answer as it should; try again later\n"


def test_rdflib_reads_a_served_graph(served: Served, pair: tuple[CoopGraph, CoopGraph]) -> None:
    """rdflib's SPARQLStore matches patterns and answers queries, by GET and by POST."""
    claim = URIRef(vocab.coop("Claim"))
    wanted = {each.iri for each in pair[0].claims()}
    for method in ("GET", "POST", "POST_FORM"):
        store = SPARQLStore(f"{served.address}sparql", method=method, returnFormat="json")
        data = Dataset(store=store)
        some = {str(row[0]) for row in data.query(f"{PREFIX}SELECT ?c {{ ?c a coop:Claim }} LIMIT 20")}
        assert len(some) == 20
        assert some <= wanted
        found = set(store.triples((None, URIRef(vocab.TYPE), claim)))
        assert found
        assert bool(data.query(f"{PREFIX}ASK {{ ?c a coop:Claim }}"))


def test_sparqlwrapper_reads_a_served_graph(served: Served) -> None:
    """SPARQLWrapper gets rows, yes and no, and RDF in the forms that it knows, by GET and by POST."""
    wrapper = SPARQLWrapper(f"{served.address}sparql")
    for method in ("GET", POST):
        wrapper.setMethod(method)
        wrapper.setQuery(f"{PREFIX}SELECT ?c {{ ?c a coop:Claim }} LIMIT 3")
        wrapper.setReturnFormat(JSON)
        assert len(wrapper.queryAndConvert()["results"]["bindings"]) == 3
        wrapper.setReturnFormat(XML)
        assert len(wrapper.queryAndConvert().getElementsByTagName("result")) == 3
        wrapper.setReturnFormat(CSV)
        assert wrapper.queryAndConvert().count(b"\r\n") == 4
        wrapper.setQuery(f"{PREFIX}CONSTRUCT WHERE {{ ?c a coop:Claim }} LIMIT 3")
        wrapper.setReturnFormat(TURTLE)
        assert wrapper.queryAndConvert().count(b" a coop:Claim") == 3
        wrapper.setQuery("ASK {}")
        wrapper.setReturnFormat(JSON)
        assert wrapper.queryAndConvert()["boolean"] is True
