"""Page, picture, reduction and story as text: safe, the same each time, small enough, and right."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from coopgraph.claims.model import Claim, Entity, Extract
from coopgraph.errors import UsageError
from coopgraph.network import reduce
from coopgraph.page import html_page, scene, svg
from coopgraph.page.label_text import width
from coopgraph.page.style import MEASURES, style
from coopgraph.rdf.vocab import ID, coop
from extracts import HOSTILE, extract, hostile, synthetic

STYLE = style()

ROOT = Path(__file__).parents[1]


def data(page: str, name: str = "data") -> object:
    """Return what a data island of the page holds."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


def one_pair(*claims: tuple[str, str, str, str]) -> Extract:
    """Return an extract of claims (from, relation, to, status) between entities of these names."""
    made = [
        Claim(f"{ID}claim/c{i}", ID + "place/" + s, coop(p), ID + "place/" + o, status, "cooperation")
        for i, (s, p, o, status) in enumerate(claims)
    ]
    names = {iri for claim in made for iri in (claim.subject, str(claim.object))}
    return extract(made, [Entity(iri, "Place", "Place", {"en": iri[-1]}) for iri in sorted(names)], {}, {})


# --- the page ------------------------------------------------------------------------------------------------------


def test_the_same_extract_gives_the_same_page() -> None:
    """Byte for byte, in this process and in one with another hash seed."""
    page = html_page.page(synthetic(30))
    assert page == html_page.page(synthetic(30))
    code = (
        "import hashlib; from extracts import synthetic; from coopgraph.page import html_page; "
        "print(hashlib.sha256(html_page.page(synthetic(30)).encode()).hexdigest())"
    )
    for seed in ("1", "2"):
        paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths, "LC_ALL": "C"}
        told = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, env=environment, check=True
        )
        assert told.stdout.strip() == hashlib.sha256(page.encode()).hexdigest()


