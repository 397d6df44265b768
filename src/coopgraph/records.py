"""Claims out of the store, with all that they mention, as one `Extract`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from coopgraph.errors import UsageError, unknown
from coopgraph.model import Claim, Entity, Extract, Passage, Quantity, Source
from coopgraph.terms import Literal, NamedNode, Term, curie, value
from coopgraph.vocab import (
    ALT_LABEL,
    INFERRED,
    LABEL,
    PREF_LABEL,
    RDF,
    RDFS,
    SKOS,
    STANDARD,
    STATUSES,
    TYPE,
    coop,
    local_name,
    relation_iri,
    status_iri,
)

if TYPE_CHECKING:
    from coopgraph.store import Store

ROOTS = ("Place", "Organisation", "Person", "Post", "Initiative", "Event", "Agreement")
"""The classes of entities that legends show, each with all its subclasses."""

CONCEPTS = ("Field", "Function", "Feature", "Status", "RelationGroup")
"""The classes of SKOS concepts that claims and their properties use, each with all its subclasses."""

_SYMMETRIC = STANDARD["owl"] + "SymmetricProperty"

_DERIVED_FROM = STANDARD["prov"] + "wasDerivedFrom"
Properties: TypeAlias = Mapping[str, list[Any]]

_HAS_SOURCE = STANDARD["oa"] + "hasSource"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which claims are asked for; None asks for all.

    `statuses` and `groups` are local names (`realised`; `cooperation`), `sources` and `fields` IRIs. `since` and
    `until` are years: a claim is in when its time overlaps them; a claim with a beginning and no end lasts, and one
    without any date is left out as soon as a year is given.
    """

    statuses: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    since: int | None = None
    until: int | None = None

    def __contains__(self, claim: Claim) -> bool:
        return (
            (self.statuses is None or claim.status in self.statuses)
            and (self.groups is None or claim.group in self.groups)
            and (self.sources is None or not self.sources.isdisjoint(claim.sources))
            and (self.fields is None or not self.fields.isdisjoint(claim.fields))
            and self._in_time(claim)
        )

    def _in_time(self, claim: Claim) -> bool:
        if self.since is None and self.until is None:
            return True
        first, last = claim.years
        if first is None and last is None:
            return False
        return (self.since is None or last is None or last >= self.since) and (
            self.until is None or first is None or first <= self.until
        )


def select(
    *,
    status: str | Collection[str] | None = None,
    group: str | Collection[str] | None = None,
    source: str | Collection[str] | None = None,
    field: str | Collection[str] | None = None,
    since: int | None = None,
    until: int | None = None,
) -> Selection:
    """Return a `Selection`, each choice one value or several. Raises `UsageError` for an unknown status.

    >>> select(status="realised").statuses
    frozenset({'realised'})
    """
    statuses = _several(status)
    for name in statuses or ():
        if name not in STATUSES:
            raise UsageError(unknown("status", name, STATUSES))
    return Selection(statuses, _several(group), _several(source), _several(field), since, until)


