"""Query files: SPARQL with a header that says what it is for, as questions, checks and derive rules have it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.errors import DataError, near
from coopgraph.rdf.vocab import KIND_CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARAMETER = r"  (?P<name>\w+): (?P<kind>[a-z]+)(?P<optional>\??) - (?P<text>.+)"
KINDS = ("relation", "class", *KIND_CLASSES, "year", "text")
"""What a parameter can be; all but `year` and `text` stand for one IRI, found by name."""


class Parameter(NamedTuple):
    """A variable of a question that the asker may bind; `kind` is one of `KINDS`."""

    name: str
    kind: str
    optional: bool
    text: str


class QueryFile(NamedTuple):
    """A SPARQL query with a name, and what its header says of it."""

    name: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str
    header: Mapping[str, str]


def read(path: Path) -> QueryFile:
    """Read a question from an `.rq` file. Raises `DataError` where the header is not as it should be."""
    return parse(files.read_short(path), str(path))


def parse(text: str, origin: str) -> QueryFile:
    """Return a question from its text; `origin` is the file's path or another name of where it comes from."""
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        entry = line.removeprefix("#+").removeprefix(" ")
        if match := re.fullmatch(_PARAMETER, entry):
            parameters.append(_parameter(match, f"{origin}:{number}:1"))
        elif entry.strip() not in ("", "parameters:"):
            key, colon, value = entry.partition(": ")
            if not colon:
                raise DataError(
                    f"{origin}:{number}:1: is no header line; write '#+ key: text' or '#+   name: kind - text'"
                )
            header[key.strip()] = value.strip()
    return QueryFile(
        Path(origin).stem, header.get("summary", ""), header.get("description", ""), tuple(parameters), text, header
    )


def _parameter(match: re.Match[str], place: str) -> Parameter:
    if match["kind"] not in KINDS:
        raise DataError(
            f"{place}: unknown kind {match['kind']!r}{near(match['kind'], KINDS) or '; kinds are ' + ', '.join(KINDS)}"
        )
    return Parameter(match["name"], match["kind"], bool(match["optional"]), match["text"])
