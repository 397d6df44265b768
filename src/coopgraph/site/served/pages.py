"""Pages of the site on demand: what the renderer gives for a path, and from the name of a thing to one of its forms."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.responses import RedirectResponse, Response

from coopgraph.errors import UsageError, short
from coopgraph.rdf import vocab
from coopgraph.rdf.vocab import LANGUAGES
from coopgraph.site.checksums import digest
from coopgraph.site.served import accept, requests
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from starlette.requests import Request

    from coopgraph.site.page import Page
    from coopgraph.site.served.live import Generation, LiveGraph

ENDINGS = {
    "html": ("text/html", "application/xhtml+xml"),
    "ttl": ("text/turtle", "application/x-turtle"),
    "jsonld": ("application/ld+json",),
    "nt": ("application/n-triples", "text/plain"),
    "rdf": ("application/rdf+xml", "application/xml", "text/xml"),
    "json": ("application/json",),
}
"""Endings of the files in which a thing is told of, with the media types that each is accepted as, best first."""
_NAMES = {name: ending for ending in ENDINGS for name in (ending, *ENDINGS[ending])} | {
    "turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf",
}  # fmt: skip
_CHINESE = {"zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans",
            "zh-hant": "zh-Hant", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant"}  # fmt: skip


async def respond(request: Request, live: LiveGraph, path: str) -> Response:
    """Return what stands at a path, or where the thing of that name is told of. Raises `Problem` (404, 405, 406)."""
    if request.method not in ("GET", "HEAD"):
        line = f"{short(request.method, 20)} is not done here; pages are read"
        raise Problem(405, line, {"Allow": "GET, HEAD, OPTIONS"})
    with live.reading() as opened:
        file = f"{path}index.html" if path.endswith("/") or not path else path
        etag = opened.etag(file)
        if etag and _has(request, etag):
            return _unchanged(etag)
        try:
            page = await live.in_thread(partial(opened.site.render, file))
        except UsageError as error:  # this form cannot hold it
            raise Problem(406, str(error)) from error
        if page is not None:
            return _response(request, page, etag or _digest(page), live.path)
        return await live.in_thread(partial(_elsewhere, request, opened, live.path, path))


def service(root: str) -> str:
    """Return the link of every page to what can be asked here; by it scripts tell a server from a folder of files."""
    return f'<{quote(root)}-/openapi.json>; rel="service-desc"; type="application/openapi+json"'


def _has(request: Request, etag: str) -> bool:
    """Say whether the client has these bytes, as If-None-Match says, RFC 9110, section 13.1.2."""
    header = ", ".join(request.headers.getlist("if-none-match"))
    return etag in (each.strip().removeprefix("W/") for each in header.split(","))


def _unchanged(etag: str) -> Response:
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})


def _digest(page: Page) -> str:
    return f'"{digest(page.body)}"'


def _response(request: Request, page: Page, etag: str, root: str) -> Response:
    if _has(request, etag) or request.headers.get("if-none-match", "").strip() == "*":
        return _unchanged(etag)
    media_type = _MEDIA_TYPES.get(page.path, page.media_type)
    headers = {"Content-Type": media_type, "ETag": etag, "Cache-Control": "no-cache"}
    if page.path == _WHOLE:
        headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    links = [_ascii(link.header()) for link in page.links]
    if media_type.startswith("text/html"):
        links.append(service(root))
        headers |= _policy(page)
    if links:
        headers["Link"] = ", ".join(links)
    return Response(page.body, headers=headers)


def _policy(page: Page) -> dict[str, str]:
    """Return the header with a page's own policy, which other pages of this site may frame."""
    match = _POLICY.search(page.body[:4096].decode("utf-8", "replace"))
    return {"Content-Security-Policy": f"{unescape(match[1])}; frame-ancestors 'self'"} if match else {}


