"""From what a person types (IRI, prefixed name, slug, label in any script, abbreviation) to the IRI that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import UsageError, near
from coopgraph.rdf.terms import Literal, NamedNode, curie, expand, value
from coopgraph.rdf.vocab import (
    CONCEPT_KINDS,
    COOP,
    ENTITY_KINDS,
    INFERRED,
    KIND_CLASSES,
    RECORD_KINDS,
    STANDARD,
    TYPE,
    coop,
    local_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgraph.ask.results import Row
    from coopgraph.store.interface import Store

_MANY = ("entity", "source", "passage", "claim", "any")
"""Kinds of which there may be too many to go through all their names."""
_FEW = ("status", "group")
"""Kinds of which there are so few that a misspelt name is answered with all of them."""
_CANDIDATES_SHOWN = 8
_ALIKE = 100
"""Names that are compared with a misspelt one."""


def resolve(store: Store, text: str, kind: str = "entity") -> str:
    """Return the IRI of the one thing of a kind that `text` names.

    `kind` is `entity`, `concept`, `field`, `status`, `group` (of relations), `relation` (a property that claims have),
    `source`, `passage`, `claim`, or `any` of these but relations. Raises `UsageError` where nothing or more
    than one thing is named so, with the candidates.
    """
    wanted = text.strip()
    if not wanted:
        raise UsageError(f"the {kind} is empty; give an IRI, prefixed name, slug or label")
    iri = expand(wanted, store.prefixes)
    if iri is not None and _of_kind(store, [iri], kind):
        return iri
    found = sorted(_of_kind(store, {*_slugs(store, wanted), *store.labelled(wanted)}, kind))
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(curie(iri, store.prefixes) or iri for iri in found[:_CANDIDATES_SHOWN])
        more = f" and {len(found) - _CANDIDATES_SHOWN} more" if len(found) > _CANDIDATES_SHOWN else ""
        raise UsageError(f"{wanted!r} names {len(found)} things: {shown}{more}; give one of these")
    hint = _near(store, wanted, kind)
    raise UsageError(f"no {'entity' if kind == 'any' else kind} is called {wanted!r}{hint}")


def _of_kind(store: Store, iris: Iterable[str], kind: str) -> set[str]:
    """Return those of some IRIs that are of things of a kind, asking the store once."""
    classes = {coop(name) for name in KIND_CLASSES.get(kind, ())}
    quads = store.described(filter(_is_iri, iris), coop("relationGroup") if kind == "relation" else TYPE)
    return {value(quad.subject) for quad in quads if kind == "relation" or value(quad.object) in classes}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _slugs(store: Store, slug: str) -> Iterator[str]:
    """Yield the IRIs that would end in a slug, one for each kind of thing."""
    if " " not in slug:
        yield from (store.prefixes[kind] + slug for kind in (*ENTITY_KINDS, *CONCEPT_KINDS, *RECORD_KINDS, "coop"))


def _near(store: Store, wanted: str, kind: str) -> str:
    """Return what may be meant by a name that nothing has, as the end of an error line."""
    from coopgraph.store import name_index

    known = [(hit.iri, hit.text) for hit in store.similar(wanted, _ALIKE)] if kind in _MANY else list(_all(store, kind))
    fitting = _of_kind(store, dict.fromkeys(iri for iri, _ in known), kind)
    slugs = [] if " " in wanted else [local_name(iri) for iri in fitting]
    names = [label for iri, label in known if iri in fitting] + slugs
    if hint := near(name_index.fold(wanted), names):
        return hint
    if kind in _FEW:
        return f"; there are {', '.join(sorted(map(local_name, fitting)))}"
    return "; coopgraph search finds things by a part of a name"


def _all(store: Store, kind: str) -> Iterator[tuple[str, str]]:
    """Yield the things of a kind of which there are not many, with their names."""
    from coopgraph.store import name_index

    if kind == "relation":
        quads = list(store.quads(predicate=coop("relationGroup")))
    else:
        quads = [
            quad for name in KIND_CLASSES[kind] for quad in store.quads(predicate=TYPE, target=NamedNode(coop(name)))
        ]
    for quad in store.described(sorted({value(quad.subject) for quad in quads})):
        if value(quad.predicate) in name_index.KINDS:
            yield value(quad.subject), value(quad.object)


FOUND = ("thing", "class", "label", "paragraph", "text")
"""The columns of what `search` returns."""


def search(store: Store, text: str, limit: int) -> list[Row]:
    """Return what has a text in a name or gist: thing, class, label, and the name or gist that has it.

    The thing of a gist is a passage: its label is the title of its source, and its paragraph is given too.
    Raises `UsageError` where the text is empty.
    """
    from coopgraph.store import name_index

    if not name_index.fold(text):
        raise UsageError("the text is empty; give a part of a name")
    hits = store.search(text, limit)
    things = [hit.iri for hit in hits]
    passages = [hit.iri for hit in hits if hit.kind == name_index.GIST]
    sources = {value(quad.subject): quad.object for quad in store.described(passages, STANDARD["oa"] + "hasSource")}
    paragraphs = {value(quad.subject): quad.object for quad in store.described(passages, coop("paragraph"))}
    shown = store.described([*things, *sorted(set(map(value, sources.values())))], coop("shownAs"))
    labels = {value(quad.subject): quad.object for quad in shown}
    classes = _stated_classes(store, things)
    return [
        (
            NamedNode(hit.iri),
            classes.get(hit.iri),
            labels.get(value(sources[hit.iri]) if hit.iri in sources else hit.iri),
            paragraphs.get(hit.iri),
            Literal(hit.text),
        )
        for hit in hits
    ]


def _stated_classes(store: Store, iris: Sequence[str]) -> dict[str, NamedNode]:
    """Return the class that the graph files give each thing, one of the ontology's where there is one."""
    found: dict[str, NamedNode] = {}
    for quad in store.described(iris, TYPE):
        iri, kind = value(quad.subject), quad.object
        if isinstance(kind, NamedNode) and value(quad.graph_name) != INFERRED:
            found[iri] = min(found.get(iri, kind), kind, key=lambda node: (not node.value.startswith(COOP), node.value))
    return found
