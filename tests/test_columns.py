"""Answers and claims as columns with types: pyarrow, DuckDB and pandas read back what JSON and CSV have."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from conftest import ROOT, Run, environment, write_small, write_tiny
from coopgraph import collapse
from coopgraph.ask import row_formats
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.ask.results import Results
from coopgraph.errors import DataError, UsageError
from coopgraph.export import column_tables, duckdb_file, export
from coopgraph.export.claim_table import COLUMNS, SEPARATOR
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Term, compact
from coopgraph.rdf.vocab import XSD
from hostile import TEXTS, iris, literals
from layers import examples

PARAMETERS = tomllib.loads((ROOT / "tests" / "answers" / "parameters.toml").read_text("utf-8"))
ABOUT = {"title": "香 \0 'quoted'", "license": "http://x/"}


def typed(text: str, kind: str) -> Literal:
    """Return a literal of a datatype of XML Schema."""
    return Literal(text, datatype=NamedNode(XSD + kind))


def written(format_: str, results: Results) -> bytes:
    """Return rows as they are written in a format."""
    out = BytesIO()
    row_formats.column_writer(format_)(results.columns, results.rows, out, ABOUT)
    return out.getvalue()


def read(format_: str, content: bytes) -> pa.Table:
    """Return what pyarrow's own reader makes of a file."""
    return parquet.read_table(BytesIO(content)) if format_ == "parquet" else pa.ipc.open_file(content).read_all()


def assert_same(table: pa.Table, results: Results) -> None:
    """Say that a column has its Python values, or where it is text what CSV has, and nothing where that has nothing."""
    assert table.column_names == list(results.columns)
    assert table.num_rows == len(results) or not results.columns
    for place, name in enumerate(results.columns):
        got, terms = table.column(name).to_pylist(), [row[place] for row in results.rows]
        if pa.types.is_string(table.schema.field(name).type):
            assert got == [None if term is None else compact(term, {}) for term in terms]
        else:
            assert repr([_plain(value) for value in got]) == repr([_plain(row[name]) for row in results])


def _plain(value: Any) -> Any:
    """Return a value so that equal numbers of one column look alike."""
    return value if isinstance(value, bool) or not isinstance(value, int | float | Decimal) else float(value)


def one(*cells: Term | None) -> Results:
    """Return rows of one column."""
    return Results(("a",), tuple((cell,) for cell in cells))


# Rows


def answers(graph: CoopGraph) -> Iterator[Results]:
    """Yield the answer of each question that gives rows."""
    for question in graph.questions():
        if "CONSTRUCT" not in question.sparql and "DESCRIBE" not in question.sparql:
            yield graph.ask(question.name, **PARAMETERS.get(question.name, {}))


@pytest.mark.parametrize("format_", row_formats.COLUMN_FORMATS)
def test_each_question_is_read_back(tiny_graph: CoopGraph, format_: str) -> None:
    """The answer of each question is read back as JSON and CSV have it, its numbers as numbers."""
    numbers = 0
    for results in answers(tiny_graph):
        table = read(format_, written(format_, results))
        assert_same(table, results)
        numbers += sum(pa.types.is_integer(field.type) for field in table.schema)
    assert numbers > 50


def test_other_programs_read_each_question(article_graph: CoopGraph, tmp_path: Path) -> None:
    """DuckDB and pandas read the rows of the bundled graph that pyarrow reads."""
    path = tmp_path / "rows.parquet"
    for name in ("counts-by-year", "classes", "single-source", "strongest-pairs", "contradictions", "fates"):
        results = article_graph.ask(name)
        path.write_bytes(written("parquet", results))
        table = parquet.read_table(path)
        assert_same(table, results)
        assert len(results)
        assert duckdb.read_parquet(str(path)).fetchall() == [tuple(row.values()) for row in table.to_pylist()]
        frame = pd.read_parquet(path)
        assert list(frame) == list(results.columns)
        assert frame[results.columns[0]].tolist() == table.column(0).to_pylist()


