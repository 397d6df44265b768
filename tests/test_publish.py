"""Publishing: the site as files, by the real command line, anew where something changed, and in a real browser."""

from __future__ import annotations

import errno
import gzip
import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from posixpath import join, normpath
from random import Random
from urllib.parse import unquote, urlencode, urlsplit

import pyoxigraph as ox
import pytest

from browser import Browser, Locator, Route, Visit, expect, launched
from conftest import Run, write_tiny
from coopgraph.ask.graph import CoopGraph, load
from coopgraph.errors import CoopgraphError
from coopgraph.export.export import text as text_of
from coopgraph.site import parallel
from coopgraph.site.publication_folder import written_aside
from coopgraph.site.publish import publish
from coopgraph.site.renderer import Site


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def published(tiny_graph: CoopGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny workspace as a site of files, with a page for each claim and passage."""
    folder = tmp_path_factory.mktemp("published") / "site"
    publish(Site(tiny_graph, every_record=True), folder)
    return folder


class Links(HTMLParser):
    """What a page links to, and the places in it that can be linked to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given[name] or "" for name in ("href", "src", "action") if name in given]
        assert "style" not in given, (tag, given)
        assert not any(name.startswith("on") for name in given), (tag, given)


def test_every_link_leads_somewhere(published: Path) -> None:
    """Each link of each page leads to a file that is there and a place in it, or to another host; ids are unique."""
    pages = {str(path.relative_to(published)): Links(path.read_text("utf-8")) for path in published.rglob("*.html")}
    assert len(pages) > 500
    skipped = {"404.html", "-/network.html"}
    broken = []
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links if path not in skipped else ():
            if re.match(r"https?://|data:|sparql$", link):  # where the form without script is sent, a server answers
                continue
            assert not link.startswith("/"), (path, link)
            goal, _, fragment = link.partition("#")
            goal = unquote(goal.partition("?")[0])
            target = normpath(join(path, "..", goal)) if goal else path
            is_place = fragment and target not in skipped and "=" not in fragment
            if not (published / target).is_file() or (is_place and unquote(fragment) not in pages[target].ids):
                broken.append((path, link))
    assert not broken[:5]


def test_files_are_what_the_renderer_gives(published: Path, tiny_graph: CoopGraph) -> None:
    site = Site(tiny_graph, every_record=True)
    files = contents(published)
    assert sorted(files.keys() - {"-/published.json"}) == sorted(site.paths())
    for path in sorted(files)[::9]:
        page = site.render(path)
        assert page is None or page.body == files[path], path


PART: dict[str, tuple[str, ...]] = {"languages": ("en",), "forms": ("ttl",)}
LEAST: dict[str, tuple[str, ...]] = {"languages": ("en",), "forms": ()}
FEW = ("--language", "en", "--form", "ttl")


def test_a_second_publication_writes_what_has_changed(run: Run, small_built: Path, tmp_path: Path) -> None:
    """Pages of what a changed file tells are new, all others are left; the result is that of a first publication."""
    out, part = tmp_path / "out", PART | {"languages": ("en", "zh-Hans")}
    with load(small_built) as graph:
        assert publish(Site(graph, **part), out).kept == 0
        again = Site(graph, **part)
        assert publish(again, out).written == 0
        assert "extract" not in vars(again.content)  # nothing of the graph need be read to know that
        (out / "index.html").write_text("mine")
        (out / "own.txt").write_text("mine")
        assert publish(Site(graph, **part), out).written == 1
    note = small_built / "graphs" / "note.ttl"
    note.write_text(note.read_text().replace("status:potential", "status:planned"))
    with load(small_built) as graph:
        done = publish(Site(graph, **part), out)
        assert 0 < done.written < 100 < done.kept
        publish(Site(graph, **part), tmp_path / "fresh")
    ours, fresh = contents(out), contents(tmp_path / "fresh")
    assert ours.pop("own.txt") == b"mine"
    assert {name for name in ours | fresh if ours.get(name) != fresh.get(name)} == set()
    fewer = run("publish", out, "-w", small_built, *FEW)
    assert fewer.code == 0
    assert "taken away" in fewer.err
    assert not (out / "index.zh-Hans.html").exists()
    assert (out / "own.txt").exists()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", [PART, {}], ids=["part", "whole"])
