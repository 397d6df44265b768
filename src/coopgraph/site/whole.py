"""All quads of a store, read once: what many files of a published site are made of."""

from __future__ import annotations

import mmap
import re
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from functools import cached_property
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, NamedTuple

from coopgraph.rdf.vocab import TYPE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from coopgraph.store.interface import Store

_SUBJECT = re.compile(rb"(\S+ ).*\n(?:\1.*\n)*")
"""The lines of a subject."""
_IS_OF = re.compile(rb" <%b> <([^>]*)> " % re.escape(TYPE.encode()))


class _Run(NamedTuple):
    """Where the lines of a subject in one graph stand: number of the graph, beginning and end in bytes; a checksum."""

    graph: int
    start: int
    end: int
    digest: bytes


class Whole:
    """The quads of a store as sorted N-Quads in a file that nobody sees, found by subject and by graph.

    `known` are graphs whose sorted N-Quads are at hand, so that the store need not be asked for them. `digests` are
    checksums of what each graph states.
    """

    def __init__(self, store: Store, file: IO[bytes], known: Mapping[str, bytes]) -> None:
        self.digests: dict[str, str] = {}
        self._graphs = store.graphs()
        self._runs: dict[bytes, list[_Run]] = defaultdict(list)
        self._spans: dict[str, tuple[int, int]] = {}
        for graph in self._graphs:
            lines = known.get(graph)
            self._add(graph, lines if lines is not None else sorted_lines(store.nquads(graph)), file)
        file.flush()
        self._text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if self._runs else b""

    def _add(self, graph: str, lines: bytes, file: IO[bytes]) -> None:
        number, begin = len(self._spans), file.tell()
        whole = blake2b(digest_size=12)
        for match in _SUBJECT.finditer(lines):
            digest = blake2b(match[0], digest_size=12).digest()
            whole.update(digest)
            self._runs[match[1]].append(_Run(number, begin + match.start(), begin + match.end(), digest))
        self.digests[graph] = whole.hexdigest()
        self._spans[graph] = begin, begin + len(lines)
        file.write(lines)

    def graph(self, graph: str) -> bytes:
        """Return a graph as sorted N-Quads."""
        begin, end = self._spans[graph]
        return self._text[begin:end]

    def has_blank_nodes(self, graph: str) -> bool:
        """Say whether a graph may have blank nodes."""
        lines = self.graph(graph)
        return b" _:" in lines or b"\n_:" in lines or lines.startswith(b"_:")

    def subjects(self, without: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the subjects of all graphs but some, as N-Quads have them, and a checksum of what is stated of each."""
        left_out = {number for number, graph in enumerate(self._graphs) if graph in without}
        for subject, runs in self._runs.items():
            digests = [run.digest for run in runs if run.graph not in left_out]
            if digests:
                yield subject[:-1].decode(), b"".join(digests)

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        """Class -> what is of it, as far as both have IRIs."""
        members: dict[bytes, set[str]] = defaultdict(set)
        text = self._text
        for match in _IS_OF.finditer(text):
            begin = text.rfind(b"\n", 0, match.start()) + 1
            if text[begin : begin + 1] == b"<" and text.find(b" ", begin) == match.start():
                members[match[1]].add(text[begin + 1 : match.start() - 1].decode())
        return {name.decode(): frozenset(iris) for name, iris in members.items()}

    def triples(self, subject: str, without: Collection[str]) -> str:
        """Return what all graphs but some state of a subject, as N-Triples, those of a graph together."""
        runs = self._runs.get(f"{subject} ".encode(), ())
        return "".join(
            self._text[run.start : run.end].decode().replace(f" <{self._graphs[run.graph]}> .\n", " .\n")
            for run in runs
            if self._graphs[run.graph] not in without
        )


@contextmanager
def read(store: Store, folder: Path | None = None, known: Mapping[str, bytes] | None = None) -> Iterator[Whole]:
    """Read a store into a folder with room for it, until the block ends; `known` graphs are at hand."""
    with tempfile.TemporaryFile(dir=folder) as file:
        yield Whole(store, file, known or {})


def sorted_lines(nquads: bytes) -> bytes:
    """Return N-Quads sorted."""
    return b"".join(sorted(nquads.splitlines(keepends=True)))
