"""From decisions to graph files: source, passages, claims and new entities as canonical Turtle, checked to stay.

What a graph file holds already stays as it is, comments too; claims that it has are not written again.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.claims import matching, passages
from coopgraph.errors import CheckError, UsageError, short
from coopgraph.export import turtle as canonical
from coopgraph.rdf import turtle, vocab
from coopgraph.rdf.terms import Literal, NamedNode, Triple, value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE, XSD, coop, local_name
from coopgraph.reading import documents
from coopgraph.reading.model import Figure, Judgement, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.model import Proposal
    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.vocabulary import Vocabulary

_DCTERMS, _OA, _PROV, _SKOS = (STANDARD[name] for name in ("dcterms", "oa", "prov", "skos"))
_FILES = {"person": "people", "post": "people", "initiative": "initiatives", "agreement": "initiatives"}
"""Kind of entity -> the graph file that new ones go to, where it is not the kind's plural."""
_FIRST = 2


class Acceptance(NamedTuple):
    """What is to be written: path -> whole text; the Turtle that is new; how many claims and entities are new."""

    files: dict[Path, str]
    new: str
    claims: int
    entities: int


class _Writer:
    """Puts together what is new for one source, beside what its graph file holds."""

    def __init__(self, workspace: Workspace, review: Review, words: Vocabulary) -> None:
        self._workspace, self._review, self._words = workspace, review, words
        self._source = review.document.source
        self.path = workspace.root / "graphs" / f"{self._source}.ttl"
        self.known = list(turtle.read(self.path, workspace.name_of(self.path))) if self.path.is_file() else []
        self.triples: list[Triple] = []
        self.entities: dict[str, list[Triple]] = defaultdict(list)
        self._new_iris: dict[str, str] = {}
        self.claims = 0
        number = re.compile(rf"{re.escape(self._iri('claim', self._source))}-(\d+)")
        used = (number.fullmatch(value(triple.subject)) for triple in self.known)
        self._number = max((int(match[1]) for match in used if match), default=0)
        self._stated = {self._statement(subject) for subject in {value(t.subject) for t in self.known}}

    def _iri(self, kind: str, slug: str) -> str:
        return self._workspace.prefixes[kind] + slug

    def _statement(self, claim: str) -> tuple[str, ...]:
        """Return what a claim of the graph file says, to know it again."""
        stated = {value(t.predicate): value(t.object) for t in self.known if value(t.subject) == claim}
        names = (RDF + "subject", RDF + "predicate", RDF + "object", coop("status"), _PROV + "wasDerivedFrom")
        return tuple(stated.get(name, "") for name in names)

    def write(self) -> None:
        """Write source, passages and claims."""
        if not any(value(t.subject) == self._iri("source", self._source) for t in self.known):
            self._write_source()
        by_passage: dict[tuple[int, int], list[Item]] = defaultdict(list)
        for item in self._review.taken:
            by_passage[item.claim.start, item.claim.end].append(item)
        for (start, end), items in sorted(by_passage.items()):
            passage = self._write_passage(start, end, items)
            for item in items:
                self._write_claim(item.claim, passage)

    def _add(self, subject: str, predicate: str, target: str | Literal) -> None:
        term = NamedNode(target) if isinstance(target, str) else target
        self.triples.append(Triple(NamedNode(subject), NamedNode(predicate), term))

    def _write_source(self) -> None:
        origin, subject = self._review.document.origin, self._iri("source", self._source)
        language = origin.language or "en"
        title = origin.title or self._source
        self._add(subject, TYPE, coop("Source"))
        self._add(subject, coop("textFile"), Literal(f"{self._source}.txt"))
        self._add(subject, coop("textSha256"), Literal(passages.digest(self._review.document.text)))
        self._add(subject, _DCTERMS + "title", Literal(title, language=language))
        self._add(subject, _DCTERMS + "language", Literal(language))
        if origin.issued is None:
            raise UsageError(f"nobody knows when {self._source} was issued; read the document again with --issued DATE")
        self._add(subject, _DCTERMS + "issued", _date(origin.issued))
        self._add(subject, coop("issuedPrecision"), Literal(origin.issued_precision or "day"))
        if origin.publisher:
            self._add(subject, _DCTERMS + "publisher", self._publisher(origin.publisher))
        parts = [title, origin.publisher, origin.issued[: _LENGTHS.get(origin.issued_precision or "day", 10)]]
        citation = ", ".join(part for part in parts if part) + (f", {origin.address}" if origin.address else "")
        self._add(subject, _DCTERMS + "bibliographicCitation", Literal(f"{citation}.", language="en"))

    def _publisher(self, name: str) -> str:
        known = [
            iri for iri, thing in self._words.things.items() if name in (*thing.labels.values(), *thing.alt_labels)
        ]
        return known[0] if len(known) == 1 else self._entity(Mention(name, 0, 0, kind="Organisation"))

    def _write_passage(self, start: int, end: int, items: Sequence[Item]) -> str:
        text = self._review.document.text
        piece = passages.cut(text, start, end)
        subject = self._iri("passage", passages.name_of(text, piece, self._source))
        if any(value(t.subject) == subject for t in self.known):
            return subject
        self._add(subject, TYPE, coop("Passage"))
        self._add(subject, coop("gist"), Literal(self._gist(items), language="en"))
        self._add(subject, coop("paragraph"), _integer(piece.paragraph))
        self._add(subject, coop("textSha256"), Literal(piece.sha256))
        self._add(subject, _OA + "start", _integer(start))
        self._add(subject, _OA + "end", _integer(end))
        self._add(subject, _OA + "hasSource", self._iri("source", self._source))
        return subject

    def _gist(self, items: Sequence[Item]) -> str:
        """Return what a person wrote of a passage in words of her own, else the claims in words."""
        written = [item.decision.gist for item in items if item.decision and item.decision.gist]
        gist = (
            written[0]
            if written
            else "; ".join(dict.fromkeys(in_words(item.claim, self._words) for item in items)) + "."
        )
        if matching.key(gist).letters == matching.key(items[0].claim.quotation).letters:
            advice = "say it in words of your own, for the text is not ours to copy"
            raise UsageError(f"paragraph {items[0].claim.paragraph}: the gist is the quotation; {advice}")
        return gist

    def _write_claim(self, claim: Proposal, passage: str) -> None:
        subject, target = self._entity(claim.subject), claim.object
        object_ = _number(target) if isinstance(target, Figure) else self._entity(target)
        says = (subject, claim.predicate, object_ if isinstance(object_, str) else object_.value)
        if (*says, vocab.status_iri(claim.status), passage) in self._stated:
            return
        self._number += 1
        self.claims += 1
        name = self._iri("claim", f"{self._source}-{self._number:03}")
        self._add(name, TYPE, coop("Observation" if isinstance(target, Figure) else "Claim"))
        for predicate, term in (
            (RDF + "subject", subject),
            (RDF + "predicate", claim.predicate),
            (RDF + "object", object_),
            (coop("status"), vocab.status_iri(claim.status)),
            (_PROV + "wasDerivedFrom", passage),
        ):
            self._add(name, predicate, term)
        for field in claim.fields:
            self._add(name, coop("field"), self._entity(field))
        for speaker in claim.speakers:
            self._add(name, coop("statedBy"), self._entity(speaker))
        if claim.occasion is not None:
            self._add(name, coop("statedAt"), self._entity(claim.occasion))
        self._write_times(name, claim)

    def _write_times(self, name: str, claim: Proposal) -> None:
        target, period = claim.object, claim.period
        dates = [
            ("validFrom", period.valid_from, period.valid_from_precision),
            ("validTo", period.valid_to, period.valid_to_precision),
        ]
        if isinstance(target, Figure):
            dates = [("asOf", target.as_of, target.as_of_precision)]
            if target.unit:
                self._add(name, coop("unit"), target.unit)
            if target.share_of:
                self._add(name, coop("shareOf"), self._entity(target.share_of))
        for predicate, day, precision in dates:
            if day:
                self._add(name, coop(predicate), _date(day))
                self._add(name, coop(f"{predicate}Precision"), Literal(precision or "day"))

    def _entity(self, mention: Mention) -> str:
        """Return the IRI of a thing, a new one's where nobody has it yet."""
        if mention.entity:
            return mention.entity
        if not mention.kind:
            raise UsageError(f"nobody has said what {short(mention.text)!r} is; coopgraph review asks")
        kind = next((each for each in vocab.ENTITY_KINDS if self._words.is_a(mention.kind, each.title())), "")
        if not kind:
            raise UsageError(f"{short(mention.text)!r} is to be a {mention.kind}, of which there are no new ones")
        key = f"{kind} {mention.text}"
        if key not in self._new_iris:
            self._new_iris[key] = self._new_entity(kind, mention)
        return self._new_iris[key]

    def _new_entity(self, kind: str, mention: Mention) -> str:
        slug = documents.slug(mention.text)
        taken = {*self._words.things, *self._new_iris.values()}
        names = (slug if number < _FIRST else f"{slug}-{number}" for number in range(1, len(taken) + _FIRST))
        iri = next(iri for name in names if (iri := self._iri(kind, name)) not in taken)
        node = NamedNode(iri)
        language = _language_of(mention.text, self._review.document.origin.language or "en")
        self.entities[_FILES.get(kind, f"{kind}s")] += [
            Triple(node, NamedNode(TYPE), NamedNode(coop(mention.kind))),
            Triple(
                node,
                NamedNode(_SKOS + "prefLabel"),
                Literal(mention.text, language=_language_of(mention.text, language)),
            ),
            Triple(node, NamedNode(_DCTERMS + "source"), NamedNode(self._iri("source", self._source))),
        ]
        return iri


