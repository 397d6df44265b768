"""Rules for the hosts of published sites: from the name of a thing to its page or its data, and headers."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from coopgraph.claims.model import best_label
from coopgraph.site.addresses import MAIN, Place
from coopgraph.site.claim_html import isolated
from coopgraph.site.words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from coopgraph.site.content import Content

_TYPES = {
    "ttl": ("text/turtle", "application/x-turtle"),
    "jsonld": ("application/ld+json",),
    "nt": ("application/n-triples",),
    "rdf": ("application/rdf+xml",),
    "json": ("application/json",),
}


def quoted(path: str) -> str:
    """Return a path as it stands in an address."""
    return quote(path, safe="/~.")


def _root(site: Content) -> str:
    """Return the path of the site on its host, with slashes at both ends."""
    path = urlsplit(site.address).path
    return path if path.endswith("/") else f"{path}/"


def redirects(site: Content) -> bytes:
    """Return rules of Netlify and Cloudflare Pages: a name without ending leads to its page."""
    root = _root(site)
    kinds = [*site.kinds, "source"]
    lines = [f"{root}id/{kind}/:name {root}id/{kind}/:name.html 303" for kind in kinds]
    lines += [f"{root}id/source {root}sources/index.html 303", f"{root}ontology {root}ontology/index.html 303"]
    return ("\n".join(lines) + "\n").encode()


def headers(site: Content) -> bytes:
    """Return headers for Netlify and Cloudflare Pages."""
    root = _root(site)
    lines = [
        f"{root}*", "  X-Content-Type-Options: nosniff", "  Referrer-Policy: no-referrer",
        "  Access-Control-Allow-Origin: *", "  Content-Security-Policy: frame-ancestors 'self'",
        f"{root}*.ttl", "  Content-Type: text/turtle; charset=utf-8",
        f"{root}*.nt", "  Content-Type: application/n-triples",
        f"{root}*.jsonld", "  Content-Type: application/ld+json",
        f"{root}*.rdf", "  Content-Type: application/rdf+xml",
        f"{root}.well-known/void", "  Content-Type: text/turtle; charset=utf-8",
    ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def htaccess(site: Content) -> bytes:
    """Return rules of Apache, for this host and for w3id.org: a name leads to the form that is asked for."""
    lines = [
        "# For Apache. At w3id.org, where names of things are, put this file into the folder of the base.",
        "Options -MultiViews",
        "AddType text/turtle .ttl",
        "AddType application/ld+json .jsonld",
        "AddType application/n-triples .nt",
        "AddType application/rdf+xml .rdf",
        "RewriteEngine On",
    ]
    target = site.address
    for name, goal in (("ontology/?", "ontology/index"), ("(id/[^/.]+/[^/.]+)", "$1")):
        for ending in site.forms:
            accepted = "|".join(kind.replace("+", "\\+") for kind in _TYPES[ending])
            lines += [
                f"RewriteCond %{{HTTP_ACCEPT}} ({accepted})",
                f"RewriteRule ^{name}$ {target}{goal}.{ending} [R=303,L]",
            ]
        lines.append(f"RewriteRule ^{name}$ {target}{goal}.html [R=303,L]")
    return ("\n".join(lines) + "\n").encode()


def not_there(site: Content) -> bytes:
    """Return the page that hosts show where there is nothing, in all languages; its links hold wherever it is shown."""
    root = _root(site)
    space = site.workspace
    title = escape(space.title)
    lines = "".join(
        _led_on(root, isolated(best_label(space.titles, space.title, language)), language)
        for language in site.languages
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{MAIN}">\n<head>\n<meta charset="utf-8">\n<title>404 · {title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<link rel="stylesheet" href="{root}-/style.css">\n</head>\n<body>\n<main>\n<h1>404</h1>\n{lines}'
        "</main>\n</body>\n</html>\n"
    ).encode()


def _led_on(root: str, title: str, language: str) -> str:
    """Return what tells readers of a language that there is nothing, and where to go."""
    say = words(language)
    home, search = (f"{root}{Place(stem, 1, language).path}" for stem in ("index", "search"))
    links = f'<a href="{home}">{title}</a> · <a href="{search}">{say("search")}</a>'
    return f'<p lang="{language}">{say("notThere")}{say("colon")}{links}</p>\n'


FILES: Mapping[str, Callable[[Content], bytes]] = {
    "_redirects": redirects, "_headers": headers, ".htaccess": htaccess, "404.html": not_there,
}  # fmt: skip
"""Path -> what gives the file there."""
