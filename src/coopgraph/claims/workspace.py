"""Where a workspace keeps its ontology, graphs, queries and built store."""

from __future__ import annotations

import os
import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.errors import DataError, UsageError, near
from coopgraph.rdf import vocab

if TYPE_CHECKING:
    from collections.abc import Iterator

SETTINGS = "coopgraph.toml"
_STORE_KEYS = ("store", "store_kind", "store_update", "store_graphs", "store_rows")
_KEYS = ("title", "description", "license", "base", "sources", *_STORE_KEYS)
_ONTOLOGY_FILES = ("coop.ttl", "schemes.ttl", "alignments.ttl")
_RULE_FILES = ("shapes.ttl", "advice.ttl")
_WEB = r"""https?://[\w.-]+(?::\d+)?(?:[/?#](?:[^\x00-\x20<>"{}|\\^`\[\]%]|%[0-9A-Fa-f]{2})*)?"""
STORE = "COOPGRAPH_STORE"
"""The variable of the environment that names the server."""
_KEPT = tuple(f"{vocab.local_name(iri)}.ttl" for iri in vocab.MADE)
_NOT_IN_IRI = r"""[\x00-\x20<>"{}|\\^`%?#\x7f-\xa0\ud800-\udfff]"""
"""What the name of a file can hold and the last part of an IRI cannot."""


class _Settings(NamedTuple):
    root: Path
    title: str
    description: str | None = None
    license: str | None = None
    base: str = vocab.ID
    sources: Path | None = None
    server: tuple[tuple[str, str], ...] = ()


class Workspace(_Settings):
    """A folder with `coopgraph.toml` and `graphs/`, on top of the bundled ontology and queries.

    `sources` is the folder of source texts, where the settings name one, and `server` has the settings `store` (the
    address of the server that keeps the graph) and `store_...` (what it does not say of itself).
    """

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefix -> namespace: the table, and what the workspace's own ontology declares beside it."""
        from coopgraph.rdf import turtle

        own: dict[str, str] = {}
        for path in self._own_ontology():
            own |= turtle.declared_prefixes(path)
        return own | vocab.prefixes(self.base)

    def graph_files(self) -> list[Path]:
        """Return the Turtle files below `graphs/`, sorted by path."""
        return [Path(name) for name in sorted(self.graph_paths(), key=lambda name: name.split(os.sep))]  # noqa: PTH206

    def graph_paths(self) -> list[str]:
        """Return the paths of the graph files as text, in no order: before each question thousands are looked at."""
        folder = self.root / "graphs"
        try:
            found = _below(folder, ".ttl")
        except OSError as error:
            raise DataError(f"{folder}: cannot be read ({error.strerror}); check its permissions") from error
        if not found and not folder.is_dir():
            raise DataError(f"{folder}: there is no such folder; create it and put your Turtle files there")
        for path in (Path(name) for name in found if name.endswith(_KEPT)):
            if self.graph_iri(path) in vocab.MADE:
                raise DataError(f"{self.name_of(path)}: this name is kept for what coopgraph derives; rename the file")
        return found

    def server_address(self, given: str | None = None) -> str | None:
        """Return the address of the server that is given, else that the environment or the settings name, if any."""
        return given or os.environ.get(STORE) or dict(self.server).get("store")

    def texts_at_hand(self) -> Path | None:
        """Return the folder of source texts that the settings name, where it is there: texts are often not shared."""
        return self.sources if self.sources and self.sources.is_dir() else None

    def graph_iri(self, path: Path) -> str:
        """Return the IRI of the named graph of a graph file: its path below `graphs/` without the ending."""
        name = _beneath(self.root / "graphs", path).removesuffix(".ttl").replace(os.sep, "/")
        return f"{self.base}graph/{re.sub(_NOT_IN_IRI, _percent, os.fsencode(name).decode('utf-8', 'surrogateescape'))}"

    def name_of(self, path: Path) -> str:
        """Return how messages call a file: its path below the workspace."""
        name = _beneath(self.root, path)
        return os.fsencode(name).decode("utf-8", "replace")  # whatever the locale takes file names for

    def ontology_files(self) -> list[Path]:
        """Return the files of classes, properties and schemes: the bundled ones, then the workspace's own."""
        return [bundled() / "ontology" / name for name in _ONTOLOGY_FILES] + self._own_ontology()

    def _own_ontology(self) -> list[Path]:
        return [path for path in self._own("ontology", ".ttl") if path.name not in _RULE_FILES]

    def shapes_files(self, name: str) -> list[Path]:
        """Return the files of SHACL shapes called `name` (`shapes.ttl` or `advice.ttl`): bundled, then own."""
        return [bundled() / "ontology" / name, *self._own("ontology", name)]

    def query_files(self, folder: str = "") -> Iterator[Path]:
        """Yield the `.rq` files of `queries/` or a folder in it, an own file in place of a bundled one of its name."""
        found = {path.name: path for path in _in(bundled() / "queries" / folder, ".rq")}
        found |= {path.name: path for path in self._own(f"queries/{folder}", ".rq")}
        yield from (found[name] for name in sorted(found))

    def query_file(self, name: str) -> Path | None:
        """Return the `.rq` file of the question of that name, or None where there is none."""
        if name != os.path.basename(name) or "\0" in name:  # noqa: PTH119 - a name, not a path
            return None
        paths = (root / "queries" / f"{name}.rq" for root in (self.root, bundled()))
        return next((path for path in paths if path.is_file()), None)

    def _own(self, folder: str, ending: str) -> list[Path]:
        return [] if self.root == bundled() else _in(self.root / folder, ending)

    @cached_property
    def store_folder(self) -> Path:
        """Where the store is built: `.coopgraph/`, or the user's cache folder where the workspace is read-only."""
        if self.root.parent != Path(__file__).parents[1] and os.access(self.root, os.W_OK):
            return self.root / ".coopgraph"
        from hashlib import sha256

        from platformdirs import user_cache_path

        return user_cache_path("coopgraph") / sha256(os.fsencode(self.root)).hexdigest()[:16]


