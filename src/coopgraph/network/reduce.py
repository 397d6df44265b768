"""A large extract made smaller in a way that means something: what lies around an entity, or the strongest links."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from coopgraph.errors import UsageError
from coopgraph.rdf.terms import curie
from coopgraph.rdf.vocab import relation_iri, status_iri

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from coopgraph.claims.model import Claim, Extract

DRAWABLE: Final = 20_000
"""Links up to which all are drawn."""

STRONGEST: Final = 2_000
"""Links that are drawn of a graph that has more than `DRAWABLE`."""


def around(extract: Extract, focus: str, hops: int = 1) -> Extract:
    """Return the claims among the entities that are at most `hops` links away from `focus`, an IRI.

    Raises `UsageError` where no claim names the focus.
    """
    linked: dict[str, set[str]] = defaultdict(set)
    for first, second in (_ends(claim) for claim in extract.claims if extract.is_link(claim)):
        linked[first].add(second)
        linked[second].add(first)
    if focus not in linked and all(claim.subject != focus for claim in extract.claims):
        name = extract.terms[focus].label if focus in extract.terms else curie(focus, extract.prefixes) or focus
        raise UsageError(f"{name}: no claim of the selection names it; choose another focus or fewer filters")
    reached, front = {focus}, {focus}
    for _ in range(hops):
        front = set().union(*(linked[iri] for iri in front)) - reached
        if not front:
            break
        reached |= front
    return among(extract, reached)


def strongest(extract: Extract, links: int) -> Extract:
    """Return the claims between the pairs with most sources, then most claims, up to about so many links.

    A pair is taken with all its claims or not at all. Cooperation goes before the rest where pairs are equal.
    """
    pairs: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in extract.claims:
        if extract.is_link(claim):
            first, second = sorted(_ends(claim))
            pairs[first, second].append(claim)
    strong: set[tuple[str, str]] = set()
    total = 0
    for pair in sorted(pairs, key=lambda pair: (_strength(pairs[pair]), pair)):
        if total and total + len(pairs[pair]) > links:
            break
        strong.add(pair)
        total += len(pairs[pair])
    entities = {iri for pair in strong for iri in pair}
    return subset(
        extract,
        (
            claim
            for claim in extract.claims
            if (tuple(sorted(_ends(claim))) in strong if extract.is_link(claim) else claim.subject in entities)
        ),
    )


def drawable(extract: Extract) -> tuple[Extract, str]:
    """Return an extract that a page can draw, and a message for its reader where that is not the whole."""
    links = sum(extract.is_link(claim) for claim in extract.claims)
    if links <= DRAWABLE:
        return extract, ""
    smaller = strongest(extract, STRONGEST)
    shown = sum(smaller.is_link(claim) for claim in smaller.claims)
    return smaller, (
        f"This graph has {links:,} links, more than one page can draw. Shown are the {shown:,} between the pairs of "
        "entities with most sources and claims. To see others, choose an entity and its surroundings (focus, "
        "hops), a number of links (top), relation groups, years or statuses."
    )


def among(extract: Extract, entities: Collection[str]) -> Extract:
    """Return the claims whose ends, or whose subject in the case of facts, are among these entities."""
    return subset(
        extract,
        (
            claim
            for claim in extract.claims
            if claim.subject in entities and (not extract.is_link(claim) or claim.object in entities)
        ),
    )


def subset(extract: Extract, claims: Iterable[Claim]) -> Extract:
    """Return an extract of these claims with only the terms, passages and sources that they mention."""
    claims = tuple(claims)
    passages = {iri for claim in claims for iri in claim.passages}
    sources = {iri for claim in claims for iri in claim.sources} | {
        extract.passages[iri].source for iri in passages if iri in extract.passages
    }
    mentioned = {iri for claim in claims for iri in claim.mentions}
    mentioned |= {iri for c in claims for iri in (status_iri(c.status), relation_iri(c.group))}
    mentioned |= {
        publisher for iri in sources if iri in extract.sources and (publisher := extract.sources[iri].publisher)
    }
    return replace(
        extract,
        claims=claims,
        terms={iri: entity for iri, entity in extract.terms.items() if iri in mentioned},
        passages={iri: passage for iri, passage in extract.passages.items() if iri in passages},
        sources={iri: source for iri, source in extract.sources.items() if iri in sources},
    )


def _strength(claims: Collection[Claim]) -> tuple[int, int, int]:
    """Return a sorting key: the stronger a pair, the smaller."""
    groups = Counter(claim.group for claim in claims)
    return -len({source for claim in claims for source in claim.sources}), -len(claims), -groups["cooperation"]


def _ends(claim: Claim) -> tuple[str, str]:
    return claim.subject, str(claim.object)
