"""From the text of a document to proposals: extractors draft, gates check, and what was rejected before stays so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import UsageError, unknown
from coopgraph.reading import gates, records
from coopgraph.reading.mentions import Names
from coopgraph.reading.model import Document, Judgement, Proposal, Refusal
from coopgraph.reading.page import Extractor, Page
from coopgraph.reading.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.interface import Store

EXTRACTORS = ("rules", "llm")
"""What can propose, each a module with a function `propose`."""


class Outcome(NamedTuple):
    """What was proposed, in the order of the text, and what the gates refused."""

    proposals: list[Proposal]
    refusals: list[Refusal]

    def _repr_html_(self) -> str:
        from coopgraph.reading.notebook import table

        return table(self.proposals)

    @property
    def reasons(self) -> dict[str, int]:
        """How many were refused for each reason, the most frequent first."""
        return dict(Counter(refusal.reason for refusal in self.refusals).most_common())


def extractors(
    names: Iterable[str], send: bool = False, tell: Callable[[str], None] = lambda _: None
) -> list[Extractor]:
    """Return what proposes under some names; a model is sent the text where that is allowed, and `tell` is told so.

    Raises `UsageError` where nothing has a name, or text would be sent that may not.
    """
    return [_extractor(name, send, tell) for name in dict.fromkeys(names)]


def _extractor(name: str, send: bool, tell: Callable[[str], None]) -> Extractor:
    if name == "rules":
        from coopgraph.reading.rules import rules

        return rules.propose
    if name == "llm":
        from coopgraph.reading import llm, settings

        return partial(llm.propose, settings=settings.allowed(send, tell))
    raise UsageError(unknown("extractor", name, EXTRACTORS))


def propose(page: Page, chosen: Iterable[Extractor]) -> Outcome:
    """Return what extractors propose for a page, each claim once, and what was refused."""
    proposals: dict[str, Proposal] = {}
    refusals: list[Refusal] = []
    for draft in (draft for each in chosen for draft in each(page)):
        checked = draft if isinstance(draft, Refusal) else gates.check(draft, page)
        if isinstance(checked, Refusal):
            refusals.append(checked)
        else:
            _add(proposals, checked)
    ordered = sorted(
        proposals.values(), key=lambda each: (each.start, each.end, each.subject.start, each.predicate, each.id)
    )
    return Outcome(ordered, refusals)


def _add(proposals: dict[str, Proposal], proposal: Proposal) -> None:
    """Add a proposal, or to one that says the same, who proposes it too."""
    former = proposals.get(proposal.id)
    if former is None:
        proposals[proposal.id] = proposal
    else:
        names = tuple(dict.fromkeys((*former.proposed_by, *proposal.proposed_by)))
        proposals[proposal.id] = replace(former, proposed_by=names)


def page_of(document: Document, store: Store, judgements: Sequence[Judgement] = ()) -> Page:
    """Return a document with the names that a graph knows."""
    return Page(document, Names(vocabulary(store), judgements))


def save(outcome: Outcome, workspace: Workspace, source: str) -> None:
    """Write proposals and refusals of a source into a workspace, those of before replaced; decisions stay."""
    at = records.paths(workspace, source)
    records.write(at.proposals, outcome.proposals)
    records.write(at.refused, outcome.refusals)


def judgements(workspace: Workspace) -> list[Judgement]:
    """Return what people said of names in a workspace."""
    return records.read(Judgement, records.paths(workspace, "any").judgements)
