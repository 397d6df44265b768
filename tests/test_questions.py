"""Each question has an exact, hand-checked answer on the tiny graph, and gives what plain SPARQL gives on any graph."""

from __future__ import annotations

import csv
import shlex
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import Phase, given, settings

import random_graphs
from coopgraph.ask import columns, questions
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.ask.row_formats import write_csv
from coopgraph.claims import query_file
from coopgraph.claims.workspace import find
from coopgraph.errors import UsageError
from coopgraph.export import turtle
from coopgraph.rdf.vocab import XSD
from layers import examples, some

if TYPE_CHECKING:
    from rdflib import Dataset
    from rdflib.plugins.sparql.sparql import Query

ROOT = Path(__file__).parents[1]
ANSWERS = ROOT / "tests" / "answers"
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
PARAMETERS = tomllib.loads((ANSWERS / "parameters.toml").read_text("utf-8"))

SAMPLE = {
    "year": "2014",
    "date": "2017-06",
    "text": "Hong",
    "claim": "hktdc-2023-001",
    "passage": "hktdc-2023-p01-1a",
    "source": "hktdc-2023",
    "field": "Trade",
    "concept": "Trade",
    "status": "realised",
    "group": "cooperation",
    "relation": "cooperates with",
    "class": "City",
    "any": "Liaoning",
}
"""A value for each kind of parameter; entities are given by their labels."""


def answer(graph: CoopGraph, name: str, parameters: Mapping[str, Mapping[str, str]] = PARAMETERS) -> str:
    question = questions.find(graph.workspace, name)
    values = {key: str(value) for key, value in parameters.get(name, {}).items()}
    result = graph.store.query(question.sparql, questions.bind(question, values, graph.store))
    if not hasattr(result, "variables"):
        return turtle.write(result, graph.store.prefixes)
    out = StringIO(newline="")
    write_csv([variable.value for variable in result.variables], result, out, {})
    return out.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_answer_is_exact(name: str, tiny_graph: CoopGraph) -> None:
    """A question's answer on the tiny graph is the committed one, row for row and in the same order."""
    expected = next(path for path in (ANSWERS / f"{name}.csv", ANSWERS / f"{name}.ttl") if path.exists())
    assert answer(tiny_graph, name).replace("\r\n", "\n") == expected.read_bytes().decode("utf-8").replace("\r\n", "\n")


