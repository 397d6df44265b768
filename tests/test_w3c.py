"""The W3C's tests of RDF and SPARQL pass, but for deviations that are listed with their reasons."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from csv import DictReader
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat

import w3c
from coopgraph.ask import row_formats
from coopgraph.errors import CoopgraphError, UsageError
from coopgraph.export import rdf_formats, sorted_rdf
from coopgraph.rdf import blank_nodes, sparql_guard, turtle, vocab
from coopgraph.store import local
from w3c import Case

RDF_FOLDERS = ["n-quads", "n-triples", "trig", "turtle", "xml"]
PARSERS = {
    "turtle": RdfFormat.TURTLE, "trig": RdfFormat.TRIG, "nquads": RdfFormat.N_QUADS, "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD, "jsonld-graphs": RdfFormat.JSON_LD, "rdfxml": RdfFormat.RDF_XML,
}  # fmt: skip
PREFIXES = vocab.prefixes()
PAGE = Path(__file__).parents[1] / "docs" / "standards.md"


@pytest.fixture(scope="module")
def root() -> Path:
    """The folder of the W3C's tests; without it these are left out, which continuous integration does not allow."""
    folder = os.environ.get("COOPGRAPH_W3C")
    if not folder:
        if os.environ.get("CI"):
            pytest.fail("COOPGRAPH_W3C names no folder of the W3C's tests (w3c/rdf-tests), which CI runs")
        pytest.skip("COOPGRAPH_W3C names no folder of the W3C's tests (a copy of w3c/rdf-tests)")
    return Path(folder)


def check(root: Path, folder: str) -> str:
    """Run the tests of a folder, demand that they deviate where the list says, and return how many do not."""
    outcomes = [(case.name, outcome(case)) for case in w3c.cases(root, folder)]
    wrong = {name: what for name, what in outcomes if what}
    assert wrong.keys() == w3c.DEVIATIONS.get(folder, {}).keys(), wrong
    return f"{len(outcomes) - len(wrong)} of {len(outcomes)}"


def outcome(case: Case) -> str:
    """Return what is wrong with a test, nothing where it passes."""
    try:
        if case.kind.endswith("Eval"):
            assert case.result
            return "" if same(read(case), w3c.quads(case, case.result)) else "another graph"
        if "Update" in case.kind or case.kind.startswith(("Positive", "Negative")):
            accepted(case)
        elif case.kind == "CSVResultFormatTest":
            return csv_outcome(case)
        elif case.kind == "QueryEvaluationTest":
            return "" if answer(case) == expected(case) else "another answer"
        else:
            read(case)
    except (CoopgraphError, SyntaxError) as error:
        return "" if "Negative" in case.kind else str(error)
    return "is accepted" if "Negative" in case.kind else ""


def read(case: Case) -> set[Quad]:
    """Return what a file says: Turtle as graph files are read, all else as the store reads it."""
    if case.action.suffix != ".ttl":
        return w3c.quads(case, case.action)
    text = f"@base <{case.iri(case.action)}> . ".encode() + case.action.read_bytes()
    return {Quad(t.subject, t.predicate, t.object) for t in turtle.triples(text, case.action.name)}


def same(one: Iterable[Quad], two: Iterable[Quad]) -> bool:
    """Say whether quads are the same but for the names of blank nodes."""
    return set(blank_nodes.named(one)) == set(blank_nodes.named(two))


# ---------------------------------------------------------------- RDF


@pytest.mark.parametrize("folder", RDF_FOLDERS)
def test_rdf_is_read_as_the_w3c_demands(root: Path, folder: str) -> None:
    """Files are read as their tests say, and those that are none are refused; the page of standards has the numbers."""
    name = f"rdf/rdf11/rdf-{folder}"
    assert f"| {name} | {check(root, name)} |" in PAGE.read_text("utf-8")


