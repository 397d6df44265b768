"""The site map: the address of every page for search engines, with the same page in other languages (sitemaps.org).

Pages say relatively where their other languages are. Search engines want whole addresses, which stand here alone.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from coopgraph.site import hosts
from coopgraph.site.addresses import MAIN, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from coopgraph.site.content import Content

_MOST = 10_000
"""Addresses in a file: 50,000 may be, and 50 MB; those of Chinese names are long, and each has all its languages."""
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def alternates(languages: Sequence[str]) -> list[tuple[str, str]]:
    """Return what search engines call a page in each language, for readers of any other too; nothing where it has one.

    >>> alternates(["en", "zh-Hans"]), alternates(["en"])
    ([('en', 'en'), ('zh-Hans', 'zh-Hans'), ('x-default', 'en')], [])
    """
    return [*((each, each) for each in languages), ("x-default", MAIN)] if len(languages) > 1 else []


def files(site: Content, pages: Sequence[tuple[str, int]]) -> Mapping[str, Callable[[], bytes]]:
    """Return path -> what gives the bytes of the file there; `pages` are the stem and number of every page.

    Where there are too many for one file, `sitemap.xml` lists the others.
    """
    pages = sorted(pages)
    step = _MOST // len(site.languages)
    parts = [pages[start : start + step] for start in range(0, len(pages), step)]
    if len(parts) == 1:
        return {"sitemap.xml": partial(_listed, site, pages)}
    made = {f"sitemap-{number}.xml": partial(_listed, site, part) for number, part in enumerate(parts, 1)}
    return {"sitemap.xml": partial(_index, site, list(made)), **made}


def _index(site: Content, names: Sequence[str]) -> bytes:
    lines = (f"<sitemap><loc>{escape(site.address + name)}</loc></sitemap>" for name in names)
    return "\n".join((f"{_HEAD}<sitemapindex {_SPACE}>", *lines, "</sitemapindex>\n")).encode()


def _listed(site: Content, pages: Sequence[tuple[str, int]]) -> bytes:
    space = f'{_SPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    lines = (line for stem, number in pages for line in _page(site, stem, number))
    return "\n".join((f"{_HEAD}<urlset {space}>", *lines, "</urlset>\n")).encode()


def _page(site: Content, stem: str, number: int) -> Iterator[str]:
    """Yield a page in each of its languages."""
    address = {language: site.address + hosts.quoted(Place(stem, number, language).path) for language in site.languages}
    others = "".join(_other(tag, address[language]) for tag, language in alternates(site.languages))
    for where in address.values():
        yield f"<url><loc>{escape(where)}</loc>{others}</url>"


def _other(language: str, where: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(where)}/>'
