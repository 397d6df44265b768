"""An extract as plain, compact data for the network page: names once in a table, everything else by position."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from coopgraph.claims.fate import OUTCOMES
from coopgraph.rdf import languages
from coopgraph.rdf.terms import curie, language_tag
from coopgraph.rdf.vocab import COOP, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.claims.fate import Fate
    from coopgraph.claims.model import Claim, Entity, Extract, Labels, Passage, Quantity, Source

_FORBIDDEN = re.compile(r'[\x00-\x20<>"{}|^`\\]')
"""What an IRI in angle brackets must not contain as it is."""


def term_numbers(extract: Extract) -> dict[str, int]:
    """Return the position of every IRI that the extract describes or a claim names, in sorted order."""
    iris = set(extract.terms).union(*(claim.mentions for claim in extract.claims))
    return {iri: index for index, iri in enumerate(sorted(iris))}


def encode(extract: Extract, fates: Mapping[str, Fate] = MappingProxyType({})) -> dict[str, Any]:
    """Return the extract as lists whose members refer to each other by position, without empty ends.

    `fates` tell what became of planned and hoped-for claims.
    """
    numbers = term_numbers(extract)
    sources = {iri: index for index, iri in enumerate(sorted(extract.sources))}
    passages = {iri: index for index, iri in enumerate(sorted(extract.passages))}
    names = _Names(extract.prefixes)
    return {
        "title": extract.title,
        "titles": _tagged(extract.titles),
        "description": extract.description or "",
        "descriptions": _tagged(extract.descriptions),
        "license": extract.license or "",
        "terms": [_term(extract.term(iri), names) for iri in numbers],
        "sources": [_source(extract.sources[iri], extract.roots(iri), names) for iri in sources],
        "passages": [_passage(extract.passages[iri], sources, names) for iri in passages],
        "claims": [_claim(claim, extract, numbers, passages, names) for claim in extract.claims],
        "fates": _fates(extract, fates),
        "statuses": STATUSES,
        "outcomes": OUTCOMES,
        "prefixes": dict(sorted(extract.prefixes.items())),
        "order": _order(extract),
        "kinds": _kinds(extract),
    }


def _fates(extract: Extract, fates: Mapping[str, Fate]) -> list[Any]:
    """Return what became of each planned claim: claim, outcome, months, date, whether that is a bound, evidence + 1."""
    numbers = {claim.iri: index for index, claim in enumerate(extract.claims)}
    return [
        _trimmed(
            [
                numbers[iri],
                OUTCOMES.index(fate.outcome),
                fate.months,
                fate.happened,
                int(fate.is_bound),
                numbers.get(fate.evidence, -1) + 1,
                fate.further,
            ]
        )
        for iri, fate in sorted(fates.items())
        if iri in numbers
    ]


def _order(extract: Extract) -> dict[str, list[str]]:
    """Return language of the reader -> the tags of all texts in the order in which they are tried."""
    texts = [
        *(entity.labels for entity in extract.terms.values()),
        *(entity.kind_labels for entity in extract.terms.values()),
        *(passage.gist for passage in extract.passages.values()),
    ]
    tags = {language_tag(tag) for each in texts for tag in each}.union(*languages.ORDER.values())
    return {reader: languages.in_order(sorted(tags), reader) for reader in languages.ORDER}


def _tagged(texts: Labels) -> dict[str, str]:
    """Return texts by tags as the page's order has them."""
    return {language_tag(tag): text for tag, text in sorted(texts.items())}


def _kinds(extract: Extract) -> dict[str, dict[str, str]]:
    """Return class -> its labels, for the classes that are none of the bundled ones."""
    own = {
        entity.kind: _tagged(entity.kind_labels)
        for entity in extract.terms.values()
        if entity.kind_iri and not entity.kind_iri.startswith(COOP)
    }
    return dict(sorted(own.items()))


class _Names:
    """IRIs as they stand in Turtle and SPARQL: prefixed, or in angle brackets with what must be escaped escaped."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes

    def __call__(self, iri: str) -> str:
        return curie(iri, self.prefixes) or f"<{_FORBIDDEN.sub(_escape, iri)}>"


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04X}"


def _term(entity: Entity, names: _Names) -> list[Any]:
    labels = _tagged(entity.labels)
    identifiers = [name if "://" in name else f"ISO {name}" for name in entity.identifiers]
    return _trimmed([names(entity.iri), entity.kind, entity.root, labels or 0, list(entity.alt_labels), identifiers])


def _source(source: Source, roots: frozenset[str], names: _Names) -> list[Any]:
    dates = [source.issued, source.issued_precision]
    publisher = names(source.publisher) if source.publisher and "://" in source.publisher else source.publisher
    repeated = sorted(map(names, roots - {source.iri}))
    return _trimmed([names(source.iri), source.title, publisher, *dates, source.page, source.license, repeated])


def _passage(passage: Passage, sources: Mapping[str, int], names: _Names) -> list[Any]:
    gist = _tagged(passage.gist)
    place = [passage.paragraph, passage.start, passage.end, passage.sha256]
    return _trimmed([names(passage.iri), sources.get(passage.source, -1), *place, gist or 0, passage.quotation])


def _claim(
    claim: Claim, extract: Extract, numbers: Mapping[str, int], passages: Mapping[str, int], names: _Names
) -> list[Any]:
    value = claim.object
    dates = [claim.valid_from, claim.valid_from_precision, claim.valid_to, claim.valid_to_precision]
    return _trimmed(
        [
            names(claim.iri),
            numbers[claim.subject],
            numbers[claim.predicate],
            numbers[value] if isinstance(value, str) else _quantity(value, numbers, names),
            claim.status,
            claim.group,
            int(extract.is_link(claim)),
            [passages[iri] for iri in claim.passages if iri in passages],
            _numbers(claim.fields, numbers),
            *dates,
            _numbers(claim.speakers, numbers),
            _numbers(claim.occasions, numbers),
            _numbers(claim.relayers, numbers),
            claim.due_by,
            claim.due_by_precision,
            _numbered(claim.change, numbers),
            int(claim.reported == "true"),
            list(claim.names),
        ]
    )


def _quantity(quantity: Quantity, numbers: Mapping[str, int], names: _Names) -> list[Any]:
    unit = names(quantity.unit) if quantity.unit else None
    others = (_numbered(iri, numbers) for iri in (quantity.share_of, quantity.measure, quantity.counterpart))
    dates = (quantity.as_of, quantity.as_of_precision)
    more = (quantity.approximation, quantity.period_from, quantity.period_to)
    return _trimmed([quantity.value, names(quantity.datatype), unit, *dates, *others, *more])


def _numbers(iris: Iterable[str], numbers: Mapping[str, int]) -> list[int]:
    return [numbers[iri] for iri in iris]


def _numbered(iri: str | None, numbers: Mapping[str, int]) -> int | None:
    """Return position + 1 of a term that need not be there."""
    return numbers[iri] + 1 if iri else None


def _trimmed(members: list[Any]) -> list[Any]:
    """Return a list with `0` for every empty member and none of them at its end."""
    members = [0 if member is None or member in ("", []) else member for member in members]
    while members and members[-1] == 0 and not isinstance(members[-1], str):
        members.pop()
    return members
