"""Links as claims state them: which claims are about the same one, and how each stands among the others."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from coopgraph.claims.model import Quantity
from coopgraph.rdf.terms import NamedNode, value
from coopgraph.rdf.vocab import STANDARD, TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgraph.claims.model import Claim
    from coopgraph.store.interface import Store


class Links:
    """Claims by subject, relation and object; a link seen from its other end is the same link."""

    def __init__(self, store: Store, claims: Sequence[Claim]) -> None:
        self.store, self._claims = store, claims

    @cached_property
    def _links(self) -> Mapping[object, Sequence[Claim]]:
        links: dict[object, list[Claim]] = defaultdict(list)
        for claim in self._claims:
            links[self._link(claim)].append(claim)
        return links

    def _link(self, claim: Claim) -> object:
        """Return what two claims have in common that state the same link, whichever end it is seen from."""
        if isinstance(claim.object, Quantity):
            quantity = claim.object
            return claim.subject, claim.predicate, quantity.unit, quantity.share_of, *_moment(quantity, claim)
        ends = (claim.subject, claim.object)
        other = self._inverse.get(claim.predicate)
        if other is None:
            return ends, claim.predicate
        return (
            (tuple(sorted(ends)) if other == claim.predicate else ends, claim.predicate)
            if (claim.predicate <= other)
            else (ends[::-1], other)
        )

    @cached_property
    def _inverse(self) -> Mapping[str, str]:
        """Property -> that which says the same from the other end; a symmetric one is its own."""
        symmetric = NamedNode(STANDARD["owl"] + "SymmetricProperty")
        inverse = {value(q.subject): value(q.subject) for q in self.store.quads(predicate=TYPE, target=symmetric)}
        for quad in self.store.quads(predicate=STANDARD["owl"] + "inverseOf"):
            inverse[value(quad.subject)] = value(quad.object)
            inverse[value(quad.object)] = value(quad.subject)
        return inverse

    def same(self, claim: Claim) -> list[Claim]:
        """Return the other claims on the link of a claim."""
        return [other for other in self._links[self._link(claim)] if other.iri != claim.iri]

    def standing(self, claim: Claim) -> tuple[str, int]:
        """Return how a claim stands on its link, `disputed`, `corroborated` or `single`, and in how many sources.

        Corroborated is what another source states with the same status and no other dates; disputed is what is also
        denied, and a figure for which there is another one of the same date.
        """
        others = self.same(claim)
        if any(_contradict(claim, other) for other in others):
            return "disputed", 2
        alike = [other for other in others if _agree(claim, other)]
        number = len({source for each in (claim, *alike) for source in each.sources})
        return ("corroborated" if number > 1 else "single"), number


def _moment(quantity: Quantity, claim: Claim) -> tuple[str | None, ...]:
    """Return when a figure is of, of what measure and towards whom; one without a date is like no other."""
    when = quantity.as_of or quantity.period_to or claim.iri
    return when, quantity.period_from, quantity.measure, quantity.counterpart


def _value(claim: Claim) -> str:
    return claim.object.value if isinstance(claim.object, Quantity) else ""


def _agree(claim: Claim, other: Claim) -> bool:
    """Say whether two claims on a link say the same: status, figure and, where both give them, dates."""
    if other.status != claim.status or _value(other) != _value(claim):
        return False
    spans = (claim.years, other.years)
    return all(one is None or two is None or one == two for one, two in zip(*spans, strict=True))


def _contradict(claim: Claim, other: Claim) -> bool:
    """Say whether one claim says that a link is so and the other that it is not, or figures differ, at one time."""
    statuses = {claim.status, other.status}
    if isinstance(claim.object, Quantity):
        return statuses == {"realised"} and _value(claim) != _value(other)
    return statuses == {"realised", "denied"} and _overlap(claim, other)


def _overlap(one: Claim, other: Claim) -> bool:
    return _begins_by(one, other) and _begins_by(other, one)


def _begins_by(one: Claim, other: Claim) -> bool:
    """Say whether one begins before the other ends, as far as is known."""
    return one.valid_from is None or other.valid_to is None or one.valid_from <= other.valid_to
