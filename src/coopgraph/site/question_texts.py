"""What questions say of themselves, in the language of a page: translated by their English texts, else in English.

A question that a workspace brings, or that it has changed, has other texts, and so keeps its own.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from coopgraph.rdf.vocab import LANGUAGES
from coopgraph.site.view import Name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coopgraph.claims.query_file import Parameter, QueryFile
    from coopgraph.site.view import View

ENGLISH = LANGUAGES[0]


@cache
def translations(language: str) -> Mapping[str, Mapping[str, Any]]:
    """Return `questions` (summary -> title, description), `parameters` (what they are for), `names` and `columns`."""
    path = files("coopgraph").joinpath("site", "texts", f"{language}.questions.json")
    known: Mapping[str, Mapping[str, Any]] = {} if language == ENGLISH else json.loads(path.read_text("utf-8"))
    return known


def title(question: QueryFile, language: str) -> Name:
    """Return what a question asks, in a few words."""
    return _of_question(question, 0, question.summary, language)


def description(question: QueryFile, language: str) -> Name:
    """Return what the answer to a question has."""
    return _of_question(question, 1, question.description, language)


def _of_question(question: QueryFile, at: int, text: str, language: str) -> Name:
    told = translations(language).get("questions", {}).get(question.summary)
    return Name(told[at]) if told else _in_english(text, language)


def explained(parameter: Parameter, language: str) -> Name:
    """Return what a parameter is for."""
    told = translations(language).get("parameters", {}).get(parameter.text)
    return Name(told) if told else _in_english(parameter.text, language)


def label(name: str, language: str) -> Name:
    """Return what a parameter, or a value of one, is called."""
    told = translations(language).get("names", {}).get(name) or values(language).get(name)
    return Name(told) if told else _in_english(name, language)


def values(language: str) -> Mapping[str, str]:
    """Return what words are called that stand in answers, and can be values of parameters."""
    return translations(language).get("values", {})


def told(text: str, view: View) -> str:
    """Return the text of an answer with the names that it consists of, parted by semicolons, as readers have them."""
    language = view.place.language
    if language == ENGLISH:
        return text
    names = view.content.once(("told", language), lambda: _names(view))
    return "; ".join(names.get(part, part) for part in text.split("; "))


def _names(view: View) -> dict[str, str]:
    """Return English name of a thing -> what a page calls it."""
    things = view.content.things
    called = {entity.labels["en"]: view.name(iri).text for iri, entity in things.items() if "en" in entity.labels}
    return {**called, **values(view.place.language)}


def column(name: str, language: str) -> Name:
    """Return what a column of an answer is called; it may be called as a parameter is."""
    told = translations(language).get("columns", {}).get(name)
    return Name(told) if told else label(name, language)


def columns(question: QueryFile, language: str) -> dict[str, str]:
    """Return what the columns of a question are called, of those that a page calls otherwise than the query does."""
    called = {name: column(name, language).text for name in sorted(set(_VARIABLE.findall(question.sparql)))}
    return {name: text for name, text in called.items() if text != name}


_VARIABLE = re.compile(r"[?$](\w+)")


def _in_english(text: str, language: str) -> Name:
    return Name(text, ENGLISH if text and language != ENGLISH else "")
