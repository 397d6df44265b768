"""What is found of a store as a whole, in this process: by rules that look at more than a few graphs, by file names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.check import rules
from coopgraph.check.findings import WARNING, Finding

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from coopgraph.build.context import BuildContext
    from coopgraph.build.known import Known
    from coopgraph.store.local import Draft

_PASSED_OVER = "passed-over"


def check_relations(context: BuildContext, draft: Draft, known: Known, changed: Container[str] | None) -> None:
    """Run the rules on claims with some predicates, unless no claim has changed that has one of these.

    `changed` are the predicates of the claims that have, None where all are new.
    """
    for rule in context.checks:
        if rule.relations and (changed is None or any(each in changed for each in rule.relations)):
            claims = rules.related(draft, context.scratch_store(), rule.relations)
            known.across[rule.name] = sorted(rules.run(claims, draft, [rule], context.places(), None))


def have_rules(context: BuildContext) -> bool:
    """Say whether a workspace has rules that look at a whole store."""
    return any(map(rules.looks_at_store, context.checks))


def check(context: BuildContext, draft: Draft, known: Known) -> None:
    """Run the rules that look at a whole store, what is derived included."""
    for rule in context.checks:
        if rules.looks_at_store(rule):
            known.across[rule.name] = sorted(rules.run(draft, draft, [rule], context.places(), None))


def note_passed_over(known: Known, names: Iterable[str]) -> None:
    """Note which files below `graphs/` hold RDF that is not read."""
    message = "is RDF in a form that is not read here; save it as Turtle (.ttl) or N-Triples (.nt), or move it away"
    known.across[_PASSED_OVER] = [Finding(name, 0, "this file", _PASSED_OVER, WARNING, message) for name in names]
