"""Claims as nanopublications: what is claimed, where it is stated, and what hands it on, each in a graph of its own."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph.export import selectors, sorted_rdf
from coopgraph.export.package import dataset
from coopgraph.export.sorted_lines import SortedLines
from coopgraph.export.turtle_writer import Trig
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal
from coopgraph.rdf.vocab import STANDARD, TYPE
from coopgraph.store import written_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.claims.model import Claim, Extract
    from coopgraph.store.interface import Store

NAME = "nanopub"
_NP, _NPX = "http://www.nanopub.org/nschema#", "http://purl.org/nanopub/x/"
_PROV, _DCTERMS = STANDARD["prov"], STANDARD["dcterms"]
_DERIVED_FROM = f"<{_PROV}wasDerivedFrom> "
_Statements: TypeAlias = "tuple[str, str, list[str]]"
"""Graph (IRI), subject and what is stated of it, the last two as N-Triples has them."""


def write(store: Store, extracted: Extract, out: IO[str]) -> None:
    """Write a nanopublication for each claim of an extract, as sorted TriG.

    Statements with blank nodes are left out: a nanopublication names all that it speaks of. Raises `DataError` where
    the folder for temporary files is full.
    """
    writer = Trig({**sorted_rdf.prefixes(store), "np": _NP, "npx": _NPX})
    whole = dataset(store)
    frames = (part for claim in extracted.claims for part in _frame(claim, extracted, whole))
    with SortedLines() as records:
        for graph, subject, statements in chain(frames, _contents(store, extracted)):
            records.add(writer.record(graph, subject, statements))
        writer.write(sorted_rdf.by_subject(records), out)


class _Names(NamedTuple):
    """The IRIs of a nanopublication and of its four graphs."""

    nanopublication: str
    head: str
    assertion: str
    provenance: str
    publication: str


def _names(claim: str) -> _Names:
    iri = f"{claim}/nanopub"
    between = "/" if "#" in claim else "#"  # an IRI has one fragment
    return _Names(iri, *(f"{iri}{between}{part}" for part in ("Head", "assertion", "provenance", "pubinfo")))


def _frame(claim: Claim, extracted: Extract, whole: str) -> Iterator[_Statements]:
    """Yield what a nanopublication says beside the graph's own statements; a realised link is asserted as a triple."""
    names = _names(claim.iri)
    graphs = zip(("hasAssertion", "hasProvenance", "hasPublicationInfo"), names[2:], strict=True)
    linked = [f"<{_NP}{name}> <{graph}>" for name, graph in graphs]
    yield names.head, f"<{names.nanopublication}>", [f"<{TYPE}> <{_NP}Nanopublication>", *linked]
    if claim.status == "realised" and claim.group and isinstance(claim.object, str):
        yield names.assertion, f"<{claim.subject}>", [f"<{claim.predicate}> <{claim.object}>"]
    publishers = (extracted.sources[iri].publisher for iri in claim.sources)
    origins = [f"{_DERIVED_FROM}<{iri}>" for iri in claim.passages]
    origins += [f"<{_PROV}wasAttributedTo> <{iri}>" for iri in claim.speakers or filter(None, publishers)]
    yield names.provenance, f"<{names.assertion}>", origins
    about = [f"<{_DCTERMS}isPartOf> <{whole}>", f"<{_NPX}introduces> <{claim.iri}>"]
    licence = [f"<{_DCTERMS}license> <{extracted.license}>"] if extracted.license else []
    yield names.publication, f"<{names.nanopublication}>", [*about, *licence]
    yield names.publication, f"<{whole}>", [f"<{_DCTERMS}title> {Literal(extracted.title)}"]


def _contents(store: Store, extracted: Extract) -> Iterator[_Statements]:
    """Yield what the graph files say of claims, passages and sources, for each nanopublication that has them."""
    graphs_of = _graphs_of(extracted)
    provenance_of = {f"<{claim.iri}>": _names(claim.iri).provenance for claim in extracted.claims}
    written = written_forms.of(store)
    for graph in store.graphs():
        if graph in vocab.MADE:
            continue
        quads = written_forms.restored(store.quads(graph=graph), written.get(graph))
        for subject, statements in selectors.added(sorted_rdf.subjects(graph, quads)):
            origin = provenance_of.get(subject)
            moved = [one for one in statements if one.startswith(_DERIVED_FROM)] if origin else []
            if origin and moved:
                yield origin, subject, moved
            if stays := [one for one in statements if one not in moved]:
                yield from ((name, subject, stays) for name in graphs_of.get(subject, ()))


def _graphs_of(extracted: Extract) -> Mapping[str, list[str]]:
    """Return claim, passage or source -> the graphs that it is described in."""
    graphs: dict[str, list[str]] = defaultdict(list)
    for claim in extracted.claims:
        names = _names(claim.iri)
        graphs[f"<{claim.iri}>"].append(names.assertion)
        for iri in (*claim.passages, *map(selectors.name, claim.passages), *claim.sources):
            graphs[f"<{iri}>"].append(names.provenance)
    return graphs
