"""What the text of a SPARQL query asks for beyond the store, found by reading its tokens and not by running it."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from coopgraph.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SYNTAX = r"""(?xs)
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
    | (?P<name>[?$][\w·]+|@[A-Za-z-]+|(?:[^\W\d][\w·.-]*)?:(?:[\w·.:-]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>\w+)
    | (?P<other>\\.|\S)
    """
"""Compiled when it is first needed: that takes longer than answering most questions."""

_UPDATE = "the store is not changed by queries; edit the graph files and run coopgraph build"
_FORBIDDEN = {
    "INSERT": _UPDATE,
    "DELETE": _UPDATE,
    "CLEAR": _UPDATE,
    "DROP": _UPDATE,
    "LOAD": "LOAD would read from outside; queries reach this store alone: take it out",
}
_SERVICE = "SERVICE would ask another server; queries reach this store alone: take it out"

_DEEPEST = 200
_LONGEST = 2_000
"""Beyond some 300 nested brackets or 2,000 clauses the engine overflows its stack, which ends the process."""


def tokens(query: str) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, text, position) of the tokens of a query, without comments and strings.

    >>> [text for _, text, _ in tokens('ASK { ?s <http://x/#y> "SERVICE" } # LOAD')]
    ['ASK', '{', '?s', '<http://x/#y>', '}']
    """
    return (token for token in lexemes(query) if token[0] != "string")


def lexemes(query: str) -> Iterator[tuple[str, str, int]]:
    """Yield (kind, text, position) of the tokens of a query, strings included, without comments."""
    for match in re.finditer(_SYNTAX, query):
        kind = match.lastgroup or ""
        if kind != "comment":
            yield kind, match.group(), match.start()


def guard(query: str) -> list[str]:
    """Return the IRIs that FROM clauses name; raise `QueryError` where a query reaches out of the store.

    >>> guard("SELECT * FROM <http://x/g> { ?service ?p ?o }")
    ['<http://x/g>']
    """
    return list(_named(query))


@lru_cache(256)
def _named(query: str) -> tuple[str, ...]:
    return () if _is_plain(query) else _read(query)


def _read(query: str) -> tuple[str, ...]:
    named: list[str] = []
    found = list(tokens(query))
    edge = ("", "", 0)
    for before, token, after in zip([edge, *found], found, [*found[1:], edge], strict=False):
        kind, text, position = token
        if kind == "word" and text.upper() in _FORBIDDEN:
            raise QueryError(f"{where(query, position)}: {_FORBIDDEN[text.upper()]}")
        if _asks_a_server(before[1], kind, text, after[1]):
            raise QueryError(f"{where(query, position)}: {_SERVICE}")
        if kind == "word" and text.upper() in ("FROM", "NAMED") and after[0] in ("iri", "name"):
            named.append(after[1])
    _check_size(query, found)
    return tuple(named)


_TELLING = rf"SERVICE|\\|(?<![?$])(?<![^\W\d])(?:FROM|NAMED|{'|'.join(_FORBIDDEN)})(?!\w)"
_LETTERS = bytes(range(ord("A"), ord("Z") + 1)) + bytes(range(ord("a"), ord("z") + 1)) + b"0123456789_ \t\n"


def _is_plain(query: str) -> bool:
    """Say whether a query is small and has none of the words that matter here, so that its tokens need not be read."""
    start = 0
    while query.startswith("#", start):
        start = query.find("\n", start) + 1 or len(query)
    body = query[start:]
    marks = len(body.encode("utf-8", "surrogatepass").translate(None, _LETTERS))
    return (
        "\r" not in query
        and len(body.split()) + 2 * marks <= _LONGEST
        and sum(map(body.count, "([{")) <= _DEEPEST
        and not re.search(_TELLING, body.upper())
    )


def _asks_a_server(before: str, kind: str, text: str, after: str) -> bool:
    """Say whether a token is the keyword SERVICE, which needs no white space before a name or after a number.

    So the engine reads `1SERVICE <x> {`, and even `service:x {` as `SERVICE :x {` where that makes sense of a query.
    """
    if kind == "word":
        return "SERVICE" in text.upper()
    prefix, colon, _ = text.partition(":")
    named = kind == "name" and colon and "SERVICE" in prefix.upper()
    return bool(named) and after == "{" and before.upper() not in ("GRAPH", "FROM", "NAMED")


def _check_size(query: str, found: list[tuple[str, str, int]]) -> None:
    """Raise `QueryError` where a query is so deep or long that the engine would crash; lists of values may be long."""
    open_: list[str] = []
    clauses = 0
    for kind, text, position in found:
        if text in "([{":
            open_.append(text)
        elif text in ")]}":
            del open_[-1:]
        elif kind == "word" or (kind == "other" and not (text == "," and open_[-1:] == ["("])):
            clauses += 1
        if len(open_) > _DEEPEST or clauses > _LONGEST:
            what = f"nests more than {_DEEPEST} deep" if len(open_) > _DEEPEST else f"has more than {_LONGEST} clauses"
            raise QueryError(f"{where(query, position)}: the query {what}; ask in smaller parts, or list VALUES")


def declared(query: str) -> dict[str, str]:
    """Return prefix -> namespace as a query declares them.

    >>> declared("PREFIX a: <http://x/> ASK { a:x ?p ?o }")
    {'a': 'http://x/'}
    """
    found = list(tokens(query))
    return {
        name[1][:-1]: iri[1][1:-1]
        for word, name, iri in zip(found, found[1:], found[2:], strict=False)
        if word[1].upper() == "PREFIX" and name[1].endswith(":") and iri[0] == "iri"
    }


def template(query: str) -> list[tuple[str, str, int]]:
    """Return the tokens between the braces of a CONSTRUCT query's template, none where it has none.

    >>> [text for _, text, _ in template("CONSTRUCT { ?s a ?c } WHERE { ?s ?p ?c }")]
    ['?s', 'a', '?c']
    """
    found = list(tokens(query))
    start = next((at for at, token in enumerate(found) if token[1].upper() == "CONSTRUCT"), len(found)) + 2
    end = next((at for at, token in enumerate(found[start:], start) if token[1] == "}"), start)
    return found[start:end]


def only_new(query: str) -> str:
    """Return a CONSTRUCT query that leaves out what is there already, where its template is one triple.

    >>> only_new("CONSTRUCT { ?s a ?c } WHERE { { ?s <http://x/is> ?c } }")
    'CONSTRUCT { ?s a ?c } WHERE { { ?s <http://x/is> ?c } FILTER NOT EXISTS { ?s a ?c } }'
    """
    head = template(query)
    depth, closed = 1, 0
    for _, text, position in tokens(query):
        if head and position > head[-1][2] and text in "{}":
            depth += 1 if text == "{" else -1
            closed += depth == 0
        if closed == 2:  # the template is the first group, what it rests on the second
            pattern = " ".join(text for _, text, _ in head)
            return f"{query[:position]}FILTER NOT EXISTS {{ {pattern} }} {query[position:]}"
    return query


def undeclared(query: str, known: Iterable[str]) -> str | None:
    """Say where a query has a name whose prefix is neither declared in it nor known, or return None.

    >>> undeclared("PREFIX a: <http://x/> ASK { a:x b:y c:z }", ["c"])
    '1:33: the prefix b: is not declared; declare it with PREFIX or write the IRI in <>'
    """
    found = [token for token in tokens(query) if token[0] in ("word", "name")]
    declared = {name[1].partition(":")[0] for word, name in pairwise(found) if word[1].upper() == "PREFIX"}
    for kind, text, position in found:
        prefix, colon, _ = text.partition(":")
        if kind == "name" and colon and prefix not in (*declared, *known, "_"):
            advice = "declare it with PREFIX or write the IRI in <>"
            return f"{where(query, position)}: the prefix {prefix}: is not declared; {advice}"
    return None


def where(query: str, position: int) -> str:
    """Return `line:column` of a position in a query, both from 1."""
    return f"{query.count(chr(10), 0, position) + 1}:{position - query.rfind(chr(10), 0, position)}"


def variables(query: str) -> set[str]:
    """Return the names of the variables of a query.

    >>> sorted(variables("SELECT ?a { $b <http://x/p> ?a }"))
    ['a', 'b']
    """
    return {text[1:] for kind, text, _ in tokens(query) if kind == "name" and text[0] in "?$"}
