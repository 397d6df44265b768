"""A graph as it was at some time or place: a workspace, a generation of its store, a dump, or a server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from coopgraph.ask.opening import open_store
from coopgraph.claims import workspace
from coopgraph.errors import DataError, UsageError
from coopgraph.rdf import vocab
from coopgraph.store import current, dump
from coopgraph.store.integrity import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgraph.store.interface import Store


def opened(name: str, tell: Callable[[str], None] | None = None) -> Store:
    """Open a graph by the folder of its workspace or generation, its file of RDF, or the address of its server.

    Raises `UsageError` where the name is none of these, and `DataError` where what it names cannot be read.
    """
    path = Path(name)
    if re.match(r"https?://", name):
        return open_store(workspace.find(workspace.bundled()), name)
    if (path / workspace.SETTINGS).is_file():
        return open_store(workspace.find(path), tell=tell)
    if (path / MANIFEST).is_file() and (path / "db").is_dir():
        return _generation(path)
    if dump.form(path) and path.is_file():
        return dump.read(path)
    endings = ", ".join(dump.FORMS)
    what = (
        "is no workspace, no generation of a store, no address and no file of RDF" if path.exists() else "is not there"
    )
    raise UsageError(
        f"{name}: {what}; name a folder with {workspace.SETTINGS}, or a file in {endings} (or one of these .gz)"
    )


def _generation(path: Path) -> Store:
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
        prefixes = vocab.prefixes(str(manifest.get("base", vocab.ID)))
        return current.open_generation(path, prefixes, manifest)
    except (OSError, ValueError, RuntimeError, AttributeError) as error:
        what = " ".join(str(error).split())
        raise DataError(f"{path}: this generation cannot be read ({what}); name another") from error
