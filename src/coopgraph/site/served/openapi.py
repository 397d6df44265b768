"""What programs can ask of a site, as OpenAPI has it: written from the headers of the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph import __version__
from coopgraph.rdf import sparql
from coopgraph.site.served import forms
from coopgraph.site.served.content import BOOLEAN, ROWS, TRIPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.claims.workspace import Workspace

KINDS: Mapping[str, str] = {
    "SELECT": ROWS, "ASK": BOOLEAN, "CONSTRUCT": TRIPLES, "DESCRIBE": TRIPLES, "": ROWS,
}  # fmt: skip
"""The word that says what a query gives -> the kind of answer that is."""
_EXAMPLES: Mapping[str, str] = {
    "year": "a year: 2014, 199X",
    "date": "a date: 2017, 2017-06, 2017-06-05",
    "text": "a text",
}
_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_PROBLEMS = {
    "400": ("BadRequest", "A parameter or the query is wrong; one line says what."),
    "503": ("Busy", "Too many queries are being answered; Retry-After says when to ask again."),
}


def document(space: Workspace, library: Iterable[QueryFile]) -> dict[str, Any]:
    """Return the description of the interface, as https://spec.openapis.org/oas/v3.1.0 has it."""
    paths: dict[str, Any] = {"/sparql": _sparql(), "/search": _search()}
    for question in library:
        kind = KINDS[sparql.form(question.sparql)]
        for suffix in forms.endings(kind):
            paths[f"/questions/{question.name}.{suffix}"] = {"get": _question(question, kind, suffix)}
    responses = {
        name: {"description": text, "content": _TEXT} for name, text in _PROBLEMS.values()
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": _info(space),
        "servers": [{"url": "../"}],
        "paths": paths,
        "components": {"responses": responses, "schemas": {"Rows": _ROWS_SCHEMA}},
    }


def _info(space: Workspace) -> dict[str, Any]:
    info: dict[str, Any] = {"title": space.title, "version": __version__}
    if space.description:
        info["description"] = space.description
    if space.license:
        info["license"] = {"name": space.license, "url": space.license}
    return info


_ROWS_SCHEMA = {
    "description": "SPARQL 1.1 Query Results JSON, https://www.w3.org/TR/sparql11-results-json/",
    "type": "object",
    "required": ["head", "results"],
    "properties": {
        "head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
        "results": {
            "type": "object",
            "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
        },
    },
}


def _responses(content: Mapping[str, Any]) -> dict[str, Any]:
    listed = {status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in _PROBLEMS.items()}
    return {"200": {"description": "The answer.", "content": content}, **listed}


def _content(kind: str, endings: Iterable[str]) -> dict[str, Any]:
    """Return what an answer of a kind may look like, by media type, in the forms that some endings name."""
    schemas = {(ROWS, "json"): {"$ref": "#/components/schemas/Rows"}}
    return {
        form.media_types[0]: {"schema": schemas.get((kind, form.names[0]), {"type": "string"})}
        for form in forms.FORMS[kind]
        if form.names[0] in endings
    }


def _question(question: QueryFile, kind: str, suffix: str) -> dict[str, Any]:
    return {
        "operationId": f"{question.name}.{suffix}",
        "summary": question.summary,
        "description": question.description,
        "tags": ["questions"],
        "parameters": [*map(_parameter, question.parameters), _TIMEOUT],
        "responses": _responses(_content(kind, [suffix])),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kind = _EXAMPLES.get(parameter.kind, f"a {parameter.kind}, by IRI, prefixed name, slug or label in any language")
    return {
        "name": parameter.name,
        "in": "query",
        "required": not parameter.optional,
        "description": f"{parameter.text} ({kind})",
        "schema": {"type": "string"} | ({"enum": list(parameter.choices)} if parameter.choices else {}),
    }


def _given(name: str, text: str, schema: Mapping[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": text, "schema": dict(schema)}


_TIMEOUT = _given("timeout", "seconds after which to give up", {"type": "number", "exclusiveMinimum": 0})


def _search() -> dict[str, Any]:
    parameters = [
        _given("q", "a part of a name in any language, or words of a gist", {"type": "string"}, required=True),
        _given("limit", "things at most", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 20}),
        _given("format", "the form of the answer", {"type": "string", "enum": [*forms.endings(ROWS), "html"]}),
    ]
    operation = {
        "operationId": "search",
        "summary": "Find things by name, and passages by their gist",
        "tags": ["search"],
        "parameters": parameters,
        "responses": _responses(_content(ROWS, forms.endings(ROWS))),
    }
    return {"get": operation}


def _sparql() -> dict[str, Any]:
    content: dict[str, Any] = {}
    for kind in (TRIPLES, BOOLEAN, ROWS):  # what rows look like is told last, and stays
        content |= _content(kind, (*forms.endings(kind), forms.HTML.name))
    graphs = {"type": "array", "items": {"type": "string", "format": "uri"}}
    common = {"summary": "Ask SPARQL 1.1", "tags": ["sparql"], "responses": _responses(content)}
    parameters = [
        _given("query", "SELECT, ASK, CONSTRUCT or DESCRIBE", {"type": "string"}),
        _given("default-graph-uri", "graphs to ask together", graphs),
        _given("named-graph-uri", "graphs to ask by name", graphs),
        _given("format", "the form of the answer", {"type": "string"}),
        _TIMEOUT,
    ]
    form = {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    return {
        "get": {"operationId": "sparql", "parameters": parameters, **common},
        "post": {"operationId": "sparqlByPost", "parameters": parameters[1:], "requestBody": body, **common},
    }
