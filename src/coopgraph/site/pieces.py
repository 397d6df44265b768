"""Claims as HTML, each written once for all the pages that show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from coopgraph.site import claim_html
from coopgraph.site.addresses import Place, steps_up
from coopgraph.site.claim_rows import row
from coopgraph.site.view import View

if TYPE_CHECKING:
    from coopgraph.claims.model import Claim


class _Forms(NamedTuple):
    full: Markup
    stated: Markup
    brief: Markup


def full(claim: Claim, view: View) -> Markup:
    """Return a claim with all that is known of it, and the passages that state it."""
    return _placed(_forms(claim, view).full, view)


def stated(claim: Claim, view: View) -> Markup:
    """Return a claim as it stands under the passage that states it."""
    return _placed(_forms(claim, view).stated, view)


def brief(claim: Claim, view: View) -> Markup:
    """Return a claim in one line, which leads to where it is stated."""
    return _placed(_forms(claim, view).brief, view)


def _forms(claim: Claim, view: View) -> _Forms:
    """Return a claim in all forms, as they stand on the pages of things."""
    language = view.place.language
    return view.content.once((claim.iri, language), lambda: _made(claim, View(view.content, _among_things(language))))


def _among_things(language: str) -> Place:
    return Place("id/claim/any", language=language)


def _made(claim: Claim, view: View) -> _Forms:
    shown = row(claim, view)
    body = claim_html.body(shown, view.words)
    cited = claim_html.evidence(shown.citations, view.words)
    return _Forms(
        Markup("<li>{}{}\n").format(body, cited),
        Markup("<li id={}>{}\n").format(shown.anchor, body),
        claim_html.brief(shown),
    )


_UP = re.compile(r"(?<=<a href=)\.\./(\.\./)?")


def _placed(html: Markup, view: View) -> Markup:
    """Return HTML of a page of a thing for another page: its links begin where that is."""
    path = view.place.path
    if path.startswith("id/"):
        return html
    up = steps_up(path)
    return Markup(_UP.sub(lambda steps: up if steps[1] else f"{up}id/", html))  # noqa: S704 - was HTML before
