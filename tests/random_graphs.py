"""Small random graphs in the data model, and what the rules derive from them, for tests of questions and rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st

from coopgraph.build import shown
from coopgraph.rdf import vocab

ROOT = Path(__file__).parents[1]
ONTOLOGY = [
    ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(vocab.ONTOLOGY_GRAPH))
    for path in (ROOT / "ontology" / name for name in ("coop.ttl", "schemes.ttl", "tallies.ttl"))
    for triple in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
]
PREFIXES = vocab.prefixes("https://example.org/id/")

ENTITIES = {
    "place:east": ("City", ["East@en", "东@zh-Hans", "東@zh-Hant"]),
    "place:west": ("Province", ["西@zh-Hans", "西@zh-Hant"]),
    "place:land": ("Country", ["Land@en"]),
    "organisation:house": ("Company", ["House@en", "Haus@de"]),
    "organisation:office": ("Office", ["Kontor@de", "办@zh-Hans"]),
    "organisation:net": ("OfficeNetwork", ["Net@en"]),
    "person:ann": ("Person", ["Ann@en"]),
    "initiative:road": ("Initiative", ["Road@en"]),
    "event:fair": ("Conference", ["Fair@en"]),
    "event:talk": ("Speech", ["Talk@en"]),
    "agreement:deal": ("Agreement", ["Deal@en"]),
    "post:head": ("Post", ["Head@en"]),
}
_PLACES = ("place:east", "place:west", "place:land")
_ORGANISATIONS = ("organisation:house", "organisation:office", "organisation:net")
_ACTORS = (*_PLACES, *_ORGANISATIONS, "person:ann")
_EVENTS = ("event:fair", "event:talk")
FIELDS = ("field:economy", "field:finance", "field:capital-markets", "field:trade", "field:youth")
RELATIONS = {
    "cooperatesWith": (_ACTORS, _ACTORS),
    "tradesWith": (_PLACES, _PLACES),
    "investsIn": (_ORGANISATIONS, _PLACES),
    "established": (_ORGANISATIONS, _ORGANISATIONS),
    "establishedBy": (_ORGANISATIONS, _ORGANISATIONS),
    "officeOf": (("organisation:office", "organisation:net"), _ORGANISATIONS),
    "partOf": (_PLACES, _PLACES),
    "locatedIn": (_ORGANISATIONS, _PLACES),
    "covers": (_ORGANISATIONS, _PLACES),
    "hasOfficeIn": (_ORGANISATIONS, _PLACES),
    "hasAdvantageIn": (_ACTORS, FIELDS),
    "hasNeedIn": (_ACTORS, FIELDS),
    "participatesIn": (_ACTORS, ("initiative:road",)),
    "holdsPost": (("person:ann",), ("post:head",)),
    "postIn": (("post:head",), _ORGANISATIONS),
    "precedes": (_EVENTS, _EVENTS),
    "follows": (_EVENTS, _EVENTS),
    "heldIn": (_EVENTS, _PLACES),
    "attendedBy": (_EVENTS, _ACTORS),
    "deliveredAt": (("event:talk",), ("event:fair",)),
    "signedBy": (("agreement:deal",), _ACTORS),
    "performs": (_ORGANISATIONS, ("function:organise-events",)),
}
_PRECISIONS = ("day", "month", "year", "decade", "century")
_DATES = st.tuples(st.sampled_from(("1998-05-02", "2010-01-01", "2014-03-01")), st.sampled_from(_PRECISIONS))


def iri(name: str) -> ox.NamedNode:
    """Return the IRI of a short name, such as `place:east`."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def _text(text: str) -> ox.Literal:
    value, _, language = text.partition("@")
    return ox.Literal(value, language=language)


def _date(text: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(vocab.XSD + "date"))


Term = ox.NamedNode | ox.Literal


def _quads(graph: str, subject: str, pairs: Iterable[tuple[str, Term | str]]) -> list[ox.Quad]:
    node, place = iri(subject), iri(f"graph:{graph}")
    return [ox.Quad(node, iri(p), iri(o) if isinstance(o, str) else o, place) for p, o in pairs]


def _entities() -> list[ox.Quad]:
    found = []
    for name, (kind, labels) in ENTITIES.items():
        pairs: list[tuple[str, Term | str]] = [("rdf:type", f"coop:{kind}")]
        found += _quads("things", name, pairs + [("skos:prefLabel", _text(label)) for label in labels])
    found += _quads("things", "place:land", [("coop:iso3166", ox.Literal("CN"))])
    found += _quads("things", "place:east", [("skos:altLabel", _text("Eastern Land@en"))])
    found += _quads(
        "things", "event:fair", [("coop:startDate", _date("2014-03-01")), ("coop:endDate", _date("2014-03-02"))]
    )
    return found


