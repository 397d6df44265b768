"""What texts can speak of: the things that a graph knows with all their names, and the properties that claims have."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, value
from coopgraph.rdf.vocab import coop, local_name
from coopgraph.store import class_tree, extracts
from coopgraph.store.bulk_read import having

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.claims.model import Entity
    from coopgraph.store.interface import Store

_CONCEPTS = ("Field", "Function", "Feature")
_TERMS = ("Measure", "Change")
_DATATYPE = vocab.STANDARD["owl"] + "DatatypeProperty"
_SYMMETRIC = vocab.STANDARD["owl"] + "SymmetricProperty"


class Property(NamedTuple):
    """A property that claims have: IRI, name, English label (`labels` has all), and the classes of its two ends.

    Modal words move the status of an `act` only; a `figure` has a number as its object.
    """

    iri: str
    name: str
    label: str
    domain: str
    range: str
    act: bool = True
    symmetric: bool = False
    figure: bool = False
    definition: str = ""
    labels: tuple[tuple[str, str], ...] = ()


class Vocabulary(NamedTuple):
    """Things and concepts by IRI, the superclasses of each class (local names, itself too), and properties by name.

    `classes` has the IRI of each class, by its local name, and `terms` the measures and changes by IRI, which texts do
    not name as they do things.
    """

    things: Mapping[str, Entity]
    supers: Mapping[str, frozenset[str]]
    properties: Mapping[str, Property]
    classes: Mapping[str, str]
    terms: Mapping[str, Entity] = MappingProxyType({})

    def is_a(self, kind: str, wanted: str) -> bool:
        """Say whether a class is another or below it; a kind that nobody gave may be anything."""
        return not kind or not wanted or wanted in self.supers.get(kind, frozenset((kind,)))

    def new_kind(self, kind: str) -> str:
        """Return the kind of entity, as identifiers have it, of which new things of a class are; empty for none."""
        if kind and self.is_a(kind, "Group"):
            return "organisation"
        return next((each for each in vocab.ENTITY_KINDS if kind and self.is_a(kind, each.title())), "")

    def property_of(self, iri: str) -> Property | None:
        """Return the property with an IRI."""
        return self.properties.get(local_name(iri))


def vocabulary(store: Store) -> Vocabulary:
    """Return the vocabulary of a graph."""
    things, terms = (_of_classes(store, *names) for names in (("Entity", *_CONCEPTS), _TERMS))
    above = class_tree.superclasses(store)
    supers = {local_name(name): frozenset(map(local_name, filter(_is_own, (name, *above[name])))) for name in above}
    own = {local_name(name): name for name in above if _is_own(name)}
    return Vocabulary(things, supers, _properties(store), own, terms)


def _of_classes(store: Store, *names: str) -> dict[str, Entity]:
    classes = sorted(class_tree.classes(store, *names))
    return extracts.entities(store, {iri for each in classes for iri in having(store, vocab.TYPE, NamedNode(each))})


def status_labels(store: Store) -> dict[str, dict[str, str]]:
    """Return the labels of each status by language."""
    return {
        name: labels(store, vocab.status_iri(name), vocab.STANDARD["skos"] + "prefLabel") for name in vocab.STATUSES
    }


def statuses(store: Store) -> dict[str, str]:
    """Return the names of statuses, labels in all languages among them, each with the status (local name)."""
    names = {name: name for name in vocab.STATUSES}
    return names | {label: name for name, of in status_labels(store).items() for label in of.values()}


def labels(store: Store, iri: str, predicate: str) -> dict[str, str]:
    """Return the labels of a term by language, the tags in small letters."""
    texts = (quad.object for quad in store.quads(subject=iri, predicate=predicate))
    return {each.language.lower(): each.value for each in texts if isinstance(each, Literal) and each.language}


def _is_own(iri: str) -> bool:
    """Say whether a class is no one else's: alignments name some that end alike, such as geo:Feature."""
    return not iri.startswith(tuple(vocab.STANDARD.values()))


def _properties(store: Store) -> dict[str, Property]:
    iris = sorted({value(quad.subject) for quad in store.quads(predicate=coop("relationGroup"))})
    return {local_name(iri): _property(store, iri) for iri in iris}


def _property(store: Store, iri: str) -> Property:
    stated: dict[str, list[str]] = {}
    for quad in store.quads(subject=iri):
        stated.setdefault(value(quad.predicate), []).append(value(quad.object))
        if getattr(quad.object, "language", None) == "en":
            stated.setdefault(f"{value(quad.predicate)}@en", []).append(value(quad.object))
    first = {name: min(values) for name, values in stated.items()}
    types = stated.get(vocab.TYPE, [])
    return Property(
        iri=iri,
        name=local_name(iri),
        label=first.get(f"{vocab.LABEL}@en", local_name(iri)),
        domain=local_name(first.get(f"{vocab.RDFS}domain", "")),
        range=local_name(first.get(f"{vocab.RDFS}range", "")),
        act=first.get(coop("modality"), "act") == "act",
        symmetric=_SYMMETRIC in types,
        figure=_DATATYPE in types,
        definition=first.get(f"{vocab.SKOS}definition@en", ""),
        labels=tuple(sorted(labels(store, iri, vocab.LABEL).items())),
    )
