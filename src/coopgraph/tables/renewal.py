"""What is other in a table's graph file than in the one before, so that no more than that is checked again."""

from __future__ import annotations

import re
from typing import NamedTuple

_PLACES = re.compile(r"^    (?:oa:start|oa:end|coop:paragraph) \d+ [;.]$", re.MULTILINE)
"""Where a row stands: it moves when a row before it changes, which is no fault of what it says."""
_CHECKSUM = re.compile(r'^    coop:textSha256 "[0-9a-f]+" [;.]$', re.MULTILINE)
_NAMED = re.compile(r"[ ,](\w+:[\w.-]+)(?= [;.]$|, )", re.MULTILINE)
_RECORDS = ("claim:", "passage:")


class Change(NamedTuple):
    """The part of a graph file (Turtle) that is not as it was, and the prefixed names of what is described no more."""

    part: str
    gone: frozenset[str]


def change(before: str, after: str) -> Change | None:
    """Return what has changed from one graph file to the next, both as `turtle.write` gives them.

    Beside what has changed the part has all that this names, which is what rules look at that forbid a store. None
    where a change bears on more than that: the source is said to be otherwise, a thing is of another class, or one is
    named that is not there any more. What a literal holds cannot be mistaken for that, for it begins no line.
    """
    (_, former), (head, now) = _descriptions(before), _descriptions(after)
    changed = {name for name, text in now.items() if former.get(name) != text and not _moved(former.get(name), text)}
    things = {name for name in changed & former.keys() if not name.startswith(_RECORDS)}
    gone = frozenset(former.keys() - now.keys())
    if any(_bearing(now[name]) != _bearing(former[name]) for name in things):
        return None
    if gone and not gone.isdisjoint(_NAMED.findall(after)):
        return None
    wanted, waiting = set(changed), list(changed)
    while waiting:
        named = {name for name in _NAMED.findall(now[waiting.pop()]) if name in now} - wanted
        wanted |= named
        waiting += named
    return Change("\n\n".join([head, *(text for name, text in now.items() if name in wanted)]) + "\n", gone)


def _descriptions(text: str) -> tuple[str, dict[str, str]]:
    """Return the head of a graph file, and what it says of each subject."""
    head, *several = text.rstrip("\n").split("\n\n")
    return head, {each.partition(" ")[0]: each for each in several}


def _moved(before: str | None, after: str) -> bool:
    return before is not None and _PLACES.sub("", before) == _PLACES.sub("", after)


def _bearing(text: str) -> str:
    """Return what a description says that others are judged by: of a source all but its text, else the class."""
    first = text.partition("\n")[0].rstrip(" ;.")
    return _CHECKSUM.sub("", text) if first.endswith(" coop:Source") else first