def test_several_processes_write_what_one_does(
    small_graph: CoopGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: dict[str, tuple[str, ...]]
) -> None:
    """Pages that other processes write are the same to the byte, and what goes wrong there leaves nothing behind."""
    publish(Site(small_graph, **part), tmp_path / "one")
    monkeypatch.setattr(parallel, "_WORTH", 1)
    monkeypatch.setattr(parallel.workers, "cores", lambda: 3)
    publish(Site(small_graph, **part), tmp_path / "three")
    assert contents(tmp_path / "three") == contents(tmp_path / "one")
    monkeypatch.setattr(parallel, "_batch_written", divmod)
    with pytest.raises(TypeError):
        publish(Site(small_graph, **part), tmp_path / "none")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "three"]


def test_what_fails_on_the_way_leaves_the_former_site(small_graph: CoopGraph, tmp_path: Path) -> None:
    """Nothing is put in place before all is rendered, and nothing is left beside."""
    out = tmp_path / "out"
    publish(Site(small_graph, languages=("en",), forms=()), out)
    before = contents(out)

    def stop(number: int, total: int, path: str) -> None:
        if number > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(Site(small_graph, **PART), out, again=True, progress=stop)
    assert contents(tmp_path) == {f"out/{name}": body for name, body in before.items()}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", ["file", "full", "faked", "missing", "link"])
def test_a_folder_that_is_not_ours_is_not_touched(run: Run, small_space: Path, tmp_path: Path, what: str) -> None:
    target = tmp_path / "target"
    if what == "file":
        target.write_text("mine")
    elif what == "missing":
        target = tmp_path / "no" / "target"
    elif what == "link":
        target.symlink_to(tmp_path / "nowhere")
    else:
        target.mkdir()
        (target / "mine.txt").write_text("mine")
        if what == "faked":
            (target / "-").mkdir()
            (target / "-" / "published.json").write_text('{"by": "somebody"}')
    before = contents(tmp_path)
    outcome = run("publish", target, "-w", small_space)
    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 1
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "options",
    [("--address", "example.org"), ("--address", "https://x.org/?q=1"), ("--language", "de"), ("--form", "pdf"),
     ("--language", "zh-Hans"), ("--pages", "some")],
)  # fmt: skip
def test_wrong_options_are_told_in_one_line(
    run: Run, small_space: Path, tmp_path: Path, options: tuple[str, str]
) -> None:
    outcome = run("publish", "out", "-w", small_space, *options)
    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_an_address_stands_only_where_it_must(run: Run, small_space: Path, tmp_path: Path) -> None:
    """Below a path all links are relative; the site map, the feed, the description and the rules have the address."""
    assert run("publish", "out", "-w", small_space, "--address", "https://me.org/a/b", *FEW).code == 0
    files = contents(tmp_path / "out")
    assert b"https://me.org/a/b/index.html" in files["sitemap.xml"]
    assert b"/a/b/id/place/:name /a/b/id/place/:name.html 303" in files["_redirects"]
    named = {path for path, body in files.items() if b"https://me.org/a/b" in body}
    assert all(not path.startswith("id/") for path in named)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    """A plain host of files, which negotiates nothing and sends no headers of ours, below a path."""
    yield from _hosted(published)


