"""Claims as a table: a row a claim, observations included, and what each column of it means."""

from __future__ import annotations

import csv
import re
from datetime import date
from typing import IO, TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from coopgraph.claims.model import Claim, Extract, Quantity, gist
from coopgraph.rdf.vocab import ID, RDF, STANDARD, coop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Kind: TypeAlias = Literal["iri", "iris", "status", "text", "texts", "date", "number", "integers", "boolean"]


class Column(NamedTuple):
    """A column: its name, what its cells are, what it says, and the property (IRI) of claims that it has, if any.

    `required` says that no cell is empty. Several values in a cell (`iris`, `texts`, `integers`) are parted by
    `SEPARATOR`, gists by a slash.
    """

    name: str
    kind: Kind
    description: str
    property: str | None = None
    required: bool = False


SEPARATOR: Final = " | "
STATUS: Final = f"{ID}status/"
"""Where the IRIs of statuses begin."""
_DAY = "within the day, month, year, decade or century that the precision names"

COLUMNS: Final = (
    Column("claim", "iri", "The claim", required=True),
    Column("subject", "iri", "What the claim is about", f"{RDF}subject", required=True),
    Column("subject_label", "text", "Name of the subject"),
    Column("predicate", "iri", "The relation", f"{RDF}predicate", required=True),
    Column("predicate_label", "text", "Name of the relation"),
    Column("object", "iri", "What the subject is linked to; empty where that is a quantity", f"{RDF}object"),
    Column("object_label", "text", "Name of the object"),
    Column("value", "number", "The quantity, as the graph file writes it", f"{RDF}object"),
    Column("unit", "iri", "Unit of the quantity", coop("unit")),
    Column("status", "status", "realised, planned, potential, ended or denied", coop("status"), required=True),
    Column("group", "text", "Group of relations that the relation belongs to"),
    Column("fields", "texts", "Names of the fields of cooperation that the claim mentions"),
    Column("speakers", "texts", "Names of those in whose mouth the source puts the claim"),
    Column("occasions", "texts", "Names of the occasions on which it was said"),
    Column("relayers", "texts", "Names of those who passed it on"),
    Column("valid_from", "date", f"When it began: a day {_DAY}", coop("validFrom")),
    Column("valid_from_precision", "text", "What the beginning is exact to", coop("validFromPrecision")),
    Column("valid_to", "date", f"When it ended: a day {_DAY}", coop("validTo")),
    Column("valid_to_precision", "text", "What the end is exact to", coop("validToPrecision")),
    Column("as_of", "date", f"When the quantity was so: a day {_DAY}", coop("asOf")),
    Column("as_of_precision", "text", "What that date is exact to", coop("asOfPrecision")),
    Column("share_of", "iri", "What the quantity is a share of", coop("shareOf")),
    Column("source", "iris", "The documents that state the claim", STANDARD["dcterms"] + "source"),
    Column("source_title", "texts", "Titles of the documents"),
    Column("passages", "iris", "The passages that state the claim", STANDARD["prov"] + "wasDerivedFrom"),
    Column("paragraphs", "integers", "Numbers of the paragraphs that the passages stand in"),
    Column("gist", "texts", "What the passages say, in our own words"),
    Column("measure", "text", "Name of what the quantity counts"),
    Column("counterpart", "iri", "The other side of the quantity", coop("counterpart")),
    Column("approximation", "text", "about, over, under or among", coop("approximation")),
    Column("period_from", "date", "First day of the period that the quantity was counted over", coop("periodFrom")),
    Column("period_to", "date", "Last day of that period", coop("periodTo")),
    Column("due_by", "date", f"By when it is to be: a day {_DAY}", coop("dueBy")),
    Column("due_by_precision", "text", "What that date is exact to", coop("dueByPrecision")),
    Column("change", "text", "Whether the link starts, continues, grows stronger or is reduced"),
    Column("reported", "boolean", "true where the source reports somebody's words and does not say whose"),
    Column("names", "texts", "What the source calls that which the claim names"),
)


