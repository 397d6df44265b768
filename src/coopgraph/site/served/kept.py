"""Answers that are kept for whoever asks the same again: a generation of the store does not change."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopgraph.site.served.pool import Answer

_MOST = 32 << 20
"""Bytes that are kept."""
_LARGE = 256 << 10
"""A larger answer, or question, is not kept: few ask it again, and it would push out many others."""
_ANEW = re.compile(r"(?i)NOW|RAND|UUID|BNODE")
"""What gives another answer each time."""


class KeptAnswers:
    """The answers that were asked for last, each under the generation that it is from."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, bytes], Answer] = OrderedDict()
        self._size = 0

    def get(self, generation: str, job: bytes) -> Answer | None:
        """Return the answer of a generation to a job, None where it is not kept."""
        key = generation, job
        if (answer := self._answers.get(key)) is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, job: bytes, text: str, answer: Answer) -> None:
        """Keep an answer to a job with that text, and let go of those that were not asked for longest."""
        key = answer.generation, job
        size = len(job) + len(answer.body)
        if not answer.generation or "error" in answer.head or size > _LARGE or _ANEW.search(text):
            return
        former = self._answers.pop(key, None)
        self._size += size - (len(job) + len(former.body) if former else 0)
        self._answers[key] = answer
        while self._size > _MOST:
            (_, question), least = self._answers.popitem(last=False)
            self._size -= len(question) + len(least.body)
