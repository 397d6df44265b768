"""What a graph is called and what it is, in several languages: settings, pages, descriptions of the data, servers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rdflib

from conftest import Run, write_small
from coopgraph.ask.graph import load
from coopgraph.claims import workspace
from coopgraph.errors import DataError
from coopgraph.server.push import Push
from coopgraph.server.remote import RemoteStore
from coopgraph.site.publish import publish
from coopgraph.site.renderer import Site
from servers import RUNNING, connected

PLAIN = 'title = "Small"\n'
PART: dict[str, tuple[str, ...]] = {"languages": ("en", "zh-Hant"), "forms": ("ttl",)}
MANY = """\
title = { en = "Two ports", zh-Hans = "两个港口", zh-Hant = "兩個港口" }
description.en = "What they do."
description.zh-Hans = "它们做什么。"
"""


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """A workspace with title and description in several languages."""
    root = write_small(tmp_path / "named")
    settings = root / "coopgraph.toml"
    settings.write_text(settings.read_text("utf-8").replace(PLAIN, MANY), "utf-8")
    return root


def test_settings_have_a_text_or_one_in_each_language(named: Path, small: Path) -> None:
    """The English text is what stands where one language has to do; a plain text is in no language that is told."""
    space = workspace.find(named)
    assert (space.title, space.description) == ("Two ports", "What they do.")
    assert space.titles == {"en": "Two ports", "zh-Hans": "两个港口", "zh-Hant": "兩個港口"}
    assert space.descriptions == {"en": "What they do.", "zh-Hans": "它们做什么。"}
    plain = workspace.find(small)
    assert (plain.title, plain.titles, plain.description, plain.descriptions) == ("Small", {}, None, {})


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("title = 1", 'title must be text in quotes, .*, or a table by language: { en = "...", zh-Hans = "..." }$'),
        ("title = ['a']", "title must be text in quotes"),
        ("title.zh_Hans = 'a'", "title: no language is called 'zh_Hans'; did you mean zh-Hans"),
        ("description.de = 'a'", "description: no language is called 'de'; there are en, zh-Hans, zh-Hant$"),
        ("title = { zh-Hans = '一' }", 'title has no English text; add en = "...", which'),
        ("description = {}", "description has no English text"),
        ("title.en = { a = 'b' }", "title.en must be text in quotes"),
        ('title.en = "a\\u0000"', "title.en must be text in quotes, without a NUL character$"),
        ("license.en = 'a'", "license must be text in quotes, without a NUL character$"),
    ],
)
def test_a_wrong_title_is_one_line(small: Path, settings: str, said: str) -> None:
    """What is wrong with a text by language is told with its key and what to do."""
    (small / "coopgraph.toml").write_text(f"{settings}\n", "utf-8")
    with pytest.raises(DataError, match=said) as raised:
        workspace.find(small)
    assert "\n" not in str(raised.value)


def test_pages_are_called_in_the_language_of_the_reader(named: Path) -> None:
    """Head, masthead, home page and imprint have the reader's title; a text in another language says in which it is."""
    with load(named) as graph:
        site = Site(graph)
        pages = {tag: _page(site, f"index{tag}.html") for tag in ("", ".zh-Hans", ".zh-Hant")}
        port, missing = _page(site, "id/place/eastport.zh-Hans.html"), _page(site, "404.html")
    for tag, title in (("", "Two ports"), (".zh-Hans", "两个港口"), (".zh-Hant", "兩個港口")):
        assert f"<title>{title}</title>" in pages[tag]
        assert f"<h1>{title}</h1>" in pages[tag]
        assert f'"name":"{title}"' in pages[tag]
        assert f">{title}</a>" in missing
    assert '<p class="lead">它们做什么。</p>' in pages[".zh-Hans"]
    assert '<p class="lead"><span lang=zh-Hans>它们做什么。</span></p>' in pages[".zh-Hant"]
    assert "<title>东港 · 两个港口</title>" in port
    assert re.search("class=site-name href=[^>]*>两个港口</a>", port)
    assert "<p>两个港口 · " in port
    assert "Two ports" not in port


def test_the_network_page_is_called_in_the_language_of_the_reader(named: Path) -> None:
    """It opens with the title in its language, and holds all of them for readers who choose another."""
    with load(named) as graph:
        page = graph.view(language="zh-Hant").html()
    assert "<title>兩個港口</title>" in page
    (island,) = re.findall('<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    held = json.loads(island)
    assert held["titles"] == {"en": "Two ports", "zh-Hans": "两个港口", "zh-Hant": "兩個港口"}
    assert held["descriptions"] == {"en": "What they do.", "zh-Hans": "它们做什么。"}


def test_the_data_are_described_in_each_language(named: Path, small: Path) -> None:
    """VoID and DCAT have a literal for each language, and one without a language where the settings tell none."""
    found = []
    for root in (named, small):
        with load(root) as graph:
            void = rdflib.Graph().parse(data=_page(Site(graph), "void.ttl"), format="turtle")
        found.append(set(void.objects(None, rdflib.DCTERMS.title)))
    assert found[0] == {
        rdflib.Literal("Two ports", lang="en"),
        rdflib.Literal("两个港口", lang="zh-Hans"),
        rdflib.Literal("兩個港口", lang="zh-Hant"),
    }
    assert found[1] == {rdflib.Literal("Small")}


def test_another_title_is_told_everywhere(named: Path, tmp_path: Path) -> None:
    """When the title changes in one language, no file of a published site has the former one."""
    out, settings = tmp_path / "out", named / "coopgraph.toml"
    with load(named) as graph:
        publish(Site(graph, **PART), out)
    settings.write_text(settings.read_text("utf-8").replace("兩個港口", "東港與西港"), "utf-8")
    with load(named) as graph:
        publish(Site(graph, **PART), out)
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert [path for path, content in files.items() if "兩個港口".encode() in content] == []
    told = {path for path, content in files.items() if "東港與西港".encode() in content}
    assert {"index.zh-Hant.html", "id/source/note.zh-Hant.html", "404.html", "-/network.html", "void.ttl"} <= told


def test_a_server_keeps_the_title_in_each_language(named: Path, tmp_path: Path) -> None:
    """What was pushed is called as the settings say, in every language, and so are pictures of it."""
    with (
        RUNNING["oxigraph"](tmp_path) as address,
        connected("oxigraph", address) as server,
        load(named) as graph,
    ):
        Push(graph.workspace, graph.store, server).run()
        there, here = RemoteStore(server, graph.store.prefixes).manifest, graph.store.manifest
        keys = ("title", "titles", "description", "descriptions")
        assert {key: there[key] for key in keys} == {key: here[key] for key in keys}


def test_what_differs_is_told_of_a_graph_called_in_the_language_of_the_reader(named: Path, run: Run) -> None:
    """The page of a difference has the title of the graph in the language that is asked for."""
    page = run("diff", named, named, "--format", "html", "--language", "zh-Hant").out
    assert '<p class="kicker">兩個港口</p>' in page


def _page(site: Site, path: str) -> str:
    page = site.render(path)
    assert page, path
    return page.body.decode()
