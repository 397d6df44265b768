"""Claims as an assistant can cite them: in words, with their status, and the source and paragraph of each passage."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from coopgraph.ask import sentences
from coopgraph.claims.model import best_label
from coopgraph.rdf.terms import NamedNode
from coopgraph.rdf.vocab import local_name, relation_iri, status_iri
from coopgraph.store import extracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from coopgraph.claims.model import Claim, Extract
    from coopgraph.rdf.terms import Term
    from coopgraph.store.interface import Store

_MOST = 40
"""Claims that go with an answer."""
_OF_ROW = 3
"""Claims that go with a row."""
_NONE = "no single claims are behind these rows; ask claims-about, timeline or show for claims to cite"


class Evidence:
    """All claims of a graph, each found by anything that it names or rests on."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def extract(self) -> Extract:
        """All claims with all that they mention."""
        return extracts.extract(self._store)

    @cached_property
    def _by_iri(self) -> Mapping[str, Sequence[int]]:
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, claim in enumerate(self.extract.claims):
            about = (status_iri(claim.status), relation_iri(claim.group), *claim.passages, *claim.sources)
            for iri in {claim.iri, *claim.mentions, *about}:
                numbers[iri].append(number)
        return numbers

    def about(self, iri: str) -> list[Claim]:
        """Return the claims that name a thing or rest on it, in the order of their IRIs."""
        return [self.extract.claims[number] for number in self._by_iri.get(iri, ())]

    def of_rows(self, rows: Iterable[Iterable[Term | None]]) -> dict[str, Any]:
        """Return the claims that rows rest on, and whether there are more; what has none says how to find some."""
        claims: dict[str, Claim] = {}
        more = False
        for row in rows:
            of_row = self._of_row([term.value for term in row if isinstance(term, NamedNode)])
            few = islice(of_row, _OF_ROW)
            claims |= {claim.iri: claim for claim in few if len(claims) < _MOST}
            more = more or len(claims) == _MOST or next(of_row, None) is not None
        if not claims:
            return {"evidence": [], "more_evidence": False, "note": _NONE}
        return {"evidence": list(map(self.told, claims.values())), "more_evidence": more}

    def _of_row(self, iris: Sequence[str]) -> Iterator[Claim]:
        """Yield the claims that a row names, else those that name most of what it names, at the least two."""
        itself = [iri for iri in iris if iri in self._claims]
        if itself:
            yield from (self.extract.claims[self._claims[iri]] for iri in itself)
            return
        named = [self._by_iri[iri] for iri in dict.fromkeys(iris) if iri in self._by_iri]
        counts = Counter(number for numbers in named for number in numbers)
        least = min(2, len(named))
        yield from (self.extract.claims[n] for n, times in counts.most_common() if times >= least)

    @cached_property
    def _claims(self) -> Mapping[str, int]:
        return {claim.iri: number for number, claim in enumerate(self.extract.claims)}

    def told(self, claim: Claim) -> dict[str, Any]:
        """Return a claim as data."""
        said = {
            "claim": claim.iri,
            "text": sentences.triple(claim, self.extract),
            "status": claim.status,
            "details": sentences.details(claim, self.extract),
            "passages": [self._passage(iri) for iri in claim.passages],
        }
        return {name: value for name, value in said.items() if value}

    def _passage(self, iri: str) -> dict[str, Any]:
        passage = self.extract.passages.get(iri)
        if passage is None:
            return {"passage": iri}
        source = self.extract.sources.get(passage.source)
        said = {
            "passage": iri,
            "source": passage.source,
            "title": source.title if source else local_name(passage.source),
            "issued": source.issued if source else None,
            "paragraph": passage.paragraph,
            "gist": best_label(passage.gist, ""),
            "quotation": passage.quotation,
        }
        return {name: value for name, value in said.items() if value}
