"""Sheets: what is read from columns is what the store says, whatever graphs hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.ask.graph import CoopGraph, load
from coopgraph.build import build
from coopgraph.claims import properties, selection, workspace
from coopgraph.errors import DataError
from coopgraph.rdf.terms import Literal, NamedNode, Triple
from coopgraph.rdf.vocab import TYPE, coop
from coopgraph.store import bulk_read, claim_columns, current, local
from coopgraph.store.bulk_read import Table
from coopgraph.store.claim_columns import KINDS, gathered, packed, unpacked
from coopgraph.store.interface import Store
from coopgraph.store.sheet_file import SheetFile

things = st.sampled_from([NamedNode(f"https://example.org/{name}") for name in "abcd"])
literals = st.one_of(
    st.builds(Literal, st.text('ab\n\0"é港\U0001f600')),
    st.builds(lambda text, tag: Literal(text, language=tag), st.text("ab"), st.sampled_from(["en", "zh-hans"])),
    st.integers(0, 9).map(Literal),
)
predicates = st.sampled_from([NamedNode(name) for names in KINDS.values() for name in names] + [NamedNode(TYPE)])
triples = st.lists(st.builds(Triple, things, predicates, st.one_of(things, literals)), max_size=30)


def plain(found: dict[str, claim_columns.Column]) -> dict[str, dict[str, object]]:
    """Return columns so that they can be compared: several values in any order, and nothing for what is not there."""
    return {
        name: {
            thing: frozenset(cell) if isinstance(cell, tuple) else cell
            for thing, cell in column.items()
            if cell is not None
        }
        for name, column in found.items()
    }


@given(triples)
def test_a_sheet_holds_what_was_put_in(stated: list[Triple]) -> None:
    """Columns come out of the sheets of a graph as they went in, and the order of triples does not matter."""
    columns_in = gathered(stated)
    held = packed(columns_in)
    assert packed(gathered(reversed(stated))) == held
    out = {name: {} for names in KINDS.values() for name in names}
    for kind, sheet in held.items():
        out |= unpacked(sheet, KINDS[kind])
    assert plain(out) == plain(columns_in)


@given(st.lists(triples, max_size=3))
def test_all_graphs_are_read_together(graphs: list[list[Triple]]) -> None:
    """What several graphs say of one thing is put together, as if one graph said it; a replaced graph is forgotten."""
    with_sheets = SheetFile.create(None)
    for number, stated in enumerate(graphs):
        with_sheets.replace(f"g{number}", packed(gathered(graphs[0])))
        with_sheets.replace(f"g{number}", packed(gathered(stated)))
    with_sheets.replace("other", packed(gathered(graphs[0] if graphs else [])))
    with_sheets.remove("other")
    names = [name for kind in KINDS.values() for name in kind]
    merged = with_sheets.merged(names)
    iris = [f"https://example.org/{name}" for name in "abcdz"]
    out = {n: dict(zip(iris, merged[n].cells(n, merged[n].rows(iris)), strict=True)) for n in names}
    assert plain(out) == plain(gathered([each for stated in graphs for each in stated]))
    with_sheets.close()


@pytest.mark.parametrize("which", ["tiny_graph", "article_graph"])
def test_tables_from_sheets_are_those_from_scans(
    which: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An extract that is read from sheets is the extract that is read from the database."""
    graph: CoopGraph = request.getfixturevalue(which)
    monkeypatch.setattr(bulk_read, "_FEW", 0)
    monkeypatch.setattr(bulk_read, "_MOST", 1_000_000)
    kept = graph.extract()
    asked: list[str] = []
    monkeypatch.setattr(type(graph.store), "columns", Store.columns)
    monkeypatch.setattr(bulk_read, "_scan", lambda *given, scan=bulk_read._scan: (asked.append(given[1]), scan(*given)))
    assert graph.extract() == kept
    assert set(properties.CLAIMS) <= set(asked)


def test_what_rules_derive_of_claims_is_in_their_columns(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of a workspace may give claims more fields; tables have them too."""
    rules = tiny / "queries" / "derive"
    rules.mkdir(parents=True)
    rule = "#+ summary: All claims are about trade\n#+ graph: inferred\n"
    rule += "CONSTRUCT { ?claim coop:field field:trade } WHERE { ?claim a coop:Claim }\n"
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in workspace.find(tiny).prefixes.items())
    (rules / "own.rq").write_text(rule.replace("CONSTRUCT", prefixes + "CONSTRUCT"), encoding="utf-8")
    monkeypatch.setattr(bulk_read, "_FEW", 0)
    with load(tiny) as graph:
        iris = {claim.iri for claim in graph.claims() if isinstance(claim.object, str)}
        fields = Table(graph.store, iris, properties.CLAIMS, properties.OBJECT).texts(coop("field"))
        trade = selection.select(field=graph.entity("Trade").iri).fields or frozenset()
        assert all(trade <= set(found) for found in fields)
        assert fields


def test_a_damaged_file_is_one_line(small: Path) -> None:
    """A file that is no database, or none at all, is told with what to do, and the next whole build mends it."""
    space = workspace.find(small)
    assert build.build(space).saved
    path = current.generation(space.store_folder) / local.SHEETS
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("UPDATE sheets SET held = 'no sheet'")
    with pytest.raises(DataError, match=r"sheets.db: holds what is no sheet .*; run coopgraph build --full"):
        SheetFile(path).merged(properties.CLAIMS)
    path.write_bytes(b"no database, but long enough to be read as one" * 99)
    with pytest.raises(DataError, match=r"sheets.db: the columns of claims cannot be used .*; run coopgraph build"):
        SheetFile(path)
    path.unlink()
    with pytest.raises(DataError, match=r"sheets.db: the columns of claims cannot be used"):
        SheetFile(path)
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert build.build(space).saved
    with load(small) as graph:
        assert len(graph.claims()) == 2
