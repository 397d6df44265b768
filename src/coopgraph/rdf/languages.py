"""Which of several texts in different languages is shown to a reader: BCP 47 tags, looked up as RFC 4647 has it.

A reader's languages are tried in order (`ORDER`). Of each, the text with exactly that tag comes first, then one with a
narrower tag (`en-GB` for `en`, `zh-Hant-HK` for `zh-Hant`), the shortest first, then one with a wider tag (`zh` for
`zh-Hans`), which is the look-up of RFC 4647. Chinese tags with a region and no script stand for the script that is
written there. When none of the languages is there, the first of the other tags in alphabetical order is taken.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ORDER: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "en": ("en", "", "zh-Hans", "zh-Hant"),
        "zh-Hans": ("zh-Hans", "zh-Hant", "zh", "en", ""),
        "zh-Hant": ("zh-Hant", "zh-Hans", "zh", "en", ""),
    }
)
"""Language of a reader -> the languages of texts to try, `""` being a text without a tag."""

_SCRIPT_OF_REGION = {
    **dict.fromkeys(("cn", "my", "sg"), "hans"),
    **dict.fromkeys(("hk", "mo", "tw"), "hant"),
}
_SAME: Final = MappingProxyType({"und": "", "cmn": "zh", "zh-cmn": "zh", "zh-yue": "yue"})
"""Tags, and beginnings of tags, that stand for others: undetermined, and Mandarin and Cantonese by their own codes."""
_WIDER = 100
"""A text of a wider language comes after all narrower ones."""


def best_language(tags: Iterable[str], reader: str = "en") -> str | None:
    """Return which of some language tags a reader of `en`, `zh-Hans` or `zh-Hant` is shown; None where there is none.

    >>> best_language(["de", "en-GB", "zh-Hant-HK"]), best_language(["de", "zh-TW"]), best_language(["fr", "de"])
    ('en-GB', 'zh-TW', 'de')
    >>> best_language(["en", "zh-CN", "zh-HK"], "zh-Hant"), best_language(["en", "zh"], "zh-Hant")
    ('zh-HK', 'zh')
    """
    return next(iter(in_order(tags, reader)), None)


def in_order(tags: Iterable[str], reader: str = "en") -> list[str]:
    """Return language tags in the order in which a reader is shown texts with these tags.

    >>> in_order(["de", "zh-TW", "", "en-GB"])
    ['en-GB', '', 'zh-TW', 'de']
    """
    return sorted(tags, key=lambda tag: _rank(tag, reader))


@cache
def _rank(tag: str, reader: str) -> tuple[int, int, str]:
    """Return a key to sort tags by: the place of the first language that fits, the distance from it, and the tag."""
    canonical = _canonical(tag)
    for place, language in enumerate(ORDER[reader]):
        distance = _distance(canonical, language.lower())
        if distance is not None:
            return place, distance, canonical
    return len(ORDER[reader]), 0, canonical


def _distance(tag: str, language: str) -> int | None:
    if tag == language:
        return 0
    if language and tag.startswith(f"{language}-"):
        return tag.count("-") - language.count("-")
    return _WIDER if tag and language.startswith(f"{tag}-") else None


def _canonical(tag: str) -> str:
    """Return a tag in lower case, one Chinese language for Mandarin, and with the script that its region writes.

    >>> _canonical("zh-TW"), _canonical("cmn-Hans-SG"), _canonical("zh-Hant-HK"), _canonical("und")
    ('zh-hant-tw', 'zh-hans-sg', 'zh-hant-hk', '')
    """
    lower = tag.lower()
    for start, other in _SAME.items():
        if lower == start or lower.startswith(f"{start}-"):
            lower = f"{other}{lower.removeprefix(start)}".removeprefix("-")
    language, _, rest = lower.partition("-")
    script = _SCRIPT_OF_REGION.get(rest.partition("-")[0]) if language == "zh" else None
    return f"{language}-{script}-{rest}" if script else lower
