"""The command that turns a table into claims, by a mapping, and drafts a mapping for a table that has none."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import ExitStack, nullcontext
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.claims.collector import without_collector
from coopgraph.cli.group import cli, the_own_workspace, the_store, the_workspace
from coopgraph.cli.options import TEXT, output_option
from coopgraph.cli.output import count, data_to, tell
from coopgraph.errors import CheckError, DataError, UsageError

if TYPE_CHECKING:
    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.model import Document
    from coopgraph.tables.loaded import Loaded
    from coopgraph.tables.mapping import TableEntry, TableMapping
    from coopgraph.tables.naming import Name
    from coopgraph.tables.part import Workers
    from coopgraph.tables.surroundings import Surroundings
    from coopgraph.tables.table import Table
    from coopgraph.tables.writing import TablePaths

_SHOWN = 30
_FEW = 5


@cli.command("table", local=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partial", is_flag=True, help="Leave out the rows that something is wrong with, and say how many.")
@click.option("--check", is_flag=True, help="Say what is wrong, and write nothing.")
@click.option("--workers", metavar="ADDRESS", type=TEXT, help="Map on the Dask cluster whose scheduler is there.")
@output_option
def table_command(file: Path, partial: bool, check: bool, workers: str | None, output: str | None) -> None:
    """Turn a table into claims, each row its passage.

    FILE is a mapping (mapping.toml), which names the table and says what its columns claim; or the table itself, CSV,
    TSV, XLSX, JSON Lines or Parquet, for which a mapping is drafted that you go on with; so is what is missing of a
    mapping with [table] alone. Every value without a meaning,
    name without a thing, impossible date and double key is listed with its cell, and nothing is written until there is
    none, or with --partial without the rows that have one. Names that the graph does not know are decided once, in a
    sheet.
    """
    from coopgraph.tables import mapping_file

    is_mapping = file.suffix.lower() == ".toml"
    begun = mapping_file.table_alone(file) if is_mapping else None
    if is_mapping and not begun:
        if output is not None:
            raise UsageError("-o is for a mapping that is drafted; the claims of a table go to the workspace")
        _load(file, partial, check, workers)
    elif partial or check or workers:
        what = "says nothing but [table]" if begun else "is no mapping (.toml)"
        raise UsageError(f"{file}: {what}; without options a mapping is drafted")
    else:
        _draft(file, begun, output)


def _draft(path: Path, begun: TableEntry | None, output: str | None) -> None:
    """Draft a mapping for a table, or for that of a mapping that is begun with [table]."""
    from coopgraph.tables import draft, files, opening

    if output not in (None, "-") and Path(output).exists() and not (begun and path.samefile(output)):
        raise UsageError(f"{output}: is there already, and would be lost; name another file for the draft")
    try:
        table = opening.table_of(path, begun) if begun else files.read(path)
    except DataError as error:
        if begun or "[table]" not in str(error):
            raise
        how = f"write a mapping of [table] alone, with file = {path.name!r} and this, and the rest of it is drafted"
        raise DataError(f"{error}; {how}") from error
    with data_to(output) as out:
        out.write(draft.mapping(table, begun))
    _describe(table)
    tell("complete the draft, then run coopgraph table on it")


def _describe(table: Table) -> None:
    """Say what was read, and what was noticed of it."""
    size = f"{count(len(table.rows), 'row')}, {count(len(table.columns), 'column')}"
    tell("; ".join((f"{table.name}: {size}", *table.noticed)))


@without_collector()
def _load(path: Path, partial: bool, check: bool, address: str | None) -> None:
    from coopgraph.tables import opening, writing

    workspace = the_own_workspace("tables")
    mapping, table = opening.opened(path)
    _describe(table)
    at = writing.paths(workspace, mapping.source.id)
    with nullcontext() if check else writing.alone(at):
        _load_alone(path, mapping, table, at, partial, check, address)


def _load_alone(
    path: Path, mapping: TableMapping, table: Table, at: TablePaths, partial: bool, check: bool, address: str | None
) -> None:
    from coopgraph.tables import names_sheet, unheard, writing
    from coopgraph.tables.loading import Loading

    workspace = the_workspace()
    writing.refuse_other_source(at, mapping, workspace)
    writing.refuse_changed_by_hand(at, workspace)
    change = writing.change(at, table, mapping)
    if change is not None:
        tell(f"{table.name}: {change}")
    around = _surroundings(workspace, mapping, table, address is not None, check)
    decisions = names_sheet.read(at.names, around.prefixes)
    try:
        prepared = Loading(mapping, table, around, decisions)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    for line in islice(unheard.lines(mapping, table), _FEW):
        tell(f"{path.name}: {line}")
    loaded = prepared.run(_workers(address), writing.former(at))
    unwritten = ", which --check does not write" if check else ""
    _tell_names(loaded, f"{workspace.name_of(at.names)}{unwritten}")
    read = writing.document(mapping, table, loaded.plan.issued)
    if not check:
        writing.save_sheets(loaded, decisions, around.words, at)
    _tell_faults(loaded, partial, f"{workspace.name_of(at.faults)}{unwritten}")
    if check:
        tell("nothing was written")
        return
    _write(loaded, read, at, workspace, around)
    writing.save_judgements(loaded, decisions, workspace)


def _surroundings(
    workspace: Workspace, mapping: TableMapping, table: Table, with_network: bool, check: bool
) -> Surroundings:
    """Return what the graph knows; a workspace that has nothing yet is given its folder and the text first.

    A `check` takes these away again.
    """
    from coopgraph.reading import records
    from coopgraph.tables import surroundings, writing

    graphs = workspace.root / "graphs"
    with ExitStack() as made:
        if not os.path.lexists(graphs):
            graphs.mkdir()
            made.callback(graphs.rmdir)
        if not workspace.graph_paths() and not workspace.awaits_claims():
            at = records.save(writing.document(mapping, table, ("", "")), workspace)
            made.callback(at.origin.unlink)
            made.callback(at.text.unlink)
        if not check:
            made.pop_all()
        with the_store(with_network=with_network) as store:
            return surroundings.read(store, workspace)


def _workers(address: str | None) -> Workers:
    from coopgraph.tables import distribution

    return distribution.on_cluster(address) if address else distribution.on_this_machine


def _tell_names(loaded: Loaded, sheet: str) -> None:
    hows = Counter(link.how for link in loaded.links.values())
    counted = ", ".join(f"{number:,} {_HOW[how]}" for how, number in hows.most_common())
    if counted:
        tell(f"names: {counted} ({sheet})")
    for one, other in loaded.alike[:_FEW]:
        places = [f"{_called(name)} ({loaded.names[name].first})" for name in (one, other)]
        tell(f"{' and '.join(places)} look alike; decide the one as the other in the sheet of names, or as new")
    if len(loaded.alike) > _FEW:
        tell(f"... and {len(loaded.alike) - _FEW:,} pairs more that look alike, in the column candidates of {sheet}")


def _called(name: Name) -> str:
    return f"{str(name)!r}{f' [{name.told_apart}]' if name.told_apart else ''}"


_HOW = {
    "label": "linked by label",
    "identifier": "linked by identifier",
    "judgement": "linked as decided before",
    "decided": "linked as decided",
    "new": "new",
    "left out": "left out",
    "asked": "to be decided",
}


def _tell_faults(loaded: Loaded, partial: bool, file: str) -> None:
    """List what keeps rows out. Raises `CheckError` where that keeps all out."""
    lines = list(loaded.gate.lines())
    for line in lines[:_SHOWN]:
        tell(line)
    if len(lines) > _SHOWN:
        tell(f"... and {len(lines) - _SHOWN:,} kinds of fault more, all listed in {file}")
    out = loaded.gate.rows
    if loaded.gate.general or (out and not partial):
        what = f"{count(len(out), 'row')} of {loaded.rows:,}" if out else "all rows"
        is_some = not loaded.gate.general and len(out) < loaded.rows
        advice = f"mend them or the mapping{', or leave them out with --partial' if is_some else ''}"
        raise CheckError(f"{what} cannot be taken and nothing was written; {advice}")


def _write(loaded: Loaded, read: Document, at: TablePaths, workspace: Workspace, around: Surroundings) -> None:
    from coopgraph.tables import writing

    if not loaded.claims:
        raise CheckError("no row makes a claim, and nothing was written; look at the mapping's claims")
    texts = writing.texts(loaded, read, at, around.words)
    writing.save(texts, at, workspace)
    writing.save_rows(loaded, at)
    rows = sum(each.rows for each in loaded.parts)
    counts = [f"{rows:,} of {loaded.rows:,} rows give {count(loaded.claims, 'claim')}"]
    counts += [f"{number:,} {what}" for number, what in (
        (len(loaded.gate.rows), "left out"), (loaded.silent, "claim nothing"), (loaded.passed_over, "not asked for"),
    ) if number]  # fmt: skip
    graph = [path for path in texts if path.parent == at.graphs]
    files = f"{count(len(graph), 'file')} of {workspace.name_of(at.graphs)} renewed" if graph else "nothing is new"
    unclaimed = sum(link.how == "new" for link in loaded.links.values()) - len(loaded.new)
    beside = f" ({count(unclaimed, 'new name')} in no claim)" if unclaimed else ""
    tell(f"{', '.join(counts)}; {count(len(loaded.new), 'new thing')}{beside}: {files}")
