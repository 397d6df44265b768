"""SHACL shapes read from their triples into checks, those apart that ask for more than is known here."""

from __future__ import annotations

import operator
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from coopgraph.check.shacl_constraints import (
    BOOLEAN,
    EACH,
    SH,
    STRING,
    Check,
    GroupCheck,
    PairCheck,
    UnknownShapeError,
    has,
    in_order,
    language_in,
    one_a_language,
    pattern,
    whole,
)
from coopgraph.rdf.terms import Literal, NamedNode, Term, Triple
from coopgraph.rdf.vocab import RDF, RDFS, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

TARGET_CLASS = NamedNode(SH + "targetClass")
TARGETS = frozenset({TARGET_CLASS, NamedNode(SH + "targetSubjectsOf")})
"""How a shape that is known here names its focus nodes."""

_TYPE, _PATH = NamedNode(TYPE), NamedNode(SH + "path")
_FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_MUTE = frozenset(
    NamedNode(SH + name) for name in ("name", "description", "message", "severity", "order", "group", "defaultValue")
)
"""What changes how a result reads but not whether there is one."""
_FAR_REACHING = frozenset({NamedNode(RDFS + "subClassOf"), NamedNode(SH + "parameter")})
"""What changes the meaning of other shapes: subclasses, and kinds of constraint of one's own."""


@dataclass(slots=True)
class Shape:
    """What a shape asks of the values at its path, or of the focus node itself where it has no path.

    `pairs` compares the values with those at another path. `either` has alternatives, each some shapes, of which the
    focus node has to fit one.
    """

    path: NamedNode | None
    least: int = 0
    most: int | None = None
    each: list[Check] = field(default_factory=list)
    together: list[GroupCheck] = field(default_factory=list)
    pairs: list[tuple[NamedNode, PairCheck]] = field(default_factory=list)
    either: list[list[list[Shape]]] = field(default_factory=list)


class Shapes(NamedTuple):
    """The `shapes` that are known here, each with its parts, their targets, and those that are not known."""

    shapes: dict[Term, list[Shape]]
    targets: set[Triple]
    unknown: frozenset[Term]


def read(triples: Iterable[Triple]) -> Shapes:
    """Return the shapes that triples hold; a shape with anything not understood in it is unknown."""
    descriptions: dict[Term, dict[NamedNode, set[Term]]] = defaultdict(lambda: defaultdict(set))
    targets = set()
    for triple in triples:
        descriptions[triple.subject][triple.predicate].add(triple.object)
        if triple.predicate in TARGETS:
            targets.add(triple)
    reader = _Reader(descriptions)
    shapes: dict[Term, list[Shape]] = {}
    unknown: set[Term] = {triple.subject for triple in targets if not isinstance(triple.object, NamedNode)}
    for subject in [each for each in descriptions if _of_shacl(descriptions[each])]:
        try:
            shapes[subject] = reader.shapes(subject)
        except UnknownShapeError:
            unknown.add(subject)
    if any(not _FAR_REACHING.isdisjoint(each) for each in descriptions.values()):
        unknown |= shapes.keys()
    return Shapes({each: shapes[each] for each in shapes.keys() - unknown}, targets, frozenset(unknown))


def _of_shacl(description: Mapping[NamedNode, set[Term]]) -> bool:
    """Say whether a description holds a word of SHACL."""
    types = description.get(_TYPE, set())
    return any(each.value.startswith(SH) for each in (*description, *types) if isinstance(each, NamedNode))


def _plain(term: Term) -> str:
    if isinstance(term, Literal) and term.datatype == STRING:
        return term.value
    raise UnknownShapeError


def _truth(term: Term) -> bool:
    if isinstance(term, Literal) and term.datatype == BOOLEAN and term.value in ("true", "false"):
        return term.value == "true"
    raise UnknownShapeError


