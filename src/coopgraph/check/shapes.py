"""Graph files against the shapes and the rules: what breaks them, as findings."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from coopgraph.check import shacl_screen
from coopgraph.check.findings import VIOLATION, WARNING, Finding
from coopgraph.check.places import Lines, Places
from coopgraph.check.shacl_reader import TARGETS
from coopgraph.errors import DataError, short
from coopgraph.rdf import turtle
from coopgraph.rdf.terms import BlankNode, NamedNode, Triple, value
from coopgraph.rdf.vocab import STANDARD, TYPE, coop

if TYPE_CHECKING:
    from rdflib import Graph

    from coopgraph.check.shacl_screen import Screen
    from coopgraph.claims.workspace import Workspace

Document: TypeAlias = tuple[Path, Sequence[Triple]]
"""A graph file with its triples, in the order in which they stand."""

Broken: TypeAlias = tuple[str, str, str, str]
"""What is at fault, and the rule, severity and message of a finding."""

_RECORDS = frozenset(NamedNode(coop(name)) for name in ("Claim", "Observation", "Passage"))


_PROGRAMS = frozenset(
    NamedNode(STANDARD["sh"] + name)
    for name in (
        "ask", "construct", "expression", "js", "jsLibrary", "nodeValidator", "propertyValidator", "rule", "select",
        "sparql", "target", "update", "validator",
    )
)  # fmt: skip
"""Properties of shapes that are programs: these would run in rdflib without a limit, or not at all."""


_UNUSABLE = (RuntimeError, RuntimeWarning, ValueError, TypeError, re.error)
"""What pySHACL raises for shapes that are none."""


@dataclass(frozen=True)
class ShapesGraph:
    """The SHACL shapes of a workspace; `advice` has the IRIs of those that only warn.

    What `screen` clears is fine; pySHACL sees the rest, and the graphs that it reads are made when it is first needed.
    """

    shapes: Sequence[Triple]
    advice: frozenset[str]
    screen: Screen

    def __reduce__(self) -> tuple[Any, ...]:
        return _compiled, (self.shapes, self.advice)  # what is compiled are functions, which another process makes anew

    @cached_property
    def graph(self) -> Graph:
        """All shapes."""
        return _graph(self.shapes)

    @cached_property
    def unscreened(self) -> Graph:
        """The shapes that the screen does not know; the others have no targets here, but these may refer to them."""
        unknown = self.screen.unknown
        return _graph(t for t in self.shapes if t.predicate not in TARGETS or t.subject in unknown)


def _compiled(shapes: list[Triple], advice: frozenset[str]) -> ShapesGraph:
    return ShapesGraph(shapes, advice, shacl_screen.compiled(shapes))


def read(workspace: Workspace) -> ShapesGraph:
    """Return the shapes of a workspace: what must hold, and what should.

    Raises `DataError` where a file cannot be read as Turtle, or has a shape that is a program.
    """
    must, should = workspace.shapes_files("shapes.ttl"), workspace.shapes_files("advice.ttl")
    triples = {path: _plain(path, workspace) for path in (*must, *should)}
    shapes = [triple for path in triples for triple in triples[path]]
    advice = frozenset(value(triple.subject) for path in should for triple in triples[path])
    return _compiled(shapes, advice)


def _plain(path: Path, workspace: Workspace) -> list[Triple]:
    triples = list(turtle.read(path, workspace.name_of(path)))
    for number, triple in enumerate(triples):
        if triple.predicate in _PROGRAMS:
            place = f"{workspace.name_of(path)}:{Lines(path, {}).of_triple(number)}"
            name = f"sh:{triple.predicate.value.rpartition('#')[2]}"
            raise DataError(f"{place}: has {name}; shapes run no programs: write a rule in queries/checks instead")
    return triples


def file(path: Path, workspace: Workspace, shapes: ShapesGraph) -> list[Finding]:
    """Return the findings of one graph file by itself, sorted.

    Raises `DataError` (file:line:column) where it cannot be read as Turtle.
    """
    ((_, findings),) = files([(path, list(turtle.read(path, workspace.name_of(path))))], Places(workspace), shapes)
    return findings


def files(documents: Sequence[Document], places: Places, shapes: ShapesGraph) -> Iterator[tuple[Path, list[Finding]]]:
    """Yield each graph file with its findings by itself, given the triples of all."""
    several = broken([document for _, document in documents], shapes)
    for (path, document), faults in zip(documents, several, strict=True):
        first = _blank_subjects(document) if faults else {}
        yield path, sorted({places.in_file(path, *each, triple=first.get(each[0])) for each in faults})


def broken(documents: Sequence[Sequence[Triple]], shapes: ShapesGraph) -> list[set[Broken]]:
    """Return what each graph file breaks by itself, given the triples of all: node, rule, severity and message.

    pySHACL costs much more for many small graphs than for one, and a shape that the screen knows looks at one subject:
    so the suspects of several files are checked together, as long as these describe none of them twice.
    """
    broken_of: list[set[Broken]] = []
    together: dict[str, int] = {}
    triples: list[Triple] = []
    for number, document in enumerate(documents):
        subjects, again = shacl_screen.described(document)
        broken_of.append(set(_repeated(subjects, again)))
        suspects = shapes.screen.suspects(subjects)
        if suspects is None or shapes.screen.unknown:
            graph = shapes.unscreened if suspects == set() else shapes.graph
            broken_of[number].update(_broken_shapes(document, graph, shapes.advice))
            continue
        if any(value(subject) in together for subject in suspects):
            _settle(broken_of, together, triples, shapes)
        together |= {value(subject): number for subject in suspects}
        triples += [triple for subject in suspects for triple in subjects[subject]]
    _settle(broken_of, together, triples, shapes)
    return broken_of


def _blank_subjects(document: Sequence[Triple]) -> dict[str, int]:
    """Return by blank node the number of its first triple: no other parse of the file will give it the same name."""
    numbered = reversed(list(enumerate(document)))
    return {triple.subject.value: at for at, triple in numbered if isinstance(triple.subject, BlankNode)}


def _settle(broken_of: list[set[Broken]], together: dict[str, int], triples: list[Triple], shapes: ShapesGraph) -> None:
    """Have pySHACL check the suspects of several files, add to each file what it finds, and forget the suspects."""
    for broken in _broken_shapes(triples, shapes.graph, shapes.advice) if triples else ():
        broken_of[together[broken[0]]].add(broken)
    together.clear()
    triples.clear()


def _repeated(subjects: shacl_screen.Described, again: set[shacl_screen.Subject]) -> Iterator[Broken]:
    """Yield claims and passages that a file describes in two places: the parser would silently merge them into one."""
    message = "is described twice in this file; make it one description, or give one of the two another IRI"
    for node, triples in subjects.items():
        if node not in again and (len(set(triples)) == len(triples) or isinstance(node, BlankNode)):
            continue  # a blank node stands within the description of something that has a name
        if any(triple.predicate.value == TYPE and triple.object in _RECORDS for triple in triples):
            yield node.value, "described-twice", VIOLATION, message


def _broken_shapes(triples: Iterable[Triple], shapes: Graph, advice: Container[str]) -> Iterator[Broken]:
    from pyshacl import validate
    from rdflib import RDF, BNode, URIRef
    from rdflib import Graph as RdfGraph

    sh = STANDARD["sh"]
    with _quiet_libraries():
        try:
            conforms, report, _ = validate(_graph(triples), shacl_graph=shapes, inference="none", advanced=False)
        except _UNUSABLE as error:
            raise _unusable(error) from error
    if not isinstance(report, RdfGraph):
        raise _unusable(report)  # pySHACL returns this failure instead of raising it
    if conforms:
        return
    for result in report.subjects(RDF.type, URIRef(sh + "ValidationResult")):
        shape = str(report.value(result, URIRef(sh + "sourceShape")))
        text = str(report.value(result, URIRef(sh + "resultMessage")))
        culprit = report.value(result, URIRef(sh + "value"))
        focus, rule = str(report.value(result, URIRef(sh + "focusNode"))), re.sub(r".*[#/]", "", shape)
        is_another = culprit is not None and not isinstance(culprit, BNode) and str(culprit) != focus
        detail = f" (found {short(str(culprit))!r})" if is_another else ""
        severity = WARNING if shape in advice else VIOLATION
        yield focus, rule, severity, text + detail


def _unusable(failure: object) -> DataError:
    what = short(" ".join(str(failure).split()), 300)
    return DataError(f"the shapes cannot be used: {what}; mend ontology/shapes.ttl or advice.ttl")


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep rdflib from telling of literals that do not fit their datatype, and pySHACL of shapes: we tell of both."""
    logs = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    disabled = [log.disabled for log in logs]
    try:
        for log in logs:
            log.disabled = True
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=UserWarning, module="rdflib")
            warnings.filterwarnings("error", category=RuntimeWarning)  # of shapes that are part of themselves
            yield
    finally:
        for log, former in zip(logs, disabled, strict=True):
            log.disabled = former


def _graph(triples: Iterable[Triple]) -> Graph:
    """Return triples as rdflib's graph."""
    from rdflib import Graph

    from coopgraph.store.rdflib_dataset import term

    graph = Graph()
    for subject, predicate, object_ in triples:
        graph.add((term(subject), term(predicate), term(object_)))
    return graph
