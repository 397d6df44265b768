"""The sheets of a store in one file beside its database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.store.claim_columns import KINDS, Merged, rows
from coopgraph.store.sqlite_file import SqlFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.store.claim_columns import Sheets


class SheetFile(SqlFile):
    """The sheets of a store, open to read or in the making."""

    schema = """
        CREATE TABLE IF NOT EXISTS sheets (kind TEXT, graph TEXT, held BLOB, UNIQUE (graph, kind));
        CREATE INDEX IF NOT EXISTS by_kind ON sheets (kind, graph);
    """
    table = "sheets"
    what = "the columns of claims"

    def replace(self, graph: str, sheets: Sheets) -> None:
        """Let a graph have these sheets and no others."""
        self.remove(graph)
        with self._as_data_error():
            rows = [(kind, graph, sheet) for kind, sheet in sheets.items()]
            self._connection.executemany("INSERT INTO sheets VALUES (?, ?, ?)", rows)

    def remove(self, graph: str) -> None:
        """Remove a graph's sheets, if it has any."""
        with self._as_data_error():
            self._connection.execute("DELETE FROM sheets WHERE graph = ?", (graph,))

    def of(self, graph: str) -> Sheets:
        """Return the sheets of a graph."""
        with self._as_data_error():
            return dict(self._connection.execute("SELECT kind, held FROM sheets WHERE graph = ?", (graph,)))

    def merged(self, wanted: Iterable[str]) -> dict[str, Merged]:
        """Return those of the wanted properties that are columns of sheets, each with its sheets of all graphs."""
        chosen = list(wanted)
        texts: dict[str, str] = {}
        columns: dict[str, Merged] = {}
        for kind, names in KINDS.items():
            if here := [name for name in chosen if name in names]:
                merged = Merged(here, (rows(sheet, here, texts) for sheet in self._all(kind)))
                columns |= dict.fromkeys(here, merged)
        return columns

    def _all(self, kind: str) -> Iterator[bytes]:
        with self._as_data_error():
            for (sheet,) in self._connection.execute("SELECT held FROM sheets WHERE kind = ? ORDER BY graph", (kind,)):
                yield sheet
