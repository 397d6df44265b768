"""Pages as data: what a page is about as RDF in all forms, and as plain JSON."""

from __future__ import annotations

import json
from io import StringIO
from typing import TYPE_CHECKING, Any

from coopgraph.claims.model import Quantity
from coopgraph.errors import UsageError
from coopgraph.export import rdf_formats, sorted_rdf
from coopgraph.rdf.terms import NamedNode, language_tag, value
from coopgraph.rdf.vocab import DIRECT, INFERRED, LABELS, ONTOLOGY_GRAPH, RDF, TALLIES, TYPE, WRITTEN, local_name
from coopgraph.site.ontology_page import ONTOLOGY
from coopgraph.store import written_forms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.model import Claim, Passage
    from coopgraph.site.view import View

_RDF = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml"}
FORMS = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "json": "JSON"}
"""Ending of a path -> the form of the data there."""
_LEFT_OUT = frozenset((INFERRED, LABELS, TALLIES, WRITTEN))
"""Graphs of what is worked out; direct triples are what links a thing with others, and stay."""


def written(iri: str, ending: str, view: View) -> bytes:
    """Return what is known of a thing, source, claim, passage or of the ontology as data.

    Raises `UsageError` where that form cannot hold it, as RDF/XML cannot hold control characters.
    """
    if ending == "json":
        text = json.dumps(_plain(iri, view), ensure_ascii=False, indent=1, sort_keys=False)
        return f"{text}\n".encode()
    prefixes = {name: space for name, space in view.content.store.prefixes.items() if "." not in name}
    out = StringIO()
    writer = rdf_formats.WRITERS[_RDF[ending]](prefixes)
    try:
        sorted_rdf.write(writer, [("", each) for each in _statements(iri, view)], out)
    except UsageError as error:
        reason, _, _ = str(error).rpartition("; ")
        raise UsageError(f"{reason}; take it out of the graph, or have other forms (publish --form)") from error
    return out.getvalue().encode()


def _statements(iri: str, view: View) -> Iterator[sorted_rdf.Statements]:
    """Yield a thing's own triples, the claims that it is the subject of, and what else links it; of a source all.

    What a claim says stands in the data of its subject and of its source; that of its object names the claim.
    """
    site = view.content
    if iri == ONTOLOGY:
        yield [quad.triple for quad in site.store.quads(graph=ONTOLOGY_GRAPH)]
        return
    yield from (_own(subject, view) for subject in _subjects(iri, view))
    if iri in site.things:
        node = NamedNode(iri)
        for name in (RDF + "subject", RDF + "object"):
            yield [quad.triple for quad in site.store.quads(predicate=name, target=node)]
        yield [quad.triple for quad in site.store.quads(target=node, graph=DIRECT)]


def _own(subject: str, view: View) -> sorted_rdf.Statements:
    """Return what is stated of a subject, literals as they are written."""
    site = view.content
    if site.whole and f"<{subject}>" not in site.rewritten:
        return site.whole.triples(f"<{subject}>", _LEFT_OUT)
    quads = [quad for quad in site.store.quads(subject=subject) if value(quad.graph_name) not in _LEFT_OUT]
    return [
        kept.triple
        for quad in quads
        for kept in written_forms.restored([quad], site.written.get(value(quad.graph_name)))
    ]


def _subjects(iri: str, view: View) -> Iterator[str]:
    """Yield what is told of on the page of a thing."""
    site = view.content
    yield iri
    if iri in site.claim_of:
        yield from site.passages_of(site.claim_of[iri])
    elif iri in site.sources or iri in site.extract.passages:
        yield from (claim.iri for claim in site.about(iri))
        yield from (passage.iri for page in site.pages_of(iri) for passage in page)
    elif iri not in site.terms_of_ontology:
        yield from (claim.iri for claim in site.about(iri) if iri == claim.subject)


def _plain(iri: str, view: View) -> dict[str, Any]:
    """Return what is known of a thing as plain JSON: names, and its claims with the passages that state them."""
    site = view.content
    entity = site.term(iri)
    claims = [site.claim_of[iri]] if iri in site.claim_of else site.about(iri)
    if iri in site.terms_of_ontology or iri == ONTOLOGY:
        claims = []
    source = site.sources.get(iri)
    about = {
        "iri": iri,
        "label": source.title if source else entity.label,
        "labels": {language_tag(tag): text for tag, text in sorted(entity.labels.items())},
        "kind": entity.kind or local_name(_type(iri, view)),
        "otherNames": list(entity.alt_labels),
        "identifiers": list(entity.identifiers),
        "issued": source.issued if source else None,
        "page": source.page if source else None,
    }
    return {name: content for name, content in about.items() if content} | {"claims": [_claim(c, view) for c in claims]}


def _type(iri: str, view: View) -> str:
    return min((value(quad.object) for quad in view.content.store.quads(subject=iri, predicate=TYPE)), default="")


def _claim(claim: Claim, view: View) -> dict[str, Any]:
    passages = view.content.extract.passages
    target = claim.object
    plain = {
        "iri": claim.iri,
        "subject": _named(claim.subject, view),
        "relation": _named(claim.predicate, view),
        "object": _quantity(target) if isinstance(target, Quantity) else _named(target, view),
        "status": claim.status,
        "from": claim.valid_from,
        "fromPrecision": claim.valid_from_precision,
        "to": claim.valid_to,
        "toPrecision": claim.valid_to_precision,
        "asOf": claim.as_of,
        "asOfPrecision": claim.as_of_precision,
        "dueBy": claim.due_by,
        "dueByPrecision": claim.due_by_precision,
        "change": claim.change,
        "reported": claim.reported == "true",
        "names": list(claim.names),
        "fields": [_named(each, view) for each in claim.fields],
        "statedBy": [_named(each, view) for each in claim.speakers],
        "statedAt": [_named(each, view) for each in claim.occasions],
        "relayedBy": [_named(each, view) for each in claim.relayers],
        "passages": [_passage(passages[each]) for each in view.content.passages_of(claim)],
    }
    return {name: content for name, content in plain.items() if content}


def _quantity(quantity: Quantity) -> dict[str, Any]:
    named = {
        "value": quantity.value, "datatype": quantity.datatype, "unit": quantity.unit, "asOf": quantity.as_of,
        "asOfPrecision": quantity.as_of_precision, "shareOf": quantity.share_of,
        "periodFrom": quantity.period_from, "periodTo": quantity.period_to, "approximation": quantity.approximation,
        "measure": quantity.measure, "counterpart": quantity.counterpart,
    }  # fmt: skip
    return {name: content for name, content in named.items() if content}


def _passage(passage: Passage) -> dict[str, Any]:
    plain = {
        "iri": passage.iri, "source": passage.source, "paragraph": passage.paragraph, "start": passage.start,
        "end": passage.end, "sha256": passage.sha256, "quotation": passage.quotation,
        "gist": {language_tag(tag): text for tag, text in sorted(passage.gist.items())},
    }  # fmt: skip
    return {name: content for name, content in plain.items() if content not in (None, {})}


def _named(iri: str, view: View) -> dict[str, str]:
    return {"iri": iri, "label": view.content.term(iri).label}
