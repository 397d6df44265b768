"""The graph as one object for Python programs and notebooks: load it, ask it, draw it, hand it on."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopgraph.ask import names, opening, questions
from coopgraph.ask.elsewhere import ELSEWHERE
from coopgraph.ask.results import Results, Row
from coopgraph.ask.selections import select, text_of, texts_of
from coopgraph.claims import workspace
from coopgraph.errors import QueryError, UsageError, near
from coopgraph.rdf import sparql
from coopgraph.store import extracts
from coopgraph.store.interface import Bindings, Solutions, Store, parse_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    import networkx as nx
    from rdflib import Dataset

    from coopgraph.ask.selections import Choice, Value, Year
    from coopgraph.ask.view import View
    from coopgraph.claims.model import Claim, Entity, Extract
    from coopgraph.claims.query_file import QueryFile
    from coopgraph.network.network import Path as Chain
    from coopgraph.reading.model import Document
    from coopgraph.reading.propose import Outcome

ROW_LIMIT = 100_000
"""Rows that a query gives unless told otherwise; `Results.cut` says when there were more."""


class CoopGraph:
    """A graph that can be asked. Make one with `load`; close it, or use it in a `with` statement.

    Things are named by IRI, prefixed name, slug or label in any language, wherever a name is taken.

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
        return f"<CoopGraph {self.workspace.title!r}: {len(self)} claims>"

    def __len__(self) -> int:
        """Return the number of claims."""
        return sum(self.store.manifest.get("claims", {}).values())

    def __bool__(self) -> bool:
        """Say yes: a graph without claims is a graph."""
        return True

    if not TYPE_CHECKING:  # so that type checkers go on telling names that are not there

        def __getattr__(self, name: str) -> object:
            """Say what to type instead of a name that other libraries have."""
            own = [each for each in dir(type(self)) if not each.startswith("_")]
            hint = f"; type graph.{ELSEWHERE[name]}" if name in ELSEWHERE else near(name, own)
            message = f"'CoopGraph' object has no attribute {name!r}{hint}"
            raise AttributeError(message)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def questions(self) -> list[QueryFile]:
        """Return the named questions: each has a `name`, a `summary`, `parameters` and its `sparql`."""
        return questions.library(self.workspace)

    def ask(self, question: str, *, limit: int = ROW_LIMIT, **parameters: Value | None) -> Results:
        """Return the rows that answer a named question, at most `limit` (0 for all).

        Parameters are names of things, or what `entity` and `claims` give; None is as if it were not given. Raises
        `UsageError` for an unknown question, parameter or thing.
        """
        asked = questions.find(self.workspace, question)
        values = texts_of(parameters)
        rows = self._solutions(asked.sparql, questions.bind(asked, values, self.store))
        return self._results(*questions.asked(asked, values, _columns(rows), rows), limit)

    def query(
        self, text: str, *, limit: int = ROW_LIMIT, timeout: float | None = None, **parameters: Value | None
    ) -> Results:
        """Return the rows of a SELECT query over the union of all named graphs, the prefix table known to it.

        A parameter binds the variable of its name: `"text"` in quotes, a whole number, or else the name of a thing.
        With a `timeout` in seconds the query runs in a process of its own, which can be stopped and has no network;
        without one it runs here, to its end. For CONSTRUCT and ASK use `dataset().query`. Raises `QueryError` where the
        query cannot be run or runs too long, and `UsageError` for an unknown parameter or thing.
        """
        values = texts_of(parameters)
        bindings = questions.free_bindings(values, self.store, sparql.variables(text))
        if timeout is None:
            rows = self._solutions(text, bindings)
        else:
            from coopgraph.ask import timed

            root, address, most = self.workspace.root, self.store.address, limit + 1 if limit else 0
            rows = parse_rows(timed.answer(text, values, root=root, address=address, seconds=timeout, limit=most))
        return self._results(_columns(rows), rows, limit)

    def _solutions(self, text: str, bindings: Bindings) -> Solutions:
        answer = self.store.query(text, bindings)
        if not isinstance(answer, Solutions):
            raise QueryError("the query gives no rows; ask CONSTRUCT, DESCRIBE and ASK through dataset().query")
        return answer

    def _results(self, columns: Sequence[str], rows: Iterable[Row], limit: int) -> Results:
        return Results.first(limit, columns, rows, self.store.prefixes)

    def search(self, text: str, limit: int = 20) -> Results:
        """Return what has a text in a name or gist: thing, class, label, paragraph of a passage, and the text.

        Case, accents and width do not matter. Names that begin with the text come first, and gists last; each thing
        comes once. Raises `UsageError` where the text is empty.
        """
        return self._results(names.FOUND, names.search(self.store, text, limit + 1 if limit else sys.maxsize), limit)

    def entity(self, name: str) -> Entity:
        """Return the entity, concept, source, relation or class that a name means.

        Raises `UsageError` where there is none or more than one.
        """
        iri = names.resolve(self.store, name, "any")
        return extracts.entities(self.store, [iri])[iri]

    def statistics(self) -> dict[str, dict[str, int]]:
        """Return what there is, as what -> name -> number.

        Counted are `triples in graph`, `things of class`, `claims with status` and `claims in relation group`.
        """
        from coopgraph.ask.statistics import counts

        numbers: dict[str, dict[str, int]] = {}
        for what, name, number in counts(self.store):
            numbers.setdefault(what, {})[name] = number
        return numbers

    def claims(
        self,
        *,
        status: Choice = None,
        group: Choice = None,
        source: Choice = None,
        field: Choice = None,
        since: Year = None,
        until: Year = None,
        as_of: str | None = None,
    ) -> tuple[Claim, ...]:
        """Return the claims of a selection, by default all, in the order of their IRIs.

        `status` is `realised`, `planned`, `potential`, `ended` or `denied`, `group` a group of relations such as
        `cooperation`, `source` a document and `field` a field of cooperation: one name or several, of which a claim
        has one. `since` and `until` are years that the time of a claim overlaps; a claim without a date is then left
        out. `as_of` is a date, such as `2017-06`: what held then, or had been planned or hoped for by then. Raises
        `UsageError` for a name that nothing has.
        """
        return self.extract(
            status=status, group=group, source=source, field=field, since=since, until=until, as_of=as_of
        ).claims  # fmt: skip

    def extract(
        self,
        *,
        status: Choice = None,
        group: Choice = None,
        source: Choice = None,
        field: Choice = None,
        since: Year = None,
        until: Year = None,
        as_of: str | None = None,
    ) -> Extract:
        """Return the claims of a selection, chosen as `claims` has it, with all that they mention."""
        return extracts.extract(self.store, select(self.store, status, group, source, field, since, until, as_of))

    def to_networkx(
        self,
        *,
        status: Choice = None,
        group: Choice = None,
        source: Choice = None,
        field: Choice = None,
        since: Year = None,
        until: Year = None,
        as_of: str | None = None,
    ) -> nx.MultiDiGraph[str]:
        """Return the claims of a selection, chosen as `claims` has it, as a `MultiDiGraph`.

        Nodes are IRIs with `label, kind, root, names`; the keys of edges are IRIs of claims, and edges have `predicate,
        label, group, status, fields, speakers, sources, passages, paragraphs, gist` and years. Figures are not in it.
        """
        from coopgraph.network import network

        return network.to_networkx(
            self.extract(status=status, group=group, source=source, field=field, since=since, until=until, as_of=as_of)
        )

    def measures(
        self,
        *,
        status: Choice = None,
        group: Choice = None,
        source: Choice = None,
        field: Choice = None,
        since: Year = None,
        until: Year = None,
        as_of: str | None = None,
    ) -> dict[str, dict[str, float]]:
        """Return measures of the network that the claims of a selection make: name -> IRI -> value.

        They are `degree, claims, pagerank, betweenness, component, community, regions, brokerage`; `help` on the module
        `coopgraph.network.measures` says what each is. Each is a dict as NetworkX's functions give, for
        `networkx.set_node_attributes`. The selection is chosen as `claims` has it.
        """
        from coopgraph.network import measures

        selection = select(self.store, status, group, source, field, since, until, as_of)
        return measures.measure(measures.network(self.store, selection))

    def dataset(self) -> Dataset:
        """Return the graph as a read-only rdflib `Dataset`, its default graph the union of the named graphs."""
        return self.store.dataset()

    def export(self, format: str = "turtle", *, only: str | None = None, **chosen: Any) -> str:  # noqa: A002
        """Return the graph, or a part of it, as text, in one of `coopgraph.export.export.FORMATS`.

        `only` is one of `PARTS` there, for RDF; forms of claims take a selection, chosen as `claims` has it.
        """
        from coopgraph.export import export

        return export.text(self.store, format, only, select(self.store, **chosen))

    def export_to(self, target: str | Path, format: str, **chosen: Any) -> None:  # noqa: A002
        """Write the same, or one of `BINARY`, to a file, or one of `FOLDERS` to a folder that is new or empty."""
        from coopgraph.export import export

        export.export_to(self.store, format, target, select(self.store, **chosen))

    def path(self, start: str, goal: str, *, within: Extract | None = None) -> Chain | None:
        """Return the shortest of the `paths` that link two entities, or None where nothing links them."""
        return next(iter(self.paths(start, goal, most=1, within=within)), None)

    def paths(self, start: str, goal: str, *, most: int = 3, within: Extract | None = None) -> list[Chain]:
        """Return how two entities are linked: up to `most` paths, the shortest first.

        A path is a sequence of steps (`start` and `goal`, IRIs, and `claims`, those between the two in either
        direction); links through concepts do not count. `within` is an extract to look in, by default all claims.
        Raises `UsageError` where an entity is unknown.
        """
        from coopgraph.network import network

        first, last = names.resolve(self.store, text_of(start)), names.resolve(self.store, text_of(goal))
        if first == last:
            raise UsageError(f"{start!r} and {goal!r} are the same entity; name two")
        return list(islice(network.chains(within or self.extract(), first, last), most))

    def view(
        self,
        *,
        status: Choice = None,
        group: Choice = None,
        source: Choice = None,
        field: Choice = None,
        since: Year = None,
        until: Year = None,
        as_of: str | None = None,
        focus: str | None = None,
        hops: int = 1,
        top: int | None = None,
        story: str | Path | None = None,
        language: str = "en",
    ) -> View:
        """Return the picture of a selection, chosen as `claims` has it: `html()` is its page, `svg()` a still picture.

        `focus` is an entity around which `hops` links are followed, `top` the number of links between the strongest
        pairs to keep, `story` a file of steps (by default the workspace's `story.toml` where nothing is left out),
        `language` that of the page: `en`, `zh-Hans` or `zh-Hant`. Raises `UsageError` or `DataError`.
        """
        from coopgraph.ask import view

        selection = select(self.store, status, group, source, field, since, until, as_of)
        about = None if focus is None else names.resolve(self.store, text_of(focus))
        steps = Path(story) if story is not None else None
        return view.view(self.store, self.workspace, selection, about, hops, top, steps, language)

    def propose(self, document: Document, *, extractors: Collection[str] = ("rules",), send: bool = False) -> Outcome:
        """Return the claims that are proposed for a document, with what was refused; `coopgraph.read` gives documents.

        `extractors` are `rules` and `llm`, the model that the environment names; `send` allows the text to go there.
        Nothing is saved, and nothing becomes a part of the graph. Raises `UsageError` or `DataError`.
        """
        from coopgraph.reading import propose

        judgements = propose.judgements(self.workspace)
        return propose.propose(propose.page_of(document, self.store, judgements), propose.extractors(extractors, send))

    def _repr_html_(self) -> str:
        return self.view()._repr_html_()


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


to_networkx = CoopGraph.to_networkx
"""Return the claims of a graph as a `MultiDiGraph`; the same as `graph.to_networkx`."""
