"""Exports: every form says what the store says, is the same to the byte each time, and leaves hostile texts as is."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyoxigraph import RdfFormat, parse
from rdflib.compare import isomorphic

import slow
from conftest import Run, environment, write_small
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import UsageError
from coopgraph.export import export, rdf_formats, sorted_rdf
from coopgraph.rdf import vocab
from coopgraph.rdf.printable import for_xml
from coopgraph.rdf.terms import Literal, NamedNode, Quad, Triple, value
from coopgraph.store import written_forms
from coopgraph.store.local import LocalStore
from coopgraph.store.rdflib_dataset import term
from hostile import TEXTS, texts, triples

PARSERS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "jsonld-graphs": RdfFormat.JSON_LD,
}
WITH_GRAPHS = ("trig", "nquads", "jsonld-graphs")
HOSTILE = "".join(TEXTS)
DATASET = "https://example.org/id/dataset"


def parsed(graph: CoopGraph, format_: str, only: str | None = None) -> set[Quad]:
    """Return the quads of an export as Oxigraph reads them."""
    return set(parse(graph.export(format_, only=only), format=PARSERS[format_]))


def quads(graph: CoopGraph) -> set[Quad]:
    """Return the quads of a store but for tallies and labels, which are no part of the graph as it is handed on."""
    written = written_forms.of(graph.store)
    graphs = [iri for iri in graph.store.graphs() if iri not in vocab.PRECOMPUTED]
    found = (q for iri in graphs for q in written_forms.restored(graph.store.quads(graph=iri), written.get(iri)))
    return {each for quad in found for each in (quad, *selector(quad))}


def selector(quad: Quad) -> Iterator[Quad]:
    """What a statement of a passage says of its selector."""
    oa = vocab.STANDARD["oa"]
    if not quad.predicate.value.startswith(oa):
        return
    node = NamedNode(f"{value(quad.subject)}#position")
    if quad.predicate.value in (f"{oa}start", f"{oa}end"):
        yield Quad(node, quad.predicate, quad.object, quad.graph_name)
    if quad.predicate.value == f"{oa}hasSource":
        yield Quad(quad.subject, NamedNode(f"{oa}hasSelector"), node, quad.graph_name)
        yield Quad(node, NamedNode(vocab.TYPE), NamedNode(f"{oa}TextPositionSelector"), quad.graph_name)


def stored(graph: CoopGraph) -> set[Triple]:
    """Return the triples of a store but for tallies and labels."""
    return {quad.triple for quad in quads(graph)}


def undescribed(quads: set[Quad]) -> set[Triple]:
    """Return triples without the description of the export itself."""
    return {quad.triple for quad in quads if not str(quad.subject).startswith(f"<{DATASET}")}


@pytest.fixture(scope="module")
def hostile_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A graph in which label, title, definition and gist hold every text that tries a writer."""
    root = write_small(tmp_path_factory.mktemp("hostile") / "w")
    escaped = "".join(f"\\U{ord(letter):08X}" for letter in HOSTILE)
    places, note = root / "graphs" / "places.ttl", root / "graphs" / "note.ttl"
    text = places.read_text("utf-8").replace('"Eastport"@en', f'"{escaped}"@en').replace("A port in the east.", escaped)
    also = "<geo:41.8,123.4>, <source:x>, <http://x/?a=1&b='2'>"
    places.write_text(f"{text}\nplace:eastport <http://www.w3.org/2000/01/rdf-schema#seeAlso> {also} .", "utf-8")
    note.write_text(
        note.read_text("utf-8").replace("Sentence 1.", escaped).replace('"A note"', f'"{escaped}"'), "utf-8"
    )
    with load(root) as graph:
        yield graph


@pytest.mark.parametrize("format_", PARSERS)
def test_rdf_says_what_the_store_says(tiny_graph: CoopGraph, format_: str) -> None:
    """Read back, an RDF export has the triples of the store, in their graphs where it can, and a description."""
    found = parsed(tiny_graph, format_)
    assert undescribed(found) == stored(tiny_graph)
    if format_ in WITH_GRAPHS:
        assert {quad for quad in found if isinstance(quad.graph_name, NamedNode)} == quads(tiny_graph)


