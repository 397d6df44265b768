"""What differs between two graphs as one HTML file that works offline: no script, its style inside."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from coopgraph.ask.difference import CHANGED, GONE, NEW
from coopgraph.claims.model import Passage, Quantity
from coopgraph.rdf.vocab import local_name
from coopgraph.site import claim_html
from coopgraph.site.addresses import Place
from coopgraph.site.assets import ASSETS
from coopgraph.site.claim_rows import Citation, ClaimRow, claim_notes, mark, names, paragraph, sentence, status
from coopgraph.site.templating import alone
from coopgraph.site.view import Name, View
from coopgraph.site.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgraph.ask.difference import Comparison, Difference
    from coopgraph.claims.model import Claim, Extract, Labels

_STATUS, _PASSAGE, _OTHER = "status", "passage", "other"
SECTIONS = (NEW, GONE, _STATUS, _PASSAGE, _OTHER)
"""The parts of the page; a claim stands in the first that it belongs to."""
_OF_PASSAGES = frozenset({"passage", "gist"})
_MOST = 1_000
"""Claims that a part shows; rows have them all."""


class Turn(NamedTuple):
    """What is called so was one thing, and is another; either may be nothing."""

    what: str
    before: Markup
    after: Markup


class Entry(NamedTuple):
    """A claim as the page shows it, and what has changed of it."""

    iri: str
    sentence: Markup
    facts: Markup
    turns: Sequence[Turn]
    cited: Markup


class Section(NamedTuple):
    """A part of the page: how many claims belong there, and those that are shown by the title of their source."""

    key: str
    number: int
    sources: Sequence[tuple[Name, Sequence[Entry]]]
    left_out: int


def page(comparison: Comparison, names_of_both: tuple[str, str], language: str) -> str:
    """Return the HTML text of what differs between two graphs that are called so; the same give the same."""
    before, after = _Telling(comparison.before, language), _Telling(comparison.after, language)
    style = ASSETS["-/style.css"]().decode("utf-8")
    by_section = _by_section(comparison.differences)
    return alone(
        "difference.html.j2",
        after,
        links=(),
        style=Markup(style),  # noqa: S704 - our own
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        title=after.words("diff-title"),
        site_title=after.text(comparison.after.titles, comparison.after.title),
        license=comparison.after.license,
        called=names_of_both,
        sections=[_section(key, by_section[key], before, after) for key in SECTIONS],
    )


class _Telling(View):
    """The words of a page for a graph of which there are no pages: names lead nowhere."""

    def __init__(self, extract: Extract, language: str) -> None:
        self.extract, self.place, self.words = extract, Place("difference", language=language), words(language)
        self.claims: Mapping[str, Claim] = {claim.iri: claim for claim in extract.claims}

    def name(self, iri: str) -> Name:
        """Return the name of a thing."""
        if source := self.extract.sources.get(iri):
            return Name(source.title)
        return self.text(self.labels(iri), local_name(iri) or iri)

    def labels(self, iri: str) -> Labels:
        """Return what a thing is called, by language."""
        return self.extract.term(iri).labels


def _by_section(differences: Sequence[Difference]) -> Mapping[str, Sequence[Sequence[Difference]]]:
    """Return part of the page -> what differs of each claim that belongs there."""
    of_claim: dict[str, list[Difference]] = defaultdict(list)
    for each in differences:
        of_claim[each.claim.iri].append(each)
    sections: dict[str, list[Sequence[Difference]]] = {key: [] for key in SECTIONS}
    for several in of_claim.values():
        sections[_key(several)].append(several)
    return sections


def _key(differences: Sequence[Difference]) -> str:
    if differences[0].change in (NEW, GONE):
        return differences[0].change
    changed = {each.what for each in differences if each.change == CHANGED}
    if "status" in changed:
        return _STATUS
    return _PASSAGE if changed & _OF_PASSAGES else _OTHER


def _section(key: str, several: Sequence[Sequence[Difference]], before: _Telling, after: _Telling) -> Section:
    view = before if key == GONE else after
    by_source: dict[tuple[str, str], list[Sequence[Difference]]] = defaultdict(list)
    for each in several:
        source = next(iter(each[0].claim.sources), "")
        by_source[view.name(source).text.casefold(), source].append(each)
    sources: list[tuple[Name, Sequence[Entry]]] = []
    room = _MOST
    for (_, source), listed in sorted(by_source.items()):
        if room > 0:
            name = view.name(source) if source else Name(view.words("diff-noSource"))
            sources.append((name, [_entry(each, before, after) for each in listed[:room]]))
            room -= len(listed)
    return Section(key, len(several), sources, max(0, -room))


def _entry(differences: Sequence[Difference], before: _Telling, after: _Telling) -> Entry:
    first = differences[0]
    view, claim = (before if first.change == GONE else after), first.claim
    turns = [] if first.change in (NEW, GONE) else [_turn(each, before, after) for each in differences]
    return Entry(
        claim.iri,
        claim_html.says(tuple(sentence(claim, view))),
        claim_html.facts(_row(claim, view), view.words),
        turns,
        claim_html.cited(_citations(claim, view), view.words),
    )


def _row(claim: Claim, view: _Telling) -> ClaimRow:
    return ClaimRow(
        anchor="",
        href="",
        sentence=(),
        mark=mark(claim.status),
        status=status(claim.status, view),
        change=view.name(claim.change) if claim.change else Name(""),
        times=view.words.times(claim),
        notes=tuple(claim_notes(claim, view)),
        fields=names(claim.fields, view),
        speakers=names(claim.speakers, view),
        occasions=names(claim.occasions, view),
        relayers=names(claim.relayers, view),
        standing="",
        standing_text="",
        citations=(),
    )


def _passages(claim: Claim, view: _Telling) -> list[Passage]:
    return [view.extract.passages.get(iri) or Passage(iri, "") for iri in claim.passages]


def _citations(claim: Claim, view: _Telling) -> Iterator[Citation]:
    for passage in _passages(claim, view):
        source = view.name(passage.source) if passage.source else Name(passage.iri)
        yield Citation(view.text(passage.gist), passage.quotation or "", source, paragraph(passage, view))


def _turn(difference: Difference, before: _Telling, after: _Telling) -> Turn:
    what = difference.what
    key = f"diff-{what.replace(' ', '-')}"
    name = after.words(key) if after.words.has(key) else what
    former = before.claims.get(difference.claim.iri)
    tell = _TOLD.get(what)
    if tell is None or former is None:
        return Turn(name, Markup.escape(difference.before), Markup.escape(difference.after))
    return Turn(name, tell(former, before), tell(difference.claim, after))


def _joined(several: Sequence[Name], view: _Telling) -> Markup:
    return claim_html.names(several, view.words)


def _day(day: str, precision: str) -> Callable[[Claim, _Telling], Markup]:
    def told(claim: Claim, view: _Telling) -> Markup:
        return Markup.escape(view.words.date(getattr(claim, day), getattr(claim, precision)))

    return told


def _named(attribute: str) -> Callable[[Claim, _Telling], Markup]:
    def told(claim: Claim, view: _Telling) -> Markup:
        value: tuple[str, ...] | str | None = getattr(claim, attribute)
        return _joined(names((value,) if isinstance(value, str) else value or (), view), view)

    return told


def _status(claim: Claim, view: _Telling) -> Markup:
    return claim_html.status(mark(claim.status), status(claim.status, view))


def _object(claim: Claim, view: _Telling) -> Markup:
    """Return what a claim leads to; of a figure all that makes it what it is."""
    quantity = claim.object
    if not isinstance(quantity, Quantity):
        return claim_html.plain(view.name(quantity))
    of = names(filter(None, (quantity.share_of, quantity.measure, quantity.counterpart)), view)
    figure, times = Name(view.words.figure(quantity)), Name(view.words.times(claim))
    return _joined([name for name in (figure, *of, times) if name.text], view)


def _marked(claim: Claim, view: _Telling) -> Markup:
    """Return what the passages of a claim mark in their sources."""
    return _joined([Name(_place(passage, view)) for passage in _passages(claim, view)], view)


def _place(passage: Passage, view: _Telling) -> str:
    where = paragraph(passage, view)
    if passage.start is None or passage.end is None:
        return where or local_name(passage.iri)
    letters = view.words("diff-letters", start=passage.start, end=passage.end, checksum=(passage.sha256 or "")[:8])
    return view.words("comma").join(filter(None, [where, letters]))


def _gists(claim: Claim, view: _Telling) -> Markup:
    return Markup(" / ").join(claim_html.plain(view.text(passage.gist)) for passage in _passages(claim, view))


_TOLD: Mapping[str, Callable[[Claim, _Telling], Markup]] = {
    "subject": _named("subject"),
    "relation": _named("predicate"),
    "object": _object,
    "status": _status,
    "since": _day("valid_from", "valid_from_precision"),
    "until": _day("valid_to", "valid_to_precision"),
    "as of": _day("as_of", "as_of_precision"),
    "due by": _day("due_by", "due_by_precision"),
    "field": _named("fields"),
    "stated by": _named("speakers"),
    "stated at": _named("occasions"),
    "relayed by": _named("relayers"),
    "kind of change": _named("change"),
    "passage": _marked,
    "gist": _gists,
}
"""What differs -> how it is told in the reader's language; anything else is told as rows tell it."""
