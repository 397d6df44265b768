"""Commands that read documents: text out of them, proposals out of that, and how good these are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_own_workspace, the_store, the_workspace
from coopgraph.cli.options import TEXT, format_option, output_option
from coopgraph.cli.output import OutputOptions, count, data_to, tell, write_rows
from coopgraph.errors import DataError, UsageError, unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from coopgraph.claims.workspace import Workspace
    from coopgraph.reading.documents import Change
    from coopgraph.reading.model import Document
    from coopgraph.store.interface import Store

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
        click.option("--license", metavar="URL", type=TEXT, help="Its licence; then passages keep their words."),
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

    DOCUMENT is HTML, a PDF with a text layer, DOCX, or text in any encoding; - is standard input. With -o FILE.txt,
    what is known of its origin is written beside it, into FILE.origin.json.
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

    facts = {name: str(value) for name, value in given.items() if value and name != "extract"}
    return documents.read(path, **facts, extent=EXTRACT if given["extract"] else WHOLE)


def _describe(document: Document) -> None:
    """Say what was read, and what the document does not say of itself."""
    origin = document.origin
    repaired = f", {count(origin.repaired, 'character')} repaired" if origin.repaired else ""
    language = origin.language or "language unknown"
    tell(f"{origin.file}: {count(len(document.paragraphs), 'paragraph')}, {language}, by {origin.extractor}{repaired}")
    missing = [name for name in ("title", "publisher", "issued") if not getattr(origin, name)]
    if missing:
        tell(f"{origin.file} does not give its {', '.join(missing)}; add {', '.join(f'--{name}' for name in missing)}")


def _propose_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what proposes."""
    for option in reversed((
        click.option(
            "--with", "extractors", metavar="NAMES", type=TEXT, default="rules", show_default=True,
            help="What proposes claims: rules, llm, or both with a comma between.",
        ),
        click.option("--send", is_flag=True, help="Let the text go to the language model that COOPGRAPH_LLM names."),
    )):  # fmt: skip
        command = option(command)
    return command


@cli.command("propose", local=True)
@click.argument("source", type=TEXT)
@_propose_options
def propose_command(source: str, extractors: str, send: bool) -> None:
    """Propose claims from a text, each word of which stands in it.

    SOURCE is the slug of a text that coopgraph read has put into the workspace. What is proposed is no part of the
    graph until a person has accepted it.
    """
    from coopgraph.reading import records

    _propose(records.load(the_workspace(), source), extractors, send)


@cli.command("read", local=True)
@_DOCUMENT
@_fact_options
@_propose_options
def read_command(document: Path, extractors: str, send: bool, **given: str | bool | None) -> None:
    """Read a document into the workspace, and propose claims from it.

    DOCUMENT is HTML, a PDF with a text layer, DOCX, or text in any encoding. The same document is recognised when it is
    read again, and one that has changed is compared with what was read before.
    """
    read = _keep(_read(document, given))
    _describe(read)
    _propose(read, extractors, send)


def _keep(document: Document) -> Document:
    """Save a document into the workspace, with what was given when it was read before, and say how it has changed."""
    from coopgraph.reading import documents, records

    workspace = the_own_workspace("documents")
    at = records.paths(workspace, document.source)
    if at.text.exists():
        before = records.load(workspace, document.source)
        document = documents.completed(document, before)
        if before.text != document.text:
            tell(f"{at.text.name}: has changed: {_in_words(documents.change(before, document), at.text)}")
        else:
            tell(f"{at.text.name}: is as it was read before")
    records.save(document, workspace)
    return document


def _in_words(change: Change, path: Path) -> str:
    """Say how a text has changed. Raises `DataError` where it is that of another document."""
    if change.is_other:
        raise DataError(f"{path}: is the text of another document; name this one with --source")
    parts = f"{count(change.new, 'paragraph')} new, {change.gone} gone, {change.same} as before"
    return f"{parts}; decisions follow their words"


def _propose(document: Document, extractors: str, send: bool) -> None:
    from coopgraph.reading import propose

    workspace = the_workspace()
    names = [name.strip() for name in extractors.split(",") if name.strip()]
    chosen = propose.extractors(names, send, tell)
    with the_store(with_network="llm" in names) as store:
        page = propose.page_of(document, store, propose.judgements(workspace))
        outcome = propose.propose(page, chosen)
    propose.save(outcome, workspace, document.source)
    reasons = ", ".join(f"{number} {reason}" for reason, number in outcome.reasons.items())
    refused = f", {len(outcome.refusals)} refused: {reasons}" if reasons else ""
    tell(f"{document.source}: {len(outcome.proposals)} proposed{refused}")
    if not outcome.proposals and "rules" in names:
        _say_why_none(document.source, page.language)


def _say_why_none(source: str, language: str) -> None:
    from coopgraph.reading.rules.rules import LANGUAGES

    if not language:
        tell("the language of the text is not known, so no rules were tried; say it with --language, as en or zh-Hans")
    elif language.partition("-")[0] not in LANGUAGES:
        tell(f"there are rules for English and Chinese, and the text is in {language}; add claims in coopgraph review")
    else:
        tell(
            f"rules link names that the graph knows; add claims with the first in coopgraph review {source}, and after "
            f"coopgraph accept {source} --partial, coopgraph propose {source} knows these names"
        )


@cli.command("score", local=True)
@click.argument("source", type=TEXT)
@click.option(
    "--against", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Graph file to compare."
)
@click.option("--misses", is_flag=True, help="List what was missed and what was wrong, instead of the numbers.")
@click.option(
    "--level", metavar="LEVEL", type=TEXT, help="Of this level only: entity, pair, predicate, status, speaker."
)
@format_option
@output_option
def score_command(
    source: str, against: Path, misses: bool, level: str | None, format_: str | None, output: str | None
) -> None:
    """Measure proposals against the claims of a graph file.

    Precision is the share of what was proposed that the file has too, recall the share of what the file has that was
    proposed. The file is one of the workspace's, and SOURCE has been read there.
    """
    from coopgraph.ask.graph import CoopGraph
    from coopgraph.rdf.terms import Literal
    from coopgraph.reading import propose, records, score
    from coopgraph.reading.model import Proposal

    workspace = the_workspace()
    if level is not None and level not in score.LEVELS:
        raise UsageError(unknown("level", level, score.LEVELS))
    document = records.load(workspace, source)
    proposals = records.read(Proposal, records.paths(workspace, source).proposals)
    with the_store() as store:
        page = propose.page_of(document, store, propose.judgements(workspace))
        graph = CoopGraph(store, workspace).extract(source=_source_of(workspace, against, store))
        scores = score.score(page, proposals, graph)
        chosen = [each for each in scores if level in (None, each.level)]
        columns, rows = score.miss_rows(chosen) if misses else score.rows(chosen)
        write_rows(
            columns, [[Literal(cell) for cell in row] for row in rows], OutputOptions(format_, output), store.prefixes
        )


def _source_of(workspace: Workspace, against: Path, store: Store) -> str:
    """Return the source (IRI) that the claims of a graph file of the workspace come from."""
    from coopgraph.rdf.terms import value
    from coopgraph.rdf.vocab import STANDARD

    graph = workspace.graph_iri(against.resolve())
    sources = {value(quad.object) for quad in store.quads(predicate=STANDARD["oa"] + "hasSource", graph=graph)}
    if len(sources) != 1:
        what = "has no passages" if not sources else f"has passages of {len(sources)} sources"
        raise UsageError(f"{against}: {what} in this workspace; name a graph file with those of one source")
    return sources.pop()
