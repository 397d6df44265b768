"""SPARQL from people: nothing reaches out of the store, however it is disguised, and nothing harmless is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopgraph.ask.graph import CoopGraph
from coopgraph.errors import QueryError
from coopgraph.rdf import sparql, sparql_guard, vocab
from coopgraph.rdf.terms import Literal, NamedNode, Quad
from coopgraph.store import local
from layers import examples

PREFIXES = vocab.prefixes() | {"service": "http://x/service/"}
HEAD = "PREFIX : <http://127.0.0.1:1/> PREFIX ex: <http://127.0.0.1:1/> "
BODY = " <http://127.0.0.1:1/> { ?a ?b ?c } }"
DISGUISED = [
    "SELECT * { SERVICE" + BODY,
    "SELECT * { sErViCe" + BODY,
    "SELECT * { service#comment\n" + BODY,
    "SELECT * { SERVICE SILENT" + BODY,
    "SELECT * { SERVICESILENT" + BODY,
    "SELECT * { ?s ?p 1SERVICE" + BODY,
    "SELECT * { ?s ?p 1.0SERVICE" + BODY,
    "SELECT * { ?s ?p 1e1SERVICE" + BODY,
    "SELECT * { ?s ?p trueSERVICE" + BODY,
    "SELECT * { ?s ?p 'a'SERVICE" + BODY,
    "SELECT * { ?s ?p 'a'@en SERVICE" + BODY,
    "SELECT * { ?s ?p ?o.SERVICE" + BODY,
    "SELECT * { ?s ?p [].SERVICE" + BODY,
    "SELECT * { {} MINUS{}SERVICE" + BODY,
    "SELECT * { BIND(1 AS?x)SERVICE" + BODY,
    "SELECT * { SERVICE ex:x { ?a ?b ?c } }",
    "SELECT * { SERVICE:x{ ?a ?b ?c } }",
    "SELECT * { SERVICEex:x{ ?a ?b ?c } }",
    "SELECT * { SERVICESILENTex:x{ ?a ?b ?c } }",
    "SELECT * { {}.SERVICE:x{ ?a ?b ?c } }",
    "SELECT * { ?s ?p 1.SERVICE:x{ ?a ?b ?c } }",
    "SELECT * { ?s ?p true.SERVICE:x#\n{ ?a ?b ?c } }",
    "SELECT * { VALUES ?x { <http://127.0.0.1:1/> } SERVICE?x{ ?a ?b ?c } }",
    "PREFIX service: <http://x/> SELECT * { service:x { ?a ?b ?c } }",
    "PREFIX e: <http://x/> SELECT * { ?a e:e\u0301\\' ?b . SERVICE" + BODY[:-1] + " ?c e:e\u0301\\' ?d }",
    "PREFIX e: <http://x/> SELECT * { ?a e:e\\# ?b . SERVICE" + BODY,
    "SELECT * { ?a <http://x/#> ?b . SERVICE" + BODY,
    "SELECT * { FILTER(?a<?b) SERVICE" + BODY,
    'SELECT * { BIND("\\"" AS ?x) SERVICE' + BODY,
    "SELECT * { BIND('''a''b''' AS ?x) SERVICE" + BODY,
    "SELECT * { { SELECT * { SERVICE" + BODY + " } }",
    "ASK { FILTER EXISTS { SERVICE" + BODY + "}",
    "CONSTRUCT { ?a ?b ?c } WHERE { SERVICE" + BODY,
    "PREFIX q: <http://x/> SELECT * { ?s ?p q:.SERVICE" + BODY,
    "PREFIX q: <http://x/> SELECT * { ?s ?p q:a.b.c.SERVICE SILENT" + BODY,
    "SELECT * { ?s ?p <http://x/\\u0062#>.SERVICE" + BODY,
    "SELECT * { ?s ?p <http://x/\\u0062'>.SERVICE" + BODY + "#'",
    "SELECT * { ?s ?p ?o\u0301.SERVICE" + BODY,
    "SELECT * { ?s ?p _:b.b.SERVICE" + BODY,
    "SELECT * { ?s ?p 'x'@en-service.SERVICE" + BODY,
    "SELECT * { \\U00000053ERVICE" + BODY,
]
HARMLESS = [
    "SELECT ?service { ?service ex:service service:x . service:a ex:b 1 }",
    'SELECT * { ?s ?p "SERVICE <http://x/> {}" }',
    "SELECT * { ?s ?p '''SERVICE\n<http://x/> {}''' } # SERVICE <http://x/> {}",
    "SELECT * { ?s <http://x/SERVICE> ?o FILTER(?o < 3 && ?o > 1) }",
    "SELECT * { GRAPH service:x { ?s ?p 'x'@en-service } }",
    "SELECT * FROM service:x { ?s ?p ?o }",
    "PREFIX load: <http://x/> SELECT * { ?s load:drop load:insert ; load:delete load:clear }",
    "SELECT * { ?s ex:load ?insert . ?s ex:b.service ?o }",
    "PREFIX services: <http://x/> SELECT * { ?s a services:Bureau { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'service:\\u0041\\n\\\\u0041')) }",
    "BASE <http://x/> PREFIX a: <services/> SELECT * { ?s a:p/<q>* _:service, [] ; a:\\,\\-x -1.5e3 }",
    "SELECT (COUNT(*) AS ?services) { << ?s ?p ?o >> ?a 'x'@en-GB-x-service , '1'^^ex:service } GROUP BY ?service",
]


def database() -> ox.Store:
    """Return a store with one triple, so that patterns match and the engine goes on to the next."""
    engine = ox.Store()
    engine.add(Quad(NamedNode("http://x/s"), NamedNode("http://x/p"), Literal(1)))
    return engine


_REFUSED = r"^\d+:\d+: (SERVICE would ask another server|the prefix \S*SERVICE\w*: is not declared)|^error at "


@pytest.mark.parametrize("query", DISGUISED)
def test_no_disguise_of_service_is_let_through(query: str) -> None:
    """SERVICE is refused with its place wherever the engine would obey it, or else is no SPARQL to us."""
    with pytest.raises((QueryError, SyntaxError), match=_REFUSED):
        database().query(sparql_guard.admitted(HEAD + query, {}).text)


@pytest.mark.parametrize("query", HARMLESS)
def test_what_only_looks_like_service_is_let_through(query: str) -> None:
    """Variables, names, texts, IRIs and comments may hold any word, and the engine reads what is left of them."""
    admitted = sparql_guard.admitted(HEAD + query, PREFIXES)
    assert list(database().query(admitted.text, prefixes={} if admitted.places else PREFIXES)) == []


_SPACE = st.sampled_from(["", " ", "\n", "#c\n", "\t", "# SERVICE '\n"])
_BEFORE = st.sampled_from(
    ["", "{}", "{}.", "?s ?p ?o.", "?s ?p 1", "?s ?p 1.", "?s ?p true", "?s ?p 'x'", "?s ?p ex:a", "?s ?p ex:a\\'",
     "?s ?p []", "BIND(1 AS ?x)", "FILTER(?a<?b)", "VALUES ?x {1}", "GRAPH ?g {}", "GRAPH", "?s ?p ''",
     '?s ?p """a"b"""', "OPTIONAL {}"]
)  # fmt: skip
_WORD = st.sampled_from(["SERVICE", "service", "SeRvIcE", "SERVICE SILENT", "SERVICESILENT", "\\u0053ERVICE"])
_TARGET = st.sampled_from(["<http://127.0.0.1:1/>", "ex:x", ":x", ":", "?x", "$x"])
_AFTER = st.sampled_from(["{?a ?b ?c}", "{}", "{ SELECT * {} }"])