@pytest.mark.parametrize("form", PARSERS)
def test_what_is_read_is_written_and_read_again(root: Path, form: str) -> None:
    """Each graph of these tests is the same after it was written in a form; what RDF/XML cannot say it refuses."""
    counts: Counter[str] = Counter()
    for folder in RDF_FOLDERS:
        for case in w3c.cases(root, f"rdf/rdf11/rdf-{folder}"):
            if "Negative" not in case.kind:
                counts[round_trip(w3c.quads(case, case.action), form)] += 1
    wrong = counts["other"]
    assert not wrong
    told = f", {counts['refused']} refused" if counts["refused"] else ""
    assert f"| {form} | {counts['same']} of {counts.total()}{told} |" in PAGE.read_text("utf-8")


def round_trip(quads: set[Quad], form: str) -> str:
    """Say whether quads are the same after they were written and read, or are refused."""
    kind = rdf_formats.WRITERS[form]
    if any(isinstance(quad.graph_name, BlankNode) for quad in quads):
        return "refused"  # named graphs are IRIs here
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(getattr(quad.graph_name, "value", ""), []).append(quad)
    out = StringIO()
    try:
        sorted_rdf.write(kind(PREFIXES), graphs.items(), out)
    except UsageError:
        return "refused"
    wanted = quads if kind.keeps_graphs else {Quad(q.subject, q.predicate, q.object) for q in quads}
    return "same" if same(tagged(ox.parse(out.getvalue(), format=PARSERS[form])), tagged(wanted)) else "other"


def tagged(quads: Iterable[Quad]) -> list[Quad]:
    """Return quads with their language tags in one case, which carries no meaning."""
    return [quad for line in map(sorted_rdf.line, quads) for quad in ox.parse(line, format=RdfFormat.N_QUADS)]


# ---------------------------------------------------------------- SPARQL


def folders(root: Path) -> list[str]:
    """Return the folders of SPARQL tests that have tests of queries."""
    found = (path.parent.relative_to(root).as_posix() for path in (root / "sparql").rglob("manifest.ttl"))
    return sorted(folder for folder in found if any(w3c.cases(root, folder)))


def test_sparql_is_answered_as_the_w3c_demands(root: Path) -> None:
    """Queries are taken or refused, and answered in all result formats, as their tests say; numbers as the page has."""
    page = PAGE.read_text("utf-8")
    for folder in folders(root):
        if folder not in w3c.DEVIATIONS["left out"]:
            assert f"| {folder} | {check(root, folder)} |" in page


def test_what_changes_the_store_or_asks_another_is_refused(root: Path) -> None:
    """Updates and SERVICE, as far as they are SPARQL at all, are refused."""
    for folder, reason in w3c.DEVIATIONS["left out"].items():
        if "refused" in reason:
            for case in w3c.cases(root, folder):
                with pytest.raises(CoopgraphError):
                    accepted(case)


def accepted(case: Case) -> None:
    """Have a query read and run on nothing."""
    text = f"BASE <{case.iri(case.action)}>\n{case.action.read_text('utf-8')}"
    local.run(ox.Store(), text, {}, None)


def asked(case: Case) -> object:
    """Return what a query gives over the data of a test."""
    text = f"BASE <{case.iri(case.action)}>\n{case.action.read_text('utf-8')}"
    store = ox.Store()
    for path in case.data:
        store.extend(w3c.quads(case, path))
    query = sparql_guard.admitted(text, {})
    named = [case.root / name.removeprefix(w3c.SITE) for name in query.graphs]
    for path in (*case.graphs, *named):
        graph = NamedNode(case.iri(path))
        store.extend(Quad(q.subject, q.predicate, q.object, graph) for q in w3c.quads(case, path))
    return store.query(query.text)  # as `local.run` has it, but for the default graph, which is no union in the tests


