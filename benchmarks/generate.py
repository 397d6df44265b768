"""Invented workspaces of any size in the real data model: the same size and seed give the same files.

`python benchmarks/generate.py DIR --triples 1000000 --seed 1` writes coopgraph.toml, graphs/ and texts/. One source is
about 100 claims; degrees follow a power law; nothing in a generated workspace breaks a shape or a rule.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from documents import HEAD, Document, document
from world import BASE, World, describe, triples_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS = f"""title = "An invented graph"
description = "Made by benchmarks/generate.py to measure with; nothing in it is true."
license = "https://creativecommons.org/publicdomain/zero/1.0/"
base = "{BASE}"
"""
_ENTITIES_A_FILE = 2_000


@dataclass(frozen=True)
class Written:
    """What a generated workspace holds: numbers of triples, claims, sources and entities, and bytes of texts."""

    triples: int
    claims: int
    sources: int
    entities: int
    text_bytes: int


def write(folder: Path | str, triples: int, seed: int = 1, *, claims: int = 100, nested: bool = False) -> Written:
    """Write a workspace of about so many triples, with so many claims a source.

    `nested` puts the sources in a sub-folder for each year of issue. The folder must not hold another workspace.
    """
    root = Path(folder)
    (root / "graphs").mkdir(parents=True)
    (root / "texts").mkdir()
    (root / "coopgraph.toml").write_text(_SETTINGS, encoding="utf-8")
    sources = sources_for(triples, claims)
    world = World(sources * claims // 100)
    counted = _write_entities(root / "graphs", world)
    text_bytes = 0
    for made in documents(world, sources, claims, seed):
        graphs = root / "graphs" / str(made.year) if nested else root / "graphs"
        graphs.mkdir(exist_ok=True)
        (graphs / f"{made.slug}.ttl").write_text(made.turtle, encoding="utf-8")
        text_bytes += (root / "texts" / f"{made.slug}.txt").write_bytes(made.text.encode("utf-8"))
        counted += made.triples
    return Written(counted, sources * claims, sources, len(world.labels), text_bytes)


def sources_for(triples: int, claims: int) -> int:
    """Return how many sources make about so many triples, the entities that grow with them included."""
    return max(1, round(triples / (claims * 12.9 + 10)))


def documents(world: World, sources: int, claims: int, seed: int) -> Iterator[Document]:
    """Yield the documents, which among them state each fact of the world once."""
    for number in range(sources):
        yield document(world, number, world.facts[number::sources][: claims // 2], claims, seed)


def _write_entities(folder: Path, world: World) -> int:
    counted = 0
    for name, things in world.kinds():
        for number, first in enumerate(range(0, len(things), _ENTITIES_A_FILE), 1):
            blocks = [describe(thing) for thing in things[first : first + _ENTITIES_A_FILE]]
            (folder / f"{name}-{number:03}.ttl").write_text(HEAD + "".join(blocks), encoding="utf-8")
            counted += sum(map(triples_of, blocks))
    return counted


def main() -> None:
    """Write a workspace and say what is in it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--claims", type=int, default=100, help="claims a source")
    parser.add_argument("--nested", action="store_true", help="put the sources in a sub-folder for each year")
    options = parser.parse_args()
    start = perf_counter()
    written = write(options.folder, options.triples, options.seed, claims=options.claims, nested=options.nested)
    print(
        ", ".join(f"{name} {value:,}" for name, value in asdict(written).items()), f"in {perf_counter() - start:.1f} s"
    )


if __name__ == "__main__":
    main()