def write(extracted: Extract, out: IO[str], shown: Callable[[str], str] = str) -> tuple[Column, ...]:
    """Write CSV with a row a claim, each cell as `shown` gives it, and return the columns as the cells are.

    Several values in a cell are parted by `SEPARATOR`. Dates and numbers that few programs read make a column one of
    text, and a column of `iris` none of whose cells has several is one of `iri`.
    """
    writer = csv.DictWriter(out, [column.name for column in COLUMNS], lineterminator="\r\n", restval="")
    writer.writeheader()
    unlike: set[str] = set()
    for claim in extracted.claims:
        cells = {name: _text(name, cell) for name, cell in row(claim, extracted).items() if cell is not None}
        writer.writerow({name: shown(cell) for name, cell in cells.items()})
        unlike.update(name for name, is_like in _CHECKED.items() if name in cells and not is_like(cells[name]))
    return tuple(_as_found(column, column.name in unlike) for column in COLUMNS)


def _text(name: str, cell: str | tuple[str | int | None, ...]) -> str:
    """Return a cell as one text."""
    if isinstance(cell, str):
        return cell
    return (" / " if name == "gist" else SEPARATOR).join("" if each is None else str(each) for each in cell)


def _as_found(column: Column, is_unlike: bool) -> Column:
    """Return a column, given whether it has a cell unlike those of its kind."""
    if column.kind in ("date", "number") and is_unlike:
        return column._replace(kind="text")
    return column._replace(kind="iri") if column.kind == "iris" and not is_unlike else column


def _is_date(cell: str) -> bool:
    """Say whether a date is one that all programs read: XML Schema has others, such as -0044-03-15."""
    try:
        return len(cell) == len("2014-01-01") and bool(date.fromisoformat(cell))
    except ValueError:
        return False


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", cell) is not None


def _is_one(cell: str) -> bool:
    return SEPARATOR not in cell


_CHECKS: Mapping[str, Callable[[str], bool]] = {"date": _is_date, "number": _is_number, "iris": _is_one}
_CHECKED = {column.name: _CHECKS[column.kind] for column in COLUMNS if column.kind in _CHECKS}


def row(claim: Claim, extracted: Extract) -> dict[str, Any]:
    """Return column -> cell of a claim: a text, or a tuple where there may be several; one that is empty is None or not
    there.
    """

    def label(iri: str | None) -> str | None:
        return None if iri is None else extracted.terms[iri].label

    def labels(iris: Iterable[str]) -> tuple[str, ...]:
        return tuple([extracted.terms[iri].label for iri in iris])

    target = claim.object
    passages = [extracted.passages[iri] for iri in claim.passages]
    plain = ("valid_from", "valid_from_precision", "valid_to", "valid_to_precision", "due_by", "due_by_precision")
    cells = {name: getattr(claim, name) for name in (*plain, "as_of", "as_of_precision", "reported")} | {
        "claim": claim.iri,
        "subject": claim.subject,
        "subject_label": label(claim.subject),
        "predicate": claim.predicate,
        "predicate_label": label(claim.predicate),
        "status": claim.status,
        "group": claim.group,
        "fields": labels(claim.fields),
        "speakers": labels(claim.speakers),
        "occasions": labels(claim.occasions),
        "relayers": labels(claim.relayers),
        "source": claim.sources,
        "source_title": tuple([extracted.sources[iri].title for iri in claim.sources]),
        "passages": claim.passages,
        "paragraphs": tuple([passage.paragraph for passage in passages]),
        "gist": tuple([gist(passage) for passage in passages]),
        "change": label(claim.change),
        "names": claim.names,
    }
    if isinstance(target, Quantity):
        return cells | {
            "value": target.value,
            "unit": target.unit,
            "as_of": target.as_of,
            "as_of_precision": target.as_of_precision,
            "share_of": target.share_of,
            "measure": label(target.measure),
            "counterpart": target.counterpart,
            "approximation": target.approximation,
            "period_from": target.period_from,
            "period_to": target.period_to,
        }
    return cells | {"object": target, "object_label": label(target)}
