"""The rdflib Dataset: what holds for rdflib's own holds for it, and it neither changes nor leaves the store."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from rdflib import RDF, SKOS, Dataset, Graph, Literal, Namespace, URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery

from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import QueryError
from coopgraph.rdf.vocab import PRECOMPUTED

COOP = Namespace("https://w3id.org/coopgraph/ontology#")
ID = Namespace("https://example.org/id/")
PLACE = ID["place/eastport"]
CLAIMS = "SELECT ?claim { ?claim a coop:Claim }"


@pytest.fixture(scope="module")
def dataset(small_graph: CoopGraph) -> Dataset:
    return small_graph.dataset()


def test_plain_strings_equal_plain_literals(dataset: Dataset) -> None:
    """A string without language is the literal that people write, in patterns, values and rows."""
    assert dataset.value(ID["source/note"], COOP.textFile) == Literal("note.txt")
    assert (ID["source/note"], COOP.textFile, Literal("note.txt")) in dataset
    ((text,),) = dataset.query("SELECT ?text { source:note coop:textFile ?text }")
    assert text == Literal("note.txt")
    assert text.datatype is None
    constructed = dataset.query("CONSTRUCT { ?s ?p ?o } { ?s coop:textFile ?o . BIND(coop:textFile AS ?p) }").graph
    assert set(constructed) == {(ID["source/note"], COOP.textFile, Literal("note.txt"))}


def test_languages_and_datatypes_are_kept(dataset: Dataset) -> None:
    """Labels have their languages, numbers and dates their datatypes."""
    labels = {str(label): label.language for label in dataset.objects(PLACE, SKOS.prefLabel)}
    assert labels == {"Eastport": "en", "东港": "zh-hans", "東港": "zh-hant"}
    assert dataset.value(ID["passage/note-p1"], COOP.paragraph).toPython() == 1
    assert dataset.value(ID["claim/note-1"], COOP.validFrom).toPython().year == 2014


def test_the_default_graph_is_the_union(dataset: Dataset) -> None:
    """Patterns and queries see all graphs at once, and each graph by itself where it is named."""
    assert len(list(dataset.query(CLAIMS))) == 2
    assert (PLACE, RDF.type, COOP.City) in dataset
    assert (PLACE, COOP.cooperatesWith, ID["place/westport"]) in dataset
    places = dataset.graph(ID["graph/places"])
    assert (PLACE, RDF.type, COOP.City) in places
    assert len(list(places.query("SELECT ?claim { ?claim a coop:Claim }"))) == 0
    assert len(places) == 12
    found = list(dataset.query("SELECT ?g { GRAPH ?g { ?claim a coop:Claim } }"))
    assert {row.g for row in found} == {ID["graph/note"]}


def test_graphs_and_quads_are_those_of_the_store(dataset: Dataset, small_graph: CoopGraph) -> None:
    """The graphs of the dataset are those of the store, and its quads say in which each triple stands."""
    named = {str(graph.identifier) for graph in dataset.graphs()} - {"urn:x-rdflib:default"}
    assert named == set(small_graph.store.graphs())
    quads = set(dataset.quads((PLACE, RDF.type, COOP.City, None)))
    assert {(s, o, getattr(g, "identifier", g)) for s, _, o, g in quads} == {(PLACE, COOP.City, ID["graph/places"])}
    assert len(dataset) == len(set(small_graph.store.quads()))


def test_from_chooses_a_graph(dataset: Dataset) -> None:
    """FROM restricts a query to the graph it names, with bound variables too."""
    assert (
        len(list(dataset.query("SELECT ?claim FROM <https://example.org/id/graph/note> { ?claim a coop:Claim }"))) == 2
    )
    assert len(list(dataset.query("SELECT ?claim FROM graph:places { ?claim a coop:Claim }"))) == 0
    query = "SELECT ?claim ?status FROM graph:note { ?claim coop:status ?status }"
    rows = dataset.query(query, initBindings={"claim": ID["claim/note-2"]})
    assert [str(row.status) for row in rows] == ["https://w3id.org/coopgraph/id/status/potential"]
    named = "SELECT ?g FROM NAMED graph:note { GRAPH ?g { ?s a ?class } }"
    assert {row.g for row in dataset.query(named)} == {ID["graph/note"]}


@pytest.mark.parametrize("name", ["claim", Variable("claim")])
def test_variables_can_be_bound(dataset: Dataset, name: str) -> None:
    """A variable is bound by its name as text or as a variable."""
    rows = dataset.query("SELECT ?claim ?type { ?claim a ?type }", initBindings={name: ID["claim/note-1"]})
    assert [tuple(row) for row in rows] == [(ID["claim/note-1"], COOP.Claim)]


def test_every_form_of_query_is_answered(dataset: Dataset) -> None:
    """SELECT gives rows again and again, ASK a truth value, CONSTRUCT and DESCRIBE graphs."""
    selected = dataset.query(CLAIMS + " ORDER BY ?claim")
    assert selected.vars == [Variable("claim")]
    assert (
        [row.claim for row in selected] == [row.claim for row in selected] == [ID["claim/note-1"], ID["claim/note-2"]]
    )
    assert len(selected) == 2
    assert dataset.query("ASK { ?claim a coop:Claim }").askAnswer is True
    assert not dataset.query("ASK { ?claim a coop:Nothing }")
    constructed = dataset.query("CONSTRUCT WHERE { ?claim a coop:Claim }").graph
    assert isinstance(constructed, Graph)
    assert len(constructed) == 2
    assert (PLACE, RDF.type, COOP.City) in dataset.query("DESCRIBE place:eastport").graph


def test_prepared_queries_are_answered_as_texts_are(dataset: Dataset) -> None:
    """A prepared query gives what its text gives, with its own prefixes and bound variables."""
    text = "SELECT ?x ?type { ?x a ?type . ?x c:status ?status }"
    prepared = prepareQuery(text, initNs={"c": COOP})
    assert len(list(dataset.query(prepared))) == 2
    assert len(list(dataset.query(prepared, initBindings={"x": ID["claim/note-1"]}))) == 1
    assert prepareQuery("ASK { ?s a <https://w3id.org/coopgraph/ontology#City> }") is not None
    assert dataset.query(prepareQuery("ASK { ?s a <https://w3id.org/coopgraph/ontology#City> }")).askAnswer


@pytest.mark.parametrize("prepare", [str, prepareQuery])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "PREFIX e: <http://127.0.0.1:1/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    ],
)
def test_service_is_refused_prepared_or_not(dataset: Dataset, query: str, prepare: type) -> None:
    """No query asks another server, not even one that was prepared."""
    with pytest.raises(QueryError, match="SERVICE would ask another server"):
        dataset.query(prepare(query))


@pytest.mark.parametrize("prepare", [str, prepareQuery])
@pytest.mark.parametrize("named", ["", "NAMED"])
def test_from_a_file_reads_no_file(
    dataset: Dataset, small_graph: CoopGraph, named: str, prepare: type, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """FROM a file is told as `graph.query` tells it: there is no such graph in the store."""
    path = tmp_path_factory.mktemp("secret") / "secret.ttl"
    path.write_text("<http://x/s> <http://x/p> 'secret' .")
    text = f"SELECT * FROM {named} <{path.as_uri()}> {{ ?s ?p ?o }}"
    for ask in (dataset.query, dataset.graph(ID["graph/places"]).query):
        with pytest.raises(QueryError, match=r"secret.ttl>: there is no such graph in the store"):
            ask(prepare(text))
    with pytest.raises(QueryError, match=r"secret.ttl>: there is no such graph in the store"):
        small_graph.query(text)


_GRAPHS = [
    lambda d: d,
    lambda d: d.default_graph,
    lambda d: d.graph(ID["graph/places"]),
    lambda d: d.get_context(ID["graph/places"]),
    lambda d: next(iter(d.graphs())),
    lambda d: next(iter(d.graphs((PLACE, RDF.type, COOP.City)))),
    lambda d: d.resource(PLACE).graph,
    copy.copy,
    lambda d: copy.copy(d.graph(ID["graph/places"])),
]


@pytest.mark.parametrize("choose", _GRAPHS)
def test_no_other_engine_is_asked(dataset: Dataset, choose: Callable[[Dataset], Graph]) -> None:
    """rdflib's own engine, which reads files and asks servers, is refused for the dataset and each graph of it."""
    graph = choose(dataset)
    service = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
    for ask in (
        lambda: graph.query(service, use_store_provided=False),
        lambda: graph.query(service, "sparql", "sparql", None, None, False),
        lambda: graph.update("LOAD <http://127.0.0.1:1/>", use_store_provided=False),
        lambda: graph.parse("http://127.0.0.1:1/"),
    ):
        with pytest.raises(TypeError, match=r"by the store of this Dataset alone|is read-only"):
            ask()


