"""Worker processes give what one process would, tell what went wrong, and end with the process that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import write_small
from coopgraph.build import batches, build, workers
from coopgraph.claims import workspace
from coopgraph.errors import DataError
from test_changes import held


def _end(code: int, _: str) -> None:
    os._exit(code)


def test_results_come_in_order_and_errors_are_raised() -> None:
    """A map over two processes gives the results of a map, and raises what a task raises."""
    with workers.started(2, 1000) as run:
        assert list(run(divmod, range(1, 21))) == [divmod(1000, each) for each in range(1, 21)]
        with pytest.raises(ZeroDivisionError):
            list(run(divmod, [0]))
        assert list(run(max, [3, 2000])) == [1000, 2000]


def test_a_worker_that_ends_is_told() -> None:
    """A process that is killed is an error of one line, not a wait for ever."""
    with workers.started(1, 3) as run, pytest.raises(DataError, match=r"has ended .*try again"):
        list(run(_end, ["soon"]))


def test_workers_end_with_the_process_that_started_them() -> None:
    """When the process that started them is killed, the workers end by themselves."""
    code = (
        "import time\nfrom coopgraph.build import workers\n"
        "with workers.started(2, 1) as run:\n"
        "    print(list(run(max, [4] * 4)), flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout
    parent.stdout.readline()
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent.pid)], capture_output=True, text=True, check=True)
    children = [int(pid) for pid in listed.stdout.split()]
    assert len(children) == 2
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    end = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in children):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_build_in_processes_is_the_build_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many processes make the same store as one, from nothing and from its predecessor."""
    one, many = write_small(tmp_path / "one"), write_small(tmp_path / "many")
    for root, several in ((one, batches._SEVERAL), (many, 0)):
        monkeypatch.setattr(batches, "_SEVERAL", several)
        monkeypatch.setattr(batches, "_FILES", 1 if several == 0 else batches._FILES)
        assert build.build(workspace.find(root)).saved
        note = root / "graphs" / "note.ttl"
        note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-3"), "utf-8")
        report = build.build(workspace.find(root))
        assert (report.saved, report.renewed) == (True, 1)
    first, second = held(one), held(many)
    assert first[0] == second[0]
    assert first[3] == second[3]
