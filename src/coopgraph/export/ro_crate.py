"""The table of claims and their nanopublications as an RO-Crate, for repositories of research data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph.rdf.vocab import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.model import Source
    from coopgraph.export.package import File, Package

NAME = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.2"
_ONTOLOGY = f"{BASE}ontology"
_NO_LICENCE = "No licence is stated; ask those who publish this before you reuse it."
"""A crate has to say something of its licence, and may say it in words."""


def describe(package: Package) -> dict[str, Any]:
    """Return the metadata of a crate (RO-Crate 1.2)."""
    return {"@context": f"{_VERSION}/context", "@graph": list(_entities(package))}


def _entities(package: Package) -> Iterator[dict[str, Any]]:
    yield {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _VERSION},
    }
    sources = [{"@id": source.iri} for source in package.sources]
    yield {
        "@id": "./",
        "@type": "Dataset",
        "identifier": package.iri,
        "name": package.title,
        "description": package.description,
        "datePublished": package.published,
        "license": {"@id": package.license} if package.license else _NO_LICENCE,
        "hasPart": [{"@id": file.name} for file in package.files],
        **({"isBasedOn": sources[0] if len(sources) == 1 else sources} if sources else {}),
    }
    if package.license:
        yield {"@id": package.license, "@type": "CreativeWork", "name": package.license}
    yield {"@id": _ONTOLOGY, "@type": "CreativeWork", "name": "The ontology of coopgraph"}
    yield from map(_file, package.files)
    yield from map(_source, package.sources)


def _file(file: File) -> dict[str, Any]:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.title,
        "encodingFormat": file.media_type,
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
        "conformsTo": {"@id": _ONTOLOGY},
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "@id": source.iri,
        "@type": "CreativeWork",
        "name": source.title,
        **({"datePublished": source.issued} if source.issued else {}),
        **({"url": source.page} if source.page else {}),
        **({"license": source.license} if source.license else {}),
    }
