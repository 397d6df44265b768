"""All quads of a store, read once: what many files of a published site are made of."""

from __future__ import annotations

import gzip
import mmap
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO, TextIOWrapper
from typing import IO, TYPE_CHECKING, NamedTuple

from coopgraph.export import export

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from coopgraph.rdf.terms import Quad
    from coopgraph.store.interface import Store


class _Run(NamedTuple):
    """Where the lines of a subject in one graph stand: number of the graph, beginning and end in bytes."""

    graph: int
    start: int
    end: int


class Whole:
    """The quads of a store as sorted N-Quads in a file that nobody sees, found by subject; `packed` exports; VoID."""

    def __init__(self, store: Store, forms: Collection[str], file: IO[bytes]) -> None:
        self._store, self._forms = store, forms
        self._graphs = store.graphs()
        self._runs: dict[bytes, list[_Run]] = defaultdict(list)
        self._write(store, file)
        self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._runs else b""

    @property
    def packed(self) -> Mapping[str, bytes]:
        """Form -> the export in that form, packed."""
        return self._exported[0]

    @property
    def description(self) -> list[Quad]:
        """What VoID and DCAT say of the graph."""
        return self._exported[1]

    @cached_property
    def _exported(self) -> tuple[Mapping[str, bytes], list[Quad]]:
        return exported(self._store, self._forms)

    def _write(self, store: Store, file: IO[bytes]) -> None:
        at = 0
        for number, graph in enumerate(self._graphs):
            lines = sorted(store.nquads(graph).splitlines(keepends=True))
            start, subject = at, b""
            for line in lines:
                if not line.startswith(subject) or not subject:
                    if subject:
                        self._runs[subject].append(_Run(number, start, at))
                    start, subject = at, line[: line.index(b" ") + 1]
                at += len(line)
            if subject:
                self._runs[subject].append(_Run(number, start, at))
            file.writelines(lines)
        file.flush()

    def nquads(self) -> bytes:
        """Return all quads, those of a graph together, sorted."""
        return self._text[:]

    def subjects(self) -> Iterator[str]:
        """Yield the subjects, as N-Quads have them."""
        for subject in self._runs:
            yield subject[:-1].decode()

    def stated(self, subject: str, without: Collection[str]) -> Iterator[bytes]:
        """Yield what all graphs but some state of a subject, as N-Quads, those of a graph together."""
        for run in self._runs.get(f"{subject} ".encode(), ()):
            if self._graphs[run.graph] not in without:
                yield self._text[run.start : run.end]

    def triples(self, subject: str, without: Collection[str]) -> str:
        """Return the same as N-Triples."""
        runs = self._runs.get(f"{subject} ".encode(), ())
        return "".join(
            self._text[run.start : run.end].decode().replace(f" <{self._graphs[run.graph]}> .\n", " .\n")
            for run in runs
            if self._graphs[run.graph] not in without
        )


@contextmanager
def read(store: Store, forms: Collection[str], folder: Path) -> Iterator[Whole]:
    """Read a store into a folder with room for it, until the block ends; `forms` are those that it is exported in."""
    with tempfile.TemporaryFile(dir=folder) as file:
        yield Whole(store, forms, file)


def exported(store: Store, forms: Collection[str]) -> tuple[Mapping[str, bytes], list[Quad]]:
    """Return form -> the packed export, and what VoID and DCAT say of the graph."""
    files = {form: BytesIO() for form in forms}
    outs = {form: TextIOWrapper(_packer(file), "utf-8", newline="") for form, file in files.items()}
    about = export.export_rdf(store, outs)
    for out in outs.values():
        out.close()
    return {form: file.getvalue() for form, file in files.items()}, about


def packed(content: bytes) -> bytes:
    """Return bytes packed, the same bytes always the same way."""
    file = BytesIO()
    with _packer(file) as out:
        out.write(content)
    return file.getvalue()


def _packer(file: BytesIO) -> gzip.GzipFile:
    return gzip.GzipFile("", "wb", 6, file, mtime=0)
