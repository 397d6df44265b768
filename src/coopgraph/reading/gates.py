"""What a draft has to pass before a person sees it: its words stand in the text, its names are in place, it fits.

Each gate gives what it found or raises `_Refused`; positions come from here, never from an extractor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coopgraph.claims import matching
from coopgraph.claims.passages import normalise, paragraph_at
from coopgraph.errors import short
from coopgraph.rdf.vocab import STATUSES
from coopgraph.reading.dates import written_date
from coopgraph.reading.figures import number_in
from coopgraph.reading.model import Draft, Figure, Mention, Period, Proposal, Refusal, Span, proposal_id

if TYPE_CHECKING:
    from coopgraph.reading.page import Page
    from coopgraph.reading.vocabulary import Property

_LONGEST = 2_000
"""Characters of a quotation at most: a passage is a sentence or a few."""


class _Refused(Exception):  # noqa: N818 - a refusal is what is expected here
    """Why a draft is refused: the gate, and a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def check(draft: Draft, page: Page) -> Proposal | Refusal:
    """Return what a draft proposes, with the positions of all its words, or why it is refused."""
    try:
        return _proposal(draft, page)
    except _Refused as refusal:
        return Refusal(
            refusal.reason, str(refusal), draft.proposed_by, short(draft.quotation, 500), draft.paragraph,
            short(draft.subject), short(draft.predicate), short(draft.object),
        )  # fmt: skip


def _proposal(draft: Draft, page: Page) -> Proposal:
    quotation = _quotation(draft, page)
    of = page.vocabulary.properties.get(draft.predicate)
    if of is None:
        raise _Refused("predicate", f"no property is called {short(draft.predicate)!r}")
    if draft.status not in STATUSES:
        raise _Refused("status", f"no status is called {short(draft.status)!r}")
    subject = _end(draft.subject, "subject", draft.subject_implied, of.domain, draft, quotation, page)
    target = _figure(draft, quotation, page, of) if of.figure else _end(
        draft.object, "object", draft.object_implied, of.range, draft, quotation, page
    )  # fmt: skip
    if isinstance(target, Mention) and _is_same(subject, target):
        raise _Refused("itself", f"{subject.text!r} would be linked to itself")
    return Proposal(
        id=proposal_id(quotation.text, subject.text, draft.predicate, target.text),
        source=page.document.source,
        paragraph=paragraph_at(page.text, quotation.start),
        start=quotation.start,
        end=quotation.end,
        quotation=quotation.text,
        subject=subject,
        predicate=of.iri,
        object=target,
        status=draft.status,
        proposed_by=(draft.proposed_by,),
        cue=_cue(draft, quotation),
        fields=_fields(draft, quotation, page),
        speakers=tuple(_other(words, "speaker", page, quotation, "Actor") for words in draft.speakers if words.strip()),
        occasion=_other(draft.occasion, "occasion", page, quotation, "Event") if draft.occasion.strip() else None,
        period=_period(draft, quotation),
    )


def _quotation(draft: Draft, page: Page) -> Span:
    """Return where a quotation stands: once, or in the paragraph that is given."""
    if matching.is_blank(draft.quotation):
        raise _Refused("quotation", "there is no quotation")
    if len(draft.quotation) > _LONGEST:
        raise _Refused("quotation", f"the quotation has more than {_LONGEST:,} characters")
    spans = _spans(draft.quotation, draft.paragraph, page)
    if not spans:
        raise _Refused("quotation", "the quotation is not in the text")
    if len(spans) > 1:
        raise _Refused("quotation-places", f"the quotation stands in {len(spans)} places")
    return Span(page.text[slice(*spans[0])], *spans[0])


def _spans(words: str, number: int | None, page: Page) -> list[tuple[int, int]]:
    """Return where words stand in the paragraph that is given, or if they do not, anywhere."""
    if number is not None and 0 < number <= len(page.paragraphs):
        paragraph = page.paragraphs[number - 1]
        bounds = matching.places(paragraph.text, normalise(words))
        if spans := [(paragraph.start + start, paragraph.start + end) for start, end in bounds]:
            return spans
    return list(matching.places(page.text, normalise(words)))


def _end(words: str, role: str, implied: bool, kind: str, draft: Draft, quotation: Span, page: Page) -> Mention:
    """Return an end of a link: a name in the quotation, or an implied one before it, of the class that is wanted."""
    if matching.is_blank(words):
        raise _Refused(f"{role}-missing", f"there is no {role}")
    span = _implied(words, quotation, page) if implied else _place(words, role, draft, quotation)
    if span is None:
        where = "nor is it named before" if implied else "and it is not marked as implied"
        raise _Refused(f"{role}-not-named", f"the passage does not name {short(words)!r}, {where}")
    mention = replace(_named(span, page), implied=implied)
    return _fitting(mention, kind, role, page)


