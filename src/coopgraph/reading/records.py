"""Records of reading as JSON lines, and the files of a workspace that hold them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Generic,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from coopgraph import files
from coopgraph.claims import passages
from coopgraph.errors import DataError, UsageError, near
from coopgraph.rdf.terms import curie
from coopgraph.reading.languages import tag_of
from coopgraph.reading.model import Document, Origin, Record
from coopgraph.store import locks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from coopgraph.claims.workspace import Workspace

R = TypeVar("R")
_NOUNS = {tuple: "list", Mapping: "table", str: "text in quotes", bool: "true or false", int: "whole number"}
"""What kinds of values are called."""
_LARGEST = 200_000_000
"""Bytes of a file of records at most."""


class Paths(NamedTuple):
    """The files of one source: its text and where that came from, what was proposed, decided, refused and written."""

    text: Path
    origin: Path
    proposals: Path
    decisions: Path
    refused: Path
    written: Path
    judgements: Path
    """Those on names are shared by all sources."""


def paths(workspace: Workspace, source: str) -> Paths:
    """Return where a workspace keeps what belongs to a source (by slug). Raises `UsageError` where it is no slug."""
    if curie(f"x/{source}", {"source": "x/"}) is None:
        raise UsageError(f"{source!r} is no slug; name the source in letters, digits and hyphens")
    texts, proposals = workspace.texts_folder, workspace.root / "proposals"
    return Paths(
        texts / f"{source}.txt",
        texts / f"{source}.origin.json",
        proposals / f"{source}.jsonl",
        proposals / f"{source}.decisions.jsonl",
        proposals / f"{source}.refused.jsonl",
        proposals / f"{source}.written.jsonl",
        proposals / "judgements.jsonl",
    )


def proposed(workspace: Workspace) -> list[str]:
    """Return the sources (slugs) for which there are proposals."""
    folder = workspace.root / "proposals"
    names = sorted(path.stem for path in folder.glob("*.jsonl")) if folder.is_dir() else []
    return [name for name in names if "." not in name and name != "judgements"]


def as_json(record: Record) -> str:
    """Return a record as one line of JSON, what is empty left out."""
    return json.dumps(_plain(record), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        pairs = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: _plain(content) for each, content in pairs if not _is_default(each, content)}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _is_default(each: Any, content: Any) -> bool:
    if each.default_factory is not MISSING:
        return bool(content == each.default_factory())
    return each.default is not MISSING and bool(content == each.default)


def from_json(kind: type[R], line: str) -> R:
    """Return the record of a kind that a text of JSON holds. Raises `ValueError`."""
    try:
        return _typed(kind, json.loads(line), "")  # type: ignore[no-any-return]  # a value of the kind
    except RecursionError as error:
        raise ValueError("is nested too deep") from error


def typed(kind: type[R], value: Any) -> R:
    """Return plain values, as JSON and TOML have them, as a record of a kind.

    Raises `ValueError` with the place and what is wrong there.
    """
    return _typed(kind, value, "")  # type: ignore[no-any-return]  # a value of the kind


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _typed(kind: Any, value: Any, at: str) -> Any:
    """Return a value that was read as what its type says, or say where it is none."""
    if get_origin(kind) in (Union, UnionType):
        return _one_of(get_args(kind), value, at)
    if get_origin(kind) is Literal:
        if value in get_args(kind):
            return value
        raise ValueError(f"{at} is none of {', '.join(get_args(kind))}")
    if not _may_be(kind, value):
        noun = _NOUNS.get(get_origin(kind) or kind) or kind.__name__
        raise ValueError(f"{at or 'the line'} is {'not' if kind is bool else 'no'} {noun}")
    if get_origin(kind) is Mapping:
        dot = f"{at}." if at else ""
        return {name: _typed(get_args(kind)[1], each, f"{dot}{name}") for name, each in value.items()}
    if get_origin(kind) is tuple:
        return tuple(_typed(get_args(kind)[0], each, f"{at}[{i}]") for i, each in enumerate(value))
    return _record(kind, value, at) if is_dataclass(kind) else value


def _one_of(kinds: tuple[Any, ...], value: Any, at: str) -> Any:
    if value is None and NoneType in kinds:
        return None
    others = [kind for kind in kinds if kind is not NoneType]
    words = [word for kind in others if get_origin(kind) is Literal for word in get_args(kind)]
    if bool in others and words and type(value) is not bool and value not in words:
        raise ValueError(f"{at} is none of true, false, {', '.join(words)}")
    fitting = [kind for kind in others if _may_be(kind, value)]
    if len(fitting) > 1 and isinstance(value, dict):  # records: the one whose names fit
        named = (kind for kind in fitting if is_dataclass(kind) and value.keys() <= _hints(kind).keys())  # type: ignore[arg-type]
        fitting = [next(named, fitting[0])]
    return _typed((fitting or others)[0], value, at)


def _may_be(kind: Any, value: Any) -> bool:
    """Say whether a value has the outer form of a kind."""
    if isinstance(value, dict):
        return is_dataclass(kind) or get_origin(kind) is Mapping
    if isinstance(value, list):
        return get_origin(kind) is tuple
    return get_origin(kind) is Literal or type(value) is kind


def _record(kind: Any, value: dict[str, Any], at: str) -> Any:
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            raise ValueError(f"{at}{'.' if at else ''}{name} is unknown{near(name, hints)}")
    dot = f"{at}." if at else ""
    given = {name: _typed(hints[name], content, dot + name) for name, content in value.items()}
    missing = [each.name for each in fields(kind) if _is_needed(each) and each.name not in given]
    if missing:
        raise ValueError(f"{dot}{missing[0]} is missing")
    return kind(**given)


def _is_needed(each: Any) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def read(kind: type[R], path: Path) -> list[R]:
    """Return the records of a file of JSON lines; none where there is no file.

    A last line that was cut off while being written is left out. Raises `DataError` with the line that is no record.
    """
    if not path.exists():
        return []
    if path.stat().st_size > _LARGEST:
        raise DataError(f"{path}: has more than {_LARGEST // 1_000_000} MB; move it away")
    return _records(kind, path, files.read(path).split(b"\n"), 1)


def _records(kind: type[R], path: Path, lines: Sequence[bytes], first: int) -> list[R]:
    """Return the records that lines of a file hold, the number of the first being given."""
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(from_json(kind, line.decode()))
        except ValueError as error:
            broken = isinstance(error, json.JSONDecodeError | UnicodeDecodeError)
            if broken and number == len(lines):
                break  # the last line has no end: its writing was cut off
            fault = "is not JSON in UTF-8" if broken else str(error)
            raise DataError(f"{path}:{number + first - 1}: {fault}; mend the line or take it out") from error
    return rows


class Log(Generic[R]):
    """The records of a file that is only added to: each reading reads what is new, so that many cost no time."""

    def __init__(self, kind: type[R], path: Path) -> None:
        self._kind, self._path = kind, path
        self._rows: list[R] = []
        self._end, self._lines = 0, 0

    def read(self) -> list[R]:
        """Return all records so far; the list is the reader's own. Raises `DataError` as `read` does."""
        if not self._path.exists():
            self._rows, self._end, self._lines = [], 0, 0
            return []
        with self._path.open("rb") as file:
            file.seek(max(self._end - 1, 0))
            if self._end and file.read(1) != b"\n":  # somebody has edited it
                self._rows, self._end, self._lines = [], 0, 0
                file.seek(0)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1].split(b"\n")[:-1]
        self._rows += _records(self._kind, self._path, [*whole, b""], self._lines + 1)
        self._end, self._lines = self._end + sum(len(line) + 1 for line in whole), self._lines + len(whole)
        rest = _records(self._kind, self._path, [new[new.rfind(b"\n") + 1 :]], self._lines + 1)
        return [*self._rows, *rest]


