"""The tools of an assistant: their schemas, written from the questions' headers, and what each answers."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

import anyio.to_thread

from coopgraph.ask import names, sentences
from coopgraph.ask.graph import CoopGraph
from coopgraph.errors import QueryError, UsageError, near
from coopgraph.rdf import turtle
from coopgraph.rdf.terms import compact, python_value
from coopgraph.rdf.vocab import STATUSES
from coopgraph.site.assistant.evidence import Evidence
from coopgraph.store import extracts
from coopgraph.store.interface import parse_rows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.terms import Term
    from coopgraph.site.served.pool import Pool
    from coopgraph.store.interface import Store

Arguments = dict[str, Any]
Schema = dict[str, Any]
_TEXT: Schema = {"type": "string", "minLength": 1}
_FEW, _MOST = 50, 1_000
_LIMIT: Schema = {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _FEW, "description": "rows at most"}
_NAMED = "by label in any language, abbreviation, slug, prefixed name or IRI"
_KINDS: Mapping[str, str] = {"year": "year, such as 2014", "date": "date, such as 2017-06", "text": "text"}


class Tool(NamedTuple):
    """A tool: what it is called and does, the schema of what it takes, and what answers."""

    name: str
    description: str
    schema: Schema
    answer: Callable[[Arguments], Awaitable[dict[str, Any]]]


class Tools:
    """The tools of a graph: its questions, and what the command line can be asked beside them."""

    def __init__(self, store: Store, space: Workspace, pool: Pool) -> None:
        self._graph, self._pool = CoopGraph(store, space), pool
        self.evidence = Evidence(store)
        self.tools = {tool.name: tool for tool in self._listed()}

    def _listed(self) -> list[Tool]:
        entity = {**_TEXT, "description": f"a thing, {_NAMED}"}
        status = {"type": "string", "enum": list(STATUSES), "description": "only claims of this status"}
        most = {"type": "integer", "minimum": 1, "maximum": 20, "default": 3, "description": "chains at most"}
        own = [
            Tool("search", "Find things by a part of a name in any language, and passages by words of their gist.",
                 _schema({"text": _TEXT, "limit": _LIMIT}, ["text"]), self._search),
            Tool("show", "Say all that is known of a thing: every claim that names it, with its status and passages.",
                 _schema({"entity": entity, "limit": _LIMIT}, ["entity"]), self._show),
            Tool("path", "Say how two things are linked: the shortest chains of claims between them.",
                 _schema({"start": entity, "goal": entity, "status": status, "most": most}, ["start", "goal"]),
                 self._path),
            Tool("sparql", "Ask SPARQL 1.1, SELECT or CONSTRUCT, of all named graphs; the usual prefixes are known.",
                 _schema({"query": _TEXT, "limit": _LIMIT}, ["query"]), self._sparql),
        ]  # fmt: skip
        taken = {tool.name for tool in own}
        return own + [self._of_question(each) for each in self._graph.questions() if each.name not in taken]

    def _of_question(self, question: QueryFile) -> Tool:
        properties = {parameter.name: _parameter(parameter) for parameter in question.parameters}
        needed = [parameter.name for parameter in question.parameters if not parameter.optional]
        schema = _schema({"limit": _LIMIT, **properties}, needed)
        return Tool(question.name, f"{question.summary}. {question.description}", schema, partial(self._ask, question))

    async def call(self, name: str, arguments: Arguments) -> dict[str, Any]:
        """Return what a tool answers. Raises `CoopgraphError`."""
        if name not in self.tools:
            raise UsageError(f"no tool is called {name!r}{near(name, self.tools)}")
        tool = self.tools[name]
        _check(tool, arguments)
        return await tool.answer(arguments)

    async def _search(self, arguments: Arguments) -> dict[str, Any]:
        limit = arguments.get("limit", _FEW)
        store = self._graph.store
        rows = await anyio.to_thread.run_sync(lambda: names.search(store, arguments["text"], limit + 1))
        return await self._told(names.FOUND, rows, limit)

    async def _show(self, arguments: Arguments) -> dict[str, Any]:
        return await anyio.to_thread.run_sync(lambda: self.known(arguments["entity"], arguments.get("limit", _FEW)))

    def known(self, name: str, limit: int = _MOST) -> dict[str, Any]:
        """Return what is known of a thing. Raises `UsageError` where nothing, or more than one thing, is called so."""
        iri = names.resolve(self._graph.store, name, "any")
        claims = self.evidence.about(iri)
        term = self.evidence.extract.terms.get(iri)
        about: dict[str, Any] = (
            {"entity": iri, "label": term.label, "kind": term.kind_label} if term else {"entity": iri}
        )
        told = [self.evidence.told(claim) for claim in claims[:limit]]
        return {**about, "claims": len(claims), "evidence": told, "cut": len(claims) > limit}

    def in_words(self, iri: str) -> str:
        """Return what is known of a thing as lines of text."""
        return "\n".join(sentences.about(iri, extracts.extract(self._graph.store, about=iri)))

    async def _path(self, arguments: Arguments) -> dict[str, Any]:
        return await anyio.to_thread.run_sync(lambda: self._chains(**arguments))

    def _chains(self, start: str, goal: str, status: str | None = None, most: int = 3) -> dict[str, Any]:
        extract = self._graph.extract(status=status)
        labels = extract.terms
        chains = self._graph.paths(start, goal, most=most, within=extract)
        steps = [
            [
                {"start": labels[step.start].label, "goal": labels[step.goal].label,
                 "evidence": [self.evidence.told(claim) for claim in step.claims]}
                for step in chain
            ]
            for chain in chains
        ]  # fmt: skip
        return {"chains": steps}

    async def _sparql(self, arguments: Arguments) -> dict[str, Any]:
        return await self._rows({"text": arguments["query"]}, arguments)

    async def _ask(self, question: QueryFile, arguments: Arguments) -> dict[str, Any]:
        values = {
            name: str(value) for name, value in arguments.items() if name in {p.name for p in question.parameters}
        }
        job = {"text": question.sparql, "name": question.name, "parameters": question.parameters, "values": values}
        return await self._rows(job, arguments)

    async def _rows(self, job: dict[str, Any], arguments: Arguments) -> dict[str, Any]:
        answer = await self._pool.run({**job, "forms": {"rows": "json", "triples": "turtle"}})
        if "error" in answer.head:
            raise QueryError(answer.head["error"])
        if answer.head["kind"] == "triples":
            return await self._turtle(answer.body, cut=bool(answer.head["cut"]))
        if answer.head["kind"] != "rows":
            raise QueryError("the query gives yes or no; ask SELECT or CONSTRUCT")
        rows = parse_rows(answer.body)
        limit = int(arguments.get("limit", _FEW))
        told = await self._told([variable.value for variable in rows.variables], list(rows), limit)
        return {**told, "cut": told["cut"] or bool(answer.head["cut"])}

    async def _turtle(self, body: bytes, *, cut: bool) -> dict[str, Any]:
        rows = [(triple.subject, triple.object) for triple in turtle.triples(body, "the answer")] if body else []
        evidence = await anyio.to_thread.run_sync(self.evidence.of_rows, rows)
        return {"turtle": body.decode(), "cut": cut, **evidence}

    async def _told(self, columns: Sequence[str], rows: Sequence[Sequence[Term | None]], limit: int) -> dict[str, Any]:
        """Return rows as plain values, with the claims that they rest on."""
        shown = rows[:limit]
        values = [
            {name: _plain(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in shown
        ]
        evidence = await anyio.to_thread.run_sync(self.evidence.of_rows, shown)
        return {"rows": values, "cut": len(rows) > limit, **evidence}


def _plain(term: Term) -> str | float:
    """Return a number as a number, and all else as text."""
    value = python_value(term)
    return value if isinstance(value, int | float) and isfinite(value) else compact(term, {})


def _schema(properties: Mapping[str, Schema], needed: Sequence[str]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(needed), "additionalProperties": False}


def _parameter(parameter: Parameter) -> Schema:
    kind = _KINDS.get(parameter.kind, f"{parameter.kind}, {_NAMED}")
    return {
        "type": ["string", "integer"] if parameter.kind == "year" else "string",
        "description": f"{parameter.text} ({kind})",
        **({"enum": list(parameter.choices)} if parameter.choices else {}),
    }


def _check(tool: Tool, arguments: Arguments) -> None:
    """Raise `UsageError` where arguments are not what the schema of a tool demands."""
    properties = tool.schema["properties"]
    for name, value in arguments.items():
        if name not in properties:
            raise UsageError(
                f"{tool.name} takes no {name!r}{near(name, properties) or '; it takes ' + ', '.join(properties)}"
            )
        _check_value(f"{tool.name}: {name}", properties[name], value)
    for name in tool.schema["required"]:
        if name not in arguments:
            raise UsageError(f"{tool.name} needs {name}: {properties[name].get('description', 'a text')}")


def _check_value(where: str, schema: Schema, value: Any) -> None:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    fits = (isinstance(value, str) and "string" in kinds) or (type(value) is int and "integer" in kinds)
    if not fits:
        raise UsageError(f"{where} is no {' or '.join(kinds)}; give one")
    if type(value) is int and "minimum" in schema and not schema["minimum"] <= value <= schema["maximum"]:
        raise UsageError(f"{where} is not from {schema['minimum']} to {schema['maximum']}; give such a number")
    if "enum" in schema and value not in schema["enum"]:
        raise UsageError(f"{where} is none of {', '.join(schema['enum'])}; give one of these")
