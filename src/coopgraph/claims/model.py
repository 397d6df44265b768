"""What a graph consists of, as frozen values: sources, passages, entities, concepts and claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from coopgraph.claims.dates import year_of
from coopgraph.rdf.languages import best_language
from coopgraph.rdf.vocab import local_name

Labels: TypeAlias = Mapping[str, str]
"""Language tag in lower case (`en`, `zh-hans`, `zh-hant`) -> label."""


def best_label(labels: Labels, fallback: str, reader: str = "en") -> str:
    """Return the label that a reader of `en`, `zh-Hans` or `zh-Hant` is shown, or the fallback where there is none.

    >>> best_label({"zh-hans": "香港", "en": "Hong Kong"}, "hong-kong")
    'Hong Kong'
    >>> best_label({}, "hong-kong")
    'hong-kong'
    """
    language = best_language(labels, reader)
    return fallback if language is None else labels[language]


_CONCEPTS: Final = frozenset({"Field", "Function", "Feature"})


@dataclass(frozen=True, slots=True, repr=False)
class Entity:
    """A thing that claims link, or a concept or term that they use, with its names.

    `kind` is the local name of its most specific class (`City`, `Organisation`, `Field` ...), with its IRI `kind_iri`
    and its labels `kind_labels`; `root` is the local name of the class just below `coop:Entity` that legends show
    (`Place`, `Organisation`, `Person`, `Post`, `Initiative`, `Event`, `Agreement`), or for concepts `Field`,
    `Function`, `Feature` ... A property that claims have is of kind `Property`, or `SymmetricProperty` where it runs
    both ways. `identifiers` are IRIs in other data sets and ISO 3166 codes.
    """

    iri: str
    kind: str
    root: str
    labels: Labels = field(default_factory=dict)
    alt_labels: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    kind_iri: str = ""
    kind_labels: Labels = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Entity {self.label!r} ({self.kind_label}) {self.iri}>"

    @property
    def other_names(self) -> tuple[str, ...]:
        """All names but the label."""
        label = self.label
        return tuple([name for name in dict.fromkeys((*self.labels.values(), *self.alt_labels)) if name != label])

    @property
    def label(self) -> str:
        """The label that a reader of English is shown (see `languages`), or the end of the IRI where there is none."""
        return best_label(self.labels, local_name(self.iri))

    @property
    def kind_label(self) -> str:
        """The label of its most specific class that a reader of English is shown, or else the name of the class."""
        return best_label(self.kind_labels, self.kind)

    @property
    def is_concept(self) -> bool:
        """Whether it is told as a fact about the subject of a claim, and is no point of a network."""
        return self.root in _CONCEPTS


@dataclass(frozen=True, slots=True)
class Quantity:
    """The object of an observation: a number as written, its datatype and its QUDT unit (IRIs).

    `measure` (IRI) is what it counts, `counterpart` the other side, `share_of` the whole; `approximation` is `about`,
    `over`, `under` or `among`; `period_from` and `period_to` are ISO days.
    """

    value: str
    datatype: str
    unit: str | None = None
    as_of: str | None = None
    as_of_precision: str | None = None
    share_of: str | None = None
    measure: str | None = None
    counterpart: str | None = None
    approximation: str | None = None
    period_from: str | None = None
    period_to: str | None = None

    @property
    def mentions(self) -> tuple[str, ...]:
        """The IRIs that it names."""
        return tuple(iri for iri in (self.unit, self.share_of, self.measure, self.counterpart) if iri)


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """A document that states claims. Dates are ISO days, exact to the precision beside them.

    `origins` are the documents that it repeats: sources by their IRIs, others by their addresses.
    """

    iri: str
    title: str
    publisher: str | None = None
    issued: str | None = None
    issued_precision: str | None = None
    page: str | None = None
    license: str | None = None
    origins: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Source {self.title!r} {self.iri}>"


@dataclass(frozen=True, slots=True, repr=False)
class Passage:
    """A stretch of a source's normalised text: code points `start` to `end`, with checksum and gist."""

    iri: str
    source: str
    paragraph: int | None = None
    start: int | None = None
    end: int | None = None
    sha256: str | None = None
    gist: Labels = field(default_factory=dict)
    quotation: str | None = None

    def __repr__(self) -> str:
        return f"<Passage {local_name(self.iri)}: paragraph {self.paragraph} of {local_name(self.source)}>"


