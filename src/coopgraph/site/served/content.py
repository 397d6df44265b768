"""The content of answers: what kinds of it a query gives, and the bytes of one in the making."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROWS, BOOLEAN, TRIPLES = "rows", "boolean", "triples"
"""What a query gives, as `forms` of a job has them: the form for each, nothing where none is wanted."""
BEHIND = 502
"""The status of an answer that the server that keeps the graph should have given."""


class Bytes:
    """A text stream that keeps what is written as UTF-8."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, text: str) -> int:
        """Take a piece of text."""
        piece = text.encode("utf-8", "replace")
        self._pieces.append(piece)
        self.size += len(piece)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Take pieces of text."""
        for line in lines:
            self.write(line)

    def clear(self) -> None:
        """Forget what was written."""
        self._pieces, self.size = [], 0

    def whole(self) -> bytes:
        """Return all that was written."""
        return b"".join(self._pieces)
