"""Names in texts: known ones are linked, doubtful ones have candidates, and no one's guess is taken for knowledge."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.claims.model import Entity
from coopgraph.claims.passages import normalise
from coopgraph.reading.mentions import Names
from coopgraph.reading.model import Judgement, Mention
from coopgraph.reading.vocabulary import Vocabulary
from hostile import texts

_ABOVE = {
    "Place": ("Actor", "Entity"),
    "Organisation": ("Actor", "Entity"),
    "Person": ("Actor", "Entity"),
    **dict.fromkeys(("City", "Province", "Region"), ("Place", "Actor", "Entity")),
    **dict.fromkeys(("Government", "Office", "Group"), ("Organisation", "Actor", "Entity")),
    **dict.fromkeys(("Initiative", "Event", "Post"), ("Entity",)),
    "Field": (),
}
_SUPERS = {kind: frozenset((kind, *above)) for kind, above in _ABOVE.items()}


def thing(slug: str, kind: str, root: str, *names: str, **labels: str) -> Entity:
    labelled = {language.replace("_", "-"): label for language, label in labels.items()}
    return Entity(f"x:{slug}", kind, root, labelled or {"en": names[0]}, tuple(names[0 if labels else 1 :]))


THINGS = [
    thing("liaoning", "Province", "Place", en="Liaoning", zh_hans="辽宁", zh_hant="遼寧"),
    thing("northeast", "Region", "Place", "the Northeast", en="Northeast China"),
    thing(
        "hong-kong", "City", "Place", "HKSAR", "Hong Kong Special Administrative Region", en="Hong Kong", zh_hans="香港"
    ),
    thing(
        "council",
        "Organisation",
        "Organisation",
        "HKTDC",
        en="Hong Kong Trade Development Council",
        zh_hans="香港贸易发展局",
    ),
    thing("government", "Government", "Organisation", en="Government of the Hong Kong Special Administrative Region"),
    thing("belt", "Initiative", "Initiative", "the Belt and Road", "Belt and Road", en="Belt and Road Initiative"),
    thing("york-1", "City", "Place", en="York"),
    thing("york-2", "City", "Place", en="York"),
    thing("suzhou", "City", "Place", en="Suzhou", zh_hans="苏州"),
    thing("exporters", "Group", "Organisation", en="Exporters"),
    thing("trade", "Field", "Field", en="Trade"),
]
WORDS = Vocabulary({each.iri: each for each in THINGS}, _SUPERS, {}, {})
NAMES = Names(WORDS)


def told(text: str, names: Names = NAMES) -> list[tuple[str, str]]:
    return [(mention.text, mention.entity or f"?{mention.kind}") for mention in names.mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Liaoning’s banks", [("Liaoning", "x:liaoning")]),
        ("Liaoning Province grew", [("Liaoning Province", "x:liaoning")]),
        ("辽宁省与遼寧、香港", [("辽宁省", "x:liaoning"), ("遼寧", "x:liaoning"), ("香港", "x:hong-kong")]),
        ("香港貿易發展局在遼寧省", [("香港貿易發展局", "x:council"), ("遼寧省", "x:liaoning")]),
        ("the Northeast and northeast winds", [("Northeast", "x:northeast")]),
        ("the Belt and Road Initiative", [("Belt and Road Initiative", "x:belt")]),
        ("the Belt & Road", [("Belt & Road", "x:belt")]),
        ("Hong Kong Trade Development Council (HKTDC)",
         [("Hong Kong Trade Development Council", "x:council"), ("HKTDC", "x:council")]),
        ("the Hong Kong Special Administrative Region Government",
         [("Hong Kong Special Administrative Region Government", "x:government")]),
        ("trade helps exporters", [("trade", "x:trade"), ("exporters", "x:exporters")]),
        ("liaoningese, XLiaoning, Liaoning2", []),
        ("ＨＫＴＤＣ, Hong\u00a0Kong", [("ＨＫＴＤＣ", "x:council"), ("Hong\u00a0Kong", "x:hong-kong")]),
        ("Hong\nKong", [("Hong\nKong", "x:hong-kong")]),
    ],
)  # fmt: skip
def test_known_names_are_linked_the_longest_first(text: str, expected: list[tuple[str, str]]) -> None:
    """Scripts, articles, possessives, kinds behind names, widths and blanks hide no name; parts of words are none."""
    assert told(text) == expected


def test_a_name_of_two_things_has_both_as_candidates() -> None:
    """An ambiguous name is not linked."""
    (york,) = NAMES.mentions("It lies in York.")
    assert york.entity is None
    assert [each.entity for each in york.candidates] == ["x:york-1", "x:york-2"]


def test_a_homonym_is_never_linked_by_itself() -> None:
    """A name that stands for several places in the world is a candidate, though the graph knows one."""
    (suzhou,) = NAMES.mentions("It lies in Suzhou.")
    assert (suzhou.entity, [each.entity for each in suzhou.candidates]) == (None, ["x:suzhou"])
    assert told("苏州") == [("苏州", "x:suzhou")]


def test_a_misspelt_name_has_what_comes_near_as_candidate() -> None:
    """A typing error in a long name gives a candidate of its class, never a link; short and Chinese names give none."""
    (council,) = NAMES.mentions("The Hong Kong Trade Develpment Council met.")
    assert (council.entity, council.candidates[0].entity) == (None, "x:council")
    assert 85 <= council.candidates[0].nearness < 100
    assert NAMES.near("Yorc") == NAMES.near("香巷") == []
    assert NAMES.near("Liaonang", "Province")[0].entity == "x:liaoning"
    assert NAMES.near("Liaonang", "Person") == []


def test_judgements_last_and_the_last_one_counts() -> None:
    """What a person said a name is, or is not, holds for every text after; candidates are never lost by the latter."""

    def judged(*judgements: tuple[str, str, bool]) -> Mention:
        names = Names(WORDS, [Judgement(name, entity, same) for name, entity, same in judgements])
        return names.mentions("It lies in York.")[0]

    assert judged(("York", "x:york-2", True)).entity == "x:york-2"
    assert judged(("York", "x:york-1", False)).entity == "x:york-2"
    assert judged(("York", "x:york-2", True), ("York", "x:york-2", False)).entity == "x:york-1"
    neither = judged(("York", "x:york-1", False), ("York", "x:york-2", False))
    assert (neither.entity, neither.candidates, neither.kind) == (None, (), "City")
    names = Names(WORDS, [Judgement("Suzhou", "x:suzhou", True), Judgement("Zuzhou Bureau", "x:council", True)])
    assert told("Suzhou and the Zuzhou Bureau", names) == [("Suzhou", "x:suzhou"), ("Zuzhou Bureau", "x:council")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Velt Liaison Unit of the Hong Kong Special Administrative Region Government closed.",
         [("Velt Liaison Unit of the Hong Kong Special Administrative Region Government", "?Office")]),
        ("Mr Bo Berg met Governor Ann Ames.", [("Bo Berg", "?Person"), ("Ann Ames", "?Person")]),
        ("Tea Minister Ann Ames spoke.", [("Tea Minister", "?Post"), ("Ann Ames", "?Person")]),
        ("Vladivostok and Seoul", [("Vladivostok", "?City"), ("Seoul", "?City")]),
        ("香港特別行政區政府駐陝西聯絡處在西安市。",
         [("香港特別行政區政府駐陝西聯絡處", "?Office"), ("西安市", "?City")]),
        ("浙江省副省长王明出席。", [("浙江省副省长", "?Post"), ("王明", "?Person")]),
        ("He said that it was so.", []),
        ("In Velmar Province and Port Calder, the City of Tessin", [
            ("Velmar Province", "?Province"), ("Port Calder", "?City"), ("City of Tessin", "?City")]),
        ("The New City, Port Services and Dalian City of Liaoning Province",
         [("Dalian City", "?City"), ("Liaoning Province", "x:liaoning")]),
        ("北岭省省会松河市。希望北岭省企业来金澜市。金澜市市长。",
         [("北岭省", "?Province"), ("松河市", "?City"), ("北岭省", "?Province"), *[("金澜市", "?City")] * 2]),
        ("我市与有关省市的市场", []),
        ("在大松河市，大松河市", [("大松河市", "?City"), ("大松河市", "?City")]),
    ],
)  # fmt: skip
def test_names_that_nobody_knows_are_offered_with_their_class(text: str, expected: list[tuple[str, str]]) -> None:
    """Offices, people, posts, and places of the gazetteer or by a word for them, are names of new things."""
    assert told(text) == expected


_PIECES = ["Liaoning", "香港", "York", " ", ", ", "the ", "Mr Bo Berg", "聯絡處", "Bureau", "\u200b"]


@given(st.lists(st.sampled_from(_PIECES) | texts, max_size=8))
def test_mentions_stand_in_the_text_and_never_overlap(pieces: list[str]) -> None:
    """Whatever a text holds, each name is a stretch of it, one behind the other."""
    text, at = normalise("".join(pieces)), 0
    for mention in NAMES.mentions(text):
        assert at <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        at = mention.end


def test_a_shorter_name_of_a_thing_hides_nothing_in_its_longer_one() -> None:
    """What an office's name says of places is found also where a part of it is another name of the same office."""
    office = thing("unit", "Office", "Organisation", "辽宁联络处", zh_hans="香港驻辽宁联络处")
    units = thing("units", "Group", "Organisation", "联络处", zh_hans="香港各联络处")
    vocabulary = Vocabulary({each.iri: each for each in (*THINGS, office, units)}, _SUPERS, {}, {})
    names = Names(vocabulary, ())
    assert [each.entity for each in names.within("香港驻辽宁联络处")] == ["x:hong-kong", "x:liaoning"]
    assert [each.entity for each in names.mentions("联络处设在辽宁。")] == ["x:liaoning"]


