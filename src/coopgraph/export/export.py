"""The graph in other forms, all of them byte-stable.

A form stands in the table of its kind: RDF in `rdf_formats`, tables and networks of claims in `claim_formats`, columns
with types in `column_formats`, several files in `folders`, and tables of a database in `relations`.
"""

from __future__ import annotations

from contextlib import ExitStack
from io import StringIO
from typing import IO, TYPE_CHECKING

from coopgraph import files
from coopgraph.claims.selection import Selection
from coopgraph.errors import UsageError, unknown
from coopgraph.export import (
    claim_formats,
    column_formats,
    duckdb_file,
    folders,
    nanopublications,
    rdf_formats,
    selectors,
    turtle_writer,
)
from coopgraph.export.counts import Counts
from coopgraph.export.description import description
from coopgraph.export.package import about
from coopgraph.export.sorted_lines import SortedLines
from coopgraph.export.sorted_rdf import by_subject, gather_for, prefixes
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import NamedNode, Quad, value
from coopgraph.rdf.vocab import TYPE, coop
from coopgraph.store import written_forms
from coopgraph.store.class_tree import entity_classes
from coopgraph.store.extracts import extract

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coopgraph.export.rdf_writer import RdfWriter
    from coopgraph.store.interface import Store

PARTS = ("claims", "direct", "inferred", "entities", "ontology", "tallies", "labels")
"""What `only` can choose: claims with passages and sources, direct or inferred triples, entities, the ontology, the
numbers of claims that are counted in advance, or the text by which each thing is shown; all but the last two make up
the whole graph."""

_OWN_GRAPHS = {
    "direct": vocab.DIRECT, "inferred": vocab.INFERRED, "ontology": vocab.ONTOLOGY_GRAPH, "tallies": vocab.TALLIES,
    "labels": vocab.LABELS
}  # fmt: skip
_RECORDS = ("Claim", "Observation", "Passage", "Source")


def export(
    store: Store,
    format_: str,
    out: IO[str],
    only: str | None = None,
    *,
    safe_cells: bool = False,
    selection: Selection | None = None,
) -> None:
    """Write the graph, one of `PARTS` of it, or the claims of a selection in one of `FORMATS` to a text stream.

    With `safe_cells`, no cell of CSV begins as a formula of a spreadsheet. RDF comes sorted, with a description of
    itself in the default graph, and takes no more memory for a larger graph. Raises `UsageError` for an unknown format
    or part, or a part or selection that a format does not have, and `DataError` where the folder for temporary files is
    full.
    """
    require(format_, only, safe_cells=safe_cells, selection=selection)
    if format_ in folders.FORMS:
        raise UsageError(f"{format_} is a folder of several files; name it with -o DIR, in Python with export_to")
    if format_ in BINARY:
        raise UsageError(f"{format_} is no text; name a file with -o FILE, in Python with export_to")
    if format_ in rdf_formats.WRITERS:
        _export_rdf(store, format_, out, only)
    elif format_ == nanopublications.NAME:
        nanopublications.write(store, extract(store, selection), out)
    else:
        write = claim_formats.safe_csv if safe_cells and format_ == "csv" else claim_formats.WRITERS[format_]
        write(extract(store, selection), out)


def text(store: Store, format_: str, only: str | None = None, selection: Selection | None = None) -> str:
    """Return what `export` writes."""
    out = StringIO()
    export(store, format_, out, only, selection=selection)
    return out.getvalue()


def export_bytes(store: Store, format_: str, out: IO[bytes], selection: Selection | None = None) -> None:
    """Write the claims of a selection in one of `COLUMNS`, to a stream of bytes. Raises errors as `export` does."""
    require(format_, selection=selection)
    column_formats.write_claims(extract(store, selection), format_, out, about(store))


def export_to(store: Store, format_: str, target: str | Path, selection: Selection | None = None) -> None:
    """Write the same to a file, in one of `FOLDERS` to a folder that is new, empty or of that form.

    Raises errors as `export` does, and `DataError` where the target cannot be written or is another's folder.
    """
    require(format_, selection=selection)
    if format_ in folders.FORMS:
        folders.write(store, extract(store, selection), format_, target)
        return
    if format_ == DUCKDB:
        duckdb_file.write(extract(store, selection), target, about(store))
        return
    if format_ in COLUMNS:
        with files.bytes_to(target) as binary:
            export_bytes(store, format_, binary, selection)
        return
    with files.text_to(target) as out:
        export(store, format_, out, selection=selection)


