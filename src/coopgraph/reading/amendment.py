"""From what a review says now, and what was written for it before, to triples that graph files lose and gain.

What people changed in a file stays; what a decision no longer wants goes, and with it passages and things that nothing
else names.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.rdf import turtle
from coopgraph.rdf.terms import NamedNode, Triple, curie, value
from coopgraph.rdf.vocab import coop, local_name
from coopgraph.reading.entries import PASSAGE, Entry
from coopgraph.reading.model import Written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Term
    from coopgraph.reading.triples import Statements

_SEVERAL = (PASSAGE, *map(coop, ("field", "statedBy", "relayedBy", "nameInSource")))
"""What can be said of a claim more than once."""


class Amendment(NamedTuple):
    """What graph files lose and gain, what stands written afterwards, and what the files say otherwise since."""

    lost: list[Triple]
    gained: list[Triple]
    written: list[Written]
    conflicts: list[str]


def entries(written: Iterable[Written]) -> dict[str, Entry]:
    """Return what was written, thing by thing."""
    things = list(written)
    text = "\n".join(line for each in things for line in each.statements)
    of = _by_subject(turtle.triples(text.encode(), "statements") if text else ())
    return {
        each.thing: Entry(
            [(value(triple.predicate), triple.object) for triple in of[each.thing]], list(each.proposals), each.name
        )
        for each in things
    }


def _by_subject(triples: Iterable[Triple]) -> defaultdict[str, list[Triple]]:
    of: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        of[value(triple.subject)].append(triple)
    return of


def amendment(
    workspace: Workspace,
    stated: Iterable[Triple],
    written: Mapping[str, Entry],
    statements: Statements,
    is_forced: bool = False,
) -> Amendment:
    """Return what graph files, which have the triples `stated`, lose and gain for them to say what a review says.

    Where a file says something else than what was written and what is wanted, that stays, unless the change is forced.
    """
    of, wanted = _by_subject(stated), statements.entries
    left = {name: entry for name, entry in written.items() if name not in wanted}
    lost, gained, conflicts = list[Triple](), list[Triple](), list[str]()
    for name, entry in {**wanted, **{name: Entry() for name, each in left.items() if not each.is_whole}}.items():
        for predicate in dict.fromkeys(each for each, _ in (*written.get(name, Entry()).terms, *entry.terms)):
            change = _change(of[name], predicate, written.get(name, Entry()), entry, is_forced)
            if change is None:
                conflicts.append(f"{curie(name, workspace.prefixes)}: {local_name(predicate)}")
            else:
                lost += change[0]
                gained += [Triple(NamedNode(name), NamedNode(predicate), term) for term in change[1]]
    for (name, predicate), term in statements.moved.items():
        lost += (each for each in of[name] if value(each.predicate) == predicate and each.object != term)
        gained.append(Triple(NamedNode(name), NamedNode(predicate), term))
    after = {name: set(triples).difference(lost) for name, triples in of.items()}
    gone = _gone(workspace, after, left)
    lost += (triple for name in sorted(gone) for triple in of[name])
    kept = {name: entry if name not in gone else Entry([], entry.proposals) for name, entry in left.items()}
    rows = [_row(name, entry) for name, entry in sorted({**wanted, **kept}.items()) if entry.terms or entry.proposals]
    return Amendment(list(dict.fromkeys(lost)), list(dict.fromkeys(gained)), rows, conflicts)


def _row(name: str, entry: Entry) -> Written:
    lines = (f"{Triple(NamedNode(name), NamedNode(predicate), term)} ." for predicate, term in entry.terms)
    return Written(name, tuple(lines), tuple(entry.proposals), entry.name)


def _change(
    triples: Sequence[Triple], predicate: str, former: Entry, entry: Entry, is_forced: bool
) -> tuple[list[Triple], list[Term]] | None:
    """Return what a thing loses and gains of one predicate; None where a file says something else since."""
    before, after = ([term for name, term in each.terms if name == predicate] for each in (former, entry))
    stated = [each for each in triples if value(each.predicate) == predicate]
    now = [each.object for each in stated]
    if not triples:
        return [], after
    if before == after:
        return [], []
    if predicate not in _SEVERAL and now and now not in (before, after):
        return (stated, after) if is_forced else None
    lost = [each for each in stated if each.object in before and each.object not in after]
    return lost, [term for term in after if term not in before and term not in now]


def _gone(workspace: Workspace, of: Mapping[str, Collection[Triple]], left: Mapping[str, Entry]) -> set[str]:
    """Return what was written and is to go: claims, and of all else what nothing names and nobody added to."""
    whole = {name: entry for name, entry in left.items() if entry.is_whole and of.get(name)}
    claims = {name for name, entry in whole.items() if entry.proposals}
    others = {
        name: _targets(of[name])
        for name, entry in whole.items()
        if name not in claims and (not entry.name or len(of[name]) == len(entry.terms))
    }
    may_go = claims | others.keys()
    live = {target for name, triples in of.items() if name not in may_go for target in _targets(triples)}
    live |= _named_elsewhere(workspace, of, others)
    reached = live & others.keys()
    while more := {target for name in reached for target in others[name] if target in others} - reached:
        reached |= more
    return claims | (others.keys() - reached)


def _targets(triples: Iterable[Triple]) -> set[str]:
    return {value(each.object) for each in triples if isinstance(each.object, NamedNode)}


def _named_elsewhere(workspace: Workspace, of: Mapping[str, object], names: Iterable[str]) -> set[str]:
    """Return what the graph files that do not speak of the source say something about, or name."""
    slugs = [local_name(name).encode() for name in names]
    named: set[str] = set()
    for file in workspace.graph_files() if slugs else ():
        data = files.read(file.path, file.name)
        if any(slug in data for slug in slugs):
            triples = (each for each in turtle.triples(data, file.name) if value(each.subject) not in of)
            named |= _targets(triples)
    return named
