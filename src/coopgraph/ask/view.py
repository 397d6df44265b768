"""The picture of an extract, made when it is asked for: a page that works offline, or a still picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coopgraph.ask import fates
from coopgraph.claims.selection import Selection
from coopgraph.errors import UsageError, unknown
from coopgraph.network import reduce
from coopgraph.rdf.vocab import HOPED_FOR, LANGUAGES
from coopgraph.store import extracts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from coopgraph.claims.fate import Fate
    from coopgraph.claims.model import Extract
    from coopgraph.claims.workspace import Workspace
    from coopgraph.store.interface import Store


@dataclass(frozen=True, repr=False)
class View:
    """The picture of an extract; it shows itself in notebooks, and writes itself as HTML or SVG.

    `message` says what was left out of a graph that is too large to draw, and `part` how many links are drawn of how
    many; `fates` tell what became of planned and hoped-for claims.
    """

    extract: Extract
    story: Path | None = None
    language: str = "en"
    message: str = ""
    fates: Mapping[str, Fate] = field(default_factory=dict)
    part: tuple[int, int] | None = None

    def __repr__(self) -> str:
        return f"<View: {len(self.extract.claims)} claims>"

    def html(self) -> str:
        """Return the page as one HTML file. Raises `DataError` where a story step names what is not there."""
        from coopgraph.page import html_page, story

        steps = story.read(self.story, self.extract) if self.story else ()
        return html_page.page(
            self.extract,
            story=steps,
            language=self.language,
            message=self.message,
            fates=self.fates,
            part=self.part,
        )

    def svg(self) -> str:
        """Return the still picture as SVG."""
        from coopgraph.page import svg

        return svg.svg(self.extract)

    def _repr_html_(self) -> str:
        from coopgraph.page import html_page

        return html_page.notebook(self.html(), picture=self.svg())


def view(
    store: Store,
    workspace: Workspace,
    selection: Selection,
    focus: str | None,
    hops: int,
    top: int | None,
    story: Path | None,
    language: str,
) -> View:
    """Return the picture of a selection, around an entity (IRI) or of the strongest links; see `CoopGraph.view`."""
    if language not in LANGUAGES:
        raise UsageError(unknown("language", language, LANGUAGES))
    if hops < 0 or (top is not None and top < 1):
        raise UsageError(f"hops={hops}, top={top}: give numbers of links, of hops 0 or more, of top 1 or more")
    extract = extracts.extract(store, selection)
    if focus is not None:
        extract = reduce.around(extract, focus, hops)
    if top is not None:
        extract = reduce.strongest(extract, top)
    extract, message = reduce.drawable(extract)
    is_whole = focus is None and top is None and not message and selection == Selection()
    own = workspace.own_file("story.toml")
    steps = story if story is not None else own if is_whole else None
    fates = _fates(extract, store, workspace)
    return View(extract, steps, language, message, fates)


def _fates(extract: Extract, store: Store, workspace: Workspace) -> Mapping[str, Fate]:
    """Return what became of the plans of an extract; servers are not asked, some of which answer this wrongly."""
    has_plans = any(claim.status in HOPED_FOR for claim in extract.claims)
    return fates.fates(store, workspace) if has_plans and store.address is None else {}
