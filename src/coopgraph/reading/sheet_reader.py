"""One row of a sheet, or a form that has the same fields, read as what it decides; each cell is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from coopgraph.claims import matching, passages
from coopgraph.errors import UsageError, short
from coopgraph.rdf.vocab import STANDARD
from coopgraph.reading import lookup, qualifiers
from coopgraph.reading.figures import number_in
from coopgraph.reading.model import Figure, Mention, Period, Proposal, Qualifier, proposal_id
from coopgraph.reading.sheet_rows import COLUMNS, row_of
from coopgraph.reading.wording import refuse_copy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgraph.reading.model import Act
    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.sheet_files import Cell
    from coopgraph.reading.vocabulary import Property, Vocabulary

_LISTS = ("fields", "said by", "said at")
_PERIOD = ("from", "to")
_OF_FIGURE = ("value", "unit", "from", "as of", "share of")
DAYS = (*_PERIOD, *qualifiers.DAYS)
"""The columns in which a date is no mistake of a spreadsheet."""
_DECISIONS = ("accept", "reject", "unsure")


class Fault(NamedTuple):
    """What is wrong in a sheet: its cell, and what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


T = TypeVar("T")
Decided = tuple["Act", Proposal, "str | None", "str | None"]
"""An act on a claim, with its reason and its gist."""


@dataclass(slots=True)
class Context:
    """What rows are read against: a review, the names of things, and the statuses by all their names.

    Where the claims `stand` in a graph file, a row that is changed needs no decision, reject takes a claim out, and a
    quotation is one of several passages in each of its lines; `requoted` are the ids of those with other passages.
    `bounds` may say exactly where the quotation of the row stands.
    """

    review: Review
    words: Vocabulary
    statuses: Mapping[str, str]
    quotable: bool = False
    stand: bool = False
    bounds: tuple[int, int] | None = None
    items: dict[str, Item] = field(init=False)
    requoted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.items = {item.claim.id: item for item in self.review.items}


