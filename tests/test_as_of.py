"""What held on a date: of a selection, of the network, and of the questions that take one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Run
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import UsageError

DECADE = Path(__file__).parent / "decade"


@pytest.fixture(scope="module")
def decade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the workspace of several years."""
    copy = tmp_path_factory.mktemp("decade") / "decade"
    return Path(shutil.copytree(DECADE, copy, ignore=shutil.ignore_patterns(".coopgraph")))


@pytest.fixture(scope="module")
def graph(decade: Path) -> Iterator[CoopGraph]:
    with load(decade) as opened:
        yield opened


def names(graph: CoopGraph, **selection: str) -> set[str]:
    return {claim.iri.rpartition("/")[2] for claim in graph.claims(**selection)}


@pytest.mark.parametrize(
    ("day", "within", "without"),
    [
        ("2016-01-12", [], ["address-2016-001"]),  # the plan was not out yet
        ("2016-06", ["address-2016-001", "review-2020-011"], ["notice-2017-001", "yearbook-2021-004"]),
        ("2017-04-17", ["notice-2017-001", "yearbook-2021-004"], ["daily-2017-001"]),
        ("2017-04-26", ["daily-2017-001"], ["review-2020-001"]),
        ("2017-05", ["notice-2017-001"], ["daily-2017-001"]),  # the opening was over
        ("2019", ["review-2020-001"], ["review-2020-013"]),
        ("2021", ["review-2020-013"], []),
    ],
)
def test_what_held_on_a_date(graph: CoopGraph, day: str, within: list[str], without: list[str]) -> None:
    """A link counts while its claim says that it held, a plan from when it was told, and what has no date from then."""
    found = names(graph, as_of=day)
    assert set(within) <= found
    assert set(without).isdisjoint(found)


def test_the_network_of_a_date_is_that_of_its_claims(graph: CoopGraph) -> None:
    """The edges of a network as of a date are the claims that held then."""
    edges = {key.rpartition("/")[2] for *_, key in graph.to_networkx(as_of="2016-06").edges(keys=True)}
    assert edges == {name for name in names(graph, as_of="2016-06") if name in edges}
    assert 0 < len(edges) < graph.to_networkx().number_of_edges()


@pytest.mark.parametrize("day", ["2016-13", "16", "June 2016", "2016-02-30", "", "0000"])
def test_what_is_no_date_is_told(graph: CoopGraph, run: Run, decade: Path, day: str) -> None:
    """What is no date is refused in one line, in Python and on the command line."""
    with pytest.raises(UsageError, match="is no date; write one as 2017, 2017-06 or 2017-06-05"):
        graph.claims(as_of=day)
    failed = run("query", "offices-on", "--as-of", day, cwd=decade)
    assert failed.code == 2
    assert "is no date" in failed.error


def test_a_question_is_asked_of_a_date(run: Run, decade: Path) -> None:
    """The option fills in the parameter of a question that takes a date, and one that takes none says so."""
    table = run("query", "offices-on", "--as-of", "2016-06", "-c", "officeLabel,state", "--format", "csv", cwd=decade)
    assert table.out.splitlines() == ["officeLabel,state", "Coast Liaison Unit,there", "Hill Liaison Unit,planned"]
    failed = run("query", "sources", "--as-of", "2016-06", cwd=decade)
    assert (failed.code, "is not asked of a date" in failed.error) == (2, True)