_COLUMNS = {
    "mixed": st.one_of(iris, literals, st.sampled_from("ab").map(BlankNode)),
    "integer": st.integers(-(1 << 70), 1 << 70).map(lambda number: typed(str(number), "integer")),
    "small": st.integers(-9, 9).map(lambda number: typed(f"{number:+03d}", "int")),
    "decimal": st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: typed(f"{d:f}", "decimal")),
    "number": st.one_of(st.integers(0, 99).map(lambda n: typed(str(n), "integer")),
                        st.floats(width=16).map(lambda x: typed({"inf": "INF", "-inf": "-INF", "nan": "NaN"}.get(
                            str(x), str(x)), "double"))),
    "boolean": st.sampled_from(["true", "false", "1", "0"]).map(lambda text: typed(text, "boolean")),
    "date": st.dates().map(lambda day: typed(day.isoformat(), "date")),
}  # fmt: skip
_rows = st.lists(st.tuples(*(st.one_of(st.none(), cells) for cells in _COLUMNS.values())), max_size=8)


@given(_rows)
@settings(max_examples=examples(30))
def test_any_rows_are_read_back(rows: list[tuple[Term | None, ...]]) -> None:
    """Whatever cells a column has, all readers give the same values: those of Python, or the text that CSV has."""
    results = Results(tuple(_COLUMNS), tuple(rows))
    table = read("arrow", written("arrow", results))
    assert_same(table, results)
    assert repr(table.to_pylist()) == repr(results.to_arrow().to_pylist())
    assert repr(read("parquet", written("parquet", results)).to_pylist()) == repr(table.to_pylist())
    assert repr(duckdb.from_arrow(table).fetchall()) == repr([tuple(row.values()) for row in table.to_pylist()])
    types = {name: table.schema.field(name).type for name, got in zip(_COLUMNS, table.columns, strict=True)
             if got.null_count < len(got)}  # fmt: skip
    assert types.get("date", pa.date32()) == pa.date32()
    assert types.get("boolean", pa.bool_()) == pa.bool_()
    assert types.get("small", pa.int64()) == pa.int64()


INTEGER, DECIMAL, LONG, INFINITE = "integer", "decimal", "9" * 40, float("inf")


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        ([typed("7", INTEGER), None, typed("007", "int")], pa.int64(), [7, None, 7]),
        ([typed(str((1 << 63) - 1), INTEGER)], pa.int64(), [(1 << 63) - 1]),
        ([typed(str(1 << 63), INTEGER)], pa.decimal128(38, 0), [Decimal(1 << 63)]),
        ([typed(LONG, INTEGER), typed("1", INTEGER)], pa.string(), [LONG, "1"]),
        ([typed("9" * 5000, INTEGER)], pa.string(), ["9" * 5000]),
        ([typed("49.60", DECIMAL), typed("3", INTEGER)], pa.decimal128(18, 2), [Decimal("49.60"), Decimal("3.00")]),
        ([typed("1234567890123456789.5", DECIMAL)], pa.decimal128(38, 1), [Decimal("1234567890123456789.5")]),
        ([typed(f"0.{LONG}", DECIMAL)], pa.string(), [f"0.{LONG}"]),
        ([typed("1.0e6", "double"), typed("3", INTEGER), typed("INF", "float")], pa.float64(), [1e6, 3.0, INFINITE]),
        ([typed("1e0", "double"), typed("9007199254740993", INTEGER)], pa.string(), ["1e0", "9007199254740993"]),
        ([typed("true", "boolean"), typed("0", "boolean")], pa.bool_(), [True, False]),
        ([typed("true", "boolean"), typed("0", INTEGER)], pa.string(), ["true", "0"]),
        ([typed("1066-10-14", "date"), typed("9999-12-31", "date")], pa.date32(), [date(1066, 10, 14), date.max]),
        ([typed("-0044-03-15", "date"), typed("2014-01-01", "date")], pa.string(), ["-0044-03-15", "2014-01-01"]),
        ([typed("2014-02-30", "date")], pa.string(), ["2014-02-30"]),
        ([typed("007", INTEGER), NamedNode("http://x/a"), BlankNode("b")], pa.string(), ["007", "http://x/a", "_:b"]),
        ([Literal("a\0b"), Literal("香", language="zh")], pa.string(), ["a\0b", "香"]),
        ([Literal(text) for text in TEXTS], pa.string(), [*TEXTS]),
        ([None, None], pa.string(), [None, None]),
        ([], pa.string(), []),
        ([Literal("長" * 3_000_000)], pa.string(), ["長" * 3_000_000]),
    ],
)  # fmt: skip
def test_a_column_has_the_type_of_its_cells(cells: list[Term | None], kind: pa.DataType, values: list[Any]) -> None:
    """A column has the type that all its cells are of and that holds them exactly, or else it is text."""
    for format_ in row_formats.COLUMN_FORMATS:
        table = read(format_, written(format_, one(*cells)))
        assert (table.schema.field("a").type, table.column("a").to_pylist()) == (kind, values)
    assert duckdb.from_arrow(table).fetchall() == [(value,) for value in values]


