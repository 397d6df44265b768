"""The forms of answers: what each is called in addresses, and its media types, for rows, for yes or no and for RDF."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.errors import near, short
from coopgraph.site.served import accept
from coopgraph.site.served.content import BOOLEAN, ROWS, TRIPLES
from coopgraph.site.served.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Form(NamedTuple):
    """A way to write an answer: its name here, other names of it in addresses, and its media types, its own first."""

    name: str
    names: tuple[str, ...]
    media_types: tuple[str, ...]


HTML = Form("html", ("html", "htm"), ("text/html", "application/xhtml+xml"))
_JSON = Form("json", ("json", "srj"), ("application/sparql-results+json", "application/json"))
_XML = Form("xml", ("xml", "srx"), ("application/sparql-results+xml", "application/xml", "text/xml"))
_CSV = Form("csv", ("csv",), ("text/csv",))
_TSV = Form("tsv", ("tsv",), ("text/tab-separated-values",))
_TURTLE = Form("turtle", ("ttl", "turtle"), ("text/turtle", "application/x-turtle"))
_NTRIPLES = Form("ntriples", ("nt", "ntriples"), ("application/n-triples", "text/plain"))
_JSON_LD = Form("jsonld", ("jsonld", "json"), ("application/ld+json", "application/json"))
_RDF_XML = Form("rdfxml", ("rdf", "rdfxml", "xml"), ("application/rdf+xml", "application/xml", "text/xml"))

FORMS: Mapping[str, tuple[Form, ...]] = {
    ROWS: (_JSON, _XML, _CSV, _TSV, HTML),
    BOOLEAN: (_JSON, _XML, HTML),
    TRIPLES: (_TURTLE, _NTRIPLES, _JSON_LD, _RDF_XML, HTML),
}
"""What a query gives -> the forms of that, what a client gets that wants anything first."""


def endings(*kinds: str) -> tuple[str, ...]:
    """Return how addresses end that give answers of these kinds as data, those for rows first.

    >>> endings(TRIPLES)
    ('ttl', 'nt', 'jsonld', 'rdf')
    """
    return tuple(dict.fromkeys(form.names[0] for kind in kinds for form in FORMS[kind] if form is not HTML))


class Choice(NamedTuple):
    """A form, and the media type that it is sent as."""

    form: str
    media_type: str


@lru_cache(256)
def choices(header: str, name: str | None, kinds: tuple[str, ...] = tuple(FORMS)) -> Mapping[str, Choice]:
    """Return the form for each kind of answer that has one, as a name in the address says, else as Accept does.

    Raises `Problem` (400) where no form of any kind is called so.
    """
    if name is None:
        accepted = ((kind, _accepted(header, FORMS[kind])) for kind in kinds)
        return MappingProxyType({kind: choice for kind, choice in accepted if choice})
    named = {kind: form for kind in kinds for form in reversed(FORMS[kind]) if name in (*form.names, *form.media_types)}
    if not named:
        there = [*endings(*kinds), HTML.names[0]]
        hint = near(name, there) or f"; there are {', '.join(there)}"
        raise Problem(400, f"no format is called {short(name)!r}{hint}")
    return MappingProxyType({kind: Choice(form.name, form.media_types[0]) for kind, form in named.items()})


def _accepted(header: str, forms: Sequence[Form]) -> Choice | None:
    # The types of their own come before those that several forms are sent as.
    offered = [form.media_types[0] for form in forms] + [each for form in forms for each in form.media_types[1:]]
    chosen = accept.choose(header, offered)
    return next((Choice(form.name, chosen) for form in forms if chosen in form.media_types), None) if chosen else None


def not_acceptable(kind: str) -> Problem:
    """Return what is said where an answer of a kind has no form that is wanted."""
    noun = {ROWS: "rows", BOOLEAN: "yes or no", TRIPLES: "RDF"}[kind]
    there = ", ".join(form.media_types[0] for form in FORMS[kind])
    return Problem(406, f"the answer is {noun}, which there is as {there}; ask for one of these")
