"""The classes of the ontology, and which of them lie above which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from coopgraph.rdf.terms import value
from coopgraph.rdf.vocab import RDFS, coop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coopgraph.store.interface import Store


def entity_classes(store: Store) -> set[str]:
    """Return the IRIs of `coop:Entity` and all its subclasses."""
    return classes(store, "Entity")


def classes(store: Store, *names: str) -> set[str]:
    """Return the IRIs of classes of the ontology, by local name, and of all their subclasses."""
    wanted = set(map(coop, names))
    return wanted | {name for name, supers in superclasses(store).items() if not wanted.isdisjoint(supers)}


def superclasses(store: Store) -> dict[str, tuple[str, ...]]:
    """Return class -> its superclasses within the ontology, nearest first."""
    parents: dict[str, list[str]] = defaultdict(list)
    for quad in store.quads(predicate=RDFS + "subClassOf"):
        parents[value(quad.subject)].append(value(quad.object))
    closed: dict[str, tuple[str, ...]] = {}
    for name in list(parents):
        above: list[str] = []
        waiting = sorted(parents[name])
        while waiting:
            parent = waiting.pop(0)
            if parent not in above and parent != name:
                above.append(parent)
                waiting += sorted(parents.get(parent, ()))
        closed[name] = tuple(above)
    return closed


def most_specific(types: Iterable[str], supers: Mapping[str, tuple[str, ...]]) -> str:
    """Return the most specific of some classes, as far as the ontology knows them; nothing where it knows none."""
    named = [name for name in types if name.startswith(coop("")) or name in supers]
    specific = (name for name in named if not any(name in supers.get(other, ()) for other in named if other != name))
    return next(specific, "")
