"""Findings as lines: violations first, the first few of each rule, and how many more there are."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Run
from coopgraph.check.findings import VIOLATION, WARNING, Finding, as_lines


def made(number: int, severity: str, rule: str, files: int = 1) -> list[Finding]:
    """Return findings of one rule."""
    return [Finding(f"graphs/{at % files}.ttl", at, "x:y", rule, severity, "is wrong; mend it") for at in range(number)]


def test_violations_come_before_all_warnings() -> None:
    """However many warnings there are, what forbids a store is told first."""
    lines = list(as_lines([*made(9, WARNING, "advice"), *made(2, VIOLATION, "broken")]))
    assert ["violation" in line for line in lines] == [True, True, *[False] * 4]


def test_what_is_repeated_is_summed_up() -> None:
    """Of each rule three warnings and twenty violations are told, and then how many more and where."""
    lines = list(as_lines([*made(10, WARNING, "advice"), *made(100, VIOLATION, "broken", files=5)]))
    assert len(lines) == 25
    assert lines[-2:] == [
        "4 files: violation: 80 more of [broken]; coopgraph check --format json lists all",
        "graphs/0.ttl: warning: 7 more of [advice]; coopgraph check --format json lists all",
    ]


def test_few_findings_are_told_in_full() -> None:
    """Where no rule is broken often, each finding is a line with its place."""
    findings = made(3, WARNING, "advice")
    assert list(as_lines(findings)) == [str(finding) for finding in findings]


def test_check_lists_all_as_json(small: Path, run: Run) -> None:
    """The text sums up what JSON lists in full, and the number of each is told."""
    places = small / "graphs/places.ttl"
    things = "".join(f'place:p{at} a coop:City ; skos:prefLabel "P{at}"@en .\n' for at in range(9))
    places.write_text(f"{places.read_text('utf-8')}\n{things}[] a coop:City ; skos:prefLabel 'x'@en .\n", "utf-8")
    text, listed = run("check", cwd=small), run("check", "--format", "json", cwd=small)
    findings = json.loads(listed.out)
    assert sum(finding["rule"] == "definition" for finding in findings) == 10
    assert "graphs/places.ttl: warning: 7 more of [definition]" in text.out
    assert text.out.splitlines()[0].startswith("graphs/places.ttl:36: violation: a blank node:")
    built = run("build", cwd=small)
    assert [line for line in built.err.splitlines() if not line.startswith("coopgraph:")] == text.out.splitlines()
