"""Claims as rows of a sheet: a column for each thing that a claim can say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import local_name
from coopgraph.reading import literals, lookup, qualifiers
from coopgraph.reading.model import Figure, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.vocabulary import Vocabulary

COLUMNS = (
    "id", "subject", "predicate", "object", "status", "quotation", "paragraph", "fields", "said by", "said at",
    "from", "to", "value", "unit", "gist", "decision", *qualifiers.COLUMNS,
)  # fmt: skip


def rows(review: Review, words: Vocabulary) -> Iterator[list[str]]:
    """Yield the header and a row for each claim of a review."""
    yield list(COLUMNS)
    for item in review.items:
        yield list(row_of(item, words).values())


def row_of(item: Item, words: Vocabulary) -> dict[str, str]:
    """Return a claim as the cells of its row, by column."""
    claim, decision, figure = item.claim, item.decision, item.claim.object
    relation = words.property_of(claim.predicate)
    act = {"edit": "accept", "add": "accept"}.get(item.act, item.act)
    act = "" if item.is_lost else act
    reason = f": {decision.reason}" if decision and decision.reason else ""
    return {
        "id": claim.id,
        "subject": _named(claim.subject, words),
        "predicate": relation.label if relation else local_name(claim.predicate),
        "object": figure.text if isinstance(figure, Figure) else _named(figure, words),
        "status": claim.status,
        "quotation": claim.quotation,
        "paragraph": str(claim.paragraph),
        "fields": "; ".join(_named(each, words) for each in claim.fields),
        "said by": "; ".join(_named(each, words) for each in claim.speakers),
        "said at": _named(claim.occasion, words) if claim.occasion else "",
        "from": _day(claim.period.valid_from, claim.period.valid_from_precision),
        "to": _day(claim.period.valid_to, claim.period.valid_to_precision),
        "value": figure.value if isinstance(figure, Figure) else "",
        "unit": local_name(figure.unit or "") if isinstance(figure, Figure) else "",
        "gist": (decision.gist or "") if decision else "",
        "decision": act + (reason if act else ""),
        **{
            kind.column: qualifiers.cell(kind, qualifiers.of(claim), lambda each: _named(each, words), words)
            for kind in qualifiers.KINDS
        },
    }


def _named(mention: Mention, words: Vocabulary) -> str:
    """Return how a thing is called where that names it alone, its IRI where not, and a new one with its class."""
    thing = words.things.get(mention.entity or "")
    if thing is None and mention.entity:
        return mention.entity
    if thing is None:
        is_sure = not mention.candidates and words.new_kind(mention.kind)
        return f"{mention.text} (new {mention.kind})" if is_sure else mention.text
    try:
        return thing.label if lookup.thing(thing.label, words) == thing.iri else thing.iri
    except UsageError:
        return thing.iri


def _day(day: str | None, precision: str | None) -> str:
    return (day or "")[: literals.DAY_LENGTHS.get(precision or "", 10)]
