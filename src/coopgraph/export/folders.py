"""Forms of several files: the table of claims beside a description of it that other programs know."""

from __future__ import annotations

import io
import json
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from coopgraph import files
from coopgraph.errors import DataError
from coopgraph.export import claim_table, croissant, csvw, data_package, nanopublications, ro_crate
from coopgraph.export.package import TABLE, File, Package, dataset, published
from coopgraph.rdf.vocab import COOP

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from coopgraph.claims.model import Extract
    from coopgraph.store.interface import Store

_NANOPUBLICATIONS = "claims.trig"


class _Form(NamedTuple):
    """The name of the description, what makes it, and whether there are nanopublications beside the table."""

    name: str
    describe: Callable[[Package], dict[str, Any]]
    nanopublications: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files, the description last."""
        return (TABLE, *([_NANOPUBLICATIONS] if self.nanopublications else []), self.name)


FORMS: Mapping[str, _Form] = {
    "datapackage": _Form("datapackage.json", data_package.describe),
    "csvw": _Form(f"{TABLE}-metadata.json", csvw.describe),
    "croissant": _Form("croissant.json", croissant.describe),
    "ro-crate": _Form(ro_crate.NAME, ro_crate.describe, nanopublications=True),
}


def write(store: Store, extracted: Extract, format_: str, folder: str | Path) -> None:
    """Write an extract in one of `FORMS` to a folder that is new, empty or has an earlier export of that form.

    Raises `DataError` where the folder is another or cannot be written.
    """
    form = FORMS[format_]
    with files.folder_to(folder, form.files, lambda path: _is_ours(path, form)) as streams:
        table, claims = (_Counted(streams.get(name, io.StringIO())) for name in (TABLE, _NANOPUBLICATIONS))
        columns = claim_table.write(extracted, cast("IO[str]", table))
        parts = [table.file(TABLE, "Claims: a row for each, with its passages", "text/csv")]
        if form.nanopublications:
            nanopublications.write(store, extracted, cast("IO[str]", claims))
            parts.append(claims.file(_NANOPUBLICATIONS, "Claims: a nanopublication for each", "application/trig"))
        package = Package(
            iri=dataset(store),
            title=extracted.title,
            description=extracted.description or extracted.title,
            license=extracted.license,
            published=published(store),
            sources=tuple(extracted.sources[iri] for iri in sorted(extracted.sources)),
            columns=columns,
            files=tuple(parts),
        )
        json.dump(form.describe(package), streams[form.name], ensure_ascii=False, indent=1)
        streams[form.name].write("\n")


def _is_ours(folder: Path, form: _Form) -> bool:
    """Say whether a folder has an earlier export of a form and nothing else, beside what a killed one left."""
    aside = tuple(f".{name}." for name in form.files)
    names = {path.name for path in folder.iterdir() if not path.name.startswith(aside)}
    try:
        return names == set(form.files) and COOP.rstrip("#") in files.read_text(folder / form.name)
    except DataError:
        return False


class _Counted(io.TextIOBase):
    """A text stream of which size and checksum are taken as it is written."""

    def __init__(self, out: IO[str]) -> None:
        from hashlib import sha256

        self._out, self._bytes, self._sha256 = out, 0, sha256()

    def write(self, text: str) -> int:
        """Write text."""
        data = text.encode()
        self._bytes += len(data)
        self._sha256.update(data)
        return self._out.write(text)

    def file(self, name: str, title: str, media_type: str) -> File:
        """Return what has been written as a file."""
        return File(name, title, media_type, self._bytes, self._sha256.hexdigest())
