"""The one text by which each thing is shown, chosen when a graph is built so that no question has to choose it.

All that a thing is called stands in its own graph file, and all terms of an ontology in the ontology: so each graph by
itself gives the triples of `graph:labels`, the label or title of an entity, a term or a source, and the gist of a
passage. `languages` says which of several languages it is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coopgraph.rdf.languages import best_language
from coopgraph.rdf.terms import Literal, NamedNode, Triple
from coopgraph.rdf.vocab import LABEL, PREF_LABEL, SKOS, STANDARD, coop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TEXTS = (PREF_LABEL, LABEL, STANDARD["dcterms"] + "title", coop("gist"))
"""The properties by whose values a thing is shown; one goes before those that follow it."""
_DEFINITIONS = (SKOS + "definition",)


def shown(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield for each thing in a graph the text that it is shown as."""
    return _chosen(triples, _TEXTS, NamedNode(coop("shownAs")))


def defined(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield for each thing in a graph the definition that is shown of it."""
    return _chosen(triples, _DEFINITIONS, NamedNode(coop("shownDefinition")))


def _chosen(triples: Iterable[Triple], properties: Sequence[str], shown_by: NamedNode) -> Iterator[Triple]:
    """Yield for each thing the best value of the first of some properties that it has."""
    places = {name: place for place, name in enumerate(properties)}
    texts: dict[NamedNode, dict[int, list[Literal]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        place = places.get(triple.predicate.value)
        if place is not None:
            thing, text = triple.subject, triple.object
            if isinstance(thing, NamedNode) and isinstance(text, Literal):
                texts[thing][place].append(text)
    for thing, by_place in texts.items():
        yield Triple(thing, shown_by, best_text(by_place[min(by_place)]))


def best_text(texts: Sequence[Literal]) -> Literal:
    """Return which of some texts is shown; of several in one language the first in the order of their characters."""
    if len(texts) == 1:
        return texts[0]
    language = best_language(text.language or "" for text in texts)
    return min((text for text in texts if (text.language or "") == language), key=lambda text: text.value)
