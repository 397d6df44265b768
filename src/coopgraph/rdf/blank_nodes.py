"""Names for blank nodes that depend on the data alone, found in bounded time, so that equal graphs are equal texts.

Blank nodes that hang together are a component, named by itself. Its nodes are coloured by what is said of them, again
and again by the colours of their neighbours (colour refinement). Where some still look the same, each of these in turn
is told apart from the others, and the least text that comes out counts; those that an automorphism maps to one that has
been tried are passed over. RDFC-1.0 tries all orders instead, which for ten nodes that know each other takes minutes.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from coopgraph.rdf.terms import BlankNode, Quad

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coopgraph.rdf.terms import Triple

Colours: TypeAlias = "list[int]"
"""The colour of each node of a component; where all differ, the order of the nodes."""
Text: TypeAlias = "tuple[tuple[str, tuple[int, ...]], ...]"
"""Statements, sorted: each with its blank nodes left out, and their places in the order of the nodes."""

_STEPS, _STEPS_EACH = 1_500_000, 20
"""Statements that are looked at, at most: so many (a second or two), and so many more for each that there is."""
_DEEPEST = 200
"""How many nodes may have to be told apart one after the other."""


class TooAlikeError(Exception):
    """Blank nodes cannot be told apart within the bound."""


def named(quads: Iterable[Quad], graphs: int = 1) -> list[Quad]:
    """Return quads with their blank nodes named c14n0, c14n1 ... : the same for all quads that mean the same.

    Raises `TooAlikeError` where that takes too long; quads of several graphs may take longer.
    """
    listed = list(quads)
    of_node = _by_node(listed)
    if not of_node:
        return listed
    budget = _Budget(_STEPS * graphs + _STEPS_EACH * len(listed))
    components = sorted((_named(component, budget) for component in _components(of_node)), key=lambda pair: pair[0])
    nodes = [node for _, ordered in components for node in ordered]
    names: dict[object, BlankNode] = {node: BlankNode(f"c14n{number}") for number, node in enumerate(nodes)}
    renamed = ([names.get(term, term) for term in quad] for quad in listed)
    return [Quad(*terms) for terms in renamed]


def are_too_alike(statements: Iterable[Triple | Quad]) -> bool:
    """Say whether blank nodes cannot be told apart within the bound."""
    try:
        named(Quad(each.subject, each.predicate, each.object) for each in statements)
    except TooAlikeError:
        return True
    return False


class _Budget:
    """The steps that are left."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take steps away. Raises `TooAlikeError` where none are left."""
        self._left -= steps
        if self._left < 0:
            raise TooAlikeError


def _by_node(quads: Iterable[Quad]) -> dict[BlankNode, list[Quad]]:
    of_node: dict[BlankNode, list[Quad]] = defaultdict(list)
    for quad in dict.fromkeys(quads):
        for node in {term for term in quad if isinstance(term, BlankNode)}:
            of_node[node].append(quad)
    return of_node


def _components(of_node: dict[BlankNode, list[Quad]]) -> Iterable[dict[BlankNode, list[Quad]]]:
    """Yield the nodes that hang together, each with the quads that it is in."""
    seen: set[BlankNode] = set()
    for start, quads in of_node.items():
        if start in seen:
            continue
        seen.add(start)
        component, waiting = {start: quads}, [start]
        while waiting:
            for quad in of_node[waiting.pop()]:
                for term in quad:
                    if isinstance(term, BlankNode) and term not in seen:
                        seen.add(term)
                        component[term] = of_node[term]
                        waiting.append(term)
        yield component


class _Statement(NamedTuple):
    """A statement of a component: its text without blank nodes, as a number too, and the blank nodes by number."""

    text: str
    number: int
    nodes: tuple[int, ...]


