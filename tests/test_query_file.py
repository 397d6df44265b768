"""Headers of query files: read as grlc writes them, and told with their place where they are wrong."""

from __future__ import annotations

import pytest
import yaml

from coopgraph.claims import query_file
from coopgraph.claims.query_file import Parameter
from coopgraph.errors import DataError
from coopgraph.rdf.vocab import coop

GRLC = """\
#+ summary: Harbours of a country
#+ description: >
#+   All harbours,
#+   with their ships: each once.
#+ endpoint: http://example.org/sparql
#+ tags:
#+   - ports
#+   - ships
#+ method: GET
#+ pagination: 100
#+ enumerate:
#+ - country
#+ defaults:
#+   - country: Norway
#+ parameters:
#+   country: entity - the country
#+   since: year? - from this year on

SELECT ?harbour { ?harbour a ?class }
#+ summary: no header any more
"""


def test_a_header_of_grlc_is_read_and_what_is_unknown_passed_over() -> None:
    """Lists, texts over several lines and keys of grlc's own stand in no one's way."""
    query = query_file.parse(GRLC, "harbours.rq")
    read = yaml.safe_load(
        "\n".join(line[3:] for line in GRLC.splitlines() if line.startswith("#+ "))[: GRLC.index("\n\n")]
    )
    assert (query.name, query.summary) == ("harbours", "Harbours of a country")
    assert query.description == "All harbours, with their ships: each once." == read["description"].strip()
    assert query.parameters == (
        Parameter("country", "entity", False, "the country"),
        Parameter("since", "year", True, "from this year on"),
    )
    assert query.header["endpoint"] == "http://example.org/sparql"
    assert query.sparql == GRLC


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("#+ no header", "q.rq:2:1: is no header line; write '#+ key: text' or '#+   name: kind - text'"),
        ("#+   - listed under nothing", ""),
        ("#+ parameters:\n#+   place: entyty - the place", "q.rq:3:1: unknown kind 'entyty'; did you mean entity?"),
        ("#+ parameters:\n#+   limit: text? - how many", "q.rq:3:1: every question takes limit on the web"),
        (
            "#+ parameters:\n#+   place entity",
            "q.rq:3:1: is no parameter; write '#+   name: kind - text'",
        ),
    ],
)
def test_a_wrong_line_is_told_with_its_place(line: str, message: str) -> None:
    """What is no line of a header is told; what only others know is not."""
    text = f"#+ summary: a\n{line}\nASK {{}}"
    if not message:
        assert query_file.parse(text, "q.rq").summary
        return
    with pytest.raises(DataError) as raised:
        query_file.parse(text, "q.rq")
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    "line",
    [
        "# a comment",
        "---",
        '"tags": [x]',
        "tags : x",
        "x-y.z: 3",
        "transform: {",
        "  key: 1",
        "}",
        "\tkey: 1",
        "- a",
        "",
    ],
)
def test_what_else_yaml_allows_is_passed_over(line: str) -> None:
    """Comments, quoted and dotted keys, brackets over several lines and tabs are no fault of a header."""
    query = query_file.parse(f"#+ summary: One\n#+ tags:\n#+ {line}\n#+ description: Two\nASK {{}}", "x.rq")
    assert (query.summary, query.description) == ("One", "Two")


@pytest.mark.parametrize("text", ['"Harbours: all"', "'Harbours: all'", "Harbours: all"])
def test_quotes_around_a_text_are_no_part_of_it(text: str) -> None:
    """A text is quoted in YAML where it has a colon; what is read is the text."""
    assert query_file.parse(f"#+ summary: {text}\nASK {{}}", "x.rq").summary == "Harbours: all"


@pytest.mark.parametrize(
    ("header", "body", "is_head", "premises"),
    [
        ("?a coop:partOf ?b", "CONSTRUCT { ?b coop:hasPart ?a } WHERE {}", True, 1),
        ("?a coop:partOf ?b . ?b a ?c", "CONSTRUCT { ?b own:x ?a } WHERE {}", True, 2),
        ("?a coop:partOf", "CONSTRUCT { ?b coop:hasPart ?a } WHERE {}", True, 0),
        ("?a coop:partOf 5", "CONSTRUCT { ?b coop:hasPart ?a . ?a a ?b } WHERE {}", False, 0),
        ("?a nowhere:partOf ?b", "CONSTRUCT { ?b coop:hasPart 5 } WHERE {}", False, 0),
        ("", "SELECT * { ?s ?p ?o }", False, 0),
    ],
)
def test_a_rule_says_what_it_gives_and_reads(header: str, body: str, is_head: bool, premises: int) -> None:
    """Head and premises are patterns of IRIs and variables, named with the prefixes of the query or the workspace."""
    text = f"#+ summary: x\n#+ premises: {header}\nPREFIX own: <https://example.org/>\n{body}"
    rule = query_file.parse(text, "queries/derive/own.rq", {"coop": coop("")})
    assert ((rule.head is not None), len(rule.premises)) == (is_head, premises)


def test_relations_are_iris() -> None:
    """Relations of a header are IRIs, whether they are written with a prefix or in full; others are no relations."""
    text = "#+ relations: coop:partOf <https://example.org/p> nowhere:x\nSELECT * {}"
    assert query_file.parse(text, "x.rq", {"coop": coop("")}).relations == {coop("partOf"), "https://example.org/p"}


def test_a_choice_that_is_none_is_told_with_what_there_is() -> None:
    """What a header may choose from is told where it chooses something else; the first goes without saying."""
    query = query_file.parse("#+ scope: grahp\nASK {}", "queries/checks/own.rq")
    assert query.choice("severity", ("violation", "warning")) == "violation"
    with pytest.raises(DataError, match=r"queries/checks/own\.rq: .*'grahp'.* graph"):
        query.choice("scope", ("store", "graph"))
