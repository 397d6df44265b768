"""The peak memory of a process and of all that it starts."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator


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


def _family(pid: int) -> set[int]:
    """Return a process and all its descendants, as far as they still run."""
    found, parents = {pid}, dict(_parents())
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _parents() -> Iterator[tuple[int, int]]:
    """Yield the number of each process and that of its parent."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield int(path.parent.name), int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue


def _megabytes(pid: int) -> float:
    """Return the proportional set size of a process, or nothing once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)