_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"\r\n]+)">')
_MEDIA_TYPES = {".well-known/void": "text/turtle; charset=utf-8"}
"""Those that no ending tells."""
_WHOLE = "-/network.html"
"""The network in one file, which says itself what it may do: its scripts stand in it, each with its hash."""


def _ascii(text: str) -> str:
    """Return a header's value with what is no ASCII percent-encoded, as it can only stand in an address."""
    return re.sub(r"[^\x20-\x7e]", lambda match: quote(match[0]), text)


def _elsewhere(request: Request, opened: Generation, root: str, path: str) -> Response:
    """Return the redirection to what is meant by a path at which there is no page."""
    stem = _stem(opened, path)
    if stem is None:
        raise Problem(404, f"there is nothing at {short(root + path)}; {root}search?q= finds things by their names")
    has_data = opened.site.render(f"{stem}.nt") is not None  # and then all the other forms
    there = list(ENDINGS) if has_data else ["html"]
    if there == ["html"] and stem.endswith("/index"):
        return _see(f"{root}{stem.removesuffix('index')}", 308)
    ending = _ending(request, there)
    reads = language(request.headers.get("accept-language", "")) if ending == "html" else LANGUAGES[0]
    named = f".{reads}" if reads != LANGUAGES[0] else ""
    response = _see(f"{root}{stem}{named}.{ending}", 303)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _stem(opened: Generation, path: str) -> str | None:
    """Return where the thing of that name is told of, or else what is called so itself; None where nothing is."""
    addresses = opened.site.content.addresses
    stems = (*map(addresses.stem, _iris(opened, path)), path, f"{path}/index")
    return next((stem for stem in stems if opened.site.render(f"{stem}.html")), None)


def _iris(opened: Generation, path: str) -> list[str]:
    """Return the IRIs that a path may stand for: below `id/`, and below the path of the base on its own host."""
    base = opened.graph.workspace.base
    iris = []
    for space, root in ((base, "id/"), (vocab.ID, "id/"), (base, urlsplit(base).path.lstrip("/"))):
        if root and path.startswith(root):
            name = path.removeprefix(root)
            iris += [space + each for each in (name, quote(name, safe="/~.!$&'()*+,;=:@-_"))]
    return list(dict.fromkeys(iris))


def _ending(request: Request, there: list[str]) -> str:
    if wanted := requests.once(requests.of(request), "format"):
        if _NAMES.get(wanted) not in there:
            raise Problem(400, f"no format is called {short(wanted)!r}; there are {', '.join(there)}")
        return _NAMES[wanted]
    offered = [ENDINGS[ending][0] for ending in there] + [each for ending in there for each in ENDINGS[ending][1:]]
    chosen = accept.choose(", ".join(request.headers.getlist("accept")), offered)
    if chosen is None:
        listed = ", ".join(ENDINGS[ending][0] for ending in there)
        raise Problem(406, f"it is told in {listed}; ask for one of these")
    return next(ending for ending in there if chosen in ENDINGS[ending])


def language(header: str) -> str:
    """Return the language of the pages that a reader would rather have (RFC 4647, lookup).

    >>> language("zh-HK, en;q=0.5"), language("fr"), language("zh-Hant-TW;q=0.3, zh;q=0.2"), language("en, zh")
    ('zh-Hant', 'en', 'zh-Hant', 'en')
    """
    weighed = []
    for element in header.lower().split(","):
        tag, _, weight = element.partition(";")
        number = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
        weighed.append((tag.strip(), float(number[1]) if number else 1.0))
    for wanted, preference in sorted(weighed, key=lambda each: -each[1]):
        known = _known_language(wanted)
        if preference and known:
            return known
    return LANGUAGES[0]


def _known_language(tag: str) -> str | None:
    while tag:
        if tag in _CHINESE or tag == "en":
            return _CHINESE.get(tag, "en")
        tag = tag.rpartition("-")[0]
    return None


def _see(path: str, status: int) -> Response:
    """Return a redirection to a path of this site."""
    return RedirectResponse(quote(path, safe="/~.!$&'()*+,;=:@-_"), status)
