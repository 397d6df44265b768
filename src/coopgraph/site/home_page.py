"""The home page: what the graph is, how much there is in it, and the ways into it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from coopgraph.rdf.vocab import STATUSES, status_iri

if TYPE_CHECKING:
    from coopgraph.site.view import View


def content(view: View) -> dict[str, Any]:
    """Return what the template of the home page shows."""
    site = view.content
    extract = site.extract
    statuses = Counter(claim.status for claim in extract.claims)
    return {
        "title": site.workspace.title,
        "description": site.workspace.description or "",
        "counts": [
            ("entities", sum(1 for iri in site.things if site.is_entity(iri))),
            ("claims", len(extract.claims)),
            ("sources", len(site.sources)),
        ],
        "statuses": [
            (status, view.text(extract.term(status_iri(status)).labels, status), statuses[status])
            for status in STATUSES
            if statuses[status]
        ],
        "kinds": [(kind, view.words(f"kind-{kind}"), len(iris)) for kind, iris in site.entity_kinds.items()],
        "sources": [view.name(iri) for iri in list(site.sources)[:6]],
    }
