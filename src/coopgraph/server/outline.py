"""The tokens of a query with its brackets paired, so that one level of it can be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coopgraph.rdf import sparql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CLOSED_BY = {"(": ")", "{": "}", "[": "]"}


class Outline:
    """A query's tokens, known by their places; the end of the query is the place behind the last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(sparql.lexemes(text))
        self.end = len(self.tokens)
        self._words = [token.upper() for _, token, _ in self.tokens]
        self._closing: dict[int, int] = {}
        open_: list[int] = []
        for at, (_, token, _) in enumerate(self.tokens):
            if token in _CLOSED_BY:
                open_.append(at)
            elif token in _CLOSED_BY.values() and open_:
                self._closing[open_.pop()] = at

    def has(self, at: int, *words: str) -> bool:
        """Say whether one of some words, in capitals, stands at a place."""
        return 0 <= at < self.end and self._words[at] in words

    def variable(self, at: int) -> str | None:
        """Return the name of the variable that stands at a place, or None."""
        kind, text, _ = self.tokens[at] if at < self.end else ("", "", 0)
        return text[1:] if kind == "variable" else None

    def closing(self, at: int) -> int:
        """Return the place of the bracket that closes the one at a place."""
        return self._closing.get(at, self.end)

    def level(self, start: int, end: int) -> Iterator[int]:
        """Yield the places that stand in no bracket opened between two places, the opening brackets included."""
        at = start
        while at < end:
            yield at
            at = self._closing.get(at, at) + 1

    def next(self, start: int, *words: str) -> int:
        """Return the place of the next of some words on the level of a place, or the end."""
        return next((at for at in self.level(start, self.end) if self.has(at, *words)), self.end)

    def position(self, at: int) -> int:
        """Return where in the text the token at a place begins, for the end where the text ends."""
        return self.tokens[at][2] if at < self.end else len(self.text)

    def rewritten(self, instead: Mapping[int, str]) -> str:
        """Return the text with other words in some places."""
        pieces, done = [], 0
        for at, written in sorted(instead.items()):
            _, token, position = self.tokens[at]
            pieces += [self.text[done:position], written]
            done = position + len(token)
        return "".join([*pieces, self.text[done:]])
