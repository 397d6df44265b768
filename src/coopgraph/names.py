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
    from collections.abc import Iterator

    from coopgraph.store import Store

_LABELS = (PREF_LABEL, ALT_LABEL, LABEL)
_CLASSES = {
    "source": ("Source",),
    "passage": ("Passage",),
    "claim": ("Claim", "Observation"),
    "status": ("Status",),
    "relation": ("RelationGroup",),
    "field": ("Field",),
    "concept": ("Field", "Function", "Feature", "Status", "RelationGroup"),
}
_TITLE = STANDARD["dcterms"] + "title"
_CANDIDATES_SHOWN = 8


def resolve(store: Store, text: str, kind: str = "entity") -> str:
    """Return the IRI of the one thing of a kind that `text` names.

    `kind` is `entity`, `concept`, `field`, `status`, `relation`, `source`, `passage` or `claim`, or `any` for
    an entity, concept or source. Raises `UsageError` where nothing or more than one thing is named so, with the candidates.
    """
    wanted = text.strip()
    if not wanted:
        raise UsageError(f"the {kind} is empty; give an IRI, prefixed name, slug or label")
    classes = _classes(store, kind)
    iri = expand(wanted, store.prefixes)
    if iri is not None and _is_a(store, iri, classes):
        return iri
    found = sorted(set(_by_slug(store, wanted, classes)) | set(_by_label(store, wanted, classes)))
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(curie(iri, store.prefixes) or iri for iri in found[:_CANDIDATES_SHOWN])
        more = f" and {len(found) - _CANDIDATES_SHOWN} more" if len(found) > _CANDIDATES_SHOWN else ""
        raise UsageError(f"{wanted!r} names {len(found)} things: {shown}{more}; give one of these")
    hint = near(wanted, _names(store, classes)) or "; coopgraph query labels lists the names there are"
    raise UsageError(f"no {'entity' if kind == 'any' else kind} is called {wanted!r}{hint}")


def fold(label: str) -> str:
    """Return a label as it is compared: compatibility forms, case and runs of white space made equal.

    >>> fold("ＨＫＴＤＣ  Office") == fold("hktdc office")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def _classes(store: Store, kind: str) -> frozenset[str]:
    if kind in _CLASSES:
        return frozenset(map(coop, _CLASSES[kind]))
    entities = frozenset(records.entity_classes(store))
    if kind == "any":
        return entities | frozenset(map(coop, _CLASSES["concept"] + _CLASSES["source"]))
    return entities


def _is_a(store: Store, iri: str, classes: frozenset[str]) -> bool:
    try:
        return any(value(quad.object) in classes for quad in store.quads(subject=iri, predicate=TYPE))
    except ValueError:  # no IRI after all, so the name of nothing
        return False


def _by_slug(store: Store, slug: str, classes: frozenset[str]) -> Iterator[str]:
    for kind in ENTITY_KINDS + CONCEPT_KINDS + RECORD_KINDS:
        iri = store.prefixes[kind] + slug
        if " " not in slug and _is_a(store, iri, classes):
            yield iri


def _by_label(store: Store, text: str, classes: frozenset[str]) -> Iterator[str]:
    wanted = fold(text)
    for iri, label in _labels(store):
        if fold(label) == wanted and _is_a(store, iri, classes):
            yield iri


def _names(store: Store, classes: frozenset[str]) -> Iterator[str]:
    for iri, label in _labels(store):
        if _is_a(store, iri, classes):
            yield label
            yield iri.rpartition("/")[2]


def _labels(store: Store) -> Iterator[tuple[str, str]]:
    for predicate in (*_LABELS, _TITLE):
        for quad in store.quads(predicate=predicate):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                yield value(quad.subject), value(quad.object)
