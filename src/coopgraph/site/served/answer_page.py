"""The page of an answer: its form, and rows as a table in the reader's language."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from starlette.responses import Response

from coopgraph.rdf.terms import Literal, NamedNode, Term, compact, language_tag, python_value
from coopgraph.site import facts, question_texts
from coopgraph.site.addresses import Place
from coopgraph.site.served import forms
from coopgraph.site.served.content import BOOLEAN, ROWS
from coopgraph.site.templating import html
from coopgraph.site.view import Name, View
from coopgraph.store.interface import parse_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgraph.claims.model import Labels
    from coopgraph.site.served.live import Generation
    from coopgraph.site.served.pool import Answer

_MOST_SHOWN = 500
"""Rows of a table in a page; the data has all."""


class Field(NamedTuple):
    """A field of a form."""

    name: str
    label: str
    value: str
    needed: bool = False
    long: bool = False
    choices: Sequence[tuple[str, str]] = ()
    lang: str = ""


class Cell(NamedTuple):
    """A value in a table: its text, the language of that, and the page of the thing that it is."""

    text: str
    lang: str = ""
    href: str = ""
    is_number: bool = False


@cache
def texts(language: str) -> dict[str, str]:
    """Return what these pages say in a language."""
    read: dict[str, dict[str, str]] = json.loads(
        files("coopgraph.site.served").joinpath("texts.json").read_text("utf-8")
    )
    return read[language]


class AnswerPage:
    """A page at a place, in a language, filled from a generation of the graph."""

    def __init__(self, opened: Generation, stem: str, language: str) -> None:
        self.view = View(opened.site.content, Place(stem, language=language))
        self.store = opened.graph.store
        self.says = texts(language)
        self._is_question = stem.startswith("questions/")

    def link(self, stem: str, parameters: dict[str, str], ending: str = ".html") -> str:
        """Return the link to a page or interface, with parameters."""
        path = Place(stem, language=self.view.place.language).path if ending == ".html" else f"{stem}{ending}"
        return f"{self.view.file(path)}?{urlencode(parameters)}"

    def data(self, stem: str, parameters: dict[str, str], kind: str = ROWS) -> list[tuple[str, str]]:
        """Return the links to an answer of a kind as data."""
        if stem == "search":
            return [(each, self.link(stem, {**parameters, "format": each}, "")) for each in forms.endings(kind)]
        return [(each, self.link(stem, parameters, f".{each}")) for each in forms.endings(kind)]

    def of_kind(self, answer: Answer) -> dict[str, Any]:
        """Return what the template shows of an answer to any query."""
        kind, body = answer.head["kind"], answer.body
        if kind == ROWS:
            return self.rows(answer)
        if kind == BOOLEAN:
            return {"notes": [self.says["yes" if json.loads(body)["boolean"] else "no"]]}
        return {"text": body.decode("utf-8"), "notes": self._cut(answer)}

    def rows(self, answer: Answer) -> dict[str, Any]:
        """Return what the template shows of rows."""
        rows = parse_rows(answer.body)
        shown = self.table([variable.value for variable in rows.variables], rows)
        shown["notes"] += self._cut(answer)
        return shown

    def _cut(self, answer: Answer) -> list[str]:
        number, _, noun = answer.head["cut"].partition(" ")
        return [self.view.words(f"answer-cut-{noun}", n=int(number))] if noun else []

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Term | None]]) -> dict[str, Any]:
        """Return what the template shows of rows: the first of them, and how many there are.

        A column of labels or titles is not shown beside the things that they name: these are called so. A gist is
        told in the reader's language.
        """
        listed = list(rows)
        number = len(listed)
        notes = (
            [self.says["rows1" if number == 1 else "rows"].format(n=f"{number:,}")] if number else [self.says["none"]]
        )
        if number > _MOST_SHOWN:
            notes.append(self.says["shown"].format(n=_MOST_SHOWN))
        label_of = {
            name: columns.index(f"{name}{end}")
            for name in columns
            for end in ("Title", "Label")
            if f"{name}{end}" in columns
        }
        kept = [place for place, _ in enumerate(columns) if place not in label_of.values()]
        labels = [label_of.get(columns[place]) for place in kept]
        cells = [
            [
                self._called(row[place], None if label is None else row[label])
                for place, label in zip(kept, labels, strict=True)
            ]
            for row in (self._told(columns, row) for row in listed[:_MOST_SHOWN])
        ]
        numeric = [
            any(each) and all(cell.is_number or not cell.text for cell in each) for each in zip(*cells, strict=True)
        ]
        shown = [columns[place] for place in kept] if number else ()
        return {"columns": shown, "numeric": numeric, "rows": cells, "notes": notes}

    def _told(self, columns: Sequence[str], row: Sequence[Term | None]) -> Sequence[Term | None]:
        """Return a row with the gist of its passage, or the definition of its term, as the reader is told it."""
        given = dict(zip(columns, row, strict=True))
        told: dict[str, Literal | None] = {}
        if "gist" in given:
            told["gist"] = self.gist(given.get("passage"))
        if "definition" in given:
            told["definition"] = self._definition(given.get("class") or given.get("relation"))
        return [told.get(name) or term for name, term in given.items()]

    def gist(self, thing: Term | None) -> Literal | None:
        """Return the gist of a passage in the reader's language, as far as there is one; nothing of other things."""
        passage = isinstance(thing, NamedNode) and self.view.content.extract.passages.get(thing.value)
        return self._best(passage.gist) if passage else None

    def _definition(self, term: Term | None) -> Literal | None:
        return self._best(facts.definitions(term.value, self.view.content)) if isinstance(term, NamedNode) else None

    def _best(self, texts: Labels) -> Literal | None:
        text, tag = self.view.words.best(texts)
        return Literal(text, language=tag or None) if text else None

    def _called(self, term: Term | None, label: Term | None) -> Cell:
        """Return a thing as the template shows it: one with a page in the reader's language, another by its label."""
        cell = self.cell(term)
        is_named = isinstance(term, NamedNode) and self.view.href(term.value)
        if is_named or not isinstance(label, Literal) or not label.value:
            return cell
        named = self.cell(label)
        return cell._replace(text=named.text, lang=named.lang)

    def cell(self, term: Term | None) -> Cell:
        """Return a value as the template shows it."""
        if isinstance(term, NamedNode) and self.view.href(term.value):
            return Cell(*self.view.name(term.value))
        text = compact(term, self.store.prefixes)
        if isinstance(term, NamedNode):
            return Cell(text, href=self._page_of(term.value))
        if not isinstance(term, Literal):
            return Cell(text)
        value = python_value(term)
        is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        if term.language or is_number:
            return Cell(text, language_tag(term.language or ""), is_number=is_number)
        return Cell(question_texts.told(text, self.view) if self._is_question else text)

    def _page_of(self, iri: str) -> str:
        """Return the link to the page of a thing, claim or passage, nothing where there is none."""
        site = self.view.content
        is_record = iri in site.claim_of or iri in site.extract.passages
        return self.view.link(site.addresses.stem(iri)) if is_record else self.view.href(iri)

    def response(self, **content: Any) -> Response:
        """Return the page as a response."""
        empty = {
            "description": Name(""),
            "lang": "",
            "problem": "",
            "notes": [],
            "columns": (),
            "numeric": (),
            "rows": (),
            "stacked": False,
            "text": "",
            "data": (),
            "near": (),
            "hidden": {},
        }
        more = {"sparql": "", "edit": "", "curl": "", "s": self.says, "action": self.view.file(self.view.place.path)}
        body = html("answer.html.j2", self.view, (), **{**empty, **more, **content})
        return Response(body, content.get("status", 200), {"Cache-Control": "no-store"}, "text/html")
