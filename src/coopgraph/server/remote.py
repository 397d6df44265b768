"""A store on a SPARQL 1.1 server: the same questions, patterns and names, asked over HTTP."""

from __future__ import annotations

import os
import re
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from coopgraph.claims.model import best_label
from coopgraph.claims.workspace import SETTINGS, STORE
from coopgraph.errors import DataError, QueryError, ServerError
from coopgraph.rdf import sparql, sparql_guard, vocab
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Node, Quad, Term, language_tag, value
from coopgraph.server import allowed_hosts, answers, ledger, literals, paging
from coopgraph.server.binding import bound
from coopgraph.server.client import TRIPLES, Server
from coopgraph.server.credentials import refuse_in, shown
from coopgraph.store import name_index, written_forms
from coopgraph.store.interface import Answer, Bindings, Graphs, Solutions, Store, Triples
from coopgraph.store.local import no_such_graph, run

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from rdflib import Dataset

    from coopgraph.claims.workspace import Workspace
    from coopgraph.server.body import Body
    from coopgraph.server.credentials import Credentials
    from coopgraph.store.name_index import Hit

_PUSHED = f"SELECT ?node ?property ?value {{ GRAPH <{vocab.MANIFEST}> {{ ?node ?property ?value }} }}"
_BATCH = 200
"""Things that are described in one request."""
_NO_GRAPH = "urn:x-coopgraph:none"
"""A graph that nobody has."""
_ODD = "[^ -~ぁ-ゖァ-ヺ一-鿿가-힣]"
"""Characters that may fold to something else than their small letter; texts with one are compared here."""


