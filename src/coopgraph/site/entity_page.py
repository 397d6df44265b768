"""The page of an entity or concept: its names, and all that is claimed about it, with who says so and where."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from coopgraph.rdf.terms import Literal, language_tag, value
from coopgraph.rdf.vocab import SKOS, STATUSES, status_iri
from coopgraph.site.claim_rows import grouped, in_order
from coopgraph.site.content import PAGE, Content
from coopgraph.site.view import Name

if TYPE_CHECKING:
    from coopgraph.claims.model import Claim
    from coopgraph.site.view import View


def pages(content: Content, iri: str) -> int:
    """Return of how many pages the page of a thing consists."""
    return max(1, -(-len(content.about(iri)) // PAGE))


def content(iri: str, view: View) -> dict[str, Any]:
    """Return what the template of a thing shows."""
    site = view.content
    entity = site.things[iri]
    claims = in_order(site.about(iri), iri)
    first = (view.place.page - 1) * PAGE
    return {
        "title": view.name(iri).text,
        "iri": iri,
        "heading": view.text(entity.labels, view.short(iri)),
        "kind": view.text(entity.kind_labels, entity.kind),
        "root": entity.root,
        "names": names(iri, view),
        "definition": definition(iri, view),
        "identifiers": entity.identifiers,
        "total": len(claims),
        "pages": pages(site, iri),
        "summary": _summary(claims, view),
        "groups": grouped(claims[first : first + PAGE], view),
    }


def names(iri: str, view: View) -> list[Name]:
    """Return the other names of a thing, each with its language."""
    entity = view.content.things[iri]
    heading = view.text(entity.labels).text
    labels = [Name(text, language_tag(tag)) for tag, text in sorted(entity.labels.items())]
    return [name for name in (*labels, *map(Name, entity.alt_labels)) if name.text != heading]


def definition(iri: str, view: View) -> Name:
    """Return what a thing is, in a sentence, or an empty text."""
    quads = view.content.store.quads(subject=iri, predicate=SKOS + "definition")
    texts = {(q.object.language or ""): value(q.object) for q in quads if isinstance(q.object, Literal)}
    return view.text(texts)


def _summary(claims: list[Claim], view: View) -> dict[str, Any]:
    """Return how many claims there are of each status, and in how many sources."""
    statuses = Counter(claim.status for claim in claims)
    extract = view.content.extract
    return {
        "statuses": [
            (status, view.text(extract.term(status_iri(status)).labels, status), statuses[status])
            for status in STATUSES
            if statuses[status]
        ],
        "sources": len({source for claim in claims for source in claim.sources}),
    }
