"""The rules under `queries/derive/`: which graph each gives triples of, and the triples that it gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coopgraph.claims import query_file
from coopgraph.errors import DataError, QueryError
from coopgraph.rdf import sparql
from coopgraph.sandbox import limits
from coopgraph.store.interface import Triples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.query_file import QueryFile
    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Triple
    from coopgraph.store.interface import Bindings
    from coopgraph.store.local import LocalStore

_GRAPHS = ("direct", "inferred", "tallies")
"""What a rule may give triples of: what claims say, what follows from it, and what is counted."""


def read(workspace: Workspace) -> dict[str, list[QueryFile]]:
    """Return the rules of a workspace for each of the graphs `direct`, `inferred` and `tallies`.

    Raises `DataError` where the header of one does not say for which, or for how few claims.
    """
    rules = query_file.rules(workspace, "derive")
    for rule in rules:
        if rule.header.get("graph") not in _GRAPHS:
            what = "does not say of which graph its triples are; write '#+ graph: ' with direct, inferred or tallies"
            raise DataError(f"{rule.file}: {what}")
        least(rule)
    return {graph: [rule for rule in rules if rule.header["graph"] == graph] for graph in _GRAPHS}


def least(rule: QueryFile) -> int:
    """Return how many claims a tally that a rule counts must have to stand in the store."""
    number = rule.header.get("least", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise DataError(f"{rule.file}: 'least: {number}' is no number; write how many claims, as 2")
    return int(number)


def run(rule: QueryFile, store: LocalStore, bindings: Bindings | None = None, *, new: bool = False) -> Iterator[Triple]:
    """Yield the triples that a rule gives, or of these only the `new` ones, if it can tell them.

    Raises `DataError` where it is no CONSTRUCT query.
    """
    try:
        with limits.limited(rule.file):
            answer = store.query(sparql.only_new(rule.sparql) if new and rule.head else rule.sparql, bindings)
            if isinstance(answer, Triples):
                yield from answer
                return
    except QueryError as error:
        raise DataError(f"{rule.file}:{error}") from error
    raise DataError(f"{rule.file}: gives no triples; make it a CONSTRUCT query")


def is_local(rule: QueryFile) -> bool:
    """Say whether what a rule gives can be kept up to date from what has changed."""
    return rule.head is not None and bool(rule.premises)


def closes_chains(rule: QueryFile) -> bool:
    """Say whether a rule gives, of two links of a chain with the same relation, the link from end to end."""
    if rule.head is None or len(rule.premises) != 2:
        return False
    start, relation, end = rule.head
    one, other = rule.premises
    middle = one[2]
    variables = {start, relation, middle, end}
    all_vary = len(variables) == 4 and all(isinstance(each, str) for each in variables)
    return all_vary and one == (start, relation, middle) and other == (middle, relation, end)
