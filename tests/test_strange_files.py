"""What stands in place of a workspace's files: links out of it, pipes, devices, sockets, floods. One line, and soon."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Run
from coopgraph import files
from coopgraph.ask import questions
from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.errors import CoopgraphError, DataError

SECRET = "topsecret"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder outside of the workspace, with files of every kind that a workspace has."""
    folder = tmp_path / "elsewhere"
    (folder / "deep").mkdir(parents=True)
    for name in ("secret", "x.ttl", "x.rq", "deep/x.ttl", "shapes.ttl", "note.txt"):
        (folder / name).write_text(f"{SECRET}\n")
    return folder


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    """End a test that reads without end."""

    def ended(*_: object) -> None:
        raise AssertionError("this goes on for ever")

    former = signal.signal(signal.SIGALRM, ended)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, former)


def _socket(path: Path, _: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(path.parent)  # the path of a socket must be short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.fchdir(here)
        os.close(here)


def _flood(path: Path, _: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 40)


def _hops(path: Path, elsewhere: Path) -> None:
    (path.parent / "hop").symlink_to(elsewhere / "secret")
    path.symlink_to("hop")


KINDS: dict[str, Callable[[Path, Path], object]] = {
    "link out": lambda path, elsewhere: path.symlink_to(elsewhere / "secret"),
    "relative link out": lambda path, elsewhere: path.symlink_to(os.path.relpath(elsewhere / "secret", path.parent)),
    "two links out": _hops,
    "device": lambda path, _: path.symlink_to("/dev/zero"),
    "system file": lambda path, _: path.symlink_to("/proc/self/environ"),
    "pipe": lambda path, _: os.mkfifo(path),
    "socket": _socket,
    "circle": lambda path, _: path.symlink_to(path.name),
    "folder": lambda path, _: path.mkdir(),
    "flood": _flood,
}


def _build(root: Path) -> object:
    return build.check(workspace.find(root))


def _all(root: Path) -> object:
    return _build(root), questions.library(workspace.find(root))


def _found_from_within(root: Path) -> object:
    with contextlib.chdir(root / "graphs"):
        return workspace.find()


PLACES: list[tuple[str, Callable[[Path], object]]] = [
    ("graphs/x.ttl", _build),
    ("graphs/deep/x.NT", _build),
    ("ontology/x.ttl", _build),
    ("ontology/shapes.ttl", _build),
    ("queries/checks/x.rq", _build),
    ("queries/derive/x.rq", _build),
    ("queries/x.rq", lambda root: questions.find(workspace.find(root), "x")),
    ("queries/x.rq", lambda root: questions.library(workspace.find(root))),
    ("coopgraph.toml", workspace.find),
    ("coopgraph.toml", _found_from_within),
    ("sources/note.txt", _build),
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("place", "use"), PLACES, ids=lambda each: each if isinstance(each, str) else "")
def test_what_is_no_file_of_the_workspace_is_told(
    small: Path, elsewhere: Path, place: str, use: Callable[[Path], object]
) -> None:
    """In every place where a workspace has files each kind is one line, with not a word of what stands elsewhere."""
    path = small / place
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = path.read_bytes() if path.exists() else b""
    for kind, make in KINDS.items():
        path.unlink(missing_ok=True)
        make(path, elsewhere)
        with pytest.raises(CoopgraphError) as told:
            use(small)
        assert path.name in str(told.value), kind
        assert SECRET not in str(told.value)
        assert "\n" not in str(told.value)
        for each in (path, path.parent / "hop"):
            if each.is_dir() and not each.is_symlink():
                each.rmdir()
            each.unlink(missing_ok=True)
    if kept:
        path.write_bytes(kept)


@pytest.mark.parametrize("folder", ["graphs", "sources", "ontology", "queries", "queries/checks", "queries/derive"])
@pytest.mark.parametrize("kind", ["pipe", "circle", "file"])
def test_what_is_no_folder_of_the_workspace_is_told(small: Path, elsewhere: Path, folder: str, kind: str) -> None:
    """A pipe, a file or a link to itself in place of a folder is one line that names it."""
    path = small / folder
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(path, ignore_errors=True)
    (KINDS | {"file": lambda path, _: path.write_text("")})[kind](path, elsewhere)
    with pytest.raises(DataError, match=rf"/{folder}.*: (is no folder|cannot be read .*); move .* away"):
        _all(small)


@pytest.mark.parametrize("folder", ["graphs", "graphs/more", "ontology", "queries", "queries/checks", "queries/derive"])
@pytest.mark.parametrize("target", ["elsewhere", "/", "/dev", ".."])
def test_folders_that_lead_out_are_refused(small: Path, elsewhere: Path, folder: str, target: str) -> None:
    """A folder of a workspace that is a link out of it is told before anything in it is looked at."""
    path = small / folder
    if path.exists():
        path.rename(small / "former")
    path.parent.mkdir(exist_ok=True)
    path.symlink_to({"elsewhere": elsewhere, "..": small.parent}.get(target, target))
    with pytest.raises(
        DataError, match=rf"{folder}(/checks|/derive)?: (is a link that leads out of|there is no such folder)"
    ) as told:
        _all(small)
    assert SECRET not in str(told.value)


def test_a_story_that_leads_out_is_refused(small: Path, elsewhere: Path, run: Run) -> None:
    """A story of the workspace is a file of it."""
    (small / "story.toml").symlink_to(elsewhere / "secret")
    refused = run("view", "-o", "page.html", cwd=small)
    assert refused.code == 3
    assert "story.toml: is a link that leads out" in refused.error
    assert SECRET not in refused.err


def test_hard_links_and_links_within_are_files(small: Path, elsewhere: Path) -> None:
    """A hard link is a file like any other, and a link to a file of the workspace is read as that file."""
    note = small / "graphs" / "note.ttl"
    os.link(note, small / "kept.ttl")
    note.unlink()
    os.link(small / "kept.ttl", note)
    (small / "graphs" / "places.ttl").rename(small / "kept-places.ttl")
    (small / "graphs" / "places.ttl").symlink_to("../kept-places.ttl")
    assert build.build(workspace.find(small)).files == 2


def test_the_former_store_answers_while_a_file_is_none(small_built: Path, run: Run) -> None:
    """Where something strange turns up among the files, the former store answers, and the line says what it is."""
    (small_built / "graphs" / "x.ttl").symlink_to("/dev/zero")
    asked = run("query", "classes", "--format", "csv", cwd=small_built)
    assert asked.code == 0
    assert "graphs/x.ttl: is a link that leads out" in asked.err
    assert "answering from the store of" in asked.err


def test_a_file_has_a_largest_size(tmp_path: Path) -> None:
    """A file of just the size that is allowed is read, one byte more is told in one line."""
    path = tmp_path / "x"
    path.write_bytes(b"x" * (2 << 20))
    assert len(files.read(path, most=2 << 20)) == 2 << 20
    with pytest.raises(DataError, match=r"x: is larger than 1 MB; make several files of it, or take it away"):
        files.read_short(path)
