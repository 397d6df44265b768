"""What a folder of files holds, as values: descriptions of it in each standard are made from these."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import value
from coopgraph.rdf.vocab import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.model import Source
    from coopgraph.export.claim_table import Column
    from coopgraph.store.interface import Store

TABLE: Final = "claims.csv"


class File(NamedTuple):
    """A file of a package: its name, what it is, and its size and checksum."""

    name: str
    title: str
    media_type: str
    bytes: int
    sha256: str


class Package(NamedTuple):
    """Files, the first of which is the table of claims with these columns, and what is known of all of them.

    `published` is the newest day that the graph gives for one of its sources or for the ontology: it depends on nothing
    but the graph, as all that is exported.
    """

    iri: str
    title: str
    description: str
    license: str | None
    published: str
    sources: tuple[Source, ...]
    columns: tuple[Column, ...]
    files: tuple[File, ...]

    @property
    def table(self) -> File:
        """The table of claims."""
        return self.files[0]


def dataset(store: Store) -> str:
    """Return the IRI of the graph of a workspace as one thing."""
    return f"{store.manifest.get('base', vocab.ID)}dataset"


_ABOUT: Final = ("title", "description", "license", "creator", "version", "modified")


def about(store: Store) -> dict[str, str]:
    """Return what is said about the graph in each of its files: what its settings say, its IRI, and what made the file.

    Nothing of it depends on when and where the graph was built.
    """
    from importlib.metadata import version

    settings = {name: str(store.manifest[name]) for name in _ABOUT if store.manifest.get(name)}
    return settings | {"source": dataset(store), "generator": f"coopgraph {version('coopgraph')}"}


def published(store: Store) -> str:
    """Return the newest day on which a source was issued or the ontology modified."""
    return max(_days(store), default="1970-01-01")


def _days(store: Store) -> Iterator[str]:
    for name in ("issued", "modified"):
        for quad in store.quads(predicate=STANDARD["dcterms"] + name):
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day := value(quad.object)):
                yield day
