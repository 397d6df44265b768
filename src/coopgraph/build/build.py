"""From graph files to a checked, derived, complete store; of one that is there, only what has changed is made anew."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.build import batches, counts
from coopgraph.build.context import BuildContext
from coopgraph.build.full import FullBuild
from coopgraph.build.incremental import IncrementalBuild, PreviousStore
from coopgraph.build.known import Known
from coopgraph.check.findings import VIOLATION, Finding
from coopgraph.errors import DataError
from coopgraph.store import current, fingerprints, generations, integrity

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.fingerprints import Signature, Stamps
    from coopgraph.store.generations import Generation

Progress = Callable[[int, int, str], None]
"""Called with the number of steps done, of all steps, and the name of the file that the step was about."""

_MANY = 4
"""A store is made anew when more than one file in this many has changed."""
_LARGE = 4 << 20
"""Bytes of changed files from which it is also made anew where these are most of all: replacing them costs more."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a build or check did: counts, findings, sources whose text was not at hand, and seconds.

    `renewed` is the number of graph files that were read; the others are known from the former store.
    """

    files: int
    renewed: int
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

    def forbidden(self, *, strict: bool) -> bool:
        """Whether there may be no store: for a violation, and where one is `strict` for a warning too."""
        return bool(self.violations or (strict and self.warnings))

    def summary(self) -> str:
        """Return the first violation, or else the first warning, and how many more there are, in one line."""
        first = min(self.findings, key=lambda finding: finding.severity != VIOLATION)
        number = self.violations or self.warnings
        more = f" (and {number - 1} more; coopgraph check lists them)" if number > 1 else ""
        return f"{first}{more}"


def build(
    workspace: Workspace,
    *,
    sources: Path | None = None,
    strict: bool = False,
    full: bool = False,
    progress: Progress | None = None,
    wait: float = 0,
) -> Report:
    """Read, check, derive and load a workspace; the store is saved only where no finding forbids it.

    Of a store that is there only what has changed is made anew, unless `full` asks for all. `sources` is a folder of
    source texts; `strict` lets warnings forbid too; another build is given `wait` seconds. Raises `DataError` where a
    file cannot be read or the store not be written; the former store stays in either case.
    """

    def attempt(full: bool) -> Report:
        with generations.building(workspace.store_folder, workspace.prefixes, wait) as made, ExitStack() as opened:
            context, inputs = _context(workspace, sources), _inputs(workspace, full=full)
            maker = _filled(made, context, inputs, _Steps(progress), opened)
            report = _judged(maker, strict=strict)
            if not report.forbidden(strict=strict):
                made.write("inputs.json", inputs.signature)
                made.write("state.json", maker.state.as_json())
                made.finish(_manifest(workspace, maker.state))
                report = replace(report, derived=maker.state.derived(), saved=True)
        return report

    return _timed(attempt, full=full)


def check(workspace: Workspace, *, sources: Path | None = None, progress: Progress | None = None) -> Report:
    """Check a workspace as `build` does, in a folder aside: nothing is saved and no build is disturbed."""

    def attempt(full: bool) -> Report:
        with generations.trying(workspace.store_folder, workspace.prefixes) as made, ExitStack() as opened:
            context, inputs = _context(workspace, sources), _inputs(workspace, full=full)
            maker = _filled(made, context, inputs, _Steps(progress), opened)
            return _judged(maker, derive=batches.have_overall_rules(context))

    return _timed(attempt, full=False)


def _timed(attempt: Callable[[bool], Report], *, full: bool) -> Report:
    """Make an attempt, and where the store that it begins from turns out to be damaged a `full` one."""
    begun = time.perf_counter()
    try:
        report = attempt(full)
    except Exception as error:
        if full or not integrity.is_damage(error):
            raise
        report = attempt(True)
    return replace(report, seconds=time.perf_counter() - begun)


class _Steps:
    """Counts steps, of a total that grows as it becomes known what has to be done."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._done, self._total = progress, 0, 0

    def expect(self, number: int) -> None:
        """Add steps to come to the total."""
        self._total += number

    def __call__(self, name: str) -> None:
        """Count a step that is done."""
        self._done += 1
        if self._progress:
            self._progress(self._done, self._total, name)


def _context(workspace: Workspace, sources: Path | None) -> BuildContext:
    if sources is not None and not sources.is_dir():
        raise DataError(f"{sources}: there is no such folder of source texts; name the folder with --sources")
    return BuildContext(workspace, workspace.texts(sources))


