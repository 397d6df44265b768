"""The command that writes proposals as a spreadsheet, and takes decisions from one, wholly or not at all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_store, the_workspace
from coopgraph.cli.options import TEXT, output_option
from coopgraph.cli.output import count, data_to, tell
from coopgraph.errors import CheckError, UsageError
from coopgraph.rdf.vocab import STANDARD

if TYPE_CHECKING:
    from coopgraph.reading.review import Session
    from coopgraph.reading.sheet_rows import Gate
    from coopgraph.reading.vocabulary import Vocabulary

_SHOWN = 20


@cli.command("sheet", local=True)
@click.argument("source", type=TEXT)
@output_option
@click.option("--import", "given", metavar="FILE", type=click.Path(path_type=Path), help="Take decisions from a sheet.")
def sheet_command(source: str, output: str | None, given: Path | None) -> None:
    """Write proposals as a spreadsheet, or take decisions from one.

    SOURCE is the slug of a text of the workspace. FILE ends in .csv or .xlsx; standard output gets CSV. The column
    decision takes accept, reject or unsure, after a colon the reason; a row without id adds a claim, and a new thing is
    written as `Name (new Class)`. A sheet with a fault is not taken at all: each is told with its cell.
    """
    from coopgraph.reading import sheet_rows
    from coopgraph.reading.review import Session
    from coopgraph.reading.vocabulary import statuses, vocabulary

    if given and output:
        raise UsageError("-o writes a sheet and --import reads one; give one of them")
    session = Session(the_workspace(), source)
    iri = session.workspace.prefixes["source"] + source
    with the_store() as store:
        words, names = vocabulary(store), statuses(store)
        quotable = any(store.quads(subject=iri, predicate=STANDARD["dcterms"] + "license"))
    if given:
        _take(given, session, sheet_rows.Gate(session.review, words, names, quotable))
    else:
        _write(session, words, output)


def _write(session: Session, words: Vocabulary, output: str | None) -> None:
    from coopgraph.reading import sheet_files, sheet_rows

    rows = list(sheet_rows.rows(session.review, words))
    if output in (None, "-"):
        with data_to(None) as out:
            out.write(sheet_files.as_csv(rows))
    else:
        sheet_files.write(rows, Path(str(output)))
    tell(f"{count(len(rows) - 1, 'claim')} written")


def _take(path: Path, session: Session, gate: Gate) -> None:
    from coopgraph.reading import sheet_files

    gate.take(sheet_files.read(path))
    if gate.faults:
        for fault in gate.faults[:_SHOWN]:
            tell(str(fault))
        more = f", the first {_SHOWN} are listed above" if len(gate.faults) > _SHOWN else ""
        raise CheckError(f"{path.name}: {count(len(gate.faults), 'fault')}{more}; nothing was taken, mend the sheet")
    session.decide(gate.decisions)
    acts = Counter(act for act, *_ in gate.decisions)
    told = ", ".join(f"{number} {act}" for act, number in acts.items()) or "nothing new"
    tell(f"{path.name}: {told}; coopgraph accept {session.source} puts claims into the graph")
