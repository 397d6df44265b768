"""What a claim says beside its ends, status, period and speakers: from a cell of a sheet to triples, and back."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import UsageError, short
from coopgraph.rdf.terms import Literal, NamedNode, value
from coopgraph.rdf.vocab import XSD, coop
from coopgraph.reading import literals, lookup
from coopgraph.reading.model import Figure, Mention, Qualifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from coopgraph.rdf.terms import Term
    from coopgraph.reading.model import Proposal
    from coopgraph.reading.vocabulary import Vocabulary

_APPROXIMATIONS = ("about", "over", "under", "among")
_TRUTHS = {"true": "true", "yes": "true", "false": "false", "no": "false"}


class Kind(NamedTuple):
    """One kind of qualifier: its column, its property (local name), and what its values are.

    Values are a `term` or a `thing` of a class, a `first` or a `last` day of what is written, a `word`, a `truth` or a
    `name`. Only figures have those of a `figure`; `many` says that there can be several, and `exact` days have no
    precision.
    """

    column: str
    property: str
    values: str
    of: str = ""
    figure: bool = False
    many: bool = False
    exact: bool = False


KINDS = (
    Kind("measure", "measure", "term", "Measure", figure=True),
    Kind("counterpart", "counterpart", "thing", "Actor", figure=True),
    Kind("approximation", "approximation", "word", figure=True),
    Kind("share of", "shareOf", "thing", "Entity", figure=True),
    Kind("period from", "periodFrom", "first", figure=True, exact=True),
    Kind("period to", "periodTo", "last", figure=True, exact=True),
    Kind("as of", "asOf", "first"),
    Kind("due by", "dueBy", "last"),
    Kind("change", "change", "term", "Change"),
    Kind("reported", "reported", "truth"),
    Kind("relayed by", "relayedBy", "thing", "Actor", many=True),
    Kind("name in source", "nameInSource", "name", many=True),
)
COLUMNS = tuple(kind.column for kind in KINDS)
DAYS = tuple(kind.column for kind in KINDS if kind.values in ("first", "last"))
"""The columns that have days."""
OF_FIGURES = ("asOf", "shareOf")
"""The qualifiers (local names) that a figure has itself."""
_BY_NAME = {kind.property: kind for kind in KINDS}


def of(claim: Proposal) -> tuple[Qualifier, ...]:
    """Return all qualifiers of a claim, with those that its figure has."""
    figure = claim.object
    if not isinstance(figure, Figure):
        return claim.qualifiers
    day = (Qualifier("asOf", figure.as_of, figure.as_of_precision or "day"),) if figure.as_of else ()
    whole = (Qualifier("shareOf", "", thing=figure.share_of),) if figure.share_of else ()
    return (*claim.qualifiers, *day, *whole)


def says(qualifiers: Iterable[Qualifier]) -> list[str]:
    """Return what qualifiers say, a line each, in an order that is always the same."""
    return sorted(f"{each.name} {_identity(each)}" for each in qualifiers)


def _identity(each: Qualifier) -> str:
    return (each.thing.entity or each.thing.text) if each.thing else each.value


def read(kind: Kind, cell: str, words: Vocabulary, start: int, end: int) -> list[Qualifier]:
    """Return what a cell says, its things having the bounds of a passage. Raises `UsageError` where that is nothing."""
    parts = cell.split(";") if kind.many else (cell,)
    return [_READERS[kind.values](kind, part.strip(), words, start, end) for part in parts if part.strip()]


def _term(kind: Kind, cell: str, words: Vocabulary, *_: int) -> Qualifier:
    return Qualifier(kind.property, lookup.term(cell, words, kind.of))


def _thing(kind: Kind, cell: str, words: Vocabulary, *bounds: int) -> Qualifier:
    mention = lookup.mention(cell, words, *bounds)
    if not words.is_a(mention.kind, kind.of):
        raise UsageError(f"{short(mention.text)!r} is a {mention.kind}, where {kind.column!r} wants a {kind.of}")
    return Qualifier(kind.property, "", thing=mention)


def _day(kind: Kind, cell: str, *_: object) -> Qualifier:
    written, precision = lookup.day(cell)
    day = written or ""
    if kind.values == "last" and precision == "year":
        day = f"{day[:4]}-12-31"
    elif kind.values == "last" and precision == "month":
        day = f"{day[:7]}-{monthrange(int(day[:4]), int(day[5:7]))[1]}"
    return Qualifier(kind.property, day, "" if kind.exact else precision or "")


def _word(kind: Kind, cell: str, *_: object) -> Qualifier:
    if cell.casefold() not in _APPROXIMATIONS:
        raise UsageError(f"no approximation is called {short(cell)!r}; write {', '.join(_APPROXIMATIONS)} or nothing")
    return Qualifier(kind.property, cell.casefold())


def _truth(kind: Kind, cell: str, *_: object) -> Qualifier:
    if cell.casefold() not in _TRUTHS:
        raise UsageError(f"{short(cell)!r} is neither true nor false; write one of these or nothing")
    return Qualifier(kind.property, _TRUTHS[cell.casefold()])


def _name(kind: Kind, cell: str, *_: object) -> Qualifier:
    return Qualifier(kind.property, cell)


_READERS: dict[str, Callable[..., Qualifier]] = {
    "term": _term, "thing": _thing, "first": _day, "last": _day, "word": _word, "truth": _truth, "name": _name,
}  # fmt: skip


def misfits(qualifiers: Iterable[Qualifier], is_figure: bool) -> Iterator[tuple[str, str]]:
    """Yield the columns whose qualifiers do not go with each other, or with what is no figure, and why."""
    named = {each.name: each for each in qualifiers}
    if not is_figure:
        wrong = (_BY_NAME[name].column for name in named if _BY_NAME[name].figure)
        what = "only a figure has this; leave it empty, or take a relation with a figure"
        yield from ((each, what) for each in wrong)
        return
    first, last = named.get("periodFrom"), named.get("periodTo")
    if bool(first) != bool(last):
        yield "period to" if first else "period from", "a period has both ends; write this one too, or neither"
    if first and last and first.value > last.value:
        yield "period to", f"the period ends on {last.value}, before it begins on {first.value}"


def cell(kind: Kind, qualifiers: Iterable[Qualifier], named: Callable[[Mention], str], words: Vocabulary) -> str:
    """Return the cell of a column; `named` says how things are called."""
    texts = (_text(kind, each, named, words) for each in qualifiers if each.name == kind.property)
    return "; ".join(texts)


def _text(kind: Kind, each: Qualifier, named: Callable[[Mention], str], words: Vocabulary) -> str:
    if each.thing:
        return named(each.thing)
    if kind.values == "term":
        return lookup.name_of_term(each.value, words)
    return each.value[: literals.DAY_LENGTHS.get(each.precision, len(each.value))]


def terms(
    qualifiers: Sequence[Qualifier], entity: Callable[[Mention], str], worded: Callable[[str], Literal]
) -> Iterator[tuple[str, Term]]:
    """Yield qualifiers as predicates and objects; `entity` gives things their IRIs, and `worded` words a language."""
    for each in qualifiers:
        yield coop(each.name), _object(each, entity, worded)
        if each.precision:
            yield coop(f"{each.name}Precision"), Literal(each.precision)


def _object(each: Qualifier, entity: Callable[[Mention], str], worded: Callable[[str], Literal]) -> Term:
    values = _BY_NAME[each.name].values
    if each.thing or values == "term":
        return NamedNode(entity(each.thing) if each.thing else each.value)
    if values in ("first", "last"):
        return literals.date(each.value)
    if values == "truth":
        return Literal(each.value, datatype=NamedNode(XSD + "boolean"))
    if values == "name":
        return Literal(each.value, language=each.language) if each.language else worded(each.value)
    return Literal(each.value)


def stated(pairs: Iterable[tuple[str, Term]], mention: Callable[[str], Mention]) -> Iterator[Qualifier]:
    """Yield the qualifiers that predicates (IRIs) and objects of a claim say; `mention` tells things by their IRIs."""
    listed = list(pairs)
    for kind in KINDS:
        precisions = [value(term) for name, term in listed if name == coop(f"{kind.property}Precision")]
        for name, term in listed:
            if name != coop(kind.property):
                continue
            thing = mention(value(term)) if kind.values == "thing" else None
            language = term.language if isinstance(term, Literal) and kind.values == "name" else None
            yield Qualifier(
                kind.property, "" if thing else value(term), "" if kind.exact else "".join(precisions[:1]),
                thing, language or "",
            )  # fmt: skip
