"""What a server answers is read for what it is, whatever its label says, and in bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.errors import QueryError, ServerError
from coopgraph.rdf.terms import Literal, NamedNode, Quad, Triple
from coopgraph.server import body as body_module
from coopgraph.server.answers import boolean, solutions, triples
from coopgraph.server.body import MOST_BYTES, Body
from coopgraph.server.client import ROWS, TRIPLES
from coopgraph.server.gzip_stream import gunzip
from hostile import literals

ROW = b'{"s":{"type":"literal","value":"x"}}'
START, END = b'{"head":{"vars":["s"]},"results":{"bindings":[', b"]}}"
JSON = START + ROW + END
XML = (
    b'<?xml version="1.0"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
    b'<results><result><binding name="s"><literal>x</literal></binding></result></results></sparql>'
)
MEGABYTE = b"x" * (1 << 20)
LEVEL = b'{"type":"triple","value":{"subject":'
LEAF = b'{"type":"uri","value":"http://x/a"}'
CLOSED = b',"predicate":' + LEAF + b',"object":' + LEAF + b"}}"


def body(content: bytes | Iterable[bytes], media_type: str = ROWS, accept: str = ROWS, **headers: str) -> Body:
    """Return the body of an answer."""
    given = {"Content-Type": media_type, **{name.replace("_", "-"): text for name, text in headers.items()}}
    pieces = [content] if isinstance(content, bytes) else content
    return Body(httpx.Response(200, headers=given, content=iter(pieces)), "http://x/", accept)


def values(answer: Body) -> list[str]:
    """Return the values of the only column."""
    return [row[0].value for row in solutions(answer, ["s"])]


def told(call: Callable[[], object]) -> str:
    """Return the one line of a server's error."""
    with pytest.raises(ServerError) as caught:
        call()
    assert "\n" not in str(caught.value)
    assert "; " in str(caught.value)
    return str(caught.value)


# Labels


@pytest.mark.parametrize("content", [JSON, XML, b"\xef\xbb\xbf" + JSON, b"\n \t" + JSON, b"\xef\xbb\xbf" + XML])
@pytest.mark.parametrize(
    "label",
    ["", ROWS, "application/json", "application/json; charset=utf-8", "text/xml", "application/xml", "text/plain",
     "application/octet-stream", "text/html; charset=utf-8", "APPLICATION/JSON", "nonsense", ";"],
)  # fmt: skip
def test_rows_are_read_whatever_they_are_labelled(content: bytes, label: str) -> None:
    """JSON and XML are told apart by their first character; a missing or wrong label does not matter."""
    assert values(body(content, label)) == ["x"]


@pytest.mark.parametrize("label", ["", TRIPLES, "text/plain", "text/turtle", "application/xml", "text/html"])
@pytest.mark.parametrize(
    "content",
    [b"<http://x/a> <http://x/p> <http://x/b> .\n", b"@prefix x: <http://x/> .\nx:a x:p x:b ."],
)
def test_triples_are_read_whatever_they_are_labelled(content: bytes, label: str) -> None:
    """N-Triples and Turtle are read with another label or none."""
    if content.startswith(b"@") and label == TRIPLES:
        pytest.skip("what says that it is N-Triples is taken at its word, which is read fastest")
    (triple,) = triples(body(content, label, TRIPLES))
    assert triple == Triple(NamedNode("http://x/a"), NamedNode("http://x/p"), NamedNode("http://x/b"))


@pytest.mark.parametrize(
    "content",
    [b'{"head":{},"boolean":true}', b"\n" + XML.partition(b"<head>")[0] + b"<head/><boolean>true</boolean></sparql>",
     b'{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[{}]}}', JSON],
)  # fmt: skip
def test_yes_is_read_in_each_form(content: bytes) -> None:
    """Yes is yes in JSON, in XML, in Virtuoso's table, and from a server that gives rows whatever it is asked."""
    assert bool(boolean(body(content, "text/plain")))


@pytest.mark.parametrize(
    "page",
    [b"<html><body>Sign in</body></html>", b"<!DOCTYPE html>\n<p>x", b"\n<!doctype HTML PUBLIC>", b"<!-- x --><HTML>",
     b"<?xml version='1.0'?>\n<!DOCTYPE html><html/>", b"\xef\xbb\xbf<html>"],
)  # fmt: skip
@pytest.mark.parametrize("label", ["text/html", ROWS, ""])
def test_a_web_page_is_told_as_one(page: bytes, label: str) -> None:
    """A page to log in is told as such, whatever it is labelled."""
    assert "answers with a web page and not application/sparql-results+json; check that" in told(
        lambda: body(page, label)
    )


