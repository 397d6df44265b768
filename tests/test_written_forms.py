"""Numbers and dates are shown and handed on as graph files write them, though the engine keeps their values alone."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import servers
from conftest import Run, write_small
from coopgraph.ask import sentences
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Quad
from coopgraph.rdf.vocab import XSD
from coopgraph.server.push import Push
from coopgraph.store import extracts, written_forms

FIGURE = """
claim:note-9 a coop:Observation ;
    coop:asOf "2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ; coop:asOfPrecision "year" ;
    coop:status <https://w3id.org/coopgraph/id/status/realised> ;
    prov:wasDerivedFrom passage:note-p1 ; coop:unit <http://qudt.org/vocab/unit/NUM> ;
    rdf:object VALUE ; rdf:predicate coop:population ; rdf:subject place:eastport .
"""
PLACE = """
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
place:eastport wgs84:lat 41.80 ; wgs84:long +123.40 .
"""
VALUES = {
    "49.60": "49.60", "1.0e6": "1.0e6", "007": "007", "+5": "+5", ".5": ".5", "-0": "-0", "12": "12", "1E0": "1E0",
    '"05"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>': "05",
    '"7"^^<http://www.w3.org/2001/XMLSchema#int>': "7",
}  # fmt: skip
RDF_FORMS = {
    "turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS,
    "ntriples": ox.RdfFormat.N_TRIPLES, "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip


def with_figure(root: Path, value: str) -> None:
    """Append a figure to a source's graph, and numbers to a place."""
    for name, text in (("note.ttl", FIGURE.replace("VALUE", value)), ("places.ttl", PLACE)):
        path = root / "graphs" / name
        path.write_text(path.read_text("utf-8") + text, "utf-8")


def figures(graph: CoopGraph, format_: str) -> set[tuple[str, str]]:
    """Return the literals that are objects of claims and of places, as an export writes them: text and datatype."""
    names = ("rdf-syntax-ns#object>", "wgs84_pos#lat>", "wgs84_pos#long>")
    return {
        (quad.object.value, quad.object.datatype.value)
        for quad in ox.parse(graph.export(format_), format=RDF_FORMS[format_])
        if str(quad.predicate).endswith(names) and isinstance(quad.object, ox.Literal)
    }


def test_every_command_tells_a_figure_as_written(tmp_path: Path, run: Run) -> None:
    """`quantities` in all its formats, and `show`, have a number as the graph file writes it."""
    root = write_small(tmp_path / "w")
    with_figure(root, "49.60")
    ask = ("-w", str(root), "query", "quantities", "-p", "entity=Eastport", "--format")
    (row,) = csv.DictReader(StringIO(run(*ask, "csv").out))
    assert row["value"] == "49.60"
    (binding,) = json.loads(run(*ask, "json").out)["results"]["bindings"]
    assert binding["value"] == {"type": "literal", "value": "49.60", "datatype": XSD + "decimal"}
    assert ">49.60</literal>" in run(*ask, "xml").out
    assert f'"49.60"^^<{XSD}decimal>' in run(*ask, "tsv").out
    assert '"value": 49.60,' in run(*ask, "jsonl").out
    for format_ in ("table", "md"):
        assert " 49.60 " in run(*ask, format_, "-c", "subject,value,claim").out
    assert "population 49.60 (realised" in run("-w", str(root), "show", "Eastport").out


@pytest.mark.sampled(4)
@pytest.mark.parametrize("value", VALUES)
def test_a_figure_is_told_as_written(tmp_path: Path, value: str) -> None:
    """Questions, sentences, CSV and the network have a number as the graph file writes it, and its datatype."""
    text, root = VALUES[value], write_small(tmp_path / "w")
    with_figure(root, value)
    with load(root) as graph:
        (row,) = graph.ask("quantities", entity="Eastport").rows
        assert text in [term.value for term in row if isinstance(term, Literal)]
        assert f",{text}," in graph.export("csv")
        assert any(label["objectLabel"] == text for label in graph.ask("claims-about", entity="Eastport"))
        assert any(attributes.get("value") == text for *_, attributes in facts(graph))
        iri = "https://example.org/id/place/eastport"
        lines = sentences.about(iri, extracts.extract(graph.store, about=iri))
        assert any(f"population {text} (realised" in line for line in lines)


def facts(graph: CoopGraph) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the quantities of the claims that an extract holds."""
    for claim in graph.claims():
        if not isinstance(claim.object, str):
            yield claim.iri, {"value": claim.object.value}


def test_every_rdf_form_has_the_literals_of_the_files(tmp_path: Path) -> None:
    """Text and datatype of each number are those of the graph files, the ontology's own included."""
    root = write_small(tmp_path / "w")
    with_figure(root, "49.60")
    wanted = {("49.60", XSD + "decimal"), ("41.80", XSD + "decimal"), ("+123.40", XSD + "decimal")}
    with load(root) as graph:
        for format_ in RDF_FORMS:
            assert figures(graph, format_) == wanted
            assert "asWritten" not in graph.export(format_, only="claims")
            assert "asWritten" not in graph.export(format_, only="entities")


