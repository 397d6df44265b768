"""What a build finds out besides the store: findings, counts and verified texts, kept for the next one."""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from coopgraph.check.findings import Finding
from coopgraph.check.source_texts import Verified
from coopgraph.rdf import vocab

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Known:
    """What is known of the graph files of a workspace, by name, and of the whole.

    `alone` has the findings of files by themselves, `beside` those of rules that look at a graph beside others,
    `across` by name those of the rules that look at all; `verified` has what source texts say of passages; `counts` are
    summed over all graph files.
    """

    alone: dict[str, list[Finding]] = field(default_factory=dict)
    beside: dict[str, list[Finding]] = field(default_factory=dict)
    across: dict[str, list[Finding]] = field(default_factory=dict)
    verified: dict[str, Verified] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    graphs: dict[str, int] = field(default_factory=dict)
    texts: str | None = None
    renewed: int = 0

    def findings(self) -> tuple[Finding, ...]:
        """Return all findings, sorted."""
        kinds = (self.alone, self.beside, self.across)
        findings = {finding for kind in kinds for several in kind.values() for finding in several}
        return tuple(sorted(findings.union(*(each.findings for each in self.verified.values()))))

    def note_rules(self, names: Iterable[str], findings: Iterable[Finding]) -> None:
        """Take over what was found of files beside others, in place of what was known of them."""
        for name in names:
            self.beside.pop(name, None)
        for finding in findings:
            self.beside.setdefault(finding.file, []).append(finding)

    def note_texts(self, name: str, verified: Verified | None) -> None:
        """Take over what the source texts say of a file's passages, in place of what was known."""
        self.verified.pop(name, None)
        if verified is not None:
            self.verified[name] = verified

    def note_derived(self, direct: int, inferred: int, tallies: int, labels: int) -> None:
        """Let the derived graphs have grown by so many triples."""
        for graph, grown in zip(vocab.DERIVED, (direct, inferred, tallies, labels), strict=True):
            self.graphs[graph] = self.graphs.get(graph, 0) + grown

    def note_written(self, written: int) -> None:
        """Let so many triples say how literals are written."""
        self.graphs.pop(vocab.WRITTEN, None)
        if written:
            self.graphs[vocab.WRITTEN] = written

    def derived(self) -> dict[str, int]:
        """Return the number of triples of each derived graph, by its short name."""
        return {vocab.local_name(graph): self.graphs[graph] for graph in vocab.DERIVED}

    def keep(self, names: Iterable[str]) -> None:
        """Forget what is known by name of all but these files."""
        kept = set(names)
        for by_name in (self.alone, self.beside, self.verified):
            for name in by_name.keys() - kept:
                del by_name[name]

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON has it."""
        kinds = {"alone": self.alone, "beside": self.beside, "across": self.across}
        return {
            **{
                name: {key: list(map(astuple, findings)) for key, findings in plain.items()}
                for name, plain in kinds.items()
            },
            "verified": {
                name: [each.passages, list(map(astuple, each.findings)), each.absent, each.texts]
                for name, each in self.verified.items()
            },
            "counts": {name: number for name, number in sorted(self.counts.items()) if number},
            "graphs": self.graphs,
            "texts": self.texts,
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Self:
        """Return what `as_json` gave."""
        alone, beside, across = (
            {key: [Finding(*each) for each in findings] for key, findings in plain[name].items()}
            for name in ("alone", "beside", "across")
        )
        verified = {
            name: Verified(number, [Finding(*each) for each in findings], absent, texts)
            for name, (number, findings, absent, texts) in plain["verified"].items()
        }
        return cls(alone, beside, across, verified, Counter(plain["counts"]), plain["graphs"], plain["texts"])
