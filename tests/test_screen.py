"""The first look at graph files lets nothing pass in which pySHACL alone would find something."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgraph.check import shacl_constraints, shacl_screen, shapes
from coopgraph.check.findings import Finding
from coopgraph.check.places import Places
from coopgraph.check.shapes import ShapesGraph
from coopgraph.claims.workspace import Workspace, find
from coopgraph.errors import CoopgraphError
from coopgraph.rdf import turtle
from coopgraph.rdf.terms import BlankNode, Literal, NamedNode, Term, Triple
from coopgraph.rdf.vocab import RDF, RDFS, TYPE, XSD, coop
from coopgraph.store.rdflib_dataset import term as rdflib_term
from layers import examples

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "tests" / "shapes"
BUNDLED = find(ROOT)
RULES = shapes.read(BUNDLED)
HERE = EXAMPLES / "ok_claim.ttl"

_PREFIXES = """\
@prefix ex: <https://example.org/own#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def alone(triples: Sequence[Triple], workspace: Workspace, rules: ShapesGraph) -> list[Finding] | type[Exception]:
    """Return what pySHACL finds with all shapes in all triples, and what is described twice, without a screen."""
    places, (subjects, again) = Places(workspace), shacl_screen.described(triples)
    try:
        broken = {*shapes._repeated(subjects, again), *shapes._broken_shapes(triples, rules.graph, rules.advice)}
    except Exception as error:
        return type(error)
    first = shapes._blank_subjects(triples)
    return sorted({places.in_file(HERE, *each, triple=first.get(each[0])) for each in broken})


def through(
    documents: Sequence[Sequence[Triple]], workspace: Workspace, rules: ShapesGraph
) -> list[list[Finding]] | type[Exception]:
    """Return the findings of each document as a build has them: through the screen, all documents together."""
    try:
        return [found for _, found in shapes.files([(HERE, each) for each in documents], Places(workspace), rules)]
    except Exception as error:
        return type(error)


def assert_same(documents: Sequence[Sequence[Triple]], workspace: Workspace, rules: ShapesGraph) -> None:
    """Assert that the screen changes no finding of any document."""
    expected = [alone(each, workspace, rules) for each in documents]
    refused = [each for each in expected if isinstance(each, type)]
    assert through(documents, workspace, rules) == (refused[0] if refused else expected)


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ttl")), ids=lambda path: path.stem)
def test_each_example_has_the_same_findings_with_and_without_the_screen(path: Path) -> None:
    """A bad example has suspects, a good one has none, and either has the findings of pySHACL alone."""
    triples = list(turtle.read(path))
    assert bool(RULES.screen.suspects(shacl_screen.described(triples)[0])) == path.stem.startswith("bad_")
    assert_same([triples], BUNDLED, RULES)


def test_all_bundled_shapes_are_understood() -> None:
    """No bundled shape is left to pySHACL as a whole, which would make every check slow."""
    assert RULES.screen.unknown == frozenset()


# ---------------------------------------------------------------- random changes to graph files

_TEXTS = st.sampled_from(
    [
        *("", " ", "\n", " 1", "1 ", "1\n", "year\n", "f" * 64, "f" * 64 + "\n", "F" * 64, "x" * 501),
        *[
            "0",
            "1",
            "01",
            "-1",
            "+1",
            "007",
            "1.0",
            "1.50",
            "-0.0",
            ".5",
            "5.",
            "1e3",
            "1E400",
            "NaN",
            "INF",
            "111111111111111111111111111111",
            "１２",
            "٣",
            "1_0",
        ],
        *["2014-01-01", "2014-02-30", "0000-01-01", "2014-1-1", "20140101", "2014-W01-1", "2014-01-01Z", "-2014-01-01"],
        *[
            "2014-01-01T00:00:00",
            "true",
            "True",
            "day",
            "decades",
            "CN",
            "CN-LN",
            "cn",
            "a/b.txt",
            "a.txt",
            "..",
            "http://x/y",
            "城",
        ],
    ]
)
_XSD = [
    "string",
    "integer",
    "decimal",
    "double",
    "date",
    "boolean",
    "dateTime",
    "int",
    "token",
    "normalizedString",
    "gYear",
    "anyURI",
    "hexBinary",
]
_DATATYPES = st.sampled_from([*(XSD + name for name in _XSD), RDF + "langString", "https://example.org/own#code"])
_TAGS = st.sampled_from(["en", "EN", "en-GB", "zh-Hans", "zh-hans", "zh", "fr", "english"])
_LITERALS = (
    st.builds(Literal, _TEXTS)
    | st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), _TEXTS, _DATATYPES)
    | st.builds(lambda text, tag: Literal(text, language=tag), _TEXTS, _TAGS)
    | st.integers().map(lambda n: Literal(str(n), datatype=NamedNode(XSD + "integer")))
    | st.decimals(allow_nan=False, allow_infinity=False).map(
        lambda n: Literal(f"{n:f}", datatype=NamedNode(XSD + "decimal"))
    )
    | st.dates().map(lambda day: Literal(day.isoformat(), datatype=NamedNode(XSD + "date")))
)
_MODELS = [list(turtle.read(path)) for path in sorted(EXAMPLES.glob("ok_*.ttl"))]
_NODES = sorted({term.value for model in _MODELS for each in model for term in each if isinstance(term, NamedNode)})
_IRIS = st.sampled_from([*_NODES, RDFS + "subClassOf", TYPE, coop("City"), coop("Claim")]).map(NamedNode)
_BLANKS = st.sampled_from(["b1", "b2"]).map(BlankNode)


