"""What a query may be before an engine gets it: no longer or deeper than it bears, and reaching for nothing outside.

An engine reads SPARQL in its own way: Oxigraph has no tokens and takes `q:.SERVICE` for `q:` `.` `SERVICE`. No second
reader is ever quite the same, so a text in which the word SERVICE could be found in any way of reading is not given to
the engine as it is written. It gets the tokens that were judged here, each on a line of its own and in a form that
leaves nothing to read in two ways: names as whole IRIs, texts in plain quotes, blank nodes numbered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import QueryError
from coopgraph.rdf import sparql
from coopgraph.rdf.sparql import Token, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
_MOST_CLAUSES = 2_000
"""Beyond some 300 nested brackets or 2,000 clauses the engine overflows its stack, which ends the process."""
_MOST_VARIABLES = 1_000
_LONGEST = 4_000_000
"""Characters; a longer text, or one with more variables, is read for so long that nothing else goes on meanwhile."""


class Admitted(NamedTuple):
    """A query that may be run: the text for the engine, the graphs that FROM names, and where its tokens were written.

    `places` has a position in the writer's text for each line, where the engine gets another text than was written.
    """

    text: str
    graphs: tuple[str, ...] = ()
    places: tuple[int, ...] = ()

    def place(self, line: int, column: int, written: str) -> str:
        """Return `line:column` in the writer's text of a place in the text that the engine got."""
        if not self.places:
            return f"{line}:{column}"
        return where(written, self.places[min(line, len(self.places)) - 1])


@lru_cache(256)
def _admitted(query: str, prefixes: tuple[tuple[str, str], ...]) -> Admitted:
    if _is_plain(query):
        return Admitted(query)
    written = sparql.unescaped(query)
    tokens = list(sparql.lexemes(written))
    _check_words(written, tokens)
    _check_size(written, tokens)
    prologue = _Prologue(written, dict(prefixes))
    if not _may_ask_a_server(query):
        return Admitted(query, tuple(prologue.graphs(tokens)))
    rendered = list(prologue.rendered(tokens))
    return Admitted("\n".join(text for text, _ in rendered), prologue.named, tuple(place for _, place in rendered))


def admitted(query: str, prefixes: Mapping[str, str]) -> Admitted:
    """Return a query as the engine may run it; `prefixes` are those that need not be declared.

    Raises `QueryError` where it reaches out of the store, would change it, or is more than an engine bears.

    >>> admitted("SELECT * FROM <http://x/g> { ?a ?p ?o }", {}).graphs
    ('http://x/g',)
    """
    return _admitted(query, tuple(prefixes.items()))


def _may_ask_a_server(query: str) -> bool:
    """Say whether the word SERVICE can be found in a text in any way of reading it."""
    return "SERVICE" in query.upper() or "\\u" in query or "\\U" in query


_TELLING = rf"\\|(?<![?$])(?<![^\W\d])(?:FROM|NAMED|{'|'.join(_FORBIDDEN)})(?!\w)"
_LETTERS = bytes(range(ord("A"), ord("Z") + 1)) + bytes(range(ord("a"), ord("z") + 1)) + b"0123456789_ \t\n"


def _is_plain(query: str) -> bool:
    """Say whether a query is small and has none of the words that matter here, so that its tokens need not be read."""
    start = 0
    while query.startswith("#", start):
        start = query.find("\n", start) + 1 or len(query)
    body = query[start:]
    marks = len(body.encode("utf-8", "surrogatepass").translate(None, _LETTERS))
    return (
        not _may_ask_a_server(query)
        and "\r" not in query
        and len(query) <= _LONGEST
        and len(body.split()) + 2 * marks <= _MOST_CLAUSES
        and body.count("?") + body.count("$") <= _MOST_VARIABLES
        and sum(map(body.count, "([{")) <= _DEEPEST
        and not re.search(_TELLING, body.upper())
    )


def _check_words(query: str, tokens: Iterable[Token]) -> None:
    """Raise `QueryError` where a word asks for more than an answer."""
    for kind, text, position in tokens:
        word = text.upper()
        if kind == "word" and word in _FORBIDDEN:
            raise QueryError(f"{where(query, position)}: {_FORBIDDEN[word]}")
        if kind == "word" and "SERVICE" in word:  # an engine may find the word in a longer one
            raise QueryError(f"{where(query, position)}: {_SERVICE}")


