"""Where a workspace keeps its ontology, graphs, queries and built store."""

from __future__ import annotations

import os
import re
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph import files
from coopgraph.errors import DataError, UsageError, near, unknown
from coopgraph.rdf import vocab

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.claims.model import Labels
    from coopgraph.claims.texts import Texts

SETTINGS = "coopgraph.toml"
_STORE_KEYS = ("store", "store_kind", "store_update", "store_graphs", "store_rows")
_ABOUT_KEYS = ("creator", "version", "modified")
_TEXT_KEYS = ("title", "description")
"""Keys whose value is a text, or a table of such texts by language."""
_KEYS = (*_TEXT_KEYS, "license", *_ABOUT_KEYS, "base", "sources", *_STORE_KEYS)
_ONTOLOGY_FILES = ("coop.ttl", "schemes.ttl", "alignments.ttl", "tallies.ttl")
_RULE_FILES = ("shapes.ttl", "advice.ttl")
_WEB = r"""https?://[\w.-]+(?::\d+)?(?:[/?#](?:[^\x00-\x20<>"{}|\\^`\[\]%]|%[0-9A-Fa-f]{2})*)?"""
STORE = "COOPGRAPH_STORE"
"""The variable of the environment that names the server."""
_TURTLE = ".ttl"
_READ = (_TURTLE, ".nt", ".turtle")
"""Endings, in small letters or capitals, of graph files: N-Triples is Turtle too."""
_PACKED = ("gz", "bz2", "xz", "zip", "zst")
_OTHER = ("nq", "trig", "jsonld", "rdf", "owl", "n3", "xml", "trix", "hdt", "ntriples", "nquads", "rj")
_PASSED_OVER = (
    *(f".{form}" for form in _OTHER),
    *(f".{form}.{packed}" for form in ("ttl", "nt", *_OTHER) for packed in _PACKED),
    ".ttl.txt",
)
"""Endings of other files with RDF: they may have graphs of their own, or reach for other files."""
_KEPT = tuple(f"{vocab.local_name(iri)}{_TURTLE}" for iri in vocab.MADE)
_PLANE_ENDS = "".join(chr(plane << 16 | end) for plane in range(1, 14) for end in (0xFFFE, 0xFFFF))
_NOT_IN_IRI = (
    r"""\x00-\x20<>"{}|\\^`%?#\[\]\x7f-\xa0\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\uf8ff"""
    rf"""\ufdd0-\ufdef\ufeff\ufff0-\uffff\U000e0000-\U0010ffff{_PLANE_ENDS}"""
)
"""Characters that the name of a file can have and the last part of an IRI cannot, or not so that one sees them."""


