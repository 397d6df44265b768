"""Graph files against the shapes and the rules: what breaks them, as findings."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from coopgraph import questions, turtle
from coopgraph.errors import DataError, QueryError, near, short
from coopgraph.findings import VIOLATION, WARNING, Finding, Places
from coopgraph.terms import NamedNode, Triple, compact, curie, value
from coopgraph.vocab import STANDARD, TYPE, coop

if TYPE_CHECKING:
    from rdflib import Graph

    from coopgraph.store import Store
    from coopgraph.workspace import Workspace

Document: TypeAlias = tuple[Path, Sequence[Triple]]
"""A graph file with its triples, in the order in which they stand."""

_RECORDS = frozenset(NamedNode(coop(name)) for name in ("Claim", "Observation", "Passage"))


@dataclass(frozen=True, slots=True)
class Rules:
    """The SHACL shapes of a workspace and a digest of them; `advice` has the IRIs of those that only warn.

    `local` says that each shape looks at one subject alone, as the bundled ones do; a workspace's own may look further.
    """

    graph: Graph
    advice: frozenset[str]
    digest: str
    local: bool


def rules(workspace: Workspace) -> Rules:
    """Return the shapes of a workspace: what must hold, and what should."""
    from rdflib import Graph

    must, should = workspace.shapes_files("shapes.ttl"), workspace.shapes_files("advice.ttl")
    graph, advice = Graph(), set()
    for path in (*must, *should):
        for triple in turtle.read(path, workspace.name_of(path)):
            graph.add(_rdflib(triple))
            if path in should:
                advice.add(value(triple.subject))
    digest = sha256(b"".join(path.read_bytes() for path in (*must, *should))).hexdigest()
    return Rules(graph, frozenset(advice), digest, local=len(must) == len(should) == 1)


def file(path: Path, workspace: Workspace, shapes: Rules) -> list[Finding]:
    """Return the findings of one graph file by itself, sorted.

    Raises `DataError` (file:line:column) where it cannot be read as Turtle.
    """
    ((_, found),) = files([(path, list(turtle.read(path, workspace.name_of(path))))], workspace, shapes)
    return found


def files(documents: Sequence[Document], workspace: Workspace, shapes: Rules) -> Iterator[tuple[Path, list[Finding]]]:
    """Yield each graph file with its findings by itself, given the triples of all.

    Many small files cost much more one by one than together, and a shape looks at one subject. So files that share no
    subject are tried together first, and one by one only those that describe what that finds.
    """
    together = len(documents) > 1 and shapes.local and not _share_a_subject(documents)
    whole = chain.from_iterable(triples for _, triples in documents)
    broken = {iri for iri, *_ in _broken_shapes(whole, shapes)} if together else set()
    described = [{value(triple.subject) for triple in triples} for _, triples in documents]
    together = together and broken <= set().union(*described)
    places = Places(workspace)
    for (path, triples), subjects in zip(documents, described, strict=True):
        clean = together and broken.isdisjoint(subjects)
        found = [*_repeated(triples), *(() if clean else _broken_shapes(triples, shapes))]
        yield path, sorted({places.in_file(path, *each) for each in found})


def _share_a_subject(documents: Sequence[Document]) -> bool:
    seen: set[object] = set()
    for _, triples in documents:
        subjects = {triple.subject for triple in triples}
        if not seen.isdisjoint(subjects):
            return True
        seen |= subjects
    return False


def _repeated(triples: Sequence[Triple]) -> Iterator[tuple[str, str, str, str]]:
    """Yield claims and passages that a file describes in two places: the parser would silently merge them into one."""
    records_ = {t.subject for t in triples if t.predicate.value == TYPE and t.object in _RECORDS}
    seen: set[object] = set()
    twice: set[NamedNode] = set()
    last = None
    for triple in triples:
        if not isinstance(triple.subject, NamedNode):
            continue  # a blank node stands within the description of something that has a name
        if triple in seen or (triple.subject != last and triple.subject in seen):
            twice.add(triple.subject)
        seen |= {triple, triple.subject}
        last = triple.subject
    message = "is described twice in this file; make it one description, or give one of the two another IRI"
    yield from ((node.value, "described-twice", VIOLATION, message) for node in twice & records_)


def _broken_shapes(triples: Iterable[Triple], shapes: Rules) -> Iterator[tuple[str, str, str, str]]:
    from pyshacl import validate
    from rdflib import RDF, BNode, Graph, URIRef

    sh = STANDARD["sh"]
    with _quiet_rdflib():
        data = Graph()
        for triple in triples:
            data.add(_rdflib(triple))
        try:
            conforms, report, _ = validate(data, shacl_graph=shapes.graph, inference="none", advanced=False)
        except RuntimeError as error:  # what pySHACL raises for shapes that are none
            what = " ".join(str(error).split())
            raise DataError(f"the shapes cannot be used: {what}; mend ontology/shapes.ttl or advice.ttl") from error
    if conforms:
        return
    for result in report.subjects(RDF.type, URIRef(sh + "ValidationResult")):
        shape = str(report.value(result, URIRef(sh + "sourceShape")))
        text = str(report.value(result, URIRef(sh + "resultMessage")))
        culprit = report.value(result, URIRef(sh + "value"))
        detail = "" if culprit is None or isinstance(culprit, BNode) else f" (found {short(str(culprit))!r})"
        severity = WARNING if shape in shapes.advice else VIOLATION
        yield str(report.value(result, URIRef(sh + "focusNode"))), re.sub(r".*[#/]", "", shape), severity, text + detail


@contextmanager
def _quiet_rdflib() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each literal that does not fit its datatype: that is a finding here."""
    log = logging.getLogger("rdflib.term")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def _rdflib(triple: Triple) -> tuple[Any, Any, Any]:
    from coopgraph.dataset import term

    return term(triple.subject), term(triple.predicate), term(triple.object)


def across(store: Store, workspace: Workspace) -> list[Finding]:
    """Return the findings of the rules that span files: each row of a query under `queries/checks/` is one."""
    places = Places(workspace)
    found = set()
    for path in workspace.query_files("checks"):
        rule = questions.read(path)
        severity = rule.header.get("severity", VIOLATION)
        for graph, focus, detail in _rows(store, rule, workspace.name_of(path)):
            told = f": {short(detail)}{_meant(store, rule.name, detail)}" if detail else ""
            message = f"{rule.summary}{told}; {rule.description}"
            found.add(places.finding(graph, focus, rule.name, severity, message))
    return sorted(found)


def _meant(store: Store, rule: str, detail: str) -> str:
    """Say which known names come near an unknown one."""
    if not rule.startswith("unknown-"):
        return ""
    known = (value(quad.subject) for quad in store.quads(predicate=TYPE))
    return near(detail, (name for iri in known if (name := curie(iri, store.prefixes)) and name != detail)).rstrip("?")


def _rows(store: Store, rule: questions.Question, name: str) -> Iterator[tuple[str, str, str]]:
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
        raise DataError(f"{name}:{error}") from error
    raise DataError(f"{name}: gives a row without ?graph or ?focus; bind both to IRIs")
