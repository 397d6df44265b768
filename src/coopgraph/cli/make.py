"""Commands that make: build, check, and the tools for those who write graph files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, require, sources_option, strict_option, the_workspace
from coopgraph.cli.output import count, progress_bar, tell
from coopgraph.errors import CheckError, UsageError

if TYPE_CHECKING:
    from coopgraph.build.build import Report


_ABSENT_SHOWN = 5


@cli.command("build")
@sources_option
@strict_option
@click.option("--full", is_flag=True, help="Make all anew, also what has not changed since the last build.")
def build_command(sources: Path | None, strict: bool, full: bool) -> None:
    """Read, check, derive and load what has changed; keep the former store where a check fails."""
    from coopgraph.build.build import build

    with progress_bar("reading") as progress:
        report = build(the_workspace(), sources=sources, strict=strict, full=full, progress=progress)
    for finding in report.findings:
        click.echo(str(finding), err=True)
    _summarise(report)
    _fail_on(report, strict)


@cli.command("check")
@sources_option
@strict_option
@click.option("--format", "format_", default="text", metavar="text|json", help="How findings are written.")
def check_command(sources: Path | None, strict: bool, format_: str) -> None:
    """Check the graph files against shapes, rules and source texts, and save nothing."""
    from dataclasses import asdict

    from coopgraph.build.build import check

    require("format", format_, ("text", "json"))
    with progress_bar("reading") as progress:
        report = check(the_workspace(), sources=sources, progress=progress)
    if format_ == "json":
        click.echo(json.dumps([asdict(finding) for finding in report.findings], ensure_ascii=False, indent=1))
    else:
        for finding in report.findings:
            click.echo(str(finding))
    _summarise(report)
    _fail_on(report, strict)


def _summarise(report: Report) -> None:
    claims = ", ".join(f"{number} {status}" for status, number in report.claims.items())
    renewed = f" ({report.renewed} read anew)" if report.renewed < report.files else ""
    counts = (
        count(report.files, "file") + renewed,
        count(report.triples, "triple"),
        count(report.entities, "entity", "entities"),
    )
    tell(", ".join(counts))
    tell(f"{count(sum(report.claims.values()), 'claim')}: {claims or 'none'}")
    if report.saved:
        tell(f"derived {report.derived['direct']} direct and {report.derived['inferred']} inferred triples")
    tell(f"{count(report.verified, 'passage')} verified against their texts")
    if report.absent:
        shown = ", ".join(report.absent[:_ABSENT_SHOWN])
        more = f" and {len(report.absent) - _ABSENT_SHOWN} more" if len(report.absent) > _ABSENT_SHOWN else ""
        tell(f"not verified, as the texts are not at hand: {shown}{more} (name their folder with --sources)")
    outcome = "; store saved" if report.saved else ""
    found = f"{count(report.violations, 'violation')}, {count(report.warnings, 'warning')}"
    tell(f"{found}; {report.seconds:.2f} s{outcome}")


def _fail_on(report: Report, strict: bool) -> None:
    if report.violations:
        found = count(report.violations, "violation")
        raise CheckError(f"{found}; mend what is listed above (a former store, if any, stays)")
    if strict and report.warnings:
        raise CheckError(f"{count(report.warnings, 'warning')}, and --strict was given; mend what is listed above")


@cli.command("cut")
@click.argument("text", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("words", required=False)
@click.option("--source", metavar="SLUG", help="Slug of the source; by default the name of the file.")
def cut_command(text: Path, words: str | None, source: str | None) -> None:
    """Find WORDS in a source text and print the passage as Turtle; without WORDS, print the source.

    Position and checksum are filled in; gist, title and date are yours to write, the gist in your own words.
    """
    from coopgraph.claims import passages
    from coopgraph.rdf.terms import curie

    whole, slug = passages.read(text), source or text.stem
    if curie(f"x/{slug}", {"source": "x/"}) is None:
        raise UsageError(f"{slug!r} is no slug; name the source with --source, in letters, digits and hyphens")
    if words is None:
        click.echo(passages.source_as_turtle(whole, text.name, slug), nl=False)
    else:
        click.echo(passages.as_turtle(whole, passages.find(whole, words), slug), nl=False)


@cli.command("format")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail where a file would be changed.")
def format_command(files: tuple[Path, ...], only_check: bool) -> None:
    """Write graph files in canonical form: sorted, one predicate a line; by default all of the workspace."""
    from coopgraph.export import turtle
    from coopgraph.files import text_to

    space = the_workspace()
    changed = 0
    for path in files or space.graph_files():
        name = space.name_of(path)
        formatted = turtle.formatted(path, space.prefixes, name)
        if formatted.encode() != path.read_bytes():
            changed += 1
            tell(f"{name}: {'is not in canonical form' if only_check else 'formatted'}")
            if not only_check:
                with text_to(path) as out:
                    out.write(formatted)
    if only_check and changed:
        raise CheckError(f"{changed} files are not in canonical form; run coopgraph format")
