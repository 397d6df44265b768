"""Proposals as a table for notebooks: each claim beside its passage, in which its names are marked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from coopgraph.rdf.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coopgraph.reading.model import Figure, Mention, Proposal


def table(proposals: Iterable[Proposal]) -> str:
    """Return proposals as a table of HTML, which holds text alone."""
    rows = "".join(
        f"<tr><td>{each.paragraph}</td><td>{_claim(each)}</td><td>{_passage(each)}</td></tr>" for each in proposals
    )
    return f"<table><tr><th>paragraph</th><th>claim</th><th>passage</th></tr>{rows}</table>"


def _claim(proposal: Proposal) -> str:
    words = (proposal.subject.text, local_name(proposal.predicate), proposal.object.text)
    return f"{escape(' '.join(words))}<br><i>{escape(proposal.status)}</i>"


def _passage(proposal: Proposal) -> str:
    """Return a quotation with the names that stand in it marked."""
    ends: list[Mention | Figure] = [proposal.subject, proposal.object]
    pieces, at = [], proposal.start
    for end in sorted(ends, key=lambda each: each.start):
        if at <= end.start and end.end <= proposal.end:
            before = proposal.quotation[at - proposal.start : end.start - proposal.start]
            pieces.append(f"{escape(before)}<mark>{escape(end.text)}</mark>")
            at = end.end
    return "".join([*pieces, escape(proposal.quotation[at - proposal.start :])])
