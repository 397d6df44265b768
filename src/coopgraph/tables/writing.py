"""What a table gives, as the files of a workspace: graph files in a folder of its own, its text, and its names."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.claims import passages
from coopgraph.errors import DataError
from coopgraph.export import turtle
from coopgraph.rdf.terms import NamedNode, Triple, expand
from coopgraph.rdf.vocab import STANDARD
from coopgraph.reading import graph_files, records, sheet_files, source_entry
from coopgraph.reading.model import EXTRACT, WHOLE, Document, Judgement, Origin
from coopgraph.store import locks
from coopgraph.tables import editions, former_rows, minting, names_sheet, renewal
from coopgraph.tables.mapping import listed
from coopgraph.tables.table import MEDIA_TYPES, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.vocabulary import Vocabulary
    from coopgraph.tables.editions import EditionChange
    from coopgraph.tables.former_rows import FormerRows
    from coopgraph.tables.loaded import Loaded
    from coopgraph.tables.mapping import TableMapping
    from coopgraph.tables.table import Table

_LEFT = re.compile(r"before-\d+|[a-z0-9_]{8}")
"""How the names of files end that a run has set aside, or written aside, and that stay where it is killed."""
_NONE = "-"
"""Stands for the digest of a file that was not there."""
_GRAPH = "table.ttl"
"""The graph file of a table, the only one: a source is one graph, which is what questions count sources by."""


class TablePaths(NamedTuple):
    """The files of a table in a workspace: graph files, text and origin, names, faults, and what was written last.

    `rows` has what its rows were mapped with (see `former_rows`).
    """

    graphs: Path
    text: Path
    origin: Path
    names: Path
    faults: Path
    written: Path
    rows: Path


def paths(workspace: Workspace, source: str) -> TablePaths:
    """Return where a workspace keeps what belongs to a table (by slug). Raises `UsageError` where it is no slug."""
    at = records.paths(workspace, source)
    proposals = at.proposals.parent
    return TablePaths(
        workspace.root / "graphs" / source,
        at.text,
        at.origin,
        proposals / f"{source}.names.csv",
        proposals / f"{source}.faults.csv",
        proposals / f"{source}.table.json",
        proposals / f"{source}.rows.json",
    )


def document(mapping: TableMapping, table: Table, issued: tuple[str, str]) -> Document:
    """Return a table as the document that it is, given the day (ISO) on which it was issued and its precision."""
    entry, content = mapping.source, text(table)
    origin = Origin(
        table.name, table.sha256, table.media_type, "coopgraph", passages.digest(content),
        EXTRACT if entry.extract else WHOLE, entry.address, entry.title, entry.publisher, *issued,
        language=entry.language,
    )  # fmt: skip
    return Document(entry.id, content, origin)


def change(at: TablePaths, table: Table, mapping: TableMapping) -> EditionChange | None:
    """Return how a table has changed since it was written last, None where it never was."""
    if not (at.text.is_file() and at.written.is_file()):
        return None
    return editions.change(passages.read(at.text), text(table), listed(mapping.table.key))


def refuse_changed_by_hand(at: TablePaths, workspace: Workspace) -> None:
    """Raise `DataError` where somebody has changed a graph file that was written, for it would be lost."""
    written = _written(at)
    for path in sorted(at.graphs.glob("[!.]*")) if at.graphs.is_dir() else ():
        if not _is_written(path, written):
            what = "was changed by hand" if path.name in written else "is not of the table"
            advice = "put what is yours into a graph file of its own, take this one away, and run this again"
            raise DataError(f"{workspace.name_of(path)}: {what}; {advice}")


def refuse_other_source(at: TablePaths, mapping: TableMapping, workspace: Workspace) -> None:
    """Raise `DataError` where what has the slug of the source is not this table, for its text would be lost."""
    if at.written.exists():
        return
    source = mapping.source.id
    graph = at.graphs.with_name(f"{source}.ttl")
    other = workspace.name_of(graph) if graph.exists() else ""
    if at.text.exists() and not other:
        other = "" if _media_type(at) in MEDIA_TYPES else workspace.name_of(at.text)
    if other:
        raise DataError(
            f"{other}: is of another document called {source!r}; give source.id of the mapping another name"
        )


def _media_type(at: TablePaths) -> str | None:
    try:
        return records.from_json(Origin, files.read_text(at.origin)).media_type
    except (DataError, ValueError):  # nobody knows what was read
        return None


@contextmanager
def alone(at: TablePaths) -> Iterator[None]:
    """Keep other runs off the files of a table. Raises `DataError` where one is at it, or nothing can be written."""
    lock = at.written.with_name(f".{at.written.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        held = locks.held(lock)
    except BlockingIOError as error:
        raise DataError(f"{at.graphs.name}: another coopgraph table is at it; wait until it has ended") from error
    except OSError as error:
        raise files.refusal(error, str(lock.parent), "written") from error
    with held:
        _undo_cut_off(at)
        yield


def _undo_cut_off(at: TablePaths) -> None:
    """Bring back what a run that was cut off had set aside, and remove what it has left."""
    cut_off, written = _is_cut_off(at), _written(at)
    for path in (at.graphs / _GRAPH, *at[1:]):
        for left in _left_beside(path):
            by_hand = path.parent == at.graphs and path.exists() and not _is_written(path, written)
            if cut_off and ".before-" in left.name and not by_hand:
                left.replace(path)
            left.unlink(missing_ok=True)  # of two names of one file a system gives up none


def _left_beside(path: Path) -> list[Path]:
    start = f".{path.name}."
    there = path.parent.iterdir() if path.parent.is_dir() else ()
    return [each for each in there if each.name.startswith(start) and _LEFT.fullmatch(each.name.removeprefix(start))]


def _is_written(path: Path, written: Mapping[str, str]) -> bool:
    """Say whether a graph file is as a run has written it."""
    return _digest(files.read(path)) in written.get(path.name, "").split()


def _is_cut_off(at: TablePaths) -> bool:
    """Say whether the last run has not come to its end, so that nobody knows whether what it wrote was checked."""
    return any(len(digests.split()) > 1 for digests in _written(at).values())


def former(at: TablePaths) -> FormerRows:
    """Return what the rows of a table gave when they were written last, as far as that is sure."""
    return former_rows.read(at.graphs.name, at.rows, at.graphs / _GRAPH)


def save_rows(loaded: Loaded, at: TablePaths) -> None:
    """Keep what the rows that were written were mapped with."""
    former_rows.write(at.rows, at.graphs / _GRAPH, loaded.digests)


def save(texts: Mapping[Path, str | None], at: TablePaths, workspace: Workspace) -> None:
    """Write the files that a table gives, checked, or none. Raises what `graph_files.save` does."""
    if not texts:
        return
    former, is_new = files.read_text(at.written) if at.written.exists() else None, not at.graphs.exists()
    checked = is_checked(texts, at, workspace)
    record = texts[at.written] or ""
    try:
        at.graphs.mkdir(parents=True, exist_ok=True)
        at.text.parent.mkdir(parents=True, exist_ok=True)
        _announce(texts, at)
        graph_files.save({path: each for path, each in texts.items() if path != at.written}, workspace, checked=checked)
        _record(at, record)
    except BaseException as error:
        with suppress(DataError):  # on a full disk what was announced stays, and the next run checks all
            _take_back(at, former)
        if is_new:
            with suppress(OSError):
                at.graphs.rmdir()
        if isinstance(error, OSError):
            raise files.refusal(error, workspace.name_of(at.graphs), "written") from error
        raise


def _take_back(at: TablePaths, former: str | None) -> None:
    """Record what was recorded before, unless the graph file is new already: then what was announced stays."""
    graph = at.graphs / _GRAPH
    if graph.exists() and (former is None or _digest(files.read(graph)) not in former):
        return
    if former is None:
        at.written.unlink(missing_ok=True)
    else:
        _record(at, former)


def is_checked(texts: Mapping[Path, str | None], at: TablePaths, workspace: Workspace) -> bool:
    """Say whether the graph file is right because that of the former edition was, and all that is new in it is."""
    from coopgraph.build import part_check

    path = at.graphs / _GRAPH
    text = texts.get(path)
    if text is None or not path.is_file() or _is_cut_off(at) or any(each is None for each in texts.values()):
        return False
    change = renewal.change(files.read_text(path), text)
    if change is None:
        return False
    gone = [iri for name in change.gone if (iri := expand(name, workspace.prefixes))]
    return part_check.passes(workspace, path, change.part, gone)


def _announce(texts: Mapping[Path, str | None], at: TablePaths) -> None:
    """Note what graph files are about to be, beside what they are: a run that is killed changes none by hand."""
    digests = {path.name: [_digest(each.encode())] for path, each in texts.items() if each and path.parent == at.graphs}
    written = _written(at)
    for name in digests.keys() | written.keys():
        digests.setdefault(name, []).extend(written.get(name, _NONE).split())
    _record(at, _digests_text({name: " ".join(each) for name, each in digests.items()}))


def _record(at: TablePaths, digests: str) -> None:
    with files.text_to(at.written) as out:
        out.write(digests)


def _digests_text(digests: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(digests.items())), indent=1) + "\n"


def _written(at: TablePaths) -> dict[str, str]:
    if not at.written.exists():
        return {}
    try:
        content = json.loads(files.read_text(at.written))
        return {str(name): str(digest) for name, digest in content.items()}
    except (ValueError, AttributeError) as error:
        raise DataError(f"{at.written}: is broken ({error}); take it and {at.graphs} away") from error


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def save_sheets(
    loaded: Loaded, decisions: Mapping[names_sheet.Key, names_sheet.Entry], words: Vocabulary, at: TablePaths
) -> None:
    """Write the sheet of names, and that of faults, which goes where there are none."""
    seen = {name: (len(each.rows), each.first) for name, each in loaded.names.items()}
    at.names.parent.mkdir(parents=True, exist_ok=True)
    rows = names_sheet.rows(loaded.links, seen, decisions, words, loaded.plan.prefixes, loaded.alike)
    sheet_files.write(rows, at.names)
    if loaded.gate.faults:
        faults = [[str(loaded.gate.cell(each)), each.cell, each.message] for each in sorted(loaded.gate.faults)]
        sheet_files.write([["place", "cell", "message"], *faults], at.faults)
    else:
        at.faults.unlink(missing_ok=True)


def texts(loaded: Loaded, read: Document, at: TablePaths, words: Vocabulary) -> dict[Path, str | None]:
    """Return the texts of the files that a table gives, None for one that goes, and only those that change."""
    source = turtle.write(_source(loaded, read, words), loaded.plan.prefixes)
    graph = {_GRAPH: turtle.merged([source, *(each.text for each in loaded.parts if each.text)])}
    gone = {path for path in at.graphs.glob("*.ttl") if path.name not in graph} if at.graphs.is_dir() else set()
    wanted: dict[Path, str | None] = {at.graphs / name: each for name, each in graph.items()}
    wanted |= dict.fromkeys(sorted(gone))
    wanted |= {at.text: read.text, at.origin: records.origin_text(read.origin)}
    record = _digests_text({name: _digest(each.encode()) for name, each in graph.items()})
    unsure = at.graphs if _is_cut_off(at) else None
    other = {
        path: each for path, each in wanted.items() if path.parent == unsure or each is None or not _is(path, each)
    }
    return {**other, at.written: record} if other or not _is(at.written, record) else {}


def _is(path: Path, content: str) -> bool:
    return path.is_file() and files.read(path) == content.encode()


def _source(loaded: Loaded, read: Document, words: Vocabulary) -> Iterator[Triple]:
    """Yield what is said of the source and of the things that it brings."""
    mapping, dcterms = loaded.plan.mapping, STANDARD["dcterms"]
    iri = loaded.plan.prefixes["source"] + mapping.source.id
    subject = NamedNode(iri)
    terms = source_entry.terms(read, mapping.source.language, passages.digest(read.text))
    if mapping.source.license:
        terms.append((f"{dcterms}license", NamedNode(mapping.source.license)))
    if loaded.publisher:
        terms.append((f"{dcterms}publisher", NamedNode(loaded.publisher)))
    yield from (Triple(subject, NamedNode(predicate), term) for predicate, term in terms)
    labels: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
    for name, link in loaded.links.items():
        labels[link.iri] += loaded.names[name].labels
    for name, thing in loaded.new.items():
        named, kind = loaded.names[name], words.classes[name.kind]
        definition = minting.defined(name, named.entity, named.cells, mapping.source.title)
        place, language = loaded.coordinates.get(name, ()), mapping.source.language
        yield from minting.described(thing, name, kind, named.entity, iri, language, place, definition, labels[thing])


def save_judgements(
    loaded: Loaded, decisions: Mapping[names_sheet.Key, names_sheet.Entry], workspace: Workspace
) -> None:
    """Keep what people decided on names that mean the same wherever they stand, for all documents to come."""
    path = records.paths(workspace, loaded.plan.mapping.source.id).judgements
    known = {(each.name, each.entity) for each in records.read(Judgement, path) if each.same}
    for name, link in loaded.links.items():
        entry = decisions.get(names_sheet.key(name))
        is_general = not name.within and not any(name.apart)
        if entry and link.how == "decided" and link.iri and is_general and (name.text, link.iri) not in known:
            records.append(path, Judgement(name.text, link.iri, True))
