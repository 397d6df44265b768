"""What a Python program gives to choose claims or to fill in a parameter, as names that the store knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeAlias

from coopgraph.ask import names
from coopgraph.claims import date_input
from coopgraph.claims.selection import Selection
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import local_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.claims.model import Claim, Entity, Source
    from coopgraph.store.interface import Store

Value: TypeAlias = "str | int | Entity | Claim | Source"
"""What a parameter takes: a name, a number, or a thing that the graph has given."""
Choice: TypeAlias = "str | Collection[str] | None"
"""One name, several, or None for all."""
Year: TypeAlias = "int | str | None"
"""A year, or text as answers write dates: `2014`, `2014-05`, `199X`."""


def select(
    store: Store,
    status: Choice = None,
    group: Choice = None,
    source: Choice = None,
    field: Choice = None,
    since: Year = None,
    until: Year = None,
    as_of: str | None = None,
) -> Selection:
    """Return a selection of claims, by default all.

    Raises `UsageError` for a name that nothing has, and for what is no year or date.
    """
    return Selection(
        statuses=_local_names(store, "status", status),
        groups=_local_names(store, "group", group),
        sources=_iris(store, "source", source),
        fields=_iris(store, "field", field),
        since=_year("since", since),
        until=_year("until", until),
        as_of=None if as_of is None else date_input.last_day(str(as_of)),
    )


def _iris(store: Store, kind: str, choice: Choice) -> frozenset[str] | None:
    if choice is None:
        return None
    if not isinstance(choice, str | Collection):
        raise UsageError(f"{kind}={choice!r} is no name; give one as text, or several in a list")
    several = [choice] if isinstance(choice, str) else choice
    return frozenset(names.resolve(store, text_of(name), kind) for name in several)


def _local_names(store: Store, kind: str, choice: Choice) -> frozenset[str] | None:
    iris = _iris(store, kind, choice)
    return None if iris is None else frozenset(map(local_name, iris))


def _year(name: str, value: Year) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    try:
        return date_input.year(str(value), last=name == "until")
    except UsageError as error:
        raise UsageError(f"{name}: {error}") from error


def text_of(value: Value) -> str:
    """Return what a person would type for a value: of a thing its IRI."""
    return str(getattr(value, "iri", value))


def texts_of(parameters: Mapping[str, Value | None]) -> dict[str, str]:
    """Return what a person would type for each parameter that has a value."""
    return {name: text_of(value) for name, value in parameters.items() if value is not None}