def write(path: Path, records: Iterable[Record]) -> None:
    """Write records as a whole file, aside and renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with files.text_to(path) as out:
        out.writelines(as_json(record) + "\n" for record in records)


def append(path: Path, *rows: Record, before: Callable[[], None] = lambda: None) -> None:
    """Add records to a file, all of them safe on the disk when this returns, or none.

    People who add at once wait for each other. `before` is called when nobody else can add any more; what it raises
    keeps the records out. Raises `DataError` where writing fails; what was there before stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("ab+") as file:
            locks.wait(file.fileno())
            before()
            end = _drop_cut_line(file)
            try:
                file.write("".join(f"{as_json(row)}\n" for row in rows).encode())
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                file.truncate(end)
                raise
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror}); make room or mend the permissions") from error


def _drop_cut_line(file: BinaryIO) -> int:
    """Make a file end with a whole line, and return its length: a line whose writing was cut off never was a record."""
    file.seek(0)
    text = file.read()
    last = text[text.rfind(b"\n") + 1 :]
    if not last:
        return len(text)
    try:
        json.loads(last)
    except ValueError:
        length = len(text) - len(last)
        file.truncate(length)
        return length
    return file.write(b"\n") + len(text)


def save(document: Document, workspace: Workspace) -> Paths:
    """Write the text of a document and its origin into a workspace."""
    at = paths(workspace, document.source)
    at.text.parent.mkdir(parents=True, exist_ok=True)
    with files.text_to(at.text) as out:
        out.write(document.text)
    save_origin(document.origin, at.origin)
    return at


def save_origin(origin: Origin, path: Path) -> None:
    """Write where a text came from."""
    with files.text_to(path) as out:
        out.write(origin_text(origin))


def origin_text(origin: Origin) -> str:
    """Return where a text came from, as its file has it."""
    return json.dumps(_plain(origin), ensure_ascii=False, indent=1) + "\n"


def load(workspace: Workspace, source: str) -> Document:
    """Return the document of a source (by slug) whose text a workspace has; its origin is bare where none is kept.

    Raises `UsageError` where there is no such text.
    """
    at = paths(workspace, source)
    if not at.text.is_file():
        slugs = sorted(path.stem for path in at.text.parent.glob("*.txt")) if at.text.parent.is_dir() else []
        listed = near(source, slugs) or f"; there are {', '.join(slugs[:20]) or 'none'}"
        raise UsageError(
            f"{at.text.parent} has no text called {source}.txt{listed}; coopgraph read makes one of a document"
        )
    text = passages.read(at.text)
    if not at.origin.exists():
        digest, language = passages.digest(text), tag_of(None, text)
        return Document(source, text, Origin(at.text.name, digest, "text/plain", "", digest, language=language))
    try:
        return Document(source, text, from_json(Origin, files.read_text(at.origin)))
    except ValueError as error:
        raise DataError(f"{at.origin}: {error}; mend it, or read the document again") from error
