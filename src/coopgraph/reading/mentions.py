"""The names in a text: what the graph knows, places of the gazetteer, and names that nobody knows yet.

The longest name wins. A name of one thing is linked; one of several, or one that comes near, has candidates instead.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from functools import cache
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims import matching
from coopgraph.claims.model import Entity
from coopgraph.claims.passages import normalise
from coopgraph.reading import unknown_names, unknown_places
from coopgraph.reading.judged_names import JudgedNames
from coopgraph.reading.model import Candidate, Mention

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from coopgraph.reading.model import Judgement
    from coopgraph.reading.vocabulary import Vocabulary

HOMONYMS = frozenset(
    "suzhou taizhou macau fuzhou yichun jinzhou shanxi suizhou xinxiang georgia cordoba valencia victoria".split()  # noqa: SIM905
)
"""Names that stand for several places of which a graph may know one: never linked without being asked."""
_NEAR = 85
"""How near (per cent) an unknown name comes to a known one for that to be a candidate."""
_MOST_NEAR = 5
_SUFFIXES = {"Province": ("省", "自治区", "自治區", "市"), "City": ("市",), "Country": ("共和国",)}
_WORDS_AFTER = {"Province": ("province",), "City": ("city",)}
_TOKEN = re.compile(rf"[{matching.HAN}]|[^\W_]+")
_IN_OFFICE = re.compile(r" (?:and \w+ )?Affairs|事务|事務")
"""After the name of a place: it is a part of what an office is called."""
_GENERAL = (
    "development of the {}",
    "{} development",
    "{} strategy",
    "{} initiative",
    "{}建设",
    "{}倡议",
    "{}战略",
    "{}发展",
)
"""A place and the plan that is named after it."""
_GOVERNMENT = re.compile(r"Government of (?:the )?(.+)")
_ENTITY_ROOTS = ("Place", "Organisation", "Person", "Event", "Initiative", "Post", "Agreement")


class Name(NamedTuple):
    """A name as it is compared, and what has it: the IRI of a thing, or where nothing is known of it, its class."""

    letters: str
    entity: str | None
    kind: str
    exact_case: bool = True


class Names:
    """All names that are looked for in texts, by the word or Chinese character that they begin with."""

    def __init__(self, vocabulary: Vocabulary, judgements: Iterable[Judgement] = ()) -> None:
        self.vocabulary = vocabulary
        judged = JudgedNames(judgements, comparable)
        self._chosen, self._denied = judged.chosen, judged.denied
        self._by_start: dict[str, dict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
        names = [name for thing in vocabulary.things.values() for name in _names(thing)]
        letters = {name.letters.casefold() for name in names}
        for name in (*names, *(place for place in gazetteer() if place.letters.casefold() not in letters)):
            if start := _TOKEN.match(name.letters):
                self._by_start[start.group().casefold()][name.letters].append(name)
        self._longest = {start: sorted(names, key=len, reverse=True) for start, names in self._by_start.items()}

    def mentions(self, text: str) -> list[Mention]:
        """Return the names in a normalised text, from left to right, none within another."""
        letters, places = matching.key(text)
        mentions = []
        for at, end, names in self._known(simplified(letters), letters):
            start, stop = places[at], places[end - 1] + 1
            if not _IN_OFFICE.match(text, stop):
                mentions.append(self._mention(text[start:stop], start, stop, names))
        mentions = _longest(mentions)
        unknown = (*unknown_names.find(text, mentions), *unknown_places.find(text, mentions))
        return _longest([*mentions, *map(self._unknown, unknown)])

    def within(self, words: str) -> list[Mention]:
        """Return the known names within a name, that itself left out, and shorter ones of the same thing too."""
        letters, places = matching.key(words)
        simple = simplified(letters)
        whole = (names for at, end, names in self._known(simple, letters) if end - at == len(letters))
        own = {name.entity for names in whole for name in names if name.entity}
        return _longest(
            self._mention(words[places[at] : places[end - 1] + 1], places[at], places[end - 1] + 1, names)
            for at, end, names in self._known(simple, letters, own)
            if end - at < len(letters)
        )

    def _known(self, simple: str, letters: str, without: Collection[str] = ()) -> Iterator[tuple[int, int, list[Name]]]:
        """Yield the longest known name that begins at each word or character, some things (IRIs) left out."""
        for token in _TOKEN.finditer(simple):
            start = token.group().casefold()
            for name in self._longest.get(start, ()):
                names = self._by_start[start][name]
                if any(each.entity in without for each in names):
                    continue
                if _stands_at(simple, letters, token.start(), name, names):
                    yield token.start(), token.start() + len(name), names
                    break

    def _mention(self, words: str, start: int, end: int, names: Sequence[Name]) -> Mention:
        name = comparable(words)
        things = sorted({each.entity for each in names if each.entity} - self._denied[name])
        kind = next((each.kind for each in names), "")
        if name in self._chosen:
            things, kind = [self._chosen[name]], self._kind(self._chosen[name])
        sure = len(things) == 1 and (name.casefold() not in HOMONYMS or name in self._chosen)
        entity = things[0] if sure else None
        return Mention(words, start, end, entity, () if sure else tuple(map(self._candidate, things)), kind)

    def _unknown(self, mention: Mention) -> Mention:
        """Return an unknown name with the one thing that a person chose for it, or with what comes near."""
        name = comparable(mention.text)
        if name in self._chosen:
            chosen = self._chosen[name]
            return Mention(mention.text, mention.start, mention.end, chosen, (), self._kind(chosen))
        near = (each for each in self.near(mention.text, mention.kind) if each.entity not in self._denied[name])
        return Mention(mention.text, mention.start, mention.end, None, tuple(near), mention.kind)

    def of_kind(self, words: str, kind: str) -> Mention | None:
        """Return the one thing of a class that has a name, but for a general word such as `development` with it."""
        name = comparable(words).casefold()
        names = {name, *(form.format(name) for form in _GENERAL)}
        things = {iri for each in names for iri in self._near_names("").get(each, ())}
        things = {iri for iri in things if self.vocabulary.is_a(self._kind(iri), kind)}
        if len(things) != 1:
            return None
        (iri,) = things
        return Mention(words, 0, len(words), iri, (), self._kind(iri))

    def near(self, words: str, kind: str = "") -> list[Candidate]:
        """Return the things whose names come near a name of five letters or more, of its class where that is known."""
        name = comparable(words).casefold()
        if len(name) < (4 if matching.WIDE_LETTER.search(name) else 5):
            return []
        try:
            from rapidfuzz import fuzz, process
        except ImportError:  # the extra is not there: names have fewer candidates
            return []
        root = self._root(kind)
        names = self._near_names(root)
        matches = process.extract(name, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_MOST_NEAR * 3)
        best: dict[str, int] = {}
        for match, score, _ in matches:
            for iri in names[match]:
                best.setdefault(iri, round(score))
        return [replace(self._candidate(iri), nearness=score) for iri, score in list(best.items())[:_MOST_NEAR]]

    @cache  # noqa: B019 - names live as long as the program reads
    def _near_names(self, root: str) -> dict[str, list[str]]:
        names: dict[str, list[str]] = defaultdict(list)
        for thing in self.vocabulary.things.values():
            if thing.root in _ENTITY_ROOTS and (not root or thing.root == root):
                for label in (thing.label, *thing.other_names):
                    names[comparable(label).casefold()].append(thing.iri)
        return names

    def _root(self, kind: str) -> str:
        above = self.vocabulary.supers.get(kind, frozenset((kind,)))
        return next((root for root in _ENTITY_ROOTS if root in above), "")

    def _kind(self, iri: str) -> str:
        thing = self.vocabulary.things.get(iri)
        return thing.kind if thing else ""

    def _candidate(self, iri: str) -> Candidate:
        thing = self.vocabulary.things.get(iri) or Entity(iri, "", "")
        return Candidate(iri, thing.label, thing.kind)


_COMMON = frozenset(("联络处", "办事处", "代表处", "驻内地办事处", "政府", "省政府", "市政府", "两地", "双方"))
"""Words that mean the one that a text has just named, whatever graph has them as another name of a thing."""


def _names(thing: Entity) -> Iterator[Name]:
    """Yield the names of a thing as they are compared, without an article, and a place with its kind behind it."""
    letters = {comparable(label) for label in (*thing.labels.values(), *thing.alt_labels)}
    letters = {name[4:] if name.lower().startswith("the ") else name for name in letters}
    for suffix in _SUFFIXES.get(thing.kind, ()):
        letters |= {name + suffix for name in letters if matching.WIDE_LETTER.match(name) and not name.endswith(suffix)}
    for word in _WORDS_AFTER.get(thing.kind, ()):
        letters |= {f"{name} {word.title()}" for name in letters if name.isascii() and word not in name.lower()}
    letters |= {f"{of[1]} Government" for name in letters if (of := _GOVERNMENT.match(name))}
    letters |= {name.replace(" and ", " & ") for name in letters}
    letters -= _COMMON
    any_case = thing.root not in _ENTITY_ROOTS or thing.kind == "Group"
    yield from (Name(name, thing.iri, thing.kind, not any_case) for name in sorted(letters) if len(name) > 1)


def _stands_at(simple: str, letters: str, at: int, name: str, names: Sequence[Name]) -> bool:
    """Say whether a name stands at a place as a whole word, in its own case unless it is that of a concept."""
    end = at + len(name)
    stretch = simple[at:end]
    if stretch != name and (stretch.casefold() != name.casefold() or all(each.exact_case for each in names)):
        return False
    edge = name[-1].isascii() and name[-1].isalnum() and end < len(letters)
    return not (edge and letters[end].isascii() and letters[end].isalnum())


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions of which none lies within or across another: the longer stays."""
    kept: list[Mention] = []
    starts: list[int] = []
    for mention in sorted(mentions, key=lambda each: (each.start - each.end, each.entity is None, each.start)):
        at = bisect_right(starts, mention.start)
        if (at == 0 or kept[at - 1].end <= mention.start) and (at == len(kept) or mention.end <= kept[at].start):
            starts.insert(at, mention.start)
            kept.insert(at, mention)
    return kept


