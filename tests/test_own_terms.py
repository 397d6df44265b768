"""Relations, fields, classes and prefixes of a workspace's own work wherever bundled ones do, by all their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coopgraph.ask import names, sentences
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import UsageError
from coopgraph.network import measures
from coopgraph.store import extracts

ONTOLOGY = """
@prefix coop: <https://w3id.org/coopgraph/ontology#> .
@prefix grid: <https://example.net/grid#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix power: <https://example.net/field/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

grid:energy a coop:RelationGroup, skos:Concept ;
    skos:prefLabel "Energy links"@en-GB, "能源"@zh-Hans .

grid:gridLinkTo a owl:ObjectProperty ;
    coop:relationGroup grid:energy ;
    rdfs:domain coop:Place ;
    rdfs:label "draws power from"@en-GB, "bezieht Strom von"@de, "取电于"@zh-Hans ;
    rdfs:range coop:Entity .

grid:power_plant a owl:Class ;
    rdfs:label "Power station"@en, "发电厂"@zh-Hans ;
    rdfs:subClassOf coop:Entity .

power:wind a coop:Field, skos:Concept ;
    skos:prefLabel "Wind power"@en, "风电"@zh-Hans .

@prefix late: <https://example.net/late/> .

<https://example.net/bare/solar> a coop:Field, skos:Concept ;
    skos:prefLabel "Solar power"@en .
"""
PLANT = """
<https://example.org/id/initiative/plant> a <https://example.net/grid#power_plant> ;
    skos:prefLabel "Plant One"@en .
"""
CLAIM = """
claim:note-3 a coop:Claim ;
    coop:field <https://example.net/field/wind> ;
    coop:status status:planned ;
    coop:validFrom "2027-01-01"^^xsd:date ;
    coop:validFromPrecision "year" ;
    prov:wasDerivedFrom passage:note-p1 ;
    rdf:object <https://example.org/id/initiative/plant> ;
    rdf:predicate <https://example.net/grid#gridLinkTo> ;
    rdf:subject place:eastport .
"""
GRID = "https://example.net/grid#"
FIELD = "https://example.net/field/wind"


@pytest.fixture(scope="module")
def grids(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoopGraph]:
    """A workspace with an ontology of its own, and a claim in its terms."""
    from conftest import write_small

    folder = write_small(tmp_path_factory.mktemp("grids") / "small")
    (folder / "ontology").mkdir()
    (folder / "ontology" / "grid.ttl").write_text(ONTOLOGY, "utf-8")
    for name, more in (("places", PLANT), ("note", CLAIM)):
        path = folder / "graphs" / f"{name}.ttl"
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    with load(folder) as graph:
        yield graph


@pytest.mark.parametrize(
    ("kind", "iri", "typed"),
    [
        (
            "relation",
            f"{GRID}gridLinkTo",
            ("gridLinkTo", "grid:gridLinkTo", "Draws power from", "取电于", "bezieht strom von"),
        ),
        ("field", FIELD, ("wind", "power:wind", "wind power", "风电")),
        ("field", "https://example.net/bare/solar", ("solar", "Solar Power")),
        ("class", f"{GRID}power_plant", ("power_plant", "grid:power_plant", "power station", "发电厂")),
        ("group", f"{GRID}energy", ("energy", "grid:energy", "Energy links", "能源")),
        ("any", f"{GRID}gridLinkTo", ("gridLinkTo", "grid:gridLinkTo", "取电于")),
        ("any", f"{GRID}power_plant", ("power_plant", "Power station")),
    ],
)
def test_an_own_term_has_all_its_names(grids: CoopGraph, kind: str, iri: str, typed: tuple[str, ...]) -> None:
    """Slug, prefixed name, IRI and label in any language name a term of the workspace's own ontology."""
    for name in (iri, f"<{iri}>", *typed):
        assert names.resolve(grids.store, name, kind) == iri


