"""Answers in every format: other programs read back what stood in the store, hostile texts included."""

from __future__ import annotations

import csv
import json
import logging
import re
import sys
from functools import partial
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rdflib.plugins.sparql.results import csvresults, jsonresults, tsvresults, xmlresults
from rich.cells import cell_len
from rich.console import Console

from coopgraph.ask import row_formats, terminal_table
from coopgraph.ask.graph import CoopGraph
from coopgraph.ask.results import Capped, Results
from coopgraph.errors import UsageError
from coopgraph.rdf import turtle
from coopgraph.rdf.printable import for_xml, visible
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Term, Triple
from coopgraph.rdf.vocab import XSD, prefixes
from coopgraph.store.rdflib_dataset import term as rdflib_term
from hostile import TEXTS, iris, literals, texts

PREFIXES = prefixes()
NAMES = ("a", "b_1", "香")
_cells = st.one_of(st.none(), iris, literals)
_rows = st.lists(st.tuples(_cells, _cells, _cells), max_size=5)
Rows = list[tuple[Term | None, Term | None, Term | None]]


@pytest.fixture(autouse=True)
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have rdflib keep literals as they are written, and not complain of those that are not valid."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr(logging.getLogger("rdflib.term"), "disabled", True)


def written(format_: str, rows: Rows, columns: tuple[str, ...] = NAMES) -> str:
    """Return rows as they are written in a format."""
    out = StringIO(newline="")
    row_formats.row_writer(format_)(columns, rows, out, PREFIXES)
    return out.getvalue()


def plain(term: Term | None) -> object:
    """Return a term as rdflib has it, its text as it stands."""
    return None if term is None else rdflib_term(term)


def same(got: object, wanted: object) -> bool:
    """Say whether two terms of rdflib are the same in text, language and datatype, whichever way the latter is told."""
    if not isinstance(wanted, rdflib.Literal):
        return got == wanted
    kind = (None, rdflib.XSD.string)
    return (
        isinstance(got, rdflib.Literal)
        and str(got) == str(wanted)
        and (got.language or "").lower() == (wanted.language or "").lower()
        and (got.datatype == wanted.datatype or (got.datatype in kind and wanted.datatype in kind))
    )


@given(_rows)
def test_json_is_read_back(rows: Rows) -> None:
    """The rdflib reader of SPARQL JSON gives the terms that were written."""
    read = jsonresults.JSONResultParser().parse(BytesIO(written("json", rows).encode()))
    got = [[row.get(rdflib.Variable(name)) for name in NAMES] for row in read.bindings]
    assert all(
        same(g, plain(w)) for row, wanted in zip(got, rows, strict=True) for g, w in zip(row, wanted, strict=True)
    )


@given(_rows)
def test_xml_is_read_back(rows: Rows) -> None:
    """The rdflib reader of SPARQL XML gives the terms that were written, but for characters that XML cannot hold."""
    read = xmlresults.XMLResultParser().parse(BytesIO(written("xml", rows).encode()))
    got = [[row.get(rdflib.Variable(name)) for name in NAMES] for row in read.bindings]
    for row, wanted in zip(got, rows, strict=True):
        for g, w in zip(row, wanted, strict=True):
            if isinstance(w, Literal):
                assert isinstance(g, rdflib.Literal)
                assert str(g) == for_xml(w.value, "\ufffd")
            else:
                assert g == plain(w)


@given(_rows)
def test_tsv_is_read_back(rows: Rows) -> None:
    """A line of TSV is a row, and each of its cells is a term in Turtle's own syntax."""
    head, *lines = written("tsv", rows).split("\n")[:-1]
    assert head.split("\t") == [f"?{name}" for name in NAMES]
    assert len(lines) == len(rows)
    for line, wanted in zip(lines, rows, strict=True):
        for cell, term in zip(line.split("\t"), wanted, strict=True):
            if term is None:
                assert cell == ""
            else:
                (triple,) = turtle.triples(f"<http://x/s> <http://x/p> {cell} .".encode(), "cell")
                assert triple.object == term


def test_rdflib_reads_tsv() -> None:
    """The rdflib reader of SPARQL TSV agrees where it can read at all."""
    text = written("tsv", [(NamedNode("http://x/香"), Literal('q"\\\n', language="en"), Literal(1))])
    (row,) = tsvresults.TSVResultParser().parse(StringIO(text)).bindings
    assert [str(row[rdflib.Variable(name)]) for name in NAMES[:2]] == ["http://x/香", 'q"\\\n']


@given(_rows)
def test_csv_is_read_back(rows: Rows) -> None:
    """Python's own reader of CSV gives the IRIs and texts that were written."""
    head, *got = csv.reader(StringIO(written("csv", rows), newline=""))
    assert tuple(head) == NAMES
    assert got == [["" if term is None else str(rdflib_text(term)) for term in row] for row in rows]