class _Inputs(NamedTuple):
    """The graph files, those that have changed since the former store, and what all are known again by.

    `few_changed` says that the former store can be brought up to date, sooner than a new one can be made.
    """

    paths: Sequence[Path]
    changed: Sequence[Path]
    signature: Signature
    few_changed: bool


def _inputs(workspace: Workspace, *, full: bool) -> _Inputs:
    """Return what a store is made from. Raises `DataError` where there is nothing yet."""
    paths = workspace.graph_files()
    if not paths and not workspace.awaits_claims():
        others = "".join(f" ({path.name} is not read)" for path in workspace.passed_over()[:1])
        advice = "put at least one there, or begin with a document: coopgraph read"
        raise DataError(f"{workspace.root / 'graphs'}: holds no .ttl or .nt files{others}; {advice}")
    former = {} if full else current.state(workspace.store_folder, "inputs.json")
    signature = fingerprints.of(workspace, former)
    graphs, former_graphs = signature["graphs"], former.get("graphs", {})
    stale = fingerprints.changed(graphs, former_graphs)
    changed = [path for path in paths if fingerprints.name(path, workspace.root) in stale]
    few = not full and len(changed) * _MANY <= len(paths) + _MANY
    few = few and not _are_most(stale, workspace.root, graphs, former_graphs)
    return _Inputs(
        paths, changed, signature, few and fingerprints.are_same(signature["shared"], former.get("shared", {}))
    )


def _filled(
    made: Generation, context: BuildContext, inputs: _Inputs, steps: _Steps, opened: ExitStack
) -> FullBuild | IncrementalBuild:
    """Return a store in the making, when all has been read and checked that has to be."""
    former = _former(context.workspace, opened) if inputs.few_changed else None
    if former is None:
        whole = FullBuild(made, context, steps)
        whole.fill(inputs.paths)
        return whole
    renewal = IncrementalBuild(made, context, former, steps)
    renewal.fill(inputs.paths, inputs.changed)
    return renewal


def _judged(maker: FullBuild | IncrementalBuild, *, strict: bool = False, derive: bool = True) -> Report:
    """Return what was found; unless that forbids a store, what follows is derived and the whole store judged too."""
    batches.warn_of_others(maker.context, maker.state)
    report = _report(maker.state)
    if report.forbidden(strict=strict) or not derive:
        return report
    maker.derive()
    batches.check_whole_store(maker.context, maker.draft, maker.state)
    return _report(maker.state)


def _are_most(stale: Collection[str], root: Path, now: Stamps, former: Stamps) -> bool:
    """Say whether graph files that have changed or gone are large, and most of what there is."""
    gone = sum(int(stamp[0]) for name, stamp in former.items() if name not in now)
    paths = {name: os.path.join(root, name) for name in now}  # noqa: PTH118 - text
    sizes = {name: os.path.getsize(path) if os.path.isfile(path) else 0 for name, path in paths.items()}  # noqa: PTH113, PTH202
    size = gone + sum(sizes[name] for name in stale)
    return size > _LARGE and size * 2 > gone + sum(sizes.values())


def _former(workspace: Workspace, opened: ExitStack) -> PreviousStore | None:
    """Return the former store with what is known of it, where it can be used."""
    folder = workspace.store_folder
    if (current.manifest(folder) or {}).get("format") != fingerprints.FORMAT:
        return None
    try:
        store = opened.enter_context(current.open_store(folder, workspace.prefixes))
        return PreviousStore(store, Known.from_json(current.state(folder, "state.json")))
    except (DataError, LookupError, TypeError, ValueError):
        return None


def _report(state: Known) -> Report:
    absent = {source for verified in state.verified.values() for source in verified.absent}
    return Report(
        files=len(state.alone),
        renewed=state.renewed,
        triples=state.counts["triples"],
        claims=counts.claims(state.counts),
        entities=state.counts["entities"],
        verified=sum(verified.passages for verified in state.verified.values()),
        findings=state.findings(),
        absent=tuple(sorted(absent)),
    )


def _manifest(workspace: Workspace, state: Known) -> dict[str, Any]:
    return {
        "format": fingerprints.FORMAT,
        "title": workspace.title,
        "description": workspace.description,
        "license": workspace.license,
        **dict(workspace.about),
        "base": workspace.base,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "claims": counts.claims(state.counts),
        "counts": counts.for_manifest(state.counts, state.graphs),
    }