def _other_form(draw: st.DrawFn, literal: Term) -> Term:
    """Draw a literal that differs from another in text, datatype or language alone."""
    if not isinstance(literal, Literal):
        return literal
    part = draw(st.sampled_from(["text", "datatype", "language"]))
    if part == "language":
        return Literal(literal.value, language=draw(_TAGS))
    if part == "datatype":
        return Literal(literal.value, datatype=NamedNode(draw(_DATATYPES)))
    text = draw(
        st.sampled_from([literal.value + "\n", " " + literal.value, "0" + literal.value, literal.value.upper()])
        | _TEXTS
    )
    return Literal(text, language=literal.language) if literal.language else Literal(text, datatype=literal.datatype)


_CLASSES = ("City", "Claim", "Observation", "Passage", "Source", "Event", "Unheard")
_CHANGES: dict[str, Callable[[st.DrawFn, Triple], list[Triple]]] = {
    "drop": lambda _, t: [],
    "again": lambda _, t: [t, t],
    "value": lambda draw, t: [Triple(t.subject, t.predicate, draw(_LITERALS | _IRIS | _BLANKS))],
    "form": lambda draw, t: [Triple(t.subject, t.predicate, _other_form(draw, t.object))],
    "more": lambda draw, t: [t, Triple(t.subject, t.predicate, draw(_LITERALS))],
    "subject": lambda draw, t: [Triple(draw(_IRIS | _BLANKS), t.predicate, t.object)],
    "predicate": lambda draw, t: [Triple(t.subject, draw(_IRIS), t.object)],
    "class": lambda draw, t: [t, Triple(t.subject, NamedNode(TYPE), NamedNode(coop(draw(st.sampled_from(_CLASSES)))))],
}
"""Ways to alter a triple -> what stands in its place."""


@st.composite
def altered(draw: st.DrawFn) -> list[Triple]:
    """Draw a valid graph file and change it in a few places."""
    triples = list(draw(st.sampled_from(_MODELS)))
    for _ in range(draw(st.integers(0, 4))):
        triple = triples.pop(place := draw(st.integers(0, len(triples) - 1)))
        changed = _CHANGES[draw(st.sampled_from(sorted(_CHANGES)))](draw, triple)
        where = draw(st.just(place) | st.integers(0, len(triples)))
        triples[where:where] = changed or ([] if triples else [triple])
    return triples


@settings(max_examples=examples(80))
@given(st.lists(altered(), min_size=1, max_size=3))
def test_changed_files_have_the_same_findings_with_and_without_the_screen(documents: list[list[Triple]]) -> None:
    """Whatever is changed in valid files, alone or with others that describe the same, their findings are pySHACL's."""
    assert_same(documents, BUNDLED, RULES)


@settings(max_examples=examples(1000))
@given(_LITERALS)
def test_a_text_that_is_told_is_the_text_that_rdflib_has(literal: Literal) -> None:
    """Text and value of a literal, where they are told at all, are those that rdflib gives it."""
    with shapes._quiet_libraries():
        known = rdflib_term(literal)
    assert shacl_constraints.text(literal) in (None, str(known))
    told = shacl_constraints.comparable(literal)
    assert told is None or (told[1] == known.value and not known.ill_typed)


