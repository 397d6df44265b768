"""Each question has an exact, hand-checked answer on the tiny graph; rdflib's own engine gives the same."""

from __future__ import annotations

import csv
import tomllib
from io import StringIO
from pathlib import Path

import pytest
import yaml

from coopgraph import questions, turtle
from coopgraph.errors import UsageError
from coopgraph.graph import CoopGraph
from coopgraph.results import write_csv
from coopgraph.workspace import find

ROOT = Path(__file__).parents[1]
ANSWERS = ROOT / "tests" / "answers"
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
PARAMETERS = tomllib.loads((ANSWERS / "parameters.toml").read_text("utf-8"))

SAMPLE = {
    "year": "2014",
    "text": "Hong",
    "claim": "hktdc-2023-001",
    "passage": "hktdc-2023-p01-1a",
    "source": "hktdc-2023",
    "field": "Trade",
    "concept": "Trade",
    "status": "realised",
    "group": "cooperation",
    "relation": "cooperates with",
    "any": "Liaoning",
}
"""A value for each kind of parameter; entities are given by their labels."""


def answer(graph: CoopGraph, name: str) -> str:
    question = questions.find(graph.workspace, name)
    values = {key: str(value) for key, value in PARAMETERS.get(name, {}).items()}
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


@pytest.mark.parametrize("path", sorted((ROOT / "queries").rglob("*.rq")), ids=lambda path: path.stem)
def test_header_is_valid_yaml_and_read_as_such(path: Path) -> None:
    """A header is the YAML that other grlc tools read, and we read the same from it."""
    question = questions.read(path)
    lines = [line[2:].removeprefix(" ") for line in question.sparql.splitlines() if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert header["summary"] == question.summary != ""
    assert header["description"] == question.description != ""
    assert list(header.get("parameters") or {}) == [parameter.name for parameter in question.parameters]


@pytest.mark.parametrize("path", sorted((ROOT / "queries").rglob("*.rq")), ids=lambda path: path.stem)
def test_question_declares_the_prefixes_it_uses(path: Path, tiny_graph: CoopGraph) -> None:
    """A query file runs on any SPARQL engine: it parses without our prefix table."""
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
    values = {p.name: SAMPLE.get(p.kind, "Liaoning") for p in question.parameters}
    list(article_graph.store.query(question.sparql, questions.bind(question, values, article_graph.store)))


def test_misspelt_question_gets_near_matches() -> None:
    """A misspelt question names those that come near."""
    with pytest.raises(UsageError, match="did you mean partners"):
        questions.find(find(ROOT), "partnrs")


def test_unknown_and_missing_parameters_are_named(tiny_graph: CoopGraph) -> None:
    """An unknown parameter and a missing one are told by name."""
    question = questions.find(tiny_graph.workspace, "partners")
    with pytest.raises(UsageError, match="no parameter 'plase'; did you mean place"):
        questions.bind(question, {"plase": "x"}, tiny_graph.store)
    with pytest.raises(UsageError, match="needs -p place="):
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
