"""From decisions to graph files: what is new or goes, as canonical Turtle that is checked to stay; what names mean.

What people wrote into a graph file stays as it is, comments too; claims that it has are not written again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.export import turtle as canonical
from coopgraph.rdf import turtle
from coopgraph.rdf.terms import curie, value
from coopgraph.rdf.vocab import ENTITY_KINDS, TYPE, coop
from coopgraph.reading import amendment, records
from coopgraph.reading.mentions import Names
from coopgraph.reading.model import Judgement, Mention, Written
from coopgraph.reading.triples import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Triple
    from coopgraph.reading.amendment import Amendment
    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.vocabulary import Vocabulary

_FILES = {"person": "people", "post": "people", "initiative": "initiatives", "agreement": "initiatives"}
"""Kind of entity -> the graph file that new ones go to, where it is not the kind's plural."""


class Acceptance(NamedTuple):
    """What is to be written: path -> whole text, None for a file that goes; and what is new, as Turtle.

    `new` has what goes too, as comments; numbers of claims and entities that are new, and of claims that go or change;
    `notes` say where graph files say something else than the review.
    """

    files: dict[Path, str | None]
    new: str
    claims: int
    entities: int
    changed: int
    gone: int
    notes: list[str]


def acceptance(workspace: Workspace, review: Review, words: Vocabulary) -> Acceptance:
    """Return what accepting the claims that were taken would write, and what it would take out that was taken before.

    Raises `UsageError` where something that a graph file needs was not said, and `DataError` where a file is broken.
    """
    source = review.document.source
    ledger = records.paths(workspace, source).written
    former = records.read(Written, ledger)
    written = amendment.entries(former)
    by_file = triples_of_source(workspace, source)
    triples = [triple for triples in by_file.values() for triple in triples]
    statements = Statements(review, words, workspace.prefixes, triples, written)
    statements.write()
    change = amendment.amendment(workspace, triples, written, statements)
    texts = new_texts(workspace, by_file, change, _home(workspace, source, by_file))
    if change.written != former:
        texts[ledger] = "".join(f"{records.as_json(row)}\n" for row in change.written)
    return of_change(workspace, texts, change, _notes(workspace, change, statements))


def of_change(workspace: Workspace, texts: dict[Path, str | None], change: Amendment, notes: list[str]) -> Acceptance:
    """Return what a change of graph files writes, counted and shown."""
    return Acceptance(texts, _shown(change, workspace), **_counts(change), notes=notes)


def new_texts(
    workspace: Workspace, by_file: Mapping[Path, Sequence[Triple]], change: Amendment, home: Path
) -> dict[Path, str | None]:
    """Return the texts of the graph files that lose or gain something."""
    added: dict[Path, list[Triple]] = defaultdict(list)
    where = {value(each.subject): path for path, triples in reversed(list(by_file.items())) for each in triples}
    for triple in change.gained:
        name = value(triple.subject)
        added[where.get(name) or _file_of(name, workspace) or home].append(triple)
    lost = set(change.lost)
    touched = dict.fromkeys((*added, *(path for path, triples in by_file.items() if lost.intersection(triples))))
    return {path: _text(workspace, path, added[path], lost) for path in touched}


def _file_of(name: str, workspace: Workspace) -> Path | None:
    """Return the graph file to which a new thing (IRI) of its kind goes; None for what belongs to a source."""
    kind = next((each for each in ENTITY_KINDS if name.startswith(workspace.prefixes[each])), None)
    return workspace.root / "graphs" / f"{_FILES.get(kind, f'{kind}s')}.ttl" if kind else None


def _shown(change: Amendment, workspace: Workspace) -> str:
    """Return what is new as Turtle, and what goes as comments of it."""
    new = canonical.write(change.gained, workspace.prefixes) if change.gained else ""
    if not change.lost:
        return new
    lines = canonical.write(change.lost, workspace.prefixes).splitlines()
    gone = "\n".join(f"# {line}".rstrip() for line in lines if not line.startswith("@prefix"))
    return f"{new}\n# no longer:\n{gone}\n"


def _counts(change: Amendment) -> dict[str, int]:
    """Return how many claims and entities are new, and how many claims change or go."""
    new, gone = ({value(each.subject) for each in of if value(each.predicate) == TYPE}
                 for of in (change.gained, change.lost))  # fmt: skip
    claims = {each.thing for each in change.written if each.proposals}
    touched = {value(each.subject) for each in (*change.gained, *change.lost)} & claims
    entities = {each.thing for each in change.written if each.name}
    changed = touched - new - gone
    return {
        "claims": len(claims & new - gone), "entities": len(entities & new - gone), "changed": len(changed),
        "gone": len(claims & gone - new),
    }  # fmt: skip


