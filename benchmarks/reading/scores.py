"""How good proposals are on the documents at hand, which are not part of this project: `make score` prints the table.

They are compared with the claims that the bundled graph has of each document. The folder of texts is named by
COOPGRAPH_SOURCES.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import coopgraph
from coopgraph.rdf.terms import value
from coopgraph.rdf.vocab import coop
from coopgraph.reading import propose
from coopgraph.reading.mentions import Names
from coopgraph.reading.page import Page
from coopgraph.reading.score import Score, score
from coopgraph.reading.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
WRITTEN_ON = ("hktdc-2023", "newsgovhk-2017", "policyaddress", "takungpao", "cns", "wenweipo", "cri-2015")
"""Beginnings of the names of the documents that rules were written on; all others only measure."""
LEVELS = ("pair", "predicate", "status")


def measured(folder: Path) -> Iterator[tuple[str, str, list[Score]]]:
    """Yield each document of the graph whose text is at hand, with its language and scores."""
    with coopgraph.load(ROOT) as graph:
        words = vocabulary(graph.store)
        named = graph.store.quads(predicate=coop("textFile"))
        for name, source in sorted((value(each.object), value(each.subject)) for each in named):
            if (folder / name).is_file():
                page = Page(coopgraph.read(folder / name, Path(name).stem), Names(words))
                proposals = propose.propose(page, propose.extractors(["rules"])).proposals
                yield Path(name).stem, page.language[:2], score(page, proposals, graph.extract(source=source))


def table(rows: Sequence[tuple[str, str, list[Score]]]) -> Iterator[str]:
    """Yield the lines of a table: each document, and the sums of those that rules were written on and of the others."""
    yield "| document | language | claims | proposed | " + " | ".join(f"{level}: P / R" for level in LEVELS) + " |"
    yield "|---|---|---|---|" + "---|" * len(LEVELS)
    for source, language, scores in rows:
        star = " *" if source.startswith(WRITTEN_ON) else ""
        yield _line(f"{source}{star}", language, scores)
    for title, starred in (("written on *", True), ("only measured", False)):
        for language in ("en", "zh"):
            group = [s for source, spoken, s in rows if spoken == language and source.startswith(WRITTEN_ON) is starred]
            yield _line(f"**{title}**", language, _sum(group))


def _sum(scores: Sequence[list[Score]]) -> list[Score]:
    return [
        Score(parts[0].level, sum(p.wanted for p in parts), sum(p.given for p in parts), sum(p.right for p in parts))
        for parts in zip(*scores, strict=True)
    ]


def _line(title: str, language: str, scores: Sequence[Score]) -> str:
    levels = {each.level: each for each in scores}
    cells = (f"{_precision(levels[level])} / {levels[level].recall:.2f}" for level in LEVELS)
    wanted, given = levels["predicate"].wanted, levels["predicate"].given
    return f"| {title} | {language} | {wanted} | {given} | {' | '.join(cells)} |"


def _precision(score: Score) -> str:
    return f"{score.precision:.2f}" if score.given else "-"


def main() -> None:
    """Print the table; with `misses`, what was wrong and missed."""
    folder = os.environ.get("COOPGRAPH_SOURCES")
    if not folder:
        sys.exit("COOPGRAPH_SOURCES names no folder of texts; they are not part of this project")
    rows = list(measured(Path(folder)))
    print("\n".join(table(rows)))
    if "misses" in sys.argv:
        for source, _, scores in rows:
            for each in scores:
                if each.level == "status":
                    print(
                        f"\n{source}",
                        *(f"  wrong  {row}" for row in each.wrong),
                        *(f"  missed {row}" for row in each.missed),
                        sep="\n",
                    )


if __name__ == "__main__":
    main()
