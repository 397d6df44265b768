"""Turtle: errors name their place, and what is written is read back unchanged, always in the same order."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

import slow
from coopgraph.errors import DataError
from coopgraph.export import sorted_rdf, turtle, turtle_writer
from coopgraph.rdf import blank_nodes, vocab
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Quad, Triple
from coopgraph.rdf.turtle import read as read_turtle
from coopgraph.rdf.turtle import triples as triples_of
from hostile import ground, quads, triples

PREFIXES = vocab.prefixes("https://example.org/id/")


def read(text: str) -> set[Triple]:
    """Return the triples of Turtle text."""
    return set(triples_of(text.encode(), "text")) if text.strip() else set()


@given(st.lists(ground, max_size=8))
def test_what_is_written_is_read_back(found: list[Triple]) -> None:
    """Triples of any literals and IRIs are the same after writing and reading."""
    assert read(turtle.write(found, PREFIXES)) == set(found)


@given(st.lists(ground, min_size=1, max_size=6))
def test_other_tools_read_the_same(found: list[Triple]) -> None:
    """The rdflib parser reads from the text what Oxigraph's reads from N-Triples."""
    ours, plain = rdflib.Graph(), rdflib.Graph()
    ours.parse(data=turtle.write(found, PREFIXES), format="ox-turtle")
    plain.parse(data="\n".join(sorted_rdf.line(quad) for quad in quads_without_graph(found)), format="ox-nt")
    assert set(ours) == set(plain)


def quads_without_graph(found: list[Triple]) -> list[Quad]:
    return [Quad(t.subject, t.predicate, t.object) for t in found]


@given(st.lists(triples, max_size=8), st.randoms())
def test_the_order_given_does_not_matter(found: list[Triple], random: object) -> None:
    """The same triples in any order give the same text, and writing what was read gives it again."""
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    text = turtle.write(found, PREFIXES)
    assert turtle.write(shuffled, PREFIXES) == text
    assert turtle.write(read(text), PREFIXES) == text


def written(found: Iterable[Quad]) -> str:
    """Return quads as sorted TriG."""
    graphs = defaultdict(list)
    for quad in found:
        graphs[getattr(quad.graph_name, "value", "")].append(quad)
    out = StringIO()
    sorted_rdf.write(turtle_writer.Trig(PREFIXES), graphs.items(), out)
    return out.getvalue()


@given(st.lists(triples, max_size=8))
def test_text_is_that_of_the_plain_way(found: list[Triple]) -> None:
    """Turtle is, to the letter, what comes of writing term by term with the whole graph in view."""
    assert turtle.write(found, PREFIXES) == slow.trig(quads_without_graph(found), PREFIXES)


def test_terms_of_rdf_1_2_are_written() -> None:
    """A triple term, as a query may construct it, is written with its language tag in the customary case."""
    inner = Triple(
        NamedNode("https://schema.org/a"), NamedNode("http://x/p"), Literal('"@zh-hans .', language="zh-hant")
    )
    found = [Triple(NamedNode("http://x/s"), NamedNode("http://x/p"), inner)]
    assert turtle.write(found, PREFIXES) == slow.trig(quads_without_graph(found), PREFIXES)
    assert '"@zh-Hant )>>' in turtle.write(found, PREFIXES)


@given(st.lists(triples, max_size=5), st.lists(ground, max_size=5))
def test_trig_and_nquads_keep_graphs_apart(default: list[Triple], named: list[Triple]) -> None:
    """Quads are the same after TriG and after N-Quads, the graph that each stands in included."""
    stable = set(blank_nodes.named([*quads_without_graph(default), *quads(named, "http://x/g")]))
    trig = written(stable)
    nquads = "".join(f"{sorted_rdf.line(quad)}\n" for quad in stable)
    assert set(blank_nodes.named(parse(trig, format=RdfFormat.TRIG))) == stable
    assert set(parse(nquads, format=RdfFormat.N_QUADS)) == stable


@given(st.lists(ground, min_size=1, max_size=6))
def test_no_line_holds_what_an_editor_would_hide(found: list[Triple]) -> None:
    """Written text has no control, direction mark or line separator but the line feeds of its own layout."""
    text = turtle.write(found, PREFIXES)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]", text)
    assert not any(line.startswith('"') for line in text.split("\n"))


def test_blank_nodes_get_names_from_the_data_alone() -> None:
    """Two writings of a graph with blank nodes that were called otherwise are the same text."""

    def chain(*names: str) -> list[Triple]:
        nodes = [BlankNode(name) for name in names]
        link = NamedNode("http://x/p")
        return [*(Triple(a, link, b) for a, b in pairwise(nodes)), Triple(nodes[0], link, Literal("x"))]

    assert turtle.write(chain("a", "b", "c"), {}) == turtle.write(chain("z", "y", "x"), {})


