"""The address that answers SPARQL: queries by the protocol, and without one what can be asked there."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from starlette.responses import Response

from coopgraph.export import rdf_formats, sorted_rdf
from coopgraph.rdf.terms import NamedNode, Quad
from coopgraph.rdf.vocab import TYPE
from coopgraph.site.served import endpoint, forms, protocol, requests, views
from coopgraph.site.served.content import TRIPLES
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from starlette.requests import Request

    from coopgraph.site.served.forms import Choice
    from coopgraph.site.served.live import LiveGraph
    from coopgraph.site.served.pool import Answer
    from coopgraph.site.served.protocol import Operation

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
            "N-Triples", "JSON-LD", "RDF_XML")  # fmt: skip
_KINDS = tuple(forms.FORMS)


async def respond(request: Request, live: LiveGraph) -> Response | None:
    """Return the answer to a request, None where somebody wants to see the page on which queries are written.

    Raises `Problem`.
    """
    operation = await protocol.operation(request)
    header = ", ".join(request.headers.getlist("accept"))
    if operation is None:
        return await _description(request, live, header)
    wanted = requests.once(operation.parameters, "format") or None
    choices = forms.choices(header, wanted)
    answer = await _answered(request, live, operation, choices)
    is_page = choices[answer.head["kind"]].form == forms.HTML.name
    response = await views.query(answer, live, operation.text) if is_page else endpoint.response(answer, choices)
    if wanted is None:
        response.headers["Vary"] = "Accept"
    return response


async def page(request: Request, live: LiveGraph, language: str) -> Response | None:
    """Return the page on which queries are written, with the query of the address: None where there is none.

    Its form asks for the answer as a page, for browsers that run no scripts.
    """
    given = requests.of(request)
    text = requests.once(given, "query")
    if text is None:
        return None
    if requests.once(given, "format") != forms.HTML.name:
        return await views.editor(live, text, language)
    try:
        operation = await protocol.operation(request)
        answer = await _answered(request, live, operation, forms.choices("", forms.HTML.name)) if operation else None
    except Problem as problem:
        return await views.query(problem, live, text, language)
    return answer and await views.query(answer, live, text, language)


async def _answered(request: Request, live: LiveGraph, asked: Operation, choices: Mapping[str, Choice]) -> Answer:
    """Return the answer to a query, in the form that is chosen for its kind."""
    job = {
        "text": _based(asked.text, request),
        "graphs": asked.graphs,
        "forms": {kind: _sent_as(kind, choice.form) for kind, choice in choices.items()},
    }
    return await endpoint.answered(live, job, requests.seconds(asked.parameters, live.limits.seconds), request.receive)


_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\\\x00-\x20]*>")


def _based(text: str, request: Request) -> str:
    """Return a query whose relative IRIs start from the address that it is sent to, unless it says otherwise."""
    if not _RELATIVE.search(text) or "BASE" in text.upper():
        return text
    return f"BASE <{request.url.replace(query='')}> {text}"


def _sent_as(kind: str, form: str) -> str:
    """Return the form in which a worker gives what is wanted in another."""
    return views.FORMS[kind] if form == forms.HTML.name else form


async def _description(request: Request, live: LiveGraph, header: str) -> Response | None:
    given = requests.of(request)
    wanted = requests.once(given, "format") or None
    choice = forms.choices(header, wanted, (TRIPLES,)).get(TRIPLES)
    if choice is None:
        raise forms.not_acceptable(TRIPLES)
    if choice.form == forms.HTML.name:
        return None
    with live.reading() as opened:
        prefixes = {**opened.graph.store.prefixes, "sd": SD, "format": FORMATS}
        graphs = await live.in_thread(opened.graph.store.graphs)
    address = str(request.url.replace(query=""))
    out = StringIO()
    sorted_rdf.write(rdf_formats.WRITERS[choice.form](prefixes), [("", list(description(address, graphs)))], out)
    headers = {"Vary": "Accept", "Content-Type": choice.media_type}
    if choice.media_type.startswith("text/"):
        headers["Content-Type"] += "; charset=utf-8"
    return Response(out.getvalue(), headers=headers)


def description(address: str, graphs: Sequence[str]) -> Iterator[Quad]:
    """Yield what the SPARQL 1.1 Service Description says of an endpoint and the graphs that it has."""
    dataset, default = f"{address}#dataset", f"{address}#default-graph"
    yield _says(address, TYPE, f"{SD}Service")
    yield _says(address, f"{SD}endpoint", address)
    yield _says(address, f"{SD}supportedLanguage", f"{SD}SPARQL11Query")
    yield _says(address, f"{SD}feature", f"{SD}UnionDefaultGraph")
    for name in _RESULTS:
        yield _says(address, f"{SD}resultFormat", f"{FORMATS}{name}")
    yield _says(address, f"{SD}defaultDataset", dataset)
    yield _says(dataset, TYPE, f"{SD}Dataset")
    yield _says(dataset, f"{SD}defaultGraph", default)
    yield _says(default, TYPE, f"{SD}Graph")
    for number, graph in enumerate(graphs, 1):
        node = f"{address}#graph-{number}"
        yield _says(dataset, f"{SD}namedGraph", node)
        yield _says(node, TYPE, f"{SD}NamedGraph")
        yield _says(node, f"{SD}name", graph)


def _says(subject: str, predicate: str, target: str) -> Quad:
    return Quad(NamedNode(subject), NamedNode(predicate), NamedNode(target))
