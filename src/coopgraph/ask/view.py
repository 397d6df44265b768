"""The picture of an extract, made when it is asked for: a page that works offline, or a still picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from coopgraph.claims.model import Extract


@dataclass(frozen=True, repr=False)
class View:
    """The picture of an extract; it shows itself in notebooks, and writes itself as HTML or SVG.

    `message` says what was left out of a graph that is too large to draw.
    """

    extract: Extract
    story: Path | None = None
    language: str = "en"
    message: str = ""

    def __repr__(self) -> str:
        return f"<View: {len(self.extract.claims)} claims>"

    def html(self) -> str:
        """Return the page as one HTML file. Raises `DataError` where a story step names what is not there."""
        from coopgraph.page import html_page, story

        steps = story.read(self.story, self.extract) if self.story else ()
        return html_page.page(self.extract, story=steps, language=self.language, message=self.message)

    def svg(self) -> str:
        """Return the still picture as SVG."""
        from coopgraph.page import svg

        return svg.svg(self.extract)

    def _repr_html_(self) -> str:
        from coopgraph.page import html_page

        return html_page.notebook(self.html(), picture=self.svg())
