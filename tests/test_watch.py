"""The watch on a query: it ends the process in time, cleans up, and leaves a quick block alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

STUCK = """
import sys, time
from coopgraph.files import text_to
from coopgraph.cli.watch import watched
with watched(float(sys.argv[1])), text_to(sys.argv[2]) as out:
    out.write("half")
    out.flush()
    print("started", flush=True)
    {wait}
"""
DEAF = """
    import pyoxigraph as ox
    store = ox.Store()
    store.extend(ox.Quad(*[ox.NamedNode(f"http://x/{i}")] * 3) for i in range(500))
    list(store.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
"""


def start(seconds: float, target: Path, wait: str) -> subprocess.Popen[bytes]:
    """Start a watched block and return its process when it is in the block."""
    command = [sys.executable, "-c", STUCK.replace("{wait}", wait), str(seconds), str(target)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"started\n"
    return process


@pytest.mark.parametrize("wait", ["time.sleep(60)", DEAF])
def test_time_ends_a_process_that_hears_nothing(tmp_path: Path, wait: str) -> None:
    """When the time is over the process ends with 4 and one line, and the half-written file is gone."""
    begun = time.monotonic()
    process = start(0.5, tmp_path / "out", wait)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (4, b"")
    assert err == b"coopgraph: the query ran longer than 0.5 s and was stopped; narrow it or raise --timeout\n"
    assert time.monotonic() - begun < 5
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_a_process_that_hears_nothing(tmp_path: Path) -> None:
    """Ctrl-C ends a process that is in the engine with 130 and one line, and the half-written file is gone."""
    process = start(60, tmp_path / "out", DEAF)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert err == b"coopgraph: interrupted\n"
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_that_python_hears_is_python_s(tmp_path: Path) -> None:
    """A block that Python itself can interrupt is interrupted, and its file is gone."""
    process = start(60, tmp_path / "out", "time.sleep(60)")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert b"KeyboardInterrupt" in err
    assert list(tmp_path.iterdir()) == []


def test_a_quick_block_is_left_alone(tmp_path: Path) -> None:
    """A block that ends in time is not touched, an error in it comes through, and nothing runs on afterwards."""
    code = (
        "import signal, threading\nfrom coopgraph.cli.watch import watched\n"
        "for _ in range(50):\n    with watched(60): pass\n"
        "try:\n    with watched(60): raise ValueError\nexcept ValueError: print('came through')\n"
        "print(threading.active_count(), signal.set_wakeup_fd(-1))"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, check=True)
    assert done.stdout == b"came through\n1 -1\n"
    assert done.stderr == b""
