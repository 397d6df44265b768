"""The rows of a server's answer: as they come where it gives all of them, page by page where it cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.errors import ServerError
from coopgraph.server.answers import solutions
from coopgraph.server.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyoxigraph as ox

    from coopgraph.server.body import Body

_CUT = "X-SPARQL-MaxRows"
"""The header in which Virtuoso says that it cut an answer, and after how many rows."""
_ROUND = 100
"""A server that cuts without a word does so after a round number of rows; so such numbers are doubted."""


class Rows:
    """The rows of a SELECT, read once, and the variables that are its columns."""

    def __init__(self, variables: Sequence[ox.Variable], rows: Iterator[ox.QuerySolution]) -> None:
        self.variables = list(variables)
        self._rows = rows

    def __iter__(self) -> Iterator[ox.QuerySolution]:
        return self._rows

    def __next__(self) -> ox.QuerySolution:
        return next(self._rows)


def rows(
    ask: Callable[[str], Body], text: str, columns: Sequence[str], most: int = 0, *, tells: bool = False
) -> Iterator[ox.QuerySolution]:
    """Return all rows of a SELECT that selects these columns, whatever number of rows the server gives at once.

    `ask` sends a query, which is done before this returns; `most` is how many rows the server is known to give, 0 where
    that is not known, and `tells` that it says where it cuts. Raises `ServerError` where rows are missing and cannot be
    fetched.
    """
    if most:
        return _pages(ask, text, columns, most)
    body = ask(text)
    cut = body.headers.get(_CUT, "")
    if not (cut.isascii() and cut.isdecimal() and int(cut)):
        return solutions(body, columns) if tells else _checked(ask, body, text, columns)
    body.close()
    return _pages(ask, text, columns, int(cut))


def _checked(ask: Callable[[str], Body], body: Body, text: str, columns: Sequence[str]) -> Iterator[ox.QuerySolution]:
    """Yield the rows of an answer, and ask for one more where their number looks like that of a cut."""
    number = 0
    for number, row in enumerate(solutions(body, columns), 1):  # noqa: B007 - the last number is what counts
        yield row
    if number and number % _ROUND == 0 and _any(solutions(ask(page(text, columns, 1, number, ordered=False)), columns)):
        where = "in coopgraph.toml"
        raise ServerError(
            f'{body.where}: gives {number} rows of more without a word; set store_rows = "{number}" {where}'
        )


def _pages(ask: Callable[[str], Body], text: str, columns: Sequence[str], size: int) -> Iterator[ox.QuerySolution]:
    """Yield the rows of a query page by page, in an order that leaves no two rows in doubt."""
    start, number = 0, size
    while number == size:
        number = 0
        body = ask(page(text, columns, size, start))
        for number, row in enumerate(solutions(body, columns), 1):
            if number > size:
                raise ServerError(f"{body.where}: gives more than the {size} rows asked for; look at the server")
            yield row
        start += number


def _any(some: Iterator[ox.QuerySolution]) -> bool:
    return sum(1 for _ in some) > 0


def page(text: str, columns: Sequence[str], limit: int, offset: int, *, ordered: bool = True) -> str:
    """Return a query for some of the rows of another, in its own order and then that of its columns.

    Not `ordered`, it asks for that many rows and no certain ones, which is much cheaper.

    >>> print(page("SELECT ?a FROM <http://x/g> { ?a ?b ?c } ORDER BY ?c LIMIT 25", ["a"], 10, 20))
    SELECT ?a FROM <http://x/g> { { SELECT ?a { ?a ?b ?c } ORDER BY ?c ?a
    } } LIMIT 5 OFFSET 20
    """
    outline = Outline(text)
    select = outline.next(0, "SELECT")
    group = outline.next(select, "{")
    where = outline.next(select, "FROM", "WHERE", "{")
    most, first = _number(outline, outline.next(group, "LIMIT")), _number(outline, outline.next(group, "OFFSET"))
    if most is not None:  # a limit of its own goes out with ours: Virtuoso sorts no more rows than it gives under one
        limit = max(0, min(limit, most - offset))
    prologue, chosen = text[: outline.position(select)], text[outline.position(select) : outline.position(where)]
    from_ = text[outline.position(where) : outline.position(outline.next(where, "WHERE", "{"))]
    values = outline.next(group, "VALUES")
    behind = outline.position(min(outline.next(group, "LIMIT", "OFFSET"), values))
    keys = " ".join(f"?{name}" for name in columns)
    order = f"{'' if outline.next(group, 'ORDER') < outline.end else 'ORDER BY '}{keys} " if ordered else ""
    pattern, table = text[outline.position(group) : behind].rstrip(), text[outline.position(values) :]
    inner = f"{chosen}{pattern} {order}{table}"
    return f"{prologue}SELECT {keys} {from_}{{ {{ {inner.rstrip()}\n}} }} LIMIT {limit} OFFSET {offset + (first or 0)}"


def _number(outline: Outline, keyword: int) -> int | None:
    """Return the number behind a keyword, None where the keyword is not there."""
    return int(outline.tokens[keyword + 1][1]) if keyword < outline.end else None
