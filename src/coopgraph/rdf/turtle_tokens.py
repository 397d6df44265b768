"""The tokens of Turtle text that a parser has read: where its comments are, and what it may not have."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = rf"[{_LETTERS}_\-0-9\u00B7\u0300-\u036F\u203F-\u2040]"
_LOCAL = rf"(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"


class Token(NamedTuple):
    """A token and where it begins; its kind is one of the groups of the pattern that reads it."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.start + len(self.text)


@cache
def _pattern() -> re.Pattern[str]:
    """Return what reads a token; compiled when first asked for, which takes as long as answering a question."""
    return re.compile(
        rf"""
          (?P<comment>\#[^\n\r]*)
        | (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
        | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''
            |"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
        | (?P<tag>@[A-Za-z]+(?:-+[A-Za-z0-9]+)*)
        | (?P<blank>_:{_NAME}(?:{_NAME}|\.(?=\.*{_NAME}))*)
        | (?P<name>(?:[{_LETTERS}](?:{_NAME}|\.(?=\.*{_NAME}))*)?:(?:{_LOCAL}(?:{_LOCAL}|\.(?=\.*{_LOCAL}))*)?)
        | (?P<number>[+-]?(?:[0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))
        | (?P<open><<\(?|{{\||[\[(])
        | (?P<close>\)>>|>>|\|}}|[\])])
        | (?P<word>[A-Za-z]+)
        | (?P<mark>\^\^|\S)
        """,
        re.VERBOSE | re.DOTALL,
    )


def tokens(text: str) -> Iterator[Token]:
    r"""Yield the tokens of Turtle text, comments included.

    >>> [token.text for token in tokens('ex:C\\#a ex:p "b # c" . # d')]
    ['ex:C\\#a', 'ex:p', '"b # c"', '.', '# d']
    """
    return (Token(match.lastgroup or "", match.group(), match.start()) for match in _pattern().finditer(text))


def place(text: str, position: int) -> str:
    """Return `line:column` of a position in a text, both from 1."""
    return f"{text.count(chr(10), 0, position) + 1}:{position - text.rfind(chr(10), 0, position)}"


_NEW = {
    "<<(": "has a triple term of RDF 1.2, <<( ... )>>; write a claim instead",
    "<<": "has a reified triple of RDF 1.2, << ... >>; write a claim instead",
    "{|": "has an annotation of RDF 1.2, {| ... |}; write a claim instead",
    "~": "has a reifier of RDF 1.2, ~; write a claim instead",
}


def new_syntax(text: str) -> tuple[int, str]:
    """Return where Turtle text first has what RDF 1.2 has added, and what that is and what to do."""
    for token in tokens(text):
        if token.kind in ("open", "mark") and token.text in _NEW:
            return token.start, _NEW[token.text]
        if token.kind == "tag" and "--" in token.text:
            plain, _, direction = token.text.partition("--")
            return (
                token.start,
                f"has a text with a direction of RDF 1.2, {token.text}; leave out --{direction} after {plain}",
            )
    return 0, "has a triple term of RDF 1.2; write a claim instead"


def first_blank(text: str) -> int:
    """Return where Turtle text has its first blank node."""
    return next((token.start for token in tokens(text) if token.kind == "blank" or token.text in ("[", "(")), 0)
