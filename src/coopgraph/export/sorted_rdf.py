"""Statements as text, by subject: taken out of quads in N-Triples' terms, sorted, and written in some form.

Any number of quads goes through in bounded memory: what is held is one subject (see `sorted_lines`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from pyoxigraph import RdfFormat, parse, serialize

from coopgraph.errors import DataError
from coopgraph.export.sorted_lines import SortedLines
from coopgraph.rdf import blank_nodes
from coopgraph.rdf.terms import Quad, Triple, language_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from coopgraph.export.rdf_writer import RdfWriter, Subjects
    from coopgraph.store.interface import Store

Statements: TypeAlias = "Iterable[Quad] | Iterable[Triple] | str"
"""Those of one graph; as a text they are N-Quads, or N-Triples of the default graph."""

_AT_ONCE = 10_000
"""Quads that are made one text."""
_TAG = re.compile(r'"@([a-z]+(?:-[a-z0-9]+)+)(?=(?: \)>>)*(?: <[^<>"\s]*>)? \.\n)')
"""A language tag of several parts, which can only stand at the end of a line: quotes within a text are escaped."""


def write(writer: RdfWriter, graphs: Iterable[tuple[str, Statements]], out: IO[str]) -> None:
    """Write graphs, given as (IRI or nothing, its quads)."""
    with SortedLines() as records:
        gather_for([(writer, records)], graphs)
        writer.write(by_subject(records), out)


def prefixes(store: Store) -> dict[str, str]:
    """Return the prefixes of a store that every reader takes: rdflib reads none with a dot."""
    return {name: iri for name, iri in store.prefixes.items() if "." not in name}


def subjects(graph: str, quads: Statements) -> Iterator[tuple[str, list[str]]]:
    """Yield the subjects of a graph, some more than once, with what is stated of them but for blank nodes.

    Both are as N-Triples has them.
    """
    return _grouped(_lines(quads, []), graph)


def gather_for(
    targets: Sequence[tuple[RdfWriter, SortedLines]],
    graphs: Iterable[tuple[str, Statements]],
    count: Callable[[str, list[str]], None] | None = None,
    complete: Callable[[Subjects], Subjects] = iter,
) -> None:
    """Give the records of graphs, which are read once, to the sorter of each writer.

    What `complete` makes of subjects without blank nodes is what is written; `count` is given each subject of that.
    Blank nodes get names that depend on the data alone (see `blank_nodes`); what they are in is held in memory.
    """
    blank: dict[str, list[str]] = defaultdict(list)
    for graph, quads in graphs:
        for subject, statements in complete(_grouped(_lines(quads, blank[graph]), graph)):
            for writer, records in targets:
                records.add(writer.record(graph if writer.keeps_graphs else "", subject, statements))
            if count:
                count(subject, statements)
    for graph, lines in blank.items():
        for subject, statements in _grouped([lines], graph):
            if count:
                count(subject, statements)
    for writer, records in targets:
        _gather_named(writer, blank, records)


def _gather_named(writer: RdfWriter, blank: Mapping[str, list[str]], records: SortedLines) -> None:
    for graph, named in _named(blank, writer.keeps_graphs).items():
        for subject, statements in _grouped([named], graph):
            records.add(writer.record(graph, subject, statements))


def by_subject(records: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the subjects of sorted records, those with the same key as one."""
    key: str | None = None
    statements: list[str] = []
    for record in records:
        head, *more = record.split("\t")
        if head == key:
            statements += more
            continue
        if key is not None:
            yield key, sorted(set(statements))
        key, statements = head, more
    if key is not None:
        yield key, sorted(set(statements))


def _lines(quads: Statements, blank: list[str]) -> Iterator[list[str]]:
    """Yield the quads of a graph as N-Quads, many lines at a time; those with blank nodes go into a list instead."""
    for text in [_customary(quads)] if isinstance(quads, str) else _texts(quads):
        lines = text.split("\n")
        lines.pop()
        if "_:" in text:
            blank += filter(_BLANK.match, lines)
            lines = [line for line in lines if not _BLANK.match(line)]
        yield lines


_BLANK = re.compile(r"_:|\S+ \S+ _:")


def _texts(quads: Iterable[Any]) -> Iterator[str]:
    left = iter(quads)
    while text := _text(islice(left, _AT_ONCE)):
        yield text


def _text(quads: Iterable[Any]) -> str:
    """Return quads as N-Quads, their language tags in the customary case."""
    return _customary((serialize(quads, format=RdfFormat.N_QUADS) or b"").decode())


def _customary(text: str) -> str:
    """Return N-Quads with their language tags in the customary case."""
    return _TAG.sub(lambda tag: f'"@{language_tag(tag.group(1))}', text)


def _grouped(lines: Iterable[list[str]], graph: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each subject with what is stated of it; one whose lines do not come together, or are many, comes again."""
    end = -len(f" <{graph}> ." if graph else " .")
    subject = head = "?"
    cut, statements = 0, []
    for some in lines:
        for line in some:
            if line.startswith(head):
                statements.append(line[cut:end])
                continue
            if statements:
                yield subject, statements
            subject = line[: line.index(" ")]
            head, cut = f"{subject} ", len(subject) + 1
            statements = [line[cut:end]]
        if len(statements) > _AT_ONCE:
            yield subject, statements
            statements = []
    if statements:
        yield subject, statements


def _named(blank: Mapping[str, list[str]], keeps_graphs: bool) -> dict[str, list[str]]:
    """Return graph -> sorted lines with the blank nodes named: a name depends on no quad without blank nodes."""
    quads = parse("\n".join(line for lines in blank.values() for line in lines), format=RdfFormat.N_QUADS)
    named: dict[str, list[str]] = defaultdict(list)
    wanted = quads if keeps_graphs else (Quad(q.subject, q.predicate, q.object) for q in quads)
    for quad in _stable(wanted, len(blank)):
        named[getattr(quad.graph_name, "value", "")].append(line(quad))
    return {graph: sorted(lines) for graph, lines in named.items()}


def _stable(quads: Iterable[Quad], graphs: int) -> list[Quad]:
    try:
        return blank_nodes.named(quads, graphs)
    except blank_nodes.TooAlikeError as error:
        raise DataError("the graph has blank nodes that are too alike to be told apart; give them IRIs") from error


def line(quad: Quad) -> str:
    """Return one N-Quads statement, an N-Triples one where the quad is in the default graph.

    >>> from coopgraph.rdf.terms import Literal, NamedNode
    >>> line(Quad(NamedNode("http://x/s"), NamedNode("http://x/p"), Literal("香", language="zh-hant")))
    '<http://x/s> <http://x/p> "香"@zh-Hant .'
    """
    return _text([quad]).removesuffix("\n")
