"""The command that says what differs between two graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli
from coopgraph.cli.options import TEXT, OneOf, output_option, row_formats, safe_cells_option
from coopgraph.cli.output import OutputOptions, data_to, tell, write_rows
from coopgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATCH = "patch"


def _formats() -> Sequence[str]:
    return (*row_formats(), _PATCH)


@cli.command("diff", local=True)
@click.argument("before", metavar="A", type=TEXT)
@click.argument("after", metavar="B", type=TEXT)
@click.option(
    "--format", "format_", metavar="FORMAT", type=OneOf("format", _formats),
    help="table, json, jsonl, csv, excel-csv, tsv, xml or md; or patch, which is RDF Patch.",
)  # fmt: skip
@safe_cells_option
@output_option
def diff_command(before: str, after: str, format_: str | None, safe_cells: bool, output: str | None) -> None:
    """Say what differs between two graphs, claim by claim.

    A and B are each the folder of a workspace, a generation of a store (.coopgraph/NAME), a file of RDF (.nq, .trig,
    .nt, .ttl, .jsonld, .rdf) or the address of a server. A claim is new, gone, renamed (it says the same under another
    name) or changed: its status, its passage, or anything else that is said of it. A patch has all triples that differ.
    """
    from coopgraph.ask import difference, states

    if format_ == _PATCH and safe_cells:
        raise UsageError("cells are made safe in CSV alone; leave out --safe-cells, or add --format csv")
    with states.opened(before, tell) as old, states.opened(after, tell) as new:
        if format_ == _PATCH:
            with data_to(output) as out:
                difference.write_patch(old, new, out)
            return
        rows = difference.differences(old, new)
        options = OutputOptions(format_, output, safe_cells=safe_cells)
        write_rows(difference.COLUMNS, map(difference.row, rows), options, {**old.prefixes, **new.prefixes})
    numbers = difference.summary(rows)
    kinds = (difference.NEW, difference.GONE, difference.RENAMED, difference.CHANGED)
    tell("no claim differs" if not rows else f"claims: {', '.join(f'{numbers[kind]} {kind}' for kind in kinds)}")
