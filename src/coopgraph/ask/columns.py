"""What the columns of answers have: those that a question explains, and those that mean the same in all questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.store.interface import Solutions
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.claims.query_file import QueryFile

COMMON: Mapping[str, str] = {
    "claim": "the claim",
    "claims": "how many claims there are",
    "denied": "how many of the claims are denied",
    "ended": "how many of the claims are of what is over",
    "field": "the field of cooperation",
    "fields": "fields of cooperation that the claim names",
    "from": "when the link begins",
    "gist": "what the passage says, in our words",
    "group": "the group of relations",
    "kinds": "its classes",
    "measure": "what a figure counts or measures",
    "object": "the other thing that the claim links, or its figure",
    "occasions": "on what occasion it was said or done",
    "paragraph": "the paragraph of that passage",
    "passage": "the passage that states it",
    "planned": "how many of the claims are planned",
    "potential": "how many of the claims are hoped for",
    "quotation": "the passage's own words, where the licence allows it",
    "realised": "how many of the claims are realised",
    "relation": "the property by which the claim links them",
    "relayers": "who passes on what another said",
    "shareOf": "the whole of which a figure is a share",
    "source": "the document",
    "sourceTitle": "title of the document",
    "sources": "how many documents state it",
    "speakers": "in whose mouth the document puts it",
    "status": "realised, planned, potential, ended or denied",
    "subject": "the thing that the claim is about",
    "to": "when the link ends",
    "topics": "what it is about",
    "unit": "the unit of a figure",
    "year": "the year",
}


def meaning(question: QueryFile, column: str) -> str:
    """Return what a column of a question has, nothing where nobody says."""
    asked = {parameter.name: f"as asked: {parameter.text}" for parameter in question.parameters}
    meanings = {**asked, **COMMON, **question.meanings}
    named = column.removesuffix("Label")
    return meanings.get(column, "") or (f"name of {named}" if named in meanings else "")


def of(question: QueryFile) -> list[str]:
    """Return the columns of a question, none where it gives triples. Raises `QueryError` where it is no SPARQL."""
    with Draft.in_memory(dict(question.prefixes)) as empty:
        answer = empty.query(question.sparql)
        return [variable.value for variable in answer.variables] if isinstance(answer, Solutions) else []
