"""The examples in the documentation: found, run, compared, and with `python tests/doc_examples.py` written anew.

A fenced block `sh` has commands that can be pasted, and a block `text` right after it what they print on standard
output; a line `...` in it stands for any lines. A block `sh no-run` needs what the tests have not. A block
`python` with `>>>` is a doctest. `docs/cli.md` is made from the command line's own help.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
REFERENCE = ROOT / "docs" / "cli.md"
_EXAMPLE = re.compile(r"^```sh\n(?P<commands>.*?)^```\n(?:\n```text\n(?P<output>.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def workspace(folder: Path) -> Path:
    """Copy what a clone has to a folder in which examples may write."""
    copy = folder / "coopgraph"
    for name in ("ontology", "graphs", "queries", "docs", "examples", "coopgraph.toml", "story.toml", "Makefile"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns(".coopgraph"))
        elif source.exists():
            copy.mkdir(exist_ok=True)
            shutil.copy(source, copy / name)
    (copy / "tests").mkdir()
    shutil.copytree(ROOT / "tests" / "tiny", copy / "tests" / "tiny", ignore=shutil.ignore_patterns(".coopgraph"))
    return copy


def examples(page: Path) -> Iterator[tuple[str, str]]:
    """Yield (commands, expected output) of a page."""
    for match in _EXAMPLE.finditer(page.read_text("utf-8")):
        yield match["commands"], match["output"] or ""


def run(commands: str, folder: Path, programs: Path | None = None) -> str:
    """Return what commands print on standard output; standard error is let through where it fails.

    What is in the folder `programs` goes before what is installed.
    """
    path = os.pathsep.join(map(str, [*filter(None, [programs]), Path(sys.executable).parent, os.environ["PATH"]]))
    environment = {
        **os.environ,
        "PATH": path,
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "NO_COLOR": "1",
        "COLUMNS": "120",
    }
    environment.pop("COOPGRAPH_SOURCES", None)
    done = subprocess.run(
        ["bash", "-e", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout if done.returncode == 0 else f"{done.stdout}{done.stderr}"


def agrees(expected: str, printed: str) -> bool:
    """Say whether output is as printed in the page, a line `...` standing for any lines."""
    parts = [re.escape(part) for part in re.split(r"^\.\.\.\n", _trimmed(expected), flags=re.MULTILINE)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), _trimmed(printed)) is not None


def _trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines())


def reference() -> str:
    """Return the command reference, made from the help of each command."""
    from coopgraph.cli.group import cli

    parts = ["# Command reference\n\nMade from `coopgraph --help`; do not edit it by hand, run `make docs`.\n"]
    # With the group's own settings: click keeps the help option that it makes first, for the whole process.
    context = click.Context(cli, info_name="coopgraph", terminal_width=100, **cli.context_settings)
    parts.append(f"```text\n{cli.get_help(context)}\n```\n")
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        inner = click.Context(command, info_name=name, parent=context, max_content_width=100, terminal_width=100)
        parts.append(f"## coopgraph {name}\n\n```text\n{command.get_help(inner)}\n```\n")
    return "\n".join(parts)


def rewritten(page: Path, folder: Path) -> str:
    """Return a page with the output of its commands as it is now; output that agrees stays."""

    def renew(match: re.Match[str]) -> str:
        printed = run(match["commands"], folder)
        if agrees(match["output"] or "", printed):
            return match[0]
        output = _trimmed(printed)
        return f"```sh\n{match['commands']}```\n" + (f"\n```text\n{output}```\n" if output.strip() else "")

    return _EXAMPLE.sub(renew, page.read_text("utf-8"))


def main() -> None:
    """Write the command reference and the examples' output anew."""
    REFERENCE.write_text(reference(), "utf-8")
    run("coopgraph view --format svg -o docs/network.svg", ROOT)
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(rewritten(page, workspace(Path(folder))), "utf-8")


if __name__ == "__main__":
    main()
