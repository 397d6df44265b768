"""Sentences: English and Chinese texts fall into the sentences that a reader sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.claims.matching import is_blank
from coopgraph.claims.sentences import sentences
from hostile import texts


@pytest.mark.parametrize(
    "whole",
    [
        "Mr. Lee of the U.S. Senate met Dr. J. F. Wong.|He left.",
        "It is No. 5 of 7.|He said no.|Then he left.",
        "It grew by 49.6 per cent.|That is 3.5 times as much!|Really?",
        "Asia Ltd. and Co. Inc. signed.|The talks ended in the U.S.|The rest, i.e. most, went on...|Nobody came.",
        "“Why?” he asked.|“So!”|He left (at 5 p.m.).|(She stayed.)|It ended.",
        "1. Seize the opportunities.|2. Go on.",
        "Held on Sept. 13 in St. Petersburg.|Next is Jan. 5.",
        "香港支持辽宁。|辽宁也支持香港！|真的吗？|是；|对……|好。",
        "他说：“我们合作。”|会议结束了。|「好！」|她说。",
        "投资3.5亿元，占49.6%。|网址是www.gov.hk。|完了",
        "（会议在大连举行。）|第二天结束?|是!|A. Wong出席。",
        "HKTDC在大连设有办事处。|It covers the Northeast.|很好。",
        "Le président est à Paris.|Il parle.",
    ],
)
def test_a_paragraph_falls_into_its_sentences(whole: str) -> None:
    """Abbreviations, initials, numbers and closing quotation marks do not mislead; Chinese needs no blank."""
    parts = whole.split("|")
    for blank in ("", " ") if any("\u4e00" <= letter <= "\u9fff" for letter in whole) else (" ",):
        text = parts[0]
        for part in parts[1:]:
            text += (blank if text[-1] >= "\u3000" or blank else " ") + part
        assert [text[start:end] for start, end in sentences(text)] == parts


@given(texts, st.integers(0, 20))
def test_sentences_hold_all_that_is_seen(text: str, start: int) -> None:
    """Sentences follow one another, begin and end with something seen, and only what is not seen lies between them."""
    at = start
    for first, last in sentences(text, start):
        assert at <= first < last
        assert is_blank(text[at:first])
        assert not any(is_blank(text[edge]) for edge in (first, last - 1))
        assert "\n" not in text[first:last]
        at = last
    assert is_blank(text[at:])
