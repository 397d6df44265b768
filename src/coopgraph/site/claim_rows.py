"""Claims as pages show them: a sentence whose names are links, its status, time, speaker, and where it is stated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgraph.ask.sentences import GROUPS
from coopgraph.claims.model import Quantity
from coopgraph.rdf.vocab import HOPED_FOR, STATUSES, coop, status_iri
from coopgraph.site.view import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.claims.model import Claim, Passage
    from coopgraph.site.view import View


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim is stated: the gist of the passage or its words, its paragraph and source, and what leads there."""

    gist: Name
    quotation: str
    source: Name
    paragraph: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim in words; `mark` is how its status is drawn, `standing` how it stands among others on its link."""

    anchor: str
    href: str
    sentence: tuple[Name, ...]
    mark: str
    status: Name
    change: Name
    times: str
    notes: tuple[str, ...]
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
    standing, number = content.links.standing(claim)
    return ClaimRow(
        anchor,
        view.link(stem, page, anchor),
        tuple(sentence(claim, view)),
        mark(claim.status),
        status(claim.status, view),
        view.text(content.term(claim.change).labels) if claim.change else Name(""),
        view.words.times(claim),
        tuple(claim_notes(claim, view)),
        names(claim.fields, view),
        names(claim.speakers, view),
        names(claim.occasions, view),
        names(claim.relayers, view),
        standing,
        view.words(standing, n=number),
        tuple([citation(content.extract.passages[iri], view) for iri in content.passages_of(claim)]),
    )


def mark(name: str) -> str:
    """Return how a status is drawn: what is planned and what is hoped for look alike."""
    return "hoped" if name in HOPED_FOR else name


def status(name: str, view: View) -> Name:
    """Return the name of a status."""
    return view.text(view.labels(status_iri(name)), name)


def names(iris: Iterable[str], view: View) -> tuple[Name, ...]:
    """Return the names of things, each with its link."""
    return tuple([view.name(iri) for iri in iris])


def sentence(claim: Claim, view: View) -> Iterator[Name]:
    """Yield subject, relation and object with what parts them; a label with an ellipsis takes the object there."""
    relation = view.name(claim.predicate)
    target = tuple(_object(claim, view))
    before, ellipsis, after = relation.text.partition("…")
    gap = "" if (relation.lang or view.place.language).startswith("zh") else " "
    yield view.name(claim.subject)
    if isinstance(claim.object, Quantity):
        yield from _measured(claim, claim.object, view)
        return
    if ellipsis:
        yield from (Name(f"{gap}{before}", relation.lang), *target, Name(after, relation.lang))
        return
    yield from (Name(f" {relation.text} ", relation.lang), *target)


def _measured(claim: Claim, quantity: Quantity, view: View) -> Iterator[Name]:
    """Yield what is measured, towards whom, and how much it is."""
    if quantity.counterpart:
        yield from (Name(" → "), view.name(quantity.counterpart))
    for number, name in enumerate(measured(claim, quantity, view)):
        yield from (Name(view.words("comma") if number else view.words("colon")), name)
    yield from (Name(" "), *_object(claim, view))


def measured(claim: Claim, quantity: Quantity, view: View) -> list[Name]:
    """Return what a figure is of: the relation, where that says something, and the measure."""
    relation = view.name(claim.predicate)._replace(href="")
    names = [] if quantity.measure and claim.predicate == coop("figure") else [relation]
    return [*names, view.name(quantity.measure)] if quantity.measure else names


def claim_notes(claim: Claim, view: View) -> Iterator[str]:
    """Yield that a source only reports what another says, and how it calls the subject."""
    if claim.reported == "true":
        yield view.words("reported")
    if claim.names:
        yield view.words("called", names=view.words.list(claim.names))


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


def citation(passage: Passage, view: View) -> Citation:
    """Return where a passage stands."""
    stem, page, anchor = view.content.place_of_passage(passage)
    source = view.name(passage.source)._replace(href=view.link(stem, page, anchor))
    return Citation(view.text(passage.gist), passage.quotation or "", source, paragraph(passage, view))


def paragraph(passage: Passage, view: View) -> str:
    """Return the number of the paragraph that a passage stands in, where it has one."""
    return view.words("paragraph", n=passage.paragraph) if passage.paragraph else ""


def in_order(claims: Iterable[Claim], iri: str) -> list[Claim]:
    """Return the claims about a thing in the order in which its pages list them: by group, its own ones first."""
    rank = {group: number for number, group in enumerate(GROUPS)}
    return sorted(
        claims,
        key=lambda claim: (
            rank.get(claim.group, len(rank)),
            claim.group,
            claim.status in HOPED_FOR,
            claim.subject != iri,
            claim.predicate,
            claim.iri,
        ),
    )


def statuses(claims: Iterable[Claim], view: View) -> list[tuple[str, Name, int]]:
    """Return how many claims there are of each status."""
    numbers = Counter(claim.status for claim in claims)
    return [(mark(name), status(name, view), numbers[name]) for name in STATUSES if numbers[name]]
