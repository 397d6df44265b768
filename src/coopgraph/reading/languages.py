"""The language that a text is in, as far as claims are proposed from it or a reader has to know."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 50_000
_SIMPLIFIED = frozenset(
    "国这对会发经过时说开关门们来个为从业东西两产单车马长华报还进远边运设计议论记协汇问间闻办务动协团县区应历广厅济贸"
)
_TRADITIONAL = frozenset(
    "國這對會發經過時說開關門們來個為從業東兩產單車馬長華報還進遠邊運設計議論記協匯問間聞辦務動團縣區應歷廣廳濟貿"
)
_STOP_WORDS = {
    "en": "the of and to in a is that for with was on as by are has been will",
    "fr": "le la les de des et à en un une du est dans pour que qui au avec sur",
    "de": "der die das und in den von zu mit ist des im für auf dem eine als nicht",
    "es": "el la los las de y en que un una del por con para es se al su",
    "pt": "o a os as de e em que um uma do da por com para é no na dos",
    "it": "il la le di e che un una in del della per con è dei nel alla i",
}
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja "
    "jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb "
    "nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so "
    "sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
"""The languages of ISO 639-1; those of three letters are too many to have here."""
_MOST_LETTERS = 3
_LETTERS = re.compile(r"[^\W\d_]+")
_HAN = re.compile("[\u3400-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_FEW = 0.08
_SCRIPTS = (_SIMPLIFIED - _TRADITIONAL, _TRADITIONAL - _SIMPLIFIED)


def language_of(text: str) -> str | None:
    """Return the language of a text as a tag, for Chinese with its script; None where that is not plain.

    >>> language_of("The council has an office in the city."), language_of("辽宁与香港的经贸合作"), language_of("xyz")
    ('en', 'zh-Hans', None)
    """
    sample = text[:_SAMPLE]
    han, kana = len(_HAN.findall(sample)), len(_KANA.findall(sample))
    letters = sum(map(len, _LETTERS.findall(sample)))
    if kana > 0.1 * (han + kana) and kana + han > 0.3 * letters:
        return "ja"
    if len(_HANGUL.findall(sample)) > 0.3 * letters:
        return "ko" if letters else None
    if han > 0.3 * letters:
        return _script(sample) if letters else None
    if len(_CYRILLIC.findall(sample)) > 0.5 * letters:
        return "ru" if letters else None
    return _by_words(sample)


def refuse_unknown(tag: str) -> None:
    """Raise `ValueError` where a tag begins with no language, as names of languages and codes of countries do.

    >>> refuse_unknown("zh-Hant")
    >>> refuse_unknown("english")
    Traceback (most recent call last):
    ValueError: english is no language of ISO 639
    """
    primary = tag.partition("-")[0].lower()
    if len(primary) > _MOST_LETTERS or (len(primary) < _MOST_LETTERS and primary not in _CODES.split()):
        raise ValueError(f"{tag} is no language of ISO 639")


def tag_of(declared: str | None, text: str) -> str | None:
    """Return the language of a text as it is declared, for Chinese by script; templates that declare another are wrong.

    >>> tag_of("zh-HK", "香港"), tag_of("en", "辽宁与香港的经贸合作"), tag_of("en-GB", "The port of the city.")
    ('zh-Hant', 'zh-Hans', 'en-GB')
    """
    likely = language_of(text)
    primary, _, region = (declared or "").partition("-")
    primary = primary.lower()
    if not declared or (likely and likely.partition("-")[0] != primary and "zh" in (primary, likely[:2])):
        return likely
    if primary == "zh":
        return _REGIONS.get(region.lower(), likely or declared)
    return declared


_REGIONS = {"cn": "zh-Hans", "sg": "zh-Hans", "hans": "zh-Hans", "hk": "zh-Hant", "tw": "zh-Hant", "mo": "zh-Hant"}
_REGIONS |= {"hant": "zh-Hant", "hant-hk": "zh-Hant", "hant-tw": "zh-Hant", "hans-cn": "zh-Hans"}


def _script(text: str) -> str:
    simplified, traditional = (sum(letter in only for letter in text) for only in _SCRIPTS)
    return "zh-Hans" if simplified > traditional else "zh-Hant" if traditional else "zh"


def _by_words(text: str) -> str | None:
    words = Counter(_LETTERS.findall(text.lower()))
    total = sum(words.values())
    shares = {tag: sum(words[word] for word in set(listed.split())) for tag, listed in _STOP_WORDS.items()}
    best = max(shares, key=lambda tag: shares[tag])
    return best if total and shares[best] > _FEW * total else None
