"""The graph in other forms: `FORMATS` has one small writer each, all of them byte-stable."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from coopgraph import network, turtle, vocab
from coopgraph.errors import UsageError, unknown
from coopgraph.model import Claim, Extract, Quantity
from coopgraph.records import entity_classes, extract
from coopgraph.results import NOT_XML
from coopgraph.terms import Literal, NamedNode, Quad, Triple, curie, value
from coopgraph.vocab import TYPE, XSD, coop

if TYPE_CHECKING:
    import networkx as nx

    from coopgraph.store import Store

Prefixes: TypeAlias = Mapping[str, str]

PARTS = ("claims", "direct", "inferred", "entities", "ontology")
"""What `only` can choose: claims with passages and sources, direct or inferred triples, entities, or the ontology."""

_OWN_GRAPHS = {"direct": vocab.DIRECT, "inferred": vocab.INFERRED, "ontology": vocab.ONTOLOGY_GRAPH}
_RECORDS = ("Claim", "Observation", "Passage", "Source")


def export(store: Store, format_: str, out: IO[str], only: str | None = None) -> None:
    """Write the graph, or one of `PARTS` of it, in one of `FORMATS` to a text stream.

    Raises `UsageError` for an unknown format or part, or a part that a format does not have.
    """
    require(format_, only)
    if format_ in CLAIM_FORMATS:
        out.writelines(CLAIM_FORMATS[format_](extract(store)))
    else:
        out.writelines(RDF_FORMATS[format_](quads(store, only), store.prefixes))


def require(format_: str, only: str | None = None) -> None:
    """Raise `UsageError` where there is no such format or part, or a format does not have the part."""
    if format_ not in FORMATS:
        raise UsageError(unknown("format", format_, FORMATS))
    if only is not None and only not in PARTS:
        raise UsageError(unknown("part", only, PARTS))
    if format_ in CLAIM_FORMATS and only not in (None, "claims"):
        raise UsageError(f"{format_} holds claims and nothing else; leave out --only {only}, or choose an RDF format")


def quads(store: Store, only: str | None = None) -> list[Quad]:
    """Return the quads of the graph or one part of it, sorted, with a description of it in the default graph."""
    chosen = sorted(_chosen(store, only), key=lambda q: (value(q.graph_name), str(q.triple)))
    return [*(Quad(t.subject, t.predicate, t.object) for t in description(store, chosen)), *chosen]


def _chosen(store: Store, only: str | None) -> Iterator[Quad]:
    if only in _OWN_GRAPHS:
        yield from store.quads(graph=_OWN_GRAPHS[only])
        return
    classes = {coop(name) for name in _RECORDS} if only == "claims" else entity_classes(store)
    wanted = {q.subject for q in store.quads(predicate=TYPE) if value(q.object) in classes} if only else set()
    for graph in store.graphs():
        if graph != vocab.TALLIES and (only is None or graph not in _OWN_GRAPHS.values()):
            yield from (quad for quad in store.quads(graph=graph) if only is None or quad.subject in wanted)


def description(store: Store, chosen: Iterable[Quad]) -> list[Triple]:
    """Return what VoID and DCAT say of the exported data: title, licence, counts, classes, sources."""
    chosen = list(chosen)
    node = NamedNode(f"{store.manifest.get('base', vocab.ID)}dataset")
    types = Counter(value(quad.object) for quad in chosen if quad.predicate.value == TYPE)
    about = _About(node, store.prefixes)
    about.iri("rdf:type", vocab.STANDARD["void"] + "Dataset")
    about.iri("rdf:type", vocab.STANDARD["dcat"] + "Dataset")
    about.text("dcterms:title", store.manifest.get("title"))
    about.text("dcterms:description", store.manifest.get("description"))
    about.iri("dcterms:license", store.manifest.get("license"))
    about.iri("dcterms:conformsTo", vocab.BASE + "ontology")
    about.count("void:triples", len(chosen))
    about.count("void:distinctSubjects", len({quad.subject for quad in chosen}))
    about.count("void:properties", len({quad.predicate for quad in chosen}))
    about.count("void:classes", len(types))
    about.iri("void:vocabulary", vocab.COOP)
    for source in sorted({value(q.object) for q in chosen if q.predicate.value == vocab.STANDARD["oa"] + "hasSource"}):
        about.iri("prov:wasDerivedFrom", source)
    for kind in sorted(name for name in types if name.startswith(vocab.COOP)):
        part = _About(NamedNode(f"{node.value}/{vocab.local_name(kind)}"), store.prefixes)
        part.iri("void:class", kind)
        part.count("void:entities", types[kind])
        about.iri("void:classPartition", part.node.value)
        about.triples += part.triples
    return about.triples


class _About:
    """The triples about one node, as far as there is something to say."""

    def __init__(self, node: NamedNode, prefixes: Mapping[str, str]) -> None:
        self.node, self._prefixes = node, prefixes
        self.triples: list[Triple] = []

    def iri(self, name: str, iri: str | None) -> None:
        if iri:
            self._add(name, NamedNode(iri))

    def text(self, name: str, text: str | None) -> None:
        if text:
            self._add(name, Literal(text))

    def count(self, name: str, number: int) -> None:
        self._add(name, Literal(str(number), datatype=NamedNode(XSD + "integer")))

    def _add(self, name: str, term: NamedNode | Literal) -> None:
        prefix, _, local = name.partition(":")
        self.triples.append(Triple(self.node, NamedNode(self._prefixes[prefix] + local), term))


def _turtle(found: list[Quad], prefixes: Prefixes) -> Iterator[str]:
    yield turtle.write({quad.triple for quad in found}, prefixes)


def _trig(found: list[Quad], prefixes: Prefixes) -> Iterator[str]:
    yield turtle.write_trig(found, prefixes)


def _nquads(found: list[Quad], prefixes: Prefixes) -> Iterator[str]:
    yield from (f"{line}\n" for line in sorted({turtle.line(quad) for quad in turtle.stable(found)}))


def _ntriples(found: list[Quad], prefixes: Prefixes) -> Iterator[str]:
    yield from _nquads([Quad(q.subject, q.predicate, q.object) for q in found], prefixes)


def _rdfxml(found: list[Quad], prefixes: Prefixes) -> Iterator[str]:
    """Write RDF/XML; a carriage return needs a reference to survive, and what XML 1.0 cannot hold becomes U+FFFD."""
    triples = sorted({quad.triple for quad in turtle.stable(found)}, key=str)
    for triple in triples:
        if not re.search(r"[^\W\d][\w.-]*$", triple.predicate.value):
            raise UsageError(
                f"RDF/XML has no way to write the property <{triple.predicate.value}>; choose another format"
            )
    text = turtle.rdfxml(triples, prefixes).replace("\r", "&#13;")
    text = re.sub(r'(?<=xml:lang=")[A-Za-z0-9-]+(?=")', lambda match: turtle.language_tag(match.group()), text)
    yield NOT_XML.sub("\ufffd", text)


def _jsonld(found: list[Quad], prefixes: Prefixes) -> Iterator[str]:
    """Write JSON-LD: a context of the prefixes, the default graph's nodes, and each named graph with its nodes."""
    prefixes = _without_schemes(found, prefixes)
    graphs: dict[str, dict[str, dict[str, Any]]] = {}
    for quad in sorted(turtle.stable(found), key=str):
        nodes = graphs.setdefault(getattr(quad.graph_name, "value", ""), {})
        subject = _jsonld_id(quad.subject, prefixes)
        node = nodes.setdefault(subject, {"@id": subject})
        if quad.predicate.value == TYPE:
            node.setdefault("@type", []).append(_jsonld_id(quad.object, prefixes))
        else:
            node.setdefault(_jsonld_id(quad.predicate, prefixes), []).append(_jsonld_value(quad.object, prefixes))
    default = list(graphs.pop("", {}).values())
    named = [
        {"@id": _jsonld_iri(name, prefixes), "@graph": list(nodes.values())} for name, nodes in sorted(graphs.items())
    ]
    yield json.dumps({"@context": dict(prefixes), "@graph": default + named}, ensure_ascii=False, indent=1) + "\n"