def test_the_policy_names_the_hash_of_each_script() -> None:
    """The two scripts are let in by their hashes, nothing else is."""
    page = html_page.page(synthetic(20))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    wanted = [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert html.unescape(policy[1]).split("; ") == [
        "default-src 'none'",
        f"script-src {' '.join(wanted)}",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert len(scripts) == 2
    assert "@license" in scripts[0]
    assert "sourceMappingURL" not in page


def test_our_script_never_makes_markup_of_text() -> None:
    """No innerHTML or its like, no eval, no request of any kind in the page's own script."""
    own = "".join(html_page._own("js", name) for name in html_page.SCRIPTS)
    for forbidden in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "sendBeacon",
        "import(",
        "localStorage",
    ):
        assert forbidden not in own
    listed = {path.name for path in (Path(html_page.__file__).parent / "js").iterdir()}
    assert listed == set(html_page.SCRIPTS)


def test_hostile_texts_come_back_unchanged() -> None:
    """Every hostile text is in the data as it was, and nowhere in the markup as itself."""
    graph = hostile()
    page = html_page.page(graph, message=HOSTILE[1])
    held = data(page)
    assert isinstance(held, dict)
    labels = {entry[3]["en"] for entry in held["terms"] if len(entry) > 3 and isinstance(entry[3], dict)}
    assert {entity.labels["en"] for entity in graph.terms.values() if "/place/h" in entity.iri} <= labels
    assert {passage.quotation for passage in graph.passages.values()} == {entry[7] for entry in held["passages"]}
    assert page.count("<script") == html_page.page(synthetic(5)).count("<script")
    assert "<img" not in page
    assert 'href="javascript' not in page.lower()


@pytest.mark.thorough
def test_the_page_is_small_enough() -> None:
    """At most 800 kB and 400 bytes a link."""
    for links in (100, 5_000):
        assert len(html_page.page(synthetic(links)).encode()) <= 800_000 + 400 * links


def test_the_extract_is_not_changed() -> None:
    """Making a page leaves the extract as it was."""
    graph = synthetic(40)
    before = repr(graph)
    html_page.page(graph)
    svg.svg(graph)
    assert repr(graph) == before


def test_a_notebook_frame_carries_the_page_and_its_stand_in() -> None:
    """The frame is sandboxed, and holds the whole page as an attribute."""
    page = html_page.page(synthetic(10))
    frame = html_page.notebook(page, picture="<svg/>")
    assert 'sandbox="allow-scripts allow-downloads"' in frame
    assert html.unescape(frame.partition('srcdoc="')[2].partition('"')[0]) == page
    assert base64.b64encode(b"<svg/>").decode() in frame
    assert "<noscript>" not in html_page.notebook(page)


# --- what is drawn -------------------------------------------------------------------------------------------------


def test_parallel_links_are_fanned_and_many_are_bundled() -> None:
    """Up to four each have their line; more become one line for each group and kind of status."""
    few = scene.lines(one_pair(*[("a", "supports", "b", "realised")] * 3, ("b", "supports", "a", "planned")))
    assert [len(line.claims) for line in few] == [1, 1, 1, 1]
    assert len({line.bend * (1 if line.start < line.end else -1) for line in few}) == 4
    many = scene.lines(one_pair(*[("a", "supports", "b", "realised")] * 3, *[("a", "supports", "b", "potential")] * 4))
    assert sorted((len(line.claims), line.stroke) for line in many) == [(3, "realised"), (4, "potential")]
    mixed = scene.lines(one_pair(*[("a", "supports", "b", "planned")] * 3, *[("a", "supports", "b", "potential")] * 4))
    assert [(len(line.claims), line.stroke) for line in mixed] == [(7, "hoped")]


def test_symmetric_relations_bear_no_mark() -> None:
    """Cooperation runs both ways; support has a direction."""
    together, support = scene.lines(
        one_pair(("a", "cooperatesWith", "b", "realised"), ("a", "supports", "b", "denied"))
    )
    assert (together.marks, support.marks) == ((False, False), (False, True))
    assert support.stroke == "denied"


def test_facts_are_no_lines() -> None:
    """Quantities and concepts are told, not drawn, and their subjects stay in the picture."""
    graph = synthetic(40)
    drawn = {index for line in scene.lines(graph) for index in line.claims}
    assert drawn == {i for i, claim in enumerate(graph.claims) if "/s-" in claim.iri}
    assert {claim.subject for claim in graph.claims} <= {point.entity.iri for point in scene.points(graph)}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "graph", [synthetic(60, 20, long_names=True), hostile(), extract([], [], {}, {})], ids=["links", "hostile", "empty"]
)
def test_the_picture_is_well_formed_and_static(graph: Extract, dark: bool) -> None:
    """The SVG parses, holds title, signs, lines and sources, and nothing that runs or is fetched."""
    text = svg.svg(graph, dark=dark)
    root = ET.fromstring(text)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {"svg", "title", "rect", "text", "tspan", "g", "path"}
    assert "href" not in {key.rpartition("}")[2] for element in root.iter() for key in element.attrib}
    assert root.findtext("{http://www.w3.org/2000/svg}title") == graph.title
    assert text == svg.svg(graph, dark=dark)


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dim = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_stand_out_from_the_paper(theme: str) -> None:
    """Text at least 4.5 to 1; signs and lines at least 3 to 1."""
    paper = STYLE["surface"][theme]["paper"]
    assert min(contrast(STYLE["surface"][theme][name], paper) for name in ("ink", "soft")) >= 4.5
    looks = [*STYLE["classes"].values(), *STYLE["groups"].values()]
    assert min(contrast(look[theme], paper) for look in looks) >= 3


def test_classes_and_groups_differ_by_more_than_colour() -> None:
    """Each class has its own shape, each drawn relation group its own mark or width."""
    assert len({look["shape"] for look in STYLE["classes"].values()}) == len(STYLE["classes"])
    groups = {name: look for name, look in STYLE["groups"].items() if name not in ("", "quantity")}
    assert len({(look["mark"], look["width"]) for look in groups.values()}) == len(groups)


