"""The graph as one object for Python programs and notebooks: load it, ask it, draw it, hand it on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgraph.ask import names, opening, questions
from coopgraph.ask.results import Capped, Results, Row
from coopgraph.claims import workspace
from coopgraph.errors import QueryError, UsageError
from coopgraph.rdf import sparql
from coopgraph.rdf.vocab import local_name
from coopgraph.store import extracts
from coopgraph.store.interface import Bindings, Solutions, Store, parse_rows

if TYPE_CHECKING:
    import networkx as nx
    from rdflib import Dataset

    from coopgraph.claims.model import Claim, Entity, Extract
    from coopgraph.claims.query_file import QueryFile

ROW_LIMIT = 100_000
"""Rows that a query gives unless told otherwise; `Results.cut` says when there were more."""

Choice = str | Collection[str] | None


class CoopGraph:
    """A graph that can be asked. Make one with `load`; close it, or use it in a `with` statement.

    >>> with load() as graph:
    ...     graph.entity("HKTDC").label
    'Hong Kong Trade Development Council'
    """

    def __init__(self, store: Store, space: workspace.Workspace) -> None:
        self.store = store
        self.workspace = space

    def __enter__(self) -> CoopGraph:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        claims = sum(self.store.manifest.get("claims", {}).values())
        return f"<CoopGraph {self.workspace.title!r}: {claims} claims>"

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def questions(self) -> list[QueryFile]:
        """Return the named questions with their parameters."""
        return questions.library(self.workspace)

    def ask(self, question: str, *, limit: int = ROW_LIMIT, **parameters: str | int) -> Results:
        """Return the rows that answer a named question; parameters are IRIs, prefixed names, slugs or labels.

        Raises `UsageError` for an unknown question, parameter or entity.
        """
        found = questions.find(self.workspace, question)
        given = {name: str(value) for name, value in parameters.items()}
        rows = self._solutions(found.sparql, questions.bind(found, given, self.store))
        return self._results(*questions.asked(found, given, _columns(rows), rows), limit)

    def query(
        self, text: str, *, limit: int = ROW_LIMIT, timeout: float | None = None, **parameters: str | int
    ) -> Results:
        """Return the rows of a SELECT query over the union of all named graphs, the prefix table known to it.

        A parameter binds the variable of its name: `"text"` in quotes, a whole number, or else the name of a thing.
        With a `timeout` in seconds the query runs in a process of its own, which can be stopped. For CONSTRUCT and ASK
        use `dataset().query`. Raises `QueryError` where the query cannot be run or runs too long.
        """
        values = {name: str(value) for name, value in parameters.items()}
        bindings = questions.free_bindings(values, self.store, sparql.variables(text))
        if timeout is None:
            rows = self._solutions(text, bindings)
        else:
            rows = parse_rows(self._answer_within(timeout, text, values, limit + 1 if limit else 0))
        return self._results(_columns(rows), rows, limit)

    def _answer_within(self, timeout: float, text: str, values: Mapping[str, str], limit: int) -> bytes:
        """Let the command line answer in JSON: a query cannot be stopped, only the process that runs it."""
        command = [sys.executable, "-m", "coopgraph", "--workspace", str(self.workspace.root)]
        command += ["--store", self.store.address] if self.store.address else []
        command += ["query", "-", "--format", "json", "--timeout", str(timeout), "--limit", str(limit)]
        command += [word for name, value in values.items() for word in ("-p", f"{name}={value}")]
        done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)  # noqa: S603 - ourselves
        if done.returncode:
            raise QueryError(done.stderr.decode().strip().rpartition("coopgraph: ")[2])
        return done.stdout

    def _solutions(self, text: str, bindings: Bindings) -> Solutions:
        answer = self.store.query(text, bindings)
        if not isinstance(answer, Solutions):
            raise QueryError("the query gives no rows; ask CONSTRUCT, DESCRIBE and ASK through dataset().query")
        return answer

    def _results(self, columns: Sequence[str], rows: Iterable[Row], limit: int) -> Results:
        capped = Capped(rows, limit)
        kept = tuple(tuple(row) for row in capped)
        return Results(tuple(columns), kept, self.store.prefixes, capped.cut)

    def search(self, text: str, limit: int = 20) -> Results:
        """Return what has a text in a name or gist: thing, class, label, paragraph of a passage, and the text.

        Case and width do not matter. Names that begin with the text come first, and gists last; each thing comes once.
        Raises `UsageError` where the text is empty.
        """
        return self._results(names.FOUND, names.search(self.store, text, limit + 1 if limit else sys.maxsize), limit)

    def entity(self, name: str) -> Entity:
        """Return the entity, concept or source that an IRI, prefixed name, slug or label names.

        Raises `UsageError` where there is none or more than one.
        """
        iri = names.resolve(self.store, name, "any")
        return extracts.entities(self.store, [iri])[iri]

    def extract(self, **selection: Any) -> Extract:
        """Return the claims of a selection with all that they mention; see `claims` for the choices."""
        return extracts.extract(self.store, self._select(**selection))

    def claims(self, **selection: Any) -> tuple[Claim, ...]:
        """Return the claims of a selection: `status`, `group`, `source`, `field` (one or several), `since`, `until`.

        Statuses and groups are given by name (`realised`, `cooperation`), sources and fields by any name.
        """
        return self.extract(**selection).claims

    def _select(
        self,
        status: Choice = None,
        group: Choice = None,
        source: Choice = None,
        field: Choice = None,
        since: int | None = None,
        until: int | None = None,
    ) -> extracts.Selection:
        return extracts.select(
            status=status,
            group=self._each(group, lambda name: local_name(names.resolve(self.store, name, "group"))),
            source=self._each(source, lambda name: names.resolve(self.store, name, "source")),
            field=self._each(field, lambda name: names.resolve(self.store, name, "field")),
            since=since,
            until=until,
        )

    @staticmethod
    def _each(value: Choice, find: Callable[[str], str]) -> Collection[str] | None:
        if value is None:
            return None
        return [find(name) for name in ([value] if isinstance(value, str) else value)]

    def to_networkx(self, **selection: Any) -> nx.MultiDiGraph[str]:
        """Return the claims of a selection as a `MultiDiGraph` whose nodes are IRIs and whose keys are claim IRIs."""
        from coopgraph.network import network

        return network.to_networkx(self.extract(**selection))

    def measures(self, **selection: Any) -> dict[str, dict[str, float]]:
        """Return measures of the network that the claims of a selection make: name -> IRI -> value.

        They are `degree, claims, pagerank, betweenness, component, community, regions, brokerage`; the module
        `measures` says what each is. Each is a dict as NetworkX's functions give, for `networkx.set_node_attributes`.
        """
        from coopgraph.network import measures

        return measures.measure(measures.network(self.store, self._select(**selection)))

    def dataset(self) -> Dataset:
        """Return the graph as a read-only rdflib `Dataset`, its default graph the union of the named graphs."""
        return self.store.dataset()

    def export(self, format: str = "turtle", *, only: str | None = None) -> str:  # noqa: A002 - as on the command line
        """Return the graph, or a part of it, in one of the export formats as text."""
        from coopgraph.export import export

        out = StringIO()
        export.export(self.store, format, out, only)
        return out.getvalue()

    def paths(
        self, start: str, goal: str, *, most: int = 3, within: Extract | None = None
    ) -> list[list[tuple[str, str, tuple[Claim, ...]]]]:
        """Return how two entities are linked: up to `most` chains, the shortest first.

        A chain is a list of steps (from IRI, to IRI, the claims between the two in either direction); links through
        concepts do not count. `within` is an extract to look in, by default all claims. Raises `UsageError` where an
        entity is unknown.
        """
        from coopgraph.network import network

        first, last = names.resolve(self.store, start), names.resolve(self.store, goal)
        if first == last:
            raise UsageError(f"{start!r} and {goal!r} are the same entity; name two")
        return list(islice(network.chains(within or self.extract(), first, last), most))

    def view(
        self,
        *,
        focus: str | None = None,
        hops: int = 1,
        top: int | None = None,
        story: str | Path | None = None,
        language: str = "en",
        **selection: Any,
    ) -> View:
        """Return the picture of a selection; it shows itself in notebooks, and has the page and the still picture.

        `focus` is an entity around which `hops` links are followed, `top` the number of links between the strongest
        pairs to keep, `story` a file of steps (by default the workspace's `story.toml` where nothing is left out),
        `language` that of the page: `en`, `zh-Hans` or `zh-Hant`. Raises `UsageError` or `DataError`.
        """
        from coopgraph.network import reduce

        extracted = self.extract(**selection)
        if focus is not None:
            extracted = reduce.around(extracted, names.resolve(self.store, focus), hops)
        if top is not None:
            extracted = reduce.strongest(extracted, top)
        extracted, message = reduce.drawable(extracted)
        whole = focus is None and top is None and not message and not any(v is not None for v in selection.values())
        own = self.workspace.own_file("story.toml") if whole else None
        told = Path(story) if story is not None else own
        return View(extracted, told, language, message)

    def _repr_html_(self) -> str:
        return self.view()._repr_html_()


@dataclass(frozen=True)
class View:
    """The picture of an extract: a page that works offline, or a still one."""

    extract: Extract
    story: Path | None = None
    language: str = "en"
    message: str = ""

    def html(self) -> str:
        """Return the page as one HTML file. Raises `DataError` where a story step names what is not there."""
        from coopgraph.page import html_page, story

        steps = story.read(self.story, self.extract) if self.story else ()
        return html_page.page(self.extract, story=steps, language=self.language, message=self.message)

    def svg(self) -> str:
        """Return the still picture as SVG."""
        from coopgraph.page import svg

        return svg.svg(self.extract)

    def _repr_html_(self) -> str:
        from coopgraph.page import html_page

        return html_page.notebook(self.html(), picture=self.svg())


def _columns(rows: Solutions) -> list[str]:
    return [variable.value for variable in rows.variables]


def load(
    folder: str | Path | None = None, *, store: str | None = None, tell: Callable[[str], None] | None = None
) -> CoopGraph:
    """Open the graph of a workspace, its store brought up to date first.

    `folder` is the workspace; without it, that of the current folder or one above it, or else the bundled graph.
    `store` is the address of a SPARQL server that has the graph; without it, that in the environment variable
    COOPGRAPH_STORE or in the workspace's settings, or else the store is the workspace's own, on this machine. `tell`
    is given a line where the graph files cannot be used and the former store answers instead. Raises `CheckError` or
    `DataError` where there is no store and none can be built.
    """
    space = workspace.find(folder)
    return CoopGraph(opening.open_store(space, store, tell=tell), space)


def to_networkx(graph: CoopGraph, **selection: Any) -> nx.MultiDiGraph[str]:
    """Return the claims of a graph as a `MultiDiGraph`; the same as `graph.to_networkx`."""
    return graph.to_networkx(**selection)
