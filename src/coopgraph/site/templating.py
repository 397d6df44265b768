"""Templates of the site: what is written into them is escaped, and their own texts come from the page's language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from coopgraph.page.style import style
from coopgraph.site import claim_html
from coopgraph.site.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

    from coopgraph.site.page import Link
    from coopgraph.site.view import View


WAYS = (
    ("entities", "entities-way"), ("sources/index", "sources-way"), ("questions/index", "questions-way"),
    ("network", "network"), ("timeline", "timeline"), ("map", "map"), ("ontology/index", "ontology"),
    ("sparql", "sparql"), ("download/index", "download"),
)  # fmt: skip
"""Stem of a page that each page leads to, and what it is called there."""


@cache
def _shape(root: str) -> str:
    """Return the outline of the sign of a class, as the network page has it."""
    looks = style()["classes"]
    return str(style()["shapes"][looks.get(root, looks[""])["shape"]])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("coopgraph", "site/templates"),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
    environment.globals.update(
        ways=WAYS,
        shape=_shape,
        summary="",
        schema=None,
        iri="",
        forms=(),
        fates=(),
        still_open=0,
        turns_left=0,
        name=claim_html.name,
        plain=claim_html.plain,
        isolated=claim_html.isolated,
        names_of=claim_html.names,
        status_of=claim_html.status,
        facts_of=claim_html.facts,
        gist=claim_html.gist,
        cited=claim_html.cited,
    )
    return environment


def html(template: str, view: View, links: Sequence[Link], **content: Any) -> bytes:
    """Return a page as HTML in UTF-8."""
    space = view.content.workspace
    languages = [(tag, words(tag)("name")) for tag in view.content.languages]
    title = view.text(space.titles, space.title)
    shared = {"languages": languages, "site_title": title, "license": space.license, "title": title.text}
    return alone(template, view, links=links, **(shared | content)).encode("utf-8")


def alone(template: str, view: View, **content: Any) -> str:
    """Return the HTML text of a page that is filled with nothing but what is given."""
    return _environment().get_template(template).render(view=view, t=view.words, **content)


@cache
def piece(name: str) -> Callable[..., Markup]:
    """Return the macro of that name, which gives a piece of HTML."""
    macro: Callable[..., Markup] = getattr(_environment().get_template("pieces.html.j2").module, name)
    return macro