@pytest.mark.sampled(1)
@pytest.mark.parametrize(("links", "entities"), [(60, 6), (120, 10), (240, 24)])
def test_no_name_lies_upon_a_number_or_a_sign(links: int, entities: int) -> None:
    """In the still picture of a small graph, names keep off each other, off badges and off signs."""
    drawn = ET.fromstring(svg.svg(synthetic(links, entities)))
    space = "{http://www.w3.org/2000/svg}"
    numbers = [
        tuple(float(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        for rect in drawn.iter(f"{space}rect")
        if rect.get("rx")
    ]
    names = []
    for text in drawn.iter(f"{space}text"):
        rows = text.findall(f"{space}tspan")
        if not rows:
            continue
        x, y = float(rows[0].get("x", "")), float(rows[0].get("y", ""))
        wide = max(width(row.text or "") for row in rows) * MEASURES["column"]
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "")]
        names.append((left, y - 13, wide, len(rows) * MEASURES["row"]))
    assert len(names) == entities
    assert len(numbers) > 10
    for index, (x, y, w, h) in enumerate(names):
        for left, top, wide, high in [*numbers, *names[index + 1 :]]:
            assert max(x - left - wide, left - x - w, y - top - high, top - y - h) > -0.2


@pytest.mark.thorough
def test_a_dense_graph_has_places_for_what_it_opens_on() -> None:
    """Above 300 links, the entities that cooperate have places of their own; below, there is one map."""
    dense, sparse = synthetic(330, 60), synthetic(100, 60)
    points, lines = scene.points(dense), scene.lines(dense)
    first, first_tall = scene.opening_places(points, lines)
    ends = {iri for line in lines if line.group == "cooperation" for iri in (line.start, line.end)}
    assert set(first) == set(first_tall) == ends
    whole = scene.places(points, lines)
    assert first != {iri: whole[iri] for iri in ends}
    assert scene.opening_places(scene.points(sparse), scene.lines(sparse)) == ({}, {})


# --- less of a large graph -----------------------------------------------------------------------------------------


def test_around_an_entity() -> None:
    """One hop holds the claims among the entity and its neighbours; two hops hold more."""
    graph = one_pair(
        ("a", "supports", "b", "realised"), ("b", "supports", "c", "realised"), ("c", "supports", "d", "realised")
    )
    assert [claim.iri[-1] for claim in reduce.around(graph, f"{ID}place/a", 1).claims] == ["0"]
    assert [claim.iri[-1] for claim in reduce.around(graph, f"{ID}place/a", 2).claims] == ["0", "1"]
    with pytest.raises(UsageError, match=r"^place:nowhere: no claim of the selection names it"):
        reduce.around(graph, f"{ID}place/nowhere")
    with pytest.raises(UsageError, match=r"^Trade: no claim of the selection names it"):
        reduce.around(graph, f"{ID}field/trade")


def test_the_strongest_pairs_are_kept_whole() -> None:
    """Pairs with more claims come first, and none is cut in two."""
    graph = one_pair(
        *[("a", "supports", "b", "realised")] * 3,
        ("b", "supports", "c", "realised"),
        ("c", "supports", "d", "realised"),
    )
    kept = reduce.strongest(graph, 3)
    assert [claim.iri[-1] for claim in kept.claims] == ["0", "1", "2"]
    assert f"{ID}place/d" not in kept.terms
    assert len(reduce.strongest(graph, 99).claims) == 5


@pytest.mark.thorough
def test_a_graph_beyond_drawing_is_reduced_with_a_message() -> None:
    """Up to the limit everything is drawn; beyond it the strongest links, and the reader is told."""
    graph = synthetic(100)
    assert reduce.drawable(graph) == (graph, "")
    smaller, message = reduce.drawable(synthetic(21_000, 3_000))
    assert sum(smaller.is_link(claim) for claim in smaller.claims) <= reduce.STRONGEST
    assert "21,000 links" in message
    html_page.page(smaller, message=message)
