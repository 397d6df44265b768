"""The graph in other forms, all of them byte-stable: RDF in the syntaxes of `forms`, claims as tables and networks."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

from coopgraph.claims.model import Claim, Extract, Quantity
from coopgraph.errors import UsageError, unknown
from coopgraph.export import rdf_formats, turtle
from coopgraph.export.sorted_rdf import by_subject, gather
from coopgraph.export.sorting import Sorter
from coopgraph.network import network
from coopgraph.rdf import vocab
from coopgraph.rdf.printable import NOT_XML, safe_cell
from coopgraph.rdf.terms import Literal, NamedNode, Quad, value
from coopgraph.rdf.vocab import TYPE, XSD, coop
from coopgraph.store import written_forms
from coopgraph.store.extracts import entity_classes, extract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import networkx as nx

    from coopgraph.store.interface import Store

PARTS = ("claims", "direct", "inferred", "entities", "ontology", "tallies", "labels")
"""What `only` can choose: claims with passages and sources, direct or inferred triples, entities, the ontology, the
numbers of claims that are counted in advance, or the text by which each thing is shown; all but the last two make up
the whole graph."""

_OWN_GRAPHS = {
    "direct": vocab.DIRECT, "inferred": vocab.INFERRED, "ontology": vocab.ONTOLOGY_GRAPH, "tallies": vocab.TALLIES,
    "labels": vocab.LABELS
}  # fmt: skip
_RECORDS = ("Claim", "Observation", "Passage", "Source")
_HAS_SOURCE = f"<{vocab.STANDARD['oa']}hasSource> "
_A = f"<{TYPE}> "


def export(store: Store, format_: str, out: IO[str], only: str | None = None, *, safe_cells: bool = False) -> None:
    """Write the graph, or one of `PARTS` of it, in one of `FORMATS` to a text stream.

    With `safe_cells`, no cell of CSV begins as a formula of a spreadsheet. RDF comes sorted, with a description of
    itself in the default graph, and takes no more memory for a larger graph. Raises `UsageError`
    for an unknown format or part, or a part that a format does not have, and `DataError` where the folder for temporary
    files is full.
    """
    require(format_, only, safe_cells=safe_cells)
    if format_ in CLAIM_FORMATS:
        write = _safe_csv if safe_cells and format_ == "csv" else CLAIM_FORMATS[format_]
        write(extract(store), out)
        return
    chosen = _Chosen(store, only)
    kind = rdf_formats.FORMATS[format_]
    form = kind(store.prefixes, frozenset(chosen.ontologies(kind.keeps_graphs)))
    with Sorter() as records, Sorter() as subjects:
        counts = Counts(subjects)
        gather(form, ((graph, chosen.quads(graph)) for graph in chosen.graphs), records, counts.add)
        gather(form, [("", description(store, counts))], records)
        form.write(by_subject(records), out)


def require(format_: str, only: str | None = None, *, safe_cells: bool = False) -> None:
    """Raise `UsageError` where there is no such format or part, or a format does not have the part."""
    if format_ not in FORMATS:
        raise UsageError(unknown("format", format_, FORMATS))
    if only is not None and only not in PARTS:
        raise UsageError(unknown("part", only, PARTS))
    if format_ in CLAIM_FORMATS and only not in (None, "claims"):
        raise UsageError(f"{format_} holds claims and nothing else; leave out --only {only}, or choose an RDF format")
    if safe_cells and not format_.endswith("csv"):
        raise UsageError("cells are made safe in CSV alone; leave out --safe-cells, or add --format csv")


class _Chosen:
    """The quads of a store, or of one part of it."""

    def __init__(self, store: Store, only: str | None) -> None:
        self._store, self._written = store, written_forms.of(store)
        self._subjects: set[str] | None = None
        if only in _OWN_GRAPHS:
            self.graphs = [_OWN_GRAPHS[only]]
            return
        left_out = set(vocab.PRECOMPUTED) if only is None else {*vocab.PRECOMPUTED, *_OWN_GRAPHS.values()}
        self.graphs = [graph for graph in store.graphs() if graph not in left_out]
        if only is not None:
            classes = {coop(name) for name in _RECORDS} if only == "claims" else entity_classes(store)
            found = (store.quads(predicate=TYPE, target=NamedNode(name)) for name in classes)
            self._subjects = {value(quad.subject) for quads in found for quad in quads}

    def quads(self, graph: str) -> Iterator[Quad]:
        """Yield the chosen quads of a graph."""
        quads = written_forms.restored(self._store.quads(graph=graph), self._written.get(graph))
        if self._subjects is None:
            return quads
        return (quad for quad in quads if value(quad.subject) in self._subjects)

    def ontologies(self, keeps_graphs: bool) -> Iterator[tuple[str, str]]:
        """Yield the ontology nodes among the chosen, each with its graph where that is kept."""
        for quad in self._store.quads(predicate=TYPE, target=turtle.ONTOLOGY):
            graph = value(quad.graph_name)
            if graph in self.graphs and (self._subjects is None or value(quad.subject) in self._subjects):
                yield graph if keeps_graphs else "", str(quad.subject)


class Counts:
    """What is counted of the statements that are exported, terms as N-Triples has them."""

    def __init__(self, subjects: Sorter) -> None:
        self.triples = 0
        self.predicates: set[str] = set()
        self.classes: Counter[str] = Counter()
        self.sources: set[str] = set()
        self._subjects = subjects

    def add(self, subject: str, stated: list[str]) -> None:
        """Count a subject and what is stated of it."""
        self._subjects.add(subject)
        self.triples += len(stated)
        self.predicates.update([statement[: statement.index(" ")] for statement in stated])
        for statement in stated:
            if statement.startswith(_A):
                self.classes[statement[len(_A) :]] += 1
            elif statement.startswith(_HAS_SOURCE):
                self.sources.add(statement[len(_HAS_SOURCE) :])

    def subjects(self) -> int:
        """Return the number of different subjects."""
        return sum(1 for _ in groupby(self._subjects))


def description(store: Store, counts: Counts) -> list[Quad]:
    """Return what VoID and DCAT say of the exported data: title, licence, counts, classes, sources."""
    node = NamedNode(f"{store.manifest.get('base', vocab.ID)}dataset")
    about = _About(node, store.prefixes)
    about.iri("rdf:type", vocab.STANDARD["void"] + "Dataset")
    about.iri("rdf:type", vocab.STANDARD["dcat"] + "Dataset")
    about.text("dcterms:title", store.manifest.get("title"))
    about.text("dcterms:description", store.manifest.get("description"))
    about.iri("dcterms:license", store.manifest.get("license"))
    about.iri("dcterms:conformsTo", vocab.BASE + "ontology")
    about.count("void:triples", counts.triples)
    about.count("void:distinctSubjects", counts.subjects())
    about.count("void:properties", len(counts.predicates))
    about.count("void:classes", len(counts.classes))
    about.iri("void:vocabulary", vocab.COOP)
    for source in sorted(counts.sources):
        about.iri("prov:wasDerivedFrom", source.strip("<>"))
    for kind in sorted(name for name in counts.classes if name.startswith(f"<{vocab.COOP}")):
        part = _About(NamedNode(f"{node.value}/{vocab.local_name(kind[1:-1])}"), store.prefixes)
        part.iri("void:class", kind[1:-1])
        part.count("void:entities", counts.classes[kind])
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

    def count(self, name: str, number: int) -> None:
        self._add(name, Literal(str(number), datatype=NamedNode(XSD + "integer")))

    def _add(self, name: str, term: NamedNode | Literal) -> None:
        prefix, _, local = name.partition(":")
        self.quads.append(Quad(self.node, NamedNode(self._prefixes[prefix] + local), term))


def _graphml(extracted: Extract, out: IO[str]) -> None:
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(prettyprint=True)
    writer.add_graph_element(_flat(extracted))
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(str(writer).replace("\r", "&#13;") + "\n")  # a reader takes a bare carriage return for a line feed


def _gexf(extracted: Extract, out: IO[str]) -> None:
    import networkx as nx

    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    text = "\n".join(nx.generate_gexf(_flat(extracted)))
    out.write(re.sub(r' lastmodifieddate="[^"]*"', "", text, count=1) + "\n")  # NetworkX writes today's date


def _node_link(extracted: Extract, out: IO[str]) -> None:
    import networkx as nx

    linked = nx.node_link_data(network.to_networkx(extracted), edges="edges")
    out.writelines(json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(linked))
    out.write("\n")


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


def _csv(extracted: Extract, out: IO[str]) -> None:
    """Write one row a claim, observations included; several values in a cell are parted by ` | `."""
    _write_csv(extracted, out, str)


def _safe_csv(extracted: Extract, out: IO[str]) -> None:
    """Write the same without a cell that begins as a formula of a spreadsheet."""
    _write_csv(extracted, out, safe_cell)


def _excel_csv(extracted: Extract, out: IO[str]) -> None:
    """Write the same as Excel wants it: with a byte order mark, and no cell that begins as a formula."""
    out.write("\ufeff")
    _safe_csv(extracted, out)


def _write_csv(extracted: Extract, out: IO[str], shown: Callable[[str], str]) -> None:
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    for claim in extracted.claims:
        writer.writerow({name: shown(str(cell)) for name, cell in _row(claim, extracted).items() if cell is not None})


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


CLAIM_FORMATS: Mapping[str, Callable[[Extract, IO[str]], None]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "excel-csv": _excel_csv,
    "node-link": _node_link,
}
FORMATS = (*rdf_formats.FORMATS, *CLAIM_FORMATS)