DECADE = ANSWERS / "decade"
decade_parameters = tomllib.loads((DECADE / "parameters.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def decade_graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A graph of invented documents of several years that plan, report, repeat and contradict."""
    copy = tmp_path_factory.mktemp("decade") / "decade"
    shutil.copytree(ROOT / "tests" / "decade", copy, ignore=shutil.ignore_patterns(".coopgraph"))
    with load(copy) as graph:
        yield graph


@pytest.mark.parametrize("path", sorted(DECADE.glob("*.csv")), ids=lambda path: path.stem)
def test_answer_over_the_years_is_exact(path: Path, decade_graph: CoopGraph) -> None:
    """A question that tells of several years gives the committed answer on the graph of the decade."""
    assert answer(decade_graph, path.stem, decade_parameters).replace("\r\n", "\n") == path.read_bytes().decode("utf-8")


def test_a_series_of_one_measure_has_no_other(article_graph: CoopGraph) -> None:
    """Only figures of the measure that is asked for come, each with the measure that its claim states."""
    whole = article_graph.ask("series", entity="Hong Kong")
    asked = article_graph.ask("series", entity="Hong Kong", measure="measure:investment")
    assert 0 < len(asked) < len(whole)
    wanted = [row["claim"] for row in whole if row["measureLabel"] == "Capital invested"]
    assert [row["claim"] for row in asked] == wanted


OFFICE = """
organisation:house a coop:Company ;
    skos:prefLabel "House"@en .

organisation:east-office a coop:Office ;
    skos:prefLabel "East office"@en .

place:quay a coop:Place ;
    skos:prefLabel "Quay"@en .
"""


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "naming",
    [
        ("organisation:east-office", "officeOf", "organisation:house"),
        ("organisation:east-office", "establishedBy", "organisation:house"),
        ("organisation:house", "established", "organisation:east-office"),
    ],
)
@pytest.mark.parametrize(("site", "status"), [("place:eastport", "planned"), ("place:quay", "realised")])
def test_one_office_has_one_row(small: Path, naming: tuple[str, str, str], site: str, status: str) -> None:
    """An office that is named, however and in a part of the place at that, is not told again as one without a name."""
    stated = [
        (*naming, status), ("organisation:east-office", "locatedIn", site, status),
        ("organisation:house", "hasOfficeIn", "place:eastport", "realised"),
        ("place:quay", "partOf", "place:eastport", "realised"),
    ]  # fmt: skip
    claims = "".join(
        f"""
claim:note-{number} a coop:Claim ;
    coop:status status:{each} ;
    prov:wasDerivedFrom passage:note-p1 ;
    rdf:object {target} ;
    rdf:predicate coop:{relation} ;
    rdf:subject {subject} .
"""
        for number, (subject, relation, target, each) in enumerate(stated, 10)
    )
    prefix = "@prefix organisation: <https://example.org/id/organisation/> .\n"
    for name, more in (("places", OFFICE), ("note", claims)):
        path = small / "graphs" / f"{name}.ttl"
        path.write_text(prefix + path.read_text("utf-8") + more, "utf-8")
    with load(small) as graph:
        rows = graph.ask("offices", organisation="House").to_dicts()
    assert [row["officeLabel"] for row in rows] == ["East office"]


@pytest.mark.parametrize("path", sorted((ROOT / "queries").rglob("*.rq")), ids=lambda path: path.stem)
def test_header_is_valid_yaml_and_read_as_such(path: Path) -> None:
    """A header is the YAML that other grlc tools read, and we read the same from it."""
    question = query_file.read(path)
    lines = [line[2:].removeprefix(" ") for line in question.sparql.splitlines() if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert header["summary"] == question.summary != ""
    assert header["description"] == question.description != ""
    assert list(header.get("parameters") or {}) == [parameter.name for parameter in question.parameters]


@pytest.mark.sampled(12)
@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*/*.rq")), ids=lambda path: path.stem)
def test_rule_declares_the_prefixes_it_uses(path: Path) -> None:
    """A rule runs on any SPARQL engine: it parses without our prefix table. Questions are answered by rdflib below."""
    from rdflib.plugins.sparql import prepareQuery

    prepared = prepareQuery(path.read_text("utf-8"))
    assert prepared.algebra is not None


@pytest.mark.parametrize("name", NAMES)
def test_question_answers_on_the_bundled_graph_without_an_error(name: str, article_graph: CoopGraph) -> None:
    """Every question runs on the bundled graph, with Liaoning, Hong Kong and the like as parameters."""
    question = questions.find(article_graph.workspace, name)
    entities = iter(["Liaoning", "Hong Kong", "HKTDC"])
    values = {p.name: SAMPLE.get(p.kind) or next(entities) for p in question.parameters if not p.optional}
    result = article_graph.store.query(question.sparql, questions.bind(question, values, article_graph.store))
    assert list(result) is not None


@pytest.mark.parametrize("name", NAMES)
def test_optional_parameters_can_be_bound(name: str, article_graph: CoopGraph) -> None:
    """Every parameter, optional ones too, can be bound, so each is projected where the engine demands it."""
    question = questions.find(article_graph.workspace, name)
    values = {p.name: p.values[0] if p.values else SAMPLE.get(p.kind, "Liaoning") for p in question.parameters}
    list(article_graph.store.query(question.sparql, questions.bind(question, values, article_graph.store)))


@pytest.mark.parametrize("name", NAMES)
def test_a_header_tells_of_every_column_and_its_example_has_rows(name: str, article_graph: CoopGraph) -> None:
    """Each column means something, those of a terminal are there, and the example is answered by the bundled graph."""
    question = questions.find(article_graph.workspace, name)
    values = dict(each.split("=", 1) for each in shlex.split(question.header.get("example", "")))
    answered = article_graph.store.query(question.sparql, questions.bind(question, values, article_graph.store))
    rows = [list(row) for row in answered]
    assert rows or name == "strengths-meeting-needs"
    assert not [term for row in rows for term in row if term is not None and str(term).startswith('"; ')]
    there = columns.of(question)
    assert [column for column in there if not columns.meaning(question, column)] == []
    assert set(question.columns) <= set(there)
    assert bool(question.columns) == bool(there)
    assert set(question.meanings) <= set(there)


def test_misspelt_question_gets_near_matches() -> None:
    """A misspelt question names those that come near."""
    with pytest.raises(UsageError, match="did you mean partners"):
        questions.find(find(ROOT), "partnrs")


def test_unknown_and_missing_parameters_are_named(tiny_graph: CoopGraph) -> None:
    """An unknown parameter and a missing one are told by name."""
    question = questions.find(tiny_graph.workspace, "partners")
    with pytest.raises(UsageError, match="no parameter 'plase'; did you mean place"):
        questions.bind(question, {"plase": "x"}, tiny_graph.store)
    with pytest.raises(UsageError, match="needs place="):
        questions.bind(question, {}, tiny_graph.store)


def test_own_questions_stand_beside_the_bundled_ones(tiny_graph: CoopGraph) -> None:
    """A workspace's own question is listed with the bundled ones."""
    own = {path.stem for path in (ROOT / "tests" / "tiny" / "queries").glob("*.rq")}
    assert own
    assert own | set(NAMES) == {question.name for question in tiny_graph.questions()}


def test_every_answer_has_its_question() -> None:
    """No answer is left of a question that is gone."""
    listed = {path.stem for path in ANSWERS.iterdir() if path.suffix in (".csv", ".ttl")}
    assert listed == set(NAMES)
    assert all(list(csv.reader(path.read_text("utf-8").splitlines())) for path in ANSWERS.glob("*.csv"))


PLAIN = ROOT / "tests" / "plain"
ONE = {
    "entity": "place:east", "field": "field:economy", "relation": "coop:cooperatesWith", "status": "status:planned",
    "source": "source:s1", "passage": "passage:s1-0", "concept": "field:finance",
}  # fmt: skip
"""What a parameter of each kind is in the random graphs, where its name below does not say otherwise."""
NAMED = {
    "b": "place:west", "organisation": "organisation:house", "initiative": "initiative:road", "person": "person:ann",
    "speaker": "person:ann", "party": "place:west", "needy": "place:west", "region": "place:land",
    "quantity": "coop:population", "kind": "coop:Place", "post": "post:head", "publisher": "organisation:house",
}  # fmt: skip
VALUES = {
    "date": ox.Literal("2014-06-30", datatype=ox.NamedNode(XSD + "date")),
    "since": ox.Literal(2005),
    "until": ox.Literal(2012),
    "text": ox.Literal("e"),
    "outcome": ox.Literal("open"),
}


def bindings(name: str) -> Iterator[dict[str, ox.NamedNode | ox.Literal]]:
    """Yield the parameters of a question, first without the optional ones, then with each of these by itself."""
    parameters = query_file.read(ROOT / "queries" / f"{name}.rq").parameters
    terms = {p.name: VALUES.get(p.name) or random_graphs.iri(NAMED.get(p.name) or ONE[p.kind]) for p in parameters}
    needed = {p.name: terms[p.name] for p in parameters if not p.optional}
    yield needed
    yield from ({**needed, p.name: terms[p.name]} for p in parameters if p.optional)


def rows(store: ox.Store, text: str, values: dict[str, ox.NamedNode | ox.Literal]) -> Counter[tuple[str, ...]]:
    """Return the rows (or triples) of a query, each with how often it comes."""
    substitutions = {ox.Variable(name): term for name, term in values.items()}
    found = store.query(text, use_default_graph_as_union=True, substitutions=substitutions)
    return Counter(tuple(str(term) for term in row) for row in found)  # type: ignore[union-attr]


@pytest.mark.slow
@settings(max_examples=examples(20))
@given(random_graphs.stated())
def test_fast_forms_give_the_rows_of_plain_ones(stated: list[ox.Quad]) -> None:
    """A question that reads tallies, or is written for speed, gives what the claims give when they are simply read."""
    store = random_graphs.complete(stated)
    for path in sorted(PLAIN.glob("*.rq")):
        fast, plain = ((folder / path.name).read_text("utf-8") for folder in (ROOT / "queries", PLAIN))
        for values in bindings(path.stem):
            assert rows(store, fast, values) == rows(store, plain, values), (path.stem, values)


_SLOW_IN_RDFLIB = {"strongest-pairs"}
"""Questions that rdflib takes seconds for: asked in one way."""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib warns of its own doing
# One takes seconds, too long to shrink.
@settings(max_examples=examples(2), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(random_graphs.stated())
def test_rdflib_gives_the_same_rows(stated: list[ox.Quad]) -> None:
    """rdflib's own engine gives the same rows for every question: they are plain SPARQL 1.1."""
    store = random_graphs.complete(stated)
    dataset = in_rdflib(store)
    for name in some(NAMES):
        text = (ROOT / "queries" / f"{name}.rq").read_text("utf-8")
        ways = list(bindings(name))
        for values in ways[-1:] if name in _SLOW_IN_RDFLIB else ways:
            assert rdflib_rows(dataset, name, values) == rows(store, text, values), (name, values)


def in_rdflib(store: ox.Store) -> Dataset:
    from rdflib import Dataset

    dataset = Dataset(default_union=True)
    dataset.parse(data=store.dump(format=ox.RdfFormat.N_QUADS).decode(), format="nquads")
    return dataset


@cache
def prepared(name: str) -> Query:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery((ROOT / "queries" / f"{name}.rq").read_text("utf-8"))


def rdflib_rows(dataset: Dataset, name: str, values: dict[str, ox.NamedNode | ox.Literal]) -> Counter[tuple[str, ...]]:
    from rdflib.util import from_n3

    found = dataset.query(prepared(name), initBindings={key: from_n3(str(term)) for key, term in values.items()})
    said = [tuple(_said(term) for term in row) for row in found]
    # rdflib gives one row of nothing but parameters where there is nothing to group.
    nothing = {"None", '"any"', str(ox.Literal(0)), str(ox.Literal("")), *map(str, values.values())}
    return Counter(row for row in said if set(row) - nothing)


def _said(term: object) -> str:
    """Return a term of rdflib as pyoxigraph writes it."""
    from rdflib import Literal

    if isinstance(term, Literal):
        return str(
            ox.Literal(str(term), language=term.language, datatype=term.datatype and ox.NamedNode(term.datatype))
        )
    return "None" if term is None else f"<{term}>"


@settings(max_examples=examples(30))
@given(random_graphs.stated())
def test_tallies_add_up(stated: list[ox.Quad]) -> None:
    """A tally of the whole is the sum of those of single graphs with the ontology, which builds rely on."""
    tallies = random_graphs.rules("tallies")
    assert len(tallies) > 5
    whole = ox.Store()
    whole.extend([*random_graphs.ONTOLOGY, *stated])
    parts = []
    for graph in {quad.graph_name for quad in stated}:
        part = ox.Store()
        part.extend([*random_graphs.ONTOLOGY, *(quad for quad in stated if quad.graph_name == graph)])
        parts += random_graphs.constructed(part, tallies)
    sums = Counter[tuple[ox.NamedNode, ox.NamedNode]]()
    facts = set()
    for triple in parts:
        if is_number(triple.object):
            sums[triple.subject, triple.predicate] += int(triple.object.value)
        else:
            facts.add(triple)
    added = {ox.Triple(*cell, ox.Literal(number)) for cell, number in sums.items()}
    assert random_graphs.constructed(whole, tallies) == facts | added


def is_number(term: ox.NamedNode | ox.Literal) -> bool:
    return isinstance(term, ox.Literal) and term.datatype == ox.NamedNode(XSD + "integer")


def test_plain_forms_are_of_questions() -> None:
    """No plain form is left of a question that is gone."""
    assert {path.stem for path in PLAIN.glob("*.rq")} < set(NAMES)
