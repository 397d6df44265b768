"""A page of the site as it goes out, whether into a file or to somebody who asks for it."""

from __future__ import annotations

from dataclasses import dataclass

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "json": "application/json",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "xml": "application/xml",
    "atom": "application/atom+xml",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "csv": "text/csv; charset=utf-8",
    "gz": "application/gzip",
}
"""Ending of a path -> its media type."""


@dataclass(frozen=True, slots=True)
class Link:
    """A typed link of a page, as HTML's `<link>` and HTTP's `Link` header have it; `href` is relative to the page."""

    rel: str
    href: str
    type: str | None = None
    hreflang: str | None = None

    def header(self) -> str:
        """Return the link as a value of the header `Link` (RFC 8288)."""
        extra = "".join(f'; {name}="{value}"' for name, value in self._attributes())
        return f'<{self.href}>; rel="{self.rel}"{extra}'

    def _attributes(self) -> list[tuple[str, str]]:
        named = (("type", self.type), ("hreflang", self.hreflang))
        return [(name, value) for name, value in named if value]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands at a path: its media type, its bytes, and its typed links (signposting).

    The same graph gives the same bytes: there is no time of rendering in them and nothing of a request.
    """

    path: str
    media_type: str
    body: bytes
    links: tuple[Link, ...] = ()


def media_type(path: str) -> str:
    """Return the media type of a path, by its ending.

    >>> media_type("id/place/liaoning.ttl")
    'text/turtle; charset=utf-8'
    """
    return MEDIA_TYPES.get(path.rpartition(".")[2], "application/octet-stream")
