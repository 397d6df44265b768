"""Claims as HTML, each written once for all the pages that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.site.claim_rows import row
from coopgraph.site.templating import piece

if TYPE_CHECKING:
    from markupsafe import Markup

    from coopgraph.claims.model import Claim
    from coopgraph.site.view import View


def full(claim: Claim, view: View) -> Markup:
    """Return a claim with all that is known of it, and the passages that state it."""
    return _once("full", claim, view)


def stated(claim: Claim, view: View) -> Markup:
    """Return a claim as it stands under the passage that states it."""
    return _once("stated", claim, view)


def brief(claim: Claim, view: View) -> Markup:
    """Return a claim in one line, which leads to where it is stated."""
    return _once("brief", claim, view)


def _once(form: str, claim: Claim, view: View) -> Markup:
    return view.once((form, claim.iri), lambda: piece(form)(row(claim, view), view.words))
