"""The table of claims as a Croissant dataset, for programs that learn from data and for search engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coopgraph.claims.model import Source
    from coopgraph.export.claim_table import Column
    from coopgraph.export.package import Package

_TYPES = {"iri": "sc:URL", "date": "sc:Date", "number": "sc:Float"}


def _at(name: str, type_: str) -> dict[str, str]:
    return {"@id": f"cr:{name}", "@type": type_}


_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "conformsTo": "dct:conformsTo",
    "data": _at("data", "@json"),
    "dataType": _at("dataType", "@vocab"),
    "examples": _at("examples", "@json"),
    "equivalentProperty": "cr:equivalentProperty",
    **{
        name: f"cr:{name}"
        for name in (
            "citeAs", "column", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes",
            "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
            "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
        )
    },
}  # fmt: skip
"""The context that the specification asks to be repeated in each file."""


def describe(package: Package) -> dict[str, Any]:
    """Return the description of a dataset with one file and one set of records (Croissant 1.0)."""
    table = package.table
    return {
        "@context": dict(sorted(_CONTEXT.items())),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": package.title,
        "description": package.description,
        "url": package.iri,
        "citeAs": f"{package.title}. {package.iri}",
        **({"license": package.license} if package.license else {}),
        "datePublished": package.published,
        **({"citation": list(map(_citation, package.sources))} if package.sources else {}),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": table.name,
                "name": table.name,
                "description": table.title,
                "contentUrl": table.name,
                "contentSize": f"{table.bytes} B",
                "encodingFormat": table.media_type,
                "sha256": table.sha256,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "claims",
                "name": "claims",
                "description": table.title,
                "key": {"@id": "claims/claim"},
                "field": [_field(column, table.name) for column in package.columns],
            }
        ],
    }


def _field(column: Column, table: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"claims/{column.name}",
        "name": column.name,
        "description": column.description,
        "dataType": _TYPES.get(column.kind, "sc:Text"),
        **({"equivalentProperty": column.property} if column.property else {}),
        "source": {"fileObject": {"@id": table}, "extract": {"column": column.name}},
    }


def _citation(source: Source) -> str:
    return f"{source.title} <{source.page or source.iri}>"
