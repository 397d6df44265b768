"""Names that no list has, by their form: capitals and head words in English, endings in Chinese, titles of people.

Each is offered with the class that its form shows; what it is, a person says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import takewhile
from typing import TYPE_CHECKING

from coopgraph.reading.model import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_HEADS = {
    "Office": "Liaison Office|Liaison Unit|Trade Office|Branch Office|Office|Consulate General|Consulate|Embassy",
    "Government": "Government|Ministry|Bureau|Commission|Department|Secretariat",
    "Company": "Company|Corporation|Corp|Group|Limited|Ltd|Inc|Bank|Holdings|Airlines",
    "Organisation": (
        "Council|Association|Federation|Chamber of Commerce|Chamber|Committee|Institute|University|Academy|Authority|"
        "Agency|Foundation|Alliance|Society|Centre|Center|Exchange"
    ),
    "Summit": "Summit",
    "Conference": "Conference|Forum|Symposium|Congress|Seminar|Expo|Fair|Exhibition|Dialogue",
    "Initiative": "Initiative|Programme|Plan|Strategy|Scheme",
    "Agreement": "Memorandum of Understanding|Agreement|Treaty|Arrangement",
}
_CAPITAL = r"(?:[A-Z][\w’'-]*|[A-Z]&[A-Z])"
_LINK = r"(?:of(?: the)?|for|and|&|in|on|de|the)"
_PHRASE = re.compile(rf"{_CAPITAL}(?:[ ]+(?:{_LINK}[ ]+){{0,2}}{_CAPITAL})*")
_TASK = re.compile(rf" of {_CAPITAL}(?:(?:,|,? and| &)? {_CAPITAL})*")
"""What a part of a government is for."""
_HEAD = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _HEADS.items())
_TITLE = (
    "(?:Mr|Mrs|Ms|Dr|Prof|President|Premier|Minister|Governor|Vice[- ]Governor|Mayor|Vice[- ]Mayor|"
    "Executive Vice-Mayor|Secretary|Director(?: General)?|Chairman|Chairwoman|Chairperson|Chief Executive|"
    "Ambassador|Consul General|Commissioner)"
)
_THE_GOVERNMENT = re.compile(r"\b[Tt]he (?:current-term |HKSAR |SAR )?(Government)\b(?! of)")
_NAME = r"(?:[A-Z][a-z]+|[A-Z]{2,3})(?:[ -][A-Z][a-z]+){1,2}"
_PERSON = re.compile(rf"\b{_TITLE}\.?,? ({_NAME})(?![\w])")
_OFFICER = re.compile(
    rf"\b{_TITLE}(?: (?:for|of|to))?(?: the)? [A-Z][\w&'’ -]*? ([A-Z][a-z]+ [A-Z][a-z]+)"
    r"(?= (?:said|says|met|meets|opened|opens|formally|officiated|has|told|noted|added|stressed|visited|\()|[.,])"
)
_HAN = "\u3400-\u9fff"
_CHINESE = (
    ("Office", "(?:(?<=[驻駐]..)[办辦]|(?<=[驻駐]...)[办辦])(?![公事理])"),
    ("Office", "(?:联络处|聯絡處|办事处|辦事處|代表处|代表處|总领事馆|總領事館|大使馆|大使館)"),
    ("Government", "(?:人民政府|委员会|委員會|商务厅|商務廳|外办|外辦)"),
    (
        "Organisation",
        "(?:协会|協會|商会|商會|总会|總會|联合会|聯合會|大学|大學|研究院|贸易发展局|貿易發展局|旅游发展局|旅遊發展局)",
    ),
    ("Company", "(?:集团|集團|有限公司|公司|银行|銀行)"),
    ("Conference", "(?:交流会|交流會|论坛|論壇|座谈会|座談會|博览会|博覽會|洽谈会|洽談會|推介会|推介會|交易会|交易會)"),
    ("Summit", "(?:峰会|峰會|高峰论坛|高峰論壇)"),
)
_BODY = rf"[{_HAN}A-Za-z0-9—·“”「」]"
_OFFICE_TITLE = _TITLE.replace("Mr|Mrs|Ms|Dr|Prof|", "")
_POST = re.compile(
    rf"((?:{_CAPITAL} (?:& )?){{0,6}}{_OFFICE_TITLE}"
    rf"(?: (?:of|for|to)(?: the)?(?: {_CAPITAL}| &| and| for| of){{1,8}})?),? $"
)
_STOP = (
    "在|于|於|与|與|和|由|对|對|将|將|从|從|到|至|以|并|並|举行|舉行|出席|参加|參加|设立|設立|成立|访问|訪問|会见|會見|表示|说|說|指|"
    "是|了|的|今|昨|该|該|其|有关|有關|各|等|主持|标志|標誌|着|为|為|隶属|隸屬|位于|位於|据|據|消息|公布|公佈|支持|正式|开设|開設|担任|擔任|"
    "以及|及(?![内內]地)|个|個|一直|另|原|现任|現任|包括|通过|通過|首个|首個|开始|開始|由于|由於|关于|關於|"
    "会晤|會晤|会谈|會談|拜会|拜會|拜访|拜訪|接见|接見|走访|走訪|陪同|率领|率領|率团|率團|率队|率隊|邀请|邀請|欢迎|歡迎|感谢|感謝|祝贺|祝賀|"
    "接待(?![办辦])|听取|聽取|前往|抵达|抵達|签署|簽署|签订|簽訂|考察(?![团團])|参观|參觀|举办|舉辦|召开|召開|强调|強調|指出|宣布|宣佈|"
    "委任|任命|同意"
)
"""Words that stand in no name: verbs of meetings and visits among them, which names stand before and behind."""
_STOPS = re.compile(_STOP)
_BOUNDS = re.compile(rf"(?:{_STOP}|(?!{_BODY}).)+", re.DOTALL)
_CHINESE_NAMES = tuple((kind, re.compile(f".{{2,24}}?{ending}")) for kind, ending in _CHINESE)
_GENERIC = re.compile(
    "(?:相关|相關|现有|現有)?[驻駐]?(?:中国|中國)?(?:内地|內地|海外|境外|外地|全国|全國|当地|當地)(?:联络处|聯絡處|办事处|辦事處)"
)
_SURNAMES = (
    "赵趙钱錢孙孫李周吴吳郑鄭王冯馮陈陳褚卫衛蒋蔣沈韩韓杨楊朱秦尤许許何吕呂施张張孔曹严嚴华華金魏陶姜谢謝邹鄒喻苏蘇潘葛范彭鲁魯马馬"
    "方俞任袁柳史唐薛雷贺賀倪汤湯罗羅毕畢郝安常于傅余卞齐齊康伍元顾顧孟黄黃穆萧蕭尹姚邵汪毛狄米明戴宋庞龐熊纪紀舒屈项項祝董梁杜阮蓝藍闵閔"
    "席季贾賈路娄婁江童颜顏郭梅盛林刁钟鍾徐邱骆駱高夏蔡田樊胡凌霍虞万萬柯管卢盧莫房解应應丁邓鄧洪包左石崔龚龔程邢陆陸翁荀曾聂聶叶葉谭譚"
    "郝劳勞刘劉关關曲欧歐"
)
_ROLE = (
    "(?:主席|总理|總理|部长|部長|局长|局長|司长|司長|厅长|廳長|省长|省長|副省长|副省長|市长|市長|副市长|副市長|书记|書記|主任|副主任|处长|處長|"
    "总裁|總裁|总监|總監|会长|會長|行政长官|行政長官|特首|代表|秘书长|秘書長|委员|委員|女士|先生)"
)
_CHINESE_POST = re.compile(rf"([{_HAN}]{{0,12}}{_ROLE})$")
_BARE = re.compile(rf"(?:Under |Deputy |Executive )?{_OFFICE_TITLE}|{_ROLE}")
"""A title that says of what only together with what stands before it."""
_CHINESE_PERSON = re.compile(
    rf"{_ROLE}([{_SURNAMES}][{_HAN}]{{1,2}}?)(?={_STOP}|{_ROLE}|致辞|致辭|一行|介绍|介紹|感谢|感謝|代表|任|[^{_HAN}]|$)"
)


def find(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the names in a text that their form shows, given those that are known, which bound them."""
    people = [match for pattern in (_PERSON, _OFFICER, _CHINESE_PERSON) for match in pattern.finditer(text)]
    for match in people:
        yield Mention(match.group(1), match.start(1), match.end(1), kind="Person")
    starts = {match.start(1) for match in people} | {each.start for each in mentions if each.kind == "Person"}
    yield from _posts(text, sorted(starts), mentions)
    if not any(each.kind == "Government" for each in mentions):
        for match in _THE_GOVERNMENT.finditer(text):
            yield Mention(match.group(1), match.start(1), match.end(1), kind="Government")
    yield from _phrases(text, mentions)
    yield from _chinese(text, mentions)