def test_own_terms_answer_questions(grids: CoopGraph) -> None:
    """Questions take own relations, fields and classes, and show them by their labels."""
    (row,) = grids.ask("relation-claims", relation="gridLinkTo").to_dicts()
    assert (row["subjectLabel"], row["objectLabel"], row["fields"]) == ("Eastport", "Plant One", "Wind power")
    assert len(grids.ask("field-claims", field="power:wind")) == 1
    (row,) = grids.ask("entities", kind="发电厂").to_dicts()
    assert (row["entityLabel"], row["kinds"]) == ("Plant One", "Power station")
    (row,) = [row for row in grids.ask("relations") if row["relation"] == f"{GRID}gridLinkTo"]
    assert (row["relationLabel"], row["groupLabel"]) == ("draws power from", "Energy links")
    assert [claim.iri for claim in grids.claims(group="Energy links")] == ["https://example.org/id/claim/note-3"]


@pytest.mark.parametrize(
    ("question", "parameters", "said"),
    [
        ("entities", {"kind": "nonsense"}, "no class is called 'nonsense'; the question classes lists them"),
        ("entities", {"kind": "power staton"}, "no class is called .*; did you mean Power station"),
        ("entities", {"kind": "cooperation"}, "no class is called"),
        ("relation-claims", {"relation": "gridlinkto"}, "did you mean gridLinkTo"),
        ("relation-claims", {"relation": "zzzz"}, "the question relations lists them"),
        ("field-claims", {"field": "wind pwer"}, "did you mean Wind power"),
        ("timeline", {"since": "soon"}, "'soon' is no year; write one as 2014"),
        (
            "relation-claims",
            {"relation": "gridLinkTo", "status": "plannt"},
            "no status is called 'plannt'; did you mean",
        ),
    ],
)
def test_an_unknown_name_is_no_empty_answer(
    grids: CoopGraph, question: str, parameters: dict[str, str], said: str
) -> None:
    """What nothing is called is told with what comes near, whatever its kind."""
    with pytest.raises(UsageError, match=said):
        grids.ask(question, **parameters)


def test_own_prefixes_are_known(grids: CoopGraph) -> None:
    """A prefix of the own ontology, wherever it is declared, needs no PREFIX, and output and exports have it."""
    rows = grids.query("SELECT ?claim ?relation { ?claim rdf:predicate ?relation ; coop:field power:wind }")
    assert rows.to_dicts()[0]["relation"] == f"{GRID}gridLinkTo"
    assert "grid:gridLinkTo" in rows._repr_html_()
    assert len(grids.query("SELECT * { late:x ?p ?o }")) == 0
    turtle = grids.export("turtle")
    assert f"@prefix grid: <{GRID}> ." in turtle
    assert "rdf:predicate grid:gridLinkTo" in turtle


def test_an_own_prefix_takes_no_other_away(small: Path) -> None:
    """A prefix of the table stays what it is, whatever an own ontology means by it; a broken file takes none away."""
    (small / "ontology").mkdir()
    own = small / "ontology" / "own.ttl"
    own.write_text(
        "@prefix coop: <https://example.net/> .\n@prefix mine: <https://example.net/> .\nmine:x mine:y ", "utf-8"
    )
    from coopgraph.claims import workspace

    prefixes = workspace.find(small).prefixes
    assert prefixes["coop"] == "https://w3id.org/coopgraph/ontology#"
    assert prefixes["mine"] == "https://example.net/"


def test_a_thing_of_an_own_class_is_shown_by_its_label(grids: CoopGraph) -> None:
    """What is said of a thing of an own class names the class, the group and the relation by their labels."""
    plant = grids.entity("Plant One")
    assert (plant.kind, plant.kind_label, plant.root) == ("power_plant", "Power station", "power_plant")
    lines = list(sentences.about(plant.iri, extracts.extract(grids.store, about=plant.iri)))
    assert lines == [
        "Plant One (Power station) initiative:plant",
        "",
        "Energy links",
        "  Eastport draws power from Plant One (planned; to begin in 2027; Wind power) [source:note ¶1]",
    ]


def test_a_thing_of_an_own_class_is_in_the_network(grids: CoopGraph) -> None:
    """Paths and measures go through things of a class directly below Entity as through all others."""
    ((step,),) = (grids.paths("Westport", "Plant One")[0][1:],)
    assert step[1].endswith("plant")
    network = measures.network(grids.store)
    row = next(row for row in measures.rows(network, measures.measure(network), "degree") if "plant" in str(row[0]))
    assert str(row[2]) == f"<{GRID}power_plant>"
