"""What VoID and DCAT say of a graph that is exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.export.package import dataset
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Quad
from coopgraph.rdf.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.claims.model import Labels
    from coopgraph.export.counts import Counted
    from coopgraph.store.interface import Store

MEDIA_TYPES = {
    "turtle": "text/turtle", "trig": "application/trig", "nquads": "application/n-quads",
    "ntriples": "application/n-triples", "jsonld": "application/ld+json", "jsonld-graphs": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}  # fmt: skip
"""The RDF forms that a description of the graph names, with their media types."""
_REGISTRY = "https://www.iana.org/assignments/media-types/"


def description(store: Store, counted: Counted) -> list[Quad]:
    """Return what VoID and DCAT say of the exported data: title, maker, licence, forms, counts, classes, sources."""
    node = NamedNode(dataset(store))
    about = _About(node, store.prefixes)
    about.iri("rdf:type", vocab.STANDARD["void"] + "Dataset")
    about.iri("rdf:type", vocab.STANDARD["dcat"] + "Dataset")
    about.texts("dcterms:title", store.manifest.get("titles"), store.manifest.get("title"))
    about.texts("dcterms:description", store.manifest.get("descriptions"), store.manifest.get("description"))
    about.iri("dcterms:license", store.manifest.get("license"))
    about.iri("dcterms:creator", store.manifest.get("creator"))
    about.text("dcat:version", store.manifest.get("version"))
    about.date("dcterms:modified", store.manifest.get("modified"))
    about.text("dcterms:identifier", node.value)
    for name, media_type in MEDIA_TYPES.items():
        form = _About(NamedNode(f"{node.value}/{name}"), store.prefixes)
        form.iri("rdf:type", vocab.STANDARD["dcat"] + "Distribution")
        form.iri("dcat:mediaType", _REGISTRY + media_type)
        form.iri("dcterms:license", store.manifest.get("license"))
        about.iri("dcat:distribution", form.node.value)
        about.quads += form.quads
    about.iri("dcterms:conformsTo", vocab.BASE + "ontology")
    about.count("void:triples", counted.triples)
    about.count("void:distinctSubjects", counted.subjects)
    about.count("void:properties", len(counted.predicates))
    about.count("void:classes", len(counted.classes))
    about.iri("void:vocabulary", vocab.COOP)
    for source in sorted(counted.sources):
        about.iri("prov:wasDerivedFrom", source.strip("<>"))
    for kind in sorted(name for name in counted.classes if name.startswith(f"<{vocab.COOP}")):
        part = _About(NamedNode(f"{node.value}/{vocab.local_name(kind[1:-1])}"), store.prefixes)
        part.iri("void:class", kind[1:-1])
        part.count("void:entities", counted.classes[kind])
        about.iri("void:classPartition", part.node.value)
        about.quads += part.quads
    return about.quads


class _About:
    """The quads about one node, as far as there is something to say."""

    def __init__(self, node: NamedNode, prefixes: Mapping[str, str]) -> None:
        self.node, self._prefixes = node, prefixes
        self.quads: list[Quad] = []

    def iri(self, name: str, iri: str | None) -> None:
        if iri:
            self._add(name, NamedNode(iri))

    def text(self, name: str, text: str | None) -> None:
        if text:
            self._add(name, Literal(text))

    def texts(self, name: str, by_language: Labels | None, text: str | None) -> None:
        """Add a text in each of its languages, or the one there is, whose language nobody says."""
        for language, each in (by_language or {}).items():
            self._add(name, Literal(each, language=language))
        if not by_language:
            self.text(name, text)

    def date(self, name: str, day: str | None) -> None:
        if day:
            self._add(name, Literal(day, datatype=NamedNode(XSD + "date")))

    def count(self, name: str, number: int) -> None:
        self._add(name, Literal(str(number), datatype=NamedNode(XSD + "integer")))

    def _add(self, name: str, term: NamedNode | Literal) -> None:
        prefix, _, local = name.partition(":")
        self.quads.append(Quad(self.node, NamedNode(self._prefixes[prefix] + local), term))
