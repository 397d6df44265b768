"""The graph as Python programs have it: loaded, asked, shown and handed on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import coopgraph
from coopgraph import CoopGraph, load
from coopgraph.errors import CoopgraphError, QueryError, UsageError

CLAIMS = "SELECT ?claim { ?claim a coop:Claim } ORDER BY ?claim"


def test_public_names_are_there() -> None:
    """Every public name is importable, and nothing else is promised."""
    assert sorted(coopgraph.__all__) == coopgraph.__all__
    assert all(getattr(coopgraph, name) is not None for name in coopgraph.__all__)
    assert set(coopgraph.__all__) <= set(dir(coopgraph))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        coopgraph.nothing  # noqa: B018


def test_a_workspace_is_loaded_and_closed(small: Path) -> None:
    """A folder is loaded as text or path, says what it is, and may be closed twice."""
    with load(str(small)) as graph:
        assert repr(graph) == "<CoopGraph 'Small': 2 claims>"
        assert len(graph.claims()) == 2
    graph.close()


def test_loading_what_is_no_workspace_is_told(tmp_path: Path) -> None:
    """A folder without settings, and one that is not there, are refused by name."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(UsageError, match=r"coopgraph\.toml; name a folder"):
            load(folder)


def test_queries_know_the_prefixes_and_bind_names(small_graph: CoopGraph) -> None:
    """SPARQL needs no prefixes, and a parameter is the name of a thing, a number or a text in quotes."""
    assert next(str(row["claim"]) for row in small_graph.query(CLAIMS)).endswith("note-1")
    rows = small_graph.query("SELECT ?place ?text { ?place skos:definition ?text }", place="东港")
    assert [row["text"] for row in rows] == ["A port in the east."]
    assert len(small_graph.query("SELECT ?p ?n { ?p coop:paragraph ?n }", n=2)) == 1
    assert len(small_graph.query("SELECT ?s ?name { ?s coop:textFile ?name }", name='"note.txt"')) == 1


@pytest.mark.parametrize(
    ("text", "parameters", "error", "said"),
    [
        ("SELECT", {}, QueryError, r"^1:\d+: is not SPARQL"),
        ("SELECT * { nope:x ?p ?o }", {}, QueryError, "^1:12: the prefix nope: is not declared"),
        ("ASK { ?s ?p ?o }", {}, QueryError, "gives no rows"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", {}, QueryError, "gives no rows"),
        ("SELECT ?x { ?x a ?y }", {"y": "eastport"}, QueryError, r"parameter \?y is not projected"),
        (
            "SELECT ?place { ?place a ?y }",
            {"plase": "eastport"},
            UsageError,
            r"no variable \?plase; did you mean place",
        ),
        ("SELECT ?place { ?place a ?y }", {"place": "Eastprot"}, UsageError, "did you mean Eastport"),
        ("SELECT ?place { ?place a ?y }", {"place": '"\udcff"'}, UsageError, "is no text"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> {} }", {}, QueryError, "SERVICE would ask"),
    ],
)
def test_what_cannot_be_asked_is_told(
    small_graph: CoopGraph, text: str, parameters: dict[str, str], error: type[CoopgraphError], said: str
) -> None:
    """A query that cannot be run is refused in one line that says what is wrong."""
    with pytest.raises(error, match=said) as caught:
        small_graph.query(text, **parameters)
    assert "\n" not in str(caught.value)


def test_rows_are_limited_and_it_is_told(small_graph: CoopGraph) -> None:
    """A row limit cuts and says so; 0 is no limit."""
    cut = small_graph.query("SELECT * { ?s ?p ?o }", limit=3)
    assert (len(cut), cut.cut) == (3, True)
    whole = small_graph.query(CLAIMS, limit=0)
    assert (len(whole), whole.cut) == (2, False)
    assert not small_graph.query(CLAIMS, limit=2).cut


def test_a_query_with_a_time_limit_is_stopped(small_graph: CoopGraph) -> None:
    """An endless query ends soon after its time with one line, and a quick one is answered as without a limit."""
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    begun = time.monotonic()
    with pytest.raises(QueryError, match=r"^the query ran longer than 0.5 s and was stopped"):
        small_graph.query(endless, timeout=0.5)
    assert time.monotonic() - begun < 5
    quick = small_graph.query(CLAIMS, timeout=30)
    assert quick.to_dicts() == small_graph.query(CLAIMS).to_dicts()
    assert small_graph.query("SELECT * { ?s ?p ?o }", timeout=30, limit=2).cut


def test_questions_are_asked_by_name(tiny_graph: CoopGraph) -> None:
    """A named question is asked with names of things; a misspelt one gets its near match."""
    assert {"partners", "timeline"} <= {question.name for question in tiny_graph.questions()}
    partners = tiny_graph.ask("partners", place="Northport")
    assert len(partners) > 0
    assert partners.to_dicts() == tiny_graph.ask("partners", place="北港").to_dicts()
    with pytest.raises(UsageError, match="no question is called 'partnrs'; did you mean partners"):
        tiny_graph.ask("partnrs")


def test_an_entity_has_names_kind_and_identifiers(tiny_graph: CoopGraph) -> None:
    """An entity tells its label, other names, most specific class, root class and identifiers."""
    council = tiny_graph.entity("NTC")
    assert (council.label, council.kind, council.root) == ("Northport Trade Council", "Organisation", "Organisation")
    assert council.alt_labels == ("NTC",)
    assert council.identifiers == ("http://www.wikidata.org/entity/Q999999912",)
    assert tiny_graph.entity("South Bay").root == "Place"


def test_two_ends_of_a_path_are_two(small_graph: CoopGraph) -> None:
    """A path from a thing to itself is refused, by whatever names it is called."""
    with pytest.raises(UsageError, match="are the same entity"):
        small_graph.paths("Eastport", "东港")
