"""Claims in words: one line each, with status, time, fields, speaker, source and paragraph."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.claims.dates import in_words, span
from coopgraph.claims.model import Claim, Entity, Extract, Quantity, best_label
from coopgraph.rdf.terms import curie
from coopgraph.rdf.vocab import coop, local_name, relation_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    """Yield the lines of what is known of an entity: its names, then its claims by relation group."""
    entity = extracted.terms[iri]
    yield f"{entity.label} ({entity.kind_label}) {curie(iri, extracted.prefixes) or iri}"
    if entity.other_names:
        yield f"  also: {', '.join(entity.other_names)}"
    if entity.identifiers:
        yield f"  identifiers: {', '.join(entity.identifiers)}"
    stating = dict.fromkeys(p for c in extracted.claims if iri in (c.iri, *c.passages) for p in c.passages)
    for passage in map(extracted.passages.__getitem__, stating):
        yield f"  gist: {best_label(passage.gist, '-')} [{curie(passage.iri, extracted.prefixes) or passage.iri}]"
    if not extracted.claims:
        yield "  no claims"
    groups = dict.fromkeys([*GROUPS, *sorted({claim.group for claim in extracted.claims})])
    for group in groups:
        claims = [claim for claim in extracted.claims if claim.group == group]
        if claims:
            title = extracted.terms[relation_iri(group)].label
            yield ""
            yield title
            yield from (f"  {text}" for _, text in sorted((c.subject != iri, line(c, extracted)) for c in claims))


def chain(number: int, steps: Iterable[tuple[str, str, tuple[Claim, ...]]], extracted: Extract) -> Iterator[str]:
    """Yield the lines of one chain of links: its stations, then each step's claims."""
    steps = list(steps)
    stations = [steps[0][0], *(goal for _, goal, _ in steps)]
    yield f"{number}. {' – '.join(extracted.terms[iri].label for iri in stations)}"
    for start, goal, claims in steps:
        yield f"   {extracted.terms[start].label} – {extracted.terms[goal].label}"
        yield from (f"     {line(claim, extracted)}" for claim in claims)
