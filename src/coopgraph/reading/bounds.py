"""Bounds of a passage moved word by word, for people who say exactly which words state a claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\W_]+(?:['\u2019-][^\W_]+)*|[^\w\s]|_")
"""A word, a Chinese character, or a mark."""


def moved(text: str, bounds: tuple[int, int], within: tuple[int, int], is_start: bool, by: int) -> tuple[int, int]:
    """Return bounds one of which is moved by so many words, marks counting as words, inside a paragraph.

    A bound that cannot be moved stays, and one word at least is left.

    >>> text = "He said: A backs B."
    >>> start, end = moved(text, (9, 19), (0, 19), True, -2)
    >>> text[start:end]
    'said: A backs B.'
    """
    words = [match.span() for match in _WORD.finditer(text, *within)]
    start, end = bounds
    if is_start:
        return _stepped([first for first, _ in words if first < end], start, by), end
    return start, _stepped([last for _, last in words if last > start], end, by)


def _stepped(edges: Sequence[int], at: int, by: int) -> int:
    """Return the edge that is so many further on, or the last there is."""
    steps = [edge for edge in edges if edge > at] if by > 0 else [edge for edge in reversed(edges) if edge < at]
    return steps[min(abs(by), len(steps)) - 1] if steps else at
