"""Which name is meant by one that nothing has: a near one, and in what a name differs that looks the same."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from coopgraph.errors import near
from coopgraph.rdf.terms import curie

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏʼ’ʻαορνικ‐‑‒–—−", "aeopcyxijsdhl'''aopvik------"
)  # fmt: skip
"""Letters of other alphabets, and marks, that look like those on every keyboard."""
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_SEARCHES = 50
"""How many names are compared with all that there are, which takes seconds where there are many."""


class Names:
    """The IRIs that graph files and the ontology describe, by what they look like."""

    def __init__(self, iris: Collection[str], prefixes: Mapping[str, str]) -> None:
        self._iris, self._prefixes = iris, prefixes
        self._suggestions: dict[str, str] = {}

    def suggestion(self, iri: str) -> str:
        """Return what is meant by an IRI that nothing has, as the end of an error line; empty where nothing is near."""
        if iri not in self._suggestions:
            self._suggestions[iri] = self._alike(iri) or self._near(iri)
        return self._suggestions[iri]

    def _alike(self, iri: str) -> str:
        others = [other for other in self._by_looks.get(looks(iri), ()) if other != iri]
        return f"; did you mean {self._name(others[0])}, which {difference(iri, others[0])}?" if others else ""

    def _near(self, iri: str) -> str:
        if len(self._suggestions) >= _SEARCHES:
            return ""
        name = self._name(iri)
        others = self._names - {name}
        return near(name, sorted(others, key=lambda other: (_is_class(other) != _is_class(name), other)))

    def _name(self, iri: str) -> str:
        return curie(iri, self._prefixes) or f"<{iri}>"

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for iri in self._iris if (name := curie(iri, self._prefixes)))

    @cached_property
    def _by_looks(self) -> dict[str, list[str]]:
        by_looks: dict[str, list[str]] = {}
        for iri in sorted(self._iris):
            by_looks.setdefault(looks(iri), []).append(iri)
        return by_looks


def _is_class(name: str) -> bool:
    """Say whether a prefixed name looks like that of a class: `near` takes no account of capitals."""
    return name.rpartition(":")[2][:1].isupper()


def looks(iri: str) -> str:
    r"""Return what names that look the same, or are the same but for capitals and escapes, have in common.

    >>> looks("http://x/M%C3%BCnster") == looks("http://x/mu\u0308nster")
    True
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", unquote(iri)).casefold())
    return unicodedata.normalize("NFC", text).translate(_LOOK_ALIKE)


def difference(iri: str, other: str) -> str:
    r"""Say in what an IRI differs from another that `looks` the same.

    >>> difference("http://x/mu\u0308nster", "http://x/m\u00fcnster")
    'differs only in its Unicode normalisation (has U+00FC where this has U+0075 U+0308)'
    """
    if unquote(iri) == unquote(other):
        return "differs only in %-escapes"
    if unquote(iri).casefold() == unquote(other).casefold():
        return "differs only in capitals"
    composed, also = (unicodedata.normalize("NFC", unquote(each)) for each in (iri, other))
    kind = "its Unicode normalisation" if composed == also else "characters that look alike or are not seen"
    here, there = _apart(unquote(iri), unquote(other))
    return f"differs only in {kind} (has {_codes(there)} where this has {_codes(here)})"


def _apart(one: str, other: str) -> tuple[str, str]:
    """Return what is left of two texts without what they begin and end with alike."""
    start = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    one, other = one[start:], other[start:]
    end = 0
    while end < min(len(one), len(other)) and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[: len(one) - end], other[: len(other) - end]


def _codes(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text[:4]) or "nothing"