@pytest.mark.parametrize("form", [b"ASK {}", None, 1, parseQuery, lambda q: translateQuery(parseQuery(q))])
def test_a_query_is_a_text_or_prepared(dataset: Dataset, form: object) -> None:
    """Other forms of a query, of which the text cannot be had, are refused with what to give instead."""
    query = form("SELECT * { ?s ?p ?o }") if callable(form) else form
    with pytest.raises(TypeError, match="a query is a text, or what prepareQuery makes of one"):
        dataset.query(query)


def test_what_is_wrong_is_told_as_everywhere(dataset: Dataset) -> None:
    """A query that is no SPARQL, or binds what is no term, is told in the words of `graph.query`."""
    with pytest.raises(QueryError, match="1:1: SELEKT is no word of SPARQL; did you mean SELECT"):
        dataset.query("SELEKT * { ?s ?p ?o }")
    with pytest.raises(TypeError, match="'eastport' is no RDF term; bind a variable to a URIRef"):
        dataset.query("SELECT ?s { ?s ?p ?o }", initBindings={"s": "eastport"})


def test_a_prepared_query_keeps_its_base(dataset: Dataset) -> None:
    """Relative IRIs of a prepared query are those of the base that it was prepared with."""
    prepared = prepareQuery("SELECT ?type { <place/eastport> a ?type }", base=str(ID))
    assert COOP.City in {row.type for row in dataset.query(prepared)}


