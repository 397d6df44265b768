"""The rules that span files, run on some graphs with what the rest of the store says of the things that they name.

Each row of a query under `queries/checks/` is a finding. A rule whose header says `scope: graph` is run on a few graph
files at a time: it may look at one graph, at the ontology, and beyond that only at what `surround` brings. One whose
header lists `relations` sees all claims with these predicates, and nothing else. Any other rule is run on the whole
store, what is derived included, when nothing else is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from coopgraph.check.findings import VIOLATION, Finding, Places
from coopgraph.claims import query_file
from coopgraph.errors import DataError, QueryError, near, short
from coopgraph.rdf.terms import NamedNode, Quad, Term, compact, curie, expand, value
from coopgraph.rdf.vocab import DERIVED, ONTOLOGY_GRAPH, PREF_LABEL, RDF, SKOS, STANDARD, TYPE, WRITTEN, coop
from coopgraph.store.claim_columns import DERIVED_FROM, HAS_SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.local import Draft, LocalStore

_DCTERMS = STANDARD["dcterms"]

SEEN = frozenset((TYPE, HAS_SOURCE, _DCTERMS + "issued", _DCTERMS + "license",
                  *map(coop, ("issuedPrecision", "textFile", "textSha256"))))  # fmt: skip
"""What a graph sees of the things that another graph describes: of records all of these, of others their class."""
_RECORDS = frozenset(NamedNode(coop(name)) for name in ("Passage", "Source"))
SHARED = (PREF_LABEL, SKOS + "exactMatch", coop("iso3166"))
"""What two things in different graphs should not have in common."""
USED = ((coop("Passage"), DERIVED_FROM), (coop("Source"), HAS_SOURCE))
"""Things of a class that should be used somewhere, and by which property."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A query whose rows are findings; `relations` are the predicates of the claims that it looks at, if few."""

    name: str
    file: str
    severity: str
    summary: str
    description: str
    sparql: str
    of_graph: bool
    relations: frozenset[str]


def rules(workspace: Workspace) -> list[Rule]:
    """Return the rules of a workspace, the bundled ones and its own."""
    found = []
    for path in workspace.query_files("checks"):
        read = query_file.read(path)
        relations = (expand(name, workspace.prefixes) for name in read.header.get("relations", "").split())
        found.append(
            Rule(
                name=read.name,
                file=workspace.name_of(path),
                severity=read.header.get("severity", VIOLATION),
                summary=read.summary,
                description=read.description,
                sparql=read.sparql,
                of_graph=read.header.get("scope") == "graph",
                relations=frozenset(filter(None, relations)),
            )
        )
    return found


def broken(
    store: LocalStore, whole: LocalStore, chosen: Iterable[Rule], places: Places, graphs: Collection[str] | None
) -> set[Finding]:
    """Return what rules find in a store, in the given graphs or in all; `whole` is where near names are looked for."""
    found = set()
    names: list[str] = []
    for rule in chosen:
        for graph, focus, detail in _rows(store, rule):
            if graphs is not None and graph not in graphs:
                continue
            if rule.name.startswith("unknown-") and not names:
                types = (quad for quad in whole.quads(predicate=TYPE) if value(quad.graph_name) not in DERIVED)
                known = {value(quad.subject) for quad in types}
                names = sorted(name for iri in known if (name := curie(iri, store.prefixes)))
            said = near(detail, (n for n in names if n != detail)) if rule.name.startswith("unknown-") else ""
            told = f": {short(detail)}{said.rstrip('?')}" if detail else ""
            message = f"{rule.summary}{told}; {rule.description}"
            found.add(places.finding(graph, focus, rule.name, rule.severity, message))
    return found


def _rows(store: LocalStore, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Yield graph, focus and detail (empty where a rule gives none) of what a rule finds."""
    try:
        rows = store.select(rule.sparql)
        chosen = [variable.value for variable in rows.variables]
        for row in rows:
            graph, focus, detail = (row[each] if each in chosen else None for each in ("graph", "focus", "detail"))
            if graph is None or focus is None:
                break
            yield value(graph), value(focus), compact(detail, store.prefixes)
        else:
            return
    except QueryError as error:
        raise DataError(f"{rule.file}:{error}") from error
    raise DataError(f"{rule.file}: gives a row without ?graph or ?focus; bind both to IRIs")


def related(whole: LocalStore, claims: Draft, relations: Collection[str]) -> Draft:
    """Put the claims of a store that have one of some predicates into another, and return that."""
    for relation in relations:
        found = whole.quads(predicate=RDF + "predicate", target=NamedNode(relation))
        claims.extend(chain.from_iterable(whole.quads(subject=value(quad.subject)) for quad in found))
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


def surround(part: Draft, whole: LocalStore, twice: Callable[[str], bool]) -> None:
    """Put beside some graphs what the other graphs of a store say of the things that these name.

    That is: the class of each thing that is named, and the properties `SEEN` of sources, of passages and of these
    passages' sources; who else has one of the same values of the properties `SHARED`; one use of each passage and
    source that these graphs do not use. `twice` says which things that they describe other graphs may describe too.
    """
    own = {*part.graphs(), *DERIVED, WRITTEN}
    described = {quad.subject for quad in part.quads(graph=ONTOLOGY_GRAPH)}
    described |= {row["thing"] for row in part.select(_DESCRIBED) if not twice(value(row["thing"]))}
    waiting = {row["thing"] for row in part.select(_NAMED)} - described
    found: list[Quad] = []
    for name in SHARED:
        for row in part.select(_HELD, {"property": NamedNode(name)}):
            found += [q for q in whole.quads(predicate=name, target=row["value"]) if value(q.graph_name) not in own]
    waiting |= {quad.subject for quad in found}
    for kind, name in USED:
        for row in part.select(_UNUSED, {"class": NamedNode(kind), "property": NamedNode(name)}):
            found += islice(whole.quads(predicate=name, target=row["thing"]), 1)
    part.extend(quad for quad in chain(found, _seen(whole, waiting)) if value(quad.graph_name) not in own)


@lru_cache(1 << 17)
def types_of(whole: LocalStore, thing: str) -> tuple[Quad, ...]:
    """Return the classes of a thing: the same few are asked for by many parts of a store that does not change."""
    return tuple(whole.quads(subject=thing, predicate=TYPE))


def _seen(whole: LocalStore, things: set[Term]) -> Iterator[Quad]:
    """Yield what a store says of things, and of the sources of passages among these."""
    seen: set[Term] = set()
    waiting = {thing for thing in things if isinstance(thing, NamedNode)}
    while waiting:
        thing = waiting.pop()
        seen.add(thing)
        types = types_of(whole, thing.value)
        yield from types
        for predicate in SEEN if any(quad.object in _RECORDS for quad in types) else ():
            for quad in whole.quads(subject=thing.value, predicate=predicate):
                yield quad
                if predicate == HAS_SOURCE and isinstance(quad.object, NamedNode) and quad.object not in seen:
                    waiting.add(quad.object)
