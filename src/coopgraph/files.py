"""Files: listed and read, none that leads out of its folder, and written whole or not at all; errors are one line."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import permutations
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coopgraph.errors import DataError
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MOST = 256 << 20
"""Bytes of the largest file that is read: one that is larger is no graph or text that people keep."""
_FEW = 1 << 20
"""Bytes of the largest file that people write by hand."""
_MARK = b"\xef\xbb\xbf"
_KINDS = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}
_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "mend the permissions"),
    **dict.fromkeys((errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ELOOP), "move what has its name away"),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), "allow more open files (ulimit -n 512)"),
    errno.ENOENT: "check that it exists",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EIO: "check the disk",
}
"""What to do where the system refuses a file, by the number of the error."""


def read(path: Path, name: str | None = None, most: int = MOST) -> bytes:
    """Return the bytes of a file without a byte order mark, which editors add and no format here wants.

    Raises `DataError` where it cannot be read, is no regular file (reading a device or pipe may never end) or has more
    than `most` bytes; `name` is how the file is called in that message.
    """
    return read_whole(path, name, most).removeprefix(_MARK)


def read_whole(path: Path, name: str | None = None, most: int = MOST) -> bytes:
    """Return the bytes of a file as they are, a byte order mark with them; errors as `read` has them."""
    name = name or str(path)
    try:
        with _opened(path, name) as file:
            return _content(file, name, most, os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise refusal(error, name, "read") from error


def _content(file: IO[bytes], name: str, most: int, size: int = 0) -> bytes:
    """Return what is in a file; one whose size is known to be too large is not begun."""
    content = file.read(size + 1) if size <= most else b""  # to ask for the most makes room for as much
    content += file.read(most + 1 - len(content)) if size < len(content) <= most else b""  # a stream, or it grows
    if max(len(content), size) > most:
        raise DataError(f"{name}: is larger than {most >> 20} MB; make several files of it, or take it away")
    return content


def _opened(path: Path, name: str) -> IO[bytes]:
    """Open a regular file; another kind of thing is looked at before, for to open one may do something."""
    refuse_other_kinds(path.stat().st_mode, name)
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = open(descriptor, "rb")  # noqa: PTH123, SIM115 - a file descriptor has no path; the caller closes it
    refuse_other_kinds(os.fstat(descriptor).st_mode, name)
    return file


def refuse_other_kinds(mode: int, name: str, advice: str = "name a file, or move it away") -> None:
    """Raise `DataError` where what has a mode and a name is no regular file."""
    if not stat.S_ISREG(mode):
        raise DataError(f"{name}: is a {_KINDS.get(stat.S_IFMT(mode), 'device')}, not a file; {advice}")


def remedy(error: BaseException) -> str:
    """Return what to do where the system refuses a file, or where a library says that it did.

    >>> remedy(RuntimeError("IO error: No space left on device: while appending to 000009.sst"))
    'make room'
    """
    return _REMEDIES.get(_number(error), "make room or mend the permissions")


def _number(error: BaseException) -> int:
    """Return the number of the error that the system gave, 0 where it is not known."""
    number = getattr(error, "errno", None) or ("file descriptors" in str(error) and errno.EMFILE)
    return number or next((each for each in _REMEDIES if os.strerror(each) in str(error)), 0)


def refusal(error: OSError, name: str, verb: str) -> DataError:
    """Return what to raise where the system does not let a file of some name be `read` or `written`."""
    what = error.strerror or (os.strerror(number) if (number := _number(error)) else error)
    return DataError(f"{name}: cannot be {verb} ({what}); {remedy(error)}")


def read_text(path: Path, name: str | None = None, most: int = MOST) -> str:
    """Return the text of a UTF-8 file; errors as `read` has them, and where it is not UTF-8."""
    return _decoded(read(path, name, most), name or str(path))


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{name}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error


def read_short(path: Path, name: str | None = None) -> str:
    """Return the text of a file that people write by hand, settings or a query; errors as `read_text` has them."""
    return read_text(path, name, _FEW)


def read_standard_input() -> str:
    """Return the text that comes from standard input, in place of a file that people write by hand."""
    name = "standard input"
    if sys.stdin is None:
        raise DataError(f"{name}: is closed; send the text there, or name a file")
    return _decoded(_content(sys.stdin.buffer, name, _FEW).removeprefix(_MARK), name)


def leads_out(path: Path | str, folder: Path) -> bool:
    """Say whether a path lies outside of a folder when the links in it are followed."""
    real, root = os.path.realpath(path), os.path.realpath(folder)
    return not f"{real}{os.sep}".startswith(root.rstrip(os.sep) + os.sep)


def refuse_link_out(path: Path | str, folder: Path) -> None:
    """Raise `DataError` where a path leads out of a folder, which may come from a stranger."""
    if leads_out(path, folder):
        name = os.path.relpath(path, folder)
        raise DataError(f"{name}: is a link that leads out of {folder}; put the file itself in its place")


def listed(folder: Path, endings: tuple[str, ...], within: Path | None) -> list[Path]:
    """Return the files in a folder whose names end so, sorted; none where there is no such folder.

    Raises `DataError` where the folder cannot be read, or it or a file in it is a link that leads out of the folder
    `within`, if there is one.
    """
    if within is not None:
        refuse_link_out(folder, within)
    try:
        with os.scandir(folder) as entries:
            chosen = [entry for entry in entries if entry.name.endswith(endings)]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise refusal(error, str(folder), "read") from error
    if within is not None:
        for entry in chosen:
            if entry.is_symlink():
                refuse_link_out(entry.path, within)
    return [folder / name for name in sorted(entry.name for entry in chosen)]


def below(folder: Path, within: Path | None) -> Iterator[str]:
    """Yield the paths of the files in a folder and those below it, but for hidden ones, in no order.

    What is called as a file but is none is among them, and linked folders are gone through too, none of them twice.
    Raises `DataError` as `listed` does, and `OSError` where a folder cannot be read.
    """
    if within is not None:
        refuse_link_out(folder, within)
    waiting, linked = [str(folder)], {os.path.realpath(folder)}
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_symlink() and not entry.name.startswith("."):
                        if within is not None:
                            refuse_link_out(entry.path, within)
                        if _is_folder(entry) and _is_new(os.path.realpath(entry.path), linked):
                            waiting.append(entry.path)
                    elif entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    if not entry.name.startswith("."):
                        yield entry.path
        except FileNotFoundError:
            continue


def _is_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # it leads in a circle
        return False


def _is_new(folder: str, seen: set[str]) -> bool:
    """Say whether a folder is neither in one that was seen, nor has one of these in it, and note that it is seen."""
    pairs = (pair for other in seen for pair in permutations((f"{folder}{os.sep}", f"{other}{os.sep}")))
    if any(one.startswith(other) for one, other in pairs):
        return False
    seen.add(folder)
    return True


def text_to(target: str | Path | None) -> AbstractContextManager[IO[str]]:
    """Give a UTF-8 text stream to standard output (None or `-`) or to a file, written aside and renamed.

    Raises `DataError` where the file cannot be written; what was there before then stays.
    """
    return _stream_to(target, _TEXT)


def bytes_to(target: str | Path | None) -> AbstractContextManager[IO[bytes]]:
    """Give a stream of bytes to the same, in the same way."""
    return _stream_to(target, _BYTES)


@contextmanager
def file_to(target: str | Path, beside: str) -> Iterator[Path]:
    """Give the path of a file that is to be made, in the place of a file that it becomes when all is written.

    For libraries that open files by themselves; `beside` is how the name ends of what they keep beside until then.
    Raises `DataError` as `text_to` does, and where a device or pipe has the name of the file.
    """
    path = _place(Path(target))
    if path.exists() and not path.is_file():
        raise DataError(f"{path}: is no file, which this form needs; name a file")
    with _refused(path), _aside(path) as (handle, aside), _watched(aside.with_name(f"{aside.name}{beside}")):
        os.close(handle)
        aside.unlink()  # they take no file that is empty
        yield aside


_TEXT: Mapping[str, Any] = {"mode": "w", "encoding": "utf-8", "newline": ""}
_BYTES: Mapping[str, Any] = {"mode": "wb"}


@contextmanager
def _stream_to(target: str | Path | None, how: Mapping[str, Any]) -> Iterator[IO[Any]]:
    if target is None or str(target) == "-":
        if how is _TEXT and hasattr(sys.stdout, "reconfigure"):  # data is UTF-8 whatever the locale says
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        yield (out := sys.stdout if how is _TEXT else sys.stdout.buffer)
        out.flush()
        return
    path = _place(Path(target))
    if path.exists() and not path.is_file():  # a device or a pipe is written as it is
        with path.open(**how) as file:
            yield file
        return
    with _refused(path), _stream_aside(path, how) as file:
        yield file


def _place(path: Path) -> Path:
    """Return where a file is written. Raises `DataError` where there can be none."""
    path = _link_followed(path)
    if path.is_dir():
        raise DataError(f"{path}: is a folder; name a file in it")
    return path


def _link_followed(path: Path) -> Path:
    """Return what a link leads to, which is written, and the link stays. Raises `DataError` where it has no folder."""
    path = path.resolve() if path.is_symlink() else path
    if not path.parent.is_dir():
        raise DataError(f"{path}: the folder {path.parent} does not exist; create it first")
    return path


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refusal(error, str(path), "written") from error


@contextmanager
def folder_to(
    target: str | Path, names: Sequence[str], is_ours: Callable[[Path], bool]
) -> Iterator[Mapping[str, IO[str]]]:
    """Give a UTF-8 text stream to each of some files of a folder, written aside and renamed when all are whole.

    The last one is renamed last. The folder is made where there is none. Raises `DataError` where it is no folder,
    holds anything else than what is ours, or cannot be written; what was there before then stays.
    """
    path = _link_followed(Path(target))
    if path.exists() and not path.is_dir():
        raise DataError(f"{path}: is no folder, as several files need; name a folder that is new or empty")
    with _refused(path):
        is_new = not path.exists()
        if not is_new and any(path.iterdir()) and not is_ours(path):
            raise DataError(f"{path}: holds other files; name a folder that is new, empty or of the same form")
        path.mkdir(exist_ok=True)
        try:
            with ExitStack() as opened:
                yield {name: opened.enter_context(_stream_aside(path / name, _TEXT)) for name in reversed(names)}
        except BaseException:
            if is_new:
                with suppress(OSError):
                    path.rmdir()
            raise


_unfinished: set[Path] = set()
"""Files being written aside in this process, for `abandon`."""


def abandon() -> None:
    """Remove what is being written aside, for a process that is about to end without unwinding."""
    for path in _unfinished:
        path.unlink(missing_ok=True)


@contextmanager
def _stream_aside(path: Path, how: Mapping[str, Any]) -> Iterator[IO[Any]]:
    with _aside(path) as (handle, _), open(handle, **how) as file:  # noqa: PTH123 - a file descriptor has no path
        yield file


@contextmanager
def _aside(path: Path) -> Iterator[tuple[int, Path]]:
    """Give an empty file, by descriptor and path, that is renamed when all is written."""
    import tempfile

    start = os.fsdecode(os.fsencode(path.name)[:200].decode(errors="ignore").encode())  # no character is cut in two
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{start}.")
    with _watched(aside := Path(name)):
        yield handle, aside
        aside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~umask())
        aside.replace(path)


@contextmanager
def _watched(aside: Path) -> Iterator[None]:
    """See to it that a file is gone afterwards, however this process ends."""
    _unfinished.add(aside)
    limits.note_unfinished(aside)
    try:
        yield
    finally:
        aside.unlink(missing_ok=True)
        _unfinished.discard(aside)
        limits.note_finished(aside)


def umask() -> int:
    """Return the permissions that new files of this process do not have."""
    os.umask(mask := os.umask(0))
    return mask
