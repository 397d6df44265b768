"""How a sentence says that a link stands: denied, ended, planned, hoped for, or so."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files as package_files
from typing import NamedTuple

from coopgraph.reading.rules.slots import SLOT


class Cue(NamedTuple):
    """A status and the stretch of the sentence that says so."""

    status: str
    start: int
    end: int


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the statuses in the order in which they win, each with the pattern of its words."""
    table = tomllib.loads(package_files("coopgraph.reading.rules").joinpath("cues.toml").read_text("utf-8"))
    return tuple((row["status"], _pattern(row["english"], row["chinese"])) for row in table["cue"])


def _pattern(english: list[str], chinese: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(english)})\b|{'|'.join(chinese)}", re.IGNORECASE)


_AFTER_COMMA = re.compile(r"[，,]\s*$")
"""Behind it a link that begins with a name has words of its own."""
_CLAUSE = re.compile(r"[;；。]|, (?:and|but|while|where|which|with)\b|，(?:而|但|同时|并)|\bwhere\b")


def status_of(sentence: str, start: int, end: int, act: bool) -> Cue:
    """Return the status of a link that a sentence (with slots) states in a stretch, and the cue for it.

    What stands before the link in its clause counts, and what stands within it; words of hope and plan move acts only.
    """
    begin = max((match.end() for match in _CLAUSE.finditer(sentence, 0, start)), default=0)
    if _AFTER_COMMA.search(sentence, begin, start) and re.match(SLOT, sentence[start : start + 1]):
        begin = start
    for status, pattern in _cues():
        if status in ("planned", "potential") and not act:
            continue
        match = pattern.search(sentence, begin, end)
        if match and not _is_aside(sentence, match, start):
            return Cue(status, *match.span())
    return Cue("realised", end, end)


def _is_aside(sentence: str, match: re.Match[str], start: int) -> bool:
    """Say whether a cue belongs to something else: a name stands between it and the link, behind a reporting word."""
    between = sentence[match.end() : start]
    return match.end() <= start and len(re.findall(SLOT, between)) > 2