def answer(case: Case) -> object:
    """Return what a query gives, in a form in which equal answers are equal; written and read in all formats."""
    found = asked(case)
    if isinstance(found, ox.QueryBoolean):
        for form in ("json", "xml"):
            out = StringIO()
            row_formats.write_boolean(bool(found), out, form)
            assert bool(ox.parse_query_results(out.getvalue(), format=RESULTS[form])) == bool(found)
        return bool(found)
    if not isinstance(found, ox.QuerySolutions):
        return normal(Quad(t.subject, t.predicate, t.object) for t in found)  # type: ignore[attr-defined]
    names = [variable.value for variable in found.variables]
    rows = [list(row) for row in found]
    wanted = rows_as_quads(names, rows)
    for form, format_ in RESULTS.items():
        out = StringIO()
        row_formats.row_writer(form)(names, rows, out, {})
        again = ox.parse_query_results(out.getvalue(), format=format_)
        assert rows_as_quads(names, again) == wanted, form  # type: ignore[arg-type]
    return rows_as_quads(names, set(map(tuple, rows))) if case.lax else wanted


RESULTS = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML, "tsv": ox.QueryResultsFormat.TSV}
_SUFFIXES = {".srj": "json", ".srx": "xml", ".tsv": "tsv"}
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


def expected(case: Case) -> object:
    """Return what a test expects, in the form of `answer`."""
    assert case.result
    if case.result.suffix in _SUFFIXES:
        found = ox.parse_query_results(path=case.result, format=RESULTS[_SUFFIXES[case.result.suffix]])
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        rows = set(map(tuple, found)) if case.lax else found  # type: ignore[call-overload]
        return rows_as_quads([variable.value for variable in found.variables], rows)
    quads = w3c.quads(case, case.result)
    said: dict[object, dict[str, list[object]]] = {}
    for quad in quads:
        said.setdefault(quad.subject, {}).setdefault(quad.predicate.value.removeprefix(_RS), []).append(quad.object)
    whole = next((each for each in said.values() if NamedNode(f"{_RS}ResultSet") in each.get(vocab.TYPE, ())), None)
    if whole is None:
        return normal(quads)
    if "boolean" in whole:
        return whole["boolean"][0].value == "true"  # type: ignore[attr-defined]
    names = [name.value for name in whole.get("resultVariable", [])]  # type: ignore[attr-defined]
    bindings = [[said[each] for each in said.get(row, {}).get("binding", [])] for row in whole.get("solution", [])]
    rows = [{each["variable"][0].value: each["value"][0] for each in row} for row in bindings]  # type: ignore[attr-defined]
    return rows_as_quads(names, [[row.get(name) for name in names] for row in rows])


def rows_as_quads(names: Sequence[str], rows: Iterable[Iterable[object]]) -> object:
    """Return rows as quads about a blank node each, so that blank nodes in them are compared as in graphs."""
    return sorted(names), normal(
        Quad(BlankNode(f"row{number}"), NamedNode(f"x:{name}"), term)  # type: ignore[arg-type]
        for number, row in enumerate(rows)
        for name, term in [("row", ox.Literal("")), *zip(names, row, strict=True)]
        if term is not None
    )


def normal(quads: Iterable[Quad]) -> frozenset[Quad]:
    """Return quads with numbers as the engine has them, and blank nodes by what is said of them."""
    store = ox.Store()
    store.extend(quads)
    return frozenset(blank_nodes.named(store))


def csv_outcome(case: Case) -> str:
    """Say what is wrong with a result in CSV; of blank nodes only that they are there is compared."""
    assert case.result
    found = asked(case)
    out = StringIO(newline="")
    row_formats.write_csv([v.value for v in found.variables], found, out, {})  # type: ignore[attr-defined]
    texts = (out.getvalue(), case.result.read_bytes().decode())
    one, two = (sorted(sorted(row.items()) for row in DictReader(StringIO(text, newline=""))) for text in texts)
    blank = re.compile(r"'_:\w+'")
    return "" if blank.sub("_:", str(one)) == blank.sub("_:", str(two)) else f"another text: {texts[0]!r}"


def test_each_deviation_is_on_the_page_with_its_reason() -> None:
    """The page of standards lists what the list of deviations has, in the same words."""
    page = PAGE.read_text("utf-8")
    for folder, names in w3c.DEVIATIONS.items():
        for name, reason in names.items():
            assert f"| {folder} | {name} | {reason} |" in page
