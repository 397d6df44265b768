"""Lines that state nothing are known by their form, and what states something is never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopgraph.reading.boilerplate import states_nothing
from hostile import texts

NOTHING = """\
18 June 2024
Tuesday, 18 June 2024
2023-11-09 14:07
April 26, 2017
二〇一七年四月二十六日
2024年3月5日 星期二
(CRI November 20, 2003)
Updated: 2008-08-04 16:56
時間:2017-04-26 21:48:52來源:大公網
2024年08月30日 14:58  |  来源:人民政协网
Xinhua) 15:37, September 09, 2023
By Liu Mingtai (China Daily)
By Zhang Wei and Ann Lee, China Daily
Communication Author:Mingmin Zhang Sep 14, 2023 02:38 PM (GMT+8)
(Web editor: Zhong Wenxing, Sheng Chuyi)
责任编辑:李澄
(供稿:港澳处)
来源：辽宁日报
Home > News > Business
首页 > 新闻 > 正文
Share | Print | Mail
打印本页
Back to top
* * *
- 3 -
"""
SOMETHING = """\
The office opened on 18 June 2024.
Opened 18 June 2024
Liaoning, 18 June 2024
By 2025 Hong Kong will open an office
By September 2025, Dalian
By Ann Lee, the office is open
辽宁与香港合作
时间：2024年9月3日，地点：沈阳
李家超会见郝鹏
Hong Kong - Liaoning trade grows
Trade > 3 billion dollars. Investment falls.
Shenyang | Dalian
2016 Policy Address
2 billion dollars
"""


@pytest.mark.parametrize("line", NOTHING.splitlines())
def test_dates_bylines_trails_and_buttons_state_nothing(line: str) -> None:
    """Real lines of pages that say when, by whom, and where one is on a site."""
    assert states_nothing(line)


@pytest.mark.parametrize("line", SOMETHING.splitlines())
def test_what_may_state_something_is_kept(line: str) -> None:
    """A date, a name or a mark of a trail in a line makes it no such line."""
    assert not states_nothing(line)


@given(st.one_of(texts, st.text(alphabet="> |:：a首页By .", max_size=200)))
def test_any_text_is_judged(text: str) -> None:
    """No text is an error, and what is long states something."""
    assert not (states_nothing(text) and len(text.strip()) > 200)
