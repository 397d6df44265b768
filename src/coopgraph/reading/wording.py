"""Claims of reading in words, as a person reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.claims import matching
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import local_name
from coopgraph.reading.model import Figure

if TYPE_CHECKING:
    from coopgraph.reading.model import Mention, Proposal
    from coopgraph.reading.vocabulary import Vocabulary


def in_words(claim: Proposal, words: Vocabulary) -> str:
    """Return a claim in words: `Hong Kong supports Liaoning (potential)`."""
    subject, relation, target = parts(claim, words)
    status = "" if claim.status == "realised" else f" ({claim.status})"
    return f"{subject} {relation} {target}{status}"


def parts(claim: Proposal, words: Vocabulary) -> tuple[str, str, str]:
    """Return how the subject, the predicate and the object of a claim are called."""
    relation = words.property_of(claim.predicate)
    target = claim.object.text if isinstance(claim.object, Figure) else label(claim.object, words)
    return label(claim.subject, words), relation.label if relation else local_name(claim.predicate), target


def label(mention: Mention, words: Vocabulary) -> str:
    """Return how the thing that a mention names is called, or the mention itself."""
    thing = words.things.get(mention.entity or "")
    return thing.label if thing else mention.text


def refuse_copy(gist: str, quotation: str, paragraph: int) -> None:
    """Raise `UsageError` where a gist is the quotation, for the text is not ours to copy."""
    if matching.same(gist, quotation):
        raise UsageError(f"paragraph {paragraph}: the gist is the quotation; say it in words of your own")
