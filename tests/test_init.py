"""A new workspace runs at once, and a folder with anything in it is left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from conftest import Run
from coopgraph.claims import new_workspace, workspace
from coopgraph.errors import DataError
from coopgraph.reading.review import Session


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_workspace_runs_at_once(tmp_path: Path, run: Run) -> None:
    """It is checked without a warning, its passages are verified, it can be asked, and a document can be read."""
    made = run("init", "mine", cwd=tmp_path)
    assert (made.code, made.out) == (0, "")
    checked = run("check", "--strict", "-w", "mine", cwd=tmp_path)
    assert (checked.code, checked.out, "not verified" in checked.err) == (0, "", False)
    assert run("format", "--check", "-w", "mine", cwd=tmp_path).code == 0
    assert "Eastland" in run("query", "partners", "-p", "place=Northport", cwd=tmp_path / "mine").out
    ignored = (tmp_path / "mine" / ".gitignore").read_text().splitlines()
    assert {"texts/", "proposals/", ".coopgraph/"} <= set(ignored)
    (tmp_path / "note.txt").write_text("Northport cooperates with Eastland.\n")
    assert run("read", "note.txt", "-w", "mine", cwd=tmp_path).code == 0


@pytest.mark.parametrize("name", ["mine", "a/b c", "港口", 'x"y\\z', "-x", "{title}", "x\ny"])
def test_a_folder_may_be_called_anything(name: str, tmp_path: Path, run: Run) -> None:
    """The name of the folder becomes the title, whatever characters it has; folders above it are made."""
    made = run("init", "--", name, cwd=tmp_path)
    assert made.code == 0
    settings = tomllib.loads((tmp_path / name / "coopgraph.toml").read_text("utf-8"))
    assert settings["title"] == Path(name).name


def test_an_empty_folder_and_a_repository_without_files_will_do(tmp_path: Path, run: Run) -> None:
    """An empty folder, the current one too, and one that git has made take a workspace."""
    (tmp_path / "one").mkdir()
    assert run("init", ".", cwd=tmp_path / "one").code == 0
    (tmp_path / "two" / ".git").mkdir(parents=True)
    assert run("init", tmp_path / "two").code == 0


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path, run: Run) -> None:
    """Nothing is written into a folder with a file, hidden ones too, nor over a file; the line says what is there."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".env").write_text("x")
    refused = run("init", "full", cwd=tmp_path)
    assert (refused.code, refused.error) == (2, "full: is not empty (it has .env); name a new or an empty folder")
    assert contents(tmp_path / "full") == {".env": b"x"}
    assert run("init", "full/.env", cwd=tmp_path).code == 2
    assert run("init", "full/.env/x", cwd=tmp_path).code == 3
    assert run("init", "mine", cwd=tmp_path).code == 0
    before = contents(tmp_path / "mine")
    assert run("init", "mine", cwd=tmp_path).code == 2
    assert contents(tmp_path / "mine") == before


def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full in the middle, what was written is gone, and so is a folder that was made for it."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new_workspace.shutil, "copyfile", full)
    monkeypatch.setattr(new_workspace.shutil, "copytree", full)
    with pytest.raises(DataError, match="mine: cannot be written"):
        new_workspace.create(tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []


def test_every_line_of_the_readme_works(tmp_path: Path, run: Run) -> None:
    """A newcomer who pastes the README's commands one after the other has the example's claims in her graph."""
    assert run("init", "mine", cwd=tmp_path).code == 0
    mine = tmp_path / "mine"
    lines = [line.partition("#")[0].split() for line in (mine / "README.md").read_text().splitlines()]
    commands = [words[1:] for words in lines if words[:1] == ["coopgraph"]]
    assert [words[0] for words in commands] == ["check", "query", "view", "read", "review", "accept"]
    for words in commands[:4]:
        assert run(*words, cwd=mine).code == 0
    asked = run("review", cwd=mine)
    assert (asked.code, asked.error) == (2, "review asks a person, at a terminal; --web asks in a browser")
    one = Session(workspace.find(mine), "release", "ann")
    while one.review.open:
        one.act("accept", one.review.open[0])
    accepted = run("accept", cwd=mine)
    assert (accepted.code, "3 new claims" in accepted.err) == (0, True), accepted.err
    assert run("check", cwd=mine).code == 0
    for command in ("review", "accept"):
        other = run(command, "--web" if command == "review" else "--dry-run", cwd=_with_another_source(mine))
        assert (other.code, other.error) == (2, "several sources have proposals; name one: note, release")


def _with_another_source(mine: Path) -> Path:
    (mine / "proposals" / "note.jsonl").touch()
    return mine
