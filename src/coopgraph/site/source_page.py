"""The pages of what states claims: a source with its passages in order, a passage, and a claim by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.claims.model import Quantity
from coopgraph.rdf.vocab import local_name
from coopgraph.site import facts, pieces
from coopgraph.site.claim_rows import Citation, citation, mark, paragraph, row, status, statuses

if TYPE_CHECKING:
    from markupsafe import Markup

    from coopgraph.claims.model import Claim, Passage, Source
    from coopgraph.rdf.terms import Quad
    from coopgraph.site.content import Content
    from coopgraph.site.view import Name, View

_STATED = """\
SELECT * {{
?passage oa:hasSource {source} ; coop:paragraph ?paragraph .
?claim prov:wasDerivedFrom ?passage ; rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ;
coop:status ?status
}} ORDER BY ?paragraph ?passage ?claim"""
_SAME_LINK = """\
SELECT * {{
{claim} rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object .
?claim rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ; coop:status ?status ;
prov:wasDerivedFrom ?passage
}} ORDER BY ?claim"""


class Stated(NamedTuple):
    """A passage with the claims that rest on it."""

    anchor: str
    href: str
    cited: Citation
    passage: Passage
    claims: list[Markup]


def pages(content: Content, iri: str) -> int:
    """Return of how many pages the page of a source consists."""
    return len(content.pages_of(iri))


def content(iri: str, view: View) -> dict[str, Any]:
    """Return what the template of a source shows."""
    site = view.content
    source = site.sources[iri]
    claims = site.about(iri)
    quads = facts.own(iri, view)
    return {
        "iri": iri,
        "heading": view.name(iri),
        "title": source.title,
        "published": _published(source, view),
        "address": source.page or "",
        "rights": source.license or "",
        "citation": _text(quads, "bibliographicCitation", view),
        "description": _text(quads, "description", view),
        "checksum": _text(quads, "textSha256", view),
        "claims": len(claims),
        "statuses": statuses(claims, view),
        "stated": [_stated(passage, view) for passage in site.pages_of(iri)[view.place.page - 1]],
        "query": view.query(_STATED.format(source=view.term(iri))),
        "pages": pages(site, iri),
        "page_of": lambda number: view.link(view.place.stem, number),
    }


def _published(source: Source, view: View) -> list[Name]:
    """Return who published a source and when, as far as it is known."""
    publisher = source.publisher
    date = view.words.date(source.issued, source.issued_precision)
    known = (facts.link(publisher, view) if publisher else None, view.plain(date) if date else None)
    return [name for name in known if name]


def _text(quads: list[Quad], name: str, view: View) -> Name:
    """Return what the graph says of a source by a property, in the reader's language, or an empty text."""
    return facts.text((quad for quad in quads if local_name(quad.predicate.value) == name), view)


def _stated(passage: Passage, view: View) -> Stated:
    site = view.content
    _, _, anchor = site.place_of_passage(passage)
    own = view.link(site.addresses.stem(passage.source), view.place.page, anchor)
    claims = [
        pieces.stated(claim, view) for claim in site.about(passage.iri) if site.first_passage(claim) == passage.iri
    ]
    others = [
        pieces.brief(claim, view) for claim in site.about(passage.iri) if site.first_passage(claim) != passage.iri
    ]
    return Stated(anchor, own, citation(passage, view), passage, claims + others)


def passage_content(iri: str, view: View) -> dict[str, Any]:
    """Return what the template of a passage shows."""
    site = view.content
    passage = site.extract.passages[iri]
    return {
        "iri": iri,
        "title": f"{paragraph(passage, view) or local_name(iri)} · {site.sources[passage.source].title}",
        "cited": citation(passage, view),
        "passage": passage,
        "claims": [pieces.full(claim, view) for claim in site.about(iri)],
    }


def claim_content(iri: str, view: View) -> dict[str, Any]:
    """Return what the template of a claim shows: assertion, provenance and publication apart."""
    site = view.content
    claim = site.claim_of[iri]
    shown = row(claim, view)
    return {
        "iri": iri,
        "title": "".join(part.text for part in shown.sentence),
        "it": shown,
        "assertion": _assertion(claim, view),
        "passages": [
            (site.extract.passages[each], citation(site.extract.passages[each], view))
            for each in site.passages_of(claim)
        ],
        "others": [pieces.full(other, view) for other in site.links.same(claim)],
        "query": view.query(_SAME_LINK.format(claim=view.term(iri))),
        "mark": mark(claim.status),
        "status": status(claim.status, view),
    }


def _assertion(claim: Claim, view: View) -> list[tuple[str, Name]]:
    """Return subject, relation and object, each with what it is called."""
    target = (
        view.plain(view.words.figure(claim.object)) if isinstance(claim.object, Quantity) else view.name(claim.object)
    )
    names = (("subject", view.name(claim.subject)), ("relation", view.name(claim.predicate)), ("object", target))
    return [(view.words(key), name) for key, name in names]
