"""A graph as it was at some time or place: a workspace, a generation of its store, a dump, or a server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from coopgraph.ask.opening import open_store
from coopgraph.claims import workspace
from coopgraph.errors import DataError, UsageError
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import NamedNode, Quad, value
from coopgraph.rdf.vocab import TYPE
from coopgraph.store import current, written_forms
from coopgraph.store.integrity import MANIFEST
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from coopgraph.store.interface import Store

_FORMS = {
    ".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG, ".nt": ox.RdfFormat.N_TRIPLES, ".ttl": ox.RdfFormat.TURTLE,
    ".jsonld": ox.RdfFormat.JSON_LD, ".rdf": ox.RdfFormat.RDF_XML,
}  # fmt: skip
"""Endings of dumps."""
DUMP = NamedNode(f"{vocab.ID}graph/dump")
"""The graph of what stands in none."""


def opened(name: str, tell: Callable[[str], None] | None = None) -> Store:
    """Open a graph by the folder of its workspace or generation, its file of RDF, or the address of its server.

    Raises `UsageError` where the name is none of these, and `DataError` where what it names cannot be read.
    """
    path = Path(name)
    if re.match(r"https?://", name):
        return open_store(workspace.find(workspace.bundled()), name)
    if (path / workspace.SETTINGS).is_file():
        return open_store(workspace.find(path), tell=tell)
    if (path / MANIFEST).is_file() and (path / "db").is_dir():
        return _generation(path)
    if path.suffix.lower() in _FORMS and path.is_file():
        return _dump(path)
    endings = ", ".join(_FORMS)
    what = "is no workspace, no generation of a store, no address and no file of RDF"
    raise UsageError(f"{name}: {what}; name a folder with {workspace.SETTINGS}, or a file in {endings}")


def _generation(path: Path) -> Store:
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
        prefixes = vocab.prefixes(str(manifest.get("base", vocab.ID)))
        return current.open_generation(path, prefixes, manifest)
    except (OSError, ValueError, RuntimeError, AttributeError) as error:
        what = " ".join(str(error).split())
        raise DataError(f"{path}: this generation cannot be read ({what}); name another") from error


def _dump(path: Path) -> Store:
    """Return what a file of RDF says, as a store in memory, its literals as they are written there."""
    draft = Draft.in_memory(vocab.prefixes())
    try:
        quads = _without_description(ox.parse(path=path, format=_FORMS[path.suffix.lower()]))
        draft.load(written_forms.recorded(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""))
    except (OSError, SyntaxError, ValueError) as error:
        what = " ".join(str(error).split())
        raise DataError(f"{path}: cannot be read as RDF ({what}); mend it there") from error
    return draft


def _without_description(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads of a dump, each in a named graph, without what an export says of itself."""
    listed = list(quads)
    itself = tuple(value(quad.subject) for quad in listed if quad.predicate.value == TYPE and quad.object == _DATASET)
    for quad in listed:
        is_named = not isinstance(quad.graph_name, ox.DefaultGraph)
        if is_named or not value(quad.subject).startswith(itself):
            yield quad if is_named else Quad(quad.subject, quad.predicate, quad.object, DUMP)


_DATASET = NamedNode(f"{vocab.STANDARD['void']}Dataset")