def _check_size(query: str, tokens: Iterable[Token]) -> None:
    """Raise `QueryError` where a query is so deep or long that the engine would crash; lists of values may be long."""
    if len(query) > _LONGEST:
        raise QueryError(f"the query has more than {_LONGEST} characters; ask in smaller parts")
    brackets: list[str] = []
    clauses, names = 0, set()
    for kind, text, position in tokens:
        if text in "([{":
            brackets.append(text)
        elif text in ")]}":
            del brackets[-1:]
        elif kind == "variable":
            names.add(text[1:])
        elif kind == "word" or (kind in ("sign", "stray") and not (text == "," and brackets[-1:] == ["("])):
            clauses += 1
        if excess := _excess(len(brackets), clauses, len(names)):
            raise QueryError(f"{where(query, position)}: the query {excess}; ask in smaller parts, or list VALUES")


def _excess(depth: int, clauses: int, variables: int) -> str:
    if depth > _DEEPEST:
        return f"nests more than {_DEEPEST} deep"
    if clauses > _MOST_CLAUSES:
        return f"has more than {_MOST_CLAUSES} clauses"
    return f"has more than {_MOST_VARIABLES} variables" if variables > _MOST_VARIABLES else ""


class _Prologue:
    """What the names and IRIs of a query stand for, as BASE and PREFIX say on the way through its tokens."""

    def __init__(self, query: str, prefixes: dict[str, str]) -> None:
        self._query, self._prefixes, self._base = query, prefixes, ""
        self._blank: dict[str, str] = {}
        self.named: tuple[str, ...] = ()

    def graphs(self, tokens: list[Token]) -> Iterator[str]:
        """Yield the graphs that FROM and FROM NAMED name."""
        for before, token in self._beyond(tokens):
            if before.text.upper() in ("FROM", "NAMED") and token.kind in ("iri", "name"):
                yield self._iri(token)

    def rendered(self, tokens: list[Token]) -> Iterator[tuple[str, int]]:
        """Yield the tokens behind the prologue in forms that can be read in one way, with the place of each."""
        graphs = []
        for before, token in self._beyond(tokens):
            text = self._form(token)
            if before.text.upper() in ("FROM", "NAMED") and token.kind in ("iri", "name"):
                graphs.append(text[1:-1])
            yield text, token.position
        self.named = tuple(graphs)

    def _beyond(self, tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
        """Yield each token behind the declarations with the one before it; the declarations are taken over."""
        before = Token("", "", 0)
        at = 0
        while at < len(tokens):
            word, following = tokens[at].text.upper(), tokens[at + 1 : at + 3]
            kinds = [token.kind for token in following]
            if word == "PREFIX" and kinds == ["name", "iri"] and following[0].text.endswith(":"):
                self._prefixes[following[0].text[:-1]] = self._iri(following[1])
                at += 3
            elif word == "BASE" and kinds[:1] == ["iri"]:
                self._base = self._iri(following[0])
                at += 2
            else:
                yield before, tokens[at]
                before = tokens[at]
                at += 1

    def _form(self, token: Token) -> str:
        if token.kind in ("iri", "name"):
            return f"<{self._iri(token)}>"
        if token.kind == "blank":
            return self._blank.setdefault(token.text, f"_:b{len(self._blank)}")
        if token.kind == "string":
            return self._string(token)
        if token.kind == "stray":
            raise QueryError(f"{where(self._query, token.position)}: {_stray(token.text)}")
        return token.text

    def _iri(self, token: Token) -> str:
        """Return the IRI that a token stands for."""
        if token.kind == "iri":
            return self._absolute(token.text[1:-1], token)
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prefixes:
            advice = "declare it with PREFIX or write the IRI in <>"
            raise QueryError(f"{where(self._query, token.position)}: the prefix {prefix}: is not declared; {advice}")
        return self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    def _absolute(self, iri: str, token: Token) -> str:
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
            return iri
        if not self._base:
            message = f"<{iri}> is relative, and there is no BASE; write the whole IRI, or say BASE <...> first"
            raise QueryError(f"{where(self._query, token.position)}: {message}")
        from urllib.parse import urljoin

        return urljoin(self._base, iri)

    def _string(self, token: Token) -> str:
        quote = token.text[:3] if token.text[:3] in ("'''", '"""') else token.text[0]
        inner = token.text[len(quote) : -len(quote)]
        value = re.sub(r"(?s)\\(.)", lambda match: self._character(match, token), inner)
        return f'"{value.translate(_ESCAPES)}"'

    def _character(self, match: re.Match[str], token: Token) -> str:
        if match[1] not in _CHARACTERS:
            is_number = match[1] in "uU"
            reason = "and what follows is no character" if is_number else "stands for nothing in a text"
            advice = (
                f"\\{match[1]} {reason}; write {'the character itself, or ' if is_number else ''}\\\\ for a backslash"
            )
            raise QueryError(f"{where(self._query, token.position)}: {advice}")
        return _CHARACTERS[match[1]]


_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def _stray(text: str) -> str:
    if text in "\"'":
        return "a text begins here that does not end; close its quotes"
    return f"{text} is no part of SPARQL here; take it out"
