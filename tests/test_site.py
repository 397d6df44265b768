"""The pages of the site, as the renderer gives them: what they say, in which languages, as which data, and no more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT, write_small
from coopgraph.ask import sentences
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.claims.model import Claim, Quantity
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import LANGUAGES, STATUSES
from coopgraph.site import entity_page, files_of_the_whole, links, map_page, question_texts, site_map
from coopgraph.site.data import FORMS
from coopgraph.site.renderer import Site
from coopgraph.site.words import words

TEXTS = ROOT / "src" / "coopgraph" / "site" / "texts"
PAGES_OF_SMALL = ("id/place/eastport", "id/source/note")


@pytest.fixture(scope="module")
def site(tiny_graph: CoopGraph) -> Site:
    return Site(tiny_graph, every_record=True)


def text(site: Site, path: str) -> str:
    page = site.render(path)
    assert page, path
    return page.body.decode()


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html))


def test_every_path_is_rendered_alike_each_time(site: Site, tiny_graph: CoopGraph) -> None:
    """All paths are there, sorted, and another renderer of the same graph gives the same bytes."""
    paths = list(site.paths())
    assert paths == sorted(set(paths))
    other = Site(tiny_graph, every_record=True)
    for path in paths[::11]:
        assert site.render(path) == other.render(path), path


@pytest.mark.parametrize(
    "path", ["", "/", "index", "id/place/nowhere.html", "id/place/northport.2.html", "id/place/northport.1.html",
             "id/place/northport.pdf", "../index.html", "-/../style.css", "id/place/northport.zh-Hans.ttl",
             "id/claim/x.html", "id//.html", "index.html/", "id/place/northport.99999999999.html"],
)  # fmt: skip
def test_where_nothing_stands_there_is_nothing(site: Site, path: str) -> None:
    assert site.render(path) is None


def test_a_claim_is_told_with_status_time_speaker_and_the_passage_that_states_it(site: Site) -> None:
    said = plain(text(site, "id/place/northport.html"))
    assert "Northport cooperates with Coast Province Realised · since 2014 · Talent, Trade · 2 sources agree" in said
    assert "said by Ada Lin · at Trade Conference 2020" in said
    assert "Coast Gazette, special issue, paragraph 5" in said
    assert "Denied · Going global · disputed" in said


def test_a_claim_is_listed_by_what_the_page_is_to_it(site: Site) -> None:
    """The page of a status, a group and a field says which claims it lists, and asks for just these."""
    for path, heading, asked in (
        ("id/status/planned.html", "With this status", "coop:status"),
        ("id/relation/cooperation.html", "In this group of relations", "coop:relationGroup+relation:cooperation"),
        ("id/field/trade.html", "In this field", "coop:field"),
    ):
        page = text(site, path)
        assert heading in page, path
        assert asked in page, path
        assert "As the whole of a share" not in page, path


def test_sources_that_give_other_dates_do_not_agree(tiny_graph: CoopGraph) -> None:
    """Two claims on a link agree where one gives no date or both give the same; never where they give two."""
    claim = next(each for each in tiny_graph.claims() if each.status == "realised" and isinstance(each.object, str))
    dated = [replace(claim, valid_from=day, valid_from_precision="day") for day in (None, "2001-02-03", "2004-05-06")]
    none, early, late = dated
    assert [links._agree(none, early), links._agree(early, early), links._agree(early, late)] == [True, True, False]


def test_pages_speak_three_languages(site: Site) -> None:
    """Names and texts are the reader's; what is in another language says in which."""
    hans, hant = text(site, "id/place/northport.zh-Hans.html"), text(site, "id/place/northport.zh-Hant.html")
    assert '<html lang="zh-Hans">' in hans
    assert "<h1>北港</h1>" in hans
    assert "北港与海省合作" in plain(hans)
    assert "北港與海省合作" in plain(hant)
    assert "<span lang=en>Northport</span>" in hans
    assert 'hreflang="zh-Hant"' in hans


