"""Names and keys of a table as parts of identifiers, the same on every machine."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from coopgraph.errors import UsageError
from coopgraph.reading import documents

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 60
"""Letters of a slug at most: file systems that a site is published to take 255 bytes."""
_DIGEST = 12


def slug_of(text: str) -> str:
    """Return a name as the last part of an identifier; a checksum where it has no letters."""
    try:
        slug = documents.slug(text)
    except UsageError:
        return digest([text])
    return slug if len(slug) <= _LONGEST else f"{slug[:_LONGEST].rstrip('-')}-{digest([text])}"


def digest(texts: Iterable[str]) -> str:
    """Return a short checksum of texts, the same on every machine."""
    return sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
