"""What a client would rather have is told from its Accept header as RFC 9110 has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.site.served import accept, forms, pages
from coopgraph.site.served.content import BOOLEAN, ROWS, TRIPLES
from coopgraph.site.served.problems import Problem

OFFERED = ("text/turtle", "application/ld+json", "text/html")
CASES = [
    ("", "text/turtle"),
    ("*/*", "text/turtle"),
    ("text/html", "text/html"),
    ("TEXT/HTML", "text/html"),
    ("text/*", "text/turtle"),
    ("text/*;q=0.5, text/html", "text/html"),
    ("text/html;q=0.5, application/ld+json;q=0.6", "application/ld+json"),
    ("text/turtle;q=0, */*", "application/ld+json"),
    ("text/turtle;q=0, text/*;q=0.1, application/*;q=0", "text/html"),
    ("*/*;q=0.1, text/html;q=0.05", "text/turtle"),
    ("text/html ; Q=0.2 ,application/ld+json; q=0.3", "application/ld+json"),
    ("text/turtle;charset=utf-8", "text/turtle"),
    ("text/turtle;charset=UTF-8;q=0.1, text/html;q=0.2", "text/html"),
    ('application/ld+json;x="http://x/a,b";q=1, text/html;q=0.1', "text/html"),
    ('application/ld+json;profile="http://x/a,b";q=1, text/html;q=0.1', "application/ld+json"),
    ("text/turtle;version=1.2", "text/turtle"),
    ("text/turtle;version=2", None),
    ("text/html;level=1, text/turtle;q=0.1", "text/turtle"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
    ("text/html;q=1.5, text/turtle;q=0.1", "text/turtle"),
    ("text/html;q=abc, text/turtle;q=0.1", "text/turtle"),
    ("text/html;q=0.0001, text/turtle;q=0.1", "text/turtle"),
    ("nonsense, text/html", "text/html"),
    (",,, text/html ,", "text/html"),
    ("*/html, text/html;q=0.3", "text/html"),
    ("application/json", None),
    ("image/*", None),
    ("*/*;q=0", None),
    ("text/html;q=0", None),
    ("text/html;q=0.000", None),
]


@pytest.mark.parametrize(("header", "chosen"), CASES)
def test_the_closest_range_gives_the_weight(header: str, chosen: str | None) -> None:
    """Of what is offered the highest weight wins, which the closest range says; at equal weights the first offered."""
    assert accept.choose(header, OFFERED) == chosen


@given(st.text(max_size=60), st.permutations(OFFERED))
def test_any_header_is_read(header: str, offered: list[str]) -> None:
    """Whatever stands in a header, something that is offered is chosen, or nothing."""
    assert accept.choose(header, offered) in (*offered, None)


_RANGES = st.lists(
    st.tuples(st.sampled_from([*OFFERED, "text/*", "application/*", "*/*", "image/png"]), st.integers(0, 10)),
    max_size=6,
)


@given(_RANGES)
def test_a_choice_is_never_one_of_less_weight(ranges: list[tuple[str, int]]) -> None:
    """Nothing that is offered has a weight above that of the choice, worked out from the standard's words."""
    header = ", ".join(f"{name};q={weight / 10:g}" for name, weight in ranges)

    def weight(media_type: str) -> float:
        kind = media_type.partition("/")[0]
        for name in (media_type, f"{kind}/*", "*/*"):
            weights = [number for each, number in ranges if each == name]
            if weights:
                return max(weights)
        return 0 if ranges else 1

    best = max(map(weight, OFFERED))
    chosen = accept.choose(header, OFFERED)
    assert (chosen is None) == (best == 0)
    assert chosen is None or weight(chosen) == best


def test_each_kind_of_answer_has_its_forms() -> None:
    """Rows have four forms for programs, yes or no has two, RDF four; what is asked for in a list is found in each."""
    choices = forms.choices("application/json, text/turtle;q=0.5", None)
    assert {kind: choice.form for kind, choice in choices.items()} == {ROWS: "json", BOOLEAN: "json", TRIPLES: "jsonld"}
    assert choices[ROWS].media_type == "application/json"
    assert list(forms.choices("text/csv", None)) == [ROWS]
    assert list(forms.choices("text/turtle", None)) == [TRIPLES]
    assert list(forms.choices("", "csv")) == [ROWS]
    assert forms.choices("text/html", "xml")[TRIPLES].media_type == "application/rdf+xml"


def test_a_name_in_the_address_wins_over_the_header() -> None:
    """`format` is what counts where it is given, and a misspelt one is told with what comes near."""
    assert forms.choices("text/csv", "tsv")[ROWS].media_type == "text/tab-separated-values"
    with pytest.raises(Problem, match="no format is called 'jsn'; did you mean json"):
        forms.choices("", "jsn")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"), ("zh", "zh-Hans"), ("zh-CN,zh;q=0.9", "zh-Hans"), ("zh-HK", "zh-Hant"), ("zh-Hant-MO", "zh-Hant"),
        ("fr, zh-TW;q=0.5, en;q=0.4", "zh-Hant"), ("en-GB, zh", "en"), ("zh;q=0", "en"), ("*", "en"),
        ("zh;q=x", "zh-Hans"),
    ],
)  # fmt: skip
def test_a_reader_gets_a_language_of_hers(header: str, language: str) -> None:
    """Pages come in the first language that the reader wants and that there is, else in English."""
    assert pages.language(header) == language
