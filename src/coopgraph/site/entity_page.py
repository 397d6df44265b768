"""The page of an entity or concept: its names, and all that is claimed about it, with who says so and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.claims.model import Quantity
from coopgraph.rdf.vocab import relation_iri, status_iri
from coopgraph.site import ego, facts, pieces
from coopgraph.site.claim_html import name
from coopgraph.site.claim_rows import in_order, measured, row, statuses
from coopgraph.site.content import PAGE, Content
from coopgraph.site.templating import piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from coopgraph.claims.model import Claim
    from coopgraph.site.view import Name, View

_CLAIM = """\
rdf:subject ?subject ; rdf:predicate ?relation ; rdf:object ?object ;
coop:status ?status ; prov:wasDerivedFrom ?passage"""
"""What the queries ask of a claim. They are as short as can be read, since each page has some."""
_CLAIMS = """\
SELECT * {{
?claim rdf:subject|rdf:object {thing} ; {claim} .
?relation coop:relationGroup {group}
}} ORDER BY ?claim"""
_NAMING = """\
SELECT * {{
VALUES ?role {{ {roles} }}
?claim ?role {thing} ; {claim}
}} ORDER BY ?role ?claim"""
_IN_GROUP = """\
SELECT * {{
?relation coop:relationGroup {thing} .
?claim {claim}
}} ORDER BY ?claim"""
_LISTED = 3
"""Pages that list the claims of a status or relation group: they sort all claims there are, which queries do better."""


class Block(NamedTuple):
    """Claims that stand together under a heading; `query` is the link to what finds them."""

    key: str
    label: Name
    claims: list[Markup]
    figures: list[Any]
    query: str


class Turn(NamedTuple):
    """What became of a claim: the claim, in a word what, when, and the claim that tells of it."""

    claim: Markup
    outcome: str
    when: str
    evidence: Markup | str


class _About(NamedTuple):
    """The claims about a thing: those that it is subject or object of, then those that name it otherwise."""

    own: list[Claim]
    naming: list[Claim]


def _about(content: Content, iri: str) -> _About:
    claims = content.about(iri)
    own = in_order((claim for claim in claims if iri in (claim.subject, claim.object)), iri)
    naming = (claim for claim in claims if iri not in (claim.subject, claim.object))
    return _About(own, sorted(naming, key=lambda claim: (_role(claim, iri), claim.iri)))


def pages(content: Content, iri: str) -> int:
    """Return of how many pages the page of a thing consists."""
    number = max(1, -(-len(content.about(iri)) // PAGE))
    return min(number, _LISTED) if iri.startswith((status_iri(""), relation_iri(""))) else number


def content(iri: str, view: View) -> dict[str, Any]:
    """Return what the template of a thing shows."""
    site = view.content
    entity = site.things[iri]
    own, naming = site.once(("about", iri), lambda: _about(site, iri))
    first, number = (view.place.page - 1) * PAGE, pages(site, iri)
    shown = [*own, *naming][first : first + PAGE]
    claims = site.about(iri)
    quads = facts.own(iri, view)
    return {
        "iri": iri,
        "title": view.name(iri).text,
        "heading": view.text(entity.labels, view.short(iri)),
        "kind": view.text(entity.kind_labels, entity.kind)._replace(href=_home(iri, view)),
        "root": entity.root,
        "names": facts.names(iri, view),
        "definition": facts.definition(quads, view),
        "identifiers": facts.identifiers(iri, view),
        "position": site.position(iri),
        "facts": facts.facts(quads, view),
        "total": len(claims),
        "statuses": site.once(("statuses", iri, view.place.language), lambda: statuses(claims, view)),
        "sources": site.once(("sources", iri), lambda: len({source for claim in claims for source in claim.sources})),
        **(_fates(own, iri, view) if view.place.page == 1 else {}),
        "blocks": _blocks([claim for claim in shown if iri in (claim.subject, claim.object)], iri, view),
        "naming": _naming([claim for claim in shown if iri not in (claim.subject, claim.object)], iri, view),
        "naming_query": _naming_query(naming, iri, view) if naming else "",
        "left_out": max(0, len(claims) - number * PAGE),
        "network": ego.svg(iri, own, view) if view.place.page == 1 else "",
        "pages": number,
        "page_of": lambda number: view.link(view.place.stem, number),
    }


def _fates(claims: list[Claim], iri: str, view: View) -> dict[str, Any]:
    """Return what became of what was planned or hoped for, and how much of it no later source tells of."""
    site = view.content
    told = [(claim, site.fates[claim.iri]) for claim in claims if claim.iri in site.fates]
    known = [(claim, fate) for claim, fate in told if fate.outcome != "open"]
    rows = [
        Turn(
            pieces.brief(claim, view),
            view.words(f"fate-{fate.outcome.replace(' ', '-')}"),
            view.words("byThen", date=_date(fate.happened, view)) if fate.is_bound else _date(fate.happened, view),
            pieces.brief(site.claim_of[fate.evidence], view) if fate.evidence in site.claim_of else "",
        )
        for claim, fate in sorted(known, key=lambda each: each[1].happened)[:_TURNS]
    ]
    return {"fates": rows, "turns_left": max(0, len(known) - _TURNS), "still_open": len(told) - len(known)}


def _date(text: str, view: View) -> str:
    """Return a day, month or year in words; anything else as it is."""
    match = re.fullmatch(r"-?\d{4,}(-\d\d)?(-\d\d)?", text, re.ASCII)
    if match is None:
        return text
    months, days = match.groups()
    precision = "day" if days else "month" if months else "year"
    return view.words.date(f"{text}{'' if months else '-01'}{'' if days else '-01'}", precision)


_TURNS = 30
"""Plans and hopes whose outcomes are shown."""


def _home(iri: str, view: View) -> str:
    """Return the link to the list of what is of the kind of a thing."""
    kind = view.content.addresses.stem(iri).split("/")[1]
    return view.link(f"id/{kind}/index")


def _blocks(claims: list[Claim], iri: str, view: View) -> list[Block]:
    """Return the claims of a page by relation group; those about figures as rows of a table."""
    by_group: dict[str, list[Claim]] = {}
    for claim in claims:
        by_group.setdefault(claim.group, []).append(claim)
    return [_block(group, several, iri, view) for group, several in by_group.items()]


def _block(group: str, claims: list[Claim], iri: str, view: View) -> Block:
    label = view.text(view.content.term(relation_iri(group)).labels, group)
    figures = [claim for claim in claims if isinstance(claim.object, Quantity)]
    query = view.query(_CLAIMS.format(claim=_CLAIM, thing=view.term(iri), group=view.term(relation_iri(group))))
    own = name(view.name(iri))
    plain = piece("own")(view.name(iri))
    texts = [pieces.full(claim, view).replace(own, plain) for claim in claims if claim not in figures]
    return Block(group, label, texts, [(_measure(c, view), _figure(c, view), row(c, view)) for c in figures], query)


def _measure(claim: Claim, view: View) -> list[Name]:
    """Return what a figure is of, and towards whom."""
    if not isinstance(claim.object, Quantity):
        return []
    towards = [view.name(claim.object.counterpart)] if claim.object.counterpart else []
    return [*measured(claim, claim.object, view), *towards]


def _figure(claim: Claim, view: View) -> str:
    return view.words.figure(claim.object) if isinstance(claim.object, Quantity) else ""


_ROLES: dict[str, tuple[str, Callable[[Claim], Any]]] = {
    "speakers": ("statedBy", lambda claim: claim.speakers),
    "occasions": ("statedAt", lambda claim: claim.occasions),
    "relayers": ("relayedBy", lambda claim: claim.relayers),
    "fields": ("field", lambda claim: claim.fields),
    "change": ("change", lambda claim: (claim.change,)),
    "whole": ("shareOf", lambda claim: _of_figure(claim, "share_of")),
    "measure": ("measure", lambda claim: _of_figure(claim, "measure")),
    "counterpart": ("counterpart", lambda claim: _of_figure(claim, "counterpart")),
    "unit": ("unit", lambda claim: _of_figure(claim, "unit")),
    "status": ("status", lambda claim: (status_iri(claim.status),)),
}
"""What a thing can be to claims that it is neither subject nor object of -> the property, and its values."""


def _of_figure(claim: Claim, name: str) -> tuple[str | None, ...]:
    return (getattr(claim.object, name),) if isinstance(claim.object, Quantity) else ()


def _role(claim: Claim, iri: str) -> int:
    """Return at which of the roles a thing stands that a claim names; behind all of them is the relation's group."""
    return next((at for at, (_, values) in enumerate(_ROLES.values()) if iri in values(claim)), len(_ROLES))


def _naming(claims: list[Claim], iri: str, view: View) -> list[tuple[str, list[Markup]]]:
    """Return claims in brief, by what the thing is to them."""
    by_role: dict[str, list[Markup]] = {}
    for claim in claims:
        role = (*_ROLES, "group")[_role(claim, iri)]
        by_role.setdefault(role, []).append(pieces.brief(claim, view))
    return [(view.words(f"as-{role}"), texts) for role, texts in by_role.items()]


def _naming_query(claims: list[Claim], iri: str, view: View) -> str:
    """Return the link to what finds the claims that name a thing."""
    if iri.startswith(relation_iri("")):
        return view.query(_IN_GROUP.format(claim=_CLAIM, thing=view.term(iri)))
    roles = {at: f"coop:{name}" for at, (name, _) in enumerate(_ROLES.values())}
    used = sorted({_role(claim, iri) for claim in claims} & roles.keys())
    return view.query(_NAMING.format(claim=_CLAIM, thing=view.term(iri), roles=" ".join(roles[at] for at in used)))
