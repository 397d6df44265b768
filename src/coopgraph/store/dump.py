"""A file of RDF read as a store in memory: what an export, or another program, has written of a graph."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from coopgraph.errors import DataError
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import NamedNode, Quad, value
from coopgraph.rdf.vocab import TYPE
from coopgraph.store import written_forms
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMS = {
    ".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG, ".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD, ".rdf": ox.RdfFormat.RDF_XML,
}  # fmt: skip
"""Endings of the files that are read."""
GRAPH = f"{vocab.ID}graph/dump"
"""The named graph of what stands in none."""
_NODE = NamedNode(GRAPH)
_DATASET = NamedNode(f"{vocab.STANDARD['void']}Dataset")


def form(path: Path) -> ox.RdfFormat | None:
    """Return the form that the name of a file tells, packed by gzip or not; None where it tells none."""
    return FORMS.get(Path(path.stem if _is_packed(path) else path).suffix.lower())


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def read(path: Path) -> Draft:
    """Return what a file says, its literals as they are written there. Raises `DataError` where it is no RDF."""
    draft = Draft.in_memory(vocab.prefixes())
    try:
        with gzip.open(path) if _is_packed(path) else path.open("rb") as file:
            quads = _without_description(ox.parse(cast("IO[bytes]", file), format=form(path)))
            content = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        draft.load(written_forms.recorded(content))
    except (OSError, EOFError, zlib.error, SyntaxError, ValueError) as error:
        what = " ".join(str(error).split())
        raise DataError(f"{path}: cannot be read as RDF ({what}); mend it there") from error
    return draft


def _without_description(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield quads, each in a named graph, without what an export says of itself."""
    listed = list(quads)
    itself = tuple(value(quad.subject) for quad in listed if quad.predicate.value == TYPE and quad.object == _DATASET)
    for quad in listed:
        is_named = not isinstance(quad.graph_name, ox.DefaultGraph)
        if is_named or not value(quad.subject).startswith(itself):
            yield quad if is_named else Quad(quad.subject, quad.predicate, quad.object, _NODE)
