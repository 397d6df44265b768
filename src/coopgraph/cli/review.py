"""Commands by which a person decides on what was proposed, and by which decisions become part of the graph."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_store, the_workspace
from coopgraph.cli.options import TEXT
from coopgraph.cli.output import count, data_to, tell
from coopgraph.errors import CheckError, UsageError

if TYPE_CHECKING:
    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.acceptance import Acceptance
    from coopgraph.reading.review import Review, Session
    from coopgraph.reading.vocabulary import Vocabulary


def the_source(workspace: Workspace) -> str:
    """Return the one source of a workspace that has proposals."""
    from coopgraph.reading import records

    sources = records.proposed(workspace)
    if len(sources) != 1:
        what = f"name one: {', '.join(sources[:20])}" if sources else "coopgraph read makes them of a document"
        raise UsageError(f"{'several sources have' if sources else 'no source has'} proposals; {what}")
    return sources[0]


@cli.command("accept", local=True)
@click.argument("source", type=TEXT, required=False)
@click.option("--dry-run", is_flag=True, help="Write what would be new to standard output; write no file.")
@click.option("--partial", is_flag=True, help="Accept what is decided though something is not.")
def accept_command(source: str | None, dry_run: bool, partial: bool) -> None:
    """Put the claims that were accepted into the graph files.

    SOURCE is the slug of a text of the workspace; without it, the one that has proposals. Its claims, passages and new
    entities are written as Turtle and checked; where the check finds a violation in them, nothing is written. What was
    accepted before and is no more is taken out again; what people wrote by hand stays.
    """
    from coopgraph.reading import acceptance, graph_files, records
    from coopgraph.reading.model import Judgement
    from coopgraph.reading.review import Session
    from coopgraph.reading.vocabulary import vocabulary

    session = Session(the_workspace(), source or the_source(the_workspace()))
    tell_coverage(session.review)
    undecided = len(session.review.open)
    if undecided and not partial:
        raise CheckError(f"{count(undecided, 'proposal')} undecided; go on with coopgraph review, or give --partial")
    with the_store() as store:
        words = vocabulary(store)
    accepted = acceptance.acceptance(session.workspace, session.review, words)
    if dry_run:
        with data_to(None) as out:
            out.write(accepted.new)
        for note in accepted.notes:
            tell(note)
        return
    graph_files.save(accepted.files, session.workspace)
    former = records.read(Judgement, session.paths.judgements)
    for judgement in acceptance.judgements(session.review, words, former):
        records.append(session.paths.judgements, judgement)
    tell_acceptance(accepted, session.workspace)


def tell_acceptance(accepted: Acceptance, workspace: Workspace) -> None:
    """Say what has become of the graph files, and where they say something else than the review."""
    graph = [workspace.name_of(path) for path in accepted.files if path.suffix != ".jsonl"]
    more = [
        f"{number} {what}" for number, what in ((accepted.changed, "changed"), (accepted.gone, "taken out")) if number
    ]
    counts = [count(accepted.claims, "new claim"), *more, count(accepted.entities, "new entity", "new entities")]
    tell(f"{', '.join(counts)}: {', '.join(graph) or 'nothing is new'}")
    for note in accepted.notes:
        tell(note)


def tell_coverage(review: Review) -> None:
    """Say how much of a text has been decided on, and which sentences no claim speaks of."""
    taken, rejected = len(review.taken), sum(item.act == "reject" for item in review.items)
    listed = len(review.paragraphs)
    complete = f"{listed - len(review.incomplete)} of {count(listed, 'paragraph')} complete"
    tell(f"{taken} accepted, {rejected} rejected, {len(review.open)} open; {complete}")
    bare = list(review.bare_sentences())
    if bare:
        tell(f"{count(len(bare), 'sentence')} without a claim; coopgraph review shows them")


@cli.command("review", local=True)
@click.argument("source", type=TEXT, required=False)
@click.option("--web", is_flag=True, help="Review on a page in a browser of this machine.")
def review_command(source: str | None, web: bool) -> None:
    """Decide on proposals, one key each, the text beside.

    SOURCE is the slug of a text of the workspace; without it, the one that has proposals. Every decision is kept at
    once: what is interrupted goes on where it was. The keys are shown; ? explains them. With --web the address of a
    page is printed, which only this machine can open; Ctrl-C ends it.
    """
    from coopgraph.reading import source_entry
    from coopgraph.reading.review import Session
    from coopgraph.reading.vocabulary import status_labels, vocabulary

    if not web and not sys.stdin.isatty():
        raise UsageError("review asks a person, at a terminal; --web asks in a browser")
    session = Session(the_workspace(), source or the_source(the_workspace()))
    iri = session.workspace.prefixes["source"] + session.source
    with the_store(with_network=web) as store:
        words = vocabulary(store)
        labels = status_labels(store)
        quotable = source_entry.may_be_quoted(store, iri, session.document.origin)
    if web:
        _serve(session, words, labels, quotable)
    else:
        _talk(session, words, quotable)


def _talk(session: Session, words: Vocabulary, quotable: bool) -> None:
    from rich.console import Console

    from coopgraph.cli.review_terminal import Face

    Face(session, words, Console(stderr=True, highlight=False), quotable).run()
    tell_coverage(session.review)


def _serve(session: Session, words: Vocabulary, labels: dict[str, dict[str, str]], quotable: bool) -> None:
    from coopgraph.reading.web.server import ReviewServer
    from coopgraph.reading.web.state import PageState

    with ReviewServer(PageState(session, words, labels, quotable)) as server:
        tell(f"review {session.source} at {server.address} (Ctrl-C ends it)")
        server.serve_forever()