def _without_schemes(found: Iterable[Quad], prefixes: Prefixes) -> Prefixes:
    """Leave out prefixes that IRIs have as their scheme: JSON-LD would take `geo:41.8,123.4` for a prefixed name."""
    schemes = {node.value.partition(":")[0] for quad in found for node in quad if isinstance(node, NamedNode)}
    return {prefix: namespace for prefix, namespace in prefixes.items() if prefix not in schemes}


def _jsonld_iri(iri: str, prefixes: Prefixes) -> str:
    return curie(iri, prefixes) or iri


def _jsonld_id(term: Any, prefixes: Prefixes) -> str:
    return _jsonld_iri(value(term), prefixes) if isinstance(term, NamedNode) else str(term)


def _jsonld_value(term: Any, prefixes: Prefixes) -> dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _jsonld_id(term, prefixes)}
    if term.language:
        return {"@value": value(term), "@language": turtle.language_tag(term.language)}
    if term.datatype.value == XSD + "string":
        return {"@value": value(term)}
    return {"@value": value(term), "@type": _jsonld_iri(term.datatype.value, prefixes)}


RDF_FORMATS: Mapping[str, Callable[[list[Quad], Prefixes], Iterator[str]]] = {
    "turtle": _turtle,
    "trig": _trig,
    "nquads": _nquads,
    "ntriples": _ntriples,
    "jsonld": _jsonld,
    "rdfxml": _rdfxml,
}


