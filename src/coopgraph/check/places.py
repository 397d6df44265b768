"""Where things stand: from a named graph and what is described in it to the file and line of that."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from functools import cached_property
from typing import IO, TYPE_CHECKING, cast

from pyoxigraph import RdfFormat, parse

from coopgraph import files
from coopgraph.check.findings import Finding
from coopgraph.rdf.terms import curie, value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace

_PREFIX = re.compile(r"(?im)^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>")
_SUBJECT = re.compile(r"(?:<([^>]*)>|([\w.-]*):([^\s;,]+))(?=\s|$)")
"""What a line begins with where a description does, as most are written."""


class Places:
    """The files of a workspace's named graphs, and the lines in them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lines: dict[Path, Lines] = {}

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {file.graph: file.path for file in self._workspace.graph_files()}

    def finding(self, graph: str, iri: str, rule: str, severity: str, message: str) -> Finding:
        """Return a finding on what an IRI names in a graph; one that has no file is named by its IRI."""
        path = self._files.get(graph)
        if path is None:
            return Finding(graph, 0, self.short(iri), rule, severity, message)
        return self.in_file(path, iri, rule, severity, message)

    def short(self, iri: str) -> str:
        """Return the prefixed name of an IRI, where it has one."""
        return curie(iri, self._workspace.prefixes) or iri

    def in_file(
        self, path: Path, iri: str, rule: str, severity: str, message: str, triple: int | None = None
    ) -> Finding:
        """Return a finding on what an IRI names in a file, or on the subject of its triple of that number, from 0."""
        lines = self._lines.setdefault(path, Lines(path, self._workspace.prefixes))
        line = lines.of(iri) if triple is None else lines.of_triple(triple)
        return Finding(self._workspace.name_of(path), line, lines.name(iri), rule, severity, message)


class Lines:
    """On which line of a Turtle file the description of a subject begins, and how the subject is called."""

    def __init__(self, path: Path, prefixes: dict[str, str]) -> None:
        self._path, self._prefixes = path, prefixes

    def of(self, iri: str) -> int:
        """Return the line, from 1, or 0 where it cannot be told."""
        return self._starts.get(iri) or self._firsts.get(iri, 0)

    def of_triple(self, number: int) -> int:
        """Return the line on which the triple of that number ends, from 0 in the order in which they stand."""
        return self._triples[number][1] if number < len(self._triples) else 0

    def name(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or the IRI; a blank node has none that another run would give it too."""
        return (curie(iri, self._prefixes) or iri) if ":" in iri else "a blank node"

    @cached_property
    def _starts(self) -> dict[str, int]:
        """Subject -> line that begins with it."""
        text = files.read(self._path).decode("utf-8", "replace")
        declared = dict(_PREFIX.findall(text))
        starts: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if match := _SUBJECT.match(line):
                starts.setdefault(match[1] or declared.get(match[2] or "", "") + (match[3] or ""), number)
        return starts

    @cached_property
    def _firsts(self) -> dict[str, int]:
        """Subject -> line of its first triple, however that is written."""
        return dict(reversed(self._triples))

    @cached_property
    def _triples(self) -> list[tuple[str, int]]:
        """The subject and line of each triple: how far the parser has read, which is given one line at a time."""
        reader = _LineByLine(files.read(self._path))
        triples: list[tuple[str, int]] = []
        with suppress(SyntaxError, ValueError):  # another step tells of what is no Turtle
            quads = parse(cast("IO[bytes]", reader), format=RdfFormat.TURTLE)
            triples.extend((value(quad.subject), reader.number) for quad in quads)
        return triples


class _LineByLine(io.RawIOBase):
    """Bytes given one line at a time; `number` is that of the last line that was given."""

    def __init__(self, content: bytes) -> None:
        self._lines = self._numbered(content)
        self._rest = b""
        self.number = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self._rest = self._rest or next(self._lines, b"")
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def _numbered(self, content: bytes) -> Iterator[bytes]:
        for self.number, line in enumerate(io.BytesIO(content), 1):
            yield line
