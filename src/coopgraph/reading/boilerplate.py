"""Paragraphs that state nothing: lines of a date, of who wrote or edited, of where one is on a site, and buttons."""

from __future__ import annotations

import re

from coopgraph.reading.dates import written_date

_LONGEST = 100
"""Characters of such a line at most."""
_LABEL = (
    r"(?:published|(?:last )?updated|posted|source|authors?|writer|reporter|(?:web )?editors?|edited by|"
    r"photos?|photographer|credit|tags?|views?|"
    r"发布时间|發布時間|发布日期|發佈日期|更新时间|更新時間|发表时间|發表時間|来源|來源|稿源|作者|撰稿|供稿|"
    r"记者|記者|通讯员|通訊員|编辑|編輯|责任编辑|責任編輯|责编|責編|编审|審核|审核|校对|摄影|攝影|图片|圖片|浏览次数|"
    r"瀏覽次數|点击数|字号|字號|字体大小|掲載日|更新日|発表日|出典)"
)
_LABELLED = re.compile(rf"(?:communication\s+)?{_LABEL}\s*[:：].*", re.IGNORECASE)
"""`Source: China Daily`, `责任编辑：李澄`: what follows names who or when, and says nothing of it."""
_NAME = r"(?:[A-Z][\w.’'-]*)"
_BYLINE = re.compile(
    rf"(?:By|by|BY) {_NAME}(?:,? (?:and |in |for )?{_NAME}){{0,6}}(?:\s*\([^)]*\))?(?:\s*[|/-][^.!?]*)?"
)
_CLOCK = r"(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[ap]\.?m\.?)?|\(?(?:GMT|UTC|HKT|CST)(?:[+-]\d+)?\)?)"
_AROUND_DATE = re.compile(
    rf"{_LABELLED.pattern}|[一二三四五六七八九十]{{1,3}}[月日号號]|{_CLOCK}|\b(?:date|time)\b|时间|時間|日期|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]|"
    rf"[月火水木金土日]曜日|\b(?:Xinhua|Reuters|AFP|AP|CRI|CNS|on|at|dated)\b|新华社|新華社|上午|下午|[\W_日]",
    re.IGNORECASE,
)
_STEP = r"[^>»›/|｜·•。！？.!?]{1,24}"
_TRAIL = re.compile(rf"\W*{_STEP}(?:\s*[>»›]\s*{_STEP})+\W*|\W*{_STEP}(?:\s*[|｜·•]\s*{_STEP}){{2,}}\W*")
"""`Home > News`, `首页 > 新闻`, `Share | Print | Mail`."""
_BUTTON = re.compile(
    r"(?:home|back|back to top|top|print|print this page|share|share this(?: article)?|e-?mail|next|"
    r"previous|read more|more|"
    r"menu|search|skip to (?:main )?content|related (?:news|articles|stories)|advertisement|"
    r"首页|首頁|返回|返回顶部|返回頂部|打印|打印本页|列印|分享|分享到|关闭|關閉|上一篇|下一篇|更多|相关新闻|相關新聞|收藏|"
    r"评论|評論)\W*",
    re.IGNORECASE,
)


_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")


def states_nothing(text: str) -> bool:
    """Say whether a paragraph is nothing but a date, a byline, a trail of links or a button.

    >>> [states_nothing(text) for text in ("18 June 2024", "By Zhang Wei, China Daily", "首页 > 新闻 > 正文")]
    [True, True, True]
    >>> [states_nothing(text) for text in ("The office opened on 18 June 2024", "辽宁与香港合作")]
    [False, False]
    """
    line = text.strip()
    bracketed = _BRACKETS.fullmatch(line)
    line = bracketed[1] if bracketed else line
    if len(line) > _LONGEST:
        return False
    if not any(letter.isalpha() for letter in line):
        return True
    return any(form.fullmatch(line) for form in (_LABELLED, _BYLINE, _TRAIL, _BUTTON)) or _is_date(line)


def _is_date(line: str) -> bool:
    """Say whether a line has a date and nothing else but a time, a day of the week or an agency."""
    date = written_date(line)
    return date is not None and not _AROUND_DATE.sub("", line.replace(date.words, " ", 1))
