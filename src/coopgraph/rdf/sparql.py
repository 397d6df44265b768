"""SPARQL as tokens, by its own grammar: what a text declares, names and asks for is found by reading, not by running.

What the tokens are is told by https://www.w3.org/TR/sparql11-query/#sparqlGrammar, the longest that fits at each place.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and its position in the query.

    Kinds are `iri` (in <>), `string`, `variable`, `language`, `blank`, `name` (with a prefix), `number`, `word`, `sign`
    and, for what SPARQL has no token for, `stray`.
    """

    kind: str
    text: str
    position: int


_BASE = r"A-Za-z\x80-\U0010FFFF"
"""Letters; the grammar leaves some signs beyond ASCII out, which no token can begin with either."""
_MORE = rf"{_BASE}_\-0-9"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_ESCAPED})(?:(?:[{_MORE}:.]|{_ESCAPED})*(?:[{_MORE}:]|{_ESCAPED}))?"
_SYNTAX = rf"""(?xs)
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*>)
    | (?P<string>'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''|\"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
        |'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*")
    | (?P<variable>[?$][{_BASE}_0-9]+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)
    | (?P<blank>_:[{_BASE}_0-9](?:[{_MORE}.]*[{_MORE}])?)
    | (?P<name>(?:[{_BASE}](?:[{_MORE}.]*[{_MORE}])?)?:(?:{_LOCAL})?)
    | (?P<number>(?:\d+\.\d*|\.\d+|\d+)[eE][+-]?\d+|\d*\.\d+|\d+)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|<<\(|\)>>|<<|>>|\{{\||\|\}}|[{{}}()\[\];,.*/+|^?!=<>~-])
    | (?P<stray>\S)
    """


@cache
def _syntax() -> re.Pattern[str]:
    """Return what tokens look like; compiled when first asked for, for that takes longer than answering a question."""
    return re.compile(_SYNTAX, re.ASCII)


def lexemes(query: str) -> Iterator[Token]:
    """Yield the tokens of a query, without comments."""
    for match in _syntax().finditer(query):
        if match.lastgroup and match.lastgroup != "comment":
            yield Token(match.lastgroup, match.group(), match.start())


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query, without comments and strings.

    >>> [token.text for token in tokens('ASK { ?s <http://x/#y> "SERVICE" } # LOAD')]
    ['ASK', '{', '?s', '<http://x/#y>', '}']
    """
    return (token for token in lexemes(query) if token.kind != "string")


def unescaped(query: str) -> str:
    r"""Return a query with its codepoint escapes written out, as is done before it is read as SPARQL.

    >>> unescaped(r"SELECT ?\u0061"), unescaped(r"'\\u0061'")
    ('SELECT ?a', "'\\\\u0061'")
    """
    return re.sub(r"(?s)\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", _character, query)


def _character(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    number = int(digits, 16) if digits else -1
    is_one = 0 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_one else match.group()


def form(query: str) -> str:
    """Return the word that says what a query gives: SELECT, ASK, CONSTRUCT or DESCRIBE; nothing where it has none.

    >>> form("PREFIX ask: <http://x/select#> construct { ?s ?p ?o } { { SELECT * { ?s ?p ?o } } }")
    'CONSTRUCT'
    """
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word in FORMS), "")


FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
"""The words that say what a query gives."""


def declared(query: str) -> dict[str, str]:
    """Return prefix -> namespace as a query declares them.

    >>> declared("PREFIX a: <http://x/> ASK { a:x ?p ?o }")
    {'a': 'http://x/'}
    """
    listed = list(tokens(query))
    return {
        name.text[:-1]: iri.text[1:-1]
        for word, name, iri in zip(listed, listed[1:], listed[2:], strict=False)
        if word.text.upper() == "PREFIX" and name.text.endswith(":") and iri.kind == "iri"
    }


def template(query: str) -> list[Token]:
    """Return the tokens between the braces of a CONSTRUCT query's template, none where it has none.

    >>> [token.text for token in template("CONSTRUCT { ?s a ?c } WHERE { ?s ?p ?c }")]
    ['?s', 'a', '?c']
    """
    listed = list(tokens(query))
    start = next((at for at, token in enumerate(listed) if token.text.upper() == "CONSTRUCT"), len(listed)) + 2
    end = next((at for at, token in enumerate(listed[start:], start) if token.text == "}"), start)
    return listed[start:end]


def only_new(query: str) -> str:
    """Return a CONSTRUCT query that leaves out what is there already, where its template is one triple.

    >>> only_new("CONSTRUCT { ?s a ?c } WHERE { { ?s <http://x/is> ?c } }")
    'CONSTRUCT { ?s a ?c } WHERE { { ?s <http://x/is> ?c } FILTER NOT EXISTS { ?s a ?c } }'
    """
    head = template(query)
    depth, closed = 1, 0
    for token in tokens(query):
        if head and token.position > head[-1].position and token.text in "{}":
            depth += 1 if token.text == "{" else -1
            closed += depth == 0
        if closed == 2:  # the template is the first group, what it rests on the second
            pattern = " ".join(each.text for each in head)
            return f"{query[: token.position]}FILTER NOT EXISTS {{ {pattern} }} {query[token.position :]}"
    return query


def undeclared(query: str, prefixes: Iterable[str]) -> str | None:
    """Say where a query has a name whose prefix is neither declared in it nor one of some others, or return None.

    >>> undeclared("PREFIX a: <http://x/> ASK { a:x b:y c:z }", ["c"])
    '1:33: the prefix b: is not declared; declare it with PREFIX or write the IRI in <>'
    """
    usable = {*declared(query), *prefixes}
    for token in tokens(query):
        prefix = token.text.partition(":")[0]
        if token.kind == "name" and prefix not in usable and token.text != f"{prefix}:":
            advice = "declare it with PREFIX or write the IRI in <>"
            return f"{where(query, token.position)}: the prefix {prefix}: is not declared; {advice}"
    return None


def where(query: str, position: int) -> str:
    """Return `line:column` of a position in a query, both from 1."""
    return f"{query.count(chr(10), 0, position) + 1}:{position - query.rfind(chr(10), 0, position)}"


def variables(query: str) -> set[str]:
    """Return the names of the variables of a query.

    >>> sorted(variables("SELECT ?a { $b <http://x/p> ?a }"))
    ['a', 'b']
    """
    return {token.text[1:] for token in tokens(query) if token.kind == "variable"}
