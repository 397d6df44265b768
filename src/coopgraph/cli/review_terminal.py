"""The review of a source in a terminal: the paragraph, the claim in words, and one key for each act."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import click

from coopgraph.errors import UsageError, near
from coopgraph.rdf.printable import one_line
from coopgraph.rdf.vocab import STATUSES, local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from coopgraph.reading.model import Mention, Proposal
    from coopgraph.reading.review import Item, Session
    from coopgraph.reading.vocabulary import Vocabulary

_SHOWN = 5


class _Key(NamedTuple):
    """A key, what it does in a word, and in a sentence."""

    key: str
    word: str
    sentence: str


_KEYS = (
    _Key("a", "accept", "The text says this."),
    _Key("e", "edit", "It says something near: change status, relation, ends, time or gist, and accept that."),
    _Key("r", "reject", "It does not say this; a second key says why."),
    _Key("u", "unsure", "Ask again later."),
    _Key("s", "skip", "Leave it open and go on."),
    _Key("b", "undo", "Take back what you did last."),
    _Key("+", "add", "Add a claim of this paragraph that nobody proposed."),
    _Key("n", "nothing missing", "Say that this paragraph has no further claim."),
    _Key("q", "leave", "All that was decided is kept."),
    _Key("?", "help", "Explain the keys."),
)
_REASONS = {"w": "wrong relation", "e": "wrong end", "s": "not said", "d": "said already", "o": "other"}


class Face:
    """The review in a terminal: what is shown, and what a key does."""

    def __init__(self, session: Session, words: Vocabulary, console: Console) -> None:
        self._session, self._words, self._console = session, words, console
        self._skipped: set[str] = set()

    def run(self) -> None:
        """Go through what is open, paragraph by paragraph, until nothing is or the person leaves."""
        while True:
            item, paragraph = self._next()
            if item is None and paragraph is None:
                self._say("Nothing is left to decide. coopgraph accept puts the claims into the graph.")
                return
            self._show(item, paragraph)
            if not self._obey(click.getchar(), item, paragraph):
                return

    def _next(self) -> tuple[Item | None, int | None]:
        """Return the next open item with its paragraph, or a paragraph that nobody has called complete."""
        review = self._session.review
        waiting = [item for item in review.open if item.claim.id not in self._skipped]
        left = [number for number in review.incomplete if f"¶{number}" not in self._skipped]
        item = waiting[0] if waiting else None
        if left and (item is None or left[0] < item.claim.paragraph):
            return None, left[0]
        return item, item.claim.paragraph if item else None

    def _obey(self, key: str, item: Item | None, paragraph: int | None) -> bool:
        """Do what a key asks for; False where the person leaves."""
        from coopgraph.reading.review import ConflictError

        if key in ("q", "\x03", "\x04"):
            return False
        acts: dict[str, Callable[[], object]] = {
            "?": self._help,
            "b": self._undo,
            "s": lambda: self._skipped.add(item.claim.id if item else f"¶{paragraph}"),
            "+": lambda: self._add(paragraph or 1),
        }
        if item is None:
            acts["n"] = lambda: self._session.complete(paragraph or 1)
        else:
            acts |= {
                "a": lambda: self._accept(item),
                "e": lambda: self._edit(item),
                "r": lambda: self._reject(item),
                "u": lambda: self._leave(item),
            }
        try:
            acts.get(key, self._help)()
        except (ConflictError, UsageError) as error:
            self._say(str(error))
        return True

    def _show(self, item: Item | None, paragraph: int | None) -> None:
        from rich.text import Text

        self._console.print()
        text = next(each for each in self._session.document.paragraphs if each.number == paragraph)
        shown = Text(f"¶{paragraph}  ", "dim")
        body = Text(one_line(text.text)) if item is None else _marked(text.text, text.start, item.claim)
        self._console.print(shown + body)
        if item is None:
            taken = [each.claim for each in self._session.review.taken if each.claim.paragraph == paragraph]
            for claim in taken:
                self._say(f"  has: {self._words_of(claim)}")
            self._say("Is anything missing in this paragraph?")
        else:
            lost = "  The words of this claim stand in the text no more.\n" if item.is_lost else ""
            cue = f" - {one_line(item.claim.cue.text)}" if item.claim.cue else ""
            self._console.print(Text(f"{lost}  {self._words_of(item.claim)} - {item.claim.status}{cue}", "bold"))
            for detail in _details(item.claim, self._words):
                self._say(f"  {detail}")
            for name, mention in _mentions(item.claim):
                if not mention.entity:
                    self._say(f"  {name} {one_line(mention.text)!r}: {_known_as(mention)}")
        asked = [each for each in _KEYS if item is not None or each.key not in "aeru"]
        asked = [each for each in asked if item is None or each.key != "n"]
        self._console.print(Text("  ".join(f"{each.key} {each.word}" for each in asked), "dim"))

    def _words_of(self, claim: Proposal) -> str:
        from coopgraph.reading.wording import in_words

        return one_line(in_words(claim, self._words))

    def _say(self, text: str) -> None:
        from rich.text import Text

        self._console.print(Text(text))

    def _help(self) -> None:
        for each in _KEYS:
            self._say(f"  {each.key}  {each.word}: {each.sentence}")

    def _undo(self) -> None:
        if not self._session.undo():
            self._say("There is nothing to take back.")

    def _leave(self, item: Item) -> None:
        self._session.act("unsure", item)
        self._skipped.add(item.claim.id)

    def _accept(self, item: Item) -> None:
        claim = self._settled(item.claim)
        if claim is not None:
            self._session.act("accept" if claim == item.claim else "edit", item, claim=claim)

    def _settled(self, claim: Proposal) -> Proposal | None:
        """Return a claim all of whose names stand for a thing, having asked for those that do not; None when left."""
        for role in ("subject", "object", "occasion"):
            mention = getattr(claim, role)
            if _is_open(mention):
                chosen = self._choose(mention)
                if chosen is None:
                    return None
                claim = _with_end(claim, role, chosen)
        speakers = [self._choose(each) if _is_open(each) else each for each in claim.speakers]
        return None if None in speakers else replace(claim, speakers=tuple(each for each in speakers if each))

    def _choose(self, mention: Mention) -> Mention | None:
        """Ask what a name stands for: one of its candidates, a thing by its name, or a new thing of a class."""
        for number, candidate in enumerate(mention.candidates, 1):
            self._say(f"  {number}  {one_line(candidate.label)} ({candidate.kind})")
        default = f"new {mention.kind}" if self._words.new_kind(mention.kind) else ""
        asked = f"{one_line(mention.text)!r} is: a number, a name, or `new Class`"
        answer = self._ask(f"{asked}; empty for `{default}`, - to leave it" if default else f"{asked}; empty leaves it")
        answer = answer or default
        if answer in ("", "-"):
            return None
        if answer.isdecimal() and 0 < int(answer) <= len(mention.candidates):
            return replace(mention, entity=mention.candidates[int(answer) - 1].entity)
        word, _, kind = answer.partition(" ")
        if word == "new":
            return replace(mention, entity=None, kind=self._class(kind))
        return replace(mention, entity=self._thing(answer))

    def _class(self, name: str) -> str:
        classes = [each for each in self._words.supers if self._words.new_kind(each)]
        chosen = next((each for each in classes if each.casefold() == name.strip().casefold()), None)
        if chosen is None:
            raise UsageError(
                f"no class is called {name!r}{near(name, classes) or '; there are ' + ', '.join(sorted(classes))}"
            )
        return chosen

    def _thing(self, name: str) -> str:
        things = self._words.things.items()
        found = [iri for iri, each in things if name in (local_name(iri), *each.labels.values(), *each.alt_labels)]
        if len(found) != 1:
            names = [label for _, each in things for label in each.labels.values()]
            raise UsageError(
                f"{'no thing is' if not found else 'several things are'} called {name!r}{near(name, names)}"
            )
        return found[0]

    def _edit(self, item: Item) -> None:
        claim, gist = item.claim, None
        self._say("  s status  p relation  x swap ends  1 subject  2 object  t time  g gist  d done  c cancel")
        while (key := click.getchar()) not in ("d", "\r", "\n"):
            if key in ("c", "\x1b"):
                return
            if key == "g":
                gist = self._ask("the gist, in words of your own") or None
            else:
                claim = self._changed(claim, key)
            self._say(f"  {self._words_of(claim)} - {claim.status}")
        settled = self._settled(claim)
        if settled is not None:
            self._session.act("edit", item, claim=settled, gist=gist)

    def _changed(self, claim: Proposal, key: str) -> Proposal:
        """Return a claim changed in the way that a key names."""
        from coopgraph.reading.model import Mention, Period

        if key == "s":
            return replace(claim, status=self._one_of("status", STATUSES))
        if key == "p":
            names = {each.label: each.iri for each in self._words.properties.values() if not each.figure}
            names |= {name: each.iri for name, each in self._words.properties.items()}
            return replace(claim, predicate=names[self._one_of("relation", tuple(names))])
        if key == "x" and isinstance(claim.object, Mention):
            return replace(claim, subject=claim.object, object=claim.subject)
        role = {"1": "subject", "2": "object"}.get(key)
        if role and isinstance(mention := getattr(claim, role), Mention):
            chosen = self._choose(replace(mention, entity=None))
            return _with_end(claim, role, chosen) if chosen else claim
        if key == "t":
            first, last = (self._date(each) for each in ("from", "to"))
            return replace(claim, period=Period(*first, *last))
        return claim

    def _date(self, which: str) -> tuple[str | None, str | None]:
        answer = self._ask(f"{which}: 2014, 2014-05 or 2014-05-01; empty for none")
        if not answer:
            return None, None
        from coopgraph.reading.dates import written_date

        date = written_date(answer)
        if date is None or date.words != answer:
            raise UsageError(f"{answer!r} is no date; write 2014, 2014-05 or 2014-05-01")
        return date.day, date.precision

    def _one_of(self, noun: str, names: tuple[str, ...]) -> str:
        answer = self._ask(noun)
        chosen = [name for name in names if name.casefold() == answer.casefold()]
        chosen = chosen or [name for name in names if answer and name.casefold().startswith(answer.casefold())]
        if len(set(chosen)) != 1:
            raise UsageError(f"no {noun} is called {answer!r}{near(answer, names) or ''}")
        return chosen[0]

    def _ask(self, what: str) -> str:
        self._console.print(f"  {what}: ", end="", markup=False)
        return sys.stdin.readline().strip()

    def _reject(self, item: Item) -> None:
        self._say("  why?  " + "  ".join(f"{key} {reason}" for key, reason in _REASONS.items()))
        reason = _REASONS.get(click.getchar())
        if reason is None:
            self._say("  That is no reason; nothing was decided.")
            return
        self._session.act("reject", item, reason=reason)

    def _add(self, paragraph: int) -> None:
        """Ask for a claim of a paragraph: its words, its two ends, the relation and the status."""
        from coopgraph.claims import matching
        from coopgraph.reading.model import Mention, Proposal, proposal_id

        text = self._session.document.text
        whole = next(each for each in self._session.document.paragraphs if each.number == paragraph)
        words = self._ask("the words that say it")
        places = [each for each in matching.places(text, words) if whole.start <= each[0] < whole.end] if words else []
        if len(places) != 1:
            raise UsageError("these words do not stand there once; copy them from the paragraph")
        ((start, end),) = places
        subject, target = (self._choose(Mention(self._ask(f"{each}"), start, end)) for each in ("subject", "object"))
        if subject is None or target is None:
            return
        bounds = (self._session.source, paragraph, start, end, text[start:end])
        empty = Proposal("", *bounds, subject, "", target, "realised", ("person",))
        claim = self._changed(self._changed(empty, "p"), "s")
        name = proposal_id(claim.quotation, subject.text, claim.predicate, target.text)
        self._session.add(replace(claim, id=name))


def _marked(text: str, at: int, claim: Proposal) -> object:
    """Return a paragraph with the quotation of a claim marked and its names coloured."""
    from rich.text import Text

    from coopgraph.rdf.printable import visible

    marks = [
        (claim.start, claim.end, "underline"),
        *((each.start, each.end, "bold cyan") for _, each in _mentions(claim)),
    ]
    edges = sorted({at, at + len(text), *(edge for start, end, _ in marks for edge in (start, end))})
    shown = Text()
    for start, end in pairwise(edges):
        if at <= start < at + len(text):
            styles = " ".join(style for first, last, style in marks if first <= start and end <= last)
            shown.append(visible(text[start - at : end - at]), styles or None)
    return shown


def _details(claim: Proposal, words: Vocabulary) -> Iterator[str]:
    """Yield what a claim says beside its two ends: time, fields, speakers, occasion."""
    from coopgraph.claims import dates
    from coopgraph.reading.wording import label

    period = claim.period
    if period.valid_from:
        yield f"from {dates.in_words(period.valid_from, period.valid_from_precision)}"
    if period.valid_to:
        yield f"to {dates.in_words(period.valid_to, period.valid_to_precision)}"
    for what, mentions in (("in", claim.fields), ("said by", claim.speakers), ("at", filter(None, [claim.occasion]))):
        names = ", ".join(one_line(label(each, words)) for each in mentions)
        if names:
            yield f"{what} {names}"


def _mentions(claim: Proposal) -> list[tuple[str, Mention]]:
    from coopgraph.reading.model import Mention

    listed = [("subject", claim.subject), ("object", claim.object), ("occasion", claim.occasion)]
    listed += [("speaker", each) for each in claim.speakers]
    return [(name, each) for name, each in listed if isinstance(each, Mention)]


def _with_end(claim: Proposal, role: str, mention: Mention) -> Proposal:
    """Return a claim in which the mention in a role, `subject`, `object` or `occasion`, is another."""
    if role == "subject":
        return replace(claim, subject=mention)
    return replace(claim, object=mention) if role == "object" else replace(claim, occasion=mention)


def _is_open(mention: object) -> bool:
    from coopgraph.reading.model import Mention

    return isinstance(mention, Mention) and mention.entity is None


def _known_as(mention: Mention) -> str:
    if mention.candidates:
        names = ", ".join(f"{one_line(each.label)} ({each.kind})" for each in mention.candidates[:_SHOWN])
        return f"may be {names}"
    return f"a new {mention.kind}" if mention.kind else "nobody knows it yet"
