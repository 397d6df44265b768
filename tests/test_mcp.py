"""An assistant asks the graph through the official SDK's own client, and can cite all that it is told."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

from conftest import environment, write_small
from coopgraph.claims import query_file, workspace
from test_questions import PARAMETERS

Work = Callable[[Client], Awaitable[None]]
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
UNCITED = {"classes", "counts-by-year"}
"""Questions whose rows no single claims are behind."""


@pytest.fixture(scope="module")
def folder(tiny_space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace with one of everything, with its store."""
    return shutil.copytree(tiny_space, tmp_path_factory.mktemp("mcp") / "tiny")


def asking(folder: Path, work: Work, *options: str) -> None:
    """Run what asks the graph of a folder, over standard input and output of the real command."""
    command = ["-m", "coopgraph", "-w", str(folder), "mcp", *options]
    server = StdioServerParameters(command=sys.executable, args=command, env=environment(folder.parent))

    async def run() -> None:
        async with Client(server) as client:
            await work(client)

    asyncio.run(run())


def cited(evidence: list[dict[str, Any]]) -> bool:
    """Say whether each claim comes with its status, and the source and paragraph of a passage."""
    return all(
        each["status"]
        and each["text"]
        and each["passages"]
        and all(p["source"] and p["paragraph"] for p in each["passages"])
        for each in evidence
    )


def test_each_question_is_a_tool_whose_answer_can_be_cited(folder: Path) -> None:
    """Tools are the questions with the parameters of their headers, and answer with claims to cite."""
    library = {each.name: each for each in map(query_file.read, workspace.find(folder).query_files())}

    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert {*library, "search", "show", "path", "sparql"} == set(tools)
        for name, question in library.items():
            schema = tools[name].input_schema
            Draft202012Validator.check_schema(schema)
            assert set(schema["properties"]) == {"limit", *(each.name for each in question.parameters)}
            assert all(
                schema["properties"][each.name].get("enum", []) == list(each.choices) for each in question.parameters
            )
            assert schema["required"] == [each.name for each in question.parameters if not each.optional]
            values = {key: str(value) for key, value in PARAMETERS.get(name, {}).items()}
            answer = await client.call_tool(name, values)
            assert not answer.is_error, (name, answer.content)
            content = answer.structured_content
            assert content == json.loads(answer.content[0].text)  # type: ignore[union-attr]
            assert cited(content["evidence"]), name
            assert content["evidence"] or name in UNCITED or not content["rows"], name

    asking(folder, work)


def test_search_show_path_and_sparql_are_tools(folder: Path) -> None:
    """Things are found, told, linked and asked for, each with claims to cite, and an answer that is cut says so."""

    async def work(client: Client) -> None:
        async def ask(name: str, **arguments: Any) -> Any:
            answer = await client.call_tool(name, arguments)
            assert not answer.is_error, answer.content
            assert cited(answer.structured_content.get("evidence", []))
            return answer.structured_content

        found = await ask("search", text="port", limit=2)
        assert (len(found["rows"]), found["cut"], bool(found["evidence"])) == (2, True, True)
        known = await ask("show", entity="Northport")
        assert (known["label"], known["claims"]) == ("Northport", len(known["evidence"]))
        assert (await ask("show", entity="Northport", limit=1))["cut"]
        (chain, *_) = (await ask("path", start="Northport", goal="Coast Province"))["chains"]
        assert all(cited(step["evidence"]) for step in chain)
        rows = await ask("sparql", query="SELECT ?c ?n { ?c a coop:Claim BIND(1 AS ?n) } LIMIT 3")
        assert [row["n"] for row in rows["rows"]] == [1, 1, 1]
        assert {row["c"] for row in rows["rows"]} == {each["claim"] for each in rows["evidence"]}
        told = await ask("sparql", query="CONSTRUCT WHERE { ?c a coop:Claim } LIMIT 3")
        assert told["turtle"].count(" a coop:Claim") == 3

    asking(folder, work)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("partners", {}, "partners needs place: the place"),
    ("partners", {"place": "Atlantis"}, "no entity is called 'Atlantis'"),
    ("partners", {"plce": "x"}, "partners takes no 'plce'; did you mean place?"),
    ("partners", {"place": 3}, "partners: place is no string"),
    ("partners", {"place": "Northport", "limit": 0}, "limit is not from 1 to 1000"),
    ("partners", {"place": "Northport", "limit": True}, "limit is no integer"),
    ("partnrs", {}, "no tool is called 'partnrs'; did you mean partners"),
    ("show", {"entity": "\n"}, "is empty"),
    ("path", {"start": "Northport", "goal": "Northport"}, "are the same entity"),
    ("path", {"start": "Northport", "goal": "Westport", "status": "hoped"}, "is none of realised, planned"),
    ("sparql", {"query": "ASK {}"}, "gives yes or no"),
    ("sparql", {"query": "garbage"}, "garbage is no word of SPARQL"),
    ("sparql", {"query": "SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }"}, "another server"),
    ("sparql", {"query": "INSERT DATA { <x:a> <x:b> <x:c> }"}, "not changed by queries"),
    ("sparql", {"query": ENDLESS}, "ran longer than 0.5 s and was stopped"),
]


