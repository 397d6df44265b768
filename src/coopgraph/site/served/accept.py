"""What a client would rather have: media types weighed as RFC 9110, section 12.5.1, has it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf'[ \t]*;[ \t]*(?:({_WORD})[ \t]*=[ \t]*({_WORD}|"(?:[^"\\]|\\.)*"))?'
_RANGE = re.compile(rf"[ \t]*({_WORD})/({_WORD})((?:{_PARAMETER})*)[ \t]*(?:,|$)")
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_MOST = 100
"""Ranges of a header that are read; nobody means more."""


class MediaRange(NamedTuple):
    """What a client accepts: type and subtype (`*` for any), parameters that are demanded, and a weight."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    weight: float

    def fit(self, media_type: str) -> int:
        """Return how closely a media type without parameters fits, 0 where it does not."""
        kind, _, subtype = media_type.partition("/")
        if self.parameters or self.type not in ("*", kind) or self.subtype not in ("*", subtype):
            return 0
        return 1 + (self.type != "*") + (self.subtype != "*")


@lru_cache(256)
def ranges(header: str) -> tuple[MediaRange, ...]:
    """Return what an Accept header says, without what is no media range; nothing said is anything.

    >>> [(each.type, each.subtype, each.weight) for each in ranges("text/html, */*;q=0.1")]
    [('text', 'html', 1.0), ('*', '*', 0.1)]
    """
    read = [_range(match) for _, match in zip(range(_MOST), _elements(header), strict=False)]
    return tuple(each for each in read if each) or (MediaRange("*", "*", frozenset(), 1.0),)


def _elements(header: str) -> list[re.Match[str]]:
    """Return the media ranges of a header; at what is none it goes on behind the next comma."""
    matches: list[re.Match[str]] = []
    at = 0
    while at < len(header) and len(matches) < _MOST:
        if match := _RANGE.match(header, at):
            matches.append(match)
            at = max(match.end(), at + 1)
        else:
            at = header.find(",", at) + 1 or len(header)
    return matches


def _range(match: re.Match[str]) -> MediaRange | None:
    kind, subtype = match[1].lower(), match[2].lower()
    weight, parameters = 1.0, set()
    for name, text in re.findall(_PARAMETER, match[3]):
        value = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
        if name.lower() == "q":
            if not _WEIGHT.fullmatch(value):
                return None
            weight = float(value)
            break  # what follows extends the header, and says nothing of the media type
        if name and name.lower() not in _WISHES and (name.lower(), value.lower()) not in _GIVEN_ANYWAY:
            parameters.add((name.lower(), value))
    if kind == "*" and subtype != "*":
        return None
    return MediaRange(kind, subtype, frozenset(parameters), weight)


_GIVEN_ANYWAY = (("charset", "utf-8"), ("charset", "utf8"), ("version", "1.1"), ("version", "1.2"))
"""Parameters that are true of all that is served; what is RDF 1.1 is RDF 1.2 too."""
_WISHES = ("profile",)
"""Parameters that demand nothing: what has a profile is read by whoever does not know that (RFC 6906, section 3)."""


def weight(header: str, media_type: str) -> float:
    """Return the weight of a media type, which is that of the range that fits it most closely; 0 is unwanted."""
    fits = [(each.fit(media_type), each.weight) for each in ranges(header)]
    closest = max((fit for fit, _ in fits), default=0)
    return max((weight for fit, weight in fits if fit == closest), default=0) if closest else 0


def choose(header: str, offered: Sequence[str]) -> str | None:
    """Return what a client would rather have of the media types that there are, best first; None where it wants none.

    >>> choose("text/turtle;q=0.5, application/*", ["text/html", "text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> choose("text/*, text/turtle;q=0", ["text/turtle"])
    """
    best = max(offered, key=lambda each: weight(header, each), default=None)
    return best if best and weight(header, best) > 0 else None
