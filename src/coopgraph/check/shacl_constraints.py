"""SHACL constraints as plain Python: what surely fits, so that only what may not needs a SHACL engine.

A check says True only of values in which pySHACL, with rdflib's reading of literals, is known to find nothing; where it
says False, pySHACL decides.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Term
from coopgraph.rdf.vocab import RDF, STANDARD, XSD

SH = STANDARD["sh"]

Value: TypeAlias = int | float | Decimal | date
Check: TypeAlias = Callable[[Term], bool]
GroupCheck: TypeAlias = Callable[[Sequence[Term]], bool]
PairCheck: TypeAlias = Callable[[Sequence[Term], Sequence[Term]], bool]
Compare: TypeAlias = Callable[[Any, Any], bool]

STRING, INTEGER, BOOLEAN = (NamedNode(XSD + name) for name in ("string", "integer", "boolean"))
_LANGUAGE_STRING = NamedNode(RDF + "langString")


class UnknownShapeError(Exception):
    """A shape asks for what is not known here, or is none: pySHACL must decide."""


class _Kind(NamedTuple):
    """A datatype: what its literals look like, which is taken narrowly, and how rdflib reads and writes them."""

    form: Callable[[str], object]
    read: Callable[[str], Value]
    write: Callable[[Any], str]


_FLOAT = _Kind(re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,9})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch, float, str)
_KINDS: dict[Term, _Kind] = {
    INTEGER: _Kind(re.compile("[+-]?[0-9]{1,18}").fullmatch, int, str),
    NamedNode(XSD + "decimal"): _Kind(
        re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,9})?").fullmatch, Decimal, "{:f}".format
    ),
    NamedNode(XSD + "double"): _FLOAT,
    NamedNode(XSD + "float"): _FLOAT,
    BOOLEAN: _Kind(re.compile("true|false").fullmatch, "true".__eq__, lambda is_so: str(is_so).lower()),
    NamedNode(XSD + "date"): _Kind(
        re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch, date.fromisoformat, date.isoformat
    ),
}


def _read(term: Term) -> Value | None:
    """Return the value of a literal that surely is a well-formed one of a datatype known here."""
    if not isinstance(term, Literal):
        return None
    kind = _KINDS.get(term.datatype)
    if kind is None or not kind.form(term.value):
        return None
    try:
        return kind.read(term.value)
    except ValueError:  # the 30th of February
        return None


def text(term: Term) -> str | None:
    """Return the text that rdflib has for an IRI or literal, None where that is not known.

    rdflib writes numbers and dates anew: 007 becomes 7.
    """
    if isinstance(term, NamedNode):
        return term.value
    if not isinstance(term, Literal):
        return None
    if term.datatype == STRING or term.language:
        return term.value
    read = _read(term)
    return None if read is None else _KINDS[term.datatype].write(read)


def comparable(term: Term) -> tuple[str, Value] | None:
    """Return the kind and value of a number or date, None of anything else."""
    read = _read(term)
    if read is None or isinstance(read, bool):
        return None
    return "date" if isinstance(read, date) else "number", read


def whole(term: Term) -> int:
    """Return a whole number from 0; raises `UnknownShapeError` for anything else."""
    if isinstance(term, Literal) and term.datatype == INTEGER and re.fullmatch("[0-9]{1,9}", term.value):
        return int(term.value)
    raise UnknownShapeError


def node_kind(kind: Term) -> Check:
    """Return the check that a value is an IRI, a blank node or a literal."""
    kinds = {SH + "IRI": NamedNode, SH + "BlankNode": BlankNode, SH + "Literal": Literal}
    wanted = kinds.get(getattr(kind, "value", ""))
    if wanted is None:
        raise UnknownShapeError
    return lambda term: type(term) is wanted


def datatype(kind: Term) -> Check:
    """Return the check that a value is a well-formed literal of a datatype."""
    if kind == _LANGUAGE_STRING:
        return lambda term: isinstance(term, Literal) and bool(term.language)
    if kind == STRING:
        return lambda term: isinstance(term, Literal) and term.datatype == kind
    if kind not in _KINDS:
        raise UnknownShapeError
    return lambda term: isinstance(term, Literal) and term.datatype == kind and _read(term) is not None


def length(fits: Compare) -> Callable[[Term], Check]:
    """Return what makes a check of a value's length against a bound."""

    def with_bound(bound: Term) -> Check:
        limit = whole(bound)
        return lambda term: (written := text(term)) is not None and fits(len(written), limit)

    return with_bound


def number(fits: Compare) -> Callable[[Term], Check]:
    """Return what makes a check of a number against a bound."""

    def with_bound(bound: Term) -> Check:
        limit = comparable(bound)
        if limit is None or limit[0] != "number":
            raise UnknownShapeError
        end = limit[1]
        return lambda term: (value := comparable(term)) is not None and value[0] == "number" and fits(value[1], end)

    return with_bound


EACH: dict[str, Callable[[Term], Check]] = {
    "datatype": datatype,
    "nodeKind": node_kind,
    "minLength": length(operator.ge),
    "maxLength": length(operator.le),
    "minInclusive": number(operator.ge),
    "maxInclusive": number(operator.le),
    "minExclusive": number(operator.gt),
    "maxExclusive": number(operator.lt),
}
"""Parameters that look at one value by itself -> what makes a check from the parameter's value."""


def pattern(expression: str, flags: str) -> Check:
    """Return the check that a regular expression is found in a value's text."""
    chosen = (re.IGNORECASE if "i" in flags else re.NOFLAG) | (re.MULTILINE if "m" in flags else re.NOFLAG)
    try:
        search = re.compile(expression, chosen).search
    except re.error as error:
        raise UnknownShapeError from error
    return lambda term: (written := text(term)) is not None and search(written) is not None


def language_in(tags: Sequence[str]) -> Check:
    """Return the check that a value's language is one of some, or a variety of one."""
    languages = {tag.lower() for tag in tags}

    def fits(term: Term) -> bool:
        tag = ((isinstance(term, Literal) and term.language) or "").lower()
        return bool(tag) and ("*" in languages or tag in languages or tag.partition("-")[0] in languages)

    return fits


def has(wanted: Term) -> GroupCheck:
    """Return the check that some value is among the values."""
    return lambda values: wanted in values


def one_a_language(values: Sequence[Term]) -> bool:
    """Say whether no two values have the same language."""
    tags = [term.language.lower() for term in values if isinstance(term, Literal) and term.language]
    return len(set(tags)) == len(tags)


def in_order(fits: Compare) -> PairCheck:
    """Return the check that each of some values comes before each of some others."""

    def ordered(values: Sequence[Term], others: Sequence[Term]) -> bool:
        if any(isinstance(term, BlankNode) for term in values):
            return False  # pySHACL refuses these even where there is nothing to compare with
        pairs = product(map(comparable, values), map(comparable, others))
        return all(a is not None and b is not None and a[0] == b[0] and fits(a[1], b[1]) for a, b in pairs)

    return ordered