def _place(words: str, role: str, draft: Draft, quotation: Span) -> Span | None:
    """Return where a name stands in a quotation: where the extractor says, or the first place that is a whole word."""
    text = quotation.text
    bounds = [each for each in matching.places(text, normalise(words)) if _is_whole(text, *each)]
    spans = [Span(text[start:end], quotation.start + start, quotation.start + end) for start, end in bounds]
    return next((span for span in spans if span.start == draft.places.get(role)), spans[0] if spans else None)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Say whether a stretch is no part of a longer Latin word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    inside = text[start].isascii() and text[start].isalnum() and before.isascii() and before.isalnum()
    return not (inside or (text[end - 1].isascii() and text[end - 1].isalnum() and after.isascii() and after.isalnum()))


def _implied(words: str, quotation: Span, page: Page) -> Span | None:
    """Return the last place before the end of a quotation where an implied name stands."""
    start = page.text.rfind(words, 0, quotation.end)
    while start >= 0:
        if _is_whole(page.text, start, start + len(words)):
            return Span(words, start, start + len(words))
        start = page.text.rfind(words, 0, start + len(words) - 1)
    bounds = [each for each in matching.places(page.text, normalise(words)) if _is_whole(page.text, *each)]
    before = [(start, end) for start, end in bounds if end <= quotation.end]
    return Span(page.text[slice(*before[-1])], *before[-1]) if before else None


def _named(span: Span, page: Page) -> Mention:
    """Return the name that stands in a stretch of the text, linked as far as it is known."""
    if (mention := page.mention_at.get((span.start, span.end))) is not None:
        return mention
    whole = [each for each in page.names.mentions(span.text) if each.end - each.start == len(span.text)]
    if whole:
        return replace(whole[0], start=span.start, end=span.end)
    return Mention(span.text, span.start, span.end, candidates=tuple(page.names.near(span.text)))


def _fitting(mention: Mention, kind: str, role: str, page: Page) -> Mention:
    """Return a mention whose class fits, an unknown name with the class that is wanted."""
    if not mention.kind:
        return replace(mention, kind=kind)
    if page.vocabulary.is_a(mention.kind, kind):
        return mention
    meant = page.names.of_kind(mention.text, kind)
    if meant is not None:
        return replace(meant, start=mention.start, end=mention.end, implied=mention.implied)
    raise _Refused(f"{role}-class", f"{mention.text!r} is a {mention.kind}, where a {kind} is wanted")


def _is_same(one: Mention, other: Mention) -> bool:
    return one.entity == other.entity if one.entity and other.entity else one.text == other.text


def _figure(draft: Draft, quotation: Span, page: Page, of: Property) -> Figure:
    """Return a figure that stands in the quotation as written, and the date that it holds for."""
    span = _place(draft.object, "object", draft, quotation)
    number = number_in(span.text, of.name) if span else None
    if span is None or number is None:
        raise _Refused("figure", f"the passage has no figure {short(draft.object)!r}")
    as_of = written_date(draft.as_of) if draft.as_of else None
    if draft.as_of and (as_of is None or not list(matching.places(quotation.text, normalise(draft.as_of)))):
        raise _Refused("date", f"the passage has no date {short(draft.as_of)!r}")
    day, precision = (as_of.day, as_of.precision) if as_of else (None, None)
    return Figure(span.text, span.start, span.end, number.value, number.unit, day, precision)


def _cue(draft: Draft, quotation: Span) -> Span | None:
    span = next(iter(matching.places(quotation.text, normalise(draft.cue))), None) if draft.cue else None
    return Span(quotation.text[slice(*span)], *(quotation.start + at for at in span)) if span else None


def _fields(draft: Draft, quotation: Span, page: Page) -> tuple[Mention, ...]:
    """Return the fields that a passage names; what is no field that is known is left out."""
    spans = (_place(words, "field", draft, quotation) for words in draft.fields)
    mentions = (_named(span, page) for span in spans if span)
    return tuple(each for each in mentions if each.entity and page.vocabulary.is_a(each.kind, "Field"))


def _other(words: str, role: str, page: Page, quotation: Span, kind: str) -> Mention:
    """Return a speaker or an occasion, named in the passage or before it. Raises where the text does not name it."""
    span = _implied(words, quotation, page)
    if span is None:
        raise _Refused(f"{role}-not-named", f"the text does not name {short(words)!r} up to there")
    mention = replace(_named(span, page), implied=span.start < quotation.start)
    if not page.vocabulary.is_a(mention.kind, kind):
        raise _Refused(f"{role}-class", f"{mention.text!r} is a {mention.kind}, and cannot be the {role}")
    return mention


def _period(draft: Draft, quotation: Span) -> Period:
    """Return the dates of a link, each of which stands in the passage as written."""
    dates: list[str | None] = []
    for words in (draft.since, draft.until):
        date = written_date(words) if words else None
        if words and (date is None or not list(matching.places(quotation.text, normalise(words)))):
            raise _Refused("date", f"the passage has no date {short(words)!r}")
        dates += [date.day, date.precision] if date else [None, None]
    return Period(*dates)