@pytest.mark.sampled(1)
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use of it
@pytest.mark.parametrize(("format_", "parser"), [("turtle", "turtle"), ("rdfxml", "xml"), ("jsonld", "json-ld")])
def test_forms_of_one_graph_are_the_same_graph(tiny_graph: CoopGraph, format_: str, parser: str) -> None:
    """The parsers of rdflib read into one graph from each of these forms what they read from N-Triples."""
    plain = rdflib.Graph().parse(data=tiny_graph.export("ntriples"), format="nt")
    assert isomorphic(rdflib.Graph().parse(data=tiny_graph.export(format_), format=parser), plain)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use of it
@pytest.mark.filterwarnings("ignore:.*default_context.*:DeprecationWarning")
@pytest.mark.parametrize(("format_", "parser"), [("trig", "trig"), ("nquads", "nquads"), ("jsonld-graphs", "json-ld")])
def test_rdflib_reads_graphs_apart(tiny_graph: CoopGraph, format_: str, parser: str) -> None:
    """The parsers of rdflib find each named graph with as many triples as the store has in it."""
    dataset = rdflib.Dataset()
    dataset.parse(data=tiny_graph.export(format_), format=parser)
    found = {str(graph.identifier): len(graph) for graph in dataset.graphs() if len(graph)}
    wanted = Counter(value(quad.graph_name) for quad in quads(tiny_graph))
    assert {iri: found[iri] for iri in wanted if iri in found} == wanted


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("which", "format_"), [*(("tiny_graph", format_) for format_ in PARSERS), ("article_graph", "turtle")]
)
def test_exports_conform_to_the_shapes(which: str, format_: str, request: pytest.FixtureRequest) -> None:
    """What is handed on, all that is inferred included, breaks none of the project's own shapes in pySHACL."""
    from pyshacl import validate

    graph = rdflib.Graph()
    for quad in parse(request.getfixturevalue(which).export(format_), format=PARSERS[format_]):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    conforms, _, report = validate(graph, shacl_graph=str(Path(__file__).parents[1] / "ontology" / "shapes.ttl"))
    assert conforms, report


def test_a_passage_has_the_selector_that_web_annotation_knows(tiny_graph: CoopGraph) -> None:
    """Each passage has one text position selector, with its start and end."""
    graph = rdflib.Graph().parse(data=tiny_graph.export("turtle", only="claims"), format="turtle")
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    passages = tiny_graph.extract().passages
    assert passages
    for passage in passages.values():
        (selector,) = graph.objects(rdflib.URIRef(passage.iri), oa.hasSelector)
        assert set(graph.objects(selector, rdflib.RDF.type)) == {oa.TextPositionSelector}
        bounds = (int(str(graph.value(selector, bound))) for bound in (oa.start, oa.end))
        assert tuple(bounds) == (passage.start, passage.end)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use of it
def test_a_workspace_may_call_its_prefixes_as_it_likes(small: Path) -> None:
    """Whatever prefixes an own ontology declares, rdflib reads the same graph from each form."""
    (small / "ontology").mkdir()
    spaces = {"": "http://x/", "x_": "http://x/a_", "a.b": "http://y/", "香": "http://z/", "xmlq": "http://q/", "_": ""}
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in spaces.items() if iri)
    head = f"{declared}@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    label = ' a <http://www.w3.org/2002/07/owl#DatatypeProperty> ; rdfs:label "p"@en .\n'
    (small / "ontology" / "own.ttl").write_text(head + "".join(f"<{iri}p>{label}" for iri in spaces.values() if iri))
    with load(small) as graph:
        forms = {"turtle": "turtle", "rdfxml": "xml", "jsonld": "json-ld", "ntriples": "nt"}
        read = [rdflib.Graph().parse(data=graph.export(form), format=parser) for form, parser in forms.items()]
    assert len({frozenset(each) for each in read}) == 1
    assert len(read[0]) > 1000


def test_the_parts_make_up_the_whole(small_graph: CoopGraph) -> None:
    """Each part has some triples, no triple is in two parts; all but tallies and labels make up the whole."""
    parts = {only: undescribed(parsed(small_graph, "ntriples", only)) for only in export.PARTS}
    assert all(parts.values())
    for graph in (vocab.TALLIES, vocab.LABELS):
        made = {quad.triple for quad in small_graph.store.quads(graph=graph)}
        assert parts.pop(vocab.local_name(graph)) == made
    assert set().union(*parts.values()) == stored(small_graph)
    assert sum(map(len, parts.values())) == len(stored(small_graph))


