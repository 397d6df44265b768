"""Turtle written sorted, so that one changed claim is one hunk in a diff."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import DataError
from coopgraph.export import sorted_rdf
from coopgraph.export.turtle_writer import ONTOLOGY, Turtle
from coopgraph.rdf import turtle, turtle_comments
from coopgraph.rdf.turtle_comments import Comments
from coopgraph.rdf.vocab import TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from coopgraph.rdf.terms import Triple


def write(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> str:
    """Return triples as sorted Turtle: used prefixes, ontology node, then subjects by name, `a` first.

    The same set of triples always gives the same text, blank nodes included (see `blank_nodes`).
    """
    return _written(list(triples), prefixes, Comments())


def merged(texts: Iterable[str]) -> str:
    r"""Return sorted Turtle of things that no two of the texts describe, each as `write` gives it, as one such text.

    >>> one, other = "@prefix p: <urn:p#> .\n\np:c p:d p:e .\n", "@prefix p: <urn:p#> .\n\np:a p:b p:c .\n"
    >>> print(merged([one, other]), end="")
    @prefix p: <urn:p#> .
    <BLANKLINE>
    p:a p:b p:c .
    <BLANKLINE>
    p:c p:d p:e .
    """
    heads: set[str] = set()
    blocks: list[str] = []
    for text in texts:
        head, *own = text.rstrip("\n").split("\n\n")  # literals have their line breaks escaped
        heads.update(head.splitlines())
        blocks += own
    blocks.sort(key=lambda block: block.partition(" ")[0])
    return "\n\n".join(("\n".join(sorted(heads)), *blocks)) + "\n"


def _written(triples: list[Triple], prefixes: Mapping[str, str], comments: Comments) -> str:
    heads = frozenset(("", str(t.subject)) for t in triples if t.predicate.value == TYPE and t.object == ONTOLOGY)
    out = StringIO()
    sorted_rdf.write(Turtle(prefixes, heads, comments), [("", triples)], out)
    return out.getvalue()


def formatted(
    path: Path, prefixes: Mapping[str, str], name: str, change: Callable[[list[Triple]], list[Triple]] = list
) -> str:
    """Return a Turtle file's text in canonical form, with its comments and those of its own prefixes that it uses.

    A comment stands above the subject or the predicate that it belongs to, those of no statement at head or foot.
    `change` may give other triples to write in place of those in the file. Raises `DataError` where the file is no
    Turtle, or a comment has no place.
    """
    data = files.read(path, name)
    triples, own = change(list(turtle.triples(data, name))), turtle.prefixes(data)
    text = data.decode()
    comments = turtle_comments.read(text, name)
    table = {prefix: namespace for prefix, namespace in prefixes.items() if namespace not in own.values()}
    written = _written(triples, {**table, **own}, comments)
    if turtle_comments.all_of(text) != turtle_comments.all_of(written):
        raise DataError(f"{name}:1:1: has comments that formatting would lose; take them out, or say it with skos:note")
    turtle_comments.read(written, name)
    return written