@settings(max_examples=examples(400))
@given(st.tuples(_BEFORE, _SPACE, _WORD, _SPACE, _TARGET, _SPACE, _AFTER))
def test_what_the_guard_lets_through_asks_no_server(parts: tuple[str, ...]) -> None:
    """However a query is put together, either it is refused or the engine finds no server to ask in it."""
    query = HEAD + "SELECT * { ?s ?p ?z . BIND(<http://127.0.0.1:1/> AS ?x) " + "".join(parts) + " }"
    assert_asks_no_server(query)


_PIECES = st.lists(
    st.sampled_from([
        "SERVICE", "service", "\\u0053ERVICE", "<http://127.0.0.1:1/>", "<", ">", "{", "}", "(", ")", ".", ";", ",",
        ":", "q:", "q:a", "?x", "?", "'", '"', "'x'", "@en", "\\'", "\\u0023", "\\u003e", "#", "\n", " ", "1", "1.",
        "e1", "_:b", "a", "\u0301", "\u00b7", "\u00aa", "\u200d", "SILENT", "GRAPH", "?s ?p ?o", "{?a ?b ?c}", "BASE",
    ]),
    max_size=14,
)  # fmt: skip


@settings(max_examples=examples(800))
@given(_PIECES)
def test_no_pieces_of_queries_put_together_ask_a_server(pieces: list[str]) -> None:
    """Pieces that end names, texts, IRIs and comments in unusual places hide no SERVICE from the guard."""
    assert_asks_no_server(
        "PREFIX q: <http://x/> SELECT * { ?s ?p ?o . " + "".join(pieces) + " <http://127.0.0.1:1/> {} }"
    )


def assert_asks_no_server(query: str) -> None:
    """Run a query that is let through as the engine gets it: an `OSError` says that it wanted to ask."""
    try:
        admitted = sparql_guard.admitted(query, {})
    except QueryError:
        return
    with suppress(SyntaxError, ValueError, RuntimeError):
        list(database().query(admitted.text))


