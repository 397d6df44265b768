"""Source texts are found by their names, however the system that they were copied from spells these."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import pytest

from coopgraph.build import build
from coopgraph.claims import workspace
from coopgraph.claims.texts import Texts
from coopgraph.errors import DataError

NAMES = ["r\u00e9sum\u00e9.txt", "Vi\u1ec7t Nam.txt", "\uac01\uc11c.txt", "\u304c\u304e.txt", "\u00c5ngstr\u00f6m.TXT"]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stated", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
def test_a_name_may_be_composed_or_not(small: Path, name: str, stated: str, stored: str) -> None:
    """A text whose name a Mac decomposed is verified as one whose name is as the graph has it, and so the other way."""
    (small / "sources" / "note.txt").rename(small / "sources" / normalize(stored, name))
    note = small / "graphs" / "note.ttl"
    note.write_text(note.read_text("utf-8").replace('"note.txt"', f'"{normalize(stated, name)}"'), "utf-8")
    report = build.check(workspace.find(small))
    assert (report.verified, report.absent) == (2, ())


def test_names_that_differ_in_capitals_are_one_where_there_is_one(tmp_path: Path) -> None:
    """A name with other capitals finds the text, as it does on systems that take the two for the same."""
    (tmp_path / "Note.TXT").write_text("x")
    assert Texts(tmp_path).find("note.txt") == tmp_path / "Note.TXT"
    (tmp_path / "note.txt").write_text("y")
    assert Texts(tmp_path).find("note.txt") == tmp_path / "note.txt"


def test_two_texts_of_one_name_are_told(tmp_path: Path) -> None:
    """Where several files have a name that is spelt like the one that is looked for, none is chosen."""
    for name in ("NOTE.txt", "Note.txt", normalize("NFD", "\u1e69.txt"), "s\u0307\u0323.txt"):
        (tmp_path / name).write_text("x")
    with pytest.raises(DataError, match=r"'NOTE.txt' and 'Note.txt' are both called 'note.txt'; keep one"):
        Texts(tmp_path).find("note.txt")
    with pytest.raises(DataError, match="are both called"):
        Texts(tmp_path).find("\u1e69.txt")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "no.txt", "a\0b", "x" * 300, "/etc/passwd", "../graphs/note.ttl", "\ud800"]
)
def test_what_is_no_text_is_not_found(small: Path, name: str) -> None:
    """Names of folders, of nothing, of other folders' files and of what no system takes are names of no text."""
    (small / "sources" / "pipe").mkdir()
    assert Texts(small / "sources").find(name) is None
    assert Texts(small / "sources").stamp(name) == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (os.mkfifo, "is a pipe, not a file"),
        (os.mkdir, "is a folder, not a file"),
        (lambda path: path.symlink_to(path.name), "symbolic links.*; move what has its name away"),
        (lambda path: path.symlink_to("../graphs"), "is a folder, not a file"),
    ],
)
@pytest.mark.parametrize("name", ["note.txt", "NOTE.TXT"])
def test_what_stands_in_place_of_a_text_is_told(
    small: Path, name: str, make: Callable[[Path], None], told: str
) -> None:
    """What has the name of a text and is none is told by its path, in a first check and in one of a store that is."""
    space = workspace.find(small)
    build.build(space)
    (small / "sources" / "note.txt").unlink()
    make(small / "sources" / name)
    for full in (False, True):
        with pytest.raises(DataError, match=rf"sources/{name}: .*{told}"):
            build.build(space, full=full)


def test_a_link_to_a_text_that_is_elsewhere_is_none(small: Path) -> None:
    """A link that leads nowhere, as tools leave it that keep large files elsewhere, is a text that is not at hand."""
    path = small / "sources" / "note.txt"
    path.unlink()
    path.symlink_to("../annex/note.txt")
    assert build.check(workspace.find(small)).absent == ("source:note",)


def test_settings_name_no_folder_outside(small: Path, tmp_path: Path) -> None:
    """The settings of a workspace, which may come from a stranger, name no folder of texts out of it."""
    settings, elsewhere = small / "coopgraph.toml", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (small / "out").symlink_to(elsewhere)
    former = settings.read_text("utf-8")
    for folder in (str(elsewhere), "../elsewhere", "sources/../../elsewhere", "out", "/"):
        settings.write_text(former.replace('sources = "sources"', f'sources = "{folder}"'))
        with pytest.raises(DataError, match=r"leads out of the workspace; name that folder with --sources"):
            workspace.find(small)


def test_a_text_is_no_link_out_of_the_workspace(small: Path, tmp_path: Path) -> None:
    """A link to a text within the workspace is followed, one out of it is told; who names a folder may name any."""
    text, elsewhere = small / "sources" / "note.txt", tmp_path / "elsewhere"
    elsewhere.mkdir()
    text.rename(elsewhere / "note.txt")
    text.symlink_to(elsewhere / "note.txt")
    with pytest.raises(DataError, match=r"note\.txt: is a link that leads out"):
        build.build(workspace.find(small))
    assert build.build(workspace.find(small), sources=elsewhere).verified == 2
    text.unlink()
    (small / "kept.txt").write_bytes((elsewhere / "note.txt").read_bytes())
    text.symlink_to("../kept.txt")
    assert build.build(workspace.find(small)).verified == 2


def test_an_edit_that_keeps_size_and_time_is_seen(small: Path) -> None:
    """A text or a graph file that was edited and given its former time is read again."""
    for path, old, new in (
        (small / "sources" / "note.txt", "tea", "tin"),
        (small / "graphs" / "note.ttl", "2014", "2013"),
    ):
        first = build.build(workspace.find(small))
        status = path.stat()
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        report = build.build(workspace.find(small))
        assert report.violations + report.renewed > first.violations
        path.write_text(path.read_text("utf-8").replace(new, old), "utf-8")
