"""The ontology: FAIR header, labels and definitions everywhere, nothing dangling, every file in canonical form."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, VANN

from coopgraph.claims.workspace import find
from coopgraph.export import turtle
from coopgraph.rdf import vocab
from coopgraph.rdf.turtle import read as read_turtle

ROOT = Path(__file__).parents[1]
COOP = Namespace(vocab.COOP)
FILES = sorted((ROOT / "ontology").glob("*.ttl"))
INVENTED = sorted(path for name in ("tiny", "decade") for path in (ROOT / "tests" / name / "graphs").glob("*.ttl"))
TURTLE = sorted([*FILES, *(ROOT / "graphs").rglob("*.ttl"), *INVENTED])
CLASSES = (
    "Claim",
    "Observation",
    "Passage",
    "Source",
    "Entity",
    "Place",
    "Organisation",
    "Person",
    "Initiative",
    "Event",
    "Post",
)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in find(ROOT).ontology_files():
        graph.parse(path)
    return graph


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_committed_turtle_is_canonical(path: Path) -> None:
    """Writing the triples of a committed Turtle file gives the file byte for byte, so one change is one hunk."""
    base = "https://example.org/id/" if path in INVENTED else vocab.ID
    assert turtle.write(read_turtle(path), vocab.prefixes(base)) == path.read_text("utf-8")


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_committed_turtle_has_no_blank_nodes(path: Path) -> None:
    """No committed Turtle file has a blank node, so that everything can be named from outside."""
    graph = Graph().parse(path)
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_header_is_fair(path: Path) -> None:
    """Each ontology file says title, description, creator, dates, licence, version and how to cite it."""
    graph = Graph().parse(path)
    (node,) = graph.subjects(RDF.type, OWL.Ontology)
    wanted = [DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.created, DCTERMS.modified, DCTERMS.license]
    for predicate in [*wanted, DCTERMS.bibliographicCitation, OWL.versionIRI, OWL.versionInfo]:
        assert graph.value(node, predicate) is not None, predicate
    if path.name == "coop.ttl":
        assert graph.value(node, VANN.preferredNamespacePrefix) == Literal("coop")
        assert graph.value(node, VANN.preferredNamespaceUri) == Literal(vocab.COOP)


def test_every_term_has_label_and_definition_in_three_languages_and_a_home(ontology: Graph) -> None:
    """Every class, property and concept has a home, and one label and definition in English and each Chinese script."""
    own = {s for s in ontology.subjects() if str(s).startswith((vocab.COOP, f"{vocab.ID}"))}
    assert len(own) > 100
    for term in own:
        label = SKOS.prefLabel if str(term).startswith(vocab.ID) else RDFS.label
        for text in (label, SKOS.definition):
            languages = sorted(str(value.language).lower() for value in ontology.objects(term, text))
            assert languages == ["en", "zh-hans", "zh-hant"], term
        assert ontology.value(term, RDFS.isDefinedBy), term


def test_labels_of_properties_and_classes_are_unique(ontology: Graph) -> None:
    """No two properties and no two classes share an English label, so that a label names one thing."""
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.Class):
        terms = [t for t in ontology.subjects(RDF.type, kind) if str(t).startswith(vocab.COOP)]
        labels = [str(label) for t in terms for label in ontology.objects(t, RDFS.label) if label.language == "en"]
        assert len(labels) == len(set(labels)) == len(terms)


def test_nothing_dangles(ontology: Graph) -> None:
    """Every IRI that stands for a class, property or concept is declared in the ontology files."""
    builtin = (str(OWL), str(RDF), str(RDFS), vocab.XSD)
    declared = set(ontology.subjects(RDF.type))
    used = {p for p in ontology.predicates() if not str(p).startswith(builtin)}
    pointing = [RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf, SKOS.broader]
    for predicate in [*pointing, SKOS.inScheme, SKOS.topConceptOf, SKOS.closeMatch, COOP.relationGroup]:
        used |= {
            o for o in ontology.objects(None, predicate) if isinstance(o, URIRef) and not str(o).startswith(builtin)
        }
    assert used - declared == set()


def test_every_claim_property_has_a_relation_group_domain_and_range(ontology: Graph) -> None:
    """What can be the predicate of a claim has exactly one relation group, one domain and one range."""
    groups = set(ontology.subjects(SKOS.inScheme, URIRef(f"{vocab.ID}relation")))
    properties = list(ontology.subjects(COOP.relationGroup))
    assert len(properties) > 40
    for term in properties:
        assert set(ontology.objects(term, COOP.relationGroup)) <= groups
        for predicate in (COOP.relationGroup, RDFS.domain, RDFS.range):
            assert len(list(ontology.objects(term, predicate))) == 1, (term, predicate)
    assert {ontology.value(term, COOP.relationGroup) for term in properties} == groups


def test_every_claim_property_is_an_act_or_a_state(ontology: Graph) -> None:
    """Each property that claims have says whether words such as "plans to" move its status, and nothing else does."""
    properties = set(ontology.subjects(COOP.relationGroup))
    assert set(ontology.subjects(COOP.modality)) == properties
    kinds = {term: [str(kind) for kind in ontology.objects(term, COOP.modality)] for term in properties}
    assert {tuple(kind) for kind in kinds.values()} == {("act",), ("state",)}
    assert kinds[COOP.cooperatesWith] == kinds[COOP.supports] == ["act"]
    assert kinds[COOP.partOf] == kinds[COOP.officeOf] == ["state"]


def test_the_ontology_is_owl_2_dl_but_for_reification(ontology: Graph) -> None:
    """Each property is of one kind, each range is a datatype of OWL 2, and of RDF's own words only those of reification
    are described: what a reasoner of OWL 2 DL takes.
    """
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    properties = {kind: set(ontology.subjects(RDF.type, kind)) for kind in kinds}
    assert all(properties[one].isdisjoint(properties[other]) for one in kinds for other in kinds if one != other)
    datatypes = {RDFS.Literal, RDF.PlainLiteral, XSD.boolean, XSD.decimal, XSD.integer, XSD.string}
    for term in properties[OWL.DatatypeProperty]:
        assert set(ontology.objects(term, RDFS.range)) <= datatypes, term
    reserved = {s for s in ontology.subjects(RDF.type) if str(s).startswith((str(RDF), str(RDFS), str(OWL), vocab.XSD))}
    assert reserved == {RDF.Statement, RDF.subject, RDF.predicate, RDF.object}
    for one, other in ontology.subject_objects(RDFS.subPropertyOf):
        assert any({one, other} <= properties[kind] for kind in kinds), one


def test_kinds_are_disjoint(ontology: Graph) -> None:
    """No two kinds of entity and no two of record have a thing in common, so that a reasoner finds a mistake."""
    groups = [
        set(Collection(ontology, ontology.value(n, OWL.members)))
        for n in ontology.subjects(RDF.type, OWL.AllDisjointClasses)
    ]
    kinds = set(ontology.subjects(RDFS.subClassOf, COOP.Entity)) - {COOP.Actor}
    assert kinds | set(ontology.subjects(RDFS.subClassOf, COOP.Actor)) in groups
    assert {COOP.Entity, COOP.Claim, COOP.Passage, COOP.Source, SKOS.Concept} in groups


def test_what_is_counted_stands_in_a_module_of_its_own() -> None:
    """The terms of tallies are defined in a file of their own, and nothing in the others uses one."""
    others = Graph()
    for path in FILES:
        if path.name != "tallies.ttl":
            others.parse(path)
    assert not [term for triple in others for term in triple if str(term).startswith(vocab.COOP + "tally")]
    assert len(set(Graph().parse(ROOT / "ontology" / "tallies.ttl").subjects())) > 20


def test_schemes_are_whole(ontology: Graph) -> None:
    """Every concept is in one scheme and is its top or has a broader concept in it; the statuses are the five."""
    for concept in ontology.subjects(RDF.type, SKOS.Concept):
        (scheme,) = ontology.objects(concept, SKOS.inScheme)
        broader = ontology.value(concept, SKOS.broader)
        assert ontology.value(concept, SKOS.topConceptOf) == scheme or ontology.value(broader, SKOS.inScheme) == scheme
    statuses = {vocab.local_name(str(s)) for s in ontology.subjects(RDF.type, COOP.Status)}
    assert statuses == set(vocab.STATUSES)


def test_code_and_ontology_name_the_same_terms(ontology: Graph) -> None:
    """The classes that the code names are in the ontology, and every kind of concept has its scheme."""
    for name in CLASSES:
        assert (COOP[name], RDF.type, OWL.Class) in ontology
    for kind in vocab.CONCEPT_KINDS:
        assert (URIRef(f"{vocab.ID}{kind}"), RDF.type, SKOS.ConceptScheme) in ontology


def test_invented_graphs_have_one_of_everything(ontology: Graph) -> None:
    """The small hand-written graphs use every class of entity and every property that a claim can have."""
    tiny = Graph()
    for path in INVENTED:
        tiny.parse(path)
    used = set(tiny.objects(None, RDF.predicate))
    assert set(ontology.subjects(COOP.relationGroup)) - used == set()
    leaves = set(ontology.transitive_subjects(RDFS.subClassOf, COOP.Entity)) - {COOP.Entity, COOP.Actor}
    assert leaves - set(tiny.objects(None, RDF.type)) == set()


def test_deprecated_terms_say_what_replaces_them(ontology: Graph) -> None:
    """Each deprecated term names another of its kind, which is not deprecated itself, in its stead."""
    deprecated = set(ontology.subjects(OWL.deprecated))
    assert COOP.mainInvestorIn in deprecated
    for term in deprecated:
        (instead,) = ontology.objects(term, DCTERMS.isReplacedBy)
        assert instead not in deprecated, term
        assert str(instead).rpartition("/")[0] == str(term).rpartition("/")[0], term
        assert ontology.value(instead, RDFS.isDefinedBy), term
