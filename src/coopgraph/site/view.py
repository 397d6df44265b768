"""How one page says things: in the words of its language, with names that link to the pages of what they name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.rdf.terms import curie
from coopgraph.rdf.vocab import local_name
from coopgraph.site.addresses import MAIN, Place, relative
from coopgraph.site.words import words

if TYPE_CHECKING:
    from coopgraph.claims.model import Labels
    from coopgraph.site.content import Content


class Name(NamedTuple):
    """A text that names something: its language where that is not the page's, and where it leads."""

    text: str
    lang: str = ""
    href: str = ""


class View:
    """The place of a page, the words of its language, and the content that it draws on."""

    def __init__(self, content: Content, place: Place) -> None:
        self.content, self.place = content, place
        self.words = words(place.language)

    def link(self, stem: str, page: int = 1, anchor: str = "") -> str:
        """Return the link to a page in the language of this one."""
        path = Place(stem, page, self.place.language).path
        return relative(self.place.path, f"{path}#{anchor}" if anchor else path)

    def file(self, path: str) -> str:
        """Return the link to a file that is the same in all languages."""
        return relative(self.place.path, path)

    def translated(self, language: str) -> str:
        """Return the link to this page in another language."""
        return relative(self.place.path, replace(self.place, language=language).path)

    def data(self, ending: str) -> str:
        """Return the link to this page as data."""
        return self.file(Place(self.place.stem, 1, MAIN, ending).path)

    def text(self, labels: Labels, fallback: str = "", href: str = "") -> Name:
        """Return the text that the reader is shown, with its language where that is not the page's."""
        text, tag = self.words.best(labels, fallback)
        return Name(text, tag if tag != self.place.language else "", href)

    def name(self, iri: str) -> Name:
        """Return the name of a thing, which leads to its page where it has one."""
        content = self.content
        entity = content.things.get(iri) or content.extract.terms.get(iri)
        if source := content.sources.get(iri):
            return Name(source.title, content.title_languages.get(iri, ""), self.link(content.addresses.stem(iri)))
        labels = entity.labels if entity else {}
        return self.text(labels, local_name(iri) or iri, self.href(iri))

    def href(self, iri: str) -> str:
        """Return the link to the page of a thing, or nothing where it has none."""
        if iri not in self.content.things and iri not in self.content.sources:
            return ""
        stem = self.content.addresses.stem(iri)
        return "" if stem == self.place.stem else self.link(stem)

    def short(self, iri: str) -> str:
        """Return an IRI as a prefixed name where that is possible."""
        return curie(iri, self.content.store.prefixes) or iri