def test_blank_nodes_of_two_files_stay_two(tmp_path: Path) -> None:
    """The same blank node label in two files means two things."""
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text("_:x <http://x/p> 1 .")
    (one,), (two,) = (list(read_turtle(tmp_path / name)) for name in ("one.ttl", "two.ttl"))
    assert one.subject != two.subject


def test_ontology_comes_first_then_subjects_by_name_and_the_type_first() -> None:
    """The ontology node heads a file, subjects follow by name, and `a` heads each of them."""
    text = turtle.write(
        read(
            "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix place: <https://example.org/id/place/> ."
            "place:a place:b 1 ; a place:C . <http://z/o> a owl:Ontology . place:Z place:b 2, true, 1.0, 1e1 ."
        ),
        PREFIXES,
    )
    head, _, blocks = text.partition("\n\n")
    assert head.split("\n") == sorted(head.split("\n"))
    assert blocks == (
        "<http://z/o> a owl:Ontology .\n"
        "\n"
        'place:Z place:b "1e1"^^xsd:double, 1.0, 2, true .\n'
        "\n"
        "place:a a place:C ;\n"
        "    place:b 1 .\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            b"<http://x/a> <http://x/b> 1 .\n<http://x/a> <http://x/b> ;;\n",
            r"f\.ttl:[23]:\d+: .+; mend the Turtle there",
        ),
        (b'<http://x/a> <http://x/b> "x', r"f\.ttl:1:\d+: .+; mend the Turtle there"),
        (b"<http://x/a> undeclared:b 1 .", r"f\.ttl:1:14: .*prefix"),
        (b"<relative> <http://x/b> 1 .", r"f\.ttl:1:1: .*IRI"),
        (b'<http://x/a> <http://x/b> "\xff" .', r"f\.ttl:1:\d+: .*UTF-8.*; save it as UTF-8"),
        ("<http://x/a> <http://x/b> 1 .".encode("utf-16"), r"f\.ttl:1:1: .*; save it as UTF-8"),
        ('<http://x/a> <http://x/b> "香港" .'.encode("gb18030"), r"f\.ttl:1:\d+: .*; save it as UTF-8"),
        (b"", r"f\.ttl:1:1: holds no triples"),
        (b"# only a comment\n@prefix x: <http://x/> .\n", r"f\.ttl:1:1: holds no triples"),
        (b"\x00\x01\x02\xfe binary", r"f\.ttl:1:\d+: "),
        (b"<http://x/a> <http://x/b> <<( <http://x/a> <http://x/b> 1 )>> .", r"f\.ttl:1:27: has a triple term .*<<\("),
        (
            b'<http://x/a>\n  <http://x/b> "x"@ar--rtl .',
            r"f\.ttl:2:19: has a text with a direction .*, @ar--rtl;.* @ar",
        ),
        (b"<http://x/a> <http://x/b> 1\n{| <http://x/c> 2 |} .", r"f\.ttl:2:1: has an annotation .*\{\| \.\.\. \|\};"),
        (
            b"# <<\n<< <http://x/a> <http://x/b> 1 >> <http://x/c> 2 .",
            r"f\.ttl:2:1: has a reified triple .*<< \.\.\. >>;",
        ),
        (b"<http://x/a> <http://x/b> '~', 1 ~ <http://x/r> .", r"f\.ttl:1:34: has a reifier .*~;"),
    ],
)
def test_what_is_no_turtle_is_told_with_its_place(tmp_path: Path, text: bytes, said: str) -> None:
    """A file that is not Turtle is told in one line with file, line, column and what to do."""
    path = tmp_path / "f.ttl"
    path.write_bytes(text)
    with pytest.raises(DataError) as caught:
        list(read_turtle(path, "f.ttl"))
    assert re.match(said, str(caught.value))
    assert "\n" not in str(caught.value)


def test_folders_pipes_and_what_is_not_there_are_told(tmp_path: Path) -> None:
    """A folder, a pipe (which would be waited for) and a broken link are no Turtle files."""
    (tmp_path / "d.ttl").mkdir()
    (tmp_path / "l.ttl").symlink_to("nowhere")
    os.mkfifo(tmp_path / "p.ttl")
    for name, said in (("d.ttl", "is a folder"), ("l.ttl", "cannot be read"), ("p.ttl", "is a pipe")):
        with pytest.raises(DataError, match=f"^{name}: {said}"):
            list(read_turtle(tmp_path / name, name))


@pytest.mark.parametrize("change", [lambda text: b"\xef\xbb\xbf" + text, lambda text: text.replace(b"\n", b"\r\n")])
def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path, change: object) -> None:
    """A byte order mark and CRLF change nothing of what a file says."""
    text = b"@prefix x: <http://x/> .\nx:a x:b 1 ;\n    x:c 2 .\n"
    path = tmp_path / "f.ttl"
    path.write_bytes(change(text))  # type: ignore[operator]
    assert set(read_turtle(path)) == read(text.decode())