def test_prefixes_are_those_of_the_query_then_those_of_the_dataset(small_graph: CoopGraph) -> None:
    """A prefix given with a query counts before the dataset's, which a program may add to."""
    dataset = small_graph.dataset()
    dataset.bind("x", ID["place/"])
    assert dataset.query("ASK { x:eastport a coop:City }").askAnswer
    assert not dataset.query("ASK { place:eastport a coop:City }", initNs={"place": ID["claim/"]}).askAnswer


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.add((PLACE, RDF.type, COOP.Claim)),
        lambda d: d.addN([(PLACE, RDF.type, COOP.Claim, d.graph(ID["graph/note"]))]),
        lambda d: d.remove((None, None, None)),
        lambda d: d.update("INSERT DATA { <http://x/s> <http://x/p> 1 }"),
        lambda d: d.update("LOAD <file:///etc/passwd>"),
        lambda d: d.update("CLEAR ALL"),
        lambda d: d.parse(data="<http://x/s> <http://x/p> 1 .", format="turtle"),
        lambda d: d.graph(URIRef("http://x/new")).add((PLACE, RDF.type, COOP.Claim)),
        lambda d: d.remove_graph(ID["graph/note"]),
        lambda d: d.graph(ID["graph/note"]).set((PLACE, RDF.type, COOP.Claim)),
    ],
)
def test_nothing_is_written(dataset: Dataset, change: object) -> None:
    """Every way of changing the dataset is refused, and nothing has changed."""
    before = len(dataset)
    with pytest.raises(TypeError, match="read-only"):
        change(dataset)  # type: ignore[operator]
    assert len(dataset) == before


def test_prefixes_of_the_workspace_are_bound(dataset: Dataset) -> None:
    """The prefix table is that of the workspace, so that a query needs to declare none."""
    namespaces = dict(dataset.namespaces())
    assert namespaces["place"] == URIRef("https://example.org/id/place/")
    assert namespaces["coop"] == URIRef(str(COOP))
    assert dataset.namespace_manager.normalizeUri(PLACE) == "place:eastport"


def test_it_can_be_copied_and_agrees_with_the_export(dataset: Dataset, small_graph: CoopGraph) -> None:
    """The triples of all graphs are those of the Turtle export; the one has tallies, the other selectors."""
    own, exported = Graph(), Graph()
    own += ((s, p, o) for s, p, o, g in dataset.quads((None, None, None, None)) if str(g) not in PRECOMPUTED)
    exported.parse(data=small_graph.export("turtle"), format="turtle")
    for subject in {s for s in exported.subjects() if str(s).startswith(str(ID["dataset"])) or "#position" in str(s)}:
        exported.remove((subject, None, None))
    exported.remove((None, URIRef("http://www.w3.org/ns/oa#hasSelector"), None))
    assert set(own) == set(exported)


def test_the_dataset_outlives_the_graph_that_gave_it(small_built: object) -> None:
    """A dataset can be asked after the graph object that gave it has gone."""
    found = load(small_built).dataset()  # type: ignore[arg-type]
    assert len(list(found.query(CLAIMS))) == 2
