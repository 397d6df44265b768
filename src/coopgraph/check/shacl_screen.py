"""A first look at graph files: which subjects may break a SHACL shape, so that pySHACL need only see those.

pySHACL checks tens of thousands of triples a second, this hundreds of thousands. What it does not know it never lets
pass.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from coopgraph.check import shacl_reader
from coopgraph.rdf.terms import BlankNode, NamedNode, Term, Triple
from coopgraph.rdf.vocab import RDFS, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from coopgraph.check.shacl_constraints import Check, GroupCheck
    from coopgraph.check.shacl_reader import Shape

Subject: TypeAlias = NamedNode | BlankNode
Described: TypeAlias = dict[Subject, list[Triple]]
"""The triples of each subject."""

_TYPE = NamedNode(TYPE)
_SUBCLASS = NamedNode(RDFS + "subClassOf")
_PLANS = 1_000
"""Forms of descriptions that are remembered at a time."""

_subject, _predicate, _object = attrgetter("subject"), attrgetter("predicate"), attrgetter("object")


def described(triples: Iterable[Triple]) -> tuple[Described, set[Subject]]:
    """Return the triples by subject, and the named subjects that are described in two places.

    What stands between two triples of a subject about blank nodes is part of its description.
    """
    subjects: Described = {}
    repeated: set[Subject] = set()
    last: Subject | None = None
    for subject, run in groupby(triples, _subject):
        description = subjects.setdefault(subject, [])
        named = isinstance(subject, NamedNode)
        if description and named and subject != last:
            repeated.add(subject)
        description += run
        if named:
            last = subject
    return subjects, repeated


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be checked in descriptions of one form: objects at their places, and all objects together."""

    single: tuple[tuple[int, Check], ...] = ()
    together: tuple[GroupCheck, ...] = ()

    def clears(self, objects: Sequence[Term]) -> bool:
        """Say whether the objects surely break nothing."""
        for place, check in self.single:  # a loop, for this is where the time goes
            if not check(objects[place]):
                return False
        return all(check(objects) for check in self.together)


_NEVER = _Plan(together=(lambda _: False,))
"""The plan for descriptions whose form alone breaks a shape."""


class Screen:
    """Shapes made ready to be tried on descriptions; `unknown` are the shapes that only pySHACL understands."""

    def __init__(
        self, shapes: Mapping[Term, Sequence[Shape]], targets: Iterable[Triple], unknown: frozenset[Term]
    ) -> None:
        self.unknown = unknown
        self._of_class: dict[Term, list[Shape]] = defaultdict(list)
        self._of_subjects: dict[Term, list[Shape]] = defaultdict(list)
        for triple in targets:
            wanted = self._of_class if triple.predicate == shacl_reader.TARGET_CLASS else self._of_subjects
            wanted[triple.object] += shapes.get(triple.subject, ())
        self._plans: dict[tuple[NamedNode, ...], tuple[tuple[int, ...], dict[tuple[Term, ...], _Plan]]] = {}

    def suspects(self, subjects: Described) -> set[Subject] | None:
        """Return the subjects that may break a shape that is understood, None where all may.

        Blank nodes are returned with any suspect: a message can quote what is said of them.
        """
        suspects: set[Subject] = set()
        for subject, triples in subjects.items():
            predicates = (*map(_predicate, triples),)
            if predicates not in self._plans:
                if _SUBCLASS in predicates:
                    return None
                self._remember(predicates)
            places, plans = self._plans[predicates]
            objects = [*map(_object, triples), subject]
            types = (*[objects[place] for place in places],)
            plan = plans.get(types)
            if plan is None:
                plan = plans[types] = self._plan(predicates, types)
            if not plan.clears(objects):
                suspects.add(subject)
        return suspects | {each for each in subjects if isinstance(each, BlankNode)} if suspects else suspects

    def _remember(self, predicates: tuple[NamedNode, ...]) -> None:
        if len(self._plans) >= _PLANS:
            self._plans.clear()
        self._plans[predicates] = (tuple(i for i, each in enumerate(predicates) if each == _TYPE), {})

    def _plan(self, predicates: Sequence[NamedNode], types: Sequence[Term]) -> _Plan:
        """Return what is to be checked in descriptions that have these predicates and types."""
        places: dict[NamedNode | None, list[int]] = defaultdict(list, {None: [len(predicates)]})
        for place, predicate in enumerate(predicates):
            places[predicate].append(place)
        asked = [self._of_class.get(each, ()) for each in types]
        asked += [self._of_subjects.get(each, ()) for each in dict.fromkeys(predicates)]
        return _of_shapes({id(shape): shape for group in asked for shape in group}.values(), places)


def _of_shapes(shapes: Iterable[Shape], places: Mapping[NamedNode | None, Sequence[int]]) -> _Plan:
    """Return what shapes ask of descriptions in which the objects of each predicate stand at some places."""
    single: dict[tuple[int, Check], None] = {}
    together: list[GroupCheck] = []
    for shape in shapes:
        at = places.get(shape.path, ())
        if len(at) < shape.least or (shape.most is not None and len(at) > shape.most):
            return _NEVER
        single |= dict.fromkeys((place, check) for check in shape.each for place in at)
        together += [_group(fits, at) for fits in shape.together]
        together += [_group(fits, at, places.get(other, ())) for other, fits in shape.pairs]
        together += [_any([_of_shapes(each, places) for each in several]) for several in shape.either]
    return _Plan(tuple(single), tuple(together))


def _any(plans: Sequence[_Plan]) -> GroupCheck:
    """Return a check of all objects that lets through what one of several plans clears."""
    return lambda objects: any(plan.clears(objects) for plan in plans)


def _group(fits: Callable[..., bool], *groups: Sequence[int]) -> GroupCheck:
    """Return a check of all objects that lets `fits` see the groups of them that stand at some places."""
    return lambda objects: fits(*([objects[place] for place in group] for group in groups))


def compiled(triples: Iterable[Triple]) -> Screen:
    """Return the screen of the shapes that triples hold."""
    return Screen(*shacl_reader.read(triples))
