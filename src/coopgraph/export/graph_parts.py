"""Named graphs as Turtle, one by one, with what has to be known of each to put them together and to describe them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.export import selectors
from coopgraph.export.counts import Counted, Counts
from coopgraph.export.sorted_lines import SortedLines
from coopgraph.export.sorted_rdf import by_subject, gather_for
from coopgraph.export.turtle_writer import PARTED, Trig, block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coopgraph.export.rdf_writer import Subjects
    from coopgraph.export.sorted_rdf import Statements


class GraphPart(NamedTuple):
    """Graphs that are written together: graph -> its subjects as Turtle; prefixes in use; what is counted.

    Of the subjects those alone are counted that the graphs do not have, but their export has.
    """

    blocks: Mapping[str, str]
    prefixes: frozenset[str]
    counted: Counted

    @property
    def trig(self) -> str:
        """The graphs as TriG has them behind the prefixes; that without a name has no braces."""
        return "".join(
            f"\n\n{graph} {{\n{blocks}\n}}" if graph else f"\n\n{blocks}" for graph, blocks in self.blocks.items()
        )

    @property
    def turtle(self) -> str:
        """What the graphs state, as Turtle has it behind the prefixes."""
        return "".join(f"\n\n{blocks}" for blocks in self.blocks.values())


def written(graphs: Iterable[tuple[str, Statements]], prefixes: Mapping[str, str]) -> GraphPart:
    """Return graphs, given as (IRI or nothing, its statements), as text.

    Those with blank nodes are to be given together: what their nodes are called follows from all of them.
    """
    stated: set[str] = set()
    complete: set[str] = set()

    def completed(subjects: Subjects) -> Iterator[tuple[str, list[str]]]:
        return _seen(selectors.added(_seen(subjects, stated)), complete)

    writer = Trig(prefixes)
    with SortedLines() as records, SortedLines() as subjects:
        counts = Counts(subjects)
        gather_for([(writer, records)], graphs, counts.add, completed)
        blocks: dict[str, list[str]] = defaultdict(list)
        for key, statements in by_subject(records):
            graph, _, _ = key.rpartition(PARTED)
            blocks[writer.name(f"<{graph}>") if graph else ""].append(block(key, statements))
        counted = counts.counted()._replace(subjects=len(complete - stated))
    texts = {graph: "\n\n".join(several) for graph, several in blocks.items()}
    return GraphPart(texts, frozenset(writer.used), counted)


def _seen(subjects: Subjects, seen: set[str]) -> Iterator[tuple[str, list[str]]]:
    for subject, statements in subjects:
        seen.add(subject)
        yield subject, statements
