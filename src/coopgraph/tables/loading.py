"""From a mapping and its table to graph files: names linked, rows mapped in parts, and all written or nothing."""

from __future__ import annotations

from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from coopgraph.errors import UsageError, near, short
from coopgraph.rdf.terms import curie
from coopgraph.sandbox import limits
from coopgraph.tables import countries, linking, mapping, minting, names_sheet, part, values
from coopgraph.tables.former_rows import FormerRows, RowDigests
from coopgraph.tables.gate import Gate
from coopgraph.tables.linking import Linker
from coopgraph.tables.loaded import Loaded, Named
from coopgraph.tables.mapping import EntityEntry, listed, taken
from coopgraph.tables.naming import Name, namers
from coopgraph.tables.part import PartContext
from coopgraph.tables.plan import Planner
from coopgraph.tables.row_claims import Fault, Placed, is_made
from coopgraph.tables.slugs import keys_of
from coopgraph.tables.table import bounds

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from coopgraph.tables.linking import Link
    from coopgraph.tables.mapping import ClaimEntry, TableMapping
    from coopgraph.tables.naming import Namer
    from coopgraph.tables.part import Read, Workers
    from coopgraph.tables.plan import Plan
    from coopgraph.tables.surroundings import Surroundings
    from coopgraph.tables.table import Table

_FIRST_PARAGRAPH = 2
"""The first row stands below the header."""
_FEW = 3
_MOST_LOOKED_THROUGH = 10_000
"""Rows that are kept out and looked through all the same: they are read one after the other."""
_GLOBE = (90, 180)
"""Degrees of latitude and longitude at most."""
_PUBLISHER = EntityEntry(kind="Organisation", name="publisher", new="all")


