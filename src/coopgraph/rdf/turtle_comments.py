"""The comments of a Turtle file, each with the statement that it belongs to, so that sorting takes them along."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from coopgraph.errors import DataError
from coopgraph.rdf.turtle_tokens import Token, place, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass
class Comments:
    """The comments of a file: at its head, at its foot, and by subject and predicate, terms as N-Triples has them.

    Those above a subject have an empty predicate. A comment that follows something in its line belongs to that, any
    other to what comes next.
    """

    head: list[str] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    of: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))


def read(text: str, name: str) -> Comments:
    """Return the comments of Turtle text that a parser has read.

    Raises `DataError`, with file and line, for one that stands with a subject without a name.
    """
    reader = _Reader(text, name)
    if "#" in text:
        for statement in _statements(text):
            reader.take(statement)
        reader.comments.foot += [token.text for token in reader.waiting]
    return reader.comments


class _Reader:
    """Statements taken one after the other, and the comments so far; `waiting` are those that belong to what comes."""

    def __init__(self, text: str, name: str) -> None:
        self.comments, self.waiting = Comments(), list[Token]()
        self._text, self._name = text, name
        self._directives = ""
        self._began = False

    def take(self, statement: list[Token]) -> None:
        """Take the comments of a statement: the tokens up to its end, and a comment behind that."""
        code = [token for token in statement if token.kind != "comment"]
        notes = [token for token in statement if token.kind == "comment"]
        if not code:
            self.waiting += notes
        elif _is_directive(code[0]):
            self._directives += self._text[code[0].start : code[-1].end] + "\n"
            if self._began:
                self.waiting += notes
            else:
                self.comments.head += [token.text for token in notes]
        elif code[0].kind in ("iri", "name"):
            if notes or self.waiting:
                self._attach([*self.waiting, *statement], code[0])
            self.waiting, self._began = [], True
        else:
            self._take_nameless([*self.waiting, *notes], code[0])
            self.waiting, self._began = [], True

    def _take_nameless(self, notes: list[Token], subject: Token) -> None:
        """Take the comments of a subject without a name: those before the first one are the head of the file."""
        for token in notes:
            if self._began or token.start > subject.start:
                raise DataError(
                    f"{self._name}:{place(self._text, token.start)}: has a comment beside a subject without a name, "
                    "which formatting would lose; give the subject an IRI, or take the comment out"
                )
            self.comments.head.append(token.text)

    def _attach(self, statement: list[Token], first: Token) -> None:
        """Give the comments of a statement to its subject and its predicates."""
        of = self.comments.of[self._term(f"{first.text} <x:p> <x:o> .", 0)]
        verb, waiting, depth = "", list[str](), 0
        before, verb_is_next = None, True
        for token in statement:
            if token.kind == "comment":
                own_line = before is None or _breaks(self._text, before, token)
                (waiting if own_line and verb_is_next else of[verb]).append(token.text)
                continue
            depth += (token.kind == "open") - (token.kind == "close")
            if token is first:
                of[""] += waiting
                waiting = []
            elif token.text == ";" and not depth:
                verb_is_next = True
            elif verb_is_next and not (token.text == "." and token.kind == "mark"):
                verb, verb_is_next = self._term(f"<x:s> {token.text} <x:o> .", 1), False
                of[verb] += waiting
                waiting = []
            before = token
        of[verb] += waiting

    def _term(self, statement: str, part: int) -> str:
        """Return subject or predicate of a statement, as the parser reads it."""
        quads = list(parse(f"{self._directives}{statement}", format=RdfFormat.TURTLE))
        return str((quads[-1].subject, quads[-1].predicate)[part])


def all_of(text: str) -> list[str]:
    """Return the comments of Turtle text in no certain order."""
    return sorted(token.text.rstrip() for token in tokens(text) if token.kind == "comment") if "#" in text else []


def _is_directive(first: Token) -> bool:
    return first.kind == "tag" or (first.kind == "word" and first.text.upper() in _WITHOUT_DOT)


_WITHOUT_DOT = {"PREFIX": 3, "BASE": 2, "VERSION": 2}
"""Keyword in SPARQL's style -> tokens of its directive, which ends without a full stop."""


def _statements(text: str) -> Iterable[list[Token]]:
    """Yield the statements as tokens, each with the comments before it and those behind it in its last line."""
    statement: list[Token] = []
    code, depth, ended = 0, 0, False
    for token in tokens(text):
        if ended and (token.kind != "comment" or _breaks(text, statement[-1], token)):
            yield statement
            statement, code, depth, ended = [], 0, 0, False
        statement.append(token)
        if token.kind != "comment":
            code += 1
            first = next(each for each in statement if each.kind != "comment")
            depth += (token.kind == "open") - (token.kind == "close")
            ended = (token.text == "." and token.kind == "mark" and not depth) or (
                first.kind == "word" and code == _WITHOUT_DOT.get(first.text.upper())
            )
    if statement:
        yield statement


def _breaks(text: str, before: Token, after: Token) -> bool:
    """Say whether a line ends between two tokens."""
    between = text[before.end : after.start]
    return "\n" in between or "\r" in between
