"""How good proposals are: precision and recall against the claims of a graph file, level by level.

`entity` compares the things named, paragraph by paragraph; `pair` the two things that are linked, in either direction;
`predicate` the link itself; `status` and `speaker` the same with those too. A pair, link, status or speaker counts once
for each paragraph that states it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims.passages import paragraph_at
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import local_name
from coopgraph.reading.model import Figure, Mention, Proposal
from coopgraph.reading.rules import anaphora

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgraph.claims.model import Claim, Extract
    from coopgraph.reading.page import Page

LEVELS = ("entity", "pair", "predicate", "status", "speaker")
_FIGURE = "figure"

Row = tuple[str, ...]


class Score(NamedTuple):
    """Of one level: how many there are in the graph, how many were proposed, and how many of these are right.

    `missed` and `wrong` list what only the graph, and what only the proposals have.
    """

    level: str
    wanted: int
    given: int
    right: int
    missed: tuple[Row, ...] = ()
    wrong: tuple[Row, ...] = ()

    @property
    def precision(self) -> float:
        """Share of what was proposed that is right; 1 where nothing was."""
        return self.right / self.given if self.given else 1.0

    @property
    def recall(self) -> float:
        """Share of what the graph has that was proposed; 1 where it has nothing."""
        return self.right / self.wanted if self.wanted else 1.0


def score(page: Page, proposals: Sequence[Proposal], graph: Extract) -> list[Score]:
    """Return the scores of proposals for a document against the claims that a graph rests on its passages."""
    claims = [(claim, paragraph) for claim in graph.claims for paragraph in sorted(_paragraphs(claim, graph))]
    if not claims:
        raise UsageError("the graph file has no claims with passages to compare with; name the one of this source")
    levels = {level: (set[Row](), set[Row]()) for level in LEVELS}
    for claim, paragraph in claims:
        for level, row in _claim_rows(claim, paragraph, graph):
            levels[level][0].add(row)
    for level, row in (row for proposal in proposals for row in _proposal_rows(proposal)):
        levels[level][1].add(row)
    levels["entity"][1].update(_entity_rows(page))
    return [_score(level, *levels[level]) for level in LEVELS]


def _score(level: str, wanted: set[Row], given: set[Row]) -> Score:
    return Score(
        level,
        len(wanted),
        len(given),
        len(wanted & given),
        tuple(sorted(wanted - given)),
        tuple(sorted(given - wanted)),
    )


def _paragraphs(claim: Claim, graph: Extract) -> set[int]:
    return {paragraph for iri in claim.passages if (paragraph := graph.passages[iri].paragraph) is not None}


def _claim_rows(claim: Claim, paragraph: int, graph: Extract) -> Iterable[tuple[str, Row]]:
    value = claim.object if isinstance(claim.object, str) else _FIGURE
    ends = (claim.subject, *((value,) if value != _FIGURE else ()))
    yield from (("entity", (str(paragraph), local_name(iri))) for iri in ends if graph.term(iri).root not in _CONCEPTS)
    yield from _link_rows(
        paragraph, claim.subject, claim.predicate, value, claim.status, claim.speakers, _is_symmetric(claim, graph)
    )


_CONCEPTS = ("Field", "Function", "Feature")


def _is_symmetric(claim: Claim, graph: Extract) -> bool:
    return graph.term(claim.predicate).kind == "SymmetricProperty"


def _proposal_rows(proposal: Proposal) -> Iterable[tuple[str, Row]]:
    value = _FIGURE if isinstance(proposal.object, Figure) else _name(proposal.object)
    speakers = tuple(map(_name, proposal.speakers))
    symmetric = local_name(proposal.predicate) in SYMMETRIC
    yield from _link_rows(
        proposal.paragraph, _name(proposal.subject), proposal.predicate, value, proposal.status, speakers, symmetric
    )


SYMMETRIC = ("cooperatesWith", "distantFrom", "linkedWith", "tradesWith", "twinnedWith")


def _name(mention: Mention) -> str:
    return mention.entity or mention.text


def _link_rows(
    paragraph: int, subject: str, predicate: str, value: str, status: str, speakers: Iterable[str], symmetric: bool
) -> Iterable[tuple[str, Row]]:
    names = tuple(map(local_name, (subject, value)))
    pair = tuple(sorted(names))
    link = (str(paragraph), *(pair if symmetric else names), local_name(predicate))
    yield "pair", (str(paragraph), *pair)
    yield "predicate", link
    yield "status", (*link, status)
    yield "speaker", (*link, ", ".join(sorted(map(local_name, speakers))))


def _entity_rows(page: Page) -> Iterable[Row]:
    """Yield the things that a text names, paragraph by paragraph: also within a longer name, and meant by a word."""
    named = [(each.start, each) for each in page.mentions]
    named += [(each.start, part) for each in page.mentions for part in page.names.within(each.text)]
    meant = anaphora.find(page.text, page.mentions, page.vocabulary)
    named += [(stretch.start, each) for stretch in meant for each in stretch.mentions]
    for at, mention in named:
        if mention.entity and not any(page.vocabulary.is_a(mention.kind, kind) for kind in _CONCEPTS):
            yield str(paragraph_at(page.text, at)), local_name(mention.entity)


def by_status(proposals: Sequence[Proposal], graph: Extract) -> dict[str, tuple[int, int]]:
    """Return for each status of the graph how many of its links were proposed, and how many of these with it."""
    stated: dict[Row, set[str]] = {}
    for claim in graph.claims:
        for paragraph in _paragraphs(claim, graph):
            value = claim.object if isinstance(claim.object, str) else _FIGURE
            rows = dict(
                _link_rows(paragraph, claim.subject, claim.predicate, value, "", (), _is_symmetric(claim, graph))
            )
            stated.setdefault(rows["predicate"], set()).add(claim.status)
    totals, rights = Counter[str](), Counter[str]()
    for proposal in proposals:
        statuses = stated.get(dict(_proposal_rows(proposal))["predicate"], set())
        totals.update(statuses)
        rights.update(statuses & {proposal.status})
    return {status: (totals[status], rights[status]) for status in sorted(totals)}
