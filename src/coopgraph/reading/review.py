"""Where the review of a source stands: what people decided, act by act, put together over the proposals of its text.

The log of acts is all that is kept. Decisions follow words: a claim that was accepted is found again in a text that has
changed, and where its words are gone it is looked at again. What was rejected stays rejected.
"""

from __future__ import annotations

import getpass
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph.claims import matching, passages
from coopgraph.claims.sentences import sentences
from coopgraph.errors import UsageError
from coopgraph.reading import records
from coopgraph.reading.boilerplate import states_nothing
from coopgraph.reading.model import Decision, Document, Proposal, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.model import Act, Mention, Paragraph

TAKEN = ("accept", "edit", "add")
"""The acts by which a claim is to be part of the graph."""


class Item(NamedTuple):
    """A proposal as it stands now, as it was proposed, edited or added, and the act that holds for it, if any.

    `is_lost` says that the words of a claim that a person wrote stand in the text no more, or no more in one place;
    `spoken` is the act that says who speaks in its paragraph.
    """

    claim: Proposal
    act: str = ""
    decision: Decision | None = None
    is_lost: bool = False
    spoken: Decision | None = None

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
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs that may state something: no headings, date lines, bylines and the like."""
        return _stating(self.document)

    @property
    def incomplete(self) -> tuple[int, ...]:
        """The numbers of those in which nobody has said yet that nothing is missing."""
        return tuple(each.number for each in self.paragraphs if each.number not in self.complete)

    def bare_sentences(self) -> Iterator[Span]:
        """Yield the sentences of what may state something in which no claim is proposed or taken."""
        claims = sorted((item.claim.start, item.claim.end) for item in self.items if item.act != "reject")
        starts = [start for start, _ in claims]
        ends = list(accumulate((end for _, end in claims), max))
        for start, end in _sentences(self.document):
            at = bisect_left(starts, end)
            if at == 0 or ends[at - 1] <= start:
                yield Span(self.document.text[start:end], start, end)


@lru_cache(maxsize=4)
def _sentences(document: Document) -> tuple[tuple[int, int], ...]:
    """Return the bounds of the sentences of the paragraphs that may state something."""
    return tuple(bounds for each in _stating(document) for bounds in sentences(document.text, each.start, each.end))


@lru_cache(maxsize=4)
def _stating(document: Document) -> tuple[Paragraph, ...]:
    return tuple(each for each in document.paragraphs if each.kind != "heading" and not states_nothing(each.text))


def review(document: Document, proposals: Iterable[Proposal], decisions: Iterable[Decision]) -> Review:
    """Return where the review of a document stands after some acts, in the order in which they were done."""
    logs: dict[str, list[Decision]] = defaultdict(list)
    acts = standing(decisions)
    for decision in acts:
        logs[key_of(decision)].append(decision)
    claims = {proposal.id: proposal for proposal in proposals}
    names = dict.fromkeys((*claims, *(log[0].proposal for log in logs.values() if log[0].proposal)))
    items = [item for name in names if (item := _item(claims.get(name), logs[name], document))]
    digests = {each.number: passages.digest(each.text) for each in document.paragraphs}
    spoken = {digest: (at, act) for at, act in enumerate(acts) for digest in act.paragraphs}
    written = {act.proposal: at for at, act in enumerate(acts) if act.claim}
    for at, item in enumerate(items):
        if (last := spoken.get(digests.get(item.claim.paragraph, ""))) is not None:
            items[at] = _spoken(item, last[1], is_later=last[0] > written.get(item.claim.id, -1))
    items.sort(key=lambda item: (item.claim.start, item.claim.end, item.claim.predicate, item.claim.id))
    complete = (number for number, digest in digests.items() if logs.get(_PARAGRAPH + digest))
    return Review(document, tuple(items), frozenset(complete))


def _spoken(item: Item, spoken: Decision, is_later: bool) -> Item:
    """Return an item with the speakers of its paragraph, unless it was decided on with speakers since."""
    claim = replace(item.claim, speakers=spoken.speakers) if is_later else item.claim
    return item._replace(claim=claim, spoken=spoken)


def _last(acts: Sequence[Decision], fits: Callable[[Decision], bool]) -> Decision | None:
    return next((each for each in reversed(acts) if fits(each)), None)


_PARAGRAPH, _SPEECH = "paragraph ", "speakers of "


def key_of(decision: Decision) -> str:
    """Return what a decision is on: the id of a proposal, or the texts of paragraphs, wherever these stand."""
    texts = " ".join(decision.paragraphs) or decision.paragraph_sha256
    return decision.proposal or f"{_SPEECH if decision.paragraphs else _PARAGRAPH}{texts}"


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

    def reread(self) -> None:
        """See what others have decided meanwhile."""
        self._read()

    def act(self, act: Act, item: Item, *, claim: Proposal | None = None, **more: str | None) -> None:
        """Do something with an item: `accept`, `edit` (to `claim`), `reject` (for a `reason`), `unsure` or `undo`.

        Raises `ConflictError` where somebody else has decided on it since the item was seen.
        """
        taken = claim or item.claim if act in TAKEN else None
        decision = Decision(act, _now(), self.by, proposal=item.claim.id, claim=taken, **more)  # type: ignore[arg-type]
        self._save(decision, lambda log: self._unseen(log, item))

    def add(self, claim: Proposal, gist: str | None = None) -> None:
        """Add a claim that nobody proposed."""
        decision = Decision("add", _now(), self.by, proposal=claim.id, claim=claim, gist=gist)
        self._save(decision, lambda log: _holding(log, decision, None))

    def speak(self, first: int, last: int, speakers: Sequence[Mention]) -> int:
        """Say in one act who says all that some paragraphs claim, nobody included; return how many claims these are.

        It goes for claims that were decided on before, and not for those that are decided on with speakers later.
        Raises `UsageError` where there are no such paragraphs, and `ConflictError` where somebody else has decided
        there meanwhile.
        """
        texts = [each.text for each in self.document.paragraphs if first <= each.number <= last]
        if not texts or first < 1:
            raise UsageError(f"there are no paragraphs {first} to {last}; the last is {len(self.document.paragraphs)}")
        digests = tuple(map(passages.digest, texts))
        decision = Decision("speakers", _now(), self.by, paragraph=first, paragraphs=digests, speakers=tuple(speakers))
        within = [item for item in self.review.items if first <= item.claim.paragraph <= last]

        def refuse(log: Sequence[Decision]) -> Decision | None:
            return next(filter(None, (self._unseen(log, item) for item in within)), None)

        self._save(decision, refuse)
        return len(within)

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
                undo = replace(decision, act="undo", at=_now(), claim=None, gist=None, reason=None, speakers=())
                self._save(undo, lambda log, last=decision: _holding(log, last, last))  # type: ignore[misc]
                return decision
            later.add(key)
        return None

    def _unseen(self, log: Sequence[Decision], item: Item) -> Decision | None:
        paragraph = next((each for each in self.document.paragraphs if each.number == item.claim.paragraph), None)
        return _seen(log, item, passages.digest(paragraph.text) if paragraph else "")

    def _save(self, decision: Decision, other: Callable[[list[Decision]], Decision | None]) -> None:
        """Add a decision to the log, unless it has an act there that the person has not seen: what `other` finds."""

        def refuse_conflict() -> None:
            now = other(standing(self._log.read()))
            if now is not None:
                raise ConflictError(f"{now.by or 'somebody'} has decided meanwhile: {now.act}; look at it again")

        try:
            records.append(self.paths.decisions, decision, before=refuse_conflict)
        finally:
            self._read()


def _holding(log: Sequence[Decision], decision: Decision, seen: Decision | None) -> Decision | None:
    """Return the act that holds for what a decision is on, where that is another than was seen."""
    now = _last(log, lambda each: key_of(each) == key_of(decision))
    return None if now == seen else now or Decision("undo", "", "somebody")


def _seen(log: Sequence[Decision], item: Item, paragraph: str) -> Decision | None:
    """Return the act that holds for an item or speaks in its paragraph, where that is another than was seen."""
    now = _last(log, lambda each: each.proposal == item.claim.id)
    if now != item.decision:
        return now or Decision("undo", "", "somebody")
    spoken = _last(log, lambda each: paragraph in each.paragraphs)
    return None if spoken == item.spoken else spoken or Decision("undo", "", "somebody")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
