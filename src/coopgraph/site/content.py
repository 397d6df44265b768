"""What the pages of a site are about: all claims of a graph, and all things that have a page, each found by its IRI."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from coopgraph.ask import fates, questions
from coopgraph.ask.sentences import GROUPS
from coopgraph.errors import UsageError, short
from coopgraph.rdf.terms import Literal, NamedNode, language_tag, value
from coopgraph.rdf.vocab import (
    CONCEPT_CLASSES,
    CONCEPT_KINDS,
    ENTITY_KINDS,
    HOPED_FOR,
    LABEL,
    LANGUAGES,
    STANDARD,
    TYPE,
    coop,
    relation_iri,
    status_iri,
)
from coopgraph.site import whole
from coopgraph.site.addresses import Addresses
from coopgraph.site.downloads import Downloads
from coopgraph.site.links import Links
from coopgraph.store import class_tree, extracts, written_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from coopgraph.ask.graph import CoopGraph
    from coopgraph.claims.fate import Fate
    from coopgraph.claims.model import Claim, Entity, Extract, Passage, Source
    from coopgraph.claims.query_file import QueryFile
    from coopgraph.rdf.terms import Quad
    from coopgraph.site.whole import Whole
    from coopgraph.store.interface import Store

PAGE = 100
"""Claims on a page."""
_HOPES = 1_500
"""Plans and hopes beyond which the question what became of all of them takes longer than a reader waits."""
_PIECES = 60_000
"""Claims and names whose HTML is remembered: some 80 MB."""
_Made = TypeVar("_Made")
_WGS84 = STANDARD["wgs84"]
_TITLE = STANDARD["dcterms"] + "title"


class Content:
    """A graph as a site shows it; what is worked out of it is worked out once.

    `whole` is what has been read of all quads at once, and `downloads` what is packed of them, for as long as a site is
    published.
    """

    def __init__(
        self,
        graph: CoopGraph,
        address: str | None = None,
        languages: tuple[str, ...] = LANGUAGES,
        forms: tuple[str, ...] = (),
    ) -> None:
        self.graph, self.languages, self.forms = graph, languages, forms
        self.address = address or graph.workspace.base.removesuffix("/").removesuffix("/id") + "/"
        self.store: Store = graph.store
        self.workspace = graph.workspace
        self.addresses = Addresses(graph.workspace.base)
        self.whole: Whole | None = None
        self.downloads: Downloads | None = None
        self._pieces: dict[Hashable, Any] = {}

    def __contains__(self, iri: object) -> bool:
        """Say whether something has a page about itself."""
        return iri in self.things or iri in self.sources or iri in self.claim_of or iri in self.extract.passages

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what belongs to a key, made where it has not been made before."""
        piece: _Made | None = self._pieces.get(key)
        if piece is None:
            if len(self._pieces) > _PIECES:
                self._pieces.clear()
            piece = self._pieces[key] = make()
        return piece

    @cached_property
    def extract(self) -> Extract:
        """All claims, with all that they mention."""
        return extracts.extract(self.store)

    @cached_property
    def iris(self) -> frozenset[str]:
        """What has a page of its own beside sources, claims and passages: entities, concepts, classes, relations."""
        classes = class_tree.classes(self.store, "Entity", *CONCEPT_CLASSES)
        members = (self.store.quads(predicate=TYPE, target=NamedNode(name)) for name in classes)
        return frozenset((*self.classes, *self.relations, *(value(q.subject) for quads in members for q in quads)))

    @cached_property
    def things(self) -> Mapping[str, Entity]:
        """IRI -> what is known of that."""
        described = extracts.entities(self.store, self.iris - self.extract.terms.keys())
        return {iri: self.extract.terms.get(iri) or described[iri] for iri in sorted(self.iris)}

    @cached_property
    def classes(self) -> Sequence[str]:
        """The classes of the ontology that have a label, sorted; those that it only aligns itself with have none."""
        classes = self._of_type(STANDARD["owl"] + "Class")
        return [iri for iri in classes if next(self.store.quads(subject=iri, predicate=LABEL), None)]

    @cached_property
    def relations(self) -> Sequence[str]:
        """The properties that claims can have, sorted."""
        return sorted({value(quad.subject) for quad in self.store.quads(predicate=coop("relationGroup"))})

    def members(self, kind: str) -> list[str]:
        """Return the things of a class that have pages, by name."""
        if self.whole:
            iris = self.whole.members.get(kind, frozenset())
        else:
            iris = frozenset(value(q.subject) for q in self.store.quads(predicate=TYPE, target=NamedNode(kind)))
        return sorted(iris & self.things.keys(), key=self._by_name)

    def _of_type(self, name: str) -> list[str]:
        return sorted({value(quad.subject) for quad in self.store.quads(predicate=TYPE, target=NamedNode(name))})

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """All sources that claims rest on, the latest first."""
        dated = sorted(self.extract.sources.values(), key=lambda source: source.iri)
        return {s.iri: s for s in sorted(dated, key=lambda source: source.issued or "", reverse=True)}

    @cached_property
    def claim_of(self) -> Mapping[str, Claim]:
        """IRI -> claim."""
        return {claim.iri: claim for claim in self.extract.claims}

    @cached_property
    def _about(self) -> Mapping[str, Sequence[int]]:
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, claim in enumerate(self.extract.claims):
            for iri in (*claim.mentions, *claim.passages, *claim.sources, status_iri(claim.status)):
                numbers[iri].append(number)
            numbers[relation_iri(claim.group)].append(number)
        return numbers

    @cached_property
    def title_languages(self) -> Mapping[str, str]:
        """IRI of a source -> the language of the title that is shown."""
        quads = (q for iri in self.sources for q in self.store.quads(subject=iri, predicate=_TITLE))
        tags: dict[str, dict[str, str]] = defaultdict(dict)
        for quad in quads:
            if isinstance(quad.object, Literal):
                tags[value(quad.subject)][quad.object.value] = language_tag(quad.object.language or "")
        return {iri: tags[iri].get(source.title, "") for iri, source in self.sources.items()}

    def term(self, iri: str) -> Entity:
        """Return what is known of an entity, a concept or a term."""
        return self.things.get(iri) or self.extract.term(iri)

    def passages_of(self, claim: Claim) -> list[str]:
        """Return the passages of a claim that are there."""
        return [iri for iri in claim.passages if iri in self.extract.passages]

    def pages_of(self, source: str) -> Sequence[Sequence[Passage]]:
        """Return the passages of a source in the order of its text, in pages of about `PAGE` claims."""
        return self._pages_of.get(source, [[]])

    @cached_property
    def _pages_of(self) -> Mapping[str, Sequence[Sequence[Passage]]]:
        by_source: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.extract.passages.values():
            by_source[passage.source].append(passage)
        return {source: list(self._pages(passages)) for source, passages in by_source.items()}

    def _pages(self, passages: list[Passage]) -> Iterator[list[Passage]]:
        page: list[Passage] = []
        number = 0
        for passage in sorted(passages, key=lambda each: (each.paragraph or 0, each.start or 0, each.iri)):
            claims = len(self._about[passage.iri])
            if page and number + claims > PAGE:
                yield page
                page, number = [], 0
            page.append(passage)
            number += claims
        yield page

    @cached_property
    def _page_of_passage(self) -> Mapping[str, int]:
        return {
            passage.iri: number
            for pages in self._pages_of.values()
            for number, page in enumerate(pages, 1)
            for passage in page
        }

    def place_of_passage(self, passage: Passage) -> tuple[str, int, str]:
        """Return stem and number of the page of a source where a passage stands, and its anchor there."""
        stem = self.addresses.stem(passage.source)
        return stem, self._page_of_passage[passage.iri], f"p-{_last(self.addresses.stem(passage.iri))}"

    def place_of(self, claim: Claim) -> tuple[str, int, str]:
        """Return stem and number of the page of a source where a claim stands, and its anchor there."""
        own, passage = self.addresses.stem(claim.iri), self.first_passage(claim)
        if not passage:
            return own, 1, ""
        stem, page, _ = self.place_of_passage(self.extract.passages[passage])
        return stem, page, f"c-{_last(own)}"

    def first_passage(self, claim: Claim) -> str:
        """Return the passage under which a claim stands on the page of its source."""
        return next(iter(self.passages_of(claim)), "")

    @cached_property
    def links(self) -> Links:
        """The claims by the link that they state."""
        return Links(self.store, self.extract.claims)

    def about(self, iri: str) -> list[Claim]:
        """Return the claims that name a thing in any place, or rest on it, in the order of their IRIs."""
        return [self.extract.claims[number] for number in self._about.get(iri, ())]

    @cached_property
    def latest(self) -> Sequence[Claim]:
        """All claims, those of the latest sources first."""
        rank = {iri: number for number, iri in enumerate(self.sources)}
        group = {name: number for number, name in enumerate(GROUPS)}
        return sorted(
            self.extract.claims,
            key=lambda c: (min((rank[s] for s in c.sources), default=len(rank)), group.get(c.group, len(group)), c.iri),
        )

    @cached_property
    def dated(self) -> Sequence[Claim]:
        """The claims with a date, by the year in which they begin, or else end."""
        dated = ((next((year for year in c.years if year is not None), None), c.iri, c) for c in self.extract.claims)
        return [claim for _, _, claim in sorted((year, iri, claim) for year, iri, claim in dated if year is not None)]

    def position(self, iri: str) -> tuple[float, float] | None:
        """Return latitude and longitude of a place in degrees, where the graph states them."""
        values = [
            next((value(quad.object) for quad in self.store.quads(subject=iri, predicate=_WGS84 + name)), "")
            for name in ("lat", "long")
        ]
        try:
            latitude, longitude = map(float, values)
        except ValueError:
            return None
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

    @contextmanager
    def packed(self) -> Iterator[Downloads]:
        """Give the packed files of the graph: those that are being published, or else such as are made now."""
        if self.downloads:
            yield self.downloads
            return
        with whole.read(self.store) as read:
            yield Downloads(self.store, self.extract, read)

    @cached_property
    def description(self) -> Sequence[Quad]:
        """What VoID and DCAT say of the graph."""
        with self.packed() as made:
            return made.description

    @cached_property
    def written(self) -> Mapping[str, written_forms.Forms]:
        """Graph -> how its literals are written."""
        return written_forms.of(self.store)

    @cached_property
    def rewritten(self) -> frozenset[str]:
        """The subjects, as N-Triples have them, with a literal that is written otherwise than the engine has it."""
        return frozenset(str(subject) for forms in self.written.values() for subject, _ in forms)

    @cached_property
    def fates(self) -> Mapping[str, Fate]:
        """Planned or hoped-for claim -> what became of it, as the question `fates` tells; of very many, nothing."""
        hopes = sum(claim.status in HOPED_FOR for claim in self.extract.claims)
        return fates.fates(self.store, self.workspace) if hopes <= _HOPES else {}

    @cached_property
    def questions(self) -> Mapping[str, QueryFile]:
        """Name -> named question."""
        return {question.name: question for question in questions.library(self.workspace)}

    @cached_property
    def kinds(self) -> Mapping[str, Sequence[str]]:
        """Kind, as paths have it -> the things of that kind, sorted by name."""
        by_kind: dict[str, list[str]] = {kind: [] for kind in (*ENTITY_KINDS, *CONCEPT_KINDS)}
        for iri in self.things.keys() - self.terms_of_ontology:
            folder, _, _ = self.addresses.stem(iri).rpartition("/")
            if folder.startswith("id/"):
                by_kind.setdefault(folder.removeprefix("id/"), []).append(iri)
        return {kind: sorted(iris, key=self._by_name) for kind, iris in by_kind.items() if iris}

    @property
    def entity_kinds(self) -> Mapping[str, Sequence[str]]:
        """The kinds of entities, and what is of none of the known kinds."""
        return {kind: iris for kind, iris in self.kinds.items() if kind not in CONCEPT_KINDS}

    def is_entity(self, iri: str) -> bool:
        """Say whether a thing is what claims link, and no concept or term."""
        return iri in self._entities

    @cached_property
    def _entities(self) -> frozenset[str]:
        return frozenset(iri for iris in self.entity_kinds.values() for iri in iris)

    def record_at(self, stem: str) -> str:
        """Return the IRI of the claim or passage whose own page would be there, or nothing."""
        iri = self.addresses.iri(stem)
        if iri in self.claim_of or iri in self.extract.passages:
            return str(iri)
        return self._records.get(stem, "") if "~" in stem else ""

    @cached_property
    def _records(self) -> Mapping[str, str]:
        """Stem -> claim or passage, of those whose stems do not tell."""
        stems = ((self.addresses.stem(iri), iri) for iri in (*self.claim_of, *self.extract.passages))
        return {stem: iri for stem, iri in stems if "~" in stem}

    @cached_property
    def terms_of_ontology(self) -> frozenset[str]:
        """The classes and the properties that claims can have."""
        return frozenset((*self.classes, *self.relations))

    def _by_name(self, iri: str) -> tuple[str, str]:
        return self.things[iri].label.casefold(), iri


def web_address(text: str) -> str:
    """Return the address of a site with a slash at its end. Raises `UsageError` where it is none.

    >>> web_address("https://me.org/graph")
    'https://me.org/graph/'
    """
    if not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w.~%/-]*)?", text, re.ASCII):
        raise UsageError(f"{short(text)!r} is no address of a site; write one as https://me.org/graph/")
    return text if text.endswith("/") else f"{text}/"


def _last(stem: str) -> str:
    return stem.rpartition("/")[2]
