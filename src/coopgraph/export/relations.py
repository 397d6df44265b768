"""The graph as tables of a database: claims, what they cite and name, and the tables by which these are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.claims.model import gist
from coopgraph.export import claim_columns
from coopgraph.export.column_tables import Field
from coopgraph.export.found_types import BOOLEAN, DATE, INTEGER, TEXT, TEXTS
from coopgraph.rdf.languages import ORDER
from coopgraph.rdf.terms import Literal, NamedNode
from coopgraph.rdf.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coopgraph.claims.model import Claim, Extract


class Relation(NamedTuple):
    """A table: its name, what a row of it is, its columns, those by which a row is known, and its rows."""

    name: str
    description: str
    fields: Sequence[Field]
    key: tuple[str, ...]
    rows: Callable[[Extract], Iterable[Sequence[Any]]]


def relations(about: Mapping[str, str]) -> Iterator[Relation]:
    """Yield the tables of a graph, of which this is said as a whole."""
    yield Relation("claims", "Claims: a row for each", claim_columns.FIELDS, ("claim",), claim_columns.rows)
    yield from (_LINKS, _PASSAGES, _SOURCES, _ENTITIES, _NAMES, _CLAIM_PASSAGES)
    yield from map(_join, _JOINED)
    fields = (Field("name", "What is said", TEXT), Field("value", "The value", TEXT))
    yield Relation("about", "What is said of the graph as a whole", fields, ("name",), lambda _: list(about.items()))


def _links(extracted: Extract) -> Iterator[list[Any]]:
    from coopgraph.network import network

    pairs = network.collapse(network.to_networkx(extracted), directed=True)
    labels = pairs.nodes(data="label")
    for subject, target, data in sorted(pairs.edges(data=True), key=lambda edge: edge[:2]):
        counts = [data[name] for name in ("n_claims", "n_sources", "n_independent", "statuses")]
        years = [data.get(name) for name in ("first_year", "last_year")]
        yield [subject, labels[subject], target, labels[target], *counts, *years]


_LINKS = Relation(
    "links",
    "The network: a row for each two things that claims link, from the first to the second",
    (
        Field("subject", "What the claims are about: entities.entity", TEXT),
        Field("subject_label", "Name of the subject", TEXT),
        Field("object", "What it is linked to: entities.entity", TEXT),
        Field("object_label", "Name of the object", TEXT),
        Field("n_claims", "Number of claims that link the two", INTEGER),
        Field("n_sources", "Number of documents that state them", INTEGER),
        Field("n_independent", "The same, documents that repeat one another counted once", INTEGER),
        Field("statuses", "The statuses that these claims have", TEXTS),
        Field("first_year", "First year in which any of them may hold; empty where none is dated", INTEGER),
        Field("last_year", "Last year in which any of them may hold", INTEGER),
    ),
    ("subject", "object"),
    _links,
)


def _passages(extracted: Extract) -> Iterator[list[Any]]:
    for each in extracted.passages.values():
        place = [each.paragraph, each.start, each.end]
        yield [each.iri, each.source, *place, each.sha256, gist(each) or None, each.quotation]


_PASSAGES = Relation(
    "passages",
    "Passages: stretches of documents that state claims",
    (
        Field("passage", "The passage", TEXT),
        Field("source", "The document that it is of: sources.source", TEXT),
        Field("paragraph", "Number of the paragraph that it stands in", INTEGER),
        Field("start_at", "Where it starts in the text of the document, in characters", INTEGER),
        Field("end_at", "Where it ends, in characters: the first that is no longer in it", INTEGER),
        Field("sha256", "Checksum of its text", TEXT),
        Field("gist", "What it says, in our own words", TEXT),
        Field("quotation", "Its text, where that may be quoted", TEXT),
    ),
    ("passage",),
    _passages,
)


def _sources(extracted: Extract) -> Iterator[list[Any]]:
    for each in extracted.sources.values():
        issued = each.issued and Literal(each.issued, datatype=NamedNode(XSD + "date"))
        more = [issued, each.issued_precision, each.page, each.license, each.origins]
        publisher = [each.publisher, each.publisher and extracted.term(each.publisher).label]
        yield [each.iri, each.title, *publisher, *more, tuple(sorted(extracted.roots(each.iri)))]


_SOURCES = Relation(
    "sources",
    "Documents that state claims",
    (
        Field("source", "The document", TEXT),
        Field("title", "Its title", TEXT),
        Field("publisher", "Who published it: entities.entity", TEXT),
        Field("publisher_label", "Name of the publisher", TEXT),
        Field("issued", "When it was issued: a day within what the precision names", None, DATE),
        Field("issued_precision", "What that date is exact to", TEXT),
        Field("page", "Where it can be read", TEXT),
        Field("license", "Its licence", TEXT),
        Field("origins", "The documents that it repeats", TEXTS),
        Field("roots", "The documents that it goes back to, itself where it repeats none", TEXTS),
    ),
    ("source",),
    _sources,
)


def _entities(extracted: Extract) -> Iterator[list[Any]]:
    for each in extracted.terms.values():
        labels = [each.labels.get(language.lower()) for language in ORDER]
        kind = [each.kind, each.kind_label, each.kind_iri or None, each.root, each.is_concept]
        yield [each.iri, each.label, *labels, *kind, each.other_names, each.identifiers]


_ENTITIES = Relation(
    "entities",
    "What claims name: things that they link, and the concepts, relations, statuses and groups that they use",
    (
        Field("entity", "The thing", TEXT),
        Field("label", "Its name as a reader of English is shown it", TEXT),
        *(
            Field(f"label_{language.lower().replace('-', '_')}", f"Its label in {language}, where it has one", TEXT)
            for language in ORDER
        ),
        Field("kind", "Its most specific class", TEXT),
        Field("kind_label", "Name of that class", TEXT),
        Field("kind_iri", "That class", TEXT),
        Field("root", "Its class in the legend: Place, Organisation, Person, Event, Field ...", TEXT),
        Field("is_concept", "Whether it is told as a fact, and is no point of the network", BOOLEAN),
        Field("other_names", "All its names but the label", TEXTS),
        Field("identifiers", "What it is called in other data sets", TEXTS),
    ),
    ("entity",),
    _entities,
)


def _names(extracted: Extract) -> Iterator[tuple[str, str, str | None]]:
    for each in extracted.terms.values():
        yield from ((each.iri, label, language) for language, label in sorted(each.labels.items()))
        yield from ((each.iri, name, None) for name in each.alt_labels)


_NAMES = Relation(
    "names",
    "Names in all languages: a row for each name of a thing",
    (
        Field("entity", "The thing: entities.entity", TEXT),
        Field("name", "The name", TEXT),
        Field("language", "Language tag of a label; empty for other names", TEXT),
    ),
    (),
    _names,
)


def _claim_passages(extracted: Extract) -> Iterator[tuple[str, str, int]]:
    return ((claim.iri, iri, at) for claim in extracted.claims for at, iri in enumerate(claim.passages, 1))


_CLAIM_PASSAGES = Relation(
    "claim_passages",
    "Which passages state which claims",
    (
        Field("claim", "The claim: claims.claim", TEXT),
        Field("passage", "The passage: passages.passage", TEXT),
        Field("position", "Its place in the list claims.passages, from 1 on", INTEGER),
    ),
    ("claim", "passage"),
    _claim_passages,
)


class _Joined(NamedTuple):
    """What a claim has any number of: the name of one, of the attribute of claims, and of the column of the others."""

    one: str
    attribute: str
    column: str
    description: str


_JOINED = (
    _Joined("source", "sources", "sources.source", "Which documents state which claims"),
    _Joined("field", "fields", "entities.entity", "Which fields of cooperation claims mention"),
    _Joined("speaker", "speakers", "entities.entity", "In whose mouth the sources put claims"),
    _Joined("occasion", "occasions", "entities.entity", "On which occasions claims were said"),
    _Joined("relayer", "relayers", "entities.entity", "Who passed claims on"),
)


def _join(joined: _Joined) -> Relation:
    def rows(extracted: Extract) -> Iterator[tuple[str, str]]:
        return ((claim.iri, iri) for claim in extracted.claims for iri in _several(claim))

    def _several(claim: Claim) -> tuple[str, ...]:
        several: tuple[str, ...] = getattr(claim, joined.attribute)
        return several

    fields = (
        Field("claim", "The claim: claims.claim", TEXT),
        Field(joined.one, f"The {joined.one}: {joined.column}", TEXT),
    )
    return Relation(f"claim_{joined.attribute}", joined.description, fields, ("claim", joined.one), rows)
