"""Claims as pages show them: a sentence whose names are links, its status, time, speaker, and where it is stated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgraph.ask.sentences import GROUPS
from coopgraph.claims.model import Quantity
from coopgraph.rdf.vocab import HOPED_FOR, relation_iri, status_iri
from coopgraph.site.view import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.claims.model import Claim
    from coopgraph.site.view import View


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim is stated: the gist of the passage, its paragraph and source, and the link that leads there."""

    gist: Name
    quotation: str
    source: Name
    paragraph: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in words. `mark` is how its status is drawn; `speech` tells who said it where, in pieces."""

    anchor: str
    href: str
    sentence: tuple[Name, ...]
    status: str
    status_name: Name
    mark: str
    times: str
    fields: tuple[Name, ...]
    speakers: tuple[Name, ...]
    occasions: tuple[Name, ...]
    relayers: tuple[Name, ...]
    standing: str
    standing_text: str
    citations: tuple[Citation, ...]


def row(claim: Claim, view: View) -> ClaimRow:
    """Return a claim as a page shows it."""
    content = view.content
    stem, page, anchor = content.place_of(claim)
    standing, number = content.standing(claim)
    return ClaimRow(
        anchor,
        view.link(stem, page, anchor),
        tuple(sentence(claim, view)),
        claim.status,
        view.text(content.extract.term(status_iri(claim.status)).labels, claim.status),
        "hoped" if claim.status in HOPED_FOR else claim.status,
        view.words.times(claim),
        names(claim.fields, view),
        names(claim.speakers, view),
        names(claim.occasions, view),
        names(claim.relayers, view),
        standing,
        view.words(standing, n=number),
        tuple(citation(iri, view) for iri in claim.passages if iri in content.extract.passages),
    )


def names(iris: Iterable[str], view: View) -> tuple[Name, ...]:
    """Return the names of things, each with its link."""
    return tuple([view.name(iri) for iri in iris])


def sentence(claim: Claim, view: View) -> Iterator[Name]:
    """Yield subject, relation and object with what parts them; a label with an ellipsis takes the object there."""
    subject, relation = view.name(claim.subject), view.name(claim.predicate)
    target = tuple(_object(claim, view))
    before, ellipsis, after = relation.text.partition("…")
    gap = "" if _is_chinese(relation.lang or view.place.language) else " "
    yield subject
    if ellipsis:
        yield from (Name(f"{gap}{before}", relation.lang, relation.href), *target, Name(after, relation.lang))
        return
    colon = view.words("colon") if isinstance(claim.object, Quantity) else gap or " "
    yield from (Name(gap or " "), relation, Name(colon), *target)


def _is_chinese(tag: str) -> bool:
    return tag.startswith("zh")


def _object(claim: Claim, view: View) -> Iterator[Name]:
    if not isinstance(claim.object, Quantity):
        yield view.name(claim.object)
        return
    figure = view.words.figure(claim.object)
    if claim.object.share_of is None:
        yield Name(figure)
        return
    before, _, after = view.words("shareOf", value=figure, whole="\0").partition("\0")
    yield from (Name(before), view.name(claim.object.share_of), Name(after))


def citation(iri: str, view: View) -> Citation:
    """Return where a passage stands."""
    content = view.content
    passage = content.extract.passages[iri]
    stem, page, anchor = content.place_of_passage(passage)
    source = view.name(passage.source)._replace(href=view.link(stem, page, anchor))
    paragraph = view.words("paragraph", n=passage.paragraph) if passage.paragraph else ""
    return Citation(view.text(passage.gist), passage.quotation or "", source, paragraph)


def grouped(claims: Iterable[Claim], view: View) -> list[tuple[str, Name, list[ClaimRow]]]:
    """Return claims by relation group, groups and claims in a reader's order, each group with its name."""
    by_group: dict[str, list[Claim]] = {}
    for claim in claims:
        by_group.setdefault(claim.group, []).append(claim)
    terms = view.content.extract
    return [
        (group, view.text(terms.term(relation_iri(group)).labels, group), [row(claim, view) for claim in several])
        for group, several in by_group.items()
    ]


def in_order(claims: Iterable[Claim], iri: str) -> list[Claim]:
    """Return the claims about a thing in the order in which its pages list them: by group, its own ones first."""
    rank = {group: number for number, group in enumerate(GROUPS)}
    return sorted(
        claims,
        key=lambda claim: (
            rank.get(claim.group, len(rank)),
            claim.group,
            claim.subject != iri,
            claim.predicate,
            claim.status in HOPED_FOR,
            claim.iri,
        ),
    )
