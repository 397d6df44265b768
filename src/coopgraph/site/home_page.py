"""The home page, the page of the network, and the page of downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.site import pieces
from coopgraph.site.addresses import DOWNLOADS
from coopgraph.site.claim_rows import statuses
from coopgraph.site.files_of_the_whole import drawn
from coopgraph.site.list_pages import kinds

if TYPE_CHECKING:
    from coopgraph.site.view import Name, View

_LATEST, _SOURCES = 6, 6


def content(view: View) -> dict[str, Any]:
    """Return what the template of the home page shows: what the graph is, how much there is in it, ways into it."""
    site = view.content
    entities = sum(len(iris) for iris in site.entity_kinds.values())
    return {
        "description": _description(view),
        "counts": [("entities", entities), ("claims", len(site.extract.claims)), ("sources", len(site.sources))],
        "statuses": statuses(site.extract.claims, view),
        "kinds": kinds(view)["entities"],
        "latest_claims": [pieces.full(claim, view) for claim in site.latest[:_LATEST]],
        "sources": [view.name(iri) for iri in list(site.sources)[:_SOURCES]],
        "schema": _schema(view),
    }


def _description(view: View) -> Name:
    space = view.content.workspace
    return view.text(space.descriptions, space.description or "")


def _schema(view: View) -> dict[str, Any]:
    """Return what search engines for data are told of the graph, in the terms of schema.org."""
    site = view.content
    title = view.text(site.workspace.titles, site.workspace.title).text
    files = [
        {"@type": "DataDownload", "contentUrl": f"{site.address}{path}", "encodingFormat": kind}
        for path, _, kind in DOWNLOADS
    ]
    about = {
        "@context": "https://schema.org/", "@type": "Dataset", "@id": f"{site.workspace.base}dataset",
        "name": title, "description": _description(view).text or title,
        "url": site.address, "license": site.workspace.license, "isAccessibleForFree": True, "distribution": files,
    }  # fmt: skip
    return {name: each for name, each in about.items() if each}


def network(view: View) -> dict[str, Any]:
    """Return what the template of the network page shows."""
    language = f"#lang={view.place.language}"
    shown, links = drawn(view.content).part or (0, 0)
    note = view.words("drawnPart", drawn=shown, all=links) if links else ""
    return {"title": view.words("network"), "frame": f"{view.file('-/network.html')}{language}", "note": note}


def downloads(view: View) -> dict[str, Any]:
    """Return what the template of the downloads shows."""
    files = [(view.file(path), path.rpartition("/")[2], view.words(f"file-{name}")) for path, name, _ in DOWNLOADS]
    return {"title": view.words("download"), "files": files}