@dataclass(slots=True)
class Loading:
    """Maps a table; `decisions` is the sheet of its names as people left it."""

    mapping: TableMapping
    table: Table
    around: Surroundings
    decisions: Mapping[names_sheet.Key, names_sheet.Entry]
    rows: list[Placed] = field(init=False)
    gate: Gate = field(init=False)
    plan: Plan = field(init=False)
    namers: Mapping[str, Namer] = field(init=False)
    _asked: list[Name] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.gate = Gate(self._place)
        self.rows = list(self._taken())
        if not self.rows:
            raise UsageError(f"none of the {len(self.table.rows):,} rows is asked for{self._missed()}; look at [rows]")
        self.namers = namers(self.mapping.entities)
        columns: dict[str, dict[str, None]] = {name: {} for name in self.mapping.columns}
        for row in self.rows:
            for name, cell in row.cells.items():
                columns[name][cell] = None
        self.plan = Planner(self.mapping, self.around.words, self.around.statuses, self.around.prefixes).plan(columns)

    def _place(self, row: int, column: str) -> str:
        if column in self.table.columns:
            return self.table.place(row, self.table.columns.index(column))
        return f"{self.table.sheet}!{row}" if self.table.sheet else f"{self.table.name}:{row}"

    def _taken(self) -> Iterator[Placed]:
        """Yield the rows that are asked for, with their cells by column."""
        places = {name: self.table.columns.index(name) for name in self.mapping.columns}
        empty = frozenset(listed(self.mapping.table.empty))
        only, without = taken(self.mapping.rows.only), taken(self.mapping.rows.without)
        key = [self.table.columns.index(name) for name in listed(self.mapping.table.key)]
        keys = keys_of([row.cells[at] for at in key] if key else row.cells for row in self.table.rows)
        numbered = enumerate(zip(self.table.rows, bounds(self.table), keys, strict=True), _FIRST_PARAGRAPH)
        for paragraph, (row, (start, end), own) in numbered:
            cells = {name: "" if row.cells[at] in empty else row.cells[at] for name, at in places.items()}
            if any(cells[name] not in wanted for name, wanted in only.items()):
                continue
            if any(cells[name] in unwanted for name, unwanted in without.items()):
                continue
            yield Placed(row.number, cells, start, end, paragraph, "\t".join(row.cells), own)

    def _missed(self) -> str:
        """Say which values that are asked for no row has, as a part of an error line."""
        for column, wanted in taken(self.mapping.rows.only).items():
            at = self.table.columns.index(column)
            there = {row.cells[at] for row in self.table.rows}
            for value in wanted:
                if value not in there:
                    return f": no {short(column)!r} is {short(value)!r}{near(value, there)}"
        return ""

    def run(self, workers: Workers, former: FormerRows | None = None) -> Loaded:
        """Return what the table gives, its parts mapped by workers; rows that give what they gave before are not."""
        self._note_table()
        self._note_keys()
        names = self._names()
        self._note_codes(names)
        links = self._linked(names)
        coordinates = dict(self._coordinates(names, links))
        parts, digests = self._parts(names, links, workers, former or FormerRows(self.mapping.source.id))
        publisher = links.get(Name(_PUBLISHER.kind, self.mapping.source.publisher or ""))
        passed_over = len(self.table.rows) - len(self.rows)
        rows = len(self.rows)
        iri = publisher.iri if publisher else None
        decided = {name for name in names if (each := self.decisions.get(names_sheet.key(name))) and each.decision}
        return Loaded(self.plan, parts, names, links, decided, coordinates, iri, self.gate, rows, passed_over, digests)

    def _note_table(self) -> None:
        """Note what is wrong with the table itself, as far as it concerns rows that are asked for."""
        numbers = {row.number for row in self.rows}
        self.gate.add(
            Fault(each.row, "", "", each.message, each.place)
            for each in self.table.faults
            if not each.row or each.row in numbers
        )

    def _note_keys(self) -> None:
        """Note rows that have the same key, and those that have none."""
        columns = listed(self.mapping.table.key)
        by_key: dict[str, list[int]] = defaultdict(list)
        for row in self.rows:
            by_key[row.key].append(row.number)
            if columns and not any(row.cells[name] for name in columns):
                self.gate.add([Fault(row.number, columns[0], "", "is empty, and the key of its row")])
        what = "has the key of another row; name more key columns" if columns else "stands more than once"
        for several in by_key.values():
            others = ", ".join(map(str, several[:_FEW]))
            if len(several) > 1:
                self.gate.add(Fault(row, next(iter(columns), ""), "", f"{what} (rows {others})") for row in several)

    def _note_codes(self, names: Mapping[Name, Named]) -> None:
        """Note places that have a code which looks like one of ISO 3166, and is none."""
        places = (name for name, each in names.items() if each.entity.identifier and self._is_place(name))
        for name in places:
            if what := countries.fault(name.apart[0], of_country=name.kind == "Country"):
                column = str(names[name].entity.identifier)
                self.gate.add(Fault(row, column, name.apart[0], what) for row in names[name].rows)

    def _is_place(self, name: Name) -> bool:
        return self.around.words.is_a(name.kind, "Place")

    def _names(self) -> dict[Name, Named]:
        """Return the names that claims need, what they lie within too, each with its rows."""
        patterns = [f"entities.{name}.extract" for name, each in self.mapping.entities.items() if each.extract]
        with limits.limited(" or ".join(patterns)) if patterns else nullcontext():  # a pattern may go on for ever
            return self._read_names()

    def _read_names(self) -> dict[Name, Named]:
        names: dict[Name, Named] = {}
        for row in self.rows:
            made = (claim.entry for claim in self.plan.claims if is_made(claim, row.cells))
            used = (each for entry in made if self._has_ends(entry, row) for each in entry.entities)
            for entity in dict.fromkeys(used):
                several = self.namers[entity].names(row.cells)
                for name in several:
                    self._note(names, name, entity, row, with_labels=len(several) == 1)
        if publisher := self.mapping.source.publisher:
            names.setdefault(Name(_PUBLISHER.kind, publisher), Named(_PUBLISHER, [], {}, "source.publisher", {}))
        return names

    def _has_ends(self, entry: ClaimEntry, row: Placed) -> bool:
        """Say whether a row names both ends of a claim, as far as these are things."""
        ends = filter(None, (entry.subject, entry.object))
        return all(end in self.plan.constants or self.namers[end].names(row.cells) for end in ends)

    def _note(
        self, names: dict[Name, Named], name: Name, entity: str, row: Placed, *, with_labels: bool = True
    ) -> None:
        of = self.mapping.entities[entity]
        if name not in names:
            column = next(iter(mapping.columns_of(of.name)), "")
            names[name] = Named(of, [], row.cells, self._place(row.number, column), {})
        rows = names[name].rows
        if not rows or rows[-1] != row.number:
            rows.append(row.number)
        for tag, text in of.labels.items() if with_labels else ():
            if label := mapping.filled(text, row.cells):
                names[name].labels[tag, label] = None
        if name.within and of.within:
            self._note(names, name.within, of.within, row)

    def _linked(self, names: Mapping[Name, Named]) -> dict[Name, Link]:
        """Return what each name means; the rows of those that somebody has to decide on are kept out."""
        decided: dict[Name, Link] = {}
        entities = {name: each.entity for name, each in names.items()}
        for name, entry in names_sheet.entries_of(entities, self.decisions).items():
            try:
                link = names_sheet.decided(name, entry, self.around.words, self.around.prefixes, self.decisions)
            except UsageError as error:
                self.gate.add([Fault(0, "", entry.decision, str(error), entry.place)])
                continue
            if link:
                decided[name] = link
        brought: dict[str, set[str]] = defaultdict(set)
        for of, each in self.decisions.items():
            if each.how == "new" and each.thing:
                brought[each.thing].add(of.apart)
        further = {name: [text for _, text in each.labels] for name, each in names.items() if each.labels}
        linker = Linker(self.around.words, self.around.judgements, self.around.containers, brought, further)
        links = linker.link(entities, decided)
        for name, link in links.items():
            if link.how == "asked":
                column = next(iter(mapping.columns_of(names[name].entity.name)), "")
                what = self._maybe(link.candidates)
                message = f"{what}; decide it in the sheet of names"
                self.gate.add(Fault(row, column, str(name), message) for row in names[name].rows)
                self._asked.append(name)
        self._mint(names, links)
        linking.unite(links)
        self._note_lost(links, decided, brought)
        return links

    def _note_lost(self, links: Mapping[Name, Link], decided: Mapping[Name, Link], brought: Collection[str]) -> None:
        """Note names that were decided to be a thing of the table that it makes no more."""
        made = {link.iri for link in links.values() if link.how == "new"}
        for name, link in decided.items():
            if link.how == "decided" and link.iri in brought and link.iri not in made:
                what = "is a thing that no new name of the table stands for any more; decide one of them as new"
                self.gate.add([Fault(0, "", str(name), what, "the sheet of names")])

    def _maybe(self, candidates: Sequence[str]) -> str:
        """Say what a name may mean, given things (IRI)."""
        if len(candidates) == 1:
            return f"may be {curie(candidates[0], self.around.prefixes) or candidates[0]}"
        return "may be one of several things" if candidates else "is not known"

    def _mint(self, names: Mapping[Name, Named], links: Mapping[Name, Link]) -> None:
        """Give new things their identifiers; those that they were given before stay."""
        source = self.mapping.source.id
        slugs = {
            name: minting.own_slug(names[name].entity, name, source, names[name].cells)
            for name, link in links.items()
            if link.how == "new" and not link.iri
        }
        in_use = {*self.around.words.things, *(each.thing for each in self.decisions.values() if each.thing)}
        for name, iri in minting.minted(slugs, self.around.words, self.around.prefixes, in_use).items():
            links[name].iri = iri

    def _coordinates(
        self, names: Mapping[Name, Named], links: Mapping[Name, Link]
    ) -> Iterator[tuple[Name, tuple[str, ...]]]:
        """Yield where new things lie, as the first row that names each says; what is wrong with that is noted."""
        for name, each in names.items():
            columns = (each.entity.latitude, each.entity.longitude)
            if links[name].how != "new" or None in columns:
                continue
            numbers = []
            for column, most in zip(columns, _GLOBE, strict=True):
                cell = each.cells[str(column)]
                try:
                    number = values.figure(cell, self.plan.decimals[str(column)])
                    if abs(float(number)) > most:
                        raise ValueError(f"is beyond {most} degrees")  # noqa: TRY301 - told as the others are
                    numbers.append(number)
                except ValueError as error:
                    self.gate.add([Fault(each.rows[0], str(column), cell, str(error))] if cell else [])
            if len(numbers) == len(_GLOBE):
                yield name, tuple(numbers)

    def _parts(
        self, names: Mapping[Name, Named], links: Mapping[Name, Link], workers: Workers, former: FormerRows
    ) -> Read:
        """Return the parts of the graph file, without the rows that turn out to be at fault."""
        things = {name: link.iri for name, link in links.items() if link.iri}
        known = {name: iri for name, iri in things.items() if links[name].how != "new"}
        renamed = frozenset(name for name, iri in known.items() if self._differs(name, iri))
        context = PartContext(self.plan, self.namers, things, renamed, {}, self.around.rules)
        self._look_through(context)
        digests = RowDigests(context.reader, (self.table.columns, self.around.rules_text))
        return part.read_all(context, self.rows, self.gate, workers, former, digests)

    def _look_through(self, context: PartContext) -> None:
        """Note what else is wrong with rows that are kept out, so that all is told at once."""
        kept_out = self.gate.rows
        waiting = [row for row in self.rows if row.number in kept_out][:_MOST_LOOKED_THROUGH]
        unsure = {name: f"urn:{number}" for number, name in enumerate(self._asked)}
        reader = replace(context, links={**context.links, **unsure}).reader
        for row in waiting:
            reader.triples(row)
        self.gate.add(reader.faults)

    def _differs(self, name: Name, iri: str) -> bool:
        """Say whether a thing is called otherwise: by the graph, or by the name of the table that brings it."""
        thing = self.around.words.things.get(iri)
        return thing is None or name.text not in (*thing.labels.values(), *thing.alt_labels)
