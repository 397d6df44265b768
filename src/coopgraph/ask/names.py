"""From what a person types (IRI, prefixed name, slug, label in any script, abbreviation) to the IRI that is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import UsageError, near, short
from coopgraph.rdf.terms import Literal, NamedNode, curie, expand, value
from coopgraph.rdf.vocab import (
    COOP,
    INFERRED,
    KIND_CLASSES,
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
_PARTS_SHOWN = 3
_ALIKE = 100
"""Names that are compared with a misspelt one."""


def resolve(store: Store, text: str, kind: str = "entity") -> str:
    """Return the IRI of the one thing of a kind that `text` names.

    `kind` is `entity`, `concept`, `field`, `status`, `group` (of relations), `relation` (a property that claims have),
    `class` (of entities), `source`, `passage`, `claim`, or `any` of these: a thing before a relation or class of its
    name. Raises `UsageError` where nothing or more than one thing is named so, with the candidates.
    """
    wanted = text.strip()
    if not wanted:
        raise UsageError(f"the {_noun(kind)} is empty; give an IRI, prefixed name, slug or label")
    kinds = _kinds(kind)
    iri = expand(wanted, store.prefixes)
    if iri is not None and any(_of_kind(store, [iri], each) for each in kinds):
        return iri
    for each in kinds:
        if iris := _called(store, wanted, each):
            return _only(store, wanted, iris)
    raise UsageError(f"no {_noun(kind)} is called {short(wanted)!r}{_near(store, wanted, kind)}")


def _noun(kind: str) -> str:
    return "entity" if kind == "any" else kind


def _kinds(kind: str) -> tuple[str, ...]:
    return ("any", "relation", "class") if kind == "any" else (kind,)


def _called(store: Store, wanted: str, kind: str) -> list[str]:
    """Return the things of a kind of which a text is a name or the slug, sorted."""
    iris = _of_kind(store, {*_with_slug(store, wanted), *store.labelled(wanted)}, kind)
    if not iris and kind not in _MANY:  # what has no prefix has a slug too
        iris = {iri for iri in _all(store, kind) if local_name(iri) == wanted}
    return sorted(iris)


def _only(store: Store, wanted: str, iris: Sequence[str]) -> str:
    """Return the one of some things that is meant, one with the very name before others. Raises `UsageError`."""
    letter_for_letter = {iri for iri, name in _names(store, iris) if name == wanted}
    meant = sorted(letter_for_letter) or iris
    if len(meant) == 1 or len(iris) == 1:
        return meant[0]
    shown = ", ".join(curie(iri, store.prefixes) or iri for iri in meant[:_CANDIDATES_SHOWN])
    more = f" and {len(meant) - _CANDIDATES_SHOWN} more" if len(meant) > _CANDIDATES_SHOWN else ""
    raise UsageError(f"{short(wanted)!r} names {len(meant)} things: {shown}{more}; give one of these")


def _of_kind(store: Store, iris: Iterable[str], kind: str) -> set[str]:
    """Return those of some IRIs that are of things of a kind, asking the store once."""
    iris = list(filter(_is_iri, iris))
    if kind == "relation":
        return {value(quad.subject) for quad in store.described(iris, coop("relationGroup"))}
    if kind == "class":
        return set(iris) & set(_all(store, kind)) if iris else set()
    classes = {coop(name) for name in KIND_CLASSES.get(kind, ())}
    return {value(quad.subject) for quad in store.described(iris, TYPE) if value(quad.object) in classes}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _with_slug(store: Store, slug: str) -> Iterator[str]:
    """Yield the IRIs that would end in a slug, one for each prefix."""
    if " " not in slug:
        yield from (namespace + slug for namespace in store.prefixes.values())


def _near(store: Store, wanted: str, kind: str) -> str:
    """Return what may be meant by a name that nothing has, as the end of an error line."""
    from coopgraph.store import name_index

    if kind in _MANY:
        names = [(hit.iri, hit.text) for hit in store.similar(wanted, _ALIKE)]
    else:
        names = list(_names(store, _all(store, kind)))
    iris = list(dict.fromkeys(iri for iri, _ in names))
    fitting = set().union(*(_of_kind(store, iris, each) for each in _kinds(kind)))
    said = {name.casefold().replace(" ", "-") for _, name in names}
    slugs = [] if " " in wanted else [slug for iri in fitting if (slug := local_name(iri)) not in said]
    if hint := near(name_index.fold(wanted), [name for iri, name in names if iri in fitting] + slugs):
        return hint
    if kind in _MANY and (hint := _with_part(store, wanted, kind)):
        return hint
    if kind in _FEW:
        return f"; there are {', '.join(sorted(map(local_name, fitting)))}"
    listed = {"relation": "relations", "class": "classes"}.get(kind)
    return f"; the question {listed} lists them" if listed else "; search finds things by a part of a name"


def _with_part(store: Store, wanted: str, kind: str) -> str:
    """Return which things have a text as a part of a name, as the end of an error line."""
    from coopgraph.store import name_index

    hits = [hit for hit in store.search(wanted, _ALIKE) if hit.kind != name_index.GIST]
    fitting = set().union(*(_of_kind(store, [hit.iri for hit in hits], each) for each in _kinds(kind)))
    text_of: dict[str, str] = {}
    for hit in hits:
        if hit.iri in fitting:
            text_of.setdefault(hit.iri, hit.text)
    shown = " or ".join(list(text_of.values())[:_PARTS_SHOWN])
    more = " (search finds all that have it in a name)" if len(text_of) > _PARTS_SHOWN else ""
    return f"; did you mean {shown}?{more}" if shown else ""


def _all(store: Store, kind: str) -> list[str]:
    """Return the things of a kind of which there are not many, sorted."""
    if kind == "class":
        from coopgraph.store import class_tree

        return sorted(class_tree.entity_classes(store))
    if kind == "relation":
        return sorted({value(quad.subject) for quad in store.quads(predicate=coop("relationGroup"))})
    classes = [NamedNode(coop(name)) for name in KIND_CLASSES[kind]]
    return sorted({value(quad.subject) for name in classes for quad in store.quads(predicate=TYPE, target=name)})


def _names(store: Store, iris: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield things with each of their names."""
    from coopgraph.store import name_index

    for quad in store.described(iris):
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
    classes: dict[str, NamedNode] = {}
    for quad in store.described(iris, TYPE):
        iri, kind = value(quad.subject), quad.object
        if isinstance(kind, NamedNode) and value(quad.graph_name) != INFERRED:
            classes[iri] = min(
                classes.get(iri, kind), kind, key=lambda node: (not node.value.startswith(COOP), node.value)
            )
    return classes