_LENGTHS = {"year": 4, "month": 7, "day": 10}


def _language_of(text: str, language: str) -> str:
    """Return the language of a name: that of its text, but for Latin letters in a Chinese one."""
    return "en" if text.isascii() and language.startswith("zh") else language


def _date(day: str) -> Literal:
    return Literal(day, datatype=NamedNode(XSD + "date"))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _number(figure: Figure) -> Literal:
    kind = "integer" if re.fullmatch(r"[+-]?\d+", figure.value) else "decimal"
    return Literal(figure.value, datatype=NamedNode(XSD + kind))


def in_words(claim: Proposal, words: Vocabulary) -> str:
    """Return a claim in words, as a person reads it: `Hong Kong supports Liaoning (potential)`."""
    relation = words.property_of(claim.predicate)
    target = claim.object
    said = target.text if isinstance(target, Figure) else label(target, words)
    status = "" if claim.status == "realised" else f" ({claim.status})"
    return f"{label(claim.subject, words)} {relation.label if relation else local_name(claim.predicate)} {said}{status}"


def label(mention: Mention, words: Vocabulary) -> str:
    """Return how the thing that a mention names is called, or the mention itself."""
    thing = words.things.get(mention.entity or "")
    return thing.label if thing else mention.text


def acceptance(workspace: Workspace, review: Review, words: Vocabulary) -> Acceptance:
    """Return what accepting the claims that were taken would write.

    Raises `UsageError` where something that a graph file needs was not said, and `DataError` where a file is broken.
    """
    writer = _Writer(workspace, review, words)
    writer.write()
    texts = {}
    digest = passages.digest(review.document.text)
    if writer.triples:
        texts[writer.path] = _with(workspace, writer.path, writer.triples, digest)
    for name, triples in writer.entities.items():
        path = workspace.root / "graphs" / f"{name}.ttl"
        texts[path] = _with(workspace, path, triples, None)
    everything = [*writer.triples, *(triple for triples in writer.entities.values() for triple in triples)]
    new = canonical.write(everything, workspace.prefixes) if everything else ""
    return Acceptance(texts, new, writer.claims, sum(map(_subjects, writer.entities.values())))


