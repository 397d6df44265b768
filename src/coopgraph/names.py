"""From what a person types (IRI, prefixed name, slug, label in any script, abbreviation) to the IRI that is meant."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from coopgraph import records
from coopgraph.errors import UsageError, near
from coopgraph.terms import Literal, NamedNode, curie, expand, value
from coopgraph.vocab import (
    ALT_LABEL,
    CONCEPT_KINDS,
    ENTITY_KINDS,
    LABEL,
    PREF_LABEL,
    RECORD_KINDS,
    STANDARD,
    TYPE,
    coop,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgraph.store import Store

_LABELS = (PREF_LABEL, ALT_LABEL, LABEL, coop("iso3166"))
_CLASSES = {
    "entity": ("Entity",),
    "source": ("Source",),
    "passage": ("Passage",),
    "claim": ("Claim",),
    "status": ("Status",),
    "group": ("RelationGroup",),
    "field": ("Field",),
    "concept": records.CONCEPTS,
    "any": ("Entity", "Source", "Passage", "Claim", *records.CONCEPTS),
}
"""What a kind of thing is of, subclasses included."""
KINDS = ("relation", *_CLASSES)
"""The kinds of things that have names; a relation is a property that claims have."""
_FEW = ("status", "group")
"""Kinds of which there are so few that a misspelt name is answered with all of them."""
_TITLE = STANDARD["dcterms"] + "title"
_CANDIDATES_SHOWN = 8


def resolve(store: Store, text: str, kind: str = "entity") -> str:
    """Return the IRI of the one thing of a kind that `text` names.

    `kind` is `entity`, `concept`, `field`, `status`, `group` (of relations), `relation` (a property that claims have),
    `source`, `passage`, `claim`, or `any` of these but relations. Raises `UsageError` where nothing or more
    than one thing is named so, with the candidates.
    """
    wanted = text.strip()
    if not wanted:
        raise UsageError(f"the {kind} is empty; give an IRI, prefixed name, slug or label")
    fits = _test_of(store, kind)
    iri = expand(wanted, store.prefixes)
    if iri is not None and fits(iri):
        return iri
    found = sorted(filter(fits, {*_slugs(store, wanted), *_labelled(store, wanted)}))
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(curie(iri, store.prefixes) or iri for iri in found[:_CANDIDATES_SHOWN])
        more = f" and {len(found) - _CANDIDATES_SHOWN} more" if len(found) > _CANDIDATES_SHOWN else ""
        raise UsageError(f"{wanted!r} names {len(found)} things: {shown}{more}; give one of these")
    hint = near(wanted, _names(store, fits)) or _elsewhere(store, kind, fits)
    raise UsageError(f"no {'entity' if kind == 'any' else kind} is called {wanted!r}{hint}")


def fold(label: str) -> str:
    """Return a label as it is compared: compatibility forms, case and runs of white space made equal.

    >>> fold("ＨＫＴＤＣ  Office") == fold("hktdc office")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def _test_of(store: Store, kind: str) -> Callable[[str], bool]:
    """Return what says whether an IRI is that of a thing of a kind."""
    predicate = coop("relationGroup") if kind == "relation" else TYPE
    classes = records.classes(store, *_CLASSES.get(kind, ()))

    def fits(iri: str) -> bool:
        try:
            found = store.quads(subject=iri, predicate=predicate)
        except ValueError:  # no IRI after all, so the name of nothing
            return False
        return any(kind == "relation" or value(quad.object) in classes for quad in found)

    return fits


def _elsewhere(store: Store, kind: str, fits: Callable[[str], bool]) -> str:
    if kind in _FEW:
        return f"; there are {', '.join(sorted({iri.rpartition('/')[2] for iri, _ in _labels(store) if fits(iri)}))}"
    return "; coopgraph query find -p text=... searches names by a part"


def _slugs(store: Store, slug: str) -> Iterator[str]:
    """Yield the IRIs that would end in a slug, one for each kind of thing."""
    if " " not in slug:
        yield from (store.prefixes[kind] + slug for kind in (*ENTITY_KINDS, *CONCEPT_KINDS, *RECORD_KINDS, "coop"))


def _labelled(store: Store, text: str) -> Iterator[str]:
    wanted = fold(text)
    return (iri for iri, label in _labels(store) if fold(label) == wanted)


def _names(store: Store, fits: Callable[[str], bool]) -> Iterator[str]:
    for iri, label in _labels(store):
        if fits(iri):
            yield label
            yield iri.rpartition("/")[2]


def _labels(store: Store) -> Iterator[tuple[str, str]]:
    for predicate in (*_LABELS, _TITLE):
        for quad in store.quads(predicate=predicate):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                yield value(quad.subject), value(quad.object)
