"""How good proposals are on the documents at hand, which are not part of this project: `make score` prints the table.

The claims of `claims.tsv` were marked by hand; the bundled graph has those of the first article. The folder of texts is
named by COOPGRAPH_SOURCES.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import coopgraph
from coopgraph.claims.model import Claim, Entity, Extract, Passage
from coopgraph.claims.passages import digest
from coopgraph.rdf.vocab import coop
from coopgraph.reading import propose
from coopgraph.reading.mentions import Names
from coopgraph.reading.page import Page
from coopgraph.reading.score import Score, score
from coopgraph.reading.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
CLAIMS = Path(__file__).parent / "claims.tsv"
WRITTEN_ON = ("hktdc-2023", "newsgovhk-2017", "policyaddress", "takungpao", "cns", "wenweipo", "cri-2015")
"""Beginnings of the names of the documents that rules were written on; all others only measure."""
LEVELS = ("pair", "predicate", "status")


def marked(names: Names) -> dict[str, Extract]:
    """Return the claims of `claims.tsv` by source, their names linked where the graph has them."""
    rows = defaultdict(list)
    with CLAIMS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            rows[row["source"]].append(row)
    return {source: _extract(listed, names) for source, listed in rows.items()}


def _extract(rows: Sequence[dict[str, str]], names: Names) -> Extract:
    terms: dict[str, Entity] = {}

    def iri(words: str) -> str:
        linked = [each.entity for each in names.mentions(words) if each.entity and each.text == words]
        found = linked[0] if linked else f"name:{words}"
        terms[found] = names.vocabulary.things.get(found) or Entity(found, "", "", {"en": words})
        return found

    claims = [
        Claim(
            f"c{number}", iri(row["subject"]), coop(row["predicate"]), iri(row["object"]), row["status"], "",
            passages=(f"p{row['paragraph']}",),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    passages = {f"p{row['paragraph']}": Passage("", "", int(row["paragraph"]), 0, 0, digest("")) for row in rows}
    return Extract("", tuple(claims), terms, passages, {}, {})


def measured(folder: Path) -> Iterator[tuple[str, str, list[Score]]]:
    """Yield each document with its language and scores."""
    with coopgraph.load(ROOT) as graph:
        words: Vocabulary = vocabulary(graph.store)
        extracts = marked(Names(words))
        extracts["hktdc-2023-hong-kong-liaoning-deepen-cooperation"] = graph.extract(source="hktdc-2023")
        for source, extract in sorted(extracts.items()):
            page = Page(coopgraph.read(folder / f"{source}.txt", source), Names(words))
            proposals = propose.propose(page, propose.extractors(["rules"])).proposals
            yield source, page.language[:2], score(page, proposals, extract)


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
    cells = (f"{levels[level].precision:.2f} / {levels[level].recall:.2f}" for level in LEVELS)
    wanted, given = levels["predicate"].wanted, levels["predicate"].given
    return f"| {title} | {language} | {wanted} | {given} | {' | '.join(cells)} |"


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
