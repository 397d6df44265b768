"""The claims of a graph file as items of a review, for a sheet of them, and what a sheet makes of the file.

A claim that no row changes stays as it is, with all that a sheet has no column for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims import passages
from coopgraph.errors import DataError, UsageError
from coopgraph.rdf.terms import Literal, NamedNode, Triple, value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE, coop, local_name
from coopgraph.reading import acceptance, amendment, qualifiers
from coopgraph.reading.entries import PASSAGE, Entry
from coopgraph.reading.model import Decision, Document, Figure, Mention, Origin, Period, Proposal, Qualifier
from coopgraph.reading.review import Item, Review
from coopgraph.reading.triples import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.acceptance import Acceptance
    from coopgraph.reading.sheet_gate import Gate
    from coopgraph.reading.vocabulary import Vocabulary

_OA = STANDARD["oa"]
_GIST = coop("gist")


class _Passage(NamedTuple):
    """A passage of the file's source: IRI, bounds in the text, paragraph, words where the text has them, and gist."""

    iri: str
    start: int
    end: int
    paragraph: int
    quotation: str
    gist: Literal | None


class GraphClaims:
    """The claims of one graph file of a workspace, all of one source, whose text may be at hand or not.

    `review` has them as items, and `source` is the slug of the source. Raises `UsageError` where the file has passages
    of no source or of several, and `DataError` where it cannot be read.
    """

    def __init__(self, workspace: Workspace, path: Path, words: Vocabulary, texts: Path | None = None) -> None:
        self._workspace, self._path, self._words = workspace, path, words
        own = _by_subject(acceptance.triples_of(workspace, path))
        self.source = _source(own, workspace, path)
        self._by_file = {path: list(acceptance.triples_of(workspace, path))}
        self._by_file |= acceptance.triples_of_source(workspace, self.source)
        self._of = _by_subject(triple for triples in self._by_file.values() for triple in triples)
        self._text = self._text_of(texts)
        self._passages = {each.iri: each for each in self._each_passage()}
        claims = [name for name, of in own.items() if any(value(each.predicate) == RDF + "subject" for each in of)]
        self._items = {name: item for name in sorted(claims) if (item := self._item(name))}
        origin = Origin(f"{self.source}.txt", "", "text/plain", "", passages.digest(self._text))
        self.review = Review(Document(self.source, self._text, origin), tuple(self._items.values()), frozenset())

    def _text_of(self, folder: Path | None) -> str:
        """Return the text of the source, empty where it is not at hand."""
        names = self._values(self._workspace.prefixes["source"] + self.source, coop("textFile"))
        texts = self._workspace.texts(folder)
        file = texts.find(names[0]) if names and texts else None
        return passages.read(file) if file else ""

    def _values(self, name: str, predicate: str) -> list[str]:
        return [value(each.object) for each in self._of.get(name, ()) if value(each.predicate) == predicate]

    def _each_passage(self) -> Iterator[_Passage]:
        for name, of in self._of.items():
            stated = {value(each.predicate): each.object for each in of}
            numbers = [stated.get(each) for each in (_OA + "start", _OA + "end", coop("paragraph"))]
            if not all(isinstance(each, Literal) and each.value.isdecimal() for each in numbers):
                continue
            start, end, paragraph = (int(value(each)) for each in numbers if each)
            words = self._text[start:end]
            digest = value(stated.get(coop("textSha256")) or Literal(""))
            gists = [each.object for each in of if value(each.predicate) == _GIST and isinstance(each.object, Literal)]
            gist = min(gists, key=lambda each: (each.language != "en", each.language or ""), default=None)
            yield _Passage(name, start, end, paragraph, words if passages.digest(words) == digest else "", gist)

    def _item(self, name: str) -> Item | None:
        """Return a claim as an item, with the words of all its passages, a line each; None where it has none."""
        cited = list(self._passages_of(name))
        if not cited:
            return None
        cited.sort(key=lambda each: each.start)
        first = cited[0]
        claim = Proposal(
            local_name(name), self.source, first.paragraph, first.start, first.end,
            "\n".join(each.quotation for each in cited).strip("\n"), self._mention(name, RDF + "subject"),
            self._first(name, RDF + "predicate"), self._object(name), local_name(self._first(name, coop("status"))),
            ("graph",), None, tuple(self._mentions(name, coop("field"))), tuple(self._mentions(name, coop("statedBy"))),
            next(self._mentions(name, coop("statedAt")), None), self._period(name),
            tuple(self._qualifiers(name)),
        )  # fmt: skip
        gist = "\n".join(each.gist.value for each in cited if each.gist)
        return Item(claim, "", Decision("accept", "", gist=gist or None))

    def _first(self, name: str, predicate: str) -> str:
        return next(iter(self._values(name, predicate)), "")

    def _mentions(self, name: str, predicate: str) -> Iterator[Mention]:
        yield from map(self._thing, sorted(self._values(name, predicate)))

    def _thing(self, iri: str) -> Mention:
        thing = self._words.things.get(iri)
        return Mention(thing.label if thing else iri, 0, 0, iri, kind=thing.kind if thing else "")

    def _mention(self, name: str, predicate: str) -> Mention:
        return next(self._mentions(name, predicate), Mention("", 0, 0))

    def _object(self, name: str) -> Mention | Figure:
        number = next((each.object for each in self._of[name] if value(each.predicate) == RDF + "object"), None)
        if not isinstance(number, Literal):
            return self._mention(name, RDF + "object")
        unit, as_of = self._first(name, coop("unit")), self._first(name, coop("asOf"))
        share_of = next(self._mentions(name, coop("shareOf")), None)
        precision = self._first(name, coop("asOfPrecision"))
        return Figure(number.value, 0, 0, number.value, unit or None, as_of or None, precision or None, share_of)

    def _qualifiers(self, name: str) -> Iterator[Qualifier]:
        is_figure = any(isinstance(each.object, Literal) for each in self._of[name]
                        if value(each.predicate) == RDF + "object")  # fmt: skip
        pairs = ((value(each.predicate), each.object) for each in self._of[name])
        for each in qualifiers.stated(pairs, self._thing):
            if not (is_figure and each.name in qualifiers.OF_FIGURES):
                yield each

    def _period(self, name: str) -> Period:
        predicates = ("validFrom", "validFromPrecision", "validTo", "validToPrecision")
        return Period(*(self._first(name, coop(each)) or None for each in predicates))

    def change(self, gate: Gate) -> Acceptance:
        """Return what a sheet that was taken makes of the graph files.

        Raises `UsageError` where rows give one passage two gists.
        """
        by_id = {item.claim.id: name for name, item in self._items.items()}
        decided: dict[str, list[Proposal]] = defaultdict(list)
        for act, claim, _, _ in gate.decisions:
            decided[claim.id] += [claim] if act != "reject" else []
        former = {name: self._stated(item.claim) for name, item in self._items.items()}
        latter = {}
        for name, claims in decided.items():
            is_same = name in by_id and name not in gate.context.requoted
            latter[by_id.get(name, name)] = [
                each for claim in claims for each in (self._stated(claim, by_id[name]) if is_same else [claim])
            ]
        gists = self._new_gists(gate)
        touched = [name for name in latter if name in former]
        before = self._statements([claim for name in touched for claim in former[name]], {}, self._bare(touched))
        after = self._statements([claim for of in latter.values() for claim in of], gists, before.entries)
        after.moved.clear()
        triples = [triple for of in self._by_file.values() for triple in of]
        change = amendment.amendment(self._workspace, triples, before.entries, after, is_forced=True)
        self._change_gists(change, gists)
        texts = acceptance.new_texts(self._workspace, self._by_file, change, self._path)
        return acceptance.of_change(self._workspace, texts, change, [])

    def _stated(self, claim: Proposal, name: str = "") -> list[Proposal]:
        """Return a claim once for each passage that states it in the file."""
        name = name or self._workspace.prefixes["claim"] + claim.id
        cited = self._passages_of(name)
        return [replace(claim, start=each.start, end=each.end, quotation=each.quotation) for each in cited]

    def _bare(self, names: Iterable[str]) -> dict[str, Entry]:
        """Return the claims and passages of the file as what was written, for them to keep their names."""
        kind: list[tuple[str, Literal | NamedNode]] = [(TYPE, NamedNode(coop("Claim")))]
        claims = {name: Entry([*kind], [local_name(name)]) for name in names}
        return claims | {name: Entry([*kind]) for name in self._passages}

    def _statements(
        self, claims: Sequence[Proposal], gists: Mapping[tuple[int, int], str], written: Mapping[str, Entry]
    ) -> Statements:
        """Return what claims say, passages having the gists that they have in the file, or else a new one."""
        places = {(each.start, each.end): each.iri for each in self._passages.values()}
        kept = {(each.start, each.end): each.gist.value for each in self._passages.values() if each.gist}
        items = []
        for claim in claims:
            bounds = claim.start, claim.end
            gist = kept.get(bounds) or gists.get(bounds)
            items.append(Item(claim, "accept", Decision("accept", "", gist=gist)))
        review = replace(self.review, items=tuple(items))
        triples = [triple for of in self._by_file.values() for triple in of]
        statements = Statements(review, self._words, self._workspace.prefixes, triples, written, places)
        statements.write()
        return statements

    def _new_gists(self, gate: Gate) -> dict[tuple[int, int], str]:
        """Return the gists that rows give to passages: a line each, or one for all."""
        gists: dict[tuple[int, int], str] = {}
        former = {item.claim.id: item.decision.gist if item.decision else None for item in self._items.values()}
        rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
        gist_of: dict[str, str] = {}
        for act, claim, _, gist in gate.decisions:
            if act != "reject" and gist and gist != former.get(claim.id):
                rows[claim.id].append((claim.start, claim.end))
                gist_of[claim.id] = gist
        for name, bounds in rows.items():
            lines = gist_of[name].splitlines()
            places = bounds
            if name in former and name not in gate.context.requoted:
                iri = self._workspace.prefixes["claim"] + name
                places = sorted((each.start, each.end) for each in self._passages_of(iri))
            for at, place in enumerate(places):
                gist = lines[at] if len(lines) == len(places) else " ".join(lines)
                if gists.setdefault(place, gist) != gist:
                    raise UsageError(f"the rows give one passage two gists, {gists[place]!r} and {gist!r}; write one")
        return gists

    def _passages_of(self, claim: str) -> Iterator[_Passage]:
        yield from (self._passages[each] for each in self._values(claim, PASSAGE) if each in self._passages)

    def _change_gists(self, change: amendment.Amendment, gists: Mapping[tuple[int, int], str]) -> None:
        """Give passages that are there the gists of rows, in the language that they have."""
        for each in self._passages.values():
            gist = gists.get((each.start, each.end))
            if gist and each.gist and gist != each.gist.value:
                node, predicate = NamedNode(each.iri), NamedNode(_GIST)
                change.lost.append(Triple(node, predicate, each.gist))
                change.gained.append(Triple(node, predicate, Literal(gist, language=each.gist.language)))


def _by_subject(triples: Iterable[Triple]) -> dict[str, list[Triple]]:
    of: dict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        of[value(triple.subject)].append(triple)
    return of


def _source(of: Mapping[str, Sequence[Triple]], workspace: Workspace, path: Path) -> str:
    """Return the slug of the one source that a file has passages of."""
    sources = {value(each.object) for triples in of.values() for each in triples
               if value(each.predicate) == _OA + "hasSource"}  # fmt: skip
    if len(sources) != 1:
        what = "has no passages" if not sources else f"has passages of {len(sources)} sources"
        raise UsageError(f"{workspace.name_of(path)}: {what}; name a graph file with the claims of one source")
    return local_name(sources.pop())


def find(workspace: Workspace, name: str) -> Path:
    """Return the Turtle file of a workspace that a path means, seen from here or from the workspace."""
    from pathlib import Path

    given = Path(name)
    path = given if given.exists() else workspace.root / name
    listed = [each.path for each in workspace.graph_files() if each.path.resolve() == path.resolve()]
    if not listed:
        raise DataError(f"{name}: is no graph file of the workspace; name one below {workspace.root / 'graphs'}")
    return listed[0]
