"""Files that data is written to: whole or not at all, and nothing left lying about."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from coopgraph.errors import DataError
from coopgraph.files import read, remedy, text_to


def test_a_file_appears_whole(tmp_path: Path) -> None:
    """Until all is written nothing stands under the name; then all does, to the letter, and nothing else is there."""
    path = tmp_path / "out.txt"
    with text_to(path) as out:
        out.write("香\r\n🚢\n")
        assert not path.exists()
    assert path.read_bytes() == "香\r\n🚢\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_a_failure_leaves_what_was_there(tmp_path: Path, trouble: type[BaseException]) -> None:
    """What stood in a file stays when writing fails, and the half that was written is gone."""
    path = tmp_path / "out.txt"
    path.write_text("former")
    with pytest.raises(trouble), text_to(path) as out:
        raise trouble(out.write("half"))
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    """A write that the system refuses is told in one line with the file's name, and the former content stays."""
    path = tmp_path / "out.txt"
    path.write_text("former")
    with pytest.raises(DataError, match=r"out\.txt: cannot be written \(No space left on device\)"), text_to(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_of_a_file_that_was_there_are_kept(tmp_path: Path) -> None:
    """A file that is written anew keeps its permissions, and a new one has those of any new file."""
    kept, new, plain = tmp_path / "kept", tmp_path / "new", tmp_path / "plain"
    kept.write_text("")
    kept.chmod(0o640)
    plain.write_text("")
    for path in (kept, new):
        with text_to(path) as out:
            out.write("x")
    assert kept.stat().st_mode & 0o777 == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    """A folder, a name in a folder that is not there and an empty name are told before any work is done."""
    for target in (tmp_path, tmp_path / "no" / "file", ""):
        with pytest.raises(DataError), text_to(target):
            pytest.fail("nothing was to be written")


def test_names_of_any_length_and_script_can_be_written(tmp_path: Path) -> None:
    """A name as long as the system allows, of any letters, is written."""
    for name in ("港" * 83, "x" * 250, "a b'\"$;\n.txt", ".hidden"):
        with text_to(tmp_path / name) as out:
            out.write(name)
        assert (tmp_path / name).read_text("utf-8") == name


def test_a_device_is_written_as_it_is() -> None:
    """A device is written to and not replaced by a file."""
    with text_to("/dev/null") as out:
        out.write("x")
    assert not Path("/dev/null").is_file()


def test_standard_output_is_utf8_in_every_locale(tmp_path: Path) -> None:
    """Data on standard output is UTF-8 with its own line ends, whatever the locale says."""
    code = "from coopgraph.files import text_to\nwith text_to('-') as out: out.write('\\u9999\\r\\n\\U0001f6a2\\n')"
    env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=True)
    assert done.stdout == "香\r\n🚢\n".encode()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Writing to a symbolic link changes the file that it leads to, and the link stays."""
    (tmp_path / "real.txt").write_text("old", "utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with text_to(tmp_path / "link.txt") as out:
        out.write("new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text("utf-8") == "new"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs a file of a system that says no size: /proc")
def test_a_file_is_read_to_its_end_whatever_size_is_told() -> None:
    """A file that is longer than the system says is read whole, and is not let through where it is too large."""
    path = Path("/proc/self/status")
    assert path.stat().st_size == 0
    assert read(path).startswith(b"Name:")
    assert b"\nThreads:" in read(path)
    with pytest.raises(DataError, match="is larger than"):
        read(path, most=8)


def test_no_room_is_made_for_more_than_a_file_has(tmp_path: Path) -> None:
    """To read a short file takes memory for that, not for the longest that is let through."""
    path = tmp_path / "short.txt"
    path.write_bytes(b"short")
    tracemalloc.start()
    try:
        assert read(path) == b"short"
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_too_few_open_files_are_told_with_what_to_do() -> None:
    """The engine says so in words of its own; the advice is that of the system's error."""
    told = RuntimeError("Oxigraph needs at least 96 file descriptors when reserving 48, only 64 allowed")
    assert remedy(told) == remedy(OSError(errno.EMFILE, "")) == "allow more open files (ulimit -n 512)"
