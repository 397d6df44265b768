"""What type a column of RDF terms has: that of its values, where all are of one, and otherwise text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from coopgraph.rdf.terms import Term, compact, python_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgraph.rdf.terms import PythonValue

Type: TypeAlias = Literal["text", "boolean", "integer", "double", "date", "decimal", "texts", "integers"]


class ColumnType(NamedTuple):
    """The type of a column, and of decimals how many digits they may have, and how many of these behind the point."""

    name: Type
    digits: int = 0
    scale: int = 0


TEXT: Final = ColumnType("text")
DATE: Final = ColumnType("date")
BOOLEAN: Final = ColumnType("boolean")
INTEGER: Final = ColumnType("integer")
DOUBLE: Final = ColumnType("double")
TEXTS: Final = ColumnType("texts")
INTEGERS: Final = ColumnType("integers")

_SINGLE: Mapping[type, ColumnType] = {bool: BOOLEAN, date: DATE}
_NUMBERS = {int, Decimal, float}
_LONG = 1 << 63
_SHORT, _WIDE = 18, 38
"""Digits of decimals that are 64 bits wide in most databases, and of the widest that these know."""
_EXACT = 15
"""Digits of a number that comes out of a double as it went in."""
READERS: Mapping[Type, Callable[[str], PythonValue]] = {
    "boolean": lambda text: text in ("true", "1"),
    "integer": int,
    "double": float,
    "decimal": Decimal,
    "date": date.fromisoformat,
}
"""Type -> what makes a value of a cell's text, where the type is not text."""


class Seen:
    """What the cells of a column are, as far as they have come."""

    def __init__(self) -> None:
        self._kinds: set[type] = set()
        self._whole, self._scale, self._is_long = 1, 0, True

    def take(self, term: Term | None) -> str | None:
        """Take a cell, and return its text as CSV has it."""
        if term is None:
            return None
        value = python_value(term)
        self._kinds.add(type(value))
        if isinstance(value, int | Decimal):
            self._measure(value)
        return compact(term, {})

    def _measure(self, number: int | Decimal) -> None:
        if isinstance(number, int) and -_LONG <= number < _LONG:
            self._whole = max(self._whole, len(str(abs(number))))
            return
        exact = Decimal(number)
        self._is_long = False
        self._whole = max(self._whole, exact.adjusted() + 1)
        self._scale = max(self._scale, -int(exact.as_tuple().exponent))

    def type(self, empty: ColumnType) -> ColumnType:
        """Return the type of the column, `empty` where no cell has anything."""
        kinds, digits = self._kinds, self._whole + self._scale
        if not kinds:
            return empty
        if len(kinds) == 1 and (only := next(iter(kinds))) in _SINGLE:
            return _SINGLE[only]
        if kinds == {int} and self._is_long:
            return INTEGER
        if kinds <= {int, Decimal} and digits <= _WIDE:
            return ColumnType("decimal", _SHORT if digits <= _SHORT else _WIDE, self._scale)
        return DOUBLE if float in kinds and kinds <= _NUMBERS and digits <= _EXACT else TEXT
