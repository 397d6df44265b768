"""The query operation of the SPARQL 1.1 Protocol out of a request: by GET, by a form, or as the body itself.

https://www.w3.org/TR/sparql11-protocol/. What would change the graph is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import short
from coopgraph.site.served import requests
from coopgraph.site.served.problems import Problem
from coopgraph.store.interface import Graphs

if TYPE_CHECKING:
    from starlette.requests import Request

    from coopgraph.site.served.requests import Parameters

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_RDFLIB_DEFAULT = "urn:x-rdflib:default"
"""What rdflib's Dataset calls the default graph of any server."""
_PLAIN = {"Accept-Encoding": "identity"}
_READ_ONLY = "the graph is read here and not changed; edit its files and build it anew"


class Operation(NamedTuple):
    """A query as it was sent: its text, the graphs that were named beside it, and all parameters."""

    text: str
    graphs: Graphs | None
    parameters: Parameters


async def operation(request: Request) -> Operation | None:
    """Return the query of a request, None for one by GET without a query, which asks what there is.

    Raises `Problem`.
    """
    given = requests.of(request)
    if request.method != "POST":
        return _operation(given)
    kind = _media_type(request.headers.get("content-type", ""))
    if kind == _UPDATE:
        raise Problem(403, _READ_ONLY)
    if kind not in (_FORM, _QUERY):
        sent = f"{short(kind)} is" if kind else "a body without a Content-Type is"
        raise Problem(415, f"{sent} not read here; send {_QUERY} or {_FORM}", {"Accept-Post": f"{_QUERY}, {_FORM}"})
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        raise Problem(415, f"a body packed as {short(coding)} is not read here; send it plain", _PLAIN)
    content = await requests.body(request)
    sent_in_body = requests.parameters(content) if kind == _FORM else [("query", _text(content))]
    asked = _operation(given + sent_in_body)
    if asked is None:
        raise Problem(400, "there is no query; send query=...")
    return asked


def _media_type(header: str) -> str:
    """Return the media type of a body. Raises `Problem` (415) for a character set that is not UTF-8."""
    kind, *more = header.split(";")
    for parameter in more:
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8"):
            raise Problem(415, f"charset={short(charset) or '?'} is not read here; send UTF-8")
    return kind.strip().lower()


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, f"the query is not UTF-8 at byte {error.start}; send UTF-8") from None


def _operation(given: Parameters) -> Operation | None:
    if any(name == "update" for name, _ in given):
        raise Problem(403, _READ_ONLY)
    text = requests.once(given, "query")
    if text is None:
        return None
    if not re.sub(r"#.*", "", text).strip():
        raise Problem(400, "the query is empty; write SELECT, ASK, CONSTRUCT or DESCRIBE")
    default = tuple(value for name, value in given if name == "default-graph-uri" and value != _RDFLIB_DEFAULT)
    named = tuple(value for name, value in given if name == "named-graph-uri")
    return Operation(text, Graphs(default, named) if default or named else None, given)
