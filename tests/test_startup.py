"""What a command does not need it does not import: a question is answered before most libraries would be there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from coopgraph.cli import query
from coopgraph.cli.group import COMMANDS, cli
from coopgraph.cli.query import Asked

HEAVY = {
    "click", "coopgraph.build.build", "coopgraph.store.name_index", "coopgraph.export.turtle", "coopgraph.check.shapes",
    "dataclasses", "hashlib", "httpx", "inspect", "jinja2", "logging", "networkx", "numpy", "platformdirs", "pyshacl",
    "pyvis", "rdflib", "rich", "sqlite3", "tempfile", "tomllib",
}  # fmt: skip


def imported(arguments: list[str], folder: Path) -> set[str]:
    """Return the modules that the command line imports for some arguments."""
    command = [sys.executable, "-X", "importtime", "-m", "coopgraph", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_a_question_on_one_thing_imports_little(tiny: Path) -> None:
    """With the store at hand, a question about one thing imports the engine, and nothing that it does not use."""
    arguments = ["query", "partners", "-p", "place=place:northport", "--format", "json"]
    subprocess.run([sys.executable, "-m", "coopgraph", "build"], cwd=tiny, capture_output=True, check=True)
    found = imported(arguments, tiny)
    assert "pyoxigraph" in found
    assert found.isdisjoint(HEAVY), sorted(found & HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_no_engine_and_no_command(tiny: Path, arguments: list[str]) -> None:
    """Help knows the commands without importing one, and needs neither engine nor store."""
    found = imported(arguments, tiny)
    assert "click" in found
    assert not {name for name in found if name.startswith(("coopgraph.cli.", "pyoxigraph"))} - {"coopgraph.cli.group"}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The sentence in the list of commands is the first of the command's own help."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    listed = click.Command(name, help=COMMANDS[name][1])
    assert listed.get_short_help_str(1000) == command.get_short_help_str(1000)


def as_click_reads(arguments: list[str]) -> tuple[str | None, Asked]:
    """Return what click makes of the arguments of a query."""
    read: dict[str, Any] = {}

    def note(**values: Any) -> Any:
        read.update(values)
        return click.get_current_context().find_root().obj

    command = cli.get_command(click.Context(cli), "query")
    assert command is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "callback", note)
        folder = cli.main(arguments, prog_name="coopgraph", standalone_mode=False)
    return folder, Asked(**read)


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "partners"],
        ["query", "-"],
        ["-w", "a b", "query", "x.rq", "-p", "a=b=c", "--parameter", "c=港", "-p", "d="],
        ["--workspace", "w", "query", "--format", "csv", "x", "-c", "a,b", "-o", "-", "--limit", "0"],
        ["query", "x", "--parameter=a=-1", "--columns=a", "--output=o", "--timeout", "5", "--limit=7"],
        ["query", "x", "--format", "csv", "--format", "tsv", "--limit", "1", "--limit", "2"],
    ],
)
def test_a_plain_query_is_read_as_click_reads_it(arguments: list[str]) -> None:
    """Arguments in plain form are read without click, to the same effect."""
    read = query.plain(arguments)
    assert read is not None
    assert read == as_click_reads(arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["query"],
        ["stats"],
        ["search", "query"],
        ["-w"],
        ["-w", "query"],
        ["--workspace=w", "query", "x"],
        ["query", "x", "y"],
        ["query", "x", "-h"],
        ["query", "x", "-p"],
        ["query", "x", "-p", "-c"],
        ["query", "x", "-pa=b"],
        ["query", "x", "-p=a"],
        ["query", "x", "--"],
        ["query", "--", "x"],
        ["query", "x", "--form", "csv"],
        ["query", "x", "--limit", "-1"],
        ["query", "x", "--limit", "many"],
        ["query", "x", "--timeout", "0"],
        ["query", "x", "--timeout", "nan"],
        ["query", "x", "--format="],
    ],
)
def test_what_is_not_plain_is_left_to_click(arguments: list[str]) -> None:
    """Whatever is wrong, short or unusual is click's to read, so that it is told in the same words."""
    assert query.plain(arguments) is None
