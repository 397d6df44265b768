"""The folder of source texts: a text is found by its name, however the system that it was copied from spells names."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from unicodedata import normalize

from coopgraph import files
from coopgraph.errors import DataError


@dataclass(frozen=True)
class Texts:
    """A folder of source texts; no text in it may be a link that leads out of the folder `within`, if there is one."""

    folder: Path
    within: Path | None = None

    def find(self, name: str) -> Path | None:
        """Return the path of a text, None where there is none.

        Where no file has just this name, it is the one whose name has the same letters, be they composed or not (Macs
        decompose them), else the one whose name differs in capitals only (Macs and Windows take these for the same).
        A link that leads nowhere is none: so tools leave it that keep large files elsewhere. What else has the name and
        is no file is told by reading it. Raises `DataError` where there are several, where it is a link that leads out,
        or where the folder cannot be read.
        """
        path = self._named(Path(name).name)
        if path is None:
            return None
        if self.within is not None and os.path.islink(path):  # noqa: PTH114 - which raises nothing
            files.refuse_link_out(path, self.within)
        return None if _leads_nowhere(path) else path

    def stamp(self, name: str) -> list[int]:
        """Return by what a text is known again without being read, nothing where there is none."""
        return stamp(self.find(name))

    def _named(self, name: str) -> Path | None:
        """Return the path of what has a name in the folder, or of what alone is called alike."""
        if name in ("", ".", ".."):
            return None
        path = self.folder / name
        return path if os.path.lexists(path) else self._spelt_otherwise(name)

    def _spelt_otherwise(self, name: str) -> Path | None:
        for spelling in (_composed, _folded):
            names = self._names[spelling(name)]
            if len(same := [each for each in names if spelling is _folded or _composed(each) == _composed(name)]) > 1:
                raise DataError(f"{self.folder}: {' and '.join(map(repr, same))} are both called {name!r}; keep one")
            if same:
                return self.folder / same[0]
        return None

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """The names in the folder, by how they are spelt composed and by that in small letters."""
        names: dict[str, list[str]] = defaultdict(list)
        for path in files.listed(self.folder, ("",), None):
            for spelling in {_composed(path.name), _folded(path.name)}:
                names[spelling].append(path.name)
        return names


def stamp(path: Path | None) -> list[int]:
    """Return by what a text that was found, or was not, is known again; see `Texts.stamp`."""
    if path is None:
        return []
    try:
        status = path.stat()
    except OSError:  # reading it says what is wrong
        return [0]
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _leads_nowhere(path: Path) -> bool:
    """Say whether a path is a link to what is not there; one to itself is a fault."""
    try:
        path.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _composed(name: str) -> str:
    return normalize("NFC", name)


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())
