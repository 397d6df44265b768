"""What a review says, as triples: the source, its passages and claims, and the things that are new.

What the graph files say by themselves is not said again, whatever it is called there, and what was written before keeps
its name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from coopgraph.claims import matching, passages
from coopgraph.errors import UsageError, short
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Triple, value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE, coop, local_name
from coopgraph.reading import documents, literals, present_terms, qualifiers, source_entry
from coopgraph.reading.entries import PASSAGE, Entry, StatedClaim, Terms, kind_of, statements_of, without_passages
from coopgraph.reading.languages import language_of
from coopgraph.reading.model import Figure, Mention
from coopgraph.reading.wording import in_words, parts, refuse_copy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.rdf.terms import Term
    from coopgraph.reading.model import Proposal
    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.vocabulary import Vocabulary

_DCTERMS, _FOAF, _OA, _PROV, _SKOS = (STANDARD[name] for name in ("dcterms", "foaf", "oa", "prov", "skos"))


class Statements:
    """What a review says beside `stated`, the triples of graph files, of which some were `written` for it before.

    `entries` has what is said of each thing (IRI), `moved` what has another place in the text, (subject, predicate) ->
    value, and `taken_out` the claims that were written and that somebody took out by hand. Where `places` are given,
    bounds -> passage (IRI), these are taken for right, and so are gists.
    """

    def __init__(
        self,
        review: Review,
        words: Vocabulary,
        prefixes: Mapping[str, str],
        stated: Iterable[Triple],
        written: Mapping[str, Entry] | None = None,
        places: Mapping[tuple[int, int], str] | None = None,
    ) -> None:
        self._review, self._words, self._prefixes, self._written = review, words, prefixes, written or {}
        self._text, origin = review.document.text, review.document.origin
        self._language = origin.language or language_of(self._text) or "en"
        self._slug = review.document.source
        self._source = self._iri("source", self._slug)
        self._former = {of: name for name, entry in self._written.items() for of in entry.proposals}
        self.entries: dict[str, Entry] = defaultdict(Entry)
        self.taken_out: list[str] = []
        self.moved: dict[tuple[str, str], Literal] = {}
        self._known: dict[str, dict[str, str]] = defaultdict(dict)
        by_hand: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for triple in stated:
            subject, predicate, target = map(value, (triple.subject, triple.predicate, triple.object))
            self._known[subject][predicate] = target
            by_hand[subject].add((predicate, target))
        self._own = {name: entry for name, entry in self._written.items() if entry.is_whole and name in self._known}
        for name, entry in self._written.items():
            by_hand[name] -= by_hand[name] if entry.is_whole else {(key, value(term)) for key, term in entry.terms}
        self._by_hand = by_hand
        self._said: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, of in by_hand.items():
            for each in statements_of(of):
                self._said[each].append(name)
        self._stated: dict[tuple[tuple[str, ...], frozenset[tuple[str, str]]], str] = {}
        self._repeated: set[str] = set()
        self._claims = {entry.key: name for name, entry in self._own.items() if entry.proposals}
        self._claims |= {without_passages(of): name for name, of in by_hand.items() if of}
        self._new_iris = {
            (kind_of(name, prefixes), entry.name): name for name, entry in self._own.items() if entry.name
        }
        number = re.compile(rf"{re.escape(self._iri('claim', self._slug))}-(\d+)")
        names = {*self._known, *self._written}
        last = max((int(match[1]) for name in names if (match := number.fullmatch(name))), default=0)
        self._new_names = (self._iri("claim", f"{self._slug}-{at:03}") for at in count(last + 1))
        self._is_given = places is not None
        self._passages: dict[tuple[int, int], str] = dict(self._known_passages() if places is None else places)

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
            self.moved[name, predicate] = literals.integer(number)

    def write(self) -> None:
        """Say source, passages and claims; nothing where no claim was taken."""
        by_passage: dict[tuple[int, int], list[Item]] = defaultdict(list)
        for item in self._review.taken:
            by_passage[item.claim.start, item.claim.end].append(item)
        if by_passage:
            self._write_source()
        claims: list[StatedClaim] = []
        for bounds, items in sorted(by_passage.items()):
            passage = self._passage(*bounds)
            stated = [self._stated_claim(each.claim, passage) for each in items]
            stays = [each for each in stated if not self._is_taken_out(each)]
            if stays:
                self._write_passage(passage, bounds, items)
            claims += [each for each in stays if self._is_new(each)]
        self._write_claims(claims)

    def _stated_claim(self, claim: Proposal, passage: str) -> StatedClaim:
        listed = (claim.qualifiers, qualifiers.of(claim))
        own, all_of = (
            frozenset((name, value(term)) for name, term in qualifiers.terms(each, self._entity, self._worded))
            for each in listed
        )
        return StatedClaim(claim.id, Entry(self._terms(claim)), passage, own, all_of - own)

    def _add(self, subject: str, predicate: str, target: str | Term) -> None:
        self.entries[subject].terms.append((predicate, NamedNode(target) if isinstance(target, str) else target))

    def _write_source(self) -> None:
        digest = passages.digest(self._text)
        if self._source in self._known and self._source not in self._own:
            if self._known[self._source].get(coop("textSha256")) != digest:
                self.moved[self._source, coop("textSha256")] = Literal(digest)
            return
        document, language = self._review.document, self._language
        self.entries[self._source].terms += source_entry.terms(document, language, digest)
        if document.origin.publisher:
            self._add(self._source, _DCTERMS + "publisher", self._publisher(document.origin.publisher))

    def _publisher(self, name: str) -> str:
        mention = Mention(name, 0, 0, kind="Organisation")
        namesakes = (self._namesake(mention, kind) for kind in ("organisation", "person", "place"))
        return self._entity(replace(mention, entity=next(filter(None, namesakes), None)))

    def _passage(self, start: int, end: int) -> str:
        """Return the passage (IRI) with some bounds: the one that is there, or a new one."""
        if (start, end) not in self._passages:
            in_use = {*self._known, *self._passages.values()}
            named = {local_name(iri): bounds for bounds, iri in self._passages.items()}
            slug = passages.name_of(self._text, passages.cut(self._text, start, end), self._slug, named)
            self._passages[start, end] = next(
                iri for each in literals.numbered(slug) if (iri := self._iri("passage", each)) not in in_use
            )
        return self._passages[start, end]

    def _write_passage(self, name: str, bounds: tuple[int, int], items: Sequence[Item]) -> None:
        if name in self._known and name not in self._own:
            return
        piece = passages.cut(self._text, *bounds)
        self.entries[name].terms = [
            (TYPE, NamedNode(coop("Passage"))),
            (coop("gist"), self._gist(items)),
            (coop("paragraph"), literals.integer(piece.paragraph)),
            (coop("textSha256"), Literal(piece.sha256)),
            (_OA + "start", literals.integer(piece.start)),
            (_OA + "end", literals.integer(piece.end)),
            (_OA + "hasSource", NamedNode(self._source)),
            *source_entry.kept_words(self._review.document, *bounds),
        ]

    def _gist(self, items: Sequence[Item]) -> Literal:
        """Return what a person wrote of a passage in words of her own, else the claims in words, which are English."""
        quotation, terms = items[0].claim.quotation, self._known.get(self._source, {})
        written = next((item.decision.gist for item in items if item.decision and item.decision.gist), None)
        if written:
            if not (self._is_given or self._review.document.origin.license or _DCTERMS + "license" in terms):
                refuse_copy(written, quotation, items[0].claim.paragraph)
            return self._worded(written)
        gist = "; ".join(dict.fromkeys(in_words(item.claim, self._words) for item in items)) + "."
        if matching.same(gist, quotation):
            subject, relation, target = parts(items[0].claim, self._words)
            gist = f"{subject}: {relation}, {target}."
        return Literal(gist, language="en")

    def _is_taken_out(self, claim: StatedClaim) -> bool:
        """Say whether somebody took a claim out of the file as it was written, and left its source there."""
        name = self._former.get(claim.proposal)
        was_written = name is not None and self._written[name].is_whole and name not in self._known
        if was_written and self._source in self._known and self._written[str(name)].key == claim.entry.key:
            self.taken_out.append(str(name))
            return True
        return False

    def _is_new(self, claim: StatedClaim) -> bool:
        """Say whether nothing says yet what a claim says, whatever its status: that may have been mended in a file."""
        if self._is_given:
            return True
        ends = {predicate: value(term) for predicate, term in claim.entry.terms}
        says = (*(ends[RDF + name] for name in ("subject", "predicate", "object")), claim.passage)
        same = self._by_hand_with(says, claim.qualifiers)
        self._repeated.update(same)
        key = says, claim.qualifiers | claim.more
        return not same and self._stated.setdefault(key, claim.proposal) is claim.proposal

    def _by_hand_with(self, says: tuple[str, ...], more: frozenset[tuple[str, str]]) -> list[str]:
        """Return the claims (IRIs) that a file states by itself with such ends, passage and qualifiers."""
        return [name for name in self._said.get(says, ()) if more <= self._by_hand[name]]

    def _write_claims(self, claims: Iterable[StatedClaim]) -> None:
        """Say claims, each once with all its passages, under the name that it has where it has one."""
        groups: dict[frozenset[tuple[str, str]], list[StatedClaim]] = defaultdict(list)
        for claim in claims:
            groups[claim.entry.key].append(claim)
        in_use = {self._claims[key] for key in groups if key in self._claims}
        for key, group in groups.items():
            name = self._claims.get(key) or self._former_name(group, in_use) or next(self._new_names)
            in_use.add(name)
            is_by_hand = name in self._known and name not in self._own
            self.entries[name] = Entry([] if is_by_hand else group[0].entry.terms, [each.proposal for each in group])
            for passage in dict.fromkeys(each.passage for each in group):
                self._add(name, PASSAGE, passage)

    def rejected(self) -> Iterator[str]:
        """Yield the claims (IRIs) that a file states by itself and that were rejected, unless others say the same."""
        for item in self._review.items:
            claim, target = item.claim, item.claim.object
            ends = claim.subject.entity or "", claim.predicate, literals.value_of(target)
            passage = self._passages.get((claim.start, claim.end), "")
            if item.act == "reject":
                same = self._by_hand_with((*ends, passage), frozenset())
                yield from (name for name in same if name not in self._repeated)

    def _former_name(self, group: Sequence[StatedClaim], in_use: set[str]) -> str | None:
        """Return the claim (IRI) that was written for one of some proposals and said something else."""
        names = (self._former.get(each.proposal, "") for each in group)
        return next(
            (each for each in names if each and each not in in_use and (each in self._own or each not in self._known)),
            None,
        )

    def _terms(self, claim: Proposal) -> Terms:
        """Return what a claim says, its passages aside."""
        target = claim.object
        terms: list[tuple[str, str | Literal]] = [
            (TYPE, coop("Observation" if isinstance(target, Figure) else "Claim")),
            (RDF + "subject", self._entity(claim.subject)),
            (RDF + "predicate", claim.predicate),
            (RDF + "object", literals.number(target) if isinstance(target, Figure) else self._entity(target)),
            (coop("status"), vocab.status_iri(claim.status)),
            *((coop("field"), self._entity(field)) for field in claim.fields),
            *((coop("statedBy"), self._entity(speaker)) for speaker in claim.speakers),
            *((coop("statedAt"), self._entity(each)) for each in (claim.occasion,) if each),
            *self._times(claim),
        ]
        whole: Terms = [(predicate, NamedNode(term) if isinstance(term, str) else term) for predicate, term in terms]
        whole += qualifiers.terms(claim.qualifiers, self._entity, self._worded)
        return present_terms.renewed(whole, list(literals.dated("asOf", *self._issued())))

    def _issued(self) -> tuple[str | None, str | None]:
        origin = self._review.document.origin
        return origin.issued, origin.issued_precision

    def _times(self, claim: Proposal) -> Iterator[tuple[str, str | Literal]]:
        target, period = claim.object, claim.period
        dates = [
            ("validFrom", period.valid_from, period.valid_from_precision),
            ("validTo", period.valid_to, period.valid_to_precision),
        ]
        if isinstance(target, Figure):
            as_of = (target.as_of, target.as_of_precision) if target.as_of else self._issued()
            dates = [("asOf", *as_of)]
            yield coop("unit"), target.unit or STANDARD["unit"] + "NUM"
            if target.share_of:
                yield coop("shareOf"), self._entity(target.share_of)
        for date in dates:
            yield from literals.dated(*date)

    def _entity(self, mention: Mention) -> str:
        """Return the IRI of a thing: the one that was chosen, one that has this name since, or that of a new one."""
        name = mention.entity or self._thing_named(mention)
        if name in self._own and name not in self.entries:
            self.entries[name] = self._renewed(self._own[name], mention)
        return name

    def _renewed(self, entry: Entry, mention: Mention) -> Entry:
        """Return what was written of a thing, with the class that its name has now."""
        kind = self._words.classes.get(mention.kind, "") if not mention.entity and mention.text == entry.name else ""
        terms = [(name, NamedNode(kind) if kind and name == TYPE else term) for name, term in entry.terms]
        return Entry(terms, name=entry.name)

    def _thing_named(self, mention: Mention) -> str:
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
        in_use = {*self._words.things, *self._new_iris.values(), *self._written}
        slug = documents.slug(mention.text)
        name = next(iri for each in literals.numbered(slug) if (iri := self._iri(kind, each)) not in in_use)
        own = self._words.classes.get(mention.kind, coop(mention.kind))
        terms: Terms = [
            (TYPE, NamedNode(own)),
            (_SKOS + "prefLabel", self._worded(mention.text)),
            (_DCTERMS + "source", NamedNode(self._source)),
        ]
        self.entries[name] = Entry(terms, name=mention.text)
        return name

    def _worded(self, words: str) -> Literal:
        return literals.worded(words, self._language)
