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
    comments = Comments()
    if "#" not in text:
        return comments
    directives = ""
    waiting: list[Token] = []
    began = False
    for statement in _statements(text):
        code = [token for token in statement if token.kind != "comment"]
        if not code:
            comments.foot += [token.text for token in (*waiting, *statement)]
            return comments
        if _is_directive(code[0]):
            directives += text[code[0].start : code[-1].end] + "\n"
            if began:
                waiting += (token for token in statement if token.kind == "comment")
            else:
                comments.head += (token.text for token in statement if token.kind == "comment")
            continue
        began = True
        if waiting or len(code) < len(statement):
            _attach(comments, text, name, directives, [*waiting, *statement])
            waiting = []
    comments.foot += [token.text for token in waiting]
    return comments


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


def _attach(comments: Comments, text: str, name: str, directives: str, statement: list[Token]) -> None:
    """Give the comments of a statement to its subject and its predicates."""
    code = [token for token in statement if token.kind != "comment"]
    if code[0].kind not in ("iri", "name"):
        first = next(token for token in statement if token.kind == "comment")
        raise DataError(
            f"{name}:{place(text, first.start)}: has a comment beside a subject without a name, which formatting would "
            "lose; give the subject an IRI, or take the comment out"
        )
    subject = _term(directives, f"{code[0].text} <x:p> <x:o> .", 0)
    verb, expected = "", False
    waiting: list[str] = []
    depth = 0
    before = None
    for token in statement:
        if token.kind == "comment":
            own_line = before is None or _breaks(text, before, token)
            if own_line and (expected or not verb):
                waiting.append(token.text)
            else:
                comments.of[subject][verb].append(token.text)
            continue
        depth += (token.kind == "open") - (token.kind == "close")
        if token is code[0]:
            comments.of[subject][""] += waiting
            waiting = []
            expected = True
        elif token.text == ";" and not depth:
            expected = True
        elif expected and not (token.text == "." and token.kind == "mark"):
            verb, expected = _term(directives, f"<x:s> {token.text} <x:o> .", 1), False
            comments.of[subject][verb] += waiting
            waiting = []
        before = token
    comments.of[subject][verb] += waiting


def _term(directives: str, statement: str, part: int) -> str:
    """Return subject or predicate of a statement, as the parser reads it."""
    quads = list(parse(f"{directives}{statement}", format=RdfFormat.TURTLE))
    return str((quads[-1].subject, quads[-1].predicate)[part])
