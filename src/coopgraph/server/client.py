"""A SPARQL 1.1 server: queries, updates and whole graphs over its protocols, streamed."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Self
from urllib.parse import urlencode, urljoin, urlsplit

from coopgraph.errors import QueryError, ServerError
from coopgraph.server import traits
from coopgraph.server.allowed_hosts import origin
from coopgraph.server.answers import boolean
from coopgraph.server.body import Body
from coopgraph.server.credentials import Credentials, refuse_in, shown
from coopgraph.server.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from coopgraph.server.allowed_hosts import Origin

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
QUADS = "application/n-quads"

_LONGEST_GET = 2_000
"""Characters of an address beyond which a query is sent in a body: what stands between may cut long ones off."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_MOST_IN_MEMORY = 1 << 24
_PIECE = 1 << 18
_IN_NAMED = "ASK { GRAPH ?g { ?s ?p ?o } }"
_IN_BOTH = "ASK { GRAPH ?g { ?s ?p ?o } ?s ?p ?o }"
_NO_DESCRIPTION = (400, 404, 405, 406, 415, 422, 500, 501)
"""What servers say that have no description of themselves where their queries go; it still names them."""


class Server:
    """A SPARQL server at the address that answers queries; close it, or use it in a `with` statement.

    What it does not say of itself is told: its other endpoints `update` and `graphs`, its row of `traits.SERVERS` by
    `kind`, and by `rows` how many rows it gives at most, where it cuts without a word. `credentials` are by default
    those of the environment or netrc, and `ask` gives some when the server wants them and there are none. Only the
    servers of `allowed` are asked and told, by default those of the addresses given here. `timeout` is how many seconds
    may pass without a byte.
    """

    def __init__(
        self,
        url: str,
        *,
        update: str | None = None,
        graphs: str | None = None,
        kind: str | None = None,
        rows: int = 0,
        credentials: Credentials | None = None,
        ask: Callable[[str], Credentials | None] | None = None,
        allowed: Collection[Origin] | None = None,
        timeout: float = 300,
    ) -> None:
        self.address = refuse_in(url)
        given = {"update": update, "graphs": graphs}
        self._given = {name: refuse_in(address, name) for name, address in given.items() if address}
        if allowed is None:
            allowed = {origin(address) for address in (url, *self._given.values())}
        self.most_rows = rows
        self._traits = traits.named(kind) if kind else None
        self._transport = Transport(allowed, credentials, ask, timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Server {shown(self.address)}>"

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    @property
    def traits(self) -> traits.Traits:
        """What this kind of server does its own way; the server is asked for its name the first time."""
        if self._traits is None:
            headers = {"Accept": "text/turtle, application/rdf+xml;q=0.8, */*;q=0.1"}
            try:
                response = self._transport.send("GET", self.address, headers=headers, is_safe=True)
                response.close()
                name = response.headers.get("Server", "")
            except ServerError as error:
                if error.status not in _NO_DESCRIPTION:
                    raise
                name = error.server
            self._traits = traits.recognised(self.address, name)
        return self._traits

    def endpoint(self, name: str = "query") -> str:
        """Return the address of endpoint `query`, `update` or `graphs`; raises `ServerError` where it is unknown."""
        if name in self._given:
            return self._given[name]
        whole = self.address
        if urlsplit(whole).path in ("", "/"):
            whole = urljoin(whole, self.traits.query)
        if name == "query":
            return whole
        reference = self.traits.update if name == "update" else self.traits.graphs
        if reference is None:
            raise ServerError(
                f"{shown(whole)}: its endpoint for {name} is not known; set store_{name} in coopgraph.toml"
            )
        database, last = ["", "", *urlsplit(whole).path.strip("/").split("/")][-2:]
        return urljoin(whole, reference.format(last=last, database=database))

    def union(self, graphs: Callable[[], Iterable[str]]) -> list[tuple[str, str]]:
        """Return what goes with a query so that its default graph is the union of all named graphs.

        `graphs` lists them, where the server wants that.
        """
        if self.traits.union in ("always", "parameter"):
            return list(self.traits.parameters)
        if self.traits.union == "unknown" and (boolean(self.query(_IN_BOTH)) or not boolean(self.query(_IN_NAMED))):
            return []
        return [(name, iri) for iri in graphs() for name in ("default-graph-uri", "named-graph-uri")]

    def query(
        self, text: str, *, accept: str = ROWS, parameters: Iterable[tuple[str, str]] = (), seconds: float | None = None
    ) -> Body:
        """Return the answer to a query as a stream of bytes of the media type asked for.

        `parameters` go with it; the server is told to stop after so many `seconds` where it can be told. Raises
        `QueryError` where it says that the query is wrong, and `ServerError` where it cannot answer.
        """
        at = self.endpoint()
        fields = urlencode([("query", text), *parameters, *self.traits.time_limit(seconds)])
        try:
            if len(fields) + len(at) <= _LONGEST_GET:
                whole = f"{at}{'&' if urlsplit(at).query else '?'}{fields}"
                response = self._transport.send("GET", whole, headers={"Accept": accept}, is_safe=True)
            else:
                headers = {"Accept": accept, **_FORM}
                response = self._transport.send("POST", at, content=fields.encode(), headers=headers, is_safe=True)
        except ServerError as error:
            if error.status == 400:
                raise QueryError(
                    f"the server says: {error.explanation or 'the query is wrong'}; mend the query"
                ) from error
            raise
        return Body(response, shown(at), accept)

    def update(self, text: str, *, is_idempotent: bool = False) -> None:
        """Run a SPARQL update; `is_idempotent` says that running it twice does what running it once does."""
        at = self.endpoint("update")
        self._transport.probe_auth(at)
        content = urlencode({"update": text}).encode()
        self._transport.send("POST", at, content=content, headers=_FORM, is_idempotent=is_idempotent).close()

    def replace_graph(self, iri: str, chunks: Iterable[bytes], media_type: str = TRIPLES) -> None:
        """Make a named graph hold what the chunks say."""
        self._send_to_graphs("PUT", ("graph", iri), chunks, media_type, is_idempotent=True)

    def add_to_graph(self, iri: str, chunks: Iterable[bytes], media_type: str = TRIPLES) -> None:
        """Add to a named graph what the chunks say."""
        self._send_to_graphs("POST", ("graph", iri), chunks, media_type, is_idempotent=False)

    def add_quads(self, chunks: Iterable[bytes], *, is_idempotent: bool = False) -> None:
        """Add N-Quads to all the graphs that they name, where the server has a way to (`traits.loads`).

        `is_idempotent` says that sending them twice does what sending them once does, as it is without blank nodes.
        """
        self._send_to_graphs("POST", (self.traits.loads or "", ""), chunks, QUADS, is_idempotent=is_idempotent)

    def delete_graph(self, iri: str) -> None:
        """Remove a named graph; it is no error where there is none."""
        at = self.endpoint("graphs")
        self._transport.probe_auth(at)
        try:
            self._transport.send("DELETE", at, params=[("graph", iri)], is_idempotent=True).close()
        except ServerError as error:
            if error.status != 404:
                raise

    def graph(self, iri: str, *, accept: str = TRIPLES) -> Body:
        """Return a named graph as a stream of bytes."""
        at = self.endpoint("graphs")
        response = self._transport.send("GET", at, params=[("graph", iri)], headers={"Accept": accept}, is_safe=True)
        return Body(response, shown(at), accept)

    def _send_to_graphs(
        self, method: str, parameter: tuple[str, str], chunks: Iterable[bytes], media_type: str, *, is_idempotent: bool
    ) -> None:
        at = self.endpoint("graphs")
        self._transport.probe_auth(at)
        with SpooledTemporaryFile(_MOST_IN_MEMORY) as file:
            # Sent as they come, without a length, Virtuoso takes chunks for nothing at all and says that all is well.
            file.writelines(chunks)
            headers = {"Content-Type": media_type, "Content-Length": str(file.tell())}
            whole = _FromStart(file)
            self._transport.send(
                method, at, params=[parameter], content=whole, headers=headers, is_idempotent=is_idempotent
            ).close()


class _FromStart:
    """A file as pieces that can be read any number of times."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        yield from iter(lambda: self._file.read(_PIECE), b"")