def test_the_description_counts_what_is_there(tiny_graph: CoopGraph) -> None:
    """VoID and DCAT give title, licence, provenance and the true number of triples and entities."""
    graph = rdflib.Graph().parse(data=tiny_graph.export("turtle"), format="turtle")
    void, dcat = rdflib.Namespace("http://rdfs.org/ns/void#"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    node = rdflib.URIRef(DATASET)
    assert {void.Dataset, dcat.Dataset} <= set(graph.objects(node, rdflib.RDF.type))
    assert str(graph.value(node, rdflib.DCTERMS.title)) == "Tiny"
    assert graph.value(node, rdflib.DCTERMS.license) == rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert graph.value(node, rdflib.DCTERMS.creator) == rdflib.URIRef("https://example.org/id/organisation/author")
    assert str(graph.value(node, dcat.version)) == "1.0"
    assert str(graph.value(node, rdflib.DCTERMS.modified)) == "2026-11-29"
    assert str(graph.value(node, rdflib.DCTERMS.identifier)) == DATASET
    forms = {str(graph.value(form, dcat.mediaType)) for form in graph.objects(node, dcat.distribution)}
    assert "https://www.iana.org/assignments/media-types/text/turtle" in forms
    assert int(graph.value(node, void.triples)) == len(quads(tiny_graph))
    assert int(graph.value(node, void.distinctSubjects)) == len({quad.subject for quad in quads(tiny_graph)})
    assert int(graph.value(node, void.properties)) == len({quad.predicate for quad in quads(tiny_graph)})
    assert len(set(graph.objects(node, rdflib.PROV.wasDerivedFrom))) == 3
    for part in graph.objects(node, void.classPartition):
        typed = set(graph.subjects(rdflib.RDF.type, graph.value(part, void["class"])))
        assert int(graph.value(part, void.entities)) == len(typed)


GRAPHS = ("http://x/g", "http://x/g/1", "https://schema.org/Place", vocab.INFERRED)


def write(found: dict[str, list[Triple]], format_: str, heads: frozenset[tuple[str, str]] = frozenset()) -> str:
    """Return graphs as they are written in a form."""
    out = StringIO()
    graphs = [(graph, [Quad(*triple, NamedNode(graph)) for triple in several]) for graph, several in found.items()]
    sorted_rdf.write(rdf_formats.WRITERS[format_](PREFIXES, heads), graphs, out)
    return out.getvalue()


PREFIXES = vocab.prefixes("https://example.org/id/")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("format_", [name for name in PARSERS if name != "rdfxml"])
@given(found=st.dictionaries(st.sampled_from(GRAPHS), st.lists(triples, max_size=6)))
def test_the_text_is_that_of_the_plain_way(format_: str, found: dict[str, list[Triple]]) -> None:
    """Graphs that share subjects and have blank nodes give the text that comes of sorting all in memory at once."""
    text = write(found, format_)
    given_quads = [Quad(*triple, NamedNode(graph)) for graph, several in found.items() for triple in several]
    if format_ not in WITH_GRAPHS:
        given_quads = slow.merged(given_quads)
    if format_.startswith("jsonld"):
        assert text == write(found, format_)
        assert isomorphic_quads(parse(text, format=RdfFormat.JSON_LD), given_quads)
    elif format_ in ("turtle", "trig"):
        assert text == slow.trig(given_quads, PREFIXES)
    else:
        assert text == slow.lines(given_quads)


def isomorphic_quads(one: Iterable[Quad], two: Iterable[Quad]) -> bool:
    """Say whether quads are the same but for the names of blank nodes."""
    return set(slow.canonical(one)) == set(slow.canonical(two))


def test_an_ontology_node_stands_first_with_all_that_any_graph_says_of_it(tiny_graph: CoopGraph) -> None:
    """What a second graph says of the ontology node stands in the same block, at the head."""
    seen = Quad(
        NamedNode(vocab.BASE + "ontology"),
        NamedNode(vocab.RDFS + "seeAlso"),
        NamedNode("http://x/y"),
        NamedNode("http://x/a"),
    )
    database = ox.Store()
    database.extend([seen, *tiny_graph.store.quads()])
    store = LocalStore(database, tiny_graph.store.prefixes, {})
    out = StringIO()
    export.export(store, "turtle", out)
    _, *blocks = out.getvalue().split("\n\n")
    heads = [block for block in blocks if " a owl:Ontology" in block]
    assert blocks[: len(heads)] == heads
    (block,) = (block for block in blocks if block.startswith("<https://w3id.org/coopgraph/ontology> "))
    assert block in heads
    assert "rdfs:seeAlso <http://x/y>" in block


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", ["turtle", "nquads", "jsonld", "rdfxml"])
@pytest.mark.slow
def test_memory_does_not_grow_with_the_graph(name: str) -> None:
    """Five times the statements, of one graph and all in disorder, take hardly more memory to write sorted."""
    code = (
        "import resource, sys\nfrom coopgraph.export import rdf_formats, sorted_rdf\n"
        "from coopgraph.rdf.terms import *\n"
        "name, number = sys.argv[1], int(sys.argv[2])\n"
        "quads = (Quad(NamedNode(f'http://x/{n * 7919 % number}'), NamedNode('http://x/p'), Literal('x' * 200), "
        "NamedNode('http://x/g')) for n in range(number))\n"
        "with open('/dev/null', 'w') as out:\n"
        "    sorted_rdf.write(rdf_formats.WRITERS[name]({}, frozenset()), [('http://x/g', quads)], out)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    few, many = (
        int(subprocess.run([sys.executable, "-c", code, name, number], stdout=subprocess.PIPE, check=True).stdout)
        for number in ("20000", "100000")
    )
    assert many < few + 20


def test_what_cannot_be_written_on_leaves_nothing_behind(
    tiny_graph: CoopGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interruption or a closed pipe in the midst of writing ends the export, and no file is left or ever seen."""
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    for format_ in PARSERS:
        for error in (KeyboardInterrupt, BrokenPipeError):

            class Out(StringIO):
                def write(self, text: str, error: type[BaseException] = error) -> int:
                    assert list(tmp_path.iterdir()) == []
                    if self.tell() > 2000:
                        raise error
                    return super().write(text)

            with pytest.raises(error):
                export.export(tiny_graph.store, format_, Out())
            assert list(tmp_path.iterdir()) == []


def test_every_form_is_the_same_to_the_byte(tiny: Path) -> None:
    """Two processes with different hash seeds, and two stores built apart, give the same bytes in every form."""
    code = (
        "import sys\nfrom hashlib import sha256\nfrom coopgraph import load\n"
        "from coopgraph.export.export import FORMATS\n"
        "with load('.') as graph:\n"
        "    print([(f, sha256(graph.export(f).encode()).hexdigest()) for f in FORMATS])"
    )
    outputs = []
    for seed in ("0", "4711"):
        env = environment(tiny, {"PYTHONHASHSEED": seed})
        outputs.append(
            subprocess.run([sys.executable, "-c", code], cwd=tiny, env=env, stdout=subprocess.PIPE, check=True).stdout
        )
        (tiny / ".coopgraph" / "current").unlink()
    assert outputs[0] == outputs[1]
    assert outputs[0].count(b"(") == len(export.FORMATS)


@pytest.mark.parametrize("format_", PARSERS)
def test_hostile_texts_go_through_rdf_unchanged(hostile_graph: CoopGraph, format_: str) -> None:
    """Labels and IRIs of every kind are read back as they stand in the store; XML cannot hold some and says so."""
    if format_ == "rdfxml":
        with pytest.raises(UsageError, match=r"RDF/XML cannot hold the character U\+000B .+; write turtle, .+ jsonld "):
            hostile_graph.export(format_)
    else:
        assert undescribed(parsed(hostile_graph, format_)) == stored(hostile_graph)


def test_hostile_texts_go_through_networks_unchanged(hostile_graph: CoopGraph) -> None:
    """GraphML and GEXF give labels and gists back to the letter, but for what XML cannot hold; node-link wholly."""
    node = "https://example.org/id/place/eastport"
    for format_, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        graph = read(BytesIO(hostile_graph.export(format_).encode()))
        assert graph.nodes[node]["label"] == for_xml(HOSTILE, "\ufffd")
        assert for_xml(HOSTILE, "\ufffd") in {data["gist"] for *_, data in graph.edges(data=True)}
    linked = nx.node_link_graph(json.loads(hostile_graph.export("node-link")), edges="edges")
    assert linked.nodes[node]["label"] == HOSTILE


def test_hostile_texts_go_through_csv_unchanged(hostile_graph: CoopGraph) -> None:
    """Each claim is one row of CSV with its label, gist and title to the letter."""
    rows = list(csv.DictReader(StringIO(hostile_graph.export("csv"), newline="")))
    assert len(rows) == 2
    assert rows[0]["subject_label"] == rows[0]["gist"] == rows[0]["source_title"] == HOSTILE


def test_csv_has_a_row_a_claim_with_all_that_it_says(tiny_graph: CoopGraph) -> None:
    """The rows are the claims in order, observations with value, unit and date included."""
    rows = list(csv.DictReader(StringIO(tiny_graph.export("csv"), newline="")))
    assert [row["claim"] for row in rows] == [claim.iri for claim in tiny_graph.claims()]
    by_claim = {row["claim"].rpartition("/")[2]: row for row in rows}
    row = by_claim["gazette-2020-001"]
    assert (row["subject_label"], row["predicate_label"], row["object_label"]) == (
        "Northport", "cooperates with", "Coast Province",
    )  # fmt: skip
    assert (row["status"], row["fields"], row["valid_from"], row["paragraphs"]) == (
        "realised", "Talent | Trade", "2014-01-01", "1",
    )  # fmt: skip
    coast = by_claim["almanac-1998-005"]
    assert (coast["value"], coast["as_of"], coast["as_of_precision"], coast["object"]) == (
        "310",
        "1998-01-01",
        "year",
        "",
    )


@pytest.mark.parametrize(("format_", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_networks_carry_types_statuses_years_and_passages(tiny_graph: CoopGraph, format_: str, read: object) -> None:
    """Read back with NetworkX, nodes have class and label, edges claim, status, group, years, sources and passages."""
    wanted = tiny_graph.to_networkx()
    got = read(BytesIO(tiny_graph.export(format_).encode()))  # type: ignore[operator]
    assert set(got.nodes) == set(wanted.nodes)
    assert got.number_of_edges() == wanted.number_of_edges()
    for iri, data in wanted.nodes(data=True):
        assert (got.nodes[iri]["kind"], got.nodes[iri]["root"]) == (data["kind"], data["root"])
    edges = {data["claim"]: (start, end, data) for start, end, data in got.edges(data=True)}
    for start, end, claim, data in wanted.edges(keys=True, data=True):
        assert edges[claim][:2] == (start, end)
        told = edges[claim][2]
        assert [told[name] for name in ("status", "group", "gist")] == [data["status"], data["group"], data["gist"]]
        assert told.get("first_year") == data.get("first_year")
        assert told.get("last_year") == data.get("last_year")
        for name in ("fields", "sources", "passages", "paragraphs"):
            assert told[name] == " | ".join(map(str, data[name]))


def test_graphml_keys_are_unique(tiny_graph: CoopGraph) -> None:
    """No two keys of GraphML share an identifier, which readers that follow the standard would mix up."""
    keys = re.findall(r'<key id="([^"]+)"', tiny_graph.export("graphml"))
    assert len(keys) == len(set(keys)) > 10


def test_node_link_is_the_network_itself(tiny_graph: CoopGraph) -> None:
    """Node-link JSON gives the network back, keys and lists included."""
    wanted = tiny_graph.to_networkx()
    got = nx.node_link_graph(json.loads(tiny_graph.export("node-link")), edges="edges")
    assert isinstance(got, nx.MultiDiGraph)
    assert list(got.nodes) == list(wanted.nodes)
    assert {key for *_, key in got.edges(keys=True)} == {key for *_, key in wanted.edges(keys=True)}
    assert all(tuple(data["passages"]) for *_, data in got.edges(data=True))


def test_what_rdfxml_cannot_write_is_refused(small: Path) -> None:
    """A property whose IRI has no end that XML could name is refused in RDF/XML and goes through all other forms."""
    places = small / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8") + "\nplace:eastport <http://x/123> 1 .", "utf-8")
    with load(small) as graph:
        with pytest.raises(UsageError, match=r"RDF/XML .+ write the property <http://x/123>"):
            graph.export("rdfxml")
        assert undescribed(parsed(graph, "jsonld")) == stored(graph)


_ENDS = st.one_of(
    st.sampled_from(
        ["km²", "½", "ª", "µ", "Ⅷ", "ʰ", "𐍈", "42", "", "a.b", "-a", "a·", "éa", "ⅧA", "a:b", "a%20", "香港"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters='<>"{}|^`\\'), max_size=4),
)
_NAMES_OF_RDF = st.sampled_from(["about", "li", "_1", "ID", "Description", "type", "value", "resource"])
_HOSTILE_IRIS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["http://x/", "http://x/t#", "urn:", "https://schema.org/"]), _ENDS),
    _NAMES_OF_RDF.map(f"{vocab.RDF}{{}}".format),
    st.sampled_from(
        ["http://www.w3.org/XML/1998/namespacelang", "http://www.w3.org/2000/xmlns/a", "http://x/?a=1&b='2'"]
    ),
)


@given(predicate=_HOSTILE_IRIS, kind=_HOSTILE_IRIS, text=texts)
def test_rdfxml_is_well_formed_or_refused(predicate: str, kind: str, text: str) -> None:
    """Whatever IRIs and texts there are, RDF/XML is read back by both parsers as it was, or is not written at all."""
    try:
        node, named = NamedNode("http://x/s"), NamedNode(predicate)
        triples = [
            Triple(node, NamedNode(vocab.TYPE), NamedNode(kind)),
            Triple(node, named, Literal(text)),
            Triple(node, named, NamedNode(kind)),
            Triple(node, named, Literal(text, datatype=NamedNode(kind))),
        ]
    except ValueError:
        return
    try:
        written = write({"http://x/g": triples}, "rdfxml")
    except UsageError:
        return
    assert {quad.triple for quad in parse(written, format=RdfFormat.RDF_XML)} == set(triples)
    assert len(rdflib.Graph().parse(data=written, format="xml")) == len(set(triples))
    etree.fromstring(written.encode())


@pytest.mark.parametrize("name", ["km²", "½", "ª", "µ", "Ⅷ", "ʰ", "𐍈", "42", "", "x-", "a·b"])
def test_a_property_is_named_as_xml_has_names(name: str) -> None:
    """A property of whose IRI no end is a name of XML's is refused, and any other is written."""
    found = [Triple(NamedNode("http://x/s"), NamedNode(f"http://x/t#{name}"), Literal("1"))]
    if name in ("x-", "a·b"):
        assert {quad.triple for quad in parse(write({"http://x/g": found}, "rdfxml"), format=RdfFormat.RDF_XML)} == set(
            found
        )
    else:
        with pytest.raises(UsageError, match=f"RDF/XML has no way to write the property <http://x/t#{name}>"):
            write({"http://x/g": found}, "rdfxml")


def test_a_class_without_a_name_is_a_type_like_any_other(small: Path, run: Run) -> None:
    """A class whose IRI ends in digits or a slash is written as rdf:type, and the file is well-formed."""
    places = small / "graphs" / "places.ttl"
    more = "\nplace:eastport a <https://example.org/kinds/42>, <https://example.org/kinds/> ."
    places.write_text(places.read_text("utf-8") + more, "utf-8")
    done = run("-w", str(small), "export", "--format", "rdfxml")
    assert done.code == 0
    etree.fromstring(done.out.encode())
    assert '<rdf:type rdf:resource="https://example.org/kinds/42"/>' in done.out


def test_gexf_says_its_version(tiny_graph: CoopGraph) -> None:
    """GEXF is of version 1.3, in its namespace, with the elements and attributes that its schema has and no others."""
    space = "{http://gexf.net/1.3}"
    root = etree.fromstring(tiny_graph.export("gexf").encode())
    assert (root.tag, dict(root.attrib)) == (f"{space}gexf", {"version": "1.3"})
    allowed = {
        "gexf": {"version"}, "meta": set(), "creator": set(), "graph": {"defaultedgetype", "mode"},
        "attributes": {"class", "mode"}, "attribute": {"id", "title", "type"}, "nodes": set(), "node": {"id", "label"},
        "edges": set(), "edge": {"id", "label", "source", "target"}, "attvalues": set(), "attvalue": {"for", "value"},
    }  # fmt: skip
    for element in root.iter():
        name = str(element.tag).removeprefix(space)
        assert set(map(str, element.attrib)) <= allowed[name]
    types = {element.get("type") for element in root.iter(f"{space}attribute")}
    assert types <= {"string", "long", "integer", "double", "boolean"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("turtel",), "no format is called 'turtel'; did you mean turtle"),
        (("turtle", "claim"), "no part is called 'claim'; did you mean claims"),
        (("graphml", "ontology"), "graphml holds claims and nothing else; leave out --only ontology"),
    ],
)
def test_unknown_formats_and_parts_are_told(arguments: tuple[str, ...], said: str) -> None:
    """A misspelt format or part gets its near match, and a part that a format has not is refused."""
    with pytest.raises(UsageError, match=said):
        export.require(*arguments)
