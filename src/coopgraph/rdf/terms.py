"""RDF terms: pyoxigraph's value classes under one roof, and how they are written and shown.

The terms are plain values; the engine that stores and queries them is reached through `store` alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal

__all__ = [
    "BlankNode",
    "Literal",
    "NamedNode",
    "Node",
    "PythonValue",
    "Quad",
    "Term",
    "Triple",
    "compact",
    "curie",
    "expand",
    "is_local_name",
    "language_tag",
    "python_value",
    "value",
]

Node: TypeAlias = NamedNode | BlankNode | Triple
"""What a statement can be about."""
Term: TypeAlias = Node | Literal
PythonValue: TypeAlias = "str | int | float | bool | Decimal | date"

_LETTERS = "A-Za-z"
_ALL_LETTERS = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF"
)


@cache
def _local_name(letters: str) -> re.Pattern[str]:
    """Return what a local name that is written as it is looks like: the part of Turtle's PN_LOCAL without escapes.

    Compiled when first asked for: with the letters of all scripts that takes longer than answering a question.
    """
    return re.compile(rf"[{letters}_0-9](?:[{letters}_0-9\-]|\.(?=[{letters}_0-9\-]))*")


_WHOLE = (
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "nonNegativeInteger",
    "positiveInteger",
    "unsignedInt",
    "unsignedLong",
)
_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"


@cache
def _readers() -> dict[str, tuple[str, Callable[[str], PythonValue]]]:
    """Return datatype -> what a valid literal looks like, narrower than what Python reads, and what makes its value."""
    from datetime import date
    from decimal import Decimal

    from coopgraph.rdf.vocab import XSD

    return {
        **{XSD + name: (r"[+-]?[0-9]+", int) for name in _WHOLE},
        XSD + "decimal": (_DIGITS, Decimal),
        XSD + "double": (rf"{_DIGITS}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN", float),
        XSD + "float": (rf"{_DIGITS}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN", float),
        XSD + "date": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat),
        XSD + "boolean": (r"true|false|0|1", lambda text: text in ("true", "1")),
    }


def curie(iri: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the prefixed name of an IRI, or None where no prefix fits or the rest cannot be a local name.

    >>> curie("https://schema.org/Place", {"schema": "https://schema.org/"})
    'schema:Place'
    >>> curie("https://schema.org/a/b", {"schema": "https://schema.org/"}) is None
    True
    """
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    namespace, local = iri[:cut], iri[cut:]
    for prefix, own in prefixes.items():
        if own == namespace:
            return f"{prefix}:{local}" if is_local_name(local) else None
    return None


def is_local_name(text: str) -> bool:
    """Say whether a text can follow a prefix as it is.

    >>> is_local_name("hong-kong"), is_local_name("a/b"), is_local_name("")
    (True, False, False)
    """
    return bool(_local_name(_LETTERS if text.isascii() else _ALL_LETTERS).fullmatch(text))


def is_web_address(text: str) -> bool:
    """Say whether a text is an address of the web, all of it.

    >>> is_web_address("https://example.org/x"), is_web_address("see https://example.org/x")
    (True, False)
    """
    return bool(_WEB_ADDRESS.fullmatch(text))


_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")


def expand(name: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI that a prefixed name, or an IRI with or without <>, stands for, None where that is no IRI.

    >>> expand("schema:Place", {"schema": "https://schema.org/"})
    'https://schema.org/Place'
    >>> expand("nobody:Place", {}) is None
    True
    """
    prefix, colon, local = name.partition(":")
    if name.startswith("<") and name.endswith(">"):
        iri = name[1:-1]
    elif colon and prefix in prefixes:
        iri = prefixes[prefix] + local
    elif colon and local.startswith("//"):
        iri = name
    else:
        return None
    try:
        return NamedNode(iri).value
    except ValueError:
        return None


def compact(term: Term | None, prefixes: Mapping[str, str]) -> str:
    """Return a term as a reader wants to see it: prefixed name, plain value, or an empty string for None."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return curie(term.value, prefixes) or term.value
    if isinstance(term, Literal):
        return term.value
    return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)


def value(term: Term | DefaultGraph) -> str:
    """Return the IRI of a node, or the text of a literal without its datatype or language.

    >>> value(NamedNode("http://x/a")), value(Literal("a", language="en"))
    ('http://x/a', 'a')
    """
    return str(term) if isinstance(term, (Triple, DefaultGraph)) else term.value


def python_value(term: Term) -> PythonValue:
    """Return the Python value of a term: numbers, booleans and dates as such, all else as text.

    A literal that is not valid for its datatype stays the text that it is.

    >>> from coopgraph.rdf.vocab import XSD
    >>> python_value(Literal("13", datatype=NamedNode(XSD + "integer")))
    13
    >>> python_value(Literal("2014-01-01", datatype=NamedNode(XSD + "date")))
    datetime.date(2014, 1, 1)
    """
    if not isinstance(term, Literal):
        return term.value if isinstance(term, (NamedNode, BlankNode)) else str(term)
    pattern, made_by = _readers().get(term.datatype.value, (".*", str))
    try:
        return made_by(term.value) if re.fullmatch(pattern, term.value) else term.value
    except ValueError:  # the 30th of February, or more digits than Python takes
        return term.value


@cache
def language_tag(tag: str) -> str:
    """Return a language tag in the case that BCP 47 recommends; the case carries no meaning.

    What follows a single letter, an extension or a private use, is in lower case.

    >>> language_tag("zh-hans-hk"), language_tag("en-gb"), language_tag("EN-A-BBB-X-YY")
    ('zh-Hans-HK', 'en-GB', 'en-a-bbb-x-yy')
    """
    first, *parts = tag.lower().split("-")
    single = next((at for at, part in enumerate(parts) if len(part) == 1), len(parts) if len(first) > 1 else 0)
    cased = ({2: part.upper(), 4: part.title()}.get(len(part), part) for part in parts[:single])
    return "-".join([first, *cased, *parts[single:]])
