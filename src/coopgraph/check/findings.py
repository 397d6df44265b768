"""What is wrong with graph files, as values, and as the lines that a person reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopgraph.rdf.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VIOLATION, WARNING = "violation", "warning"
_SHOWN = {VIOLATION: 20, WARNING: 3}
"""How many findings of one rule are written as lines."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where a graph file breaks a rule: file, line (0 where unknown), the thing at fault, the rule and what to do."""

    file: str
    line: int
    focus: str
    rule: str
    severity: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return one_line(f"{place}: {self.severity}: {self.focus}: {self.message} [{self.rule}]")


def as_lines(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield findings as lines: violations first, and of each rule the first few and how many more there are."""
    number: Counter[str] = Counter()
    more: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda each: (each.severity != VIOLATION, each)):
        number[finding.rule] += 1
        if number[finding.rule] <= _SHOWN[finding.severity]:
            yield str(finding)
        else:
            more[finding.rule].append(finding)
    yield from (_summed(rule, rest) for rule, rest in more.items())


def _summed(rule: str, rest: list[Finding]) -> str:
    files = {finding.file for finding in rest}
    where = min(files) if len(files) == 1 else f"{len(files)} files"
    return f"{where}: {rest[0].severity}: {len(rest)} more of [{rule}]; coopgraph check --format json lists all"
