"""Variables of a query bound to terms in its very text, for engines that take nothing but text.

The text that comes out means what Oxigraph's substitutions mean: a bound variable stands for its term everywhere but in
sub-queries that do not select it, and is still among the columns.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from coopgraph.errors import QueryError
from coopgraph.rdf.terms import BlankNode, Term
from coopgraph.server.outline import Outline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ANY = '"any"'
_UNASKED = ("{", "VALUES", "?", "{", "UNDEF", _ANY, "}", "FILTER", "(")
"""How a question says that a parameter may be left out, with `?` for the parameter; then comes one of these:"""
_CONDITIONS = {("BOUND", "(", "?", ")"): None, ("?", "=", _ANY): True, ("?", "!", "=", _ANY): False}
"""What is asked of a parameter that may be left out: nothing, that it is left out, or that it is not."""
_Unasked: TypeAlias = tuple[str, bool | None, int]
_AFTER_KEYS = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}")


def bound(text: str, bindings: Mapping[str, Term], columns: Sequence[str]) -> str:
    """Return a query with variables bound to terms; `columns` are the variables that it selects.

    A parameter that is left out stands for "any" as in each question, so that servers that have trouble with VALUES
    need not hear of it. Raises `QueryError` where a term has no name.

    >>> from coopgraph.rdf.terms import NamedNode
    >>> bound("SELECT ?x ?v { ?x <http://x/p> ?v }", {"x": NamedNode("http://x/a")}, ["x", "v"])
    'SELECT (<http://x/a> AS ?x) ?v { <http://x/a> <http://x/p> ?v }'
    """
    outline, unasked = _read(text)
    terms = {name: _written(name, term) for name, term in bindings.items()}
    for name, _, _ in unasked.values():
        if name in columns:
            terms.setdefault(name, _ANY)
    return _Binding(outline, unasked, columns).done(terms)


@lru_cache(4)
def _read(text: str) -> tuple[Outline, dict[int, _Unasked]]:
    """Return the outline of a query, which is often bound in several ways, and where it says what may be left out."""
    outline = Outline(text)
    return outline, {at: unasked for at in range(outline.end) if (unasked := _unasked(outline, at))}


def _written(name: str, term: Term) -> str:
    if isinstance(term, BlankNode):
        raise QueryError(
            f"parameter ?{name} is a blank node, which has no name on a server; ask by what is known of it"
        )
    return str(term)


def _unasked(outline: Outline, at: int) -> _Unasked | None:
    """Return the parameter that may be left out of which the tokens from a place on say so, and the place behind them.

    Between the two stands whether it must be left out (True), or given (False).
    """
    if not outline.has(at, "{") or not outline.has(at + 1, "VALUES"):
        return None
    end = outline.closing(at)
    forms = tuple("?" if outline.variable(place) else outline.tokens[place][1] for place in range(at, end))
    start, condition = forms[: len(_UNASKED)], forms[len(_UNASKED) : -1]
    names = {name for place in range(at, end) if (name := outline.variable(place))}
    if start != _UNASKED or condition not in _CONDITIONS or forms[-1] != ")" or len(names) != 1:
        return None
    return names.pop(), _CONDITIONS[condition], end + 1


class _Binding:
    """One query in the making: what is to be written in place of which of its tokens."""

    def __init__(self, outline: Outline, unasked: Mapping[int, _Unasked], columns: Sequence[str]) -> None:
        self._outline, self._unasked, self._columns = outline, unasked, columns
        self._instead: dict[int, str] = {}
        self._never: dict[int, str] = {}

    def done(self, terms: Mapping[str, str]) -> str:
        """Return the text with the terms in it."""
        start = self._outline.next(0, "SELECT", "WHERE", "{")
        if self._outline.has(start, "SELECT"):
            self._select(start, terms, top=True)
        else:
            self._fill(0, self._outline.end, terms)
        return self._outline.rewritten(self._instead | self._never)

    def _select(self, start: int, terms: Mapping[str, str], *, top: bool = False) -> int:
        """Bind in a SELECT from its keyword on; return the place behind it."""
        body = self._outline.next(start, "WHERE", "FROM", "{")
        group = self._outline.next(body, "{")
        behind = self._outline.next(self._outline.closing(group) + 1, "}")
        chosen = self._bare(start, body)
        star = any(self._outline.has(at, "*") for at in self._outline.level(start, body))
        if not star:
            terms = {name: term for name, term in terms.items() if top or name in chosen.values()}
        suffix = "" if top else "_given"  # what a sub-query gives under its own name, the whole could not name again
        keyed = self._keys(self._outline.closing(group) + 1, behind, terms, suffix)
        others = [at for at in self._outline.level(start + 1, body) if at not in chosen or chosen[at] not in terms]
        for at, name in chosen.items():
            if name in keyed:
                self._instead[at] = f"?{name}{suffix}"
            elif name in terms:
                alone = all(self._outline.has(other, "DISTINCT", "REDUCED") for other in others)
                self._instead[at] = f"({terms[name]} AS ?{name}{suffix})" if top or alone else ""
        if star and top and self._columns:  # whose order is no server's own then
            at = self._outline.next(start, "*")
            self._instead[at] = " ".join(
                f"({terms[name]} AS ?{name})" if name in terms else f"?{name}" for name in self._columns
            )
        self._fill(start + 1, self._outline.closing(group), terms)
        self._order(self._outline.closing(group) + 1, behind, terms)
        self._fill(self._outline.closing(group) + 1, behind, terms)
        return behind

    def _keys(self, start: int, behind: int, terms: Mapping[str, str], suffix: str) -> set[str]:
        """Take bound variables out of GROUP BY; return those that must stay, as nothing else is there to group by."""
        by = self._outline.next(start, "GROUP")
        if by >= behind:
            return set()
        end = min(self._outline.next(by, *_AFTER_KEYS), behind)
        keys = {at: name for at, name in self._bare(by, end).items() if name in terms}
        others = [at for at in self._outline.level(by + 2, end) if at not in keys]
        for at, name in keys.items():
            self._instead[at] = "" if others else f"({terms[name]} AS ?{name}{suffix})"
        return set() if others else set(keys.values())

    def _order(self, start: int, behind: int, terms: Mapping[str, str]) -> None:
        order = self._outline.next(start, "ORDER")
        if order < behind:
            for at, name in self._bare(order, behind).items():
                if name in terms:
                    self._instead[at] = f"({terms[name]})"

    def _fill(self, start: int, end: int, terms: Mapping[str, str]) -> None:
        """Write terms for variables in what is no list of columns or keys."""
        at = start
        while at < end:
            name = self._outline.variable(at)
            if self._outline.has(at, "SELECT"):
                at = self._select(at, terms)
                continue
            if (unasked := self._unasked.get(at)) and unasked[0] in terms:
                name, left_out, behind = unasked
                holds = left_out is None or left_out == (terms[name] == _ANY)
                self._drop(at, behind)
                if not holds and not self._pruned(at):
                    self._instead[at] = "FILTER(false)"
                at = behind
                continue
            if self._outline.has(at, "(") and (behind := self._choice(at, terms)):
                at = behind
                continue
            if self._outline.has(at, "VALUES"):
                at = self._values(at, terms)
                continue
            if name in terms and at not in self._instead and name:
                self._instead[at] = terms[name]
                if self._outline.has(at - 1, "(") and self._outline.has(at - 2, "BOUND"):
                    self._instead |= {at - 2: "", at: "true"}
                elif self._outline.has(at - 1, "AS"):
                    self._rename(at, self._outline.next(at, ")"), name, terms[name])
            at += 1

    def _drop(self, start: int, behind: int) -> None:
        self._instead |= dict.fromkeys(range(start, behind), "")

    def _pruned(self, at: int) -> bool:
        """Take out the side of a UNION in which a place is and that gives nothing; False where there is none."""
        outline = self._outline
        around = [start for start in range(at) if outline.has(start, "{") and outline.closing(start) > at]
        side = around.pop()
        if around and outline.has(around[-1] + 1, "SELECT"):
            if outline.next(outline.closing(side) + 1, "GROUP", "}") >= outline.closing(around[-1]):
                return False  # without GROUP BY, nothing to count is a row with a number
            side = around.pop()
        first, last = side, outline.closing(side)
        if outline.has(last + 1, "UNION"):
            last += 1
        elif outline.has(first - 1, "UNION"):
            first -= 1
        else:
            return False
        self._never |= dict.fromkeys(range(first, last + 1), "")
        return True

    def _choice(self, at: int, terms: Mapping[str, str]) -> int:
        """Settle `(?x = "any" || ...)` where the parameter ?x is bound; return the place to go on from, 0 for none."""
        name = self._outline.variable(at + 1)
        signs = [token[1] for token in self._outline.tokens[at + 2 : at + 6]]
        if name not in terms or signs != ["=", _ANY, "|", "|"] or name is None:
            return 0
        if terms[name] != _ANY:
            self._instead |= dict.fromkeys(range(at + 1, at + 6), "")
            return at + 6
        end = self._outline.closing(at)
        if self._outline.has(at - 1, "FILTER"):
            self._instead |= dict.fromkeys(range(at - 1, end + 1), "")
        else:
            self._instead |= dict.fromkeys(range(at + 1, end), "") | {at + 1: "true"}
        return end + 1

    def _values(self, at: int, terms: Mapping[str, str]) -> int:
        """Let a table of values have a variable of its own for a bound one, which must agree with it."""
        table = self._outline.next(at, "{")
        for place in range(at, table):
            name = self._outline.variable(place)
            if name in terms and name:
                self._rename(place, self._outline.closing(table), name, terms[name])
        return self._outline.closing(table) + 1

    def _rename(self, at: int, behind: int, name: str, term: str) -> None:
        self._instead[at] = f"?{name}_given"
        former = self._instead.get(behind, self._outline.tokens[behind][1])
        self._instead[behind] = f"{former} FILTER(!BOUND(?{name}_given) || SAMETERM(?{name}_given, {term}))"

    def _bare(self, start: int, end: int) -> dict[int, str]:
        return {at: name for at in self._outline.level(start, end) if (name := self._outline.variable(at))}
