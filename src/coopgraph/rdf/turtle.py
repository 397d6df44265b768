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


_MOST_NESTED = 1_000
"""Triple terms that are let through to the parser, which tells their place: nested much deeper they end the process."""


def read(path: Path, name: str | None = None) -> Iterator[Triple]:
    """Yield the triples of a Turtle file in the order in which they stand.

    Raises `DataError`, with file:line:column, where the file cannot be read, is not UTF-8, is not Turtle or is empty.
    `name` is how the file is called in that message.
    """
    name = name or str(path)
    return triples(files.read(path, name), name)


def triples(text: bytes, name: str) -> Iterator[Triple]:
    """Yield the triples of Turtle text; errors as `read` has them."""
    if text.count(b"<<(") > _MOST_NESTED:
        raise DataError(f"{name}: has triple terms of RDF 1.2, <<( ... )>>; write claims instead")
    empty = True
    may_be_long = len(text) > _LONG // 2
    may_have_blank = any(mark in text for mark in (b"_:", b"[", b"("))
    blank: list[Triple] = []
    try:
        for quad in parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True):  # two files may both have _:x
            empty = False
            if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction):
                whole = text.decode()
                position, what = turtle_tokens.new_syntax(whole)
                raise DataError(f"{name}:{turtle_tokens.place(whole, position)}: {what}")
            if may_be_long and isinstance(quad.object, Literal) and _is_long(quad.object):
                raise DataError(_too_long(text, name))
            if may_have_blank and (isinstance(quad.object, BlankNode) or isinstance(quad.subject, BlankNode)):
                blank.append(quad.triple)
            yield quad.triple
    except SyntaxError as error:
        raise DataError(syntax_message(name, error)) from error
    except MemoryError as error:  # the parser holds no longer a piece
        raise DataError(_too_long(text, name)) from error
    if blank and blank_nodes.are_too_alike(blank):
        place = turtle_tokens.place(text.decode(), turtle_tokens.first_blank(text.decode()))
        raise DataError(f"{name}:{place}: has blank nodes that are too alike to be told apart; give them IRIs")
    if empty:
        raise DataError(f"{name}:1:1: holds no triples; write at least one or delete the file")


_LONG = 16_000_000
"""Bytes of the longest text that the engine takes, escapes included."""
_PIECE = re.compile(
    rb'''#[^\n]*+|<[^<>"{}|^`\x00-\x20]*+>|"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)|"(?:[^"\\]++|\\.)*+(?:"|\Z)'''
    rb"""|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)|'(?:[^'\\]++|\\.)*+(?:'|\Z)""",
    re.DOTALL,
)
"""A comment, an IRI or a text, read in one go however long it is."""


def _is_long(literal: Literal) -> bool:
    """Say whether a literal is too long for the engine as N-Quads has it, with an escape for each line end."""
    return len(literal.value) > _LONG // 4 and len(str(literal).encode()) > _LONG


def _too_long(text: bytes, name: str) -> str:
    """Return one line on the longest piece of Turtle text."""
    spans = (match.span() for match in _PIECE.finditer(text))
    start, end = max(spans, key=lambda span: span[1] - span[0], default=(0, 0))
    before = text[:start].decode("utf-8", "replace")
    place = turtle_tokens.place(before, len(before))
    size = f"{(end - start) / 1_000_000:.1f} MB"
    return f"{name}:{place}: a text of {size} is too long; keep it in a file of its own and cite a part of it"


def declared_prefixes(path: Path) -> dict[str, str]:
    """Return prefix -> namespace as a Turtle file declares them, as far as it can be read."""
    with suppress(DataError):
        return prefixes(files.read(path))
    return {}


def prefixes(text: bytes) -> dict[str, str]:
    """Return prefix -> namespace as Turtle text declares them last, as far as it can be read."""
    parser = parse(text, format=RdfFormat.TURTLE)
    with suppress(SyntaxError, MemoryError):
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
