"""What a publication notes of itself for the next one: what each file is made of, and where what is packed stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.export.counts import Counted
from coopgraph.site.downloads import Noted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    names = sorted({name for noted in made.rdf.values() for several in _names(noted) for name in several})
    number = {name: at for at, name in enumerate(names)}
    told = {
        "by": _BY,
        "graph": graph,
        "graphs": made.graphs,
        "runs": dict(sorted(made.runs.items())),
        "names": names,
        "rdf": {key: _told(each, number) for key, each in sorted(made.rdf.items())},
        "files": {path: [file.digest, made.made_of[path]] for path, file in made.files.items()},
    }
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _names(noted: Noted) -> tuple[Iterable[str], ...]:
    """Return the prefixes, predicates, classes and sources of a part of the RDF, which many parts have."""
    return noted.prefixes, noted.counted.predicates, noted.counted.classes, noted.counted.sources


def _told(noted: Noted, number: Mapping[str, int]) -> list[Any]:
    """Return what is known of a part of the RDF, its names as numbers; of a class there is the number of its things."""
    prefixes, predicates, classes, sources = (sorted(number[name] for name in names) for names in _names(noted))
    sizes = {number[name]: size for name, size in noted.counted.classes.items()}
    pairs = [[each, sizes[each]] for each in classes]
    return [noted.counted.triples, noted.counted.subjects, prefixes, predicates, pairs, sources]


def read(text: bytes) -> Former | None:
    """Return what was noted; None where the text is no note. One of another version tells what files there are."""
    try:
        told = json.loads(text)
        if told["by"] != _BY:
            return None
        files = {
            path: File(*each) if isinstance(each, list) else File(each, "") for path, each in told["files"].items()
        }
        names = told.get("names", [])
        rdf = {key: _noted(names, *each) for key, each in told.get("rdf", {}).items()}
        return Former(told["graph"], files, told.get("graphs", {}), told.get("runs", {}), rdf)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _noted(
    names: list[str], triples: int, subjects: int, prefixes: list[int], predicates: list[int],
    classes: list[tuple[int, int]], sources: list[int],
) -> Noted:  # fmt: skip
    used, verbs, origins = (frozenset(names[at] for at in several) for several in (prefixes, predicates, sources))
    return Noted(used, Counted(triples, subjects, verbs, {names[at]: size for at, size in classes}, origins))