def _beneath(folder: Path, path: Path) -> str:
    """Return a path seen from a folder, or as it is where it is not in there; pathlib takes ten times as long."""
    return str(path).removeprefix(f"{folder}{os.sep}")


def _in(folder: Path, ending: str) -> list[Path]:
    """Return the files in a folder whose names end so, sorted; none where there is no such folder."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - most names are not wanted, and paths cost
        return [folder / name for name in sorted(names) if name.endswith(ending)]
    except OSError:
        return []


def _below(folder: Path, ending: str) -> list[str]:
    """Return the files in a folder and those below it whose names end so. Raises `OSError`."""
    return [
        os.path.join(at, name)  # noqa: PTH118 - ten thousand files are as many paths to put together
        for at, folders, files in os.walk(folder, onerror=_raise)
        for name in (*folders, *files)
        if name.endswith(ending) and not name.startswith(".")
    ]


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


@cache
def bundled() -> Path:
    """Return the folder of the bundled workspace: the package's `data/`, or the checkout of an editable install."""
    installed = Path(__file__).parents[1] / "data"
    return installed if installed.is_dir() else Path(__file__).parents[3]


def find(folder: str | Path | None = None) -> Workspace:
    """Return the workspace in `folder`; without one, that of the current folder or one above it, else the bundled one.

    Raises `UsageError` where `folder` is no workspace and `DataError` where its settings cannot be used.
    """
    if folder is not None:
        path = Path(folder)
        if not (path / SETTINGS).is_file():
            what = "has no" if path.is_dir() else "is no folder, so it has no"
            raise UsageError(f"{folder}: {what} {SETTINGS}; name a folder that has one and a folder graphs/")
        return _read(path.resolve())
    here = Path.cwd()
    root = next((up for up in (here, *here.parents) if (up / SETTINGS).is_file()), bundled())
    return _read(root)


def _read(root: Path) -> Workspace:
    settings = _settings(root / SETTINGS)
    base, sources = settings.get("base", vocab.ID), settings.get("sources")
    if not re.fullmatch(_WEB, base) or not base.endswith(("/", "#")):
        raise DataError(f"{root / SETTINGS}: base {base!r} is no http(s) IRI that ends in / or #; mend it")
    if not re.fullmatch(_WEB, settings.get("license", base)):
        raise DataError(f"{root / SETTINGS}: license {settings['license']!r} is no http(s) IRI; give that of its text")
    return Workspace(
        root=root,
        title=settings.get("title", root.name),
        description=settings.get("description"),
        license=settings.get("license"),
        base=base,
        sources=root / sources if sources else None,
        server=tuple((key, settings[key]) for key in _STORE_KEYS if key in settings),
    )


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "surrogateescape"))


def _settings(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    settings = _plain(text) or _toml(text, path)
    for key, value in settings.items():
        if key not in _KEYS:
            raise DataError(f"{path}: unknown key {key!r}{near(key, _KEYS) or '; keys are ' + ', '.join(_KEYS)}")
        if not isinstance(value, str):
            raise DataError(f"{path}: {key} must be text in quotes")
    return settings


def _plain(text: str) -> dict[str, Any]:
    """Return settings that are nothing but lines `key = "text"` and comments; of any other TOML an empty table.

    Importing the reader of all TOML takes as long as answering a question.
    """
    found: dict[str, Any] = {}
    for line in text.split("\n"):
        key, equals, value = (part.strip(" \t") for part in line.partition("="))
        inner = value[1:-1]
        if key.startswith("#") or not (key or equals):
            continue
        if f'"{inner}"' != value or not inner.isprintable() or set(inner) & set('"\\') or key in found:
            return {}
        if not (key.isascii() and key.replace("_", "").isalnum()):
            return {}
        found[key] = inner
    return found


def _toml(text: str, path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path}: is not TOML: {error}; mend it there") from error
