"""What is new in the graph when a review is accepted: triples of a source, its passages and claims, and new entities.

What the graph files have already is not written again, whatever it is called there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from coopgraph.claims import matching, passages
from coopgraph.errors import UsageError, short
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Triple, value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE, XSD, coop
from coopgraph.reading import documents
from coopgraph.reading.languages import language_of
from coopgraph.reading.model import Figure, Mention
from coopgraph.reading.wording import in_words, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.reading.model import Proposal
    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.vocabulary import Vocabulary

_DCTERMS, _FOAF, _OA, _PROV, _SKOS = (STANDARD[name] for name in ("dcterms", "foaf", "oa", "prov", "skos"))
_LENGTHS = {"year": 4, "month": 7, "day": 10}
_FIRST = 2


class NewTriples:
    """Puts together what is new for one source beside `known`, what graph files say of it.

    `triples` are those of the source, `entities` those of new things by kind, and `changes` the new values of what is
    there: (subject, predicate) -> value.
    """

    def __init__(self, review: Review, words: Vocabulary, prefixes: Mapping[str, str], known: Iterable[Triple]) -> None:
        self._review, self._words, self._prefixes = review, words, prefixes
        self._known: dict[str, dict[str, str]] = defaultdict(dict)
        stated: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for triple in known:
            subject, predicate, target = map(value, (triple.subject, triple.predicate, triple.object))
            self._known[subject][predicate] = target
            stated[subject].add((predicate, target))
        self._text, origin = review.document.text, review.document.origin
        self._language = origin.language or language_of(self._text) or "en"
        self._slug = review.document.source
        self._source = self._iri("source", self._slug)
        self.triples: list[Triple] = []
        self.entities: dict[str, list[Triple]] = defaultdict(list)
        self.changes: dict[tuple[str, str], Literal] = {}
        self.claims = 0
        self._new_iris: dict[tuple[str, str], str] = {}
        number = re.compile(rf"{re.escape(self._iri('claim', self._slug))}-(\d+)")
        self._number = max((int(match[1]) for name in self._known if (match := number.fullmatch(name))), default=0)
        self._stated = {each for of in stated.values() for each in _statements(of)}
        self._claims = {_without_passages(of): name for name, of in stated.items()}
        self._passages = dict(self._known_passages())

    def _iri(self, kind: str, slug: str) -> str:
        return self._prefixes[kind] + slug

    def _known_passages(self) -> Iterator[tuple[tuple[int, int], str]]:
        """Yield where the passages of the source stand in the text, whose places are renewed where it has changed."""
        for name, of in self._known.items():
            if of.get(_OA + "hasSource") != self._source:
                continue
            bounds = of.get(_OA + "start", ""), of.get(_OA + "end", "")
            if not all(each.isdecimal() for each in bounds):
                continue
            start, end = map(int, bounds)
            if passages.digest(self._text[start:end]) == of.get(coop("textSha256")):
                yield (start, end), name
            elif (place := self._found(end - start, of.get(coop("textSha256"), ""))) is not None:
                self._move(name, *place)
                yield place, name

    def _found(self, length: int, digest: str) -> tuple[int, int] | None:
        """Return where a passage of which length and checksum are known stands now, None where that is not one place.

        What was accepted for it tells its words.
        """
        words = {item.claim.quotation for item in self._review.taken if len(item.claim.quotation) == length}
        places = [
            place for each in words if passages.digest(each) == digest for place in matching.places(self._text, each)
        ]
        return places[0] if len(places) == 1 else None

    def _move(self, name: str, start: int, end: int) -> None:
        paragraph = passages.paragraph_at(self._text, start)
        for predicate, number in ((_OA + "start", start), (_OA + "end", end), (coop("paragraph"), paragraph)):
            self.changes[name, predicate] = _integer(number)

    def write(self) -> None:
        """Write source, passages and claims; nothing where no claim was taken."""
        by_passage: dict[tuple[int, int], list[Item]] = defaultdict(list)
        for item in self._review.taken:
            by_passage[item.claim.start, item.claim.end].append(item)
        if by_passage:
            self._write_source()
        for (start, end), items in sorted(by_passage.items()):
            passage = self._write_passage(start, end, items)
            for item in items:
                self._write_claim(item.claim, passage)

    def _add(self, subject: str, predicate: str, target: str | Literal) -> None:
        term = NamedNode(target) if isinstance(target, str) else target
        self.triples.append(Triple(NamedNode(subject), NamedNode(predicate), term))

    def _write_source(self) -> None:
        digest = passages.digest(self._text)
        if self._source in self._known:
            if self._known[self._source].get(coop("textSha256")) != digest:
                self.changes[self._source, coop("textSha256")] = Literal(digest)
            return
        origin = self._review.document.origin
        if origin.issued is None:
            raise UsageError(f"nobody knows when {self._slug} was issued; read the document again with --issued DATE")
        title = origin.title or self._slug
        parted = [title, origin.publisher, origin.issued[: _LENGTHS.get(origin.issued_precision or "day", 10)]]
        citation = ", ".join(part for part in (*parted, origin.address) if part)
        for predicate, target in (
            (TYPE, coop("Source")),
            (coop("textFile"), Literal(f"{self._slug}.txt")),
            (coop("textSha256"), Literal(digest)),
            (coop("issuedPrecision"), Literal(origin.issued_precision or "day")),
            (_DCTERMS + "issued", _date(origin.issued)),
            (_DCTERMS + "title", self._worded(title)),
            (_DCTERMS + "language", Literal(self._language)),
            (_DCTERMS + "bibliographicCitation", self._worded(f"{citation}.")),
        ):
            self._add(self._source, predicate, target)
        if origin.publisher:
            self._add(self._source, _DCTERMS + "publisher", self._publisher(origin.publisher))
        if origin.address:
            self._add(self._source, _FOAF + "page", origin.address)

    def _publisher(self, name: str) -> str:
        mention = Mention(name, 0, 0, kind="Organisation")
        known = (self._namesake(mention, kind) for kind in ("organisation", "person", "place"))
        return next(filter(None, known), None) or self._entity(mention)

    def _write_passage(self, start: int, end: int, items: Sequence[Item]) -> str:
        if (start, end) in self._passages:
            return self._passages[start, end]
        piece = passages.cut(self._text, start, end)
        slug = passages.name_of(self._text, piece, self._slug)
        subject = next(iri for name in _numbered(slug) if (iri := self._iri("passage", name)) not in self._known)
        self._known[subject] = {}
        self._passages[start, end] = subject
        self._add(subject, TYPE, coop("Passage"))
        self._add(subject, coop("gist"), self._gist(items))
        self._add(subject, coop("paragraph"), _integer(piece.paragraph))
        self._add(subject, coop("textSha256"), Literal(piece.sha256))
        self._add(subject, _OA + "start", _integer(start))
        self._add(subject, _OA + "end", _integer(end))
        self._add(subject, _OA + "hasSource", self._source)
        return subject

    def _gist(self, items: Sequence[Item]) -> Literal:
        """Return what a person wrote of a passage in words of her own, else the claims in words, which are English."""
        quotation = items[0].claim.quotation
        written = next((item.decision.gist for item in items if item.decision and item.decision.gist), None)
        if written:
            if _DCTERMS + "license" not in self._known.get(self._source, {}):
                refuse_copy(written, quotation, items[0].claim.paragraph)
            return self._worded(written)
        gist = "; ".join(dict.fromkeys(in_words(item.claim, self._words) for item in items)) + "."
        if matching.same(gist, quotation):
            subject, relation, target = parts(items[0].claim, self._words)
            gist = f"{subject}: {relation}, {target}."
        return Literal(gist, language="en")

    def _write_claim(self, claim: Proposal, passage: str) -> None:
        target = claim.object
        ends = self._entity(claim.subject), _number(target) if isinstance(target, Figure) else self._entity(target)
        said = (ends[0], claim.predicate, ends[1] if isinstance(ends[1], str) else ends[1].value, passage)
        if said in self._stated:
            return
        self._stated.add(said)
        terms: list[tuple[str, str | Literal]] = [
            (TYPE, coop("Observation" if isinstance(target, Figure) else "Claim")),
            (RDF + "subject", ends[0]),
            (RDF + "predicate", claim.predicate),
            (RDF + "object", ends[1]),
            (coop("status"), vocab.status_iri(claim.status)),
            *((coop("field"), self._entity(field)) for field in claim.fields),
            *((coop("statedBy"), self._entity(speaker)) for speaker in claim.speakers),
            *((coop("statedAt"), self._entity(each)) for each in (claim.occasion,) if each),
            *self._times(claim),
        ]
        key = _without_passages({(name, term if isinstance(term, str) else term.value) for name, term in terms})
        if key not in self._claims:
            self._number += 1
            self.claims += 1
            self._claims[key] = self._iri("claim", f"{self._slug}-{self._number:03}")
            for predicate, term in terms:
                self._add(self._claims[key], predicate, term)
        self._add(self._claims[key], _PASSAGE, passage)  # a claim that is stated twice stands once, with both passages

    def _times(self, claim: Proposal) -> Iterator[tuple[str, str | Literal]]:
        target, period = claim.object, claim.period
        dates = [
            ("validFrom", period.valid_from, period.valid_from_precision),
            ("validTo", period.valid_to, period.valid_to_precision),
        ]
        if isinstance(target, Figure):
            origin = self._review.document.origin
            as_of = (target.as_of, target.as_of_precision) if target.as_of else (origin.issued, origin.issued_precision)
            dates = [("asOf", *as_of)]
            yield coop("unit"), target.unit or STANDARD["unit"] + "NUM"
            if target.share_of:
                yield coop("shareOf"), self._entity(target.share_of)
        for predicate, day, precision in dates:
            if day:
                yield coop(predicate), _date(day)
                yield coop(f"{predicate}Precision"), Literal(precision or "day")

    def _entity(self, mention: Mention) -> str:
        """Return the IRI of a thing: the one that was chosen, one that has this name since, or that of a new one."""
        if mention.entity:
            return mention.entity
        kind = self._words.new_kind(mention.kind)
        if not kind:
            raise UsageError(
                f"nobody has said what {short(mention.text)!r} is; take the decision back in coopgraph review"
            )
        key = kind, mention.text
        if key not in self._new_iris:
            self._new_iris[key] = self._namesake(mention, kind) or self._new_entity(mention, kind)
        return self._new_iris[key]

    def _namesake(self, mention: Mention, kind: str) -> str | None:
        """Return the thing of a kind that has exactly a name, unless it was offered and not chosen."""
        offered = {each.entity for each in mention.candidates}
        same = (
            iri
            for iri, thing in self._words.things.items()
            if mention.text in (*thing.labels.values(), *thing.alt_labels) and iri not in offered
        )
        return min((iri for iri in same if self._words.is_a(self._words.things[iri].kind, kind.title())), default=None)

    def _new_entity(self, mention: Mention, kind: str) -> str:
        in_use = {*self._words.things, *self._new_iris.values()}
        slug = documents.slug(mention.text)
        iri = next(iri for name in _numbered(slug) if (iri := self._iri(kind, name)) not in in_use)
        node = NamedNode(iri)
        own = self._words.classes.get(mention.kind, coop(mention.kind))
        self.entities[kind] += [
            Triple(node, NamedNode(TYPE), NamedNode(own)),
            Triple(node, NamedNode(_SKOS + "prefLabel"), self._worded(mention.text)),
            Triple(node, NamedNode(_DCTERMS + "source"), NamedNode(self._source)),
        ]
        return iri

    def _worded(self, words: str) -> Literal:
        """Return words with their language: what has Chinese characters is Chinese, all other in a Chinese text not."""
        language = self._language
        if matching.WIDE_LETTER.search(words):
            language = language if language.startswith(("zh", "ja")) else language_of(words) or "zh"
        elif language.startswith(("zh", "ja")):
            language = "en"
        return Literal(words, language=language)


_PASSAGE = _PROV + "wasDerivedFrom"


def _statements(of: Iterable[tuple[str, str]]) -> Iterator[tuple[str, ...]]:
    """Yield what a claim of a graph file says with each passage; its status may have been mended there."""
    stated = dict(of)
    ends = tuple(stated.get(RDF + name, "") for name in ("subject", "predicate", "object"))
    yield from ((*ends, target) for predicate, target in of if predicate == _PASSAGE)


def _without_passages(of: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    return frozenset(each for each in of if each[0] != _PASSAGE)


def refuse_copy(gist: str, quotation: str, paragraph: int) -> None:
    """Raise `UsageError` where a gist is the quotation, for the text is not ours to copy."""
    if matching.same(gist, quotation):
        raise UsageError(f"paragraph {paragraph}: the gist is the quotation; say it in words of your own")


def _numbered(slug: str) -> Iterator[str]:
    """Yield a slug, and then with 2, 3 ... behind it."""
    yield slug
    number = _FIRST
    while True:
        yield f"{slug}-{number}"
        number += 1


def _date(day: str) -> Literal:
    return Literal(day, datatype=NamedNode(XSD + "date"))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _number(figure: Figure) -> Literal:
    kind = "integer" if re.fullmatch(r"[+-]?\d+", figure.value) else "decimal"
    return Literal(figure.value, datatype=NamedNode(XSD + kind))
