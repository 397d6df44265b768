"""The command that says what differs between two graphs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli
from coopgraph.cli.options import TEXT, OneOf, output_option, row_formats, safe_cells_option
from coopgraph.cli.output import OutputOptions, data_to, tell, write_rows
from coopgraph.errors import UsageError
from coopgraph.rdf.vocab import LANGUAGES, RDF

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from coopgraph.store.interface import Store

_PATCH, _PAGE = "patch", "html"


def _formats() -> Sequence[str]:
    return (*row_formats(), _PATCH, _PAGE)


@cli.command("diff", local=True)
@click.argument("before", metavar="A", type=TEXT)
@click.argument("after", metavar="B", type=TEXT)
@click.option(
    "--format", "format_", metavar="FORMAT", type=OneOf("format", _formats),
    help="table, json, jsonl, csv, excel-csv, tsv, xml or md; or patch, which is RDF Patch, or html, a page.",
)  # fmt: skip
@click.option(
    "--language", metavar="en|zh-Hans|zh-Hant", type=OneOf("language", LANGUAGES), help="Language of the page.",
)  # fmt: skip
@safe_cells_option
@output_option
def diff_command(
    before: str, after: str, format_: str | None, language: str | None, safe_cells: bool, output: str | None
) -> None:
    """Say what differs between two graphs, claim by claim.

    A and B are each the folder of a workspace, a generation of a store (.coopgraph/NAME), a file of RDF (.nq, .trig,
    .nt, .ttl, .jsonld, .rdf, packed as .gz or not) or the address of a server. A claim is new, gone, renamed (it says
    the same under another name) or changed: its status, its passage, or anything else that is said of it. A patch has
    all triples that differ. A page is one file that works offline; it tells each claim as a sentence, with its passage.
    """
    from coopgraph.ask import difference, states

    _judge(format_, language, safe_cells, output)
    with states.opened(before, tell) as old, states.opened(after, tell) as new:
        for name, store in ((before, old), (after, new)):
            if next(iter(store.quads(predicate=f"{RDF}subject")), None) is None:
                tell(f"{name}: has no claims")
        if format_ == _PATCH:
            with data_to(output) as out:
                difference.write_patch(old, new, out)
            return
        if format_ == _PAGE:
            _tell(_write_page(old, new, (before, after), language or LANGUAGES[0], output))
            return
        rows = difference.differences(old, new)
        options = OutputOptions(format_, output, safe_cells=safe_cells)
        write_rows(difference.COLUMNS, map(difference.row, rows), options, {**old.prefixes, **new.prefixes})
    _tell(difference.summary(rows))


def _judge(format_: str | None, language: str | None, safe_cells: bool, output: str | None) -> None:
    """Raise `UsageError` where options do not go together."""
    if format_ in (_PATCH, _PAGE) and safe_cells:
        raise UsageError("cells are made safe in CSV alone; leave out --safe-cells, or add --format csv")
    if format_ != _PAGE and language:
        raise UsageError("a page alone is in one language or another; leave out --language, or add --format html")
    if format_ == _PAGE and output in (None, "-") and sys.stdout.isatty():
        raise UsageError("a page is not for a terminal; name a file, as in -o difference.html")


def _write_page(old: Store, new: Store, names: tuple[str, str], language: str, output: str | None) -> Counter[str]:
    from coopgraph.ask import difference
    from coopgraph.site import difference_page

    comparison = difference.compare(old, new)
    text = difference_page.page(comparison, (_called(names[0]), _called(names[1])), language)
    with data_to(output) as out:
        out.write(text)
    return difference.summary(comparison.differences)


def _called(name: str) -> str:
    """Return what a page calls a graph: neither a password in an address nor the folders above go out with it."""
    if re.match(r"https?://", name):
        return re.sub(r"^(https?://)[^/?#]*@", r"\1", name).partition("?")[0].partition("#")[0]
    return Path(name).resolve().name or name


def _tell(numbers: Counter[str]) -> None:
    from coopgraph.ask import difference

    kinds = (difference.NEW, difference.GONE, difference.RENAMED, difference.CHANGED)
    tell(f"claims: {', '.join(f'{numbers[kind]} {kind}' for kind in kinds)}" if numbers else "no claim differs")
