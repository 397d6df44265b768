"""The formats that answers are written in, row by row: tables for people, and what other programs read."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import IO, TYPE_CHECKING, TypeAlias, cast

from coopgraph.errors import UsageError, near, unknown
from coopgraph.rdf.printable import for_xml, safe_cell, visible
from coopgraph.rdf.terms import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    Term,
    Triple,
    compact,
    language_tag,
    python_value,
)
from coopgraph.rdf.vocab import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coopgraph.ask.results import Prefixes, Row


def write_table(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write a table for people: as wide as it needs into a pipe, and on a terminal that is too narrow a block a row."""
    from coopgraph.ask import terminal_table

    texts = [[visible(compact(term, prefixes)).expandtabs(4) for term in row] for row in rows]
    terminal_table.write([visible(name) for name in columns], texts, out)


def write_short_table(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write a table of columns that were not asked for, headed by what they name, the last left out for want of room.

    Columns come in the order in which they matter.
    """
    from coopgraph.ask import terminal_table

    texts = [[visible(compact(term, prefixes)).expandtabs(4) for term in row] for row in rows]
    terminal_table.write([visible(name).removesuffix("Label") or name for name in columns], texts, out, _FEWEST)


_FEWEST = 2
"""Columns at least of a table that leaves some out."""


def write_json(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write SPARQL 1.1 Query Results JSON."""
    out.write(f'{{"head":{{"vars":{json.dumps(list(columns))}}},"results":{{"bindings":[')
    keys = [f"{encode_basestring(name)}: " for name in columns]
    between = "\n"
    for row in rows:
        pairs = [key + _json_term(term) for key, term in zip(keys, row, strict=True) if term is not None]
        out.write(f"{between}{{{', '.join(pairs)}}}")
        between = ",\n"
    out.write("\n]}}\n")


def _json_term(term: Term) -> str:
    """Return a term as the SPARQL 1.1 JSON results have it; written at once, for it takes most of the time."""
    if isinstance(term, NamedNode):
        return f'{{"type": "uri", "value": {encode_basestring(term.value)}}}'
    if isinstance(term, BlankNode):
        return f'{{"type": "bnode", "value": {encode_basestring(term.value)}}}'
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        inner = ", ".join(f'"{name}": {_json_term(part)}' for name, part in parts.items())
        return f'{{"type": "triple", "value": {{{inner}}}}}'
    plain = f'{{"type": "literal", "value": {encode_basestring(term.value)}'
    if term.language:
        return f'{plain}, "xml:lang": {encode_basestring(language_tag(term.language))}}}'
    kind = term.datatype.value
    return f"{plain}}}" if kind == _STRING else f'{plain}, "datatype": {encode_basestring(kind)}}}'


_STRING = XSD + "string"


def write_jsonl(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write one JSON object a row, with plain values: numbers as numbers, all else as text, null for unbound."""
    names = [json.dumps(name, ensure_ascii=False) for name in columns]
    for row in rows:
        pairs = ", ".join(f"{name}: {_json(term)}" for name, term in zip(names, row, strict=True))
        out.write(f"{{{pairs}}}\n")


_JSON_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"


def _json(term: Term | None) -> str:
    """Return a plain value as JSON; a number as it is written, where JSON may have it so."""
    if term is None:
        return "null"
    plain = _plain(term)
    text = compact(term, {})
    is_number = isinstance(plain, int | float) and re.fullmatch(_JSON_NUMBER, text) and len(text) < _DIGITS
    return text if is_number else json.dumps(plain, ensure_ascii=False)


def _plain(term: Term) -> str | float:
    """Return a number or boolean that JSON has, else the text of a term: JSON knows neither dates nor infinity."""
    from decimal import Decimal
    from math import isfinite

    plain = python_value(term)
    if isinstance(plain, Decimal):
        plain = int(plain) if plain == int(plain) and plain.adjusted() < _DIGITS else float(plain)
    is_number = isinstance(plain, int) or (isinstance(plain, float) and isfinite(plain))
    return cast("float", plain) if is_number else compact(term, {})


_DIGITS = 300
"""A whole number of more digits is beyond what other programs read as a number."""


def write_csv(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write SPARQL 1.1 Query Results CSV: plain values, full IRIs, CRLF line ends."""
    _write_csv(columns, rows, out, str)


def write_safe_csv(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write CSV in which no cell begins as a formula of a spreadsheet."""
    _write_csv(columns, rows, out, safe_cell)


def write_excel_csv(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write CSV as Excel wants it: with a byte order mark, and no cell that begins as a formula."""
    out.write("\ufeff")
    write_safe_csv(columns, rows, out, prefixes)


def _write_csv(columns: Sequence[str], rows: Iterable[Row], out: IO[str], cell: Callable[[str], str]) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(compact(term, {})) for term in row])


def write_tsv(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write SPARQL 1.1 Query Results TSV: terms in Turtle's full syntax."""
    out.write("\t".join(f"?{name}" for name in columns) + "\n")
    for row in rows:
        out.write("\t".join(_full(term).replace("\t", "\\t") for term in row) + "\n")


def _full(term: Term | None) -> str:
    if isinstance(term, Literal) and term.language:
        return f"{Literal(term.value)}@{language_tag(term.language)}"
    return str(term) if isinstance(term, Literal | NamedNode) else compact(term, {})


def write_xml(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write SPARQL Query Results XML; the few control characters that XML 1.0 cannot hold become U+FFFD."""
    from html import escape

    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n <head>'
    )
    out.write("".join(f'<variable name="{escape(name)}"/>' for name in columns) + "</head>\n <results>\n")
    for row in rows:
        pairs = ((name, term) for name, term in zip(columns, row, strict=True) if term is not None)
        cells = "".join(f'<binding name="{escape(name)}">{_xml_term(term)}</binding>' for name, term in pairs)
        out.write(f"  <result>{cells}</result>\n")
    out.write(" </results>\n</sparql>\n")


def _xml_term(term: Term) -> str:
    from html import escape

    text = for_xml(escape(compact(term, {})), "\ufffd").replace("\r", "&#13;")
    if isinstance(term, NamedNode):
        return f"<uri>{text}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{term.value}</bnode>"
    if isinstance(term, Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        inner = "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts.items())
        return f"<triple>{inner}</triple>"
    if term.language:
        return f'<literal xml:lang="{language_tag(term.language)}">{text}</literal>'
    kind = term.datatype.value
    return (
        f"<literal>{text}</literal>"
        if kind == XSD + "string"
        else f'<literal datatype="{escape(kind)}">{text}</literal>'
    )


def write_markdown(columns: Sequence[str], rows: Iterable[Row], out: IO[str], prefixes: Prefixes) -> None:
    """Write a Markdown table in which the values are text and nothing else."""
    out.write("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns) + "\n")
    for row in rows:
        out.write("| " + " | ".join(_markdown(compact(term, prefixes)) for term in row) + " |\n")


def _markdown(text: str) -> str:
    from html import escape

    safe = re.sub(r"([\\`*_\[\]|#~])", r"\\\1", escape(visible(text), quote=False))
    return re.sub(r"\r?\n", "<br>", safe)


Writer: TypeAlias = "Callable[[Sequence[str], Iterable[Row], IO[str], Prefixes], None]"
ROW_FORMATS: Mapping[str, Writer] = {
    "table": write_table,
    "json": write_json,
    "jsonl": write_jsonl,
    "csv": write_csv,
    "excel-csv": write_excel_csv,
    "tsv": write_tsv,
    "xml": write_xml,
    "md": write_markdown,
}
COLUMN_FORMATS = ("parquet", "arrow")
"""Formats of rows that are no text but columns with types."""
TRIPLE_FORMATS = ("turtle", "ntriples")
FORMATS = (*ROW_FORMATS, *COLUMN_FORMATS, *TRIPLE_FORMATS)


def row_writer(name: str, *, safe_cells: bool = False) -> Writer:
    """Return the writer of a row format, its cells safe or not. Raises `UsageError` where rows cannot be written so."""
    _check_row_format(name, safe_cells)
    if name in COLUMN_FORMATS:
        raise UsageError(f"{name} is no text; take {', '.join(ROW_FORMATS)}")
    return write_safe_csv if safe_cells and name == "csv" else ROW_FORMATS[name]


ColumnWriter: TypeAlias = "Callable[[Sequence[str], Iterable[Row], IO[bytes], Mapping[str, str]], None]"


def column_writer(name: str, *, safe_cells: bool = False) -> ColumnWriter:
    """Return the writer of one of `COLUMN_FORMATS`, which is given columns, rows, a stream, and what is said of it all.

    Raises `UsageError` where the libraries are missing.
    """
    from coopgraph.export import column_formats, column_tables

    _check_row_format(name, safe_cells)
    column_tables.arrow(name)

    def write(columns: Sequence[str], rows: Iterable[Row], out: IO[bytes], about: Mapping[str, str]) -> None:
        fields = [column_tables.Field(column) for column in columns]
        with column_tables.ColumnTable(fields, rows, about) as table:
            column_formats.WRITERS[name](table, out)

    return write


def _check_row_format(name: str, safe_cells: bool) -> None:
    if name in TRIPLE_FORMATS:
        rows = ", ".join((*ROW_FORMATS, *COLUMN_FORMATS))
        raise UsageError(f"the query gives rows, not triples; {name} needs CONSTRUCT; rows take {rows}")
    if name not in FORMATS:
        raise UsageError(unknown("format", name, FORMATS))
    if safe_cells and not name.endswith("csv"):
        raise UsageError("cells are made safe in CSV alone; leave out --safe-cells, or add --format csv")


def check_triple_format(name: str) -> None:
    """Raise `UsageError` where triples cannot be written in a format."""
    if name in TRIPLE_FORMATS:
        return
    reason = (
        "the query gives triples, not rows" if name in FORMATS else f"no format is called {name!r}{near(name, FORMATS)}"
    )
    raise UsageError(f"{reason}; triples take {', '.join(TRIPLE_FORMATS)}")


def write_triples(triples: Iterable[Triple], out: IO[str], prefixes: Prefixes, format_: str) -> None:
    """Write the triples of a CONSTRUCT query, sorted, as `turtle` or `ntriples`.

    Literals of statements that come with their records, as those of DESCRIBE do, are as the graph files have them.
    """
    from coopgraph.store import written_forms

    triples = written_forms.restored_triples(triples)
    if format_ == "turtle":
        from coopgraph.export import turtle

        out.write(turtle.write(triples, prefixes))
    else:
        from coopgraph.export.sorted_rdf import line

        out.writelines(f"{text}\n" for text in sorted({line(Quad(t.subject, t.predicate, t.object)) for t in triples}))


def write_boolean(value: bool, out: IO[str], format_: str) -> None:
    """Write the answer of an ASK query: SPARQL results JSON or XML, a JSON line, or `true`/`false`."""
    text = "true" if value else "false"
    whole = {
        "json": f'{{"head":{{}},"boolean":{text}}}',
        "xml": '<?xml version="1.0" encoding="UTF-8"?>\n<sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"<head/><boolean>{text}</boolean></sparql>",
    }
    row_writer(format_)
    out.write(whole.get(format_, text) + "\n")
