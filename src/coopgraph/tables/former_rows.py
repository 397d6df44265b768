"""What rows gave when they were mapped last, which stays where all that it depends on is the same.

A row's claims follow from its cells, the mapping, the things that its names mean, and the shapes. A digest of these is
kept for each row beside the graph file; a row that has the same one again is not mapped, but its Turtle taken from that
file. The digests are believed only beside the very file that they were written for: its checksum and the times and the
number that the system gives it (`stamp`), which no copy of it has, so that nobody can send both.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from coopgraph import files
from coopgraph.claims.texts import stamp
from coopgraph.errors import DataError
from coopgraph.tables.plan import parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from hashlib import _Hash as Digest
    from pathlib import Path

    from coopgraph.tables.plan import Choice
    from coopgraph.tables.row_claims import Once, Placed, RowReader

FORMAT = 2
"""Raised whenever the same row gives other Turtle, so that all rows are mapped anew."""
_LENGTH = 16
_PASSAGE = re.compile(r"^    prov:wasDerivedFrom (\S+) [;.]$", re.MULTILINE)
_PLACE = re.compile(r"^    (oa:start|oa:end|coop:paragraph) \d+(?= [;.]$)", re.MULTILINE)
_PLACES = 3
"""What says where a passage stands: two bounds and the paragraph."""
_LITERAL = re.compile(r'"(?:[^"\\]+|\\.)*"(?:\^\^)?')


class FormerRows(NamedTuple):
    """The digests of rows by key, and of their graph file the passage of each and its claims, by prefixed name.

    `source` is the slug of the table.
    """

    source: str
    digests: Mapping[str, str] = MappingProxyType({})
    passages: Mapping[str, str] = MappingProxyType({})
    claims: Mapping[str, Sequence[str]] = MappingProxyType({})

    def have(self, row: Placed, digest: str) -> bool:
        """Say whether a row gives now what it gave then, and that was something."""
        return self.digests.get(row.key) == digest and self._passage(row) in self.passages

    def _passage(self, row: Placed) -> str:
        return f"passage:{self.source}-{row.key}"

    def given(self, rows: Sequence[Placed], prefixes: Mapping[str, str]) -> tuple[str, int, set[str]]:
        """Return the Turtle that rows gave, each standing where it stands now, its number of claims, and its names."""
        claims = [claim for row in rows for claim in self.claims.get(self._passage(row), ())]
        blocks = [*claims, *(_placed(self.passages[self._passage(row)], row) for row in rows)]
        names = _names("\n".join(blocks))
        used = {name.partition(":")[0] for name in names}
        head = "\n".join(f"@prefix {prefix}: <{prefixes[prefix]}> ." for prefix in sorted(used & prefixes.keys()))
        return "\n\n".join((head, *blocks)) + "\n", len(claims), names


def read(source: str, state: Path, graph: Path) -> FormerRows:
    """Return what the rows of a table gave, nothing where the digests are not surely those of its graph file."""
    none = FormerRows(source)
    if not (state.is_file() and graph.is_file()):
        return none
    try:
        content, data = json.loads(files.read_text(state)), files.read(graph)
        if content["graph"] != _identity(graph, data):
            return none
        digests = {str(key): str(digest) for key, digest in content["rows"].items()}
    except (DataError, ValueError, LookupError, TypeError, AttributeError):  # what is no state says nothing
        return none
    passages: dict[str, str] = {}
    claims: dict[str, list[str]] = defaultdict(list)
    for block in data.decode().rstrip("\n").split("\n\n")[1:]:
        if of := _PASSAGE.search(block):
            claims[of[1]].append(block)
        elif len(_PLACE.findall(block)) == _PLACES:
            passages[block.partition(" ")[0]] = block
    return FormerRows(source, digests, passages, claims)


def write(state: Path, graph: Path, digests: Mapping[str, str]) -> None:
    """Keep the digests of the rows that a graph file was made of."""
    with suppress(DataError):  # where there is no room for them all rows are mapped the next time
        content = {"graph": _identity(graph, files.read(graph)), "rows": digests}
        text = json.dumps(content, indent=0) + "\n"
        if not state.is_file() or files.read(state) != text.encode():
            with files.text_to(state) as out:
                out.write(text)


def _identity(path: Path, content: bytes) -> list[int | str]:
    return [*stamp(path), sha256(content).hexdigest()]


def _placed(block: str, row: Placed) -> str:
    """Return the description of a passage with the place of its row; what else a row gave is as it was."""
    places = {"oa:start": row.start, "oa:end": row.end, "coop:paragraph": row.paragraph}
    return _PLACE.sub(lambda match: f"    {match[1]} {places[match[1]]}", block)


def _names(text: str) -> set[str]:
    """Return all that stands between blanks in Turtle but literals, the names in it among that."""
    return set(_LITERAL.sub(" ", text).replace(", ", " ").split())


@dataclass
class RowDigests:
    """Makes the digests of rows, of all that they are read with; `others` is what else their Turtle depends on."""

    reader: RowReader
    others: Sequence[object]
    _begun: dict[int, Digest] = field(default_factory=dict)

    def of(self, row: Placed, once: Sequence[tuple[Once, str]]) -> str:
        """Return the digest of a row, given what it claims of that which is claimed once."""
        if row.number not in self._begun:
            self._begun[row.number] = _digest((self._common, row.key, row.line, self._said(row), self._ends(row)))
        digest = self._begun[row.number].copy()
        digest.update(repr(once).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:_LENGTH]

    @cached_property
    def _common(self) -> str:
        """A digest of what is the same for all rows."""
        plan = self.reader.plan
        fixed = [choice.meanings for choice in self._choices if choice.column is None]
        named = [sorted(each.items()) for each in (plan.constants, plan.decimals, plan.labels, plan.prefixes)]
        states = sorted(plan.states)
        return _digest((FORMAT, self.others, plan.mapping, plan.issued, fixed, named, states)).hexdigest()

    @cached_property
    def _choices(self) -> list[Choice]:
        return [choice for claim in self.reader.plan.claims for choice in claim.choices.values()]

    @cached_property
    def _entities(self) -> dict[str, None]:
        return dict.fromkeys(entity for claim in self.reader.plan.claims for entity in claim.entry.entities)

    def _said(self, row: Placed) -> list[object]:
        """Return what the cells of a row mean that are looked up."""
        looked_up = ((each, row.cells[each.column]) for each in self._choices if each.column is not None)
        return [choice.meanings.get(part) for choice, cell in looked_up for part in parts(cell, choice.split)]

    def _ends(self, row: Placed) -> list[tuple[str, bool]]:
        """Return what the names of a row mean, and whether the graph calls that otherwise."""
        ends = (end for entity in self._entities for end in self.reader.ends(entity, row.cells))
        return [(end.iri, end.name in self.reader.renamed) for end in ends]


def _digest(what: object) -> Digest:
    return sha256(repr(what).encode("utf-8", "surrogatepass"))
