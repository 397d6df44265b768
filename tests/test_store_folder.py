"""The folder of a store: of a stranger's workspace nothing is removed, read or written but what a store consists of."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from conftest import Run
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.errors import DataError
from coopgraph.store import current, generations
from coopgraph.store import folder as store_folder

ASK = ("query", "classes", "--format", "csv")
GENERATION = "18ec8b0ed204cb10"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder of somebody else's, with folders and files that a careless sweep would take for a store's."""
    root = tmp_path / "victim"
    for name in ("photos/one.jpg", f"{GENERATION}/db/CURRENT", f"{GENERATION}/letter.txt", "current.12.new", "current"):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"precious {name}")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "command", [ASK, ("build",), ("build", "--full"), ("search", "port"), ("export", "-o", "x.ttl")]
)
def test_a_store_folder_that_is_a_link_is_refused(
    small: Path, victim: Path, run: Run, command: tuple[str, ...]
) -> None:
    """A link in place of the store's folder is told in one line, and what it leads to stays as it was."""
    before = contents(victim)
    (small / ".coopgraph").symlink_to(victim)
    refused = run(*command, cwd=small)
    assert (refused.code, refused.out) == (3, "")
    assert ".coopgraph: is a link" in refused.error
    assert contents(victim) == before


@pytest.mark.parametrize("target", ["nowhere", ".coopgraph", "/dev/null", "coopgraph.toml", "graphs", "."])
def test_a_link_that_leads_to_no_folder_of_ours_is_refused(small: Path, run: Run, target: str) -> None:
    """A link that leads nowhere, in a circle, to a device or file, or into the workspace is a link too."""
    (small / ".coopgraph").symlink_to(target)
    before = contents(small)
    refused = run("build", cwd=small)
    assert refused.code == 3
    assert ".coopgraph: is a link" in refused.error
    assert contents(small) == before


def test_a_folder_of_another_kind_is_refused(small: Path, victim: Path, run: Run) -> None:
    """A folder of that name which holds what no store does is told in one line, and stays as it was."""
    shutil.copytree(victim, small / ".coopgraph")
    refused = run(*ASK, cwd=small)
    assert (refused.code, refused.out) == (3, "")
    assert "holds what is no store of coopgraph; move it away" in refused.error
    assert contents(small / ".coopgraph") == contents(victim)


def test_a_link_to_a_store_of_another_workspace_is_refused(small: Path, tiny: Path, run: Run) -> None:
    """Not even a store is cleared or read through a link: it is another workspace's."""
    assert run("build", cwd=tiny).code == 0
    before = contents(tiny / ".coopgraph")
    (small / ".coopgraph").symlink_to(tiny / ".coopgraph")
    assert ".coopgraph: is a link" in run(*ASK, cwd=small).error
    assert contents(tiny / ".coopgraph") == before


def test_a_check_needs_no_store_and_touches_none(small: Path, victim: Path, run: Run) -> None:
    """A check works aside where the store's folder is a link, and leaves what it leads to alone."""
    before = contents(victim)
    (small / ".coopgraph").symlink_to(victim)
    assert run("check", cwd=small).code == 0
    assert contents(victim) == before


def test_a_sweep_removes_only_what_builds_make(small: Path, victim: Path) -> None:
    """Names that no build makes, links among them, stay, and so does what they lead to."""
    space = workspace.find(small)
    assert build.build(space).saved
    folder, before = small / ".coopgraph", contents(victim)
    links = {folder / GENERATION: victim, folder / "current.99.new": victim / "current", folder / "mine": victim}
    for link, target in links.items():
        link.symlink_to(target)
    kept = {folder / "notes.txt", folder / "more" / "x", folder / "00000000000000aa" / "letter.txt"}
    swept = folder / "00000000000000aa" / "manifest.json"
    for path in (*kept, swept, folder / "00000000000000ab" / "in-use"):
        path.parent.mkdir(exist_ok=True)
        path.write_text("precious")
    (folder / "00000000000000aa" / "db").symlink_to(victim)
    assert build.build(space).saved
    assert contents(victim) == before
    assert (folder / GENERATION).is_symlink()
    assert all(path.read_text() == "precious" for path in kept)
    assert not swept.exists()
    assert not (folder / "00000000000000ab").exists()
    assert (folder / "mine").is_symlink()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["../../victim", "/tmp", ".", "..", "", "18ec8b0ed204cb1", "x" * 5000, "\0", "港"])
