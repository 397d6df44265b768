"""Each SHACL shape passes its good example and is seen to catch its bad one."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, Graph, Namespace

from coopgraph.build import build
from coopgraph.check import shapes
from coopgraph.check.shapes import ShapesGraph
from coopgraph.claims.workspace import Workspace, find
from coopgraph.errors import DataError

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests" / "shapes"
GOOD = sorted(EXAMPLES.glob("ok_*.ttl"))
BAD = sorted(EXAMPLES.glob("bad_*.ttl"))
SH = Namespace("http://www.w3.org/ns/shacl#")


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return find(ROOT)


@pytest.fixture(scope="module")
def rules(workspace: Workspace) -> ShapesGraph:
    return shapes.read(workspace)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_examples_pass(path: Path, workspace: Workspace, rules: ShapesGraph) -> None:
    """A good example breaks neither what must nor what should hold."""
    assert shapes.file(path, workspace, rules) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_examples_are_caught_by_their_shape(path: Path, workspace: Workspace, rules: ShapesGraph) -> None:
    """A bad example is caught by the shape that it is named after and no other, with line and thing at fault."""
    found = shapes.file(path, workspace, rules)
    assert {finding.rule for finding in found} == {path.stem.removeprefix("bad_")}
    assert all(finding.focus and finding.message for finding in found)
    assert all(finding.line or finding.focus == "a blank node" for finding in found)


@pytest.mark.parametrize(
    ("page", "is_fine"),
    [
        ("https://example.org", True),
        ("http://example.org:80?of=a@b", True),
        ("https://example.org/@me", True),
        ("https://me:secret@example.org/", False),
        ("https://me@example.org", False),
    ],
)
def test_no_password_is_published_with_the_address_of_a_page(
    workspace: Workspace, rules: ShapesGraph, tmp_path: Path, page: str, is_fine: bool
) -> None:
    path = tmp_path / "page.ttl"
    bad = (EXAMPLES / "bad_page.ttl").read_text("utf-8")
    path.write_text(bad.replace("javascript:alert(1)", page), "utf-8")
    found = {finding.rule for finding in shapes.file(path, workspace, rules)}
    assert ("page" not in found) == is_fine


def test_every_shape_has_a_bad_example(rules: ShapesGraph) -> None:
    """No shape that has targets goes without an example that it catches."""
    targeted = {*rules.graph.subjects(SH.targetClass), *rules.graph.subjects(SH.targetSubjectsOf)}
    shapes = {str(shape).rpartition("#")[2] for shape in targeted}
    assert shapes - {path.stem.removeprefix("bad_") for path in BAD} == set()


def test_every_shape_says_what_is_wrong(rules: ShapesGraph) -> None:
    """Every property shape has a name and a message of one line."""
    for shape in rules.graph.subjects(RDF.type, SH.PropertyShape):
        assert rules.graph.value(shape, SH.name), shape
        assert "\n" not in str(rules.graph.value(shape, SH.message, default="\n")), shape


def test_shapes_are_plain_shacl() -> None:
    """The shapes parse alone, without the ontology."""
    assert len(Graph().parse(ROOT / "ontology" / "shapes.ttl")) > 50


@pytest.mark.parametrize(
    "program",
    [
        'sh:sparql [ sh:select "SELECT $this { $this a ?any . SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } }" ]',
        'sh:sparql [ sh:select "SELECT $this FROM <file:///etc/passwd> { $this a ?any }" ]',
        'sh:js [ sh:jsFunctionName "f" ; sh:jsLibrary [ sh:jsLibraryURL "http://127.0.0.1:9/" ] ]',
        'sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT { $this a ?b } WHERE { $this a ?a, ?b, ?c, ?d }" ]',
        'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this a ?c }" ]',
        'sh:property [ sh:path skos:prefLabel ; sh:sparql [ sh:ask "ASK {}" ] ]',
    ],
)
def test_shapes_are_no_programs(program: str, small: Path) -> None:
    """Shapes of a workspace's own that run SPARQL or JavaScript are refused with their place, before any of it runs."""
    (small / "ontology").mkdir()
    (small / "ontology/shapes.ttl").write_text(
        f"""@prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<http://x/s> a sh:NodeShape ; sh:targetClass coop:City ;
    {program} .
""",
        encoding="utf-8",
    )
    with pytest.raises(DataError, match=r"^ontology/shapes\.ttl:6: has sh:\w+; shapes run no programs: write"):
        build.check(find(small))


def test_a_shape_that_is_none_is_told(small: Path) -> None:
    """Shapes that recurse or cannot be validated with are told in one line."""
    (small / "ontology").mkdir()
    shape = "<http://x/s> a sh:NodeShape ; sh:targetClass coop:City ; sh:node <http://x/s> ; sh:property <http://x/s> ."
    prefixes = "@prefix coop: <https://w3id.org/coopgraph/ontology#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    (small / "ontology/shapes.ttl").write_text(prefixes + shape, encoding="utf-8")
    with pytest.raises(DataError, match=r"the shapes cannot be used: .+; mend ontology/shapes.ttl"):
        build.check(find(small))
