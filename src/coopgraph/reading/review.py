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
from coopgraph.reading import records
from coopgraph.reading.model import Decision, Document, Proposal, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from coopgraph.claims.workspace import Workspace

TAKEN = ("accept", "edit", "add")
"""The acts by which a claim is to be part of the graph."""


class Item(NamedTuple):
    """A proposal as it stands now, as it was proposed, edited or added, and the act that holds for it, if any.

    `is_lost` says that the words of a claim that was taken stand in the text no more.
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
    acts: dict[str | int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        key = _key(decision)
        if decision.act == "undo":
            del acts[key][-1:]
        else:
            acts[key].append(decision)
    claims = {proposal.id: proposal for proposal in proposals}
    items = []
    for name in dict.fromkeys((*claims, *(key for key in acts if isinstance(key, str)))):
        last = acts[name][-1] if acts[name] else None
        if item := _item(claims.get(name), last, document):
            items.append(item)
    items.sort(key=lambda item: (item.claim.start, item.claim.end, item.claim.predicate, item.claim.id))
    return Review(document, tuple(items), frozenset(_complete(document, acts)))


def _key(decision: Decision) -> str | int:
    return decision.proposal if decision.proposal is not None else decision.paragraph or 0


def _item(proposal: Proposal | None, decision: Decision | None, document: Document) -> Item | None:
    """Return a proposal with what was decided on it, None where it is proposed no more and was not taken."""
    if decision is None or decision.act not in TAKEN:
        return Item(proposal, decision.act if decision else "", decision) if proposal else None
    claim = decision.claim or proposal
    if claim is None:
        return None
    found = relocated(claim, document.text)
    return Item(found or claim, decision.act, decision, is_lost=found is None)


def _complete(document: Document, acts: dict[str | int, list[Decision]]) -> Iterator[int]:
    """Yield the paragraphs that a person has called complete, as long as they read as they did."""
    digests = {last.paragraph_sha256 for key, log in acts.items() if isinstance(key, int) for last in log[-1:]}
    for paragraph in document.paragraphs:
        if passages.digest(paragraph.text) in digests:
            yield paragraph.number


def relocated(claim: Proposal, text: str) -> Proposal | None:
    """Return a claim with the places that its words have in a text, None where that is not one place."""
    if text[claim.start : claim.end] == claim.quotation:
        return claim
    places = list(matching.places(text, claim.quotation))
    if len(places) != 1:
        return None
    ((start, end),) = places
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


class ConflictError(Exception):
    """Somebody else has decided on the same thing meanwhile."""


class Session:
    """A person who reviews a source: each act is on the disk when its method returns, and others' acts are seen."""

    def __init__(self, workspace: Workspace, source: str, by: str | None = None) -> None:
        self.workspace, self.source = workspace, source
        self.by = _user() if by is None else by
        self._paths = records.paths(workspace, source)
        self.document = records.load(workspace, source)
        self.review = self._read()

    def _read(self) -> Review:
        self._decisions = records.read(Decision, self._paths.decisions)
        return review(self.document, records.read(Proposal, self._paths.proposals), self._decisions)

    def act(self, act: str, item: Item, **more: Any) -> None:
        """Do something with an item: `accept`, `edit` (to `claim`), `reject` (for a `reason`), `unsure` or `undo`.

        Raises `ConflictError` where somebody else has decided on it since it was read.
        """
        claim = more.pop("claim", item.claim if act in TAKEN else None)
        self._save(Decision(act, _now(), self.by, proposal=item.claim.id, claim=claim, **more))

    def add(self, claim: Proposal, gist: str | None = None) -> None:
        """Add a claim that nobody proposed."""
        self._save(Decision("add", _now(), self.by, proposal=claim.id, claim=claim, gist=gist))

    def complete(self, paragraph: int, *, undo: bool = False) -> None:
        """Say that nothing is missing in a paragraph, or take that back."""
        text = next(each.text for each in self.document.paragraphs if each.number == paragraph)
        act = "undo" if undo else "complete"
        self._save(Decision(act, _now(), self.by, paragraph=paragraph, paragraph_sha256=passages.digest(text)))

    def undo(self) -> bool:
        """Take back the last act of this person that still holds; False where there is none."""
        for decision in reversed(self._open_acts()):
            if decision.by == self.by:
                again = Decision("undo", _now(), self.by, proposal=decision.proposal, paragraph=decision.paragraph)
                self._save(again)
                return True
        return False

    def _open_acts(self) -> list[Decision]:
        """Return the acts that were not taken back, in their order."""
        acts: list[Decision] = []
        for decision in self._decisions:
            if decision.act != "undo":
                acts.append(decision)
                continue
            last = next((n for n in range(len(acts) - 1, -1, -1) if _key(acts[n]) == _key(decision)), None)
            if last is not None:
                del acts[last]
        return acts

    def _save(self, decision: Decision) -> None:
        known, log = len(self._decisions), records.read(Decision, self._paths.decisions)
        others = [each for each in log[known:] if each.by != self.by and _key(each) == _key(decision)]
        if others:
            self.review = self._read()
            last = others[-1]
            raise ConflictError(f"{last.by or 'somebody'} has decided meanwhile: {last.act}; look at it again")
        records.append(self._paths.decisions, decision)
        self.review = self._read()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
