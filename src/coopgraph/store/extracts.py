"""Claims out of the store, with all that they mention, as one `Extract`."""

from __future__ import annotations

from collections import defaultdict
from itertools import starmap
from typing import TYPE_CHECKING, Any

from coopgraph.claims import properties
from coopgraph.claims.collector import without_collector
from coopgraph.claims.model import Claim, Entity, Extract, Passage, Quantity, Source, best_label
from coopgraph.claims.selection import Selection, stands
from coopgraph.rdf.terms import Literal, NamedNode, value
from coopgraph.rdf.vocab import (
    ALT_LABEL,
    CONCEPT_CLASSES,
    LABEL,
    PREF_LABEL,
    RDF,
    STANDARD,
    TYPE,
    coop,
    local_name,
    relation_iri,
    status_iri,
)
from coopgraph.store import class_tree
from coopgraph.store.bulk_read import Table, having
from coopgraph.store.written_forms import VALUE_AS_WRITTEN, as_written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from coopgraph.store.claim_columns import Cell
    from coopgraph.store.interface import Store

ROOTS = ("Place", "Organisation", "Person", "Post", "Initiative", "Event", "Agreement")
"""The classes of entities that legends show, each with all its subclasses."""

_SHOWN_WITH = {"Group": "Organisation"}
"""Classes that are none of these and that legends show together with one."""

_SYMMETRIC = STANDARD["owl"] + "SymmetricProperty"


def extract(store: Store, selection: Selection | None = None, *, about: str | None = None) -> Extract:
    """Return the claims of a selection, or those that have the IRI `about` in any place, with all that they mention."""
    with without_collector():
        return _extract(store, selection, about)


def _extract(store: Store, selection: Selection | None, about: str | None) -> Extract:
    candidates = Table(
        store, _candidates(store, selection, about), (*properties.CLAIMS, VALUE_AS_WRITTEN.value), RDF + "subject"
    )
    rests = candidates.texts(properties.DERIVED_FROM)
    stated = Table(store, {iri for several in rests for iri in several}, _PASSAGES, properties.HAS_SOURCE)
    source_of = {iri: source or "" for iri, source in zip(stated.iris, stated.text(properties.HAS_SOURCE), strict=True)}
    claims = _claims(store, candidates, rests, source_of)
    chosen = tuple(claims if selection is None else (claim for claim in claims if claim in selection))
    if selection is not None and selection.as_of:
        documents = _sources(store, {iri for claim in chosen for iri in claim.sources})
        chosen = tuple(claim for claim in chosen if stands(claim, selection.as_of, documents))
    passages = _passages(stated, source_of, {iri for claim in chosen for iri in claim.passages})
    sources = _sources(store, {each.source for each in passages.values()})
    publishers = {source.publisher for source in sources.values() if source.publisher}
    terms = entities(store, _mentioned(chosen) | publishers | ({about} if about else set()))
    return Extract(
        title=store.manifest.get("title", "coopgraph"),
        claims=chosen,
        terms=terms | _own_groups(store),
        passages=passages,
        sources=sources,
        prefixes=store.prefixes,
        license=store.manifest.get("license"),
        description=store.manifest.get("description"),
        titles=store.manifest.get("titles", {}),
        descriptions=store.manifest.get("descriptions", {}),
    )


def _candidates(store: Store, selection: Selection | None, about: str | None) -> set[str]:
    """Return the claims that name an IRI in any place, rest on it or are of it, those of the chosen sources, or all."""
    if about is not None:
        node = NamedNode(about)
        names = (
            RDF + "subject",
            RDF + "predicate",
            properties.OBJECT,
            properties.DERIVED_FROM,
            *map(coop, (*properties.MANY, "shareOf", "counterpart", "measure", "change", "status")),
        )
        claims = {value(quad.subject) for name in names for quad in store.quads(predicate=name, target=node)}
        claims |= {value(row[0]) for text, name in _OF for row in store.select(text, {name: node})}
        return claims | ({about} if any(store.quads(subject=about, predicate=RDF + "subject")) else set())
    if selection is not None and selection.sources is not None:
        rows = (store.select(_OF_SOURCE, {"source": NamedNode(iri)}) for iri in selection.sources)
        return {value(row[0]) for of_one in rows for row in of_one}
    classes = {_class("Claim"), _class("Observation")}
    return {claim for kind in classes for claim in having(store, TYPE, kind)}


_OF_GROUP = "SELECT ?claim ?group { ?relation coop:relationGroup ?group . ?claim rdf:predicate ?relation }"
_OF_SOURCE = "SELECT ?claim ?source { ?passage oa:hasSource ?source . ?claim prov:wasDerivedFrom ?passage }"
_OF = ((_OF_SOURCE, "source"), (_OF_GROUP, "group"))
"""How the claims of a source or of a relation group are found, and what stands for that."""


def _own_groups(store: Store) -> dict[str, Entity]:
    """Return the relation groups of a workspace's own, by the IRI that one of that name has in `terms`."""
    groups = {value(quad.object) for quad in store.quads(predicate=coop("relationGroup"))}
    own = sorted(iri for iri in groups if iri != relation_iri(local_name(iri)))
    return {relation_iri(local_name(iri)): entity for iri, entity in entities(store, own).items()} if own else {}


def _mentioned(claims: Iterable[Claim]) -> set[str]:
    concepts = {iri for claim in claims for iri in (status_iri(claim.status), relation_iri(claim.group))}
    return concepts.union(*(claim.mentions for claim in claims))


def _class(name: str) -> NamedNode:
    return NamedNode(coop(name))


