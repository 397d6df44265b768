"""The one renderer of the site: which paths there are, and what stands at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.rdf.vocab import LANGUAGES
from coopgraph.site import entity_page, home_page
from coopgraph.site.addresses import Place, place
from coopgraph.site.assets import ASSETS
from coopgraph.site.content import Content
from coopgraph.site.page import Link, Page, media_type
from coopgraph.site.templating import html
from coopgraph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.ask.graph import CoopGraph


class Site:
    """A graph as pages. Paths have no slash before them; an index is asked for by its whole path, `index.html`.

    >>> from coopgraph import load
    >>> with load() as graph:
    ...     site = Site(graph)
    ...     site.render("id/place/liaoning.html").media_type, site.render("id/place/nowhere.html")
    ('text/html; charset=utf-8', None)
    """

    def __init__(self, graph: CoopGraph) -> None:
        self.content = Content(graph)

    def paths(self) -> Iterator[str]:
        """Yield the path of every page that a published site has, sorted."""
        yield from sorted(self._paths())

    def render(self, path: str) -> Page | None:
        """Return what stands at a path, None where there is nothing."""
        if asset := ASSETS.get(path):
            return Page(path, media_type(path), asset())
        where = place(path)
        return self._page(where) if where is not None and where.path == path else None

    def _paths(self) -> Iterator[str]:
        yield from ASSETS
        for stem, pages in self._stems():
            for number in range(1, pages + 1):
                yield from (Place(stem, number, language).path for language in LANGUAGES)

    def _stems(self) -> Iterator[tuple[str, int]]:
        """Yield the stem of each page in HTML, and of how many pages it consists."""
        yield "index", 1
        for iri in self.content.things:
            yield self.content.addresses.stem(iri), entity_page.pages(self.content, iri)

    def _page(self, where: Place) -> Page | None:
        if where.ending != "html":
            return None
        view = View(self.content, where)
        if where.stem == "index":
            template, content = "home.html.j2", home_page.content(view)
        else:
            iri = self.content.iri_at(where.stem)
            if iri is None or where.page > entity_page.pages(self.content, iri):
                return None
            template, content = "entity.html.j2", entity_page.content(iri, view)
        links = tuple(_links(view))
        return Page(where.path, media_type(where.path), html(template, view, links, **content), links)


def _links(view: View) -> Iterator[Link]:
    """Yield the typed links that every page has: itself in the other languages."""
    for language in LANGUAGES:
        if language != view.place.language:
            yield Link("alternate", view.translated(language), "text/html", language)
    if view.content.workspace.license:
        yield Link("license", view.content.workspace.license)
