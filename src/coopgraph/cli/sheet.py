"""The command that writes proposals or claims as a spreadsheet, and takes one back, wholly or not at all."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_store, the_workspace
from coopgraph.cli.options import SOURCES, TEXT, output_option
from coopgraph.cli.output import count, data_to, tell
from coopgraph.errors import CheckError, UsageError

if TYPE_CHECKING:
    from coopgraph.reading.graph_claims import GraphClaims
    from coopgraph.reading.review import Review, Session
    from coopgraph.reading.sheet_gate import Gate
    from coopgraph.reading.vocabulary import Vocabulary

_SHOWN = 20


@cli.command("sheet", local=True)
@click.argument("source", type=TEXT)
@output_option
@click.option("--import", "given", metavar="FILE", type=click.Path(path_type=Path), help="Take decisions from a sheet.")
def sheet_command(source: str, output: str | None, given: Path | None) -> None:
    """Write proposals as a spreadsheet, or take decisions from one.

    SOURCE is the slug of a text of the workspace, or a graph file (graphs/....ttl) for the claims that stand there.
    FILE ends in .csv or .xlsx; standard output gets CSV. The column decision takes accept, reject or unsure, after a
    colon the reason; a row without id adds a claim, and a new thing is written as `Name (new Class)`. A sheet with a
    fault is not taken at all: each is told with its cell.

    Of a graph file, a row that is changed changes its claim there at once, and reject takes it out.
    """
    if given is None and output is None and sys.stdout.isatty():
        raise UsageError(
            f"a sheet is not for a terminal; name a file, as in -o {Path(source).stem}.xlsx, or - to see it"
        )
    if given and output:
        raise UsageError("-o writes a sheet and --import reads one; give one of them")
    if source.lower().endswith(".ttl"):
        _of_claims(source, output, given)
    else:
        _of_proposals(source, output, given)


def _of_proposals(source: str, output: str | None, given: Path | None) -> None:
    from coopgraph.reading import sheet_gate, sheet_reader, source_entry
    from coopgraph.reading.review import Session
    from coopgraph.reading.vocabulary import statuses, vocabulary

    session = Session(the_workspace(), source)
    iri = session.workspace.prefixes["source"] + source
    with the_store() as store:
        words, names = vocabulary(store), statuses(store)
        quotable = source_entry.may_be_quoted(store, iri, session.document.origin)
    if given:
        _decide(given, session, sheet_gate.Gate(sheet_reader.Context(session.review, words, names, quotable)))
    else:
        _write(session.review, words, output)


def _of_claims(source: str, output: str | None, given: Path | None) -> None:
    from coopgraph.reading import graph_claims, sheet_gate, sheet_reader, source_entry
    from coopgraph.reading.vocabulary import statuses, vocabulary

    workspace, texts = the_workspace(), os.environ.get(SOURCES)
    path = graph_claims.find(workspace, source)
    with the_store() as store:
        words, names = vocabulary(store), statuses(store)
        claims = graph_claims.GraphClaims(workspace, path, words, Path(texts) if texts else None)
        iri = workspace.prefixes["source"] + claims.source
        quotable = source_entry.may_be_quoted(store, iri)
    if given:
        _change(given, claims, sheet_gate.Gate(sheet_reader.Context(claims.review, words, names, quotable, stand=True)))
    else:
        _write(claims.review, words, output)
        if not claims.review.document.text:
            tell(f"the text of {claims.source} is not at hand: there are no quotations; {SOURCES} names its folder")


def _write(review: Review, words: Vocabulary, output: str | None) -> None:
    from coopgraph.reading import sheet_files, sheet_rows

    rows = list(sheet_rows.rows(review, words))
    if output in (None, "-"):
        with data_to(None) as out:
            out.write(sheet_files.as_csv(rows))
    else:
        sheet_files.write(rows, Path(str(output)))
    tell(f"{count(len(rows) - 1, 'claim')} written")


def _take(path: Path, gate: Gate) -> None:
    """Take the rows of a file, or tell each fault."""
    from coopgraph.reading import sheet_files

    gate.take(sheet_files.read(path))
    if gate.faults:
        for fault in gate.faults[:_SHOWN]:
            tell(str(fault))
        more = f", the first {_SHOWN} are listed above" if len(gate.faults) > _SHOWN else ""
        raise CheckError(f"{path.name}: {count(len(gate.faults), 'fault')}{more}; nothing was taken, mend the sheet")


def _decide(path: Path, session: Session, gate: Gate) -> None:
    _take(path, gate)
    session.decide(gate.decisions)
    acts = Counter(act for act, *_ in gate.decisions)
    numbers = ", ".join(f"{number} {act}" for act, number in acts.items()) or "nothing new"
    tell(f"{path.name}: {numbers}; coopgraph accept {session.source} puts claims into the graph")


def _change(path: Path, claims: GraphClaims, gate: Gate) -> None:
    from coopgraph.cli.review import tell_acceptance
    from coopgraph.reading import graph_files

    _take(path, gate)
    changed = claims.change(gate)
    graph_files.save(changed.files, the_workspace())
    tell_acceptance(changed, the_workspace())
