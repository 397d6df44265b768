"""What the graph says of a thing itself, beside claims: its names, what it is, its dates, places and identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coopgraph.rdf.terms import Literal, NamedNode, language_tag, value
from coopgraph.rdf.vocab import (
    ALT_LABEL,
    DERIVED,
    LABEL,
    PREF_LABEL,
    RDFS,
    SKOS,
    STANDARD,
    TYPE,
    XSD,
    coop,
    local_name,
)
from coopgraph.site.view import Name
from coopgraph.store.written_forms import AS_WRITTEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from coopgraph.claims.model import Labels
    from coopgraph.rdf.terms import Quad
    from coopgraph.site.content import Content
    from coopgraph.site.view import View

_DEFINITION = SKOS + "definition"
_LATITUDE, _LONGITUDE = STANDARD["wgs84"] + "lat", STANDARD["wgs84"] + "long"
_SHOWN_ELSEWHERE = frozenset(
    (
        TYPE, LABEL, PREF_LABEL, ALT_LABEL, _DEFINITION, _LATITUDE, _LONGITUDE, AS_WRITTEN.value,
        STANDARD["schema"] + "sameAs",
        coop("iso3166"), RDFS + "isDefinedBy", SKOS + "inScheme", SKOS + "topConceptOf", coop("relationGroup"),
        coop("shownAs"), coop("modality"),
    )
)  # fmt: skip
_MADE = frozenset(DERIVED)


class Fact(NamedTuple):
    """A property of a thing with its values."""

    label: Name
    values: tuple[Name, ...]


def names(iri: str, view: View) -> list[Name]:
    """Return the other names of a thing, each with its language."""
    entity = view.content.term(iri)
    heading = view.text(entity.labels).text
    labels = [Name(text, language_tag(tag)) for tag, text in sorted(entity.labels.items())]
    distinct: dict[str, Name] = {}
    for name in (*labels, *map(Name, entity.alt_labels)):
        distinct.setdefault(name.text, name)
    return [name for name in distinct.values() if name.text != heading]


def own(iri: str, view: View) -> list[Quad]:
    """Return what graph files say of a thing; what is derived is shown as the claims that it follows from."""
    return [quad for quad in view.content.store.quads(subject=iri) if value(quad.graph_name) not in _MADE]


def definition(quads: list[Quad], view: View) -> Name:
    """Return what a thing is, in a sentence, or an empty text."""
    return text((quad for quad in quads if quad.predicate.value == _DEFINITION), view)


def definitions(iri: str, content: Content) -> Labels:
    """Return what a thing is, in a sentence of each language that there is."""
    return _by_language(content.store.quads(subject=iri, predicate=_DEFINITION))


def text(quads: Iterable[Quad], view: View) -> Name:
    """Return the one of several texts that the reader is shown, or an empty text."""
    return view.text(_by_language(quads))


def _by_language(quads: Iterable[Quad]) -> Labels:
    literals = (quad.object for quad in quads)
    return {one.language or "": one.value for one in literals if isinstance(one, Literal)}


def facts(quads: list[Quad], view: View) -> list[Fact]:
    """Return the properties of a thing that no other part of its page shows, by name."""
    values: dict[str, dict[Name, None]] = {}
    for quad in sorted(quads, key=str):
        if (name := quad.predicate.value) not in _SHOWN_ELSEWHERE:
            values.setdefault(name, {})[_value(quad.object, view)] = None
    return [Fact(_label(name, view), tuple(several)) for name, several in values.items()]


def _label(predicate: str, view: View) -> Name:
    """Return what a property is called: in the words of the site, else by a label that the graph has for it."""
    key = f"property-{local_name(predicate)}"
    return Name(view.words(key)) if view.words.has(key) else view.text(_labels(predicate, view), local_name(predicate))


def _labels(predicate: str, view: View) -> Labels:
    content = view.content

    def read() -> Labels:
        return _by_language(content.store.quads(subject=predicate, predicate=LABEL))

    return content.once(("property", predicate), read)


def _value(term: object, view: View) -> Name:
    if isinstance(term, NamedNode):
        return link(term.value, view)
    if isinstance(term, Literal) and term.datatype.value in _TOLD:
        return Name(_TOLD[term.datatype.value](term.value, view))
    if isinstance(term, Literal):
        tag = language_tag(term.language) if term.language else ""
        return Name(term.value, tag if tag != view.place.language else "")
    return Name(str(term))


_TOLD: Mapping[str, Callable[[str, View], str]] = {
    f"{XSD}boolean": lambda text, view: view.words("answer-yes" if text in ("true", "1") else "answer-no"),
    f"{XSD}date": lambda text, view: view.words.date(text, "day"),
}
"""Types of values that are told in the reader's words."""


def link(iri: str, view: View) -> Name:
    """Return the name of a thing that has a page, or the address of one that is elsewhere."""
    if iri in view.content.things or iri in view.content.sources:
        return view.name(iri)
    return Name(iri, "", iri if iri.startswith(("http://", "https://")) else "")


def identifiers(iri: str, view: View) -> list[Name]:
    """Return what other data sets call a thing: links to them, and codes."""
    given = sorted(view.content.term(iri).identifiers)
    return [Name(_short(name), "", name) if "://" in name else Name(f"ISO 3166: {name}") for name in given]


def _short(address: str) -> str:
    """Return an address without its scheme.

    >>> _short("http://www.wikidata.org/entity/Q8646")
    'wikidata.org/entity/Q8646'
    """
    return address.partition("://")[2].removeprefix("www.").rstrip("/")
