"""The embedded Oxigraph store: made aside and swapped in whole, opened to read, asked in SPARQL.

Layout of a workspace's store folder::

    current            the name of the generation that readers open, replaced in one step
    lock               held by the process that builds
    <generation>/      manifest.json, in-use (locked by readers) and db/ (the Oxigraph database)

A reader never sees half a store: a generation is complete before `current` names it, and is not changed afterwards.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from coopgraph import sparql
from coopgraph.errors import DataError, QueryError
from coopgraph.store import Bindings, Store
from coopgraph.terms import NamedNode, Quad, Term, Triple, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rdflib import Dataset

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: builds are not locked against each other there
    fcntl = None  # type: ignore[assignment]

MANIFEST = "manifest.json"


class EmbeddedStore(Store):
    """One complete generation of a graph on this machine, opened to read."""

    def __init__(
        self, database: ox.Store, prefixes: Mapping[str, str], manifest: dict[str, Any], pin: int | None = None
    ):
        super().__init__(prefixes, manifest)
        self._database = database
        self._release = weakref.finalize(self, os.close, pin) if pin is not None else None

    def close(self) -> None:
        """Let go of the generation, so that a later build may remove it."""
        if self._release:
            self._release()

    def query(
        self, text: str, bindings: Bindings | None = None
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Run SPARQL text over the union of all named graphs, with variables bound to terms.

        Raises `QueryError` (one line) where the text is not SPARQL, reaches out, or binds what it does not select.
        """
        named = sparql.guard(text)
        self._check_graphs(named)
        return run(self._database, text, self.prefixes, bindings, union=not named)

    def quads(
        self,
        *,
        subject: str | None = None,
        predicate: str | None = None,
        target: Term | None = None,
        graph: str | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern."""
        s, p, g = (NamedNode(iri) if iri else None for iri in (subject, predicate, graph))
        return self._database.quads_for_pattern(s, p, target, g)

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        return sorted(node.value for node in self._database.named_graphs())

    def dataset(self) -> Dataset:
        """Return a read-only rdflib `Dataset` over this store, its default graph the union of the named graphs."""
        from coopgraph import dataset

        return dataset.over(self._database, self.prefixes, keep=self)

    def _check_graphs(self, named: Iterable[str]) -> None:
        for name in named:
            iri = expand(name, self.prefixes)
            if iri is not None and not self._database.contains_named_graph(NamedNode(iri)):
                raise QueryError(
                    f"FROM {name}: there is no such graph in the store; `coopgraph stats` lists the graphs"
                )


def run(
    database: ox.Store, text: str, prefixes: Mapping[str, str], bindings: Bindings | None, *, union: bool
) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
    """Run guarded SPARQL text on an Oxigraph database, errors as one line.

    `union` makes the union of the named graphs the default graph; beside it FROM would have no effect.
    """
    substitutions = {ox.Variable(name): term for name, term in (bindings or {}).items()}
    try:
        return database.query(
            text,
            prefixes=dict(prefixes),
            use_default_graph_as_union=union,
            substitutions=substitutions,
        )
    except (SyntaxError, ValueError, OSError, RuntimeError) as error:
        undeclared = sparql.undeclared(text, prefixes) if isinstance(error, SyntaxError) else None
        raise QueryError(undeclared or _one_line(error)) from error


def _one_line(error: Exception) -> str:
    """Say in one line what the engine said, in terms of the query: its grammar's token classes help nobody."""
    text = " ".join(str(error).split())
    if unprojected := re.search(r"does not contains? variable \?(\w+) in its SELECT projection", text):
        name = unprojected.group(1)
        return f"parameter ?{name} is not projected; add ?{name} to SELECT (and to GROUP BY when aggregating)"
    if place := re.match(r"error at (\d+:\d+): (?:expected (?:one of )?)?(.*)", text):
        said = [part for part in place.group(2).split(", ") if re.fullmatch(r"[A-Za-z ]+", part)]
        expected = f" (expected {' or '.join(said[:3])})" if said else ""
        return f"{place.group(1)}: is not SPARQL{expected}; mend the query there"
    return text


class Builder:
    """A graph in the making: load files into it, run rules on it; a `Generation` can become the store."""

    def __init__(self, prefixes: Mapping[str, str], database: ox.Store | None = None) -> None:
        self._prefixes = dict(prefixes)
        self._database = ox.Store() if database is None else database

    def add(self, batches: Iterable[tuple[str, Iterable[Triple]]]) -> None:
        """Add triples to named graphs, given as (graph IRI, triples), in one stream: a load each has its own cost."""
        self._database.bulk_extend(
            Quad(t.subject, t.predicate, t.object, node)
            for graph, triples in batches
            for node in (NamedNode(graph),)
            for t in triples
        )

    def query(
        self, text: str, bindings: Bindings | None = None
    ) -> ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean:
        """Run SPARQL text over the union of what is loaded so far."""
        return run(self._database, text, self._prefixes, bindings, union=not sparql.guard(text))

    def reader(self) -> EmbeddedStore:
        """Return what is loaded so far as a store to read from."""
        return EmbeddedStore(self._database, self._prefixes, {})


class Generation(Builder):
    """A graph in the making on disk, beside the current store."""

    def __init__(self, folder: Path, prefixes: Mapping[str, str]) -> None:
        self.finished = False
        self._folder = folder
        self._aside = folder / f"{time.time_ns():x}"
        self._aside.mkdir(parents=True)
        (self._aside / "in-use").touch()
        super().__init__(prefixes, ox.Store(str(self._aside / "db")))

    def copy(self, builder: Builder) -> None:
        """Take over all that another builder holds."""
        self._database.bulk_extend(builder.reader().quads())

    def finish(self, manifest: Mapping[str, Any]) -> None:
        """Make the generation complete and the current one."""
        self._database.flush()
        self._close()
        write_aside(self._aside / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
        write_aside(self._folder / "current", self._aside.name)
        self.finished = True
        _sweep(self._folder, keep=self._aside.name)

    def discard(self) -> None:
        """Throw the generation away; the former one stays as it was."""
        self._close()
        shutil.rmtree(self._aside, ignore_errors=True)

    def _close(self) -> None:
        self._database = ox.Store()  # Oxigraph closes a database when nothing refers to it any more


@contextmanager
def building(folder: Path, prefixes: Mapping[str, str], wait: float = 0) -> Iterator[Generation]:
    """Give a `Generation` and hold the build lock of the folder; what is not finished is thrown away.

    Raises `DataError` where another build holds the lock for longer than `wait` seconds, or the disk cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "lock", wait):
            if not (folder / ".gitignore").exists():
                write_aside(folder / ".gitignore", "*\n")
            _sweep(folder, keep=_current(folder))
            generation = Generation(folder, prefixes)
            try:
                yield generation
            finally:
                if not generation.finished:
                    generation.discard()
    except OSError as error:
        what = error.strerror or " ".join(str(error).split())
        raise DataError(
            f"{folder}: the store cannot be written ({what}); make room or mend the permissions, then build again"
        ) from error


def open_store(folder: Path, prefixes: Mapping[str, str]) -> EmbeddedStore:
    """Open the current generation to read. Raises `DataError` where there is none or it is damaged."""
    for _ in range(5):  # a build may swap and sweep between our reading the name and our pinning it
        name = _current(folder)
        if not name:
            break
        try:
            return _pinned(folder / name, prefixes)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RuntimeError) as error:
            what = " ".join(str(error).split())
            raise DataError(f"{folder}: the store is damaged ({what}); run coopgraph build") from error
    raise DataError(f"{folder}: there is no store yet; run coopgraph build")


def _pinned(generation: Path, prefixes: Mapping[str, str]) -> EmbeddedStore:
    """Lock a generation against removal, then open it."""
    pin = os.open(generation / "in-use", os.O_RDONLY)
    try:
        if fcntl:
            fcntl.flock(pin, fcntl.LOCK_SH)
        held = json.loads((generation / MANIFEST).read_text(encoding="utf-8"))
        return EmbeddedStore(ox.Store.read_only(_utf8(generation / "db")), prefixes, held, pin)
    except BaseException:
        os.close(pin)
        raise


def _utf8(path: Path) -> str:
    """Return a path as Oxigraph wants it, which is UTF-8 whatever the locale says."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of the current generation, or None where there is none."""
    name = _current(folder)
    return (read_json(folder / name / MANIFEST) or None) if name else None


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object that a file holds, an empty one where there is none or it is damaged."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _current(folder: Path) -> str:
    try:
        return (folder / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def write_aside(path: Path, text: str) -> None:
    """Write a file aside, to the disk, and rename it."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


@contextmanager
def _locked(path: Path, wait: float) -> Iterator[None]:
    deadline = time.monotonic() + wait
    with path.open("a") as file:
        while fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DataError(
                        f"{path.parent}: another build is running; wait until it ends, then try again"
                    ) from None
                time.sleep(0.05)
        yield


def _sweep(folder: Path, keep: str) -> None:
    """Remove generations that nobody reads: former ones, and what an interrupted build left."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != keep:
            _remove_unread(path)
        elif path.suffix == ".new":
            path.unlink(missing_ok=True)


def _remove_unread(generation: Path) -> None:
    """Remove a generation unless a reader holds it; the lock is kept meanwhile, so that none can come in."""
    try:
        with (generation / "in-use").open() as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(generation, ignore_errors=True)
    except FileNotFoundError:
        shutil.rmtree(generation, ignore_errors=True)
    except BlockingIOError:
        return