def _graphml(extracted: Extract) -> Iterator[str]:
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(prettyprint=True)
    writer.add_graph_element(_flat(extracted))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield str(writer).replace("\r", "&#13;") + "\n"  # a reader takes a bare carriage return for a line feed


def _gexf(extracted: Extract) -> Iterator[str]:
    import networkx as nx

    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    text = "\n".join(nx.generate_gexf(_flat(extracted)))
    yield re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1) + "\n"  # NetworkX writes today's date


def _node_link(extracted: Extract) -> Iterator[str]:
    import networkx as nx

    yield (
        json.dumps(nx.node_link_data(network.to_networkx(extracted), edges="edges"), ensure_ascii=False, indent=1)
        + "\n"
    )


def _flat(extracted: Extract) -> nx.MultiDiGraph[str]:
    """Return the network with each tuple as one text, for formats without lists, and text that XML can hold."""
    graph = network.to_networkx(extracted)
    for _, _, claim, attributes in graph.edges(keys=True, data=True):
        attributes["claim"] = claim
    for attributes in (*(data for _, data in graph.nodes(data=True)), *(data for *_, data in graph.edges(data=True))):
        for name, held in attributes.items():
            attributes[name] = _xml_text(" | ".join(map(str, held)) if isinstance(held, tuple) else held)
    graph.graph = {name: _xml_text(held) for name, held in graph.graph.items()}
    return graph


def _xml_text(held: Any) -> Any:
    return NOT_XML.sub("\ufffd", held) if isinstance(held, str) else held


CSV_COLUMNS = (
    "claim", "subject", "subject_label", "predicate", "predicate_label", "object", "object_label", "value", "unit",
    "status", "group", "fields", "speakers", "occasions", "relayers", "valid_from", "valid_from_precision", "valid_to",
    "valid_to_precision", "as_of", "as_of_precision", "share_of", "source", "source_title", "passages", "paragraphs",
    "gist",
)  # fmt: skip


def _csv(extracted: Extract) -> Iterator[str]:
    """Write one row a claim, observations included; several values in a cell are parted by ` | `."""
    buffer = StringIO()
    writer = csv.DictWriter(buffer, CSV_COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    for claim in extracted.claims:
        writer.writerow({name: cell for name, cell in _row(claim, extracted).items() if cell is not None})
    yield buffer.getvalue()


def _row(claim: Claim, extracted: Extract) -> dict[str, Any]:
    def labels(iris: Iterable[str]) -> str:
        return " | ".join(extracted.terms[iri].label for iri in iris)

    target = claim.object
    stated = [extracted.passages[iri] for iri in claim.passages]
    row = {name: getattr(claim, name) for name in CSV_COLUMNS if name.startswith("valid_")} | {
        "claim": claim.iri,
        "subject": claim.subject,
        "subject_label": labels([claim.subject]),
        "predicate": claim.predicate,
        "predicate_label": labels([claim.predicate]),
        "status": claim.status,
        "group": claim.group,
        "fields": labels(claim.fields),
        "speakers": labels(claim.speakers),
        "occasions": labels(claim.occasions),
        "relayers": labels(claim.relayers),
        "source": " | ".join(claim.sources),
        "source_title": " | ".join(extracted.sources[iri].title for iri in claim.sources),
        "passages": " | ".join(claim.passages),
        "paragraphs": " | ".join(str(passage.paragraph) for passage in stated),
        "gist": " / ".join(network.gist(passage) for passage in stated),
    }
    if isinstance(target, Quantity):
        return row | {
            "value": target.value,
            "unit": target.unit,
            "as_of": target.as_of,
            "as_of_precision": target.as_of_precision,
            "share_of": target.share_of,
        }
    return row | {"object": target, "object_label": labels([target])}


CLAIM_FORMATS: Mapping[str, Callable[[Extract], Iterator[str]]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "node-link": _node_link,
}
FORMATS = (*RDF_FORMATS, *CLAIM_FORMATS)