def _export_rdf(store: Store, format_: str, out: IO[str], only: str | None) -> None:
    export_rdf(store, {format_: out}, only)


def export_rdf(store: Store, outs: Mapping[str, IO[str]], only: str | None = None) -> list[Quad]:
    """Write the graph, or a part of it, in several RDF formats, reading it once; return the description of itself."""
    part = _Part(store, only)
    with ExitStack() as sorters:
        targets: dict[str, tuple[RdfWriter, SortedLines]] = {}
        for name in outs:
            kind = rdf_formats.WRITERS[name]
            writer = kind(prefixes(store), frozenset(part.ontologies(kind.keeps_graphs)))
            targets[name] = writer, sorters.enter_context(SortedLines())
        counts = Counts(sorters.enter_context(SortedLines()))
        gather_for(
            [*targets.values()], ((graph, part.quads(graph)) for graph in part.graphs), counts.add, selectors.added
        )
        about = description(store, counts.counted())
        gather_for([*targets.values()], [("", about)])
        for name, (writer, records) in targets.items():
            writer.write(by_subject(records), outs[name])
    return about


def require(
    format_: str, only: str | None = None, *, safe_cells: bool = False, selection: Selection | None = None
) -> None:
    """Raise `UsageError` where there is no such format or part, or a format does not have the part or a selection."""
    if format_ not in ALL:
        raise UsageError(unknown("format", format_, ALL))
    if only is not None and only not in PARTS:
        raise UsageError(unknown("part", only, PARTS))
    is_rdf = format_ in rdf_formats.WRITERS
    if not is_rdf and only not in (None, "claims"):
        raise UsageError(f"{format_} holds claims and nothing else; leave out --only {only}, or choose an RDF format")
    if is_rdf and selection not in (None, Selection()):
        chosen = "--status, --group, --field, --source, --since, --until and --as-of"
        raise UsageError(f"{format_} holds the whole graph; leave out {chosen}, or choose nanopub or a table")
    if safe_cells and not format_.endswith("csv"):
        raise UsageError("cells are made safe in CSV alone; leave out --safe-cells, or add --format csv")


class _Part:
    """The quads of a store, or of one part of it."""

    def __init__(self, store: Store, only: str | None) -> None:
        self._store, self._written = store, written_forms.of(store)
        self._subjects: set[str] | None = None
        if only in _OWN_GRAPHS:
            self.graphs = [_OWN_GRAPHS[only]]
            return
        left_out = set(vocab.PRECOMPUTED) if only is None else {*vocab.PRECOMPUTED, *_OWN_GRAPHS.values()}
        self.graphs = [graph for graph in store.graphs() if graph not in left_out]
        if only is not None:
            classes = {coop(name) for name in _RECORDS} if only == "claims" else entity_classes(store)
            members = (store.quads(predicate=TYPE, target=NamedNode(name)) for name in classes)
            self._subjects = {value(quad.subject) for quads in members for quad in quads}

    def quads(self, graph: str) -> Iterator[Quad]:
        """Yield the chosen quads of a graph."""
        quads = written_forms.restored(self._store.quads(graph=graph), self._written.get(graph))
        subjects = self._subjects
        return quads if subjects is None else (quad for quad in quads if value(quad.subject) in subjects)

    def ontologies(self, keeps_graphs: bool) -> Iterator[tuple[str, str]]:
        """Yield the ontology nodes among the chosen, each with its graph where that is kept."""
        for quad in self._store.quads(predicate=TYPE, target=turtle_writer.ONTOLOGY):
            graph = value(quad.graph_name)
            if graph in self.graphs and (self._subjects is None or value(quad.subject) in self._subjects):
                yield graph if keeps_graphs else "", str(quad.subject)


FORMATS = (*rdf_formats.WRITERS, nanopublications.NAME, *claim_formats.WRITERS)
"""The forms that are one text."""
COLUMNS = tuple(column_formats.WRITERS)
"""The forms that are a stream of bytes: a table of typed columns."""
DUCKDB = duckdb_file.NAME
"""The form that is a file, which a library opens by itself."""
BINARY = (*COLUMNS, DUCKDB)
"""The forms that are one file and no text."""
FOLDERS = tuple(folders.FORMS)
"""The forms that are a folder of several files."""
ALL = (*FORMATS, *BINARY, *FOLDERS)
