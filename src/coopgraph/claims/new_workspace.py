"""A new workspace: settings, a README, and a worked example of every kind of claim to look at, copy and take out."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from coopgraph import files
from coopgraph.claims.workspace import SETTINGS, bundled
from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

_EXAMPLE = "every-kind-of-claim"
_PASSED_OVER = {".git"}
"""What may be in a folder that counts as empty."""
_SETTINGS = """\
title = {title}
license = "https://creativecommons.org/licenses/by/4.0/"  # of the graph; the texts have their own
base = "https://example.org/id/"  # where the IRIs of your things begin: put an address of yours
sources = "texts"
"""
_IGNORED = """\
# what is built, and what quotes documents, whose licences may not allow to share them
.coopgraph/
proposals/
texts/
"""
_README = """\
# {title}

A workspace of coopgraph: a graph of cooperation links in which every link opens the passage that states it.

    coopgraph check                        # all is well
    coopgraph query partners -p place=Northport
    coopgraph view -o network.html

`graphs/` and `texts/` hold an example of every kind of claim, on invented texts, in the public domain (CC0): look at
it, copy from it, and take it out. A document becomes part of the graph in three steps; `release.html` is one to try:

    coopgraph read release.html            # also PDF, DOCX and text
    coopgraph review                       # a person decides, one key each; --web in a browser
    coopgraph accept

Where a document does not say when and by whom it was published, say it: `--issued 2024-05 --publisher "The Gazette"`.
Put an address of yours into `base` in `coopgraph.toml` before you publish. `texts/` and `proposals/` quote documents
and stay out of git.
"""
_DOCUMENT = """\
<!doctype html>
<html lang="en">
<head>
<title>Northport and Eastland open an office</title>
<meta property="og:site_name" content="The Coast Herald">
<meta property="article:published_time" content="2025-03-14">
</head>
<body>
<article>
<h1>Northport and Eastland open an office</h1>
<p>Northport has set up an office in Eastland to promote cooperation in trade and tourism. The Northport Trade Council
supports Eastland.</p>
<p>Ms Ada Lin said that Northport could further strengthen cooperation with Eastland in finance.</p>
<p>Northport will sign an agreement with Eastland next year.</p>
</article>
</body>
</html>
"""


def create(folder: Path) -> list[str]:
    """Make a workspace in a folder that is new or empty, and return the names of what was written there.

    Raises `UsageError` where it is not empty, having touched nothing, and `DataError` where it cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: is no folder; name a new or an empty one")
    is_new = not folder.exists()
    if not is_new and (names := {path.name for path in folder.iterdir()} - _PASSED_OVER):
        raise UsageError(f"{folder}: is not empty (it has {min(names)}); name a new or an empty folder")
    written: list[str] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, written)
    except BaseException as error:
        _remove(folder, written, is_new)
        if isinstance(error, OSError):
            raise files.refusal(error, str(folder), "written") from error
        raise
    return written


def _write(folder: Path, written: list[str]) -> None:
    """Write a workspace, noting each name before it is there."""
    title = folder.resolve().name.encode("utf-8", "replace").decode() or "Workspace"
    texts = {
        SETTINGS: _SETTINGS.format(title=json.dumps(title, ensure_ascii=False)),
        ".gitignore": _IGNORED,
        "README.md": _README.format(title=title),
        "release.html": _DOCUMENT,
    }
    for name, text in texts.items():
        written.append(name)
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("graphs", "texts"):
        written.append(name)
        shutil.copytree(bundled() / "examples" / _EXAMPLE / name, folder / name, copy_function=shutil.copyfile)


def _remove(folder: Path, written: list[str], is_new: bool) -> None:
    for path in (folder / name for name in written):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if is_new and folder.is_dir():
        folder.rmdir()
