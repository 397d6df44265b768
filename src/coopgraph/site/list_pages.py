"""Lists: of the kinds of things, of the things of a kind, and of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.rdf.vocab import CONCEPT_KINDS
from coopgraph.site import facts

if TYPE_CHECKING:
    from coopgraph.site.view import View

PAGE = 500
"""Things on a page of a list."""


def pages(number: int) -> int:
    """Return of how many pages the list of so many things consists."""
    return max(1, -(-number // PAGE))


def kinds(view: View) -> dict[str, Any]:
    """Return what the template of the kinds of things shows."""
    site = view.content
    listed = [(kind, _title(kind, view), view.link(f"id/{kind}/index"), iris) for kind, iris in site.kinds.items()]
    ranked = {kind: sorted(iris, key=lambda iri: -len(site.about(iri)))[:_FIRST] for kind, _, _, iris in listed}
    return {
        "title": view.words("entities-way"),
        "entities": [_summary(each, ranked, view) for each in listed if each[0] not in CONCEPT_KINDS],
        "concepts": [_summary(each, ranked, view) for each in listed if each[0] in CONCEPT_KINDS],
    }


_FIRST = 8
"""Things that a kind is shown with: those that most claims are about."""


def _summary(listed: tuple[str, str, str, Any], ranked: dict[str, list[str]], view: View) -> dict[str, Any]:
    kind, title, href, iris = listed
    first = [view.name(iri) for iri in ranked[kind]]
    root = view.content.things[iris[0]].root
    return {"title": title, "href": href, "number": len(iris), "first": first, "root": root}


def _title(kind: str, view: View) -> str:
    key = f"kind-{kind}"
    return view.words(key) if view.words.has(key) else kind


def kind(name: str, view: View) -> dict[str, Any]:
    """Return what the template of a list shows."""
    site = view.content
    iris = site.kinds[name]
    first = (view.place.page - 1) * PAGE
    things = [(view.name(iri), len(site.about(iri)), site.things[iri].root) for iri in iris[first : first + PAGE]]
    return {
        "title": _title(name, view),
        "total": len(iris),
        "things": things,
        "pages": pages(len(iris)),
        "page_of": lambda number: view.link(view.place.stem, number),
    }


def sources(view: View) -> dict[str, Any]:
    """Return what the template of the list of sources shows, the latest first."""
    site = view.content
    first = (view.place.page - 1) * PAGE
    shown = list(site.sources.values())[first : first + PAGE]
    rows = [
        (
            view.name(source.iri),
            facts.link(source.publisher, view) if source.publisher else None,
            view.words.date(source.issued, source.issued_precision),
            len(site.about(source.iri)),
        )
        for source in shown
    ]
    return {
        "title": view.words("sources-way"),
        "rows": rows,
        "total": len(site.sources),
        "pages": pages(len(site.sources)),
        "page_of": lambda number: view.link(view.place.stem, number),
    }