def test_a_changed_figure_is_told_as_written_now(tmp_path: Path) -> None:
    """After each build of what has changed a store tells numbers as one that is made anew does."""
    root = write_small(tmp_path / "w")
    plain = (root / "graphs" / "note.ttl").read_text("utf-8")
    with_figure(root, "49.60")
    for value in ("49.6", "1.0e6", ""):
        (root / "graphs" / "note.ttl").write_text(plain + (FIGURE.replace("VALUE", value) if value else ""), "utf-8")
        with load(root) as graph:
            changed = graph.export("nquads"), records(graph)
        build.build(workspace.find(root), full=True)
        with load(root) as graph:
            assert changed == (graph.export("nquads"), records(graph))
            assert {text for text, _ in figures(graph, "turtle")} == {"41.80", "+123.40", value} - {""}


def records(graph: CoopGraph) -> set[str]:
    """Return the records of a store."""
    return {str(quad) for quad in graph.store.quads(graph=vocab.WRITTEN)}


def test_two_forms_of_one_value_stay_two(tmp_path: Path) -> None:
    """A graph that writes a value in two ways is handed on with both."""
    root = write_small(tmp_path / "w")
    path = root / "graphs" / "places.ttl"
    more = (
        "place:eastport <http://x/depth> 7, 007, 7.50, 7.5 . _:a <http://x/depth> 010 ; <http://x/of> place:eastport ."
    )
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    with load(root) as graph:
        depths = [
            q.object.value
            for q in ox.parse(graph.export("trig"), format=ox.RdfFormat.TRIG)
            if str(q.predicate) == "<http://x/depth>"
        ]
    assert sorted(depths) == ["007", "010", "7", "7.5", "7.50"]


def test_sparql_reckons_with_the_value(tmp_path: Path) -> None:
    """A query compares and adds the value; what is written stands beside it."""
    root = write_small(tmp_path / "w")
    with_figure(root, "49.60")
    with load(root) as graph:
        (row,) = graph.query(
            "SELECT (?value + 0.4 AS ?sum) ?written { ?claim rdf:object ?value ; coop:valueAsWritten ?written "
            "FILTER(?value > 49 && ?value = 49.6) }"
        ).rows
    assert row[0] == Literal("50", datatype=NamedNode(XSD + "decimal"))
    assert row[1] == Literal("49.60", datatype=NamedNode(XSD + "decimal"))


def test_a_server_tells_figures_as_written(tmp_path: Path) -> None:
    """What is pushed to a server and exported or asked from there has each number as the graph files write it."""
    root = write_small(tmp_path / "w")
    with_figure(root, "49.60")
    space = workspace.find(root)
    with servers.oxigraph(tmp_path) as address, servers.connected("oxigraph", address) as server:
        with load(root) as graph:
            Push(space, graph.store, server).run()
            here = graph.export("nquads")
        with load(root, store=address) as graph:
            assert graph.export("nquads") == here
            assert [str(row["value"]) for row in graph.ask("quantities", entity="Eastport")] == ["49.60"]
            assert [each["value"] for _, each in facts(graph)] == ["49.60"]


_DIGITS = st.text("0123456789", min_size=1, max_size=6)
_SIGNS = st.sampled_from(["", "+", "-"])
_LEXICAL = st.one_of(
    st.builds("{}{}".format, _SIGNS, _DIGITS),
    st.builds("{}{}.{}".format, _SIGNS, _DIGITS, _DIGITS),
    st.builds("{}{}.{}{}{}".format, _SIGNS, _DIGITS, _DIGITS, st.sampled_from("eE"), st.integers(-9, 9)),
    st.sampled_from(
        ["INF", "NaN", "true", "1", "0", "1,000", " 5 ", "2024-01-01T24:00:00Z", "-0000-01-01", "P12M", "PT60S", "-P0D"]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters='"\\\n\r'), max_size=4),
)
_TYPES = st.sampled_from(
    ["integer", "decimal", "double", "float", "boolean", "int", "dateTime", "date", "duration", "x"]
)
_NODE, _GRAPH = NamedNode("http://x/s"), NamedNode("http://x/g")


@given(st.lists(st.tuples(st.sampled_from("pq"), _LEXICAL, _TYPES), max_size=8))
def test_any_literal_survives_the_store(written: list[tuple[str, str, str]]) -> None:
    """Whatever literals are loaded, what is restored is what was written."""
    quads = {
        Quad(_NODE, NamedNode(f"http://x/{name}"), Literal(text, datatype=NamedNode(XSD + kind)), _GRAPH)
        for name, text, kind in written
    }
    nquads = written_forms.recorded(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    store = ox.Store()
    store.load(nquads, format=ox.RdfFormat.N_QUADS, lenient=True)
    records = (quad.triple for quad in store if quad.predicate == written_forms.AS_WRITTEN)
    forms = written_forms.forms(records).get(_GRAPH.value)
    kept = store.quads_for_pattern(None, None, None, _GRAPH)
    assert set(written_forms.restored(kept, forms)) == quads