def _notes(workspace: Workspace, change: Amendment, statements: Statements) -> list[str]:
    """Return, a line each, where graph files say something else than the review."""
    notes = [f"{each} was changed in the file and in the review; that of the file stays" for each in change.conflicts]
    rejected = (curie(name, workspace.prefixes) or name for name in dict.fromkeys(statements.rejected()))
    taken_out = (curie(name, workspace.prefixes) or name for name in dict.fromkeys(statements.taken_out))
    notes += [f"{each} was taken out of the file by hand and stays out; reject it in the review" for each in taken_out]
    return notes + [f"{each} was rejected, and was not written by accept; take it out by hand" for each in rejected]


def triples_of(workspace: Workspace, path: Path) -> list[Triple]:
    """Return the triples of a graph file."""
    return list(turtle.read(path, workspace.name_of(path)))


def triples_of_source(workspace: Workspace, source: str) -> dict[Path, list[Triple]]:
    """Return the triples of the graph files that speak of a source (by slug), but for those of other sources alone.

    What another source states is its own claim, also where it repeats this one and names it.
    """
    slug, iri = source.encode(), workspace.prefixes["source"] + source
    of_source = (file for file in workspace.graph_files() if slug in files.read(file.path, file.name))
    by_file = {file.path: list(turtle.read(file.path, file.name)) for file in of_source}
    return {path: triples for path, triples in by_file.items() if iri in (_sources(triples) or {iri})}


def _sources(triples: Sequence[Triple]) -> set[str]:
    """Return the sources (IRIs) that some triples describe."""
    return {
        value(each.subject)
        for each in triples
        if value(each.predicate) == TYPE and value(each.object) == coop("Source")
    }


def _home(workspace: Workspace, source: str, by_file: Mapping[Path, Sequence[Triple]]) -> Path:
    """Return the graph file of a source: where it is described, or that of its name."""
    iri = workspace.prefixes["source"] + source
    for path, triples in by_file.items():
        if path.suffix == ".ttl" and iri in _sources(triples):
            return path
    return workspace.root / "graphs" / f"{source}.ttl"


def _text(workspace: Workspace, path: Path, gained: Sequence[Triple], lost: set[Triple]) -> str | None:
    """Return the text of a graph file with some triples more and some less, in canonical form, its comments kept.

    It is None where nothing is left of the file.
    """

    def change(former: list[Triple]) -> list[Triple]:
        return [*(each for each in former if each not in lost), *gained]

    if not path.is_file():
        return canonical.write(gained, workspace.prefixes)
    text = canonical.formatted(path, workspace.prefixes, workspace.name_of(path), change)
    return text if text.strip() else None


def judgements(review: Review, words: Vocabulary, former: Sequence[Judgement]) -> list[Judgement]:
    """Return what the claims that were taken say of names beside what is known, for all documents to come.

    A name that was linked means this thing, and one that is a new thing means none of those that were offered for it.
    """
    names, judged = Names(words, former), {(each.name, each.entity, each.same) for each in former}
    new: dict[tuple[str, str, bool], Judgement] = {}
    for item in review.taken:
        for mention in _mentions(item):
            for entity, same in _meanings(mention, names):
                if (mention.text, entity, same) not in judged:
                    by = item.decision.by if item.decision else ""
                    at = item.decision.at if item.decision else ""
                    judgement = Judgement(mention.text, entity, same, at, by, "" if same else mention.kind)
                    new.setdefault((mention.text, entity, same), judgement)
    return list(new.values())


def _mentions(item: Item) -> Iterator[Mention]:
    claim = item.claim
    mentions: Iterable[object] = (claim.subject, claim.object, *claim.speakers, claim.occasion)
    yield from (each for each in mentions if isinstance(each, Mention) and not each.implied)


def _meanings(mention: Mention, names: Names) -> Iterator[tuple[str, bool]]:
    """Yield the things that a name was said to stand for or not to, unless that goes without saying."""
    if not mention.entity:
        yield from ((each.entity, False) for each in mention.candidates)
        return
    whole = [each for each in names.mentions(mention.text) if each.end - each.start == len(mention.text)]
    if not whole or whole[0].entity != mention.entity:
        yield mention.entity, True
