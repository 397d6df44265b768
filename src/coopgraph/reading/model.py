"""What reading a document gives, as frozen values: its text, the claims that are proposed, and what people decide.

Positions are code points in the normalised text, as passages count them. Nothing here is part of a graph.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the types of fields are read when records are
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, TypeAlias

from coopgraph.claims.matching import key

WHOLE: Final = "whole"
EXTRACT: Final = "extract"
Act: TypeAlias = Literal["accept", "edit", "reject", "unsure", "add", "undo", "complete", "speakers"]
"""What a person can do with a proposal (the first four), beside them (add), or with paragraphs (the last two)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a text that shows something: its number from 1, bounds, text, kind and, where there are any, page.

    Kinds are `text`, `heading`, `list`, `table` and `caption`.
    """

    number: int
    start: int
    end: int
    text: str
    kind: str = "text"
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text came from: the document, what read it, and what the document says of itself.

    Checksums are SHA-256 in hexadecimal, of the document's bytes and of the text. `extent` is `whole` or `extract`;
    `issued` is an ISO day, exact to its precision; `repaired` counts characters that were replaced; `kinds` and `pages`
    go paragraph by paragraph, page 0 where a document has none; `license` is the address of one that allows to quote.
    """

    file: str
    sha256: str
    media_type: str
    extractor: str
    text_sha256: str
    extent: str = WHOLE
    address: str | None = None
    title: str | None = None
    publisher: str | None = None
    issued: str | None = None
    issued_precision: str | None = None
    language: str | None = None
    repaired: int = 0
    kinds: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A source (by slug) with its normalised text and where that came from."""

    source: str
    text: str
    origin: Origin

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the text."""
        from coopgraph.claims.passages import paragraphs

        bounds = list(paragraphs(self.text))
        origin, same = self.origin, len(self.origin.kinds) == len(bounds)
        kinds = origin.kinds if same else ("text",) * len(bounds)
        pages = origin.pages if same and len(origin.pages) == len(bounds) else (0,) * len(bounds)
        return tuple(
            Paragraph(number, start, end, self.text[start:end], kind, page or None)
            for number, ((start, end), kind, page) in enumerate(zip(bounds, kinds, pages, strict=True), 1)
        )


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, with the text itself."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a name may stand for: IRI, label, class (local name), and how near its name comes, in per cent."""

    entity: str
    label: str
    kind: str
    nearness: int = 100


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a text that names a thing, or where `implied`, the earlier stretch by which the passage means it.

    `entity` is the IRI of the one thing that has exactly this name, or that a person chose; None where a person has to
    say. `candidates` are what it may stand for, and `kind` is the class (local name) of a new thing.
    """

    text: str
    start: int
    end: int
    entity: str | None = None
    candidates: tuple[Candidate, ...] = ()
    kind: str = ""
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity that is the object of a proposal: its words and bounds, number, unit (IRI) and date.

    `share_of` is what a share is a share of.
    """

    text: str
    start: int
    end: int
    value: str
    unit: str | None = None
    as_of: str | None = None
    as_of_precision: str | None = None
    share_of: Mention | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """When a link begins and ends: ISO days, each exact to its precision (`day`, `month`, `year` ...)."""

    valid_from: str | None = None
    valid_from_precision: str | None = None
    valid_to: str | None = None
    valid_to_precision: str | None = None


@dataclass(frozen=True, slots=True)
class Qualifier:
    """What else a claim says: a property (local name) with a thing, a term (IRI), an ISO day, a word or a name.

    A day is exact to its precision; a name that was read from a graph has its language.
    """

    name: str
    value: str
    precision: str = ""
    thing: Mention | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as an extractor gives it, in words as the text has them; the gates make a proposal of it or refuse it.

    `predicate` and `status` are local names. A name that is `implied` stands earlier in the text than the quotation.
    `object` has the words of a figure where the predicate wants one. `since`, `until` and `as_of` are dates as written.
    `places` may say where a word of some role begins in the text; what does not stand there is looked for.
    """

    proposed_by: str
    quotation: str
    subject: str
    predicate: str
    object: str
    paragraph: int | None = None
    status: str = "realised"
    cue: str = ""
    subject_implied: bool = False
    object_implied: bool = False
    fields: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    occasion: str = ""
    since: str = ""
    until: str = ""
    as_of: str = ""
    places: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A claim that is proposed for one passage, all of whose words were found in the text.

    `predicate` is the IRI of a property, `status` a local name, `cue` the words that say so; `proposed_by` names the
    extractors and, after a colon, their rule or model. `id` is that of `proposal_id`.
    """

    id: str
    source: str
    paragraph: int
    start: int
    end: int
    quotation: str
    subject: Mention
    predicate: str
    object: Mention | Figure
    status: str
    proposed_by: tuple[str, ...]
    cue: Span | None = None
    fields: tuple[Mention, ...] = ()
    speakers: tuple[Mention, ...] = ()
    occasion: Mention | None = None
    period: Period = field(default_factory=Period)
    qualifiers: tuple[Qualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an extractor gave and a gate refused: the gate (`reason`), why in words, and what was given."""

    reason: str
    message: str
    proposed_by: str
    quotation: str = ""
    paragraph: int | None = None
    subject: str = ""
    predicate: str = ""
    object: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """One act of a person: on a proposal (by id), or `complete` on a paragraph, whose text has this SHA-256.

    `speakers` says who says all that stands in some `paragraphs`, by the SHA-256 of their texts.

    `at` is the time in UTC, `by` who decided. `reason` goes with reject. `claim` is the proposal as edited or added;
    the machine's own stays in its file. `undo` takes back the act before it on the same proposal or paragraph text.
    """

    act: Act
    at: str
    by: str = ""
    proposal: str | None = None
    paragraph: int | None = None
    paragraph_sha256: str | None = None
    reason: str | None = None
    claim: Proposal | None = None
    gist: str | None = None
    paragraphs: tuple[str, ...] = ()
    speakers: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said of a name, for all documents to come: that it stands for a thing (IRI), or that it does not.

    `kind` is the class that was given to a new thing.
    """

    name: str
    entity: str
    same: bool
    at: str = ""
    by: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What accept wrote of one thing into a graph file, so that it can be changed there and taken out again.

    `statements` are in N-Triples. A claim names the proposals (ids) that it stands for, also once it has gone; a new
    thing has the name that it was made for.
    """

    thing: str
    statements: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    name: str = ""


Record: TypeAlias = Origin | Proposal | Refusal | Decision | Judgement | Written
"""What is kept in files."""


def proposal_id(quotation: str, subject: str, predicate: str, value: str) -> str:
    """Return the id of a proposal: a hash of words, not of positions or links, so that it survives both changing.

    >>> proposal_id("A backs B.", "A", "supports", "B") == proposal_id("A  backs B.", "A", "supports", "B")
    True
    """
    words = "\n".join((key(quotation).letters, key(subject).letters, predicate, key(value).letters))
    return sha256(words.encode()).hexdigest()[:16]
