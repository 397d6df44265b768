"""The table of claims as typed columns: the same columns as CSV has, in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from coopgraph.claims.model import Quantity
from coopgraph.export.claim_table import COLUMNS, Column, row
from coopgraph.export.column_tables import Field
from coopgraph.export.found_types import BOOLEAN, DATE, INTEGERS, TEXT, TEXTS, ColumnType
from coopgraph.rdf.terms import Literal, NamedNode
from coopgraph.rdf.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coopgraph.claims.model import Claim, Extract

_DATE: Final = NamedNode(XSD + "date")
_NUMBER: Final = ColumnType("decimal", 18, 0)
_TYPES = {"iris": TEXTS, "texts": TEXTS, "integers": INTEGERS, "boolean": BOOLEAN}


def _field(column: Column) -> Field:
    description = f"{column.description} ({column.property})" if column.property else column.description
    if column.kind in ("date", "number"):
        return Field(column.name, description, None, DATE if column.kind == "date" else _NUMBER)
    return Field(column.name, description, _TYPES.get(column.kind, TEXT))


FIELDS: Final = tuple(map(_field, COLUMNS))


def rows(extracted: Extract) -> Iterator[list[Any]]:
    """Yield a row a claim."""
    return (_typed(claim, extracted) for claim in extracted.claims)


def _typed(claim: Claim, extracted: Extract) -> list[Any]:
    cells = row(claim, extracted)
    if isinstance(claim.object, Quantity):
        cells["value"] = Literal(claim.object.value, datatype=NamedNode(claim.object.datatype))
    cells["reported"] = cells["reported"] in ("true", "1")
    return [_cell(column, cells.get(column.name)) for column in COLUMNS]


def _cell(column: Column, cell: Any) -> Any:
    return Literal(cell, datatype=_DATE) if column.kind == "date" and cell is not None else cell
