"""The graph of a workspace brought to a SPARQL server: each named graph by itself, and only those that have changed.

A graph that readers of the server see is either as it was or as it is now. What the server holds is noted in its ledger
(see `ledger`), after each part of the way; so a push that breaks off is gone on with by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import RdfFormat, serialize

from coopgraph.errors import ServerError
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import BlankNode, Quad, Triple
from coopgraph.server.answers import triples
from coopgraph.server.credentials import shown
from coopgraph.server.ledger import DESCRIPTION, DIGEST, Ledger
from coopgraph.server.remote import RemoteStore
from coopgraph.store import current, fingerprints

if TYPE_CHECKING:
    from coopgraph.claims.workspace import Workspace
    from coopgraph.server.client import Server
    from coopgraph.store.interface import Store

Progress = Callable[[int, int, str], None]
"""Called with the number of triples sent, of all that are to be sent, and the name of the graph that comes next."""
_Item = TypeVar("_Item", Quad, Triple)

_TRIPLES, _GRAPHS = 50_000, 500
"""What is sent between two notes in the ledger, at most: triples and graphs."""
_PIECE = 500_000
"""Triples in one request; a longer graph is sent in several, and is seen growing meanwhile."""
_LARGE = 5_000
"""Triples from which on it pays to ask a server what it has of a graph and to send the difference."""
_DIFFERENCE = 2_000
"""Triples of a difference at most: it goes in one update, so that readers see all of it or nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a push does: graphs to send, and the number of their triples; graphs to take away; how many stay.

    `gone` were pushed and are in the workspace no more, and `foreign` were never pushed: nothing is done about those.
    """

    send: dict[str, int]
    remove: tuple[str, ...]
    same: int
    gone: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def triples(self) -> int:
        """How many triples the graphs to send have."""
        return sum(self.send.values())


class Push:
    """A store of a workspace, and a server that is to hold the same.

    `full` sends all graphs, whatever the ledger says; `prune` takes away what was pushed and is in the workspace no
    more. Raises `ServerError` where the server holds the graph of another workspace.
    """

    def __init__(
        self, workspace: Workspace, store: Store, server: Server, *, full: bool = False, prune: bool = False
    ) -> None:
        self._base, self._store, self._server, self._full = workspace.base, store, server, full
        self._ledger = Ledger(server)
        self._about = self._ledger.about()
        self._check_owner()
        self._entries = self._ledger.entries()
        self._there = set(RemoteStore(server, workspace.prefixes).graphs())
        self._files, self._made_from = _digests(workspace)
        self._unchanged = self._about.get(DIGEST) == self._made_from
        self._digests: dict[str, str] = {}
        self._begun = False
        self.plan = self._planned(prune)

    def _check_owner(self) -> None:
        base = self._about.get(DESCRIPTION["base"])
        if base is not None and base != self._base:
            title = RemoteStore(self._server, self._store.prefixes).manifest.get("title")
            raise ServerError(
                f"{shown(self._server.address)}: holds another graph, {title or 'half pushed'!r} of {base}; "
                "push to a server or dataset of its own"
            )

    def _planned(self, prune: bool) -> Plan:
        here = set(self._store.graphs())
        stale = sorted(graph for graph in here if self._full or not self._is_there(graph))
        sizes = self._store.manifest["counts"]["graphs"]
        gone = sorted(self._entries.keys() - here - set(vocab.MADE))
        empty = sorted(set(vocab.MADE) & self._entries.keys() - here)  # where one is empty here, it goes there too
        return Plan(
            send={graph: sizes[graph] for graph in stale},
            remove=(*empty, *gone) if prune else tuple(empty),
            same=len(here) - len(stale),
            gone=() if prune else tuple(gone),
            foreign=tuple(sorted(self._there - here - self._entries.keys())),
        )

    def _is_there(self, graph: str) -> bool:
        entry = self._entries.get(graph)
        return bool(entry and entry.digest and graph in self._there and entry.digest == self._digest(graph))

    def _digest(self, graph: str) -> str:
        """Return what tells the content of a graph from any other: the digest of its file, or else of its lines."""
        if graph not in self._digests:
            entry = self._entries.get(graph)
            if graph in self._files:
                self._digests[graph] = self._files[graph]
            elif entry and entry.digest and self._unchanged:
                self._digests[graph] = entry.digest
            else:
                self._digests[graph] = _digest_of_lines(self._triples(graph))
        return self._digests[graph]

    def _triples(self, graph: str) -> Iterator[Triple]:
        return (quad.triple for quad in self._store.quads(graph=graph))

    def begin(self) -> None:
        """Make this the push that was begun last, where it has anything to do; the server may ask who we are."""
        if not self._begun and not (self._unchanged and not self.plan.send and not self.plan.remove):
            self._ledger.take(self._base)
            self._begun = True

    def run(self, progress: Progress | None = None) -> None:
        """Do what the plan says. Raises `ServerError` where the server does not take it, or another push has begun."""
        self.begin()
        if not self._begun:
            return
        done, waiting = 0, None
        for window in _windows(self.plan.send):
            requests = self._requests(window)
            if sum(window.values()) <= _PIECE:
                requests = iter(list(requests))  # made while the former ones are under way
            if waiting:
                waiting.result()
            waiting = _Task(partial(self._send, window, requests))
            if progress:
                progress(done, self.plan.triples, next(iter(window)))
            done += sum(window.values())
        if waiting:
            waiting.result()
        self._take_away(self.plan.remove)
        self._ledger.describe(self._store.manifest, self._made_from)

    def _send(self, window: dict[str, int], requests: Iterable[Callable[[], None]]) -> None:
        self._ledger.begin(window)
        for request in requests:
            request()
        self._ledger.finish({graph: self._digest(graph) for graph in window})

    def _requests(self, window: dict[str, int]) -> Iterator[Callable[[], None]]:
        """Yield what to call to make the server hold the graphs of a window."""
        new = [graph for graph in window if graph not in self._there] if self._server.traits.loads else []
        for pieces in _pieces(quad for graph in new for quad in self._store.quads(graph=graph)):
            written = _written(pieces, RdfFormat.N_QUADS)
            yield partial(self._server.add_quads, written, is_idempotent=b"_:" not in written[0])
        for graph in sorted(window.keys() - set(new)):
            change = self._change(graph, window[graph])
            if change is not None:
                yield partial(self._server.update, change, is_idempotent=True)
                continue
            send = self._server.replace_graph
            for piece in _pieces(self._triples(graph)):
                yield partial(send, graph, _written(piece, RdfFormat.N_TRIPLES))
                send = self._server.add_to_graph

    def _change(self, graph: str, size: int) -> str | None:
        """Return the update that makes a large graph of the server what it is here, where it differs in little.

        Only of a server that is known to give a graph whole and as it was sent.
        """
        if graph not in self._there or size < _LARGE or self._full or not self._server.traits.loads:
            return None
        wanted = set(self._triples(graph))
        former = set(islice(triples(self._server.graph(graph)), len(wanted) + _DIFFERENCE + 1))
        if len(former ^ wanted) > _DIFFERENCE or any(map(_is_nameless, former ^ wanted)):
            return None
        return " ;\n".join(
            f"{verb} DATA {{ GRAPH <{graph}> {{ {' . '.join(map(str, some))} }} }}"
            for verb, some in (("DELETE", former - wanted), ("INSERT", wanted - former))
        )

    def _take_away(self, graphs: Iterable[str]) -> None:
        for graph in graphs:
            self._ledger.begin({graph: 0})
            self._server.delete_graph(graph)
            self._ledger.forget([graph])


class _Task:
    """Something done beside what we do; Ctrl-C does not wait for it."""

    def __init__(self, call: Callable[[], None]) -> None:
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, args=(call,), daemon=True)
        self._thread.start()

    def _run(self, call: Callable[[], None]) -> None:
        try:
            call()
        except BaseException as error:
            self._error = error

    def result(self) -> None:
        """Wait until it is done, and raise what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error


