"""A story file: what its steps tell and show, and what is wrong in one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coopgraph.ask.graph import CoopGraph
from coopgraph.errors import DataError
from coopgraph.page import html_page, story
from coopgraph.rdf.vocab import HOPED_FOR, ID, coop
from extracts import synthetic

ROOT = Path(__file__).parents[1]


def data(page: str) -> object:
    """Return the data that a page carries."""
    (island,) = re.findall('<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(island)


TOLD = """
[[step]]
title.en = "One"
title.zh-Hans = "一"
text = "What is told."
select = ["place:n0"]
groups = ["cooperation"]
years = [2014, 2023]
"""


def test_a_story_is_read(tmp_path: Path) -> None:
    """Titles in several languages, what to select and what to filter reach the page."""
    path = tmp_path / "story.toml"
    path.write_text(TOLD, "utf-8")
    steps = story.read(path, synthetic(20))
    held = data(html_page.page(synthetic(20), story=steps))
    assert isinstance(held, dict)
    assert held["story"] == [
        {
            "title": {"en": "One", "zh-Hans": "一"},
            "text": {"en": "What is told."},
            "select": ["place:n0"],
            "groups": ["cooperation"],
            "statuses": [],
            "fields": [],
            "years": [2014, 2023],
        }
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("place:n0", "place:n00"),
            "step 1: select names place:n00, which the graph does not hold; did you mean place:n0",
        ),
        (
            ('"cooperation"', '"cooperaton"'),
            "groups names cooperaton, which the graph does not hold; did you mean cooperation?",
        ),
        (("years = [2014, 2023]", 'years = "2014"'), "years is not a first and a last year"),
        (("select =", "selcet ="), "unknown key selcet; did you mean select?"),
        (('text = "What is told."', ""), "has no text"),
        (("[[step]]", "[step]"), "`step` is not a list of tables"),
        (
            ("[[step]]", 'title.en = "Links"\n[[step]]'),
            "the page has the title of the graph; put title into coopgraph.toml",
        ),
        (("[[step]]", "[[stop]]"), "unknown key stop; write each step below a line [[step]]"),
        (('"One"', '"One'), "is not TOML"),
    ],
)
def test_a_wrong_story_says_where_and_what(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """One line with the step, the mistake and a near match."""
    path = tmp_path / "story.toml"
    path.write_text(TOLD.replace(*change), "utf-8")
    with pytest.raises(DataError) as raised:
        story.read(path, synthetic(20))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_missing_story_is_one_line(tmp_path: Path) -> None:
    """A file that is not there is said to be so."""
    with pytest.raises(DataError, match="cannot be read"):
        story.read(tmp_path / "none.toml", synthetic(20))


def test_what_the_bundled_story_says_is_true(article_graph: CoopGraph) -> None:
    """What the tour tells can be found in the graph."""
    graph = article_graph.extract()

    def claims(subject: str, predicate: str, target: str, status: str = "realised") -> bool:
        wanted = (f"{ID}{subject}", coop(predicate), f"{ID}{target}", status)
        return any((claim.subject, claim.predicate, claim.object, claim.status) == wanted for claim in graph.claims)

    assert claims("place/hong-kong", "investsIn", "place/liaoning")
    assert claims("place/hong-kong", "cooperatesWith", "place/liaoning")
    assert claims("organisation/hksar-liaison-office-liaoning", "locatedIn", "place/liaoning")
    assert all(claims("organisation/hktdc-dalian-office", "covers", f"place/{name}") for name in ("liaoning", "jilin"))
    conference = "event/liaoning-hong-kong-innovation-technology-conference-2023"
    assert claims(conference, "hostedBy", "place/liaoning")
    assert claims(conference, "follows", "event/belt-and-road-summit-2023")
    for speaker in ("person/john-lee", "person/kevin-chan"):
        assert claims(speaker, "spokeAt", conference)
        assert any(f"{ID}{speaker}" in claim.speakers and claim.status in HOPED_FOR for claim in graph.claims)
    for target in ("belt-and-road-initiative", "greater-bay-area-development"):
        about = [
            claim
            for claim in graph.claims
            if claim.object == f"{ID}initiative/{target}" and claim.group == "cooperation"
        ]
        assert sum(claim.status in HOPED_FOR for claim in about) > len(about) / 3
    assert len(story.read(ROOT / "story.toml", graph)) >= 5
