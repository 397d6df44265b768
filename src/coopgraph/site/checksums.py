"""Checksums by which files of a site, and what they are made of, are known again."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def digest(*parts: bytes) -> str:
    """Return a checksum of bytes."""
    return blake2b(b"\0".join(parts), digest_size=12).hexdigest()


def joined(parts: Iterable[str]) -> str:
    """Return a checksum of checksums, in whatever order they come."""
    return digest(*(part.encode() for part in sorted(parts)))
