"""Options that commands share, and the types of their values: what is misspelt is told with what comes near."""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coopgraph.errors import UsageError, short, unknown
from coopgraph.rdf.vocab import STATUSES
from coopgraph.sandbox import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.shell_completion import CompletionItem

SOURCES = "COOPGRAPH_SOURCES"
"""The variable of the environment that names the folder of source texts."""
C = TypeVar("C", bound="Callable[..., Any]")


class Text(click.ParamType[str]):
    """Text in UTF-8, whatever the locale took an argument for."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text. Raises `UsageError` where it is not UTF-8."""
        try:
            return os.fsencode(value).decode("utf-8")
        except UnicodeError as error:
            raise UsageError(f"{short(value)!r} is not UTF-8; type it anew") from error


class OneOf(Text):
    """One of a few names, which the shell completes; a function gives those that cost something to find."""

    def __init__(self, noun: str, names: Sequence[str] | Callable[[], Sequence[str]]) -> None:
        self.noun, self._names = noun, names

    @property
    def names(self) -> Sequence[str]:
        """The names that there are."""
        return self._names() if callable(self._names) else self._names

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name. Raises `UsageError` with near matches where it is none of them."""
        name = super().convert(value, param, ctx)
        if name not in self.names:
            raise UsageError(unknown(self.noun, short(name), self.names))
        return name

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return the names that begin as what is typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in self.names if name.startswith(incomplete)]


class Number(click.ParamType[int]):
    """A whole number that every part of the program can count to."""

    name = "number"

    def __init__(self, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; one beyond all counting stands for the most that can be counted."""
        text = str(value).strip()
        if not text.removeprefix("-").isdecimal() or (number := _whole(text)) < self._least:
            option = f"{param.opts[-1]} " if param else ""
            raise UsageError(f"{option}{short(text)}: is no whole number from {self._least} on; give one")
        return number


_DIGITS = 15


def _whole(text: str) -> int:
    """Return a number, cut off at what SQLite and Python count to."""
    digits = text.lstrip("-0")
    number = int(digits or "0") if len(digits) <= _DIGITS else 10**_DIGITS
    return -number if text.startswith("-") else number


class Amount(click.FloatRange):
    """A number of seconds or gigabytes; `inf` is as much as there is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number. Raises `click.BadParameter` where it is none, or too small."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


class Year(click.ParamType[int]):
    """A year as answers write it: 2014, 2014-05, 199X, -0044; of a decade or century the first or last year."""

    name = "year"

    def __init__(self, unknown_digit: str) -> None:
        self._digit = unknown_digit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the year. Raises `UsageError` where it is none."""
        match = re.fullmatch(r"(-?\d{1,4})(?:-\d\d){0,2}|(\d{1,3})(X{1,2})", str(value).strip(), re.ASCII)
        if match is None:
            option = f"{param.opts[-1]} " if param else ""
            raise UsageError(f"{option}{short(str(value))!r}: is no year; write one as 2014")
        return int(match[1] or match[2] + self._digit * len(match[3]))


class Date(click.ParamType[str]):
    """A date as a person types it: 2017, 2017-06, 2017-06-05; of a year or month the last day."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the day. Raises `UsageError` where it is none."""
        from coopgraph.claims import date_input

        try:
            return date_input.last_day(str(value))
        except UsageError as error:
            raise UsageError(f"{param.opts[-1]} {error}" if param else str(error)) from error


TEXT = Text()


def row_formats() -> Sequence[str]:
    """Return the formats of rows."""
    from coopgraph.ask.row_formats import ROW_FORMATS

    return tuple(ROW_FORMATS)


def format_option(command: C) -> C:
    """Add `--format`, for rows."""
    return click.option(
        "--format", "format_", metavar="FORMAT", type=OneOf("format", row_formats),
        help="table, json, jsonl, csv, excel-csv, tsv, xml or md.",
    )(command)  # fmt: skip


def safe_cells_option(command: C) -> C:
    """Add `--safe-cells`."""
    return click.option(
        "--safe-cells", is_flag=True,
        help="CSV: an apostrophe before cells that a spreadsheet would run as formulas; excel-csv has them anyway.",
    )(command)  # fmt: skip


def limit_option(default: int, noun: str = "Rows") -> Callable[[C], C]:
    """Add `--limit`."""
    return click.option(
        "--limit", metavar="N", type=Number(0), default=default, show_default=True, help=f"{noun} at most; 0 for all."
    )


def status_option(command: C) -> C:
    """Add `--status`."""
    return click.option(
        "--status", metavar="STATUS", type=OneOf("status", STATUSES), multiple=True,
        help="Only claims of this status; may be repeated.",
    )(command)  # fmt: skip


def group_option(command: C) -> C:
    """Add `--group`."""
    return click.option(
        "--group", metavar="GROUP", type=TEXT, multiple=True, help="Only this relation group; may be repeated."
    )(command)


def as_of_option(text: str) -> Callable[[C], C]:
    """Add `--as-of`, a date."""
    return click.option("--as-of", metavar="DATE", type=Date(), help=text)


def selection_options(command: C) -> C:
    """Add what chooses claims: `--status`, `--group`, `--field`, `--source`, `--since`, `--until` and `--as-of`."""
    options = (
        status_option,
        group_option,
        click.option(
            "--field",
            metavar="FIELD",
            type=TEXT,
            multiple=True,
            help="Only claims that name this field; may be repeated.",
        ),
        click.option(
            "--source", metavar="SOURCE", type=TEXT, multiple=True, help="Only claims of this source; may be repeated."
        ),
        click.option(
            "--since", metavar="YEAR", type=Year("0"), help="Only dated claims that hold in this year or later."
        ),
        click.option(
            "--until", metavar="YEAR", type=Year("9"), help="Only dated claims that hold in this year or earlier."
        ),
        as_of_option("Only what held on this date, or had been planned or hoped for by then."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def sources_option(command: C) -> C:
    """Add `--sources`."""
    return click.option(
        "--sources", metavar="DIR", type=click.Path(path_type=Path), envvar=SOURCES,
        help=f"Folder of source texts [env: {SOURCES}].",
    )(command)  # fmt: skip


def limits_options(command: C) -> C:
    """Add `--timeout` and `--memory`, which hold from then on for each query and each rule that is run."""

    def limit(context: click.Context, option: click.Parameter, value: float) -> None:
        limits.set_limits(**{str(option.name): value})

    timeout = click.option(
        "--timeout", "seconds", metavar="SECONDS", type=Amount(min=0.001), default=limits.Limits().seconds,
        show_default=True, expose_value=False, callback=limit, help="Seconds that a query or rule may take.",
    )  # fmt: skip
    memory = click.option(
        "--memory", "gigabytes", metavar="GB", type=Amount(min=0.001), default=2, show_default=True,
        expose_value=False, callback=limit, help="Gigabytes of memory that a query or rule may take.",
    )  # fmt: skip
    return timeout(memory(command))


def strict_option(command: C) -> C:
    """Add `--strict`."""
    return click.option("--strict", is_flag=True, help="Fail on warnings too.")(command)


def output_option(command: C) -> C:
    """Add `-o`."""
    return click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output (-).")(command)
