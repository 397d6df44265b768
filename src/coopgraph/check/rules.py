"""The rules that span files, run on some graphs with what the rest of the store says of the things that they name.

Each row of a query under `queries/checks/` is a finding. A rule whose header says `scope: graph` is run on a few graph
files at a time: it may look at one graph, at the ontology, and beyond that only at what `surround` brings. One whose
header lists `relations` sees all claims with these predicates, and nothing else. Any other rule is run on the whole
store, what is derived included, when nothing else is wrong.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from coopgraph.check.findings import VIOLATION, WARNING, Finding
from coopgraph.check.look_alikes import Names
from coopgraph.claims import query_file
from coopgraph.claims.properties import DERIVED_FROM, HAS_SOURCE
from coopgraph.errors import DataError, QueryError, short
from coopgraph.rdf.terms import NamedNode, Quad, Term, compact, value
from coopgraph.rdf.vocab import DERIVED, ONTOLOGY_GRAPH, PREF_LABEL, RDF, STANDARD, TYPE, WRITTEN, coop
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from coopgraph.check.places import Places
    from coopgraph.claims.query_file import QueryFile
    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.local import Draft, LocalStore

_DCTERMS = STANDARD["dcterms"]

SEEN = frozenset((TYPE, HAS_SOURCE, _DCTERMS + "issued", _DCTERMS + "license",
                  *map(coop, ("issuedPrecision", "textFile", "textSha256"))))  # fmt: skip
"""What a graph sees of the things that another graph describes: of records all of these, of others their class."""
_RECORDS = frozenset(NamedNode(coop(name)) for name in ("Passage", "Source"))
SHARED = (PREF_LABEL, STANDARD["schema"] + "sameAs", coop("iso3166"))
"""What two things in different graphs should not have in common."""
_OF_RDF = frozenset(RDF + name for name in ("type", "subject", "predicate", "object"))
"""What graph files use and the ontology need not declare."""
USED = ((coop("Passage"), DERIVED_FROM), (coop("Source"), HAS_SOURCE))
"""Things of a class that should be used somewhere, and by which property."""


def read(workspace: Workspace) -> list[QueryFile]:
    """Return the rules of a workspace, the bundled ones and its own.

    Raises `DataError` where a header says what no rule can have.
    """
    rules = query_file.rules(workspace, "checks")
    for rule in rules:
        _severity(rule), looks_at_graphs(rule), _suggests(rule)
    return rules


def looks_at_graphs(rule: QueryFile) -> bool:
    """Say whether a rule can be run on a few graphs at a time."""
    return rule.choice("scope", ("store", "graph")) == "graph"


def looks_at_store(rule: QueryFile) -> bool:
    """Say whether a rule looks at the whole store, what is derived included."""
    return not looks_at_graphs(rule) and not rule.relations


def must_hold(rule: QueryFile) -> bool:
    """Say whether what a rule finds forbids a store."""
    return _severity(rule) == VIOLATION


def _severity(rule: QueryFile) -> str:
    return rule.choice("severity", (VIOLATION, WARNING))


def _suggests(rule: QueryFile) -> bool:
    """Say whether what a rule finds is a name that no thing has, so that names which come near are told."""
    return rule.choice("suggest", ("nothing", "detail")) == "detail"


def run(
    store: LocalStore, whole: LocalStore, chosen: Iterable[QueryFile], places: Places, graphs: Collection[str] | None
) -> set[Finding]:
    """Return what rules find in a store, in the given graphs or in all; `whole` is where near names are looked for."""
    names = _LateNames(whole)
    return {
        places.finding(value(graph), value(focus), rule.name, _severity(rule), _message(rule, detail, names))
        for rule in chosen
        for graph, focus, detail in _rows(store, rule)
        if graphs is None or value(graph) in graphs
    }


class _LateNames:
    """The names of a store, read where the first is looked for."""

    def __init__(self, store: LocalStore) -> None:
        self.prefixes = store.prefixes
        self._store = store

    @cached_property
    def names(self) -> Names:
        types = (quad for quad in self._store.quads(predicate=TYPE) if value(quad.graph_name) not in DERIVED)
        return Names({*map(value, (quad.subject for quad in types)), *_OF_RDF}, self.prefixes)


def _message(rule: QueryFile, detail: Term | None, names: _LateNames) -> str:
    """Return what a rule says of a row, with what may be meant where it knows of no such name."""
    example = short(compact(detail, names.prefixes))
    if _suggests(rule) and isinstance(detail, NamedNode):
        example += names.names.suggestion(detail.value).rstrip("?")
    return f"{rule.summary}{f': {example}' if example else ''}; {rule.description}"


def _rows(store: LocalStore, rule: QueryFile) -> Iterator[tuple[Term, Term, Term | None]]:
    """Yield graph, focus and detail (None where a rule gives none) of what a rule finds."""
    try:
        with limits.limited(rule.file):
            rows = store.select(rule.sparql)
            columns = [variable.value for variable in rows.variables]
            for row in rows:
                graph, focus, detail = (row[each] if each in columns else None for each in ("graph", "focus", "detail"))
                if graph is None or focus is None:
                    break
                yield graph, focus, detail
            else:
                return
    except QueryError as error:
        raise DataError(f"{rule.file}:{error}") from error
    raise DataError(f"{rule.file}: gives a row without ?graph or ?focus; bind both to IRIs")


def related(whole: LocalStore, claims: Draft, relations: Collection[str]) -> Draft:
    """Put the claims of a store that have one of some predicates into another, and return that."""
    for relation in relations:
        statements = whole.quads(predicate=RDF + "predicate", target=NamedNode(relation))
        claims.extend(chain.from_iterable(whole.quads(subject=value(quad.subject)) for quad in statements))
    return claims


_DESCRIBED = "SELECT DISTINCT ?thing WHERE { GRAPH ?graph { ?thing ?property ?value } }"
_NAMED = """SELECT DISTINCT ?thing WHERE {
  { GRAPH ?graph { ?thing ?property ?value } }
  UNION { GRAPH ?graph { ?subject ?thing ?value } }
  UNION { GRAPH ?graph { ?subject ?property ?thing } FILTER(ISIRI(?thing)) }
}"""
_HELD = "SELECT DISTINCT ?property ?value WHERE { ?thing ?property ?value }"
_UNUSED = (
    "SELECT DISTINCT ?thing ?property ?class WHERE { ?thing a ?class FILTER NOT EXISTS { ?user ?property ?thing } }"
)


def surround(part: Draft, whole: LocalStore, twice: Callable[[str], bool], types: dict[str, tuple[Quad, ...]]) -> None:
    """Put beside some graphs what the other graphs of a store say of the things that these name.

    That is: the class of each thing that is named, and the properties `SEEN` of sources, of passages and of these
    passages' sources; who else has one of the same values of the properties `SHARED`; one use of each passage and
    source that these graphs do not use. `twice` says which things that they describe other graphs may describe too;
    `types` keeps the classes of things in the whole store, for many parts ask for the same few.
    """
    own = {*part.graphs(), *DERIVED, WRITTEN}
    described = {quad.subject for quad in part.quads(graph=ONTOLOGY_GRAPH)}
    described |= {row["thing"] for row in part.select(_DESCRIBED) if not twice(value(row["thing"]))}
    waiting = {row["thing"] for row in part.select(_NAMED)} - described
    quads: list[Quad] = []
    for name in SHARED:
        for row in part.select(_HELD, {"property": NamedNode(name)}):
            quads += [q for q in whole.quads(predicate=name, target=row["value"]) if value(q.graph_name) not in own]
    waiting |= {quad.subject for quad in quads}
    for kind, name in USED:
        for row in part.select(_UNUSED, {"class": NamedNode(kind), "property": NamedNode(name)}):
            quads += islice(whole.quads(predicate=name, target=row["thing"]), 1)
    part.extend(quad for quad in chain(quads, _seen(whole, waiting, types)) if value(quad.graph_name) not in own)


def _seen(whole: LocalStore, things: set[Term], types: dict[str, tuple[Quad, ...]]) -> Iterator[Quad]:
    """Yield what a store says of things, and of the sources of passages among these."""
    seen: set[Term] = set()
    waiting = {thing for thing in things if isinstance(thing, NamedNode)}
    while waiting:
        thing = waiting.pop()
        seen.add(thing)
        if thing.value not in types:
            types[thing.value] = tuple(whole.quads(subject=thing.value, predicate=TYPE))
        yield from types[thing.value]
        for predicate in SEEN if any(quad.object in _RECORDS for quad in types[thing.value]) else ():
            for quad in whole.quads(subject=thing.value, predicate=predicate):
                yield quad
                if predicate == HAS_SOURCE and isinstance(quad.object, NamedNode) and quad.object not in seen:
                    waiting.add(quad.object)