class _Reader:
    """Shapes read from their triples, those that are the same in several shapes made one."""

    def __init__(self, described: Mapping[Term, Mapping[NamedNode, set[Term]]]) -> None:
        self._described = described
        self._known: dict[object, Check] = {}
        self._open: set[Term] = set()

    def shapes(self, node: Term) -> list[Shape]:
        """Return what the shape of a node asks of its focus nodes; raises `UnknownShapeError`."""
        if node in self._open:
            raise UnknownShapeError  # a shape that is part of itself
        self._open.add(node)
        try:
            return self._shapes(dict(self._described.get(node, {})))
        finally:
            self._open.remove(node)

    def _shapes(self, description: dict[NamedNode, set[Term]]) -> list[Shape]:
        self._typed(description)
        paths = self._one(description, "path")
        if not all(isinstance(path, NamedNode) for path in paths):
            raise UnknownShapeError
        shape = Shape(next((path for path in paths if isinstance(path, NamedNode)), None))
        parts = [] if shape.path else [self._part(part) for part in description.pop(NamedNode(SH + "property"), ())]
        idle = self._flag(description, "deactivated")
        self._read(shape, description)
        return [] if idle else [shape, *(each for part in parts for each in part)]

    def _part(self, node: Term) -> list[Shape]:
        shapes = self.shapes(node)
        if any(shape.path is None for shape in shapes):
            raise UnknownShapeError
        return shapes

    @staticmethod
    def _typed(description: dict[NamedNode, set[Term]]) -> None:
        """Let a shape through whose type fits its path, without the type and what says nothing."""
        types = description.pop(_TYPE, set())
        wanted = NamedNode(SH + ("PropertyShape" if _PATH in description else "NodeShape"))
        if types and types != {wanted}:
            raise UnknownShapeError
        for predicate in list(description):
            if predicate in _MUTE or predicate in TARGETS or not predicate.value.startswith(SH):
                del description[predicate]

    def _read(self, shape: Shape, description: dict[NamedNode, set[Term]]) -> None:
        """Read the constraints of a shape; whatever is left over is not known."""
        for name, made_by in EACH.items():
            for parameter in self._one(description, name):
                shape.each.append(self._shared((name, parameter), made_by, parameter))
        flags = "".join(_plain(flags).lower() for flags in self._one(description, "flags"))
        for expression in self._one(description, "pattern"):
            shape.each.append(self._shared(("pattern", expression, flags), pattern, _plain(expression), flags))
        for head in self._one(description, "languageIn"):
            shape.each.append(language_in([_plain(item) for item in self._items(head)]))
        for head in self._one(description, "in"):
            shape.each.append(set(self._items(head)).__contains__)
        for wanted in description.pop(NamedNode(SH + "hasValue"), ()):
            shape.together.append(has(wanted))
        if shape.path:
            self._of_paths(shape, description)
        else:
            for head in description.pop(NamedNode(SH + "or"), ()):
                shape.either.append([self.shapes(item) for item in self._items(head)])
        if description:
            raise UnknownShapeError

    def _of_paths(self, shape: Shape, description: dict[NamedNode, set[Term]]) -> None:
        """Read the constraints that only a shape with a path can have."""
        for count in self._one(description, "minCount"):
            shape.least = self._low(count)
        for count in self._one(description, "maxCount"):
            shape.most = whole(count)
        if self._flag(description, "uniqueLang"):
            shape.together.append(one_a_language)
        for name, fits in (("lessThan", operator.lt), ("lessThanOrEquals", operator.le)):
            for other in self._one(description, name):
                if not isinstance(other, NamedNode):
                    raise UnknownShapeError
                shape.pairs.append((other, in_order(fits)))
        for inner in self._one(description, "qualifiedValueShape"):
            least = [self._low(count) for count in self._one(description, "qualifiedMinCount")]
            most = [whole(count) for count in self._one(description, "qualifiedMaxCount")]
            shape.together.append(self._qualified(inner, least, most))

    def _qualified(self, node: Term, least: list[int], most: list[int]) -> GroupCheck:
        shapes = self.shapes(node)
        if any(shape.path for shape in shapes) or not (least or most):
            raise UnknownShapeError
        checks = [check for shape in shapes for check in shape.each]
        groups = [group for shape in shapes for group in shape.together]

        def fits(values: Sequence[Term]) -> bool:
            sure = (all(c(value) for c in checks) and all(g((value,)) for g in groups) for value in values)
            return (not least or sum(sure) >= least[0]) and (not most or len(values) <= most[0])

        return fits

    @staticmethod
    def _low(count: Term) -> int:
        """Return a least number of values: 0 or 1, for rdflib may take two literals, such as 1 and 01, for one."""
        if (number := whole(count)) > 1:
            raise UnknownShapeError
        return number

    @staticmethod
    def _one(description: dict[NamedNode, set[Term]], name: str) -> list[Term]:
        """Take a parameter out: its value, if it has one; raises `UnknownShapeError` where it has several."""
        values = list(description.pop(NamedNode(SH + name), ()))
        if len(values) > 1:
            raise UnknownShapeError
        return values

    def _flag(self, description: dict[NamedNode, set[Term]], name: str) -> bool:
        return any(_truth(value) for value in self._one(description, name))

    def _shared(self, key: object, made_by: Callable[..., Check], *parameters: object) -> Check:
        if key not in self._known:
            self._known[key] = made_by(*parameters)
        return self._known[key]

    def _items(self, head: Term) -> list[Term]:
        """Return the members of an RDF list; raises `UnknownShapeError` where it is not well formed."""
        items: list[Term] = []
        seen = set()
        while head != _NIL:
            cell = self._described.get(head, {})
            first, rest = cell.get(_FIRST, set()), cell.get(_REST, set())
            if head in seen or len(first) != 1 or len(rest) != 1:
                raise UnknownShapeError
            seen.add(head)
            items += first
            (head,) = rest
        return items
