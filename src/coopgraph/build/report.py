"""What a build or check did, in numbers and findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from coopgraph.build import counts
from coopgraph.check.findings import VIOLATION

if TYPE_CHECKING:
    from coopgraph.build.known import Known
    from coopgraph.check.findings import Finding


@dataclass(frozen=True, slots=True)
class Report:
    """What a build or check did: counts, findings, sources whose text was not at hand, and seconds.

    `renewed` is the number of graph files that were read; the others are known from the former store.
    """

    files: int
    renewed: int
    triples: int
    claims: dict[str, int]
    entities: int
    verified: int
    findings: tuple[Finding, ...]
    absent: tuple[str, ...]
    derived: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    saved: bool = False

    @classmethod
    def of(cls, known: Known) -> Self:
        """Return what is known of a store in the making as a report."""
        absent = {source for verified in known.verified.values() for source in verified.absent}
        return cls(
            files=len(known.alone),
            renewed=known.renewed,
            triples=known.counts["triples"],
            claims=counts.claims(known.counts),
            entities=known.counts["entities"],
            verified=sum(verified.passages for verified in known.verified.values()),
            findings=known.findings(),
            absent=tuple(sorted(absent)),
        )

    @property
    def violations(self) -> int:
        """How many findings forbid a store."""
        return sum(finding.severity == VIOLATION for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are advice."""
        return len(self.findings) - self.violations

    def forbidden(self, *, strict: bool) -> bool:
        """Whether there may be no store: for a violation, and where one is `strict` for a warning too."""
        return bool(self.violations or (strict and self.warnings))

    def summary(self) -> str:
        """Return the first violation, or else the first warning, and how many more there are, in one line."""
        first = min(self.findings, key=lambda finding: finding.severity != VIOLATION)
        number = self.violations or self.warnings
        more = f" (and {number - 1} more; coopgraph check lists them)" if number > 1 else ""
        return f"{first}{more}"