def _claims(
    store: Store, table: Table, rests: Iterable[tuple[str, ...]], source_of: Mapping[str, str]
) -> Iterator[Claim]:
    """Yield claims, in the order of their IRIs, given the passages that each rests on and their sources."""
    groups = {value(q.subject): local_name(value(q.object)) for q in store.quads(predicate=coop("relationGroup"))}
    sources = [tuple(sorted({source_of[iri] for iri in several} - {""})) for several in rests]
    predicates = [predicate or "" for predicate in table.text(RDF + "predicate")]
    span, figure, more = (
        [table.text(coop(name)) for name in names] for names in (properties.SPAN, properties.FIGURE, properties.MORE)
    )
    rows = zip(
        table.iris,
        [subject or "" for subject in table.text(RDF + "subject")],
        predicates,
        map(_object, table.cells(properties.OBJECT), table.cells(VALUE_AS_WRITTEN.value), *figure),
        [local_name(status or "") for status in table.text(coop("status"))],
        [groups.get(predicate, "") for predicate in predicates],
        *span,
        *(table.texts(coop(name)) for name in properties.MANY),
        rests,
        sources,
        *more,
        table.texts(coop(properties.NAMES)),
        strict=True,
    )
    return starmap(Claim, rows)


def _object(cell: Cell, written: Cell, *measured: str | None) -> str | Quantity:
    """Return the object of a claim, given how it is written, and what else an observation says of it."""
    given = written or cell
    one = as_written(min(given, key=str) if isinstance(given, tuple) else given)
    return Quantity(one.value, one.datatype.value, *measured) if isinstance(one, Literal) else one or ""


def _labels(values: Iterable[str | Literal]) -> dict[str, str]:
    return {term.language or "": term.value for term in values if isinstance(term, Literal)}


def entities(store: Store, iris: Iterable[str]) -> dict[str, Entity]:
    """Return an `Entity` with its names for each IRI, also for those that the store does not describe."""
    supers = class_tree.superclasses(store)
    table = Table(store, set(iris), _ENTITY_PREDICATES, PREF_LABEL)
    columns = (table.iris, *map(table.values, _ENTITY_PREDICATES))
    rows = list(zip(*columns, strict=True))
    classes = [class_tree.most_specific(_plain(types), supers) for _, types, *_ in rows]
    labels_of = _class_labels(store, set(classes) - {""})
    return {
        row[0]: _entity([name, *supers.get(name, ())], labels_of.get(name, {}), *row)
        for name, row in zip(classes, rows, strict=True)
    }


_ENTITY_PREDICATES = (
    TYPE, coop("relationGroup"), PREF_LABEL, LABEL, ALT_LABEL, STANDARD["schema"] + "sameAs", coop("iso3166")
)  # fmt: skip


def _class_labels(store: Store, classes: Iterable[str]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in store.described(sorted(classes), LABEL):
        labels[value(quad.subject)] |= _labels([quad.object] if isinstance(quad.object, Literal) else [])
    return labels


def _entity(lineage: Sequence[str], kind_labels: Mapping[str, str], iri: str, *columns: tuple[Any, ...]) -> Entity:
    """Return an entity, given its class and the classes above that, its labels, and the columns of its row."""
    types, groups, preferred, labels, others, same, codes = columns
    kind, root = _kind(lineage) if not groups else _relation(types)
    kind_labels = kind_labels if not groups else _RELATION
    return Entity(
        iri, kind, root, _labels(preferred or labels), _plain(others), _plain((*same, *codes)), lineage[0], kind_labels
    )


_RELATION = {"en": "Relation", "zh-hans": "关系", "zh-hant": "關係"}


def _plain(values: Iterable[str | Literal]) -> tuple[str, ...]:
    return tuple([one if isinstance(one, str) else one.value for one in values])


def _relation(types: Collection[str | Literal]) -> tuple[str, str]:
    return ("SymmetricProperty" if _SYMMETRIC in types else "Property",) * 2


def _kind(lineage: Iterable[str]) -> tuple[str, str]:
    """Return the name of a class, and of that above it which legends show."""
    names = [local_name(name) for name in lineage]
    shown = (_SHOWN_WITH.get(name, name) for name in names)
    return names[0] or "Thing", next((name for name in shown if name in ROOTS + CONCEPT_CLASSES), names[0] or "Thing")


_PASSAGES = (*properties.POSITIONS, properties.GIST)


def _passages(table: Table, source_of: Mapping[str, str], wanted: Collection[str]) -> dict[str, Passage]:
    *columns, gists = (*map(table.text, properties.POSITIONS[1:]), table.values(properties.GIST))
    return {
        iri: Passage(
            iri, source_of[iri], _whole(paragraph), _whole(start), _whole(end), checksum, _labels(gist), quotation
        )
        for iri, paragraph, start, end, checksum, quotation, gist in zip(table.iris, *columns, gists, strict=True)
        if iri in wanted
    }


def _whole(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


_DCTERMS = STANDARD["dcterms"]
_SOURCE_PREDICATES = (
    *(_DCTERMS + name for name in ("title", "publisher", "issued")), coop("issuedPrecision"),
    STANDARD["foaf"] + "page", _DCTERMS + "license",
)  # fmt: skip
_ORIGIN = STANDARD["prov"] + "hadPrimarySource"


def _sources(store: Store, iris: Iterable[str]) -> dict[str, Source]:
    table = Table(store, iris, (*_SOURCE_PREDICATES, _ORIGIN), _DCTERMS + "title")
    titles = map(_labels, table.values(_SOURCE_PREDICATES[0]))
    rows = zip(table.iris, titles, *map(table.text, _SOURCE_PREDICATES[1:]), table.texts(_ORIGIN), strict=True)
    return {iri: Source(iri, best_label(labels, local_name(iri)), *others) for iri, labels, *others in rows}
