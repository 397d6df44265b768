"""The passages of a graph against the texts of their sources, as far as these are at hand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coopgraph import passages, records
from coopgraph.errors import DataError
from coopgraph.findings import VIOLATION, WARNING, Finding, Places
from coopgraph.terms import curie, value
from coopgraph.vocab import STANDARD, coop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.store import Store
    from coopgraph.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Verified:
    """How many passages stand where they say, what is wrong with others, and the sources that were not at hand."""

    passages: int
    findings: list[Finding]
    absent: list[str]


def against_texts(store: Store, workspace: Workspace, folder: Path | None) -> Verified:
    """Verify each passage's position and checksum against the source texts in `folder`, as far as they are there."""
    if folder is not None and not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder of source texts; name the folder with --sources")
    listed: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in store.quads(predicate=STANDARD["oa"] + "hasSource"):
        listed[value(quad.object)][value(quad.subject)] = value(quad.graph_name)
    places, verified = Places(workspace), 0
    found: list[Finding] = []
    absent: list[str] = []
    for source in sorted(listed):
        path = _text_of(store, source, folder)
        if path is None:
            absent.append(curie(source, workspace.prefixes) or source)
            continue
        text = passages.read(path)
        graph_of = listed[source]
        problems = list(passages.verify(text, {iri: records.passage(store, iri) for iri in graph_of}))
        found += (places.finding(graph_of[p.passage], p.passage, p.rule, VIOLATION, p.message) for p in problems)
        found += () if problems else _changed_text(store, source, text, path, places)
        verified += len(listed[source]) - len(problems)
    return Verified(verified, sorted(found), absent)


def _text_of(store: Store, source: str, folder: Path | None) -> Path | None:
    name = next((value(quad.object) for quad in store.quads(subject=source, predicate=coop("textFile"))), None)
    path = folder / Path(name).name if folder and name else None
    return path if path and path.is_file() else None


def _changed_text(store: Store, source: str, text: str, path: Path, places: Places) -> Iterator[Finding]:
    """Yield that a text is not the one that was read, where every passage stands all the same."""
    for quad in store.quads(subject=source, predicate=coop("textSha256")):
        if value(quad.object) != passages.digest(text):
            told = "is not the text that was read, though every passage stands; read it again, set coop:textSha256"
            yield places.finding(value(quad.graph_name), source, "source-changed", WARNING, f"{path.name} {told}")
