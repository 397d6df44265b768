"""Answers of queries as rows: of Python values for programs and notebooks, and of RDF terms for who needs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, overload

from coopgraph.errors import UsageError, install, unknown
from coopgraph.rdf.terms import PythonValue, Term, compact, python_value

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Row: TypeAlias = Sequence[Term | None]
Prefixes: TypeAlias = Mapping[str, str]
PythonRow: TypeAlias = "dict[str, PythonValue | None]"
"""Column -> value: `str` for IRIs and text, numbers, dates, None for what is unbound."""


class Results(Sequence[PythonRow]):
    """The rows of a SELECT query, complete unless `cut` says that the row limit was reached.

    A sequence of dicts of Python values (`str` for IRIs and text, numbers, dates, None for what is unbound), equal to a
    list of these; a slice is `Results` again. `columns` has the names, `rows` the RDF terms.

    >>> from coopgraph.rdf.terms import Literal
    >>> results = Results(("name",), ((Literal("Dalian"),),))
    >>> results[0], len(results), {"name": "Dalian"} in results, results == [{"name": "Dalian"}], results
    ({'name': 'Dalian'}, 1, True, True, <Results: 1 row of name>)
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, columns: tuple[str, ...], rows: tuple[Row, ...], prefixes: Prefixes | None = None, cut: bool = False
    ) -> None:
        self.columns, self.rows, self.prefixes, self.cut = columns, rows, prefixes or {}, cut

    @classmethod
    def first(cls, limit: int, columns: Iterable[str], rows: Iterable[Row], prefixes: Prefixes) -> Results:
        """Return at most `limit` rows of an answer, all where it is 0. Raises `UsageError` where it is no number."""
        if limit < 0:
            raise UsageError(f"limit={limit}: give a number of rows, or 0 for all")
        capped = Capped(rows, limit)
        kept = tuple(tuple(row) for row in capped)
        return cls(tuple(columns), kept, prefixes, capped.cut)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> PythonRow: ...

    @overload
    def __getitem__(self, place: slice) -> Results: ...

    def __getitem__(self, place: int | slice) -> PythonRow | Results:
        if isinstance(place, slice):
            return Results(self.columns, self.rows[place], self.prefixes, self.cut)
        if isinstance(place, str):
            message = (
                f"rows are counted, not named; a column is [row[{place!r}] for row in results], or to_df()[{place!r}]"
            )
            raise TypeError(message)
        return self._python(self.rows[place])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Results):
            return (self.columns, self.rows, self.cut) == (other.columns, other.rows, other.cut)
        return isinstance(other, list | tuple) and self.to_dicts() == list(other)

    def __repr__(self) -> str:
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        return f"<Results: {rows} of {', '.join(self.columns)}{', cut' if self.cut else ''}>"

    def __iter__(self) -> Iterator[PythonRow]:
        return map(self._python, self.rows)

    def _python(self, row: Row) -> PythonRow:
        return {
            name: None if term is None else python_value(term) for name, term in zip(self.columns, row, strict=True)
        }

    def to_dicts(self) -> list[PythonRow]:
        """Return the rows as a list of dicts of Python values."""
        return list(self)

    def to_df(self) -> pd.DataFrame:
        """Return the rows as a pandas `DataFrame`, a column a variable; needs the extra `pandas`.

        Raises `UsageError` where pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise UsageError(f"to_df needs pandas; {install('pandas')}") from None
        return pd.DataFrame(self.to_dicts(), columns=list(self.columns))

    def to_arrow(self) -> pa.Table:
        """Return the rows as a pyarrow `Table` with the types that Parquet has; needs the extra `tables`.

        Raises `UsageError` where pyarrow is not installed, or two columns have one name.
        """
        from coopgraph.export.column_tables import ColumnTable, Field, arrow

        pyarrow = arrow("to_arrow")
        with ColumnTable([Field(name) for name in self.columns], self.rows, {}) as table:
            return pyarrow.Table.from_batches(table.batches(), table.schema)

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(compact(term, self.prefixes))}</td>" for term in row) + "</tr>"
            for row in self.rows
        )
        note = "<p>cut at the row limit: there are more rows</p>" if self.cut else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


class Capped:
    """An iterable that stops after `limit` rows and then knows whether it cut any off, or had none; 0: no limit."""

    def __init__(self, rows: Iterable[Row], limit: int) -> None:
        self._rows, self._limit = rows, limit
        self.cut, self.empty = False, True

    def __iter__(self) -> Iterator[Row]:
        for number, row in enumerate(self._rows):
            self.empty = False
            if self._limit and number >= self._limit:
                self.cut = True
                return
            yield row


def choose(columns: Sequence[str], rows: Iterable[Row], chosen: Sequence[str]) -> Iterator[list[Term | None]]:
    """Return rows with only the chosen columns, in that order. Raises `UsageError` for a column that is not there."""
    for name in chosen:
        if name not in columns:
            raise UsageError(unknown("column", name, columns))
    places = [columns.index(name) for name in chosen]
    return ([row[place] for place in places] for row in rows)