# ---------------------------------------------------------------- a workspace's own shapes

_KNOWN_SHAPES = """
ex:a a sh:PropertyShape ; sh:message "a" ; sh:targetClass ex:Thing ; sh:path ex:p ; sh:minInclusive 1 ;
    sh:maxExclusive 7.5 .
ex:b a sh:PropertyShape ; sh:message "b" ; sh:targetSubjectsOf ex:q ; sh:path ex:q ;
    sh:in ( "1" "01" "CNX" ex:Thing "1"@en ) .
ex:c a sh:PropertyShape ; sh:message "c" ; sh:targetClass ex:Thing ; sh:path ex:q ; sh:minLength 2 ;
    sh:flags "iq" ; sh:pattern "^CN" .
ex:d a sh:NodeShape ; sh:message "d" ; sh:targetClass ex:Other ; sh:nodeKind sh:IRI ; sh:pattern "^http" ;
    sh:property ex:e, ex:f .
ex:e sh:message "e" ; sh:path ex:p ; sh:languageIn ( "en" "zh-Hans" ) ; sh:uniqueLang true .
ex:f a sh:PropertyShape ; sh:message "f" ; sh:path ex:q ; sh:minCount 1 ; sh:maxCount 2 ; sh:lessThanOrEquals ex:p .
ex:g a sh:PropertyShape ; sh:message "g" ; sh:targetSubjectsOf ex:p ; sh:path ex:p ; sh:qualifiedMaxCount 1 ;
    sh:qualifiedValueShape [ a sh:NodeShape ; sh:datatype xsd:integer ; sh:minExclusive 0 ] .
ex:h a sh:PropertyShape ; sh:message "h" ; sh:targetClass ex:Third ; sh:path ex:p ; sh:hasValue 1, "day" .
ex:i a sh:PropertyShape ; sh:message "i" ; sh:targetClass ex:Third ; sh:path ex:q ; sh:maxLength 4 ;
    sh:datatype xsd:boolean .
ex:j a sh:PropertyShape ; sh:message "j" ; sh:targetClass ex:Third ; sh:path ex:p ; sh:maxCount 0 ;
    sh:deactivated true .
ex:k a sh:PropertyShape ; sh:message "k" ; sh:targetClass ex:Fourth ; sh:path ex:p ; sh:datatype xsd:decimal .
ex:l a sh:NodeShape ; sh:message "l" ; sh:targetClass ex:Third ;
    sh:or ( [ sh:path ex:q ; sh:nodeKind sh:IRI ; sh:minCount 1 ] ex:m [ sh:nodeKind sh:BlankNode ] ) .
ex:m a sh:PropertyShape ; sh:path rdf:type ; sh:hasValue ex:Fourth .
"""


def with_shapes(folder: Path, turtle_text: str) -> tuple[Workspace, ShapesGraph]:
    """Return a new workspace that has its own shapes, and its rules."""
    (folder / "ontology").mkdir()
    (folder / "graphs").mkdir()
    (folder / "coopgraph.toml").write_text('title = "Own"\n')
    (folder / "ontology" / "shapes.ttl").write_text(_PREFIXES + turtle_text)
    workspace = find(folder)
    return workspace, shapes.read(workspace)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, ShapesGraph]:
    return with_shapes(tmp_path_factory.mktemp("own"), _KNOWN_SHAPES)


def test_own_shapes_of_the_usual_kinds_are_understood(own: tuple[Workspace, ShapesGraph]) -> None:
    """A workspace's own shapes are no slower than the bundled ones where they use what those use, or sh:property."""
    assert own[1].screen.unknown == frozenset()


_OWN = st.sampled_from(["p", "q", "Thing", "Other", "Third", "Fourth"]).map(
    lambda name: NamedNode(f"https://example.org/own#{name}")
)
_TRIPLES = st.builds(
    Triple,
    st.sampled_from(["http://x/1", "urn:x:2"]).map(NamedNode) | _BLANKS,
    st.sampled_from(["https://example.org/own#p", "https://example.org/own#q"]).map(NamedNode),
    _LITERALS | _OWN | _BLANKS,
) | st.builds(
    Triple, st.sampled_from(["http://x/1", "urn:x:2"]).map(NamedNode) | _BLANKS, st.just(NamedNode(TYPE)), _OWN
)