def gist(passage: Passage) -> str:
    """Return the gist of a passage in English, else in any language, else nothing."""
    return best_label(passage.gist, "")


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """What one source states about one link. `object` is an IRI, or a `Quantity` in an observation.

    Statuses are local names (`realised`, `planned`, `potential`, `ended`, `denied`); `group` is the local name of the
    predicate's relation group; fields, speakers, occasions, relayers and passages are IRIs in sorted order. `change` is
    an IRI, `reported` is `true` where the source reports the words of somebody whom it does not name, and `names` are
    what the passages call the things that the claim links.
    """

    iri: str
    subject: str
    predicate: str
    object: str | Quantity
    status: str
    group: str
    valid_from: str | None = None
    valid_from_precision: str | None = None
    valid_to: str | None = None
    valid_to_precision: str | None = None
    fields: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    relayers: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    as_of: str | None = None
    as_of_precision: str | None = None
    due_by: str | None = None
    due_by_precision: str | None = None
    change: str | None = None
    reported: str | None = None
    names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        target = local_name(self.object) if isinstance(self.object, str) else self.object.value
        words = f"{local_name(self.subject)} {local_name(self.predicate)} {target}"
        return f"<Claim {local_name(self.iri)}: {words} ({self.status})>"

    @property
    def mentions(self) -> frozenset[str]:
        """Every IRI that the claim names, its passages aside."""
        value = self.object
        ends = (value,) if isinstance(value, str) else value.mentions
        change = (self.change,) if self.change else ()
        others = (*self.fields, *self.speakers, *self.occasions, *self.relayers, *change)
        return frozenset((self.subject, self.predicate, *ends, *others))

    @property
    def years(self) -> tuple[int | None, int | None]:
        """First and last year in which the claim may hold, as far as the precision of its dates goes.

        A bound that is exact to a decade or century stands for that whole period. An observation's years are those that
        it holds for, and so are those of a claim that has neither beginning nor end.
        """
        if isinstance(self.object, Quantity):
            first, last = self.object.period_from or self.object.as_of, self.object.as_of
            precisions = (self.object.as_of_precision, self.object.as_of_precision)
        elif not self.valid_from and not self.valid_to:
            first, last = self.as_of, self.as_of
            precisions = (self.as_of_precision, self.as_of_precision)
        else:
            first, last = self.valid_from, self.valid_to
            precisions = (self.valid_from_precision, self.valid_to_precision)
        return year_of(first, precisions[0]), year_of(last, precisions[1], last=True)


@dataclass(frozen=True, slots=True, repr=False)
class Extract:
    """The claims that were asked for with all that they mention, sorted by IRI, ready to draw or to write.

    `terms` has an `Entity` for every IRI that a claim mentions: subjects, objects, predicates (kind `Property`),
    fields, speakers, occasions, relayers, and the concepts of statuses and relation groups by their IRIs. `titles` and
    `descriptions` are those of the graph by language, where it has them in several.
    """

    title: str
    claims: tuple[Claim, ...]
    terms: Mapping[str, Entity]
    passages: Mapping[str, Passage]
    sources: Mapping[str, Source]
    prefixes: Mapping[str, str]
    license: str | None = None
    description: str | None = None
    titles: Labels = field(default_factory=dict)
    descriptions: Labels = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Extract of {self.title!r}: {len(self.claims)} claims>"

    def term(self, iri: str) -> Entity:
        """Return what is known of an IRI, or a bare entity where nothing is."""
        return self.terms.get(iri) or Entity(iri, "", "")

    def roots(self, source: str) -> frozenset[str]:
        """Return the documents that a source goes back to, itself where it repeats no other: independent voices."""
        roots, waiting, seen = set(), [source], set()
        while waiting:
            iri = waiting.pop()
            if iri not in seen:
                seen.add(iri)
                origins = self.sources[iri].origins if iri in self.sources else ()
                waiting += origins
                roots |= set() if origins else {iri}
        return frozenset(roots or {source})

    def is_link(self, claim: Claim) -> bool:
        """Say whether a claim links two entities: its object is neither a concept nor a quantity."""
        return isinstance(claim.object, str) and not self.term(claim.object).is_concept
