"""Commands that check graph files, and make the store from those in which all is well."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from coopgraph.check.findings import as_lines
from coopgraph.cli.group import cli, the_workspace
from coopgraph.cli.options import Amount, OneOf, limits_options, sources_option, strict_option
from coopgraph.cli.output import count, data_to, print_lines, progress_bar, tell
from coopgraph.errors import CheckError
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    from pathlib import Path

    from coopgraph.build.report import Report

_ABSENT_SHOWN = 5


@cli.command("check", local=True)
@sources_option
@strict_option
@limits_options
@click.option(
    "--format", "format_", default="text", metavar="text|json", type=OneOf("format", ("text", "json")),
    help="How findings are written.",
)  # fmt: skip
def check_command(sources: Path | None, strict: bool, format_: str) -> None:
    """Check graph files against rules and source texts.

    Nothing is saved. Violations fail; warnings are advice, and fail with --strict.
    """
    from dataclasses import asdict

    from coopgraph.build.build import check

    limits.close_network()
    with progress_bar("reading") as progress:
        report = check(the_workspace(), sources=sources, progress=progress)
    if format_ == "json":
        with data_to(None) as out:
            out.write(json.dumps([asdict(finding) for finding in report.findings], ensure_ascii=False, indent=1) + "\n")
    else:
        print_lines(as_lines(report.findings))
    _summarise(report)
    _fail_on(report, strict)


@cli.command("build", local=True)
@sources_option
@strict_option
@limits_options
@click.option("--full", is_flag=True, help="Make all anew, also what has not changed since the last build.")
@click.option("--quiet", is_flag=True, help="Say nothing but what keeps the store from being made.")
@click.option("--wait", metavar="SECONDS", type=Amount(min=0), default=0, help="Wait for another build.")
def build_command(sources: Path | None, strict: bool, full: bool, quiet: bool, wait: float) -> None:
    """Check graph files, and make the store from them.

    Only what has changed is read, checked, derived and loaded. Where a check fails, the former store is kept.
    """
    from coopgraph.build.build import build

    limits.close_network()
    with progress_bar("reading") as progress:
        report = build(the_workspace(), sources=sources, strict=strict, full=full, wait=wait, progress=progress)
    if quiet:
        if report.forbidden(strict=strict):
            raise CheckError(report.summary())
        return
    for line in as_lines(report.findings):
        click.echo(line, err=True)
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
    if report.verified or not report.absent:
        tell(f"{count(report.verified, 'passage')} verified against their texts")
    if report.absent:
        shown = ", ".join(report.absent[:_ABSENT_SHOWN])
        more = f" and {len(report.absent) - _ABSENT_SHOWN} more" if len(report.absent) > _ABSENT_SHOWN else ""
        tell(f"not verified anew, as the texts are not here: {shown}{more} (--sources names their folder)")
    outcome = "; store saved" if report.saved else ""
    findings = f"{count(report.violations, 'violation')}, {count(report.warnings, 'warning')}"
    tell(f"{findings}; {report.seconds:.2f} s{outcome}")


def _fail_on(report: Report, strict: bool) -> None:
    if report.violations:
        violations = count(report.violations, "violation")
        raise CheckError(f"{violations}; mend what is listed above (a former store, if any, stays)")
    if strict and report.warnings:
        raise CheckError(f"{count(report.warnings, 'warning')}, and --strict was given; mend what is listed above")