def _hosted(folder: Path) -> Iterator[str]:
    handler = partial(Quiet, directory=str(folder.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from launched()


PAGES = [
    "index.html", "id/place/northport.zh-Hans.html", "id/source/gazette-2020.html", "id/claim/almanac-1998-003.html",
    "id/passage/almanac-1998-p02-1.html", "id/field/trade.html", "ontology/index.zh-Hant.html", "ontology/_city.html",
    "ontology/trades_with.html", "questions/index.html", "questions/partners.html", "search.html", "sparql.html",
    "timeline.html", "map.html", "network.html", "download/index.html", "entities.html", "id/place/index.html",
    "sources/index.html",
]  # fmt: skip


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("scheme", "path"), [("light", path) for path in PAGES] + [("dark", path) for path in PAGES[::3]]
)
def test_pages_are_accessible_narrow_and_keep_to_themselves(
    browser: Browser, address: str, scheme: str, path: str
) -> None:
    """Each kind of page: nothing for axe to find, no sideways scrolling at 320 px, no request to another host."""
    from axe_playwright_python.sync_playwright import Axe

    visit = Visit(browser, viewport={"width": 320, "height": 640}, color_scheme=scheme, bypass_csp=True)
    visit.page.goto(address + path)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 320
    options = {"iframes": False, "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}
    found = Axe().run(visit.page, options=options).response["violations"]
    assert not found, [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]
    assert all(url.startswith((address, "data:", "blob:")) for url in visit.requests)
    visit.leave()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("path", PAGES)
def test_pages_obey_their_own_policy(browser: Browser, address: str, path: str) -> None:
    """With the policy in force nothing is refused."""
    visit = Visit(browser)
    visit.page.goto(address + path)
    visit.page.wait_for_timeout(100)
    assert visit.complaints == []
    visit.leave()


def test_pages_read_without_script(browser: Browser, address: str) -> None:
    """Without script all that is told is there."""
    bare = Visit(browser, java_script_enabled=False)
    bare.page.goto(f"{address}id/place/northport.html")
    expect(bare.page.get_by_role("heading", name="Northport", exact=True)).to_be_visible()
    expect(bare.page.get_by_text("They cooperate in finance.").first).to_be_visible()
    bare.leave()


def test_places_that_cover_each_other_are_one_until_they_lie_apart(browser: Browser, address: str) -> None:
    """Seen from far a place stands for those that it would cover; nearer, each has its own sign, and none is lost."""
    visit = Visit(browser)
    visit.page.goto(f"{address}map.html")
    places = visit.page.locator("svg.map a")
    number, far = places.count(), places.locator("visible=true").count()
    labels = visit.page.locator("svg.map text:visible").all_text_contents()
    assert far + sum(int(label.partition(" +")[2] or 0) for label in labels) <= number
    nearer, back = visit.page.get_by_role("button", name="Nearer"), visit.page.get_by_role("button", name="All of it")
    expect(back).to_be_disabled()
    while nearer.is_enabled():
        nearer.click()
    assert places.locator("visible=true").count() >= far
    back.click()
    assert places.locator("visible=true").count() == far
    assert visit.complaints == []
    visit.leave()


COVERED = """() => {
  const shown = [...document.querySelectorAll("svg.map a")].filter((link) => !link.hasAttribute("hidden"));
  const boxes = (name) => shown.flatMap((link) => {
    const it = link.querySelector(name);
    return it && !it.hasAttribute("hidden") ? [[link.textContent, it.getBoundingClientRect()]] : [];
  });
  const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
  const labels = boxes("text"), others = [...labels, ...boxes("circle")];
  const covered = ([name, box]) => others.filter(([other, at]) => other !== name && cross(box, at));
  return labels.flatMap((label) => covered(label).map(([other]) => [label[0], other]));
}"""
"""The labels of a map that stand on another sign or label; above and below letters there is air in their boxes."""


@pytest.mark.sampled(2)
@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("ending", ["", ".zh-Hans"])
def test_labels_of_the_map_cover_nothing(browser: Browser, article_graph: CoopGraph, ending: str, script: bool) -> None:
    """Seen from far and nearer, with script and without, each label stands beside its sign where nothing else does."""
    site = Site(article_graph)

    def answer(route: Route) -> None:
        page = site.render(urlsplit(route.request.url).path[1:])
        route.fulfill(
            status=200 if page else 404, body=page.body if page else "", content_type=page and page.media_type
        )

    visit = Visit(browser)
    visit.page.route("http://site.test/**", answer)
    if not script:
        visit.page.route("**/-/map.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    visit.page.goto(f"http://site.test/map{ending}.html")
    assert visit.page.locator("svg.map text:visible").count() > 15
    assert visit.page.evaluate(COVERED) == []
    for _ in range(3 if script else 0):
        visit.page.locator("#zoom button").first.click()
        assert visit.page.evaluate(COVERED) == []
    visit.leave()


def test_the_map_is_gone_over_with_the_keyboard(browser: Browser, address: str) -> None:
    """With the map in focus, signs go nearer and farther and arrows go over it; a place come to by tab is in sight."""
    visit = Visit(browser)
    visit.page.goto(f"{address}map.html")
    page, frame = visit.page, visit.page.locator("svg.map").locator("..")
    expect(page.locator("#map-keys")).to_be_visible()

    def seen() -> list[float]:
        return [float(each) for each in str(page.locator("svg.map").get_attribute("viewBox")).split()]

    whole = seen()
    frame.focus()
    page.keyboard.press("ArrowRight")
    assert seen() == whole
    page.keyboard.press("+")
    page.keyboard.press("+")
    near = seen()
    assert near[2] == pytest.approx(whole[2] / 4)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert seen()[0] > near[0]
    assert seen()[1] < near[1]
    for _ in range(page.locator("svg.map a:visible").count()):
        page.keyboard.press("Tab")
        x, y, wide, high = seen()
        circle = page.locator("svg.map a:focus circle")
        at, down = (float(str(circle.get_attribute(name))) for name in ("cx", "cy"))
        assert x <= at <= x + wide
        assert y <= down <= y + high
    page.keyboard.press("-")
    assert seen()[2] > near[2]
    page.keyboard.press("0")
    assert seen() == whole
    assert visit.complaints == []
    visit.leave()


@pytest.mark.parametrize(
    ("language", "heading", "name", "relation", "meaning"),
    [
        ("zh-Hans", "实体", "海岸峰会", "在…举行", "向某个行动者投入资本。"),
        ("zh-Hant", "實體", "海岸峰會", "在…舉行", "向某個行動者投入資本。"),
    ],
)
def test_answers_are_in_the_language_of_the_page(
    browser: Browser, address: str, language: str, heading: str, name: str, relation: str, meaning: str
) -> None:
    """Columns of bundled questions, things, passages and definitions are told in Chinese on pages in Chinese."""
    visit = Visit(browser)
    visit.page.goto(f"{address}questions/claims-about.{language}.html?entity=Coast Summit 2020")
    expect(visit.page.locator("#answer th").first).to_have_text(heading)
    expect(visit.page.locator("#answer th").first).to_have_attribute("title", "?entity")
    assert visit.page.locator("th[title='?source']").count() == 1
    assert visit.page.locator("th[title='?sourceTitle']").count() == 0
    assert {name, relation} <= {*visit.page.locator("#answer td a").all_text_contents()}
    for page in ("questions/claims-about.{}.html?entity=South Bay", "search.{}.html?q=place of heavy"):
        visit.page.goto(address + page.format(language))
        expect(visit.page.locator("#answer").get_by_text("南湾成为重工业之地。").first).to_be_visible(timeout=20_000)
        assert "South Bay became" not in visit.page.locator("#answer").inner_text()
    visit.page.goto(f"{address}questions/parts.{language}.html?region=Northern Region")
    expect(visit.page.locator("#answer th").first).to_be_visible()
    cells = {*visit.page.locator("#answer td").all_text_contents()}
    assert (cells & {"省", "城市"}, cells & {"Province", "City", "stated", "inferred"}) == ({"省", "城市"}, set())
    visit.page.goto(f"{address}questions/relations.{language}.html")
    visit.page.locator("#ask button.solid").click()
    expect(visit.page.locator("#answer").get_by_text(meaning)).to_be_visible(timeout=20_000)
    assert "Puts capital into." not in visit.page.locator("#answer").inner_text()
    visit.leave()


def test_names_of_one_character_are_found(browser: Browser, address: str) -> None:
    visit = Visit(browser)
    for typed, name in (
        ("港", "Northport"),
        ("NORTHP", "Northport"),
        ("province is coastal", "The province is coastal."),
    ):
        visit.page.goto(f"{address}search.html?q={typed}")
        expect(visit.page.locator("#answer").get_by_role("link", name=name).first).to_be_visible()
    visit.page.goto(f"{address}search.html?q=e")
    expect(visit.page.locator("#answer .note").first).to_have_text("The first 50 are shown.")
    visit.page.goto(f"{address}search.html?q=zzzz")
    expect(visit.page.locator("#answer")).to_contain_text("Nothing was found.")
    assert visit.complaints == []
    visit.leave()


def test_queries_run_in_the_browser(browser: Browser, address: str, tiny_graph: CoopGraph) -> None:
    """The editor's query and a question's form give the rows that the command line gives; what is wrong is told."""
    visit = Visit(browser)
    query = "SELECT ?city { ?city a coop:City } ORDER BY ?city"
    visit.page.goto(f"{address}sparql.html?query={query}")
    answer = visit.page.locator("#answer")
    expect(answer.get_by_role("link", name="South Bay")).to_be_visible(timeout=20_000)
    expect(visit.page.locator(".cm-content")).to_contain_text("coop:City")
    visit.page.goto(f"{address}sparql.html?query=SELECT ?x {{")
    expect(answer.get_by_role("alert")).to_be_visible(timeout=20_000)
    visit.page.goto(f"{address}questions/partners.html?place=Northport")
    number = len(tiny_graph.ask("partners", place="Northport"))
    expect(answer).to_contain_text(f"{number} rows", timeout=20_000)
    visit.page.goto(f"{address}questions/partners.html?place=Nowhere")
    expect(answer.get_by_role("alert")).to_contain_text("Nowhere")
    assert visit.complaints == []
    visit.leave()


def _answer(visit: Visit, address: str, query: str, language: str = "") -> Locator:
    """Return what stands below the editor when a query has been answered."""
    visit.page.goto(f"{address}sparql{language}.html?{urlencode({'query': query})}")
    section = visit.page.locator("#answer")
    expect(section.locator(".tally, [role=alert], pre").first).to_be_visible(timeout=20_000)
    return section


def test_every_kind_of_value_is_shown_as_text(browser: Browser, address: str) -> None:
    """A triple as a value and a blank node are written as SPARQL has them, in the table and in what is saved."""
    visit = Visit(browser)
    section = _answer(visit, address, "SELECT (<<( place:northport coop:partOf 'x' )>> AS ?t) (BNODE() AS ?b) { }")
    expect(section.locator(".tally")).to_have_text("1 row")
    triple, blank = section.locator("td").all_text_contents()
    assert triple == "<<( place:northport coop:partOf x )>>"
    assert blank.startswith("_:")
    with visit.page.expect_download() as download:
        section.get_by_role("link", name="Save as CSV").click()
    assert "/partOf x )>>" in Path(download.value.path()).read_text("utf-8").replace("ontology#", "ontology/")
    visit.leave()


def test_pictures_of_an_answer_name_things_and_draw_amounts(browser: Browser, address: str) -> None:
    """Years are the names of bars and never their lengths, nor are infinities; what has a name is called by it.

    The heads of numbers stand over them, and what is saved begins as Excel wants UTF-8 to.
    """
    visit = Visit(browser)
    years = "SELECT ?year ?n { VALUES (?year ?n) { (2014 1) (2015 2) (2016 4) } }"
    section = _answer(visit, address, years)
    assert section.locator("th.number").last.evaluate("each => getComputedStyle(each).textAlign") == "right"
    with visit.page.expect_download() as download:
        section.get_by_role("link", name="Save as CSV").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbfyear,n")
    section.get_by_role("button", name="Plot").click()
    expect(section.locator(".note")).to_have_text("year · n")
    assert section.locator("svg text").all_text_contents() == ["2014", "1", "2015", "2", "2016", "4"]
    section = _answer(visit, address, "SELECT * { VALUES (?a ?n) { ('x' 'INF'^^xsd:double) ('y' 'NaN'^^xsd:double) } }")
    assert section.get_by_role("button", name="Plot").count() == 0
    section = _answer(visit, address, "SELECT (place:northport AS ?a) (place:eastland AS ?b) { }", ".zh-Hans")
    section.get_by_role("button", name="网络").click()
    assert section.locator("svg text").all_text_contents()[0] == "北港"
    assert visit.complaints == []
    visit.leave()


def test_what_is_wrong_with_a_query_is_told_where_it_was_typed(browser: Browser, address: str) -> None:
    """The line is that of the text that was typed, without the prefixes that are put before it."""
    visit = Visit(browser)
    section = _answer(visit, address, "SELECT * {\n ?a coop:partOf ?b ; skos:prefLabel ?c FILTER(?c = ) }")
    expect(section.get_by_role("alert")).to_have_text("That did not work: line 2, column 55: this is no SPARQL")
    deep = f"SELECT * {{ ?a ?b ?c FILTER({'(' * 20_000}1{')' * 20_000}) }}"
    visit.page.locator(".cm-content").wait_for()
    visit.page.evaluate("query => history.replaceState(null, '', `?${new URLSearchParams({ query })}`)", deep)
    visit.page.evaluate("() => dispatchEvent(new PopStateEvent('popstate'))")
    expect(section.get_by_role("alert")).to_contain_text("too large for the browser", timeout=20_000)
    section = _answer(visit, address, "SELECT ?a { ?a a coop:Claim } LIMIT 1")
    expect(section.locator(".tally")).to_have_text("1 row")
    visit.leave()


def test_a_query_that_does_not_end_is_stopped_or_given_up_for_the_next(browser: Browser, address: str) -> None:
    visit = Visit(browser)
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    visit.page.goto(f"{address}sparql.html?{urlencode({'query': endless})}")
    section = visit.page.locator("#answer")
    visit.page.locator(".cm-content").wait_for()
    section.get_by_role("button", name="Stop").click()
    expect(section).to_have_text("Stopped.")
    visit.page.get_by_role("button", name="Run").click()
    expect(section).to_contain_text("Running")
    visit.page.evaluate("() => history.pushState(null, '', '?query=ASK+%7B%7D')")
    visit.page.evaluate("() => dispatchEvent(new PopStateEvent('popstate'))")
    expect(section).to_have_text("Yes")
    assert visit.complaints == []
    visit.leave()


@pytest.mark.sampled(6)
@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        ("offices-on", {"date": "2021-02"}, "rows|row"),
        ("offices-on", {"date": "2021-02-30"}, "is no date"),
        ("timeline", {"since": "199X", "until": "201X"}, "rows"),
        ("timeline", {"until": "soon"}, "is no year"),
        ("partners", {"place": "northport", "status": "Realised"}, "row"),
        ("partners", {"place": "northport", "status": "realised}"}, "nothing is called"),
        ("partners", {"place": "Trade"}, "nothing is called"),
        ("field-claims", {"field": "Trade"}, "row"),
        ("find", {"text": '"}\\u0041'}, "Nothing was found"),
        ("document", {"source": "coast gazette, special issue"}, "rows"),
        ("presence", {"place": "Twin"}, "names several things: place:twin-a, place:twin-b; give one of these"),
        ("presence", {"place": "place:twin-a"}, "Nothing was found"),
    ],
)  # fmt: skip
def test_what_is_typed_in_a_form_is_what_the_command_line_takes(
    browser: Browser, strange_address: str, question: str, typed: dict[str, str], told: str
) -> None:
    """Dates, decades, and names of the kind that is asked for are understood; several of one name are told."""
    visit = Visit(browser)
    visit.page.goto(f"{strange_address}questions/{question}.html?{urlencode(typed)}")
    section = visit.page.locator("#answer")
    expect(section).to_contain_text(re.compile(told), timeout=20_000)
    assert visit.complaints == []
    visit.leave()


@pytest.fixture(scope="module")
def strange_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The tiny workspace with two places of one name, and a source whose slug no file can have."""
    root = write_tiny(tmp_path_factory.mktemp("strange") / "tiny")
    for path in (root / "graphs").glob("*.ttl"):
        path.write_text(path.read_text("utf-8").replace("source:gazette-2020", "source:A.Gazette"), "utf-8")
    places = root / "graphs" / "places.ttl"
    twin = 'place:twin-{0} a coop:City ; dc:source "invented"@en ; skos:prefLabel "Twin"@en .\n'
    places.write_text(places.read_text("utf-8") + twin.format("a") + twin.format("b"), "utf-8")
    folder = root.with_name("site")
    with load(root) as graph:
        publish(Site(graph, languages=("en",), forms=("ttl",)), folder)
    yield from _hosted(folder)


def test_questions_for_the_browser_are_those_of_the_library(published: Path, tiny_graph: CoopGraph) -> None:
    """Each question stands there for each choice of its parameters, and gives the same rows with them in its text."""
    forms = json.loads(gzip.decompress((published / "-" / "questions.json.gz").read_bytes()))
    assert forms.keys() == {question.name for question in tiny_graph.questions()}
    northport = "<https://example.org/id/place/northport>"
    bound = forms["partners"]["place"].replace("<urn:parameter:place>", northport)
    asked = tiny_graph.ask("partners", place="Northport")
    assert [row["partner"] for row in tiny_graph.query(bound)] == [row["partner"] for row in asked]
    bound = forms["timeline"]["entity since"].replace("<urn:parameter:entity>", northport)
    rows = tiny_graph.query(bound.replace("<urn:parameter:since>", "2000"))
    assert len(rows) == len(tiny_graph.ask("timeline", entity="Northport", since=2000))


def _replaced(pattern: str, text: str, random: Random, value: Callable[[], str]) -> str:
    """Return a text with the first group of one of the places replaced that a pattern fits, if there is one."""
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    one = random.choice(found)
    return f"{text[: one.start(1)]}{value()}{text[one.end(1) :]}"


def _texts(word: str) -> Callable[[str, Random], str]:
    """Return an edit that changes one of the texts of some property."""
    return lambda text, random: _replaced(rf'{word} "([^"]+)"@', text, random, lambda: f"Other {random.random()}")


def _blocks(text: str) -> tuple[list[str], list[str]]:
    """Return the blocks of a graph file, and those of claims."""
    blocks = re.split(r"\n\n", text)
    return blocks, [each for each in blocks if each.startswith("claim:")]


def _status(text: str, random: Random) -> str:
    others = ("realised", "planned", "potential")
    return _replaced(r"status:(realised|planned|potential|denied)\b", text, random, lambda: random.choice(others))


def _gone(text: str, random: Random) -> str:
    blocks, claims = _blocks(text)
    return "\n\n".join(each for each in blocks if each != random.choice(claims)) if claims else text


def _more(text: str, random: Random) -> str:
    _, claims = _blocks(text)
    if not claims:
        return text
    name, _, rest = random.choice(claims).partition(" ")
    return f"{text.rstrip()}\n\n{name}-{random.randrange(10**6)} {rest.rstrip()}\n"


def _language(text: str, random: Random) -> str:
    return _replaced(r'prefLabel "[^"]+"@en()', text, random, lambda: ', "Autre"@fr')


def _number(text: str, random: Random) -> str:
    pattern = r"(?:rdf:object|wgs84:lat|wgs84:long) (-?[0-9][0-9.]*)"
    return _replaced(pattern, text, random, lambda: f"{random.randrange(80)}.{random.choice(('50', '5', '500'))}")


def _comment(text: str, random: Random) -> str:
    return f"# {random.random()}\n{text}"


EDITS = (
    _texts("prefLabel"),
    _texts("definition"),
    _texts("gist"),
    _texts("title"),
    _status,
    _gone,
    _more,
    _language,
    _number,
    _comment,
)


def edited(root: Path, random: Random) -> None:
    """Change something in a graph file so that the graph is still in order."""
    while True:
        path = random.choice(sorted((root / "graphs").glob("*.ttl")))
        before = path.read_text("utf-8")
        path.write_text(random.choice(EDITS)(before, random), "utf-8")
        try:
            if path.read_text("utf-8") != before:
                load(root).close()
                return
        except CoopgraphError:
            pass
        path.write_text(before, "utf-8")


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(1))  # with many more it was tried once
def test_whatever_changes_the_result_is_that_of_a_first_publication(tiny: Path, tmp_path: Path, seed: int) -> None:
    """After edits of labels, claims, texts and figures, and of the site itself, all is as if written from nothing."""
    random, out = Random(seed), tmp_path / "out"
    with load(tiny) as graph:
        publish(Site(graph, languages=("en",), forms=("ttl",)), out)
    for _ in range(3):
        for _ in range(3):
            edited(tiny, random)
        files = sorted(path for path in out.rglob("*") if path.is_file() and path.name != "published.json")
        random.choice(files).write_bytes(b"mine")
        random.choice(files).unlink()
        with load(tiny) as graph:
            assert publish(Site(graph, languages=("en",), forms=("ttl",)), out).kept
    with load(tiny) as graph:
        publish(Site(graph, languages=("en",), forms=("ttl",)), tmp_path / "fresh")
    ours, fresh = contents(out), contents(tmp_path / "fresh")
    assert {name for name in ours | fresh if ours.get(name) != fresh.get(name)} == set()


def test_another_program_or_question_is_told_everywhere(
    small_built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of the program writes all pages anew, and a question those that tell of questions."""
    out = tmp_path / "out"
    with load(small_built) as graph:
        publish(Site(graph, **LEAST), out)
        monkeypatch.setattr("coopgraph.site.publish.renderer", lambda: "another version")
        assert publish(Site(graph, **LEAST), out).kept == 0
    question = small_built / "queries" / "mine.rq"
    question.parent.mkdir()
    for summary in ("Mine", "My own"):
        question.write_text(
            f"#+ summary: {summary}\n#+ description: Claims.\n\nSELECT ?claim {{ ?claim a coop:Claim }}\n"
        )
        with load(small_built) as graph:
            assert 0 < publish(Site(graph, **LEAST), out).written < 150
            publish(Site(graph, **LEAST), tmp_path / summary)
        assert contents(out) == contents(tmp_path / summary)
        assert summary in (out / "questions" / "mine.html").read_text("utf-8")


def test_a_note_that_somebody_has_changed_harms_nothing(small_built: Path, tmp_path: Path) -> None:
    """What the note says wrongly of packed files is not believed, and a note of an earlier version is read."""
    out = tmp_path / "out"
    with load(small_built) as graph:
        publish(Site(graph, **PART), out)
        fresh = contents(out)
        for change in (
            {"runs": {"-/store.nq.gz": [["?", 7, 1, 1]]}, "graph": ""},
            {"runs": {"-/store.nq.gz": [5]}, "rdf": {"?": [1, 1, [], [], [], []]}, "graph": ""},
            {"files": dict.fromkeys(fresh, "of another time"), "graph": ""},
        ):
            note = json.loads(fresh["-/published.json"]) | change
            (out / "-" / "published.json").write_text(json.dumps(note))
            (out / "-" / "search.html").unlink(missing_ok=True)
            publish(Site(graph, **PART), out)
            assert contents(out).keys() == fresh.keys()
            assert not [name for name, body in contents(out).items() if body != fresh[name] and name[:3] != "-/p"]


def test_what_a_killed_publication_left_goes_with_the_next(small_graph: CoopGraph, tmp_path: Path) -> None:
    """What is called as folders written aside are goes when the same folder is published, and nothing else does."""
    left, others = tmp_path / ".site.publishing-a1b2c3_d", [".sites.publishing-a1b2c3_d", ".site.a1b2c3_d"]
    for name in (left.name, *others):
        (tmp_path / name / "id").mkdir(parents=True)
    publish(Site(small_graph, **LEAST), tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, "site"])


