"""What a publication notes of itself for the next one: what each file is made of, and where what is packed stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.export.counts import Counted
from coopgraph.site.downloads import Noted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.site.parallel import Written

_BY = "coopgraph publish"


class File(NamedTuple):
    """Checksums of a file, and of all that its bytes follow from."""

    digest: str
    made_of: str


class Former(NamedTuple):
    """A former publication: the checksum of all that it is made of, and its files by path.

    `graphs` has the checksum of the file that each graph of the store was read from, `runs` what is known of those of
    packed files, and `rdf` what is known of those that are RDF, by their keys.
    """

    graph: str = ""
    files: Mapping[str, File] = {}
    graphs: Mapping[str, str] = {}
    runs: Mapping[str, list[list[Any]]] = {}
    rdf: Mapping[str, Noted] = {}

    def made_of(self, path: str) -> str | None:
        """Return the checksum of what a file was made of, None where there was none."""
        file = self.files.get(path)
        return file and file.made_of


class Made(NamedTuple):
    """A publication: its files, what each is made of, how many of them were written, and the same notes."""

    files: Mapping[str, Written]
    made_of: Mapping[str, str]
    number: int
    graphs: Mapping[str, str]
    runs: Mapping[str, list[list[Any]]]
    rdf: Mapping[str, Noted]


def written(graph: str, made: Made) -> bytes:
    """Return the note of a publication."""
    told = {
        "by": _BY,
        "graph": graph,
        "graphs": made.graphs,
        "runs": dict(sorted(made.runs.items())),
        "rdf": {key: _told(each) for key, each in sorted(made.rdf.items())},
        "files": {path: [file.digest, made.made_of[path]] for path, file in made.files.items()},
    }
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _told(noted: Noted) -> list[Any]:
    counted = noted.counted
    return [
        sorted(noted.prefixes), counted.triples, counted.subjects, sorted(counted.predicates),
        dict(sorted(counted.classes.items())), sorted(counted.sources),
    ]  # fmt: skip


def read(text: bytes) -> Former | None:
    """Return what was noted; None where the text is no note. One of another version tells what files there are."""
    try:
        told = json.loads(text)
        if told["by"] != _BY:
            return None
        files = {
            path: File(*each) if isinstance(each, list) else File(each, "") for path, each in told["files"].items()
        }
        rdf = {key: _noted(*each) for key, each in told.get("rdf", {}).items()}
        return Former(told["graph"], files, told.get("graphs", {}), told.get("runs", {}), rdf)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _noted(
    prefixes: list[str], triples: int, subjects: int, predicates: list[str], classes: dict[str, int], sources: list[str]
) -> Noted:
    return Noted(frozenset(prefixes), Counted(triples, subjects, frozenset(predicates), classes, frozenset(sources)))