@cache
def gazetteer() -> tuple[Name, ...]:
    """Return the places that the package knows by name, in three scripts."""
    rows = package_files("coopgraph.reading").joinpath("places.tsv").read_text("utf-8").splitlines()[1:]
    places = [
        Entity(name, row[0], "Place", {"en": row[1], "zh-hans": row[2], "zh-hant": row[3]})
        for name, row in ((row, row.split("\t")) for row in rows)
    ]
    return tuple(name._replace(entity=None) for place in places for name in _names(place))


def comparable(name: str) -> str:
    """Return a name as names are compared, but for case: one look, one script of Chinese."""
    if name.isascii() and name.isprintable():  # most names, of which nothing but blanks can differ
        return " ".join(name.split())
    return simplified(matching.key(normalise(name)).letters)


@cache
def _converter() -> Callable[[str], str] | None:
    try:
        from opencc import OpenCC
    except ImportError:
        return None
    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


def simplified(letters: str) -> str:
    """Return letters with traditional characters made simplified, one for one, for comparing alone."""
    convert = _converter()
    if convert is None or letters.isascii():
        return letters
    whole = convert(letters)
    return whole if len(whole) == len(letters) else "".join(map(_simple, letters))


@cache
def _simple(letter: str) -> str:
    convert = _converter()
    simple = convert(letter) if convert else letter
    return simple if len(simple) == 1 else letter
