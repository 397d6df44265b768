"""What people said of names, by the names as they are compared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coopgraph.reading.model import Judgement


class JudgedNames:
    """What each name was said to mean (`chosen`, an IRI), and not to mean (`denied`); later words go before."""

    def __init__(self, judgements: Iterable[Judgement], key: Callable[[str], str]) -> None:
        self.chosen: dict[str, str] = {}
        self.denied: dict[str, set[str]] = defaultdict(set)
        for judgement in judgements:
            self._take(key(judgement.name), judgement)

    def _take(self, name: str, judgement: Judgement) -> None:
        if judgement.same:
            self.chosen[name] = judgement.entity
            self.denied[name].discard(judgement.entity)
        else:
            self.denied[name].add(judgement.entity)
            if self.chosen.get(name) == judgement.entity:
                del self.chosen[name]