def test_what_a_thing_or_source_is_stands_in_the_language_of_the_page(tmp_path: Path) -> None:
    """Of definitions and descriptions the reader's is shown, and one in another language says in which it is."""
    root = write_small(tmp_path / "small")
    for name, old, new in (
        ("places", '"A port in the east."@en', '"A port in the east."@en, "东部的港口。"@zh-Hans'),
        (
            "note",
            'dcterms:title "A note"@en',
            'dcterms:description "Short."@en, "簡短。"@zh-Hant ; dcterms:title "N"@en',
        ),
    ):
        path = root / "graphs" / f"{name}.ttl"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with load(root) as graph:
        site = Site(graph)
        east, note = ({tag: text(site, f"{at}{tag}.html") for tag in ("", ".zh-Hant")} for at in PAGES_OF_SMALL)
    lead = '<p class="lead">'
    assert f"{lead}A port in the east.</p>" in east[""]
    assert f"{lead}<span lang=zh-Hans>东部的港口。</span></p>" in east[".zh-Hant"]
    assert f"{lead}Short.</p>" in note[""]
    assert f"{lead}簡短。</p>" in note[".zh-Hant"]
    assert "<span lang=en>A note, 2020 (invented for the tests).</span>" in note[".zh-Hant"]


def test_questions_speak_three_languages(site: Site) -> None:
    """Each bundled question has its title, description, parameters and values in all languages of the site."""
    for language in ("zh-Hans", "zh-Hant"):
        for path in (ROOT / "queries").glob("*.rq"):
            question = site.content.questions[path.stem]
            said = [question_texts.title(question, language), question_texts.description(question, language)]
            for parameter in question.parameters:
                said += [question_texts.explained(parameter, language), question_texts.label(parameter.name, language)]
                values = () if parameter.kind == "status" else parameter.values
                said += [question_texts.label(value, language) for value in values]
            assert [name for name in said if name.lang] == [], (question.name, language)
    assert "关于一个实体的全部陈述" in text(site, "questions/index.zh-Hans.html")
    assert "<h1>關於一個實體的全部陳述</h1>" in text(site, "questions/claims-about.zh-Hant.html")


def test_a_question_says_in_a_sentence_what_it_answers(site: Site) -> None:
    """The page of a question opens with the first sentence of its description; the rest is there to be opened."""
    lead = "Planned and potential claims, each with what later documents tell of it."
    page = text(site, "questions/fates.html")
    assert f'<p class="lead">{lead}</p>' in page
    opened = page.partition("How the answer is found</summary><p>")[2].partition("</p>")[0]
    assert " ".join(plain(f"{lead} {opened}").split()) == plain(site.content.questions["fates"].description).replace(
        '"', "&#34;"
    )
    assert "How the answer is found" not in text(site, "questions/agreements.html")


def test_a_question_without_translation_says_that_it_is_english(tmp_path: Path) -> None:
    """A question that a workspace brings is in English on all pages, and is marked as that where they are not."""
    root = write_small(tmp_path / "small")
    (root / "queries").mkdir(exist_ok=True)
    header = "#+ summary: All I want\n#+ description: And more.\n#+ parameters:\n#+   mine: text - what I want\n"
    (root / "queries" / "claims-about.rq").write_text(f"{header}SELECT ?claim {{ ?claim coop:status ?mine }}\n")
    with load(root) as graph:
        site = Site(graph)
        page = text(site, "questions/claims-about.zh-Hans.html")
        assert "<h1><span lang=en>All I want</span></h1>" in page
        assert "<span lang=en>And more.</span>" in page
        assert "<b><span lang=en>mine</span></b>" in page
        assert "<span lang=en>what I want</span>" in page
        assert "<h1>All I want</h1>" in text(site, "questions/claims-about.html")


def test_a_value_of_a_list_is_chosen(site: Site) -> None:
    """The form of a question offers the values that its header lists, and those alone."""
    page = text(site, "questions/fates.html")
    for name, values in (("outcome", FATES), ("status", ["planned", "potential"])):
        options = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
        assert options
        assert re.findall(r'<option value="([^"]+)"', options[0]) == values


