"""The names of a table as a sheet: what each was linked to and why, and the decisions of people on those in doubt.

It is made by `coopgraph table` and read by it again, so that what was decided or made once stays.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import UsageError, short
from coopgraph.rdf.terms import curie, expand
from coopgraph.reading import lookup, sheet_files
from coopgraph.tables.linking import Link
from coopgraph.tables.mapping import columns_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coopgraph.reading.sheet_files import Cell
    from coopgraph.reading.vocabulary import Vocabulary
    from coopgraph.tables.mapping import EntityEntry
    from coopgraph.tables.naming import Name

COLUMNS = ("decision", "kind", "name", "within", "apart", "rows", "first", "how", "thing", "candidates")
NEW, LEFT_OUT = "new", "leave out"
_ORDER = ("asked", "left out", "decided", "new", "judgement", "identifier", "label")


class Key(NamedTuple):
    """What names a row of the sheet."""

    kind: str
    name: str
    within: str
    apart: str


class Entry(NamedTuple):
    """What the sheet has of a name: the decision, how it was linked, and to what (IRI), if it was."""

    decision: str
    how: str
    thing: str | None
    place: str


def key(name: Name) -> Key:
    """Return what names the row of a name."""
    return Key(name.kind, name.text, str(name.within or ""), name.told_apart)


def read(path: Path, prefixes: Mapping[str, str]) -> dict[Key, Entry]:
    """Return the sheet that a file holds, empty where there is none.

    Raises `DataError` where it is no such sheet, or says two things of one name.
    """
    workbook = path.with_suffix(".xlsx")
    if workbook.exists():
        raise UsageError(f"{workbook}: is not read; save it as {path.name} (CSV in UTF-8), and take the workbook away")
    if not path.exists():
        return {}
    header, *rows = sheet_files.read(path) or [[]]
    names = [cell.text for cell in header]
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise UsageError(f"{path}: there is no column {missing[0]!r}; leave the columns as coopgraph table writes them")
    entries: dict[Key, Entry] = {}
    for of, entry in _entries(names, rows, prefixes):
        other = entries.setdefault(of, entry)
        if entry.decision and not other.decision:
            entries[of] = entry
        elif entry.decision not in ("", other.decision):
            what = f"{short(of.name)!r} is decided as {short(entry.decision)!r}, and as {short(other.decision)!r}"
            raise UsageError(f"{path}: {entry.place}: {what} at {other.place}; leave one of them")
    return entries


def _entries(
    names: Sequence[str], rows: Sequence[Sequence[Cell]], prefixes: Mapping[str, str]
) -> Iterator[tuple[Key, Entry]]:
    for row in rows:
        cells = dict(zip(names, row, strict=False))
        text = {name: " ".join(cell.text.split()) for name, cell in cells.items()}
        if not any(text.values()):
            continue
        of = Key(*(text.get(name, "") for name in ("kind", "name", "within", "apart")))
        thing = expand(text.get("thing", ""), prefixes)
        yield of, Entry(text.get("decision", ""), text.get("how", ""), thing, row[0].place)


def entries_of(names: Mapping[Name, EntityEntry], sheet: Mapping[Key, Entry]) -> dict[Name, Entry]:
    """Return what a sheet has of names, each with the entity of the mapping that it is one of.

    A name that it does not have is the new name of a thing where one that is gone had the same identifier.
    """
    current = {key(name): name for name in names}
    new: dict[Key, list[Name]] = defaultdict(list)
    for of, name in current.items():
        if of not in sheet and _is_identified(name, names[name]):
            new[of._replace(name="")].append(name)
    gone: dict[Key, dict[str | None, Entry]] = defaultdict(dict)
    for of, entry in sheet.items():
        if of not in current:
            gone[of._replace(name="")][entry.thing] = entry
    entries = {name: sheet[of] for of, name in current.items() if of in sheet}
    for of, (name, *others) in new.items():
        if not others and len(gone[of]) == 1:
            (entries[name],) = gone[of].values()
    return entries


def _is_identified(name: Name, entity: EntityEntry) -> bool:
    """Say whether something in a row tells the thing of a name from all others, however it is called."""
    return bool((entity.identifier and name.apart[0]) or (columns_of(entity.id) and name.apart[-1]))


def decided(
    name: Name, entry: Entry, words: Vocabulary, prefixes: Mapping[str, str], sheet: Mapping[Key, Entry]
) -> Link | None:
    """Return what the sheet says of a name, None where nothing is decided. Raises `UsageError` for what is none.

    A decision may also name a new thing of the sheet that the graph does not have yet.
    """
    word = entry.decision
    if word.casefold() == LEFT_OUT:
        return Link("left out")
    if word.casefold() == NEW or (not word and entry.how == "new" and entry.thing):
        return Link("new", entry.thing if entry.how == "new" else None)
    if not word:
        return None
    new = {
        each.thing
        for of, each in sheet.items()
        if each.how == "new" and each.thing and of.kind == name.kind and of != key(name)
        if word in (of.name, _short(each.thing, prefixes), each.thing) and each.thing not in words.things
    }
    return Link("decided", new.pop() if len(new) == 1 else _thing(word, name, words, prefixes))


def _thing(word: str, name: Name, words: Vocabulary, prefixes: Mapping[str, str]) -> str:
    iri = expand(word, prefixes) if ":" in word else None
    if iri is None or iri not in words.things:
        try:
            iri = lookup.thing(word, words)
        except UsageError as error:
            raise UsageError(f"{error}; write a thing, {NEW} or {LEFT_OUT}") from error
    if not words.is_a(name.kind, words.things[iri].root):
        raise UsageError(f"is a {words.things[iri].kind}, where a {name.kind} is named")
    return iri


def rows(
    links: Mapping[Name, Link],
    seen: Mapping[Name, tuple[int, str]],
    former: Mapping[Key, Entry],
    words: Vocabulary,
    prefixes: Mapping[str, str],
    alike: Iterable[tuple[Name, Name]] = (),
) -> list[list[str]]:
    """Return the sheet of all names, what is asked for first; decisions on names that are gone stay at its end.

    `seen` has the number of rows that have a name, and the cell of the first; `alike` are new names that look alike.
    """
    others: dict[Name, list[str]] = defaultdict(list)
    for one, other in alike:
        others[one].append(f"{other} (new) {_short(links[other].iri, prefixes)}")
        others[other].append(f"{one} (new) {_short(links[one].iri, prefixes)}")
    current: list[tuple[int, Key, list[str]]] = []
    for name, link in links.items():
        of, entry = key(name), former.get(key(name))
        candidates = "; ".join((*(_told(iri, words, prefixes) for iri in link.candidates), *others[name]))
        line = [entry.decision if entry else "", *of, str(seen[name][0]), seen[name][1], link.how]
        current.append((_ORDER.index(link.how), of, [*line, _short(link.iri, prefixes), candidates]))
    known = {of for _, of, _ in current}
    gone = [
        [entry.decision, *of, "0", "", entry.how, _short(entry.thing, prefixes), ""]
        for of, entry in sorted(former.items())
        if of not in known and (entry.decision or entry.how == "new")
    ]
    return [list(COLUMNS), *(line for *_, line in sorted(current)), *gone]


def _short(iri: str | None, prefixes: Mapping[str, str]) -> str:
    return (curie(iri, prefixes) or iri) if iri else ""


def _told(iri: str, words: Vocabulary, prefixes: Mapping[str, str]) -> str:
    thing = words.things[iri]
    return f"{thing.label} ({thing.kind}) {curie(iri, prefixes) or iri}"
