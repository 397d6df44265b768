"""What the steps of a build work with, made once and handed on: ontology, shapes and rules, and the source texts.

Worker processes are given it when they start; each reads shapes and rules for itself when it first needs them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from coopgraph.build import derive_rules
from coopgraph.check import rules, shapes
from coopgraph.check.places import Places
from coopgraph.rdf import turtle, vocab
from coopgraph.store import class_tree, local
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from pathlib import Path

    from coopgraph.claims.query_file import QueryFile
    from coopgraph.claims.texts import Texts
    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Quad, Triple
    from coopgraph.store.local import LocalStore


class BuildContext:
    """What is read of a workspace once in a build, and the folder of its source texts where they are at hand."""

    def __init__(self, workspace: Workspace, texts: Texts | None) -> None:
        self.prefixes = workspace.prefixes
        self.texts = texts
        self._workspace = workspace
        self.types: dict[str, tuple[Quad, ...]] = {}
        """The classes of things in the whole store, as far as they have been asked for."""

    def __reduce__(self) -> tuple[Any, ...]:
        return BuildContext, (self._workspace, self.texts)

    @cached_property
    def shapes(self) -> shapes.ShapesGraph:
        """The shapes of the workspace."""
        return shapes.read(self._workspace)

    @cached_property
    def checks(self) -> list[QueryFile]:
        """The rules that span files."""
        return rules.read(self._workspace)

    @property
    def direct(self) -> list[QueryFile]:
        """The rules for direct triples."""
        return self._derive["direct"]

    @property
    def tallies(self) -> list[QueryFile]:
        """The rules for tallies."""
        return self._derive["tallies"]

    @property
    def inferred(self) -> list[QueryFile]:
        """The rules for what the ontology implies."""
        return self._derive["inferred"]

    @cached_property
    def _derive(self) -> dict[str, list[QueryFile]]:
        return derive_rules.read(self._workspace)

    @cached_property
    def ontology(self) -> list[Triple]:
        """The triples of the ontology, the workspace's own included. Raises `DataError` where a file is no Turtle."""
        paths = self._workspace.ontology_files()
        return [triple for path in paths for triple in turtle.read(path, self._workspace.name_of(path))]

    @cached_property
    def _ontology_graph(self) -> list[Quad]:
        return list(local.quads_of(vocab.ONTOLOGY_GRAPH, self.ontology))

    @cached_property
    def entity_classes(self) -> frozenset[str]:
        """The IRIs of the classes of entities."""
        return frozenset(class_tree.entity_classes(self.scratch_store()))

    def places(self) -> Places:
        """Return where what is described stands; the lines of a file are remembered as long as a step lasts."""
        return Places(self._workspace)

    def scratch_store(self, *nquads: bytes | Path) -> Draft:
        """Return a store in memory with the ontology and some graphs, given as N-Quads or files of these."""
        store = Draft.in_memory(self.prefixes)
        store.extend(self._ontology_graph)
        for each in nquads:
            store.load(each)
        return store

    def snapshot(self, folder: Path) -> LocalStore:
        """Open a copy of the whole store in a worker process, which asks for the same one each time."""
        if self._snapshot is None or self._snapshot.folder != folder.parent:
            self._snapshot = local.read_only(folder, self.prefixes, {})
        return self._snapshot

    _snapshot: LocalStore | None = None
