"""A store that is damaged on the disk never answers wrongly: it is made anew, or the line says what does so."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from random import Random

import pytest

from conftest import Run, write_small
from coopgraph.ask.graph import load
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.store import current, integrity

CLAIMS = "SELECT ?s ?p ?o { ?s ?p ?o }"


def answers(root: Path) -> tuple[object, ...]:
    """Return what a store says to a query, a search and a request for all claims, brought up to date first."""
    with load(root) as graph:
        rows = sorted(str(row) for row in graph.query(CLAIMS))
        return rows, graph.store.search("port", 50), graph.extract(), graph.store.manifest["counts"]


def files(root: Path) -> list[Path]:
    """Return the files of the current generation."""
    return sorted(path for path in current.generation(root / ".coopgraph").rglob("*") if path.is_file())


def damage(path: Path, kind: str, chance: Random) -> None:
    """Damage a file as disks, editors and interrupted copies do; its time of change is kept."""
    content, status = bytearray(path.read_bytes()), path.stat()
    at = chance.randrange(len(content))
    if kind == "missing":
        path.unlink()
        return
    if kind == "flipped":
        content[at] ^= 1 << chance.randrange(8)
    elif kind == "cut":
        del content[at:]
    elif kind == "zeroes":
        content[at : at + 512] = bytes(len(content[at : at + 512]))
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("kind", ["flipped", "cut", "zeroes", "missing"])
def test_whatever_is_damaged_the_answers_are_right(small_built: Path, kind: str) -> None:
    """Each file of a store, of many tables some, is damaged in turn: the next question gives what it gave before."""
    first = answers(small_built)
    chance = Random(kind)
    names = [str(path.relative_to(current.generation(small_built / ".coopgraph"))) for path in files(small_built)]
    tables = [name for name in names if name.endswith(".sst")]
    for name in [*chance.sample(tables, 4), *(name for name in names if name not in tables), "../current"]:
        path = current.generation(small_built / ".coopgraph") / name
        if path.is_file() and path.stat().st_size:  # tables have other names in each generation
            damage(path, kind, chance)
            assert answers(small_built) == first, name


@pytest.mark.thorough
def test_a_damaged_table_is_told_by_the_engine_and_a_build_mends_it(small_built: Path, run: Run) -> None:
    """Where even the stamps of a damaged table are right, a question tells or is right, and what it advises helps."""
    first = answers(small_built)
    chance = Random(0)
    for _ in range(6):
        generation = current.generation(small_built / ".coopgraph")
        table = chance.choice(sorted(path for path in (generation / "db").glob("*.sst") if path.stat().st_size))
        damage(table, "flipped", chance)
        seals = json.loads((generation / "manifest.json").read_text("utf-8"))["files"]
        (generation / "stamps.json").write_text(integrity.stamp(generation, seals))
        asked = run("query", "-", "--format", "csv", cwd=small_built, stdin=CLAIMS)
        assert asked.code == 0 or (asked.code == 3 and asked.error.endswith("run coopgraph build --full"))
        assert run("build", "--full", cwd=small_built).code == 0
        assert answers(small_built) == first


@pytest.mark.sampled(2)
@pytest.mark.parametrize("part", ["texts.db", "sheets.db", "db/CURRENT", "state.json", "inputs.json", "tables"])
def test_a_build_from_a_damaged_store_makes_all_anew(small_built: Path, tmp_path: Path, part: str) -> None:
    """A build after an edit does not hand the damage of its predecessor on."""
    generation = current.generation(small_built / ".coopgraph")
    for path in (generation / "db").glob("*.sst") if part == "tables" else [generation / part]:
        damage(path, "zeroes", Random(2))
    fresh = write_small(tmp_path / "fresh")
    for root in (small_built, fresh):
        note = root / "graphs" / "note.ttl"
        note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-9"), "utf-8")
        assert build.build(workspace.find(root)).saved
    assert answers(small_built) == answers(fresh)


def test_a_copy_of_a_workspace_keeps_its_store(small_built: Path, tmp_path: Path) -> None:
    """A store that was copied is known by its checksums, and after that without reading it."""
    first = answers(small_built)
    copy = Path(shutil.copytree(small_built, tmp_path / "copy"))
    generation = current.generation(copy / ".coopgraph")
    seals = (current.manifest(copy / ".coopgraph") or {})["files"]
    assert seals
    assert not integrity.verify(generation, seals)
    space = workspace.find(copy)
    current.open_store(space.store_folder, space.prefixes).close()
    assert integrity.verify(generation, seals)
    assert answers(copy) == first


def test_a_question_reads_no_checksummed_file_for_its_own_sake(
    small_built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as the stamps are right no checksum is made, also after a build that shares tables with the former."""
    note = small_built / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace("claim:note-2", "claim:note-9"), "utf-8")
    assert build.build(workspace.find(small_built)).renewed == 1
    monkeypatch.setattr(integrity, "_holds", None)
    space = workspace.find(small_built)
    current.open_store(space.store_folder, space.prefixes).close()


def test_all_of_a_store_is_on_the_disk_before_it_becomes_the_current_one(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When `current` is replaced, every file of the generation and the folders about it have been written out."""
    written: set[tuple[int, int]] = set()
    missed: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        sync(descriptor)
        written.add((os.fstat(descriptor).st_dev, os.fstat(descriptor).st_ino))

    def look(path: Path, target: Path) -> Path:
        if target.name == "current":
            generation = target.parent / path.read_text().split()[0]
            names = ("manifest.json", "", "db", "..", *integrity._names(generation))
            status = {name: (generation / name).stat() for name in names} | {"current": path.stat()}
            missed.extend(name for name, each in status.items() if (each.st_dev, each.st_ino) not in written)
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", look)
    assert build.build(workspace.find(small)).saved
    assert missed == []
