"""What a request gets that cannot be answered: a status, and one line of what is wrong and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from coopgraph.rdf.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping


class Problem(Exception):  # noqa: N818 - what HTTP calls it, RFC 9457
    """A request that cannot be answered."""

    def __init__(self, status: int, line: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(line)
        self.status, self.line, self.headers = status, line, dict(headers or {})

    def response(self) -> PlainTextResponse:
        """Return the response that tells it; it is kept by nobody."""
        headers = {**self.headers, "Cache-Control": "no-store"}
        return PlainTextResponse(f"{one_line(self.line)}\n", self.status, headers)