@pytest.mark.parametrize(
    ("content", "label", "message"),
    [
        (b"", ROWS, "answers with nothing and not"),
        (b"s\nx\n", "text/csv", "answers with text/csv and not"),
        (b"Query timed out\nafter 5 s", ROWS, "answers with Query timed out after 5 s and not"),
        (b"\x00\x01\xff", "", "and not"),
        (b"{}", ROWS, "damaged answer"),
        (b"[]", "application/json", "answers with application/json and not"),
        (JSON[:-2], ROWS, "damaged answer"),
        (JSON[:60] + b"\njava.util.concurrent.TimeoutException", ROWS, "damaged answer"),
        (XML[:-20], "text/xml", "damaged answer"),
        (b"<sparql/>", "text/xml", "damaged answer"),
        (JSON.replace(b'"literal"', b'"nonsense"'), ROWS, "damaged answer"),
        (JSON.replace(b'"x"', b"null"), ROWS, "damaged answer"),
        (JSON.replace(b'["s"]', b'["t"]'), ROWS, "other columns|damaged"),
        (b'{"head":{},"boolean":true}', ROWS, "answers yes or no where rows are asked for"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told(content: bytes, label: str, message: str) -> None:
    """An answer that is no table of the columns asked for ends with one line that says what it is instead."""
    assert re.search(message, told(lambda: values(body(content, label))))


def test_a_table_without_rows_says_no() -> None:
    """A table without rows is no."""
    assert not bool(boolean(body(b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')))


def test_a_table_is_no_triples() -> None:
    """Rows, XML and pages where triples are asked for are told."""
    for content in (JSON, XML, b"[{}]"):
        assert "and not application/n-triples" in told(
            lambda content=content: list(triples(body(content, "", TRIPLES)))
        )
    assert "damaged" in told(lambda: list(triples(body(b"no triples", "text/turtle", TRIPLES))))


# Memory


def endless(start: bytes, piece: bytes = MEGABYTE) -> Iterator[bytes]:
    """Yield what never ends."""
    yield start
    yield from repeat(piece)


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    "content",
    [
        lambda: endless(START + b'{"s":{"type":"literal","value":"'),
        lambda: [START, b'{"s":{"type":"literal","value":"', MEGABYTE * 17, b'"}}', END],
        lambda: endless(XML.partition(b"x</literal>")[0]),
        lambda: endless(START, b" " * 65536),
        lambda: endless(b'{"head":{"vars":["s"]},', b'"a":1,' * 10000),
        lambda: endless(b'{"results":{"bindings":[', ROW + b","),
        lambda: endless(b'{"head":{"link":["'),
        lambda: endless(b'{"head":{"vars":["s"],"x":', b"[" * 65536),
        lambda: endless(START + b'{"s":', LEVEL * 100),
        lambda: endless(START, b'{"s":{"type":"triple","value":{"subject":'),
        lambda: [START, b'{"s":', LEVEL * 20_000, LEAF, CLOSED * 20_000, b"}", END],
        lambda: [START, b'{"s":', LEVEL.replace(b'ect":', b'\\u0065ct" : \n') * 20_000, LEAF, CLOSED * 20_000],
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_end_ends(content: Callable[[], Iterable[bytes]], packed: bool) -> None:
    """A text, a row or a nesting without end is told in one line and takes no more memory than a large row may."""
    pieces = content()
    if packed:
        packer = zlib.compressobj(wbits=31)
        pieces = (packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH) for piece in pieces)
    headers = {"Content_Encoding": "gzip"} if packed else {}
    message = told(lambda: values(body(pieces, **headers)))
    assert any(word in message for word in ("single row", "damaged answer", "nested too deep")), message


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "content",
    [
        lambda: endless(b'<http://x/a> <http://x/p> "'),
        lambda: endless(b"<http://x/a> <http://x/p> ", b"[ <http://x/p> " * 1000),
        lambda: endless(b"<http://x/a> <http://x/p> ", b"<<( <http://x/a> <http://x/p> " * 1000),
        lambda: [b"<http://x/a> <http://x/p> ", b"<<( <a:a> <a:p> " * 30_000, b"<a:a>", b" )>>" * 30_000, b" ."],
        lambda: endless(b"# "),
    ],
)  # fmt: skip
@pytest.mark.parametrize("label", [TRIPLES, "text/turtle"])
def test_triples_without_end_end(content: Callable[[], Iterable[bytes]], label: str) -> None:
    """The same of triples."""
    message = told(lambda: list(triples(body(content(), label, TRIPLES))))
    assert any(word in message for word in ("single row", "damaged answer", "nested too deep")), message


def test_a_small_packed_answer_may_be_a_large_one() -> None:
    """A gigabyte packed into a megabyte is unpacked as it is read: a row too long ends early, and rows are read."""
    bomb = zlib.compressobj(9, wbits=31)
    packed = bomb.compress(START + b'{"s":{"type":"literal","value":"') + b"".join(
        bomb.compress(MEGABYTE) for _ in range(64)
    )
    script = (
        "import sys, httpx\n"
        "from coopgraph.server.answers import solutions\n"
        "from coopgraph.server.body import Body\n"
        "from coopgraph.errors import ServerError\n"
        "packed = sys.stdin.buffer.read()\n"
        "answer = httpx.Response(200, headers={'Content-Encoding': 'gzip'}, content=iter([packed]))\n"
        "try: list(solutions(Body(answer, 'x', 'y'), ['s']))\n"
        "except ServerError as error: print(error)\n"
        "print(open('/proc/self/status').read())\n"
    )
    if not Path("/proc/self/status").exists():
        pytest.skip("this system does not tell how much memory a process has had")
    done = subprocess.run([sys.executable, "-c", script], input=packed, capture_output=True, check=True, timeout=60)
    message, status = done.stdout.decode().split("\n", 1)
    assert "damaged" in message
    assert int(re.findall(r"VmHWM:\s*(\d+)", status)[0]) < 200_000


def test_many_rows_are_no_large_row() -> None:
    """What bounds a row does not bound an answer, and texts full of brackets are no nesting."""
    row = json.dumps({"s": {"type": "literal", "value": '{"a":{' * 200}}).encode()
    many = 2 * MOST_BYTES // len(row)
    pieces = (row if number == 0 else b"," + row for number in range(many))
    assert sum(1 for _ in solutions(body([START, *pieces, END]), ["s"])) == many
    text = '{"a":{ << ' * 100_000
    assert values(body(START + json.dumps({"s": {"type": "literal", "value": text}}).encode() + END)) == [text]


def test_a_server_that_trickles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that sends a byte now and then for ever is not waited for."""
    clock = iter(range(0, 10**9, 100))
    monkeypatch.setattr(body_module.time, "monotonic", lambda: next(clock))
    assert "too slowly" in told(lambda: values(body(endless(START, b" "))))


# Packing


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 50))
def test_what_is_packed_in_parts_is_unpacked_whole(parts: list[bytes], size: int) -> None:
    """However many gzip files stand one after the other, and in whatever pieces they come, all is read."""
    packed = b"".join(map(gzip.compress, parts)) or gzip.compress(b"")
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert b"".join(gunzip(pieces)) == b"".join(parts)
    with pytest.raises(EOFError):
        list(gunzip([packed[:-9]]))


def test_pieces_of_what_is_unpacked_are_small() -> None:
    """However much a piece unpacks to, it comes in pieces of at most 64 kB."""
    sizes = [len(piece) for piece in gunzip([gzip.compress(bytes(10_000_000))])]
    assert max(sizes) <= 65_536
    assert sum(sizes) == 10_000_000


# Terms


@given(st.lists(literals, max_size=5))
def test_literals_come_through_each_form(terms: list[Literal]) -> None:
    """What Oxigraph writes in a form, with a wrong label, is read as what it was."""
    store = ox.Store()
    for term in terms:
        store.add(Quad(NamedNode("http://x/a"), NamedNode("http://x/p"), term))
    expected = sorted(str(quad.object) for quad in store)
    for form in (ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML):
        written = io.BytesIO()
        try:
            store.query("SELECT ?s { ?a ?b ?s }").serialize(written, format=form)
        except ValueError:
            continue  # what XML cannot hold
        rows = solutions(body(written.getvalue(), "text/plain"), ["s"])
        if form != ox.QueryResultsFormat.XML or written.getvalue().isascii():
            assert sorted(str(row[0]) for row in rows) == expected


def test_a_part_is_no_answer() -> None:
    """What the server itself calls incomplete is an error."""
    with pytest.raises(QueryError, match="stopped before"):
        body(JSON, X_SQL_State="S1TAT")
