"""Sorting: any number of lines comes out in order, in little memory, and leaves nothing behind."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.errors import DataError
from coopgraph.export.sorting import Sorter

_LINES = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30), max_size=60)


@given(_LINES, st.integers(0, 80))
def test_lines_come_out_in_order_whatever_fits_into_memory(lines: list[str], in_memory: int) -> None:
    """Lines are given back sorted by code points, each as often as it came, and so again."""
    with Sorter(in_memory) as sorter:
        for line in lines:
            sorter.add(line)
        assert list(sorter) == sorted(lines)
        assert list(sorter) == sorted(lines)


def test_lines_longer_than_what_is_read_at_once_stay_whole() -> None:
    """A line may be longer than any buffer."""
    lines = [letter * size for letter in "bac" for size in (100_000, 7, 30_000)]
    with Sorter(1000) as sorter:
        for line in lines:
            sorter.add(line)
        assert list(sorter) == sorted(lines)


def fill(in_memory: int, lines: Iterable[str]) -> None:
    """Give lines to a sorter."""
    with Sorter(in_memory) as sorter:
        for line in lines:
            sorter.add(line)


def test_runs_have_no_name_and_end_with_the_sorter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is to be seen in the folder for temporary files, neither during the sort nor after an interruption."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def lines() -> Iterator[str]:
        yield from map("line {}".format, range(1000))
        assert list(tmp_path.iterdir()) == []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(10, lines())
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the runs cannot be written, one line says where and what to do."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(DataError, match=rf"^{tmp_path}: .+ \(File too large\); make room, or .+ TMPDIR$"):
            fill(1000, map("line {}".format, range(100_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(DataError, match="No such file or directory"):
        fill(0, ["line"])
