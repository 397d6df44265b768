"""How good proposals are: precision and recall against the claims of a graph file, level by level.

`entity` compares the things named, paragraph by paragraph; `pair` the two things that are linked, in either direction;
`predicate` the link itself; `status` and `speaker` the same with those too. A pair, link, status or speaker counts once
for each paragraph that states it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.claims.passages import digest, paragraph_at
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import local_name
from coopgraph.reading.mentions import comparable
from coopgraph.reading.model import Figure, Mention, Proposal
from coopgraph.reading.rules import anaphora

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgraph.claims.model import Claim, Extract
    from coopgraph.reading.page import Page

LEVELS = ("entity", "pair", "predicate", "status", "speaker")
_FIGURE = "figure"
_CONCEPTS = ("Field", "Function", "Feature")
_SYMMETRIC = ("cooperatesWith", "distantFrom", "linkedWith", "tradesWith", "twinnedWith")
"""What holds in either direction, where the graph to compare with does not say so of a property."""

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
    """Return the scores of proposals for a document against the claims that a graph rests on its passages.

    Where the passages do not stand in this text as they are cited, paragraphs are left out of the comparison.
    """
    wanted, given = _Comparison(graph, _stand(page, graph)), {level: set[Row]() for level in LEVELS}
    if not wanted.rows["predicate"]:
        raise UsageError("the graph file has no claims with passages to compare with; name the one of this source")
    for level, row in (row for proposal in proposals for row in wanted.proposal_rows(proposal)):
        given[level].add(row)
    given["entity"] = set(wanted.entity_rows(page))
    return [_score(level, wanted.rows[level], given[level]) for level in LEVELS]


def _stand(page: Page, graph: Extract) -> bool:
    """Say whether most passages of a graph stand in a text where they are cited."""
    cited = [(each.start, each.end, each.sha256) for each in graph.passages.values()]
    standing = sum(digest(page.text[start:end]) == checksum for start, end, checksum in cited)
    return standing > len(cited) / 2


def rows(scores: Iterable[Score]) -> tuple[Row, list[Row]]:
    """Return scores as columns and rows of a table."""
    columns = ("level", "wanted", "proposed", "right", "precision", "recall")
    return columns, [
        (each.level, str(each.wanted), str(each.given), str(each.right), f"{each.precision:.2f}", f"{each.recall:.2f}")
        for each in scores
    ]


def miss_rows(scores: Iterable[Score]) -> tuple[Row, list[Row]]:
    """Return what was missed and what was wrong, as columns and rows of a table."""
    columns = ("level", "what", "paragraph", "words")
    return columns, [
        (each.level, what, row[0], " | ".join(row[1:]))
        for each in scores
        for what, listed in (("missed", each.missed), ("wrong", each.wrong))
        for row in sorted(listed, key=lambda row: (int(row[0]), row))
    ]


def _score(level: str, wanted: set[Row], given: set[Row]) -> Score:
    missed, wrong = tuple(sorted(wanted - given)), tuple(sorted(given - wanted))
    return Score(level, len(wanted), len(given), len(wanted & given), missed, wrong)


_KIND_OF_PLACE = re.compile("(?<=..)[省市]$| (?:Province|City)$")


def _bare(name: str) -> str:
    """Return a name as names are compared, without the kind of a place behind it."""
    return _KIND_OF_PLACE.sub("", comparable(name))


class _Comparison:
    """The claims of a graph as rows to compare, level by level, and proposals as such rows.

    A name that is not linked stands for the thing of the graph that has it, if one has.
    """

    def __init__(self, graph: Extract, paragraphs: bool) -> None:
        self._graph, self._paragraphs = graph, paragraphs
        self._names = {
            comparable(name): term.iri for term in graph.terms.values() for name in (term.label, *term.other_names)
        }
        self.rows: dict[str, set[Row]] = {level: set() for level in LEVELS}
        for claim in graph.claims:
            for iri in claim.passages:
                for level, row in self._claim_rows(claim, graph.passages[iri].paragraph or 0):
                    self.rows[level].add(row)

    def _claim_rows(self, claim: Claim, paragraph: int) -> Iterable[tuple[str, Row]]:
        value = claim.object if isinstance(claim.object, str) else _FIGURE
        for iri in (claim.subject, value):
            if iri != _FIGURE and self._graph.term(iri).root not in _CONCEPTS:
                yield "entity", (self._number(paragraph), local_name(iri))
        yield from self._link_rows(paragraph, claim.subject, claim.predicate, value, claim.status, claim.speakers)

    def proposal_rows(self, proposal: Proposal) -> Iterable[tuple[str, Row]]:
        """Yield the rows of a proposal, at each level but that of entities."""
        value = _FIGURE if isinstance(proposal.object, Figure) else self._name(proposal.object)
        subject, speakers = self._name(proposal.subject), tuple(map(self._name, proposal.speakers))
        yield from self._link_rows(proposal.paragraph, subject, proposal.predicate, value, proposal.status, speakers)

    def entity_rows(self, page: Page) -> Iterable[Row]:
        """Yield the things that a text names: also those within a longer name, and meant by a word."""
        named = [(each.start, each) for each in page.mentions]
        named += [(each.start, part) for each in page.mentions for part in page.names.within(each.text)]
        meant = anaphora.find(page.text, page.mentions, page.vocabulary)
        named += [(stretch.start, each) for stretch in meant for each in stretch.mentions]
        for at, mention in named:
            if mention.entity and not any(page.vocabulary.is_a(mention.kind, kind) for kind in _CONCEPTS):
                yield self._number(paragraph_at(page.text, at)), local_name(mention.entity)

    def _number(self, paragraph: int) -> str:
        return str(paragraph if self._paragraphs else 0)

    def _name(self, mention: Mention) -> str:
        return mention.entity or self._names.get(_bare(mention.text), mention.text)

    def _link_rows(
        self, paragraph: int, subject: str, predicate: str, value: str, status: str, speakers: Iterable[str]
    ) -> Iterable[tuple[str, Row]]:
        names = tuple(map(local_name, (subject, value)))
        pair, number = tuple(sorted(names)), self._number(paragraph)
        symmetric = self._graph.term(predicate).kind == "SymmetricProperty" or local_name(predicate) in _SYMMETRIC
        link = (number, *(pair if symmetric else names), local_name(predicate))
        yield "pair", (number, *pair)
        yield "predicate", link
        yield "status", (*link, status)
        yield "speaker", (*link, ", ".join(sorted(map(local_name, speakers))))
