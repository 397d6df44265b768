"""Where a thing is described: file and line, however Turtle writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.build import build
from coopgraph.check.places import Lines, Places
from coopgraph.claims import workspace
from test_bad_input import add

CITY = '<https://w3id.org/coopgraph/ontology#City> ; <http://www.w3.org/2004/02/skos/core#prefLabel> "Nowhere"@en'


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("written", "line"),
    [
        (f"[] a {CITY} .", 1),
        (f"\n\n[] a {CITY} .", 3),
        (f"# [] a x:y .\n<http://x/a> <http://x/p> '[] a'\n  , '# .' .\n[] a {CITY} .", 4),
        (f"[ a {CITY} ] .", 1),
        (f"<http://x/a> <http://x/p> '''\n\n''' . [] a {CITY} .", 3),
        (f"_:x a {CITY} .", 1),
        (f"_:\u00e9 a {CITY} .", 1),
        (f"<http://x/a> <http://x/p> 1 .\r\n_:x a {CITY} .\r\n", 2),
        (f"<http://x/a> <http://x/p>\n 1 ,\n [ a {CITY} ] .", 3),
    ],
)  # fmt: skip
def test_a_blank_node_is_told_by_its_line(written: str, line: int, small: Path) -> None:
    """An entity without a name is refused with the line on which it is described, wherever that is."""
    before = (small / "graphs/places.ttl").read_text("utf-8").count("\n") + 1
    add(small, "\n" + written, "places")
    findings = [each for each in build.check(workspace.find(small)).findings if each.rule == "named"]
    assert [(each.file, each.line, each.focus) for each in findings] == [
        ("graphs/places.ttl", before + line, "a blank node")
    ]


@pytest.mark.parametrize(
    "written",
    ["x:a x:p 1 .", "  x:a x:p 1 .", "<http://x/a> x:p 1 .", "<http://x/\\u0061> x:p 1 .", "x:b x:p 1 . x:a x:p 1 .",
     "BASE <http://x/> <a> x:p 1 .", "x:a\n  x:p\n  1 ."],
)  # fmt: skip
def test_a_subject_is_found_however_it_is_written(written: str, tmp_path: Path) -> None:
    """A name with escapes, behind a base, further in or behind another statement has its line all the same."""
    path = tmp_path / "x.ttl"
    path.write_text(f"@prefix x: <http://x/> .\n# x:a\n{written}\n", "utf-8")
    assert Lines(path, {}).of("http://x/a") == 3
    assert Lines(path, {}).of("http://x/none") == 0


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_each_blank_node_has_its_own_line(gaps: list[int]) -> None:
    """Of many blank nodes each has the line on which it stands."""
    import tempfile

    text, expected = "@prefix x: <http://x/> .\n", []
    for gap in gaps:
        text += "\n" * gap + "[] x:p 1 .\n"
        expected.append(text.count("\n"))
    with tempfile.NamedTemporaryFile(suffix=".ttl") as file:
        file.write(text.encode())
        file.flush()
        lines = Lines(Path(file.name), {})
        assert [lines.of_triple(number) for number in range(len(gaps))] == expected
        assert lines.of_triple(len(gaps)) == 0


def test_what_has_no_file_is_named_by_its_graph(small: Path) -> None:
    """A finding in a graph that no file holds names the graph."""
    finding = Places(workspace.find(small)).finding("http://x/g", "https://example.org/id/place/a", "r", "warning", "m")
    assert str(finding) == "http://x/g: warning: place:a: m [r]"
