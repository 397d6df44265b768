"""Names and keys of a table as parts of identifiers, the same on every machine."""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING

from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LONGEST = 60
"""Letters of a slug at most: file systems that a site is published to take 255 bytes."""
_DIGEST = 12
_PLAIN_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
_HYPHEN = re.compile("-")


def slug_of(text: str) -> str:
    """Return a name as the last part of an identifier; a checksum where it has no letters."""
    from coopgraph.reading import documents

    try:
        slug = documents.slug(text)
    except UsageError:
        return digest([text])
    return slug if len(slug) <= _LONGEST else f"{slug[:_LONGEST].rstrip('-')}-{digest([text])}"


def digest(texts: Iterable[str]) -> str:
    """Return a short checksum of texts, the same on every machine."""
    return sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]


def keys_of(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return how identifiers call the rows whose key columns have some cells: as they are, where that tells them apart.

    >>> keys_of([["39224"], ["P1"]]), keys_of([["Berat", "Albania"]]), keys_of([["A"], ["A-1"], ["b"], ["B"]])[:2]
    (['39224', 'p1'], ['fd4d831dd377'], ['a', 'bc4e7be982ab'])
    """
    several = list(rows)
    spelt: dict[str, set[str]] = defaultdict(set)
    for cells in several:
        if len(cells) == 1:
            spelt[cells[0].lower()].add(cells[0])
    return [cells[0].lower() if _is_plain(cells, spelt) else digest(cells) for cells in several]


def _is_plain(cells: Sequence[str], spelt: Mapping[str, set[str]]) -> bool:
    """Say whether a key can be a part of identifiers as it is; `spelt` has all keys by their small letters.

    It cannot where another differs in case alone, or where it goes on as the name of another row's claim may.
    """
    if len(cells) != 1 or not _PLAIN_KEY.fullmatch(cells[0]):
        return False
    key = cells[0].lower()
    return len(spelt[key]) == 1 and not any(key[: at.start()] in spelt for at in _HYPHEN.finditer(key))