@pytest.mark.parametrize(
    "word", ["INSERT DATA", "DELETE WHERE", "LOAD <file:///etc/passwd> INTO GRAPH", "CLEAR", "DROP"]
)
def test_updates_are_refused(word: str) -> None:
    """What would change the store or load into it is refused."""
    with pytest.raises(QueryError, match=r"^1:1: "):
        sparql_guard.admitted(f"{word} {{ <http://x/a> <http://x/b> 1 }}", {})


@pytest.mark.parametrize(
    "graph", ["<file:///etc/passwd>", "<http://127.0.0.1:1/>", "NAMED <file:///etc/passwd>", "place:x"]
)
def test_from_names_graphs_of_the_store_alone(small_graph: CoopGraph, graph: str) -> None:
    """FROM a file, an address or anything that is no graph of the store is refused."""
    with pytest.raises(QueryError, match="there is no such graph in the store"):
        small_graph.store.query(f"SELECT * FROM {graph} {{ ?s ?p ?o }}")


def test_from_chooses_among_the_graphs_of_the_store(small_graph: CoopGraph) -> None:
    """FROM a graph of the store asks that graph and no other."""
    claims = "{ ?claim a ?type VALUES ?type { coop:Claim coop:City } }"
    for graph, number in (
        ("graph:note", 2),
        ("graph:places", 2),
        ("graph:note> FROM <https://example.org/id/graph/places", 4),
    ):
        name = (
            graph
            if ":" in graph and ">" not in graph
            else "<https://example.org/id/" + graph.replace(":", "/", 1) + ">"
        )
        assert len(list(small_graph.store.select(f"SELECT ?claim FROM {name} {claims}"))) == number


DEEP = {
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "brackets": lambda n: "SELECT * { FILTER(" + "(" * n + "1" + ")" * n + ") }",
    "conditions": lambda n: "SELECT * { BIND(" + "IF(?x,1," * n + "0" + ")" * n + " AS ?y) }",
    "existence": lambda n: "SELECT * {" + " FILTER EXISTS {" * n + "}" * n + "}",
    "sums": lambda n: "SELECT * { FILTER(" + "+".join(["1"] * n) + ") }",
    "unions": lambda n: "SELECT * { " + " UNION ".join(["{}"] * n) + " }",
    "bindings": lambda n: "SELECT * { " + " ".join(f"BIND({i} AS ?x{i})" for i in range(n)) + " }",
    "columns": lambda n: "SELECT " + " ".join(f"({i} AS ?x{i})" for i in range(n)) + " {}",
    "objects": lambda n: "SELECT * { ?s ?p " + ",".join(["1"] * n) + " }",
    "negations": lambda n: "SELECT * { FILTER(" + "!" * n + "1) }",
}


@pytest.mark.parametrize("kind", DEEP)
def test_a_query_that_would_end_the_process_is_refused(kind: str) -> None:
    """A query so deep or long that the engine's stack would overflow, which no handler catches, is refused."""
    with pytest.raises(QueryError, match=r"^1:\d+: the query (nests|has) more than \d+"):
        sparql_guard.admitted(DEEP[kind](10_000), {})
    sparql_guard.admitted(DEEP[kind](50), {})


@pytest.mark.parametrize("kind", ["groups", "brackets", "conditions", "existence"])
def test_the_deepest_query_that_is_let_through_is_answered(kind: str) -> None:
    """Two hundred levels are answered, and one more is refused."""
    depth = next(n for n in range(205, 100, -1) if _is_admitted(DEEP[kind](n)))
    assert depth >= 197
    list(database().query(DEEP[kind](depth)))
    assert not _is_admitted(DEEP[kind](depth + 1))
    assert not any(_is_admitted(DEEP[kind](n)) for n in (250, 300, 490))


def test_the_borders_are_where_they_are_said_to_be() -> None:
    """Exactly 200 levels, 2,000 clauses and 1,000 variables are let through."""
    borders = {
        200: lambda n: "SELECT * " + "{" * n + "}" * n,
        2_000: lambda n: "SELECT * { " + "." * (n - 2) + " }",
        1_000: lambda n: "SELECT " + " ".join(f"?v{each}" for each in range(n)) + " {}",
    }
    for most, query in borders.items():
        assert _is_admitted(query(most))
        assert not _is_admitted(query(most + 1))


def _is_admitted(query: str) -> bool:
    try:
        return bool(sparql_guard.admitted(query, {}))
    except QueryError:
        return False