def rdflib_text(term: Term) -> str:
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)


def test_rdflib_reads_csv() -> None:
    """The rdflib reader of SPARQL CSV gives the same texts."""
    text = written("csv", [(Literal('a,"b"\nc'), Literal("香"), None)])
    (row,) = csvresults.CSVResultParser().parse(BytesIO(text.encode())).bindings
    assert str(row[rdflib.Variable("a")]) == 'a,"b"\nc'


@given(_rows)
def test_jsonl_is_json_that_every_reader_takes(rows: Rows) -> None:
    """Each line is strict JSON (no NaN, no Infinity), a line a row, with the text of what JSON has no value for."""

    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    lines = written("jsonl", rows).split("\n")[:-1]
    assert len(lines) == len(rows)
    for line, wanted in zip(lines, rows, strict=True):
        got = json.loads(line, parse_constant=refuse)
        assert list(got) == list(NAMES)
        for value, term in zip(got.values(), wanted, strict=True):
            assert (value is None) == (term is None)
            if isinstance(value, str) and term is not None:
                assert value == rdflib_text(term)


def test_jsonl_has_numbers_and_truth_as_such() -> None:
    """Valid numbers and truth values are JSON's own; dates, endless and invalid numbers are texts."""
    kinds = [
        ("007", "integer"), ("1.50", "decimal"), ("2.0", "decimal"), ("1e3", "double"), ("INF", "double"),
        ("NaN", "decimal"), ("1_0", "integer"), ("9" * 5000, "decimal"), ("1", "boolean"), ("2014-01-01", "date"),
    ]  # fmt: skip
    rows = [(Literal(text, datatype=NamedNode(XSD + kind)),) for text, kind in kinds]
    got = [json.loads(line)["x"] for line in written("jsonl", rows, ("x",)).splitlines()]  # type: ignore[arg-type]
    assert got == [7, 1.5, 2, 1000.0, "INF", "NaN", "1_0", "9" * 5000, True, "2014-01-01"]


def shown(text: str) -> str:
    """Return text as a reader of a rendered page sees it: runs of white space as one blank."""
    return " ".join(visible(text).split())


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_markdown_shows_values_as_text_and_nothing_else(rows: list[tuple[str, str]]) -> None:
    """A Markdown reader sees one table whose cells hold the texts: no markup, no HTML, no further row or column."""
    markdown = written("md", [tuple(map(Literal, row)) for row in rows], ("a", "b"))  # type: ignore[misc]
    html = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown)
    assert set(re.findall(r"</?(\w+)", html)) <= {"table", "thead", "tbody", "tr", "th", "td", "br"}
    table = ET.fromstring(html.replace("<br>", "\n"))
    got = [["".join(cell.itertext()) for cell in row.iter("td")] for row in table.iter("tr")][1:]
    assert [[shown(cell) for cell in row] for row in got] == [[shown(text) for text in row] for row in rows]


@pytest.mark.parametrize("text", TEXTS)
def test_a_table_shows_controls_and_obeys_none(text: str) -> None:
    """In a table for people no control or direction mark is left that a terminal would obey, and markup is text."""
    table = written("table", [(Literal(text + " [bold]x[/bold] :smile:"),)], ("a",))  # type: ignore[list-item]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", table)
    assert "[bold]x[/bold] :smile:" in table


def test_a_table_into_a_pipe_is_as_wide_as_it_needs() -> None:
    """A long value is neither cut nor wrapped where there is no terminal."""
    long = "word " * 400 + "end"
    assert long in written("table", [(Literal(long),)], ("a",))  # type: ignore[list-item]


def test_blank_nodes_and_triple_terms_have_a_place_in_every_format() -> None:
    """A blank node is a name without its underscore in JSON and XML, and a triple term is written as RDF 1.2 has it."""
    node = BlankNode("x")
    row = (node, Triple(NamedNode("http://x/s"), NamedNode("http://x/p"), Literal('"')), None)
    binding = json.loads(written("json", [row]))["results"]["bindings"][0]
    assert binding["a"] == {"type": "bnode", "value": "x"}
    assert binding["b_1"]["value"]["object"] == {"type": "literal", "value": '"'}
    assert "<bnode>x</bnode>" in written("xml", [row])
    ET.fromstring(written("xml", [row]))
    for format_ in row_formats.ROW_FORMATS:
        assert "http://x/p" in written(format_, [row])