def test_what_is_wrong_is_told_to_the_assistant(folder: Path) -> None:
    """A call that cannot be answered is an error of one line, and the next one is answered."""

    async def work(client: Client) -> None:
        for name, arguments, line in WRONG:
            answer = await client.call_tool(name, arguments)
            text = answer.content[0].text  # type: ignore[union-attr]
            assert (answer.is_error, line in text, "\n" in text) == (True, True, False), (name, arguments, text)
        assert not (await client.call_tool("classes", {})).is_error

    asking(folder, work, "--timeout", "0.5")


def test_things_are_resources_by_their_iris(folder: Path) -> None:
    """Sources and entities are listed page by page; each thing, claim and passage is read in words and as data."""

    async def work(client: Client) -> None:
        listed, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            listed += page.resources
            cursor = page.next_cursor
            if cursor is None:
                break
        assert len({each.uri for each in listed}) == len(listed)
        source = next(each for each in listed if each.description == "a source")
        words, data = (await client.read_resource(source.uri)).contents
        assert source.name in words.text  # type: ignore[union-attr]
        assert "¶" in words.text  # type: ignore[union-attr]
        claim = json.loads(data.text)["evidence"][0]  # type: ignore[union-attr]
        for iri in (claim["claim"], claim["passages"][0]["passage"], listed[-1].uri):
            words, data = (await client.read_resource(iri)).contents
            assert words.text  # type: ignore[union-attr]
            known = json.loads(data.text)  # type: ignore[union-attr]
            assert known["evidence"]
            assert cited(known["evidence"])
        for nothing in ("https://example.org/id/place/nowhere", "file:///etc/passwd", "x"):
            with pytest.raises(MCPError, match="is called"):
                await client.read_resource(nothing)
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "https://example.org/id/{kind}/{slug}"

    asking(folder, work)


def test_it_ends_when_the_assistant_goes(folder: Path) -> None:
    """At the end of its input it ends with 0, having written nothing but answers."""
    command = [sys.executable, "-m", "coopgraph", "-w", folder, "mcp"]
    done = subprocess.run(
        command, input=b"", capture_output=True, check=False, timeout=60, env=environment(folder.parent)
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_without_the_extra_it_says_what_to_install(folder: Path, tmp_path: Path) -> None:
    """Where the SDK is not there, one line says how to get it."""
    hidden = tmp_path / "mcp_types"
    hidden.mkdir()
    (hidden / "__init__.py").write_text("raise ModuleNotFoundError('gone', name='mcp_types')", "utf-8")
    command = [sys.executable, "-m", "coopgraph", "-w", folder, "mcp"]
    settings = environment(tmp_path, {"PYTHONPATH": str(tmp_path)})
    done = subprocess.run(command, capture_output=True, check=False, timeout=60, env=settings)
    assert (done.returncode, done.stderr.decode()) == (
        2,
        'coopgraph: mcp needs mcp_types; pip install ".[mcp]" in the folder of coopgraph\n',
    )


def test_a_store_that_is_swapped_in_is_asked(tmp_path: Path) -> None:
    """When a build has made another store, tools and queries answer from that, on the same connection."""
    root = write_small(tmp_path / "small")
    built = [sys.executable, "-m", "coopgraph", "-w", str(root), "build"]
    subprocess.run(built, check=True, capture_output=True, env=environment(tmp_path))
    note = root / "graphs" / "note.ttl"

    async def work(client: Client) -> None:
        async def statuses() -> set[str]:
            shown = await client.call_tool("show", {"entity": "Eastport"})
            asked = await client.call_tool("sparql", {"query": "SELECT ?s { ?c a coop:Claim ; coop:status ?s }"})
            assert shown.structured_content
            assert asked.structured_content
            rows = {row["s"].rpartition(":")[2].rpartition("/")[2] for row in asked.structured_content["rows"]}
            return {each["status"] for each in shown.structured_content["evidence"]} | rows

        assert "potential" in await statuses()
        note.write_text(note.read_text("utf-8").replace("status:potential", "status:denied"), "utf-8")
        await asyncio.to_thread(subprocess.run, built, check=True, capture_output=True, env=environment(tmp_path))
        for _ in range(100):
            if "potential" not in (now := await statuses()):
                break
            await asyncio.sleep(0.1)
        assert "denied" in now
        assert "potential" not in now

    asking(root, work)
