"""The pages that ask: the library of questions, each question with its form, the search, and the page for SPARQL."""

from __future__ import annotations

import shlex
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coopgraph.claims.sentences import sentences
from coopgraph.rdf.terms import NamedNode
from coopgraph.server.binding import bound
from coopgraph.site import question_texts
from coopgraph.site.addresses import file_name
from coopgraph.site.claim_rows import status
from coopgraph.store.interface import Solutions
from coopgraph.store.local import Draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.site.content import Content
    from coopgraph.site.view import Name, View
    from coopgraph.store.interface import Store

FIRST_QUERY = """\
# What is realised between two places, and who says so?
SELECT ?subject ?relation ?object ?gist ?source ?paragraph WHERE {
  ?claim rdf:subject/coop:shownAs ?subject ; rdf:predicate/coop:shownAs ?relation ; rdf:object/coop:shownAs ?object ;
    coop:status status:realised ; prov:wasDerivedFrom ?passage .
  ?passage oa:hasSource/coop:shownAs ?source ; coop:paragraph ?paragraph ; coop:shownAs ?gist .
}
ORDER BY ?subject ?relation ?object
LIMIT 100
"""


def file_of(name: str) -> str:
    """Return how the file of a question is called."""
    return file_name(name)


def library(view: View) -> dict[str, Any]:
    """Return what the template of the library shows."""
    questions = view.content.questions.values()
    language = view.place.language
    rows = [
        (
            q.name,
            question_texts.title(q, language)._replace(href=view.link(f"questions/{file_of(q.name)}")),
            [(question_texts.label(p.name, language), p.optional) for p in q.parameters],
        )
        for q in questions
    ]
    return {"title": view.words("questions-way"), "rows": rows}


def question(asked: QueryFile, view: View) -> dict[str, Any]:
    """Return what the template of a question shows."""
    site, language = view.content, view.place.language
    heading = question_texts.title(asked, language)
    parameters = [
        (p, question_texts.label(p.name, language), question_texts.explained(p, language), *_choices(p, view))
        for p in asked.parameters
    ]
    needed = [p for p in asked.parameters if not p.optional]
    options = "".join(f" -p {p.name}=…" for p in needed)
    query = "&".join(f"{p.name}=…" for p in needed)
    address = f"{site.address}questions/{quote(file_of(asked.name))}.csv" + (f"?{query}" if query else "")
    return {
        "title": heading.text,
        "heading": heading,
        "description": _parted(question_texts.description(asked, language)),
        "asked": asked,
        "parameters": parameters,
        "action": view.link(view.place.stem),
        "edit": view.query(asked.sparql),
        "command": f"coopgraph query {shlex.quote(asked.name)}{options}",
        "curl": f"curl {shlex.quote(address)}",
        "kinds": {p.name: p.kind for p in asked.parameters},
        "columns": question_texts.columns(asked, language),
        "values": question_texts.values(language),
    }


def _parted(text: Name) -> tuple[Name, Name]:
    """Return the first sentence of a text, and the rest of it."""
    end = next((end for _, end in sentences(text.text, 0, len(text.text))), 0)
    return text._replace(text=text.text[:end]), text._replace(text=text.text[end:].strip())


def _choices(parameter: Parameter, view: View) -> tuple[str, list[tuple[str, str]]]:
    """Return which kind of field asks for a parameter, and what may be chosen in it."""
    site = view.content
    if parameter.choices:
        return "choice", [(name, value_name(parameter, name, view)) for name in parameter.choices]
    if parameter.kind in ("field", "group"):
        iris = site.kinds.get("field" if parameter.kind == "field" else "relation", ())
        return "choice", [(view.short(iri), view.name(iri).text) for iri in iris]
    if parameter.kind == "source" and len(site.sources) <= _MOST:
        return "choice", [(view.short(iri), source.title) for iri, source in site.sources.items()]
    if parameter.kind == "relation":
        return "choice", [(view.short(iri), view.name(iri).text) for iri in site.relations]
    return ("number" if parameter.kind == "year" else "text"), []


def value_name(parameter: Parameter, value: str, view: View) -> str:
    """Return what one of the values is called that a parameter can have."""
    if parameter.kind == "status":
        return status(value, view).text
    return question_texts.label(value, view.place.language).text


_MOST = 200
"""Sources of which one is chosen; among more it is named."""


def bound_texts(site: Content) -> dict[str, dict[str, str]]:
    """Return name of a question -> parameters that are given, parted by blanks -> its text with them.

    Where a term goes stands `<urn:parameter:name>`; the scripts of a site of files put it there.
    """
    with Draft.in_memory(site.store.prefixes) as empty:
        return {question.name: _bound(question, empty) for question in site.questions.values()}


def _bound(question: QueryFile, empty: Store) -> dict[str, str]:
    answer = empty.query(question.sparql)
    columns = tuple(variable.value for variable in answer.variables) if isinstance(answer, Solutions) else ()
    needed = tuple(p.name for p in question.parameters if not p.optional)
    free = tuple(p.name for p in question.parameters if p.optional)
    body = "".join(line for line in question.sparql.splitlines(keepends=True) if not line.startswith("#+"))
    return _with_each_choice(body, columns, needed, free)


@lru_cache(256)
def _with_each_choice(body: str, columns: Sequence[str], needed: Sequence[str], free: Sequence[str]) -> dict[str, str]:
    """Return a query bound in each way; a process that writes several sites has the same questions for all."""
    several = (chosen for number in range(len(free) + 1) for chosen in combinations(free, number))
    texts = {}
    for chosen in several:
        names = sorted((*needed, *chosen))
        terms = {name: NamedNode(f"urn:parameter:{name}") for name in names}
        texts[" ".join(names)] = bound(body, terms, columns)
    return texts


def search(view: View) -> dict[str, Any]:
    """Return what the template of the search shows before anything is asked."""
    return {"title": view.words("search"), "action": view.link("search")}


def sparql(view: View, query: str = FIRST_QUERY) -> dict[str, Any]:
    """Return what the template of the page for SPARQL shows, with a query to begin with."""
    library = (q for q in view.content.questions.values() if not q.parameters)
    questions = [(q.name, question_texts.title(q, view.place.language)) for q in library]
    return {
        "title": "SPARQL",
        "first": query,
        "questions": questions,
        "prefixes": sorted(view.content.store.prefixes.items()),
    }
