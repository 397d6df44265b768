"""Which claims are asked for: by status, relation group, source, field and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgraph.claims import dates
from coopgraph.claims.model import Quantity
from coopgraph.errors import UsageError, unknown
from coopgraph.rdf.vocab import HOPED_FOR, STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from coopgraph.claims.model import Claim, Source


@dataclass(frozen=True, slots=True)
class Selection:
    """Which claims are asked for; None asks for all.

    `statuses` and `groups` are local names (`realised`; `cooperation`), `sources` and `fields` IRIs. `since` and
    `until` are years: a claim is in when its time overlaps them; a claim with a beginning and no end lasts, and one
    without any date is left out as soon as a year is given. `as_of` is a day (ISO): see `stands`.
    """

    statuses: frozenset[str] | None = None
    groups: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    since: int | None = None
    until: int | None = None
    as_of: str | None = None

    def __contains__(self, claim: Claim) -> bool:
        return (
            (self.statuses is None or claim.status in self.statuses)
            and (self.groups is None or claim.group in self.groups)
            and (self.sources is None or not self.sources.isdisjoint(claim.sources))
            and (self.fields is None or not self.fields.isdisjoint(claim.fields))
            and self._in_time(claim)
        )

    def _in_time(self, claim: Claim) -> bool:
        if self.since is None and self.until is None:
            return True
        first, last = claim.years
        if first is None and last is None:
            return False
        return (self.since is None or last is None or last >= self.since) and (
            self.until is None or first is None or first <= self.until
        )


def stands(claim: Claim, day: str, sources: Mapping[str, Source]) -> bool:
    """Say whether a link held on a day as far as its claim tells, or had been planned or hoped for by then.

    A claim without dates holds from the issue of its document; what is exact to a year may hold in all of it.
    """
    issued = [(one.issued, one.issued_precision) for iri in claim.sources if (one := sources.get(iri)) and one.issued]
    first = min(issued, default=None)
    if isinstance(claim.object, Quantity):
        begin = (claim.object.period_from or claim.object.as_of, claim.object.as_of_precision)
    elif claim.status in HOPED_FOR:
        begin = first or (None, None)
    elif claim.valid_from:
        begin = (claim.valid_from, claim.valid_from_precision)
    else:
        begin = (claim.as_of, claim.as_of_precision) if claim.as_of else first or (None, None)
    start, precision = begin
    ended = claim.valid_to and not dates.may_be_by(day, claim.valid_to_precision, claim.valid_to)
    return bool(start and dates.may_be_by(start, precision, day) and not ended)


def select(
    *,
    status: str | Collection[str] | None = None,
    group: str | Collection[str] | None = None,
    source: str | Collection[str] | None = None,
    field: str | Collection[str] | None = None,
    since: int | None = None,
    until: int | None = None,
    as_of: str | None = None,
) -> Selection:
    """Return a `Selection`, each choice one value or several. Raises `UsageError` for an unknown status.

    >>> select(status="realised").statuses
    frozenset({'realised'})
    """
    statuses = _several(status)
    for name in statuses or ():
        if name not in STATUSES:
            raise UsageError(unknown("status", name, STATUSES))
    return Selection(statuses, _several(group), _several(source), _several(field), since, until, as_of)


def _several(value: str | Collection[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset([value]) if isinstance(value, str) else frozenset(value)
