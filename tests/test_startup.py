"""What a command does not need it does not import: a question is answered before most libraries would be there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from coopgraph.cli.group import COMMANDS, cli

HEAVY = {
    "coopgraph.build.build", "coopgraph.store.name_index", "coopgraph.export.turtle", "coopgraph.check.shapes",
    "coopgraph.claims.dates", "coopgraph.claims.date_input", "coopgraph.rdf.sparql_errors", "coopgraph.rdf.turtle",
    "calendar", "copy", "dataclasses", "hashlib", "httpx", "jinja2", "logging", "networkx", "numpy", "platformdirs",
    "pyshacl", "pyvis", "rdflib", "rich", "shlex", "sqlite3", "tempfile", "unicodedata",
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


def test_what_is_forked_is_small() -> None:
    """Before the command line forks, it has neither click nor the engine, nor what a command needs of the library."""
    code = "import sys; before = {*sys.modules}; import coopgraph.cli; print(*({*sys.modules} - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = {*done.stdout.split()}
    assert "coopgraph.sandbox.supervisor" in found
    assert found.isdisjoint({"click", "ctypes", "dataclasses", "inspect", "pathlib", "pyoxigraph", "threading"})


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_no_engine_and_no_command(tiny: Path, arguments: list[str]) -> None:
    """Help knows the commands without importing one, and needs neither engine nor store."""
    found = imported(arguments, tiny)
    assert "click" in found
    commands = {f"coopgraph.cli.{module}" for module, _ in COMMANDS.values()}
    assert not {name for name in found if name in commands or name.startswith("pyoxigraph")}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """The sentence in the list of commands is the first of the command's own help."""
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    listed = click.Command(name, help=COMMANDS[name][1])
    assert listed.get_short_help_str(1000) == command.get_short_help_str(1000)
