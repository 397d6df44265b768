"""Commands for those who write graph files: passages out of texts, and files in their canonical form."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_workspace
from coopgraph.cli.options import TEXT
from coopgraph.cli.output import count, data_to, tell
from coopgraph.errors import CheckError, DataError, UsageError

if TYPE_CHECKING:
    from coopgraph.claims.passages import Bounds


@cli.command("init", local=True)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init_command(folder: Path) -> None:
    """Make a workspace with an example of every kind of claim.

    DIR is a new folder or an empty one. It gets settings, a README, a .gitignore, and graph files and texts that can be
    asked at once.
    """
    from coopgraph.claims import new_workspace

    names = ", ".join(new_workspace.create(folder))
    tell(f"{folder}: {names}; coopgraph check -w {folder} looks at it")


@cli.command("cut", local=True)
@click.argument("text", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("words", required=False, type=TEXT)
@click.option("--source", metavar="SLUG", type=TEXT, help="Slug of the source; by default the name of the file.")
def cut_command(text: Path, words: str | None, source: str | None) -> None:
    """Print words of a source text as a passage in Turtle.

    FILE is a text, or the name of one in the workspace's folder of source texts. WORDS stand in it once; position and
    checksum are filled in, and the gist is yours to write, in your own words. A passage that the workspace has
    keeps its name. Without WORDS the source itself is printed, whose title and date are yours to write.
    """
    from coopgraph.claims import passages
    from coopgraph.rdf.terms import curie

    path = _text_file(text)
    whole, slug = passages.read(path), source or path.stem
    if curie(f"x/{slug}", {"source": "x/"}) is None:
        raise UsageError(f"{slug!r} is no slug; name the source with --source, in letters, digits and hyphens")
    with data_to(None) as out:
        if words is None:
            out.write(passages.source_as_turtle(whole, path.name, slug))
        else:
            piece = passages.find(whole, words)
            out.write(passages.as_turtle(whole, piece, slug, _named(slug)))


def _named(source: str) -> dict[str, Bounds]:
    """Return the names (slugs) and bounds of the passages of a source that the workspace has."""
    from coopgraph import files
    from coopgraph.rdf import turtle
    from coopgraph.rdf.terms import value
    from coopgraph.rdf.vocab import STANDARD, local_name

    workspace, ends = the_workspace(), (dict[str, str](), dict[str, str]())
    first, last = (STANDARD["oa"] + name for name in ("start", "end"))
    for file in workspace.graph_files():
        if source.encode() not in files.read(file.path):
            continue
        with suppress(DataError):  # passages are cut while a file is being written
            for triple in turtle.read(file.path, file.name):
                if value(triple.predicate) in (first, last):
                    of = ends[value(triple.predicate) == last]
                    of[local_name(value(triple.subject))] = value(triple.object)
    pairs = ((name, start, ends[1].get(name, "")) for name, start in ends[0].items() if name.startswith(f"{source}-"))
    return {name: (int(start), int(end)) for name, start, end in pairs if start.isdecimal() and end.isdecimal()}


def _text_file(path: Path) -> Path:
    """Return where a text is: where the path says, or in the folder of source texts."""
    if path.exists():
        return path
    texts = the_workspace().texts()
    return (texts.find(str(path)) if texts else None) or path


@cli.command("format", local=True)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail where a file would be changed.")
def format_command(files: tuple[Path, ...], only_check: bool) -> None:
    """Sort graph files, so that one change shows as one.

    Their canonical form is sorted, with one predicate a line. Without FILES all graph files of the workspace are put
    into it.
    """
    from coopgraph.export import turtle
    from coopgraph.files import text_to

    workspace = the_workspace()
    changed = 0
    for path in files or (file.path for file in workspace.graph_files() if file.path.suffix.lower() != ".nt"):
        name = workspace.name_of(path)
        formatted = turtle.formatted(path, workspace.prefixes, name)
        if formatted.encode() != path.read_bytes():
            changed += 1
            tell(f"{name}: {'is not in canonical form' if only_check else 'formatted'}")
            if not only_check:
                with text_to(path) as out:
                    out.write(formatted)
    if only_check and changed:
        raise CheckError(f"{count(changed, 'file')} not in canonical form; run coopgraph format")