@given(st.integers(0, 5), st.integers(0, 5))
def test_the_row_limit_says_whether_it_cut(number: int, limit: int) -> None:
    """Rows up to the limit come through, and only where there were more is it told; 0 is no limit."""
    capped = Capped(iter([(None,)] * number), limit)
    assert len(list(capped)) == (min(number, limit) if limit else number)
    assert capped.cut == bool(limit and number > limit)


@pytest.mark.parametrize("text", TEXTS)
def test_notebooks_show_values_as_text(text: str) -> None:
    """The HTML of results has no markup but its own table."""
    html = Results(("<b>",), ((Literal(text),), (None,)))._repr_html_()
    assert set(re.findall(r"</?(\w+)", html)) == {"table", "thead", "tbody", "tr", "th", "td"}


def test_results_are_values_dicts_and_frames(small_graph: CoopGraph) -> None:
    """Results have a length, give dicts of Python values, and a data frame with a column a variable."""
    found = small_graph.query("SELECT ?p ?n ?none { ?p oa:end ?n } ORDER BY ?n")
    assert len(found) == 2
    assert [row["n"] for row in found] == [54, 89]
    assert [row["none"] for row in found] == [None, None]
    frame = found.to_df()
    assert list(frame.columns) == ["p", "n", "none"]
    assert list(frame["n"]) == [54, 89]
    assert list(small_graph.query("SELECT ?x { FILTER(false) }").to_df().columns) == ["x"]


@pytest.mark.parametrize("width", [50, 80, 100])
def test_a_table_of_a_terminal_leaves_out_its_last_columns_rather_than_break_words(width: int) -> None:
    """As many columns stand as have room for their words, in rows of a few lines, Chinese characters counted double."""
    row = (
        "Hong Kong Economic and Trade Office in Chengdu",
        "was established by",
        "香港特別行政區政府駐北京辦事處",
        "7",
    )
    out = _Screen()
    console = partial(Console, width=width, force_terminal=True, color_system=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rich.console.Console", console)
        terminal_table.write(("subject", "relation", "object", "paragraph"), [row] * 3, out, 2)
    lines = out.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= width
    assert len(lines) <= 3 * 4 + 4
    words = set(re.findall(r"[A-Za-z]+", out.getvalue()))
    assert {"Economic", "established", "subject"} <= words
    assert ("paragraph" in words) == (width > 50)


class _Screen(StringIO):
    def isatty(self) -> bool:
        return True


def test_unknown_and_unfitting_formats_are_told() -> None:
    """A misspelt format gets its near match, and triples and rows take each their own."""
    for call, said in (
        (lambda: row_formats.row_writer("jsn"), "no format is called 'jsn'; did you mean json"),
        (lambda: row_formats.row_writer("turtle"), "gives rows, not triples"),
        (lambda: row_formats.check_triple_format("csv"), "gives triples, not rows"),
        (lambda: row_formats.check_triple_format("ntriple"), "did you mean ntriples"),
    ):
        with pytest.raises(UsageError, match=said):
            call()


@pytest.mark.parametrize(
    ("format_", "text"), [("json", '{"head":{},"boolean":true}'), ("table", "true"), ("csv", "true")]
)
def test_yes_is_written_in_every_format(format_: str, text: str) -> None:
    """The answer of ASK is SPARQL's own JSON, or a word."""
    out = StringIO()
    row_formats.write_boolean(True, out, format_)
    assert out.getvalue() == text + "\n"


def test_results_are_a_sequence_of_rows() -> None:
    """Rows are counted, sliced, looked for and compared as those of a list are."""
    rows = tuple((Literal(str(number)), None) for number in range(4))
    found = Results(("n", "m"), rows, PREFIXES)
    assert (len(found), found[0], found[-1]["n"]) == (4, {"n": "0", "m": None}, "3")
    assert isinstance(found[1:3], Results)
    assert found[1:3].to_dicts() == [{"n": "1", "m": None}, {"n": "2", "m": None}]
    assert {"n": "2", "m": None} in found
    assert {"n": "9", "m": None} not in found
    assert found.index({"n": "2", "m": None}) == 2
    assert [row["n"] for row in reversed(found)] == ["3", "2", "1", "0"]
    assert found == found[:]
    assert found == found.to_dicts()
    assert found != found[1:]
    assert found != "rows"
    with pytest.raises(IndexError):
        found[4]
    with pytest.raises(TypeError, match=r"a column is \[row\['n'\] for row in results\], or to_df\(\)\['n'\]"):
        found["n"]  # type: ignore[call-overload]


def test_a_data_frame_without_pandas_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pandas is not installed, one line says how it is."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(
        UsageError, match=r'^to_df needs pandas; pip install "\.\[pandas\]" in the folder of coopgraph$'
    ):
        Results(("n",), ()).to_df()
