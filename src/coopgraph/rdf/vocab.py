"""The namespaces, the one prefix table, and the ontology's terms that the code names."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

BASE: Final = "https://w3id.org/coopgraph/"
"""The base of every IRI that coopgraph itself mints; it stands here and nowhere else in the code."""

ID: Final = f"{BASE}id/"
COOP: Final = f"{BASE}ontology#"

ENTITY_KINDS: Final = ("place", "organisation", "person", "event", "initiative", "post", "agreement")
"""Kinds of entity; each is a path segment of an identifier and a prefix."""

RECORD_KINDS: Final = ("source", "passage", "claim", "graph")
"""Kinds of record that a workspace mints beside its entities."""

CONCEPT_KINDS: Final = ("field", "status", "relation", "function", "feature", "measure", "change", "language")
"""Kinds of SKOS concept that the ontology brings."""

CONCEPT_CLASSES: Final = ("Field", "Function", "Feature", "Measure", "Status", "Change", "RelationGroup", "Language")
"""The classes of SKOS concepts that claims and their properties use, each with all its subclasses."""

STANDARD: Final = MappingProxyType(
    {
        "currency": "http://qudt.org/vocab/currency/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "geo": "http://www.opengis.net/ont/geosparql#",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "qudt": "http://qudt.org/schema/qudt/",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "sosa": "http://www.w3.org/ns/sosa/",
        "time": "http://www.w3.org/2006/time#",
        "unit": "http://qudt.org/vocab/unit/",
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

RDF: Final = STANDARD["rdf"]
RDFS: Final = STANDARD["rdfs"]
SKOS: Final = STANDARD["skos"]
XSD: Final = STANDARD["xsd"]

TYPE: Final = f"{RDF}type"
PREF_LABEL: Final = f"{SKOS}prefLabel"
ALT_LABEL: Final = f"{SKOS}altLabel"
LABEL: Final = f"{RDFS}label"

KIND_CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "entity": ("Entity",),
    "source": ("Source",),
    "passage": ("Passage",),
    "claim": ("Claim",),
    "status": ("Status",),
    "group": ("RelationGroup",),
    "field": ("Field",),
    "concept": CONCEPT_CLASSES,
    "any": ("Entity", "Source", "Passage", "Claim", *CONCEPT_CLASSES),
}
"""The classes of a kind of thing; that a thing is of a superclass too has been derived."""
DIRECT: Final = f"{ID}graph/direct"
"""The named graph of the plain triples that realised claims give."""
INFERRED: Final = f"{ID}graph/inferred"
"""The named graph of what the ontology implies beyond the direct triples."""
ONTOLOGY_GRAPH: Final = f"{ID}graph/ontology"
"""The named graph that holds the classes, properties and schemes."""
TALLIES: Final = f"{ID}graph/tallies"
"""The named graph of numbers of claims, counted once so that questions need not count them each time."""
LABELS: Final = f"{ID}graph/labels"
"""The named graph of the one text by which each thing is shown, chosen when the graph is built."""
MANIFEST: Final = f"{ID}graph/manifest"
"""The named graph in which a server is told what was pushed to it; it is no part of the content."""
WRITTEN: Final = f"{ID}graph/written"
"""The named graph that says how literals are written whose values alone the engine keeps."""
PRECOMPUTED: Final = (TALLIES, LABELS, WRITTEN)
"""What is worked out in advance for questions, and is no part of the graph as it is handed on."""
DERIVED: Final = (DIRECT, INFERRED, TALLIES, LABELS)
"""The named graphs that a build makes: by the rules under queries/derive/, and of labels."""
MADE: Final = (*DERIVED, WRITTEN, ONTOLOGY_GRAPH)
"""The named graphs that are made from no graph file of their own."""

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")
"""The languages of the page and of the ontology's labels."""

STATUSES: Final = ("realised", "planned", "potential", "ended", "denied")
HOPED_FOR: Final = ("planned", "potential")
"""The statuses of what a source intends or hopes for but does not report as being so."""


def prefixes(base: str = ID) -> dict[str, str]:
    """Return prefix -> namespace, the workspace's own identifiers under `base`.

    >>> prefixes()["place"]
    'https://w3id.org/coopgraph/id/place/'
    >>> prefixes("https://example.org/id/")["place"]
    'https://example.org/id/place/'
    >>> prefixes("https://example.org/id/")["field"]
    'https://w3id.org/coopgraph/id/field/'
    """
    table = dict(STANDARD)
    table |= {"coop": COOP, "shape": f"{BASE}shapes#", "advice": f"{BASE}advice#"}
    table |= {kind: f"{ID}{kind}/" for kind in CONCEPT_KINDS}
    table |= {kind: f"{base}{kind}/" for kind in ENTITY_KINDS + RECORD_KINDS}
    return dict(sorted(table.items()))


def coop(name: str) -> str:
    """Return the IRI of an ontology term.

    >>> coop("Claim")
    'https://w3id.org/coopgraph/ontology#Claim'
    """
    return COOP + name


def status_iri(name: str) -> str:
    """Return the IRI of a claim status, `realised`, `planned`, `potential`, `ended` or `denied`."""
    return f"{ID}status/{name}"


def relation_iri(name: str) -> str:
    """Return the IRI of a relation group, such as `cooperation`."""
    return f"{ID}relation/{name}"


def local_name(iri: str) -> str:
    """Return what follows the last `/` or `#`.

    >>> local_name("https://w3id.org/coopgraph/id/place/hong-kong")
    'hong-kong'
    """
    return iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