def _subjects(triples: Iterable[Triple]) -> int:
    return len({triple.subject for triple in triples})


def _with(workspace: Workspace, path: Path, triples: Sequence[Triple], digest: str | None) -> str:
    """Return the text of a graph file with more triples, in canonical form, its comments kept."""
    former = files.read_text(path, workspace.name_of(path)) if path.is_file() else ""
    if digest and former:
        stated = re.search(r'(?<=coop:textFile )[^;]*;\s*coop:textSha256 "([0-9a-f]{64})"', former)
        former = former.replace(stated[1], digest) if stated else former
    with TemporaryDirectory(prefix="coopgraph-") as folder:
        joined = Path(folder) / path.name
        joined.write_text(f"{former.rstrip()}\n\n{canonical.write(triples, workspace.prefixes)}", encoding="utf-8")
        return canonical.formatted(joined, workspace.prefixes, workspace.name_of(path))


def save(accepted: Acceptance, workspace: Workspace) -> None:
    """Write the graph files, and put back what was there where a check finds violations in them or anything fails.

    Raises `CheckError` with the first violation.
    """
    from coopgraph.build import build
    from coopgraph.check.findings import VIOLATION

    former = {path: path.read_bytes() if path.is_file() else None for path in accepted.files}
    names = {workspace.name_of(path) for path in accepted.files}
    kept = False
    try:
        for path, text in accepted.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with files.text_to(path) as out:
                out.write(text)
        findings = build.check(workspace).findings
        wrong = [each for each in findings if each.severity == VIOLATION and each.file in names]
        if wrong:
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            raise CheckError(f"nothing was written, for then {wrong[0]}{more}")
        kept = True
    finally:
        if not kept:
            _restore(former)


def _restore(former: dict[Path, bytes | None]) -> None:
    for path, content in former.items():
        if content is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != content:
            path.write_bytes(content)


def judgements(review: Review) -> Iterator[Judgement]:
    """Yield what the claims that were taken say of names, to be used for all documents to come."""
    seen: Counter[tuple[str, str]] = Counter()
    for item in review.taken:
        claim = item.claim
        for mention in (claim.subject, claim.object, *claim.speakers, claim.occasion):
            if isinstance(mention, Mention) and mention.entity and mention.candidates and not mention.implied:
                seen[mention.text, mention.entity] += 1
    yield from (Judgement(name, entity, same=True) for name, entity in seen)
