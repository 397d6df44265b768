"""The vocabulary: the classes and relations of the ontology, each with what it means and examples out of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.rdf.terms import NamedNode, value
from coopgraph.rdf.vocab import BASE, RDFS, STANDARD, coop, relation_iri
from coopgraph.site import facts, pieces
from coopgraph.site.claim_rows import in_order

if TYPE_CHECKING:
    from coopgraph.site.view import Name, View

ONTOLOGY = f"{BASE}ontology"
_EXAMPLES = 5
_MEMBERS = """\
SELECT ?thing ?label WHERE {{
  ?thing a {term} .
  OPTIONAL {{ ?thing coop:shownAs ?label }}
}}
ORDER BY ?label"""
_CLAIMS = """\
SELECT ?claim ?subject ?object ?status WHERE {{
  ?claim rdf:predicate {term} ; rdf:subject ?subject ; rdf:object ?object ; coop:status ?status .
}}
ORDER BY ?claim"""


def index(view: View) -> dict[str, Any]:
    """Return what the template of the vocabulary shows: all its terms, relations by their group."""
    site = view.content
    by_group: dict[str, list[str]] = {}
    for iri in site.relations:
        by_group.setdefault(_group(iri, view), []).append(iri)
    return {
        "title": view.words("vocabulary"),
        "iri": ONTOLOGY,
        "classes": [_entry(iri, view) for iri in site.classes],
        "groups": [(view.name(group), [_entry(iri, view) for iri in by_group[group]]) for group in sorted(by_group)],
        "prefixes": sorted(site.store.prefixes.items()),
    }


def _group(iri: str, view: View) -> str:
    quads = view.content.store.quads(subject=iri, predicate=coop("relationGroup"))
    return min((value(quad.object) for quad in quads), default=relation_iri(""))


def _entry(iri: str, view: View) -> tuple[Name, Name, str, str]:
    """Return name, definition, prefixed name and anchor of a term."""
    short = view.short(iri)
    return view.name(iri), facts.definition(facts.own(iri, view), view), short, short.rpartition(":")[2]


def content(iri: str, view: View) -> dict[str, Any]:
    """Return what the template of a class or relation shows."""
    site = view.content
    quads = facts.own(iri, view)
    is_relation = iri in site.relations
    claims = [claim for claim in site.about(iri) if claim.predicate == iri]
    members = [] if is_relation else [view.name(each) for each in site.members(iri)]
    return {
        "iri": iri,
        "title": view.name(iri).text,
        "heading": view.name(iri)._replace(href=""),
        "short": view.short(iri),
        "is_relation": is_relation,
        "names": facts.names(iri, view),
        "definition": facts.definition(quads, view),
        "facts": facts.facts(quads, view),
        "narrower": _related(iri, RDFS + ("subPropertyOf" if is_relation else "subClassOf"), view),
        "relations_of": [] if is_relation else _relations(iri, view),
        "total": len(claims) or len(members),
        "examples": [pieces.full(claim, view) for claim in in_order(claims, iri)[:_EXAMPLES]],
        "members": members[:_MOST_MEMBERS],
        "query": view.query((_CLAIMS if is_relation else _MEMBERS).format(term=view.term(iri))),
    }


_MOST_MEMBERS = 60


def _related(iri: str, predicate: str, view: View) -> list[Name]:
    quads = view.content.store.quads(predicate=predicate, target=NamedNode(iri))
    return [view.name(each) for each in sorted({value(quad.subject) for quad in quads} - {iri})]


def _relations(iri: str, view: View) -> list[tuple[str, list[Name]]]:
    """Return the relations that have a class at one of their ends."""
    known = view.content.terms_of_ontology
    rows = []
    for key in ("domain", "range"):
        quads = view.content.store.quads(predicate=STANDARD["rdfs"] + key, target=NamedNode(iri))
        names = [view.name(each) for each in sorted({value(quad.subject) for quad in quads} & known)]
        if names:
            rows.append((view.words(f"as-{key}"), names))
    return rows