@settings(max_examples=examples(100))
@given(st.lists(_TRIPLES, min_size=1, max_size=8))
def test_own_shapes_give_the_same_findings_with_and_without_the_screen(
    own: tuple[Workspace, ShapesGraph], triples: list[Triple]
) -> None:
    """Each construct that the screen understands is enforced as pySHACL does."""
    assert_same([triples], *own)


_UNKNOWN = {
    "class": "ex:s sh:targetClass ex:T ; sh:path ex:has ; sh:class ex:U .",
    "count": "ex:s sh:targetClass ex:T ; sh:path ex:has ; sh:minCount 3 .",
    "node": "ex:s sh:targetClass ex:T ; sh:node [ sh:property [ sh:path ex:has ; sh:maxCount 0 ] ] .",
    "one of": "ex:s sh:targetClass ex:T ; sh:xone ( [ sh:path ex:r ; sh:minCount 1 ] [ sh:nodeKind sh:Literal ] ) .",
    "not": "ex:s sh:targetClass ex:T ; sh:not [ sh:nodeKind sh:IRI ] .",
    "closed": "ex:s sh:targetClass ex:T ; sh:closed true ; sh:ignoredProperties ( rdf:type ) .",
    "equals": "ex:s sh:targetClass ex:T ; sh:path ex:has ; sh:equals ex:q .",
    "inverse": "ex:s sh:targetClass ex:U ; sh:path [ sh:inversePath ex:has ] ; sh:maxCount 0 .",
    "sequence": "ex:s sh:targetClass ex:T ; sh:path ( ex:has ex:has ) ; sh:minCount 1 .",
    "target node": "ex:s sh:targetNode <http://x/elsewhere> ; sh:property [ sh:path ex:has ; sh:minCount 1 ] .",
    "objects": "ex:s sh:targetObjectsOf ex:has ; sh:nodeKind sh:BlankNode .",
    "implied class": "ex:T a rdfs:Class, sh:NodeShape ; sh:property [ sh:path ex:r ; sh:minCount 1 ] .",
    "part": "ex:s sh:targetClass ex:T ; sh:property ex:part . ex:part sh:path ex:has ; sh:class ex:U .",
    "datatype": "ex:s sh:targetClass ex:T ; sh:path ex:has ; sh:datatype xsd:gYear .",
}
"""Shapes that leave something to find in the data of the test below, none of which the screen understands."""


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", _UNKNOWN)
@pytest.mark.parametrize("also", ["", "<http://x/2> a ex:Thing ; ex:p 9 ."], ids=["alone", "with a suspect"])
def test_shapes_that_the_screen_does_not_understand_are_enforced(name: str, also: str, tmp_path: Path) -> None:
    """An own shape of another kind is left to pySHACL, over the whole file, and so are its parts."""
    workspace, rules = with_shapes(tmp_path, f"{_UNKNOWN[name]}\n{_KNOWN_SHAPES}")
    data = f"{_PREFIXES} <http://x/1> a ex:T ; ex:has <http://x/2>, ex:V . <http://x/2> a ex:U . {also}"
    documents = [list(turtle.triples(data.encode(), "here")), list(turtle.read(HERE))]
    assert rules.screen.unknown
    assert_same(documents, workspace, rules)
    (first, *_), second = through(documents, workspace, rules)  # type: ignore[misc]
    assert first.severity == "violation"
    assert name == "target node" or second == []


_NO_SHAPES = {
    "two paths": "ex:s a sh:PropertyShape ; sh:path ex:p, ex:q ; sh:deactivated true .",
    "no path": "ex:s a sh:PropertyShape ; sh:targetClass ex:T .",
    "a path": "ex:s a sh:NodeShape ; sh:path ex:p .",
    "both": "ex:s a sh:NodeShape, sh:PropertyShape ; sh:path ex:p .",
    "no number": "ex:s sh:targetClass ex:T ; sh:property ex:k . ex:k sh:path ex:p ; sh:minCount ex:T .",
    "no pattern": "ex:s sh:targetClass ex:T ; sh:path ex:p ; sh:pattern '[' .",
}