class RowReader:
    """One row, whose cells are looked up; what is wrong is noted with the cell, and the others are looked at too."""

    def __init__(self, context: Context, row: Mapping[str, Cell]) -> None:
        self._context, self._cells, self.faults = context, row, list[Fault]()
        self._words, self._text = context.words, context.review.document.text
        name = self._cell("id")
        self._item = context.items.get(name)
        self._former = row_of(self._item, self._words) if self._item else dict.fromkeys(COLUMNS, "")
        if self._item and isinstance(self._item.claim.object, Figure) and "as of" not in row:
            self._former["from"] = self._former["as of"]
        if name and self._item is None:
            self._fault("id", f"no claim has the id {short(name)!r}; leave the cell empty for a claim of yours")

    def _cell(self, column: str) -> str:
        cell = self._cells.get(column)
        return cell.text if cell else ""

    def _fault(self, column: str, message: str) -> None:
        cell = self._cells.get(column) or next(iter(self._cells.values()))
        self.faults.append(Fault(cell.place, message))

    def _is_changed(self, column: str) -> bool:
        if column == "quotation" and self._item and self._context.bounds:
            return self._context.bounds != (self._item.claim.start, self._item.claim.end)
        return column in self._cells and not matching.same(self._cell(column), self._former[column])

    def decided(self) -> list[Decided]:
        """Return what a row decides, nothing where that is not new."""
        word, _, reason = (part.strip() for part in self._cell("decision").partition(":"))
        changed = [name for name in COLUMNS if name not in ("id", "decision") and self._is_changed(name)]
        if self.faults:
            return []
        if self._context.stand:
            word = word or "accept"
        elif not word:
            if changed:
                self._fault(
                    "decision", f"the row is changed ({', '.join(changed)}) and not decided; write accept or reject"
                )
            return []
        decisions = _DECISIONS[:2] if self._context.stand else _DECISIONS
        if word.casefold() not in decisions:
            self._fault("decision", f"no decision is called {short(word)!r}; write {', '.join(decisions)} or nothing")
            return []
        if not changed and (word.casefold() == "accept" if self._context.stand else self._is_decided()):
            return []
        return self._acts(word.casefold(), reason or None, bool(changed))

    def _is_decided(self) -> bool:
        return self._former["decision"] == self._cell("decision")

    def _acts(self, word: str, reason: str | None, is_changed: bool) -> list[Decided]:
        if word != "accept":
            if self._item is None:
                self._fault("decision", "only what is proposed can be decided so; accept the row, or take it out")
                return []
            return [("reject" if word == "reject" else "unsure", self._item.claim, reason, None)]
        claims = self._claims()
        act: Act = "add" if self._item is None else "edit" if is_changed else "accept"
        decided: list[Decided] = [(act, claim, None, self._gist(claim)) for claim in claims]
        return [] if self.faults else decided

    def _gist(self, claim: Proposal) -> str | None:
        gist = self._cell("gist")
        if gist and not self._context.quotable and not (self._context.stand and not self._is_changed("gist")):
            self._try("gist", lambda: refuse_copy(gist, claim.quotation, claim.paragraph))
        return gist or None

    def _try(self, column: str, look_up: Callable[[], T]) -> T | None:
        """Return what a cell means, None where it is at fault."""
        try:
            return look_up()
        except UsageError as error:
            self._fault(column, str(error))
            return None

    def _claims(self) -> list[Proposal]:
        """Return the claim that a row states, for each of its passages; none where a cell is at fault."""
        bounds = self._bounds()
        claim = self._claim(*bounds[0]) if bounds else None
        return [_at(claim, start, end, self._text) for start, end in bounds] if claim else []

    def _claim(self, start: int, end: int) -> Proposal | None:
        """Return the claim that a row states, what is unchanged as it was; None where a cell is at fault."""
        of = self._try("predicate", lambda: lookup.relation(self._cell("predicate"), self._words))
        status = self._try("status", lambda: lookup.status(self._cell("status"), self._context.statuses))
        subject = self._mention("subject", start, end)
        is_figure = of is not None and of.figure
        more = self._qualifiers(start, end)
        target = self._figure(start, end, of, more) if of and of.figure else self._mention("object", start, end)
        period = self._try("from", lambda: self._period(is_figure))
        fields, speakers, occasions = (tuple(self._mentions(each, start, end)) for each in _LISTS)
        if self.faults or not (of and status and subject and target and period):
            return None
        quotation = self._text[start:end]
        former = self._item.claim if self._item else None
        own = tuple(each for each in more if not (is_figure and each.name in qualifiers.OF_FIGURES))
        for column, message in qualifiers.misfits(more, is_figure):
            self._fault(column, message)
        says = "\n".join((target.text, *qualifiers.says(more)))
        claim = Proposal(
            former.id if former else proposal_id(quotation, subject.text, of.name, says),
            self._context.review.document.source, passages.paragraph_at(self._text, start), start, end, quotation,
            subject, of.iri, target, status, former.proposed_by if former else ("person",),
            former.cue if former else None, fields, speakers, next(iter(occasions), None), period, own,
        )  # fmt: skip
        self._try("object", lambda: lookup.refuse_misfit(claim, self._words))
        return claim

    def _qualifiers(self, start: int, end: int) -> list[Qualifier]:
        """Return what else a row says, of each column that is unchanged what was said before."""
        former = qualifiers.of(self._item.claim) if self._item else ()
        listed: list[Qualifier] = []
        for kind in qualifiers.KINDS:
            if self._is_changed(kind.column):
                read = partial(qualifiers.read, kind, self._cell(kind.column), self._words, start, end)
                listed += self._try(kind.column, read) or ()
            else:
                listed += (each for each in former if each.name == kind.property)
        return listed

    def _period(self, is_figure: bool) -> Period:
        if self._item and not any(map(self._is_changed, _PERIOD)):
            return self._item.claim.period
        return lookup.period("" if is_figure else self._cell("from"), self._cell("to"))

    def _bounds(self) -> list[tuple[int, int]]:
        """Return where the quotation stands: where that is said, as it was, or where it stands once."""
        if self._context.bounds:
            return [self._context.bounds]
        if self._item and not self._item.is_lost and not self._is_changed("quotation"):
            return [(self._item.claim.start, self._item.claim.end)]
        cell = self._cell("quotation")
        if self._item:
            self._context.requoted.add(self._item.claim.id)
        lines = cell.splitlines() if self._context.stand and cell else [cell]
        numbers = re.findall(r"\d+", self._cell("paragraph"))
        numbers = numbers if len(numbers) == len(lines) else [""] * len(lines)
        places = [self._place(*each) for each in zip(lines, numbers, strict=True)]
        return [each for each in places if each] if all(places) else []

    def _place(self, quotation: str, number: str) -> tuple[int, int] | None:
        """Return where words stand: once, or once in the paragraph that is given."""
        places = list(matching.places(self._text, passages.normalise(quotation)))
        if len(places) > 1 and number:
            places = [each for each in places if str(passages.paragraph_at(self._text, each[0])) == number]
        if len(places) != 1:
            what = (
                "stands in several places; give the paragraph" if places else "is not in the text; copy it from there"
            )
            self._fault("quotation", f"the quotation {short(quotation)!r} {what}")
            return None
        return places[0]

    def _mentions(self, column: str, start: int, end: int) -> Iterator[Mention]:
        if not self._is_changed(column) and self._item:
            claim = self._item.claim
            listed = {"fields": claim.fields, "said by": claim.speakers, "said at": (claim.occasion,)}[column]
            if all(each is None or each.entity for each in listed):
                yield from (each for each in listed if each)
                return
        for name in self._cell(column).split(";"):
            if name.strip():
                mention = self._looked_up(column, name.strip(), start, end)
                if mention:
                    yield mention

    def _mention(self, column: str, start: int, end: int) -> Mention | None:
        name = self._cell(column)
        former = getattr(self._item.claim, column) if self._item and not self._is_changed(column) else None
        if isinstance(former, Mention) and former.entity:
            return former
        if not name:
            self._fault(column, f"there is no {column}")
            return None
        mention = self._looked_up(column, name, start, end)
        if mention and isinstance(former, Mention):  # a new thing, as it was proposed
            return replace(former, entity=mention.entity, kind=mention.kind)
        return mention

    def _looked_up(self, column: str, name: str, start: int, end: int) -> Mention | None:
        """Return the mention of a thing, or of a new one written as `Name (new Class)`."""
        new = lookup.NEW.fullmatch(name)
        text = new["name"] if new else name
        place = next(matching.places(self._text[start:end], passages.normalise(text)), None)
        bounds = (start + place[0], start + place[1]) if place else (start, end)
        mention = Mention(text, *bounds, implied=place is None)
        if new:
            kind = self._try(column, lambda: lookup.new_class(new["kind"], self._words))
            return replace(mention, kind=kind) if kind else None
        iri = self._try(column, lambda: lookup.thing(name, self._words, column != "fields"))
        return replace(mention, entity=iri, kind=self._words.things[iri].kind) if iri else None

    def _figure(self, start: int, end: int, of: Property, more: Sequence[Qualifier]) -> Figure | None:
        """Return a figure whose words stand in the quotation, with the number and the unit that the row gives."""
        words = self._cell("object")
        former = self._item.claim.object if self._item and not self._is_changed("object") else None
        if isinstance(former, Figure) and not any(map(self._is_changed, _OF_FIGURE)):
            return former
        place = next(matching.places(self._text[start:end], passages.normalise(words)), None) if words else None
        if self._context.stand and isinstance(former, Figure):
            place = place or (0, 0)
        number = number_in(words, of.name)
        value = self._cell("value") or (number.value if number else "")
        if place is None:
            self._fault("object", f"the quotation has no figure {short(words)!r}; copy it from there")
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
            self._fault("value", f"{short(value)!r} is no number; write digits, such as 42290000 or 12.5")
        as_of = self._try("from", lambda: self._as_of(more))
        if self.faults or place is None or as_of is None:
            return None
        unit = self._cell("unit")
        iri = (unit if "/" in unit else STANDARD["unit"] + unit) if unit else (number.unit if number else None)
        whole = next((each.thing for each in more if each.name == "shareOf"), None)
        return Figure(words, start + place[0], start + place[1], value, iri, *as_of, whole)

    def _as_of(self, more: Sequence[Qualifier]) -> tuple[str | None, str | None]:
        """Return the date of a figure, which may stand under `from` too."""
        if self._is_changed("from") and self._is_changed("as of") and self._cell("from"):
            raise UsageError("a figure has one date; write it under 'as of', and nothing here")
        if self._is_changed("from"):
            return lookup.day(self._cell("from"))
        return next(((each.value, each.precision) for each in more if each.name == "asOf"), (None, None))


def _at(claim: Proposal, start: int, end: int, text: str) -> Proposal:
    """Return a claim as another passage states it."""
    if claim.start == start and claim.end == end:
        return claim
    return replace(claim, start=start, end=end, quotation=text[start:end], paragraph=passages.paragraph_at(text, start))
