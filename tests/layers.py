"""The two layers of the tests: what `make test` runs, and what `make test-thorough` runs beside it.

A test that is marked `sampled(number)` has that many of its cases in the first layer and the others in the second one;
what is marked `thorough` is in the second one whole. A property (a test of hypothesis) is in both: of few examples in
the first, of many in the second.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

T = TypeVar("T")

MANY = 100
"""How many examples a property has in the second layer, where it does not ask for a number of its own."""
FEW = 10
"""How many it has in the first one."""

_GOLDEN = 0.618
"""Multiples of it, without what stands before the point, are spread evenly however many there are."""

for _name, _number in (("quick", FEW), ("thorough", MANY)):
    settings.register_profile(
        _name,
        deadline=None,  # machines differ
        derandomize=bool(os.environ.get("CI")),
        max_examples=_number,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
settings.load_profile("quick")


def examples(number: int) -> int:
    """Return how many examples a property has in the layer that runs, where it has a number of them in the second."""
    return max(1, number * settings.default.max_examples // MANY)


def some(values: Sequence[T]) -> Sequence[T]:
    """Return what a property asks in each example: all in the second layer, a few, evenly spread, in the first one."""
    return values[:: MANY // settings.default.max_examples]


def assign(items: Iterable[pytest.Item]) -> None:
    """Mark what is left to the second layer, and properties, which are in both."""
    tests: dict[str, list[pytest.Function]] = {}
    for item in items:
        if isinstance(item, pytest.Function):
            tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
            if getattr(item.obj, "is_hypothesis_test", False):
                item.add_marker("property")
    for cases in tests.values():
        if marker := cases[0].get_closest_marker("sampled"):
            for case in beyond(cases, *marker.args):
                case.add_marker("thorough")


def beyond(cases: Sequence[pytest.Function], number: int) -> list[pytest.Function]:
    """Return the cases beyond a sample: the first one, then those whose values it has least, far apart."""
    values = [case.callspec.indices.items() for case in cases]
    taken: Counter[tuple[str, int]] = Counter()
    rest = list(range(len(cases)))
    for _ in range(min(number, len(cases))):
        chosen = min(rest, key=lambda at: (sum(taken[value] for value in values[at]), at * _GOLDEN % 1))
        rest.remove(chosen)
        taken.update(values[chosen])
    return [cases[at] for at in rest]
