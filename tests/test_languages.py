"""One look-up of language tags chooses what is shown: in questions, extracts, search, exports and measures alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.ask.graph import load
from coopgraph.claims.model import best_label
from coopgraph.rdf.languages import ORDER, best_language

CASES = [
    # tags of the texts, what a reader of English is shown, of simplified and of traditional Chinese
    (("en", "en-GB", "de"), "en", "en", "en"),
    (("de", "en-GB", "zh-Hant-HK"), "en-GB", "zh-Hant-HK", "zh-Hant-HK"),
    (("en-US", "en-GB"), "en-GB", "en-GB", "en-GB"),
    (("en-GB-oxendict", "en-NZ"), "en-NZ", "en-NZ", "en-NZ"),
    (("de", "", "zh-Hans"), "", "zh-Hans", "zh-Hans"),
    (("de", "und"), "und", "und", "und"),
    (("zh-TW", "zh-CN"), "zh-CN", "zh-CN", "zh-TW"),
    (("zh-HK", "zh-SG"), "zh-SG", "zh-SG", "zh-HK"),
    (("zh-Hans-CN", "zh-Hant"), "zh-Hans-CN", "zh-Hans-CN", "zh-Hant"),
    (("zh", "en"), "en", "zh", "zh"),
    (("cmn-Hans", "de"), "cmn-Hans", "cmn-Hans", "cmn-Hans"),
    (("zh-cmn-Hant", "fr"), "zh-cmn-Hant", "zh-cmn-Hant", "zh-cmn-Hant"),
    (("zh-Latn-pinyin", "zh-Hans"), "zh-Hans", "zh-Hans", "zh-Hans"),
    (("zh-Latn-pinyin", "en"), "en", "zh-Latn-pinyin", "zh-Latn-pinyin"),
    (("fr", "de", "ar"), "ar", "ar", "ar"),
    (("eng", "de"), "de", "de", "de"),
    (("EN-gb", "DE"), "EN-gb", "EN-gb", "EN-gb"),
]


@pytest.mark.parametrize(
    ("tags", "english", "simplified", "traditional"), CASES, ids=lambda case: "+".join(case) or "none"
)
def test_a_language_is_looked_up(tags: tuple[str, ...], english: str, simplified: str, traditional: str) -> None:
    """The exact tag comes first, then a narrower and a wider one, then the reader's other languages in order."""
    for reader, language in (("en", english), ("zh-Hans", simplified), ("zh-Hant", traditional)):
        assert best_language(tags, reader) == language
        assert best_language(tags[::-1], reader) == language


@given(st.dictionaries(st.from_regex(r"(|[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Z]{2})?)", fullmatch=True), st.text(min_size=1)))
def test_whatever_the_tags_one_of_the_labels_is_shown(labels: dict[str, str]) -> None:
    """Of any labels one is shown, the same whatever their order, and the exact language where it is there."""
    for reader in ORDER:
        label = best_label(labels, "fallback", reader)
        assert label == best_label(dict(reversed(labels.items())), "fallback", reader)
        assert label == labels[reader] if reader in labels else label in (labels.values() or ["fallback"])


LABELS = '"Eastport Harbour"@en-GB, "Osthafen"@de, "东港"@zh-CN, "東港"@zh-Hant-HK'


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def british(small: Path) -> Path:
    edit(small / "graphs" / "places.ttl", '"Eastport"@en, "东港"@zh-Hans, "東港"@zh-Hant', LABELS)
    edit(small / "graphs" / "note.ttl", '"A note"@en', '"A note of ours"@en-GB, "Eine Notiz"@de')
    edit(small / "graphs" / "note.ttl", '"Sentence 1."@en', '"Satz 1."@de, "A sentence."@en-AU')
    return small


def test_each_place_shows_the_same_label(british: Path) -> None:
    """A thing labelled in British English beside German is shown so in questions, extracts, search and exports."""
    with load(british) as graph:
        assert graph.entity("東港").label == "Eastport Harbour"
        (row,) = graph.ask("partners", place="Osthafen")
        assert row["partnerLabel"] == "Westport"
        rows = graph.ask("claims-about", entity="eastport").to_dicts()
        shown = {(row["subjectLabel"], row["gist"], row["sourceTitle"]) for row in rows}
        assert shown == {("Eastport Harbour", gist, "A note of ours") for gist in ("A sentence.", "Sentence 2.")}
        assert {row["label"] for row in graph.search("Osthafen")} == {"Eastport Harbour"}
        assert next(iter(graph.to_networkx().nodes(data="label")))[1] == "Eastport Harbour"
        for format_ in ("csv", "graphml"):
            assert "Eastport Harbour" in graph.export(format_)
        (row,) = [row for row in graph.ask("entities") if row["entityLabel"] == "Eastport Harbour"]
        assert row["chinese"] == "东港"


def test_an_edited_label_is_shown_at_once(british: Path) -> None:
    """A build of what has changed gives a thing its new label, and takes the former one away."""
    load(british).close()
    edit(british / "graphs" / "places.ttl", "Eastport Harbour", "Eastport Docks")
    with load(british) as graph:
        shown = graph.query("SELECT ?label { place:eastport coop:shownAs ?label }").to_dicts()
        assert shown == [{"label": "Eastport Docks"}]
