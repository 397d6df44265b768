"""The site as files, for the first time and after one source has changed: `python benchmarks/publish.py`.

Both are run by the command line, as anybody would. What is told is the time on the clock, processor time of all
processes together, files, bytes by kind, and how many files the second publication wrote. Its bytes are compared with
those of a first publication of the changed graph, which they have to equal.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import generate

_COMMAND = [sys.executable, "-m", "coopgraph", "-w"]


class Run(NamedTuple):
    """What a command took, in seconds on the clock and of processors, and what it said."""

    clock: float
    processor: float
    told: str


def run(root: Path, *arguments: str) -> Run:
    """Run a command of a workspace and measure it."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    done = subprocess.run([*_COMMAND, str(root), *arguments], check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(perf_counter() - begin, processor, done.stderr)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a site by path, but for the note of what each was made of."""
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {path: content for path, content in files.items() if path != "-/published.json"}


def changed(root: Path) -> None:
    """Change one source: the status of a claim."""
    path = max((root / "graphs").rglob("*.ttl"))
    text, number = re.subn(
        r"coop:status status:realised", "coop:status status:planned", path.read_text("utf-8"), count=1
    )
    if not number:
        raise SystemExit(f"{path}: has no realised claim to change")
    path.write_text(text, "utf-8")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        generate.write(here / "graph", given.triples, seed=1)
        run(here / "graph", "build")
        for number in range(given.rounds):
            _round(here, number)


def _round(here: Path, number: int) -> None:
    first = run(here / "graph", "publish", str(here / "site"))
    print(f"first: {first.clock:.1f} s, {first.processor:.1f} s of processors; {first.told.splitlines()[0]}")
    if not number:
        _sizes(here / "site")
    changed(here / "graph")
    run(here / "graph", "build")
    second = run(here / "graph", "publish", str(here / "site"))
    share, told = second.processor / first.processor, second.told.splitlines()[0]
    print(f"one source changed: {second.clock:.1f} s, {second.processor:.1f} s ({share:.0%}); {told}")
    anew = run(here / "graph", "publish", str(here / "anew"))
    print(f"the same anew: {anew.clock:.1f} s, {anew.processor:.1f} s; same bytes: "
          f"{contents(here / 'site') == contents(here / 'anew')}")  # fmt: skip
    for name in ("site", "anew"):
        shutil.rmtree(here / name)


def _sizes(site: Path) -> None:
    sizes: Counter[str] = Counter()
    for path, content in contents(site).items():
        sizes["".join(Path(path).suffixes[-2:]) if path.endswith(".gz") else Path(path).suffix] += len(content)
    print("bytes: " + ", ".join(f"{kind or 'other'} {size:,}" for kind, size in sizes.most_common(8)))


if __name__ == "__main__":
    main()
