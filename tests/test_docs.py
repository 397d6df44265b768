"""What the documentation prints has been run and is true."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import click
import pytest

import doc_examples
from coopgraph.ask.graph import load
from coopgraph.cli.group import COMMANDS, cli
from warm import WarmCommands

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def built_clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone has, with its store, to be copied."""
    folder = doc_examples.workspace(tmp_path_factory.mktemp("clone"))
    load(folder).close()
    return folder


@pytest.fixture
def clone(built_clone: Path, tmp_path: Path) -> Path:
    """What a clone has, with its store, in which examples may write."""
    return shutil.copytree(built_clone, tmp_path / "coopgraph")


@pytest.mark.parametrize("page", doc_examples.PAGES, ids=lambda page: page.name)
def test_commands_print_what_the_page_says(page: Path, clone: Path, warm: WarmCommands | None) -> None:
    """Each command in a page prints what the page says that it prints."""
    for commands, expected in doc_examples.examples(page):
        printed = doc_examples.run(commands, clone, warm and warm.folder)
        assert doc_examples.agrees(expected, printed), f"{commands}\n{printed}"


@pytest.mark.parametrize("page", [*doc_examples.PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_commands_can_be_pasted(page: Path) -> None:
    """No block of commands has a prompt in it, or output among the commands."""
    text = page.read_text("utf-8")
    assert "```console" not in text
    assert not re.findall(
        r"^(?:\$|>) .*", "".join(commands for commands, _ in doc_examples.examples(page)), re.MULTILINE
    )


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own reader makes one
@pytest.mark.parametrize("page", doc_examples.PAGES, ids=lambda page: page.name)
def test_python_examples_hold(page: Path, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Python example in a page gives what the page says."""
    monkeypatch.chdir(clone)
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert result.failed == 0


def test_command_reference_is_the_help() -> None:
    """`docs/cli.md` is what the command line says of itself; `make docs` writes it."""
    assert doc_examples.REFERENCE.read_text("utf-8") == doc_examples.reference()


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help_and_is_documented(name: str) -> None:
    """Every command and option has help, and a page beside the reference shows the command in use."""
    command = cli.get_command(click.Context(cli), name)
    assert command
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))
    pages = [page for page in doc_examples.PAGES if page != doc_examples.REFERENCE]
    assert any(f"coopgraph {name}" in page.read_text("utf-8") for page in pages)


def test_links_lead_somewhere() -> None:
    """Every relative link in the documentation leads to a file of the project."""
    for page in [*doc_examples.PAGES, *ROOT.glob("*.md"), *(ROOT / "docs" / "decisions").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_counts_the_documents() -> None:
    """The README says of as many documents as the bundled graph has sources."""
    number = sum("a coop:Source ;" in path.read_text("utf-8") for path in (ROOT / "graphs").glob("*.ttl"))
    assert f" {number} documents in" in (ROOT / "README.md").read_text("utf-8")


def test_version_is_the_same_everywhere() -> None:
    """Package, changelog and ontology name the same version."""
    import coopgraph

    assert f'version = "{coopgraph.__version__}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"## {coopgraph.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f'owl:versionInfo "{coopgraph.__version__}"' in (ROOT / "ontology" / "coop.ttl").read_text("utf-8")


@pytest.mark.thorough
def test_the_demo_runs(tmp_path: Path) -> None:
    """Each command of `make demo` runs, and so does what it says to type next."""
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\ndemo:")[2].partition("\n\n")[0]
    commands = re.findall(r"^\t@?(?!@?echo)(.+)$", recipe, re.MULTILINE)
    following = re.findall(r'^\t@echo "  (coopgraph .+)"$', recipe, re.MULTILINE)
    assert len(commands) > 3
    assert following
    folder = doc_examples.workspace(tmp_path)
    for command in (*commands, *following):
        assert doc_examples.run(f"{{ {command.replace('$(BIN)/', '')}; }} >&2 || echo failed", folder) == "", command
    assert (folder / "dist" / "network.html").is_file()