def test_rows_come_in_batches_and_types_are_those_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many rows only some are in memory at once, and one unlike cell at the end makes the column one of text."""
    monkeypatch.setattr(column_tables, "_ROWS", 10)
    monkeypatch.setattr(column_tables, "_IN_MEMORY", 100)
    numbers = [typed(str(number), INTEGER) for number in range(25)]
    content = written("parquet", one(*numbers))
    assert [parquet.ParquetFile(BytesIO(content)).metadata.row_group(at).num_rows for at in range(3)] == [10, 10, 5]
    assert_same(read("parquet", content), one(*numbers))
    assert_same(read("arrow", written("arrow", one(*numbers, Literal("x")))), one(*numbers, Literal("x")))
    monkeypatch.setattr(column_tables, "_CHARACTERS", 50)
    content = written("arrow", one(*[Literal("x" * 30)] * 4))
    assert pa.ipc.open_file(content).num_record_batches == 2


def test_what_is_said_of_the_rows_comes_along() -> None:
    """Title, licence and all else that is said stands in the file, texts of every kind."""
    for format_ in row_formats.COLUMN_FORMATS:
        said = read(format_, written(format_, one(Literal("x")))).schema.metadata
        assert {name.decode(): text.decode() for name, text in said.items()} == ABOUT


def test_columns_of_one_name_are_refused() -> None:
    """Two columns cannot have one name, in files as in Python."""
    results = Results(("a", "a"), ((None, None),))
    with pytest.raises(UsageError, match="the column a is there twice"):
        results.to_arrow()
    assert Results((), ((), ())).to_arrow().num_columns == 0


def test_a_full_folder_for_temporary_files_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rows cannot be put aside, one line says so and what to do."""

    class Full(BytesIO):
        def write(self, content: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(column_tables.tempfile, "SpooledTemporaryFile", lambda _: Full())
    with pytest.raises(DataError, match=r"rows cannot be put aside \(No space left on device\); make room"):
        one(Literal("x")).to_arrow()


# Claims


@pytest.fixture(scope="module")
def odd_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A graph without a licence, with a title and gists that try every writer, and a number of another kind."""
    root = write_tiny(tmp_path_factory.mktemp("odd") / "w")
    title = json.dumps("".join(TEXTS[:5]) + "'; DROP TABLE claims; --")
    (root / "coopgraph.toml").write_text(f'title = {title}\nbase = "https://example.org/id/"\n', "utf-8")
    escaped = "".join(f"\\U{ord(letter):08X}" for letter in "".join(TEXTS) + " | ")
    for path in (root / "graphs").glob("*.ttl"):
        text = path.read_text("utf-8").replace('coop:gist "', f'coop:gist "{escaped}')
        path.write_text(text.replace("rdf:object 310 ", "rdf:object 310.50 "), "utf-8")
    with load(root) as graph:
        yield graph


@pytest.fixture(scope="module")
def bare_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A graph with two places and no claim."""
    root = write_small(tmp_path_factory.mktemp("bare") / "w")
    (root / "graphs" / "note.ttl").unlink()
    with load(root) as graph:
        yield graph


@pytest.fixture(params=["tiny_graph", "odd_graph", "bare_graph", "article_graph"])
def graph(request: pytest.FixtureRequest) -> CoopGraph:
    """Each of four graphs: one of everything, one that is odd, one without claims, the bundled one."""
    graph: CoopGraph = request.getfixturevalue(request.param)
    return graph


def as_csv(name: str, cell: Any) -> str:
    """Return a cell as CSV has it, numbers aside."""
    if isinstance(cell, list):
        return (" / " if name == "gist" else SEPARATOR).join("" if each is None else str(each) for each in cell)
    return {None: "", True: "true", False: ""}.get(cell, str(cell))


@pytest.mark.parametrize("format_", export.COLUMNS)
def test_claims_have_the_columns_and_cells_of_csv(graph: CoopGraph, format_: str, tmp_path: Path) -> None:
    """The table of claims has the columns of CSV in their order, and each cell says the same."""
    graph.export_to(tmp_path / "claims", format_)
    table = read(format_, (tmp_path / "claims").read_bytes())
    wanted = list(csv.DictReader(StringIO(graph.export("csv"), newline="")))
    assert table.column_names == [column.name for column in COLUMNS]
    assert table.num_rows == len(wanted) == len(graph)
    for got, row in zip(table.to_pylist(), wanted, strict=True):
        number = got.pop("value")
        assert (number is None) == (row["value"] == "")
        assert number is None or number == Decimal(row.pop("value"))
        assert {name: as_csv(name, cell) for name, cell in got.items()} == {name: row[name] for name in got}


def test_dates_are_dates_and_columns_are_described(graph: CoopGraph, tmp_path: Path) -> None:
    """Columns of dates are dates where there is none in a selection too; each column says what it is."""
    graph.export_to(tmp_path / "claims", "parquet")
    schema = parquet.read_schema(tmp_path / "claims")
    for column in COLUMNS:
        field = schema.field(column.name)
        assert column.description in field.metadata[b"description"].decode()
        assert column.kind != "date" or field.type == pa.date32()
        assert column.kind not in ("iris", "texts") or field.type == pa.list_(pa.field("element", pa.string()))
    assert pa.types.is_decimal(schema.field("value").type)
    assert schema.metadata[b"title"].decode() == graph.workspace.title
    assert b"source" in schema.metadata


def test_the_same_graph_gives_the_same_bytes(tiny_graph: CoopGraph, tiny: Path, tmp_path: Path) -> None:
    """Parquet and Arrow of a graph that was built elsewhere and at another time are the same to the byte."""
    with load(tiny) as other:
        for form in export.COLUMNS:
            tiny_graph.export_to(tmp_path / "one", form, status="realised")
            other.export_to(tmp_path / "other", form, status="realised")
            assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


# DuckDB


@pytest.fixture
def database(graph: CoopGraph, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A graph as a DuckDB file, opened by DuckDB."""
    graph.export_to(tmp_path / "graph.duckdb", "duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["graph.duckdb"]
    with duckdb.connect(tmp_path / "graph.duckdb", read_only=True) as opened:
        yield opened


@pytest.mark.sampled(1)
def test_a_database_has_what_the_graph_has(graph: CoopGraph, database: duckdb.DuckDBPyConnection) -> None:
    """The tables have all claims, passages, sources and names of an extract, and the links of its network."""
    extract, pairs = graph.extract(), collapse(graph.to_networkx(), directed=True)
    assert database.execute("FROM claims SELECT claim").fetchall() == [(claim.iri,) for claim in extract.claims]
    assert database.execute("FROM passages SELECT passage, source, paragraph, start_at, end_at, sha256").fetchall() == [
        (each.iri, each.source, each.paragraph, each.start, each.end, each.sha256) for each in extract.passages.values()
    ]
    assert set(database.execute("FROM sources SELECT source, title").fetchall()) == {
        (each.iri, each.title) for each in extract.sources.values()
    }
    assert database.execute("FROM entities SELECT entity, label, kind, other_names").fetchall() == [
        (each.iri, each.label, each.kind, [*each.other_names]) for each in extract.terms.values()
    ]
    columns = ("n_claims", "n_sources", "n_independent", "first_year", "last_year")
    assert set(database.execute(f"FROM links SELECT subject, object, {', '.join(columns)}").fetchall()) == {
        (subject, target, *map(data.get, columns)) for subject, target, data in pairs.edges(data=True)
    }
    assert dict(database.execute("FROM about").fetchall())["title"] == graph.workspace.title


def test_tables_of_a_database_join(database: duckdb.DuckDBPyConnection) -> None:
    """What a table names is in the table that its comment names, and lists of claims are those of their tables."""
    every = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    comments = database.execute(every).fetchall()
    joins = [(table, column, *target) for table, column, comment in comments
             if len(target := comment.rpartition(": ")[2].split(".")) == 2 and target[1].isidentifier()]  # fmt: skip
    assert len(joins) > 12
    for table, column, other, key in joins:
        named, there = f'FROM {table} SELECT "{column}" WHERE "{column}" IS NOT NULL', f'FROM {other} SELECT "{key}"'
        assert database.execute(f"({named}) EXCEPT ({there})").fetchall() == [], (table, column)
    listed = "FROM claims SELECT claim, unnest(passages), generate_subscripts(passages, 1)"
    assert database.execute(f"({listed}) EXCEPT FROM claim_passages").fetchall() == []
    counted = "FROM claims SELECT sum(len(passages)), sum(len(fields)), sum(len(speakers)), sum(len(source))"
    tables = ("claim_passages", "claim_fields", "claim_speakers", "claim_sources")
    numbers = [database.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]
    assert [int(each or 0) for each in database.execute(counted).fetchone() or ()] == [
        each[0] for each in numbers if each
    ]


def test_all_is_described_in_a_database(database: duckdb.DuckDBPyConnection) -> None:
    """Each table and each column has a comment, and tables of things have a key."""
    assert database.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall() == []
    bare = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    assert database.execute(bare).fetchall() == []
    keys = "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
    assert {"claims", "passages", "sources", "entities", "links"} < {
        name for (name,) in database.execute(keys).fetchall()
    }


def test_a_database_and_parquet_have_the_same_claims(tiny_graph: CoopGraph, tmp_path: Path) -> None:
    """The claims of a selection are in the database as in Parquet, column by column, types included."""
    for form in ("duckdb", "parquet"):
        tiny_graph.export_to(tmp_path / form, form, status=["planned", "realised"])
    with duckdb.connect(tmp_path / "duckdb", read_only=True) as database:
        ours, theirs = database.table("claims"), duckdb.read_parquet(str(tmp_path / "parquet"))
        assert list(zip(ours.columns, ours.types, strict=True)) == list(zip(theirs.columns, theirs.types, strict=True))
        assert ours.fetchall() == theirs.fetchall()


def test_a_database_that_fails_leaves_what_was_there(
    tiny_graph: CoopGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a database cannot be written one line says so, the former file stays, and nothing is left beside it."""
    path = tmp_path / "graph.duckdb"
    path.write_bytes(b"former")

    def fail(*_: object) -> None:
        raise duckdb.IOException("IO Error: No space left on device\nmore")

    monkeypatch.setattr(duckdb_file, "_quoted", fail)
    with pytest.raises(DataError, match=r"cannot be written \(IO Error: No space left on device\); make room"):
        tiny_graph.export_to(path, "duckdb")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"former", [path])
    for target, line in (
        ("/dev/null", "is no file, which this form needs"),
        (tmp_path, "is a folder; name a file in it"),
    ):
        with pytest.raises(DataError, match=line):
            tiny_graph.export_to(target, "duckdb")


# On the command line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose store is built, with queries, to be asked and not changed."""
    root = write_small(tmp_path_factory.mktemp("command") / "w")
    (root / "count.rq").write_text(COUNT, "utf-8")
    (root / "ask.rq").write_text("ASK { ?s ?p ?o }", "utf-8")
    (root / "construct.rq").write_text("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "utf-8")
    load(root).close()
    return root


COUNT = "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?s"


def test_files_and_pipes_get_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """The command line writes what Python writes, to a file and to standard output, and says what was asked."""
    with load(folder) as graph:
        graph.export_to(tmp_path / "claims", "arrow")
        results = graph.query(COUNT)
    assert piped("export", "--format", "arrow", cwd=folder) == (tmp_path / "claims").read_bytes()
    piped("query", "count.rq", "--format", "parquet", "-o", tmp_path / "rows", cwd=folder)
    table = parquet.read_table(tmp_path / "rows")
    assert_same(table, results)
    assert (table.schema.metadata[b"title"], table.schema.metadata[b"query"]) == (b"Small", COUNT.encode())


def piped(*words: str | Path, cwd: Path) -> bytes:
    """Return what a command writes to a pipe."""
    command = [sys.executable, "-m", "coopgraph", *words]
    return subprocess.run(command, capture_output=True, check=True, cwd=cwd).stdout


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("query", "classes", "--format", "parquet", "--safe-cells"), "cells are made safe in CSV alone"),
        (("query", "classes", "--format", "parquet", "-c", "class,class"), "the column class is there twice"),
        (("query", "ask.rq", "--format", "parquet"), "parquet is no text; take table"),
        (("query", "construct.rq", "--format", "arrow"), "the query gives triples, not rows"),
        (("search", "East", "--format", "parquet"), "no format is called 'parquet'"),
        (("export", "--format", "duckdb"), "duckdb is a file and no stream; name it with -o FILE"),
        (("export", "--format", "duckdb", "-o", "-"), "duckdb is a file and no stream; name it with -o FILE"),
        (("export", "--format", "parquet", "--only", "direct"), "parquet holds claims and nothing else"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_told_in_one_line(run: Run, folder: Path, words: tuple[str, ...], line: str) -> None:
    """A form that does not fit is refused in one line, and nothing is written."""
    outcome = run(*words, cwd=folder)
    assert line in outcome.error
    assert outcome.out == ""


@pytest.mark.parametrize("words", [("export", "--format", "parquet"), ("query", "classes", "--format", "arrow")])
def test_a_terminal_gets_no_bytes(folder: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """What is no text is not written to a terminal, and one line says where to write it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "coopgraph", *words]
    done = subprocess.run(
        command, stdout=theirs, stderr=subprocess.PIPE, check=False, cwd=folder, env=environment(tmp_path), timeout=60
    )
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 2
    assert done.stderr.decode().endswith("is no text for a terminal; name a file with -o FILE, or send it on with |\n")


@pytest.mark.parametrize(
    ("words", "library"),
    [
        (("export", "--format", "parquet"), "pyarrow"),
        (("export", "--format", "duckdb", "-o", "graph.duckdb"), "duckdb"),
        (("query", "classes", "--format", "arrow"), "pyarrow"),
    ],
)
def test_without_the_extra_it_says_what_to_install(
    folder: Path, tmp_path: Path, words: tuple[str, ...], library: str
) -> None:
    """Where a library is not there, one line says how to get it, and no file is made."""
    hidden = tmp_path / "hidden" / library
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text(f"raise ModuleNotFoundError('gone', name={library!r})", "utf-8")
    settings_ = environment(tmp_path, {"PYTHONPATH": str(hidden.parent)})
    command = [sys.executable, "-m", "coopgraph", *words]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder, env=settings_)
    form = words[words.index("--format") + 1]
    assert (
        done.stderr.decode().splitlines()[-1]
        == f'coopgraph: {form} needs {library}; pip install ".[tables]" in the folder of coopgraph'
    )
    assert (done.returncode, done.stdout, (folder / "graph.duckdb").exists()) == (2, b"", False)


def test_python_says_where_binary_forms_go(tiny_graph: CoopGraph) -> None:
    """`export` gives text; what is none is written with `export_to`, and one line says so."""
    for form in export.BINARY:
        with pytest.raises(UsageError, match=f"{form} is no text; .* in Python with export_to"):
            tiny_graph.export(form)
