"""Commands that read documents: text out of them, proposals out of that, and how good these are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli
from coopgraph.cli.options import TEXT, output_option
from coopgraph.cli.output import count, data_to, tell
from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgraph.reading.content import Facts
    from coopgraph.reading.model import Document, Origin

_DOCUMENT = click.argument("document", metavar="DOCUMENT", type=click.Path(path_type=Path))


def _fact_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what a document does not say of itself."""
    for option in reversed((
        click.option("--source", metavar="SLUG", type=TEXT, help="Its slug; by default from the name of the file."),
        click.option("--title", metavar="TEXT", type=TEXT, help="Its title, where the document does not say it."),
        click.option("--publisher", metavar="NAME", type=TEXT, help="Who published it."),
        click.option("--issued", metavar="DATE", type=TEXT, help="When it was issued: 2023, 2023-10 or 2023-10-18."),
        click.option("--language", metavar="TAG", type=TEXT, help="Its language: en, zh-Hans, zh-Hant ..."),
        click.option("--address", metavar="URL", type=TEXT, help="Where it was found."),
        click.option("--extract", is_flag=True, help="The document is a part of a longer one."),
    )):  # fmt: skip
        command = option(command)
    return command


@cli.command("text", local=True)
@_DOCUMENT
@_fact_options
@output_option
def text_command(document: Path, output: str | None, **given: str | bool | None) -> None:
    """Print the text of a document, one paragraph a line.

    DOCUMENT is HTML, a PDF with a text layer, DOCX, or text in any encoding. With -o FILE.txt, what is known of its
    origin is written beside it, into FILE.origin.json.
    """
    from coopgraph.reading import records

    read = _read(document, given)
    with data_to(output) as out:
        out.write(read.text)
    if output not in (None, "-"):
        records.save_origin(read.origin, Path(str(output)).with_suffix(".origin.json"))
    _describe(read)


def _read(path: Path, given: dict[str, str | bool | None]) -> Document:
    from coopgraph.reading import documents
    from coopgraph.reading.model import EXTRACT, WHOLE

    source = given["source"]
    return documents.read(path, str(source) if source else None, _facts(given), EXTRACT if given["extract"] else WHOLE)


def _facts(given: dict[str, str | bool | None]) -> Facts:
    from coopgraph.reading.content import Facts
    from coopgraph.reading.dates import written_date

    title, publisher, language, address = (
        str(given[n]) if given[n] else None for n in ("title", "publisher", "language", "address")
    )
    issued = written_date(str(given["issued"])) if given["issued"] else None
    if given["issued"] and (issued is None or issued.words != str(given["issued"]).strip()):
        raise UsageError(f"--issued {given['issued']!r}: is no date; write 2023, 2023-10 or 2023-10-18")
    day, precision = (issued.day, issued.precision) if issued else (None, None)
    return Facts(title, publisher, day, precision, language, address)


def _describe(document: Document) -> None:
    """Say what was read, and what the document does not say of itself."""
    origin = document.origin
    repaired = f", {count(origin.repaired, 'character')} repaired" if origin.repaired else ""
    language = origin.language or "language unknown"
    tell(f"{origin.file}: {count(len(document.paragraphs), 'paragraph')}, {language}, by {origin.extractor}{repaired}")
    if missing := _missing(origin):
        options = " and ".join(f"--{name}" for name in missing)
        tell(f"{origin.file} does not say its {' and '.join(missing)}; give {options}")


def _missing(origin: Origin) -> list[str]:
    names = ("title", "publisher", "issued")
    return [name for name in names if not getattr(origin, name)]
