"""What pushes have written to a server: one graph there that names the others, and says what each of them holds.

Of each graph it has the number of triples and, once it has arrived whole, a digest; of all, title, licence, base and
the like. It also names the push that was begun last, so that an earlier one that still runs notices and stops.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from coopgraph.errors import ServerError
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Term, value
from coopgraph.server import paging
from coopgraph.server.credentials import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyoxigraph as ox

    from coopgraph.server.client import Server

SCHEMA, VOID = vocab.STANDARD["schema"], vocab.STANDARD["void"]
DIGEST = SCHEMA + "sha256"
TRIPLES = VOID + "triples"
DESCRIPTION = {
    "title": SCHEMA + "name",
    "description": SCHEMA + "description",
    "license": SCHEMA + "license",
    "creator": SCHEMA + "creator",
    "version": SCHEMA + "version",
    "modified": SCHEMA + "datePublished",
    "base": VOID + "uriSpace",
    "built": SCHEMA + "dateModified",
}
"""What the manifest of a store says -> the property of the manifest graph's own node that says it on a server."""
BY_LANGUAGE = {"title": "titles", "description": "descriptions"}
"""Which of these the manifest may have in several languages too, and what says it there."""
CLAIMS = VOID + "entities"
"""Property of a status: how many claims have it."""
_PUSH = SCHEMA + "identifier"

_TOGETHER = 500
"""Graphs in one update: Virtuoso's compiler takes 1,000 of them, and fails at 2,000."""

_ENTRIES = """\
SELECT ?graph ?triples ?digest WHERE {
  GRAPH $manifest {
    ?graph $count ?triples .
    OPTIONAL { ?graph $digest ?digest }
  }
}
"""
_ABOUT = "SELECT ?property ?value WHERE { GRAPH $manifest { $manifest ?property ?value } }"
_TAKE = """\
DELETE { GRAPH $manifest { $manifest ?property ?value } }
WHERE { VALUES ?property { $push $digest } GRAPH $manifest { $manifest ?property ?value } } ;
INSERT DATA { GRAPH $manifest { $manifest $push $mine ; $base $rows } }
"""
_BEGIN = """\
DELETE { GRAPH $manifest { ?graph ?property ?value } }
WHERE { VALUES (?graph ?new) { $rows } GRAPH $manifest { ?graph ?property ?value } } ;
INSERT { GRAPH $manifest { ?graph $count ?new } }
WHERE { GRAPH $manifest { $manifest $push $mine } VALUES (?graph ?new) { $rows } }
"""
_FINISH = """\
INSERT { GRAPH $manifest { ?graph $digest ?new } }
WHERE { GRAPH $manifest { $manifest $push $mine } VALUES (?graph ?new) { $rows } }
"""
_FORGET = """\
DELETE { GRAPH $manifest { ?graph ?property ?value } }
WHERE { VALUES ?graph { $rows } GRAPH $manifest { ?graph ?property ?value } }
"""
_DESCRIBE = """\
DELETE { GRAPH $manifest { ?node ?property ?value } }
WHERE { GRAPH $manifest { ?node ?property ?value } FILTER(?node = $manifest || ?property = $claims) } ;
INSERT DATA { GRAPH $manifest { $rows } }
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of a graph; `digest` is None from when it is being sent until it has arrived."""

    triples: int
    digest: str | None


class Ledger:
    """The ledger of a server."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._mine = Literal(secrets.token_hex(8))
        self._terms: dict[str, Term] = {
            "$manifest": NamedNode(vocab.MANIFEST),
            "$count": NamedNode(TRIPLES),
            "$digest": NamedNode(DIGEST),
            "$push": NamedNode(_PUSH),
            "$base": NamedNode(DESCRIPTION["base"]),
            "$claims": NamedNode(CLAIMS),
            "$mine": self._mine,
        }

    def entries(self) -> dict[str, Entry]:
        """Return graph -> entry."""
        entries = {}
        for graph, triples, digest in self._rows(_ENTRIES, "graph", "triples", "digest"):
            if isinstance(graph, NamedNode):  # what somebody else has written there is no entry
                size, whole = number(triples), isinstance(digest, Literal)
                entries[graph.value] = Entry(size or 0, value(digest) if whole and size is not None else None)
        return entries

    def about(self) -> dict[str, str]:
        """Return property -> value of the node that stands for all that was pushed; empty where nothing was."""
        return {value(name): value(term) for name, term in self._rows(_ABOUT, "property", "value") if name and term}

    def take(self, base: str) -> None:
        """Make this push, of the workspace with that base, the one that was begun last."""
        self._update(_TAKE, str(Literal(base)))

    def begin(self, sizes: Mapping[str, int]) -> None:
        """Note that graphs are about to be replaced: from now on nothing is said of what they hold but their sizes."""
        for part in _parts(sizes.items()):
            self._update(_BEGIN, _table((NamedNode(graph), Literal(size)) for graph, size in part))

    def finish(self, digests: Mapping[str, str]) -> None:
        """Note that graphs have arrived. Raises `ServerError` where another push has begun meanwhile."""
        for part in _parts(digests.items()):
            self._update(_FINISH, _table((NamedNode(graph), Literal(digest)) for graph, digest in part))
        self.hold()

    def forget(self, graphs: Iterable[str]) -> None:
        """Drop the entries of graphs that are no more."""
        for part in _parts(graphs):
            self._update(_FORGET, " ".join(str(NamedNode(graph)) for graph in part))

    def hold(self) -> None:
        """Raise `ServerError` where another push has begun meanwhile."""
        if self.about().get(_PUSH) != self._mine.value:
            raise ServerError(
                f"{shown(self._server.address)}: another push has begun, so this one has stopped; "
                "wait until that one ends, then push again"
            )

    def describe(self, manifest: Mapping[str, Any], digest: str) -> None:
        """Write what all that was pushed is, in place of what was written before, and that this push has ended."""
        self.hold()
        node = NamedNode(vocab.MANIFEST)
        triples: list[tuple[Term, NamedNode, Term]] = [(node, NamedNode(DIGEST), Literal(digest))]
        for name, iri in DESCRIPTION.items():
            if by_language := manifest.get(BY_LANGUAGE.get(name, "")):
                triples += [(node, NamedNode(iri), Literal(text, language=tag)) for tag, text in by_language.items()]
            elif manifest.get(name):
                triples.append((node, NamedNode(iri), Literal(str(manifest[name]))))
        for status, number in manifest.get("claims", {}).items():
            triples.append((NamedNode(vocab.status_iri(status)), NamedNode(CLAIMS), Literal(number)))
        self._update(_DESCRIBE, " . ".join(" ".join(map(str, triple)) for triple in triples))

    def _rows(self, text: str, *columns: str) -> Iterator[ox.QuerySolution]:
        return paging.rows(self._server.query, self._filled(text), columns)

    def _update(self, text: str, rows: str = "") -> None:
        self._server.update(self._filled(text).replace("$rows", rows), is_idempotent=True)

    def _filled(self, text: str) -> str:
        for name, term in self._terms.items():
            text = text.replace(name, str(term))
        return text


def number(term: Term | None) -> int | None:
    """Return the number that a literal gives, None where it gives none."""
    text = term.value if isinstance(term, Literal) else ""
    return int(text) if text.isascii() and text.isdecimal() else None


def _table(rows: Iterable[tuple[Term, ...]]) -> str:
    return " ".join(f"({' '.join(map(str, row))})" for row in rows)


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while part := list(islice(rest, _TOGETHER)):
        yield part