def test_a_current_generation_is_a_folder_of_the_store(small_built: Path, victim: Path, run: Run, name: str) -> None:
    """Whatever `current` names, no store is read from elsewhere: it is built anew."""
    before = contents(victim)
    (small_built / ".coopgraph" / "current").write_text(name, "utf-8")
    asked = run(*ASK, cwd=small_built)
    assert (asked.code, asked.err) == (0, "")
    assert contents(victim) == before


def test_a_current_generation_that_is_a_link_is_not_read(small: Path, tiny: Path, run: Run) -> None:
    """A generation, or the database of one, that is a link to another store is not read but built anew."""
    for root in (small, tiny):
        assert run("build", cwd=root).code == 0
    first = run(*ASK, cwd=small).out
    for part in ("", "db", "texts.db", "manifest.json"):
        here, there = (current.generation(root / ".coopgraph") / part for root in (small, tiny))
        if here.is_dir():
            shutil.rmtree(here)
        else:
            here.unlink()
        here.symlink_to(there)
        asked = run(*ASK, cwd=small)
        assert (asked.code, asked.out) == (0, first), part
        assert run("search", "Eastport", "--format", "csv", cwd=small).code == 0
    assert current.generation(tiny / ".coopgraph").is_dir()


@pytest.mark.parametrize("name", ["lock", "current", ".gitignore", "coopgraph-store"])
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_files_of_the_store_folder_are_files(small_built: Path, victim: Path, run: Run, name: str, kind: str) -> None:
    """A link, pipe or folder in place of a file of ours is replaced or told in one line, without end or harm."""
    before = contents(victim)
    path = small_built / ".coopgraph" / name
    path.unlink()
    if kind == "link":
        path.symlink_to(victim / "photos" / "one.jpg")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    for command in (ASK, ("build",)):
        done = run(*command, cwd=small_built)
        assert done.code in (0, 3)
        assert len(done.err.splitlines()) <= 1 or done.code == 0
        if name in ("lock", "current") and command == ("build",):
            assert done.error == f"{path}: is a {kind}, not a file; move it away, then build again"
    assert contents(victim) == before


def test_what_lies_where_a_file_is_written_aside_is_not_followed(tmp_path: Path) -> None:
    """A link that has the name under which a file is written aside is replaced, and what it leads to stays."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / f"current.{os.getpid()}.new").symlink_to(victim)
    current.write_aside(tmp_path / "current", "ours")
    assert ((tmp_path / "current").read_text(), victim.read_text()) == ("ours", "precious")


def test_a_folder_that_is_exchanged_meanwhile_is_not_swept(small: Path, victim: Path) -> None:
    """A sweep looks names up in the folder that was opened, even when a link takes its place."""
    space = workspace.find(small)
    assert build.build(space).saved
    folder, before = small / ".coopgraph", contents(victim)
    (folder / "00000000000000ab").mkdir()
    with store_folder.opened(folder) as opened:
        folder.rename(small / "moved")
        folder.symlink_to(victim)
        store_folder.sweep(opened, None)
    assert contents(victim) == before
    assert not (small / "moved" / "00000000000000ab").exists()


def test_a_store_of_the_time_before_markers_is_taken_over(small: Path) -> None:
    """A folder with only names that stores have is ours: what is in it is made anew, and it is marked."""
    space = workspace.find(small)
    assert build.build(space).saved
    (small / ".coopgraph" / store_folder.MARKER).unlink()
    with pytest.raises(DataError, match="there is no store yet"):
        current.open_store(space.store_folder, space.prefixes)
    assert build.build(space).saved
    assert (small / ".coopgraph" / store_folder.MARKER).is_file()
    assert len([path for path in (small / ".coopgraph").iterdir() if path.is_dir()]) == 1


def test_a_linked_store_in_the_cache_is_refused(small: Path, victim: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder in the user's cache, where read-only workspaces have their store, may be no link either."""
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != small)
    space = workspace.find(small)
    assert "cache" in str(space.store_folder)
    space.store_folder.parent.mkdir(parents=True, exist_ok=True)
    space.store_folder.symlink_to(victim)
    before = contents(victim)
    with pytest.raises(DataError, match="is a link"):
        build.build(space)
    assert contents(victim) == before


def test_a_store_folder_is_marked_and_ignored(small: Path) -> None:
    """A new folder says whose it is, and version control passes it over."""
    with generations.building(small / ".coopgraph", {}):
        assert "coopgraph" in (small / ".coopgraph" / store_folder.MARKER).read_text()
        assert (small / ".coopgraph" / ".gitignore").read_text() == "*\n"
