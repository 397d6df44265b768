"""A question goes to the workspace's own store, or to the server that an argument, the environment or settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopgraph.ask import opening
from coopgraph.claims import workspace
from coopgraph.errors import CoopgraphError, DataError

NOWHERE = "http://nowhere.invalid/query"


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(workspace.STORE, raising=False)


def test_without_a_server_the_store_is_made_and_brought_up_to_date(small: Path) -> None:
    """The first question makes the store, and the next one after an edit sees the edit."""
    with opening.open_store(workspace.find(small)) as store:
        assert store.address is None
        assert store.labelled("Eastport")
    places = small / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8").replace("Eastport", "Newport"), "utf-8")
    with opening.open_store(workspace.find(small)) as store:
        assert store.labelled("Newport")
        assert not store.labelled("Eastport")


def test_files_that_cannot_be_used_leave_the_former_store_and_a_line(small_built: Path) -> None:
    """With a store at hand, broken files are told in one line, and the former store answers."""
    places = small_built / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8") + "place:x place:y", "utf-8")
    lines: list[str] = []
    with opening.open_store(workspace.find(small_built), tell=lines.append) as store:
        assert store.labelled("Eastport")
    assert len(lines) == 1
    assert "places.ttl" in lines[0]


def test_a_workspace_that_never_had_a_store_needs_files_that_can_be_used(small: Path) -> None:
    """Without a former store, broken files are an error."""
    (small / "graphs" / "places.ttl").write_text("place:x place:y", "utf-8")
    with pytest.raises(DataError, match=r"places\.ttl"):
        opening.open_store(workspace.find(small))


@pytest.mark.parametrize("by", ["argument", "environment"])
def test_a_server_that_is_named_is_asked_instead(small: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    """An address that a person names goes before the store on this machine, and what is wrong with it is told."""
    if by == "environment":
        monkeypatch.setenv(workspace.STORE, NOWHERE)
    with (
        pytest.raises(CoopgraphError, match=r"nowhere\.invalid"),
        opening.open_store(workspace.find(small), NOWHERE if by == "argument" else None) as store,
    ):
        store.graphs()
