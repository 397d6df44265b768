"""The graph as Python programs have it: loaded, asked, shown and handed on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
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


def test_help_begins_with_what_a_person_needs() -> None:
    """The help of the package says what it is, and then shows how a graph is loaded and asked."""
    import pydoc

    text = pydoc.plain(pydoc.render_doc(coopgraph))
    assert text.index("graph = coopgraph.load()") < text.index("PACKAGE CONTENTS")
    assert "class CoopGraph" in text


@pytest.mark.parametrize("name", ["extract", "claims", "to_networkx", "measures", "view"])
def test_a_selection_is_spelt_out_in_signatures(name: str, small_graph: CoopGraph) -> None:
    """Editors and help show each choice of a selection by its name; what is none is refused in Python's words."""
    import inspect

    method = getattr(small_graph, name)
    choices = ["status", "group", "source", "field", "since", "until"]
    assert [each for each in inspect.signature(method).parameters if each in choices] == choices
    with pytest.raises(TypeError, match=rf"{name}\(\) got an unexpected keyword argument 'statuses'"):
        method(statuses=["realised"])


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ({"status": "realized"}, "no status is called 'realized'; did you mean"),
        ({"group": ["cooperation", "presense"]}, "no group is called 'presense'; did you mean Presence"),
        ({"source": "zzzz"}, "no source is called 'zzzz'"),
        ({"field": "zzzz"}, "no field is called 'zzzz'"),
        ({"field": ""}, "the field is empty"),
        ({"status": 3}, "status=3 is no name; give one as text, or several in a list"),
        ({"since": "soon"}, "since: 'soon' is no year; write one as 2014"),
        ({"until": 2014.5}, "until: '2014.5' is no year"),
    ],
)
def test_an_unknown_choice_is_told(small_graph: CoopGraph, selection: dict[str, object], said: str) -> None:
    """A choice that nothing fits is refused with what comes near, and never an empty selection."""
    with pytest.raises(UsageError, match=said):
        small_graph.claims(**selection)  # type: ignore[arg-type]


def test_years_are_given_as_answers_write_them(small_graph: CoopGraph) -> None:
    """A year is a number, or text as answers have it; of a decade `since` is the first and `until` the last year."""
    chosen = [small_graph.claims(since=since) for since in (2014, "2014", "2014-05", "201X", "20XX")]
    assert all(len(claims) == 1 for claims in chosen)
    assert len(small_graph.claims(until="201X")) == 1
    assert len(small_graph.claims(until=2013)) == 0


def test_what_other_libraries_call_it_is_told(small_graph: CoopGraph) -> None:
    """A name of rdflib or NetworkX, and a misspelt one, is answered with what to type here."""
    for name, hint in [("sparql", "graph.query"), ("nodes", "to_networkx"), ("serialize", "graph.export")]:
        with pytest.raises(AttributeError, match=rf"no attribute '{name}'; type .*{hint}"):
            getattr(small_graph, name)
    with pytest.raises(AttributeError, match="no attribute 'clams'; did you mean claims"):
        small_graph.clams  # noqa: B018
    assert not hasattr(small_graph, "_repr_png_")


def test_each_hint_names_what_is_there() -> None:
    """What is proposed instead of another library's name is a method of the graph."""
    from coopgraph.ask.elsewhere import ELSEWHERE

    for hint in ELSEWHERE.values():
        name = hint.partition("(")[0]
        assert hasattr(CoopGraph, name) or name == "load"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda graph: graph.ask("partners", place=None), "partners needs place="),
        (lambda graph: graph.query(CLAIMS, limit=-1), "limit=-1: give a number of rows, or 0 for all"),
        (lambda graph: graph.view(top=0), "top=0: give numbers"),
        (lambda graph: graph.view(focus="Eastport", hops=-1), "hops=-1, top=None: give numbers"),
        (lambda graph: graph.query("SELECT {", timeout=20), r"^1:\d+: "),
    ],
)
def test_a_number_or_value_that_does_not_fit_is_told(
    small_graph: CoopGraph, call: Callable[[CoopGraph], object], said: str
) -> None:
    """What would give a silent half answer is refused in one line."""
    with pytest.raises(CoopgraphError, match=said):
        call(small_graph)


def test_a_parameter_that_is_none_is_not_given(small_graph: CoopGraph) -> None:
    """None leaves an optional parameter out."""
    assert small_graph.ask("timeline", entity=None) == small_graph.ask("timeline")


def test_a_graph_has_a_length_and_is_true(small_graph: CoopGraph) -> None:
    """A graph is as long as it has claims, and true without any."""
    assert len(small_graph) == len(small_graph.claims()) == 2
    assert bool(small_graph)


def test_what_the_graph_gives_can_be_asked_with(small_graph: CoopGraph) -> None:
    """Entities are parameters as their names are."""
    place = small_graph.entity("Eastport")
    assert small_graph.ask("partners", place=place) == small_graph.ask("partners", place="Eastport")
    assert small_graph.path(place, "Westport") == small_graph.path("Eastport", "Westport")  # type: ignore[arg-type]


def test_the_shortest_path_is_one(small_graph: CoopGraph) -> None:
    """`path` is the first of `paths`; a path is made of steps."""
    path = small_graph.path("Eastport", "Westport")
    assert path is not None
    assert [path] == small_graph.paths("Eastport", "Westport")
    assert [(step.start, step.goal, len(step.claims)) for step in path] == [(*path[0][:2], 2)]
    assert small_graph.path("Eastport", "Westport", within=small_graph.extract(status="denied")) is None


def test_what_is_shown_is_one_short_line(tiny_graph: CoopGraph) -> None:
    """Everything that the graph gives shows itself in one line of no more than a screen's width or two."""
    extract = tiny_graph.extract()
    path = tiny_graph.path("Northport", "Coast Province")
    shown = [
        tiny_graph, extract, *extract.claims, *extract.terms.values(), *extract.passages.values(), path,
        *extract.sources.values(), *(path or ()), tiny_graph.view(),
        *tiny_graph.questions(), tiny_graph.ask("classes"), tiny_graph.measures,
    ]  # fmt: skip
    for each in shown:
        assert "\n" not in repr(each)
        assert len(repr(each)) < 250
    assert repr(extract.claims[0]).startswith("<Claim ")
    assert repr(tiny_graph.entity("NTC")).startswith("<Entity 'Northport Trade Council' (Organisation) https://")


def test_statistics_count_what_there_is(tiny_graph: CoopGraph) -> None:
    """What there is is counted by graph, class, status and group."""
    numbers = tiny_graph.statistics()
    assert list(numbers) == [
        "triples in graph", "things of class", "claims with status", "claims in relation group",
    ]  # fmt: skip
    assert sum(numbers["claims with status"].values()) == len(tiny_graph)


def test_errors_speak_python(small_graph: CoopGraph) -> None:
    """What a Python call refuses is told without options of the command line."""
    calls = [
        lambda: small_graph.ask("partners"), lambda: small_graph.ask("zzzz"), lambda: small_graph.entity("zzzz"),
        lambda: small_graph.ask("partners", plase="x"), lambda: small_graph.view(language="fr"),
        lambda: small_graph.query("SELECT", timeout=20), lambda: small_graph.ask("entities", kind="zzzz"),
        lambda: small_graph.export("zzzz"), lambda: small_graph.search(""), lambda: small_graph.paths("zzzz", "x"),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(CoopgraphError) as caught:
            call()
        assert not re.search(r"(^|\s)--?[a-z]|coopgraph [a-z]+", str(caught.value)), str(caught.value)
