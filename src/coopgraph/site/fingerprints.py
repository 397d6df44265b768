"""Checksums of what each page tells, so that a second publication redoes the pages alone that tell something else."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING

from coopgraph import __version__
from coopgraph.rdf.terms import NamedNode
from coopgraph.rdf.vocab import CONCEPT_KINDS, LABELS, TALLIES, relation_iri, status_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    from coopgraph.claims.model import Claim
    from coopgraph.site.content import Content
    from coopgraph.site.whole import Whole


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

    def of(self, iri: str) -> str:
        """Return the checksum of all that the page of a thing, source, claim or passage tells."""
        site = self._site
        about = [site.claim_of[iri]] if iri in site.claim_of else site.about(iri)
        parts = [self._own.get(iri, ""), *self._named_by(iri), *(self._claim(claim) for claim in about)]
        if iri in site.terms_of_ontology:
            parts += [self.vocabulary, *(self._own.get(member, "") for member in site.members(iri))]
        return joined(parts)

    def _named_by(self, iri: str) -> list[str]:
        """Return the checksums of what a thing's own statements name."""
        return [self._own[n] for n in self._targets(iri) if n in self._own]

    def _targets(self, iri: str) -> set[str]:
        quads = self._site.store.quads(subject=iri)
        return {quad.object.value for quad in quads if isinstance(quad.object, NamedNode)}

    def _claim(self, claim: Claim) -> str:
        known = self._of_claim.get(claim.iri)
        if known is None:
            site = self._site
            named = (
                *claim.mentions,
                *claim.passages,
                *claim.sources,
                status_iri(claim.status),
                relation_iri(claim.group),
            )
            others = (other.iri for other in site.links.same(claim))
            parts = [self._own.get(iri, iri) for iri in (claim.iri, *named, *others)]
            parts += [str(site.place_of(claim)), str(site.fates.get(claim.iri))]
            known = self._of_claim[claim.iri] = joined(parts)
        return known


def _of_subjects(store: Whole) -> Mapping[str, str]:
    """Return subject -> checksum of what is stated of it."""
    left_out = (LABELS, TALLIES)
    return {subject[1:-1]: digest(*store.stated(subject, left_out)) for subject in store.subjects()}
