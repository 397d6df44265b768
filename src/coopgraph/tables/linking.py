"""Names of a table linked to the things of a graph: only where no doubt is left; all others are asked for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from coopgraph.rdf.terms import value
from coopgraph.rdf.vocab import coop
from coopgraph.reading import literals
from coopgraph.reading.judged_names import JudgedNames
from coopgraph.reading.mentions import HOMONYMS, comparable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from coopgraph.reading.model import Judgement
    from coopgraph.reading.vocabulary import Vocabulary
    from coopgraph.store.interface import Store
    from coopgraph.tables.mapping import EntityEntry
    from coopgraph.tables.naming import Name

How: TypeAlias = Literal["identifier", "judgement", "label", "new", "decided", "left out", "asked"]
"""What linked a name, or that it is new, left out, or still asked for."""
NEAR = 85
"""How near (per cent) an unknown name comes to a known one for that to be a candidate."""
_LEAST_LETTERS = 5
_MOST_NEAR = 5
_AT_ONCE = 256
"""Names that are compared with all others at a time."""
_CONTAINED = ("partOf", "locatedIn")
_ROOTS = ("Place", "Organisation", "Person", "Event", "Initiative", "Post", "Agreement")


@dataclass(slots=True)
class Link:
    """What a name was linked to (IRI), and how; while it is asked for, `candidates` (IRIs) are what it may mean."""

    how: How
    iri: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class Linker:
    """Links names to the things of a graph; `containers` has what each thing (IRI) lies in.

    `brought` are the things that the table itself has brought, each with what tells its names apart in it; `further`
    are the names beside a name, such as those in other languages.
    """

    words: Vocabulary
    judgements: Sequence[Judgement]
    containers: Mapping[str, frozenset[str]]
    brought: Mapping[str, Collection[str]] = field(default_factory=dict)
    further: Mapping[Name, Iterable[str]] = field(default_factory=dict)
    _by_name: dict[str, list[str]] = field(init=False)
    _by_identifier: dict[str, list[str]] = field(init=False)
    _judged: dict[str, str] = field(init=False)
    _denied: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        names, identifiers = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for iri, thing in self.words.things.items():
            if not thing.is_concept:
                for label in {key_of(each) for each in (*thing.labels.values(), *thing.alt_labels)}:
                    names[label].append(iri)
                for each in thing.identifiers:
                    identifiers[each.casefold()].append(iri)
        self._by_name, self._by_identifier = names, identifiers
        judged = JudgedNames(self.judgements, key_of)
        self._judged, self._denied = judged.chosen, judged.denied

    def link(self, names: Mapping[Name, EntityEntry], decided: Mapping[Name, Link]) -> dict[Name, Link]:
        """Return what each name means: what was decided, one thing, a new one, or what has to be asked for."""
        links: dict[Name, Link] = dict(decided)
        unknown: list[Name] = []
        for name in sorted(names.keys() - decided.keys(), key=_order):
            link = self._known(name, names[name], links)
            if link is None:
                unknown.append(name)
            links[name] = link or Link("asked")
        near = self._near([name for name in unknown if names[name].match and names[name].new != "all"], links)
        for name in unknown:
            candidates = near.get(name, ())
            is_new = names[name].new == "all" or not names[name].match or (names[name].new and not candidates)
            links[name] = Link("new") if is_new else Link("asked", None, candidates)
        return links

    def _known(self, name: Name, entity: EntityEntry, links: Mapping[Name, Link]) -> Link | None:
        """Return what is known of a name; None where nothing is."""
        if not entity.match:
            return None
        identifier = name.apart[0] if entity.identifier else ""
        identified = [iri for iri in self._by_identifier.get(identifier.casefold(), ()) if self._fits(iri, name)]
        if len(identified) == 1:
            return Link("identifier", identified[0])
        key = key_of(name.text)
        judged = self._judged.get(key)
        if judged in self.words.things and self._fits(str(judged), name) and self._lies(str(judged), name, links):
            return Link("judgement", judged)
        return self._labelled(name, key, entity, links) or self._called(name, entity, links)

    def _called(self, name: Name, entity: EntityEntry, links: Mapping[Name, Link]) -> Link | None:
        """Return what has one of the further names of a name, which somebody has to decide on; None for nothing."""
        keys = map(key_of, self.further.get(name, ()))
        same = (iri for key in keys for iri in self._by_name.get(key, ()) if self._may_be(iri, name))
        possible = (iri for iri in same if self._lies(iri, name, links) is not False)
        several = tuple(dict.fromkeys(iri for iri in possible if not self._is_told_apart(iri, name, entity)))
        return Link("asked", None, several[:_MOST_NEAR]) if several else None

    def _labelled(self, name: Name, key: str, entity: EntityEntry, links: Mapping[Name, Link]) -> Link | None:
        same = [iri for iri in self._by_name.get(key, ()) if iri not in self._denied[key] and self._may_be(iri, name)]
        same = [iri for iri in same if not self._is_told_apart(iri, name, entity)]
        lies = {iri: self._lies(iri, name, links) for iri in same}
        possible = [iri for iri in same if lies[iri] is not False]
        fitting = [iri for iri in possible if self._fits(iri, name)]
        is_sure = name.within is not None or key not in HOMONYMS
        if len(fitting) == 1 and is_sure and lies[fitting[0]] and (name.within is not None or len(possible) == 1):
            return Link("label", fitting[0])
        if possible:
            return Link("asked", None, tuple(possible))
        return None

    def _kind(self, iri: str) -> str:
        thing = self.words.things.get(iri)
        return thing.kind if thing else ""

    def _fits(self, iri: str, name: Name) -> bool:
        """Say whether a thing is of the class of a name, or of one below or above it."""
        kind = self._kind(iri)
        return bool(kind) and (self.words.is_a(kind, name.kind) or self.words.is_a(name.kind, kind))

    def _may_be(self, iri: str, name: Name) -> bool:
        """Say whether a thing is of the same kind as a name, such as any place."""
        thing = self.words.things.get(iri)
        return thing is not None and self.words.is_a(name.kind, thing.root)

    def _is_told_apart(self, iri: str, name: Name, entity: EntityEntry) -> bool:
        """Say whether a thing of some name is another one: the table has it under another identifier, or ISO does."""
        if name.told_apart not in self.brought.get(iri, (name.told_apart,)):
            return True
        identifier = name.apart[0] if entity.identifier else ""
        codes = [each for each in self.words.things[iri].identifiers if literals.ISO_3166.fullmatch(each)]
        return bool(codes and literals.ISO_3166.fullmatch(identifier)) and identifier not in codes

    def _lies(self, iri: str, name: Name, links: Mapping[Name, Link]) -> bool | None:
        """Say whether a thing lies where a name says; None where that is not known."""
        if name.within is None:
            return True
        around, wanted = self.containers.get(iri, frozenset()), links[name.within].iri
        if wanted in around:
            return True
        same_kind = [each for each in around if self.words.is_a(self._kind(each), name.within.kind)]
        return False if same_kind and (wanted or links[name.within].how == "new") else None

    def _near(self, names: Sequence[Name], links: Mapping[Name, Link]) -> dict[Name, tuple[str, ...]]:
        """Return the things whose names come near those of no thing."""
        by_root: dict[str, list[Name]] = defaultdict(list)
        for name in names:
            if len(key_of(name.text)) >= _LEAST_LETTERS:
                by_root[self._root(name.kind)].append(name)
        found: dict[Name, tuple[str, ...]] = {}
        for root, several in by_root.items():
            choices = [key for key, iris in self._by_name.items() if any(self._is_root(iri, root) for iri in iris)]
            for name, keys in _nearest(several, choices):
                denied = self._denied[key_of(name.text)]
                iris = dict.fromkeys(iri for key in keys for iri in self._by_name[key] if self._is_root(iri, root))
                near = [iri for iri in iris if iri not in denied and self._lies(iri, name, links) is not False]
                if near:
                    found[name] = tuple(near[:_MOST_NEAR])
        return found

    def _root(self, kind: str) -> str:
        above = self.words.supers.get(kind, frozenset((kind,)))
        return next((root for root in _ROOTS if root in above), kind)

    def _is_root(self, iri: str, root: str) -> bool:
        return self.words.things[iri].root == root


def unite(links: Mapping[Name, Link]) -> None:
    """Make new things one whose names are alike: what does not matter in linking tells no things apart."""
    alike: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for name, link in links.items():
        if link.how == "new":
            alike[name.kind, key_of(name.text), *_around(name.within), *name.apart].append(name)
    for several in alike.values():
        first, *others = sorted(several, key=lambda name: (name.text.isupper(), name.text))
        for name in others:
            links[name].how, links[name].iri = "label", links[first].iri


def _around(name: Name | None) -> tuple[str, ...]:
    return () if name is None else (name.kind, key_of(name.text), *_around(name.within), "")


@lru_cache(maxsize=1 << 16)
def key_of(text: str) -> str:
    """Return a name as names are compared: case, width and the script of Chinese do not matter."""
    return comparable(text).casefold()


def _order(name: Name) -> tuple[int, tuple[str, ...]]:
    """Sort names so that what they lie within comes before them."""
    inner = _order(name.within) if name.within else (-1, ())
    return inner[0] + 1, (*inner[1], name.kind, name.text, *name.apart)


def _nearest(names: Sequence[Name], choices: Sequence[str]) -> Iterable[tuple[Name, list[str]]]:
    """Yield names with the choices that come near, the nearest first."""
    if not choices:
        return
    import numpy as np
    from rapidfuzz import fuzz, process

    for at in range(0, len(names), _AT_ONCE):
        several = names[at : at + _AT_ONCE]
        keys = [key_of(name.text) for name in several]
        scores = process.cdist(keys, choices, scorer=fuzz.ratio, score_cutoff=NEAR, dtype=np.uint8, workers=-1)
        for name, row in zip(several, scores, strict=True):
            hits = np.flatnonzero(row)
            if len(hits):
                order = sorted(hits.tolist(), key=lambda each: (-int(row[each]), choices[each]))
                yield name, [choices[each] for each in order]


def containers(store: Store) -> dict[str, frozenset[str]]:
    """Return by thing (IRI) all that it lies in, near and far, as far as the graph knows."""
    direct: dict[str, set[str]] = defaultdict(set)
    for relation in _CONTAINED:
        for quad in store.quads(predicate=coop(relation)):
            direct[value(quad.subject)].add(value(quad.object))
    around: dict[str, frozenset[str]] = {}
    for iri in direct:
        seen, waiting = set[str](), [iri]
        while waiting:
            for each in direct.get(waiting.pop(), ()):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        around[iri] = frozenset(seen)
    return around