class RemoteStore(Store):
    """A graph on a server, opened to read."""

    def __init__(self, server: Server, prefixes: Mapping[str, str]) -> None:
        super().__init__(prefixes, {})
        self._server = server
        self.address = server.address
        self._reader = ox.Store()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was said of the graph when it was pushed; empty where it came there in another way."""
        told: dict[str, dict[str, str]] = {}
        claims: dict[str, int] = {}
        for node, property_, term in self._rows(_PUSHED, ["node", "property", "value"]):
            if property_ == NamedNode(ledger.CLAIMS) and isinstance(node, NamedNode):
                if (size := ledger.number(term)) is not None:
                    claims[vocab.local_name(node.value)] = size
            elif node == NamedNode(vocab.MANIFEST) and isinstance(term, Literal):
                names = {NamedNode(iri): name for name, iri in ledger.DESCRIPTION.items()}
                if property_ in names:
                    told.setdefault(names[property_], {})[language_tag(term.language or "")] = term.value
        description = {name: best_label(texts, "") for name, texts in told.items()}
        several = {key: told[name] for name, key in ledger.BY_LANGUAGE.items() if any(told.get(name, ()))}
        return description | several | ({"claims": claims} if claims else {})

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def query(
        self,
        text: str,
        bindings: Bindings | None = None,
        *,
        graph: str | None = None,
        graphs: Graphs | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> Answer:
        """Run SPARQL text over the union of all named graphs, one `graph` or `graphs`, as `Store.query` has it.

        Raises `ServerError` too, where the server cannot answer.
        """
        prefixes = self.prefixes if prefixes is None else prefixes
        named = () if graphs else sparql_guard.admitted(text, prefixes).graphs
        # Oxigraph reads the text too, on nothing, so that what is wrong is told in the same words everywhere.
        read = run(self._reader, text, prefixes, bindings)
        self._check_graphs(named)
        columns = [variable.value for variable in read.variables] if isinstance(read, Solutions) else []
        text = self._server.traits.own_text(text)
        whole = _declared(bound(text, bindings or {}, columns), prefixes)
        parameters = self._parameters(graphs, graph, named)
        if isinstance(read, Solutions):
            return written_forms.rows_of(self._rows(whole, columns, parameters), text)
        if isinstance(read, ox.QueryBoolean):
            return answers.boolean(self._ask(whole, parameters))
        made = answers.triples(self._ask(whole, parameters, TRIPLES))
        return Triples(literals.triples(made) if self._server.traits.own_literals else made)

    def matching(
        self, subject: Node | None, predicate: NamedNode | None, target: Term | None, graph: NamedNode | None
    ) -> Iterator[Quad]:
        """Yield the quads that match a pattern of terms; a blank node of ours is none of the server's."""
        if isinstance(subject, BlankNode) or isinstance(target, BlankNode):
            return iter(())
        if self._server.traits.own_literals and literals.is_value(target):
            same = f"GRAPH {graph or '?g'} {{ {subject or '?s'} {predicate or '?p'} {target} }}"
            alike = self._matching(same, subject, predicate, None, graph)
            return (quad for quad in alike if quad.object == target)  # a pattern with true matches 1 too
        return self._matching("", subject, predicate, target, graph)

    def described(self, subjects: Iterable[str], predicate: str | None = None) -> Iterator[Quad]:
        """Yield all quads of each of many subjects (IRIs), or those with one predicate, those of a subject together."""
        rest = iter(subjects)
        while batch := list(islice(rest, _BATCH)):
            values = f"VALUES ?s {{ {' '.join(str(NamedNode(iri)) for iri in batch)} }}"
            quads: dict[str, list[Quad]] = {iri: [] for iri in batch}
            for quad in self._matching(values, None, NamedNode(predicate) if predicate else None, None, None):
                if value(quad.subject) not in quads:
                    raise self._strange(f"tells of {quad.subject}, which it was not asked about")
                quads[value(quad.subject)].append(quad)
            for iri in batch:
                yield from quads[iri]

    def labelled(self, text: str) -> list[str]:
        """Return the IRIs of the things that have exactly this name, as `name_index.fold` compares names; sorted."""
        wanted = name_index.fold(text)
        names = [iri for iri, kind in name_index.KINDS.items() if kind != name_index.GIST]
        return sorted({iri for iri, _, name in self._candidates(wanted, names) if name_index.fold(name) == wanted})

    def search(self, text: str, limit: int) -> list[Hit]:
        """Return the things that have a text in a name or gist, each once, as `name_index.ranked` has them."""
        return name_index.ranked(self._candidates(name_index.fold(text), name_index.KINDS), text, limit)

    def graphs(self) -> list[str]:
        """Return the IRIs of the named graphs, sorted."""
        text = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ {self._server.traits.graph_has} }} }}"
        graphs = (value(row[0]) for row in self._rows(text, ["g"]) if row[0])
        return sorted(iri for iri in graphs if not self._hidden(iri))

    def dataset(self) -> Dataset:
        """Return a read-only rdflib `Dataset` over this store, its default graph the union of the named graphs."""
        from coopgraph.store import rdflib_dataset

        return rdflib_dataset.over(self)

    def _matching(
        self, values: str, s: Node | None, p: NamedNode | None, o: Term | None, g: NamedNode | None
    ) -> Iterator[Quad]:
        """Yield the quads that match terms, asking the server for what is not given alone."""
        terms: dict[str, Any] = {"s": s, "p": p, "o": o, "g": g}
        free = [name for name, term in terms.items() if term is None]
        written = {name: str(term) if term is not None else f"?{name}" for name, term in terms.items()}
        pattern = "{values} GRAPH {g} {{ {s} {p} {o} }}".format(values=values, **written)
        if not free:
            if answers.boolean(self._ask(f"ASK {{ {pattern} }}")):
                yield Quad(s, p, o, g)  # type: ignore[arg-type]
            return
        places = {name: free.index(name) for name in free}
        get = [(places.get(name, -1), term) for name, term in terms.items()]
        graphs: dict[str, bool] = {}
        for row in self._rows(f"SELECT {' '.join(f'?{name}' for name in free)} {{ {pattern} }}", free):
            try:
                quad = Quad(*(row[place] if term is None else term for place, term in get))
            except TypeError:
                raise self._strange("gives what is no triple") from None
            iri = value(quad.graph_name)
            if iri not in graphs:
                graphs[iri] = self._hidden(iri)
            if not graphs[iri]:
                yield quad

    def _candidates(self, wanted: str, predicates: Iterable[str]) -> Iterator[name_index.Row]:
        """Yield names and gists that may have a folded text; the server's idea of letters is not ours."""
        words = wanted.split()
        if not words:
            return
        having = " && ".join(f"CONTAINS(LCASE(STR(?text)), {Literal(word)})" for word in words)
        values = " ".join(f"<{iri}>" for iri in predicates)
        text = (
            f"SELECT DISTINCT ?thing ?kind ?text {{ VALUES ?kind {{ {values} }} ?thing ?kind ?text "
            f"FILTER(({having}) || REGEX(STR(?text), {Literal(_ODD)})) }}"
        )
        for thing, kind, name in self._rows(text, ["thing", "kind", "text"], self._union):
            if isinstance(thing, NamedNode) and isinstance(name, Literal):
                yield thing.value, name_index.KINDS[value(kind)], name.value

    def _rows(self, text: str, columns: list[str], parameters: Iterable[tuple[str, str]] = ()) -> Solutions:
        ask, traits = partial(self._ask, parameters=parameters), self._server.traits
        rows = paging.rows(ask, text, columns, self._server.most_rows, tells=traits.tells_cuts)
        usual = literals.rows(rows) if traits.own_literals else rows
        return paging.Rows([ox.Variable(name) for name in columns], usual)

    def _ask(self, text: str, parameters: Iterable[tuple[str, str]] = (), accept: str | None = None) -> Body:
        more = {"accept": accept} if accept else {}
        return self._server.query(text, parameters=parameters, seconds=self.seconds, **more)

    @cached_property
    def _union(self) -> list[tuple[str, str]]:
        """What goes with a query so that its default graph is the union of the named graphs."""
        return self._server.union(self.graphs)

    def _parameters(self, graphs: Graphs | None, graph: str | None, named: Collection[str]) -> list[tuple[str, str]]:
        """Return what tells the server which graphs to ask; it knows no empty list of them."""
        if graphs is not None:
            default = graphs.default or (_NO_GRAPH,)
            return [("default-graph-uri", iri) for iri in default] + [("named-graph-uri", iri) for iri in graphs.named]
        return [] if named else self._union if graph is None else [("default-graph-uri", graph)]

    def _check_graphs(self, named: Iterable[str]) -> None:
        for iri in named:
            if next(self.quads(graph=iri), None) is None:
                raise QueryError(no_such_graph(iri, self.prefixes))

    def _strange(self, what: str) -> ServerError:
        return ServerError(f"{shown(self._server.address)}: {what}; look at the server")

    def _hidden(self, graph: str) -> bool:
        """Say whether a graph is the server's own, or says what was pushed and not what is."""
        return graph == vocab.MANIFEST or re.fullmatch(self._server.traits.own_graphs, graph) is not None