def _posts(text: str, people: Sequence[int], mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield the posts that stand right before people, given where these begin; a known one is not made longer."""
    ends = {each.end for each in mentions if each.kind == "Post"}
    for start in people:
        before = text[max(start - 80, 0) : start]
        match = _POST.search(before) or _CHINESE_POST.search(before, _behind_verb(before))
        if match and not _BARE.fullmatch(match[1]):
            at = start - len(before) + match.start(1)
            if not any(at < end <= at + len(match[1]) for end in ends):
                yield Mention(match[1], at, at + len(match[1]), kind="Post")


def _behind_verb(before: str) -> int:
    """Return where the last word ends that stands in no name, so that no name begins within it."""
    return max((match.end() for match in _STOPS.finditer(before)), default=0)


def _phrases(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield capital phrases up to the last head word in them, and what that is the office, council or plan of."""
    for match in _PHRASE.finditer(text):
        start = _begin(text, *match.span(), mentions)
        phrase = text[start : match.end()]
        heads = [(head.end(), kind) for kind, pattern in _HEAD for head in pattern.finditer(phrase)]
        if not heads:
            continue
        end, kind = max(heads)
        first_end, first_kind = min(heads)
        if re.match(r"[ ]+(?:of|in|for)\b", phrase[first_end:]):
            kind = first_kind  # an office of a government is an office
        more = _complement(phrase[end:], start + end, mentions, "of|in" if max(heads)[1] == "Office" else "of")
        if not more and max(heads)[1] == "Government" and (task := _TASK.match(phrase, end)):
            more = task.end() - end
        end += more
        words = phrase[:end].rstrip(".-’'")
        if len(words.split()) > 1:
            yield Mention(words, start, start + len(words), kind=kind)


def _begin(text: str, start: int, end: int, mentions: Sequence[Mention]) -> int:
    """Return where a name in a capital phrase begins: behind a title, a person or a post, and what else `and` adds."""
    title = _LEAD.match(text, start, end)
    start = title.end() if title else start
    start = max(start, text.rfind(" and the ", start, end) + len(" and the ") if " and the " in text[start:end] else 0)
    for mention in takewhile(lambda each: each.start < end, _from(mentions, start)):
        if start < mention.end < end and text.startswith(("'s ", "’s "), mention.end):
            start = mention.end + 3
        elif start < mention.end <= end and mention.kind in ("Person", "Post"):
            start = _AND.match(text, mention.end).end()  # type: ignore[union-attr]  # it matches nothing too
        elif start < mention.start and mention.kind in _OWN_NAMES and text.endswith(" and ", start, mention.start):
            start = mention.start
    return start


_OWN_NAMES = ("Organisation", "Government", "Office", "Company", "City", "Province", "Country", "Region")
"""Classes of things whose names begin a name of their own behind `and`."""
_AND = re.compile(r"[\s,]*(?:and\b|&)?[\s,]*(?:the\b)?\s*")
_LEAD = re.compile(rf"(?:The |{_TITLE} (?:of|for|to)(?: the)? )+")


def _complement(rest: str, at: int, mentions: Sequence[Mention], words: str) -> int:
    """Return how far a name goes on after its head word: to the known place or government that it is of."""
    of = re.match(rf" +(?:{words})(?: the)? ", rest)
    if not of:
        return 0
    begin = at + of.end()
    near = takewhile(lambda each: each.start <= begin, _from(mentions, begin))
    return max((each.end - at for each in near if each.start == begin), default=0)


def _from(mentions: Sequence[Mention], at: int) -> Iterator[Mention]:
    """Yield the names from the one on that begins before a position."""
    first = max(bisect_left(mentions, at, key=lambda each: each.start) - 1, 0)
    yield from (mentions[index] for index in range(first, len(mentions)))


def _chinese(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Yield names by their endings, in the stretches between words that no name has; known names stay whole."""
    inside = {at: each.start for each in mentions for at in range(each.start + 1, each.end)}
    begin = 0
    for bound in (*_BOUNDS.finditer(text), None):
        end = bound.start() if bound else len(text)
        if bound is None or not (inside.get(bound.start()) and inside.get(bound.end() - 1)):
            yield from _in_stretch(text, inside.get(begin, begin), end)
            begin = bound.end() if bound else end


def _in_stretch(text: str, begin: int, end: int) -> Iterator[Mention]:
    for kind, pattern in _CHINESE_NAMES:
        for match in pattern.finditer(text, begin, end):
            if len(match.group()) > 3 and not _GENERIC.fullmatch(match.group()):
                yield Mention(match.group(), *match.span(), kind=kind)
