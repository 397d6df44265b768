"""From decisions to graph files: what is new as canonical Turtle, checked to stay, and what names were said to mean.

What a graph file holds already stays as it is, comments too; claims that it has are not written again.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.errors import CheckError
from coopgraph.export import turtle as canonical
from coopgraph.rdf import turtle
from coopgraph.rdf.terms import Triple, value
from coopgraph.rdf.vocab import TYPE, coop
from coopgraph.reading.mentions import Names
from coopgraph.reading.model import Judgement, Mention
from coopgraph.reading.new_triples import NewTriples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Literal
    from coopgraph.reading.review import Item, Review
    from coopgraph.reading.vocabulary import Vocabulary

_FILES = {"person": "people", "post": "people", "initiative": "initiatives", "agreement": "initiatives"}
"""Kind of entity -> the graph file that new ones go to, where it is not the kind's plural."""


class Acceptance(NamedTuple):
    """What is to be written: path -> whole text; the Turtle that is new; how many claims and entities are new."""

    files: dict[Path, str]
    new: str
    claims: int
    entities: int


def acceptance(workspace: Workspace, review: Review, words: Vocabulary) -> Acceptance:
    """Return what accepting the claims that were taken would write.

    Raises `UsageError` where something that a graph file needs was not said, and `DataError` where a file is broken.
    """
    by_file = _known(workspace, review.document.source)
    known = [triple for triples in by_file.values() for triple in triples]
    new = NewTriples(review, words, workspace.prefixes, known)
    new.write()
    path = _home(workspace, review.document.source, by_file)
    added = {path: new.triples} if new.triples else {}
    for kind, triples in new.entities.items():
        added.setdefault(workspace.root / "graphs" / f"{_FILES.get(kind, f'{kind}s')}.ttl", [])
        added[workspace.root / "graphs" / f"{_FILES.get(kind, f'{kind}s')}.ttl"] += triples
    changed = {subject for subject, _ in new.changes}
    touched = [each for each, triples in by_file.items() if changed & {value(triple.subject) for triple in triples}]
    texts = {
        each: _text(workspace, each, added.get(each, ()), new.changes) for each in dict.fromkeys((*added, *touched))
    }
    everything = [triple for triples in added.values() for triple in triples]
    turtle_text = canonical.write(everything, workspace.prefixes) if everything else ""
    entities = len({triple.subject for triples in new.entities.values() for triple in triples})
    return Acceptance(texts, turtle_text, new.claims, entities)


def _known(workspace: Workspace, source: str) -> dict[Path, list[Triple]]:
    """Return the triples of the graph files that speak of a source (by slug)."""
    slug = source.encode()
    paths = (path for path in workspace.graph_files() if slug in files.read(path, workspace.name_of(path)))
    return {path: list(turtle.read(path, workspace.name_of(path))) for path in paths}


def _home(workspace: Workspace, source: str, known: Mapping[Path, Sequence[Triple]]) -> Path:
    """Return the graph file of a source: where it is described, or that of its name."""
    iri = workspace.prefixes["source"] + source
    for path, triples in known.items():
        if path.suffix == ".ttl" and any(
            value(each.subject) == iri and value(each.predicate) == TYPE and value(each.object) == coop("Source")
            for each in triples
        ):
            return path
    return workspace.root / "graphs" / f"{source}.ttl"


def _text(
    workspace: Workspace, path: Path, triples: Sequence[Triple], changes: Mapping[tuple[str, str], Literal]
) -> str:
    """Return the text of a graph file with more triples and other values, in canonical form, its comments kept."""

    def change(former: list[Triple]) -> list[Triple]:
        values = ((each, changes.get((value(each.subject), value(each.predicate)))) for each in former)
        return [*(Triple(each.subject, each.predicate, new) if new else each for each, new in values), *triples]

    if not path.is_file():
        return canonical.write(triples, workspace.prefixes)
    return canonical.formatted(path, workspace.prefixes, workspace.name_of(path), change)


def save(accepted: Acceptance, workspace: Workspace) -> None:
    """Write the graph files, and put back what was there where a check finds violations in them or anything fails.

    Raises `CheckError` with the first violation.
    """
    former = {path.resolve(): _kept(path.resolve()) for path in accepted.files}
    try:
        for path, text in accepted.files.items():
            with files.text_to(path) as out:
                out.write(text)
        _refuse_violations(workspace, {workspace.name_of(path) for path in accepted.files})
    except BaseException:
        for path, kept in former.items():
            if kept:
                kept.replace(path)
            else:
                path.unlink(missing_ok=True)
        raise
    for kept in filter(None, former.values()):
        kept.unlink(missing_ok=True)


def _kept(path: Path) -> Path | None:
    """Return another name under which a file stays as it is, which takes no room on the disk; None where it is new."""
    if not path.is_file():
        return None
    aside = path.with_name(f".{path.name}.before-{os.getpid()}")
    try:
        aside.hardlink_to(path)
    except OSError:  # a file system without links
        shutil.copy2(path, aside)
    return aside


def _refuse_violations(workspace: Workspace, names: set[str]) -> None:
    from coopgraph.build import build
    from coopgraph.check.findings import VIOLATION

    findings = build.check(workspace).findings
    wrong = [each for each in findings if each.severity == VIOLATION and each.file in names]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise CheckError(f"nothing was written, for then {wrong[0]}{more}")


def judgements(review: Review, words: Vocabulary, former: Sequence[Judgement]) -> list[Judgement]:
    """Return what the claims that were taken say of names beside what is known, for all documents to come.

    A name that was linked means this thing, and one that is a new thing means none of those that were offered for it.
    """
    names, known = Names(words, former), {(each.name, each.entity, each.same) for each in former}
    new: dict[tuple[str, str, bool], Judgement] = {}
    for item in review.taken:
        for mention in _mentions(item):
            for entity, same in _meanings(mention, names):
                if (mention.text, entity, same) not in known:
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
