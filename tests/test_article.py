"""The bundled graph of the first article: whole, verified against its text, and without a sentence of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopgraph.ask.graph import CoopGraph
from coopgraph.ask.sentences import triple
from coopgraph.build import build
from coopgraph.check import rules, shapes
from coopgraph.check.places import Places
from coopgraph.claims import passages
from coopgraph.claims.model import Extract, Quantity
from coopgraph.store.local import LocalStore

ROOT = Path(__file__).parents[1]
TEXT = "hktdc-2023-hong-kong-liaoning-deepen-cooperation.txt"
_NAMES = r"(?m)^ +(?:dcterms:(?:title|bibliographicCitation)|skos:(?:pref|alt)Label|coop:nameInSource) .*$"
"""Lines of graph files that hold names and titles."""
RUN = 14
"""So many words in a row, the same as in a source text, are a quotation."""
SIGNS = 16
"""So many Chinese characters or digits in a row are one."""


@pytest.fixture(scope="module")
def extracted(article_graph: CoopGraph) -> Extract:
    return article_graph.extract()


def test_every_passage_stands_where_it_says(article_graph: CoopGraph, sources: Path) -> None:
    """Every passage's position and checksum agree with the article's text."""
    report = build.check(article_graph.workspace, sources=sources)
    assert report.findings == ()
    assert report.absent == ()
    assert report.verified == len(article_graph.extract().passages)


def test_every_sentence_of_the_article_is_cited(extracted: Extract, sources: Path) -> None:
    """No letter of the article lies outside the passages that claims rest on."""
    text = passages.read(sources / TEXT)
    covered = set()
    for passage in extracted.passages.values():
        assert passage.start is not None
        assert passage.end is not None
        covered |= set(range(passage.start, passage.end))
    left = "".join(letter for place, letter in enumerate(text) if place not in covered)
    assert re.findall(r"\w", left) == []


def test_no_sentence_of_a_source_is_committed(sources: Path) -> None:
    """No file of the project has fourteen words in a row from a source text; only names and titles are that long."""
    runs: set[tuple[str, ...]] = set()
    for path in sources.glob("*.txt"):
        words = re.findall(r"\w+", passages.read(path).casefold())
        runs |= {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}
    for path in [
        *ROOT.glob("*.md"),
        *(p for d in ("graphs", "docs", "tests", "queries", "src") for p in (ROOT / d).rglob("*")),
    ]:
        if path.is_file() and path.suffix in (".ttl", ".md", ".py", ".rq", ".csv", ".toml", ".txt", ".trig", ".json"):
            written = re.sub(_NAMES, "", path.read_text("utf-8"))
            words = re.findall(r"\w+", written.casefold())
            found = [" ".join(w) for i in range(len(words) - RUN + 1) if (w := tuple(words[i : i + RUN])) in runs]
            assert found == [], path


def test_no_gist_is_a_sentence_of_a_chinese_source(article_graph: CoopGraph, sources: Path) -> None:
    """No gist in Chinese, which parts no words, has sixteen signs in a row from a source text; names are shorter."""
    texts = [re.sub(r"\W", "", passages.read(path)) for path in sources.glob("*.txt")]
    rows = article_graph.query("SELECT ?gist { ?passage coop:gist ?gist FILTER(STRSTARTS(LANG(?gist), 'zh')) }")
    gists = [re.sub(r"\W", "", str(row["gist"])) for row in rows]
    runs = {gist[i : i + SIGNS] for gist in gists for i in range(len(gist) - SIGNS + 1)}
    assert [run for run in runs for text in texts if run in text] == []
    assert len(gists) > 700


@pytest.mark.parametrize(
    ("words", "status", "paragraph"),
    [
        ("Liaoning is part of Northeast China", "realised", 1),
        ("Jilin has the feature Landlocked", "realised", 1),
        ("Northeast China is a centre of Heavy industry", "realised", 1),
        ("Dalian is a port of Russian Empire", "ended", 2),
        ("Liaoning plays a key role in Belt and Road Initiative", "realised", 3),
        ("Belt and Road Summit took place in Hong Kong", "realised", 3),
        (
            "Kevin Chan spoke at Liaoning-Hong Kong Innovation and Technology Cooperation Promotion Conference",
            "realised",
            4,
        ),
        ("Northeast China integrates into Belt and Road Initiative", "potential", 5),
        ("Hong Kong invests in Liaoning", "realised", 6),
        ("Hong Kong → Liaoning: rank, Capital invested among the first", "realised", 6),
        ("Liaison Office in Liaoning is located in Liaoning", "realised", 6),
        ("HKTDC Dalian Office covers Heilongjiang", "realised", 7),
        ("HKTDC offices in Mainland China: Number of offices and units 13", "realised", 7),
        ("Hong Kong supports Liaoning", "potential", 8),
        ("Hong Kong cooperates with Liaoning", "potential", 9),
        ("Hong Kong cooperates with Liaoning", "potential", 10),
        ("Hong Kong Trade Development Council cooperates with Liaoning", "potential", 11),
        ("Hong Kong Trade Development Council has the function Match investors and business partners", "planned", 12),
        ("Liaoning: population 42,290,000 people", "realised", 13),
        ("Liaoning: share, Gross domestic product 49.6% of Northeast China", "realised", 13),
        ("Liaoning: length of coastline 2,178 km", "realised", 14),
    ],
)
def test_fact_is_stated(words: str, status: str, paragraph: int, extracted: Extract) -> None:
    """A fact of the article is a claim with its status and its paragraph."""
    found = {
        (claim.status, extracted.passages[iri].paragraph)
        for claim in extracted.claims
        if triple(claim, extracted) == words
        for iri in claim.passages
    }
    assert (status, paragraph) in found


def test_hopes_name_who_voices_them(extracted: Extract) -> None:
    """What the article puts in somebody's mouth names the speaker."""
    speakers = {extracted.terms[iri].label for claim in extracted.claims for iri in claim.speakers}
    assert {"John Lee", "Kevin Chan", "Xi Jinping", "Hong Kong Trade Development Council", "HKTDC Research"} <= speakers


