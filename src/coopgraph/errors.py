"""What can go wrong, as one small tree.

    CoopgraphError            anything coopgraph says no to         exit code 3
    ├── UsageError            a name, parameter or format is wrong  exit code 2
    ├── CheckError            the graph files break a rule          exit code 1
    ├── QueryError            a SPARQL query is wrong or cut off    exit code 4
    └── DataError             a file or the store cannot be used    exit code 3
        ├── DamagedStoreError the store is not what was built
        └── ServerError       a server cannot be reached, or fails

The text of an error is one line: where, what, what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class CoopgraphError(Exception):
    """The root of every error that coopgraph raises on purpose."""

    exit_code = 3


class UsageError(CoopgraphError):
    """A question, entity, parameter or format that does not exist or does not fit."""

    exit_code = 2


class CheckError(CoopgraphError):
    """Graph files that break a rule, so that no store was built from them."""

    exit_code = 1


class QueryError(CoopgraphError):
    """A SPARQL query that cannot be run, must not be run, or ran too long."""

    exit_code = 4


class DataError(CoopgraphError):
    """A file, folder or store that cannot be read or written."""


class DamagedStoreError(DataError):
    """A store whose files are not those that were built; made anew it is right again."""


class ServerError(DataError):
    """A server that cannot be reached, refuses, or breaks off.

    `status` is the HTTP status, `explanation` its first line of explanation and `server` its name, where it gave them.
    """

    def __init__(self, message: str, status: int | None = None, explanation: str = "", server: str = "") -> None:
        super().__init__(message)
        self.status, self.explanation, self.server = status, explanation, server


def near(word: str, candidates: Iterable[str]) -> str:
    """Say which candidates come near a misspelt word, as the end of an error line.

    >>> near("partnrs", ["partners", "timeline"])
    '; did you mean partners?'
    >>> near("xyz", ["partners"])
    ''
    """
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(candidate.casefold(), candidate)
    matches = get_close_matches(word.casefold(), folded, n=3, cutoff=0.7)
    return f"; did you mean {' or '.join(folded[match] for match in matches)}?" if matches else ""


def unknown(noun: str, name: str, candidates: Collection[str]) -> str:
    """Say that nothing of a kind has a name, with near matches or else all that there are.

    >>> unknown("format", "jsn", ["json", "csv"]), unknown("format", "x", ["json", "csv"])
    ("no format is called 'jsn'; did you mean json?", "no format is called 'x'; there are json, csv")
    """
    return f"no {noun} is called {name!r}{near(name, candidates) or '; there are ' + ', '.join(candidates)}"


def install(extra: str) -> str:
    """Say how the libraries of an extra are installed: by the folder, as a registry's package of this name is another.

    >>> install("serve")
    'pip install ".[serve]" in the folder of coopgraph'
    """
    return f'pip install ".[{extra}]" in the folder of coopgraph'


def short(text: str, most: int = 80) -> str:
    """Return a text cut to so many characters, for an error line.

    >>> short("a long text", 8)
    'a lon...'
    """
    return text if len(text) <= most else f"{text[: most - 3]}..."