@st.composite
def _source(draw: st.DrawFn, number: int) -> list[ox.Quad]:
    """One source with its passages and claims, in a graph of its own."""
    name = f"s{number}"
    title = draw(st.sampled_from((f"Report {number}@en", f"报告{number}@zh-Hans")))
    found = _quads(
        name,
        f"source:{name}",
        [
            ("rdf:type", "coop:Source"),
            ("dcterms:title", _text(title)),
            ("dcterms:publisher", "organisation:house"),
            ("dcterms:issued", _date("2015-01-01")),
            ("coop:issuedPrecision", ox.Literal("year")),
        ],
    )
    passages = [f"passage:{name}-{place}" for place in range(draw(st.integers(1, 3)))]
    for place, passage in enumerate(passages):
        found += _quads(
            name,
            passage,
            [
                ("rdf:type", "coop:Passage"),
                ("oa:hasSource", f"source:{name}"),
                ("oa:start", ox.Literal(place)),
                ("coop:paragraph", ox.Literal(place // 2)),
                ("coop:gist", _text(draw(st.sampled_from(("It is so.@en", "如此。@zh-Hans"))))),
            ],
        )
    for place in range(draw(st.integers(0, 7))):
        found += draw(_claim(name, f"claim:{name}-{place}", passages))
    return found


@st.composite
def _claim(draw: st.DrawFn, graph: str, name: str, passages: list[str]) -> list[ox.Quad]:
    pairs: list[tuple[str, Term | str]] = [
        ("prov:wasDerivedFrom", passage) for passage in draw(st.sets(st.sampled_from(passages), min_size=1, max_size=2))
    ]
    pairs.append(("coop:status", f"status:{draw(st.sampled_from(vocab.STATUSES))}"))
    if draw(st.integers(0, 7)) == 0:
        pairs += [
            ("rdf:type", "coop:Observation"),
            ("rdf:subject", draw(st.sampled_from(_PLACES))),
            ("rdf:predicate", "coop:population"),
            ("rdf:object", ox.Literal(draw(st.integers(1, 2)))),
            ("coop:unit", "unit:PERSON"),
            ("coop:asOf", _date("2014-03-01")),
            ("coop:asOfPrecision", ox.Literal("year")),
        ]
    else:
        relation = draw(st.sampled_from((*RELATIONS, *["cooperatesWith"] * 8)))
        subjects, objects = RELATIONS[relation]
        subject = draw(st.sampled_from(subjects))
        target = draw(st.sampled_from([each for each in objects if each != subject]))
        pairs += [("rdf:type", "coop:Claim"), ("rdf:predicate", f"coop:{relation}")]
        pairs += [("rdf:subject", subject), ("rdf:object", target)]
        pairs += [("coop:field", field) for field in draw(st.sets(st.sampled_from(FIELDS), max_size=2))]
        for property_ in ("validFrom", "validTo"):
            if dated := draw(st.none() | _DATES):
                pairs += [(f"coop:{property_}", _date(dated[0])), (f"coop:{property_}Precision", ox.Literal(dated[1]))]
    if speaker := draw(st.none() | st.sampled_from(_ACTORS)):
        pairs.append(("coop:statedBy", speaker))
        if draw(st.booleans()):
            pairs.append(("coop:statedAt", draw(st.sampled_from(_EVENTS))))
    if relayer := draw(st.none() | st.sampled_from(("person:ann", "organisation:house"))):
        pairs.append(("coop:relayedBy", relayer))
    return _quads(graph, name, pairs)


@st.composite
def stated(draw: st.DrawFn) -> list[ox.Quad]:
    """What graph files state: a dozen entities, and one to three sources with up to seven claims each."""
    sources = range(1, 1 + draw(st.integers(1, 3)))
    return _entities() + [quad for number in sources for quad in draw(_source(number))]


def rules(graph: str) -> list[str]:
    """Return the bundled rules whose triples go to a graph."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "queries" / "derive").glob("*.rq"))]
    return [text for text in texts if re.search(rf"(?m)^#\+ graph: {graph}$", text)]


def complete(quads: Iterable[ox.Quad]) -> ox.Store:
    """Return a store of the ontology, what is stated and all that follows, each triple in one graph only."""
    store = ox.Store()
    store.extend([*ONTOLOGY, *quads])
    for graph in (vocab.DIRECT, vocab.INFERRED, vocab.TALLIES):
        while new := {t for t in constructed(store, rules(graph.rpartition("/")[2])) if not _stands(store, t)}:
            store.extend(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for t in new)
    labels = [*shown.shown(ONTOLOGY), *shown.defined(ONTOLOGY), *shown.shown(quads)]
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(vocab.LABELS)) for t in labels)
    return store


def constructed(store: ox.Store, texts: Iterable[str]) -> set[ox.Triple]:
    """Return the triples that CONSTRUCT queries give over the union of all graphs."""
    return {triple for text in texts for triple in store.query(text, use_default_graph_as_union=True)}  # type: ignore[union-attr]


def _stands(store: ox.Store, triple: ox.Triple) -> bool:
    return next(store.quads_for_pattern(triple.subject, triple.predicate, triple.object), None) is not None
