"""Query files: SPARQL with a header that says what it is for, as questions, checks and derive rules have it."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.errors import DataError, near, unknown
from coopgraph.rdf import sparql
from coopgraph.rdf.vocab import KIND_CLASSES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coopgraph.claims.workspace import Workspace
    from coopgraph.rdf.patterns import Pattern
    from coopgraph.rdf.sparql import Token

_PARAMETER = r"  (?P<name>\w+): (?P<kind>[a-z]+)(?P<optional>\??)(?: \[(?P<values>.*)\])? - (?P<text>.+)"
KINDS = ("relation", "class", *KIND_CLASSES, "year", "date", "text")
"""What a parameter can be; all but `year` and `text` stand for one IRI, found by name."""


_OF_ALL = ("format", "limit", "timeout")
"""What every question takes besides its own parameters."""


class Parameter(NamedTuple):
    """A variable of a question that the asker may bind.

    `kind` is one of `KINDS`; `values` are those that it can have, where the header lists them.
    """

    name: str
    kind: str
    optional: bool
    text: str
    values: Sequence[str] = ()

    @property
    def choices(self) -> Sequence[str]:
        """What can be chosen: the values that the header lists, of a status all that there are, else nothing."""
        return self.values or (STATUSES if self.kind == "status" else ())


_NONE: Mapping[str, str] = MappingProxyType({})


class _QueryFile(NamedTuple):
    name: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    sparql: str
    header: Mapping[str, str] = _NONE
    file: str = ""
    prefixes: Mapping[str, str] = _NONE
    meanings: Mapping[str, str] = _NONE


class QueryFile(_QueryFile):
    """A SPARQL query with a name, and what its header says of it: of a question, a check or a derive rule.

    `file` is what messages call it, and `prefixes` those that names have in its header and it need not declare;
    `meanings` is column -> what it has, of the columns that are this query's own.
    """

    def __repr__(self) -> str:
        return f"<QueryFile {self.name}: {self.summary}>"

    def choice(self, key: str, values: Sequence[str]) -> str:
        """Return what the header says under a key, by default the first of the values that there are.

        Raises `DataError` for any other.
        """
        chosen = self.header.get(key, values[0])
        if chosen not in values:
            raise DataError(f"{self.file}: {unknown(key, chosen, values)}")
        return chosen

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that a terminal shows, none where the header does not say which.

        Raises `DataError` for one that the query does not have.
        """
        names = tuple(filter(None, re.split(r"[,\s]+", self.header.get("columns", "").strip("[]"))))
        there = sparql.variables(self.sparql) if names else ()
        for name in names:
            if name not in there:
                raise DataError(f"{self.file}: columns: {unknown('column', name, tuple(there))}")
        return names

    @cached_property
    def relations(self) -> frozenset[str]:
        """The IRIs of the predicates of the claims that the query looks at, none where it looks at others too."""
        from coopgraph.rdf.terms import expand

        iris = (expand(name, self.prefixes) for name in self.header.get("relations", "").split())
        return frozenset(filter(None, iris))

    @cached_property
    def head(self) -> Pattern | None:
        """The triple pattern that a CONSTRUCT query gives, None where it gives several or other things."""
        patterns = self._patterns(sparql.template(self.sparql))
        return patterns[0] if len(patterns) == 1 else None

    @cached_property
    def premises(self) -> tuple[Pattern, ...]:
        """The triple patterns that the header says the query reads beside the ontology, none where it does not say."""
        return self._patterns(list(sparql.tokens(self.header.get("premises", ""))))

    def _patterns(self, tokens: Sequence[Token]) -> tuple[Pattern, ...]:
        from coopgraph.rdf.patterns import patterns

        return patterns(tokens, {**self.prefixes, **sparql.declared(self.sparql)})


def rules(workspace: Workspace, folder: str) -> list[QueryFile]:
    """Return the rules in a folder of queries of a workspace, bundled and own, by name."""
    paths = workspace.query_files(folder)
    return [read(path, workspace.name_of(path), workspace.prefixes) for path in paths]


def read(path: Path, name: str = "", prefixes: Mapping[str, str] | None = None) -> QueryFile:
    """Read an `.rq` file, which messages call by a name. Raises `DataError` where its header is not as it should be."""
    return parse(files.read_short(path), name or str(path), prefixes)


def parse(text: str, origin: str, prefixes: Mapping[str, str] | None = None) -> QueryFile:
    """Return a query from its text; `origin` is the file's path or another name of where it comes from.

    A header is written as grlc has it (https://grlc.io), which is YAML: keys that are not known here, with all that is
    listed or indented below them, are passed over.
    """
    header: dict[str, str] = {}
    parameters: list[Parameter] = []
    meanings: dict[str, str] = {}
    key = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            break
        entry, place = line.removeprefix("#+").removeprefix(" ").rstrip(), f"{origin}:{number}:1"
        if key == _PARAMETERS and entry.startswith(" "):
            parameters.append(_parameter(entry, place))
        elif key == _MEANINGS and entry.startswith(" "):
            name, meanings[name] = _entry(entry.strip(), place)
        elif re.match(r"#|(?:---|\.\.\.)$", entry):  # a comment in YAML, the beginning or the end of it
            continue
        elif entry.startswith((" ", "\t", "- ", "}", "]")) and key:
            header[key] = f"{header[key]} {entry.strip()}".strip() if key in _TEXTS else header[key]
        elif entry:
            key, value = _entry(entry, place)
            header[key] = value
    name, summary, description = Path(origin).stem, header.get("summary", ""), header.get("description", "")
    return QueryFile(name, summary, description, tuple(parameters), text, header, origin, prefixes or {}, meanings)


_PARAMETERS, _MEANINGS, _TEXTS = "parameters", "meanings", ("summary", "description")


def _entry(entry: str, place: str) -> tuple[str, str]:
    """Return key and text of a line of a header; of a text that goes on below, the sign for that is no part."""
    match = re.fullmatch(r"""["']?([^\s:"'#][^:"'#]*?)["']?\s*:(?:\s+(.*))?""", entry)
    if match is None:
        raise DataError(f"{place}: is no header line; write '#+ key: text' or '#+   name: kind - text'")
    value = (match[2] or "").strip()
    if re.fullmatch(r"""(["']).*\1""", value) and len(value) > 1:
        value = value[1:-1]
    return match[1], "" if re.fullmatch(r"[|>][+-]?", value) else value


def _parameter(entry: str, place: str) -> Parameter:
    match = re.fullmatch(_PARAMETER, entry)
    if match is None:
        raise DataError(f"{place}: is no parameter; write '#+   name: kind - text', with a ? after an optional kind")
    if match["kind"] not in KINDS:
        raise DataError(
            f"{place}: unknown kind {match['kind']!r}{near(match['kind'], KINDS) or '; kinds are ' + ', '.join(KINDS)}"
        )
    if match["name"] in _OF_ALL:
        raise DataError(
            f"{place}: every question takes {match['name']} on the web or of an assistant; choose another name"
        )
    values = tuple(filter(None, map(str.strip, (match["values"] or "").split(","))))
    return Parameter(match["name"], match["kind"], bool(match["optional"]), match["text"], values)
