"""What became of plans and hopes, asked once of the question that has the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.ask import questions
from coopgraph.claims.fate import Fate
from coopgraph.rdf.terms import value
from coopgraph.store.interface import Solutions

if TYPE_CHECKING:
    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.interface import Store


def fates(store: Store, workspace: Workspace) -> dict[str, Fate]:
    """Return planned or hoped-for claim -> what became of it; nothing where there is no such question."""
    if workspace.query_file("fates") is None:
        return {}
    answer = store.query(questions.find(workspace, "fates").sparql)
    if not isinstance(answer, Solutions):
        return {}
    columns = [variable.value for variable in answer.variables]
    return dict(_fate(dict(zip(columns, row, strict=True))) for row in answer)


def _fate(row: dict[str, object]) -> tuple[str, Fate]:
    text = {name: "" if term is None else value(term) for name, term in row.items()}  # type: ignore[arg-type]
    months, further = (int(text.get(name) or 0) for name in ("months", "further"))
    is_bound = text["known"] == "by then"
    return text["claim"], Fate(text["fate"], text["happened"], text["evidence"], is_bound, months, further)