def _declared(text: str, prefixes: Mapping[str, str]) -> str:
    """Return a query with the prefixes that it uses and does not declare."""
    used = {token.partition(":")[0] for kind, token, _ in sparql.tokens(text) if kind == "name"}
    missing = sorted(used - set(sparql.declared(text)) - {"_"})
    lines = [f"PREFIX {name}: <{prefixes[name]}> " for name in missing if name in prefixes]
    return "".join(lines) + text


def open_store(
    workspace: Workspace, given: str | None, ask: Callable[[str], Credentials | None] | None = None
) -> RemoteStore:
    """Open the store of a `server_of`."""
    return RemoteStore(server_of(workspace, given, ask), workspace.prefixes)


def server_of(
    workspace: Workspace, given: str | None, ask: Callable[[str], Credentials | None] | None = None
) -> Server:
    """Return the server at the address that is given, or else that the environment or the workspace's settings name.

    What the settings say of a server counts where it is the one that they name. `ask` gives credentials where it wants
    some and there are none at hand. Raises `ServerError` where only the workspace names it (see `allowed_hosts`).
    """
    by_person = given or os.environ.get(STORE)
    address = refuse_in(workspace.server_address(given) or "")
    allowed = {*allowed_hosts.configured(), *([allowed_hosts.origin(address)] if by_person else [])}
    if allowed_hosts.origin(address) not in allowed:
        raise ServerError(f"{allowed_hosts.refusal(address)}, or name it with --store")
    named = dict(workspace.server)
    settings = named if named.get("store") == address else {}
    rows = settings.get("store_rows", "0")
    if not rows.isascii() or not rows.isdecimal():
        raise DataError(f"{workspace.root / SETTINGS}: store_rows {rows!r} is no number in quotes; mend it")
    return Server(
        address,
        kind=settings.get("store_kind"),
        update=settings.get("store_update"),
        graphs=settings.get("store_graphs"),
        rows=int(rows),
        ask=ask,
        allowed=allowed,
    )
