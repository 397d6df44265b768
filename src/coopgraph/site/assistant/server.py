"""The graph as a server of the Model Context Protocol, which assistants ask over standard input and output.

https://modelcontextprotocol.io; spoken by the official SDK.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from coopgraph import __version__
from coopgraph.errors import CoopgraphError, UsageError
from coopgraph.rdf.printable import one_line
from coopgraph.site.assistant.live import LiveTools
from coopgraph.site.assistant.tools import Tools
from coopgraph.site.served.pool import Pool

if TYPE_CHECKING:
    from coopgraph.claims.workspace import Workspace
    from coopgraph.site.served.pool import QueryLimits
    from coopgraph.store.interface import Store

_INSTRUCTIONS = """\
A graph of cooperation links, in which every claim has a status (realised, planned, potential, ended or denied) and the
passages that state it. Most official texts are hopes: never tell a planned or potential link as a fact. Cite each
statement by the source and paragraph that go with it in `evidence`."""
_AT_ONCE = 100
"""Resources of a list."""


async def serve(store: Store, space: Workspace, place: dict[str, Any], limits: QueryLimits) -> None:
    """Answer an assistant on standard input and output until it goes."""
    for name in ("mcp", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what goes wrong is told to the assistant
    pool = Pool(place, limits)
    await pool.start()
    live = LiveTools(store, space, pool, lambda opened: Tools(opened, space, pool))
    following = asyncio.create_task(live.follow()) if not place["address"] else None
    try:
        server = of(live, space)
        async with stdio_server() as (requests, answers):
            await server.run(requests, answers, server.create_initialization_options())
    finally:
        if following is not None:
            following.cancel()
        await pool.close()
        live.close()


def of(live: LiveTools, space: Workspace) -> Server[Any]:
    """Return the server of a graph's tools and resources."""

    async def list_tools(_: Any, __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=list(map(_tool, live.tools.tools.values())))

    async def call_tool(_: Any, call: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            with live.reading() as tools:
                answer = await tools.call(call.name, call.arguments or {})
        except CoopgraphError as error:
            return types.CallToolResult(content=[_text(one_line(str(error)))], is_error=True)
        text = json.dumps(answer, ensure_ascii=False, indent=1)
        return types.CallToolResult(content=[_text(text)], structured_content=answer)

    async def list_resources(_: Any, page: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return _resources(live.tools, page.cursor if page else None)

    async def list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
        template = types.ResourceTemplate(
            name="thing", uri_template=f"{space.base}{{kind}}/{{slug}}", mime_type="text/plain",
            description="a thing, claim, passage or source by its IRI",
        )  # fmt: skip
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def read_resource(_: Any, wanted: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        with live.reading() as tools:
            return await anyio.to_thread.run_sync(_read, tools, str(wanted.uri))

    return Server(
        "coopgraph", version=__version__, title=space.title, instructions=_INSTRUCTIONS,
        on_list_tools=list_tools, on_call_tool=call_tool, on_list_resources=list_resources,
        on_list_resource_templates=list_templates, on_read_resource=read_resource,
    )  # fmt: skip


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)


def _tool(tool: Any) -> types.Tool:
    hints = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    return types.Tool(name=tool.name, description=tool.description, input_schema=tool.schema, annotations=hints)


def _resources(tools: Tools, cursor: str | None) -> types.ListResourcesResult:
    """Return the sources, then all else that claims name, some at a time."""
    extract = tools.evidence.extract
    listed = [(source.iri, source.title, "a source") for source in extract.sources.values()]
    listed += sorted((term.iri, term.label, term.kind_label) for term in extract.terms.values() if not term.is_concept)
    start = int(cursor) if cursor and cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else 0
    some = [
        types.Resource(name=label or iri, uri=iri, description=kind, mime_type="text/plain")
        for iri, label, kind in listed[start : start + _AT_ONCE]
    ]
    following = str(start + _AT_ONCE) if len(listed) > start + _AT_ONCE else None
    return types.ListResourcesResult(resources=some, next_cursor=following)


def _read(tools: Tools, iri: str) -> types.ReadResourceResult:
    """Return what is known of a thing, in words for reading and as data. Raises `MCPError`."""
    try:
        known = tools.known(iri)
    except UsageError as error:
        raise MCPError(types.INVALID_PARAMS, one_line(str(error))) from None
    texts = (
        ("text/plain", tools.in_words(known["entity"])),
        ("application/json", json.dumps(known, ensure_ascii=False, indent=1)),
    )
    return types.ReadResourceResult(
        contents=[types.TextResourceContents(uri=iri, mime_type=kind, text=text) for kind, text in texts]
    )
