"""The generator of large workspaces makes graphs in the real data model."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopgraph import build
from coopgraph.workspace import find

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