@pytest.mark.parametrize("name", _NO_SHAPES)
def test_shapes_that_are_none_are_refused_whatever_the_file(name: str, tmp_path: Path) -> None:
    """A fault in a workspace's own shapes is told even by a file with nothing wrong."""
    workspace, rules = with_shapes(tmp_path, _NO_SHAPES[name])
    data = f"{_PREFIXES} <http://x/1> a ex:T ; ex:p 1 ."
    with pytest.raises(CoopgraphError, match="the shapes cannot be used: "):
        list(shapes.files([(HERE, list(turtle.triples(data.encode(), "here")))], Places(workspace), rules))


def test_a_shape_that_is_part_of_itself_is_left_to_pyshacl(tmp_path: Path) -> None:
    """Shapes that go round in a circle are not understood, and end."""
    circle = "ex:s sh:property ex:t . ex:t sh:path ex:p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape ex:s ."
    _, rules = with_shapes(tmp_path, circle)
    assert {term.value.partition("#")[2] for term in rules.screen.unknown} == {"s", "t"}


def test_a_message_may_quote_what_is_said_of_a_blank_node(tmp_path: Path) -> None:
    """Where a shape has no message of its own, pySHACL's is the same as if it had seen the whole file."""
    workspace, rules = with_shapes(tmp_path, "ex:s sh:targetClass ex:T ; sh:path ex:p ; sh:in ( 1 ) .")
    data = f"{_PREFIXES} <http://x/1> a ex:T ; ex:p [ ex:q 'within' ] ."
    document = list(turtle.triples(data.encode(), "here"))
    ((finding,),) = through([document], workspace, rules)
    assert "within" in finding.message
    assert_same([document], workspace, rules)


def test_a_subclass_in_one_file_is_no_subclass_in_another() -> None:
    """A class that a file declares to be one of the ontology's is checked as such in that file alone."""
    thing = f"<http://x/thing> a <http://x/Town> ; <{RDFS}label> 'thing' .\n"
    subclass = f"<http://x/Town> <{RDFS}subClassOf> <{coop('City')}> .\n"
    documents = [list(turtle.triples(text.encode(), "here")) for text in (thing, subclass + thing, thing)]
    assert_same(documents, BUNDLED, RULES)
    first, second, third = through(documents, BUNDLED, RULES)  # type: ignore[misc]
    assert (first, third) == ([], [])
    assert {finding.rule for finding in second} == {"entity-label"}


def test_a_blank_node_between_two_triples_does_not_make_a_description_two() -> None:
    """What is said of a blank node within a description is part of it; a second one elsewhere is one too many."""
    inside = f"<http://x/1> a <{coop('Claim')}> ; <http://x/p> [ <http://x/q> 1 ] ; <http://x/r> 2 .\n"
    for text, twice in ((inside, 0), (inside + "<http://x/2> <http://x/p> 1 . <http://x/1> <http://x/s> 3 .", 1)):
        subjects, again = shacl_screen.described(turtle.triples(text.encode(), "here"))
        assert len(list(shapes._repeated(subjects, again))) == twice


def test_more_forms_than_are_remembered_are_checked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Descriptions of ever new forms are forgotten, not missed."""
    monkeypatch.setattr(shacl_screen, "_PLANS", 3)
    triples = [triple for path in sorted(EXAMPLES.glob("bad_*.ttl")) for triple in turtle.read(path)]
    fresh = shacl_screen.compiled(RULES.shapes)
    assert fresh.suspects(shacl_screen.described(triples)[0]) == RULES.screen.suspects(
        shacl_screen.described(triples)[0]
    )
    assert len(fresh._plans) <= 3


def test_a_clean_file_needs_neither_rdflib_nor_pyshacl() -> None:
    """Checking files with nothing wrong imports no RDF library but the parser."""
    paths = [str(path) for path in EXAMPLES.glob("ok_*.ttl")]
    code = (
        "import sys; from pathlib import Path\n"
        "from coopgraph.check import shapes; from coopgraph.claims import workspace\n"
        f"space = workspace.find({str(ROOT)!r}); rules = shapes.read(space)\n"
        f"assert not any(shapes.file(Path(path), space, rules) for path in {paths!r})\n"
        "print([name for name in ('rdflib', 'pyshacl', 'oxrdflib') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