VERBS = """\
会见 會見 会晤 會晤 接见 接見 拜会 拜會 出席 参加 參加 访问 訪問 拜访 拜訪 陪同 邀请 邀請 欢迎 歡迎
感谢 感謝 率领 率領 走访 走訪 听取 聽取 考察 表示 担任 擔任 举办 舉辦
"""


@pytest.mark.parametrize("verb", VERBS.split())
def test_a_chinese_name_is_not_cut_inside_a_verb(verb: str) -> None:
    """A post begins behind the verb before it, not within, and a person ends before the verb behind."""
    assert ("辽阳市副市长", "?Post") in told(f"昨日{verb}辽阳市副市长王新伟一行")
    people = {
        name for name, kind in told(f"昨日{verb}了辽阳市副市长王新伟。主席林建岳{verb}香港客人") if kind == "?Person"
    }
    assert people == {"王新伟", "林建岳"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("在港龙经济促进会会长吴银龙介绍后", "港龙经济促进会会长"),
        ("辽宁省接待办公室主任王新伟表示", "辽宁省接待办公室主任"),
        ("考察团团长兼副市长王新伟表示", "考察团团长兼副市长"),
        ("与北京市委书记王新伟会谈", "北京市委书记"),
    ],
)
def test_a_verb_within_a_title_is_a_part_of_it(text: str, name: str) -> None:
    """What is called after an act, as an office of reception, keeps its whole name."""
    assert (name, "?Post") in told(text)
