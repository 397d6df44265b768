"""In what SPARQL servers differ: one row a server, found by its address, its `Server` header, or named in settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from coopgraph.errors import UsageError, unknown

Union = Literal["always", "parameter", "listed", "unknown"]


@dataclass(frozen=True, slots=True)
class Traits:
    """What one kind of server does its own way; endpoints are relative to the address that answers queries.

    `union` says how a query sees all named graphs together: `always`, by `parameters` that go with each query, by
    `listed` graphs (`default-graph-uri` for each), or `unknown` until it is tried.
    """

    name: str
    known_by: str
    """What its `Server` header, or else its address, looks like."""
    query: str = ""
    """The endpoint for queries, where the address is that of the whole server."""
    update: str | None = ""
    graphs: str | None = None
    union: Union = "always"
    parameters: tuple[tuple[str, str], ...] = ()
    own_graphs: str = r"(?!)"
    """What the names of graphs look like that the server keeps for itself."""
    most_rows: int | None = None
    """Rows that an answer has at most, unless the server says otherwise."""
    tells_cuts: bool = False
    """Whether it says in a header where it cut an answer; the number of rows of others is doubted where it is round."""
    graph_has: str = "?s ?p ?o"
    """The pattern by which the names of all graphs are found; an empty one is faster where it does the same."""
    loads: str | None = None
    """The parameter with which the endpoint for graphs takes quads of many graphs in one request, fastest."""
    own_literals: bool = False
    """Whether it keeps numbers and booleans in forms of its own, which are read as `literals` says."""
    timeout: str | None = None
    """How the parameter `timeout` of a query gives a number of seconds, where there is one."""

    def own_text(self, text: str) -> str:
        r"""Return a query without the lines that say that they are not for this kind of server.

        >>> named("virtuoso").own_text("SELECT ?s {\n?s ?p ?o\n}\nLIMIT 9 # not for virtuoso\n")
        'SELECT ?s {\n?s ?p ?o\n}\n'
        """
        lines = text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.rstrip().endswith(f"# not for {self.name}"))

    def time_limit(self, seconds: float | None) -> list[tuple[str, str]]:
        """Return the parameters that tell the server to stop a query after so many seconds."""
        if seconds is None or self.timeout is None or seconds > 1e6:
            return []
        return [("timeout", self.timeout.format(s=max(1, round(seconds)), ms=max(1000, round(seconds * 1000))))]


_VIRTUOSO_GRAPHS = (
    r"http://www\.openlinksw\.com/schemas/virtrdf#|http://www\.w3\.org/2002/07/owl#|http://www\.w3\.org/ns/ldp#|"
    r"https?://[^/]+(:\d+)?/(DAV/?|sparql)|urn:(activitystreams-owl:map|core:services:sparql|rules\.skos)|"
    r"b3s(ifp|onto)(:.*)?|facets|virtrdf-label|dbprdf-label"
)

SERVERS = (
    Traits(
        "oxigraph", r"^Oxigraph/", "query", "update", "store",
        union="parameter", parameters=(("union-default-graph", ""),), graph_has="", loads="no_transaction",
    ),
    Traits("coopgraph", r"^coopgraph\b", update=None, graphs=None, timeout="{s}"),
    Traits(
        "virtuoso", r"^Virtuoso/|/sparql-auth/?$", "sparql", "sparql-auth", "sparql-graph-crud-auth",
        own_graphs=_VIRTUOSO_GRAPHS, most_rows=10_000, tells_cuts=True, own_literals=True, timeout="{ms}",
    ),
    Traits(
        "fuseki", r"Fuseki", "", "update", "data",
        union="parameter", parameters=(("default-graph-uri", "urn:x-arq:UnionGraph"),), timeout="{s}",
    ),
    Traits("graphdb", r"^GraphDB|/repositories/[^/]+/?$", "", "{last}/statements", "{last}/rdf-graphs/service",
           timeout="{s}"),
    Traits("neptune", r"\.neptune\.amazonaws\.com", "sparql", "", "sparql/gsp/"),
    Traits(
        "stardog", r"^Stardog", "", "update", "../{database}",
        union="parameter", parameters=(("default-graph-uri", "tag:stardog:api:context:all"),), timeout="{ms}",
    ),
    Traits("qlever", r"QLever", "", "", "", timeout="{s}s"),
)  # fmt: skip
"""The table; where two rows would fit, the first holds."""

UNKNOWN = Traits("another", r"(?!)", update="", union="unknown")


def named(name: str) -> Traits:
    """Return the row of that name. Raises `UsageError` where there is none."""
    rows = {row.name: row for row in SERVERS}
    if name not in rows:
        raise UsageError(unknown("kind of server", name, list(rows)))
    return rows[name]


def recognised(address: str, header: str = "") -> Traits:
    """Return the row that a `Server` header or an address fits.

    >>> recognised("http://localhost:7878/query", "Oxigraph/0.5.13").update
    'update'
    >>> recognised("https://example.org/repositories/links").name
    'graphdb'
    >>> recognised("https://example.org/sparql").name
    'another'
    """
    texts = [header, address]
    return next((row for text in texts for row in SERVERS if re.search(row.known_by, text)), UNKNOWN)
