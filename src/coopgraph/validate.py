"""Graph files against the shapes, the rules and the source texts: what breaks them, as a list of findings."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from coopgraph import passages, questions, records, turtle
from coopgraph.errors import DataError, QueryError
from coopgraph.results import one_line
from coopgraph.terms import NamedNode, Triple, compact, curie, value
from coopgraph.vocab import STANDARD, TYPE, coop

if TYPE_CHECKING:
    from rdflib import Graph

    from coopgraph.model import Passage
    from coopgraph.store import Store
    from coopgraph.workspace import Workspace

Document: TypeAlias = tuple[Path, Sequence[Triple]]
"""A graph file with its triples, in the order in which they stand."""

VIOLATION, WARNING = "violation", "warning"
_RECORDS = frozenset(NamedNode(coop(name)) for name in ("Claim", "Observation", "Passage"))


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where a graph file breaks a rule: file, line (0 where unknown), the thing at fault, the rule and what to do."""

    file: str
    line: int
    focus: str
    rule: str
    severity: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(f"{place}: {self.severity}: {self.focus}: {self.message} [{self.rule}]")


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
    subject are tried together first, and one by one only where that finds something.
    """
    together = len(documents) > 1 and shapes.local and not _share_a_subject(documents)
    clean = together and not any(_broken_shapes(chain.from_iterable(triples for _, triples in documents), shapes))
    for path, triples in documents:
        found = [*_repeated(triples), *(() if clean else _broken_shapes(triples, shapes))]
        name, lines = workspace.name_of(path), Lines(path, workspace.prefixes)
        yield path, sorted({Finding(name, lines.of(iri), lines.name(iri), *rest) for iri, *rest in found})


def _share_a_subject(documents: Sequence[Document]) -> bool:
    seen: set[object] = set()
    for _, triples in documents:
        subjects = {triple.subject for triple in triples}
        if not seen.isdisjoint(subjects):
            return True
        seen |= subjects
    return False


class Lines:
    """On which line of a Turtle file the description of a subject begins, and how the subject is called."""

    def __init__(self, path: Path, prefixes: dict[str, str]) -> None:
        self._path, self._prefixes = path, prefixes
        self._lines: dict[str, int] | None = None

    def of(self, iri: str) -> int:
        """Return the line, from 1, or 0 where it cannot be told."""
        if self._lines is None:
            self._lines = dict(self._index(self._path.read_text(encoding="utf-8-sig", errors="replace")))
        return self._lines.get(iri, 0)

    def name(self, iri: str) -> str:
        """Return the prefixed name of an IRI, or the IRI; a blank node has none that another run would give it too."""
        return (curie(iri, self._prefixes) or iri) if ":" in iri else "a blank node"

    @staticmethod
    def _index(text: str) -> Iterator[tuple[str, int]]:
        declared = dict(re.findall(r"(?im)^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", text))
        seen: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), 1):
            match = re.match(r"(?:<([^>]*)>|([\w.-]*):([^\s;,]+))(?=\s|$)", line)
            if match:
                iri = match[1] or declared.get(match[2] or "", "") + (match[3] or "")
                seen.setdefault(iri, number)
        return iter(seen.items())


def _repeated(triples: Sequence[Triple]) -> Iterator[tuple[str, str, str, str]]:
    """Yield claims and passages that a file describes in two places: the parser would silently merge them into one."""
    records_ = {t.subject for t in triples if t.predicate.value == TYPE and t.object in _RECORDS}
    seen: set[object] = set()
    twice: set[NamedNode] = set()
    last = None
    for triple in triples:
        again = triple in seen or (triple.subject != last and triple.subject in seen)
        if again and isinstance(triple.subject, NamedNode):
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
        detail = "" if culprit is None or isinstance(culprit, BNode) else f" (found {_short(str(culprit))!r})"
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
    files = {workspace.graph_iri(path): path for path in workspace.graph_files()}

    @cache
    def lines(path: Path) -> Lines:
        return Lines(path, workspace.prefixes)

    found = []
    for path in workspace.query_files("checks"):
        rule = questions.read(path)
        for graph, focus, detail in _rows(store, rule, workspace.name_of(path)):
            at = files.get(graph)
            message = f"{rule.summary}{f': {_short(detail)}' if detail else ''}; {rule.description}"
            place = (workspace.name_of(at), lines(at).of(focus)) if at else (graph, 0)
            name = curie(focus, workspace.prefixes) or focus
            found.append(Finding(*place, name, rule.name, rule.header.get("severity", VIOLATION), message))
    return sorted(set(found))


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


@dataclass(frozen=True, slots=True)
class Verified:
    """What comparing passages with source texts gave: counts, findings, and the sources that were not at hand."""

    passages: int
    sources: int
    findings: list[Finding]
    absent: list[str]


def against_texts(store: Store, workspace: Workspace, folder: Path | None) -> Verified:
    """Verify each passage's position and checksum against the source texts in `folder`, as far as they are there."""
    if folder is not None and not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder of source texts; name the folder with --sources")
    listed: dict[str, dict[str, Passage]] = defaultdict(dict)
    graph_of: dict[str, str] = {}
    for quad in store.quads(predicate=STANDARD["oa"] + "hasSource"):
        iri = value(quad.subject)
        listed[value(quad.object)][iri] = records.passage(store, iri)
        graph_of[iri] = value(quad.graph_name)
    verified = sources = 0
    found: list[Finding] = []
    absent: list[str] = []
    for source in sorted(listed):
        path = _text_of(store, source, folder)
        if path is None:
            absent.append(curie(source, workspace.prefixes) or source)
            continue
        text = passages.read(path)
        problems = [(p.passage, p.rule, VIOLATION, p.message) for p in passages.verify(text, listed[source])]
        graph_of[source] = next(value(q.graph_name) for q in store.quads(subject=source))
        problems += _changed_text(store, source, text, path, bool(problems))
        found += _placed(problems, graph_of, workspace)
        verified, sources = verified + len(listed[source]), sources + 1
    return Verified(verified, sources, sorted(found), absent)


def _text_of(store: Store, source: str, folder: Path | None) -> Path | None:
    name = next((value(quad.object) for quad in store.quads(subject=source, predicate=coop("textFile"))), None)
    path = folder / Path(name).name if folder and name else None
    return path if path and path.is_file() else None


def _changed_text(store: Store, source: str, text: str, path: Path, told: bool) -> list[tuple[str, str, str, str]]:
    """Say that a text is not the one that was read, unless findings on its passages say so already."""
    wanted = next((value(quad.object) for quad in store.quads(subject=source, predicate=coop("textSha256"))), None)
    if told or wanted is None or wanted == passages.digest(text):
        return []
    message = (
        f"{path.name} is not the text that was read, though every passage stands; read it again, set coop:textSha256"
    )
    return [(source, "source-changed", WARNING, message)]


def _placed(
    problems: Iterable[tuple[str, str, str, str]], graph_of: dict[str, str], workspace: Workspace
) -> Iterator[Finding]:
    files = {workspace.graph_iri(path): path for path in workspace.graph_files()}
    for iri, rule, severity, message in problems:
        path = files.get(graph_of[iri], workspace.root / "ontology")
        lines = Lines(path, workspace.prefixes)
        place = lines.of(iri) if path.is_file() else 0
        yield Finding(workspace.name_of(path), place, lines.name(iri), rule, severity, message)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
