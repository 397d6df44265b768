"""Claims with a relation that is deprecated, said as the vocabulary says it now, so that one fact is not said twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from coopgraph.rdf import vocab
from coopgraph.rdf.terms import Literal, NamedNode, value
from coopgraph.rdf.vocab import RDF, STANDARD, TYPE, XSD, coop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgraph.rdf.terms import Term
    from coopgraph.reading.entries import Terms


class _Instead(NamedTuple):
    """What takes the place of a relation: another one, what it measures, and where its object goes, if it moves.

    An object that moves leaves the number 1 behind, the first place, which is one of several where it is `among` them.
    """

    relation: str
    measure: str = ""
    moves_to: str = ""
    among: bool = False


_INSTEAD = {
    "basedIn": _Instead("locatedIn"),
    "largestEconomyIn": _Instead("rank", "gross-domestic-product", "shareOf"),
    "mainInvestorIn": _Instead("rank", "investment", "counterpart", among=True),
    "officeCount": _Instead("figure", "offices"),
    "shareOfGdp": _Instead("share", "gross-domestic-product"),
}


def renewed(terms: Terms, observed: Sequence[tuple[str, Term]]) -> Terms:
    """Return what a claim says with its relation as it is now; `observed` dates what becomes an observation."""
    relation = next(value(term) for name, term in terms if name == RDF + "predicate")
    instead = next((new for name, new in _INSTEAD.items() if coop(name) == relation), None)
    if instead is None:
        return terms
    new: Terms = [(name, term) for name, term in terms if name != RDF + "predicate"]
    new.append((RDF + "predicate", NamedNode(coop(instead.relation))))
    if instead.measure and not any(name == coop("measure") for name, _ in new):
        new.append((coop("measure"), NamedNode(f"{vocab.ID}measure/{instead.measure}")))
    return _moved(new, instead, observed) if instead.moves_to else new


def _moved(terms: Terms, instead: _Instead, observed: Sequence[tuple[str, Term]]) -> Terms:
    """Return the first place by a measure, of what was the object before."""
    whole = next(term for name, term in terms if name == RDF + "object")
    kept = [(name, term) for name, term in terms if name not in (TYPE, RDF + "object") and not _is_period(name)]
    among: Terms = [(coop("approximation"), Literal("among"))] if instead.among else []
    return [
        (TYPE, NamedNode(coop("Observation"))),
        *kept,
        (RDF + "object", Literal("1", datatype=NamedNode(XSD + "integer"))),
        (coop(instead.moves_to), whole),
        (coop("unit"), NamedNode(STANDARD["unit"] + "NUM")),
        *among,
        *observed,
    ]


def _is_period(name: str) -> bool:
    return name.startswith((coop("validFrom"), coop("validTo")))
