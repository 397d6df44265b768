"""The table of claims as CSV on the Web: what each column means, so that the table can be read as RDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.export.claim_table import SEPARATOR, STATUS
from coopgraph.rdf.vocab import coop

if TYPE_CHECKING:
    from coopgraph.export.claim_table import Column
    from coopgraph.export.package import Package

_DATATYPES = {"date": "date", "number": "number", "integers": "integer"}
"""Datatypes of cells, text aside; an IRI is text, of which the templates make an IRI."""


def describe(package: Package) -> dict[str, Any]:
    """Return the metadata of a table (CSVW), by which each row is a claim with its properties.

    What has several values in a cell has no property: CSVW gives such values as texts.
    """
    typed = {"name": "type", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": coop("Claim")}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": package.iri,
        "url": package.table.name,
        "dc:title": package.title,
        "dc:description": package.description,
        **({"dc:license": {"@id": package.license}} if package.license else {}),
        **({"dc:source": [{"@id": source.iri} for source in package.sources]} if package.sources else {}),
        "dialect": {"encoding": "utf-8", "header": True, "trim": False},
        "tableSchema": {
            "aboutUrl": "{+claim}",
            "primaryKey": "claim",
            "columns": [*map(_column, package.columns), typed],
        },
    }


def _column(column: Column) -> dict[str, Any]:
    several = column.kind in ("iris", "integers")
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": _DATATYPES.get(column.kind, "string"),
        **({"separator": SEPARATOR} if several else {}),
        **({"required": True} if column.required else {}),
    }
    if column.name == "claim":
        return described | {"suppressOutput": True}
    if column.property is None or several:
        return described
    return described | {"propertyUrl": column.property} | _value_url(column)


def _value_url(column: Column) -> dict[str, str]:
    if column.kind == "iri":
        return {"valueUrl": f"{{+{column.name}}}"}
    return {"valueUrl": f"{STATUS}{{{column.name}}}"} if column.kind == "status" else {}
