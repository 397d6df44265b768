"""Where the review of a source stands: what people decided, act by act, put together over the proposals of its text.

The log of acts is all that is kept. Decisions follow words: a claim that was accepted is found again in a text that has
changed, and where its words are gone it is looked at again. What was rejected stays rejected.
"""

from __future__ import annotations

import getpass
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.claims import matching, passages
from coopgraph.claims.sentences import sentences
from coopgraph.errors import UsageError
from coopgraph.reading import records
from coopgraph.reading.model import Decision, Document, Proposal, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.model import Act

TAKEN = ("accept", "edit", "add")
"""The acts by which a claim is to be part of the graph."""


class Item(NamedTuple):
    """A proposal as it stands now, as it was proposed, edited or added, and the act that holds for it, if any.

    `is_lost` says that the words of a claim that a person wrote stand in the text no more, or no more in one place.
    """

    claim: Proposal
    act: str = ""
    decision: Decision | None = None
    is_lost: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a person still has to decide."""
        return self.act in ("", "unsure") or self.is_lost


@dataclass(frozen=True, slots=True)
class Review:
    """The items of a source in the order of its text, and the paragraphs that a person called complete."""

    document: Document
    items: tuple[Item, ...]
    complete: frozenset[int]

    @property
    def open(self) -> tuple[Item, ...]:
        """The items that a person still has to decide on."""
        return tuple(item for item in self.items if item.is_open)

    @property
    def taken(self) -> tuple[Item, ...]:
        """The items that are to be claims of the graph."""
        return tuple(item for item in self.items if item.act in TAKEN and not item.is_lost)

    @property
    def incomplete(self) -> tuple[int, ...]:
        """The paragraphs in which nobody has said yet that nothing is missing; headings need no word."""
        return tuple(
            each.number
            for each in self.document.paragraphs
            if each.kind != "heading" and each.number not in self.complete
        )

    def bare_sentences(self) -> Iterator[Span]:
        """Yield the sentences, headings aside, in which no claim is proposed or taken."""
        claims = [(item.claim.start, item.claim.end) for item in self.items if item.act != "reject"]
        text = self.document.text
        for paragraph in self.document.paragraphs:
            for start, end in sentences(text, paragraph.start, paragraph.end) if paragraph.kind != "heading" else ():
                if not any(first < end and start < last for first, last in claims):
                    yield Span(text[start:end], start, end)


def review(document: Document, proposals: Iterable[Proposal], decisions: Iterable[Decision]) -> Review:
    """Return where the review of a document stands after some acts, in the order in which they were done."""
    logs: dict[str, list[Decision]] = defaultdict(list)
    for decision in standing(decisions):
        logs[key_of(decision)].append(decision)
    claims = {proposal.id: proposal for proposal in proposals}
    names = dict.fromkeys((*claims, *(key for key in logs if not key.startswith(_PARAGRAPH))))
    items = [item for name in names if (item := _item(claims.get(name), logs[name], document))]
    items.sort(key=lambda item: (item.claim.start, item.claim.end, item.claim.predicate, item.claim.id))
    complete = (each.number for each in document.paragraphs if logs.get(_PARAGRAPH + passages.digest(each.text)))
    return Review(document, tuple(items), frozenset(complete))


_PARAGRAPH = "paragraph "


def key_of(decision: Decision) -> str:
    """Return what a decision is on: the id of a proposal, or the text of a paragraph, wherever that stands."""
    return decision.proposal or f"{_PARAGRAPH}{decision.paragraph_sha256}"


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the acts that were not taken back, in their order."""
    acts: list[Decision] = []
    for decision in decisions:
        if decision.act != "undo":
            acts.append(decision)
            continue
        key = key_of(decision)
        at = next((n for n in range(len(acts) - 1, -1, -1) if key_of(acts[n]) == key), None)
        if at is not None:
            del acts[at]
    return acts


def _item(proposal: Proposal | None, log: Sequence[Decision], document: Document) -> Item | None:
    """Return a claim as it was proposed, or as a person last wrote it, with the act that holds for it.

    It is None where nobody proposes it any more and nobody wrote it.
    """
    act = log[-1].act if log else ""
    written = next((each.claim for each in reversed(log) if each.claim), None)
    if written is None:
        return Item(proposal, act, log[-1] if log else None) if proposal else None
    here = relocated(written, document.text) or (
        proposal and _moved_to(written, proposal.start, proposal.end, document.text)
    )
    return Item(here or written, act, log[-1], is_lost=here is None and act != "reject")