class _Settings(NamedTuple):
    root: Path
    title: str
    description: str | None = None
    license: str | None = None
    base: str = vocab.ID
    sources: Path | None = None
    server: tuple[tuple[str, str], ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    title_by_language: tuple[tuple[str, str], ...] = ()
    description_by_language: tuple[tuple[str, str], ...] = ()


class GraphFile(NamedTuple):
    """A graph file: where it is, how messages call it, and the IRI of its named graph."""

    path: Path
    name: str
    graph: str


class Workspace(_Settings):
    """A folder with `coopgraph.toml` and `graphs/`, on top of the bundled ontology and queries.

    `sources` is the folder of source texts, where the settings name one, and `server` has the settings `store` (the
    address of the server that keeps the graph) and `store_...` (what it does not say of itself). `about` has who made
    the graph (`creator`, an IRI), its `version`, and the day on which it was last `modified`, as far as they are told.
    `title` and `description` are in English, or in whatever language it is where the settings have one text only.
    """

    @cached_property
    def titles(self) -> Labels:
        """What the graph is called, by language, where the settings say it in several."""
        return dict(self.title_by_language)

    @cached_property
    def descriptions(self) -> Labels:
        """What the graph is, by language, where the settings say it in several."""
        return dict(self.description_by_language)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefix -> namespace: the table, and what the workspace's own ontology declares beside it."""
        table = vocab.prefixes(self.base)
        if not (paths := self._own_ontology()):
            return table
        from coopgraph.rdf import turtle

        own: dict[str, str] = {}
        for path in paths:
            own |= turtle.declared_prefixes(path)
        return own | table

    def graph_files(self) -> list[GraphFile]:
        """Return the Turtle and N-Triples files below `graphs/`, sorted by path."""
        return [self.graph_file(Path(name)) for name in sorted(self.graph_paths(), key=lambda name: name.split(os.sep))]  # noqa: PTH206

    def graph_file(self, path: Path) -> GraphFile:
        """Return a graph file, of which there need be no more than the path."""
        return GraphFile(path, self.name_of(path), self.graph_iri(path))

    def graph_paths(self) -> list[str]:
        """Return the paths of the graph files as text, in no order: before each question thousands are looked at."""
        paths = [path for path in self._below_graphs() if path.lower().endswith(_READ)]
        for path in (Path(name) for name in paths if name.endswith(_KEPT)):
            if self.graph_iri(path) in vocab.MADE:
                raise DataError(f"{self.name_of(path)}: this name is kept for what coopgraph derives; rename the file")
        return paths

    def passed_over(self) -> list[Path]:
        """Return the files below `graphs/` that hold RDF in a form which is not read there, sorted by path."""
        return sorted(Path(path) for path in self._below_graphs() if path.lower().endswith(_PASSED_OVER))

    def _below_graphs(self) -> Iterator[str]:
        folder = self.root / "graphs"
        if not folder.is_dir():
            what = (
                "is no folder; move it away, make one"
                if os.path.lexists(folder)
                else "there is no such folder; make it"
            )
            raise DataError(f"{folder}: {what} and put your Turtle files there")
        try:
            yield from files.below(folder, self._within)
        except OSError as error:
            raise files.refusal(error, str(folder), "read") from error

    @property
    def texts_folder(self) -> Path:
        """Where the texts of documents that are read are put: what the settings call `sources`, or `texts/`."""
        return self.sources or self.root / "texts"

    def awaits_claims(self) -> bool:
        """Say whether documents have been read here: as long as no claim of them is accepted, no file is no mistake."""
        return any(self.texts_folder.glob("*.origin.json"))

    def server_address(self, given: str | None = None) -> str | None:
        """Return the address of the server that is given, else that the environment or the settings name, if any."""
        return given or os.environ.get(STORE) or dict(self.server).get("store")

    def texts_at_hand(self) -> Path | None:
        """Return the folder of source texts that the settings name, where it is there: texts are often not shared."""
        return self.sources if self.sources and os.path.lexists(self.sources) else None

    def texts(self, sources: Path | None = None) -> Texts | None:
        """Return the source texts: those in a folder that is named, else those at hand, if any."""
        from coopgraph.claims.texts import Texts

        folder = sources or self.texts_at_hand()
        if folder is None:
            return None
        own = self._within is not None and not files.leads_out(folder, self.root)
        return Texts(folder, self._within if own else None)

    def own_file(self, name: str) -> Path | None:
        """Return the path of what has the name of a file of the workspace, if anything has.

        Raises `DataError` where it leads out; reading it does where it is no file.
        """
        path = self.root / name
        if self._within is not None and os.path.islink(path):  # noqa: PTH114 - which raises nothing
            files.refuse_link_out(path, self._within)
        return path if os.path.lexists(path) else None

    @property
    def _within(self) -> Path | None:
        """The folder that no link may lead out of; the bundled one is no stranger's, and may consist of links."""
        return None if self.root == bundled() else self.root

    def graph_iri(self, path: Path) -> str:
        """Return the IRI of the named graph of a graph file: its path below `graphs/`, without the ending `.ttl`."""
        below = _beneath(self.root / "graphs", path).replace(os.sep, "/")
        stem = below.removesuffix(_TURTLE)
        kept = below if stem.lower().endswith(_READ) else stem  # so that x.ttl, x.nt and x.nt.ttl are three graphs
        name = os.fsencode(kept).decode("utf-8", "surrogateescape")
        escaped = re.sub(f"[{_NOT_IN_IRI}]", _percent, name)
        if not (name.isascii() or (_is_composed(name) and _is_composed(escaped))):  # an accent may follow an escape
            escaped = re.sub(r"[^!$&'()*+,\-./0-9:;=@A-Z_a-z~]", _percent, name)
        return f"{self.base}graph/{escaped}"

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
        paths = {path.name: path for path in files.listed(bundled() / "queries" / folder, (".rq",), None)}
        paths |= {path.name: path for path in self._own(f"queries/{folder}", ".rq")}
        yield from (paths[name] for name in sorted(paths))

    def has_own_rules(self) -> bool:
        """Say whether the workspace brings rules of its own: SPARQL or shapes that run when a store is made."""
        own = (self._own(f"queries/{folder}", ".rq") for folder in ("checks", "derive"))
        return any(own) or any(self._own("ontology", name) for name in _RULE_FILES)

    def query_file(self, name: str) -> Path | None:
        """Return the `.rq` file of the question of that name, or None where there is none."""
        if name != os.path.basename(name) or "\0" in name:  # noqa: PTH119 - a name, not a path
            return None
        path = bundled() / "queries" / f"{name}.rq"
        return self.own_file(f"queries/{name}.rq") or (path if path.is_file() else None)

    def _own(self, folder: str, ending: str) -> list[Path]:
        return [] if self.root == bundled() else files.listed(self.root / folder, (ending,), self.root)

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
        if not os.path.lexists(path / SETTINGS):
            what = "has no" if path.is_dir() else "is no folder, so it has no"
            raise UsageError(f"{folder}: {what} {SETTINGS}; name a folder that has one and a folder graphs/")
        return _read(path.resolve())
    here = Path.cwd()
    root = next((up for up in (here, *here.parents) if os.path.lexists(up / SETTINGS)), bundled())
    return _read(root)


def _read(root: Path) -> Workspace:
    path = root / SETTINGS
    if path.is_symlink() and root != bundled():
        files.refuse_link_out(path, root)
    settings = _settings(path)
    base, sources = settings.get("base", vocab.ID), settings.get("sources")
    if not re.fullmatch(_WEB, base) or not base.endswith(("/", "#")):
        raise DataError(f"{root / SETTINGS}: base {base!r} is no http(s) IRI that ends in / or #; mend it")
    if not re.fullmatch(_WEB, settings.get("license", base)):
        raise DataError(f"{root / SETTINGS}: license {settings['license']!r} is no http(s) IRI; give that of its text")
    if not re.fullmatch(_WEB, settings.get("creator", base)):
        raise DataError(
            f"{root / SETTINGS}: creator {settings['creator']!r} is no http(s) IRI; give the maker's address"
        )
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", settings.get("modified", "2000-01-01"), re.ASCII):
        raise DataError(f"{root / SETTINGS}: modified {settings['modified']!r} is no day; write one as 2026-11-29")
    if sources and root != bundled() and files.leads_out(root / sources, root):
        raise DataError(f"{path}: sources {sources!r} leads out of the workspace; name that folder with --sources")
    return Workspace(
        root=root,
        title=_in_english(settings.get("title", root.name)),
        description=_in_english(settings.get("description")),
        license=settings.get("license"),
        base=base,
        sources=root / sources if sources else None,
        server=tuple((key, settings[key]) for key in _STORE_KEYS if key in settings),
        about=tuple((key, settings[key]) for key in _ABOUT_KEYS if key in settings),
        title_by_language=_by_language(settings.get("title")),
        description_by_language=_by_language(settings.get("description")),
    )


def _in_english(value: Any) -> Any:
    return value["en"] if isinstance(value, dict) else value


def _by_language(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple(value.items()) if isinstance(value, dict) else ()


def _is_composed(text: str) -> bool:
    from unicodedata import is_normalized

    return is_normalized("NFC", text)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8", "surrogateescape"))


def _settings(path: Path) -> dict[str, Any]:
    import tomllib

    try:
        settings = tomllib.loads(files.read_short(path))
    except (ValueError, RecursionError) as error:  # ValueError: TOMLDecodeError, and a number of 5,000 digits
        raise DataError(f"{path}: is not TOML: {error}; mend it there") from error
    for key, value in settings.items():
        if key not in _KEYS:
            raise DataError(f"{path}: unknown key {key!r}{near(key, _KEYS) or '; keys are ' + ', '.join(_KEYS)}")
        if key in _TEXT_KEYS and isinstance(value, dict):
            _refuse_texts(f"{path}: {key}", value)
        elif not _is_text(value):
            table = ', or a table by language: { en = "...", zh-Hans = "..." }' if key in _TEXT_KEYS else ""
            raise DataError(f"{path}: {key} must be text in quotes, without a NUL character{table}")
    return settings


def _refuse_texts(where: str, texts: Mapping[str, Any]) -> None:
    for language, text in texts.items():
        if language not in vocab.LANGUAGES:
            raise DataError(f"{where}: {unknown('language', language, vocab.LANGUAGES)}")
        if not _is_text(text):
            raise DataError(f"{where}.{language} must be text in quotes, without a NUL character")
    if "en" not in texts:
        raise DataError(f'{where} has no English text; add en = "...", which is shown where one language has to do')


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value
