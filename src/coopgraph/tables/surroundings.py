"""What a graph knows that a table is mapped into, and the rules of its workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.check import shapes
from coopgraph.reading import records
from coopgraph.reading.model import Judgement
from coopgraph.reading.vocabulary import statuses, vocabulary
from coopgraph.tables.linking import containers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgraph.check.shapes import ShapesGraph
    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.vocabulary import Vocabulary
    from coopgraph.store.interface import Store


class Surroundings(NamedTuple):
    """What a graph knows that a table is mapped into, and the rules of its workspace.

    `statuses` are by all their names, `containers` what each thing (IRI) lies in; `rules_text` is what the rules were
    read from.
    """

    words: Vocabulary
    statuses: Mapping[str, str]
    containers: Mapping[str, frozenset[str]]
    judgements: Sequence[Judgement]
    rules: ShapesGraph
    rules_text: Sequence[bytes]
    prefixes: Mapping[str, str]


def read(store: Store, workspace: Workspace) -> Surroundings:
    """Return what a graph knows, and the rules and judgements of its workspace."""
    judgements = records.read(Judgement, records.paths(workspace, "x").judgements)
    rules = [files.read(path) for name in ("shapes.ttl", "advice.ttl") for path in workspace.shapes_files(name)]
    return Surroundings(
        vocabulary(store),
        statuses(store),
        containers(store),
        judgements,
        shapes.read(workspace),
        rules,
        workspace.prefixes,
    )
