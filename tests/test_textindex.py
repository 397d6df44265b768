"""The index of names and gists finds what reading all of them would find, in the same order, whatever is typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.ask.graph import CoopGraph
from coopgraph.errors import DataError
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Triple
from coopgraph.rdf.vocab import ALT_LABEL, PREF_LABEL, SKOS, coop
from coopgraph.store import name_index
from coopgraph.store.name_index import Hit, Row, TextIndex, ranked

_LETTERS = "aab Bß东港辽宁\"'*%_-^\0\n\u3000Ａ\U0010ffff"
"""Few characters, so that what is searched is often there: both cases and widths, signs, operators, marks."""
_TEXTS = st.text(_LETTERS, max_size=8) | st.text(max_size=6)
_ROWS = st.lists(st.tuples(st.sampled_from(["x:1", "x:2", "x:3"]), st.sampled_from(["label", "gist"]), _TEXTS))


@pytest.fixture
def index() -> Iterator[TextIndex]:
    """An index in memory with a few names and a gist."""
    made = TextIndex.create(None)
    made.replace("x:places", _PLACES)
    yield made
    made.close()


_PLACES: list[Row] = [
    ("x:port", "prefLabel", "Port"),
    ("x:east", "prefLabel", "Eastport"),
    ("x:east", "prefLabel", "东港"),
    ("x:house", "altLabel", "Port house"),
    ("x:p1", "gist", "A port of 辽宁省."),
]


@given(_ROWS, _TEXTS, st.integers(1, 4))
def test_the_index_finds_what_reading_all_finds(rows: list[Row], text: str, limit: int) -> None:
    """For any texts and any query, the index gives what comparing each text gives, in that order."""
    index = TextIndex.create(None)
    index.replace("x:g", rows)
    assert index.search(text, limit) == ranked(rows, text, limit)
    names = {iri for iri, kind, name in rows if kind != "gist" and name_index.fold(name) == name_index.fold(text)}
    assert index.named(text) == sorted(names)
    assert {hit.iri for hit in index.similar(text, limit)} <= {iri for iri, kind, _ in rows if kind != "gist"}
    index.close()


@given(st.lists(st.tuples(st.sampled_from(["x:g", "x:h", "x:i"]), st.none() | _ROWS), max_size=6), _TEXTS)
def test_a_graph_replaced_or_removed_leaves_no_trace(changes: list[tuple[str, list[Row] | None]], text: str) -> None:
    """After any replacements and removals, what is found is what the graphs hold at the end."""
    index, graphs = TextIndex.create(None), dict[str, list[Row]]()
    for graph, rows in changes:
        if rows is None:
            index.remove(graph)
            graphs.pop(graph, None)
        else:
            index.replace(graph, rows)
            graphs[graph] = rows
    assert index.search(text, 9) == ranked([row for rows in graphs.values() for row in rows], text, 9)
    index.close()


@pytest.mark.parametrize("text", ["ag", "ba", "共", "b共", "agb", "共a共", " "])
def test_what_is_common_is_found_in_the_same_order(text: str) -> None:
    """More rows than are looked up one by one give the same things in the same order."""
    rows: list[Row] = [
        (f"x:{number}", kind, f"{number * 7919 % 4001} agb共a共 {number % 3}")
        for kind in ("label", "gist")
        for number in range(4001)
    ]
    index = TextIndex.create(None)
    index.replace("x:g", rows)
    assert index.search(text, 50) == ranked(rows, text, 50)
    assert index.search("4000 agb共a共", 3) == ranked(rows, "4000 agb共a共", 3)
    index.close()


def test_the_name_itself_comes_first_and_gists_last(index: TextIndex) -> None:
    """Exact names stand before beginnings, these before parts, and gists come last; a thing is found once."""
    assert [hit.iri for hit in index.search("PORT", 9)] == ["x:port", "x:house", "x:east", "x:p1"]
    assert index.search("port", 2) == [Hit("x:port", "prefLabel", "Port"), Hit("x:house", "altLabel", "Port house")]


@pytest.mark.parametrize(("text", "iri"), [("港", "x:east"), ("东", "x:east"), ("宁省", "x:p1"), ("辽宁省", "x:p1")])
def test_one_sign_finds_its_texts(index: TextIndex, text: str, iri: str) -> None:
    """Chinese texts are found by any part, of one sign too, at the beginning and at the end."""
    assert [hit.iri for hit in index.search(text, 9)] == [iri]


@pytest.mark.parametrize(
    "text", ["", "  ", "\0", "%", "po_t", "po*", '"port"', "port OR x", "NEAR(port)", "\ud800", "x" * 99_999]
)
def test_no_text_is_an_operator(index: TextIndex, text: str) -> None:
    """What SQL and its search language would obey is text, and an empty text is found nowhere."""
    assert index.search(text, 9) == []
    assert index.named(text) == []
    assert index.search(text + "port" if text.strip("\0 ") == "" else text, 9) is not None


def test_a_misspelt_name_is_near_in_any_script(index: TextIndex) -> None:
    """Names that share most with a misspelt one come first."""
    index.replace("x:more", [(f"x:{n}", "prefLabel", f"Portal {n} of trade") for n in range(2000)])
    index.replace("x:signs", [("x:council", "prefLabel", "辽宁省贸易促进会"), ("x:bank", "prefLabel", "辽阳银行")])
    assert index.similar("Eastprot", 3)[0].text == "Eastport"
    assert index.similar("east-port", 3)[0].text == "Eastport"
    assert index.similar("辽宁省贸意促进会", 3)[0].text == "辽宁省贸易促进会"


def test_an_index_is_read_while_it_is_copied_and_changed(tmp_path: Path) -> None:
    """A file is read by many; a copy of it is changed without them, and only what was committed is in it."""
    path, copy = tmp_path / "a #1% 港.db", tmp_path / "copy.db"
    made = TextIndex.create(path)
    made.replace("x:places", _PLACES)
    made.commit()
    made.close()
    copy.write_bytes(path.read_bytes())
    readers = [TextIndex(path), TextIndex(path)]
    changed = TextIndex.create(copy)
    changed.replace("x:places", _PLACES[:1])
    changed.commit()
    changed.close()
    assert [len(reader.search("port", 9)) for reader in readers] == [4, 4]
    assert TextIndex(copy).search("port", 9) == [Hit("x:port", "prefLabel", "Port")]
    with pytest.raises(DataError, match="readonly"):
        readers[0].remove("x:places")
    for reader in readers:
        reader.close()


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_index_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    """A file that is no index, or none at all, is told with its name and what to do."""
    path = tmp_path / "texts.db"
    if content:
        path.write_bytes(content)
    with pytest.raises(DataError, match=r"texts.db: the index of names cannot be used .*; run coopgraph build"):
        TextIndex(path).search("port", 9)


def test_rows_are_the_names_and_gists_of_things() -> None:
    """Of triples, names and gists of things that have an IRI are indexed, and nothing else."""
    thing, label = NamedNode("x:a"), Literal("A", language="en")
    triples = [
        Triple(thing, NamedNode(PREF_LABEL), label),
        Triple(thing, NamedNode(ALT_LABEL), thing),
        Triple(BlankNode(), NamedNode(PREF_LABEL), label),
        Triple(thing, NamedNode(SKOS + "definition"), label),
        Triple(thing, NamedNode(coop("gist")), Literal("B")),
    ]
    assert list(name_index.rows(triples)) == [("x:a", "prefLabel", "A"), ("x:a", "gist", "B")]


def test_a_store_finds_its_names_and_gists(tiny_graph: CoopGraph) -> None:
    """What a store finds is what comparing all its texts finds."""
    quads = (quad for predicate in name_index.KINDS for quad in tiny_graph.store.quads(predicate=predicate))
    rows = list(name_index.rows(quad.triple for quad in quads))
    for text in ("north", "港", "Trade", "trade council", "a", "nothing like this"):
        assert tiny_graph.store.search(text, 30) == ranked(rows, text, 30)
    assert tiny_graph.store.labelled("北港") == ["https://example.org/id/place/northport"]


def test_sqlite_has_what_is_needed() -> None:
    """The SQLite beside this Python has the trigram tokeniser, which came with 3.34."""
    assert sqlite3.sqlite_version_info >= (3, 34)
