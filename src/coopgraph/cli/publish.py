"""The command that writes the graph as a site of files, for any web host."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coopgraph.cli.group import cli, the_store, the_workspace
from coopgraph.cli.options import TEXT, OneOf
from coopgraph.cli.output import count, progress_bar, tell
from coopgraph.errors import UsageError, short
from coopgraph.rdf.vocab import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgraph.site.publish import Published

LARGE = 1_000
"""Things with pages beyond which a site is written in one language and one form of data, unless told otherwise."""


def _forms() -> Sequence[str]:
    from coopgraph.site.data import FORMS

    return tuple(FORMS)


@cli.command("publish")
@click.argument("folder", type=TEXT)
@click.option("--address", metavar="URL", type=TEXT, help="Where the site will be found, as in https://me.org/graph/.")
@click.option(
    "--language", "languages", metavar="en|zh-Hans|zh-Hant", multiple=True, type=OneOf("language", LANGUAGES),
    help="Only pages in this language; may be repeated.",
)  # fmt: skip
@click.option(
    "--form", "forms", metavar="ttl|jsonld|nt|rdf|json", multiple=True, type=OneOf("form", _forms),
    help="Only this form of each page as data; may be repeated.",
)  # fmt: skip
@click.option(
    "--pages", type=OneOf("choice", ("sources", "all")), default="sources", show_default=True, metavar="sources|all",
    help="Claims on the pages of their sources, or a page for each one too.",
)  # fmt: skip
@click.option("--again", is_flag=True, help="Write every file, also those that would not change.")
def publish_command(
    folder: str, address: str | None, languages: tuple[str, ...], forms: tuple[str, ...], pages: str, again: bool
) -> None:
    """Write the graph as a site: pages, data, search and SPARQL as files for any web host.

    DIR is a new or empty folder, or one that was published before: then only what has changed is written. A graph with
    more than 1,000 things is written in English and as Turtle, unless told otherwise.
    """
    from coopgraph.ask.graph import CoopGraph
    from coopgraph.site import publish
    from coopgraph.site.content import web_address
    from coopgraph.site.renderer import Site

    target = web_address(address) if address else None
    with the_store() as store:
        graph = CoopGraph(store, the_workspace())
        is_large = len(Site(graph).content.iris) > LARGE
        languages = _in_order(languages) or (LANGUAGES[:1] if is_large else LANGUAGES)
        forms = forms or (("ttl",) if is_large else tuple(_forms()))
        site = Site(graph, address=target, languages=languages, forms=forms, every_record=pages == "all")
        with progress_bar("publishing") as progress:
            done = publish.publish(site, Path(folder), again=again, progress=progress)
    _tell(done, folder, site.content.address)


def _in_order(languages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chosen languages. Raises `UsageError` where English, whose pages have the plain paths, is left out."""
    if languages and LANGUAGES[0] not in languages:
        raise UsageError(f"--language {languages[0]}: pages in {LANGUAGES[0]} are there in any case; name it too")
    return tuple(language for language in LANGUAGES if language in languages)


def _tell(done: Published, folder: str, address: str) -> None:
    tell(
        f"{count(done.written, 'file')} written, {done.kept} left as they were, {done.removed} taken away; "
        f"{done.size / 1e6:.1f} MB"
    )
    tell(f"look at it: python -m http.server -d {short(folder)} 8000, then http://127.0.0.1:8000/")
    tell(f"then put {short(folder)} on a web host; it says that it is at {address} (--address says otherwise)")
