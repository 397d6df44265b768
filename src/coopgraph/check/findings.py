"""What is wrong with graph files, and where: findings, and from an IRI to the file and line that describe it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from coopgraph.rdf.printable import one_line
from coopgraph.rdf.terms import curie

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace

VIOLATION, WARNING = "violation", "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where a graph file breaks a rule: file, line (0 where unknown), the thing at fault, the rule and what to do."""

    file: str
    line: int
    focus: str
    rule: str
    severity: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(f"{place}: {self.severity}: {self.focus}: {self.message} [{self.rule}]")


class Places:
    """From a named graph and an IRI in it to the file and line where that is described."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lines: dict[Path, Lines] = {}

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {self._workspace.graph_iri(path): path for path in self._workspace.graph_files()}

    def finding(self, graph: str, iri: str, rule: str, severity: str, message: str) -> Finding:
        """Return a finding on what an IRI names in a graph; one that has no file is named by its IRI."""
        path = self._files.get(graph)
        if path is None:
            return Finding(graph, 0, curie(iri, self._workspace.prefixes) or iri, rule, severity, message)
        return self.in_file(path, iri, rule, severity, message)

    def in_file(self, path: Path, iri: str, rule: str, severity: str, message: str) -> Finding:
        """Return a finding on what an IRI names in a file."""
        lines = self._lines.setdefault(path, Lines(path, self._workspace.prefixes))
        return Finding(self._workspace.name_of(path), lines.of(iri), lines.name(iri), rule, severity, message)


class Lines:
    """On which line of a Turtle file the description of a subject begins, and how the subject is called."""

    def __init__(self, path: Path, prefixes: dict[str, str]) -> None:
        self._path, self._prefixes = path, prefixes
        self._lines: dict[str, int] | None = None

    def of(self, iri: str) -> int:
        """Return the line, from 1, or 0 where it cannot be told."""
        if self._lines is None:
            self._lines = dict(self._index(self._path.read_text(encoding="utf-8-sig", errors="replace")))
        return self._lines.get(iri, 0)

    def name(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or the IRI; a blank node has none that another run would give it too."""
        return (curie(iri, self._prefixes) or iri) if ":" in iri else "a blank node"

    @staticmethod
    def _index(text: str) -> Iterator[tuple[str, int]]:
        declared = dict(re.findall(r"(?im)^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", text))
        seen: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(r"(?:<([^>]*)>|([\w.-]*):([^\s;,]+))(?=\s|$)", line)
            if match:
                iri = match[1] or declared.get(match[2] or "", "") + (match[3] or "")
                seen.setdefault(iri, number)
        return iter(seen.items())
