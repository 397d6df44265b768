"""Names for generated things: each number has one name, and no two of a kind share theirs."""

from __future__ import annotations

from typing import NamedTuple

_SYLLABLES = [a + b for a in ("b", "d", "g", "h", "k", "l", "m", "n", "r", "s", "t", "v") for b in ("a", "e", "i", "o", "u")]
_SIGNS = "北南安平山川江海河湖林泉石田金玉天文武明光永和新古大青白春秋月星雪松柏竹梅花香城谷洋沙原台州口"
"""Signs that are written alike in both scripts."""
_STEP = 7919  # a prime that divides neither number of names: neighbours get unlike names


class Label(NamedTuple):
    """What a thing is called in English, and in Chinese in both scripts."""

    en: str
    hans: str
    hant: str


def word(number: int) -> str:
    """Return the English-looking name of a number.

    >>> word(0), word(1) != word(2)
    ('Babababa', True)
    """
    size = len(_SYLLABLES)
    left, parts = number * _STEP % size**4, []
    for _ in range(4):
        left, digit = divmod(left, size)
        parts.append(_SYLLABLES[digit])
    return "".join(parts).title()


def sign(number: int) -> str:
    """Return the Chinese name of a number."""
    size = len(_SIGNS)
    left, parts = number * _STEP % size**3, []
    for _ in range(3):
        left, digit = divmod(left, size)
        parts.append(_SIGNS[digit])
    return "".join(parts)


def label(number: int, suffix: Label) -> Label:
    """Return the name of a thing of a kind: the kind is the suffix."""
    name = f"{word(number)} {suffix.en}".rstrip()
    return Label(name, sign(number) + suffix.hans, sign(number) + suffix.hant)
