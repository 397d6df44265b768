"""From graph files to a checked, derived, complete store, and keeping that store up to date."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from coopgraph import embedded, files, questions, records, store, turtle, validate, verify, vocab
from coopgraph.embedded import Builder
from coopgraph.errors import CheckError, CoopgraphError, DataError, QueryError
from coopgraph.findings import VIOLATION, Finding
from coopgraph.terms import Triple, value

if TYPE_CHECKING:
    from pathlib import Path

    from coopgraph.store import Store
    from coopgraph.workspace import Workspace

FORMAT = 1
"""Raised whenever stores built by an earlier version cannot be used, so that they are built anew."""

_PATIENCE = 600
"""Seconds to wait for another build where there is no former store to answer from."""

Progress = Callable[[int, int, str], None]
Signature = dict[str, list[int | str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build or check did: counts, findings, sources whose text was not at hand, and seconds."""

    files: int
    triples: int
    claims: dict[str, int]
    entities: int
    verified: int
    findings: tuple[Finding, ...]
    absent: tuple[str, ...]
    derived: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    saved: bool = False

    @property
    def violations(self) -> int:
        """How many findings forbid a store."""
        return sum(finding.severity == VIOLATION for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are advice."""
        return len(self.findings) - self.violations


def build(
    workspace: Workspace,
    *,
    sources: Path | None = None,
    strict: bool = False,
    progress: Progress | None = None,
    wait: float = 0,
) -> Report:
    """Read, check, derive and load a workspace; the store is saved only where no finding forbids it.

    `sources` is a folder of source texts; `strict` lets warnings forbid too; another build is given `wait` seconds.
    Raises `DataError` where a file cannot be read or the store not be written; the former store stays in either case.
    """
    begun = time.perf_counter()
    signature = _signature(workspace)
    known = _Checked(workspace.store_folder / "checked.json")
    with embedded.building(workspace.store_folder, workspace.prefixes, wait) as generation:
        builder = Builder(workspace.prefixes) if _fits_in_memory(workspace) else generation
        report = _fill(builder, workspace, sources, known, progress)
        known.save()
        forbidden = report.violations or (strict and report.warnings)
        if not forbidden:
            report = replace(report, derived=derive(builder, workspace), saved=True)
            if builder is not generation:
                generation.copy(builder)
            generation.finish(_manifest(workspace, signature, report))
    return replace(report, seconds=time.perf_counter() - begun)


_MEMORY = 30_000_000
"""Bytes of graph files up to which rules run in memory, in a third of the time, before all goes to disk."""


def _fits_in_memory(workspace: Workspace) -> bool:
    return sum(path.stat().st_size for path in workspace.graph_files() if path.is_file()) <= _MEMORY


def check(workspace: Workspace, *, sources: Path | None = None, progress: Progress | None = None) -> Report:
    """Check a workspace as `build` does, in memory: nothing is saved and no build is disturbed."""
    begun = time.perf_counter()
    known = _Checked(workspace.store_folder / "checked.json")
    report = _fill(Builder(workspace.prefixes), workspace, sources, known, progress)
    return replace(report, seconds=time.perf_counter() - begun)


def _fill(
    builder: Builder, workspace: Workspace, sources: Path | None, known: _Checked, progress: Progress | None
) -> Report:
    """Check and load all graph files and the ontology, and report what there is and what is wrong with it."""
    paths = workspace.graph_files()
    if not paths:
        raise DataError(f"{workspace.root / 'graphs'}: holds no .ttl files; put at least one there")
    findings: list[Finding] = []
    sizes: list[int] = []
    builder.add(_counted(_checked(workspace, paths, known, findings, progress), sizes))
    builder.add((vocab.ONTOLOGY_GRAPH, turtle.read(path)) for path in workspace.ontology_files())
    loaded = builder.reader()
    findings += validate.across(loaded, workspace)
    texts = verify.against_texts(loaded, workspace, sources or workspace.texts_at_hand())
    return Report(
        files=len(paths),
        triples=sum(sizes),
        claims=_claims_by_status(loaded),
        entities=_entities(loaded),
        verified=texts.passages,
        findings=tuple(sorted({*findings, *texts.findings})),
        absent=tuple(texts.absent),
    )


def _counted(
    batches: Iterable[tuple[str, Sequence[Triple]]], sizes: list[int]
) -> Iterator[tuple[str, Sequence[Triple]]]:
    """Pass batches on and note their sizes: counting them in the store afterwards would read all of it again."""
    for graph, triples in batches:
        sizes.append(len(set(triples)))
        yield graph, triples


def _checked(
    workspace: Workspace, paths: list[Path], known: _Checked, findings: list[Finding], progress: Progress | None
) -> Iterator[tuple[str, Sequence[Triple]]]:
    """Yield graph and triples of each file when it has been checked, its findings added to `findings`."""
    shapes = validate.rules(workspace)
    salt = f"{FORMAT} {shapes.digest} {workspace.base} ".encode()
    waiting: list[validate.Document] = []
    for number, path in enumerate(paths, 1):
        name = workspace.name_of(path)
        text = files.read(path, name)
        triples = list(turtle.triples(text, name))
        kept = known.findings(name, sha256(salt + text).hexdigest())
        if kept is None:
            waiting.append((path, triples))
        findings += kept or ()
        if number == len(paths) or sum(len(triples) for _, triples in waiting) > _TOGETHER:
            for checked, found in validate.files(waiting, workspace, shapes):
                known.keep(workspace.name_of(checked), found)
                findings += found
            waiting = []
        if progress:
            progress(number, len(paths), name)
        yield workspace.graph_iri(path), triples


_TOGETHER = 20_000
"""Triples that are checked together: beyond this many, more bring no gain in time and cost memory."""


class _Checked:
    """The findings of file checks by name, content and shapes, so that only changed files are checked again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._former: dict[str, Any] = embedded.read_json(path)
        self._keys: dict[str, str] = {}
        self._found: dict[str, list[Finding]] = {}

    def findings(self, name: str, key: str) -> list[Finding] | None:
        """Return the findings of a file, None where none are kept under its key."""
        self._keys[name] = key
        former = self._former.get(name)
        if not isinstance(former, list) or former[:1] != [key]:
            return None
        self._found[name] = [Finding(*each) for each in former[1]]
        return self._found[name]

    def keep(self, name: str, found: list[Finding]) -> None:
        """Keep the findings of a file that has just been checked."""
        self._found[name] = found

    def save(self) -> None:
        """Write what is known for the next build."""
        kept = {
            name: [self._keys[name], [astuple(finding) for finding in found]] for name, found in self._found.items()
        }
        embedded.write_aside(self._path, json.dumps(kept, ensure_ascii=False))


_ROUNDS = 100
"""Rounds after which rules that still give new triples are taken to give them for ever."""


def derive(builder: Builder, workspace: Workspace) -> dict[str, int]:
    """Run the rules under `queries/derive/`, those of the direct triples once, the others until nothing new comes.

    Returns the number of triples in each of the graphs that they make. Raises `DataError` where they never end.
    """
    rules = [questions.read(path) for path in workspace.query_files("derive")]
    sizes: dict[str, int] = {}
    for graph, iri, rounds in (
        ("direct", vocab.DIRECT, 1),
        ("inferred", vocab.INFERRED, _ROUNDS),
        ("tallies", vocab.TALLIES, 1),
    ):
        chosen = [rule for rule in rules if rule.header.get("graph") == graph]
        known: set[Triple] = set()
        for _ in range(rounds):
            new = {triple for rule in chosen for triple in _constructed(builder, rule)} - known
            if not new:
                break
            builder.add([(iri, new)])
            known |= new
        else:
            if graph == "inferred":
                raise DataError("queries/derive: the rules give new triples without end; let none make blank nodes")
        sizes[graph] = len(known)
    return sizes


def _constructed(builder: Builder, rule: questions.Question) -> list[Triple]:
    try:
        answer = builder.query(rule.sparql)
    except QueryError as error:
        raise DataError(f"queries/derive/{rule.name}.rq:{error}") from error
    if not isinstance(answer, store.Triples):
        raise DataError(f"queries/derive/{rule.name}.rq: gives no triples; make it a CONSTRUCT query")
    return list(answer)


def _claims_by_status(loaded: Store) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for quad in loaded.quads(predicate=vocab.coop("status")):
        counted[vocab.local_name(value(quad.object))] += 1
    order = {name: place for place, name in enumerate(vocab.STATUSES)}
    return dict(sorted(counted.items(), key=lambda pair: (order.get(pair[0], len(order)), pair[0])))


def _entities(loaded: Store) -> int:
    classes = records.entity_classes(loaded)
    return len({quad.subject for quad in loaded.quads(predicate=vocab.TYPE) if value(quad.object) in classes})


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
    return {_key(path): [*_stamp(path), _digest(path)] for path in _inputs(workspace) if path.is_file()}


def _key(path: Path) -> str:
    """Return a path as JSON can hold it, the same in every locale."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _stamp(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def is_current(workspace: Workspace, manifest: dict[str, Any]) -> bool:
    """Say whether a store still is what its files say; contents are read only where size or time has changed."""
    inputs = manifest.get("inputs", {})
    paths = [path for path in _inputs(workspace) if path.is_file()]
    if manifest.get("format") != FORMAT or {_key(path) for path in paths} != set(inputs):
        return False
    return all(_stamp(path) == inputs[_key(path)][:2] or _digest(path) == inputs[_key(path)][2] for path in paths)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def current_store(
    workspace: Workspace, *, sources: Path | None = None, tell: Callable[[str], None] | None = None
) -> Store:
    """Open the store of a workspace, brought up to date first.

    Where that fails, the former store answers and `tell` is told why. Raises `CheckError` or `DataError` where there is
    none.
    """
    folder = workspace.store_folder
    former = embedded.manifest(folder)
    if former is None or not is_current(workspace, former):
        trouble = _trouble(workspace, sources, wait=0 if former else _PATIENCE)
        if trouble is not None:
            if former is None:
                raise trouble
            if tell is not None:
                tell(f"{trouble}; answering from the store of {former.get('built')}")
    return embedded.open_store(folder, workspace.prefixes)


def _trouble(workspace: Workspace, sources: Path | None, wait: float) -> CoopgraphError | None:
    """Build, and return what kept it from giving a store, if anything did."""
    try:
        report = build(workspace, sources=sources, wait=wait)
    except DataError as error:
        return error
    return CheckError(_summary(report)) if report.violations else None


def _summary(report: Report) -> str:
    first = next(finding for finding in report.findings if finding.severity == VIOLATION)
    more = f" (and {report.violations - 1} more; coopgraph check lists them)" if report.violations > 1 else ""
    return f"{first}{more}"