@pytest.mark.parametrize(
    ("query", "excess"),
    [
        (
            "SELECT " + " ".join(f"?v{n}" for n in range(300_000)) + " {}",
            "1:5898: the query has more than 1000 var",
        ),
        ("SELECT * { ?s ?p '" + "x" * 4_000_000 + "' }", "the query has more than 4000000 characters"),
    ],
)
def test_a_query_that_takes_long_to_read_is_refused(query: str, excess: str) -> None:
    """The engine reads a query while nothing else goes on; one that is long or has very many variables is refused."""
    with pytest.raises(QueryError, match=excess):
        sparql_guard.admitted(query, {})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?x { " + " ".join(f"<http://x/{i}>" for i in range(5000)) + " } }",
        "SELECT * { VALUES (?x ?y) { " + " ".join(f"(1.{i} 'x')" for i in range(5000)) + " } }",
        "SELECT * { ?s ?p ?x FILTER(?x IN (" + ", ".join(map(str, range(5000))) + ")) }",
    ],
)
def test_long_lists_of_values_are_let_through(query: str) -> None:
    """Thousands of values in VALUES or IN are a list and no depth."""
    assert sparql_guard.admitted(query, {}).graphs == ()


def test_variables_are_found_and_texts_are_not() -> None:
    """The variables of a query are those outside texts, comments and IRIs."""
    query = 'SELECT ?a ?香 { $b <http://x/?c> \'?d\' . # ?e\n ?f1 ex:?g """?h""" FILTER(?a-?b > 1) }'
    assert sparql.variables(query) >= {"a", "b", "香", "f1"}
    assert sparql.variables(query).isdisjoint({"c", "d", "e", "h"})


WORDS = [
    "FROM", "from", "?from", "validFrom", "NAMED", "SERVICE", "1SERVICE", "service:x", "LOAD", "x:LOAD", "1LOAD",
    "DROP", "<http://x/LOAD>", "'DROP'", '"""', "'''", "'", '"', "#", "\n", "\r", "\\", "\\u0046", "{", "}", "(", "a",
    ":", "ſervice",
]  # fmt: skip


@settings(max_examples=examples(500))
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["", " "]))
def test_a_text_that_need_not_be_read_has_nothing_to_refuse(words: list[str], between: str) -> None:
    """Where the words of a query say that its tokens need not be read, reading them would find nothing."""
    query = between.join(words)
    if sparql_guard._is_plain(query):
        tokens = list(sparql.lexemes(query))
        sparql_guard._check_words(query, tokens)
        sparql_guard._check_size(query, tokens)
        assert list(sparql_guard._Prologue(query, PREFIXES).graphs(tokens)) == []


MISTAKES = {
    "SELEC ?x {}": "1:1: SELEC is no word of SPARQL; did you mean SELECT?",
    "SELECT ?x { FILER(?x) }": "1:13: FILER is no word of SPARQL; did you mean FILTER?",
    "SELECT ?x { ?x partOf ?y }": "1:16: partOf is no word of SPARQL; "
    "a name needs a prefix, a variable a ?, a text quotes",
    'SELECT ?x {\n ?x a "abc }': "2:7: a text begins here that does not end; close its quotes",
    "SELECT ?x { ?x a ?y": "1:11: { is not closed; write } where it ends",
    "SELECT ?x { ?x a ?y } }": "1:23: } closes nothing that is open; take it out",
    "SELECT ?x { ?x a foo:bar }": "1:18: the prefix foo: is not declared; "
    "declare it with PREFIX or write the IRI in <>",
    "SELECT * { <a> ?p ?o }": "1:12: <a> is relative, and there is no BASE; "
    "write the whole IRI, or say BASE <...> first",
    "CONSTRUCT FROM <data.ttl> WHERE { ?s ?p ?o }": "1:16: <data.ttl> is relative, and there is no BASE; "
    "write the whole IRI, or say BASE <...> first",
    "BASE <http://x/> SELECT * FROM <g> { ?s ?p ?o }": "FROM <http://x/g>: there is no such graph in the store; "
    "`coopgraph stats` lists the graphs",
    "# service\nSELECT ?x {\n  ?x a 'service' ?y }": "3:21: is not SPARQL; mend the query there",
}


@pytest.mark.parametrize(("query", "told"), MISTAKES.items())
def test_a_mistake_is_told_where_and_as_it_was_written(small_graph: CoopGraph, query: str, told: str) -> None:
    """What is wrong with a query is told in its writer's terms, with line and column of the text as it was written."""
    with pytest.raises(QueryError) as raised:
        small_graph.store.query(query)
    assert str(raised.value) == told


def test_what_goes_wrong_while_rows_are_read_is_told_in_one_line(small_graph: CoopGraph) -> None:
    """An engine that fails behind the first rows fails as a query does."""
    assert small_graph.store.query("SELECT ?x { VALUES ?x { 1 } }")
    with pytest.raises(QueryError, match=r"^the query cannot be answered to its end: broken"):
        list(local._read(_breaking()))


def _breaking() -> Iterator[int]:
    yield 1
    raise OSError("broken")
