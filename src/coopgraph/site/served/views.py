"""Answers as pages: of a search, of a question asked by its form, of a query that somebody wrote."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import Response

from coopgraph.ask import names
from coopgraph.errors import UsageError, short
from coopgraph.rdf.terms import NamedNode, Term
from coopgraph.site import question_pages, question_texts
from coopgraph.site.addresses import MAIN, Place, file_name
from coopgraph.site.served import forms, pages, questions, requests
from coopgraph.site.served.answer_page import AnswerPage, Cell, Field
from coopgraph.site.served.content import BOOLEAN, ROWS, TRIPLES
from coopgraph.site.served.problems import Problem
from coopgraph.site.templating import html
from coopgraph.site.view import Name, View
from coopgraph.store import name_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.site.served.live import LiveGraph
    from coopgraph.site.served.pool import Answer
    from coopgraph.site.served.requests import Parameters

FORMS = {ROWS: "json", BOOLEAN: "json", TRIPLES: "turtle"}
"""The forms in which answers come that are shown as pages."""


async def search(request: Request, live: LiveGraph, language: str) -> Response:
    """Return the page with what has a text in a name or gist."""
    given = requests.of(request)
    text = (requests.once(given, "q") or "").strip()
    with live.reading() as opened:
        page = AnswerPage(opened, "search", language)
        content: dict[str, Any] = {"title": page.says["search"], "fields": [Field("q", page.says["search"], text)]}
        if text:
            content |= await live.in_thread(partial(_hits, page, text))
        return await live.in_thread(partial(page.response, button=page.says["find"], **content))


def _hits(page: AnswerPage, text: str) -> dict[str, Any]:
    try:
        rows = names.search(page.store, text, questions.FEW)
    except UsageError as error:
        return {"problem": str(error)}
    if not rows:
        return {"notes": [page.says["nothing"].format(text=short(text))]}
    shown = [_shown(page, row) for row in rows]
    kept = [place for place, _ in enumerate(_FOUND) if any(row[place].text for row in shown)]
    columns = [page.says[f"found-{_FOUND[place]}"] for place in kept]
    cells = [[row[place] for place in kept] for row in shown]
    return {"columns": columns, "rows": cells, "stacked": True, "data": page.data("search", {"q": text})}


_FOUND = ("label", "class", "paragraph", "text")
"""What a page shows of what was found, where there is any; the label leads to its page."""


def _shown(page: AnswerPage, row: Sequence[Term | None]) -> list[Cell]:
    thing, kind, label, paragraph, text = map(page.cell, (*row[:-1], page.gist(row[0]) or row[-1]))
    if isinstance(row[1], NamedNode):
        is_relation = isinstance(row[0], NamedNode) and row[0].value in page.view.content.relations
        is_known = row[1].value in page.view.content.things  # OWL's own classes are nobody's words
        word = "relation" if is_relation else "vocabulary"
        named = page.view.name(row[1].value) if is_known and not is_relation else Name(page.view.words(word))
        kind = Cell(named.text, named.lang, named.href)
    if paragraph.text.isdecimal():
        paragraph = paragraph._replace(text=page.view.words("paragraph", n=int(paragraph.text)))
    found_in = Cell("") if text.text == label.text else text
    return [label._replace(href=thing.href, text=label.text or thing.text), kind, paragraph, found_in]


async def not_there(request: Request, live: LiveGraph, path: str) -> Response:
    """Return the page of a path at which there is nothing: a search for its name, and what is called nearly so."""
    language = pages.language(request.headers.get("accept-language", ""))
    text = re.sub(r"[-_\s]+", " ", _last(path)).strip()
    with live.reading() as opened:
        page = AnswerPage(opened, "/".join([*("x" * path.count("/")), "404"]), language)
        near = await live.in_thread(partial(_near, page, text[:_LONGEST]))
        content: dict[str, Any] = {
            "title": page.view.words("notThere"), "languages": (), "near": near, "action": page.view.link("search"),
            "fields": [Field("q", page.says["search"], text[:_LONGEST])], "status": 404,
        }  # fmt: skip
        response = await live.in_thread(partial(page.response, button=page.says["find"], **content))
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


_LONGEST = 60
"""Letters of a path that are taken for a name."""
_NEAR = 8


def _last(path: str) -> str:
    """Return the name in a path without its ending.

    >>> _last("id/place/hong-kong.zh-Hant.html")
    'hong-kong'
    """
    return path.rstrip("/").rpartition("/")[2].partition(".")[0]


def _near(page: AnswerPage, text: str) -> list[Name]:
    """Return the things whose names have a text, or nearly."""
    if not name_index.fold(text):
        return []
    hits = page.store.search(text, _NEAR) or page.store.similar(text, _NEAR)
    iris = dict.fromkeys(hit.iri for hit in hits if hit.kind != name_index.GIST)
    return [name for name in map(page.view.name, iris) if name.href]


async def question(request: Request, live: LiveGraph, name: str, language: str) -> Response:
    """Return the page of a question: its form, and where that is filled in, its answer."""
    given = requests.of(request)
    with live.reading() as opened:
        asked = questions.find(await live.in_thread(opened.graph.questions), name)
        page = AnswerPage(opened, f"questions/{file_name(asked.name)}", language)
        content = _form(page, asked, given)
        if given:
            content |= await _answered(page, request, live, asked, given)
        return await live.in_thread(partial(page.response, button=page.says["ask"], **content))


def _form(page: AnswerPage, asked: QueryFile, given: Parameters) -> dict[str, Any]:
    typed, view = dict(given), page.view
    heading = question_texts.title(asked, view.place.language)
    return {
        "title": heading.text,
        "lang": heading.lang,
        "description": question_texts.description(asked, view.place.language),
        "fields": [_field(parameter, typed.get(parameter.name, ""), view) for parameter in asked.parameters],
        "sparql": asked.sparql,
        "edit": page.link("sparql", {"query": asked.sparql}),
    }


def _field(parameter: Parameter, typed: str, view: View) -> Field:
    """Return the field of a parameter; what was typed can be chosen again, whatever it is."""
    listed = [typed] if typed and typed not in parameter.choices else []
    names = (*listed, *parameter.choices) if parameter.choices else ()
    choices = [(name, question_pages.value_name(parameter, name, view)) for name in names]
    explained = question_texts.explained(parameter, view.place.language)
    return Field(
        parameter.name, explained.text, typed, not parameter.optional, choices=choices, lang=explained.lang
    )  # fmt: skip


async def _answered(
    page: AnswerPage, request: Request, live: LiveGraph, asked: QueryFile, given: Parameters
) -> dict[str, Any]:
    try:
        answer = await questions.answer(request, live, asked, given, FORMS)
    except Problem as problem:
        return {"problem": problem.line, "status": problem.status}
    parameters = questions.values(given, asked)
    stem = f"questions/{file_name(asked.name)}"
    data = page.data(stem, parameters, answer.head["kind"])
    ending = "csv" if answer.head["kind"] == ROWS else data[0][0]
    address = str(request.url.replace(path=f"{live.path}{stem}.{ending}", query=urlencode(parameters)))
    shown = await live.in_thread(partial(page.of_kind, answer))
    curl = "curl '{}'".format(address.replace("'", "%27"))
    columns = [question_texts.column(name, page.view.place.language).text for name in shown.get("columns", ())]
    return shown | {"columns": columns, "data": data, "curl": curl}


async def editor(live: LiveGraph, text: str, language: str) -> Response:
    """Return the page on which queries are written, with a query to change."""
    with live.reading() as opened:
        view = View(opened.site.content, Place("sparql", language=language))
        content = question_pages.sparql(view, text)
        body = await live.in_thread(partial(html, "sparql.html.j2", view, (), **content))
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="text/html")


async def query(answer: Answer | Problem, live: LiveGraph, text: str, language: str = MAIN) -> Response:
    """Return the page with the answer to a query, or with what is wrong with it, and the query to change."""
    with live.reading() as opened:
        page = AnswerPage(opened, "sparql", language)
        field = Field("query", page.says["queryText"], text, long=True)
        content: dict[str, Any] = {"title": page.says["sparql"], "fields": [field], "hidden": {"format": "html"}}
        if isinstance(answer, Problem):
            content |= {"problem": answer.line, "status": answer.status}
        else:
            content |= await live.in_thread(partial(page.of_kind, answer))
            names = forms.endings(answer.head["kind"])
            content["data"] = [(each, page.link("sparql", {"query": text, "format": each}, "")) for each in names]
        return await live.in_thread(partial(page.response, button=page.says["ask"], **content))
