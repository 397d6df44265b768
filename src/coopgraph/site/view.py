"""How one page says things: in the words of its language, with names that link to the pages of what they name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote_plus

from coopgraph.rdf.terms import curie
from coopgraph.rdf.vocab import local_name
from coopgraph.site.addresses import MAIN, Place, relative, steps_up
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

    @property
    def latest(self) -> str:
        """The date of the latest source, or nothing where no source has one."""
        source = next(iter(self.content.sources.values()), None)
        return self.words.date(source.issued, source.issued_precision) if source else ""

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

    def query(self, text: str) -> str:
        """Return the link to the page that runs a query."""
        return f"{self.link('sparql')}?query={quote_plus(text, safe='?:/*(),;')}"

    @staticmethod
    def plain(text: str) -> Name:
        """Return a text that leads nowhere."""
        return Name(text)

    def text(self, labels: Labels, fallback: str = "", href: str = "") -> Name:
        """Return the text that the reader is shown, with its language where that is not the page's."""
        text, tag = self.words.best(labels, fallback)
        return Name(text, tag if tag != self.place.language else "", href)

    def name(self, iri: str) -> Name:
        """Return the name of a thing, which leads to its page where it has one."""
        key = ("name", iri, self.place.language, steps_up(self.place.path), self.place.path.startswith("id/"))
        return self.content.once(key, lambda: self._name(iri))

    def _name(self, iri: str) -> Name:
        content = self.content
        if source := content.sources.get(iri):
            tag = content.title_languages.get(iri, "")
            href = self.link(content.addresses.stem(iri))
            return Name(source.title, tag if tag != self.place.language else "", href)
        return self.text(self.labels(iri), local_name(iri) or iri, self.href(iri))

    def labels(self, iri: str) -> Labels:
        """Return what a thing is called, by language."""
        return self.content.term(iri).labels

    def href(self, iri: str) -> str:
        """Return the link to the page of a thing, or nothing where it has none."""
        there = iri in self.content.things or iri in self.content.sources
        return self.link(self.content.addresses.stem(iri)) if there else ""

    def short(self, iri: str) -> str:
        """Return an IRI as a prefixed name where that is possible."""
        return curie(iri, self.content.store.prefixes) or iri

    def term(self, iri: str) -> str:
        """Return an IRI as SPARQL and Turtle have it."""
        return curie(iri, self.content.store.prefixes) or f"<{iri}>"
