"""What a graph file says of a source: its text, and title, date and citation as its document has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import UsageError
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode
from coopgraph.rdf.vocab import STANDARD, TYPE, coop
from coopgraph.reading import literals

if TYPE_CHECKING:
    from coopgraph.reading.entries import Terms
    from coopgraph.reading.model import Document, Origin
    from coopgraph.store.interface import Store

_DCTERMS = STANDARD["dcterms"]


def terms(document: Document, language: str, digest: str) -> Terms:
    """Return what is said of a source whose text has a SHA-256, its publisher aside.

    Raises `UsageError` where nobody knows when it was issued.
    """
    origin = document.origin
    if origin.issued is None:
        raise UsageError(f"nobody knows when {document.source} was issued; read the document again with --issued DATE")
    title = origin.title or document.source
    licence: Terms = [(_DCTERMS + "license", NamedNode(origin.license))] if origin.license else []
    page: Terms = [(STANDARD["foaf"] + "page", NamedNode(origin.address))] if origin.address else []
    return [
        (TYPE, NamedNode(coop("Source"))),
        (coop("textFile"), Literal(f"{document.source}.txt")),
        (coop("textSha256"), Literal(digest)),
        (coop("issuedPrecision"), Literal(origin.issued_precision or "day")),
        (coop("extent"), Literal(origin.extent)),
        (_DCTERMS + "issued", literals.date(origin.issued)),
        (_DCTERMS + "title", literals.worded(title, language)),
        (_DCTERMS + "language", NamedNode(f"{vocab.ID}language/{language}")),
        (_DCTERMS + "bibliographicCitation", literals.worded(_citation(title, origin.issued, origin), language)),
        *licence,
        *page,
    ]


def may_be_quoted(store: Store, source: str, origin: Origin | None = None) -> bool:
    """Say whether a source (its IRI) has a licence, in the graph or as its document was read, to keep its words by."""
    return bool(origin and origin.license) or any(store.quads(subject=source, predicate=_DCTERMS + "license"))


def kept_words(document: Document, start: int, end: int) -> Terms:
    """Return the words of a passage with some bounds, where the document has a licence by which they may be kept."""
    words = document.text[start:end]
    return [(STANDARD["oa"] + "exact", Literal(words))] if document.origin.license else []


def _citation(title: str, issued: str, origin: Origin) -> str:
    day = issued[: literals.DAY_LENGTHS.get(origin.issued_precision or "day", 10)]
    return f"{', '.join(filter(None, (title, origin.publisher, day, origin.address)))}."
