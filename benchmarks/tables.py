"""How long tables take: loaded, one changed row renewed and built, and names linked; beside csv with rdflib.

Run `python benchmarks/tables.py --pairs 25917 --rounds 3`. The tables are invented, the same for the same numbers.
Seconds are medians, of the clock and of the processors (those of the command and of all that it starts). The script
beside does without passages, checks, lasting identifiers and linking: it writes triples, as one would by hand.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rdflib import Graph, Literal, Namespace
from rdflib.namespace import SKOS

from coopgraph.claims.model import Entity
from coopgraph.reading.vocabulary import Vocabulary
from coopgraph.tables.linking import Linker
from coopgraph.tables.mapping import EntityEntry
from coopgraph.tables.naming import Name

if TYPE_CHECKING:
    from collections.abc import Callable

MAPPING = """
[table]
file = "pairs.csv"
key = ["one", "other"]
[source]
id = "pairs"
title = "Pairs of towns"
issued = "2020"
[entities.country]
kind = "Country"
name = "country"
new = "all"
[entities.one]
kind = "City"
name = "one"
within = "country"
new = "all"
[entities.other]
kind = "City"
name = "other"
new = "all"
[claims.twin]
subject = "one"
predicate = "twinnedWith"
object = "other"
valid_from = "since"
[claims.part]
subject = "one"
predicate = "partOf"
object = "country"
once = true
"""
HEADER = ("one", "country", "other", "since")
SYLLABLES = re.findall(r"\w+", "ba ber dor el fur gar hal in kon lu mar nor os pel rin sta tor ul ven wal")
NAMESPACE = Namespace("https://example.org/")


def town(number: int) -> str:
    """Return the invented name of a town, a different one for each number."""
    name, left = "", number + 8_000
    while left:
        left, at = divmod(left, len(SYLLABLES))
        name += SYLLABLES[at]
    return name.capitalize()


def pairs(number: int) -> list[tuple[str, ...]]:
    """Return so many pairs of towns, in one of 100 countries."""
    chance, made = random.Random(1), dict[tuple[str, str], tuple[str, ...]]()
    while len(made) < number:
        one, other = (chance.randrange(number // 2) for _ in range(2))
        if one != other:
            made[town(one), town(other)] = (town(one), f"Country {one % 100}", town(other), str(1950 + one % 70))
    return list(made.values())


def write(root: Path, rows: list[tuple[str, ...]]) -> None:
    """Write the table."""
    with (root / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processors that work takes, its processes with it."""
    before, start = os.times(), time.perf_counter()
    work()
    after = os.times()
    return time.perf_counter() - start, sum(after[:4]) - sum(before[:4])


def command(root: Path, *words: str) -> None:
    """Run coopgraph as people do."""
    subprocess.run([sys.executable, "-m", "coopgraph", *words], cwd=root, check=True, capture_output=True)


def load(root: Path) -> None:
    """Load the table."""
    command(root, "table", "pairs.toml")


def workspace(root: Path, rows: list[tuple[str, ...]]) -> Path:
    """Make a workspace with a table and its mapping."""
    (root / "graphs").mkdir(parents=True)
    (root / "coopgraph.toml").write_text('title = "Towns"\nsources = "texts"\n', "utf-8")
    (root / "pairs.toml").write_text(MAPPING, "utf-8")
    write(root, rows)
    return root


def plain(root: Path) -> None:
    """Write the triples of a table with csv and rdflib."""
    graph = Graph()
    with (root / "pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one, other, country = (NAMESPACE[row[name].replace(" ", "-")] for name in ("one", "other", "country"))
            graph.add((one, NAMESPACE.twinnedWith, other))
            graph.add((one, NAMESPACE.partOf, country))
            for iri, name in ((one, row["one"]), (other, row["other"]), (country, row["country"])):
                graph.add((iri, SKOS.prefLabel, Literal(name)))
    graph.serialize(root / "plain.ttl", "turtle")


def link(names: int, things: int) -> Callable[[], object]:
    """Return what links so many names, half of them written wrongly, against so many things."""
    known = {f"x:{at}": Entity(f"x:{at}", "City", "Place", {"en": town(at)}) for at in range(things)}
    words = Vocabulary(known, {"City": frozenset(("City", "Place"))}, {}, {})
    wrong = {Name("City", town(at * 3) + ("a" if at % 2 else "")): EntityEntry("City", "one") for at in range(names)}
    return lambda: Linker(words, (), {}).link(wrong, {})


def told(what: str, runs: list[tuple[float, float]]) -> None:
    """Print the medians of some runs."""
    clock, processor = (median(each) for each in zip(*runs, strict=True))
    print(f"{what:<44} {clock:8.2f} s {processor:8.2f} CPU s", flush=True)


def main() -> None:
    """Measure, and print a line for each task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=25_917)
    parser.add_argument("--renewed", type=int, default=5_466, help="rows of the table of which one changes")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    linking = link(5_000, 30_000)
    told("link 5,000 names against 30,000", [timed(linking) for _ in range(given.rounds)])
    rows = pairs(given.pairs)
    with tempfile.TemporaryDirectory() as folder:
        roots = [workspace(Path(folder) / str(at), rows) for at in range(given.rounds)]
        told(f"csv and rdflib, {given.pairs:,} rows", [timed(lambda root=root: plain(root)) for root in roots])
        told(f"coopgraph table, {given.pairs:,} rows", [timed(lambda root=root: load(root)) for root in roots])
        root = workspace(Path(folder) / "renewed", few := pairs(given.renewed))
        load(root)
        command(root, "build")  # the store is up to date where renewal begins
        renewals, builds = [], []
        for at in range(given.rounds):
            few[at * 7] = (*few[at * 7][:3], "1949")
            write(root, few)
            renewals.append(timed(lambda: load(root)))
            builds.append(timed(lambda: command(root, "build")))
        told(f"coopgraph table, 1 row of {given.renewed:,} changed", renewals)
        told("coopgraph build, after that", builds)


if __name__ == "__main__":
    main()