def test_figures_have_date_and_unit(extracted: Extract) -> None:
    """Every figure has a unit and a date with its precision."""
    figures = [claim.object for claim in extracted.claims if isinstance(claim.object, Quantity)]
    assert len(figures) >= 5
    assert all(figure.unit and figure.as_of and figure.as_of_precision for figure in figures)


def test_identifiers_are_the_confirmed_ones(article_graph: CoopGraph) -> None:
    """The external identifiers in the graph are those that were confirmed, and no other."""
    confirmed = dict(line.split("\t") for line in (ROOT / "tests" / "identifiers.tsv").read_text("utf-8").splitlines())
    rows = article_graph.query("SELECT ?entity ?same { ?entity schema:sameAs ?same }")
    found = {str(row["same"]): str(row["entity"]).rpartition("/")[2] for row in rows}
    assert found
    assert {same: confirmed.get(same) for same in found} == found


def test_entities_have_chinese_names(article_graph: CoopGraph) -> None:
    """Every bundled entity has a name in English and both Chinese scripts, people's unknown Chinese names aside."""
    rows = article_graph.query(
        "SELECT ?entity ?kind (GROUP_CONCAT(LANG(?label); separator=' ') AS ?languages) "
        "{ ?kind rdfs:subClassOf* coop:Entity . ?entity a ?kind ; skos:prefLabel ?label } GROUP BY ?entity ?kind"
    )
    wanted = {"en", "zh-hans", "zh-hant"}
    without = {str(row["entity"]) for row in rows if not wanted <= set(str(row["languages"]).split())}
    assert {iri for iri in without if "/id/person/" not in iri} == set()
    assert len(rows) > 40


def test_entities_are_described_in_three_languages(article_graph: CoopGraph) -> None:
    """Every bundled entity is defined in English and in both Chinese scripts."""
    rows = article_graph.query(
        "SELECT ?entity (GROUP_CONCAT(DISTINCT LANG(?definition); separator=' ') AS ?languages) { ?kind "
        "rdfs:subClassOf* coop:Entity . ?entity a ?kind ; skos:definition ?definition } GROUP BY ?entity"
    )
    languages = {str(row["entity"]): sorted(str(row["languages"]).split()) for row in rows}
    assert {iri: each for iri, each in languages.items() if each != ["en", "zh-hans", "zh-hant"]} == {}
    assert len(languages) > 300


@pytest.mark.parametrize(("kind", "told"), [("Passage", "coop:gist"), ("Source", "dcterms:description")])
def test_evidence_is_told_in_three_languages(article_graph: CoopGraph, kind: str, told: str) -> None:
    """Each passage has its gist, and each source its description, once in each language."""
    rows = article_graph.query(
        f"SELECT ?it (GROUP_CONCAT(LANG(?text); separator=' ') AS ?languages) "
        f"{{ ?it a coop:{kind} OPTIONAL {{ ?it {told} ?text }} }} GROUP BY ?it"
    )
    wanted = ["en", "zh-hans", "zh-hant"]
    assert [str(row["it"]) for row in rows if sorted(str(row["languages"]).split()) != wanted] == []
    assert len(rows) > 30


def test_bundled_graph_breaks_no_rule(article_graph: CoopGraph) -> None:
    """The bundled graph has no violations and no warnings."""
    constraints = shapes.read(article_graph.workspace)
    files = article_graph.workspace.graph_files()
    assert [f for file in files for f in shapes.file(file.path, article_graph.workspace, constraints)] == []
    store, space = article_graph.store, article_graph.workspace
    assert isinstance(store, LocalStore)
    graphs = {file.graph for file in files}
    assert rules.run(store, store, rules.read(space), Places(space), graphs) == set()
