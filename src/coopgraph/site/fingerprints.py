"""Checksums of what each page tells, so that a second publication redoes the pages alone that tell something else."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from coopgraph import __version__
from coopgraph.rdf.vocab import CONCEPT_KINDS, DERIVED, LABELS, ONTOLOGY_GRAPH, TALLIES, relation_iri, status_iri
from coopgraph.site.checksums import digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

    from coopgraph.ask.view import View
    from coopgraph.claims.model import Claim
    from coopgraph.site.content import Content


_TARGET = re.compile(r"^<[^>]*> <[^>]*> <([^>]*)> \.$", re.MULTILINE)
_PROPERTY = re.compile(r"^<[^>]*> <([^>]*)> ", re.MULTILINE)


@cache
def renderer() -> str:
    """Return a checksum of the program that renders: its version, templates, texts, scripts and code."""
    return digest(__version__.encode(), *_contents(files("coopgraph").joinpath("site")))


def _contents(folder: Traversable) -> Iterable[bytes]:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir() and entry.name not in ("__pycache__", "served", "build"):
            yield from _contents(entry)
        elif entry.is_file():
            yield entry.name.encode()
            yield entry.read_bytes()


class Fingerprints:
    """Checksums by what is told: of each thing, of the vocabulary, of what forms offer, of the whole graph and store.

    What other pages tell of a thing is what it is called, so a claim that changes changes the pages that tell it alone.

    The site has read the whole graph.
    """

    def __init__(self, site: Content) -> None:
        self._site = site
        self._own = {name[1:-1]: told for name, told in site.whole.subjects((LABELS, TALLIES))} if site.whole else {}
        self._of_claim: dict[str, bytes] = {}
        self._names: dict[str, bytes] = {}
        self.whole = digest(*self._own.values())
        self.store = digest(*map(str.encode, site.whole.digests.values())) if site.whole else ""
        vocabulary = (*site.classes, *site.relations, *site.kinds.get("relation", ()))
        self.vocabulary = digest(*(self._own.get(iri, b"") for iri in vocabulary))
        self.library = digest(
            *((q.sparql + q.summary + q.description).encode() for q in site.questions.values()),
            *(self._own.get(iri, b"") for kind in CONCEPT_KINDS for iri in site.kinds.get(kind, ())),
            *(self._own.get(iri, b"") for iri in (*site.relations, *site.sources)),
        )

    def of(self, iri: str) -> str:
        """Return the checksum of all that the page of a thing, source, claim or passage tells."""
        site = self._site
        about = [site.claim_of[iri]] if iri in site.claim_of else site.about(iri)
        stated = self._site.whole.triples(f"<{iri}>", DERIVED) if self._site.whole else ""
        parts = [self._own.get(iri, b""), *map(self._claim, about)]
        parts += map(self._name, sorted(set(_TARGET.findall(stated))))
        parts += (self._own.get(each, b"") for each in sorted(set(_PROPERTY.findall(stated))))
        if iri in site.terms_of_ontology:
            parts += [self.vocabulary.encode(), *map(self._name, site.members(iri))]
        if iri in site.claim_of:
            parts += map(self._claim, site.links.same(site.claim_of[iri]))
        return digest(*parts)

    def claims(self, claims: Iterable[Claim]) -> str:
        """Return the checksum of what is told of claims."""
        return digest(*map(self._claim, claims))

    def timeline(self) -> str:
        """Return the checksum of what the timeline tells."""
        site = self._site
        return digest(self.vocabulary.encode(), b"%d" % len(site.extract.claims), *map(self._claim, site.dated))

    def kind(self, kind: str) -> str:
        """Return the checksum of what the list of a kind tells: names, and numbers of claims."""
        site = self._site
        iris = site.kinds.get(kind, ())
        return digest(*(part for iri in iris for part in (self._name(iri), b"%d" % len(site.about(iri)))))

    def kinds(self) -> str:
        """Return the checksum of what the list of all kinds tells."""
        return digest(*(f"{kind} {self.kind(kind)}".encode() for kind in self._site.kinds))

    def map(self) -> str:
        """Return the checksum of what the map tells: where the places are, and which of them are linked."""
        site = self._site
        places = frozenset(site.kinds.get("place", ()))
        ends = ((claim.subject, claim.object, claim.status) for claim in site.extract.claims
                if claim.group == "cooperation" and claim.subject in places and claim.object in places)  # fmt: skip
        own = [self._own.get(iri, b"") for iri in sorted(places)]
        return digest(self.kind("place").encode(), *own, *(repr(each).encode() for each in ends))

    def ontology(self) -> str:
        """Return the checksum of what the vocabulary tells."""
        whole = self._site.whole
        graphs = whole.digests.get(ONTOLOGY_GRAPH, "") if whole else ""
        names = [self._name(iri) for iri in (*self._site.terms_of_ontology, *self._site.kinds.get("relation", ()))]
        return digest(self.vocabulary.encode(), graphs.encode(), *sorted(names))

    def network(self, view: View) -> str:
        """Return the checksum of what is drawn of the network, with the texts that lead through it."""
        story = view.story.read_bytes() if view.story else b""
        told = [*map(self._claim, view.extract.claims), *map(self._name, sorted(view.extract.terms))]
        return digest(*told, repr(view.part).encode(), story)

    def _name(self, iri: str) -> bytes:
        """Return the checksum of what other pages tell of a thing: what it is called, and of what kind it is."""
        if iri not in self._names:
            site = self._site
            known = site.sources.get(iri) or site.things.get(iri) or site.extract.terms.get(iri)
            told = [_told(getattr(known, each.name)) for each in fields(known)] if known else []
            title = site.title_languages.get(iri, "")
            self._names[iri] = digest(iri.encode(), *told, title.encode()).encode()
        return self._names[iri]

    def _claim(self, claim: Claim) -> bytes:
        """Return the checksum of all that pages tell of a claim."""
        known = self._of_claim.get(claim.iri)
        if known is None:
            site = self._site
            fate = site.fates.get(claim.iri)
            evidence = site.claim_of.get(fate.evidence) if fate else None
            told = [site.links.standing(claim), fate, *map(site.place_of, (claim, evidence) if evidence else (claim,))]
            told += [site.place_of_passage(site.extract.passages[iri]) for iri in site.passages_of(claim)]
            stated = [*self._stated(claim), *(self._stated(evidence) if evidence else ())]
            known = self._of_claim[claim.iri] = digest(repr(told).encode(), *stated).encode()
        return known

    def _stated(self, claim: Claim) -> Iterable[bytes]:
        """Yield checksums of what a claim states, and of all that it names."""
        for iri in (claim.iri, *claim.passages):
            yield self._own.get(iri) or iri.encode()
        named = (*claim.mentions, *claim.sources, status_iri(claim.status), relation_iri(claim.group))
        yield from map(self._name, sorted(named))


def _told(value: object) -> bytes:
    return repr(sorted(value.items()) if isinstance(value, dict) else value).encode()
