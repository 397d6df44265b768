"""The library of named questions: read a `.rq` file's header, find a question by name, bind its parameters."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from coopgraph.ask import names
from coopgraph.claims import query_file
from coopgraph.errors import UsageError, near, unknown
from coopgraph.rdf.terms import Literal, NamedNode, Term
from coopgraph.rdf.vocab import XSD, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coopgraph.ask.results import Row
    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.interface import Bindings, Store


def library(workspace: Workspace) -> list[QueryFile]:
    """Return all questions of a workspace, by name."""
    return sorted(map(query_file.read, workspace.query_files()), key=lambda question: question.name)


def find(workspace: Workspace, name: str) -> QueryFile:
    """Return the question of that name. Raises `UsageError` with near matches where there is none."""
    path = workspace.query_file(name)
    if path is None:
        hint = near(name, [each.stem for each in workspace.query_files()]) or "; the list of questions has them all"
        raise UsageError(f"no question is called {name!r}{hint}")
    return query_file.read(path)


def bind(question: QueryFile, values: Mapping[str, str], store: Store, *, option: str = "") -> Bindings:
    """Return variable -> term for the values that the asker gave as text.

    `option` is what the asker types before a parameter.

    Raises `UsageError` for an unknown, missing or unfitting parameter.
    """
    parameter_of = {parameter.name: parameter for parameter in question.parameters}
    for name in values:
        if name not in parameter_of:
            listed = f"it takes {', '.join(parameter_of)}" if parameter_of else "it takes none"
            raise UsageError(f"{question.name} has no parameter {name!r}{near(name, parameter_of) or '; ' + listed}")
    missing = [name for name, parameter in parameter_of.items() if not parameter.optional and name not in values]
    if missing:
        wanted = ", ".join(f"{option}{name}=... ({parameter_of[name].text})" for name in missing)
        raise UsageError(f"{question.name} needs {wanted}")
    return {name: term(store, parameter_of[name], value) for name, value in values.items()}


def term(store: Store, parameter: Parameter, value: str) -> Term:
    """Return the term that a parameter's text stands for. Raises `UsageError` where it is none that it can have."""
    kind, name = parameter.kind, parameter.name
    if kind == "text":
        return _text(_listed(parameter, value) if parameter.values else value)
    if kind in ("year", "date"):
        return _of_time(kind, name, value)
    iri = names.resolve(store, value, kind)
    if parameter.values:
        _listed(parameter, local_name(iri))
    return NamedNode(iri)


def _of_time(kind: str, name: str, value: str) -> Literal:
    from coopgraph.claims import date_input  # few questions are asked of a time

    if kind == "year":
        return Literal(str(date_input.year(value, last=name == "until")), datatype=NamedNode(XSD + "integer"))
    return Literal(date_input.last_day(value), datatype=NamedNode(XSD + "date"))


def _listed(parameter: Parameter, value: str) -> str:
    """Return the value of a list that a text is, whatever its case."""
    folded = {each.casefold(): each for each in parameter.values}
    if value.strip().casefold() not in folded:
        raise UsageError(unknown(parameter.name, value, parameter.values))
    return folded[value.strip().casefold()]


def of_date(question: QueryFile) -> str:
    """Return the parameter of a question that takes a date. Raises `UsageError` where it has none."""
    taking = [parameter.name for parameter in question.parameters if parameter.kind == "date"]
    if not taking:
        raise UsageError(f"{question.name} is not asked of a date; leave --as-of out, or ask offices-on")
    return taking[0]


def _text(value: str) -> Literal:
    try:
        return Literal(value)
    except ValueError as error:  # half a character, as of a file name that is not UTF-8
        raise UsageError(f"{value!r} is no text that UTF-8 can hold; type it anew") from error


def asked(
    question: QueryFile, values: Mapping[str, str], columns: Sequence[str], rows: Iterable[Row]
) -> tuple[Sequence[str], Iterable[Row]]:
    """Return columns and rows without optional parameters that were not given, which say `any` in each row."""
    unasked = {parameter.name for parameter in question.parameters if parameter.optional} - set(values)
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return columns, ()
    places = [place for place, name in enumerate(columns) if name not in unasked or first[place] != _ANY]
    kept = ([row[place] for place in places] for row in chain([first], rows))
    return [columns[place] for place in places], kept


_ANY = Literal("any")
"""What stands in the place of an optional parameter that was not given: an engine must have something to project."""


def free_bindings(values: Mapping[str, str], store: Store, variables: Iterable[str]) -> Bindings:
    """Bind variables of a query that has no header: `"text"` in quotes, a whole number, or else the name of a thing.

    Raises `UsageError` for a parameter that is no variable of the query.
    """
    selected = set(variables)
    for name in values:
        if name not in selected:
            raise UsageError(f"the query has no variable ?{name}{near(name, selected)}")
    return {name: _free_term(value, store) for name, value in values.items()}


def _free_term(value: str, store: Store) -> Term:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return _text(value[1:-1])
    if re.fullmatch(r"-?\d+", value, re.ASCII):
        return Literal(value, datatype=NamedNode(XSD + "integer"))
    return NamedNode(names.resolve(store, value, "any"))
