"""What a name says by itself: an office of a government in a place, a conference about two places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.reading.mentions import Names
    from coopgraph.reading.model import Mention


class NameLink(NamedTuple):
    """A link between two names of which one is a part of the other, and where both begin in the longer one."""

    predicate: str
    subject: str
    subject_at: int
    object: str
    object_at: int


_IN = re.compile(r"(?:\bin(?: the)? |\bat |[驻駐])$")
_NOT_ABOUT = re.compile(r"(?:\bin(?: the)? |\bat |\bof )$")


def links(mention: Mention, names: Names) -> Iterator[NameLink]:
    """Yield what a name of an office, an event, an initiative or a post says of the names in it."""
    is_a = names.vocabulary.is_a
    kind = mention.kind or "?"
    parts = names.within(mention.text)
    if is_a(kind, "Organisation"):
        yield from _of_office(mention, kind, parts, names)
        return
    for part in parts:
        before = mention.text[: part.start]
        if is_a(kind, "Event") and is_a(part.kind, "Place") and _IN.search(before):
            yield _link("heldIn", mention, part)
        elif is_a(kind, "Speech") and is_a(part.kind, "Person"):
            yield _link("deliveredBy", mention, part)
        elif (is_a(kind, "Event") or is_a(kind, "Initiative")) and (
            is_a(part.kind, "Place") or is_a(part.kind, "Initiative")
        ):
            if not _NOT_ABOUT.search(before) or is_a(kind, "Event"):
                yield _link("concerns", mention, part)
        elif is_a(kind, "Post") and is_a(part.kind, "Organisation"):
            yield _link("postIn", mention, part)


def _of_office(mention: Mention, kind: str, parts: list[Mention], names: Names) -> Iterator[NameLink]:
    """Yield whose office it is and where, for offices and networks of offices."""
    is_a = names.vocabulary.is_a
    if not (is_a(kind, "Office") or is_a(kind, "OfficeNetwork")):
        return
    owners = [part for part in parts if is_a(part.kind, "Organisation") and not is_a(part.kind, "Office")]
    places = [part for part in parts if is_a(part.kind, "Place") and _IN.search(mention.text[: part.start])]
    for owner in owners[:1]:
        yield _link("officeOf", mention, owner)
    for place in places[:1]:
        yield _link("locatedIn", mention, place)


def _link(predicate: str, whole: Mention, part: Mention) -> NameLink:
    return NameLink(predicate, whole.text, 0, part.text, part.start)
