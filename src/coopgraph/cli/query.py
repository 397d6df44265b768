"""`coopgraph query`, free of click: its plain form is read here, which halves what a question takes."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from coopgraph import files
from coopgraph.ask import questions
from coopgraph.claims import query_file, workspace
from coopgraph.cli.output import Form, tell, typed, write_rows
from coopgraph.errors import DataError, QueryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from coopgraph.claims.query_file import QueryFile
    from coopgraph.claims.workspace import Workspace
    from coopgraph.server.credentials import Credentials
    from coopgraph.store.interface import Store

SOURCES = "COOPGRAPH_SOURCES"


class Asked(NamedTuple):
    """What the arguments of `coopgraph query` ask for."""

    query: str
    parameters: tuple[str, ...] = ()
    format_: str | None = None
    columns: str | None = None
    output: str | None = None
    timeout: float = 60
    limit: int = 100_000


def answer(asked: Asked, space: Workspace, opened: AbstractContextManager[Store]) -> None:
    """Answer a named question, or run SPARQL from a file or from standard input."""
    from coopgraph.cli.watch import watched
    from coopgraph.rdf import sparql

    values = _pairs(asked.parameters)
    question = _question(asked.query, space)
    with opened as store, watched(asked.timeout):
        store.seconds = asked.timeout
        if question.parameters or question.header:
            bindings = questions.bind(question, values, store)
        else:
            bindings = questions.free_bindings(values, store, sparql.variables(question.sparql))
        form = Form(asked.format_, asked.output, asked.limit, tuple(asked.columns.split(",")) if asked.columns else ())
        gc.enable()
        try:
            found = store.query(question.sparql, bindings)
        except QueryError as error:
            raise QueryError(f"{asked.query}: {error}") from error
        _write(found, form, store.prefixes, lambda names, rows: questions.asked(question, values, names, rows))


def _question(text: str, space: Workspace) -> QueryFile:
    if text == "-":
        return query_file.parse(_standard_input(), "standard input")
    if text.endswith(".rq") or "/" in text:
        return query_file.read(Path(text))
    if "{" in text:
        raise UsageError("SPARQL text is read from a file or standard input: echo '...' | coopgraph query -")
    return questions.find(space, typed(text))


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"standard input: is not UTF-8 at byte {error.start}; send UTF-8") from error


def _pairs(parameters: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for text in map(typed, parameters):
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"-p {text}: is not name=value; write -p place=Liaoning")
        if name in values:
            raise UsageError(f"-p {name} is given twice; give it once")
        values[name] = value
    return values


def _write(found: Any, form: Form, prefixes: dict[str, str], asked: Callable[..., tuple[Any, Any]]) -> None:
    """Write what a query gave: rows (the columns that were asked for), triples or yes and no."""
    from coopgraph.ask import results

    if hasattr(found, "variables"):
        columns, rows = asked([variable.value for variable in found.variables], found)
        write_rows(columns, rows, form, prefixes)
    elif hasattr(found, "__next__"):
        format_ = form.format_ or "turtle"
        results.check_triple_format(format_)
        with files.text_to(form.output) as out:
            results.write_triples(found, out, prefixes, format_)
    else:
        results.row_writer(form.row_format)
        with files.text_to(form.output) as out:
            results.write_boolean(bool(found), out, form.row_format)


_FIELDS = {"-p": "parameters", "--parameter": "parameters", "--format": "format_", "-c": "columns",
           "--columns": "columns", "-o": "output", "--output": "output", "--timeout": "timeout",
           "--limit": "limit"}  # fmt: skip


def plain(arguments: Sequence[str]) -> tuple[str | None, Asked] | None:
    """Return the workspace's folder and what is asked, where the arguments are those of a query in plain form.

    Else None: what is left out, misspelt, shortened or meant for another command is for click to read and to tell.

    >>> plain(["-w", "a", "query", "partners", "-p", "place=Jilin"])[1].parameters
    ('place=Jilin',)
    >>> plain(["query", "partners", "--help"]) is None
    True
    """
    folder: str | None = None
    waiting = iter(arguments)
    word = next(waiting, None)
    if word in ("-w", "--workspace"):
        folder, word = next(waiting, None), next(waiting, None)
        if folder is None or folder.startswith("-"):
            return None
    asked = _asked(waiting) if word == "query" else None
    return None if asked is None else (folder, asked)


def _asked(words: Iterator[str]) -> Asked | None:
    values: dict[str, Any] = {"parameters": ()}
    for word in words:
        name, equals, value = word.partition("=")
        if word == "-" or not word.startswith("-"):
            field, value = "query", word
            if "query" in values:
                return None
        elif name in _FIELDS and (name.startswith("--") or not equals):
            field = _FIELDS[name]
            value = value if equals else next(words, "")
            if not value or (value.startswith("-") and value != "-"):
                return None
        else:
            return None
        if field in _NUMBERS and not value.isdecimal():
            return None
        values[field] = (*values[field], value) if field == "parameters" else _NUMBERS.get(field, str)(value)
    return Asked(**values) if "query" in values and values.get("timeout") != 0 else None


_NUMBERS: dict[str, Callable[[str], Any]] = {"timeout": float, "limit": int}


def run(folder: str | None, asked: Asked) -> None:
    """Answer what is asked of a workspace."""
    space = workspace.find(folder)
    answer(asked, space, opened(space))


def opened(space: Workspace, address: str | None = None) -> Store:
    """Open the store on the server that an address, the environment or the settings name, else the workspace's own.

    The workspace's own is brought up to date first.
    """
    from coopgraph.ask.opening import open_store

    texts = os.environ.get(SOURCES)
    return open_store(space, address, ask=_asker, sources=Path(texts) if texts else None, tell=tell)


def _asker() -> Callable[[str], Credentials] | None:
    from coopgraph.cli.prompt import asker

    return asker()
