"""Identifiers of the things that a table brings, the same however its rows are ordered, and what is said of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from coopgraph.rdf.terms import Literal, NamedNode, Triple
from coopgraph.rdf.vocab import PREF_LABEL, STANDARD, TYPE, XSD, coop
from coopgraph.reading import literals
from coopgraph.tables.mapping import filled
from coopgraph.tables.slugs import digest, slug_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from coopgraph.rdf.terms import Term
    from coopgraph.reading.vocabulary import Vocabulary
    from coopgraph.tables.mapping import EntityEntry
    from coopgraph.tables.naming import Name

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def minted(
    names: Mapping[Name, str], words: Vocabulary, prefixes: Mapping[str, str], in_use: Collection[str]
) -> dict[Name, str]:
    """Return identifiers (IRIs) for new things, given the slug that each would have; none is `in_use`.

    Where several would have one, what they lie within stands behind, and where that is no help a checksum.
    """
    made: dict[Name, str] = {}
    bases = {name: prefixes[words.new_kind(name.kind)] + slug for name, slug in names.items()}
    taken = {each.casefold() for each in in_use}
    for further in (_alone, _within, _checksum):
        wanted = {name: further(name, base) for name, base in bases.items() if name not in made}
        number = Counter(each.casefold() for each in wanted.values())
        free = {name: iri for name, iri in wanted.items() if number[iri.casefold()] == 1}
        free = {name: iri for name, iri in free.items() if iri.casefold() not in taken}
        made |= free
        taken |= {iri.casefold() for iri in free.values()}
    return made


def _alone(_: Name, base: str) -> str:
    return base


def _within(name: Name, base: str) -> str:
    return f"{base}-{slug_of(name.within.text)}" if name.within else base


def _checksum(name: Name, base: str) -> str:
    return f"{base}-{digest([name.kind, str(name), *name.apart])}"


def own_slug(entity: EntityEntry, name: Name, source: str, cells: Mapping[str, str]) -> str:
    """Return the slug that a new thing would have: what the mapping says, or its name."""
    return f"{source}-{slug_of(filled(entity.id, cells))}" if entity.id else slug_of(name.text)


def defined(name: Name, entity: EntityEntry, cells: Mapping[str, str], title: str) -> str:
    """Return what a new thing is in a sentence: as the mapping says, or where it lies and which table names it."""
    if entity.definition:
        return filled(entity.definition, cells) if "{" in entity.definition else entity.definition
    noun = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.kind).lower()
    article = "An" if noun[0] in "aeiou" else "A"
    return f"{article} {noun}{f' in {name.within}' if name.within else ''}, named in {title}."


def _labels(names: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Term]]:
    """Yield the names of a thing, each with its language: the first one of a language is that by which it is shown."""
    words = dict.fromkeys(literals.worded(text, language) for language, text in names)
    shown = set[str | None]()
    for each in words:
        yield (STANDARD["skos"] + "altLabel" if each.language in shown else PREF_LABEL), each
        shown.add(each.language)


def described(
    iri: str, name: Name, kind: str, entity: EntityEntry, source: str, language: str, place: Sequence[str],
    definition: str, labels: Iterable[tuple[str, str]] = (),
) -> Iterator[Triple]:  # fmt: skip
    """Yield what a graph file says of a new thing: class (IRI), label, origin, identifier, coordinates, definition.

    `labels` are its further names, each with its language.
    """
    terms: list[tuple[str, Term]] = [
        (TYPE, NamedNode(kind)),
        (STANDARD["skos"] + "definition", literals.worded(definition, "en")),
        (STANDARD["dcterms"] + "source", NamedNode(source)),
        *_labels([(entity.language or language, name.text), *labels]),
    ]
    identifier = name.apart[0] if entity.identifier else ""
    if _ADDRESS.fullmatch(identifier):
        terms.append((STANDARD["schema"] + "sameAs", NamedNode(identifier)))
    elif identifier and "/place/" in iri and literals.ISO_3166.fullmatch(identifier):
        terms.append((coop("iso3166"), Literal(identifier)))
    elif identifier:
        terms.append((STANDARD["dcterms"] + "identifier", Literal(identifier)))
    decimal = NamedNode(XSD + "decimal")
    for axis, number in zip(("lat", "long"), place, strict=False):
        terms.append((STANDARD["wgs84"] + axis, Literal(number if "." in number else f"{number}.0", datatype=decimal)))
    subject = NamedNode(iri)
    yield from (Triple(subject, NamedNode(predicate), term) for predicate, term in terms)
