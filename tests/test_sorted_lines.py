"""Any number of lines comes out in order, in little memory, and leaves nothing behind."""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.errors import DataError
from coopgraph.export.sorted_lines import SortedLines

_LINES = st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=30), max_size=60)


@given(_LINES)
def test_lines_come_out_in_order(lines: list[str]) -> None:
    """Lines are given back sorted by code points, each as often as it came; different ones are counted."""
    with SortedLines() as found:
        for line in lines:
            found.add(line)
        assert list(found) == sorted(lines)
        assert list(found) == sorted(lines)
        assert found.different() == len(set(lines))


def test_many_and_long_lines_stay_whole() -> None:
    """More lines than are handed over at once, and lines longer than any buffer, come out in order."""
    lines = [letter * size for letter in "bac" for size in (1_000_000, 7, 30_000)]
    lines += [f"{number * 7919 % 20_011}" for number in range(20_011)]
    with SortedLines() as found:
        for line in lines:
            found.add(line)
        assert list(found) == sorted(lines)


def fill(lines: Iterable[str]) -> None:
    """Give lines to be sorted, and read them."""
    with SortedLines() as found:
        for line in lines:
            found.add(line)
        assert list(found)


def test_files_have_no_name_and_end_with_the_sort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is to be seen in the folder for temporary files, neither during the sort nor after an interruption."""
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))

    def lines() -> Iterator[str]:
        yield from (f"line {number} {'x' * 1000}" for number in range(40_000))
        assert list(tmp_path.iterdir()) == []
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill(lines())
    assert list(tmp_path.iterdir()) == []


def test_a_full_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the lines cannot be put aside, one line says so and what to do."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(DataError, match=r"^what is sorted cannot be put aside \(.+\); make room .+ TMPDIR$"):
            fill(f"line {number} {'x' * 1000}" for number in range(40_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
