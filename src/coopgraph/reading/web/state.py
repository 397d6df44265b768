"""A review as the page shows it, and what the page asks for as acts of a person; JSON on both sides."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any

from coopgraph.errors import UsageError
from coopgraph.rdf.printable import placed
from coopgraph.rdf.vocab import LANGUAGES, local_name
from coopgraph.reading import lookup, sheet_gate, sheet_reader, sheet_rows
from coopgraph.reading.model import Figure, Mention
from coopgraph.reading.review import ConflictError
from coopgraph.reading.sheet_files import Cell
from coopgraph.reading.web.faults import FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from coopgraph.reading.model import Proposal
    from coopgraph.reading.review import Item, Session
    from coopgraph.reading.vocabulary import Vocabulary

Json = dict[str, Any]
_NAMES = 12
"""Names that are offered for what has been typed."""


class PageState:
    """The session of a person for a page: what it shows, and its acts, one after the other."""

    def __init__(
        self, session: Session, words: Vocabulary, statuses: Mapping[str, Mapping[str, str]], quotable: bool = False
    ) -> None:
        self._session, self._words, self._statuses, self._quotable = session, words, statuses, quotable
        self._lock = Lock()
        self._names = sorted(
            {name for each in words.things.values() for name in (*each.labels.values(), *each.alt_labels)}
        )

    def whole(self) -> Json:
        """Return all that the page shows."""
        with self._lock:
            self._session.reread()
            origin = self._session.document.origin
            stating = {each.number for each in self._session.review.paragraphs}
            return {
                "source": self._session.source,
                "title": placed(origin.title or self._session.source),
                "by": self._session.by,
                "language": origin.language or "",
                "paragraphs": [
                    {
                        "number": each.number,
                        "start": each.start,
                        "kind": each.kind,
                        "states": each.number in stating,
                        "text": placed(each.text),
                    }
                    for each in self._session.document.paragraphs
                ],
                "relations": self._relations(),
                "statuses": [{"name": name, "labels": dict(labels)} for name, labels in self._statuses.items()],
                "terms": {kind: self._terms(kind) for kind in ("measure", "change")},
                "items": [self._item(item) for item in self._session.review.items],
                **self._standing(),
            }

    def _standing(self) -> Json:
        state = self._session.review
        bare = [[each.start, each.end] for each in state.bare_sentences()]
        return {"complete": sorted(state.complete), "bare": bare}

    def _relations(self) -> list[Json]:
        ordered = sorted(self._words.properties.values(), key=lambda each: each.label)
        return [{"label": each.label, "labels": dict(each.labels), "figure": each.figure} for each in ordered]

    def _terms(self, kind: str) -> list[Json]:
        """Return the terms of a column, as its cells name them, with their labels."""
        of = [each for each in self._words.terms.values() if each.kind.lower() == kind]
        named = ((lookup.name_of_term(each.iri, self._words), each) for each in sorted(of, key=lambda each: each.label))
        return [{"name": name, "labels": {"en": each.label} | dict(each.labels)} for name, each in named]

    def _item(self, item: Item) -> Json:
        claim, relation = item.claim, self._words.property_of(item.claim.predicate)
        return {
            "id": claim.id,
            "seen": _stamp(item),
            "act": item.act,
            "open": item.is_open,
            "lost": item.is_lost,
            "reason": item.decision.reason if item.decision else None,
            "paragraph": claim.paragraph,
            "start": claim.start,
            "end": claim.end,
            "status": claim.status,
            "cue": placed(claim.cue.text) if claim.cue else "",
            "relation": relation.label if relation else local_name(claim.predicate),
            "subject": self._labels(claim.subject),
            "object": self._labels(claim.object),
            "row": {name: placed(cell) for name, cell in sheet_rows.row_of(item, self._words).items()},
            "marks": [[each.start, each.end, role] for role, each in _mentions(claim) if not each.implied],
            "unsettled": list(self._unsettled(claim)),
        }

    def _labels(self, end: Mention | Figure) -> Json:
        """Return how an end of a claim is called in each language, the text's own words where nothing else is known."""
        thing = self._words.things.get(getattr(end, "entity", None) or "")
        labels = {name.lower(): label for name, label in thing.labels.items()} if thing else {}
        return {name: placed(labels.get(name.lower(), thing.label if thing else end.text)) for name in LANGUAGES}

    def _unsettled(self, claim: Proposal) -> Iterator[Json]:
        """Yield the names for which nobody has said what they stand for, with what they may stand for."""
        for role, mention in _mentions(claim):
            if not mention.entity:
                offered = [
                    [lookup_name(each.entity, self._words), f"{each.label} ({each.kind})"]
                    for each in mention.candidates
                ]
                new = f"{mention.text} (new {mention.kind})" if self._words.new_kind(mention.kind) else ""
                yield {"role": role, "text": placed(mention.text), "candidates": offered, "new": new}

    def names(self, typed: str) -> list[str]:
        """Return names of things that have what was typed, those that begin with it first."""
        typed = typed.casefold()
        names = [name for name in self._names if typed in name.casefold()] if typed else []
        return sorted(names, key=lambda name: (not name.casefold().startswith(typed), len(name)))[:_NAMES]

    def act(self, asked: Json) -> Json:
        """Do what the page asks for, and return what is different since.

        Raises `ConflictError` where somebody has decided meanwhile, `FaultsError` where a form makes no sense, and
        `UsageError` where what is asked is no act.
        """
        with self._lock:
            before = {item.claim.id: item for item in self._session.review.items}
            undone = self._do(asked)
            after = {item.claim.id: item for item in self._session.review.items}
            changed = [self._item(item) for name, item in after.items() if before.get(name) != item]
            gone = [name for name in before if name not in after]
            return {"items": changed, "gone": gone, "undone": undone, **self._standing()}

    def _do(self, asked: Json) -> Any:
        name, one = asked.get("act"), self._session
        if name == "undo":
            decision = one.undo()
            return decision and {"id": decision.proposal, "paragraph": decision.paragraph}
        if name == "complete":
            number = _number(asked, "paragraph")
            if number not in {each.number for each in one.document.paragraphs}:
                raise UsageError(f"there is no paragraph {number}")
            return one.complete(number)
        if name == "speakers":
            return self._speak(asked)
        if name == "add":
            return self._write(asked, None)
        if name in ("accept", "reject", "unsure"):
            item = self._item_of(asked)
            if name == "accept":
                return self._write(asked, item)
            return one.act(name, item, reason=_text(asked, "reason") or None if name == "reject" else None)
        raise UsageError(f"{name!r} is no act")

    def _item_of(self, asked: Json) -> Item:
        """Return the item that is meant, as long as it is what the page shows."""
        self._session.reread()
        item = next((each for each in self._session.review.items if each.claim.id == asked.get("id")), None)
        if item is None:
            raise ConflictError("the claim is there no more; look at the others")
        if _stamp(item) != asked.get("seen"):
            who, what = (item.decision.by or "somebody", item.decision.act) if item.decision else ("somebody", "undo")
            if item.spoken and (item.decision is None or item.spoken.at > item.decision.at):
                who, what = item.spoken.by or "somebody", "speakers"
            raise ConflictError(f"{who} has decided meanwhile: {what}; look at it again")
        return item

    def _speak(self, asked: Json) -> int:
        first, last = _number(asked, "first"), _number(asked, "last")
        bounds = [(each.start, each.end) for each in self._session.document.paragraphs if each.number == first]
        start, end = bounds[0] if bounds else (0, 0)
        try:
            names = [name.strip() for name in _text(asked, "speakers").split(";") if name.strip()]
            speakers = [lookup.mention(name, self._words, start, end) for name in names]
        except UsageError as error:
            raise FaultsError({"said by": str(error)}) from error
        return self._session.speak(first, last, speakers)

    def _write(self, asked: Json, item: Item | None) -> None:
        """Accept an item, changed where the form says so, or add a claim."""
        given = asked.get("row") or {}
        if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
            raise UsageError("row is no form")
        row = sheet_rows.row_of(item, self._words) if item else dict.fromkeys(sheet_rows.COLUMNS, "")
        row |= {
            name: cell for name, cell in given.items() if name in sheet_rows.COLUMNS and name not in ("id", "decision")
        }
        row["decision"] = "accept"
        gate = sheet_gate.Gate(
            sheet_reader.Context(self._session.review, self._words, self._status_names(), self._quotable)
        )
        if "start" in asked:
            gate.context.bounds = bounds = self._bounds(asked)
            row["quotation"] = self._session.document.text[slice(*bounds)]
        gate.take([[Cell(name, name) for name in row], [Cell(cell.strip(), name) for name, cell in row.items()]])
        if gate.faults:
            raise FaultsError({fault.place: fault.message for fault in reversed(gate.faults)})
        for act, claim, _, gist in gate.decisions:
            if item is None:
                self._session.add(claim, gist)
            else:
                self._session.act(act, item, claim=claim, gist=gist)

    def _bounds(self, asked: Json) -> tuple[int, int]:
        """Return bounds that the page gives, of words of one paragraph."""
        start, end, text = _number(asked, "start"), _number(asked, "end"), self._session.document.text
        within = 0 <= start < end <= len(text) and text[start:end].strip() and "\n" not in text[start:end]
        if not within:
            raise UsageError("these are no words of one paragraph")
        return start, end

    def _status_names(self) -> dict[str, str]:
        names = {name: name for name in self._statuses}
        return names | {label: name for name, labels in self._statuses.items() for label in labels.values()}


def lookup_name(iri: str, words: Vocabulary) -> str:
    """Return a name by which a thing is found alone: its label, or its IRI."""
    thing = words.things.get(iri)
    try:
        return thing.label if thing and lookup.thing(thing.label, words) == iri else iri
    except UsageError:
        return iri


def _mentions(claim: Proposal) -> Iterator[tuple[str, Mention]]:
    listed = [("subject", claim.subject), ("object", claim.object), ("said at", claim.occasion)]
    listed += [("said by", each) for each in claim.speakers]
    yield from ((role, each) for role, each in listed if isinstance(each, Mention))


def _stamp(item: Item) -> str:
    """Return by what an item is known to be as it was shown."""
    parts = (asdict(each) if each else None for each in (item.decision, item.spoken))
    return sha256(repr((*parts, item.is_lost)).encode()).hexdigest()[:16]


def _number(asked: Json, name: str) -> int:
    number = asked.get(name)
    if isinstance(number, bool) or not isinstance(number, int):
        raise UsageError(f"{name} is no number")
    return number


def _text(asked: Json, name: str) -> str:
    text = asked.get(name) or ""
    if not isinstance(text, str):
        raise UsageError(f"{name} is no text")
    return text