def _named(component: dict[BlankNode, list[Quad]], budget: _Budget) -> tuple[Text, list[BlankNode]]:
    """Return the text of a component and its nodes in their order."""
    place = {node: number for number, node in enumerate(component)}
    quads = dict.fromkeys(quad for several in component.values() for quad in several)
    parts = [(_shape(quad), tuple(place[term] for term in quad if isinstance(term, BlankNode))) for quad in quads]
    numbers = {text: number for number, text in enumerate(sorted({text for text, _ in parts}))}
    statements = [_Statement(text, numbers[text], nodes) for text, nodes in parts]
    text, order = _Search(statements, len(place), budget).least([0] * len(place))
    nodes = list(component)
    return text, [nodes[number] for number in sorted(range(len(nodes)), key=order.__getitem__)]


def _shape(quad: Quad) -> str:
    return " ".join("_" if isinstance(term, BlankNode) else str(term) for term in quad)


class _Search:
    """The search for the least text of a component."""

    def __init__(self, statements: Sequence[_Statement], size: int, budget: _Budget) -> None:
        self._statements, self._budget = statements, budget
        self._of: list[list[tuple[int, int, tuple[int, ...]]]] = [[] for _ in range(size)]
        for statement in statements:
            for at, node in enumerate(statement.nodes):
                self._of[node].append((statement.number, at, statement.nodes))
        self._work = sum(map(len, self._of))

    def least(self, colours: Colours) -> tuple[Text, Colours]:
        """Return the least text that some order of the nodes gives, and that order."""
        return self._least(self._refined(colours), set(), 0)

    def _least(self, colours: Colours, seen: set[Text], depth: int) -> tuple[Text, Colours]:
        """Return the least text below some colours; `seen` gets all texts that are found."""
        cell = self._cell(colours)
        if not cell:
            text = self._text(colours)
            seen.add(text)
            return text, colours
        if depth == _DEEPEST:
            raise TooAlikeError
        here: set[Text] = set()
        best: tuple[Text, Colours] | None = None
        for node in cell:
            apart = self._apart(colours, node)
            if best is not None and self._first(apart) in here:
                continue  # an automorphism maps the node to one that has been tried
            least = self._least(apart, here, depth + 1)
            best = least if best is None or least[0] < best[0] else best
        seen |= here
        return best  # type: ignore[return-value]  # a cell has two nodes or more

    def _first(self, colours: Colours) -> Text:
        """Return the text that comes out where the first of those that look the same is told apart each time."""
        while cell := self._cell(colours):
            colours = self._apart(colours, cell[0])
        return self._text(colours)

    def _apart(self, colours: Colours, node: int) -> Colours:
        """Return colours with a node told apart from those that look the same."""
        others = [2 * colour + 1 for colour in colours]
        others[node] -= 1
        return self._refined(others)

    @staticmethod
    def _cell(colours: Colours) -> list[int]:
        """Return the nodes of the first colour that several have, of those that the fewest have."""
        cells: dict[int, list[int]] = defaultdict(list)
        for node, colour in enumerate(colours):
            cells[colour].append(node)
        several = [(len(nodes), colour) for colour, nodes in cells.items() if len(nodes) > 1]
        return cells[min(several)[1]] if several else []

    def _refined(self, colours: Colours) -> Colours:
        """Return colours that differ where what is said of nodes differs, by the colours of others too."""
        number = len(set(colours))
        while True:
            self._budget.spend(self._work + len(colours))
            looks = [
                (colour, sorted((shape, at, tuple(map(colours.__getitem__, nodes))) for shape, at, nodes in statements))
                for colour, statements in zip(colours, self._of, strict=True)
            ]
            keys = [(colour, tuple(statements)) for colour, statements in looks]
            ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
            colours = [ranks[key] for key in keys]
            if len(ranks) in (number, len(colours)):
                return colours
            number = len(ranks)

    def _text(self, order: Colours) -> Text:
        self._budget.spend(len(self._statements))
        return tuple(sorted((each.text, tuple(order[node] for node in each.nodes)) for each in self._statements))
