"""The table of claims as a Frictionless Data Package, for pandas, R, databases and validators of tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopgraph.claims.model import Source
    from coopgraph.export.claim_table import Column
    from coopgraph.export.package import Package

_TYPES = {"date": "date", "number": "number"}


def describe(package: Package) -> dict[str, Any]:
    """Return the descriptor of a package (Data Package 2.0)."""
    table = package.table
    resource = {
        "name": "claims",
        "type": "table",
        "path": table.name,
        "title": table.title,
        "format": "csv",
        "mediatype": table.media_type,
        "encoding": "utf-8",
        "bytes": table.bytes,
        "hash": f"sha256:{table.sha256}",
        "schema": {
            "fields": list(map(_field, package.columns)),
            "missingValues": [""],
            "primaryKey": ["claim"],
        },
    }
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": re.sub(r"[^a-z0-9]+", "-", package.title.lower()).strip("-") or "claims",
        "id": package.iri,
        "title": package.title,
        "description": package.description,
        **({"licenses": [{"path": package.license}]} if package.license else {}),
        **({"sources": list(map(_source, package.sources))} if package.sources else {}),
        "resources": [resource],
    }


def _field(column: Column) -> dict[str, Any]:
    constraints = {"required": True} if column.required else {}
    return {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "description": column.description,
        **({"rdfType": column.property} if column.property else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def _source(source: Source) -> dict[str, str]:
    return {"title": source.title, "path": source.page or source.iri}
