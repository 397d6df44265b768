"""The review of a source in a terminal: the paragraph, the claim in words, and one key for each act."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import click

from coopgraph.cli.review_questions import EDITS, Questions
from coopgraph.errors import UsageError
from coopgraph.rdf.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console
    from rich.text import Text

    from coopgraph.reading.model import Act, Mention, Proposal
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
    _Key("y", "said by", "Say in one act who says all that some paragraphs claim."),
    _Key("n", "nothing missing", "Say that this paragraph has no further claim."),
    _Key("q", "leave", "All that was decided is kept."),
    _Key("?", "help", "Explain the keys."),
)
_REASONS = {"w": "wrong relation", "e": "wrong end", "s": "not said", "d": "said already", "o": "other"}


class Face:
    """The review in a terminal: what is shown, and what a key does."""

    def __init__(self, session: Session, words: Vocabulary, console: Console, quotable: bool = False) -> None:
        self._session, self._words, self._console, self._quotable = session, words, console, quotable
        self._questions = Questions(session.document, words, self._say, _key)
        self._skipped: set[str] = set()

    def run(self) -> None:
        """Go through what is open, paragraph by paragraph, until nothing is or the person leaves."""
        while True:
            item, paragraph = self._next()
            if item is None and paragraph is None:
                self._say("Nothing is left to decide. coopgraph accept puts the claims into the graph.")
                return
            self._show(item, paragraph)
            if not self._obey(_key(), item, paragraph):
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
        if key in ("q", ""):
            return False
        acts: dict[str, Callable[[], object]] = {
            "?": self._help,
            "b": self._undo,
            "s": lambda: self._skipped.add(item.claim.id if item else f"¶{paragraph}"),
            "+": lambda: self._add(paragraph or 1),
            "y": lambda: self._speak(paragraph or 1),
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
        except UsageError as error:
            self._say(str(error))
        return True

    def _show(self, item: Item | None, paragraph: int | None) -> None:
        from rich.text import Text

        self._console.print()
        text = next(each for each in self._session.document.paragraphs if each.number == paragraph)
        shown = Text(f"¶{paragraph}  ", "dim")
        body = _marked(text.text, text.start, list(self._marks(item)))
        self._console.print(shown + body)
        if item is None:
            taken = [each.claim for each in self._session.review.taken if each.claim.paragraph == paragraph]
            for claim in taken:
                self._say(f"  has: {self._words_of(claim)}")
            self._say("Is anything missing in this paragraph?")
        else:
            lost = "  The words of this claim stand in the text no more.\n" if item.is_lost else ""
            cue = f" - {one_line(item.claim.cue.text)}" if item.claim.cue else ""
            self._console.print(Text(f"{lost}  {self._words_of(item.claim)}{cue}", "bold"))
            for detail in _details(item.claim, self._words):
                self._say(f"  {detail}")
            for name, mention in _mentions(item.claim):
                if not mention.entity:
                    self._say(f"  {name} {one_line(mention.text)!r}: {_known_as(mention)}")
        asked = [each for each in _KEYS if item is not None or each.key not in "aeru"]
        asked = [each for each in asked if item is None or each.key != "n"]
        self._console.print(Text("  ".join(f"{each.key} {each.word}" for each in asked), "dim"))

    def _marks(self, item: Item | None) -> Iterator[tuple[int, int, str]]:
        """Yield the stretches of the text that are marked: words and names of a claim, else sentences without any."""
        if item is None:
            yield from ((span.start, span.end, "dim") for span in self._session.review.bare_sentences())
            return
        yield item.claim.start, item.claim.end, "underline"
        yield from ((each.start, each.end, "bold cyan") for _, each in _mentions(item.claim))

    def _words_of(self, claim: Proposal) -> str:
        from coopgraph.reading.wording import parts

        return one_line(f"{' '.join(parts(claim, self._words))} - {claim.status}")

    def _say(self, text: str) -> None:
        from rich.text import Text

        self._console.print(Text(text))

    def _help(self) -> None:
        for each in _KEYS:
            self._say(f"  {each.key}  {each.word}: {each.sentence}")

    def _undo(self) -> None:
        from coopgraph.reading.review import key_of

        undone = self._session.undo()
        if undone is None:
            self._say("There is nothing to take back.")
        else:
            self._skipped -= {key_of(undone), f"¶{undone.paragraph}"}

    def _speak(self, paragraph: int) -> None:
        asked = self._questions.speakers(paragraph)
        if asked is None:
            self._say("  Nothing was decided.")
            return
        number = self._session.speak(*asked)
        self._say(f"  That goes for {number} claims.")

    def _leave(self, item: Item) -> None:
        self._session.act("unsure", item)
        self._skipped.add(item.claim.id)

    def _accept(self, item: Item) -> None:
        self._take(item, item.claim, None)

    def _take(self, item: Item, claim: Proposal, gist: str | None) -> None:
        """Accept a claim, as an edit where it is another than the item's, once all its names stand for something."""
        from coopgraph.reading.lookup import refuse_misfit

        settled = self._questions.settled(claim)
        if settled is None:
            self._say("  Nothing was decided.")
            return
        refuse_misfit(settled, self._words)
        act: Act = "accept" if settled == item.claim and gist is None else "edit"
        self._session.act(act, item, claim=settled, gist=gist)

    def _edit(self, item: Item) -> None:
        claim, gist = item.claim, None
        keys = "  ".join(f"{key} {what}" for key, what in EDITS.items())
        while True:
            self._say(f"  {self._words_of(claim)}")
            self._say(f"  {keys}  g gist  d done  c cancel")
            key = _key()
            if key in ("c", "\x1b", ""):
                self._say("  Nothing was decided.")
                return
            if key in ("d", "\r", "\n"):
                break
            try:
                if key == "g":
                    gist = self._gist(claim)
                else:
                    claim = self._questions.changed(claim, key)
            except UsageError as error:
                self._say(f"  {error}")
        self._take(item, claim, gist)

    def _gist(self, claim: Proposal) -> str | None:
        from coopgraph.reading.wording import refuse_copy

        gist = self._questions.ask("the gist, in words of your own") or None
        if gist and not self._quotable:
            refuse_copy(gist, claim.quotation, claim.paragraph)
        return gist

    def _reject(self, item: Item) -> None:
        self._say("  why?  " + "  ".join(f"{key} {reason}" for key, reason in _REASONS.items()))
        reason = _REASONS.get(_key())
        if reason is None:
            self._say("  That is no reason; nothing was decided.")
            return
        self._session.act("reject", item, reason=reason)

    def _add(self, paragraph: int) -> None:
        claim = self._questions.new_claim(paragraph)
        if claim is None:
            self._say("  Nothing was added.")
        else:
            self._session.add(claim)


def _key() -> str:
    """Return the key that is pressed, empty where the input ends; of several at once none: nobody saw what they do."""
    try:
        key = click.getchar()
    except EOFError:
        return ""
    return key if len(key) == 1 else "\x00"


def _marked(text: str, at: int, marks: Sequence[tuple[int, int, str]]) -> Text:
    """Return a paragraph, which begins at a position, with stretches in their styles."""
    from rich.text import Text

    from coopgraph.rdf.printable import visible

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


def _known_as(mention: Mention) -> str:
    if mention.candidates:
        names = ", ".join(f"{one_line(each.label)} ({each.kind})" for each in mention.candidates[:_SHOWN])
        return f"may be {names}"
    return f"a new {mention.kind}" if mention.kind else "nobody knows it yet"