def _several(value: str | Collection[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset([value]) if isinstance(value, str) else frozenset(value)


def extract(store: Store, selection: Selection | None = None, *, about: str | None = None) -> Extract:
    """Return the claims of a selection, or those that have the IRI `about` in any place, with all that they mention."""
    described = _described(store) if about is None else {iri: _properties(store, iri) for iri in _about(store, about)}
    claims = _claims(store, described)
    found = tuple(claim for claim in claims if selection is None or claim in selection)
    passages = {iri: passage(store, iri) for iri in sorted({iri for claim in found for iri in claim.passages})}
    sources = {iri: _source(store, iri) for iri in sorted({each.source for each in passages.values()})}
    publishers = {source.publisher for source in sources.values() if source.publisher}
    return Extract(
        title=store.manifest.get("title", "coopgraph"),
        claims=found,
        terms=entities(store, _mentioned(found) | publishers | ({about} if about else set())),
        passages=passages,
        sources=sources,
        prefixes=store.prefixes,
        license=store.manifest.get("license"),
        description=store.manifest.get("description"),
    )


def _about(store: Store, iri: str) -> list[str]:
    """Return the claims that name an IRI in any place or rest on it, and the claim itself where the IRI is one's."""
    node = NamedNode(iri)
    names = (RDF + "subject", RDF + "object", _DERIVED_FROM, *map(coop, (*_MANY, "shareOf")))
    found = {value(quad.subject) for name in names for quad in store.quads(predicate=name, target=node)}
    return sorted(found | ({iri} if any(store.quads(subject=iri, predicate=RDF + "subject")) else set()))


def _mentioned(claims: Iterable[Claim]) -> set[str]:
    concepts = {iri for claim in claims for iri in (status_iri(claim.status), relation_iri(claim.group))}
    return concepts.union(*(claim.mentions for claim in claims))


_SINGLE = ("validFrom", "validFromPrecision", "validTo", "validToPrecision", "unit", "asOf", "asOfPrecision", "shareOf")
_MANY = ("field", "statedBy", "statedAt", "relayedBy")
_CLAIM_PREDICATES = (
    *(RDF + part for part in ("subject", "predicate", "object")),
    *map(coop, ("status", *_SINGLE, *_MANY)),
    _DERIVED_FROM,
)


def _described(store: Store) -> dict[str, Properties]:
    """Return claim IRI -> its properties for all claims, read a predicate at a time: one scan each."""
    typed = (store.quads(predicate=TYPE, target=_class(kind)) for kind in ("Claim", "Observation"))
    claims = sorted({value(quad.subject) for quads in typed for quad in quads})
    found: dict[str, dict[str, list[Any]]] = {iri: {} for iri in claims}
    for predicate in _CLAIM_PREDICATES:
        for quad in store.quads(predicate=predicate):
            properties = found.get(value(quad.subject))
            if properties is not None:
                properties.setdefault(predicate, []).append(quad.object)
    return found  # type: ignore[return-value]


def _class(name: str) -> NamedNode:
    return NamedNode(coop(name))


def _claims(store: Store, described: Mapping[str, Properties]) -> Iterator[Claim]:
    groups = {value(q.subject): local_name(value(q.object)) for q in store.quads(predicate=coop("relationGroup"))}

    @cache
    def source_of(passage: str) -> str | None:
        return next((value(quad.object) for quad in store.quads(subject=passage, predicate=_HAS_SOURCE)), None)

    for iri, properties in described.items():
        one = {name: _first(properties, coop(name)) for name in _SINGLE}
        predicate = _first(properties, RDF + "predicate") or ""
        stated = _all(properties, _DERIVED_FROM)
        yield Claim(
            iri=iri,
            subject=_first(properties, RDF + "subject") or "",
            predicate=predicate,
            object=_object(properties[RDF + "object"][0], one),
            status=local_name(_first(properties, coop("status")) or ""),
            group=groups.get(predicate, ""),
            valid_from=one["validFrom"],
            valid_from_precision=one["validFromPrecision"],
            valid_to=one["validTo"],
            valid_to_precision=one["validToPrecision"],
            fields=_all(properties, coop("field")),
            speakers=_all(properties, coop("statedBy")),
            occasions=_all(properties, coop("statedAt")),
            relayers=_all(properties, coop("relayedBy")),
            passages=stated,
            sources=tuple(sorted(filter(None, {source_of(passage) for passage in stated}))),
        )


def _object(term: Term, one: Mapping[str, str | None]) -> str | Quantity:
    if not isinstance(term, Literal):
        return value(term)
    return Quantity(term.value, term.datatype.value, one["unit"], one["asOf"], one["asOfPrecision"], one["shareOf"])


def _all(properties: Properties, predicate: str) -> tuple[str, ...]:
    return tuple(sorted({value(term) for term in properties.get(predicate, ())}))


def _properties(store: Store, iri: str) -> dict[str, list[Any]]:
    """Return predicate -> sorted objects of one subject."""
    found: dict[str, list[Any]] = defaultdict(list)
    for quad in store.quads(subject=iri):
        found[quad.predicate.value].append(quad.object)
    return {predicate: sorted(terms, key=str) for predicate, terms in found.items()}


def _first(properties: Properties, predicate: str) -> str | None:
    return next((value(term) for term in properties.get(predicate, ())), None)


def _labels(terms: Iterable[Any]) -> dict[str, str]:
    return {term.language or "": value(term) for term in terms if isinstance(term, Literal)}


def entities(store: Store, iris: Iterable[str]) -> dict[str, Entity]:
    """Return an `Entity` with its names for each IRI, also for those that the store does not describe."""
    supers = _superclasses(store)
    return {iri: _entity(iri, _properties(store, iri), supers) for iri in sorted(iris)}


def _entity(iri: str, properties: Properties, supers: Mapping[str, tuple[str, ...]]) -> Entity:
    kind, root = _kind(properties, supers)
    same = [value(term) for term in properties.get(SKOS + "exactMatch", ())]
    codes = [value(term) for term in properties.get(coop("iso3166"), ())]
    labels = properties.get(PREF_LABEL) or properties.get(LABEL) or ()
    others = tuple(value(term) for term in properties.get(ALT_LABEL, ()))
    return Entity(iri, kind, root, _labels(labels), others, (*same, *codes))


def _kind(properties: Properties, supers: Mapping[str, tuple[str, ...]]) -> tuple[str, str]:
    """Return the most specific class and the class that legends show, as local names."""
    if coop("relationGroup") in properties:
        symmetric = any(value(term) == _SYMMETRIC for term in properties.get(TYPE, ()))
        return ("SymmetricProperty" if symmetric else "Property",) * 2
    types = [value(term) for term in properties.get(TYPE, ())]
    types = [name for name in types if name.startswith(coop("")) or name in supers]
    specific = [name for name in types if not any(name in supers.get(other, ()) for other in types if other != name)]
    if not specific:
        return "Thing", "Thing"
    lineage = [local_name(name) for name in (specific[0], *supers.get(specific[0], ()))]
    return lineage[0], next((name for name in lineage if name in ROOTS + CONCEPTS), lineage[0])


def entity_classes(store: Store) -> set[str]:
    """Return the IRIs of `coop:Entity` and all its subclasses."""
    return classes(store, "Entity")


def classes(store: Store, *names: str) -> set[str]:
    """Return the IRIs of classes of the ontology, by local name, and of all their subclasses."""
    wanted = set(map(coop, names))
    return wanted | {name for name, supers in _superclasses(store).items() if not wanted.isdisjoint(supers)}


def _superclasses(store: Store) -> dict[str, tuple[str, ...]]:
    """Return class -> its superclasses within the ontology, nearest first."""
    parents: dict[str, list[str]] = defaultdict(list)
    for quad in store.quads(predicate=RDFS + "subClassOf"):
        parents[value(quad.subject)].append(value(quad.object))
    closed: dict[str, tuple[str, ...]] = {}
    for name in list(parents):
        found: list[str] = []
        waiting = sorted(parents[name])
        while waiting:
            parent = waiting.pop(0)
            if parent not in found and parent != name:
                found.append(parent)
                waiting += sorted(parents.get(parent, ()))
        closed[name] = tuple(found)
    return closed


def passage(store: Store, iri: str) -> Passage:
    """Return a passage as the store describes it."""
    properties = _properties(store, iri)
    oa = STANDARD["oa"]
    numbers = {name: _whole(_first(properties, name)) for name in (coop("paragraph"), oa + "start", oa + "end")}
    return Passage(
        iri=iri,
        source=_first(properties, _HAS_SOURCE) or "",
        paragraph=numbers[coop("paragraph")],
        start=numbers[oa + "start"],
        end=numbers[oa + "end"],
        sha256=_first(properties, coop("textSha256")),
        gist=_labels(properties.get(coop("gist"), ())),
        quotation=_first(properties, oa + "exact"),
    )


def _whole(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


def _source(store: Store, iri: str) -> Source:
    properties = _properties(store, iri)
    dcterms = STANDARD["dcterms"]
    return Source(
        iri=iri,
        title=_first(properties, dcterms + "title") or local_name(iri),
        publisher=_first(properties, dcterms + "publisher"),
        issued=_first(properties, dcterms + "issued"),
        issued_precision=_first(properties, coop("issuedPrecision")),
        page=_first(properties, STANDARD["foaf"] + "page"),
        license=_first(properties, dcterms + "license"),
    )


def counts(store: Store) -> Iterator[tuple[str, str, int]]:
    """Yield (what, name, number): triples by graph, entities by class, records by kind, claims by status and group."""
    for graph in store.graphs():
        yield "triples in graph", curie(graph, store.prefixes) or graph, sum(1 for _ in store.quads(graph=graph))
    kinds = entity_classes(store) | {coop(name) for name in ("Source", "Passage", "Claim", "Observation")}
    stated = (quad for quad in store.quads(predicate=TYPE) if value(quad.graph_name) != INFERRED)
    typed = Counter(value(quad.object) for quad in stated if value(quad.object) in kinds)
    yield from (("things of class", curie(name, store.prefixes) or name, typed[name]) for name in sorted(typed))
    claims = list(_claims(store, _described(store)))
    by_status, by_group = Counter(claim.status for claim in claims), Counter(claim.group for claim in claims)
    yield from (("claims with status", name, by_status[name]) for name in sorted(by_status, key=_status_order))
    yield from (("claims in relation group", name, by_group[name]) for name in sorted(by_group))


def _status_order(name: str) -> tuple[int, str]:
    return (STATUSES.index(name) if name in STATUSES else len(STATUSES), name)
