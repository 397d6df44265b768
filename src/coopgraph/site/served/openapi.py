"""What programs can ask of a site, as OpenAPI has it: written from the headers of the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coopgraph import __version__
from coopgraph.site.served import forms
from coopgraph.site.served.content import ROWS
from coopgraph.site.served.questions import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.claims.workspace import Workspace

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
        for suffix in SUFFIXES:
            paths[f"/questions/{question.name}.{suffix}"] = {"get": _question(question, suffix)}
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


def _rows(suffixes: Iterable[str] = SUFFIXES) -> dict[str, Any]:
    types = {choice.names[0]: choice.media_types[0] for choice in forms.FORMS[ROWS]}
    schemas = {"json": {"$ref": "#/components/schemas/Rows"}}
    return {types[suffix]: {"schema": schemas.get(suffix, {"type": "string"})} for suffix in suffixes}


def _question(question: QueryFile, suffix: str) -> dict[str, Any]:
    return {
        "operationId": f"{question.name}.{suffix}",
        "summary": question.summary,
        "description": question.description,
        "tags": ["questions"],
        "parameters": [*map(_parameter, question.parameters), _TIMEOUT],
        "responses": _responses(_rows([suffix])),
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
        _given("format", "the form of the answer", {"type": "string", "enum": [*SUFFIXES, "html"]}),
    ]
    operation = {
        "operationId": "search",
        "summary": "Find things by name, and passages by their gist",
        "tags": ["search"],
        "parameters": parameters,
        "responses": _responses(_rows()),
    }
    return {"get": operation}


def _sparql() -> dict[str, Any]:
    kinds = {each.media_types[0]: {"schema": {"type": "string"}} for kind in forms.FORMS for each in forms.FORMS[kind]}
    content = {**kinds, **_rows()}
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
