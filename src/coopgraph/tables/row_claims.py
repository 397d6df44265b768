"""One row of a table as a passage and the claims that it makes, in triples; or why it makes none."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph.claims import passages
from coopgraph.errors import short
from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, Triple, expand, value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE, coop, local_name
from coopgraph.reading import literals
from coopgraph.tables import values
from coopgraph.tables.mapping import columns_of, filled, listed
from coopgraph.tables.slugs import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgraph.rdf.terms import Term
    from coopgraph.tables.naming import Name, Namer
    from coopgraph.tables.plan import ClaimPlan, Plan

_OA, _PROV, _DCTERMS = (STANDARD[name] for name in ("oa", "prov", "dcterms"))
_PERCENT = f"{STANDARD['unit']}PERCENT"
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_AFTER_ADDRESS = ".,;:)]}'"
_DAYS = {"valid_from": "validFrom", "valid_to": "validTo", "due_by": "dueBy", "as_of": "asOf"}
_OF_ONE = ("shareOf", "counterpart")
"""What a claim names one of at most."""
_LAST_OF = ("due_by", "as_of")
"""Dates that mean the last day of a month or year that is not told more exactly."""


Once: TypeAlias = tuple[str, str, str, str]
"""What is claimed once however many rows say it: relation, status, subject and object."""


class Fault(NamedTuple):
    """What is wrong with a row, the column and what its cell says, if it is one cell; or with something at a place."""

    row: int
    column: str
    cell: str
    message: str
    place: str = ""


class End(NamedTuple):
    """What stands at an end of a claim: an IRI, and how the row calls it."""

    iri: str
    text: str
    name: Name | None = None


class Placed(NamedTuple):
    """A row with its place in the text: its number, cells by column, bounds, paragraph and identifier."""

    number: int
    cells: Mapping[str, str]
    start: int
    end: int
    paragraph: int
    line: str
    key: str


@dataclass(slots=True)
class RowReader:
    """Reads rows by a plan; `links` has the thing (IRI) of each name, `renamed` those that the graph calls otherwise.

    `first` has, for claims that are made once, the row and the claim of the mapping that make each.
    """

    plan: Plan
    namers: Mapping[str, Namer]
    links: Mapping[Name, str]
    renamed: frozenset[Name]
    first: Mapping[Once, tuple[int, str]]
    faults: list[Fault] = field(default_factory=list)

    def triples(self, row: Placed) -> list[Triple]:
        """Return what a row says; nothing where it makes no claim, or where `faults` say why it cannot be read."""
        before = len(self.faults)
        passage = self._iri("passage", row.key)
        claims: list[Triple] = []
        gist: list[tuple[str, str]] = []
        for claim in self.plan.claims:
            claims += self._claim(claim, row, passage, gist)
        if len(self.faults) > before or not claims:
            return []
        return [*claims, *self._passage(passage, row, gist)]

    def _iri(self, kind: str, end: str) -> str:
        return f"{self.plan.prefixes[kind]}{self.plan.mapping.source.id}-{end}"

    def _fault(self, row: Placed, column: str, message: str) -> None:
        self.faults.append(Fault(row.number, column, row.cells.get(column, ""), message))

    def _claim(self, claim: ClaimPlan, row: Placed, passage: str, gist: list[tuple[str, str]]) -> Iterator[Triple]:
        said = self._said(claim, row) if is_made(claim, row.cells) else {}
        links = list(self._links(claim, row, said))
        if not links:
            return
        (predicate, *_), (status, *_) = said["predicate"], said["status"]
        more = self._qualifiers(claim, row, said, predicate, status)
        for number, (subject, target) in enumerate(links, 1):
            iri = self._claim_iri(claim, row, number, once(predicate, status, subject, target))
            if iri is None:
                continue
            terms = [
                (TYPE, NamedNode(coop("Observation" if claim.column else "Claim"))),
                (RDF + "subject", NamedNode(subject.iri)),
                (RDF + "predicate", NamedNode(predicate)),
                (RDF + "object", _number(target.text) if claim.column else NamedNode(target.iri)),
                (coop("status"), NamedNode(vocab.status_iri(status))),
                (_PROV + "wasDerivedFrom", NamedNode(passage)),
                *self._names(subject, target),
                *more,
            ]
            gist.append((subject.text, f"{self._words(claim, said, target)}{_period(more)}"))
            yield from _of(iri, terms)

    def _words(self, claim: ClaimPlan, said: Mapping[str, tuple[str, ...]], target: End) -> str:
        """Return what a claim says of its subject in a few words, its status where that is not realised."""
        status = "" if said["status"][0] == "realised" else f" ({said['status'][0]})"
        if not claim.column:
            return f"{self.plan.labels[said['predicate'][0]]} {target.text}{status}"
        label = self.plan.labels[(said.get("measure") or said["predicate"])[0]]
        whole, point, fraction = target.text.partition(".")
        unit = "".join(f" {local_name(each)}" for each in said.get("unit", ()) if local_name(each) != "NUM")
        return f"{label.lower()} {int(whole):,}{point}{fraction}{unit}{status}"

    def _links(self, claim: ClaimPlan, row: Placed, said: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[End, End]]:
        """Yield the two ends of each claim that a row makes of one in the mapping, given what is said of it."""
        if not said.get("predicate") or not said.get("status"):
            return
        for subject, target in product(self.ends(claim.entry.subject, row.cells), self._objects(claim, row, said)):
            if subject.iri == target.iri:
                self._fault(row, "", f"{claim.place} would link {short(subject.text)!r} to itself")
            else:
                yield subject, target

    def made_once(self, row: Placed) -> Iterator[tuple[Once, str]]:
        """Yield what a row claims of that which is claimed once, with the claim of the mapping that says it."""
        for claim in (each for each in self.plan.claims if each.entry.once):
            said = self._said(claim, row) if is_made(claim, row.cells) else {}
            for subject, target in self._links(claim, row, said):
                yield once(said["predicate"][0], said["status"][0], subject, target), claim.name

    def _said(self, claim: ClaimPlan, row: Placed) -> dict[str, tuple[str, ...]]:
        """Return what the mapping says of a claim in a row, nothing where a cell has no meaning, which is a fault."""
        said: dict[str, tuple[str, ...]] = {}
        for key, choice in claim.choices.items():
            try:
                said[key] = choice.of(row.cells)
            except ValueError as error:
                self._fault(row, str(choice.column), str(error))
                return {}
        return said

    def ends(self, entity: str, cells: Mapping[str, str]) -> list[End]:
        """Return the things that an entity of the mapping is in a row; a name that is left out is none."""
        if entity in self.plan.constants:
            return [End(*self.plan.constants[entity])]
        names = self.namers[entity].names(cells)
        return [End(self.links[name], name.text, name) for name in names if name in self.links]

    def _objects(self, claim: ClaimPlan, row: Placed, said: Mapping[str, tuple[str, ...]]) -> list[End]:
        if claim.entry.object is not None:
            return self.ends(claim.entry.object, row.cells)
        column = claim.column
        cell = claim.cell("value", column, row.cells)
        try:
            return [End("", self._figure(claim, cell, said))] if cell else []
        except ValueError as error:
            self._fault(row, column, str(error))
            return []

    def _figure(self, claim: ClaimPlan, cell: str, said: Mapping[str, tuple[str, ...]]) -> str:
        """Return the number that a cell writes. Raises `ValueError` where it writes none, or one of another unit."""
        if not said["unit"]:
            raise ValueError('has a unit that is not said; mend its row, or say values = { "" = "USD" } of the unit')
        if values.is_percent(cell):
            if said["unit"] != (_PERCENT,):
                raise ValueError('is a share in percent; say unit = "PERCENT", or take the sign off with extract')
            cell = cell[:-1].rstrip()
        table, figure = self.plan.mapping.table, claim.entry.figure
        number = values.figure(cell, self.plan.decimals[claim.column], in_brackets=table.negative is not None)
        return values.multiplied(number, figure.times if figure else 1)

    def _claim_iri(self, claim: ClaimPlan, row: Placed, number: int, said: Once) -> str | None:
        """Return the name of a claim; None where another row has made it, which it is made once for."""
        if not claim.entry.once:
            return self._iri("claim", f"{row.key}-{claim.name}{f'-{number}' if number > 1 else ''}")
        if self.first.get(said) != (row.number, claim.name):
            return None
        return self._iri("claim", f"{local_name(said[0])}-{digest(said)}")

    def _names(self, *ends: End) -> Iterator[tuple[str, Term]]:
        for end in ends:
            if end.name in self.renamed:
                yield coop("nameInSource"), literals.worded(end.text, self.plan.mapping.source.language)

    def _qualifiers(
        self, claim: ClaimPlan, row: Placed, said: Mapping[str, tuple[str, ...]], predicate: str, status: str
    ) -> list[tuple[str, Term]]:
        """Return what a claim says beside its ends."""
        entry = claim.entry
        terms: list[tuple[str, Term]] = [
            (coop("field" if key == "fields" else key), NamedNode(iri))
            for key in ("fields", "measure", "change")
            for iri in said.get(key, ())
        ]
        terms += [(coop("approximation"), Literal(word)) for word in said.get("approximation", ())]
        if claim.column:
            terms += [(coop("unit"), NamedNode(unit)) for unit in said["unit"]]
        for name, key in (
            ("statedBy", entry.stated_by), ("statedAt", entry.stated_at), ("shareOf", entry.share_of),
            ("counterpart", entry.counterpart),
        ):  # fmt: skip
            terms += [(coop(name), NamedNode(end.iri)) for end in self._beside(claim, name, key, row)]
        return [*terms, *self._days(claim, row, predicate, status)]

    def _beside(self, claim: ClaimPlan, name: str, entity: str | None, row: Placed) -> list[End]:
        """Return the things that a claim names beside its ends; several, where only one can be, are a fault."""
        ends = self.ends(entity, row.cells) if entity else []
        if name not in _OF_ONE or len(ends) < 2:
            return ends
        key = "share_of" if name == "shareOf" else name
        column, *_ = columns_of(self.plan.mapping.entities[str(entity)].name)
        what = f"names {len(ends)} things, where {claim.place}.{key} takes one"
        self._fault(row, column, f"{what}; give each a row of its own, or leave the key out")
        return []

    def _days(self, claim: ClaimPlan, row: Placed, predicate: str, status: str) -> Iterator[tuple[str, Term]]:
        """Yield the dates of a claim; what has none is as of the day that the table was issued, where it is a state."""
        days = {name: found for name in claim.entry.days if (found := self._day(claim, row, name))}
        if "valid_from" in days and "valid_to" in days and days["valid_from"].first > days["valid_to"].last:
            column = claim.entry.days["valid_to"].column
            self._fault(row, column, f"is before the beginning, {days['valid_from'].first}")
        if period := days.pop("period", None):
            yield coop("periodFrom"), literals.date(period.first)
            yield coop("periodTo"), literals.date(period.last)
            days.setdefault("as_of", period)
        is_state = predicate in self.plan.states and status == "realised"
        if claim.column or (is_state and not days.keys() & {"valid_from", "valid_to"}):
            days.setdefault("as_of", self.plan.issued)
        for name, day in days.items():
            yield from literals.dated(_DAYS[name], day.last if name in _LAST_OF else day.first, day.precision)

    def _day(self, claim: ClaimPlan, row: Placed, name: str) -> values.Day | None:
        if name in claim.days:
            return claim.days[name]
        of = claim.entry.days[name]
        cell = claim.cell(name, of.column, row.cells)
        try:
            return values.day(cell, listed(of.format) or self.plan.formats, of.precision) if cell else None
        except ValueError as error:
            self._fault(row, of.column, str(error))
            return None

    def _passage(self, iri: str, row: Placed, gist: Iterable[tuple[str, str]]) -> list[Triple]:
        rows = self.plan.mapping.rows
        words = filled(rows.gist, row.cells) if rows.gist and columns_of(rows.gist, plain=False) else rows.gist
        terms: list[tuple[str, Term]] = [
            (TYPE, NamedNode(coop("Passage"))),
            (coop("gist"), Literal(words or in_words(gist), language="en")),
            (coop("paragraph"), literals.integer(row.paragraph)),
            (coop("textSha256"), Literal(passages.digest(row.line))),
            (_OA + "start", literals.integer(row.start)),
            (_OA + "end", literals.integer(row.end)),
            (_OA + "hasSource", NamedNode(self.plan.prefixes["source"] + self.plan.mapping.source.id)),
        ]
        if rows.quote:
            terms.append((_OA + "exact", Literal(row.line)))
        terms += ((_PROV + "hadPrimarySource", NamedNode(each)) for each in self._origins(row, rows.origins))
        return list(_of(iri, terms))

    def _origins(self, row: Placed, column: str | None) -> list[str]:
        found = _ADDRESS.findall(row.cells[column]) if column else ()
        named = (expand(each.rstrip(_AFTER_ADDRESS), {}) for each in found)
        return sorted({each for each in named if each})


def once(predicate: str, status: str, subject: End, target: End) -> Once:
    """Return what a claim says as far as claims that are made once are told apart."""
    return predicate, status, subject.iri, target.iri or target.text


def is_made(claim: ClaimPlan, cells: Mapping[str, str]) -> bool:
    """Say whether a row makes a claim: its conditions hold, and neither relation, status nor figure says nothing."""
    if claim.column and not claim.cell("value", claim.column, cells):
        return False
    for column, wanted in claim.conditions:
        if not (cells[column] in wanted if wanted else cells[column]):
            return False
    return not any(claim.choices[key].is_silent(cells) for key in ("predicate", "status"))


def in_words(said: Iterable[tuple[str, str]]) -> str:
    """Return what is said of subjects as one sentence each.

    >>> in_words([("A", "borders on B"), ("A", "is part of C"), ("D", "serves A (planned)")])
    'A: borders on B, is part of C. D: serves A (planned).'
    """
    by_subject: dict[str, list[str]] = {}
    for subject, words in said:
        by_subject.setdefault(subject, []).append(words)
    return " ".join(f"{subject}: {', '.join(words)}." for subject, words in by_subject.items())


def _number(text: str) -> Literal:
    kind = "decimal" if "." in text else "integer"
    return Literal(text, datatype=NamedNode(f"{vocab.XSD}{kind}"))


def _period(terms: Iterable[tuple[str, Term]]) -> str:
    """Return for which period a figure is told, in words, given what is said of it."""
    ends = {local_name(name): value(term) for name, term in terms if name in (coop("periodFrom"), coop("periodTo"))}
    if not ends:
        return ""
    first, last = ends["periodFrom"], ends["periodTo"]
    whole_year, whole_month = first.endswith("-01-01") and last.endswith("-12-31"), first.endswith("-01")
    return f" for {first[:4] if whole_year else first[:7] if whole_month and first != last else first}"


def _of(iri: str, terms: Iterable[tuple[str, Term]]) -> Iterator[Triple]:
    subject = NamedNode(iri)
    yield from (Triple(subject, NamedNode(predicate), term) for predicate, term in terms)
