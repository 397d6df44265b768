"""Turtle read with exact error positions."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from coopgraph import files
from coopgraph.errors import DataError
from coopgraph.rdf import blank_nodes, turtle_tokens
from coopgraph.rdf.terms import BlankNode, Literal, Triple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read(path: Path, name: str | None = None) -> Iterator[Triple]:
    """Yield the triples of a Turtle file in the order in which they stand.

    Raises `DataError`, with file:line:column, where the file cannot be read, is not UTF-8, is not Turtle or is empty.
    `name` is how the file is called in that message.
    """
    name = name or str(path)
    return triples(files.read(path, name), name)


def triples(text: bytes, name: str) -> Iterator[Triple]:
    """Yield the triples of Turtle text; errors as `read` has them."""
    empty = True
    may_have_blank = any(mark in text for mark in (b"_:", b"[", b"("))
    blank: list[Triple] = []
    try:
        for quad in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True):  # two files may both have _:x
            empty = False
            if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction):
                whole = text.decode()
                position, what = turtle_tokens.new_syntax(whole)
                raise DataError(f"{name}:{turtle_tokens.place(whole, position)}: {what}")
            if may_have_blank and (isinstance(quad.object, BlankNode) or isinstance(quad.subject, BlankNode)):
                blank.append(quad.triple)
            yield quad.triple
    except SyntaxError as error:
        raise DataError(syntax_message(name, error)) from error
    if blank and blank_nodes.are_too_alike(blank):
        place = turtle_tokens.place(text.decode(), turtle_tokens.first_blank(text.decode()))
        raise DataError(f"{name}:{place}: has blank nodes that are too alike to be told apart; give them IRIs")
    if empty:
        raise DataError(f"{name}:1:1: holds no triples; write at least one or delete the file")


def declared_prefixes(path: Path) -> dict[str, str]:
    """Return prefix -> namespace as a Turtle file declares them, as far as it can be read."""
    with suppress(DataError):
        return prefixes(files.read(path))
    return {}


def prefixes(text: bytes) -> dict[str, str]:
    """Return prefix -> namespace as Turtle text declares them last, as far as it can be read."""
    parser = parse(text, format=RdfFormat.TURTLE)
    with suppress(SyntaxError):
        for _ in parser:
            pass
    return dict(sorted(parser.prefixes.items()))


def syntax_message(name: str, error: SyntaxError) -> str:
    """Return one line that says where a file stops being Turtle and what to do."""
    what = re.sub(
        r"^Parser error at line \d+ (?:column \d+|between .*? and (?:line \d+ )?(?:column )?\d+): ", "", str(error.msg)
    )
    advice = "save it as UTF-8" if "UTF-8" in what else "mend the Turtle there"
    return f"{name}:{error.lineno or 1}:{error.offset or 1}: {' '.join(what.split())}; {advice}"
