"""The peak memory of a process and of all that it starts."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path


def watched(process: subprocess.Popen[bytes], every: float = 0.2) -> tuple[bytes, bytes, float]:
    """Wait for a process; return its output, its errors and its peak memory in MB, what is shared counted once."""
    peak, done = 0.0, threading.Event()

    def look() -> None:
        nonlocal peak
        while not done.wait(every):
            peak = max(peak, sum(map(_megabytes, _family(process.pid))))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    output, errors = process.communicate()
    done.set()
    watcher.join()
    return output, errors, peak


def _family(pid: int) -> list[int]:
    """Return a process and all its descendants, as far as they still run."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            children = [task.read_text().split() for task in Path(f"/proc/{one}/task").glob("*/children")]
        except OSError:
            continue
        waiting += [int(child) for some in children for child in some]
    return found


def _megabytes(pid: int) -> float:
    """Return the proportional set size of a process, or nothing once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
