"""Claims in words: one line each, with status, time, fields, speaker, source and paragraph."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from coopgraph.claims.dates import in_words, span
from coopgraph.claims.model import Claim, Entity, Extract, Quantity, best_label
from coopgraph.rdf.terms import curie
from coopgraph.rdf.vocab import STATUSES, coop, local_name, relation_iri

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

GROUPS = ("cooperation", "presence", "role", "event", "statement", "function", "character", "quantity", "structure")
"""Relation groups in the order in which a reader wants them."""

_UNITS = {"PERSON": "people", "PERCENT": "%", "NUM": "", "KiloM": "km", "KiloM2": "km²"}
_NEAR = {"about": "about ", "over": "over ", "under": "up to "}


_PHRASES = {
    "realised": ("since {first}", "until {last}", "from {first} to {last}", "{first}"),
    "planned": ("to begin {at} {first}", "to last until {last}", "from {first} to {last}", "{at} {first}"),
    "potential": ("to begin {at} {first}", "to last until {last}", "from {first} to {last}", "{at} {first}"),
    "ended": ("begun {at} {first}", "until {last}", "from {first} to {last}", "{first}"),
    "denied": ("for the time since {first}", "for the time until {last}", "for {first} to {last}", "for {first}"),
}
"""Status -> how the time of a claim is told that has a beginning, an end, both, or one date for both."""


def times(claim: Claim) -> str:
    """Return when a claim holds, as its status has it: `since 2014`, `to begin in 2027`, `as of 2021`, or nothing.

    >>> times(Claim("x:c", "x:a", "x:p", "x:b", "planned", "role", "2030-01-01", "decade"))
    'to begin in the 2030s'
    """
    if isinstance(claim.object, Quantity):
        if claim.object.period_from and claim.object.period_to:
            return f"for {span(claim.object.period_from, claim.object.period_to)}"
        day = in_words(claim.object.as_of, claim.object.as_of_precision)
        return f"as of {day}" if day else ""
    due = in_words(claim.due_by, claim.due_by_precision)
    return "; ".join(filter(None, [_lasting(claim), f"due by {due}" if due else ""]))


def _lasting(claim: Claim) -> str:
    """Return from when to when a link holds, or when it did."""
    first = in_words(claim.valid_from, claim.valid_from_precision)
    last = in_words(claim.valid_to, claim.valid_to_precision)
    if not first and not last:
        day = in_words(claim.as_of, claim.as_of_precision)
        return f"as of {day}" if day else ""
    begin, end, both, one = _PHRASES.get(claim.status, _PHRASES["realised"])
    phrase = begin if not last else end if not first else one if first == last else both
    return phrase.format(first=first, last=last, at="on" if claim.valid_from_precision == "day" else "in")


def quantity(value: Quantity, terms: Mapping[str, Entity] | None = None) -> str:
    """Return a quantity with its unit, thousands parted where nothing else changes in what is written.

    >>> quantity(Quantity("42290000", "xsd:integer", "http://qudt.org/vocab/unit/PERSON"))
    '42,290,000 people'
    """
    if value.approximation == "among":
        return "among the first"
    whole, dot, rest = value.value.partition(".")
    number = f"{int(whole):,}{dot}{rest}" if re.fullmatch(r"-?[1-9][0-9]{3,30}", whole) else value.value
    name = local_name(value.unit) if value.unit else ""
    unit = _UNITS.get(name, name)
    share = f" of {terms[value.share_of].label}" if terms and value.share_of and value.share_of in terms else ""
    return f"{_NEAR.get(value.approximation or '', '')}{number}{'' if unit in ('%', '') else ' '}{unit}{share}"


def triple(claim: Claim, extracted: Extract) -> str:
    """Return subject, predicate and object in words."""
    terms = extracted.terms
    subject, predicate = terms[claim.subject].label, terms[claim.predicate].label
    if isinstance(claim.object, Quantity):
        measure, counterpart = claim.object.measure, claim.object.counterpart
        towards = f" → {terms[counterpart].label}" if counterpart else ""
        named = () if measure and claim.predicate == coop("figure") else (predicate,)
        what = ", ".join((*named, *((terms[measure].label,) if measure else ())))
        return f"{subject}{towards}: {what} {quantity(claim.object, terms)}"
    return f"{subject} {predicate} {terms[claim.object].label}"


def details(claim: Claim, extracted: Extract) -> str:
    """Return status, time, fields, speaker and occasion, parted by semicolons."""

    def labels(iris: Iterable[str]) -> str:
        return ", ".join(extracted.terms[iri].label for iri in iris)

    speech = f"stated by {labels(claim.speakers)}" if claim.speakers else ""
    speech += f"{' ' if speech else ''}at {labels(claim.occasions)}" if claim.occasions else ""
    speech += f", relayed by {labels(claim.relayers)}" if claim.relayers else ""
    change = labels([claim.change]).lower() if claim.change else ""
    reported = "reported" if claim.reported == "true" else ""
    called = f"called {', '.join(claim.names)}" if claim.names else ""
    return "; ".join(filter(None, [claim.status, change, times(claim), labels(claim.fields), speech, reported, called]))


def citation(claim: Claim, extracted: Extract) -> str:
    """Return source and paragraph of each passage of a claim, as in `source:hktdc-2023 ¶6`."""
    stated = (extracted.passages[iri] for iri in claim.passages)
    cited = (
        f"{curie(passage.source, extracted.prefixes) or passage.source} ¶{passage.paragraph or '?'}"
        for passage in stated
    )
    return ", ".join(dict.fromkeys(cited))


def line(claim: Claim, extracted: Extract) -> str:
    """Return a claim with its details and citation in one line."""
    return f"{triple(claim, extracted)} ({details(claim, extracted)}) [{citation(claim, extracted)}]"


def about(iri: str, extracted: Extract) -> Iterator[str]:
    """Yield the lines of what is known of an entity: its names and numbers, then its claims by relation group."""
    yield from _head(iri, extracted)
    for title, claims in _groups(extracted):
        yield from ("", title)
        yield from (f"  {text}" for _, text in sorted((c.subject != iri, line(c, extracted)) for c in claims))


def in_short(iri: str, extracted: Extract, most: int = 5) -> Iterator[str]:
    """Yield the lines of what is known of an entity, of each relation group the links that most claims state.

    A link of one claim is told as `about` tells it, one of several by their numbers.
    """
    yield from _head(iri, extracted)
    for title, claims in _groups(extracted):
        links: dict[str, list[Claim]] = {}
        for claim in claims:
            links.setdefault(triple(claim, extracted), []).append(claim)
        ranked = sorted(links.items(), key=lambda link: (-len(link[1]), link[1][0].subject != iri, link[0]))
        yield from ("", title)
        for text, stating in ranked[:most]:
            yield f"  {line(stating[0], extracted) if len(stating) == 1 else f'{text} ({numbers(stating, extracted)})'}"
        if left := len(ranked) - most if len(ranked) > most else 0:
            yield f"  ... {left} more link{'s' if left > 1 else ''}"


def numbers(claims: Collection[Claim], extracted: Extract) -> str:
    """Return how many claims there are, of which status, of how many sources and from when to when these are."""
    statuses = Counter(claim.status for claim in claims)
    order = sorted(statuses, key=lambda name: STATUSES.index(name) if name in STATUSES else len(STATUSES))
    sources = {extracted.passages[passage].source for claim in claims for passage in claim.passages}
    issued = (extracted.sources[iri].issued for iri in sources if iri in extracted.sources)
    years = sorted(day[: 5 if day.startswith("-") else 4] for day in issued if day)
    time = "" if not years else f" of {years[0]}" if years[0] == years[-1] else f" of {years[0]} to {years[-1]}"
    each = ", ".join(f"{statuses[name]} {name}" for name in order)
    stated = (
        f"{_counted(len(claims), 'claim')}: {each}" if len(order) > 1 else _counted(len(claims), f"{order[0]} claim")
    )
    return f"{stated}; {_counted(len(sources), 'source')}{time}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _groups(extracted: Extract) -> Iterator[tuple[str, list[Claim]]]:
    """Yield the titles of the relation groups, with the claims of each."""
    for group in dict.fromkeys([*GROUPS, *sorted({claim.group for claim in extracted.claims})]):
        claims = [claim for claim in extracted.claims if claim.group == group]
        if claims:
            yield extracted.terms[relation_iri(group)].label, claims


def _head(iri: str, extracted: Extract) -> Iterator[str]:
    """Yield the lines of what an entity is called, and how much is known of it."""
    entity = extracted.terms[iri]
    source = extracted.sources.get(iri)
    yield f"{source.title if source else entity.label} ({entity.kind_label}) {curie(iri, extracted.prefixes) or iri}"
    if entity.other_names:
        yield f"  also: {', '.join(entity.other_names)}"
    if entity.identifiers:
        yield f"  identifiers: {', '.join(entity.identifiers)}"
    stating = dict.fromkeys(p for c in extracted.claims if iri in (c.iri, *c.passages) for p in c.passages)
    for passage in map(extracted.passages.__getitem__, stating):
        yield f"  gist: {best_label(passage.gist, '-')} [{curie(passage.iri, extracted.prefixes) or passage.iri}]"
    if len(extracted.claims) != 1:
        yield f"  {numbers(extracted.claims, extracted)}" if extracted.claims else "  no claims"


def chain(number: int, steps: Iterable[tuple[str, str, tuple[Claim, ...]]], extracted: Extract) -> Iterator[str]:
    """Yield the lines of one chain of links: its stations, then each step's claims."""
    steps = list(steps)
    stations = [steps[0][0], *(goal for _, goal, _ in steps)]
    yield f"{number}. {' – '.join(extracted.terms[iri].label for iri in stations)}"
    for start, goal, claims in steps:
        yield f"   {extracted.terms[start].label} – {extracted.terms[goal].label}"
        yield from (f"     {line(claim, extracted)}" for claim in claims)
