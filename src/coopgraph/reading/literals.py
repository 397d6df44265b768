"""Values of claims as RDF literals, words with their language, and names that are not taken yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.claims import matching
from coopgraph.rdf.terms import Literal, NamedNode
from coopgraph.rdf.vocab import XSD, coop
from coopgraph.reading.languages import language_of
from coopgraph.reading.model import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.reading.model import Mention

ISO_3166 = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
"""The form of codes of countries and their parts."""
_FIRST = 2
DAY_LENGTHS = {"year": 4, "month": 7, "day": 10}
"""How many characters of an ISO day are certain, by its precision."""


def worded(words: str, language: str) -> Literal:
    """Return words of a text in a language: what has Chinese characters is Chinese, all other in a Chinese text not."""
    if matching.WIDE_LETTER.search(words):
        language = language if language.startswith(("zh", "ja")) else language_of(words) or "zh"
    elif language.startswith(("zh", "ja")):
        language = "en"
    return Literal(words, language=language)


def value_of(end: Mention | Figure) -> str:
    """Return the text of what stands at an end of a claim in a graph: an IRI, empty where it has none, or a number."""
    return end.value if isinstance(end, Figure) else end.entity or ""


def numbered(slug: str) -> Iterator[str]:
    """Yield a slug, and then with 2, 3 ... behind it."""
    yield slug
    number = _FIRST
    while True:
        yield f"{slug}-{number}"
        number += 1


def date(day: str) -> Literal:
    """Return a day as a literal."""
    return Literal(day, datatype=NamedNode(XSD + "date"))


def dated(name: str, day: str | None, precision: str | None) -> Iterator[tuple[str, Literal]]:
    """Yield a day and its precision as predicates and literals, nothing where there is no day."""
    if day:
        yield coop(name), date(day)
        yield coop(f"{name}Precision"), Literal(precision or "day")


def integer(number: int) -> Literal:
    """Return a whole number as a literal."""
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def number(figure: Figure) -> Literal:
    """Return the number of a figure as a literal."""
    kind = "integer" if re.fullmatch(r"[+-]?\d+", figure.value) else "decimal"
    return Literal(figure.value, datatype=NamedNode(XSD + kind))
