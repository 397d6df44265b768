"""Checksums of what each page tells, so that a second publication redoes the pages alone that tell something else."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING

from coopgraph import __version__
from coopgraph.rdf.vocab import CONCEPT_KINDS, DERIVED, LABELS, TALLIES, relation_iri, status_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    from coopgraph.ask.view import View
    from coopgraph.claims.model import Claim
    from coopgraph.site.content import Content
    from coopgraph.site.whole import Whole


_TARGET = re.compile(r"^<[^>]*> <[^>]*> <([^>]*)> \.$", re.MULTILINE)


def digest(*parts: bytes) -> str:
    """Return a checksum of bytes."""
    return blake2b(b"\0".join(parts), digest_size=12).hexdigest()


def joined(parts: Iterable[str]) -> str:
    """Return a checksum of checksums, in whatever order they come."""
    return digest(*(part.encode() for part in sorted(parts)))


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
    """Checksums by what is told: of each thing, of the vocabulary, of what forms offer, and of the whole graph.

    What other pages tell of a thing is what it is called, so a claim that changes changes the pages that tell it alone.

    The site has read the whole graph.
    """

    def __init__(self, site: Content) -> None:
        self._site = site
        self._own = _of_subjects(site.whole) if site.whole else {}
        self.whole = joined(self._own.values())
        self.vocabulary = joined(
            self._own.get(iri, "") for iri in (*site.classes, *site.relations, *site.kinds.get("relation", ()))
        )
        self.library = joined(
            [q.sparql + q.summary + q.description for q in site.questions.values()]
            + [self._own.get(iri, "") for kind in CONCEPT_KINDS for iri in site.kinds.get(kind, ())]
            + [self._own.get(iri, "") for iri in (*site.relations, *site.sources)]
        )
        self._of_claim: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def of(self, iri: str) -> str:
        """Return the checksum of all that the page of a thing, source, claim or passage tells."""
        site = self._site
        about = [site.claim_of[iri]] if iri in site.claim_of else site.about(iri)
        parts = [self._own.get(iri, ""), *map(self._name, self._targets(iri)), *map(self._claim, about)]
        if iri in site.terms_of_ontology:
            parts += [self.vocabulary, *map(self._name, site.members(iri))]
        if iri in site.claim_of:
            parts += map(self._claim, site.links.same(site.claim_of[iri]))
        return joined(parts)

    def timeline(self) -> str:
        """Return the checksum of what the timeline tells."""
        return joined([self.vocabulary, str(len(self._site.extract.claims)), *map(self._claim, self._site.dated)])

    def kind(self, kind: str) -> str:
        """Return the checksum of what the list of a kind tells: names, and numbers of claims."""
        site = self._site
        return joined(f"{iri} {self._name(iri)} {len(site.about(iri))}" for iri in site.kinds.get(kind, ()))

    def network(self, view: View) -> str:
        """Return the checksum of what is drawn of the network, with the texts that lead through it."""
        story = view.names.read_bytes() if view.names else b""
        told = joined([*map(self._claim, view.extract.claims), *map(self._name, view.extract.terms)])
        return digest(told.encode(), view.message.encode(), story)

    def _targets(self, iri: str) -> set[str]:
        """Return what a thing's own statements name."""
        whole = self._site.whole
        return set(_TARGET.findall(whole.triples(f"<{iri}>", DERIVED))) if whole else set()

    def _name(self, iri: str) -> str:
        """Return the checksum of what other pages tell of a thing: what it is called, and of what kind it is."""
        if iri not in self._names:
            site = self._site
            known = site.sources.get(iri) or site.things.get(iri) or site.extract.terms.get(iri)
            told = [_told(getattr(known, each.name)) for each in fields(known)] if known else []
            self._names[iri] = digest(iri.encode(), *told, site.title_languages.get(iri, "").encode())
        return self._names[iri]

    def _claim(self, claim: Claim) -> str:
        """Return the checksum of all that pages tell of a claim."""
        known = self._of_claim.get(claim.iri)
        if known is None:
            site = self._site
            named = (*claim.mentions, *claim.sources, status_iri(claim.status), relation_iri(claim.group))
            parts = [self._own.get(iri, iri) for iri in (claim.iri, *claim.passages)]
            parts += map(self._name, named)
            parts += map(str, (site.place_of(claim), site.links.standing(claim), site.fates.get(claim.iri)))
            parts += [str(site.place_of_passage(site.extract.passages[iri])) for iri in site.passages_of(claim)]
            known = self._of_claim[claim.iri] = joined(parts)
        return known


def _told(value: object) -> bytes:
    return repr(sorted(value.items()) if isinstance(value, dict) else value).encode()


def _of_subjects(store: Whole) -> Mapping[str, str]:
    """Return subject -> checksum of what is stated of it."""
    left_out = (LABELS, TALLIES)
    return {subject[1:-1]: digest(*store.stated(subject, left_out)) for subject in store.subjects()}