FATES = ["realised", "fell short", "denied", "contradicted", "open"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_there_in_every_language(language: str) -> None:
    """Each language has the texts of English, with the same values in them."""
    english = json.loads((TEXTS / "en.json").read_text("utf-8"))
    texts = json.loads((TEXTS / f"{language}.json").read_text("utf-8"))
    assert english.keys() - texts.keys() == {key for key in english.keys() - texts.keys() if key.endswith("1")}
    for key, each in texts.items():
        if isinstance(each, str) and key in english:
            assert set(re.findall(r"\{\w+\}", each)) == set(re.findall(r"\{\w+\}", english[key])), key


DAYS = st.dates().map(str) | st.none()
PRECISIONS = st.sampled_from(["day", "month", "year", "decade", "century"])


NEAR = st.sampled_from([None, "about", "over", "under", "among"])


@given(st.sampled_from(STATUSES), DAYS, PRECISIONS, DAYS, PRECISIONS, DAYS, NEAR)
def test_times_and_figures_in_english_are_those_of_the_command_line(
    status: str, first: str | None, one: str, last: str | None, other: str, due: str | None, near: str | None
) -> None:
    dates = (first, one if first else None, last, other if last else None)
    claim = Claim("x:c", "x:a", "x:p", "x:b", status, "role", *dates, as_of=due, due_by=due, due_by_precision=one)
    figure = Quantity(
        "1200.50", "xsd:string", "http://qudt.org/vocab/unit/PERSON", *dates[2:],
        approximation=near, period_from=first, period_to=due,
    )  # fmt: skip
    observation = Claim("x:c", "x:a", "x:p", figure, status, "quantity")
    assert words("en").times(claim) == sentences.times(claim)
    assert words("en").figure(figure) == sentences.quantity(figure)
    assert words("en").times(observation) == sentences.times(observation)
    for language in LANGUAGES:
        assert bool(words(language).times(claim)) == bool(sentences.times(claim))
        assert bool(words(language).times(observation)) == bool(sentences.times(observation))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_each_page_is_data_in_all_forms(site: Site, tiny_graph: CoopGraph) -> None:
    """The RDF forms hold the same triples, those of the thing and its claims, as rdflib reads them."""
    kinds = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
    for stem in (
        "id/place/northport",
        "id/source/gazette-2020",
        "id/field/trade",
        "ontology/trades_with",
        "ontology/index",
    ):
        graphs = []
        for ending, form in kinds.items():
            page = site.render(f"{stem}.{ending}")
            assert page
            graphs.append(rdflib.Graph().parse(data=page.body, format=form))
        assert all(set(graph) == set(graphs[0]) for graph in graphs[1:]), stem
        assert len(graphs[0]) > 3
    subject = rdflib.URIRef("https://example.org/id/place/northport")
    data = rdflib.Graph().parse(data=text(site, "id/place/northport.ttl"), format="turtle")
    about = [claim for claim in tiny_graph.claims() if str(subject) == claim.subject]
    assert set(map(str, data.subjects(rdflib.RDF.subject, subject))) == {claim.iri for claim in about}
    told = json.loads(text(site, "id/place/northport.json"))
    assert {each["iri"] for each in told["claims"]} >= {claim.iri for claim in about}


def test_pages_say_where_their_data_are(site: Site) -> None:
    """Signposting: what the page is about, its data, its licence, and the other languages."""
    page = site.render("id/place/northport.html")
    assert page
    headers = [link.header() for link in page.links]
    assert '<https://example.org/id/place/northport>; rel="cite-as"' in headers
    assert '<../place/northport.ttl>; rel="describedby"; type="text/turtle"' in headers
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in headers
    assert [link.rel for link in page.links].count("describedby") == len(FORMS)
    assert '<../place/northport.html>; rel="canonical"' in headers
    others = {link.hreflang: link.href for link in page.links if link.rel == "alternate"}
    here = "../place/northport"
    named = {"en": f"{here}.html", **{tag: f"{here}.{tag}.html" for tag in ("zh-Hans", "zh-Hant")}}
    assert others == {**named, "x-default": named["en"]}


def test_the_site_map_lists_every_page_with_its_languages_however_many_there_are(
    tiny_graph: CoopGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pages in a few files that an index lists are the same as in one; each names itself in all languages."""
    whole = _listed(Site(tiny_graph), "sitemap.xml")
    monkeypatch.setattr(site_map, "_MOST", 30)
    site = Site(tiny_graph)
    parts = [path for path in site.paths() if path.startswith("sitemap-")]
    assert _listed(site, "sitemap.xml") == {f"https://example.org/{path}": {} for path in parts}
    assert len(parts) > 3
    together = [each for path in parts for each in _listed(site, path).items()]
    assert dict(together) == whole
    assert len(together) == len(whole)
    for place, others in whole.items():
        assert place in others.values()
        assert set(others) == {*LANGUAGES, "x-default"}


def _listed(site: Site, path: str) -> dict[str, dict[str, str]]:
    """Return the addresses that a site map lists -> language -> the address of that page in it."""
    here, there = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}"
    return {
        each.findtext(f"{here}loc") or "": {x.get("hreflang", ""): x.get("href", "") for x in each.iter(f"{there}link")}
        for each in ET.fromstring(text(site, path))
    }


def test_a_claim_has_a_page_with_assertion_provenance_and_publication(site: Site) -> None:
    said = plain(text(site, "id/claim/almanac-1998-003.html"))
    assert "South Bay is a port of Westland" in said
    for part in ("What is asserted", "Who says so, and where", "Where this is published", "SHA-256"):
        assert part in said


def test_long_lists_of_claims_go_over_pages_without_loss(tmp_path: Path) -> None:
    """A thing with more than a hundred claims has pages that together tell each of them once."""
    root = write_small(tmp_path / "many")
    note = root / "graphs" / "note.ttl"
    block = note.read_text().split("claim:note-2 ")[1].split(" .\n", 1)[0]
    more = "".join(f"\nclaim:more-{number:03} {block} .\n" for number in range(240))
    note.write_text(note.read_text() + more)
    with load(root) as graph:
        site = Site(graph)
        pages = [p for p in site.paths() if re.fullmatch(r"id/place/eastport(\.\d)?\.html", p)]
        assert len(pages) == 3
        anchors = [a for p in site.paths() if re.fullmatch(r"id/source/note(\.\d)?\.html", p)
                   for a in re.findall(r"<li id=(c-[^>]*)>", text(site, p))]  # fmt: skip
        assert len(anchors) == len(set(anchors)) == 242
        assert sum(text(site, page).count("<li><p>") for page in pages) == 242


def strange(root: Path) -> Path:
    """Return a workspace whose names try to be markup, code, paths and devices."""
    names = ["con", "NUL", "Eastport", "国" * 90, "a_b", "a-b", "index", "x" * 190]
    entry = (
        'place:{0} a coop:City ; dcterms:source "x"@en ; skos:definition "<i>d</i>"@en ; skos:prefLabel "{1}"@en .\n'
    )
    places = (root / "graphs" / "places.ttl").read_text()
    labels = [
        "<script>alert(1)</script>",
        "]]>",
        "{{ 7*7 }}",
        "' onmouseover='x",
        "javascript:x",
        "\\u202Eevil",
        "&amp;",
        "N",
    ]
    text = "".join(entry.format(name, label) for name, label in zip(names, labels, strict=True))
    (root / "graphs" / "places.ttl").write_text(places + text)
    return root


def test_names_that_try_to_be_markup_or_paths_are_names(tmp_path: Path) -> None:
    with load(strange(write_small(tmp_path / "strange"))) as graph:
        site = Site(graph)
        paths = list(site.paths())
        assert len({path.casefold() for path in paths}) == len(paths)
        assert max(len(part.encode()) for path in paths for part in path.split("/")) <= 200
        for path in paths:
            if path.startswith(("id/", "index", "entities")) and path.endswith("html"):
                page = text(site, path)
                assert "<script>alert" not in page, path
                assert "<i>d</i>" not in page, path
                assert "49" not in plain(page.split("<h1>")[-1][:40])
        ET.fromstring(text(site, "feed.atom"))


class Turned(HTMLParser):
    """The texts of a page that may turn round what stands beside them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        alone = {"bdi", "title", "text", "option", "pre", "code", "script"}
        if re.search("[\u0590-\u08ff\u202a-\u202e]", data) and not alone & set(self._within):
            self.texts.append(data)


def test_names_from_right_to_left_turn_nothing_round(tmp_path: Path) -> None:
    """Arabic names, and those with marks of direction that nothing ends, stand apart from the words beside them."""
    root = write_small(tmp_path / "bidi")
    for path in (root / "graphs").glob("*.ttl"):
        names = (
            ("Eastport", "جامعة (2)"),
            ("A note", "note \u202eopen"),
            ("A port in the", "ميناء"),
            ("Sentence", "نص"),
        )
        content = path.read_text("utf-8")
        for old, new in names:
            content = content.replace(f'"{old}', f'"{new}')
        path.write_text(content, "utf-8")
    settings = root / "coopgraph.toml"
    settings.write_text(f'{settings.read_text("utf-8")}description = "\u202eopen"\n'.replace("Small", "عمل"), "utf-8")
    with load(root) as graph:
        site = Site(graph, languages=("en",), forms=("ttl",), every_record=True)
        pages = [path for path in site.paths() if path.endswith(".html") and not path.startswith("-/")]
        assert {path: turned for path in pages if (turned := Turned(text(site, path)).texts)} == {}
        assert "<bdi>جامعة (2)</bdi>" in text(site, "id/place/eastport.html")


def test_properties_are_told_in_the_readers_words(tmp_path: Path) -> None:
    """What a thing is, by the site's words or by the graph's own labels; yes and no, and dates, too."""
    root = write_small(tmp_path / "told")
    places = root / "graphs" / "places.ttl"
    more = (
        "place:eastport <https://schema.org/sameAs> <https://example.com/east> ; coop:happensOnce false ; "
        '<https://schema.org/startDate> "2014-05-01"^^xsd:date .\n'
    )
    places.write_text(places.read_text("utf-8") + more, "utf-8")
    with load(root) as graph:
        page = plain(text(Site(graph), "id/place/eastport.zh-Hans.html"))
    assert "只发生一次否" in page
    assert "开始2014年5月1日" in page
    assert page.count("example.com/east") == 1


def test_what_a_form_cannot_hold_is_told(tmp_path: Path) -> None:
    """RDF/XML has no control characters: the other forms of the page do."""
    root = write_small(tmp_path / "bell")
    places = root / "graphs" / "places.ttl"
    places.write_text(places.read_text("utf-8").replace("A port in the east", "A \\u0007 port"), "utf-8")
    with load(root) as graph:
        site = Site(graph)
        with pytest.raises(UsageError, match=r"U\+0007 .+; take it out of the graph, or have other forms"):
            site.render("id/place/eastport.rdf")
        assert site.render("id/place/eastport.ttl")


def test_counterparts_elsewhere_are_links_where_they_lead_to_the_web(tmp_path: Path) -> None:
    """What a thing is the same as is told; nothing but an address of the web is a link."""
    root = write_small(tmp_path / "matched")
    places = root / "graphs" / "places.ttl"
    more = "place:eastport skos:exactMatch <javascript://x%0aalert(1)>, <https://example.com/east> .\n"
    places.write_text(places.read_text("utf-8") + more, "utf-8")
    with load(root) as graph:
        page = text(Site(graph), "id/place/eastport.html")
    assert "<a href=https://example.com/east>https://example.com/east</a>" in page
    assert "javascript://x%0aalert(1)" in page
    assert not re.search(r"href=.?javascript", page)


def test_a_network_that_is_drawn_in_part_says_so(tiny_graph: CoopGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """What all is drawn of says nothing; where pairs are left out, that is told in the reader's language."""
    assert "条联系" not in text(Site(tiny_graph), "network.zh-Hans.html")
    number = sum(map(tiny_graph.extract().is_link, tiny_graph.extract().claims))
    monkeypatch.setattr(files_of_the_whole, "_WHOLE", number - 1)
    monkeypatch.setattr(files_of_the_whole, "_DRAWN", 10)
    site = Site(tiny_graph)
    assert f"共有 {number} 条联系" in text(site, "network.zh-Hans.html")
    assert f",{number}]" in text(site, "-/network.html").replace(" ", "")


def test_nothing_is_left_out_in_silence(tiny_graph: CoopGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a map has no more lines and a page no more outcomes, it says how many there would be."""
    assert "left out" not in text(Site(tiny_graph), "map.html").split('<p class="note">')[1].split("</p>")[0]
    monkeypatch.setattr(map_page, "_LINKS", 0)
    monkeypatch.setattr(entity_page, "_TURNS", -100)
    site = Site(tiny_graph)
    assert re.search(r"Lines? of \d+ more pairs?|The line of 1 more pair", text(site, "map.html"))
    assert re.search(r'<p class="note">and \d+ more</p>', text(site, "id/place/northport.html"))


def test_machines_find_what_they_look_for(site: Site) -> None:
    """Feed, site map, description of the data and rules for hosts are well formed, and name what is there."""
    paths = set(site.paths())
    entries = ET.fromstring(text(site, "feed.atom")).findall("{http://www.w3.org/2005/Atom}entry")
    assert entries
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = [each.text or "" for each in ET.fromstring(text(site, "sitemap.xml")).iter(f"{namespace}loc")]
    pages = {path for path in paths if path.endswith(".html")} - {"404.html", "-/network.html"}
    assert {place.removeprefix("https://example.org/") for place in places} == pages
    void = rdflib.Graph().parse(data=text(site, "void.ttl"), format="turtle")
    dumps = {str(each).removeprefix("https://example.org/") for each in void.objects(None, rdflib.VOID.dataDump)}
    assert dumps <= paths
    assert dumps
    lost = text(site, "404.html")
    assert {link.removeprefix("/") for link in re.findall('<a href="([^"]+)"', lost)} <= paths
    assert ["没有内容" in lost, "沒有內容" in lost, "There is nothing" in lost] == [True, True, True]
    assert "Sitemap: https://example.org/sitemap.xml" in text(site, "robots.txt")
    schema = re.search(r'<script type="application/ld\+json">(.*?)</script>', text(site, "index.html"))
    assert schema
    assert json.loads(schema[1])["@type"] == "Dataset"


def test_a_site_of_nothing_is_a_site(tmp_path: Path) -> None:
    """A workspace without claims has all the pages that need none."""
    root = write_small(tmp_path / "empty")
    (root / "graphs" / "note.ttl").unlink()
    with load(root) as graph:
        site = Site(graph, languages=("en",), forms=("ttl", "json"))
        assert all(site.render(path) for path in site.paths())
        assert "No source says anything" in text(site, "id/place/eastport.html")


@pytest.fixture(scope="module")
def weights(site: Site) -> dict[str, int]:
    import gzip

    named = {path: site.render(path) for path in ("id/place/northport.html", "map.html", "sparql.html")}
    return {path: len(gzip.compress(page.body)) for path, page in named.items() if page}


def test_pages_are_light(site: Site, weights: dict[str, int]) -> None:
    """Packed, an entity weighs 20 kB with its style, the page for SPARQL with its editor 150, and the map 80."""
    import gzip

    scripts = ("answer.js", "sparql.js", "editor.js", "search.js", "question.js", "frame.js", "worker.js",
               "packed.js", "map.js")  # fmt: skip
    pages = {name: site.render(f"-/{name}") for name in ("style.css", *scripts)}
    packed = {name: len(gzip.compress(page.body)) for name, page in pages.items() if page}
    assert weights["id/place/northport.html"] + packed["style.css"] < 20_000
    assert weights["map.html"] + packed["style.css"] + packed["map.js"] < 80_000
    assert (
        weights["sparql.html"] + sum(packed[n] for n in ("style.css", "answer.js", "sparql.js", "editor.js")) < 150_000
    )
    shared = sum(packed[name] for name in ("answer.js", "packed.js", "worker.js"))
    assert max(packed[name] for name in ("question.js", "search.js", "sparql.js")) + shared < 10_000


def test_columns_of_questions_have_names_in_chinese(tiny_graph: CoopGraph) -> None:
    """Every column that a bundled question gives is called something in both Chinese scripts."""
    for language in ("zh-Hans", "zh-Hant"):
        translated = question_texts.translations(language)["questions"]
        for question in tiny_graph.questions():
            if question.summary not in translated or question.name == "describe":
                continue
            given = [variable.value for variable in tiny_graph.store.select(question.sparql).variables]
            shown = [name for name in given if not (name.endswith("Label") and name[:-5] in given)]
            called = {name: question_texts.column(name, language).text for name in shown}
            assert not [name for name, text in called.items() if text == name], question.name
        assert question_texts.column("measureLabel", language).text != "measureLabel"  # whose thing is called otherwise