def test_a_link_stays_one(small_graph: CoopGraph, tmp_path: Path) -> None:
    """Of a link to an empty folder, or to one that was published, what it leads to is published."""
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    assert publish(Site(small_graph, **LEAST), tmp_path / "link").kept == 0
    assert publish(Site(small_graph, **LEAST), tmp_path / "link").written == 0
    assert (tmp_path / "link").readlink() == Path("there")
    assert (tmp_path / "there" / "index.html").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "there"]


@pytest.mark.parametrize("at", [0, 5], ids=["at first", "after a stop"])
def test_an_empty_file_system_is_published_into(
    small_graph: CoopGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """No folder takes the place of one where a file system begins, and no file moves there from another one.

    Where it stops on the way, what there is is known to be a site, and the next publication completes it.
    """
    publish(Site(small_graph, **LEAST), tmp_path / "elsewhere")
    (mounted := tmp_path / "mounted").mkdir()
    (mounted / "lost+found").mkdir()
    moves = 0
    move = Path.replace

    def move_within(path: Path, target: Path) -> Path:
        nonlocal moves
        moves += 1
        assert mounted in target.parents
        assert mounted in path.parents
        if moves == at:
            raise OSError(errno.EIO, "Input/output error")
        return move(path, target)

    monkeypatch.setattr(Path, "is_mount", lambda path: path == mounted)
    monkeypatch.setattr(Path, "replace", move_within)
    if at:
        with pytest.raises(CoopgraphError, match="cannot be written"):
            publish(Site(small_graph, **LEAST), mounted)
    publish(Site(small_graph, **LEAST), mounted)
    assert contents(mounted) == contents(tmp_path / "elsewhere")
    assert publish(Site(small_graph, **LEAST), mounted).written == 0
    (mounted / "-" / "published.json").unlink()
    with pytest.raises(CoopgraphError, match="holds something else"):
        publish(Site(small_graph, **LEAST), mounted)


@pytest.mark.parametrize("name", ["site", "地" * 80], ids=["short", "long"])
def test_one_publication_at_a_time(small_graph: CoopGraph, tmp_path: Path, name: str) -> None:
    """While one is at a folder another one is refused, and nothing is touched; other folders may be published."""
    folder = tmp_path / name
    with written_aside(folder):
        before = sorted(tmp_path.iterdir())
        with pytest.raises(CoopgraphError, match="another coopgraph publish is at it; wait until it has ended"):
            publish(Site(small_graph, **LEAST), folder)
        assert sorted(tmp_path.iterdir()) == before
        publish(Site(small_graph, **LEAST), tmp_path / "other")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other"]


def test_packed_files_are_one_member_and_are_unpacked_to_what_the_exports_are(
    published: Path, tiny_graph: CoopGraph
) -> None:
    """Browsers read one member of a gzip file, and what it holds is the graph as the command line exports it."""
    for name, form in (("graph.trig", "trig"), ("graph.ttl", "turtle"), ("claims.csv", "csv")):
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        text = unpacker.decompress((published / "download" / f"{name}.gz").read_bytes()).decode()
        assert unpacker.eof
        assert not unpacker.unused_data
        exported = text_of(tiny_graph.store, form)
        if form != "csv":
            rdf = {"trig": ox.RdfFormat.TRIG, "turtle": ox.RdfFormat.TURTLE}[form]
            assert set(ox.parse(text, format=rdf)) == set(ox.parse(exported, format=rdf))
        else:
            assert text.count("\n") == exported.count("\n")
