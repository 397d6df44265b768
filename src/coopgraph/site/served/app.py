"""The site as an ASGI application: each address to what answers it."""

from __future__ import annotations

import json
import re
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from coopgraph import __version__
from coopgraph.errors import short
from coopgraph.rdf.vocab import LANGUAGES
from coopgraph.site import files_of_the_whole
from coopgraph.site.addresses import MAIN
from coopgraph.site.claim_html import isolated
from coopgraph.site.served import accept, openapi, pages, questions, requests, sparql, views
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from starlette.types import Receive, Scope, Send

    from coopgraph.site.served.live import LiveGraph

_QUESTION = re.compile(rf"questions/([^/]+)\.({'|'.join(questions.SUFFIXES)})")
_ASKED = re.compile(
    rf"(?P<what>search|sparql|questions/(?!index\.|index$)(?P<question>[^/.]+))"
    rf"(?P<ending>(?:\.(?P<language>{'|'.join(LANGUAGES[1:])}))?\.html)?"
)
"""Where forms are sent to."""


class App:
    """The graphs of a site, each at its path."""

    def __init__(self, graphs: Sequence[LiveGraph]) -> None:
        self.graphs = sorted(graphs, key=lambda live: -len(live.path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        response = await self._response(request, scope["path"])
        await response(scope, receive, send)

    async def _response(self, request: Request, path: str) -> Response:
        for live in self.graphs:
            if path.startswith(live.path):
                return await _of_graph(request, live, path.removeprefix(live.path))
            if f"{path}/" == live.path:
                return RedirectResponse(live.path, 308)
        if path == "/":
            return self._listed(request)
        raise Problem(404, f"there is no graph at {short(path)}; / lists them")

    def _listed(self, request: Request) -> Response:
        """Return the list of the graphs, where there are several."""
        _read_only(request)
        named = sorted((live.path, live.space.title) for live in self.graphs)
        items = "".join(f'<li><a href="{escape(path)}">{isolated(title)}</a></li>' for path, title in named)
        head = (
            '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Graphs</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="{escape(named[0][0])}-/style.css">'
        )
        return HTMLResponse(f"{head}<main><h1>Graphs</h1><ul>{items}</ul></main></html>")


async def _of_graph(request: Request, live: LiveGraph, path: str) -> Response:
    if path.rstrip("/") == "sparql":
        return await _sparql(request, live)
    _read_only(request)
    try:
        return await _of_path(request, live, path)
    except Problem as problem:
        if problem.status != 404:
            raise
        return await _not_there(request, live, path, problem)


async def _not_there(request: Request, live: LiveGraph, path: str, problem: Problem) -> Response:
    """Return what says that there is nothing: a page for readers, JSON where that is asked for, else one line."""
    chosen = accept.choose(", ".join(request.headers.getlist("accept")), _TOLD_AS)
    if chosen == "text/html":
        return await views.not_there(request, live, path)
    if chosen in _JSON:
        told = {"type": "about:blank", "title": "Not Found", "status": 404, "detail": problem.line}
        return JSONResponse(told, 404, {"Cache-Control": "no-store", "Vary": "Accept"}, chosen)
    raise problem


_JSON = ("application/problem+json", "application/json")
_TOLD_AS = ("text/plain", "text/html", *_JSON)
"""How it can be told that there is nothing, what a client gets that wants anything first."""


async def _of_path(request: Request, live: LiveGraph, path: str) -> Response:
    if answer := _FIXED.get(path):
        return await answer(request, live)
    if match := _QUESTION.fullmatch(path):
        return await questions.respond(request, live, match[1], match[2])
    if match := _ASKED.fullmatch(path):
        return await _asked(request, live, match)
    return await pages.respond(request, live, path)


async def _asked(request: Request, live: LiveGraph, match: re.Match[str]) -> Response:
    """Answer where a form is sent to: as data where programs ask, else as a page, or with the form alone."""
    language = match["language"] or MAIN
    given = {name for name, _ in requests.of(request)}
    if match["what"] == "search":
        response = None if match["ending"] else await questions.search(request, live)
        if response is not None or "q" in given:
            return response or await views.search(request, live, language)
    elif match["what"] == "sparql":
        if page := await sparql.page(request, live, language):
            return page
    elif match["question"]:
        if given - _NOTHING:
            return await views.question(request, live, match["question"], language)
        with live.reading() as opened:
            questions.find(opened.site.content.questions.values(), match["question"])
    return await pages.respond(request, live, match[0] if match["ending"] else f"{match[0]}.html")


_NOTHING = {"format"}
"""Parameters of addresses of questions that are none of the question's."""


async def _sparql(request: Request, live: LiveGraph) -> Response:
    if request.method not in ("GET", "HEAD", "POST"):
        line = f"{short(request.method, 20)} is not done here; send queries by GET or POST"
        raise Problem(405, line, {"Allow": "GET, HEAD, POST, OPTIONS"})
    response = await sparql.respond(request, live)
    return response or await pages.respond(request, live, "sparql.html")


def _read_only(request: Request) -> None:
    if request.method not in ("GET", "HEAD"):
        line = f"{short(request.method, 20)} is not done here; it is read by GET"
        raise Problem(405, line, {"Allow": "GET, HEAD, OPTIONS"})


async def _health(_: Request, live: LiveGraph) -> Response:
    with live.reading() as opened:
        state = {"status": "ok", "generation": opened.name, "queries": live.pool.state()}
    return _json(state, {"Cache-Control": "no-store"})


async def _config(_: Request, live: LiveGraph) -> Response:
    limits, space = live.limits, live.space
    with live.reading() as opened:
        content = {
            "title": space.title, "description": space.description, "license": space.license, "base": space.base,
            "prefixes": opened.graph.store.prefixes, "generation": opened.name, "version": __version__,
            "limits": {"seconds": limits.seconds, "rows": limits.rows, "bytes": limits.bytes},
            "sparql": "../sparql", "search": "../search", "questions": "../questions/", "openapi": "openapi.json",
        }  # fmt: skip
    return _json(content)


async def _void(request: Request, live: LiveGraph) -> Response:
    """Return the description of the data, with the address at which it can be asked here."""
    endpoint = str(request.url.replace(path=f"{live.path}sparql", query=""))
    with live.reading() as opened:
        text = await live.in_thread(partial(files_of_the_whole.void, opened.site.content, endpoint))
    return Response(text, headers={"Cache-Control": "no-cache", "Content-Type": "text/turtle; charset=utf-8"})


async def _robots(request: Request, live: LiveGraph) -> Response:
    """Return what crawlers may read. The site map tells of the addresses of the base, so only there is it named."""
    with live.reading() as opened:
        page = await live.in_thread(partial(opened.site.render, "robots.txt"))
        is_there = opened.site.content.address == str(request.url.replace(path=live.path, query=""))
    lines = page.body.splitlines(keepends=True) if page else []
    body = b"".join(line for line in lines if is_there or not line.startswith(b"Sitemap:"))
    return Response(body, headers={"Cache-Control": "no-cache", "Content-Type": "text/plain; charset=utf-8"})


async def _openapi(_: Request, live: LiveGraph) -> Response:
    with live.reading() as opened:
        library = await live.in_thread(opened.graph.questions)
    return _json(openapi.document(live.space, library), media_type="application/openapi+json;version=3.1")


def _json(content: Any, headers: dict[str, str] | None = None, media_type: str = "application/json") -> Response:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return Response(f"{text}\n", headers={"Cache-Control": "no-cache", **(headers or {})}, media_type=media_type)


_FIXED: dict[str, Callable[[Request, LiveGraph], Awaitable[Response]]] = {
    "-/health": _health,
    "-/config.json": _config,
    "-/openapi.json": _openapi,
    "void.ttl": _void,
    ".well-known/void": _void,
    "robots.txt": _robots,
}
