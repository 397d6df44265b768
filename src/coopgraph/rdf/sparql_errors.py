"""What is wrong with a query that an engine cannot read, in the writer's terms: engines tell their grammar's."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from coopgraph.rdf import sparql
from coopgraph.rdf.sparql import where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgraph.rdf.sparql import Token
    from coopgraph.rdf.sparql_guard import Admitted

_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        A ABS ADJUST AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY
        DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR
        HAVING HOURS IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR LANGMATCHES LATERAL LCASE
        LIMIT MAX MD5 MIN MINUS MINUTES MONTH NAMED NOT NOW OBJECT OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED
        REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT SEPARATOR SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE
        STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TRUE TZ UCASE UNDEF
        UNION URI UUID VALUES VERSION WHERE YEAR
        """,
    )
)
"""The words of the language."""
_PAIRS = {"{": "}", "(": ")", "[": "]"}


def explained(error: Exception, written: str, query: Admitted, prefixes: Iterable[str]) -> str:
    """Return one line on why an engine refused a query, with line and column of the text as it was written."""
    text = " ".join(str(error).split())
    if unprojected := re.search(r"does not contains? variable \?(\w+) in its SELECT projection", text):
        name = unprojected[1]
        return f"parameter ?{name} is not projected; add ?{name} to SELECT (and to GROUP BY when aggregating)"
    place = re.match(r"error at (\d+):(\d+): ", text)
    if not place:
        return text
    source = sparql.unescaped(written)
    if reason := _reason(source, list(sparql.lexemes(source)), prefixes):
        return reason
    return f"{query.place(int(place[1]), int(place[2]), source)}: is not SPARQL; mend the query there"


def _reason(query: str, tokens: list[Token], prefixes: Iterable[str]) -> str | None:
    """Return what can be told from the tokens alone: the first of the faults that people make most."""
    for token in tokens:
        if token.kind == "stray" and token.text in "\"'":
            return f"{where(query, token.position)}: a text begins here that does not end; close its quotes"
    return (
        _misspelt(query, tokens)
        or sparql.undeclared(query, prefixes)
        or _relative(query, tokens)
        or _unbalanced(query, tokens)
    )


def _misspelt(query: str, tokens: list[Token]) -> str | None:
    for token in tokens:
        if token.kind == "word" and token.text.upper() not in _WORDS:
            near = get_close_matches(token.text.upper(), _WORDS, 1, 0.75)
            advice = f"did you mean {near[0]}?" if near else "a name needs a prefix, a variable a ?, a text quotes"
            return f"{where(query, token.position)}: {token.text} is no word of SPARQL; {advice}"
    return None


def _relative(query: str, tokens: list[Token]) -> str | None:
    if any(token.text.upper() == "BASE" for token in tokens):
        return None
    for token in tokens:
        if token.kind == "iri" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text):
            advice = "write the whole IRI, or say BASE <...> first"
            return f"{where(query, token.position)}: {token.text} is relative, and there is no BASE; {advice}"
    return None


def _unbalanced(query: str, tokens: list[Token]) -> str | None:
    opened: list[Token] = []
    for token in tokens:
        if token.kind != "sign":
            continue
        if token.text in _PAIRS:
            opened.append(token)
        elif token.text in _PAIRS.values():
            if not opened or _PAIRS[opened[-1].text] != token.text:
                return f"{where(query, token.position)}: {token.text} closes nothing that is open; take it out"
            opened.pop()
    if opened:
        last = opened[-1]
        return f"{where(query, last.position)}: {last.text} is not closed; write {_PAIRS[last.text]} where it ends"
    return None
