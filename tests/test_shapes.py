"""Each SHACL shape passes its good example and is seen to catch its bad one."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace

from coopgraph.check import shapes
from coopgraph.check.shapes import Rules
from coopgraph.claims.workspace import Workspace, find

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests" / "shapes"
GOOD = sorted(EXAMPLES.glob("ok_*.ttl"))
BAD = sorted(EXAMPLES.glob("bad_*.ttl"))
SH = Namespace("http://www.w3.org/ns/shacl#")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return find(ROOT)


@pytest.fixture(scope="module")
def rules(workspace: Workspace) -> Rules:
    return shapes.rules(workspace)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_examples_pass(path: Path, workspace: Workspace, rules: Rules) -> None:
    """A good example breaks neither what must nor what should hold."""
    assert shapes.file(path, workspace, rules) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_examples_are_caught_by_their_shape(path: Path, workspace: Workspace, rules: Rules) -> None:
    """A bad example is caught by the shape that it is named after and no other, with line and thing at fault."""
    found = shapes.file(path, workspace, rules)
    assert {finding.rule for finding in found} == {path.stem.removeprefix("bad_")}
    assert all(finding.focus and finding.message for finding in found)
    assert all(finding.line or finding.focus == "a blank node" for finding in found)


def test_every_shape_has_a_bad_example(rules: Rules) -> None:
    """No shape that has targets goes without an example that it catches."""
    targeted = {*rules.graph.subjects(SH.targetClass), *rules.graph.subjects(SH.targetSubjectsOf)}
    shapes = {str(shape).rpartition("#")[2] for shape in targeted}
    assert shapes - {path.stem.removeprefix("bad_") for path in BAD} == set()


def test_every_shape_says_what_is_wrong(rules: Rules) -> None:
    """Every property shape has a name and a message of one line."""
    for shape in rules.graph.subjects(RDF.type, SH.PropertyShape):
        assert rules.graph.value(shape, SH.name), shape
        assert "\n" not in str(rules.graph.value(shape, SH.message, default="\n")), shape


def test_shapes_are_plain_shacl() -> None:
    """The shapes parse alone, without the ontology."""
    assert len(Graph().parse(ROOT / "ontology" / "shapes.ttl")) > 50
