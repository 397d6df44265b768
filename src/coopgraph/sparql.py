"""What the text of a SPARQL query asks for beyond the store, found by reading its tokens and not by running it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
    | (?P<name>[?$][\w·-]+|@[A-Za-z-]+|[\w·.-]*:(?:[\w·.:-]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<word>\w+)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)

_UPDATE = "the store is not changed by queries; edit the graph files and run coopgraph build"
_FORBIDDEN = {
    "INSERT": _UPDATE,
    "DELETE": _UPDATE,
    "CLEAR": _UPDATE,
    "DROP": _UPDATE,
    "SERVICE": "SERVICE would ask another server; queries reach this store alone: take it out",
    "LOAD": "LOAD would read from outside; queries reach this store alone: take it out",
}


def tokens(query: str) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, text, position) of the tokens of a query, without comments and strings.

    >>> [text for _, text, _ in tokens('ASK { ?s <http://x/#y> "SERVICE" } # LOAD')]
    ['ASK', '{', '?s', '<http://x/#y>', '}']
    """
    for match in _TOKEN.finditer(query):
        kind = match.lastgroup or ""
        if kind not in ("comment", "string"):
            yield kind, match.group(), match.start()


def guard(query: str) -> list[str]:
    """Return the IRIs that FROM clauses name; raise `QueryError` where a query reaches out of the store.

    >>> guard("SELECT * FROM <http://x/g> { ?service ?p ?o }")
    ['<http://x/g>']
    """
    named: list[str] = []
    found = list(tokens(query))
    for (kind, text, position), following in zip(found, [*found[1:], ("", "", 0)], strict=True):
        if kind == "word" and text.upper() in _FORBIDDEN:
            raise QueryError(f"{where(query, position)}: {_FORBIDDEN[text.upper()]}")
        if kind == "word" and text.upper() in ("FROM", "NAMED") and following[0] in ("iri", "name"):
            named.append(following[1])
    return named


def where(query: str, position: int) -> str:
    """Return `line:column` of a position in a query, both from 1."""
    return f"{query.count(chr(10), 0, position) + 1}:{position - query.rfind(chr(10), 0, position)}"


def variables(query: str) -> set[str]:
    """Return the names of the variables of a query.

    >>> sorted(variables("SELECT ?a { $b <http://x/p> ?a }"))
    ['a', 'b']
    """
    return {text[1:] for kind, text, _ in tokens(query) if kind == "name" and text[0] in "?$"}
