"""What the review in a terminal asks in words: what a name stands for, and what else a claim is to say."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coopgraph.errors import UsageError
from coopgraph.rdf.printable import one_line
from coopgraph.rdf.vocab import STATUSES
from coopgraph.reading.bounds import moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coopgraph.reading.model import Document, Figure, Mention, Period, Proposal
    from coopgraph.reading.vocabulary import Vocabulary

EDITS = {
    "s": "status",
    "p": "relation",
    "x": "swap ends",
    "1": "subject",
    "2": "object",
    "w": "words",
    "t": "time",
    "f": "fields",
    "y": "said by",
}
"""The keys that change a claim, and what of it."""
MOVES = {",": (True, -1), ".": (True, 1), "<": (False, -1), ">": (False, 1)}
"""The keys that move a bound: whether it is the first, and by how many words."""


class Questions:
    """What a person answers; `say` shows a line, `key` is the next key, and nonsense raises `UsageError`."""

    def __init__(
        self, document: Document, words: Vocabulary, say: Callable[[str], None], key: Callable[[], str]
    ) -> None:
        self._document, self._words, self._say, self._key = document, words, say, key

    def ask(self, what: str) -> str:
        """Return what is answered to a question, empty where nothing is."""
        sys.stderr.write(f"  {what}: ")
        sys.stderr.flush()
        return sys.stdin.readline().strip()

    def settled(self, claim: Proposal) -> Proposal | None:
        """Return a claim all of whose names stand for a thing, having asked for those that do not; None when left."""
        for role in ("subject", "object", "occasion"):
            mention = getattr(claim, role)
            if is_open(mention):
                chosen = self._thing_of(mention)
                if chosen is None:
                    return None
                claim = replace(claim, **{role: chosen})  # type: ignore[arg-type]  # a role has a mention
        speakers = [self._thing_of(each) if is_open(each) else each for each in claim.speakers]
        return None if None in speakers else replace(claim, speakers=tuple(each for each in speakers if each))

    def _thing_of(self, mention: Mention) -> Mention | None:
        """Ask what a name stands for: one of its candidates, a thing by its name, or a new thing of a class."""
        from coopgraph.reading import lookup

        for number, candidate in enumerate(mention.candidates, 1):
            self._say(f"  {number}  {one_line(candidate.label)} ({candidate.kind})")
        default = f"new {mention.kind}" if self._words.new_kind(mention.kind) else ""
        asked = f"{one_line(mention.text)!r} is: {'a number, ' if mention.candidates else ''}a name, or `new Class`"
        answer = self.ask(f"{asked}; empty for `{default}`, - to leave it" if default else f"{asked}; empty leaves it")
        answer = answer or default
        if answer in ("", "-"):
            return None
        if answer.isdecimal() and 0 < int(answer) <= len(mention.candidates):
            candidate = mention.candidates[int(answer) - 1]
            return replace(mention, entity=candidate.entity, kind=candidate.kind)
        word, _, kind = answer.partition(" ")
        if word == "new":
            return replace(mention, entity=None, kind=lookup.new_class(kind, self._words))
        return self._linked(mention, answer)

    def _linked(self, mention: Mention, name: str) -> Mention:
        from coopgraph.reading import lookup

        iri = lookup.thing(name, self._words)
        return replace(mention, entity=iri, kind=self._words.things[iri].kind)

    def changed(self, claim: Proposal, key: str) -> Proposal:
        """Return a claim changed in the way that a key of `EDITS` names."""
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "s": lambda: {"status": self._status()},
            "p": lambda: {"predicate": self._relation()},
            "x": lambda: {"subject": claim.object, "object": claim.subject},
            "1": lambda: {"subject": self._other(claim.subject)},
            "2": lambda: {"object": self._other(claim.object)},
            "w": lambda: self._words_of(claim),
            "t": lambda: {"period": self._period()},
            "f": lambda: {"fields": tuple(self._names("fields", claim))},
            "y": lambda: {"speakers": tuple(self._names("said by", claim))},
        }
        if key == "x" and not hasattr(claim.object, "candidates"):
            raise UsageError("a figure cannot be the subject")
        return replace(claim, **answers[key]()) if key in answers else claim

    def _other(self, end: Mention | Figure) -> Mention | Figure:
        """Ask anew what an end of a claim stands for; a figure stays."""
        from coopgraph.reading.model import Mention

        if not isinstance(end, Mention):
            raise UsageError("a figure stays as the text has it; coopgraph sheet takes others")
        return self._thing_of(replace(end, entity=None)) or end

    def _status(self) -> str:
        from coopgraph.reading import lookup

        return lookup.status(self.ask(", ".join(STATUSES)), {each: each for each in STATUSES})

    def _period(self) -> Period:
        from coopgraph.reading import lookup

        return lookup.period(*(self.ask(f"{each} (2014, 2014-05 or 2014-05-01)") for each in ("from", "to")))

    def _words_of(self, claim: Proposal) -> dict[str, Any]:
        """Ask for the words of a claim: by moving their bounds, a key a word, or by typing them."""
        bounds = claim.start, claim.end
        whole = next(each for each in self._document.paragraphs if each.number == claim.paragraph)
        while True:
            self._say(f"  {one_line(self._document.text[slice(*bounds)])}")
            self._say("  , begin earlier  . begin later  < end earlier  > end later  t type them  d done")
            key = self._key()
            if key == "t":
                bounds = self._bounds(claim.paragraph)
            if key not in MOVES:
                break
            bounds = moved(self._document.text, bounds, (whole.start, whole.end), *MOVES[key])
        return {"start": bounds[0], "end": bounds[1], "quotation": self._document.text[slice(*bounds)]}

    def _relation(self) -> str:
        from coopgraph.reading import lookup

        of = lookup.relation(self.ask("relation"), self._words)
        if of.figure:
            raise UsageError(f"{of.label!r} has a figure as its object; coopgraph sheet takes figures")
        return of.iri

    def _names(self, what: str, claim: Proposal) -> Iterator[Mention]:
        """Yield things by their names, with the bounds of the claim, for the text may only mean them."""
        from coopgraph.reading.model import Mention

        for name in self.ask(f"{what}, with ; between").split(";"):
            if name.strip():
                yield self._linked(Mention(name.strip(), claim.start, claim.end, implied=True), name.strip())

    def speakers(self, paragraph: int) -> tuple[int, int, list[Mention]] | None:
        """Ask for paragraphs and for who speaks in them; None when left."""
        answer = self.ask(f"paragraphs, such as {paragraph}-{paragraph + 2}; empty for {paragraph} alone")
        first, _, last = (part.strip() for part in answer.replace("–", "-").partition("-"))
        if not all(part.isdecimal() for part in (first, last) if part):
            raise UsageError("these are no paragraphs; write numbers, such as 3-5")
        bounds = int(first or paragraph), int(last or first or paragraph)
        names = [name.strip() for name in self.ask("said by, with ; between; empty for nobody").split(";")]
        mentions = [self._speaker(name, bounds[0]) for name in names if name]
        return None if None in mentions else (*bounds, [each for each in mentions if each])

    def _speaker(self, name: str, paragraph: int) -> Mention | None:
        """Return who is named, whom the text may name somewhere else, or ask what the name stands for."""
        from coopgraph.reading.model import Mention

        text = next((each for each in self._document.paragraphs if each.number == paragraph), None)
        mention = Mention(name, text.start if text else 0, text.end if text else 0, implied=True, kind="Person")
        try:
            return self._linked(mention, name)
        except UsageError:
            return self._thing_of(mention)

    def _bounds(self, paragraph: int) -> tuple[int, int]:
        """Ask for words of a paragraph, and return where they stand."""
        from coopgraph.claims import matching

        whole = next(each for each in self._document.paragraphs if each.number == paragraph)
        words = self.ask("the words that say it")
        within = (each for each in matching.places(self._document.text, words) if words)
        places = [each for each in within if whole.start <= each[0] < whole.end]
        if len(places) != 1:
            raise UsageError("these words do not stand there once; copy them from the paragraph")
        return places[0]

    def new_claim(self, paragraph: int) -> Proposal | None:
        """Ask for a claim of a paragraph: its words, its two ends, the relation and the status; None when left."""
        from coopgraph.reading import lookup
        from coopgraph.reading.model import Proposal, proposal_id

        start, end = self._bounds(paragraph)
        subject, target = (self._end(each, start, end) for each in ("subject", "object"))
        if subject is None or target is None:
            return None
        quotation = self._document.text[start:end]
        bounds = (self._document.source, paragraph, start, end, quotation)
        predicate = self._relation()
        name = proposal_id(quotation, subject.text, predicate.rpartition("#")[2], target.text)
        claim = Proposal(name, *bounds, subject, predicate, target, "realised", ("person",))
        claim = self.changed(claim, "s")
        lookup.refuse_misfit(claim, self._words)
        return claim

    def _end(self, role: str, start: int, end: int) -> Mention | None:
        """Ask for an end of a claim: a thing by its name at once, else what the name stands for."""
        from coopgraph.claims import matching
        from coopgraph.reading.model import Mention

        name = self.ask(role)
        if not name:
            return None
        place = next(matching.places(self._document.text[start:end], name), None)
        bounds = (start + place[0], start + place[1]) if place else (start, end)
        mention = Mention(name, *bounds, implied=place is None)
        try:
            return self._linked(mention, name)
        except UsageError:
            return self._thing_of(mention)


def is_open(mention: object) -> bool:
    """Say whether a mention stands for nothing yet."""
    from coopgraph.reading.model import Mention

    return isinstance(mention, Mention) and mention.entity is None