def relocated(claim: Proposal, text: str) -> Proposal | None:
    """Return a claim with the places that its words have in a text, None where that is not one place."""
    if claim.quotation and text[claim.start : claim.end] == claim.quotation:
        return replace(claim, paragraph=passages.paragraph_at(text, claim.start))
    places = list(matching.places(text, claim.quotation))
    if len(places) != 1:
        return None
    return _moved_to(claim, *places[0], text)


def _moved_to(claim: Proposal, start: int, end: int, text: str) -> Proposal:
    moved: Proposal = _moved(claim, start - claim.start)
    return replace(moved, start=start, end=end, quotation=text[start:end], paragraph=passages.paragraph_at(text, start))


def _moved(value: Any, by: int) -> Any:
    """Return a record in which all positions are so much further on."""
    if isinstance(value, tuple):
        return tuple(_moved(each, by) for each in value)
    if not hasattr(value, "__dataclass_fields__"):
        return value
    changes = {
        name: _moved(getattr(value, name), by) for name in value.__dataclass_fields__ if name not in ("start", "end")
    }
    if hasattr(value, "start"):
        changes |= {"start": value.start + by, "end": value.end + by}
    return replace(value, **changes)


class ConflictError(UsageError):
    """Somebody else has decided on the same thing meanwhile."""


class Session:
    """A person who reviews a source: each act is on the disk when its method returns, and others' acts are seen."""

    def __init__(self, workspace: Workspace, source: str, by: str | None = None) -> None:
        self.workspace, self.source = workspace, source
        self.by = _user() if by is None else by
        self.paths = records.paths(workspace, source)
        self.document = records.load(workspace, source)
        self._proposals = records.read(Proposal, self.paths.proposals)
        self._log = records.Log(Decision, self.paths.decisions)
        self._read()

    def _read(self) -> None:
        self._decisions = self._log.read()
        self.review = review(self.document, self._proposals, self._decisions)

    def act(self, act: Act, item: Item, *, claim: Proposal | None = None, **more: str | None) -> None:
        """Do something with an item: `accept`, `edit` (to `claim`), `reject` (for a `reason`), `unsure` or `undo`.

        Raises `ConflictError` where somebody else has decided on it since the item was seen.
        """
        taken = claim or item.claim if act in TAKEN else None
        decision = Decision(act, _now(), self.by, proposal=item.claim.id, claim=taken, **more)  # type: ignore[arg-type]
        self._save(decision, item.decision)

    def add(self, claim: Proposal, gist: str | None = None) -> None:
        """Add a claim that nobody proposed."""
        self._save(Decision("add", _now(), self.by, proposal=claim.id, claim=claim, gist=gist), None)

    def decide(self, decisions: Iterable[tuple[Act, Proposal, str | None, str | None]]) -> None:
        """Take many decisions in one go, all or none: an act on a claim, with its reason and its gist."""
        rows = [
            Decision(act, _now(), self.by, claim.id, reason=why, claim=claim if act in TAKEN else None, gist=gist)
            for act, claim, why, gist in decisions
        ]
        if rows:
            records.append(self.paths.decisions, *rows)
            self._read()

    def complete(self, paragraph: int) -> None:
        """Say that nothing is missing in a paragraph."""
        text = next(each.text for each in self.document.paragraphs if each.number == paragraph)
        digest = passages.digest(text)
        decision = Decision("complete", _now(), self.by, paragraph=paragraph, paragraph_sha256=digest)
        records.append(self.paths.decisions, decision)  # it is as true when somebody else has said so
        self._read()

    def undo(self) -> Decision | None:
        """Take back the last act of this person on which nobody else has acted since, and return it, if any."""
        later: set[str] = set()
        for decision in reversed(standing(self._decisions)):
            key = key_of(decision)
            if decision.by == self.by and key not in later:
                undo = replace(decision, act="undo", at=_now(), claim=None, gist=None, reason=None)
                self._save(undo, decision)
                return decision
            later.add(key)
        return None

    def _save(self, decision: Decision, seen: Decision | None) -> None:
        """Add a decision to the log, unless another act than the one that was seen holds for the same thing now."""

        def refuse_conflict() -> None:
            log = standing(self._log.read())
            now = next((each for each in reversed(log) if key_of(each) == key_of(decision)), None)
            if now != seen:
                who, what = (now.by or "somebody", now.act) if now else ("somebody", "undo")
                raise ConflictError(f"{who} has decided meanwhile: {what}; look at it again")

        try:
            records.append(self.paths.decisions, decision, before=refuse_conflict)
        finally:
            self._read()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
