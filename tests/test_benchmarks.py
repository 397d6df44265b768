"""The generator of large workspaces makes graphs in the real data model."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from coopgraph.ask.graph import CoopGraph
from coopgraph.build import build
from coopgraph.claims.workspace import find
from coopgraph.store.interface import Solutions

ROOT = Path(__file__).parents[1]


def test_generated_workspaces_break_no_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A generated workspace has no findings, and every passage stands in its generated text."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import generate

    generate.write(tmp_path / "made", 3000, seed=1)
    report = build.check(find(tmp_path / "made"), sources=tmp_path / "made" / "texts")
    assert report.findings == ()
    assert report.absent == ()
    assert report.triples > 2000
    assert report.verified > 0


def test_the_same_seed_gives_the_same_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workspaces of one seed are the same, file for file."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import generate

    for name in ("one", "two"):
        generate.write(tmp_path / name, 2000, seed=7)
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two


@pytest.mark.thorough
def test_the_benchmark_measures_every_figure_and_makes_its_page(tmp_path: Path) -> None:
    """One run, of a small graph, has a number for each figure that needs no other engine; page and plot show them."""
    results, page = tmp_path / "results.json", tmp_path / "page.md"
    options = ["--sizes", "700", "--rounds", "1", "--engines", "coopgraph", "pyoxigraph"]
    done = bench("bench.py", *options, "--only", "tasks", "questions", "--results", str(results))
    assert "failed" not in done.stderr
    (at,) = json.loads(results.read_text("utf-8"))["sizes"]
    assert all(all(number is not None for number in task.values()) and task for task in at["tasks"].values())
    for answers in at["questions"].values():
        assert answers["coopgraph"]["rows"] == answers["pyoxigraph"]["rows"]
    bench("bench.py", *options, "--only", "processes", "--add", "--results", str(results))
    (added,) = json.loads(results.read_text("utf-8"))["sizes"]
    assert added["questions"] == at["questions"]
    assert set(added["processes"]) >= {"query", "bare query"}
    bench("bench.py", "--report", str(page), "--results", str(results))
    figures = ("whole build", "rebuild", "pair with passages", "sorted Turtle", "`to_networkx`", "`check --sources`")
    assert all(f"| {figure}" in page.read_text("utf-8") for figure in figures)
    assert ET.parse(page.with_suffix(".svg")).getroot().tag.endswith("svg")


@pytest.mark.thorough
def test_the_benchmark_of_servers_has_a_row_for_each_goal() -> None:
    """Pushes, questions and the network are measured against Oxigraph's server, and each row says what came out."""
    lines = bench("server.py", "--triples", "700", "--rounds", "1").stdout.splitlines()
    figures = [line.split("|")[1].split() for line in lines[2:]]
    assert [figure[0] for figure in figures if figure[1:2] != ["questions,"]] == ["push", "push", "`to_networkx`"]
    assert int(figures[2][0]) > 30


def bench(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a benchmark."""
    command = [sys.executable, str(ROOT / "benchmarks" / name), *options]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def test_plain_forms_are_of_questions_and_find_something(tiny_graph: CoopGraph) -> None:
    """Each plain form is that of a question of the library, and has rows of the tiny graph."""
    for path in (ROOT / "benchmarks" / "plain").glob("*.rq"):
        assert (ROOT / "queries" / path.name).exists()
        answer = tiny_graph.store.query(path.read_text("utf-8"))
        assert isinstance(answer, Solutions)
        assert next(answer, None) is not None, path.name
