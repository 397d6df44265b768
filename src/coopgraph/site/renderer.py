"""The one renderer of the site: which paths there are, and what stands at each."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.rdf.vocab import LANGUAGES
from coopgraph.site import (
    data,
    entity_page,
    files_of_the_whole,
    home_page,
    list_pages,
    map_page,
    ontology_page,
    question_pages,
    site_map,
    source_page,
    timeline_page,
)
from coopgraph.site.addresses import MAIN, Place, place
from coopgraph.site.assets import ASSETS
from coopgraph.site.content import Content
from coopgraph.site.page import Link, Page, media_type
from coopgraph.site.templating import html
from coopgraph.site.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from coopgraph.ask.graph import CoopGraph


class Route(NamedTuple):
    """What stands at a stem: its template, what fills it, of how many pages it consists, and what it is about.

    A page about something, whose IRI is given, is there as data too.
    """

    template: str
    content: Callable[[View], dict[str, Any]]
    pages: int = 1
    about: str = ""


class Site:
    """A graph as pages. Paths have no slash before them; an index is asked for by its whole path, `index.html`.

    `address` is where the site will be found, by default what the workspace's base tells; only what cannot be told
    relatively has it. `languages` and `forms` are those in which `paths` lists pages; `every_record` has it list a page
    for each claim and passage too. All of these are rendered in any case.

    >>> from coopgraph import load
    >>> with load() as graph:
    ...     site = Site(graph)
    ...     site.render("id/place/liaoning.html").media_type, site.render("id/place/nowhere.html")
    ('text/html; charset=utf-8', None)
    """

    def __init__(
        self,
        graph: CoopGraph,
        *,
        address: str | None = None,
        languages: Collection[str] = LANGUAGES,
        forms: Collection[str] = tuple(data.FORMS),
        every_record: bool = False,
    ) -> None:
        self.content = Content(graph, address, tuple(languages), tuple(forms))
        self.every_record = every_record

    def paths(self) -> Iterator[str]:
        """Yield the path of every page that a published site has, sorted."""
        yield from sorted(self._paths())

    def render(self, path: str) -> Page | None:
        """Return what stands at a path, None where there is nothing."""
        if make := ASSETS.get(path) or self._files.get(path):
            return Page(path, media_type(path), make())
        where = place(path)
        if where is None or where.path != path:
            return None
        route = self._routes.get(where.stem) or self._record(where.stem)
        if route is None or where.page > route.pages:
            return None
        return self._html(where, route) if where.ending == "html" else self._data(where, route)

    def stems(self) -> Mapping[str, str]:
        """Return stem -> IRI of each page about something that `paths` lists."""
        return {stem: route.about for stem, route in self._listed() if route.about}

    def _paths(self) -> Iterator[str]:
        yield from ASSETS
        yield from self._files
        for stem, route in self._listed():
            for number in range(1, route.pages + 1):
                yield from (Place(stem, number, language).path for language in self.content.languages)
            if route.about:
                yield from (Place(stem, ending=ending).path for ending in self.content.forms)

    def _listed(self) -> Iterator[tuple[str, Route]]:
        yield from self._routes.items()
        if self.every_record:
            for iri in (*self.content.claim_of, *self.content.extract.passages):
                stem = self.content.addresses.stem(iri)
                if route := self._record(stem):
                    yield stem, route

    @cached_property
    def _files(self) -> Mapping[str, Callable[[], bytes]]:
        pages = [(stem, number) for stem, route in self._listed() for number in range(1, route.pages + 1)]
        return {**files_of_the_whole.files(self.content), **site_map.files(self.content, pages)}

    @cached_property
    def _routes(self) -> Mapping[str, Route]:
        site = self.content
        routes = {
            "index": Route("home.html.j2", home_page.content),
            "search": Route("search.html.j2", question_pages.search),
            "sparql": Route("sparql.html.j2", question_pages.sparql),
            "network": Route("network.html.j2", home_page.network),
            "timeline": Route("timeline.html.j2", timeline_page.content, timeline_page.pages(site)),
            "map": Route("map.html.j2", map_page.content),
            "entities": Route("kinds.html.j2", list_pages.kinds),
            "sources/index": Route("sources.html.j2", list_pages.sources, list_pages.pages(len(site.sources))),
            "questions/index": Route("questions.html.j2", question_pages.library),
            "ontology/index": Route("ontology.html.j2", ontology_page.index, about=ontology_page.ONTOLOGY),
            "download/index": Route("download.html.j2", home_page.downloads),
        }
        for kind, iris in site.kinds.items():
            listed = partial(list_pages.kind, kind)
            routes[f"id/{kind}/index"] = Route("list.html.j2", listed, list_pages.pages(len(iris)))
        for name, question in site.questions.items():
            stem = f"questions/{question_pages.file_of(name)}"
            routes[stem] = Route("question.html.j2", partial(question_pages.question, question))
        for iri in site.things:
            routes[site.addresses.stem(iri)] = self._thing(iri)
        for iri in site.sources:
            pages = source_page.pages(site, iri)
            routes[site.addresses.stem(iri)] = Route("source.html.j2", partial(source_page.content, iri), pages, iri)
        return routes

    def _thing(self, iri: str) -> Route:
        if iri in self.content.terms_of_ontology:
            return Route("term.html.j2", partial(ontology_page.content, iri), about=iri)
        pages = entity_page.pages(self.content, iri)
        return Route("entity.html.j2", partial(entity_page.content, iri), pages, iri)

    def _record(self, stem: str) -> Route | None:
        """Return what stands at the stem of a claim or passage, if there is one."""
        iri = self.content.record_at(stem)
        if iri in self.content.claim_of:
            return Route("claim.html.j2", partial(source_page.claim_content, iri), about=iri)
        if iri in self.content.extract.passages:
            return Route("passage.html.j2", partial(source_page.passage_content, iri), about=iri)
        return None

    def _html(self, where: Place, route: Route) -> Page:
        view = View(self.content, where)
        links = tuple(_links(view, route.about))
        forms = [(ending, data.FORMS[ending]) for ending in self.content.forms] if route.about else ()
        content = {"forms": forms, **route.content(view)}
        return Page(where.path, media_type(where.path), html(route.template, view, links, **content), links)

    def _data(self, where: Place, route: Route) -> Page | None:
        if not route.about or where.ending not in data.FORMS or where != Place(where.stem, ending=where.ending):
            return None
        view = View(self.content, where)
        links = (Link("describes", route.about), *_license(view))
        body = data.written(route.about, where.ending, view)
        return Page(where.path, media_type(where.path), body, links)


def _links(view: View, about: str) -> Iterator[Link]:
    """Yield the typed links of a page: signposting, its own address, itself in all languages and as data."""
    yield Link("canonical", view.translated(view.place.language))
    if about:
        yield Link("cite-as", about)
        for ending in view.content.forms:
            yield Link("describedby", view.data(ending), media_type(f"x.{ending}").partition(";")[0])
        yield Link("type", "https://schema.org/AboutPage")
    yield from _license(view)
    for tag, language in site_map.alternates(view.content.languages):
        yield Link("alternate", view.translated(language), "text/html", tag)
    if view.place.stem == "index" and view.place.language == MAIN:
        yield Link("alternate", view.file("feed.atom"), "application/atom+xml")


def _license(view: View) -> Iterator[Link]:
    if view.content.workspace.license:
        yield Link("license", view.content.workspace.license)
