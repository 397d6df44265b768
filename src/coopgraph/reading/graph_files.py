"""Files of a workspace written together: they are checked to stay, or all is as it was."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.errors import CheckError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from coopgraph.check.findings import Finding
    from coopgraph.claims.workspace import Workspace


class _ElsewhereError(Exception):
    """A check finds violations, none of them in a file that is written: they may have been there before."""


def save(texts: Mapping[Path, str | None], workspace: Workspace, *, checked: bool = False) -> None:
    """Write files of a workspace, None for one that goes; all stays as it was where anything fails.

    Those that are `checked` are not checked again. Raises `CheckError` with the first violation that a check finds in
    one that is written, or in another one, where it was not before.
    """
    try:
        _save(texts, workspace, None, checked=checked)
    except _ElsewhereError:
        _save(texts, workspace, _violations(workspace), checked=checked)


def _save(
    texts: Mapping[Path, str | None], workspace: Workspace, known: Collection[Finding] | None, *, checked: bool
) -> None:
    """Write files; `known` are the violations that were there before, None where nobody has looked."""
    former = {path.resolve(): _kept(path.resolve()) for path in texts}
    try:
        for path, text in texts.items():
            if text is None:
                path.unlink()
                continue
            with files.text_to(path) as out:
                out.write(text)
        if not checked:
            _refuse_violations(workspace, {workspace.name_of(path) for path in texts}, known)
    except BaseException:
        for path, kept in former.items():
            if kept:
                kept.replace(path)
                kept.unlink(missing_ok=True)  # of two names of one file a system gives up none
            else:
                path.unlink(missing_ok=True)
        raise
    for kept in filter(None, former.values()):
        kept.unlink(missing_ok=True)


def _kept(path: Path) -> Path | None:
    """Return another name under which a file stays as it is, which takes no room on the disk; None where it is new."""
    if not path.is_file():
        return None
    aside = path.with_name(f".{path.name}.before-{os.getpid()}")
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system without links
        shutil.copy2(path, aside)
    return aside


def _violations(workspace: Workspace) -> list[Finding]:
    from coopgraph.build import build
    from coopgraph.check.findings import VIOLATION

    return [each for each in build.check(workspace).findings if each.severity == VIOLATION]


def _refuse_violations(workspace: Workspace, names: set[str], known: Collection[Finding] | None) -> None:
    violations = _violations(workspace)
    wrong = [each for each in violations if each.file in names]
    wrong = wrong or [each for each in violations if known is not None and each not in known]
    if violations and not wrong and known is None:
        raise _ElsewhereError
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise CheckError(f"nothing was written, for then {wrong[0]}{more}")
