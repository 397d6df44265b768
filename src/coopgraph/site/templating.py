"""Templates of the site: what is written into them is escaped, and their own texts come from the page's language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from coopgraph.rdf.vocab import LANGUAGES
from coopgraph.site.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgraph.site.page import Link
    from coopgraph.site.view import View


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("coopgraph", "site/templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
    environment.globals.update(languages=[(tag, words(tag)("name")) for tag in LANGUAGES])
    return environment


def html(template: str, view: View, links: Sequence[Link], **content: Any) -> bytes:
    """Return a page as HTML in UTF-8."""
    site = view.content
    text = (
        _environment()
        .get_template(template)
        .render(view=view, t=view.words, links=links, site_title=site.workspace.title, **content)
    )
    return text.encode("utf-8")
