"""What people write of claims, looked up: things, classes, relations, statuses and days by their names.

Each raises `UsageError` in one line, with what comes near.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from coopgraph.errors import UsageError, near, short
from coopgraph.rdf.vocab import local_name
from coopgraph.reading.dates import written_date
from coopgraph.reading.model import Mention, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.reading.model import Figure, Proposal
    from coopgraph.reading.vocabulary import Property, Vocabulary

T = TypeVar("T")
NEW = re.compile(r"(?P<name>.+?)\s*[(（]new (?P<kind>\w+)[)）]")
"""How people write a new thing."""


def thing(name: str, words: Vocabulary, may_be_new: bool = False) -> str:
    """Return the IRI of the one thing that has a label, another name or an identifier."""
    same = [
        iri
        for iri, each in words.things.items()
        if name in (iri, local_name(iri)) or name in (*each.labels.values(), *each.alt_labels)
    ]
    if not same:
        labels = [label for each in words.things.values() for label in each.labels.values()]
        new = f"; a new one is written with its class, as in {short(name)} (new City)" if may_be_new else ""
        raise UsageError(f"no thing is called {short(name)!r}{near(name, labels)}{new}")
    if len(same) > 1:
        raise UsageError(f"several things are called {short(name)!r}: {', '.join(map(local_name, sorted(same)))}")
    return same[0]


def mention(name: str, words: Vocabulary, start: int, end: int) -> Mention:
    """Return what a name stands for, a new thing being written as `Name (new Class)`; a passage may only mean it."""
    new = NEW.fullmatch(name)
    if new:
        return Mention(new["name"], start, end, kind=new_class(new["kind"], words), implied=True)
    iri = thing(name, words, may_be_new=True)
    return Mention(name, start, end, iri, kind=words.things[iri].kind, implied=True)


def new_class(name: str, words: Vocabulary) -> str:
    """Return the class (local name) of which a new thing can be."""
    classes = sorted(each for each in words.classes if words.new_kind(each))
    return _one("class", name, {each: each for each in classes})


def relation(name: str, words: Vocabulary) -> Property:
    """Return the property that a name, a label or the beginning of one means."""
    properties = words.properties.values()
    return _one("relation", name, {each.name: each for each in properties} | {each.label: each for each in properties})


def term(name: str, words: Vocabulary, kind: str) -> str:
    """Return the term (IRI) of a class, such as `Measure`, that a name, a label or the beginning of one means."""
    terms = {iri: each for iri, each in words.terms.items() if each.kind == kind}
    if name in terms:
        return name
    labels = {label: iri for iri, each in terms.items() for label in each.labels.values()}
    return _one(kind.lower(), name, {local_name(iri): iri for iri in terms} | labels)


def name_of_term(iri: str, words: Vocabulary) -> str:
    """Return the local name of a term where that names it alone, else its IRI."""
    same = [each for each in words.terms if local_name(each) == local_name(iri)]
    return local_name(iri) if same == [iri] else iri


def status(name: str, statuses: Mapping[str, str]) -> str:
    """Return the status that a name or the beginning of one means, the names being keys of `statuses`."""
    return _one("status", name, statuses)


def _one(noun: str, name: str, named: Mapping[str, T]) -> T:
    asked = " ".join(name.split()).casefold()
    same = {each for key, each in named.items() if key.casefold() == asked}
    same = same or {each for key, each in named.items() if asked and key.casefold().startswith(asked)}
    if len(same) != 1:
        listed = near(name, named) or f"; there are {', '.join(list(named)[:20])}"
        raise UsageError(f"no {noun} is called {short(name)!r}{listed}")
    return same.pop()


def day(words: str) -> tuple[str | None, str | None]:
    """Return the ISO day and the precision of a date as it is written, neither where nothing is."""
    if not words.strip():
        return None, None
    date = written_date(words.strip())
    if date is None or date.words != words.strip():
        raise UsageError(f"{short(words)!r} is no date; write 2014, 2014-05 or 2014-05-01")
    return date.day, date.precision


def period(first: str, last: str) -> Period:
    """Return the period between two dates as they are written, each of which may be empty."""
    return Period(*day(first), *day(last))


def refuse_misfit(claim: Proposal, words: Vocabulary) -> None:
    """Raise `UsageError` where the ends of a claim are not of the classes that its relation links, or are the same."""
    of = words.property_of(claim.predicate)
    if of is None:
        raise UsageError(f"no relation is called {local_name(claim.predicate)!r}")
    ends: Iterable[tuple[Mention | Figure, str]] = ((claim.subject, of.domain), (claim.object, of.range))
    for mention, wanted in ends:
        kind = _kind(mention, words) if isinstance(mention, Mention) else ""
        if not words.is_a(kind, wanted):
            raise UsageError(f"{short(mention.text)!r} is a {kind}, where {of.label!r} wants a {wanted}")
    if isinstance(claim.object, Mention) and claim.subject.entity and claim.subject.entity == claim.object.entity:
        raise UsageError(f"{short(claim.subject.text)!r} would be linked to itself")


def _kind(mention: Mention, words: Vocabulary) -> str:
    thing = words.things.get(mention.entity or "")
    return thing.kind if thing else mention.kind
