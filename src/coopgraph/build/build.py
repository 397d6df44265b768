"""From graph files to a checked, derived, complete store; of one that is there, only what has changed is made anew."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coopgraph.build import batches, counts, inputs, whole_store
from coopgraph.build.full import FullBuild
from coopgraph.build.incremental import IncrementalBuild
from coopgraph.build.progress import Steps
from coopgraph.build.report import Report
from coopgraph.store import fingerprints, generations, integrity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from coopgraph.build.batches import Pool
    from coopgraph.build.inputs import Inputs
    from coopgraph.build.known import Known
    from coopgraph.build.progress import Progress
    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.generations import Generation


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
        with (
            generations.building(workspace.store_folder, workspace.prefixes, wait) as made,
            inputs.opened(workspace, sources, full=full) as given,
        ):
            making = _read(made, given, progress)
            report = _derived(making, given, strict=strict)
            if report.forbidden(strict=strict):
                return report
            made.write("inputs.json", given.signature)
            made.write("state.json", making.known.as_json())
            made.finish(_manifest(workspace, making.known))
            return replace(report, derived=making.known.derived(), saved=True)

    return _timed(attempt, full=full)


def check(workspace: Workspace, *, sources: Path | None = None, progress: Progress | None = None) -> Report:
    """Check a workspace as `build` does, in a folder aside: nothing is saved and no build is disturbed."""

    def attempt(full: bool) -> Report:
        with (
            generations.trying(workspace.store_folder, workspace.prefixes) as made,
            inputs.opened(workspace, sources, full=full) as given,
        ):
            making = _read(made, given, progress)
            if not whole_store.have_rules(given.context):
                return Report.of(making.known)  # nothing looks at what would be derived
            return _derived(making, given)

    return _timed(attempt, full=False)


def _timed(attempt: Callable[[bool], Report], *, full: bool) -> Report:
    """Make an attempt, and where the store that it begins from turns out to be damaged a `full` one."""
    begun = time.perf_counter()
    try:
        made = attempt(full)
    except Exception as error:
        if full or not integrity.is_damage(error):
            raise
        made = attempt(True)
    return replace(made, seconds=time.perf_counter() - begun)


def _read(made: Generation, given: Inputs, progress: Progress | None) -> FullBuild | IncrementalBuild:
    """Return a store in the making, in which all has been read and checked that has to be."""
    with batches.Pool(given.context) as pool:
        making = _begun(made, given, pool, Steps(progress))
        making.read()  # graph files, each by itself, into the database and what is kept beside it
        making.compare()  # passages, with the texts of their sources
        making.check()  # graphs, beside what the others say of the things that they name
    whole_store.check_relations(given.context, making.draft, making.known, making.changed_relations)
    whole_store.note_passed_over(making.known, given.passed_over)
    return making


def _begun(made: Generation, given: Inputs, pool: Pool, steps: Steps) -> FullBuild | IncrementalBuild:
    """Return an empty store to be filled from all files, or the former one where few have changed."""
    if given.previous is None:
        return FullBuild(made, given, pool, steps)
    return IncrementalBuild(made, given, given.previous, pool, steps)


def _derived(making: FullBuild | IncrementalBuild, given: Inputs, *, strict: bool = False) -> Report:
    """Return what was found; unless that forbids a store, what follows is derived and the whole checked with it."""
    report = Report.of(making.known)
    if report.forbidden(strict=strict):
        return report
    making.derive()  # direct triples, what the ontology implies, tallies
    whole_store.check(given.context, making.draft, making.known)
    return Report.of(making.known)


def _manifest(workspace: Workspace, known: Known) -> dict[str, Any]:
    return {
        "format": fingerprints.FORMAT,
        "title": workspace.title,
        "description": workspace.description,
        "titles": workspace.titles,
        "descriptions": workspace.descriptions,
        "license": workspace.license,
        **dict(workspace.about),
        "base": workspace.base,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "claims": counts.claims(known.counts),
        "counts": counts.for_manifest(known.counts, known.graphs),
    }
