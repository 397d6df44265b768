"""From graph files to a checked, derived, complete store, and keeping that store up to date."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from coopgraph import questions, store, validate, vocab
from coopgraph.errors import CheckError, DataError
from coopgraph.store import Builder, Store
from coopgraph.terms import NamedNode, Quad, Triple
from coopgraph.validate import VIOLATION, Finding
from coopgraph.workspace import Workspace

FORMAT = 1
"""Raised whenever stores built by an earlier version cannot be used, so that they are built anew."""

Progress = Callable[[int, int, str], None]
Signature = dict[str, list[int | str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build or check did: counts, findings, sources whose text was not at hand, and seconds."""

    files: int
    triples: int
    claims: dict[str, int]
    entities: int
    derived: dict[str, int]
    verified: int
    findings: tuple[Finding, ...]
    absent: tuple[str, ...]
    seconds: float
    saved: bool = field(default=False)

    @property
    def violations(self) -> int:
        """How many findings forbid a store."""
        return sum(finding.severity == VIOLATION for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are advice."""
        return len(self.findings) - self.violations


def build(
    workspace: Workspace, *, sources: Path | None = None, strict: bool = False, save: bool = True, progress: Progress | None = None
) -> Report:
    """Read, check, derive and load a workspace; a store is saved only where no finding forbids it.

    `sources` is a folder of source texts, `strict` lets warnings forbid too, and without `save` it is a mere check.
    Raises `DataError` where a file cannot be read or the store not be written; the former store stays in either case.
    """
    begun = time.perf_counter()
    signature = _signature(workspace)
    with store.building(workspace.store_folder, workspace.prefixes) as builder:
        files = workspace.graph_files()
        if not files:
            raise DataError(f"{workspace.root / 'graphs'}: holds no .ttl files; put at least one there")
        findings = _load(builder, workspace, files, progress)
        _load_ontology(builder, workspace)
        findings += validate.across(builder.reader(), workspace)
        texts = validate.against_texts(builder.reader(), workspace, sources or workspace.sources)
        findings = sorted({*findings, *texts.findings})
        forbidden = any(finding.severity == VIOLATION or strict for finding in findings)
        derived = {} if forbidden else derive(builder, workspace)
        report = Report(
            files=len(files),
            triples=sum(builder.count(workspace.graph_iri(path)) for path in files),
            claims=_claims_by_status(builder),
            entities=_entities(builder),
            derived=derived,
            verified=texts.passages,
            findings=tuple(findings),
            absent=tuple(texts.absent),
            seconds=time.perf_counter() - begun,
            saved=save and not forbidden,
        )
        if report.saved:
            builder.finish(_manifest(workspace, signature, report))
    return report


def _load(builder: Builder, workspace: Workspace, files: list[Path], progress: Progress | None) -> list[Finding]:
    """Check and load each graph file; a file that has not changed since it was last checked is not checked again."""
    shapes = validate.rules(workspace)
    known = _Checked(workspace.store_folder / "checked.json", shapes.digest)
    findings: list[Finding] = []
    for number, path in enumerate(files, 1):
        name = workspace.name_of(path)
        if progress:
            progress(number, len(files), name)
        findings += known.findings(path, name, lambda path=path: validate.file(path, workspace, shapes))  # type: ignore[misc]
        builder.load(path, workspace.graph_iri(path))
    known.save()
    return findings


class _Checked:
    """The findings of file checks by name and content, so that only changed files are checked again."""

    def __init__(self, path: Path, rules: str) -> None:
        self._path, self._rules = path, rules
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            self._former = kept["files"] if kept["rules"] == rules and kept["format"] == FORMAT else {}
        except (OSError, ValueError, KeyError, TypeError):
            self._former = {}
        self._files: dict[str, list[Any]] = {}

    def findings(self, path: Path, name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
        """Return the findings of a file, by `check` where its content is not known."""
        try:
            digest = sha256(path.read_bytes()).hexdigest()
        except OSError:
            return check()
        former = self._former.get(name)
        found = [Finding(*f) for f in former[1]] if former and former[0] == digest else check()
        self._files[name] = [digest, [[f.file, f.line, f.focus, f.rule, f.severity, f.message] for f in found]]
        return found

    def save(self) -> None:
        """Keep what is known for the next build."""
        kept = {"format": FORMAT, "rules": self._rules, "files": self._files}
        store.write_aside(self._path, json.dumps(kept, ensure_ascii=False))


def _load_ontology(builder: Builder, workspace: Workspace) -> None:
    for path in workspace.ontology_files():
        try:
            builder.load(path, vocab.ONTOLOGY_GRAPH)
        except SyntaxError as error:
            raise DataError(validate.turtle.syntax_message(workspace.name_of(path), error)) from error


def derive(builder: Builder, workspace: Workspace) -> dict[str, int]:
    """Run the rules under `queries/derive/`, those of the direct triples once, the others until nothing new comes.

    Returns the number of triples in the graphs `direct` and `inferred`.
    """
    rules = [questions.read(path) for path in workspace.query_files("derive")]
    for graph, iri in (("direct", vocab.DIRECT), ("inferred", vocab.INFERRED)):
        texts = [rule.sparql for rule in rules if rule.header.get("graph") == graph]
        known: set[Triple] = set()
        while new := {triple for text in texts for triple in _constructed(builder, text)} - known:
            builder.add(new, iri)
            known |= new
            if graph == "direct":
                break
    return {"direct": builder.count(vocab.DIRECT), "inferred": builder.count(vocab.INFERRED)}


def _constructed(builder: Builder, text: str) -> list[Triple]:
    return list(builder.query(text))  # type: ignore[arg-type]


def _claims_by_status(builder: Builder) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for quad in builder.reader().quads(predicate=vocab.coop("status")):
        counted[vocab.local_name(quad.object.value)] += 1
    order = {name: place for place, name in enumerate(vocab.STATUSES)}
    return dict(sorted(counted.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0])))


def _entities(builder: Builder) -> int:
    text = "SELECT (COUNT(DISTINCT ?entity) AS ?n) { ?class rdfs:subClassOf* coop:Entity . ?entity a ?class }"
    return int(next(builder.reader().select(text))["n"].value)


def _manifest(workspace: Workspace, signature: Signature, report: Report) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "title": workspace.title,
        "description": workspace.description,
        "license": workspace.license,
        "base": workspace.base,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "inputs": signature,
        "claims": report.claims,
    }


def _inputs(workspace: Workspace) -> list[Path]:
    return [
        workspace.root / "coopgraph.toml",
        *workspace.graph_files(),
        *workspace.ontology_files(),
        *workspace.shapes_files("shapes.ttl"),
        *workspace.shapes_files("advice.ttl"),
        *workspace.query_files("checks"),
        *workspace.query_files("derive"),
    ]


def _signature(workspace: Workspace) -> Signature:
    """Return path -> size, time of change and checksum of every file that a store is made from."""
    return {str(path): [*_stamp(path), sha256(path.read_bytes()).hexdigest()] for path in _inputs(workspace) if path.is_file()}


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def is_current(workspace: Workspace, manifest: dict[str, Any]) -> bool:
    """Say whether a store still is what its files say; contents are read only where size or time has changed."""
    inputs = manifest.get("inputs", {})
    paths = [path for path in _inputs(workspace) if path.is_file()]
    if manifest.get("format") != FORMAT or {str(path) for path in paths} != set(inputs):
        return False
    return all(_stamp(path) == inputs[str(path)][:2] or _same_content(path, inputs[str(path)][2]) for path in paths)


def _same_content(path: Path, digest: str) -> bool:
    return sha256(path.read_bytes()).hexdigest() == digest


def current_store(
    workspace: Workspace, *, sources: Path | None = None, tell: Callable[[str], None] = lambda _: None
) -> Store:
    """Open the store of a workspace, brought up to date first.

    Where that fails, the former store answers and `tell` is told why. Raises `CheckError` or `DataError` where there is
    none.
    """
    folder = workspace.store_folder
    manifest = store.manifest(folder)
    if manifest is None or not is_current(workspace, manifest):
        try:
            report = build(workspace, sources=sources)
            trouble = CheckError(_summary(report)) if report.violations else None
        except DataError as error:
            trouble = error
        if trouble is not None:
            if manifest is None:
                raise trouble
            tell(f"{trouble}; answering from the store of {manifest.get('built')}")
    return store.open_store(folder, workspace.prefixes)


def _summary(report: Report) -> str:
    first = next(finding for finding in report.findings if finding.severity == VIOLATION)
    more = f" (and {report.violations - 1} more; coopgraph check lists them)" if report.violations > 1 else ""
    return f"{first}{more}"