def _windows(sizes: dict[str, int]) -> Iterator[dict[str, int]]:
    """Yield graphs by what is sent between two notes in the ledger."""
    window: dict[str, int] = {}
    for graph, size in sizes.items():
        if window and (sum(window.values()) + size > _TRIPLES or len(window) == _GRAPHS):
            yield window
            window = {}
        window[graph] = size
    if window:
        yield window


def _pieces(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    rest = iter(items)
    while piece := list(islice(rest, _PIECE)):
        yield piece


def _written(items: Iterable[_Item], form: RdfFormat) -> list[bytes]:
    return [serialize(items, format=form) or b""]


def _digests(workspace: Workspace) -> tuple[dict[str, str], str]:
    """Return graph -> digest of its file, and one of all files that the current store of a workspace was made from."""
    inputs = current.state(workspace.store_folder, "inputs.json")
    names = {fingerprints.name(file.path, workspace.root): file.graph for file in workspace.graph_files()}
    graphs = {
        names[path]: fingerprints.checksum(stamp) for path, stamp in inputs.get("graphs", {}).items() if path in names
    }
    shared = sorted(fingerprints.checksum(stamp) for stamp in inputs.get("shared", {}).values())
    return graphs, sha256(repr((sorted(graphs.items()), shared)).encode()).hexdigest()


def _digest_of_lines(some: Iterable[Triple]) -> str:
    digest = sha256()
    for line in sorted(map(str, some)):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _is_nameless(triple: Triple) -> bool:
    return any(isinstance(term, BlankNode) for term in triple)
